"""A date as a person writes it is EDTF where it can be, else words, which need an anchor only where they are relative."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from factstore.dates.phrases import RULES, read_phrase
from factstore.dates.written import WrittenDate, read_written
from factstore.errors import AnchorMissing, DateError

MONDAY = date(2018, 4, 2)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [("2018-03-20", "2018-03-20"), (" 1984~ ", "1984~"), ("[1667,1668]", "[1667,1668]"), ("2014/..", "2014/..")],
)
def test_edtf_is_kept_and_is_no_phrase(text: str, edtf: str) -> None:
    assert read_written(text, MONDAY) == WrittenDate(edtf)


def test_absolute_words_need_no_anchor_and_take_none() -> None:
    written = read_written("20 March 2018", MONDAY)
    assert (written.edtf, written.phrase, written.anchor) == ("2018-03-20", "20 March 2018", None)
    assert written.because.endswith("2018-03-20.")


def test_relative_words_are_seen_from_the_anchor_which_is_looked_for_only_then() -> None:
    written = read_written("late last week", lambda: MONDAY)
    assert (written.edtf, written.anchor) == ("[2018-03-29..2018-04-01]", MONDAY)

    def never() -> date:
        raise AssertionError

    assert read_written("March 2018", never).edtf == "2018-03"
    for nobody in (None, lambda: None):
        with pytest.raises(AnchorMissing):
            read_written("late last week", nobody)


def test_figures_are_read_in_the_order_that_is_given() -> None:
    assert read_written("3/4/2018").edtf == "[2018-03-04,2018-04-03]"
    assert read_written("3/4/2018", order="day-first").edtf == "2018-04-03"
    assert read_written("3/4/2018", order="month-first").edtf == "2018-03-04"


def test_words_for_a_stretch_are_its_period_and_those_that_leave_a_day_open_are_none() -> None:
    sunday = date(2018, 4, 1)
    for phrase, anchor, edtf in (
        ("last week", MONDAY, "2018-03-26/2018-04-01"),
        ("last weekend", MONDAY, "2018-03-31/2018-04-01"),
        ("last week", sunday, "[2018-03-19..2018-04-01]"),
        ("late last week", MONDAY, "2018-03-29/2018-04-01"),
        ("late May 2018", None, "2018-05-16/2018-05-31"),
        ("early 2018", None, "2018-01-01/2018-06-30"),
        ("the 13th century", None, "1200-01-01/1299-12-31"),
        ("the 1990s", None, "1990-01-01/1999-12-31"),
        ("between 1 and 3 May 2018", None, "2018-05-01/2018-05-03"),
        ("the week of 4 June 2018", None, "2018-06-04/2018-06-10"),
        ("5 or 6 May 2018", None, "[2018-05-05..2018-05-06]"),
        ("9/3/2019", None, "[2019-03-09,2019-09-03]"),
        ("c. 1450", None, "1450~"),
        ("before 1820", None, "[..1820]"),
        ("1743/44", None, "[1743..1744]"),
        ("[2018-05-16..2018-05-31]", None, "[2018-05-16..2018-05-31]"),
        ("201X", None, "201X"),
        ("last century", MONDAY, "[1900..2000]"),
        ("last month", MONDAY, "2018-03"),
        ("the 5th century BC", None, "-0499-01-01/-0399-12-31"),
        ("2018W31", None, "2018-07-30/2018-08-05"),
        ("week 10 of 2017", None, "[2017-02-27..2017-03-12]"),
        ("the third weekend of July 2018", None, "2018-07-21/2018-07-22"),
    ):
        assert read_written(phrase, anchor).as_period().edtf == edtf


def test_a_season_that_may_be_a_span_of_years_is_read_with_a_warning() -> None:
    assert read_written("1921-22") == WrittenDate(
        "1921-22", because="A span of years would be written 1921/1922; this is a part of the year 1921."
    )
    assert read_written("1921-21").because == read_written("2030-25").because == ""


@pytest.mark.parametrize("text", ["", "  ", "2018-13", "once upon a time", "…", "2018-02-30"])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(DateError) as caught:
        read_written(text, MONDAY)
    assert not isinstance(caught.value, AnchorMissing)


def test_what_reads_without_an_anchor_reads_the_same_with_one() -> None:
    for rule in RULES:
        for phrase, edtf in rule.examples.items():
            try:
                assert read_phrase(phrase).edtf == edtf
            except AnchorMissing:
                continue


def test_words_are_loaded_only_where_they_are_read() -> None:
    code = "import sys; from factstore.dates.written import read_written; read_written('2018-03'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "factstore.dates.phrases" not in done.stdout.split()


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("[2016-09-17,2016-09-24]", "2016-09-17"),
        ("[2016-09-10,2016-09-17,2016-09-24]", "[2016-09-10,2016-09-17]"),
        ("[2016-09-17..2016-09-24]", "[2016-09-17..2016-09-24]"),
        ("[2016-09-10..2016-09-12,2016-09-24]", "[2016-09-10..2016-09-12]"),
        ("[..2016-09-12,2016-09-24]", "[..2016-09-12]"),
        ("[2016-09-18,2016-09-19]", "2016-09-18"),
        ("[2016-09-24,2016-09-25]", "[2016-09-24,2016-09-25]"),
        ("{2016-09-17,2016-09-24}", "{2016-09-17,2016-09-24}"),
        ("2016-09-24", "2016-09-24"),
    ],
)
def test_of_several_readings_those_by_a_day(text: str, by: str) -> None:
    assert WrittenDate(text).by(date(2016, 9, 18)).edtf == by
