"""Round moments of the calendar between two times, and their labels on an axis.

Times are milliseconds since 1970-01-01T00:00:00Z, in the proleptic Gregorian calendar, without limits.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Literal, NamedTuple

from factstore.dates.ticks import civil, day_number, month_start, year_start

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 31_556_952_000  # on average

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_Unit = Literal["clock", "day", "week", "month", "year"]


class Interval(NamedTuple):
    """The distance between round moments: a number of units; the unit `clock` is a millisecond."""

    unit: _Unit
    size: int
    length: float


_STEPS = (
    *(Interval("clock", size, size) for size in (1, 10, 100, SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND)),
    *(Interval("clock", size * MINUTE, size * MINUTE) for size in (1, 5, 15, 30, 60, 180, 360, 720)),
    *(Interval("day", size, size * DAY) for size in (1, 2)),
    *(Interval("week", size, 7 * size * DAY) for size in (1, 2)),
    *(Interval("month", size, size * YEAR / 12) for size in (1, 3, 6)),
)


def step_of(span: float, most: float) -> Interval:
    """The smallest step that goes into a span at most `most` times."""
    least = span / max(most, 1)
    for step in _STEPS:
        if step.length >= least:
            return step
    for power in count():
        for digit in (1, 2, 5):
            if digit * 10**power * YEAR >= least:
                return Interval("year", digit * 10**power, digit * 10**power * YEAR)
    raise AssertionError("there is a power for any span")


def moments(lo: float, hi: float, step: Interval) -> Iterator[int]:
    """The round moments of a step between two times."""
    for moment in _from(lo, step):
        if moment > hi:
            return
        if moment >= lo:
            yield moment


def _from(lo: float, step: Interval) -> Iterator[int]:
    if step.unit == "clock":
        yield from count(int(lo // step.size) * step.size, step.size)
    day = int(lo // DAY)
    if step.unit == "day":
        days = count(day) if step.size == 1 else (one for one in count(day) if civil(one)[2] in range(1, 31, step.size))
        yield from (one * DAY for one in days)
    if step.unit == "week":  # day 4 was a Monday
        yield from (one * DAY for one in count((day - 4) // (7 * step.size) * 7 * step.size + 4, 7 * step.size))
    year = civil(day)[0]
    if step.unit == "month":
        yield from (month_start(year, month) * DAY for month in count(1, step.size))
    yield from (_begins(number, step.size) for number in count(year // step.size - 1))


def _begins(number: int, size: int) -> int:
    """When a round year begins. Years before our era are rounded as they are written: -99 is 100 BC."""
    year = number * size + (size > 1 and number < 0)
    return year_start(year or 1 if size > 1 else year) * DAY


def label(moment: float, step: Interval, *, whole: bool) -> str:
    """The label of a round moment: only what the step needs, or the `whole` date."""
    year, month, day = civil(int(moment // DAY))
    clock = int(moment % DAY)
    if step.unit == "year":
        return year_text(year)
    if step.unit == "month":
        return year_text(year) if month == 1 and not whole else f"{_MONTHS[month - 1]} {year_text(year)}"
    date = f"{day} {_MONTHS[month - 1]}" + (f" {year_text(year)}" if whole else "")
    if step.unit != "clock":
        return date
    return f"{date}, {clock_text(clock, step)}" if whole else clock_text(clock, step) if clock else date


def clock_text(clock: int, step: Interval) -> str:
    """A time of day, as precise as a step needs."""
    minutes, rest = divmod(clock, MINUTE)
    text = f"{minutes // 60:02}:{minutes % 60:02}"
    if step.size < MINUTE:
        text += f":{rest // SECOND:02}"
    return text + (f".{rest % SECOND:03}" if step.size < SECOND else "")


def year_text(year: int) -> str:
    """A year as people write it: `2018`, `AD 79`, `44 BC`, `66 million BC`."""
    if year > 0:
        return str(year) if year > 999 else f"AD {year}"
    before = 1 - year
    return (
        f"{before / 1_000_000:,.4g} million BC"
        if before >= 1_000_000
        else f"{before:,} BC"
        if before > 9999
        else f"{before} BC"
    )


def day_text(moment: float) -> str:
    """The day of a time: `20 Mar 2018`."""
    year, month, day = civil(int(moment // DAY))
    return f"{day} {_MONTHS[month - 1]} {year_text(year)}"


def day_of(year: int, month: int, day: int) -> int:
    """When a day begins."""
    return day_number(year, month, day) * DAY
