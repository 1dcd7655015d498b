"""Places in a timeline, compared with the latest of all histories, found by brute force, and with the stated orders."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factstore import picture
from factstore.reasoning.edges import BEYOND, ORIGIN, Edge, Known, at_most, end_of, number_of, start_of
from factstore.reasoning.network import Network
from factstore.reasoning.places import NEVER, Place, is_dated, place_facts
from factstore.reasoning.relations import relation_edges
from factstore.rendering import markdown, text
from factstore.repository.filter import Filter
from factstore.store import Store
from factstore.units import Ticks
from tests.conftest import NewStore
from tests.reasoning.test_network import NODES, NUMBERS, THINGS, InForce, all_edges, closure_of
from tests.support.strategies import NetworkStep, network_steps

#: A constraint of a date has the number of its fact, one of evidence any other.
EVIDENCE = 1000


def place_by_brute_force(in_force: InForce) -> dict[int, Place]:
    """All ends with an earliest time are fixed there; the others get the latest time that is then possible."""
    edges = all_edges(in_force)
    closure = closure_of(edges)
    assert closure is not None
    earliest = {node: -closure[node, ORIGIN] for node in NODES}
    held = [at_most(node, tick, 1) for node, tick in earliest.items() if tick > -BEYOND // 2]
    whole = closure_of([*edges, *held])
    bare = closure_of([*(edge for edge in edges if edge.tail != ORIGIN or edge.by == number_of(edge.head)), *held])
    assert whole is not None
    assert bare is not None

    def stands(node: int) -> Ticks:
        if earliest[node] > -BEYOND // 2:
            return Ticks(earliest[node] if earliest[node] < BEYOND else NEVER)
        return Ticks(
            max(whole[ORIGIN, node], -NEVER)
            if bare[ORIGIN, node] < BEYOND // 2
            else 2**62 + 1 + earliest[node] + BEYOND
        )

    return {number: Place(stands(start_of(number)), stands(end_of(number))) for number in THINGS}


@st.composite
def chronologies(draw: st.DrawFn, most: int = 9) -> list[NetworkStep]:
    """Networks whose dates have the number of their fact, with reports beside them."""
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
        elif step[0].by not in in_force:
            refused = [network.add(step) for network in networks]
            if not any(refused):
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
    assert place_facts(network, THINGS, THINGS) == place_by_brute_force(in_force)


@given(chronologies())
def test_places_solve_the_network_and_break_no_stated_order(steps: list[NetworkStep]) -> None:
    network, in_force = taken(steps)
    places = place_facts(network, THINGS, THINGS)
    time = {ORIGIN: 0} | {2 * number + end: place[end] for number, place in places.items() for end in (0, 1)}
    time = {node: -BEYOND if tick == -NEVER else tick for node, tick in time.items()}
    for edge in all_edges(in_force):
        if edge.tail == ORIGIN and not is_dated(Ticks(time[edge.head])):
            assert edge.by >= EVIDENCE, "only the day of a report leaves what it bounds undated"
        elif NEVER not in (time[edge.head], time[edge.tail]):
            assert time[edge.head] - time[edge.tail] <= edge.weight, edge
    assert all(place.start < place.end for place in places.values())


class Shelf:
    """A store of a network's result, with its places, from which another network loads what it reaches."""

    def __init__(self, network: Network, in_force: InForce) -> None:
        edges, places = all_edges(in_force), place_facts(network, THINGS, THINGS)
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
def test_after_a_change_everything_is_placed_as_if_placed_afresh(
    earlier: list[NetworkStep], later: list[NetworkStep]
) -> None:
    network, in_force = taken(earlier)
    shelf = Shelf(network, in_force).known
    lazy = Network(shelf.get)
    take(later, in_force, network, lazy)
    changed = [*lazy.changed()]
    moved = place_facts(lazy, changed, changed)
    places = {number: known.place for number, known in shelf.items()} | moved
    assert places == place_by_brute_force(in_force)


def test_a_change_goes_no_further_than_what_it_moves() -> None:
    count = 200
    whole, in_force = Network(), InForce()
    chain: list[NetworkStep] = [relation_edges(n, "before", n + 1, 1000 + n) for n in range(1, count)]
    take([*chain, (at_most(end_of(count), 10, count),)], in_force, whole)
    numbers = range(1, count + 1)
    places = place_facts(whole, numbers, numbers)
    asked: list[int] = []

    def load(number: int) -> Known | None:
        asked.append(number)
        edges = [edge for edge in all_edges(in_force) if number in map(number_of, edge[:2])]
        return Known(whole.bounds(number), whole.support(number), edges, places.get(number))

    lazy = Network(load)
    assert lazy.add(relation_edges(count, "before", count + 1, 5000)) is None
    changed = [*lazy.changed()]
    assert {*place_facts(lazy, changed, changed)} <= {count - 1, count, count + 1}
    assert len(asked) < 6


# --- a chronology -------------------------------------------------------------------------------------------

#: In the order in which they must be listed.
TREE = ["conquest", "mill-opened", "mill-closed", "printed", "well-dug", "well-filled"]


def _fact(name: str, when: str | None = None) -> dict[str, Any]:
    return {"id": name, "title": f"The {name}", "when": when, "evidence": [{"source": "history"}]}


