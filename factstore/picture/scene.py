"""What is in a picture: a row for each fact and an arc for each stated order, in numbers and plain text.

Nothing here draws. Every text is on one line, holds only characters that XML allows, and cannot steer what shows it.
Times are milliseconds since 1970-01-01T00:00:00Z, as the drawing's grammar has them, moved into the ledger's zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from factstore.chronology import Chronology
from factstore.errors import Refused
from factstore.evidence.stances import STATUSES
from factstore.inert import flat
from factstore.picture.colours import MEANINGS
from factstore.rendering import text
from factstore.rendering.lines import columns
from factstore.repository.answers import Conflict, Fact, Ordering, Span

Grouping = Literal["participant", "place", "tag", "source"]
GROUPINGS: tuple[Grouping, ...] = ("participant", "place", "tag", "source")

#: More rows than this nobody reads, and no viewer draws gladly.
MOST_FACTS = 2000
#: From so many rows on, a title has one line.
_DENSE = 100
#: How many columns of text fit beside the plot, for a title and for a date.
_TITLE, _DATE = 52, 37
_LINE, _AIR = 15, 9  # pixels
#: Relations that put the first thing ahead of the second; the others let them share some time.
_AHEAD = {"before", "meets", "starts-before", "overlaps"}

#: Further out than any time that is drawn, and within what ECMAScript can date.
EVER = 8_000_000_000_000_000
#: Statuses of what is not said to have happened: drawn in outline.
SHELLS = ("foretold", "denied", "unsupported")
_HOUR = 60 * 60 * 1000
_DAY = 24 * _HOUR

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a picture shows. `narrowed`: as a timeline takes it; `status` is every one where it says nothing of it.

    `before` or `after`, a fact's id or a plain date, has the facts coloured by that question.
    """

    group_by: Grouping | None = None
    before: str | None = None
    after: str | None = None
    title: str | None = None
    note: str = ""
    narrowed: dict[str, Any] = field(default_factory=dict)


class Frame(NamedTuple):
    """The time that a picture shows, in milliseconds."""

    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture's contents: rows and arcs as the drawing's data sets, and the facts that they are about."""

    title: str
    note: str
    facts: list[Fact]
    rows: list[dict[str, Any]]
    arcs: list[dict[str, Any]]
    frame: Frame
    height: int
    orderings: list[Ordering]
    conflicts: list[Conflict]
    #: The X of the question, where it is a date: from and until when.
    asked: Frame | None
    question: Literal["before", "after"] | None

    def text(self) -> str:
        """The same in words, a line for each fact and each order."""
        lines = [self.title + (f" ({self.note})" if self.note else "")]
        for row in self.rows:
            lines.append(f"{row['title']}:" if row["fact"] is None else f"- {row['told']}")
        names = {fact.id: clean(fact.title) for fact in self.facts}
        for ordering in self.orderings:
            aside = ", set aside: it contradicts" if ordering.conflicting else ""
            lines.append(f"- {names[ordering.a]} {ordering.relation} {names[ordering.b]}{aside}")
        return "\n".join(lines)


def clean(text: str) -> str:
    """A text on one line, in characters that any document may hold."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", flat(text))


def scene(view: Chronology, wanted: Wanted) -> Scene:
    """What a picture of a view shows. Raises Refused where that is nothing, or more than a picture holds."""
    narrowed = {"status": STATUSES} | {name: value for name, value in wanted.narrowed.items() if value}
    facts = [found.fact for found in view.timeline.all(evidence=True, **narrowed)]
    if not facts:
        raise Refused("no facts to draw")
    if len(facts) > MOST_FACTS:
        raise Refused(
            f"a picture holds {MOST_FACTS} facts, and these are {len(facts)}: narrow it with --tag and the like"
        )
    names = {fact.id for fact in facts}
    spans, zone = view.spans(), view.zone
    orderings = [
        stated
        for stated in view.orderings()
        if (stated.in_force or stated.conflicting) and {stated.a, stated.b} <= names
    ]
    conflicts = view.conflicts()
    tones, asked = _tones(view, wanted, facts, narrowed)
    disagreeing = {conflict.id for conflict in conflicts if conflict.kind == "disagreement"}
    rows: list[dict[str, Any]] = []
    dense = len(facts) > _DENSE
    places: dict[str, dict[str | None, int]] = {fact.id: {} for fact in facts}
    bottom = 0
    for group, members in _groups(facts, wanted.group_by):
        if group is not None:
            rows.append(_header(len(rows), group, len(members), bottom))
            bottom += rows[-1]["h"]
        for fact in members:
            places[fact.id][group] = len(rows)
            row: dict[str, Any] = {
                "key": len(rows),
                "fact": fact.id,
                "tone": tones.get(fact.id) or _tone(fact),
                "on": False,
            }
            row |= _words(fact, disagreeing, dense) | times(spans[fact.id], zone)
            if tones:
                row["told"] += f", {MEANINGS[row['tone']]}"
            row["y"] = bottom + row["h"] / 2
            rows.append(row)
            bottom += row["h"]
    frame = _frame([row for row in rows if row["fact"] is not None], asked)
    title = wanted.title or f"{len(facts)} fact{'' if len(facts) == 1 else 's'}"
    question: Literal["before", "after"] | None = "before" if wanted.before else "after" if wanted.after else None
    return Scene(
        clean(title),
        clean(wanted.note),
        facts,
        rows,
        list(_arcs(orderings, places)),
        frame,
        bottom,
        orderings,
        conflicts,
        asked,
        question,
    )


