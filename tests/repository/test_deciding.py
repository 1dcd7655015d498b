"""What is said of where a fact lies is what the date that decides it says: its year, its minute, its zone."""

from __future__ import annotations

from typing import Any

import pytest

from factstore.rendering.days import placement_words
from factstore.rendering.text import span
from factstore.repository.answers import Fact, Limits
from factstore.repository.dossier_answers import Bound, Dossier
from factstore.store import Store
from tests.conftest import NewStore


def made(new_store: NewStore, dates: dict[str, Any], orderings: list[tuple[Any, ...]] = []) -> Store:  # noqa: B006
    """A ledger of facts, each an EDTF text or fields, and orderings, each with a gap or without."""
    store = new_store()
    facts = [
        {"id": name, "title": name, "evidence": [{"source": "book"}]}
        | (said if isinstance(said, dict) else {"when": said})
        for name, said in dates.items()
    ]
    orders = [
        {"fact": a, "relation": relation, "other": b, "gap": gap[0] if gap else None}
        for a, relation, b, *gap in orderings
    ]
    store.load({"sources": [{"id": "book", "title": "Book"}], "facts": facts, "orderings": orders})
    return store


def bounds_of(store: Store, name: str) -> tuple[Bound, ...]:
    shown = store.show(name)
    assert isinstance(shown, Dossier)
    return shown.bounds


def facts(store: Store) -> dict[str, Fact]:
    return {fact.id: fact for fact in store.facts()}


# --- years beyond the range of ticks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "lies", "shown"),
    [
        ("Y-2000000", Limits("Y-2000000", "Y-2000000"), "Y-2000000"),
        ("Y5000000", Limits("Y5000000", "Y5000000"), "Y5000000"),
        ("Y-2000000~", Limits("Y-2000001", "Y-1999999"), "Y-2000001 … Y-1999999"),
        ("Y-200000/1500", Limits("Y-200000", "1500-12-31"), "Y-200000 … 1500-12-31"),
        ("[..Y-100000]", Limits(None, "Y-100000"), "by Y-100000"),
        ("[Y-100000..]", Limits("Y-100000", None), "not before Y-100000"),
        ("Y-100000/", Limits("Y-100000", "Y-100000", True), "not before Y-100000"),
        ("Y-100000/..", Limits("Y-100000", "Y-100000", True), "Y-100000 and ever since"),
    ],
)
def test_a_year_beyond_the_clock_is_the_one_that_the_source_gave(
    new_store: NewStore, when: str, lies: Limits, shown: str
) -> None:
    fact = made(new_store, {"far": when}).fact("far")
    assert fact.lies == lies
    assert span(fact) == shown
    assert "Y" not in f"{fact.json()['earliest']} {fact.json()['latest']} {fact.json().get('begun_by')}"


def test_a_bound_by_a_stated_order_has_the_year_of_the_date_that_it_rests_on(new_store: NewStore) -> None:
    dates = {"hearth": "Y-400000", "earlier": None, "earliest": None, "found": None, "burnt": None}
    orders = [
        ("earlier", "before", "hearth"),
        ("earliest", "before", "earlier", {"min": "P10000Y"}),
        ("found", "after", "hearth", {"max": "P10000Y"}),
        ("burnt", "during", "hearth"),
    ]
    found = facts(made(new_store, dates, orders))
    assert placement_words(found["earlier"]) == "by 400,001 BC"
    assert found["earliest"].lies == Limits(None, "Y-409993")  # ten thousand years of 365 days
    assert found["found"].lies.begun
    assert found["found"].lies.last is not None
    assert found["found"].lies.last.startswith("Y-3899")
    assert placement_words(found["burnt"]) == "by 400,001 BC"