@pytest.fixture(scope="module")
def tree(new_store: NewStore) -> Store:
    store = new_store()
    store.load(
        {
            "sources": [{"id": "history", "title": "A history", "published": "1990"}],
            "facts": [
                _fact("well-filled"),
                _fact("well-dug"),
                _fact("printed", "1990"),
                _fact("mill-opened"),
                _fact("mill-closed", "[..1983]"),
                _fact("conquest", "1066"),
            ],
            "orderings": [
                {"fact": "mill-opened", "relation": "before", "other": "mill-closed"},
                {"fact": "well-dug", "relation": "before", "other": "well-filled"},
            ],
        },
    )
    return store


def names(found: Iterable[Any]) -> list[str]:
    return [one.fact.id for one in found]


def test_facts_without_a_first_day_are_placed_at_their_limit_and_those_limited_only_by_a_report_come_last(
    tree: Store,
) -> None:
    assert names(tree.timeline) == TREE
    assert [found.fact.id for found in tree.timeline if found.fact.undated] == TREE[4:]
    assert [fact.id for fact in tree.facts()] == TREE
    assert [entry["id"] for kind, entry in tree.entries() if kind == "fact"] == TREE
    with closing(sqlite3.connect(tree.path)) as connection:
        found = connection.execute("SELECT id, undated FROM timeline").fetchall()
    assert found == [(name, int(name in TREE[4:])) for name in TREE]
    certain, possible = ["conquest", "printed"], ["mill-opened", "mill-closed", "well-dug", "well-filled"]
    assert names(tree.timeline.overlapping("1001/2000")) == certain + possible


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_pages_of_a_timeline_are_the_whole_on_every_clock(tree: Store, new_store: NewStore, limit: int) -> None:
    store = new_store()
    store.load(json.loads(tree.dump("json")))
    before = store.head().position
    store.correct("mill-closed", {"when": "1050"}, message="misread")
    store.correct("well-dug", {"when": "1900"}, message="found")
    store.withdraw("conquest", message="not ours", allow_unsupported=True)
    for clock, expected in (
        ({"known": before}, TREE),
        ({}, ["mill-opened", "mill-closed", "well-dug", "well-filled", "printed"]),
        ({"published": "1995"}, ["mill-closed", "well-dug", "printed", "mill-opened", "well-filled"]),
    ):
        view = store.at(**clock)
        pages = [view.timeline.all(limit=limit, offset=offset) for offset in range(0, len(expected), limit)]
        assert [name for page in pages for name in names(page)] == expected


def test_undated_facts_are_counted_under_a_heading_of_their_own(tree: Store) -> None:
    facts = [found.fact for found in tree.timeline.all(evidence=True)]
    assert "\n\n2 undated facts:\n  by 1990-12-31            The well-dug\n" in text.facts_text(facts)
    assert not text.facts_text(facts[:4]).count("undated")
    told = markdown.chronology(facts, {source.id: source for source in tree.sources()})
    assert "\n\nUndated (2):\n\n- **by 31 December 1990**: The well-dug" in told
    drawn = picture.scene(tree.at(), picture.Wanted())
    assert [row.title for row in drawn.rows] == [
        *(f"The {name}" for name in TREE[:4]),
        "undated (2)",
        *(f"The {name}" for name in TREE[4:]),
    ]


def test_a_page_of_a_timeline_comes_from_an_index_on_any_clock_of_the_ledger(tree: Store) -> None:
    asked: list[str] = []
    for known in (None, tree.head().position - 1):
        with tree.at(known=known)._asking() as repository:
            raw: Any = repository.connection
            raw.set_trace_callback(asked.append)
            repository.facts(Filter(status=("stands",)), limit=2)
            raw.set_trace_callback(None)
            plans = [step for statement in asked for *_, step in raw.execute(f"EXPLAIN QUERY PLAN {statement}")]
            asked.clear()
        assert any("_place" in step for step in plans)
        assert not any("TEMP B-TREE" in step for step in plans), plans


def test_years_beyond_the_range_of_ticks_are_in_order_with_what_is_stated(new_store: NewStore) -> None:
    store = new_store()
    dates = {
        "fire": "Y-400000",
        "tools": "Y-3000000",
        "painting": "Y-60000",
        "earth": "Y-454E7",
        "sun-dies": "Y5E9",
        "star-dies": "Y1E9",
        "apes": "Y-3000000S2",
    }
    facts = [_fact(name, when) for name, when in dates.items()]
    orderings = [{"fact": "comet", "relation": "before", "other": "sun-dies"}]
    orderings += [{"fact": "moon", "relation": "after", "other": "star-dies"}]
    orderings += [{"fact": "grain", "relation": "before", "other": "fire"}]
    store.load(
        {
            "sources": [{"id": "history", "title": "A history"}],
            "facts": [*facts, *(_fact(name) for name in ("comet", "moon", "grain"))],
            "orderings": orderings,
        }
    )
    told = ["earth", "tools", "apes", "grain", "fire", "painting", "star-dies", "moon", "comet", "sun-dies"]
    assert names(store.timeline) == told
    assert not any(found.fact.undated for found in store.timeline)
