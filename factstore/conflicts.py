"""Why edges contradict: of a negative cycle, the constraints that the contradiction needs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from factstore.network import LENGTH, TIME, Edge, Network


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
