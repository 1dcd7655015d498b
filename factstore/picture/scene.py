"""The contents of a picture: a row for each fact, headings, and an arc for each stated order, as numbers and plain text.

Nothing is drawn here. All texts are single lines of characters that XML allows, without control characters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, cast

from factstore.chronology import Chronology
from factstore.dates.ticks import zone_text
from factstore.errors import Refused
from factstore.evidence.stances import ANSWERED, COUNTED
from factstore.picture.axis import AxisKind
from factstore.picture.colours import MEANINGS
from factstore.picture.texts import clean, wrapped
from factstore.picture.times import UNKNOWN, Extent, milliseconds, times
from factstore.rendering import days, text
from factstore.repository.answers import Conflict, Fact
from factstore.repository.dossier_answers import Ordering
from factstore.repository.filter import Narrowing
from factstore.units import UTC, Seconds

Grouping = Literal["participant", "place", "tag", "source"]
GROUPINGS: tuple[Grouping, ...] = ("participant", "place", "tag", "source")

#: Nobody reads more facts than this, and viewers get slow.
MOST_FACTS = 2000
#: The limit for rows: a fact has one in each of its groups.
MOST_ROWS = 4000
#: From this many rows on, titles have one line.
_DENSE = 100
#: The most lines of a date; a phrase beside it has one, where rows are not dense.
_DATE_LINES = 4
#: How many undated facts are shown like others; if there are more, they are folded.
_UNDATED = 20
#: How many groups that contain only one and the same fact are shown; if there are more, they become one.
_ALONE = 20
#: Pixels: the columns for a title and for a date.
TITLE, DATE = 330, 234
#: Relations in which the first thing came first; in the others the two share some time.
_AHEAD = {"before", "meets", "starts-before", "overlaps"}
#: Statuses of facts that are not stated to have happened: drawn as outlines.
SHELLS = ("foretold", "denied", "unsupported")


class TooMany(Refused):
    """More facts than a picture holds. `narrowing`: options that leave few enough, and how many these are; or None."""

    def __init__(self, count: int, narrowing: tuple[list[str], int] | None) -> None:
        super().__init__(f"a picture holds {MOST_FACTS:,} facts, and these are {count:,}")
        self.narrowing = narrowing


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a picture is to show. `narrowed`: the filters of a timeline, by which it shows the facts that a timeline lists.

    `before` or `after`, a fact's id or a plain date, colours the facts by that question. `packed` puts facts whose bars
    don't meet on one line, `folded` those of each group.
    """

    group_by: Grouping | None = None
    before: str | None = None
    after: str | None = None
    title: str | None = None
    note: str = ""
    narrowed: Narrowing = field(default_factory=Narrowing)
    axis: AxisKind = "near"
    packed: bool = False
    folded: bool = False


