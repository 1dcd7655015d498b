"""Contradictions: constraints are put in force in rank order; one that contradicts those before it is set aside as a whole.

The constraints in force have a solution, and each one set aside contradicts a chain of constraints in force that rank before
it. While both hold, judging everything afresh in rank order would have the same result: no link of a chain can be set aside
for something that ranks after it, and nothing else is set aside. So only new constraints are judged, and those whose chain
lost a link. If a new one contradicts constraints that rank after it, the last of these gives way and is judged in its turn.

A constraint that rests on others counts only while these are in force: otherwise it is neither in force nor set aside.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from heapq import heappop, heappush

from factstore.reasoning.chains import constraints_of, irreducible
from factstore.reasoning.constraints import Constraint
from factstore.reasoning.edges import Edge
from factstore.reasoning.network import Network

#: Up to this many constraints are put in force one by one, each followed as far as it changes anything; more go in together.
_FEW = 16
#: How many times constraints that contradict are taken out of a batch before a smaller batch is tried.
_TRIES = 3


def _nothing(_: Collection[int]) -> Iterable[Constraint]:
    return ()


class _Turns:
    """The queue of constraints to be judged: lowest rank first, and each after those that it rests on."""

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
    """Judges constraints on a network in which others are in force.

    What it asks for: `said` returns constraints by their `by`, `resting` those that rest on a constraint, and `against` those
    set aside whose chain includes any of some links; `aside` are those that were set aside before. What it decides: `chains`
    maps each constraint that is now set aside to its chain, which is irreducible and includes the constraint; `lifted` are
    those that were set aside before and were judged again.
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
        """Judge fresh constraints, and those that were kept aside by constraints that are gone or changed rank."""
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
        """Queue a constraint to be judged, and after it those that rest on it."""
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
        """Judge the first constraint of the queue. Returns whether it contradicted nothing."""
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
        """Judge again what has all that this one rests on in its chain: now that it counts, fewer links may do."""
        beside = [{one.by: one for one in self._against([by])} for by in constraint.rests]
        for by in set.intersection(*map(set, beside)) - self.lifted if beside else ():
            self.lifted.add(by)
            self._wait(beside[0][by])

    def _together(self, most: int) -> bool:
        """Put the first constraints of the queue in force together; the last in each contradiction goes back to the queue."""
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

        None can be dropped, nor anything that one of them rests on, since all that rests on it is dropped with it.
        """
        chain = irreducible(cycle, lambda by: said[by].edges)
        while smaller := self._without_one(chain, said):
            chain = irreducible(smaller, lambda by: said[by].edges)
        return chain

    def _without_one(self, chain: list[int], said: Mapping[int, Constraint]) -> list[Edge] | None:
        """A cycle that remains without one of a chain's statements and all that rests on it; None if there is none."""
        stated = {one for by in chain for one in said[by].rests or (by,)}
        resting = {other.by: other for by in stated for other in self._resting(by) if stated.issuperset(other.rests)}
        counted = [one for one in resting.values() if one.by in chain or self._network.holds(one.edges)]
        for gone in stated if counted else ():
            left = [*(said[by] for by in stated - {gone}), *(one for one in counted if gone not in one.rests)]
            if cycle := Network().add_all(edge for one in sorted(left, key=lambda one: one.turn) for edge in one.edges):
                return cycle
        return None

    def _give_way(self, constraint: Constraint) -> None:
        """Take a constraint out of force that contradicts one of lower rank; it is judged again in its turn."""
        self._take_out([constraint])
        self._fall(constraint)
        self._wait(constraint)

    def _fall(self, constraint: Constraint) -> None:
        """Drop all that rests on a constraint that is no longer in force: it neither counts nor is set aside."""
        for other in self._resting(constraint.by):
            if self._network.holds(other.edges):
                self._take_out([other])
            self.chains.pop(other.by, None)
            if other.by in self._before:
                self.lifted.add(other.by)

    def _rests_on_nothing(self, constraint: Constraint) -> bool:
        """Whether any constraint that it rests on is set aside."""
        return any(by in self.chains or (by in self._before and by not in self.lifted) for by in constraint.rests)
