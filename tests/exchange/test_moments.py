"""Ticks as moments in UTC, and the four bounds of a time span."""

from __future__ import annotations

import pytest

from factstore.dates.ticks import DAY, HOUR, day_number
from factstore.exchange.moments import date_time, four_bounds
from factstore.repository.answers import Span
from factstore.units import Ticks


@pytest.mark.parametrize(
    ("year", "words"),
    [
        (2018, "2018-03-20T15:00:00Z"),
        (0, "0000-03-20T15:00:00Z"),
        (-43, "-0043-03-20T15:00:00Z"),
        (12345, "12345-03-20T15:00:00Z"),
    ],
)
def test_a_tick_as_a_moment(year: int, words: str) -> None:
    assert date_time(Ticks(day_number(year, 3, 20) * DAY + 15 * HOUR)) == words


def test_the_second_that_a_tick_lies_in() -> None:
    assert date_time(Ticks(-1)) == "1969-12-31T23:59:59Z"


def test_four_bounds_of_a_day() -> None:
    first = day_number(2018, 3, 20) * DAY
    assert four_bounds(Span(Ticks(first), Ticks(first + DAY), Ticks(first + DAY), Ticks(first), ())) == {
        "begin_of_the_begin": "2018-03-20T00:00:00Z",
        "end_of_the_begin": "2018-03-20T23:59:59Z",
        "begin_of_the_end": "2018-03-20T00:00:00Z",
        "end_of_the_end": "2018-03-20T23:59:59Z",
    }


def test_missing_bounds_are_left_out() -> None:
    assert four_bounds(Span(None, None, None, None, ())) == {}
