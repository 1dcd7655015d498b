"""TimelineJS JSON: what its documentation requires of a slide, HTML with no markup but ours, and dates on the axis."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from factstore.errors import Refused
from factstore.exchange import timelinejs
from factstore.exchange.extract import Asked, Extract, extract
from factstore.store import Store
from tests.conftest import NewStore
from tests.exchange.conftest import EVIL


def read(found: Extract) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(timelinejs.write(found).content)
    return value


def slides(found: Extract) -> dict[str, dict[str, Any]]:
    return {slide["unique_id"]: slide for slide in read(found)["events"]}


class Tags(HTMLParser):
    """The tags, their attributes and the text of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [str(value) for name, value in attrs if name == "href"]
        assert {name for name, _ in attrs} <= {"href"}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_slides_are_what_the_loader_takes(hard: Extract) -> None:
    """Its documentation's keys; numbers for dates; a slide for each dated fact, each with an id of its own."""
    timeline = read(hard)
    assert timeline.keys() == {"scale", "title", "events"}
    names = [slide["unique_id"] for slide in timeline["events"]]
    assert len(names) == len({*names}) == sum(not fact.undated for fact in hard.facts)
    for slide in timeline["events"]:
        assert {"start_date", "text", "unique_id", "display_date"} <= slide.keys()
        assert slide.keys() <= {"start_date", "end_date", "text", "unique_id", "display_date", "group", "factstore"}
        assert slide["text"].keys() == {"headline", "text"}
        for date in (slide["start_date"], slide.get("end_date", slide["start_date"])):
            assert "year" in date
            assert date.keys() <= {"year", "month", "day", "hour", "minute", "second"}
            assert all(type(value) is int for value in date.values())


def test_dates(hard: Extract, seed: Extract) -> None:
    found = slides(hard)
    assert found["evil"]["start_date"] == {"year": 1984, "month": 6, "day": 8}
    assert found["evil"]["end_date"] == {"year": 1984, "month": 6, "day": 10}
    assert found["evil"]["display_date"] == "between 8 and 10 June 1984"
    assert found["hour"]["start_date"] == {"year": 1984, "month": 6, "day": 9, "hour": 15, "minute": 4}
    assert found["goes-on"]["display_date"] == "from 1985 on, without end"
    assert "end_date" not in found["goes-on"]
    assert slides(seed)["skripal-poisoning"]["start_date"] == {"year": 2018, "month": 3, "day": 19}


def test_years_before_our_era_are_counted_as_people_do(hard: Extract) -> None:
    found = slides(hard)
    assert found["ides"]["start_date"] == {"year": -44, "month": 3, "day": 15}
    assert found["ides"]["display_date"] == "15 March 44 BC"


def test_years_beyond_what_a_browser_dates_are_on_another_scale(new_store: NewStore) -> None:
    store = new_store()
    facts = [
        {"id": "far", "title": "Far", "when": "Y-60000", "evidence": [{"source": "paper"}]},
        {"id": "farther", "title": "Farther", "when": "Y-500000", "evidence": [{"source": "paper"}]},
        {"id": "near", "title": "Near", "when": "2018-03-20", "evidence": [{"source": "paper"}]},
    ]
    store.load({"sources": [{"id": "paper"}], "facts": facts}, by="Test")
    found = read(extract(store, Asked("x")))
    years = {slide["unique_id"]: slide["start_date"] for slide in found["events"]}
    assert found["scale"] in ("human", "cosmological")
    assert years["near"]["year"] == 2018


def test_what_sources_wrote_is_text(hard: Extract) -> None:
    texts = [slide["text"]["text"] for slide in read(hard)["events"]] + [read(hard)["title"]["text"]["text"]]
    found = [Tags(text) for text in texts]
    assert {tag for one in found for tag in one.tags} <= {"p", "em", "small", "blockquote", "a"}
    assert {link for one in found for link in one.links} == {"https://gazette.example/a?b=1&c=2"}
    headline = Tags(slides(hard)["evil"]["text"]["headline"])
    assert headline.tags == []
    assert headline.text == EVIL.replace("\u202e", "\\u202e")


def test_what_is_not_asserted_is_marked_in_its_headline(hard: Extract) -> None:
    assert slides(hard)["never"]["text"]["headline"] == "[foretold] It was foretold"
    assert "disputed: asserted by some, denied by others" in slides(hard)["evil"]["text"]["text"]


def test_what_was_left_out_is_counted(hard: Extract) -> None:
    lost = timelinejs.write(hard).lost
    assert (lost["ordering"], lost["undated fact"]) == (2, 1)
    assert lost["publication day* of sources (as such in words only)"] == 2
    assert lost["citation* of sources without a link, named in words only"] == 2
    assert "2 orderings" in read(hard)["title"]["text"]["text"]
    assert hard.made_from() in read(hard)["title"]["text"]["text"]


def test_nothing_dated_is_refused(hard_store: Store) -> None:
    with pytest.raises(Refused, match="none of these facts is dated"):
        timelinejs.write(extract(hard_store, Asked("x", narrowed={"text": "nobody knows"})))


def test_dates_that_do_not_depend_on_a_language(seed_store: Store) -> None:
    found = slides(extract(seed_store, Asked("x", iso=True)))
    assert found["skripal-poisoning"]["display_date"] == "[..2018-03-19]"
