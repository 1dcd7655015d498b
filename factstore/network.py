"""A Simple Temporal Network, always solved: constraints in; bounds, relations and irreducible conflicts out.

A *node* is an end of something that occupies a non-empty half-open time `[start, end)`: `start_of(n)` or
`end_of(n)` for a whole number n ≥ 1. An *edge* says `time[head] - time[tail] <= weight`, in ticks. Node 0 is the
origin of time, so an edge from it is an upper bound and an edge to it a lower one. Every node lies within ±FOREVER,
and every end after its start.

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
from typing import Literal, NamedTuple

from factstore.dates import FOREVER, LIMIT

Certainty = Literal["certain", "possible", "impossible"]

ORIGIN = 0
_PASSES = 64
#: The constraint that a thing has some length, and the one that time itself is bounded; neither is anybody's claim.
LENGTH, TIME = 0, -1


class Edge(NamedTuple):
    """`time[head] - time[tail] <= weight`, because constraint `by` says so."""

    tail: int
    head: int
    weight: int
    by: int


class Bounds(NamedTuple):
    """What is known of one thing's ends, inclusive, in ticks; within ±FOREVER, never absent."""

    start_min: int
    start_max: int
    end_min: int
    end_max: int


class Support(NamedTuple):
    """For each of the Bounds, the constraint that set it."""

    start_min: int
    start_max: int
    end_min: int
    end_max: int


class Known(NamedTuple):
    """What `load` gives of a number: its bounds, what set them, and every edge in force at one of its ends.

    Without support it can be walked, but neither changed nor asked why. `place`: where its two ends were placed with these
    bounds, which is the caller's own.
    """

    bounds: Bounds
    support: Support | None
    edges: Collection[Edge]
    place: tuple[int, int] | None = None


UNBOUNDED = Bounds(-FOREVER, FOREVER - 1, 1 - FOREVER, FOREVER)


def start_of(number: int) -> int:
    return 2 * number


def end_of(number: int) -> int:
    return 2 * number + 1


def number_of(node: int) -> int:
    return node >> 1


def at_least(node: int, tick: int, by: int) -> Edge:
    return Edge(node, ORIGIN, -tick, by)


def at_most(node: int, tick: int, by: int) -> Edge:
    return Edge(ORIGIN, node, tick, by)


# --- relations ----------------------------------------------------------------------------------------------

# Each relation as a conjunction of `p <= q - slack`, over the ends of a and b ("a.end <= b.start" is ("ae", "bs",
# 0)). Allen 1983, "Maintaining knowledge about temporal intervals"; before, starts-before, during and intersects
# are wider.
_MEANING: dict[str, tuple[tuple[str, str, int], ...]] = {
    "before": (("ae", "bs", 0),),
    "starts-before": (("as", "bs", 1),),
    "during": (("bs", "as", 0), ("ae", "be", 0)),
    "intersects": (("as", "be", 1), ("bs", "ae", 1)),
    "equals": (("as", "bs", 0), ("bs", "as", 0), ("ae", "be", 0), ("be", "ae", 0)),
    "meets": (("ae", "bs", 0), ("bs", "ae", 0)),
    "overlaps": (("as", "bs", 1), ("bs", "ae", 1), ("ae", "be", 1)),
    "starts": (("as", "bs", 0), ("bs", "as", 0), ("ae", "be", 1)),
    "finishes": (("ae", "be", 0), ("be", "ae", 0), ("bs", "as", 1)),
}

#: A relation's name when the two things change places.
MIRRORS: dict[str, str] = {
    "after": "before",
    "starts-after": "starts-before",
    "contains": "during",
    "met-by": "meets",
    "overlapped-by": "overlaps",
    "started-by": "starts",
    "finished-by": "finishes",
}
SYMMETRIC = frozenset({"intersects", "equals"})
RELATIONS: tuple[str, ...] = (*_MEANING, *MIRRORS)
# The same as edges: whose the tail is (0: a's, 1: b's) and which end of it, the same of the head, and the weight.
_EDGES = {
    relation: tuple(
        ("ab".index(q[0]), "se".index(q[1]), "ab".index(p[0]), "se".index(p[1]), -slack) for p, q, slack in meaning
    )
    for relation, meaning in _MEANING.items()
}


