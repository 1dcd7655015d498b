"""All distances between a few nodes of a network: what follows from them, and a history that they allow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from factstore.dates.ticks import LIMIT
from factstore.reasoning.edges import ORIGIN, Edge

Certainty = Literal["certain", "possible", "impossible"]


def certainty_of(closure: Mapping[tuple[int, int], int], edges: Collection[Edge]) -> Certainty:
    """Whether all edges follow from a closure (certain), can be added to it together (possible), or neither."""
    if all(closure[edge.tail, edge.head] <= edge.weight for edge in edges):
        return "certain"
    return "impossible" if _added(closure, edges) is None else "possible"


def tightened(closure: Mapping[tuple[int, int], int], edges: Collection[Edge]) -> dict[tuple[int, int], int]:
    """The closure with edges added; the same closure if they contradict it."""
    return _added(closure, edges) or dict(closure)


def history(closure: Mapping[tuple[int, int], int], edges: Collection[Edge]) -> dict[int, int] | None:
    """A time for each node of a closure that includes the origin, such that the edges hold too; None if that is impossible.

    A closure is decomposable: whatever fits it can be completed to a history of the whole network (Dechter, Meiri & Pearl
    1991, section 3). Nodes get their earliest time if it is within the calendar, else their latest if that
    is, else the possible time that is nearest to 1970.
    """
    distance = _added(closure, edges)
    if distance is None:
        return None
    times = {ORIGIN: 0}
    for node in _nodes(closure)[1:]:
        earliest = max(time - distance[node, other] for other, time in times.items())
        latest = min(time + distance[other, node] for other, time in times.items())
        times[node] = earliest if earliest >= -LIMIT else latest if latest <= LIMIT else max(earliest, min(latest, 0))
    return times


def _nodes(closure: Mapping[tuple[int, int], int]) -> list[int]:
    return sorted({node for pair in closure for node in pair})


def _added(closure: Mapping[tuple[int, int], int], edges: Collection[Edge]) -> dict[tuple[int, int], int] | None:
    """The closure with edges added; None if they contradict it."""
    distance, nodes = dict(closure), _nodes(closure)
    for edge in edges:
        distance[edge.tail, edge.head] = min(distance[edge.tail, edge.head], edge.weight)
    _close(distance, nodes)
    return distance if all(distance[node, node] >= 0 for node in nodes) else None


def _close(distance: dict[tuple[int, int], int], nodes: Collection[int]) -> None:
    """Replace distances by the shortest between any two nodes (Floyd & Warshall), in place."""
    for k in nodes:
        for i in nodes:
            for j in nodes:
                distance[i, j] = min(distance[i, j], distance[i, k] + distance[k, j])
