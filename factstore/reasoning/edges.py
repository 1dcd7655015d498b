"""The terms of a network in time: nodes, edges between them, and the bounds of things.

A *node* is an end of something that occupies a non-empty half-open time `[start, end)`: `start_of(n)` or
`end_of(n)` for a whole number n ≥ 1. An *edge* says `time[head] - time[tail] <= weight`, in ticks. Node 0 is the
origin of time, so an edge from it is an upper bound and an edge to it a lower one. Every node lies within ±BEYOND,
and every end after its start. BEYOND is further than all gaps and lengths of a ledger can add up to: whatever lies
half as far rests on nothing but time itself, and so is no bound, however many gaps were added to it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from factstore.units import Ticks

ORIGIN = 0
#: Where time itself ends, either way, in ticks. A gap or a length has at most 2^61, and a ledger fewer than 2^28 of them.
BEYOND = Ticks(2**90)
#: Whatever lies so far out rests on nothing but time itself.
NO_BOUND = Ticks(BEYOND // 2)
#: The constraint that a thing has some length, and the one that time itself is bounded; neither is anybody's claim.
LENGTH, TIME = 0, -1


class Edge(NamedTuple):
    """`time[head] - time[tail] <= weight`, because constraint `by` says so.

    Weights and the distances that they add up to are plain integers, in ticks: in the loops of a search, a type of
    their own would cost a call for each sum.
    """

    tail: int
    head: int
    weight: int
    by: int


class Bounds(NamedTuple):
    """What is known of one thing's ends, inclusive, in ticks; within ±BEYOND, never absent; see `NO_BOUND`."""

    start_min: Ticks
    start_max: Ticks
    end_min: Ticks
    end_max: Ticks


class Support(NamedTuple):
    """For each of the Bounds, the `by` of the constraint that set it."""

    start_min: int
    start_max: int
    end_min: int
    end_max: int


class Known(NamedTuple):
    """What `load` returns for a number: its bounds, what set them, and all edges in force at its two ends.

    Without support it can be walked, but neither changed nor asked why. `place`: where its ends were placed with these
    bounds; only callers use it.
    """

    bounds: Bounds
    support: Support | None
    edges: Collection[Edge]
    place: tuple[Ticks, Ticks] | None = None


UNBOUNDED = Bounds(Ticks(-BEYOND), Ticks(BEYOND - 1), Ticks(1 - BEYOND), BEYOND)
NOTHING_KNOWN = Known(UNBOUNDED, Support(TIME, TIME, TIME, TIME), ())


def start_of(number: int) -> int:
    """The node of a fact's start; node 0 is the origin of time."""
    return 2 * number


def end_of(number: int) -> int:
    """The node of a fact's end."""
    return 2 * number + 1


def number_of(node: int) -> int:
    """The fact of a node, 0 for the origin."""
    return node >> 1


def at_least(node: int, tick: int, by: int) -> Edge:
    """The edge that keeps a node from lying before a tick; `by` is the record that says so."""
    return Edge(node, ORIGIN, -tick, by)


def at_most(node: int, tick: int, by: int) -> Edge:
    """The edge that keeps a node from lying after a tick; `by` is the record that says so."""
    return Edge(ORIGIN, node, tick, by)


def given(number: int) -> tuple[Edge, ...]:
    """The edges of a thing about which nothing is stated: it has some length, and time is bounded."""
    start, end = start_of(number), end_of(number)
    return (
        Edge(end, start, -1, LENGTH),
        at_least(start, UNBOUNDED.start_min, TIME),
        at_most(start, UNBOUNDED.start_max, TIME),
        at_least(end, UNBOUNDED.end_min, TIME),
        at_most(end, UNBOUNDED.end_max, TIME),
    )
