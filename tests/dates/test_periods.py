"""Stretches of days: what always holds for parts, distances and unions, on any day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factstore.dates.periods import (
    DAY,
    Period,
    away,
    century,
    cut,
    decade,
    merged,
    one_day,
    shift,
    whole_months,
    whole_years,
)

days = st.dates(date(1000, 1, 1), date(9000, 12, 31))
units = st.sampled_from(["day", "week", "fortnight", "month", "year", "decade", "century"])
stretches = st.builds(lambda first, more: Period(first, first + more * DAY), days, st.integers(0, 900))
periods = st.one_of(
    stretches,
    days.map(one_day),
    days.map(lambda day: whole_months(day.year, day.month)),
    st.builds(lambda day, more: whole_years(day.year, day.year + more), days, st.integers(0, 120)),
)
in_2018 = st.builds(
    lambda start, more: Period(date(2018, 1, 1) + start * DAY, date(2018, 1, 1) + (start + more) * DAY),
    st.integers(0, 99),
    st.integers(0, 20),
)


def within(day: date, *among: Period) -> bool:
    return any(period.first <= day <= period.last for period in among)


@given(period=periods, low=st.integers(0, 3), more=st.integers(1, 4))
def test_a_part_lies_within_the_whole_and_contains_all_of_its_quarters(period: Period, low: int, more: int) -> None:
    high = min(low + more, 4)
    part = cut(period, low, high)
    assert period.first <= part.first <= part.last <= period.last
    assert (part.vague_start, part.vague_end) == (low > 0, high < 4)
    if len(period.ends[0]) == 10:  # else it is cut in months or years, not in days
        size = (period.last - period.first).days + 1
        assert 4 * (part.first - period.first).days <= size * low
        assert 4 * ((part.last - period.first).days + 1) >= size * high


@given(period=periods, low=st.integers(1, 3))
def test_parts_that_share_a_boundary_leave_no_day_out(period: Period, low: int) -> None:
    before, after = cut(period, 0, low), cut(period, low, 4)
    assert (before.first, after.last) == (period.first, period.last)
    assert after.first <= before.last + DAY


@given(day=days, unit=units, count=st.integers(-9, 9))
def test_there_and_back_is_the_same_day_unless_a_month_was_too_short(day: date, unit: str, count: int) -> None:
    there = shift(day, unit, count)
    back = shift(there, unit, -count)
    assert back == day or (there.day < day.day and (there + DAY).day == 1 and back == day.replace(day=there.day))


@given(day=days, later=st.integers(0, 40), unit=units, count=st.integers(-9, 9))
def test_what_is_later_stays_later(day: date, later: int, unit: str, count: int) -> None:
    assert shift(day, unit, count) <= shift(day + later * DAY, unit, count)


@given(
    day=days,
    unit=units,
    counts=st.tuples(st.integers(1, 9), st.integers(1, 9)).map(lambda pair: (min(pair), max(pair))),
    sign=st.sampled_from([-1, 1]),
)
def test_a_distance_contains_every_count_and_half_a_unit_around_it(
    day: date, unit: str, counts: tuple[int, int], sign: int
) -> None:
    least, most = counts
    found = away(day, unit, counts, sign)
    assert all(within(shift(day, unit, sign * count), found) for count in range(least, most + 1))
    if unit == "day":
        assert {found.first, found.last} == {day + sign * least * DAY, day + sign * most * DAY}
    else:
        half = timedelta(days={"week": 3, "fortnight": 7, "month": 15, "year": 182}.get(unit, 1800))
        assert within(shift(day, unit, sign * least) - sign * half, found)
        assert within(shift(day, unit, sign * most) + sign * half, found)


@given(among=st.lists(in_2018, max_size=6))
def test_a_union_has_the_same_days_in_order_and_separate(among: list[Period]) -> None:
    union = merged(among)
    for day in (date(2018, 1, 1) + n * DAY for n in range(121)):
        assert within(day, *union) == within(day, *among)
    assert all(one.last + DAY < other.first for one, other in pairwise(union))


@given(period=periods)
def test_its_ends_in_text_are_its_days(period: Period) -> None:
    first, last = period.ends
    assert len(first) == len(last)
    assert str(period.first).startswith(first)
    assert str(period.last).startswith(last)
    for text, day, inward in ((first, period.first, DAY), (last, period.last, -DAY)):
        assert len(text) == 10 or not str(day - inward).startswith(text)


def test_the_calendar_begins_with_year_1_and_ends_with_9999() -> None:
    assert decade(0).first == century(1).first == date.min
    for beyond in (lambda: whole_months(1, 0), lambda: whole_years(9999, 10000), lambda: shift(date.max, "day", 1)):
        with pytest.raises((OverflowError, ValueError)):
            beyond()
