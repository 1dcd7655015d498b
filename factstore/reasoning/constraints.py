"""What a chronology says about time: facts, evidence and orderings as constraints, a question as a plan.

A constraint holds as a whole or not at all. Its `by` identifies what states it: for a date, the position of the fact; for the
bound that evidence gives, that of the citation; for a stated order, that of the ordering; for how long a fact lasted, minus
the position of the fact; for the readings of a date that evidence does not exclude, minus that of the citation. Nothing here
touches a database.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import isqrt
from typing import Literal, NamedTuple

from factstore.dates.edtf import Edtf
from factstore.dates.forms import Corners
from factstore.dates.ticks import FOREVER, before_push, day_end, first_and_last, gap_bounds, length_bounds
from factstore.errors import InputError
from factstore.reasoning.edges import (
    BEYOND,
    LENGTH,
    ORIGIN,
    TIME,
    UNBOUNDED,
    Bounds,
    Edge,
    Support,
    at_least,
    at_most,
    end_of,
    start_of,
)
from factstore.reasoning.relations import MIRRORS, SYMMETRIC, relation_edges
from factstore.units import Position, Seconds, Ticks

Question = Literal["before", "after", "between", "overlapping"]


class Constraint(NamedTuple):
    """A statement about time, as edges. `rank`: the position of the record that gave its present value.

    It counts only while all constraints that it `rests` on do; they are given by their `by`.
    """

    rank: int
    by: int
    edges: tuple[Edge, ...]
    rests: tuple[int, ...] = ()

    @property
    def turn(self) -> tuple[int, bool, int]:
        """The sort key in which constraints are judged: by rank, and after those that they rest on."""
        return self.rank, self.by < 0, abs(self.by)


def thing_of(by: int) -> Position:
    """The position of the fact, citation or ordering that states a constraint."""
    return Position(abs(by))


@lru_cache(maxsize=4096)
def read_date(text: str) -> Edtf:
    """Read a date as EDTF; recent dates are cached."""
    return Edtf(text)


# --- statements as constraints ------------------------------------------------------------------------------


def bounds_of(corners: Corners) -> Bounds:
    """What a date says of its ends: nothing where it has no corner, and the end of time where it never begins or ends."""
    given = corners._replace(
        start_max=Ticks(-BEYOND) if corners.start_max == -FOREVER else corners.start_max,
        end_min=BEYOND if corners.end_min == FOREVER else corners.end_min,
    )
    return Bounds._make(free if said is None else said for said, free in zip(given, UNBOUNDED, strict=True))


def date_constraint(fact: int, rank: int, edtf: str, zone: Seconds) -> Constraint:
    """The constraint of a fact's date, which bounds both of its ends."""
    corners = read_date(edtf).corners(zone)
    bounds = bounds_of(corners)
    start, end = start_of(fact), end_of(fact)
    edges = []
    if corners.start_min is not None:
        edges.append(at_least(start, bounds.start_min, fact))
    if corners.start_max is not None:
        edges.append(at_most(start, bounds.start_max, fact))
    if corners.end_min is not None:
        edges.append(at_least(end, bounds.end_min, fact))
    if corners.end_max is not None:
        edges.append(at_most(end, bounds.end_max, fact))
    return Constraint(rank, fact, tuple(edges))


def lasting_constraint(fact: int, rank: int, minimum: str | None, maximum: str | None) -> Constraint:
    """The constraint of how long a fact lasted, which bounds the difference between its ends."""
    shortest, longest = length_bounds(minimum, maximum)
    least = Edge(end_of(fact), start_of(fact), -shortest, -fact)
    most = () if longest is None else (Edge(start_of(fact), end_of(fact), longest, -fact),)
    return Constraint(rank, -fact, (least, *most))


def reading_constraint(date: Constraint, evidence: Constraint, edtf: str, zone: Seconds) -> Constraint | None:
    """The members of a one-of date that evidence does not exclude, as a constraint.

    Evidence excludes each member that can only start after the bound that it gives; a range is one member. Returns None if it
    excludes none, or all, since date and evidence then contradict each other.
    """
    readings = read_date(edtf).readings(zone)
    (bound,) = evidence.edges
    left = [one for one in readings if one.start_min is None or one.start_min <= bound.weight]
    if len(left) == len(readings) or not left:
        return None
    (fact, by), start_max, end_max = (date.by, -evidence.by), _latest(left, "start_max"), _latest(left, "end_max")
    edges = (
        *(() if start_max is None else (at_most(start_of(fact), start_max, by),)),
        *(() if end_max is None else (at_most(end_of(fact), end_max, by),)),
    )
    if not edges:
        return None
    return Constraint(max(date.rank, evidence.rank), by, edges, (date.by, evidence.by))


