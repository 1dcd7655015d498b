"""Importing TimelineJS: slides of all the forms that its makers allow, and those that we write."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter

from factstore.errors import Changed, InputError
from factstore.exchange import timelinejs, timelinejs_reading
from factstore.exchange.arrivals import Holdings
from factstore.exchange.extract import Extract
from factstore.exchange.headers import SheetOptions
from factstore.exchange.incoming import format_of
from factstore.store import Store
from tests.conftest import NewStore
from tests.exchange.arriving import arrived, as_json, facts, loaded, sources

QUARRY = "https://gazette.example/quarry"


def event(headline: str, *, end: dict[str, Any] | None = None, **date: Any) -> dict[str, Any]:
    found = {"start_date": date, "text": {"headline": headline, "text": ""}}
    return found | ({"end_date": end} if end else {})


TIMELINE: dict[str, Any] = {
    "title": {"text": {"headline": "The quarry &amp; after", "text": "<p>By the desk</p>"}, "media": {"url": "a.jpg"}},
    "events": [
        {
            "start_date": {"year": "2017"},
            "text": {"headline": "Quarry opens", "text": f'<p>The <a href="{QUARRY}">Gazette</a> said so.</p>'},
            "group": "Quarry",
        },
        {
            "start_date": {"year": "2018", "month": "4", "day": "22", "hour": "", "minute": ""},
            "end_date": {"year": "2018", "month": "4", "day": "24"},
            "text": {"headline": "Wall <em>collapses</em>", "text": "two hurt<br>one missing"},
            "media": {
                "url": "https://video.example/v/1",
                "caption": "The wall, <b>fallen</b>",
                "credit": "José Núñez",
                "thumbnail": "x.png",
            },
            "unique_id": "wall-collapses",
            "background": {"color": "#ffffff"},
        },
        event("Caesar is killed", year="-44", month="3", day="15"),
        event("Call", year=2018, month=5, day=3, hour=15, minute=4),
        event("War", year="1914", month="7", day="28", end={"year": "1918", "month": "11", "day": "11"}),
        {"start_date": {"year": -700}, "display_date": "c. 700 BC", "text": {"headline": "Early writing"}},
        {
            "start_date": {"year": 1969, "month": 7, "day": 1},
            "display_date": "Summer 1969",
            "text": {"headline": "Landing"},
        },
        {"start_date": {"year": 2018}, "display_date": "the year of the wall", "text": {"headline": "Named"}},
    ],
    "eras": [{"start_date": {"year": "1929"}, "end_date": {"year": "1939"}, "text": {"headline": "Depression"}}],
}


def test_dates_are_as_exact_as_the_slide_says() -> None:
    found = facts(arrived(as_json(TIMELINE), "t.json"))
    assert {title: fact.get("when") for title, fact in found.items()} == {
        "Quarry opens": "2017",
        "Wall collapses": "2018-04-22/2018-04-24",
        "Caesar is killed": "-0043-03-15",
        "Call": "2018-05-03T15:04",
        "War": "1914-07-28/1918-11-11",
        "Early writing": "-0699~",
        "Landing": "[1969-06-01..1969-09-22]",
        "Named": "2018",
        "Depression": "1929/1939",
    }
    assert found["Named"]["phrase"] == "the year of the wall"
    assert found["Landing"]["attributes"]["Date in figures"] == "1969-07-01"
    assert found["Depression"]["tags"] == ["era"]


def test_links_and_media_are_sources_and_all_else_is_kept() -> None:
    arrival = arrived(as_json(TIMELINE), "t.json")
    found, held = facts(arrival), sources(arrival)
    [cited] = found["Quarry opens"]["evidence"]
    assert held[cited["source"]] == {
        "id": "gazette-example-quarry",
        "title": "Gazette",
        "publisher": "gazette.example",
        "url": QUARRY,
    }
    wall = found["Wall collapses"]
    assert wall["id"] == "wall-collapses"
    assert held[wall["evidence"][0]["source"]]["title"] == "José Núñez"
    assert wall["attributes"] == {
        "Text": "two hurt\none missing",
        "Media": "https://video.example/v/1",
        "Media Caption": "The wall, fallen",
        "Media Credit": "José Núñez",
        "media thumbnail": "x.png",
        "background": '{"color": "#ffffff"}',
    }
    assert held["t"]["title"] == "The quarry & after"
    assert [doubt.text for doubt in arrival.left_out] == ["By the desk | a.jpg"]


@pytest.mark.parametrize(
    ("media", "url"),
    [
        ("//images.example/a.jpg", "https://images.example/a.jpg"),
        (
            "<iframe width='9' src='https://video.example/e/1?a=1&amp;b=2'></iframe>",
            "https://video.example/e/1?a=1&b=2",
        ),
        ("images/a.jpg", None),
        ("a quotation", None),
    ],
)
def test_media_are_a_source_wherever_they_have_a_url_and_are_always_kept(media: str, url: str | None) -> None:
    slide = event("A", year=2018) | {"media": {"url": media}}
    arrival = arrived(as_json({"events": [slide]}), "t.json")
    assert facts(arrival)["A"]["attributes"] == {"Media": media}
    [source] = sources(arrival).values()
    assert source.get("url") == url


@pytest.mark.parametrize(
    ("slide", "when", "words"),
    [
        (event("A", year=2018, month=13), None, "cannot be read as a date"),
        (event("A", year=2018, month=9, end={"year": 2018, "month": 8}), "2018-09", "ends before it starts"),
        (event("A", year=2018) | {"display_date": "1999"}, "2018", "does not agree with 2018"),
    ],
)
def test_a_date_that_makes_no_sense_is_listed(slide: dict[str, Any], when: str | None, words: str) -> None:
    arrival = arrived(as_json({"events": [slide]}), "t.json")
    assert facts(arrival)["A"].get("when") == when
    [doubt] = arrival.doubts
    assert doubt.place == "event 1"
    assert words in doubt.why


def test_a_slide_without_a_headline_gets_its_title_from_its_text_and_one_without_either_is_left_out() -> None:
    slides = [
        {"start_date": {"year": 2018}, "text": {"text": "<p>It rained. For days.</p>"}},
        {"start_date": {"year": 2019}, "text": {"headline": "", "text": ""}},
    ]
    arrival = arrived(as_json({"events": slides}), "t.json")
    assert [*facts(arrival)] == ["It rained. For days."]
    assert [doubt.place for doubt in arrival.left_out] == ["event 2"]


OLD: dict[str, Any] = {
    "timeline": {
        "headline": "The quarry",
        "type": "default",
        "startDate": "2017",
        "text": "<p>By the desk</p>",
        "asset": {"media": "//images.example/a.jpg", "credit": "", "caption": ""},
        "date": [
            {
                "startDate": "2018,4,22",
                "endDate": "2018,4,24",
                "headline": "Wall collapses",
                "text": "<p>two hurt</p>",
                "tag": "Quarry",
                "classname": "important",
                "asset": {"media": "https://video.example/v/1", "credit": "José", "caption": "The wall"},
            },
            {"startDate": "2018,5,3,15,04", "headline": "Call", "text": ""},
        ],
        "era": [{"startDate": "2017,1", "endDate": "2017,12", "headline": "Before", "tag": ""}],
    }
}


def test_the_json_of_its_second_version_is_read_alike() -> None:
    assert format_of("old.json", as_json(OLD)) == "timelinejs"
    arrival = arrived(as_json(OLD), "old.json")
    found = facts(arrival)
    assert {title: fact["when"] for title, fact in found.items()} == {
        "Wall collapses": "2018-04-22/2018-04-24",
        "Call": "2018-05-03T15:04",
        "Before": "2017-01/2017-12",
    }
    assert found["Wall collapses"]["tags"] == ["Quarry"]
    assert found["Wall collapses"]["attributes"] == {
        "classname": "important",
        "Text": "two hurt",
        "Media": "https://video.example/v/1",
        "Media Credit": "José",
        "Media Caption": "The wall",
    }
    assert sources(arrival)["old"]["title"] == "The quarry"


SHEET = """Year,Month,Day,Time,End Year,End Month,End Day,End Time,Display Date,Headline,Text,Media,Media Credit,\
Media Caption,Media Thumbnail,Type,Group,Background
,,,,,,,,,Our quarry,What we know,,,,,title,,
2017,,,,,,,,,Quarry opens,"<a href=""https://gazette.example/quarry"">Gazette</a>",,,,,,Quarry,
2018,4,22,3:15 PM,2018,4,24,,,Wall collapses,,https://video.example/1,José Núñez,The wall,,,,#fff
-44,3,15,,,,,,,Caesar is killed,,,,,,,,
1929,,,,1939,,,,,Depression,,,,,,era,,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_its_sheet_is_read_in_any_encoding(encoding: str) -> None:
    content = SHEET.encode(encoding)
    assert format_of("sheet.csv", content) == "timelinejs"
    arrival = arrived(content, "sheet.csv")
    found = facts(arrival)
    assert {title: fact.get("when") for title, fact in found.items()} == {
        "Quarry opens": "2017",
        "Wall collapses": "2018-04-22T15:15/2018-04-24",
        "Caesar is killed": "-0043-03-15",
        "Depression": "1929/1939",
    }
    assert found["Wall collapses"]["evidence"][0]["locator"] == "sheet.csv, row 4"
    assert found["Wall collapses"]["attributes"]["Media Credit"] == "José Núñez"
    assert sources(arrival)["sheet"]["title"] == "Our quarry"


