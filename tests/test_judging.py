"""Judging what changed gives what judging everything afresh in rank order would give."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from factstore.judging import Judging
from factstore.network import Edge, Network, at_most, end_of, start_of
from factstore.relations import relation_edges
from factstore.timeline import Constraint
from tests.strategies import network_steps
from tests.test_network import NUMBERS, THINGS, brute_bounds, closure_of, solved

#: What a commit does to one constraint: give it another rank, other edges, take it away, or bring it (back).
ACTIONS = ("rank", "edges", "both", "gone")


@dataclass
class Kept:
    """A network with what is live, and what of it is set aside."""

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
            if by not in self.aside and before[by].edges == after[by].edges
        }

        def against(links: Collection[int]) -> Iterable[Constraint]:
            return [after[by] for by, chain in self.aside.items() if {*links} & {*chain} and by in after]

        judging = Judging(self.network, lambda cycle: after, against)
        judging.lifted.update(changed & self.aside.keys())
        judging.judge(
            [after[by] for by in changed - moved if by in after],
            [before[by] for by in changed - moved if by in before and by not in self.aside],
            moved,
        )
        self.aside = {by: chain for by, chain in self.aside.items() if by not in judging.lifted} | judging.chains
        return judging

    def check(self) -> None:
        in_force: dict[int, tuple[Edge, ...]] = {}
        aside = set()
        for constraint in sorted(self.live.values()):
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
            assert max(self.live[link] for link in chain).by == by
            assert closure_of(edge for link in chain for edge in self.live[link].edges) is None
            for dropped in chain:
                rest = [edge for link in chain if link != dropped for edge in self.live[link].edges]
                assert closure_of(rest) is not None


@given(
    network_steps(NUMBERS, most=30),
    st.lists(
        st.lists(st.tuples(st.integers(0, 40), st.sampled_from(ACTIONS), st.integers(0, 60)), max_size=4), max_size=5
    ),
)
@settings(max_examples=60)
def test_after_any_changes_that_is_set_aside_which_rank_order_says(
    steps: list[int | tuple[Edge, ...]], commits: list[list[tuple[int, str, int]]]
) -> None:
    said = [step for step in steps if not isinstance(step, int)]
    every = {edges[0].by: Constraint(rank, edges[0].by, edges) for rank, edges in enumerate(said, start=10)}
    kept = Kept()
    kept.commit(dict(every))
    kept.check()
    for commit in commits if every else ():
        after = dict(kept.live)
        for turn, action, number in commit:
            by = [*every][turn % len(every)]
            rank, _, edges = after.get(by, every[by])
            if action == "gone" and by in after:
                del after[by]
                continue
            if action in ("rank", "both"):
                rank = number
            if action in ("edges", "both"):
                edges = tuple(edge._replace(by=by) for edge in said[number % len(said)])
            after[by] = Constraint(rank, by, edges)
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
    judging = Judging(Counting(), lambda cycle: said)
    judging.judge(said.values())
    assert added == [300]
    assert sorted(judging.chains) == [300]
    assert len(judging.chains[300]) == 200
