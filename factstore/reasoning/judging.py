"""What contradicts: constraints put in force in rank order; one that contradicts those before it is set aside whole.

What is in force has a solution, and whatever is set aside contradicts a chain of constraints in force that rank before it.
Where both hold, judging everything afresh in rank order would give the same: none of a chain's links can fall before what
it keeps aside, and nothing else is in the way. So only what is new is judged, and what lost a link of its chain; and
where something new contradicts what ranks after it, the last of that gives way, to be judged in its turn.

A constraint that rests on others counts only while these are in force: otherwise it is neither in force nor set aside.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from heapq import heappop, heappush

from factstore.reasoning.chains import constraints_of, irreducible
from factstore.reasoning.constraints import Constraint
from factstore.reasoning.network import Edge, Network

#: So many constraints are followed one by one, as far as each changes anything; more are put in force together.
_FEW = 16
#: So often what contradicts is left out of those that are put in force together, before fewer are.
_TRIES = 3


def _nothing(_: Collection[int]) -> Iterable[Constraint]:
    return ()


class _Turns:
    """Constraints that wait to be judged, the first in rank first, and each after what it rests on."""

    def __init__(self) -> None:
        self._heap: list[tuple[tuple[int, bool, int], Constraint]] = []

    def __len__(self) -> int:
        return len(self._heap)

    def push(self, constraint: Constraint) -> None:
        heappush(self._heap, (constraint.turn, constraint))

    def pop(self) -> Constraint:
        return heappop(self._heap)[-1]

    @property
    def first(self) -> Constraint:
        return self._heap[0][-1]


class Judging:
    """Constraints judged on a network in which others are in force.

    `said` gives the constraints by their `by`, among them all that the edges of a cycle rest on, and `resting` those that
    rest on one. `against` gives those set aside whose chain has one of some links; `aside` is what was set aside before.
    `chains` holds what is set aside now with its chain, an irreducible one that holds itself, and `lifted` what was before
    and was judged again.
    """

    def __init__(
        self,
        network: Network,
        said: Callable[[list[Edge]], Mapping[int, Constraint]],
        resting: Callable[[int], Iterable[Constraint]],
        against: Callable[[Collection[int]], Iterable[Constraint]] = _nothing,
        aside: Collection[int] = (),
    ) -> None:
        self._network = network
        self._said = said
        self._resting = resting
        self._against = against
        self._before = aside
        self._waiting = _Turns()
        self._alone: set[int] = set()
        self.chains: dict[int, list[int]] = {}
        self.lifted: set[int] = set()

    def judge(
        self, fresh: Iterable[Constraint], gone: Collection[Constraint] = (), moved: Collection[int] = ()
    ) -> None:
        """Put in force what contradicts nothing, of fresh constraints and of what those gone or moved in rank kept aside."""
        self._take_out(gone, moved)
        for constraint in gone:
            self._fall(constraint)
        for constraint in fresh:
            self._wait(constraint)
        most = len(self._waiting)
        while self._waiting:
            few = min(most, len(self._waiting)) <= _FEW or not self._goes_with_others(self._waiting.first)
            agreed = self._one(self._waiting.pop()) if few else self._together(most)
            most = 2 * most if agreed else max(1, most // 2)

    def _wait(self, constraint: Constraint) -> None:
        """To be judged, and what rests on it after it."""
        self._waiting.push(constraint)
        for other in self._resting(constraint.by):
            self._waiting.push(other)

    def _goes_with_others(self, constraint: Constraint) -> bool:
        return constraint.by not in self._alone and not constraint.rests

    def _take_out(self, gone: Collection[Constraint], moved: Collection[int] = ()) -> None:
        self._network.remove(sorted(edge for constraint in gone for edge in constraint.edges))
        links = {*moved, *(constraint.by for constraint in gone)}
        for constraint in self._against(links) if links else ():
            if constraint.by not in self.lifted:
                self.lifted.add(constraint.by)
                self._wait(constraint)
        for by in [by for by, chain in self.chains.items() if not links.isdisjoint(chain)] if links else ():
            del self.chains[by]
            self._wait(self._said([])[by])

    def _one(self, constraint: Constraint) -> bool:
        """Judge the first in rank of those that wait. Returns whether it contradicted nothing."""
        if constraint.rests and (self._rests_on_nothing(constraint) or self._network.holds(constraint.edges)):
            return True
        agreed = True
        while cycle := self._network.add(constraint.edges):
            agreed = False
            said = self._said(cycle)
            chain = self._chain(cycle, said)
            last = max((said[by] for by in chain), key=lambda one: one.turn)
            if last.by == constraint.by:
                self.chains[constraint.by] = chain
                self._fall(constraint)
                return agreed
            self._give_way(last)
        if not self.lifted.isdisjoint((constraint.by, *constraint.rests)):
            self._shorten(constraint)
        return agreed

    def _shorten(self, constraint: Constraint) -> None:
        """What rests on others and counts again may make links needless of a chain in which these stand."""
        beside = [{one.by: one for one in self._against([by])} for by in constraint.rests]
        for by in set.intersection(*map(set, beside)) - self.lifted if beside else ():
            self.lifted.add(by)
            self._wait(beside[0][by])

    def _together(self, most: int) -> bool:
        """Put the first of those that wait in force together, but for those that stand last in a cycle, which wait."""
        chosen: dict[int, Constraint] = {}
        while self._waiting and len(chosen) < most and self._goes_with_others(self._waiting.first):
            constraint = self._waiting.pop()
            chosen[constraint.by] = constraint
        for _ in range(_TRIES):
            cycle = self._network.add_all(edge for constraint in chosen.values() for edge in constraint.edges)
            if cycle is None:
                return True
            said = self._said(cycle)
            last = max((said[by] for by in constraints_of(cycle)), key=lambda one: one.turn)
            if chosen.pop(last.by, None):
                self._alone.add(last.by)
                self._waiting.push(last)
            else:
                self._give_way(last)
        for constraint in chosen.values():
            self._waiting.push(constraint)
        return False

    def _chain(self, cycle: list[Edge], said: Mapping[int, Constraint]) -> list[int]:
        """The constraints that a contradiction needs.

        None can be spared, nor anything that one of them rests on: with it goes all that rests on it.
        """
        chain = irreducible(cycle, lambda by: said[by].edges)
        while smaller := self._without_one(chain, said):
            chain = irreducible(smaller, lambda by: said[by].edges)
        return chain

    def _without_one(self, chain: list[int], said: Mapping[int, Constraint]) -> list[Edge] | None:
        """Where anything rests on what a chain states: a cycle that is left when one of that goes, if one is."""
        stated = {one for by in chain for one in said[by].rests or (by,)}
        resting = {other.by: other for by in stated for other in self._resting(by) if stated.issuperset(other.rests)}
        counted = [one for one in resting.values() if one.by in chain or self._network.holds(one.edges)]
        for gone in stated if counted else ():
            left = [*(said[by] for by in stated - {gone}), *(one for one in counted if gone not in one.rests)]
            if cycle := Network().add_all(edge for one in sorted(left, key=lambda one: one.turn) for edge in one.edges):
                return cycle
        return None

    def _give_way(self, constraint: Constraint) -> None:
        """Take out of force what ranks after something that it contradicts, to be judged in its turn."""
        self._take_out([constraint])
        self._fall(constraint)
        self._wait(constraint)

    def _fall(self, constraint: Constraint) -> None:
        """Whatever rests on what is in force no longer neither counts nor is set aside."""
        for other in self._resting(constraint.by):
            if self._network.holds(other.edges):
                self._take_out([other])
            self.chains.pop(other.by, None)
            if other.by in self._before:
                self.lifted.add(other.by)

    def _rests_on_nothing(self, constraint: Constraint) -> bool:
        """Whether something that it rests on is set aside."""
        return any(by in self.chains or (by in self._before and by not in self.lifted) for by in constraint.rests)
