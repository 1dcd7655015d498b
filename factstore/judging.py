"""What contradicts: constraints put in force in rank order; one that contradicts those before it is set aside whole.

What is in force has a solution, and whatever is set aside contradicts a chain of constraints in force that rank before it.
Where both hold, judging everything afresh in rank order would give the same: none of a chain's links can fall before what
it keeps aside, and nothing else is in the way. So only what is new is judged, and what lost a link of its chain; and
where something new contradicts what ranks after it, the last of that gives way, to be judged in its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from heapq import heappop, heappush

from factstore.chains import constraints_of, irreducible
from factstore.network import Edge, Network
from factstore.timeline import Constraint

#: So many constraints are followed one by one, as far as each changes anything; more are put in force together.
_FEW = 16
#: So often what contradicts is left out of those that are put in force together, before fewer are.
_TRIES = 3


def _nothing(links: Collection[int]) -> Iterable[Constraint]:
    return ()


class Judging:
    """Constraints judged on a network in which others are in force.

    `said` gives the constraints by their `by`, among them all that the edges of a cycle rest on. `against` gives those set
    aside whose chain has one of some links. `chains` holds what is set aside with its chain, an irreducible one that holds
    itself, and `lifted` what was and was judged again.
    """

    def __init__(
        self,
        network: Network,
        said: Callable[[list[Edge]], Mapping[int, Constraint]],
        against: Callable[[Collection[int]], Iterable[Constraint]] = _nothing,
    ) -> None:
        self._network = network
        self._said = said
        self._against = against
        self._waiting: list[Constraint] = []
        self._alone: set[int] = set()
        self.chains: dict[int, list[int]] = {}
        self.lifted: set[int] = set()

    def judge(
        self, fresh: Iterable[Constraint], gone: Collection[Constraint] = (), moved: Collection[int] = ()
    ) -> None:
        """Put in force what contradicts nothing, of fresh constraints and of what those gone or moved in rank kept aside."""
        self._take_out(gone, moved)
        for constraint in fresh:
            heappush(self._waiting, constraint)
        most = len(self._waiting)
        while self._waiting:
            few = min(most, len(self._waiting)) <= _FEW or self._waiting[0].by in self._alone
            agreed = self._one(heappop(self._waiting)) if few else self._together(most)
            most = 2 * most if agreed else max(1, most // 2)

    def _take_out(self, gone: Collection[Constraint], moved: Collection[int] = ()) -> None:
        self._network.remove(sorted(edge for constraint in gone for edge in constraint.edges))
        links = {*moved, *(constraint.by for constraint in gone)}
        for constraint in self._against(links) if links else ():
            if constraint.by not in self.lifted:
                self.lifted.add(constraint.by)
                heappush(self._waiting, constraint)

    def _one(self, constraint: Constraint) -> bool:
        """Judge the first in rank of those that wait. Returns whether it contradicted nothing."""
        agreed = True
        while cycle := self._network.add(constraint.edges):
            agreed = False
            said = self._said(cycle)
            chain = irreducible(cycle, lambda by: said[by].edges)  # noqa: B023 (it is called at once)
            last = max(said[by] for by in chain)
            if last.by == constraint.by:
                self.chains[constraint.by] = chain
                break
            self._give_way(last)
        return agreed

    def _together(self, most: int) -> bool:
        """Put the first of those that wait in force together, but for those that stand last in a cycle, which wait."""
        chosen: dict[int, Constraint] = {}
        while self._waiting and len(chosen) < most and self._waiting[0].by not in self._alone:
            constraint = heappop(self._waiting)
            chosen[constraint.by] = constraint
        for _ in range(_TRIES):
            cycle = self._network.add_all(edge for constraint in chosen.values() for edge in constraint.edges)
            if cycle is None:
                return True
            said = self._said(cycle)
            last = max(said[by] for by in constraints_of(cycle))
            if chosen.pop(last.by, None):
                self._alone.add(last.by)
                heappush(self._waiting, last)
            else:
                self._give_way(last)
        for constraint in chosen.values():
            heappush(self._waiting, constraint)
        return False

    def _give_way(self, constraint: Constraint) -> None:
        """Take out of force what ranks after something that it contradicts, to be judged in its turn."""
        self._take_out([constraint])
        heappush(self._waiting, constraint)
