"""Facts millions of years away: their years order them, and gaps make nothing falsely certain."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factstore.dates.edtf import Edtf
from factstore.store import Store
from tests.conftest import NewStore

DATES = {
    "tools": "Y-3300000",
    "walking": "Y-3700000/Y-3600000",
    "fire": "Y-400000",
    "fires": "Y-1000000~/Y-400000",
    "farming": "-9500",
    "undated": None,
    "end": "Y5000000000",
    "collision": "Y4000000000",
}


@pytest.fixture
def ages(new_store: NewStore) -> Store:
    store = new_store()
    store.load(
        {
            "sources": [{"id": "museum", "title": "Museum"}],
            "facts": [
                {"id": name, "title": name, "when": when, "evidence": [{"source": "museum"}]}
                for name, when in DATES.items()
            ],
        }
    )
    return store


def certainties(found: Any) -> dict[str, str]:
    return {one.fact.id: one.certainty for one in found}


def test_years_order_what_lies_beyond_the_range_of_ticks(ages: Store) -> None:
    order = ages.timeline.order("tools", "fire")
    assert order.relations["before"] == "certain"
    assert order.relations["after"] == order.relations["intersects"] == "impossible"
    assert [step.text for step in order.why] == ["tools is dated Y-3300000", "fire is dated Y-400000"]
    assert ages.timeline.order("fire", "tools").relations["after"] == "certain"
    assert ages.timeline.order("fire", "fires").relations["before"] == "possible"
    assert [found.fact.id for found in ages.timeline][:4] == ["walking", "tools", "fires", "fire"]


def test_before_and_after_know_the_years_too(ages: Store) -> None:
    assert certainties(ages.timeline.before("fire")) == {
        "walking": "certain",
        "tools": "certain",
        "fires": "possible",
        "undated": "possible",
    }
    after = certainties(ages.timeline.after("tools"))
    assert after == dict.fromkeys(("fires", "fire", "farming", "collision", "end"), "certain") | {"undated": "possible"}
    assert certainties(ages.timeline.overlapping("fire")) == {"fires": "possible", "undated": "possible"}
    assert certainties(ages.timeline.before("end", certain=True)).keys() == DATES.keys() - {"end", "undated"}
    first, *_ = ages.timeline.before("fire", limit=1, why=True)
    assert {step.text for step in first.why or ()} == {
        "fire is dated Y-400000",
        f"{first.fact.id} is dated {first.fact.when}",
    }


def test_a_date_that_does_not_count_orders_nothing(ages: Store) -> None:
    assert ages.at(published="2020").facts() == []
    ages.withdraw("tools")
    assert "tools" not in certainties(ages.timeline.before("fire"))


def test_a_long_gap_makes_nothing_certain_about_years(ages: Store) -> None:
    ages.relate("undated", "after", "tools", source="museum", gap={"min": "P70000Y"})
    assert ages.timeline.order("undated", "fire").relations["before"] == "possible"
    assert certainties(ages.timeline.after("undated"))["fire"] == "possible"


@given(st.lists(st.integers(-9_000_000, -80_000), min_size=2, max_size=3, unique=True))
def test_extents_are_as_far_apart_as_the_years(years: list[int]) -> None:
    extents = [Edtf(f"Y{year}").extent() for year in years]
    for (one, (_, end)), (other, (start, _)) in product(zip(years, extents, strict=True), repeat=2):
        assert end is not None
        assert start is not None
        assert (end <= start) == (one < other)
