"""The network of times, compared with Floyd and Warshall over everything in force, and with plain intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factstore.dates.ticks import LIMIT
from factstore.reasoning.chains import irreducible
from factstore.reasoning.closure import Certainty, history
from factstore.reasoning.edges import (
    BEYOND,
    LENGTH,
    ORIGIN,
    TIME,
    UNBOUNDED,
    Bounds,
    Edge,
    Known,
    at_least,
    at_most,
    end_of,
    number_of,
    start_of,
)
from factstore.reasoning.network import Network
from factstore.reasoning.relations import MIRRORS, RELATIONS, SYMMETRIC, relation_edges
from tests.support.networks import bounds_at, relations_of
from tests.support.strategies import NetworkStep, network_steps, stated_orders

NUMBERS = 4
THINGS = range(1, NUMBERS + 1)
NODES = [node for number in THINGS for node in (start_of(number), end_of(number))]
FAR = 10**30  # further than any path within time

# What time itself and the length of things say about each end.
GIVEN = [
    edge
    for number in THINGS
    for edge in (
        Edge(end_of(number), start_of(number), -1, LENGTH),
        Edge(ORIGIN, start_of(number), BEYOND - 1, TIME),
        Edge(ORIGIN, end_of(number), BEYOND, TIME),
        Edge(start_of(number), ORIGIN, BEYOND, TIME),
        Edge(end_of(number), ORIGIN, BEYOND - 1, TIME),
    )
]

Closure = dict[tuple[int, int], int]
InForce = dict[int, tuple[Edge, ...]]


# --- the slow way -------------------------------------------------------------------------------------------


def closure_of(edges: Iterable[Edge], *, origin: bool = True) -> Closure | None:
    """All shortest paths (Floyd & Warshall), None if a cycle is negative; without the origin: only paths that avoid it."""
    nodes = [ORIGIN, *NODES] if origin else NODES
    closure = {(u, v): 0 if u == v else FAR for u in nodes for v in nodes}
    for edge in [*GIVEN, *edges]:
        pair = edge.tail, edge.head
        if pair in closure:
            closure[pair] = min(closure[pair], edge.weight)
    for k, i in product(nodes, nodes):
        here = closure[i, k]
        for j in nodes:
            if here + closure[k, j] < closure[i, j]:
                closure[i, j] = here + closure[k, j]
    return closure if all(closure[node, node] >= 0 for node in nodes) else None


def all_edges(in_force: InForce) -> list[Edge]:
    return [edge for edges in in_force.values() for edge in edges]


def solved(in_force: InForce) -> Closure:
    closure = closure_of(all_edges(in_force))
    assert closure is not None
    return closure


def brute_bounds(closure: Closure, number: int) -> Bounds:
    start, end = start_of(number), end_of(number)
    return bounds_at(-closure[start, ORIGIN], closure[ORIGIN, start], -closure[end, ORIGIN], closure[ORIGIN, end])


def assert_contradicts(cycle: list[Edge], said: set[Edge]) -> None:
    """Asserts that the edges are among those stated, lead back to their start, and have a negative sum."""
    assert sum(edge.weight for edge in cycle) < 0
    assert all(one.head == next_.tail for one, next_ in pairwise([*cycle, cycle[0]]))
    assert {*cycle} <= said


def snapshot(network: Network) -> list[object]:
    return [(network.bounds(number), network.support(number)) for number in THINGS]


def replay(network: Network, steps: Iterable[NetworkStep], in_force: InForce | None = None) -> Iterator[InForce]:
    """Take the steps, leaving out what the network refuses. Yields what is in force after each."""
    in_force = {} if in_force is None else in_force
    for step in steps:
        if isinstance(step, int):
            if in_force:
                network.remove(in_force.pop(list(in_force)[step % len(in_force)]))
        elif network.add(step) is None:
            in_force[step[0].by] = step
        yield in_force


def final(steps: Iterable[NetworkStep]) -> tuple[Network, InForce]:
    network, in_force = Network(), InForce()
    for _ in replay(network, steps, in_force):
        pass
    return network, in_force


# --- bounds -------------------------------------------------------------------------------------------------


@given(network_steps(NUMBERS))
def test_bounds_are_the_tightest_that_follow_after_every_step(steps: list[NetworkStep]) -> None:
    network = Network()
    for in_force in replay(network, steps):
        closure = solved(in_force)
        for number in THINGS:
            assert network.bounds(number) == brute_bounds(closure, number)


@given(network_steps(NUMBERS))
def test_a_constraint_is_refused_exactly_where_nothing_solves_it(steps: list[NetworkStep]) -> None:
    network, in_force = Network(), InForce()
    for step in steps:
        if isinstance(step, int):
            for _ in replay(network, [step], in_force):
                pass
            continue
        solvable = closure_of([*all_edges(in_force), *step]) is not None
        before = snapshot(network)
        cycle = network.add(step)
        assert (cycle is None) == solvable
        if cycle is None:
            in_force[step[0].by] = step
            continue
        assert snapshot(network) == before, "a refused constraint left something behind"
        assert_contradicts(cycle, {*all_edges(in_force), *step, *GIVEN})


@given(network_steps(NUMBERS))
def test_why_leads_from_the_origin_to_the_bound(steps: list[NetworkStep]) -> None:
    network, in_force = final(steps)
    closure = solved(in_force)
    for node in NODES:
        to_it, from_it = network.why(node, upper=True), network.why(node, upper=False)
        assert sum(edge.weight for edge in to_it) == closure[ORIGIN, node]
        assert sum(edge.weight for edge in from_it) == closure[node, ORIGIN]
        assert (to_it[0].tail, to_it[-1].head) == (ORIGIN, node)
        assert (from_it[0].tail, from_it[-1].head) == (node, ORIGIN)
        for chain in (to_it, from_it):
            assert all(one.head == next_.tail for one, next_ in pairwise(chain))
            assert {*chain} <= {*all_edges(in_force), *GIVEN}


@given(network_steps(NUMBERS))
def test_a_support_names_the_constraint_of_the_last_edge_of_why(steps: list[NetworkStep]) -> None:
    network, _ = final(steps)
    for number in THINGS:
        start, end = start_of(number), end_of(number)
        assert network.support(number) == (
            network.why(start, upper=False)[0].by,
            network.why(start, upper=True)[-1].by,
            network.why(end, upper=False)[0].by,
            network.why(end, upper=True)[-1].by,
        )


@given(network_steps(NUMBERS), network_steps(NUMBERS))
def test_constraints_put_in_force_together_are_those_put_in_force_one_by_one(
    earlier: list[NetworkStep], later: list[NetworkStep]
) -> None:
    network, in_force = final(earlier)
    before = snapshot(network)
    added = [edge._replace(by=edge.by + 1000) for step in later if not isinstance(step, int) for edge in step]
    closure = closure_of([*all_edges(in_force), *added])
    cycle = network.add_all(added)
    assert (cycle is None) == (closure is not None)
    if closure is None:
        assert cycle is not None
        assert_contradicts(cycle, {*all_edges(in_force), *added, *GIVEN})
        assert snapshot(network) == before, "refused constraints left something behind"
        closure = solved(in_force)
    for number in THINGS:
        assert network.bounds(number) == brute_bounds(closure, number)
        for node in (start_of(number), end_of(number)):
            assert sum(edge.weight for edge in network.why(node, upper=True)) == closure[ORIGIN, node]
            assert sum(edge.weight for edge in network.why(node, upper=False)) == closure[node, ORIGIN]


def test_nothing_is_known_about_an_unmentioned_thing() -> None:
    network = Network()
    assert network.bounds(7) == UNBOUNDED == (-BEYOND, BEYOND - 1, 1 - BEYOND, BEYOND)
    assert network.support(7) == (TIME, TIME, TIME, TIME)


def test_what_never_ends_is_before_nothing() -> None:
    network = Network()
    assert network.add([at_least(end_of(1), BEYOND, 10)]) is None
    assert relations_of(network, 1, 2)["before"] == "impossible"
    assert network.add(relation_edges(1, "before", 2, 11)) is not None


def test_taking_one_of_two_equal_bounds_away_leaves_the_other() -> None:
    network = Network()
    for by in (10, 11):
        assert network.add([at_least(start_of(1), 5, by)]) is None
    network.remove([at_least(start_of(1), 5, 10)])
    assert network.bounds(1).start_min == 5
    assert network.support(1).start_min == 11
    network.remove([at_least(start_of(1), 5, 11)])
    assert network.bounds(1) == UNBOUNDED


# --- contradictions -----------------------------------------------------------------------------------------


@given(network_steps(NUMBERS))
def test_dropping_any_one_of_an_irreducible_conflict_dissolves_it(steps: list[NetworkStep]) -> None:
    network, in_force = Network(), InForce()
    for step in steps:
        if isinstance(step, int):
            for _ in replay(network, [step], in_force):
                pass
            continue
        cycle = network.add(step)
        if cycle is None:
            in_force[step[0].by] = step
            continue
        said = in_force | {step[0].by: step}
        chain = irreducible(cycle, said.__getitem__)
        assert {*chain} <= {edge.by for edge in cycle} - {LENGTH, TIME}
        assert len({*chain}) == len(chain)
        assert closure_of(edge for by in chain for edge in said[by]) is None
        for dropped in chain:
            rest = closure_of(edge for by in chain if by != dropped for edge in said[by])
            assert rest is not None, f"the contradiction does not need {dropped}"


def test_a_constraint_that_others_make_needless_is_dropped_as_a_whole() -> None:
    # 11 alone contradicts 10 over its other edge, so that 12 is needed by the cycle but not by the contradiction.
    said = {
        10: (at_most(end_of(2), 5, 10),),
        11: (at_least(start_of(1), 8, 11), at_least(end_of(2), 9, 11)),
        12: relation_edges(1, "before", 2, 12),
    }
    cycle = [said[11][0], Edge(end_of(1), start_of(1), -1, LENGTH), *said[12], said[10][0]]
    assert irreducible(cycle, said.__getitem__) == [11, 10]


def test_a_conflict_keeps_the_order_of_its_cycle() -> None:
    said = {
        10: (at_least(start_of(1), 8, 10),),
        12: relation_edges(1, "before", 2, 12),
        11: (at_most(end_of(2), 5, 11),),
    }
    network = Network()
    assert network.add(said[10]) is None
    assert network.add(said[11]) is None
    cycle = network.add(said[12])
    assert cycle is not None
    chain = irreducible(cycle, said.__getitem__)
    assert chain in ([10, 12, 11], [12, 10, 11], [11, 12, 10])
    assert chain == [by for by in dict.fromkeys(edge.by for edge in cycle) if by > 0]


def test_a_long_chain_is_reduced_without_trying_each_of_its_links_against_all_the_others() -> None:
    asked: list[int] = []
    said: InForce = {100 + n: relation_edges(n, "before", n + 1, 100 + n) for n in range(1, 128)}
    said[98] = (at_least(start_of(1), 100, 98),)
    said[99] = (at_most(end_of(128), 50, 99),)
    network = Network()
    cycles = [network.add(edges) for edges in said.values()]
    assert cycles[:-1] == [None] * 128

    def edges_of(by: int) -> tuple[Edge, ...]:
        asked.append(by)
        return said[by]

    assert cycles[-1] is not None
    assert {*irreducible(cycles[-1], edges_of)} == {*said}
    assert len(asked) < 4 * 129 * 8  # not its square


# --- relations ----------------------------------------------------------------------------------------------

# The definitions over intervals, of design.md and of Allen (1983).
Span = tuple[int, int]
DEFINED: dict[str, Callable[[Span, Span], bool]] = {
    "before": lambda a, b: a[1] <= b[0],
    "starts-before": lambda a, b: a[0] < b[0],
    "during": lambda a, b: b[0] <= a[0] and a[1] <= b[1],
    "intersects": lambda a, b: max(a[0], b[0]) < min(a[1], b[1]),
    "equals": lambda a, b: a == b,
    "meets": lambda a, b: a[1] == b[0],
    "overlaps": lambda a, b: a[0] < b[0] < a[1] < b[1],
    "starts": lambda a, b: a[0] == b[0] and a[1] < b[1],
    "finishes": lambda a, b: a[1] == b[1] and b[0] < a[0],
}


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_relation_means_what_is_defined_for_every_two_intervals(relation: str) -> None:
    spans = [(start, end) for start in range(5) for end in range(start + 1, 6)]
    seen = set()
    for a, b in product(spans, spans):
        time = {start_of(1): a[0], end_of(1): a[1], start_of(2): b[0], end_of(2): b[1]}
        meant = DEFINED[MIRRORS[relation]](b, a) if relation in MIRRORS else DEFINED[relation](a, b)
        held = all(time[edge.head] - time[edge.tail] <= edge.weight for edge in relation_edges(1, relation, 2, 10))
        assert held == meant, (a, b)
        seen.add(held)
    assert seen == {True, False}


def test_relations_are_the_defined_ones_and_their_mirrors() -> None:
    assert {*RELATIONS} == {*DEFINED, *MIRRORS}
    assert {*MIRRORS.values()} | SYMMETRIC == {*DEFINED}


@given(st.integers(0, 4), st.none() | st.integers(4, 9), st.integers(-3, 12))
def test_a_gap_bounds_the_time_from_the_end_of_the_first_to_the_start_of_the_second(
    least: int, most: int | None, between: int
) -> None:
    held = all(
        ({end_of(1): 0, start_of(2): between}[edge.head] - {end_of(1): 0, start_of(2): between}[edge.tail])
        <= edge.weight
        for edge in relation_edges(2, "after", 1, 10, (least, most))
    )
    assert held == (least <= between and (most is None or between <= most))


@pytest.mark.parametrize("relation", RELATIONS)
def test_no_two_edges_of_a_relation_lead_from_or_to_the_same_end(relation: str) -> None:
    # So the constraint that set a bound names the edge that set it, which is all that a store keeps of it.
    edges = relation_edges(1, relation, 2, 10, (0, 5))
    assert len({edge.head for edge in edges}) == len({edge.tail for edge in edges}) == len(edges)


def brute_certainty(in_force: InForce, a: int, relation: str, b: int) -> Certainty:
    edges = relation_edges(a, relation, b, TIME)
    closure = solved(in_force)
    if all(closure[edge.tail, edge.head] <= edge.weight for edge in edges):
        return "certain"
    return "possible" if closure_of([*all_edges(in_force), *edges]) is not None else "impossible"


@given(network_steps(NUMBERS))
def test_relations_are_certain_where_they_follow_and_possible_where_they_can_be_added_whole(
    steps: list[NetworkStep],
) -> None:
    network, in_force = final(steps)
    expected = {relation: brute_certainty(in_force, 1, relation, 2) for relation in RELATIONS}
    assert relations_of(network, 1, 2) == expected


def test_two_bounds_that_are_each_possible_can_be_impossible_together() -> None:
    # 1 cannot both start and end with 2 while it lasts at most 3 and 2 at least 4.
    network = Network()
    third = relation_edges(1, "before", 3, 10)
    for edges in (third, [Edge(start_of(1), end_of(1), 3, 11)], [Edge(end_of(2), start_of(2), -4, 12)]):
        assert network.add(edges) is None
    relations = relations_of(network, 1, 2)
    assert (relations["starts"], relations["finishes"], relations["equals"]) == ("possible", "possible", "impossible")


def test_a_thing_is_certainly_equal_to_itself_and_never_before() -> None:
    relations = relations_of(Network(), 1, 1)
    assert (relations["equals"], relations["intersects"], relations["before"]) == ("certain", "certain", "impossible")


# --- paths that avoid the origin ----------------------------------------------------------------------------


@given(network_steps(NUMBERS), st.sampled_from(NODES), st.booleans())
def test_paths_are_the_shortest_around_the_origin_wherever_they_say_more_than_bounds_do(
    steps: list[NetworkStep], source: int, backward: bool
) -> None:
    network, in_force = final(steps)
    around, closure = closure_of(all_edges(in_force), origin=False), solved(in_force)
    assert around is not None
    lengths, steps_to = {}, {}
    for node, length, step in network.paths(source, backward=backward):
        assert node not in lengths, "a node came twice"
        lengths[node], steps_to[node] = length, step
    assert next(iter(lengths)) == source
    assert (lengths[source], steps_to[source]) == (0, None)
    for node in NODES:
        way = (node, source) if backward else (source, node)
        through = closure[way[0], ORIGIN] + closure[ORIGIN, way[1]]
        assert (node in lengths) == (around[way] < through or node == source), (
            "it says more than the bounds, or should not"
        )
        if node in lengths:
            assert lengths[node] == around[way]
    for node, step in steps_to.items():
        if step is not None:
            before, after = (step.head, step.tail) if backward else (step.tail, step.head)
            assert after == node
            assert lengths[before] + step.weight == lengths[node]
            assert step in {*all_edges(in_force), *GIVEN}


@given(network_steps(NUMBERS), st.sampled_from(NODES))
def test_descending_gives_all_that_is_no_later_with_the_latest_bound_first(
    steps: list[NetworkStep], source: int
) -> None:
    without_greatest_gaps = [
        tuple(edge for edge in step if ORIGIN in edge[:2] or edge.weight <= 0)
        for step in steps
        if not isinstance(step, int)
    ]
    network, in_force = final(without_greatest_gaps)
    around, closure = closure_of(all_edges(in_force), origin=False), solved(in_force)
    assert around is not None
    found = list(network.descending(source))
    assert sorted(found) == sorted((node, closure[ORIGIN, node]) for node in NODES if around[source, node] < FAR / 2)
    assert all(one >= next_ for (_, one), (_, next_) in pairwise(found))


@given(network_steps(NUMBERS))
def test_distances_are_the_closure(steps: list[NetworkStep]) -> None:
    network, in_force = final(steps)
    closure = solved(in_force)
    assert network.distances(NODES) == {(u, v): closure[u, v] for u in NODES for v in NODES}


# --- histories ----------------------------------------------------------------------------------------------


@given(network_steps(NUMBERS), st.sampled_from(RELATIONS))
def test_a_history_of_two_things_can_be_completed_to_one_of_all(steps: list[NetworkStep], relation: str) -> None:
    network, in_force = final(steps)
    nodes = [ORIGIN, *NODES[:4]]
    said = relation_edges(1, relation, 2, TIME)
    found = history(network.distances(nodes), said)
    if closure_of([*all_edges(in_force), *said]) is None:
        assert found is None
        return
    assert found is not None
    assert {*found} == {*nodes}
    assert found[ORIGIN] == 0
    fixed = [edge(node, found[node], TIME) for node in nodes[1:] for edge in (at_least, at_most)]
    assert closure_of([*all_edges(in_force), *said, *fixed]) is not None


def test_a_history_stays_within_the_calendar_where_it_can() -> None:
    network = Network()
    assert network.add(relation_edges(1, "before", 2, 10)) is None
    assert network.add([at_most(end_of(2), 100, 11)]) is None
    found = history(network.distances([ORIGIN, *NODES[:4]]), [])
    assert found is not None
    assert all(-LIMIT <= time <= LIMIT for time in found.values())


# --- larger than memory -------------------------------------------------------------------------------------


class Shelf:
    """What a store would know, computed completely, and which of it has been asked for."""

    def __init__(self, network: Network, in_force: InForce) -> None:
        edges = all_edges(in_force)
        self.asked: list[int] = []
        self.known = {
            number: Known(
                network.bounds(number),
                network.support(number),
                [edge for edge in edges if number in map(number_of, edge[:2])],
            )
            for number in {number_of(node) for edge in edges for node in edge[:2]} - {ORIGIN}
        }

    def load(self, number: int) -> Known | None:
        assert number not in self.asked, "it was asked for twice"
        self.asked.append(number)
        return self.known.get(number)


@given(network_steps(NUMBERS), network_steps(NUMBERS, most=5))
def test_a_network_that_reads_as_it_goes_is_the_one_in_memory(
    earlier: list[NetworkStep], later: list[NetworkStep]
) -> None:
    whole, in_force = final(earlier)
    shelf = Shelf(whole, in_force)
    was = {number: (whole.bounds(number), whole.support(number)) for number in THINGS}
    lazy = Network(shelf.load)
    later = [step if isinstance(step, int) else tuple(e._replace(by=e.by + 1000) for e in step) for step in later]
    for _, mine in zip(replay(whole, later, {**in_force}), replay(lazy, later, {**in_force}), strict=True):
        in_force = mine
    changed = [*lazy.changed()]
    assert {*changed} <= {*shelf.asked}
    assert changed == [n for n in THINGS if (whole.bounds(n), whole.support(n)) != was[n]]
    closure = solved(in_force)
    for number in THINGS:
        assert lazy.bounds(number) == whole.bounds(number) == brute_bounds(closure, number)
        assert lazy.support(number) == whole.support(number)
    assert relations_of(lazy, 1, 2) == relations_of(whole, 1, 2)


@given(st.lists(stated_orders(NUMBERS, 100), min_size=1, max_size=6), st.sampled_from(NODES), st.booleans())
def test_paths_read_what_they_reach(orders: list[tuple[Edge, ...]], source: int, backward: bool) -> None:
    steps = [tuple(edge._replace(by=100 + n) for edge in edges) for n, edges in enumerate(orders)]
    whole, in_force = final(steps)
    lazy = Network(Shelf(whole, in_force).load)
    assert {*lazy.paths(source, backward=backward)} == {*whole.paths(source, backward=backward)}


def test_a_constraint_that_moves_nothing_reads_nothing_further() -> None:
    whole, in_force = final([relation_edges(n, "before", n + 1, 100 + n) for n in range(1, 4)])
    shelf = Shelf(whole, in_force)
    lazy = Network(shelf.load)
    assert lazy.add(relation_edges(1, "starts-before", 2, 200)) is None
    assert {*shelf.asked} == {1, 2}
    assert [*lazy.changed()] == []


def test_a_change_reads_as_far_as_bounds_change_and_one_step_on() -> None:
    dated = [(at_least(start_of(n), 10 * n, n), at_most(end_of(n), 10 * n + 10, n)) for n in range(1, 21)]
    whole, in_force = Network(), InForce()
    chain = [relation_edges(n, "before", n + 1, 100 + n) for n in range(1, 20)]
    for _ in replay(whole, [*dated, *chain], in_force):
        pass
    shelf = Shelf(whole, in_force)
    lazy = Network(shelf.load)
    assert lazy.add([at_least(start_of(10), 105, 200)]) is None
    assert [*lazy.changed()] == [10]
    assert {*shelf.asked} <= {9, 10, 11}
    lazy.remove([at_least(start_of(10), 105, 200)])
    assert [*lazy.changed()] == []
    assert {*shelf.asked} <= {8, 9, 10, 11, 12}