def relation_edges(a: int, relation: str, b: int, by: int, gap: tuple[int, int | None] = (0, None)) -> tuple[Edge, ...]:
    """The edges that say `a RELATION b`. `gap` bounds `b.start - a.end` in ticks and goes with `before` only."""
    if relation in MIRRORS:
        a, relation, b = b, MIRRORS[relation], a
    if relation == "before":
        least, most = gap
        apart = Edge(start_of(b), end_of(a), -least, by)
        return (apart,) if most is None else (apart, Edge(end_of(a), start_of(b), most, by))
    nodes = ((start_of(a), end_of(a)), (start_of(b), end_of(b)))
    return tuple(Edge(nodes[q][end], nodes[p][other], weight, by) for q, end, p, other, weight in _EDGES[relation])


# --- the network --------------------------------------------------------------------------------------------


class _Cycle(Exception):
    """The edges of a negative cycle."""

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
    """See the module's docstring. `load(number)` gives what a store knows of a number, None where it knows nothing."""

    def __init__(self, load: Callable[[int], Known | None] | None = None) -> None:
        self._load = load
        self._loaded: dict[int, Known] = {}
        out: dict[int, list[Edge]] = {}
        into: dict[int, list[Edge]] = {}
        self._upper = _Side(0, 1, out, into)
        self._lower = _Side(1, 0, into, out)
        self._sides = (self._upper, self._lower)
        self._undo: list[tuple[_Side, int, int, Edge]] | None = None
        #: The nodes to which edges lead that were put in force here, and those to which some led that were taken away.
        self.fresh: set[int] = set()
        self.gone: set[int] = set()

    # --- what is known ---

    def known(self, number: int) -> Known:
        """What `load` gave of a number."""
        self._reach(number)
        return self._loaded[number]

    def earliest(self, node: int) -> int:
        """A node's lower bound."""
        self._reach(number_of(node))
        return -self._lower.distance[node]

    def latest(self, node: int) -> int:
        """A node's upper bound."""
        self._reach(number_of(node))
        return self._upper.distance[node]

    def leading_to(self, node: int) -> Sequence[Edge]:
        """The edges in force that bound a node from above, those from the origin too."""
        self._reach(number_of(node))
        return self._upper.back[node]

    def leading_from(self, node: int) -> Sequence[Edge]:
        """The edges in force by which a node bounds others from above, and those to the origin."""
        self._reach(number_of(node))
        return self._upper.walk[node]

    def bounds(self, number: int) -> Bounds:
        """The tightest bounds of a thing's two ends."""
        self._reach(number)
        upper, lower = self._upper.distance, self._lower.distance
        start, end = start_of(number), end_of(number)
        return Bounds(-lower[start], upper[start], -lower[end], upper[end])

    def support(self, number: int) -> Support:
        """The constraint that set each of those bounds."""
        self._reach(number)
        upper, lower = self._upper.via, self._lower.via
        start, end = start_of(number), end_of(number)
        return Support(lower[start].by, upper[start].by, lower[end].by, upper[end].by)

    def changed(self) -> Iterator[int]:
        """The numbers whose bounds or supports are not those that `load` gave, in order."""
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
        """Put a constraint's edges in force, all of them, or none: then a negative cycle comes back, edge after edge."""
        self._undo = []
        added: list[Edge] = []
        try:
            for edge in edges:
                self._insert(edge)
                added.append(edge)
                for side in self._sides:
                    self._tighten(side, edge)
        except _Cycle as cycle:
            self._roll_back(added)
            return cycle.edges
        finally:
            self._undo = None
        return None

    def add_all(self, edges: Iterable[Edge]) -> bool:
        """Put many edges in force together, or none: False comes back where they contradict, or are too tangled for it.

        The bounds are those that `add` gives one constraint at a time, in far less work for many that lean on each other.
        """
        added = list(edges)
        self._undo = []
        try:
            for edge in added:
                self._insert(edge)
            if all(self._settle(side, added) for side in self._sides):
                return True
            self._roll_back(added)
        finally:
            self._undo = None
        return False

    def _roll_back(self, added: list[Edge]) -> None:
        for edge in added:
            self._delete(edge)
        for side, node, distance, via in reversed(self._undo or ()):
            side.distance[node], side.via[node] = distance, via

    def _settle(self, side: _Side, added: list[Edge]) -> bool:
        """Relax what new edges can reach until nothing changes, in walking order (Bellman & Ford, after Yen 1970).

        Stated orders rarely run in circles, so one pass settles nearly all of it and a second one confirms. False where a
        bound is crossed, or where it takes more passes than is worth the while: then `add` judges one at a time.
        """
        distance, other = side.distance, self._other(side).distance
        for edge in added:
            if edge[side.near] == ORIGIN and edge.weight < distance[edge[side.far]]:
                self._set(side, edge[side.far], edge.weight, edge)
        order = self._walking_order(side, {edge[place] for edge in added for place in (0, 1)} - {ORIGIN})
        for _ in range(_PASSES):
            settled = True
            for node in order:
                here = distance[node]
                if here + other[node] < 0:
                    return False
                for edge in side.walk[node]:
                    there = edge[side.far]
                    if there != ORIGIN and here + edge.weight < distance[there]:
                        self._set(side, there, here + edge.weight, edge)
                        settled = False
            if settled:
                return True
        return False

    def _walking_order(self, side: _Side, sources: set[int]) -> list[int]:
        """Everything that a walk reaches from some nodes, each before those that it leads to where there is no circle."""
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
                    there = edge[side.far]
                    if there not in seen:
                        seen.add(there)
                        self._reach(number_of(there))
                        stack.append((there, iter(side.walk[there])))
                        break
                else:
                    stack.pop()
                    found.append(node)
        return found[::-1]

    def remove(self, edges: Iterable[Edge]) -> None:
        """Take edges out of force, and let go what they held."""
        gone = list(edges)
        for edge in gone:
            for node in edge[:2]:
                self._reach(number_of(node))
            self._delete(edge)
        self.gone.update(edge.head for edge in gone)
        for side in self._sides:
            self._loosen(side, gone)

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
        """Follow a new edge as far as it brings nodes nearer. Each node is settled once, greatest change first."""
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
                there = onward[side.far]
                if there == ORIGIN:
                    continue
                if there not in distance:
                    self._reach(number_of(there))
                change = distance[node] + onward.weight - distance[there]
                if change < 0:
                    heappush(heap, (change, there, onward))
        if crossed != ORIGIN:  # only now: the way back to the origin is free of loops if the edge closed none
            raise _Cycle([*self.why(crossed, True), *self.why(crossed, False)])

    def _loosen(self, side: _Side, gone: list[Edge]) -> None:
        """Let the nodes whose distance rested on edges that are gone find the next best, least change first."""
        distance, via = side.distance, side.via
        held: set[int] = set()
        stack = [edge[side.far] for edge in gone if via.get(edge[side.far]) == edge]
        while stack:
            node = stack.pop()
            if node in held:
                continue
            held.add(node)
            for edge in side.walk[node]:
                there = edge[side.far]
                if there != ORIGIN:
                    self._reach(number_of(there))
                    if via[there] == edge:
                        stack.append(there)
        heap: list[tuple[int, int, Edge]] = []
        for node in held:
            for edge in (_time_edge(side, node), *side.back[node]):
                here = edge[side.near]
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
                there = edge[side.far]
                if there in held:
                    heappush(heap, (distance[node] + edge.weight - distance[there], there, edge))

    def _other(self, side: _Side) -> _Side:
        return self._lower if side is self._upper else self._upper

    def _set(self, side: _Side, node: int, distance: int, via: Edge) -> None:
        if self._undo is not None:
            self._undo.append((side, node, side.distance[node], side.via[node]))
        side.distance[node], side.via[node] = distance, via

    # --- paths that avoid the origin ---

    def paths(self, source: int, *, backward: bool = False) -> Iterator[tuple[int, int, Edge | None]]:
        """Each node with its shortest distance from the source (backward: to it) over paths that avoid the origin.

        Left out is what the bounds alone decide as well: a walk stops where the way through the origin is no longer.
        Nearest first by reduced distance; the source comes first, with 0 and no edge, every other with its last edge.
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
                there, weight = edge[far], edge[2]
                if there == ORIGIN or there in done:
                    continue
                if there not in distance:
                    self._reach(number_of(there))
                onward = length + weight
                if onward < distance[there] + through:
                    heappush(heap, (here + weight + potential[there], there, onward, edge))

    def descending(self, source: int) -> Iterator[tuple[int, int]]:
        """The nodes that are certainly no later than the source, with their upper bounds, the latest bound first.

        For networks without a positive edge between nodes, that is without a greatest gap: there every node that a walk
        reaches is no later, and no upper bound is later than the one before it, so the first can be told without the rest.
        """
        self._reach(number_of(source))
        upper, walk = self._upper.distance, self._upper.walk
        seen = {ORIGIN, source}
        heap = [(-upper[source], source)]
        while heap:
            bound, node = heappop(heap)
            yield node, -bound
            for _, there, _, _ in walk[node]:
                if there not in seen:
                    seen.add(there)
                    if there not in upper:
                        self._reach(number_of(there))
                    heappush(heap, (-upper[there], there))

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

    def relations(self, a: int, b: int) -> dict[str, Certainty]:
        """How a and b stand in time: each relation certain, possible or impossible.

        Possible: the network keeps a solution with all the relation's edges added together. Certain: each of them
        follows.
        """
        ends = (start_of(a), end_of(a), start_of(b), end_of(b))
        closure = self.distances(ends)
        return {relation: judge(closure, relation_edges(a, relation, b, TIME)) for relation in RELATIONS}

    # --- bringing in what a store knows ---

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
    """Time itself: a start lies in [-FOREVER, FOREVER), an end in (-FOREVER, FOREVER]."""
    if side.near == 0:
        return Edge(ORIGIN, node, FOREVER - (node % 2 == 0), TIME)
    return Edge(node, ORIGIN, FOREVER - (node % 2 == 1), TIME)


NOTHING_KNOWN = Known(UNBOUNDED, Support(TIME, TIME, TIME, TIME), ())


# --- small networks, whole ----------------------------------------------------------------------------------


def judge(closure: Mapping[tuple[int, int], int], edges: Collection[Edge]) -> Certainty:
    """Whether the edges, all of them, follow from a closure, can be added to it, or neither."""
    if all(closure[edge.tail, edge.head] <= edge.weight for edge in edges):
        return "certain"
    nodes = sorted({node for pair in closure for node in pair})
    distance = dict(closure)
    for edge in edges:
        distance[edge.tail, edge.head] = min(distance[edge.tail, edge.head], edge.weight)
    _close(distance, nodes)
    return "possible" if all(distance[node, node] >= 0 for node in nodes) else "impossible"


def irreducible(cycle: Iterable[Edge], edges_of: Callable[[int], Collection[Edge]]) -> list[int]:
    """The constraints of a negative cycle, in its order, less those that the contradiction does not need.

    A simple cycle has no edge too many, but a constraint may give several edges: so constraints are tried whole.
    Dropping any one of those returned leaves the rest with a solution.
    """
    chain = [by for by in dict.fromkeys(edge.by for edge in cycle) if by not in (LENGTH, TIME)]
    network = Network()

    def needless(low: int, high: int) -> slice | None:
        """A part of chain[low:high] without which the rest contradicts still; all but chain[low:high] is in force."""
        if high - low == 1:
            return None
        middle = (low + high) // 2
        for part, others in ((slice(low, middle), slice(middle, high)), (slice(middle, high), slice(low, middle))):
            added: list[Edge] = []
            found = None
            for by in chain[others]:
                if network.add(edges_of(by)) is not None:
                    found = part
                    break
                added += edges_of(by)
            found = found or needless(part.start, part.stop)
            network.remove(added)
            if found:
                return found
        return None

    while found := needless(0, len(chain)):
        del chain[found]
    return chain


def history(closure: Mapping[tuple[int, int], int], edges: Collection[Edge]) -> dict[int, int] | None:
    """A time for each node of a closure that holds the origin, such that the edges hold too; None where none can.

    A closure is decomposable: whatever fits it can be completed to a history of the whole network (Dechter, Meiri & Pearl
    1991, section 3). Nodes are put at their earliest time where they have one within the calendar, else at their latest.
    """
    nodes = sorted({node for pair in closure for node in pair})
    distance = dict(closure)
    for edge in edges:
        distance[edge.tail, edge.head] = min(distance[edge.tail, edge.head], edge.weight)
    _close(distance, nodes)
    if any(distance[node, node] < 0 for node in nodes):
        return None
    times = {ORIGIN: 0}
    for node in nodes[1:]:
        earliest = max(time - distance[node, other] for other, time in times.items())
        latest = min(time + distance[other, node] for other, time in times.items())
        times[node] = earliest if earliest >= -LIMIT else latest if latest <= LIMIT else max(earliest, min(latest, 0))
    return times


def _close(distance: dict[tuple[int, int], int], nodes: Collection[int]) -> None:
    """Shortest distances between every two nodes (Floyd & Warshall), in place."""
    for k in nodes:
        for i in nodes:
            for j in nodes:
                distance[i, j] = min(distance[i, j], distance[i, k] + distance[k, j])
