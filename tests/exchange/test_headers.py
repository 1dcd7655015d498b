"""Headers: where they are found, and which fields they are taken for."""

from __future__ import annotations

from pathlib import Path

import pytest

from factstore.errors import InputError
from factstore.exchange.contents import refine
from factstore.exchange.grids import Grid, Value
from factstore.exchange.headers import (
    FIELDS,
    SheetOptions,
    find_header,
    lay_out,
    mapping_text,
    plain,
    read_mapping,
    told_fields,
)
from factstore.exchange.synonyms import SYNONYMS

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "sheets.md"


def fields(headers: list[str], *rows: list[Value], options: SheetOptions | None = None) -> dict[str, str]:
    """The fields that the columns below some headers are taken for."""
    layout = lay_out(Grid("a.csv", "", [[*headers], *rows]), options or SheetOptions())
    refine(layout)
    return {column.header: column.field for column in layout.columns}


def test_the_guide_has_every_field_and_header() -> None:
    rows = dict(
        line.split(" | ")[::2] for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    )
    assert rows == {f"| `{name}`": f"{', '.join(words)} |" for name, words in SYNONYMS.items()}


@pytest.mark.parametrize(
    "header", ["What happened", "what_happened?", "WHAT HAPPENED (brief)", "WhatHappened", "The event"]
)
def test_headers_are_recognized_however_they_are_written(header: str) -> None:
    assert fields(["Date", header])[header] == "title"


def test_a_header_of_two_words_is_the_first_that_is_known() -> None:
    assert fields(["Date/Time", "Event", "Source / Link"]) == {
        "Date/Time": "when",
        "Event": "title",
        "Source / Link": "source",
    }


def test_a_number_distinguishes_headers() -> None:
    assert plain("Source 2") == ("source", "2")
    assert plain("Source 2 Link") == ("source link", "2")
    assert plain("Source(s)") == ("sources", "")
    assert plain("Case #") == ("case no", "")
    assert plain("# of cases") == ("of cases", "")


def test_the_surer_header_has_a_field_and_the_other_is_an_attribute() -> None:
    assert fields(["Date", "Description", "Headline", "Event date"]) == {
        "Date": "when",
        "Description": "attribute",
        "Headline": "title",
        "Event date": "attribute",
    }


def test_a_start_alone_is_a_date_and_a_date_beside_an_end_is_the_start() -> None:
    assert fields(["Start date", "Event"])["Start date"] == "when"
    assert fields(["Start", "End", "Event"]) == {"Start": "start", "End": "end", "Event": "title"}
    assert fields(["Date", "End date", "Event"]) == {"Date": "when", "End date": "end", "Event": "title"}


def test_a_year_beside_a_date_is_an_attribute_and_year_month_day_are_parts() -> None:
    assert fields(["Year", "Date", "Event"])["Year"] == "attribute"
    assert fields(["Year", "Month", "Day", "Event"]) == {
        "Year": "year",
        "Month": "month",
        "Day": "day",
        "Event": "title",
    }


def test_towns_and_countries_make_the_place_where_nothing_else_does() -> None:
    assert fields(["City", "Country", "Event"]) == {"City": "place", "Country": "place", "Event": "title"}
    assert fields(["City", "Location", "Event"])["City"] == "attribute"


def test_the_content_of_columns_decides_if_headers_mislead() -> None:
    assert fields(["Event", "Source"], ["Fire", "https://a.example/1"])["Source"] == "url"
    assert fields(["Sent", "From", "To"], ["The order was given", "Ann", "Bo"])["From"] == "attribute"
    assert fields(["Event", "Link"], ["Fire", "the Gazette"])["Link"] == "source"
    assert fields(["Event", "People involved"], ["Fire", "3"])["People involved"] == "attribute"
    assert fields(["No.", "Event"], ["1", "Fire"], ["2", "Flood"])["No."] == "-"
    assert fields(["Case no.", "Event"], ["7/18", "Filed"], ["7/18", "Heard"])["Case no."] == "attribute"


def test_the_longest_texts_say_what_happened_where_no_header_does() -> None:
    rows: list[list[Value]] = [["2018", "Leeds", "A man was attacked near the station"]]
    assert fields(["Date", "Remarks", "Befund"], *rows)["Befund"] == "title"


def test_what_is_a_day_in_nearly_every_row_says_when_it_happened_where_no_header_does() -> None:
    rows: list[list[Value]] = [[f"{day}.03.2018", f"{day}.5", "Payment to the firm", day] for day in range(10, 20)]
    held = fields(["Buchung", "Betrag", "Event", "Anzahl"], *rows, ["Summe", "145", "10 payments", 3])
    assert (held["Buchung"], held["Betrag"], held["Anzahl"]) == ("when", "attribute", "attribute")
    assert fields(["Buchung", "Event", "Date"], *rows)["Buchung"] == "attribute"


def test_headers_may_be_below_titles_and_groups_above_them_name_blank_ones() -> None:
    rows: list[list[Value]] = [
        ["The harbour fire, a chronology of what we know"],
        [],
        ["", "", "Where"],
        ["Date", "Event", "", "Notes"],
        ["2018", "Fire", "Leeds", "x"],
    ]
    grid = Grid("a.csv", "", rows)
    assert find_header(grid) == 4
    assert [column.header for column in lay_out(grid, SheetOptions()).columns] == ["Date", "Event", "Where", "Notes"]


def test_a_sheet_without_headers_is_refused_with_advice() -> None:
    with pytest.raises(InputError, match="no row of headers"):
        lay_out(Grid("a.csv", "", [["2018-01-02", 5]]), SheetOptions())


def test_a_mapping_is_read_back_as_it_was_written() -> None:
    layout = lay_out(Grid("a.csv", "S: 1", [["Date", "No: 7", "Event"]]), SheetOptions(order="day-first", pivot=1950))
    text = mapping_text(layout, SheetOptions(order="day-first", pivot=1950))
    assert read_mapping(text, "m.yaml") == SheetOptions(
        {column.header: column.field for column in layout.columns}, ("S: 1",), 1, "day-first", 1950
    )
    assert {column.field for column in layout.columns} <= {*FIELDS}


@pytest.mark.parametrize("text", ["columns: [a]", "colums: {}", "header: x", "dates: ymd", "- a"])
def test_an_invalid_mapping_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"m\.yaml"):
        read_mapping(text, "m.yaml")


def test_names_of_columns_may_contain_an_equals_sign() -> None:
    assert told_fields(["a=b=title"]) == {"a=b": "title"}
