"""Export facts as FollowTheMoney entities, one JSON object per line: documents, the parties to events, and the events.

A participant is a `LegalEntity`, which may be a person or an organisation, since the ledger does not say which. Dates are of
FollowTheMoney's `date` type: a year, a month, a day or an instant.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from factstore.exchange import losses
from factstore.exchange.extract import Extract, Written
from factstore.plain import JsonObject
from factstore.rendering.days import limits_in_utc, phrase_beside
from factstore.rendering.markdown import MISSING
from factstore.repository.answers import Citation, Fact, Source

_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?").fullmatch
_MONTH = re.compile(r"-(0[1-9]|1[0-2])").match
_UNDATABLE = "date* outside the years 1 to 9999"


#: The fields that entities have room for, by kind.
CARRIED = {
    "fact": ("title", "when", "phrase", "place", "participants.name", "tags", "evidence", *losses.WARNINGS),
    "citation": ("quote", "stance", "attribution", "missing"),
    "source": ("title", "publisher", "url", "published", "retrieved"),
    "speaker": ("name",),
}


def write(extract: Extract) -> Written:
    """The entities, each before those that refer to it, and counts of what they have no room for."""
    lost = losses.counted(extract, CARRIED, losses.BEGUN, losses.UNCERTAIN, losses.UNDATED, losses.NO_WEB)
    lines = [*_documents(extract, lost), *_parties(extract), *(_event(fact, extract, lost) for fact in extract.facts)]
    return Written("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode(), lost)


def _entity(extract: Extract, name: str, schema: str, properties: dict[str, list[str | None]]) -> JsonObject:
    """An entity with those properties that have values, each on one line. FollowTheMoney's ids have no slash or colon."""
    held = {key: [" ".join(value.split()) for value in values if value] for key, values in properties.items()}
    found = {key: values for key, values in held.items() if values}
    return {"id": _id(extract, name), "schema": schema, "properties": found, "datasets": ["factstore"]}


def _id(extract: Extract, name: str) -> str:
    return f"factstore-{extract.urn(name).removeprefix('urn:uuid:')}"


def _documents(extract: Extract, lost: Counter[str]) -> Iterator[JsonObject]:
    for source in extract.sources.values():
        if not source.withdrawn:
            yield _entity(extract, source.id, "Document", _of_source(source, lost))


def _of_source(source: Source, lost: Counter[str]) -> dict[str, list[str | None]]:
    return {
        "title": [source.title or source.publisher or source.id],
        "publisher": [source.publisher],
        "sourceUrl": [source.url if source.url and re.match(r"https?://", source.url) else None],
        "publishedAt": [_date(source.published, lost)],
        "retrievedAt": [_date(source.retrieved, lost)],
        "notes": [f"id: {source.id}"],
    }


def _parties(extract: Extract) -> Iterator[JsonObject]:
    names = dict.fromkeys(one["name"] for fact in extract.facts for one in fact.participants)
    for name in names:
        yield _entity(extract, f"party/{name}", "LegalEntity", {"name": [name]})


def _event(fact: Fact, extract: Extract, lost: Counter[str]) -> JsonObject:
    phrase = phrase_beside(fact)
    date = " ".join(filter(None, (extract.date(fact), phrase and f"(“{phrase}”)")))
    summary = [*([f"Date: {date}"] if date else []), *extract.warnings(fact)]
    return _entity(
        extract,
        fact.id,
        "Event",
        {
            "name": [f"[{fact.status}] {fact.title}" if fact.status not in ("stands", "disputed") else fact.title],
            **_dates(fact, lost, own=not (fact.conflicting and extract.lies(fact))),
            "location": [fact.place],
            "involved": [_id(extract, f"party/{one['name']}") for one in fact.participants],
            "proof": [_id(extract, name) for name in dict.fromkeys(one.source for one in fact.citations or ())],
            "keywords": [*fact.tags],
            "summary": ["; ".join(summary)] if summary else [],
            "description": [_quoted(citation, extract) for citation in fact.citations or ()],
            "recordId": [fact.id],
        },
    )


def _dates(fact: Fact, lost: Counter[str], *, own: bool) -> dict[str, list[str | None]]:
    """A plain date unchanged; for any other, the first and the last day on which the fact may have happened.

    Those are also given if its `own` date may be set aside; the day by which it had begun is not a last one.
    """
    if own and fact.when and _DATE(fact.when) and _date(fact.when, Counter()):
        return {"date": [fact.when]}
    first, last = limits_in_utc(fact)
    if fact.lies.begun:
        return {"startDate": [_date(first, lost)]}
    if first and first == last:
        return {"date": [_date(first, lost)]}
    return {"startDate": [_date(first, lost)], "endDate": [_date(last, lost)]}


def _date(text: str | None, lost: Counter[str]) -> str | None:
    """A date in a format that FollowTheMoney takes; for any other, None, counted in `lost`."""
    if text is None:
        return None
    day = text.partition("T")[0]
    if _DATE(day) and day[:4] != "0000" and (len(day) == 4 or _MONTH(day[4:])):
        return text.removesuffix("Z") if "T" in text else day
    lost[_UNDATABLE] += 1
    return None


def _quoted(citation: Citation, extract: Extract) -> str:
    words = f"“{citation.quote}”" if citation.quote else "(no quote)"
    missing = f" ({MISSING})" if citation.missing else ""
    return f"{citation.stance}: {extract.chain(citation)}: {words}{missing}"
