"""A listing from one date to another contains what may lie there, including at its edges."""

from __future__ import annotations

import pytest

from factstore.errors import InputError
from factstore.store import Store
from tests.conftest import NewStore

WHENS = {
    "first": "2018-03-01",
    "month": "2018-03",
    "tenth": "2018-03-10",
    "long": "2017/2019",
    "going-on": "2016/..",
    "next": "2018-04-01",
    "old": "-0043",
    "ancient": "Y-3300000",
    "undated": None,
}


@pytest.fixture(scope="module")
def kept(new_store: NewStore) -> Store:
    store = new_store()
    store.load(
        {
            "sources": [{"id": "paper", "published": "2030"}],
            "facts": [
                {"id": name, "title": name, "when": when, "evidence": [{"source": "paper"}]}
                for name, when in WHENS.items()
            ],
        }
    )
    return store


@pytest.mark.parametrize(
    ("since", "until", "out"),
    [
        (None, None, ""),
        ("2018-03-02", None, "first old ancient"),
        ("2018-03-01", None, "old ancient"),
        ("2018-03-10", "2018-03-10", "first next old ancient"),
        (None, "2018-03-31", "next"),
        (None, "2018-03-09", "tenth next"),
        ("2018", "2018", "old ancient"),
        (None, "0001", "first month tenth long going-on next"),
        ("2020", "2021", "first month tenth long next old ancient"),
        ("2018-03-~10", "2018-03-10", "first next old ancient"),
        (None, "Y-1000000", "first month tenth long going-on next old"),
    ],
)
def test_what_certainly_lies_outside_is_left_out(kept: Store, since: str | None, until: str | None, out: str) -> None:
    listed = {fact.id for fact in kept.facts(since=since, until=until)}
    assert listed == WHENS.keys() - {*out.split()}
    assert {found.fact.id for found in kept.timeline.all(since=since, until=until)} == listed


def test_a_question_is_narrowed_too(kept: Store) -> None:
    found = kept.timeline.before("2018-04-01", since="2018-03-05", certain=True)
    assert [one.fact.id for one in found] == ["month", "tenth"]


def test_a_window_that_ends_before_it_begins_is_refused(kept: Store) -> None:
    with pytest.raises(InputError, match="2018 ends before 2019 begins"):
        kept.facts(since="2019", until="2018")
