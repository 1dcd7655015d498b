"""Facts dated with a set of days, `{…}`, happen in runs: in each of them, and perhaps not in between. Reads only.

Bounds reason with such a set as its hull. What follows for when it began and was over holds of the runs as well; that it
shares some time with another, or contains it, does not: that is certain only by the runs themselves, or because orderings
in force say so. So here is found what bears out each relation that the hull alone does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from factstore.database.templates import as_of
from factstore.dates.edtf import Edtf
from factstore.reasoning.constraints import read_date
from factstore.reasoning.network import UNBOUNDED, Bounds, end_of, start_of
from factstore.repository.repository import (
    Repository,
)

#: The first letter of every date that may leave gaps.
SET = "{"

#: Whether a date bounds anything: it does not where it is set aside, or its evidence hidden on the question's clock.
IN_FORCE = f"f.rank <> 0 AND NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.item = f.position AND {as_of('s')})"
_DATES = f"""SELECT f.position, f.edtf, f.zone FROM fact f
             WHERE f.position @among(:facts) AND F_THEN AND f.edtf IS NOT NULL AND {IN_FORCE}"""
_TIES = " UNION ".join(
    f"SELECT t.ordering, t.a, t.relation, t.b FROM tie t WHERE t.{end} @among(:facts) AND {as_of('t')}" for end in "ab"
)

#: Relations of which the hull says no more than that the ends fit.
SHARING = frozenset({"intersects", "overlaps", "overlapped-by"})
INSIDE = frozenset({"during", "starts", "finishes", "equals"})
AROUND = frozenset({"contains", "started-by", "finished-by", "equals"})
NOT_OF_HULLS = SHARING | INSIDE | AROUND


class Lying(NamedTuple):
    """How a fact, or a date (`number` 0), lies in time: the bounds of its ends, and its runs where its date leaves gaps."""

    number: int
    bounds: Bounds
    runs: tuple[Bounds, ...] = ()

    def pieces(self) -> tuple[Bounds, ...]:
        """Each of the parts without a gap, of which it has one or more."""
        return self.runs or (self.bounds,)


class Grounds(NamedTuple):
    """What a relation rests on: the dates and orderings at some positions, and bounds, each a node and whether its latest."""

    said: tuple[int, ...] = ()
    bounds: tuple[tuple[int, bool], ...] = ()


#: Where the hulls decide.
NOTHING_MORE = Grounds()


def runs_of(date: Edtf, zone: int) -> tuple[Bounds, ...]:
    """The bounds of the ends of each run of a date; none where it leaves no gap."""
    runs = date.runs(zone)
    if len(runs) == 1:
        return ()
    return tuple(
        Bounds(*(free if corner is None else corner for corner, free in zip(run, UNBOUNDED, strict=True)))
        for run in runs
    )


def sharing(a: Lying, b: Lying) -> Grounds | None:
    """Why a and b certainly share some time by where they lie: a run of one meets one of the other. None where none does."""
    for ours in a.pieces():
        for theirs in b.pieces():
            if ours.start_max < theirs.end_min and theirs.start_max < ours.end_min:
                return _grounds((a, True), (b, True))
    return None


def holding(inner: Lying, outer: Lying) -> Grounds | None:
    """Why `outer`, which has gaps, certainly contains `inner` by where they lie: one of its runs alone does."""
    (start_min, _, _, end_max) = inner.bounds
    if any(run.start_max <= start_min and end_max <= run.end_min for run in outer.runs):
        return _grounds((inner, False), (outer, True))
    return None


def _grounds(*sides: tuple[Lying, bool]) -> Grounds:
    """The dates of what has gaps, and of the rest its inner bounds (latest start, earliest end) or its outer ones."""
    said: list[int] = []
    bounds: list[tuple[int, bool]] = []
    for (number, _, runs), inner in sides:
        if runs and inner:
            said.append(number)
        elif number:
            bounds += [(start_of(number), inner), (end_of(number), not inner)]
    return Grounds(tuple(said), tuple(bounds))


#: By fact, the one before it on the way and the ordering between them; None where the way begins.
_Ways = dict[int, tuple[int, int] | None]


class Stated(NamedTuple):
    """What orderings say lies within a fact, and what they say shares some time with it; the fact itself begins both."""

    within: _Ways
    shared: _Ways

    def holding(self, fact: int) -> Grounds | None:
        """The orderings that say it contains another."""
        return _way(self.within, fact)

    def sharing(self, fact: int) -> Grounds | None:
        """The orderings that say it shares some time with another."""
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
    """What an ordering puts within what."""
    if relation == "equals":
        return [(a, b), (b, a)]
    return [(a, b)] if relation in INSIDE else []


class Runs:
    """The runs of facts at one clock, and what orderings in force say of sharing and containing."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._stated: dict[int, Stated] = {}

    def dates(self, facts: Iterable[int]) -> dict[int, tuple[Edtf, int]]:
        """The dates of some facts that are in force, each with its zone."""
        rows = self._repository.fetch(_DATES, facts=[*facts])
        return {fact: (read_date(edtf), self._repository.zone_of(zone)) for fact, edtf, zone in rows}

    def lying(self, fact: int, bounds: Bounds) -> Lying:
        """How a fact lies in time that its placement puts within bounds."""
        dated = self.dates([fact]).get(fact) if fact else None
        return Lying(fact, bounds, runs_of(*dated) if dated else ())

    def stated(self, fact: int) -> Stated:
        """What orderings in force say lies within a fact, and what they say shares some time with it.

        What lies within a part of it does so too; what contains or meets a part shares some time with it.
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
                for here, there in ((a, b), (b, a)):
                    if here in within:
                        shared.setdefault(there, (here, ordering))
        self._spread(shared, inward=False)
        return Stated(within, shared)

    def _spread(self, found: _Ways, *, inward: bool) -> None:
        """Add what lies within what was found, or what it lies within, over however many orderings."""
        fresh = [*found]
        while fresh:
            known = len(found)
            for ordering, a, relation, b in self._ties(fresh):
                for inner, outer in _nested(a, relation, b):
                    here, there = (outer, inner) if inward else (inner, outer)
                    if here in found:
                        found.setdefault(there, (here, ordering))
            fresh = [*found][known:]

    def _ties(self, facts: Iterable[int]) -> Iterator[Any]:
        """Ordering, a, relation and b of every ordering in force at one of some facts."""
        return self._repository.fetch(_TIES, facts=[*facts])

    def bears_out(self, relation: str, a: Lying, b: Lying) -> Grounds | None:
        """What a relation of a to b rests on beyond their hulls, of which it follows: nothing where those decide it.

        None where gaps leave it open.
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
