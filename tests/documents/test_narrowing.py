"""A part of a document can be loaded on its own: it has all that it needs, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factstore.documents.narrowing import part_of
from factstore.store import Store
from tests.conftest import NewStore

SEED = Path(__file__).parents[2] / "seeds" / "moscow-times-2018-04-02.yaml"


def test_a_part_of_a_dump_loads_by_itself_and_changes_nothing_where_it_came_from(
    store: Store, new_store: NewStore
) -> None:
    store.load(SEED, by="Test")
    facts = {fact.id for fact in store.facts(tag="call")}
    part = json.loads(store.dump("json", only=facts))
    assert not store.load(part, by="Test").tally.count
    other = new_store()
    other.load(part, by="Test")
    assert {fact.id for fact in other.facts()} == facts
    here = {entry["id"]: entry for _, entry in store.entries()}
    for _, entry in other.entries():
        assert entry == here[entry["id"]]
    for name in facts:
        assert [one.origin for one in other.who_says(name)] == [one.origin for one in store.who_says(name)]


@pytest.mark.parametrize("source", [{"title": "The Memo"}, {"id": "the-memo"}, {"publisher": "The Memo"}])
def test_a_speaker_with_the_name_of_a_source_comes_with_it(
    store: Store, new_store: NewStore, source: dict[str, str]
) -> None:
    named = {"id": "m", **source}
    store.load(
        {
            "sources": [named],
            "speakers": [{"id": "ministry", "name": "Ministry"}, {"id": "memo", "name": named.get("title") or "The Memo",
                         "aliases": ["the-memo"], "of": "ministry"}],
            "facts": [{"id": "it", "title": "It", "evidence": [{"source": named["id"]}]}],
        }
    )  # fmt: skip
    other = new_store()
    other.load(json.loads(store.dump("json", only={"it"})), by="Test")
    assert [one.origin for one in other.who_says("it")] == [one.origin for one in store.who_says("it")] == ["Ministry"]


def test_what_facts_need_and_no_more(store: Store) -> None:
    store.load(
        {
            "sources": [
                {"id": "paper", "publisher": "The Paper"},
                {"id": "memo", "seen_through": "paper"},
                {"id": "other"},
                {"id": "read"},
            ],
            "speakers": [
                {"id": "hall", "name": "City Hall"},
                {"id": "mayor", "name": "The mayor", "of": "hall"},
                {"id": "publisher", "name": "The Paper"},
                {"id": "stranger", "name": "Somebody"},
            ],
            "facts": [
                {"id": "a", "title": "A", "evidence": [{"source": "memo", "attribution": ["The mayor", "read"]}]},
                {"id": "b", "title": "B", "evidence": [{"source": "memo"}]},
                {"id": "c", "title": "C", "evidence": [{"source": "other"}]},
            ],
            "orderings": [
                {"fact": "a", "relation": "before", "other": "b"},
                {"fact": "b", "relation": "before", "other": "c"},
            ],
        },
        by="Test",
    )
    found = [entry["id"] for _, entry in part_of(store.entries(), {"a", "b"})]
    assert found == ["paper", "memo", "read", "hall", "mayor", "publisher", "a", "b", "a.before.b"]


def test_no_facts_need_nothing(store: Store) -> None:
    store.load(SEED, by="Test")
    assert [*part_of(store.entries(), set())] == []
