"""A query finds a fact if each of its words begins a word of the fact or of its live quotes, on any clock."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from contextlib import closing
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factstore.chronology import Chronology
from factstore.errors import InputError
from factstore.evidence.stances import STATUSES
from factstore.store import Store
from tests.conftest import NewStore

WORDS = ("consul", "Consulate", "jürgen", "Jurgen", "U.S.", "60", "a-b", "ärger", "tax_free")
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


def words(text: str) -> list[str]:
    """Words as people mean them: letters and digits, without case and accents."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.findall(r"[a-z0-9]+", bare)


def holds(text: str, word: str) -> bool:
    """Whether a text has the words of a written word side by side, of which the last need only be the beginning of one."""
    have, want = words(text), words(word)
    return any(
        have[at : at + len(want) - 1] == want[:-1] and have[at + len(want) - 1].startswith(want[-1])
        for at in range(len(have) - len(want) + 1)
    )


def expected(view: Chronology, query: str) -> set[str]:
    found = set()
    for fact in view.facts(status=STATUSES, evidence=True):
        people = "; ".join(value for person in fact.participants for value in person.values())
        quotes = "; ".join(one.quote for one in fact.citations or () if one.quote)
        parts = (fact.id, fact.title, fact.place or "", people, "; ".join(fact.tags), quotes)
        if all(any(holds(part, word) for part in parts) for word in query.split()):
            found.add(fact.id)
    return found


def found(view: Chronology, query: str) -> set[str]:
    return {fact.id for fact in view.facts(query, status=STATUSES)}


facts = st.fixed_dictionaries(
    {"title": texts},
    optional={
        "place": texts,
        "tags": st.lists(texts, max_size=2, unique=True),
        "participants": st.lists(st.fixed_dictionaries({"name": texts}, optional={"role": texts}), max_size=2),
        "evidence": st.lists(
            st.fixed_dictionaries({"quote": texts, "source": st.just("paper")}), min_size=1, max_size=2
        ),
    },
)


@settings(max_examples=15, suppress_health_check=[*HealthCheck])
@given(
    st.lists(facts, min_size=1, max_size=3),
    st.lists(st.tuples(st.sampled_from(["title", "place"]), texts), max_size=3),
    st.lists(texts, min_size=1, max_size=3),
)
def test_facts_found_have_every_word_now_and_earlier(
    new_store: NewStore, given_facts: list[dict[str, Any]], changes: list[tuple[str, str]], queries: list[str]
) -> None:
    store = new_store()
    named = [{"id": f"n{n}", "evidence": [{"source": "paper"}]} | fact for n, fact in enumerate(given_facts)]
    store.load({"sources": [{"id": "paper"}], "facts": named})
    for field, text in changes:
        store.correct("n0", {field: text})
    store.withdraw("n0/paper/1", allow_unsupported=True)
    for entry in store.log():
        if entry.kind == "commit":
            view = store.at(known=entry.position)
            assert all(found(view, query) == expected(view, query) for query in queries)
    assert all(found(store, query) == expected(store, query) for query in queries)
    assert store.verify().ok


@pytest.mark.parametrize(
    "query", ['"', "'", "a OR b", "NEAR(x y)", "title:x", "*", "^x", "a*b", "(", "—", "\0", "\ud800"]
)
def test_a_query_is_words_and_nothing_else(store: Store, query: str) -> None:
    store.load({"sources": [{"id": "paper"}], "facts": [{"id": "f", "title": "T", "evidence": [{"source": "paper"}]}]})
    assert store.facts(query) == []


def test_words_are_separated_by_a_character_that_no_ledger_contains(store: Store) -> None:
    fact = {"id": "f", "title": "The consulate closed", "evidence": [{"source": "paper"}]}
    store.load({"sources": [{"id": "paper"}], "facts": [fact]})
    assert [fact.id for fact in store.facts("closed\0the")] == ["f"]


@pytest.mark.parametrize("sign", ["—", "_", "__", "&"])
def test_a_sign_between_words_is_not_looked_for(store: Store, sign: str) -> None:
    fact = {"id": "f", "title": "The consulate closed", "evidence": [{"source": "paper"}]}
    store.load({"sources": [{"id": "paper"}], "facts": [fact]})
    assert [fact.id for fact in store.facts(f"consulate {sign} closed")] == ["f"]
    assert store.facts(sign) == []


def test_a_query_of_many_words_is_refused_and_of_the_same_word_is_not(store: Store) -> None:
    assert store.facts("a " * 100_000) == []
    with pytest.raises(InputError, match="a query may have 500 words at most, and this has 501"):
        store.facts(" ".join(f"w{n}" for n in range(501)))
    assert store.facts(" ".join(f"w{n}" for n in range(500))) == []


def test_the_index_answers_in_the_plain_shell(store: Store) -> None:
    fact = {"id": "f", "title": "The consulate closed", "evidence": [{"source": "paper", "quote": "It was shut"}]}
    store.load({"sources": [{"id": "paper"}], "facts": [fact]})
    with closing(sqlite3.connect(store.path)) as connection:
        query = "SELECT id, snippet(search, -1, '<', '>', '…', 4) FROM search WHERE search MATCH 'shut'"
        assert connection.execute(query).fetchall() == [("f", "It was <shut>")]


def test_an_index_that_was_tampered_with_is_detected_and_repaired(store: Store) -> None:
    fact = {"id": "f", "title": "The consulate closed", "evidence": [{"source": "paper"}]}
    store.load({"sources": [{"id": "paper"}], "facts": [fact]})
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("INSERT INTO search (rowid, title) VALUES (3, 'embassy')")
        connection.commit()
    (problem,) = store.verify().problems
    assert "not indexed" in problem.text
    store.rebuild()
    assert store.verify().ok
