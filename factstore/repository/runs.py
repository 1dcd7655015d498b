"""Facts dated with a set of days, `{…}`, happen in runs: in each of them, and perhaps not in between. Reads only.

Bounds treat such a set as its hull. What follows about its start and end is also true of the runs; but that it shares some
time with another fact, or contains it, is only certain by the runs themselves, or because orderings in force say so. This
module finds what supports a relation that the hull alone does not prove.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from factstore.database.engine import NamedRow
from factstore.database.templates import as_of
from factstore.dates.edtf import Edtf
from factstore.reasoning.constraints import bounds_of, read_date
from factstore.reasoning.edges import Bounds, end_of, start_of
from factstore.repository.placed import IN_FORCE
from factstore.repository.repository import Repository
from factstore.units import Position, Seconds

#: The first letter of all dates that may have gaps.
SET = "{"

_DATES = f"""SELECT f.position, f.edtf, f.zone FROM fact f
             WHERE f.position @among(:facts) AND F_THEN AND f.edtf IS NOT NULL AND {IN_FORCE}"""
_TIES = " UNION ".join(
    f"SELECT t.ordering, t.a, t.relation, t.b FROM tie t WHERE t.{end} @among(:facts) AND {as_of('t')}" for end in "ab"
)

#: Relations that follow from the hull only if there are no gaps.
SHARING = frozenset({"intersects", "overlaps", "overlapped-by"})
INSIDE = frozenset({"during", "starts", "finishes", "equals"})
AROUND = frozenset({"contains", "started-by", "finished-by", "equals"})
NOT_OF_HULLS = SHARING | INSIDE | AROUND


class TimeExtent(NamedTuple):
    """The time of a fact, or of a date (`number` 0): the bounds of its ends and, if its date has gaps, its runs."""

    number: int
    bounds: Bounds
    runs: tuple[Bounds, ...] = ()

    def pieces(self) -> tuple[Bounds, ...]:
        """Its parts without gaps, one or more."""
        return self.runs or (self.bounds,)


class Grounds(NamedTuple):
    """What a relation rests on: positions of dates and orderings, and bounds, each a node and whether it is the latest."""

    said: tuple[int, ...] = ()
    bounds: tuple[tuple[int, bool], ...] = ()


#: The grounds if the hulls decide.
NOTHING_MORE = Grounds()


def runs_of(date: Edtf, zone: Seconds) -> tuple[Bounds, ...]:
    """The bounds of the ends of each run of a date; none if it has no gap."""
    runs = date.runs(zone)
    return tuple(map(bounds_of, runs)) if len(runs) > 1 else ()


def sharing(a: TimeExtent, b: TimeExtent) -> Grounds | None:
    """Why a and b certainly share some time by their runs: a run of one meets one of the other. None if they may not."""
    for ours in a.pieces():
        for theirs in b.pieces():
            if ours.start_max < theirs.end_min and theirs.start_max < ours.end_min:
                return _grounds((a, True), (b, True))
    return None


def holding(inner: TimeExtent, outer: TimeExtent) -> Grounds | None:
    """Why `outer`, which has gaps, certainly contains `inner`: a single run does. None if it may not."""
    (start_min, _, _, end_max) = inner.bounds
    if any(run.start_max <= start_min and end_max <= run.end_min for run in outer.runs):
        return _grounds((inner, False), (outer, True))
    return None


def _grounds(*sides: tuple[TimeExtent, bool]) -> Grounds:
    """The dates of facts with gaps, and for others the inner bounds (latest start, earliest end) or the outer ones."""
    said: list[int] = []
    bounds: list[tuple[int, bool]] = []
    for (number, _, runs), inner in sides:
        if runs and inner:
            said.append(number)
        elif number:
            bounds += [(start_of(number), inner), (end_of(number), not inner)]
    return Grounds(tuple(said), tuple(bounds))


#: By fact, the one before it on the path and the ordering between them; None where the path begins.
_Ways = dict[int, tuple[int, int] | None]


class Stated(NamedTuple):
    """The facts that orderings put within a fact, and those that share some time with it by them; both include the fact."""

    within: _Ways
    shared: _Ways

    def holding(self, fact: int) -> Grounds | None:
        """The orderings by which it contains another fact."""
        return _way(self.within, fact)

    def sharing(self, fact: int) -> Grounds | None:
        """The orderings by which it shares some time with another fact."""
        return _way(self.shared, fact)


def _way(found: _Ways, fact: int) -> Grounds | None:
    if fact not in found:
        return None
    said: list[int] = []
    while (step := found[fact]) is not None:
        fact, ordering = step
        said.append(ordering)
    return Grounds(tuple(reversed(said)))


def _nested(a: int, relation: str, b: int) -> list[tuple[int, int]]:
    """The pairs of facts of which an ordering puts one within the other."""
    if relation == "equals":
        return [(a, b), (b, a)]
    return [(a, b)] if relation in INSIDE else []


class Runs:
    """The runs of facts on one clock, and what orderings in force say about sharing and containing."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._stated: dict[int, Stated] = {}

    def dates(self, facts: Iterable[int]) -> dict[Position, tuple[Edtf, Seconds]]:
        """The dates in force of some facts, each with its zone."""
        rows = self._repository.fetch(_DATES, facts=[*facts])
        return {fact: (read_date(edtf), self._repository.zone_of(zone)) for fact, edtf, zone in rows}

    def extent(self, fact: int, bounds: Bounds) -> TimeExtent:
        """The time of a fact, given the bounds of its placement."""
        dated = self.dates([fact]).get(Position(fact)) if fact else None
        return TimeExtent(fact, bounds, runs_of(*dated) if dated else ())

    def stated(self, fact: int) -> Stated:
        """The facts that orderings in force put within a fact, and those that share some time with it by them.

        A fact within a part of it is within it, too; one that contains or meets a part shares some time with it.
        """
        if fact not in self._stated:
            self._stated[fact] = self._walk(fact)
        return self._stated[fact]

    def _walk(self, fact: int) -> Stated:
        within: _Ways = {fact: None}
        self._spread(within, inward=True)
        shared = dict(within)
        for ordering, a, relation, b in self._ties(within):
            if relation in ("intersects", "overlaps"):
                for one, other in ((a, b), (b, a)):
                    if one in within:
                        shared.setdefault(other, (one, ordering))
        self._spread(shared, inward=False)
        return Stated(within, shared)

    def _spread(self, found: _Ways, *, inward: bool) -> None:
        """Add what lies within the facts found so far (or what they lie within), across any number of orderings."""
        fresh = [*found]
        while fresh:
            known = len(found)
            for ordering, a, relation, b in self._ties(fresh):
                for inner, outer in _nested(a, relation, b):
                    one, other = (outer, inner) if inward else (inner, outer)
                    if one in found:
                        found.setdefault(other, (one, ordering))
            fresh = [*found][known:]

    def _ties(self, facts: Iterable[int]) -> Iterator[NamedRow]:
        """Ordering, a, relation and b of all orderings in force at one of some facts."""
        return self._repository.fetch(_TIES, facts=[*facts])

    def bears_out(self, relation: str, a: TimeExtent, b: TimeExtent) -> Grounds | None:
        """What a relation of a to b, which follows from their hulls, rests on beyond them.

        `NOTHING_MORE` if the hulls suffice, None if gaps leave it open.
        """
        if not (a.runs or b.runs):
            return NOTHING_MORE
        found: list[Grounds | None] = []
        if relation in SHARING:
            found.append(sharing(a, b) or self.stated(a.number).sharing(b.number))
        for inner, outer, relations in ((a, b, INSIDE), (b, a, AROUND)):
            if relation in relations and outer.runs:
                found.append(holding(inner, outer) or self.stated(outer.number).holding(inner.number))
        said: list[int] = []
        bounds: list[tuple[int, bool]] = []
        for grounds in found:
            if grounds is None:
                return None
            said += grounds.said
            bounds += grounds.bounds
        return Grounds(tuple(said), tuple(bounds))