def _groups(facts: Sequence[Fact], by: Grouping | None) -> list[tuple[str | None, list[Fact]]]:
    """Facts under what they share, a fact under each that it has, and last those without any; else undated ones apart."""
    if by is None:
        dated, undated = ([fact for fact in facts if fact.undated == which] for which in (False, True))
        return [(name, some) for name, some in ((None, dated), ("undated", undated)) if some]
    found: dict[str, list[Fact]] = {}
    rest = []
    for fact in facts:
        names = dict.fromkeys(_names(fact, by))
        for name in names:
            found.setdefault(name, []).append(fact)
        if not names:
            rest.append(fact)
    return [*found.items(), *([(f"no {by}", rest)] if rest else [])]


def _names(fact: Fact, by: Grouping) -> Iterable[str]:
    if by == "participant":
        return (someone["name"] for someone in fact.participants)
    if by == "source":
        return (citation.source for citation in fact.citations or ())
    return fact.tags if by == "tag" else [fact.place] if fact.place else []


def _header(key: int, name: str, count: int, top: int) -> dict[str, Any]:
    title = clean(name)
    return {
        "key": key,
        "fact": None,
        "title": f"{title} ({count})",
        "lines": [_cut(title, 100) + f" ({count})"],
        "h": 30,
        "y": top + 17,
    }


def _tone(fact: Fact) -> str:
    return "conflicting" if fact.conflicting else fact.status


def _tones(
    view: Chronology, wanted: Wanted, facts: Sequence[Fact], narrowed: dict[str, Any]
) -> tuple[dict[str, str], Frame | None]:
    """The colour of each fact where a question gives it one, and the period that the question is about."""
    x, question = (wanted.before, "before") if wanted.before else (wanted.after, "after")
    if x is None:
        return {}, None
    found = (view.timeline.before if question == "before" else view.timeline.after)(x, **narrowed)
    tones = dict.fromkeys((fact.id for fact in facts), "neither")
    tones |= {item.fact.id: f"{question}-{item.certainty}" for item in found}
    if x in tones:
        return tones | {x: "asked"}, None
    return tones, None if x[0].islower() else Frame(*(_ms(tick, view.zone) for tick in view.period(x)))


def _words(fact: Fact, disagreeing: set[str], dense: bool) -> dict[str, Any]:
    """What is written in a fact's row, and what is said of it to who cannot see it."""
    marks = [fact.status] if fact.status != "stands" else []
    if fact.conflicting:
        marks.append("conflicting")
    if any(citation.id in disagreeing for citation in fact.citations or ()):
        marks.append("sources disagree")
    title = clean(fact.title)
    marked = title + (f" [{', '.join(marks)}]" if marks else "")
    most = 1 if dense else 2
    lines = _wrapped(marked, _TITLE, most)
    phrase = f"“{clean(fact.phrase)}”" if fact.phrase else ""
    # What the sources do not date is given in brackets where the rest places it.
    dates = [clean(fact.when), phrase] if fact.when else [phrase, f"({clean(text.span(fact))})"]
    if dense and not fact.when:
        dates.reverse()  # where one alone has room, what places it says more
    dated = [line for date in dates if date for line in _wrapped(date, _DATE, most)][:most]
    return {
        "title": title,
        "lines": lines,
        "date": dated,
        "h": _LINE * max(len(lines), len(dated)) + _AIR,
        "struck": [round(text_width(line)) for line in lines] if fact.status == "withdrawn" else [],
        "conflicting": fact.conflicting,
        "outlined": fact.status in SHELLS,
        "marks": "".join(mark for mark in "?~%" if mark in (fact.when or "")),
        "told": f"{marked}: {clean(text.span(fact))}",
    }