class Frame(NamedTuple):
    """A period, in milliseconds."""

    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A row of the picture: a fact or, if there is none, the heading of a group. `group`: the key of its heading.

    `date`: the date in words, as lines; `short`: the same on one line. `status`: the remarks in brackets after the title.
    `told`: the row as one sentence, for readers who cannot see the picture.
    """

    key: int
    fact: str | None
    title: str
    lines: list[str]
    group: int | None = None
    date: list[str] = field(default_factory=list)
    short: str = ""
    tone: str = "stands"
    times: Extent = UNKNOWN
    status: str = ""
    marks: str = ""
    outlined: bool = False
    withdrawn: bool = False
    conflicting: bool = False
    undated: bool = False
    told: str = ""
    folded: bool = False

    @property
    def dated(self) -> bool:
        """Whether there is anything to draw."""
        return self.times.flat is not None or bool(self.times.sure)

    @property
    def has_bar(self) -> bool:
        """Whether it gets a bar on a shared line; a fact that only the day of a report limits gets none."""
        return self.dated and not self.undated


@dataclass(frozen=True, slots=True)
class Arc:
    """A stated order between two rows, given by their keys. `ahead`: the first came first. `aside`: it contradicts others."""

    order: str
    a: int
    b: int
    ahead: bool
    aside: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """The contents of a picture: its rows and arcs, and the facts and orderings behind them."""

    wanted: Wanted
    title: str
    note: str
    facts: list[Fact]
    rows: list[PictureRow]
    arcs: list[Arc]
    orderings: list[Ordering]
    conflicts: list[Conflict]
    #: The period of the date asked about; None if the question is about a fact, or there is none.
    asked: Frame | None
    #: How many facts of other statuses the picture leaves out, in words; "" if none, or if it was asked for statuses.
    left_out: str = ""
    #: The zone of the axis, in seconds east of UTC.
    zone: Seconds = UTC

    @property
    def question(self) -> Literal["before", "after"] | None:
        """The question that the picture answers, if it was asked one."""
        return "before" if self.wanted.before else "after" if self.wanted.after else None

    def ends(self) -> list[int]:
        """The moments at which a fact begins or ends; a fact in several groups counts once, an undated one if all are."""
        rows = {row.fact: row for row in self.rows if row.fact}.values()
        return [end for row in [row for row in rows if not row.undated] or rows for end in row.times.ends()]

    def clock(self) -> str:
        """The note that a reader needs to read times of day on the axis."""
        return f"Times of day on the axis are in {days.zone_words(zone_text(self.zone))}"

    def text(self) -> str:
        """The picture in words, a line for each fact and each order."""
        lines = [self.title + (f" ({self.note})" if self.note else "")]
        lines += [f"{row.title}:" if row.fact is None else f"- {row.told}" for row in self.rows]
        names = {fact.id: clean(fact.title) for fact in self.facts}
        for ordering in self.orderings:
            aside = ", set aside: it contradicts" if ordering.conflicting else ""
            lines.append(f"- {names[ordering.a]} {ordering.relation} {names[ordering.b]}{aside}")
        return "\n".join(lines)


def scene(view: Chronology, wanted: Wanted) -> Scene:
    """What a picture of a chronology shows. Raises Refused if that is nothing, TooMany if it is too much for a picture."""
    given = {name: value for name, value in wanted.narrowed.items() if value not in (None, ())}
    narrowed = cast(Narrowing, {"status": ANSWERED} | given)
    facts = [found.fact for found in view.timeline.all(evidence=True, **narrowed)]
    left_out = _left_out(view, wanted)
    if not facts:
        raise Refused("no facts to draw" + (f"; {left_out}, and drawn if asked for by status" if left_out else ""))
    if len(facts) > MOST_FACTS:
        raise TooMany(len(facts), _narrowing(facts, wanted.narrowed))
    names = {fact.id for fact in facts}
    orderings = [
        stated
        for stated in view.orderings()
        if (stated.in_force or stated.conflicting) and {stated.a, stated.b} <= names
    ]
    conflicts = view.conflicts()
    rows, places = _rows(view, wanted, facts, _Describer(view, wanted, facts, narrowed, conflicts))
    title = wanted.title or text.counted_text(len(facts), "fact")
    gone = view.withdrawn([x for x in (wanted.before, wanted.after) if x and x[0].islower()])
    note = "; ".join(filter(None, (wanted.note, *(f"{name} is withdrawn" for name in gone))))
    return Scene(
        wanted, clean(title), clean(note), facts, rows, [*_arcs(orderings, places)], orderings, conflicts,
        _asked(view, wanted, names), left_out, view.zone,
    )  # fmt: skip


def _left_out(view: Chronology, wanted: Wanted) -> str:
    if wanted.narrowed.get("status"):
        return ""
    narrowed: Narrowing = {**wanted.narrowed, "status": COUNTED}
    return text.left_out_text(view.statuses(**narrowed))


def _asked(view: Chronology, wanted: Wanted, names: set[str]) -> Frame | None:
    x = wanted.before or wanted.after
    if x is None or x in names or x[0].islower():
        return None
    return Frame(*(milliseconds(tick, view.zone) for tick in view.period(x)))


# --- too many facts -----------------------------------------------------------------------------------------------


def _narrowing(facts: Sequence[Fact], narrowed: Narrowing) -> tuple[list[str], int] | None:
    """Options that leave no more facts than a picture holds: a common tag, or else the latest years.

    Only options that are not in `narrowed` already.
    """
    tags = Counter(tag for fact in facts for tag in fact.tags)
    fitting = [(count, tag) for tag, count in tags.items() if len(facts) // 20 < count <= MOST_FACTS]
    if fitting and not narrowed.get("tag"):
        count, tag = max(fitting)
        return ["--tag", tag], count
    dated = [fact for fact in facts if fact.earliest and not fact.undated]
    last = dated[-MOST_FACTS // 2 :]
    year = (last[0].earliest or "")[:4] if last else ""
    left = [fact for fact in facts if fact.undated or not fact.latest or fact.latest >= year]
    if narrowed.get("since") or not year.isdigit() or len(left) > MOST_FACTS:
        return None
    return ["--from", year], len(left)


# --- rows -------------------------------------------------------------------------------------------------------


class _Describer:
    """Describes each fact, apart from its time."""

    def __init__(
        self,
        view: Chronology,
        wanted: Wanted,
        facts: Sequence[Fact],
        narrowed: Narrowing,
        conflicts: Sequence[Conflict],
    ) -> None:
        self._lines = 1 if len(facts) > _DENSE else 2
        self._disagreeing = {conflict.id for conflict in conflicts if conflict.kind == "disagreement"}
        self._tones = _tones(view, wanted, facts, narrowed)

    def row(self, fact: Fact, found: Extent) -> PictureRow:
        """The row of a fact, before it has a place."""
        marks = [fact.status] if fact.status != "stands" else []
        marks += ["conflicting"] if fact.conflicting else []
        if any(citation.id in self._disagreeing for citation in fact.citations or ()):
            marks.append("sources disagree")
        title = clean(fact.title)
        status = f" [{', '.join(marks)}]" if marks else ""
        marked = title + status
        tone = self._tones.get(fact.id) or ("conflicting" if fact.conflicting else fact.status)
        date, short = self._date(fact)
        return PictureRow(
            0,
            fact.id,
            title,
            wrapped(marked, TITLE - 6, self._lines),
            date=date,
            short=short,
            tone=tone,
            times=found,
            status=status,
            marks="".join(mark for mark in "?~%" if mark in (fact.when or "")),
            outlined=fact.status in SHELLS,
            withdrawn=fact.status == "withdrawn",
            conflicting=fact.conflicting,
            undated=fact.undated,
            told=f"{marked}: {clean(text.span(fact))}" + (f", {MEANINGS[tone]}" if self._tones else ""),
        )

    def _date(self, fact: Fact) -> tuple[list[str], str]:
        """The date in words, and as the source wrote it; in brackets if only orderings or reports place the fact."""
        placed = days.UNDATED if fact.undated else days.placement_words(fact)
        date = clean(days.fact_date(fact)) if fact.when else f"({clean(placed)})"
        phrase = f"“{clean(fact.phrase)}”" if fact.phrase and days.phrase_beside(fact) else ""
        dates = wrapped(date, DATE, _DATE_LINES, 11)
        phrases = wrapped(phrase, DATE, 1, 11) if phrase and self._lines > 1 else []
        return [*dates, *phrases] if fact.when else [*phrases, *dates], date


def _rows(
    view: Chronology, wanted: Wanted, facts: Sequence[Fact], describer: _Describer
) -> tuple[list[PictureRow], dict[str, dict[int | None, int]]]:
    """The rows of facts under their headings, and for each fact its row in each group."""
    spans, zone = view.spans(), view.zone
    found = {fact.id: describer.row(fact, times(fact, spans[fact.id], zone)) for fact in facts}
    rows: list[PictureRow] = []
    places: dict[str, dict[int | None, int]] = {fact.id: {} for fact in facts}
    headings = _titles(view) if wanted.group_by == "source" else {}
    for name, members in _groups(facts, wanted.group_by):
        group = None
        if name is not None:
            group = len(rows)
            title = clean(headings.get(name, name))
            undated = wanted.group_by is None
            folded = wanted.folded or (undated and len(members) > _UNDATED)
            shown = [*wrapped(title, TITLE if folded else 2 * TITLE, 1)]
            rows.append(
                PictureRow(group, None, f"{title} ({len(members)})", [f"{shown[0]} ({len(members)})"], folded=folded)
            )
        for fact in members:
            places[fact.id][group] = len(rows)
            rows.append(replace(found[fact.id], key=len(rows), group=group))
    if len(rows) > MOST_ROWS:
        raise Refused(
            f"grouped by {wanted.group_by} these are {len(rows):,} rows, and a picture holds {MOST_ROWS:,}: "
            "narrow it, or group it by something else"
        )
    return rows, places


def _titles(view: Chronology) -> dict[str, str]:
    """The name of each source: its title, else its publisher, with its id if others have the same name."""
    titles = {source.id: source.title or source.publisher or source.id for source in view.sources()}
    shared = Counter(titles.values())
    return {name: title if shared[title] == 1 else f"{title} [{name}]" for name, title in titles.items()}


def _groups(facts: Sequence[Fact], by: Grouping | None) -> list[tuple[str | None, list[Fact]]]:
    """Facts grouped by what they share, each in all its groups, then those without any; ungrouped: dated, then undated."""
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
    return [*_together(found, by), *([(f"no {by}", rest)] if rest else [])]


def _together(found: dict[str, list[Fact]], by: Grouping) -> Iterator[tuple[str, list[Fact]]]:
    """The groups, with those that hold one and the same fact alone merged if there are very many."""
    alone = Counter(members[0].id for members in found.values() if len(members) == 1)
    shown: set[str] = set()
    for name, members in found.items():
        first = members[0].id
        if len(members) > 1 or alone[first] <= _ALONE:
            yield name, members
        elif first not in shown:
            shown.add(first)
            yield f"{alone[first]:,} {by}s of one fact alone", members


def _names(fact: Fact, by: Grouping) -> Iterable[str]:
    if by == "participant":
        return (someone["name"] for someone in fact.participants)
    if by == "source":
        return (citation.source for citation in fact.citations or ())
    return fact.tags if by == "tag" else [fact.place] if fact.place else []


def _tones(view: Chronology, wanted: Wanted, facts: Sequence[Fact], narrowed: Narrowing) -> dict[str, str]:
    """The colour of each fact that a question about time colours."""
    x, question = (wanted.before, "before") if wanted.before else (wanted.after, "after")
    if x is None:
        return {}
    found = (view.timeline.before if question == "before" else view.timeline.after)(x, **narrowed)
    tones = dict.fromkeys((fact.id for fact in facts), "neither")
    tones |= {item.fact.id: f"{question}-{item.certainty}" for item in found}
    return tones | ({x: "asked"} if x in tones else {})


# --- orders ---------------------------------------------------------------------------------------------------


def _arcs(orderings: Iterable[Ordering], places: dict[str, dict[int | None, int]]) -> Iterator[Arc]:
    """An arc for each order in each group that holds both facts; if none does, one between two groups."""
    for ordering in orderings:
        ours, theirs = places[ordering.a], places[ordering.b]
        shared = [(ours[group], theirs[group]) for group in ours if group in theirs]
        for a, b in shared or [(min(ours.values()), min(theirs.values()))]:
            yield Arc(ordering.id, a, b, ordering.relation in _AHEAD, ordering.conflicting)