def test_each_sheet_of_a_workbook_is_a_timeline_of_its_own(store: Store) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, events in {"A": ["The wall falls", "A road opens"], "B": ["The wall is built"]}.items():
            page = book.add_worksheet(name)
            page.write_row(0, 0, ["Year", "Display Date", "Headline", "Text", "Media"])
            for number, event in enumerate(events, start=1):
                page.write_row(number, 0, ["2018", "", event])
    for sheets in (("A",), ("B",), (), ("A",)):
        arrivals = timelinejs_reading.read(
            out.getvalue(),
            "t.xlsx",
            SheetOptions(sheets=sheets),
            Holdings(store.entries() if store.file.begun() else ()),
        )
        assert [line for one in arrivals for line in (*one.gone, *one.likely)] == []
        store.load(*(one.document for one in arrivals), by="Test")
    places = {fact["title"]: fact["evidence"][0]["locator"] for kind, fact in store.entries() if kind == "fact"}
    assert places == {
        "The wall falls": "t.xlsx, A, row 2",
        "A road opens": "t.xlsx, A, row 3",
        "The wall is built": "t.xlsx, B, row 2",
    }


def test_a_sheet_with_a_year_and_a_headline_is_not_always_one_of_these() -> None:
    assert format_of("a.csv", b"Year,Headline,Source\n2018,Wall falls,Gazette\n") == "sheet"


