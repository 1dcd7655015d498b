"""What becomes of the cells of a row: what is taken, what stays as an attribute, and what is told to be doubtful."""

from __future__ import annotations

from typing import Any

import pytest

from factstore.exchange.arrivals import Arrival
from tests.exchange.test_sheets import read

Rows = list[list[str]]


def told(arrival: Arrival) -> list[tuple[str, str]]:
    return [(doubt.place, doubt.why) for doubt in arrival.doubts]


def whens(arrival: Arrival) -> list[tuple[Any, Any]]:
    """For each fact, its date and its phrase."""
    return [(fact.get("when"), fact.get("phrase")) for fact in arrival.value["facts"]]


def test_a_column_whose_days_stand_before_and_after_their_months_is_doubted_and_so_is_each_that_may_be_either() -> None:
    arrival = read(["Date", "Event"], [["25/03/2018", "Fire"], ["03/26/2018", "Flood"], ["04/05/2018", "Storm"]])
    assert whens(arrival) == [
        ("2018-03-25", "25/03/2018"),
        ("2018-03-26", "03/26/2018"),
        ("[2018-04-05,2018-05-04]", "04/05/2018"),
    ]
    assert told(arrival) == [
        ("A1", "some days come before their months, some after: --dates dmy or mdy"),
        ("A4", "the day or the month may come first: --dates dmy or mdy"),
    ]


def test_a_row_without_an_end_is_open_where_others_say_that_they_ended_on_the_day() -> None:
    rows = [["2018-03-20", "2018-03-20", "Fire"], ["2018-03-21", "", "Flood"]]
    assert whens(read(["Start date", "End date", "Event"], rows)) == [("2018-03-20", None), ("2018-03-21/", None)]
    assert whens(read(["Start date", "End date", "Event"], rows[1:])) == [("2018-03-21", None)]


def test_headers_that_come_again_totals_and_notes_are_left_out_and_told() -> None:
    headers = ["Date", "Event", "Notes"]
    rows = [["2018", "Fire", "x"], headers, ["Total", "", "12"], ["", "Part two", ""], ["", "", "A remark"]]
    arrival = read(headers, rows)
    assert [fact["title"] for fact in arrival.value["facts"]] == ["Fire", "Part two"]
    assert [(one.place, one.text, one.why) for one in arrival.left_out] == [
        ("row 3", "Date | Event | Notes", "the headers again"),
        ("row 4", "Total | 12", "a total"),
        ("row 6", "A remark", "one cell alone, such as a heading or a note"),
    ]


@pytest.mark.parametrize(
    ("headers", "row", "when", "attributes", "doubts"),
    [
        (["Date", "Event", "Time"], ["2018-03-20", "Fire", "14:30"], ("2018-03-20T14:30", None), None, []),
        (
            ["Date", "Event", "Time"],
            ["2018-03", "Fire", "noon"],
            ("2018-03", "2018-03, noon"),
            None,
            [("C2", "the time noon could not be added to the day")],
        ),
        (["Event", "Time"], ["Fire", "14:30"], (None, "14:30"), None, []),
        (
            ["Date", "Event", "End time"],
            ["2018-03-20", "Fire", "14:30"],
            ("2018-03-20", None),
            {"End time": "14:30"},
            [],
        ),
        (["Year", "Month", "Day", "Event"], ["2018", "3", "20", "Fire"], ("2018-03-20", None), None, []),
        (["Year", "Month", "Day", "Event"], ["c. 2018", "", "", "Fire"], ("2018~", "c. 2018"), None, []),
        (
            ["Year", "Month", "Event"],
            ["2018", "13", "Fire"],
            (None, "13 2018"),
            None,
            [("A2", "it cannot be read as a date")],
        ),
    ],
)
def test_a_day_and_a_time_in_cells_of_their_own(
    headers: list[str], row: list[str], when: tuple[Any, Any], attributes: Any, doubts: list[tuple[str, str]]
) -> None:
    arrival = read(headers, [row])
    assert whens(arrival) == [when]
    assert arrival.value["facts"][0].get("attributes") == attributes
    assert told(arrival) == doubts


