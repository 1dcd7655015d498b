"""The meaning of a chronology in time: what facts, evidence and orderings say, as constraints; a question, as a plan.

A constraint counts whole or not at all, and its `by` is the position of what states it: the fact for its date, the
citation for the bound that evidence gives, the ordering for a stated order. Nothing here reads or writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import isqrt
from typing import Literal, NamedTuple

from factstore.dates import LIMIT, Edtf, day_end, first_day, gap_bounds, last_day
from factstore.network import (
    LENGTH,
    MIRRORS,
    ORIGIN,
    SYMMETRIC,
    TIME,
    UNBOUNDED,
    Bounds,
    Edge,
    Support,
    at_least,
    at_most,
    end_of,
    relation_edges,
    start_of,
)

Question = Literal["before", "after", "between", "overlapping"]


class Constraint(NamedTuple):
    """What one record says of time. `rank`: the position of the record that gave its present value."""

    rank: int
    by: int
    edges: tuple[Edge, ...]


@lru_cache(maxsize=4096)
def read_date(text: str) -> Edtf:
    return Edtf(text)


# --- what is said, as constraints ---------------------------------------------------------------------------


def date_constraint(fact: int, rank: int, edtf: str, zone: int) -> Constraint:
    """A fact's date bounds both of its ends."""
    corners = read_date(edtf).corners(zone)
    start, end = start_of(fact), end_of(fact)
    edges = []
    if corners.start_min is not None:
        edges.append(at_least(start, corners.start_min, fact))
    if corners.start_max is not None:
        edges.append(at_most(start, corners.start_max, fact))
    if corners.end_min is not None:
        edges.append(at_least(end, corners.end_min, fact))
    if corners.end_max is not None:
        edges.append(at_most(end, corners.end_max, fact))
    return Constraint(rank, fact, tuple(edges))


def evidence_constraint(fact: int, citation: int, rank: int, told: str, zones: Iterable[int]) -> Constraint | None:
    """What was asserted had begun by the end of the day on which it was said; None where that day has no end.

    Nobody says in whose zone a paper dates itself: of the fact's and the ledger's the later end counts.
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
    """A stated order bounds the differences between the ends of two facts."""
    return Constraint(rank, ordering, relation_edges(a, relation, b, ordering, gap_bounds(gap_min, gap_max)))


def canonical_order(a: str, relation: str, b: str) -> tuple[str, str, str]:
    """The one way in which an ordering is kept: no mirrors, and symmetric relations by id."""
    if relation in MIRRORS:
        return b, MIRRORS[relation], a
    if relation in SYMMETRIC and b < a:
        return b, relation, a
    return a, relation, b


# --- placements ---------------------------------------------------------------------------------------------


def place_alone(constraints: Iterable[Constraint]) -> tuple[Bounds, Support] | None:
    """The placement of a fact that no ordering ties to others, or None where its own constraints contradict.

    The bounds are those of a network of this one fact, without the walk; where two constraints give the same bound, the
    one of lower rank has set it.
    """
    low = [UNBOUNDED.start_min, UNBOUNDED.end_min]
    high = [UNBOUNDED.start_max, UNBOUNDED.end_max]
    low_by, high_by = [TIME, TIME], [TIME, TIME]
    for constraint in sorted(constraints):
        for tail, head, weight, by in constraint.edges:
            if tail == ORIGIN:
                if weight < high[head & 1]:
                    high[head & 1], high_by[head & 1] = weight, by
            elif -weight > low[tail & 1]:
                low[tail & 1], low_by[tail & 1] = -weight, by
    if low[1] <= low[0]:
        low[1], low_by[1] = low[0] + 1, LENGTH
    if high[0] >= high[1]:
        high[0], high_by[0] = high[1] - 1, LENGTH
    if low[0] > high[0] or low[1] > high[1]:
        return None
    return (
        Bounds(low[0], high[0], low[1], high[1]),
        Support(low_by[0], high_by[0], low_by[1], high_by[1]),
    )


def first_of(bounds: Bounds, zone: int) -> str | None:
    """The first day (or instant) of a placement, None where it has none."""
    return first_day(min(bounds.start_min, LIMIT) if bounds.start_min >= -LIMIT else None, zone)


def last_of(bounds: Bounds, zone: int) -> str | None:
    """The last day (or instant) of a placement, None where it has none."""
    return last_day(max(bounds.end_max, -LIMIT) if bounds.end_max <= LIMIT else None, zone)


def width_class(bounds: Bounds) -> int:
    """The class of a placement by how far its ends span: the least n with a span of fewer than `class_width(n)` ticks.

    What straddles a moment is of a small class, or ends near that moment.
    """
    width = bounds.end_max - bounds.end_min
    octave = 2 * width.bit_length()
    return octave - 1 if width and width < class_width(octave - 1) else octave


def class_width(n: int) -> int:
    """2^(n/2), rounded up: two classes to the octave."""
    return 2 ** (n // 2) if n % 2 == 0 else isqrt(2**n) + 1


# --- questions ----------------------------------------------------------------------------------------------


class Anchor(NamedTuple):
    """The X of a question: a fact (`number`), or a period whose ends are known exactly (0).

    `tied`: whether any ordering touches it; without one there is nothing to walk.
    """

    number: int
    bounds: Bounds
    tied: bool = False


class Condition(NamedTuple):
    """`candidate.end <= node's time` (or `>=`), less `slack` ticks, the end being "start" or "end".

    By bounds alone it is certain where the candidate's latest end is at most `certain`, and possible where its
    earliest is at most `possible` (for `>=`: its earliest at least `certain`, its latest at least `possible`). Over
    `node` (0: none) paths say more.
    """

    end: Literal["start", "end"]
    at_most: bool
    certain: int
    possible: int
    node: int
    slack: int


def period(start: int, end: int) -> Anchor:
    """A date as X."""
    return Anchor(0, Bounds(start, start, end, end))


def plan(question: Question, x: Anchor, y: Anchor | None = None) -> tuple[Condition, ...]:
    """The conditions on a candidate, all of which hold where the answer is yes. `between` takes a Y, the others none."""
    if (y is not None) != (question == "between"):
        raise ValueError(f"{question} takes {'a Y' if y is None else 'no Y'}")
    if question == "before":
        return (_at_most("end", x, "start", 0),)
    if question == "after":
        return (_at_least("start", x, "end", 0),)
    if question == "between" and y is not None:
        return (_at_least("start", x, "end", 0), _at_most("end", y, "start", 0))
    return (_at_most("start", x, "end", 1), _at_least("end", x, "start", 1))


def _node(x: Anchor, end: Literal["start", "end"]) -> int:
    return (start_of(x.number) if end == "start" else end_of(x.number)) if x.number else 0


def _at_most(end: Literal["start", "end"], x: Anchor, of: Literal["start", "end"], slack: int) -> Condition:
    low, high = (x.bounds.start_min, x.bounds.start_max) if of == "start" else (x.bounds.end_min, x.bounds.end_max)
    return Condition(end, True, low - slack, high - slack, _node(x, of), slack)


def _at_least(end: Literal["start", "end"], x: Anchor, of: Literal["start", "end"], slack: int) -> Condition:
    low, high = (x.bounds.start_min, x.bounds.start_max) if of == "start" else (x.bounds.end_min, x.bounds.end_max)
    return Condition(end, False, high + slack, low + slack, _node(x, of), slack)
