"""Lists of answers: equal to plain lists, convertible to mappings, and shown as tables in notebooks."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from factstore.errors import InputError, NoLedger
from factstore.repository.listing import Listing
from factstore.store import Store


def as_shown(answer: Any) -> str:
    """What a notebook shows."""
    return str(answer._repr_html_())


@pytest.fixture
def bold(store: Store) -> Store:
    """A ledger with HTML in its texts."""
    store.load({"sources": [{"id": "paper", "title": "<i>Paper</i>"}]})
    store.add("<b>It</b> & that", source="paper", when="2018", participants=["<Ann>"])
    return store


def test_every_listing_is_a_list_that_notebooks_show(bold: Store) -> None:
    name = bold.facts()[0].id
    for found in (
        bold.facts(),
        bold.timeline.all(),
        bold.timeline.before("2019"),
        bold.sources(),
        bold.log(),
        bold.history(name),
        bold.who_says(name),
        bold.orderings(),
        bold.conflicts(),
        bold.diff(1),
    ):
        assert isinstance(found, Listing)
        assert found == [*found]
        assert found.to_dicts() == [item.json() for item in found]
        assert "<b>" not in found._repr_html_()
        assert "<i>" not in found._repr_html_()


def test_a_table_has_a_row_for_each_answer_and_counts_those_that_it_leaves_out(bold: Store) -> None:
    shown = bold.timeline.before("2019")._repr_html_()
    assert shown.startswith("<table><thead><tr><th>id</th><th>title</th>")
    assert "<td>&lt;b&gt;It&lt;/b&gt; &amp; that</td>" in shown
    bold.add_all([{"title": f"Number {number}", "evidence": [{"source": "paper"}]} for number in range(120)])
    shown = bold.facts()._repr_html_()
    assert shown.count("<tr>") == 101
    assert shown.endswith("<p>and 21 more</p>")
    assert Listing()._repr_html_() == "<table><thead><tr></tr></thead><tbody></tbody></table>"


def test_a_slice_is_a_listing_and_every_answer_goes_into_a_set(bold: Store) -> None:
    bold.add("Then that", source="paper", when="2019", attributes={"docket": "1"})
    [first, second] = (fact.id for fact in bold.facts())
    bold.relate(first, "before", second, source="paper")
    bold.correct(first, {"tags": ["a"]})
    for found in (
        bold.facts(evidence=True),
        bold.timeline.before("2020", why=True, evidence=True),
        bold.sources(),
        bold.log(),
        bold.history(first),
        bold.who_says(first),
        bold.orderings(),
        bold.diff(1),
    ):
        assert len({*found}) == len(found) > 0
        assert isinstance(found[:1], Listing)
        assert found[:1].to_dicts() == [found[0].json()]
    assert len({bold.timeline.order(first, second), bold.timeline.order(first, second)}) == 1
    assert len({bold.show(first), bold.show(first), bold.show("paper")}) == 2
    assert {bold.fact(first)} == {bold.fact(first)}


def test_notebooks_show_a_fact_a_finding_and_a_timeline(bold: Store) -> None:
    [found] = bold.timeline.before("2019")
    for one in (found, found.fact, bold.timeline):
        assert "&lt;b&gt;It&lt;/b&gt; &amp; that" in as_shown(one)
    bold.add_all([{"title": f"Number {number}", "evidence": [{"source": "paper"}]} for number in range(120)])
    assert bold.timeline._repr_html_().endswith("<p>and 21 more</p>")


def test_one_answer_shows_its_fields(bold: Store) -> None:
    shown = bold.show(bold.facts()[0].id)
    assert "<td>participants</td><td>[{&quot;name&quot;: &quot;&lt;Ann&gt;&quot;}]</td>" in as_shown(shown)


def test_a_store_says_what_it_contains_and_as_of_when(bold: Store) -> None:
    at = bold.head().position
    assert repr(bold) == f"<Store {bold.name}: 1 facts, 1 sources, position {at}>"
    assert repr(bold.at(known=2)) == f"<Chronology {bold.name}, known at 2: 0 facts, 0 sources, position 2>"
    moment = datetime(2000, 1, 1, tzinfo=UTC)
    assert f"known at {moment.isoformat()}" in repr(bold.at(known=moment))
    with bold.at(published="2018").held() as chronology:
        assert "published by 2018" in repr(chronology)


def test_a_store_without_a_ledger_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "facts.db")
    with pytest.raises(NoLedger) as raised:
        store.head()
    assert repr(store) == f"<Store {store.name}: {raised.value}>"


def test_plain_sql_is_answered_and_changes_nothing(bold: Store) -> None:
    [row] = bold.sql("SELECT title, year FROM timeline WHERE year = :year", {"year": 2018})
    assert pickle.loads(pickle.dumps(row)) == row
    assert (row.title, row.year) == ("<b>It</b> & that", 2018)
    assert bold.sql("SELECT count(*) FROM record WHERE position > ?", [at := 2])[0][0] == bold.head().position - at
    head = bold.head()
    for query in (
        "DELETE FROM fact",
        "SELECT nothing FROM nowhere",
        "SELECT",
        "SELECT 1; DELETE FROM fact",
        "SELECT ?",
    ):
        with pytest.raises(InputError, match="this query is refused"):
            bold.sql(query)
    assert bold.head() == head
    assert bold.verify().ok


def test_a_custom_query_makes_no_file_and_may_have_no_rows(bold: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this query is refused"):
        bold.sql(f"ATTACH '{tmp_path / 'other.db'}' AS other")
    assert not (tmp_path / "other.db").exists()
    assert bold.sql("PRAGMA optimize(-1)") == []
    assert bold.sql("SAVEPOINT here") == []