def test_the_same_timeline_again_changes_nothing_and_an_edited_one_is_refused_or_corrects(store: Store) -> None:
    first = loaded(store, as_json(TIMELINE), "t.json")
    assert first["fact"] == 9
    assert loaded(store, as_json(TIMELINE), "t.json")["changed"] == 0
    edited = as_json(TIMELINE).replace(b"two hurt", b"three hurt").replace(b"1939", b"1940")
    with pytest.raises(Changed, match="1929/1940"):
        loaded(store, edited, "t.json")
    assert loaded(store, edited, "t.json", correct="other")["changed"] == 2
    assert {fact.id: fact.when for fact in store.facts()}["depression"] == "1929/1940"


def test_another_title_corrects_the_file_as_a_source_and_makes_none(store: Store) -> None:
    loaded(store, as_json(TIMELINE), "t.json")
    edited = as_json(TIMELINE).replace(b"The quarry &amp; after", b"The quarry and what came after")
    counted = loaded(store, edited, "t.json", correct="other")
    assert counted["changed"] == 1
    assert counted.keys() == {"changed", "same"}
    assert loaded(store, edited, "t.json")["changed"] == 0


def test_what_we_export_comes_in_again_with_its_quotes_stances_and_days(seed_store: Store, new_store: NewStore) -> None:
    from factstore.exchange.extract import Asked, extract

    every = extract(seed_store, Asked("facts.db", status=("stands", "disputed", "denied", "foretold")))
    content = timelinejs.write(every).content
    copy = new_store()
    loaded(copy, content, "seed.json")
    was = {fact.id: fact for fact in seed_store.facts()}
    for fact in copy.facts(evidence=True):
        before = was[fact.id]
        assert (fact.title, fact.status) == (before.title, before.status)
        assert fact.when is None or (fact.earliest, fact.latest) == (before.earliest, before.latest)
        assert [one.quote for one in fact.citations or ()] == [
            one.quote for one in seed_store.fact(fact.id).citations or ()
        ]
    assert loaded(copy, content, "seed.json")["changed"] == 0


def test_hard_texts_come_back_as_they_were(hard: Extract, new_store: NewStore) -> None:
    content = timelinejs.write(hard).content
    copy = new_store()
    loaded(copy, content, "hard.json")
    titles = {fact.id: fact.title for fact in copy.facts()}
    assert titles["ides"] == "Caesar was killed"
    assert "=1+1 <b>&amp;</b> ]]>" in titles["evil"]
    assert {fact.id: fact.when for fact in copy.facts()}["ides"] == "-0043-03-15"


@pytest.mark.parametrize("content", [b'{"events": []}', b'{"events": 3}', b"{", b'{"events": [1, null]}', b"[[[]]]"])
def test_a_file_without_a_slide_is_refused_in_words(content: bytes) -> None:
    from factstore.exchange.arrivals import Holdings
    from factstore.exchange.timelinejs_reading import read

    with pytest.raises(InputError, match=r"t\.json"):
        read(content, "t.json", SheetOptions(), Holdings())
