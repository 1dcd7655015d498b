"""A Simple Temporal Network, always solved: constraints in; bounds, paths and negative cycles out.

The terms (nodes, edges, bounds) are in `edges`.

What always holds between two calls: the constraints in force have a solution, and each node's bounds are the
tightest that follow from them, each with the edge that set it. So three questions need no search at all (earliest,
latest, why), and the earliest times are one consistent history, which makes them potentials for shortest paths
(Johnson 1977).

Bounds are shortest paths from and to the origin, and a contradiction is a negative cycle (Dechter, Meiri & Pearl
1991, "Temporal constraint networks"). An edge added or taken away is followed only as far as bounds change, nearest
change first, with the old bounds as potentials (Ramalingam, Song, Joskowicz & Miller 1999, "Solving systems of
difference constraints incrementally"; Cesta & Oddi 1996, "Gaining efficiency and flexibility in the simple temporal
problem").

The network may be larger than memory: `load` brings in what is known of a number when a walk first reaches it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from factstore.reasoning.edges import (
    BEYOND,
    LENGTH,
    NOTHING_KNOWN,
    ORIGIN,
    TIME,
    Bounds,
    Edge,
    Known,
    Support,
    end_of,
    number_of,
    start_of,
)


def loop_in(via: Mapping[int, Edge], near: int) -> list[Edge]:
    """The edges of a loop among supports, if any: from each node on to the one at place `near` of its edge in `via`."""
    seen: dict[int, int] = {}
    for turn, node in enumerate(via):
        while node in via and node not in seen:
            seen[node] = turn
            node = via[node][near]
        if node in via and seen[node] == turn:
            loop = [via[node]]
            while loop[-1][near] != node:
                loop.append(via[loop[-1][near]])
            return loop
    return []


class _Cycle(Exception):
    """The edges of a negative closed walk."""

    def __init__(self, edges: list[Edge]) -> None:
        super().__init__()
        self.edges = edges


@dataclass(slots=True)
class _Side:
    """Shortest distances from the origin along the edges, or to it against them.

    `near` and `far` are the places of the two nodes in an Edge, in walking direction. `walk[n]` are the edges that lead
    away from n, `back[n]` those that lead to it.
    """

    near: int
    far: int
    walk: dict[int, list[Edge]]
    back: dict[int, list[Edge]]
    distance: dict[int, int] = field(default_factory=lambda: {ORIGIN: 0})
    via: dict[int, Edge] = field(default_factory=dict)


class Network:
    """See the module's docstring. `load(number)` returns what a store knows about a number, or None."""

    def __init__(self, load: Callable[[int], Known | None] | None = None) -> None:
        self._load = load
        self._loaded: dict[int, Known] = {}
        out: dict[int, list[Edge]] = {}
        into: dict[int, list[Edge]] = {}
        self._upper = _Side(0, 1, out, into)
        self._lower = _Side(1, 0, into, out)
        self._sides = (self._upper, self._lower)
        self._undo: list[tuple[_Side, int, int, Edge]] | None = None
        #: The heads of edges that were put in force here, and of edges that were taken away.
        self.fresh: set[int] = set()
        self.gone: set[int] = set()

    # --- what is known ---

    def known(self, number: int) -> Known:
        """What `load` returned for a number."""
        self._reach(number)
        return self._loaded[number]

    def earliest(self, node: int) -> int:
        """A node's lower bound."""
        distance = self._lower.distance
        if node not in distance:
            self._reach(number_of(node))
        return -distance[node]

    def latest(self, node: int) -> int:
        """A node's upper bound."""
        distance = self._upper.distance
        if node not in distance:
            self._reach(number_of(node))
        return distance[node]

    def leading_to(self, node: int) -> Sequence[Edge]:
        """The edges in force that bound a node from above, including those from the origin."""
        if node not in self._upper.back:
            self._reach(number_of(node))
        return self._upper.back[node]

    def leading_from(self, node: int) -> Sequence[Edge]:
        """The edges in force by which a node bounds others from above, including those to the origin."""
        if node not in self._upper.walk:
            self._reach(number_of(node))
        return self._upper.walk[node]

    def bounds(self, number: int) -> Bounds:
        """The tightest bounds of a thing's two ends."""
        self._reach(number)
        upper, lower = self._upper.distance, self._lower.distance
        start, end = start_of(number), end_of(number)
        return Bounds._make((-lower[start], upper[start], -lower[end], upper[end]))

    def support(self, number: int) -> Support:
        """The constraint that set each of those bounds."""
        self._reach(number)
        upper, lower = self._upper.via, self._lower.via
        start, end = start_of(number), end_of(number)
        return Support(lower[start].by, upper[start].by, lower[end].by, upper[end].by)

    def changed(self) -> Iterator[int]:
        """The numbers whose bounds or supports differ from those that `load` returned, in order."""
        for number in sorted(self._loaded):
            known = self._loaded[number]
            if self.bounds(number) != known.bounds or self.support(number) != known.support:
                yield number

    def why(self, node: int, upper: bool) -> list[Edge]:
        """The edges whose sum is the node's upper (or lower) bound, from the origin to it (or from it to the origin)."""
        side = self._upper if upper else self._lower
        return self._walk(side, list(self._until(side, node, ORIGIN)))

    def _until(self, side: _Side, node: int, last: int) -> Iterator[Edge]:
        """The supporting edges back from a node to one that it rests on."""
        while node != last:
            self._reach(number_of(node))
            edge = side.via[node]
            yield edge
            node = edge[side.near]

    def _walk(self, side: _Side, back: list[Edge]) -> list[Edge]:
        """Supporting edges in the order of the edges' own direction, each from where the one before it led."""
        return back[::-1] if side is self._upper else back

    # --- constraints ---

    def add(self, edges: Iterable[Edge]) -> list[Edge] | None:
        """Put a constraint's edges in force, all or none. If none, returns the edges of a negative cycle in order."""
        return self._put_in_force(edges, self._tighten)

    def add_all(self, edges: Iterable[Edge]) -> list[Edge] | None:
        """Put many edges in force together, all or none. If none, returns the edges of a negative closed walk in order.

        The bounds are those that `add` would give, one constraint at a time; it is faster for many interdependent ones.
        """
        return self._put_in_force(edges, None)

    def _put_in_force(self, edges: Iterable[Edge], follow: Callable[[_Side, Edge], None] | None) -> list[Edge] | None:
        """Put edges in force and `follow` each at once, or relax from all together; take them back if they close a cycle."""
        self._undo = []
        added: list[Edge] = []
        try:
            for edge in edges:
                self._insert(edge)
                added.append(edge)
                if follow:
                    for side in self._sides:
                        follow(side, edge)
            if not follow:
                for side in self._sides:
                    self._relax(side, added)
        except _Cycle as cycle:
            self._roll_back(added)
            return cycle.edges
        finally:
            self._undo = None
        return None

    def _roll_back(self, added: list[Edge]) -> None:
        for edge in added:
            self._delete(edge)
        for side, node, distance, via in reversed(self._undo or ()):
            side.distance[node], side.via[node] = distance, via

    def _relax(self, side: _Side, added: list[Edge]) -> None:
        """Relax what new edges can reach until nothing changes, in walking order (Bellman & Ford, after Yen 1970).

        Stated orders rarely form cycles, so one pass does nearly everything. A negative cycle shows as a loop among supports
        (Cherkassky & Goldberg 1999, "Negative-cycle detection algorithms"), or makes a node's bounds cross.
        """
        distance, other = side.distance, self._other(side).distance
        changed = {edge[side.near] for edge in added} - {ORIGIN}
        for edge in added:
            if edge[side.near] == ORIGIN and edge.weight < distance[edge[side.far]]:
                self._set(side, edge[side.far], edge.weight, edge)
                changed.add(edge[side.far])
        order = self._walking_order(side, {edge[place] for edge in added for place in (0, 1)} - {ORIGIN})
        while changed:
            for node in order:
                if node not in changed:
                    continue
                changed.remove(node)
                here = distance[node]
                if here + other[node] < 0:
                    raise _Cycle(self._crossing(side, node))
                for edge in side.walk[node]:
                    target = edge[side.far]
                    if target != ORIGIN and here + edge.weight < distance[target]:
                        self._set(side, target, here + edge.weight, edge)
                        changed.add(target)
            if changed and (loop := loop_in(side.via, side.near)):
                raise _Cycle(self._walk(side, loop))

    def _crossing(self, side: _Side, node: int) -> list[Edge]:
        """The edges of a negative closed walk through a node whose bounds have crossed; its supports may form a loop."""
        back: dict[int, Edge] = {}
        here = node
        while here != ORIGIN:
            if here in back:
                return self._walk(side, loop_in(back, side.near))
            self._reach(number_of(here))
            back[here] = side.via[here]
            here = back[here][side.near]
        return [*self.why(node, True), *self.why(node, False)]

    def _walking_order(self, side: _Side, sources: set[int]) -> list[int]:
        """All nodes that a walk reaches from some nodes, in topological order except where there are cycles."""
        found: list[int] = []
        seen = {ORIGIN}
        for source in sorted(sources):
            if source in seen:
                continue
            seen.add(source)
            stack = [(source, iter(side.walk[source]))]
            while stack:
                node, onward = stack[-1]
                for edge in onward:
                    target = edge[side.far]
                    if target not in seen:
                        seen.add(target)
                        self._reach(number_of(target))
                        stack.append((target, iter(side.walk[target])))
                        break
                else:
                    stack.pop()
                    found.append(node)
        return found[::-1]

    def remove(self, edges: Iterable[Edge]) -> None:
        """Take edges out of force, and loosen the bounds that rested on them."""
        gone = list(edges)
        for edge in gone:
            for node in edge[:2]:
                self._reach(number_of(node))
            self._delete(edge)
        self.gone.update(edge.head for edge in gone)
        for side in self._sides:
            self._loosen(side, gone)

    def holds(self, edges: Iterable[Edge]) -> bool:
        """Whether all the edges are in force."""
        for edge in edges:
            for node in edge[:2]:
                self._reach(number_of(node))
            beside = self._upper.walk[edge.tail] if edge.tail != ORIGIN else self._upper.back[edge.head]
            if edge not in beside:
                return False
        return True

    def _insert(self, edge: Edge) -> None:
        for node in edge[:2]:
            self._reach(number_of(node))
        if edge.tail != ORIGIN:
            self._upper.walk[edge.tail].append(edge)
        if edge.head != ORIGIN:
            self._upper.back[edge.head].append(edge)
            self.fresh.add(edge.head)

    def _delete(self, edge: Edge) -> None:
        if edge.tail != ORIGIN:
            self._upper.walk[edge.tail].remove(edge)
        if edge.head != ORIGIN:
            self._upper.back[edge.head].remove(edge)

    def _tighten(self, side: _Side, edge: Edge) -> None:
        """Follow a new edge as far as it shortens distances. Each node is settled once, greatest change first."""
        distance = side.distance
        tail, head = edge[side.near], edge[side.far]
        if head == ORIGIN:
            return  # it is followed on the other side
        other = self._other(side).distance
        change = distance[tail] + edge.weight - distance[head]
        if change >= 0:
            return
        heap = [(change, head, edge)]
        crossed = ORIGIN
        while heap:
            change, node, step = heappop(heap)
            if distance[step[side.near]] + step.weight >= distance[node]:
                continue  # settled by an earlier, nearer step
            if node == tail:
                raise _Cycle(self._walk(side, [step, *self._until(side, step[side.near], tail)]))
            self._set(side, node, distance[node] + change, step)
            if distance[node] + other[node] < 0:
                crossed = node
            for onward in side.walk[node]:
                target = onward[side.far]
                if target == ORIGIN:
                    continue
                if target not in distance:
                    self._reach(number_of(target))
                change = distance[node] + onward.weight - distance[target]
                if change < 0:
                    heappush(heap, (change, target, onward))
        if crossed != ORIGIN:  # only now: unless the edge closed a loop, the path back to the origin has none
            raise _Cycle(self._crossing(side, crossed))

    def _loosen(self, side: _Side, gone: list[Edge]) -> None:
        """Give the nodes whose distance rested on edges that are gone their next best one, least change first."""
        distance, via = side.distance, side.via
        held: set[int] = set()
        stack = [edge[side.far] for edge in gone if via.get(edge[side.far]) == edge]
        while stack:
            node = stack.pop()
            if node in held:
                continue
            held.add(node)
            for edge in side.walk[node]:
                target = edge[side.far]
                if target != ORIGIN:
                    if target not in distance:
                        self._reach(number_of(target))
                    if via[target] == edge:
                        stack.append(target)
        heap: list[tuple[int, int, Edge]] = []
        for node in held:
            for edge in (_time_edge(side, node), *side.back[node]):
                here = edge[side.near]
                if here not in distance:
                    self._reach(number_of(here))
                if here not in held:
                    heappush(heap, (distance[here] + edge.weight - distance[node], node, edge))
        while heap:
            change, node, step = heappop(heap)
            if node not in held:
                continue
            held.remove(node)
            before = distance[node]
            self._set(side, node, before + change, step)
            for edge in side.walk[node]:
                target = edge[side.far]
                if target in held:
                    heappush(heap, (distance[node] + edge.weight - distance[target], target, edge))

    def _other(self, side: _Side) -> _Side:
        return self._lower if side is self._upper else self._upper

    def _set(self, side: _Side, node: int, distance: int, via: Edge) -> None:
        if self._undo is not None:
            self._undo.append((side, node, side.distance[node], side.via[node]))
        side.distance[node], side.via[node] = distance, via

    # --- paths that avoid the origin ---

    def paths(self, source: int, *, backward: bool = False) -> Iterator[tuple[int, int, Edge | None]]:
        """Each node with its shortest distance from the source (backward: to it) over paths that avoid the origin.

        Nodes about which the bounds alone say as much are left out: a walk stops where the path through the origin is as
        short. Nearest first by reduced distance; the source comes first, with 0 and no edge, the others with their last edge.
        """
        side = self._lower if backward else self._upper
        self._reach(number_of(source))
        walk, far, distance, potential = side.walk, side.far, side.distance, self._other(side).distance
        through = potential[source]
        done: set[int] = set()
        heap: list[tuple[int, int, int, Edge | None]] = [(0, source, 0, None)]
        while heap:
            reduced, node, length, step = heappop(heap)
            if node in done:
                continue
            done.add(node)
            yield node, length, step
            here = reduced - potential[node]
            for edge in walk[node]:
                target, weight = edge[far], edge[2]
                if target == ORIGIN or target in done:
                    continue
                if target not in distance:
                    self._reach(number_of(target))
                onward = length + weight
                if onward < distance[target] + through:
                    heappush(heap, (here + weight + potential[target], target, onward, edge))

    def descending(self, source: int) -> Iterator[tuple[int, int]]:
        """The nodes that are certainly no later than the source, with their upper bounds, the latest bound first.

        Only for networks without a positive edge between nodes, that is, without a greatest gap. There, all nodes that a walk
        reaches are no later, and upper bounds never rise along it, so the first can be found without the rest.
        """
        self._reach(number_of(source))
        upper, walk = self._upper.distance, self._upper.walk
        seen = {ORIGIN, source}
        heap = [(-upper[source], source)]
        while heap:
            bound, node = heappop(heap)
            yield node, -bound
            for _, target, _, _ in walk[node]:
                if target not in seen:
                    seen.add(target)
                    if target not in upper:
                        self._reach(number_of(target))
                    heappush(heap, (-upper[target], target))

    def distances(self, nodes: Collection[int]) -> dict[tuple[int, int], int]:
        """The closure over a few nodes: `time[v] - time[u]` is at most `distances[u, v]`, and no less follows."""
        closure: dict[tuple[int, int], int] = {}
        for node in nodes:
            self._reach(number_of(node))
        for u in nodes:
            for v in nodes:
                closure[u, v] = 0 if u == v else self._upper.distance[v] + self._lower.distance[u]
            if u == ORIGIN:
                continue
            for v, length, _ in self.paths(u):
                if (u, v) in closure:
                    closure[u, v] = min(closure[u, v], length)
        return closure

    # --- loading what a store knows ---

    def _reach(self, number: int) -> None:
        if number == ORIGIN or number in self._loaded:
            return
        known = (self._load(number) if self._load else None) or NOTHING_KNOWN
        start, end = start_of(number), end_of(number)
        out, into = self._upper.walk, self._upper.back
        length = Edge(end, start, -1, LENGTH)
        out[start], out[end], into[start], into[end] = [], [length], [length], []
        for edge in known.edges:
            tail, head, _, _ = edge
            if tail in (start, end):
                out[tail].append(edge)
            if head in (start, end):
                into[head].append(edge)
        (start_min, start_max, end_min, end_max), support, *_ = known
        upper, lower = self._upper.distance, self._lower.distance
        upper[start], upper[end], lower[start], lower[end] = start_max, end_max, -start_min, -end_min
        if support is not None:
            for side, start_by, end_by in (
                (self._upper, support.start_max, support.end_max),
                (self._lower, support.start_min, support.end_min),
            ):
                for node, by in ((start, start_by), (end, end_by)):
                    side.via[node] = next((edge for edge in side.back[node] if edge.by == by), _time_edge(side, node))
        self._loaded[number] = known


def _time_edge(side: _Side, node: int) -> Edge:
    """Time itself: a start lies in [-BEYOND, BEYOND), an end in (-BEYOND, BEYOND]."""
    if side.near == 0:
        return Edge(ORIGIN, node, BEYOND - (node % 2 == 0), TIME)
    return Edge(node, ORIGIN, BEYOND - (node % 2 == 1), TIME)
