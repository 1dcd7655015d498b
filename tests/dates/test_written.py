"""A date as a person writes it is read as EDTF if possible, else as words, which need an anchor only if they are relative."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta

import pytest

from factstore.dates.faults import EventMissing
from factstore.dates.phrases import RULES, read_phrase
from factstore.dates.written import WrittenDate, read_period, read_written
from factstore.errors import AnchorMissing, DateError

MONDAY = date(2018, 4, 2)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [("2018-03-20", "2018-03-20"), (" 1984~ ", "1984~"), ("[1667,1668]", "[1667,1668]"), ("2014/..", "2014/..")],
)
def test_edtf_is_kept_and_is_not_a_phrase(text: str, edtf: str) -> None:
    assert read_written(text, MONDAY) == WrittenDate(edtf)


def test_absolute_words_need_no_anchor_and_take_none() -> None:
    written = read_written("20 March 2018", MONDAY)
    assert (written.edtf, written.phrase, written.anchor) == ("2018-03-20", "20 March 2018", None)
    assert written.because.endswith("2018-03-20.")


def test_relative_words_are_read_from_the_day_on_which_they_were_said_which_is_looked_up_only_then() -> None:
    written = read_written("late last week", said_on=lambda: MONDAY)
    assert (written.edtf, written.anchor) == ("[2018-03-29..2018-04-01]", MONDAY)
    assert read_written("late last week", MONDAY).edtf == written.edtf

    def never() -> date:
        raise AssertionError

    assert read_written("March 2018", said_on=never).edtf == "2018-03"
    assert read_written("yesterday", MONDAY, said_on=never).edtf == "2018-04-01"
    with pytest.raises(AnchorMissing):
        read_written("late last week")


#: Words that count from the event just mentioned, and what they mean if read from Monday 2018-04-02.
FROM_AN_EVENT = """
the day before = 2018-04-01
the previous day = 2018-04-01
the day after = 2018-04-03
the next day = 2018-04-03
on the following day = 2018-04-03
the next morning = 2018-04-03
the evening before = 2018-04-01
the night before = [2018-04-01..2018-04-02]
that day = 2018-04-02
on the same day = 2018-04-02
two days later = 2018-04-04
three weeks earlier = [2018-03-08..2018-03-16]
a week later = [2018-04-05..2018-04-13]
five hours later = [2018-04-02..2018-04-03]
more than two weeks later = [2018-04-16..]
a year and a half earlier = [2016-07-05..2016-12-25]
a month and two days later = [2018-04-18..2018-06-02]
the following year = 2019
the week before = [2018-03-26..2018-04-01]
May of the following year = 2019-05
late the following week = [2018-04-12..2018-04-15]
the following Thursday = [2018-04-05,2018-04-12]
two Fridays later = [2018-04-13,2018-04-20]
over the next two weeks = [2018-04-02..2018-04-20]
within two days = [2018-04-02..2018-04-04]
next day = 2018-04-03
the very next day = 2018-04-03
the next day, at 3pm = 2018-04-03T15:00
two days later at 9am = 2018-04-04T09:00
3pm that day = 2018-04-02T15:00
later that day = 2018-04-02
that week = [2018-04-02..2018-04-08]
3 May of that year = 2018-05-03
two days previously = 2018-03-31
two days afterwards = 2018-04-04
the day prior = 2018-04-01
"""


@pytest.mark.parametrize("line", FROM_AN_EVENT.strip().splitlines())
def test_words_that_count_from_another_event_are_not_read_from_the_day_on_which_they_were_said(line: str) -> None:
    phrase, edtf = line.split(" = ")
    assert read_written(phrase, MONDAY).edtf == edtf
    for said_on in (lambda: MONDAY, lambda: None):
        with pytest.raises(EventMissing, match="relate the fact to that one, or give the day"):
            read_written(phrase, said_on=said_on)


@pytest.mark.parametrize("phrase", ["later", "soon after", "by then", "after that", "at the time", "in the meantime"])
def test_words_that_mean_another_event_itself_say_how_to_relate_it(phrase: str) -> None:
    with pytest.raises(EventMissing, match="relate the fact to that one"):
        read_written(phrase, MONDAY)


@pytest.mark.parametrize(
    "phrase",
    [
        *(
            "yesterday",
            "two days ago",
            "last week",
            "the week before last",
            "next Tuesday",
            "in two weeks",
            "later this week",
        ),
        *("the day after Christmas", "the Monday following Easter", "Tuesday or later", "in the next two weeks"),
        *("the day before yesterday", "the week after next", "5 May 2018 or later", "two days after 5 May 2018"),
    ],
)
def test_words_that_count_from_the_day_on_which_they_were_said_are_read_from_it(phrase: str) -> None:
    assert read_written(phrase, said_on=lambda: MONDAY).edtf == read_written(phrase, MONDAY).edtf


@pytest.mark.parametrize(
    ("phrase", "edtf"),
    [
        ("from 1 March 2018 to yesterday", "2018-03-01/2018-04-01"),
        ("from 1 March 2018 to today", "2018-03-01/2018-04-02"),
        ("between 20 February 2018 and last week", "[2018-02-20..2018-04-01]"),
        ("from 5 March 2018 to Friday", "[2018-03-05..2018-04-06]"),
        ("from 2014 to March", "[2014-01..2019-03]"),
    ],
)
def test_an_end_that_was_said_on_a_day_is_read_from_that_day_not_from_the_other_end(phrase: str, edtf: str) -> None:
    assert read_written(phrase, said_on=lambda: MONDAY).edtf == edtf
    with pytest.raises(AnchorMissing):
        read_written(phrase)


def test_an_end_that_counts_from_another_event_is_read_from_the_other_end() -> None:
    assert read_written("from 5 May 2018 to the following day", said_on=lambda: MONDAY).edtf == "2018-05-05/2018-05-06"


def test_figures_are_read_in_the_order_that_is_given() -> None:
    assert read_written("3/4/2018").edtf == "[2018-03-04,2018-04-03]"
    assert read_written("3/4/2018", order="day-first").edtf == "2018-04-03"
    assert read_written("3/4/2018", order="month-first").edtf == "2018-03-04"


def test_words_for_a_stretch_are_its_period_and_words_for_one_of_several_days_are_not() -> None:
    sunday = date(2018, 4, 1)
    for phrase, anchor, edtf in (
        ("last week", MONDAY, "2018-03-26/2018-04-01"),
        ("last weekend", MONDAY, "2018-03-31/2018-04-01"),
        ("last week", sunday, "2018-03-19/2018-03-25"),
        ("late last week", sunday, "2018-03-22/2018-03-25"),
        ("this week", sunday, "2018-03-26/2018-04-01"),
        ("Tuesday of last week", sunday, "2018-03-20"),
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
        assert read_period(phrase, anchor).edtf == edtf


def test_what_a_source_says_on_a_sunday_may_mean_either_week() -> None:
    assert read_written("last week", date(2018, 4, 1)).edtf == "[2018-03-19..2018-04-01]"


@pytest.mark.parametrize("day", range(7))
def test_a_question_about_last_week_is_about_the_same_week_on_each_day(day: int) -> None:
    assert read_period("last week", date(2018, 3, 26) + timedelta(day)).edtf == "2018-03-19/2018-03-25"


def test_a_season_that_may_be_a_span_of_years_is_read_with_a_warning() -> None:
    assert read_written("1921-22") == WrittenDate(
        "1921-22", because="A span of years would be written 1921/1922; this is a part of the year 1921."
    )
    assert read_written("1921-21").because == read_written("2030-25").because == ""


@pytest.mark.parametrize("text", ["", "  ", "2018-13", "once upon a time", "…", "2018-02-30"])
def test_text_that_is_neither_is_refused(text: str) -> None:
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