def _latest(readings: Iterable[Corners], corner: Literal["start_max", "end_max"]) -> Ticks | None:
    """The latest that a corner of any of the readings may be, None if it is unbounded."""
    values = [getattr(one, corner) for one in readings]
    return None if None in values else max(values)


def evidence_constraint(fact: int, citation: int, rank: int, told: str, zones: Iterable[int]) -> Constraint | None:
    """The bound of evidence: what it asserts had begun by the end of the day on which it was said; None if that has no end.

    A paper does not say in which zone it dates itself, so among the fact's zone and the ledger's the later end counts.
    """
    ends = []
    for zone in zones:
        last = read_date(told).corners(zone).end_max
        if last is None:
            return None
        ends.append(day_end(last, zone))
    return Constraint(rank, citation, (at_most(start_of(fact), max(ends) - 1, citation),))


def ordering_constraint(
    ordering: int, rank: int, a: int, relation: str, b: int, gap_min: str | None, gap_max: str | None
) -> Constraint:
    """The constraint of a stated order, which bounds the differences between the ends of two facts."""
    return Constraint(rank, ordering, relation_edges(a, relation, b, ordering, gap_bounds(gap_min, gap_max)))


#: The relation by which the length of a fact is listed among the orderings in force: one of the fact to itself.
LASTS = "lasts"


def tie_constraint(
    by: int, rank: int, a: int, relation: str, b: int, least: str | None, greatest: str | None
) -> Constraint:
    """The constraint of an entry among the orderings in force: a stated order, or how long a fact lasted."""
    if relation == LASTS:
        return lasting_constraint(a, rank, least, greatest)
    return ordering_constraint(by, rank, a, relation, b, least, greatest)


def canonical_order(a: str, relation: str, b: str) -> tuple[str, str, str]:
    """The form in which an ordering is stored: mirrors are turned round, symmetric relations sorted by id."""
    if relation in MIRRORS:
        return b, MIRRORS[relation], a
    if relation in SYMMETRIC and b < a:
        return b, relation, a
    return a, relation, b


# --- placements ---------------------------------------------------------------------------------------------

#: In ticks: bounds that rest on something must lie within ± this. Dates lie within ±LIMIT; gaps and lengths add to them.
_REACH = 2**62


def stored(bounds: Bounds) -> Bounds:
    """Bounds as 64-bit integers in the same order: beyond ±2^62 if they rest on nothing, within if they rest on something.

    Raises InputError if gaps and lengths lead more than about 146,000 years away.
    """
    return Bounds._make(map(_stored, bounds))


def recalled(bounds: Bounds) -> Bounds:
    """The bounds that were stored."""
    return Bounds._make(bound if -_REACH <= bound <= _REACH else _moved(bound, BEYOND - FOREVER) for bound in bounds)


def is_bound(kept: Ticks) -> bool:
    """Whether a bound that was stored rests on something."""
    return -_REACH <= kept <= _REACH


def _stored(bound: int) -> int:
    if -_REACH <= bound <= _REACH:
        return bound
    kept = _moved(bound, FOREVER - BEYOND)
    if bound * kept < 0 or not _REACH < abs(kept) <= FOREVER:
        raise InputError("gaps and lengths add up to more than 146,000 years, which is further than the clock reaches")
    return kept


def _moved(bound: int, outward: int) -> int:
    return bound + outward if bound > 0 else bound - outward


def place_alone(constraints: Iterable[Constraint]) -> tuple[Bounds, Support] | None:
    """The placement of a fact that no ordering ties to others, or None if its own constraints contradict each other.

    The bounds are those that a network of this one fact would have; if two constraints give the same bound, the one of lower
    rank is its support.
    """
    low: list[int] = [UNBOUNDED.start_min, UNBOUNDED.end_min]
    high: list[int] = [UNBOUNDED.start_max, UNBOUNDED.end_max]
    low_by, high_by = [TIME, TIME], [TIME, TIME]
    shortest, shortest_by = 1, LENGTH
    longest, longest_by = 2 * BEYOND, TIME
    for constraint in sorted(constraints, key=lambda one: one.turn):
        for tail, head, weight, by in constraint.edges:
            if tail == ORIGIN:
                if weight < high[head & 1]:
                    high[head & 1], high_by[head & 1] = weight, by
            elif head == ORIGIN:
                if -weight > low[tail & 1]:
                    low[tail & 1], low_by[tail & 1] = -weight, by
            elif head & 1:
                longest, longest_by = weight, by
            elif -weight > shortest:
                shortest, shortest_by = -weight, by
    if low[1] < low[0] + shortest:
        low[1], low_by[1] = low[0] + shortest, shortest_by
    if high[0] > high[1] - shortest:
        high[0], high_by[0] = high[1] - shortest, shortest_by
    if low[0] < low[1] - longest:
        low[0], low_by[0] = low[1] - longest, longest_by
    if high[1] > high[0] + longest:
        high[1], high_by[1] = high[0] + longest, longest_by
    if low[0] > high[0] or low[1] > high[1] or shortest > longest:
        return None
    return (
        Bounds._make((low[0], high[0], low[1], high[1])),
        Support(low_by[0], high_by[0], low_by[1], high_by[1]),
    )


