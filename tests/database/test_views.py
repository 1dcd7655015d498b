"""The views say what the library says."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import permutations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factstore.store import Store
from tests.conftest import NewStore
from tests.support.chronologies import Step, documents, steps, take


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    """The rows that anybody gets who opens the file."""
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection.execute(query).fetchall()


@settings(max_examples=25, suppress_health_check=[*HealthCheck])
@given(documents(), st.lists(steps(), max_size=3))
def test_the_pairs_that_only_paths_decide_are_those_of_the_library(
    new_store: NewStore, document: dict[str, Any], history: list[Step]
) -> None:
    store = new_store()
    store.load(document, allow_conflict=True)
    for step in history:
        take(store, step, allow_conflict=True)
    found = set(rows(store, "SELECT a, b FROM certain_before"))
    names = [fact.fact.id for fact in store.timeline]
    certain = {pair for pair in permutations(names, 2) if store.timeline.order(*pair).relations["before"] == "certain"}
    told = "SELECT a.id, b.id FROM placement a JOIN placement b ON a.end_max <= b.start_min"
    by_bounds = set(rows(store, told))
    assert found <= certain - by_bounds
    told_at_once = rows(store, "SELECT id, x FROM came_before")
    assert len(told_at_once) == len({*told_at_once})
    assert {*told_at_once} == found | {pair for pair in by_bounds if {*pair} <= {*names}}
    if not rows(store, "SELECT 1 FROM tie WHERE until IS NULL AND gap_max IS NOT NULL"):
        assert found == certain - by_bounds


def test_each_citation_shows_who_spoke_and_on_whose_behalf(store: Store) -> None:
    speakers = [
        {"id": "kremlin", "name": "The Kremlin", "aliases": ["Kremlin"]},
        {"id": "ushakov", "name": "Yury Ushakov", "of": "kremlin"},
        {"id": "one", "name": "A. Smith"},
        {"id": "other", "name": "A. Smith", "of": "kremlin"},
    ]
    chains = [["ushakov", "Interfax"], ["Kremlin"], ["one"], ["other"], ["A. Smith"], ["readout"], ["Nobody"], []]
    evidence = [{"source": "paper", "quote": f"q{n}", "attribution": chain} for n, chain in enumerate(chains)]
    document = {
        "sources": [{"id": "paper", "publisher": "The Paper"}, {"id": "readout", "publisher": "The Kremlin"}],
        "speakers": speakers,
        "facts": [{"id": "f", "title": "F", "evidence": evidence}],
    }
    store.load(document)
    assert rows(store, "SELECT spoke, origin, attribution FROM citations ORDER BY quote") == [
        ("Yury Ushakov", "The Kremlin", "Yury Ushakov → Interfax"),
        ("Kremlin", "The Kremlin", "Kremlin"),
        ("A. Smith", "one", "A. Smith"),
        ("A. Smith", "The Kremlin", "A. Smith"),
        ("A. Smith", "A. Smith", "A. Smith"),
        ("The Kremlin", "The Kremlin", "The Kremlin"),
        ("Nobody", "Nobody", "Nobody"),
        ("The Paper", "The Paper", "The Paper"),
    ]
    assert rows(store, "SELECT origins, citations FROM timeline") == [(5, 8)]