def test_a_zone_is_an_offset_or_stays_as_it_is() -> None:
    arrival = read(["Date", "Event", "Zone"], [["2018-03-20", "Fire", "+03:00"], ["2018-03-20", "Flood", "Mars"]])
    fire, flood = arrival.value["facts"]
    assert (fire["zone"], fire.get("attributes")) == ("+03:00", None)
    assert (flood.get("zone"), flood["attributes"]) == (None, {"Zone": "Mars"})


def test_a_publisher_is_the_sources_or_the_source() -> None:
    arrival = read(["Event", "Source", "Publisher"], [["Fire", "Report", "The Times"], ["Flood", "", "The Times"]])
    assert arrival.value["sources"] == [
        {"id": "report", "title": "Report", "publisher": "The Times"},
        {"id": "the-times", "title": "The Times", "publisher": "The Times"},
    ]


def test_links_are_paired_with_names_and_words_in_their_column_are_kept() -> None:
    rows = [
        ["Fire", "Gazette; Herald", "https://x.example/a"],
        ["Flood", "Gazette", "see the archive"],
        ["Storm", "", "the archive"],
    ]
    arrival = read(["Event", "Source", "Link"], rows)
    fire, flood, storm = arrival.value["facts"]
    assert [one["source"] for one in fire["evidence"]] == ["gazette-a", "herald"]
    assert flood["attributes"] == {"Link": "see the archive"}
    assert [one["source"] for one in storm["evidence"]] == ["the-archive"]
    assert told(arrival) == [("B2", "it is not told which link is whose; taken: https://x.example/a for Gazette")]


def test_how_a_source_says_it() -> None:
    headers = ["Event", "Source", "Quote", "Page", "Said by", "Stance", "Hedge"]
    rows = [
        ["Fire", "Gazette", "«it burned»", "4", "Ann → Bo", "asserts", "reportedly"],
        ["Flood", "Gazette", "“a” and “b”", "4-5", "", "shouts", ""],
    ]
    fire, flood = read(headers, rows).value["facts"]
    assert fire["evidence"] == [
        {
            "source": "gazette",
            "locator": "p. 4 (a.csv, row 2)",
            "attribution": ["Ann", "Bo"],
            "hedge": "reportedly",
            "stance": "asserts",
            "quote": "it burned",
        }
    ]
    assert flood["evidence"] == [{"source": "gazette", "locator": "p. 4-5 (a.csv, row 3)", "quote": "“a” and “b”"}]
    assert flood["attributes"] == {"Stance": "shouts"}


def test_when_a_source_was_published_and_when_it_was_said() -> None:
    headers = ["Event", "Source", "Published", "Said on"]
    rows = [
        ["Fire", "Gazette", "2018-03-20", "2018-03-19"],
        ["Flood", "Herald", "last week", "whenever"],
        ["Storm", "", "2018", ""],
    ]
    arrival = read(headers, rows)
    fire, flood, storm = arrival.value["facts"]
    assert fire["evidence"][0]["said"] == "2018-03-19"
    assert flood["attributes"] == {"Published": "last week", "Said on": "whenever"}
    assert storm["attributes"] == {"Published": "2018"}
    assert {source["id"]: source.get("published") for source in arrival.value["sources"]} == {
        "gazette-2018-03-20": "2018-03-20",
        "herald": None,
        "a": None,
    }
    assert [place for place, _ in told(arrival)] == ["C3", "D3"]


def test_numbers_of_people_are_no_names() -> None:
    (fact,) = read(["Event", "Victims", "Officer"], [["Fire", "12", "Ann Lee"]]).value["facts"]
    assert fact["participants"] == [{"name": "Ann Lee", "role": "officer"}]
    assert fact["attributes"] == {"Victims": "12"}
