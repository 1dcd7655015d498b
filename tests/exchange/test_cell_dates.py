"""Dates in cells: a spreadsheet's own, figures, words, times and ends."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from factstore.dates.phrases import Context, read_when
from factstore.exchange.cell_dates import (
    NOTHING,
    Told,
    at_time,
    hinted_order,
    may_be_swapped,
    of_parts,
    order_of,
    read,
    to_end,
)
from factstore.exchange.grids import Value

SAID = Context()


@pytest.mark.parametrize(
    ("value", "edtf", "phrase"),
    [
        (date(2018, 3, 20), "2018-03-20", ""),
        (datetime(2018, 3, 20), "2018-03-20", ""),
        (datetime(2018, 3, 20, 14, 30), "2018-03-20T14:30", ""),
        (2017, "2017", ""),
        (2017.0, "2017", ""),
        ("2017.0", "2017", ""),
        ("20180320", "2018-03-20", "20180320"),
        ("2018-03-20 14:30", "2018-03-20T14:30", "2018-03-20 14:30"),
        ("2018-03-20 14:30:00", "2018-03-20T14:30", "2018-03-20 14:30:00"),
        ("22/04/2018 14:30:05", "2018-04-22T14:30", "22/04/2018 14:30:05"),
        ("c. 2017", "2017~", "c. 2017"),
        ("spring 2018?", "[2018-03-01?..2018-06-22?]", "spring 2018?"),
        ("2019-03-20 to 2019-03-22", "2019-03-20/2019-03-22", "2019-03-20 to 2019-03-22"),
        ("Sun 22/04/2018", "2018-04-22", "Sun 22/04/2018"),
        ("Tues., 20 March 2018", "2018-03-20", "Tues., 20 March 2018"),
        ("Tue 3/4/2018", "2018-04-03", "Tue 3/4/2018"),
        ("unknown", "", "unknown"),
        ("n/a", "", ""),
    ],
)
def test_cells_are_read(value: Value, edtf: str, phrase: str) -> None:
    assert read(value, SAID) == Told(edtf, phrase)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("late last week", "--anchor"),
        ("22/04/18", "--pivot"),
        ("gibberish", "cannot be read"),
        (True, "not a date"),
        ("Monday 10 March 2020", "2020-03-10 is a Tuesday, not a Monday"),
        ("Mon., 3/4/2018", "2018-03-04 is a Sunday and 2018-04-03 is a Tuesday, not a Monday"),
        ("Mon 20/03/18", "not a Monday"),
    ],
)
def test_what_cannot_be_read_keeps_its_words_and_says_why(value: Value, words: str) -> None:
    told = read(value, SAID)
    assert told.edtf == ""
    assert told.phrase
    assert words in told.doubt


def test_a_season_that_may_be_a_span_of_years_is_reported() -> None:
    told = read("1921-22", SAID)
    assert told.edtf == "1921-22"
    assert "1921/1922" in told.doubt


def test_a_spreadsheets_number_of_a_day_is_reported() -> None:
    assert read(43179, SAID).edtf == "2018-03-20"
    assert read(43179.604167, SAID).edtf == "2018-03-20T14:30"
    assert "serial number" in read("43179", SAID).doubt


def test_words_are_read_from_an_anchor_and_say_so() -> None:
    told = read("yesterday", Context(anchor=date(2018, 4, 3)))
    assert (told.edtf, told.anchored) == ("2018-04-02", True)
    assert not read("2 April 2018", Context(anchor=date(2018, 4, 3))).anchored


def test_words_that_recur_have_the_readings_that_date_gives_and_are_listed() -> None:
    said = Context(anchor=date(2020, 3, 12), assumed=True)
    assert read("April", said) == Told(
        "[2019-04,2020-04]", "April", "it may be 2019-04 or 2020-04: the words do not say which", True
    )
    assert read("last April", said).doubt == ""


@pytest.mark.parametrize("words", ["the day before", "two days later", "the following Tuesday", "that evening"])
def test_words_that_count_from_another_event_are_kept_and_listed(words: str) -> None:
    said = Context(anchor=date(2018, 4, 3), assumed=True)
    told = read(words, said)
    assert (told.edtf, told.phrase, told.anchored) == ("", words, False)
    assert "another event" in told.doubt
    assert read("yesterday", said).edtf == "2018-04-02"


@pytest.mark.parametrize(
    ("text", "said", "edtf", "doubt"),
    [
        ("May-16", {"anchor": date(2018, 4, 3)}, "[2016-05,2017-05-16,2018-05-16]", "it may be 16 May or May 2016"),
        (
            "Nov 16",
            {"anchor": date(2018, 4, 3)},
            "[2016-11,2017-11-16,2018-11-16]",
            "it may be 16 November or November 2016",
        ),
        ("Nov. 16", {"anchor": date(2016, 11, 20)}, "2016-11", "it may be 16 November or November 2016"),
        (
            "Nov 16",
            {"anchor": date(1999, 4, 3)},
            "[1916-11,1998-11-16,1999-11-16]",
            "it may be 16 November or November 1916",
        ),
        ("Oct 16", {"pivot": 1950}, "2016-10", "it may be 16 October or October 2016"),
        (
            "5/16",
            {"anchor": date(2018, 4, 3)},
            "[2016-05,2017-05-16,2018-05-16]",
            "it may be a day of the year or May 2016",
        ),
        ("Oct 16", {}, "", "it may be 16 October, or October of a year that ends in 16"),
    ],
)
def test_a_month_and_two_figures_may_be_a_day_or_a_month_of_a_year(
    text: str, said: dict[str, Any], edtf: str, doubt: str
) -> None:
    told = read(text, Context(**said))
    assert (told.edtf, told.phrase, told.doubt) == (edtf, text, doubt)


def test_one_date_settles_its_column() -> None:
    assert order_of(["3/4/2018", "22/04/2018"]) == ("day-first", True, False)
    assert order_of(["3/4/2018", "04/22/2018"]) == ("month-first", True, False)
    assert order_of(["3/4/2018", date(2018, 4, 22)]) == ("", True, False)
    assert order_of(["22/4/2018", "4/22/2018"]) == ("", False, True)
    assert read("3/4/2018", SAID).edtf == "[2018-03-04,2018-04-03]"
    assert read("3/4/2018", Context(order="day-first")) == Told("2018-04-03", "3/4/2018")


def test_days_that_a_spreadsheet_may_have_swapped_are_noticed() -> None:
    days = [date(2018, month, 3) for month in (4, 5, 6)]
    assert may_be_swapped([*days, "22/04/2018", "13/05/2018"], "day-first") == 3
    assert may_be_swapped([*days, date(2018, 4, 22), "13/05/2018"], "day-first") == 0
    assert may_be_swapped([*days, "3/4/2018", "13/05/2018"], "day-first") == 0
    assert may_be_swapped(days, "") == 0


@pytest.mark.parametrize(
    ("header", "order"),
    [("Date (dd/mm/yyyy)", "day-first"), ("Date MM-DD-YYYY", "month-first"), ("Date", ""), ("Added", "")],
)
def test_a_header_may_say_the_order(header: str, order: str) -> None:
    assert hinted_order(header) == order


@pytest.mark.parametrize("value", ["14:30", time(14, 30), "14.30", "1430 hrs", "2.30pm", 0.604167])
def test_a_time_is_added_to_its_day(value: Value) -> None:
    assert at_time(Told("2018-03-20"), value, SAID).edtf == "2018-03-20T14:30"


def test_a_time_in_words_is_read_where_it_can_be() -> None:
    assert at_time(Told("2018-03-20"), "around noon", SAID).edtf == "[2018-03-20T11:00..2018-03-20T13:00]"
    told = at_time(Told("2018-03-20"), "evening", SAID)
    assert (told.edtf, told.phrase, told.doubt) == ("2018-03-20", "2018-03-20, evening", "")


def test_a_time_without_a_day_joins_the_phrase() -> None:
    told = at_time(Told("2018-21", "spring 2018"), "14:30", SAID)
    assert (told.edtf, told.phrase) == ("2018-21", "spring 2018, 14:30")
    assert told.doubt


DAY, NEXT = Told("2018-03-20"), Told("2018-03-22")


def test_a_start_and_an_end_make_an_interval() -> None:
    assert to_end(DAY, "2018-03-22", NEXT, SAID, alone=True) == Told("2018-03-20/2018-03-22")
    assert to_end(DAY, "2018-03-20", DAY, SAID, alone=True) == DAY
    assert to_end(DAY, "", NOTHING, SAID, alone=True) == DAY
    assert to_end(DAY, "", NOTHING, SAID, alone=False) == Told("2018-03-20/")
    assert to_end(NOTHING, "2018-03-22", NEXT, SAID, alone=True) == Told("/2018-03-22")
    assert to_end(DAY, "ongoing", NOTHING, SAID, alone=True) == Told("2018-03-20/", "2018-03-20 to ongoing")
    assert to_end(DAY, "unknown", Told("", "unknown"), SAID, alone=True) == Told("2018-03-20/", "2018-03-20 to unknown")


@pytest.mark.parametrize("start", ["9 March 2020", "2020", "3/4/2020", "April", "early 2020"])
@pytest.mark.parametrize("end", ["ongoing", "2 June 2021"])
def test_a_start_and_an_end_in_two_cells_are_what_the_same_words_are_in_one(start: str, end: str) -> None:
    said = Context(anchor=date(2021, 7, 1), assumed=True)
    last = NOTHING if end == "ongoing" else read(end, said)
    told = to_end(read(start, said), end, last, said, alone=True)
    assert told.edtf == read_when(f"{start} to {end}", said).edtf
    assert told.phrase == f"{start} to {end}"


def test_an_end_before_its_start_is_not_a_date() -> None:
    told = to_end(NEXT, "2018-03-20", DAY, SAID, alone=True)
    assert (told.edtf, told.phrase) == ("", "2018-03-22 to 2018-03-20")
    assert "ends before" in told.doubt


@pytest.mark.parametrize(
    ("parts", "edtf"),
    [
        ((2018, 3, 20), "2018-03-20"),
        ((2018, "March", ""), "2018-03"),
        ((2018, "", ""), "2018"),
        (("c. 2018", "", ""), "2018~"),
        ((2018, "Sept", "5"), "2018-09-05"),
        (("", 3, 20), ""),
        ((2018, 2, 30), ""),
    ],
)
def test_a_date_in_parts(parts: tuple[Value, Value, Value], edtf: str) -> None:
    assert of_parts(*parts, SAID).edtf == edtf
