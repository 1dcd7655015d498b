"""Export dated facts as Timesketch's JSON Lines: its required `message`, `datetime`, `timestamp_desc`, and all else.

An event in Timesketch is a point in time. A fact that may have happened on several days is put at the first of them, or at
the last if only that is known; `timestamp_desc` says which, and `earliest` and `latest` give both.
"""

from __future__ import annotations

import json

from factstore.dates.edtf import Edtf
from factstore.errors import Refused
from factstore.exchange import losses
from factstore.exchange.extract import Extract, Written
from factstore.exchange.moments import date_time
from factstore.plain import JsonObject
from factstore.rendering.days import fact_iso, limits_in_utc
from factstore.rendering.markdown import MISSING
from factstore.repository.answers import Citation, Fact, Span
from factstore.units import Ticks

#: The years 1 to 9999, in ticks, which Timesketch can read.
_FIRST, _PAST = -62_135_596_800_000_000, 253_402_300_800_000_000


#: The fields that events have room for, by kind; days of publication have none of their own.
CARRIED = {
    "fact": ("title", "when", "place", "participants.name", "tags", "evidence", *losses.WARNINGS),
    "citation": ("quote", "locator", "stance", "attribution", "hedge", "missing"),
    "source": ("title", "url"),
    "speaker": ("name",),
}


def write(extract: Extract) -> Written:
    """A line for each dated fact, and counts of what it has no room for. Raises Refused if no fact is dated."""
    lost = losses.counted(extract, CARRIED, losses.UNCERTAIN)
    lines = []
    for fact in extract.facts:
        tick = _tick(fact, extract.spans[fact.id])
        if fact.undated or not any(limits_in_utc(fact)):
            lost[losses.UNDATED] += 1
        elif tick is None or not _FIRST <= tick < _PAST:
            lost["fact* outside the years 1 to 9999"] += 1
        else:
            lines.append(json.dumps(_event(fact, tick, extract), ensure_ascii=False) + "\n")
    if not lines:
        raise Refused("Timesketch needs dates in the years 1 to 9999, and none of these facts has one")
    return Written("".join(lines).encode(), lost, len(extract.facts) - len(lines))


def _tick(fact: Fact, span: Span) -> Ticks | None:
    if span.first is not None:
        return _moment(fact.earliest, span.first)
    latest = span.past if span.past is not None else span.begun_by
    return None if latest is None else _moment(fact.latest or fact.begun_by, Ticks(latest - 1))


def _moment(text: str | None, tick: Ticks) -> Ticks:
    """The tick of a bound; that of its text if it is an instant, since stated orders push only the bound's own."""
    return Edtf(text).period()[0] if text is not None and "T" in text else tick


def _event(fact: Fact, tick: Ticks, extract: Extract) -> JsonObject:
    first, last = limits_in_utc(fact)
    state = "" if fact.status == "stands" else f"[{fact.status}] "
    event: JsonObject = {
        "message": f"{state}{fact.title}",
        "datetime": date_time(tick).removesuffix("Z") + "+00:00",
        "timestamp": tick,
        "timestamp_desc": _meaning(fact),
        "tag": list(fact.tags),
        "data_type": "factstore:fact",
        "fact_id": fact.id,
        "status": fact.status,
        "date": fact_iso(fact),
        "date_in_words": "" if extract.asked.iso else extract.date(fact),
        "warnings": extract.warnings(fact),
        "earliest": first,
        "begun_by" if fact.lies.begun else "latest": last,
        "place": fact.place,
        "participants": [one["name"] for one in fact.participants],
        "independent_origins": len(fact.origins or ()),
        "evidence": [_evidence(citation, extract) for citation in fact.citations or ()],
        "made_from": extract.made_from(),
    }
    return {name: value for name, value in event.items() if value not in (None, "", [])}


def _meaning(fact: Fact) -> str:
    """What `datetime` stands for: the fact's time itself, or the earliest or latest possible one."""
    if losses.is_exact(fact):
        return "Happened at this time" if "T" in (fact.earliest or "") else "Happened on this day"
    if fact.earliest is None:
        return "Had begun by this time" if fact.lies.begun else "Latest possible time"
    return "Earliest possible time"


def _evidence(citation: Citation, extract: Extract) -> str:
    """A citation on one line: its stance, who said it, the quote, and where."""
    words = f"“{citation.quote}”" if citation.quote else "(no quote)"
    where = ", ".join(filter(None, (extract.name_of(citation.source), citation.published, citation.locator)))
    hedge = f" ({citation.hedge})" if citation.hedge else ""
    missing = f" ({MISSING})" if citation.missing else ""
    return " ".join(
        f"{citation.stance}: {extract.chain(citation)}{hedge}: {words}{missing} [{where}] {citation.url or ''}".split()
    )
