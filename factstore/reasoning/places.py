"""Where facts stand in a timeline: one history that all constraints in force allow, so that no stated order is broken.

An end that has an earliest time is placed there. Any other is placed as late as its bounds and the places of the others
allow: what happened "by 1983" is placed in 1983, and what is only known to come before something, just before that. All
places together are a solution: earliest times are one, and with those ends fixed, so is the maximum of all solutions, since
solutions of difference constraints are closed under maximum. What has no limit is *undated* and is placed beyond any date;
so is what is limited only by the day of a report, which says when somebody wrote of it and not when it happened.

Places are shortest distances from the origin and from the ends that have an earliest time, through those that have none.
Earliest times are the potential of the search (Johnson 1977), and they order the undated among themselves. After a change,
only ends that may move later are placed from scratch: those that a removed constraint led to, and those that depend on them.
All others can only move earlier.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from factstore.reasoning.edges import NO_BOUND, ORIGIN, UNBOUNDED, Bounds, Edge, end_of, number_of, start_of
from factstore.reasoning.network import Network
from factstore.units import Ticks

#: The place of an end that never comes; never that of a start.
NEVER = Ticks(2**63 - 1)
#: No date is further out; undated ends are placed beyond it.
FURTHEST = Ticks(2**62)


class Place(NamedTuple):
    """The places of a fact's ends, in ticks within 64 bits; beyond 2^62 if nothing dates them."""

    start: Ticks
    end: Ticks


def is_dated(place: Ticks) -> bool:
    """Whether an end with this place is dated."""
    return place <= FURTHEST


def is_earliest(tick: Ticks) -> bool:
    """Whether a lower bound rests on more than time itself; that of an end that never comes does."""
    return tick >= -NO_BOUND


def earliest(network: Network, node: int) -> int | None:
    """The earliest time of an end; None if it has none."""
    tick = network.earliest(node)
    return tick if tick >= -NO_BOUND else None


def latest(network: Network, node: int) -> int | None:
    """The latest time of an end; None if it has none."""
    tick = network.latest(node)
    return tick if tick <= NO_BOUND else None


def place_facts(network: Network, facts: Collection[int], changed: Iterable[int]) -> dict[int, Place]:
    """The places of some facts, and of all others that have moved.

    `changed`: the facts that are new, or whose bounds differ from those with which they were last placed.
    """
    history = _History(network)
    history.follow([end for fact in changed for end in (start_of(fact), end_of(fact))])
    return {fact: history.place(fact) for fact in {*facts, *history.moved()}}


def place_untied(fact: int, bounds: Bounds, edges: Iterable[Edge]) -> Place:
    """The place of a fact that no ordering ties to others, from the edges that gave it these bounds."""
    if is_earliest(bounds.start_min):
        return Place(bounds.start_min, bounds.end_min if _comes(bounds.end_min) else NEVER)
    network = Network()
    network.add(edges)
    return place_facts(network, [fact], [fact])[fact]


def _comes(tick: int) -> bool:
    """Whether an end with this earliest time can come at all."""
    return tick < UNBOUNDED.end_max


def _as_earliest(tick: int) -> int:
    """The place of an end at its earliest time."""
    return tick if _comes(tick) else NEVER


