"""Why edges contradict: of the constraints that a negative cycle rests on, those that the contradiction needs.

A simple cycle has no edge too many, but a constraint may give several edges: so constraints are left out whole. All that
the constraints of a cycle say is looked at over one edge without which it has a solution. Shortest distances from where
that edge leads make no edge cost less than nothing (Johnson 1977), and every cycle that contradicts is that edge and a way
back that costs less than the slack, by which the shortest one falls short. So what no such way gets round is needed, and
only the rest is tried.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from factstore.reasoning.network import LENGTH, ORIGIN, TIME, Edge, given, loop_in, number_of


def constraints_of(cycle: Iterable[Edge]) -> list[int]:
    """The constraints that some edges rest on, in their order, each once."""
    return [by for by in dict.fromkeys(edge.by for edge in cycle) if by not in (LENGTH, TIME)]


def irreducible(cycle: Iterable[Edge], edges_of: Callable[[int], Collection[Edge]]) -> list[int]:
    """The constraints of a negative cycle, in its order, less those that the contradiction does not need.

    Dropping any one of those returned leaves the rest with a solution.
    """
    found = list(cycle)
    before = constraints_of(found)
    needed: set[int] = set()
    while smaller := _smaller(found, edges_of, needed):
        found = smaller
    chain = constraints_of(found)
    first = chain.index(next(by for by in before if by in chain))
    return chain[first:] + chain[:first]


def _smaller(cycle: list[Edge], edges_of: Callable[[int], Collection[Edge]], needed: set[int]) -> list[Edge]:
    """A negative cycle over some of the same constraints, or none: then every one of them is `needed`."""
    chain = constraints_of(cycle)
    said = [edge for by in chain for edge in edges_of(by)]
    said += [
        edge for number in {number_of(node) for edge in said for node in edge[:2]} - {ORIGIN} for edge in given(number)
    ]
    # Of a constraint of one edge, what is left has no solution only where the constraint itself can be left out.
    closing = min((edge for edge in cycle if edge.by not in (LENGTH, TIME)), key=lambda edge: len(edges_of(edge.by)))
    place = cycle.index(closing)
    order = list(dict.fromkeys(edge.head for edge in cycle[place:] + cycle[:place]))
    ways = _Ways(closing.head, order, (edge for edge in said if edge != closing))
    if not ways.loop:
        back = ways.to(closing.tail)
        if len(constraints_of([closing, *back])) < len(chain):
            return [closing, *back]
        needed.add(closing.by)
        needed.update(ways.needed(back, -closing.weight - ways.distance[closing.tail]))
    elif len(constraints_of(ways.loop)) < len(chain):
        return ways.loop
    for by in chain:
        if by not in needed:
            if rest := _Ways(ORIGIN, order, (edge for edge in said if edge.by != by)).loop:
                return rest
            needed.add(by)
    return []


@dataclass
class _Ways:
    """The shortest ways from one node along some edges, or a loop of these that is shorter than nothing.

    Nodes are followed in an `order` in which many edges lead, and back again (Bellman & Ford, after Yen 1970).
    """

    source: int
    order: list[int]
    edges: Iterable[Edge]
    distance: dict[int, int] = field(default_factory=dict)
    via: dict[int, Edge] = field(default_factory=dict)
    loop: list[Edge] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._walk: dict[int, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            self._walk[edge.tail].append(edge)
        self.distance[self.source] = 0
        nodes = list(dict.fromkeys((self.source, *self.order, *self._walk)))
        changed = {self.source}
        while changed and not self.loop:
            for node in nodes:
                if node in changed:
                    changed.remove(node)
                    self._follow(node, changed)
            nodes.reverse()
            self.loop = loop_in(self.via, 0)[::-1]

    def _follow(self, node: int, changed: set[int]) -> None:
        distance, here = self.distance, self.distance[node]
        for edge in self._walk[node]:
            there, length = edge.head, here + edge.weight
            if there not in distance or length < distance[there]:
                distance[there], self.via[there] = length, edge
                changed.add(there)

    def to(self, node: int) -> list[Edge]:
        """The shortest way to a node."""
        back = []
        while node != self.source:
            back.append(self.via[node])
            node = back[-1].tail
        return back[::-1]

    def needed(self, way: list[Edge], slack: int) -> set[int]:
        """The constraints of a shortest way's edges that no other way to its end gets round for less than the slack."""
        furthest = accumulate(self._reached(way, slack), max)
        return {edge.by for place, (edge, reached) in enumerate(zip(way, furthest, strict=True)) if reached <= place}

    def _reached(self, way: list[Edge], slack: int) -> Iterable[int]:
        """From each of a shortest way's nodes the furthest at which a detour comes back, over edges that cost less each.

        What one detour met, those from later nodes need not follow: it has led from there wherever they may.
        """
        places = {edge.tail: place for place, edge in enumerate(way)} | {way[-1].head: len(way)}
        met: set[int] = set()
        for place, step in enumerate(way):
            furthest, ahead = place, [step.tail]
            while ahead:
                node = ahead.pop()
                for edge in self._walk[node]:
                    there = edge.head
                    if edge == step or edge.weight + self.distance[node] - self.distance[there] >= slack:
                        continue
                    if there in places:
                        furthest = max(furthest, places[there])
                    elif there not in met:
                        met.add(there)
                        ahead.append(there)
            yield furthest