def _wrapped(text: str, room: int, lines: int) -> list[str]:
    """A text on at most so many lines of so many columns, cut where it is longer."""
    found: list[str] = []
    while len(found) < lines - 1 and columns(text) > room:
        head = _fitting(text, room)
        space = head.rfind(" ")
        head = head[:space] if space > room // 3 else head
        found.append(head)
        text = text[len(head) :].lstrip()
    return [*found, _cut(text, room)]


def _cut(text: str, room: int) -> str:
    return text if columns(text) <= room else _fitting(text, room - 1).rstrip() + "…"


def _fitting(text: str, room: int) -> str:
    while columns(text) > room:
        text = text[: max(1, len(text) - max(1, (columns(text) - room) // 2))]
    return text


def text_width(text: str) -> float:
    """About how many pixels a line takes at twelve pixels, in the common sans-serifs."""
    return sum(3.0 if sign in "iljftI.,:;'!|[]() " else 9.6 if sign in "mwMW" else 6.4 for sign in text) or 6


# --- time -----------------------------------------------------------------------------------------------------


def _ms(tick: int, zone: int) -> int:
    return round(tick / 1000) + zone * 1000


def times(span: Span, zone: int) -> dict[str, Any]:
    """A fact's possible time as a flat part with a fade on either side, and the stretches of its certain time.

    `first`, `past`: the ends of the possible, None where unbounded. `flat`, `ebb`: where the flat part begins and ends.
    `begun`: whether it is known by when it had begun. `sure`, `over`: where each certain stretch begins, and where it ends.
    """
    first, past, begun, not_over = (None if tick is None else _ms(tick, zone) for tick in span[:4])
    flat = (
        first if first is not None else min((one for one in (not_over, begun, past) if one is not None), default=None)
    )
    ebb = past if past is not None else max((one for one in (begun, not_over, first) if one is not None), default=None)
    found: dict[str, Any] = {"first": first, "past": past, "flat": flat, "ebb": ebb, "begun": begun is not None}
    if flat is None or ebb is None:
        found |= {"flat": -EVER, "ebb": EVER}
    sure = [-EVER if since is None else _ms(since, zone) for since, _ in span.certain]
    over = [EVER if until is None else _ms(until, zone) for _, until in span.certain]
    return found | {"sure": sure, "over": over}


def _frame(rows: Sequence[dict[str, Any]], asked: Frame | None) -> Frame:
    """The time to show: all of it, or, where one fact in ten would squeeze the rest into a quarter, that rest."""
    ends = sorted(
        time for row in rows for time in {row["flat"], row["ebb"], *row["sure"], *row["over"]} if abs(time) < EVER
    )
    kept = [*(asked or ())]
    if not ends:
        ends = kept or [0, _DAY]
    low, high = 0, len(ends)
    spare = max(2, -(-len(rows) // 5)) if len(rows) > 3 else 0
    while cut := _cut_off(ends[low:high], spare):
        low, high, spare = low + cut[0], high - cut[1], spare - sum(cut)
    first, last = min([ends[low], *kept]), max([ends[high - 1], *kept])
    air = max((last - first) // 14, min((last - first) // 2, _DAY), _HOUR)
    return Frame(first - air, last + air)


def _cut_off(ends: Sequence[int], spare: int) -> tuple[int, int] | None:
    """How few ends, at most `spare`, to leave out on the left and on the right for a quarter of the width to do."""
    for count in range(1, min(spare, len(ends) - 2) + 1):
        left = min(range(count + 1), key=lambda left: ends[-1 - (count - left)] - ends[left])
        if (ends[-1 - (count - left)] - ends[left]) * 4 <= ends[-1] - ends[0]:
            return left, count - left
    return None


# --- orders ---------------------------------------------------------------------------------------------------


def _arcs(orderings: Iterable[Ordering], places: dict[str, dict[str | None, int]]) -> Iterator[dict[str, Any]]:
    """An arc for each order in each group that holds both facts, else one from group to group."""
    for ordering in orderings:
        ours, theirs = places[ordering.a], places[ordering.b]
        shared = [(ours[group], theirs[group]) for group in ours if group in theirs]
        for a, b in shared or [(min(ours.values()), min(theirs.values()))]:
            yield {
                "order": ordering.id,
                "a": a,
                "b": b,
                "ahead": ordering.relation in _AHEAD,
                "aside": ordering.conflicting,
                "on": False,
            }
