"""`when: as-written` reads a date from a document's phrase, and loading the document again changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from factstore.errors import Changed, DocumentError
from factstore.store import Store


def document(*facts: dict[str, Any], published: str | None = "2018-04-02", **defaults: Any) -> dict[str, Any]:
    return {
        "defaults": {"source": "paper", **defaults},
        "sources": [{"id": "paper", "title": "Paper", "published": published}],
        "facts": [{"id": "it", "title": "It", "when": "as-written", **fact} for fact in facts],
    }


LATE = {"phrase": "late last week"}


def test_words_are_read_from_the_source_s_day_and_keep_their_anchor(store: Store) -> None:
    done = store.load(document(LATE))
    fact = store.fact("it")
    assert (fact.when, fact.phrase, fact.anchor) == ("[2018-03-29..2018-04-01]", "late last week", "2018-04-02")
    [told] = done.tally.read
    assert told.startswith("it: read as [2018-03-29..2018-04-01]: Late")


def test_absolute_words_need_no_day(store: Store) -> None:
    store.load(document({"phrase": "20 March 2018"}, published=None))
    assert (store.fact("it").when, store.fact("it").anchor) == ("2018-03-20", None)


def test_a_phrase_that_is_edtf_is_its_own_date(store: Store) -> None:
    store.load(document({"phrase": "1984~"}, published=None))
    assert store.fact("it").when == "1984~"


@pytest.mark.parametrize("own", [True, False])
def test_the_fact_s_anchor_comes_first_also_by_default(store: Store, own: bool) -> None:
    anchor = {"anchor": "2017-01-04"}
    store.load(document({"phrase": "yesterday"} | (anchor if own else {}), **({} if own else anchor)))
    assert store.fact("it").when == "2017-01-03"


def test_what_counts_from_another_event_is_only_read_from_the_fact_s_own_anchor(store: Store) -> None:
    words, anchor = {"phrase": "two days later"}, {"anchor": "2018-03-26"}
    for given in (document(words), document(words, **anchor)):
        with pytest.raises(DocumentError, match="relate the fact to that one"):
            store.load(given)
    store.load(document(words | anchor))
    assert (store.fact("it").when, store.fact("it").anchor) == ("2018-03-28", "2018-03-26")


def test_the_same_document_again_and_its_dump_change_nothing(store: Store) -> None:
    store.load(document(LATE))
    head = store.head()
    store.load(document(LATE))
    store.load({name: json.loads(store.dump("json"))[name] for name in ("sources", "facts")})
    assert store.head() == head


def test_the_date_stays_while_the_words_do(store: Store) -> None:
    store.load(document(LATE))
    store.correct("it", {"when": "2018-03-30"})
    head = store.head()
    store.load(document(LATE))
    assert (store.head(), store.fact("it").when) == (head, "2018-03-30")


def test_other_words_are_a_difference(store: Store) -> None:
    store.load(document(LATE))
    with pytest.raises(Changed) as caught:
        store.load(document({"phrase": "on 20 March 2018"}))
    assert [difference.partition(": ")[2].partition(":")[0] for difference in caught.value.differences]
    assert any("2018-03-20" in difference for difference in caught.value.differences)


def test_a_citation_s_own_words_are_read_from_the_day_on_which_they_were_said(store: Store) -> None:
    cited = {"when": "as-written", "phrase": "yesterday"}
    store.load(
        document({"phrase": "March 2018", "evidence": [cited, {**cited, "said": "2018-03-21", "quote": "so it was"}]})
    )
    assert sorted(str(one.when) for one in store.who_says("it")) == ["2018-03-20", "2018-04-01"]


@pytest.mark.parametrize(
    ("fact", "published", "words"),
    [
        ({}, "2018-04-02", "there is none"),
        (LATE, None, "only relative to another"),
        (LATE, "2018-04", "only relative to another"),
        ({"phrase": "once upon a time"}, "2018-04-02", "once upon a time"),
        ({"phrase": "2010/..", "lasts": "P3D"}, "2018-04-02", "leave lasts.max out"),
    ],
)
def test_an_unreadable_phrase_is_a_problem_that_names_the_fact(
    store: Store, fact: dict[str, Any], published: str | None, words: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        store.load(document(fact, published=published))
    [problem] = caught.value.problems
    assert "it: " in problem
    assert words in problem