class _History:
    """The places of ends, recomputed from those before a change. An end without an earliest time is *floating*."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._risen: set[int] = set()
        self._limits: dict[int, int] = {}
        self._dated: set[int] = set()

    def follow(self, changed: Collection[int]) -> None:
        """Place the ends whose bounds or constraints changed, and those that depend on them."""
        network = self._network
        self._let_rise(changed)
        entered = {*network.fresh, *network.gone, *self._risen, *changed}
        edges = [edge for node in entered if self._floats(node) for edge in network.leading_to(node)]
        edges += [edge for node in changed for edge in self._onward(node)]
        self._limit(edges)
        self._date(edges)

    def place(self, fact: int) -> Place:
        return Place._make((self._stands(start_of(fact)), self._stands(end_of(fact))))

    def moved(self) -> Iterator[int]:
        """The facts that may have moved."""
        return (number_of(node) for node in {*self._risen, *self._limits, *self._dated})

    def _stands(self, node: int) -> int:
        tick = earliest(self._network, node)
        if tick is not None:
            return _as_earliest(tick)
        limit = self._limit_of(node)
        if limit is not None and self._is_dated(node):
            return max(limit, -NEVER)
        return min(FURTHEST + 1 + self._network.earliest(node) - UNBOUNDED.start_min, NEVER - 1)

    # --- what is known about an end so far ---

    def _floats(self, node: int) -> bool:
        return node != ORIGIN and self._network.earliest(node) < -NO_BOUND

    def _onward(self, node: int) -> Iterator[Edge]:
        """The edges from an end to floating ones."""
        return (edge for edge in self._network.leading_from(node) if self._floats(edge.head))

    def _before(self, node: int) -> int | None:
        """The place of an end before the change; None if it had none or was undated."""
        place = self._network.known(number_of(node)).place
        return None if place is None or not is_dated(place[node & 1]) else place[node & 1]

    def _limit_of(self, node: int) -> int | None:
        """The latest time that an end may have; None if there is no limit."""
        tick = earliest(self._network, node)
        if tick is not None:
            return tick if _comes(tick) else None
        if node in self._limits:
            return self._limits[node]
        if node in self._risen:
            return None
        before = self._before(node)
        if before is not None:
            return before
        # It was undated, so only reports lead to it, and not through an end that is dated: its limit is its latest time.
        return latest(self._network, node)

    def _is_dated(self, node: int) -> bool:
        tick = earliest(self._network, node)
        if tick is not None:
            return _comes(tick)
        return node in self._dated or (node not in self._risen and self._before(node) is not None)

    # --- what changes ---

    def _let_rise(self, changed: Iterable[int]) -> None:
        """Forget the places of floating ends that may move later or become undated. Ends that were undated cannot."""
        ahead = []
        for node in {*changed, *self._network.gone} - {ORIGIN}:
            if self._floats(node):
                if self._network.gone and self._before(node) is not None:
                    self._risen.add(node)
                    ahead.append(node)
            elif (before := self._before(node)) is not None and before < self._network.earliest(node):
                ahead.append(node)
        while ahead:
            for edge in self._onward(ahead.pop()):
                if edge.head not in self._risen and self._before(edge.head) is not None:
                    self._risen.add(edge.head)
                    ahead.append(edge.head)

    def _limit(self, edges: Iterable[Edge]) -> None:
        """Follow limits as far as they make places earlier, starting with the one nearest to its end's earliest time."""
        heap: list[tuple[int, int, int]] = []

        def offer(edge: Edge) -> None:
            limit = edge.weight
            if edge.tail != ORIGIN:
                tail = self._limit_of(edge.tail)
                if tail is None:
                    return
                limit += tail
            known = self._limit_of(edge.head)
            if known is None or limit < known:
                self._limits[edge.head] = limit
                heappush(heap, (limit - self._network.earliest(edge.head), edge.head, limit))

        for edge in edges:
            offer(edge)
        while heap:
            _, node, limit = heappop(heap)
            if self._limits[node] == limit:
                for edge in self._onward(node):
                    offer(edge)

    def _date(self, edges: Iterable[Edge]) -> None:
        """Find the ends that something more than a report leads to; those are dated."""
        ahead = [edge for edge in edges if self._dates(edge)]
        while ahead:
            node = ahead.pop().head
            if not self._is_dated(node):
                self._dated.add(node)
                ahead += self._onward(node)

    def _dates(self, edge: Edge) -> bool:
        # Bounds from the origin are those of a date if the fact itself states them, else those of reports.
        return edge.by == number_of(edge.head) if edge.tail == ORIGIN else self._is_dated(edge.tail)
