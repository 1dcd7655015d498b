"""Why edges contradict each other: those constraints of a negative cycle that the contradiction needs.

A simple cycle has no spare edge, but a constraint may have several edges, so constraints are dropped as a whole. Take all
edges of the cycle's constraints, and one edge without which they have a solution. With the shortest distances from that
edge's head as potentials, no other edge has a negative cost (Johnson 1977). Each contradiction is then that edge and a path
back that costs less than the slack, which is by how much the shortest path back falls short. So a constraint that all such
paths use is needed, and only the others have to be tried one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from factstore.reasoning.edges import LENGTH, ORIGIN, TIME, Edge, given, number_of
from factstore.reasoning.network import loop_in


def constraints_of(cycle: Iterable[Edge]) -> list[int]:
    """The constraints that some edges belong to, in order and without repetition."""
    return [by for by in dict.fromkeys(edge.by for edge in cycle) if by not in (LENGTH, TIME)]


def irreducible(cycle: Iterable[Edge], edges_of: Callable[[int], Collection[Edge]]) -> list[int]:
    """The constraints of a negative cycle, in its order, without those that the contradiction does not need.

    If any one of those returned is dropped, the rest have a solution.
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
    """A negative cycle over fewer of the same constraints; empty if there is none, and then all of them are in `needed`."""
    chain = constraints_of(cycle)
    edges = [edge for by in chain for edge in edges_of(by)]
    edges += [
        edge for number in {number_of(node) for edge in edges for node in edge[:2]} - {ORIGIN} for edge in given(number)
    ]
    # If a constraint has one edge only, the rest lack a solution only if the constraint can be dropped.
    closing = min((edge for edge in cycle if edge.by not in (LENGTH, TIME)), key=lambda edge: len(edges_of(edge.by)))
    place = cycle.index(closing)
    order = list(dict.fromkeys(edge.head for edge in cycle[place:] + cycle[:place]))
    ways = _Ways(closing.head, order, (edge for edge in edges if edge != closing))
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
            if rest := _Ways(ORIGIN, order, (edge for edge in edges if edge.by != by)).loop:
                return rest
            needed.add(by)
    return []


@dataclass
class _Ways:
    """The shortest paths from one node along some edges, or a negative loop among the edges.

    Nodes are relaxed in an `order` that most edges follow, then in reverse (Bellman & Ford, after Yen 1970).
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
            head, length = edge.head, here + edge.weight
            if head not in distance or length < distance[head]:
                distance[head], self.via[head] = length, edge
                changed.add(head)

    def to(self, node: int) -> list[Edge]:
        """The shortest path to a node."""
        back = []
        while node != self.source:
            back.append(self.via[node])
            node = back[-1].tail
        return back[::-1]

    def needed(self, way: list[Edge], slack: int) -> set[int]:
        """The constraints of a shortest path that no detour avoids at a cost below the slack."""
        furthest = accumulate(self._reached(way, slack), max)
        return {edge.by for place, (edge, reached) in enumerate(zip(way, furthest, strict=True)) if reached <= place}

    def _reached(self, way: list[Edge], slack: int) -> Iterable[int]:
        """For each node of a shortest path, the furthest node at which a detour that costs less than the slack rejoins it.

        A detour consists of edges that cost less than the slack each. One from a later node need not go on where an earlier
        one has been, since that one has gone wherever it leads.
        """
        places = {edge.tail: place for place, edge in enumerate(way)} | {way[-1].head: len(way)}
        met: set[int] = set()
        for place, step in enumerate(way):
            furthest, ahead = place, [step.tail]
            while ahead:
                node = ahead.pop()
                for edge in self._walk[node]:
                    head = edge.head
                    if edge == step or edge.weight + self.distance[node] - self.distance[head] >= slack:
                        continue
                    if head in places:
                        furthest = max(furthest, places[head])
                    elif head not in met:
                        met.add(head)
                        ahead.append(head)
            yield furthest
