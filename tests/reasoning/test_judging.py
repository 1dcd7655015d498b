"""Judging only what changed has the same result as judging everything afresh in rank order."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from factstore.reasoning.constraints import Constraint
from factstore.reasoning.edges import Edge, at_most, end_of, start_of
from factstore.reasoning.judging import Judging
from factstore.reasoning.network import Network
from factstore.reasoning.relations import relation_edges
from tests.reasoning.test_network import NUMBERS, THINGS, brute_bounds, closure_of, solved
from tests.support.strategies import network_steps

#: What a commit does to one constraint: gives it another rank or other edges, removes it, or brings it (back).
ACTIONS = ("rank", "edges", "both", "gone")


@dataclass
class Kept:
    """A network with the live constraints, and those of them that are set aside."""

    live: dict[int, Constraint] = field(default_factory=dict)
    aside: dict[int, list[int]] = field(default_factory=dict)
    network: Network = field(default_factory=Network)

    def commit(self, after: dict[int, Constraint]) -> Judging:
        """Judge what differs, as a commit does."""
        before, self.live = self.live, after
        changed = {by for by in before.keys() | after.keys() if before.get(by) != after.get(by)}
        moved = {
            by
            for by in changed & before.keys() & after.keys()
            if self.stood(before[by]) and before[by].edges == after[by].edges
        }

        def against(links: Collection[int]) -> Iterable[Constraint]:
            return [after[by] for by, chain in self.aside.items() if {*links} & {*chain} and by in after]

        judging = Judging(self.network, lambda cycle: after, self.resting_on, against, self.aside)
        judging.lifted.update(changed & self.aside.keys())
        judging.judge(
            [after[by] for by in changed - moved if by in after],
            [before[by] for by in changed - moved if by in before and self.stood(before[by])],
            moved,
        )
        self.aside = {by: chain for by, chain in self.aside.items() if by not in judging.lifted} | judging.chains
        return judging

    def resting_on(self, by: int) -> list[Constraint]:
        return [one for one in self.live.values() if by in one.rests]

    def stood(self, constraint: Constraint) -> bool:
        """Whether it was in force before."""
        return {constraint.by, *constraint.rests}.isdisjoint(self.aside)

    def active(self, chosen: Iterable[int], item: int) -> list[Edge]:
        """The edges of some constraints, and of those that rest on these alone, but for what is set aside beside an item."""
        there = {*chosen}
        there |= {
            by
            for by, one in self.live.items()
            if one.rests
            and there.issuperset(one.rests)
            and by not in self.aside.keys() - {item}
            and one.turn <= self.live[item].turn
        }
        return [edge for by in there for edge in self.live[by].edges]

    def check(self) -> None:
        in_force: dict[int, tuple[Edge, ...]] = {}
        aside = set()
        for constraint in sorted(self.live.values(), key=lambda one: one.turn):
            if not in_force.keys() >= {*constraint.rests}:
                continue
            wanted = in_force | {constraint.by: constraint.edges}
            if closure_of(edge for edges in wanted.values() for edge in edges) is None:
                aside.add(constraint.by)
            else:
                in_force = wanted
        assert self.aside.keys() == aside
        closure = solved(in_force)
        for number in THINGS:
            assert self.network.bounds(number) == brute_bounds(closure, number)
        for by, chain in self.aside.items():
            assert by in chain
            assert {*chain} - {by} <= in_force.keys()
            assert max((self.live[link] for link in chain), key=lambda one: one.turn).by == by
            stated = {one for link in chain for one in self.live[link].rests or (link,)}
            assert closure_of(self.active(stated, by)) is None
            for gone in stated:
                assert closure_of(self.active(stated - {gone}, by)) is not None


@given(
    network_steps(NUMBERS, most=30),
    st.lists(
        st.lists(st.tuples(st.integers(0, 40), st.sampled_from(ACTIONS), st.integers(0, 60)), max_size=4), max_size=5
    ),
)
@settings(max_examples=60)
def test_after_any_changes_what_is_set_aside_follows_from_rank_order(
    steps: list[int | tuple[Edge, ...]], commits: list[list[tuple[int, str, int]]]
) -> None:
    said = [step for step in steps if not isinstance(step, int)]
    every = {edges[0].by: Constraint(rank, edges[0].by, edges) for rank, edges in enumerate(said, start=10)}
    # Some rest on two others, and rank with the later.
    for one, a, b in [*zip([*every], [*every][1:], [*every][2:], strict=False)][::4]:
        edges = tuple(edge._replace(by=-one) for edge in every.pop(one).edges)
        every[-one] = Constraint(max(every[a].rank, every[b].rank), -one, edges, (a, b))
    kept, later = Kept(), count(100)
    kept.commit(dict(every))
    kept.check()
    for commit in commits if every else ():
        after = dict(kept.live)
        for turn, action, number in commit:
            by = [*every][turn % len(every)]
            rank, _, edges, rests = after.get(by, every[by])
            if action == "gone" and by in after:
                for other in [other for other, one in after.items() if by in (other, *one.rests)]:
                    del after[other]
                continue
            if not after.keys() >= {*rests}:
                continue
            if action in ("rank", "both"):
                rank = number  # a constraint that rests on others takes its rank from them
            if action in ("edges", "both"):
                rank = next(later)  # a changed constraint gets a new rank
                edges = tuple(edge._replace(by=by) for edge in said[number % len(said)])
            after[by] = Constraint(rank, by, edges, rests)
        for resting in [one for one in after.values() if one.rests]:
            after[resting.by] = resting._replace(rank=max(after[by].rank for by in resting.rests))
        kept.commit(after)
        kept.check()


def test_what_keeps_its_chain_is_not_judged_again() -> None:
    ring = [relation_edges(a, "before", b, 10 + a) for a, b in ((1, 2), (2, 3), (3, 1))]
    kept = Kept()
    kept.commit({edges[0].by: Constraint(rank, edges[0].by, edges) for rank, edges in enumerate(ring)})
    assert kept.aside.keys() == {13}
    beside = Constraint(20, 20, (at_most(end_of(4), 5, 20),))
    assert kept.commit(kept.live | {20: beside}).lifted == set()
    assert kept.commit({by: held for by, held in kept.live.items() if by != 20}).lifted == set()
    assert kept.commit({by: held for by, held in kept.live.items() if by != 11}).lifted == {13}
    assert kept.aside == {}


def test_many_that_agree_are_put_in_force_together_and_those_that_contradict_alone() -> None:
    added: list[int] = []

    class Counting(Network):
        def add(self, edges: Iterable[Edge]) -> list[Edge] | None:
            edges = list(edges)
            added.append(edges[0].by)
            return super().add(edges)

    chain = [Constraint(n, n, relation_edges(n, "before", n + 1, n)) for n in range(1, 200)]
    closing = Constraint(300, 300, relation_edges(200, "before", 1, 300))
    after = [Constraint(n, n, (at_most(start_of(n - 400), 10**6, n),)) for n in range(401, 600)]
    said = {constraint.by: constraint for constraint in (*chain, closing, *after)}
    judging = Judging(Counting(), lambda cycle: said, lambda by: ())
    judging.judge(said.values())
    assert added == [300]
    assert sorted(judging.chains) == [300]
    assert len(judging.chains[300]) == 200
