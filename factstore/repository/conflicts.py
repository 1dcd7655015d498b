"""Contradictions: what was set aside, and citations whose own date cannot be that of their fact, of another citation, or of
what had begun when it was told. Reads only.

Two dates of one event disagree if they leave no common moment for its start, or for its end. A plain date bounds both: a
month contains its days and a year its months, so a coarser date does not disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from math import inf
from typing import NamedTuple

from factstore.database.engine import NamedRow
from factstore.database.templates import as_of
from factstore.dates.forms import Corners
from factstore.dates.ticks import FOREVER, first_day, last_day, zone_text
from factstore.errors import DateError
from factstore.projection.live import set_aside
from factstore.reasoning.constraints import evidence_constraint, read_date, thing_of
from factstore.repository.answers import Citation, Conflict, Step
from factstore.repository.reasons import Reasons
from factstore.repository.repository import Repository

_DATED = f"""SELECT c.about, c.position, c.stance, c.rank, c.edtf AS cited, coalesce(c.said, s.published) AS told,
                    f.edtf, f.zone
             FROM citation c
             JOIN fact f ON f.position = c.about AND F_THEN AND f.withdrawn = 0
             JOIN source s ON s.position = c.source AND {as_of("s")} AND s.withdrawn = 0
             WHERE c.edtf IS NOT NULL AND (f.edtf IS NULL OR c.edtf <> f.edtf)
               AND {as_of("c")} AND c.withdrawn = 0 {{narrowed}} ORDER BY c.position"""
_ABOUT_THE_SAME = "AND c.about IN (SELECT about FROM citation WHERE position @among(:among))"

#: The stances whose dates are compared with one another; a denial dates nothing.
_DATING = ("asserts", "foretells")


def conflicts(repository: Repository, reasons: Reasons, among: Set[int] | None = None) -> list[Conflict]:
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


class _Disagreement(NamedTuple):
    """A citation whose own date disagrees.

    With `ends`, as of `_ends_apart`, it disagrees with another citation or, if that is None, with the date of its fact;
    without, it is later than the day on which it was told.
    """

    row: NamedRow
    other: NamedRow | None = None
    ends: list[str] | None = None

    @property
    def citations(self) -> set[int]:
        return {one.position for one in (self.row, self.other) if one is not None}


def _disagreements(repository: Repository, among: Set[int] | None) -> Iterator[_Disagreement]:
    """Citations that disagree, in the order in which they were recorded; with `among`, those that involve one of these."""
    rows = repository.rows(_DATED.format(narrowed="" if among is None else _ABOUT_THE_SAME), among=sorted(among or ()))
    agreed: dict[tuple[int, str], _Agreed] = {}
    for row in rows:
        # A one-of date names what sources disagree on.
        settled = row.edtf is not None and row.edtf[0] == "["
        earlier = (
            None if settled or row.stance not in _DATING else agreed.setdefault((row.about, row.stance), _Agreed())
        )
        for found in _disagreeing(row, repository, earlier):
            if among is None or not among.isdisjoint(found.citations):
                yield found


def _disagreeing(row: NamedRow, repository: Repository, earlier: _Agreed | None) -> Iterator[_Disagreement]:
    """What a citation's date disagrees with: its fact's date, or else an earlier citation's; and the day when it was told."""
    zone = repository.zone_of(row.zone)
    against = None if row.edtf is None else _ends_apart(row.edtf, row.cited, zone)
    if against is not None:
        yield _Disagreement(row, ends=against)
    try:
        corners = read_date(row.cited).corners(zone)
    except DateError:  # which is said where the fact has a date; else there is nothing to compare
        return
    if against is None and earlier is not None:
        other = earlier.against(row, _ends(corners, zone))
        if other is not None:
            yield _Disagreement(row, other, _ends_apart(other.cited, row.cited, zone))
    if row.stance == "asserts" and row.told is not None and corners.start_min is not None:
        begun = evidence_constraint(row.about, row.position, row.rank, row.told, {repository.zone, zone})
        if begun is not None and corners.start_min > begun.edges[0].weight:
            yield _Disagreement(row)


class _Agreed:
    """The dates of a fact's citations so far: for its start and its end, the two that bound it most, from above and below.

    A date that disagrees with any of them on one end disagrees with one of these two.
    """

    def __init__(self) -> None:
        self._tightest: tuple[list[tuple[_End, NamedRow]], ...] = ([], [])

    def against(self, row: NamedRow, ends: tuple[_End, _End]) -> NamedRow | None:
        """An earlier citation with which one disagrees, if there is any; from then on, this one is an earlier one, too."""
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
    for row, other, ends in every:
        cited = citations[row.position]
        step = _says(cited, row)
        if ends is None:
            text, steps = f"it says {row.cited}, but was told by {row.told}", (step, reasons.step(row.position))
        elif other is None:
            text = f"{cited.about} is dated {row.edtf}, here {row.cited}"
            steps = (reasons.step(row.about), step)
        else:
            earlier = _says(citations[other.position], other)
            text, steps = f"{earlier.text}, here {row.cited}", (earlier, step)
        yield Conflict(cited.id, "disagreement", "; ".join((text, *(ends or ()))), steps)


def _says(cited: Citation, row: NamedRow) -> Step:
    return Step("citation", f"{cited.id} says {row.cited}", cited.source, cited.quote)


def _ends_apart(date: str, cited: str, zone: int) -> list[str] | None:
    """What two dates say about each end on which they disagree; None if they agree.

    The list is empty if both ends disagree and each date has the same days for both, since the dates already say that.
    """
    try:
        ours, theirs = (_ends(read_date(text).corners(zone), zone) for text in (date, cited))
    except DateError:  # a time with an offset is compared with one without
        return [f"in the fact's zone, {zone_text(zone)}, that ends before it starts"]
    apart = [(our, their) for our, their in zip(ours, theirs, strict=True) if our.apart(their)]
    if not apart:
        return None
    if len(apart) == 2 and all(start.days == end.days for start, end in (ours, theirs)):
        return []
    return [f"it {our}, here it {their}" for our, their in apart]


class _End(NamedTuple):
    """The start or end of something by a date: its first and last tick, and their days."""

    name: str
    low: int | None
    high: int | None
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


def _ends(corners: Corners, zone: int) -> tuple[_End, _End]:
    start_min, start_max, end_min, end_max = corners
    # An end is the first moment after it: its last moment is one tick earlier.
    end_low, end_high = _less_one(end_min), _less_one(end_max)
    return _end("start", start_min, start_max, zone), _end("end", end_low, end_high, zone)


def _end(name: str, low: int | None, high: int | None, zone: int) -> _End:
    return _End(name, low, high, (first_day(low, zone), last_day(None if high is None else high + 1, zone)))


def _less_one(tick: int | None) -> int | None:
    return None if tick is None else tick - 1


def _below(high: int | None, low: int | None) -> bool:
    return high is not None and low is not None and high < low
