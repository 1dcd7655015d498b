"""What an export contains: which facts, what they rest on, what is left out, and what it was made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from factstore.errors import Refused
from factstore.evidence.stances import STATUSES
from factstore.exchange.extract import Asked, Extract, clean, extract, in_numbers
from factstore.store import Store
from tests.exchange.conftest import HARD


def test_facts_that_stand_or_are_disputed_are_exported_and_the_rest_is_counted(hard_store: Store) -> None:
    found = extract(hard_store, Asked("facts.db"))
    assert {fact.status for fact in found.facts} == {"stands", "disputed"}
    assert found.left_out["denied fact"] == found.left_out["foretold fact"] == found.left_out["withdrawn fact"] == 1
    assert found.left_out["ordering* with facts that are left out"] == 1


def test_other_statuses_are_exported_on_request_and_withdrawn_facts_never(hard: Extract) -> None:
    assert [fact.id for fact in hard.facts][-1] == "some-day"
    assert "gone" not in {fact.id for fact in hard.facts}
    assert hard.left_out == {"withdrawn fact": 1}


def test_facts_are_in_reading_order_with_undated_ones_last(hard: Extract) -> None:
    assert [fact.undated for fact in hard.facts] == sorted(fact.undated for fact in hard.facts)


def test_sources_are_those_cited_named_in_chains_and_seen_through(hard_store: Store) -> None:
    assert [*extract(hard_store, Asked("x", narrowed={"tag": "a"})).sources] == ["gazette", "memo"]
    assert [*extract(hard_store, Asked("x", narrowed={"text": "nobody knows"})).sources] == ["gazette", "memo"]


def test_orderings_between_exported_facts(hard_store: Store, hard: Extract) -> None:
    assert len(hard.orderings) == 2
    assert extract(hard_store, Asked("x", narrowed={"tag": "a"})).orderings == []


def test_nothing_is_refused_in_words(hard_store: Store) -> None:
    with pytest.raises(Refused, match="no such facts"):
        extract(hard_store, Asked("x", narrowed={"tag": "none"}))
    with pytest.raises(Refused, match="1 denied fact"):
        extract(hard_store, Asked("x", narrowed={"text": "It was denied"}))


def test_it_says_what_it_was_made_from(hard_store: Store) -> None:
    head = hard_store.head()
    asked = Asked(
        "facts.db", clock={"known": None, "published": "1990", "held": None}, narrowed={"tag": "a", "text": None}
    )
    assert extract(hard_store, asked).made_from() == (
        f"Made from facts.db, head {head.position}:{head.hash}; published by 1990; tag a"
    )
    assert "every status" in Asked("x", status=STATUSES[:-1]).words()
    assert Asked("x", status=("denied", "foretold")).words() == "status denied or foretold"


def test_an_iri_is_the_same_in_every_export_of_a_ledger_and_in_no_other(
    hard: Extract, hard_store: Store, path: Path
) -> None:
    other = Store(path)
    other.load(HARD, by="Test")
    assert hard.urn("evil") == extract(hard_store, Asked("y")).urn("evil") != extract(other, Asked("y")).urn("evil")
    assert hard.urn("evil").startswith("urn:uuid:")


def test_a_chain_names_sources_and_speakers(hard: Extract) -> None:
    [evil] = [fact for fact in hard.facts if fact.id == "evil"]
    assert [hard.chain(one) for one in evil.citations or ()] == ["The mayor → City Hall → The Gazette", "The Gazette"]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, ""),
        ({"ordering": 1}, "1 ordering"),
        ({"ordering": 2, "tag": 0}, "2 orderings"),
        ({"fact* outside": 1, "tag": 3}, "1 fact outside, 3 tags"),
        ({"fact* outside": 2}, "2 facts outside"),
    ],
)
def test_counts_in_words(counts: dict[str, int], words: str) -> None:
    assert in_numbers(counts) == words


def test_a_clean_text_stands_on_one_line_of_xml() -> None:
    assert clean(" a\nb \x01\ufffe ") == "a b \\u0001\N{REPLACEMENT CHARACTER}"
