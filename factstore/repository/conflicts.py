"""Contradictions: what was set aside, and citations whose dates cannot be true. Reads only.

The date that a citation gives its fact is compared with the fact's own, other citations' and the day on which it was said;
and that day with the day on which its source was published.

Two dates of one event disagree if they leave no common moment for its start, or for its end. A plain date bounds both: a
month contains its days and a year its months, so a coarser date does not disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from functools import lru_cache
from math import inf
from typing import Literal, NamedTuple

from factstore.database.engine import NamedRow
from factstore.database.templates import as_of
from factstore.dates.edtf import Edtf
from factstore.dates.forms import Corners
from factstore.dates.ticks import DAY, FOREVER, briefly, first_day, in_zone, last_day, moment_text, zone_text
from factstore.errors import DateError
from factstore.projection.live import set_aside
from factstore.reasoning.constraints import evidence_constraint, read_date, thing_of
from factstore.repository.answers import Citation, Conflict, Step
from factstore.repository.reasons import Reasons
from factstore.repository.repository import Repository
from factstore.units import Position, Seconds, Ticks

_DATED = f"""SELECT c.about, c.position, c.stance, c.rank, c.edtf AS cited, c.said, s.published,
                    CASE WHEN f.rank <> 0 THEN f.edtf END AS edtf, f.zone
             FROM citation c
             JOIN fact f ON f.position = c.about AND F_THEN AND f.withdrawn = 0
             JOIN source s ON s.position = c.source AND {as_of("s")} AND s.withdrawn = 0
             WHERE (c.edtf IS NOT NULL AND (f.edtf IS NULL OR f.rank = 0 OR c.edtf <> f.edtf)
                    OR c.said IS NOT NULL AND s.published IS NOT NULL)
               AND {as_of("c")} AND c.withdrawn = 0 {{narrowed}} ORDER BY c.position"""
_ABOUT_THE_SAME = "AND c.about IN (SELECT about FROM citation WHERE position @among(:among))"

#: The stances whose dates are compared with one another; a denial dates nothing.
_DATING = ("asserts", "foretells")


def conflicts(repository: Repository, reasons: Reasons, among: Set[Position] | None = None) -> list[Conflict]:
    """What was set aside, each with a minimal chain; then dates on which sources disagree.

    With `among`, only conflicts that involve something introduced at one of these positions.
    """
    aside = sorted(set_aside(repository.connection, repository.at).items())
    contradictions = (
        Conflict(
            repository.name_of(thing_of(item)),
            "contradiction",
            reasons.step(item).text,
            reasons.stating(chain),
        )
        for item, chain in aside
        if among is None or not among.isdisjoint(map(thing_of, (item, *chain)))
    )
    return [*contradictions, *_told(repository, reasons, _disagreements(repository, among))]


def count_conflicts(repository: Repository) -> int:
    """How many there are."""
    return len(set_aside(repository.connection, repository.at)) + sum(1 for _ in _disagreements(repository, None))


def said_late(repository: Repository, among: Set[Position]) -> list[Citation]:
    """Those of some citations that were said after their source was published."""
    found = {one.row.position for one in _disagreements(repository, among) if one.beside == "source"}
    return repository.witnesses.at(sorted(found & among))


class _Disagreement(NamedTuple):
    """A citation one of whose dates cannot be true beside another date.

    `beside`: what the date that it gives the fact is compared with: the fact's date or another citation's, with `ends` as
    from `_ends_apart`, or the day on which it was said. If it is `source`, that day is compared with the publication.
    """

    row: NamedRow
    beside: Literal["fact", "citation", "telling", "source"]
    other: NamedRow | None = None
    ends: Sequence[str] = ()

    @property
    def citations(self) -> set[Position]:
        return {one.position for one in (self.row, self.other) if one is not None}


def _disagreements(repository: Repository, among: Set[Position] | None) -> Iterator[_Disagreement]:
    """Citations that disagree, in the order in which they were recorded; with `among`, those that involve one of these."""
    rows = repository.rows(_DATED.format(narrowed="" if among is None else _ABOUT_THE_SAME), among=sorted(among or ()))
    agreed: dict[tuple[Position, str], _Agreed] = {}
    for row in rows:
        earlier = agreed.setdefault((row.about, row.stance), _Agreed())
        for found in (*_dates_apart(row, repository, earlier), *_too_late(row, repository)):
            if among is None or not among.isdisjoint(found.citations):
                yield found


def _dates_apart(row: NamedRow, repository: Repository, earlier: _Agreed) -> Iterator[_Disagreement]:
    """The disagreement, if any, of a citation's date with its fact's or, if these agree, with an earlier citation's.

    A one-of date of the fact already lists the dates on which sources disagree: then citations are not compared.
    """
    if row.cited is None or row.cited == row.edtf:
        return
    zone = repository.zone_of(row.zone)
    ends = None if row.edtf is None else _ends_apart(row.edtf, row.cited, zone)
    if ends is not None:
        yield _Disagreement(row, "fact", ends=ends)
    elif row.stance in _DATING and not (row.edtf or "").startswith("["):
        with suppress(DateError):  # it is not a date in the fact's zone
            other = earlier.against(row, _ends(row.cited, zone))
            if other is not None:
                yield _Disagreement(row, "citation", other, _ends_apart(other.cited, row.cited, zone) or ())


def _too_late(row: NamedRow, repository: Repository) -> Iterator[_Disagreement]:
    """The disagreement, if any, of a citation that reports a day still to come, or was said after its source appeared."""
    zones = frozenset((repository.zone, repository.zone_of(row.zone)))
    told = row.said or row.published
    if row.stance == "asserts" and told and row.cited and row.cited != row.edtf and is_later(row.cited, told, zones):
        yield _Disagreement(row, "telling")
    if row.said and row.published and is_later(row.said, row.published, zones):
        yield _Disagreement(row, "source")


@lru_cache(maxsize=4096)
def is_later(date: str, day: str, zones: frozenset[Seconds]) -> bool:
    """Whether a date certainly lies after the end of a day on which something was told."""
    bound = evidence_constraint(0, 0, 0, day, zones)
    try:
        starts = [read_date(date).corners(zone).start_min for zone in zones]
    except DateError:
        return False
    return bound is not None and all(start is not None and start > bound.edges[0].weight for start in starts)


class _Agreed:
    """The dates of a fact's citations so far: for its start and its end, the two that bound it most, from above and below.

    A date that disagrees with any of them on one end disagrees with one of these two.
    """

    def __init__(self) -> None:
        self._tightest: tuple[list[tuple[_End, NamedRow]], ...] = ([], [])

    def against(self, row: NamedRow, ends: tuple[_End, _End]) -> NamedRow | None:
        """An earlier citation with which this one disagrees, if any. Later ones are compared with this one, too."""
        found = None
        for tightest, end in zip(self._tightest, ends, strict=True):
            found = found or next((other for held, other in tightest if held.apart(end)), None)
            every = [*tightest, (end, row)]
            lowest = min(every, key=lambda one: inf if one[0].high is None else one[0].high)
            highest = max(every, key=lambda one: -inf if one[0].low is None else one[0].low)
            tightest[:] = [lowest, highest]
        return found


def _told(repository: Repository, reasons: Reasons, found: Iterator[_Disagreement]) -> Iterator[Conflict]:
    """Disagreements in words."""
    every = [*found]
    positions = sorted(set().union(*(one.citations for one in every)))
    citations = dict(zip(positions, repository.witnesses.at(positions), strict=True))
    for row, beside, other, ends in every:
        cited = citations[row.position]
        steps = [_step(cited, f"says {row.cited}")]
        if beside == "fact":
            text = f"{cited.about} is dated {row.edtf}, here {row.cited}"
            steps.insert(0, reasons.step(row.about))
        elif other is not None:
            steps.insert(0, _step(citations[other.position], f"says {other.cited}"))
            text = f"{steps[0].text}, here {row.cited}"
        elif beside == "telling":
            text = f"it says {row.cited}, but had been reported by {row.said or row.published}"
            steps.append(reasons.step(row.position))
        else:
            text = f"it was said {row.said}, but {cited.source} was published {row.published}"
            steps = [
                _step(cited, f"was said {row.said}"),
                Step("source", f"{cited.source} was published {row.published}"),
            ]
        yield Conflict(cited.id, "disagreement", "; ".join((text, *ends)), tuple(steps))


def _step(cited: Citation, what: str) -> Step:
    return Step("citation", f"{cited.id} {what}", cited.source, cited.quote)


def _ends_apart(date: str, cited: str, zone: Seconds) -> list[str] | None:
    """What two dates say about each end on which they disagree; None if they agree.

    The list is empty if both ends disagree and each date has the same days for both, since the dates already say that.
    """
    try:
        ours, theirs = (_ends(text, zone) for text in (date, cited))
    except DateError:  # a time with an offset is compared with one without
        return [f"in the fact's zone, {zone_text(zone)}, that ends before it starts"]
    apart = [(our, their) for our, their in zip(ours, theirs, strict=True) if our.apart(their)]
    if not apart:
        return None
    if len(apart) == 2 and all(start.days == end.days for start, end in (ours, theirs)):
        return []
    return [f"it {our}, here it {their}" for our, their in apart]


_Ticks = tuple[Ticks | None, Ticks | None]


class _End(NamedTuple):
    """The start or end of something by a date: its first and last tick, and the days, times or years of these."""

    name: str
    low: Ticks | None
    high: Ticks | None
    days: tuple[str | None, str | None]

    def apart(self, other: _End) -> bool:
        return _below(self.high, other.low) or _below(other.high, self.low)

    def __str__(self) -> str:
        first, last = self.days
        if self.high == -FOREVER or self.low == FOREVER - 1:
            return f"has no {self.name}"
        if first is None or last is None:
            return f"{self.name}s no earlier than {first}" if first else f"{self.name}s by {last}"
        return f"{self.name}s {first}" + (f" … {last}" if first != last else "")


def _ends(text: str, zone: Seconds) -> tuple[_End, _End]:
    date = read_date(text)
    (start, end), (meant_start, meant_end) = _first_and_last(date.corners(zone)), _first_and_last(date.meant(zone))
    return (
        _End("start", *start, _days(date, zone, *meant_start)),
        _End("end", *end, _days(date, zone, *meant_end, end=True)),
    )


def _first_and_last(corners: Corners) -> tuple[_Ticks, _Ticks]:
    """The first and the last tick of a start, and of an end, which is the first moment after its last tick."""
    start_min, start_max, end_min, end_max = corners
    return (start_min, start_max), (_less_one(end_min), _less_one(end_max))


def _days(
    date: Edtf, zone: Seconds, low: Ticks | None, high: Ticks | None, *, end: bool = False
) -> tuple[str | None, str | None]:
    """The days of a first and a last tick; times as they are given; the years alone if they are beyond the range of ticks."""
    first, last = briefly(first_day(low, zone), last_day(None if high is None else Ticks(high + 1), zone))
    if first is None and low is not None:
        first = moment_text(low, zone, DAY)
    if last is None and high is not None:
        last = moment_text(high, zone, DAY)
    return (
        first and in_zone(first, date.offset(zone, end=end, last=False)),
        last and in_zone(last, date.offset(zone, end=end, last=True)),
    )


def _less_one(tick: Ticks | None) -> Ticks | None:
    return None if tick is None else Ticks(tick - 1)


def _below(high: Ticks | None, low: Ticks | None) -> bool:
    return high is not None and low is not None and high < low
