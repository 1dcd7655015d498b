"""Export a chronology for TimelineJS 3, as the JSON that its loader takes: a slide for each dated fact, with its evidence.

Slides contain HTML, so all text from the ledger is escaped. On the axis, a fact covers the first to the last day on which it
may have happened; its slide says in words what that means.
"""

from __future__ import annotations

import json
import re
from html import escape

from factstore.errors import Refused
from factstore.exchange import losses
from factstore.exchange.extract import Extract, Written, clean, in_numbers
from factstore.exchange.own_exports import FIELDS, kept_fields
from factstore.plain import JsonObject
from factstore.rendering.days import limits_in_utc, phrase_beside
from factstore.rendering.markdown import MISSING
from factstore.repository.answers import Citation, Fact

#: How many years ECMAScript dates reach; beyond, TimelineJS draws only years, on a scale that it calls cosmological.
_FARTHEST = 270_000
_MOMENT = re.compile(r"(-?[0-9]{4}|Y-?[0-9]+)(?:-([0-9]{2})-([0-9]{2}))?(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?.*")
_STANCES = {"denies": "denied by ", "foretells": "foretold by ", "silent": "not mentioned by "}


#: The fields that slides have room for, by kind; days of publication have none of their own.
CARRIED = {
    "fact": (*FIELDS, "place", "participants.name", "participants.role", "tags", "evidence", *losses.WARNINGS),
    "citation": ("quote", "locator", "stance", "attribution", "hedge", "missing"),
    "source": ("title", "url"),
    "speaker": ("name",),
}


def write(extract: Extract) -> Written:
    """The JSON, and counts of what it has no room for. Raises Refused if no fact is dated."""
    dated = [fact for fact in extract.facts if any(limits_in_utc(fact))]
    if not dated:
        raise Refused("TimelineJS needs dates, and none of these facts is dated")
    far = any(abs(_year(day)) > _FARTHEST for fact in dated for day in limits_in_utc(fact) if day)
    lost = losses.counted(extract, CARRIED, losses.BEGUN, losses.NO_LINK)
    lost[losses.UNDATED] = len(extract.facts) - len(dated)
    lost["vague date* drawn from the first to the last possible day"] = sum(not losses.is_exact(fact) for fact in dated)
    about = [f"<p>{escape(extract.made_from())}</p>"]
    about += [f"<p>Left out: {escape(in_numbers(left))}.</p>" for left in (extract.left_out + lost,) if left]
    timeline = {
        "scale": "cosmological" if far else "human",
        "title": {"text": {"headline": escape(extract.title), "text": "".join(about)}},
        "events": [_slide(fact, extract, far=far) for fact in dated],
    }
    content = (json.dumps(timeline, ensure_ascii=False, indent=1) + "\n").encode()
    return Written(content, lost, len(extract.facts) - len(dated))


def _slide(fact: Fact, extract: Extract, *, far: bool) -> JsonObject:
    first, last = limits_in_utc(fact)
    words = clean(extract.date(fact))
    slide: JsonObject = {
        "unique_id": fact.id,
        "start_date": _date(first or last or "", far=far),
        "display_date": escape(words),
        "text": {"headline": escape(_headline(fact)), "text": _text(fact, extract)},
        "factstore": kept_fields(fact),
    }
    if first and last and first != last:
        slide["end_date"] = _date(last, far=far)
    if fact.tags:
        slide["group"] = escape(clean(fact.tags[0]))
    return slide


def _headline(fact: Fact) -> str:
    title = clean(fact.title)
    return title if fact.status in ("stands", "disputed") else f"[{fact.status}] {title}"


def _date(moment: str, *, far: bool) -> dict[str, int]:
    """A day or an instant as numbers; before our era, years count from -1 (44 BC is -44)."""
    match = _MOMENT.fullmatch(moment)
    assert match is not None  # the text is a first or last day that Factstore wrote
    year = _year(moment)
    if far:
        return {"year": year}
    names = ("month", "day", "hour", "minute", "second")
    figures = {name: int(part) for name, part in zip(names, match.groups()[1:], strict=True) if part is not None}
    return {"year": year if year > 0 else year - 1, **figures}


def _year(moment: str) -> int:
    match = _MOMENT.fullmatch(moment)
    assert match is not None
    return int(match[1].removeprefix("Y"))


def _text(fact: Fact, extract: Extract) -> str:
    """A slide's text: what is doubtful, then the evidence, then place, people and tags."""
    notes = extract.warnings(fact)
    phrase = phrase_beside(fact)
    notes += [f"the source dates it “{phrase}”"] if phrase else []
    lines = [f"<p><em>{escape(clean('; '.join(notes)))}</em></p>"] if notes else []
    lines += [_evidence(citation, extract) for citation in fact.citations or ()]
    people = (f"{one['name']} ({one['role']})" if one.get("role") else one["name"] for one in fact.participants)
    more = [fact.place or "", "; ".join(people), ", ".join(fact.tags)]
    lines += [f"<p><small>{escape(clean(line))}</small></p>" for line in more if line]
    return "".join(lines)


def _evidence(citation: Citation, extract: Extract) -> str:
    source = extract.sources[citation.source]
    where = ", ".join(
        filter(None, (extract.chain(citation), source.title, source.published, citation.locator, citation.hedge))
    )
    words = escape(clean(f"{_STANCES.get(citation.stance, '')}{where}"))
    if source.url and losses.is_link(source.url):
        words = f'<a href="{escape(clean(source.url))}">{words}</a>'
    quote = f"<blockquote>“{escape(clean(citation.quote))}”</blockquote>" if citation.quote else ""
    missing = f"<p><small>The quote is {MISSING}.</small></p>" if citation.missing else ""
    return f"{quote}<p>{words}</p>{missing}"