def test_show_says_why_it_lies_no_later_than_a_year_beyond_the_clock(new_store: NewStore) -> None:
    store = made(new_store, {"hearth": "Y-400000", "earlier": None}, [("earlier", "before", "hearth")])
    bounds = {name: bounds_of(store, name) for name in ("earlier", "hearth")}
    [bound] = bounds["earlier"]
    assert (bound.which, bound.day) == ("latest", "Y-400000")
    assert [step.text for step in bound.why] == ["hearth is dated Y-400000", "earlier before hearth"]
    assert [bound.which for bound in bounds["hearth"]] == ["earliest", "latest"]
    assert {step.text for one in bounds["hearth"] for step in one.why} == {"hearth is dated Y-400000"}


def test_no_example_shows_a_time_that_only_stands_for_a_year(new_store: NewStore) -> None:
    store = made(new_store, {"hearth": "Y-400000", "undated": None, "now": "2018"})
    assert store.timeline.order("undated", "hearth").histories == {}
    assert store.timeline.order("undated", "now").histories


def test_a_date_that_is_set_aside_gives_no_year(new_store: NewStore) -> None:
    store = made(new_store, {"a": "2018", "b": None}, [("a", "before", "b")])
    store.correct("b", {"when": "Y-2000000"}, message="a slip", allow_conflict=True)
    assert store.fact("b").lies == Limits("2018-01-01", None)


# --- times of day ---------------------------------------------------------------------------------------------------


def test_an_order_gives_no_microseconds_and_the_zone_of_the_date_that_decides(new_store: NewStore) -> None:
    dates = {"train": "2018-03-20T15:05+03:00", "talk": None, "walk": None, "later": None, "day": "2018-03-20"}
    orders = [
        ("talk", "before", "train"),
        ("walk", "before", "talk"),
        ("later", "after", "train"),
        ("day", "before", "train"),
    ]
    found = facts(made(new_store, dates, orders))
    assert [span(found[name]) for name in dates] == [
        "2018-03-20 15:05+03:00",
        "by 2018-03-20 15:05+03:00",
        "by 2018-03-20 15:05+03:00",
        "not before 2018-03-20 15:05+03:00",
        "2018-03-20 … 2018-03-20 15:05+03:00",
    ]
    assert placement_words(found["talk"]) == "by 20 March 2018, 15:05 UTC+3"
    assert found["walk"].json()["latest"] == "2018-03-20T12:05:59.999999Z"
    assert found["later"].json()["earliest"] == "2018-03-20T12:05:00.000000Z"


def test_each_bound_is_in_the_zone_of_its_own_date(new_store: NewStore) -> None:
    dates = {"first": "2018-03-20T15:05+03:00", "mid": None, "last": {"when": "2018-03-20T20:30", "zone": "-05:00"}}
    found = facts(made(new_store, dates, [("first", "before", "mid"), ("mid", "before", "last")]))
    assert span(found["mid"]) == "2018-03-20 15:05+03:00 … 2018-03-20 20:30-05:00"


def test_a_time_without_an_offset_is_in_the_zone_in_which_it_is_read(new_store: NewStore) -> None:
    fact = made(new_store, {"call": {"when": "2018-03-20T15:04", "zone": "+03:00"}}).fact("call")
    assert span(fact) == "2018-03-20 15:04+03:00"


def test_a_moment_in_another_zone_may_be_on_another_day(new_store: NewStore) -> None:
    found = facts(made(new_store, {"call": "2018-03-01T00:30+03:00", "talk": None}, [("talk", "before", "call")]))
    assert span(found["talk"]) == "by 2018-03-01 00:30+03:00"


def test_microseconds_that_a_source_stated_are_kept(new_store: NewStore) -> None:
    fact = made(new_store, {"packet": "2018-03-20T15:04:01.000312Z"}).fact("packet")
    assert span(fact) == "2018-03-20 15:04:01.000312Z"


def test_an_interval_has_the_zone_of_each_end(new_store: NewStore) -> None:
    fact = made(new_store, {"flight": "2018-03-20T15:05+03:00/2018-03-20T16:10Z"}).fact("flight")
    assert span(fact) == "2018-03-20 15:05+03:00 … 2018-03-20 16:10Z"
