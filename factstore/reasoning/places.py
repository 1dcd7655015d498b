"""Where facts stand in a timeline: one history that all constraints in force allow, so that no stated order is broken.

An end that has an earliest time stands at it. Every other stands as late as the bounds and the places of the others allow:
what happened "by 1983" stands in 1983, and what only came before something stands just before it. Both together are a
solution, since earliest times are one, and the latest of all solutions with these ends fixed is one again (differences are
closed under maximum). What has no limit is *undated* and stands beyond any date; so does what is limited by nothing but the
day of a report, which says when somebody told of it and not when it happened.

Places are shortest distances from the origin and from the ends that have an earliest time, through those that have none.
Earliest times are the potential of the search (Johnson 1977), and they order the undated among themselves. After a change,
only ends that may stand later are placed from nothing: those that constraints led to which are gone, or that lean on such an
end; any other can only come to stand earlier.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from factstore.reasoning.network import NO_BOUND, ORIGIN, UNBOUNDED, Bounds, Edge, Network, end_of, number_of, start_of

#: The place of an end that never comes. No start stands there.
NEVER = 2**63 - 1
#: No date is further out; undated ends stand beyond it.
FURTHEST = 2**62


class Place(NamedTuple):
    """Where a fact's ends stand, in ticks within 64 bits; beyond 2^62 where nothing dates them."""

    start: int
    end: int


def is_dated(place: int) -> bool:
    """Whether an end that stands there is dated, by whatever leads to it."""
    return place <= FURTHEST


def is_earliest(tick: int) -> bool:
    """Whether a lower bound rests on more than time itself, that of an end that never comes too."""
    return tick >= -NO_BOUND


def earliest(network: Network, node: int) -> int | None:
    """The earliest time of an end, None where it has none."""
    tick = network.earliest(node)
    return tick if tick >= -NO_BOUND else None


def latest(network: Network, node: int) -> int | None:
    """The latest time of an end, None where it has none."""
    tick = network.latest(node)
    return tick if tick <= NO_BOUND else None


def settle(network: Network, facts: Collection[int], changed: Iterable[int]) -> dict[int, Place]:
    """The places of some facts, and of all others that stand elsewhere now.

    `changed`: the facts whose bounds are not those with which they were placed before, new ones too.
    """
    history = _History(network)
    history.follow([end for fact in changed for end in (start_of(fact), end_of(fact))])
    return {fact: history.place(fact) for fact in {*facts, *history.moved()}}


def settle_alone(fact: int, bounds: Bounds, edges: Iterable[Edge]) -> Place:
    """The place of a fact that no ordering ties to others, from the edges that gave it these bounds."""
    if is_earliest(bounds.start_min):
        return Place(bounds.start_min, _as_earliest(bounds.end_min))
    network = Network()
    network.add(edges)
    return settle(network, [fact], [fact])[fact]


def _comes(tick: int) -> bool:
    """Whether an end with this earliest time may ever come."""
    return tick < UNBOUNDED.end_max


def _as_earliest(tick: int) -> int:
    """The place of an end at its earliest time."""
    return tick if _comes(tick) else NEVER


class _History:
    """Ends on their way to their places. An end without an earliest time is *floating*."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._risen: set[int] = set()
        self._limits: dict[int, int] = {}
        self._dated: set[int] = set()

    def follow(self, changed: Collection[int]) -> None:
        """Let ends whose bounds changed, and those at which constraints came or went, take their places, and what leans on
        them."""
        network = self._network
        self._let_rise(changed)
        entered = {*network.fresh, *network.gone, *self._risen, *changed}
        edges = [edge for node in entered if self._floats(node) for edge in network.leading_to(node)]
        edges += [edge for node in changed for edge in self._onward(node)]
        self._limit(edges)
        self._date(edges)

    def place(self, fact: int) -> Place:
        return Place(self._stands(start_of(fact)), self._stands(end_of(fact)))

    def moved(self) -> Iterator[int]:
        """The facts that may stand elsewhere."""
        return (number_of(node) for node in {*self._risen, *self._limits, *self._dated})

    def _stands(self, node: int) -> int:
        tick = earliest(self._network, node)
        if tick is not None:
            return _as_earliest(tick)
        limit = self._limit_of(node)
        if limit is not None and self._is_dated(node):
            return max(limit, -NEVER)
        return min(FURTHEST + 1 + self._network.earliest(node) - UNBOUNDED.start_min, NEVER - 1)

    # --- what is known of an end by now ---

    def _floats(self, node: int) -> bool:
        return node != ORIGIN and self._network.earliest(node) < -NO_BOUND

    def _onward(self, node: int) -> Iterator[Edge]:
        """The edges from an end to those that float."""
        return (edge for edge in self._network.leading_from(node) if self._floats(edge.head))

    def _before(self, node: int) -> int | None:
        """Where a dated end stood before the change."""
        place = self._network.known(number_of(node)).place
        return None if place is None or not is_dated(place[node & 1]) else place[node & 1]

    def _limit_of(self, node: int) -> int | None:
        """The latest time that an end may take, None where it may be ever so late."""
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
        # Only reports lead to what is undated, and no end that has a place lies between: its limit is its latest time.
        return latest(self._network, node)

    def _is_dated(self, node: int) -> bool:
        tick = earliest(self._network, node)
        if tick is not None:
            return _comes(tick)
        return node in self._dated or (node not in self._risen and self._before(node) is not None)

    # --- what changes ---

    def _let_rise(self, changed: Iterable[int]) -> None:
        """Forget the places of floating ends that may stand later, or have become undated. What was undated can't rise."""
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
        """Follow limits as far as they make places earlier, the one that is nearest to its earliest time first."""
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
        """Tell the ends to which something leads that is more than a report."""
        ahead = [edge for edge in edges if self._dates(edge)]
        while ahead:
            node = ahead.pop().head
            if not self._is_dated(node):
                self._dated.add(node)
                ahead += self._onward(node)

    def _dates(self, edge: Edge) -> bool:
        # Of the bounds from the origin, a fact's own are those of its date; all others are those of reports.
        return edge.by == number_of(edge.head) if edge.tail == ORIGIN else self._is_dated(edge.tail)
