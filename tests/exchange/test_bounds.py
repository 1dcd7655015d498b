"""What formats say of where a fact lies is what is known: never where the clock ends, nor a tick that an order pushed."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import pytest
from docx import Document

from factstore.exchange import followthemoney, linked, timelinejs, timesketch, word, workbook
from factstore.exchange.extract import Asked, Extract, extract
from tests.conftest import NewStore

DATES = {
    "tools": "Y-2000000",
    "earlier": None,
    "train": "2018-03-20T15:05+03:00",
    "talk": None,
    "walk": None,
}
ORDERS = [("earlier", "before", "tools"), ("talk", "before", "train"), ("walk", "before", "talk")]


@pytest.fixture
def bounded(new_store: NewStore) -> Extract:
    """A fact beyond the range of ticks, one with a time in a zone, and those that only orderings place."""
    store = new_store()
    store.load(
        {
            "sources": [{"id": "book", "title": "Book"}],
            "facts": [
                {"id": name, "title": name, "when": when, "evidence": [{"source": "book"}]}
                for name, when in DATES.items()
            ],
            "orderings": [{"fact": a, "relation": relation, "other": b} for a, relation, b in ORDERS],
        }
    )
    return extract(store, Asked("bounds.db"))


def test_word_says_the_year_and_the_time_that_the_sources_gave(bounded: Extract) -> None:
    [table] = Document(io.BytesIO(word.write(bounded).content)).tables
    said = {row.cells[1].text: (row.cells[0].text, row.cells[3].text) for row in table.rows}
    assert {name: said[name][0] for name in DATES} == {
        "tools": "2,000,001 BC",
        "earlier": "by 2,000,001 BC",
        "train": "20 March 2018, 15:05 UTC+3",
        "talk": "by 20 March 2018, 15:05 UTC+3",
        "walk": "by 20 March 2018, 15:05 UTC+3",
    }
    assert "leave" not in "".join(certain for _, certain in said.values())


def test_timelinejs_has_the_year_that_the_source_gave(bounded: Extract) -> None:
    slides = {slide["unique_id"]: slide for slide in json.loads(timelinejs.write(bounded).content)["events"]}
    assert slides["tools"]["start_date"] == slides["earlier"]["start_date"] == {"year": -2000000}
    assert "end_date" not in slides["tools"]
    assert slides["earlier"]["display_date"] == "by 2,000,001 BC"


def test_scales_show_times_in_utc(bounded: Extract) -> None:
    near = replace(bounded, facts=tuple(fact for fact in bounded.facts if fact.id not in ("tools", "earlier")))
    slides = {slide["unique_id"]: slide for slide in json.loads(timelinejs.write(near).content)["events"]}
    clock = {"year": 2018, "month": 3, "day": 20, "hour": 12, "minute": 5}
    assert slides["train"]["start_date"] == slides["walk"]["start_date"] == clock
    lines = followthemoney.write(near).content.decode().splitlines()
    events = {
        one["properties"]["recordId"][0]: one["properties"]
        for one in map(json.loads, lines)
        if one["schema"] == "Event"
    }
    assert events["train"]["date"] == events["walk"]["endDate"] == ["2018-03-20T12:05"]


def test_timesketch_has_no_microseconds_that_an_order_made(bounded: Extract) -> None:
    events = {one["fact_id"]: one for one in map(json.loads, timesketch.write(bounded).content.decode().splitlines())}
    assert events["walk"]["timestamp"] == events["talk"]["timestamp"]
    assert events["walk"]["timestamp"] % 60_000_000 == 59_999_999
    assert events["train"]["timestamp"] % 60_000_000 == 0
    assert events["walk"]["latest"] == "2018-03-20T12:05Z"
    assert timesketch.write(bounded).lost["fact* outside the years 1 to 9999"] == 2


@pytest.mark.parametrize("write", [word.write, timelinejs.write, followthemoney.write, linked.write, workbook.write])
def test_where_the_clock_ends_is_nowhere(bounded: Extract, write: object) -> None:
    content = write(bounded).content  # type: ignore[operator]
    assert not re.search(rb"7110[01]|71,10[0-2]|75039|75,039", content)