def days_of(fact: int, bounds: Bounds, support: Support, zone: Seconds) -> tuple[str | None, str | None]:
    """The first and the last day (or instant) of a placement; None where unbounded, or beyond the range of ticks.

    What the fact's own date sets is kept to the tick; other bounds are as they were before stated orders pushed them.
    """
    first, end = bounds.start_min, bounds.end_max
    return first_and_last(
        first if support.start_min == fact else before_push(first, last=False),
        end if support.end_max == fact else before_push(end, last=True),
        zone,
    )


def width_class(bounds: Bounds) -> int:
    """The width class of a placement: the least n such that its end has a range of fewer than `class_width(n)` ticks.

    If the end may lie on either side of a moment, its earliest time is within that width before the moment.
    """
    width = bounds.end_max - bounds.end_min
    octave = 2 * width.bit_length()
    return octave - 1 if width and width < class_width(octave - 1) else octave


def class_width(n: int) -> Ticks:
    """2^(n/2), rounded up: two classes per doubling."""
    return Ticks(2 ** (n // 2) if n % 2 == 0 else isqrt(2**n) + 1)


# --- questions ----------------------------------------------------------------------------------------------


class Anchor(NamedTuple):
    """The X of a question: a fact (`number`), or a period whose ends are known exactly (0).

    `tied`: whether any ordering touches it; without one there is nothing to walk.
    """

    number: int
    bounds: Bounds
    tied: bool = False


class Condition(NamedTuple):
    """`candidate.end <= node's time - slack` (or `>=`, with `+`), in ticks, where the end is "start" or "end".

    By bounds alone it is certain if the candidate's latest end is at most `certain`, and possible if its earliest is at
    most `possible` (for `>=`: its earliest at least `certain`, its latest at least `possible`). Paths from or to `node`
    (0: none) may decide more.
    """

    end: Literal["start", "end"]
    at_most: bool
    certain: Ticks
    possible: Ticks
    node: int
    slack: Ticks


def period(start: Ticks, end: Ticks) -> Anchor:
    """A date, as half-open ticks, as X."""
    return Anchor(0, Bounds(start, start, end, end))


def plan(question: Question, x: Anchor, y: Anchor | None = None) -> tuple[Condition, ...]:
    """The conditions that all hold for a candidate if it belongs to the answer. Only `between` takes a Y."""
    if (y is not None) != (question == "between"):
        raise ValueError(f"{question} takes {'a Y' if y is None else 'no Y'}")
    if question == "before":
        return (_at_most("end", x, "start", Ticks(0)),)
    if question == "after":
        return (_at_least("start", x, "end", Ticks(0)),)
    if question == "between" and y is not None:
        return (_at_least("start", x, "end", Ticks(0)), _at_most("end", y, "start", Ticks(0)))
    return (_at_most("start", x, "end", Ticks(1)), _at_least("end", x, "start", Ticks(1)))


def _node(x: Anchor, end: Literal["start", "end"]) -> int:
    return (start_of(x.number) if end == "start" else end_of(x.number)) if x.number else 0


def _at_most(end: Literal["start", "end"], x: Anchor, of: Literal["start", "end"], slack: Ticks) -> Condition:
    low, high = (x.bounds.start_min, x.bounds.start_max) if of == "start" else (x.bounds.end_min, x.bounds.end_max)
    return Condition(end, True, Ticks(low - slack), Ticks(high - slack), _node(x, of), slack)


def _at_least(end: Literal["start", "end"], x: Anchor, of: Literal["start", "end"], slack: Ticks) -> Condition:
    low, high = (x.bounds.start_min, x.bounds.start_max) if of == "start" else (x.bounds.end_min, x.bounds.end_max)
    return Condition(end, False, Ticks(high + slack), Ticks(low + slack), _node(x, of), slack)
