"""Places in a timeline, held against the greatest of all histories found by brute force, and against the stated orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hypothesis import given
from hypothesis import strategies as st

from factstore.dates import FOREVER, LIMIT
from factstore.network import (
    ORIGIN,
    Edge,
    Known,
    Network,
    at_least,
    at_most,
    end_of,
    number_of,
    relation_edges,
    start_of,
)
from factstore.places import NEVER, Place, is_dated, settle, settle_alone
from tests.strategies import NetworkStep, network_steps
from tests.test_network import NODES, NUMBERS, THINGS, InForce, all_edges, closure_of

#: A constraint of a date has the number of its fact, one of evidence any other.
EVIDENCE = 1000
DAY = 24 * 60 * 60 * 1_000_000


def place_by_brute_force(in_force: InForce) -> dict[int, Place]:
    """Every end with an earliest time held at it: then the latest that is possible for each of the others."""
    edges = all_edges(in_force)
    closure = closure_of(edges)
    assert closure is not None
    earliest = {node: -closure[node, ORIGIN] for node in NODES}
    held = [at_most(node, tick, 1) for node, tick in earliest.items() if tick >= -LIMIT]
    whole = closure_of([*edges, *held])
    bare = closure_of([*(edge for edge in edges if edge.tail != ORIGIN or edge.by == number_of(edge.head)), *held])
    assert whole is not None and bare is not None

    def stands(node: int) -> int:
        if earliest[node] >= -LIMIT:
            return earliest[node] if earliest[node] < FOREVER else NEVER
        return whole[ORIGIN, node] if bare[ORIGIN, node] <= LIMIT else 2 * FOREVER + 1 + earliest[node]

    return {number: Place(stands(start_of(number)), stands(end_of(number))) for number in THINGS}


@st.composite
def chronologies(draw: st.DrawFn, most: int = 9) -> list[NetworkStep]:
    """Networks whose dates bear the number of their fact, with reports beside them."""
    steps = list(draw(network_steps(NUMBERS, most)))
    for turn in range(draw(st.integers(0, 3))):
        report = at_most(start_of(draw(st.sampled_from(THINGS))), draw(st.integers(0, 30)), EVIDENCE + turn)
        steps.insert(draw(st.integers(0, len(steps))), (report,))
    return [step if isinstance(step, int) else tuple(_named(edge) for edge in step) for step in steps]


def _named(edge: Edge) -> Edge:
    if ORIGIN not in edge[:2] or edge.by >= EVIDENCE:
        return edge
    return edge._replace(by=number_of(max(edge.tail, edge.head)))


def take(steps: Iterable[NetworkStep], in_force: InForce, *networks: Network) -> None:
    """Put constraints in force in some networks, one of each name at a time, and take them away again."""
    for step in steps:
        if isinstance(step, int):
            if in_force:
                gone = in_force.pop(list(in_force)[step % len(in_force)])
                for network in networks:
                    network.remove(gone)
        elif step[0].by not in in_force and not any([network.add(step) for network in networks]):
            in_force[step[0].by] = step


def taken(steps: Iterable[NetworkStep]) -> tuple[Network, InForce]:
    network, in_force = Network(), InForce()
    take(steps, in_force, network)
    return network, in_force


@given(chronologies())
def test_places_are_the_latest_history_in_which_ends_that_have_an_earliest_time_stand_at_it(
    steps: list[NetworkStep],
) -> None:
    network, in_force = taken(steps)
    assert settle(network, THINGS, THINGS) == place_by_brute_force(in_force)


@given(chronologies())
def test_places_solve_the_network_and_break_no_stated_order(steps: list[NetworkStep]) -> None:
    network, in_force = taken(steps)
    places = settle(network, THINGS, THINGS)
    time = {ORIGIN: 0} | {2 * number + end: place[end] for number, place in places.items() for end in (0, 1)}
    for edge in all_edges(in_force):
        if edge.tail == ORIGIN and not is_dated(time[edge.head]):
            assert edge.by >= EVIDENCE, "only the day of a report leaves what it bounds undated"
        elif NEVER not in (time[edge.head], time[edge.tail]):
            assert time[edge.head] - time[edge.tail] <= edge.weight, edge
    assert all(place.start < place.end for place in places.values())


class Shelf:
    """A store of what a network came to, with its places, from which another takes what it reaches."""

    def __init__(self, network: Network, in_force: InForce) -> None:
        edges, places = all_edges(in_force), settle(network, THINGS, THINGS)
        self.known = {
            number: Known(
                network.bounds(number),
                network.support(number),
                [edge for edge in edges if number in map(number_of, edge[:2])],
                places[number],
            )
            for number in THINGS
        }


@given(chronologies(), chronologies(most=5))
def test_what_a_change_moves_stands_where_it_would_if_all_were_placed_afresh(
    earlier: list[NetworkStep], later: list[NetworkStep]
) -> None:
    network, in_force = taken(earlier)
    shelf = Shelf(network, in_force).known
    lazy = Network(shelf.get)
    take(later, in_force, network, lazy)
    changed = [*lazy.changed()]
    moved = settle(lazy, changed, changed)
    places = {number: known.place for number, known in shelf.items()} | moved
    assert places == place_by_brute_force(in_force)
