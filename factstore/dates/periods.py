"""Stretches of days. Parts, distances and unions are rounded outward, so that no day that may be meant is lost.

A `Period` holds its first and last day, EDTF's own text for it where there is one, and which of its edges are vague. Only
`shift` is exact. Nothing here reads words; `phrases` does. There are no days outside the years 1 to 9999: the decade and the
century that would begin in year 0 begin in year 1, and anything else raises datetime's own OverflowError or ValueError.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

__all__ = [
    "DAY",
    "EVER",
    "Period",
    "away",
    "calendar_units",
    "century",
    "cut",
    "decade",
    "merged",
    "northern_season",
    "one_day",
    "quarter",
    "shift",
    "whole_months",
    "whole_years",
]

DAY = timedelta(days=1)
#: More days than any stretch of time has.
EVER = 10_000_000
_DAYS = {"day": 1, "week": 7, "fortnight": 14}
#: The most days by which a season may end later by the sun than by months.
_SOLSTICE = 22
#: A unit's length in days and in months; for a month, that of the longest, since half of the longest covers half of any.
_LONGER = {"month": (31, 1), "year": (365, 12), "decade": (3652, 120), "century": (36524, 1200)}


class Period(NamedTuple):
    """The days from first to last; `name` is EDTF's own text for them; either end may be vague.

    For a time of day, `name` says more than the days do: `2018-03-20T16:00`, or a range, `…T15:00..…T17:00`.
    """

    first: date
    last: date
    name: str = ""
    vague_start: bool = False
    vague_end: bool = False
    slack: int = 0  # it may be over this many days before `last`

    @property
    def over(self) -> date:
        """The first day on which it may be over."""
        return self.last - self.slack * DAY

    @property
    def timed(self) -> bool:
        """Whether it is a time of day."""
        return "T" in self.name

    @property
    def ends(self) -> tuple[str, str]:
        """First and last as EDTF: years or months where the period fills them, else days; times of day as they are."""
        if self.timed:
            first, _, last = self.name.partition("..")
            return first, last or first
        size = 10
        if self.first.day == 1 and (self.last.month, self.last.day) == (12, 31):
            size = 4 if self.first.month == 1 else 7
        elif self.first.day == 1 and self.last.day == monthrange(*self.last.timetuple()[:2])[1]:
            size = 7
        return self.first.isoformat()[:size], self.last.isoformat()[:size]

    @property
    def single(self) -> str:
        """The period as a single EDTF date; "" if it is not one."""
        if ".." in self.name:
            return ""
        return self.name or (self.ends[0] if self.ends[0] == self.ends[1] else "")


# ---- the calendar


def one_day(day: date) -> Period:
    """A day as a period."""
    return Period(day, day, day.isoformat())


def whole_years(first: int, last: int, name: str = "") -> Period:
    """Whole years, from the first (at least year 1) to the last."""
    return Period(date(max(first, 1), 1, 1), date(last, 12, 31), name)


def whole_months(year: int, month: int, count: int = 1, name: str = "") -> Period:
    """Whole months; a month beyond 1 to 12 lies in another year."""
    start, end = divmod(year * 12 + month - 1, 12), divmod(year * 12 + month - 2 + count, 12)
    last = date(end[0], end[1] + 1, 1).replace(day=monthrange(end[0], end[1] + 1)[1])
    return Period(date(start[0], start[1] + 1, 1), last, name)


def quarter(year: int, number: int) -> Period:
    """A quarter of a calendar year, numbered 1 to 4."""
    return whole_months(year, number * 3 - 2, 3, f"{year:04}-{32 + number}")


def northern_season(year: int, number: int) -> Period:
    """A season (0 is spring), however it is counted: from its first day by months to its last by the sun.

    EDTF's own seasons end with their third month.
    """
    first, last = whole_months(year, 3 + 3 * number, 3)[:2]
    return Period(first, last + _SOLSTICE * DAY, "", True, True, _SOLSTICE)


def decade(tens: int) -> Period:
    """The decade whose years begin with these digits: 199 is 1990 to 1999."""
    return whole_years(tens * 10, tens * 10 + 9, f"{tens:03}X")


def century(number: int) -> Period:
    """The century, however it is counted: 1801 to 1900 by the calendar and 1800 to 1899 for most people give 1800 to 1900."""
    return whole_years(number * 100 - 100, number * 100)


def calendar_units(unit: str, day: date, count: int) -> list[Period]:
    """The calendar week, month … that is `count` of them away from the day's own; two where the day may belong to either."""
    if unit == "week":
        monday = day + (7 * count - day.weekday()) * DAY
        starts = [monday, monday + 7 * DAY] if day.weekday() == 6 else [monday]
        return [Period(start, start + 6 * DAY) for start in starts]
    if unit == "month":
        return [whole_months(day.year, day.month + count)]
    if unit == "quarter":
        year, number = divmod(day.year * 4 + (day.month - 1) // 3 + count, 4)
        return [quarter(year, number + 1)]
    if unit == "year":
        return [whole_years(day.year + count, day.year + count)]
    if unit == "decade":
        return [decade(day.year // 10 + count)]
    return [century(n + count) for n in sorted({(day.year + 99) // 100, day.year // 100 + 1})]


# ---- distances and parts


def shift(day: date, unit: str, count: int) -> date:
    """The day `count` units later; the 31st becomes the last day of a shorter month."""
    if unit in _DAYS:
        return day + count * _DAYS[unit] * DAY
    month = whole_months(day.year, day.month + count * _LONGER[unit][1])
    return month.first.replace(day=min(day.day, month.last.day))


def away(day: date, unit: str, counts: tuple[int, int], sign: int) -> Period:
    """What lies `counts` (least, most) units before (sign -1) or after (1) the day, as loosely as people say it."""
    length = _DAYS.get(unit) or _LONGER[unit][0]
    ends = []
    for count, outward in zip(counts, (-sign, sign), strict=True):  # the nearer end, the farther
        loose = -(-max(length, count * length // 5) // 2) if length > 1 else 0
        ends.append(shift(day, unit, sign * count) + outward * loose * DAY)
        if unit in ("month", "year"):
            ends += calendar_units(unit, day, sign * count)[0][:2]
    first, last = min(ends), max(ends)
    if length == 1 and first == last:
        return one_day(first)
    if unit == "year":
        first, last = first.replace(day=1), whole_months(last.year, last.month).last
    elif unit in ("decade", "century"):
        first, last = first.replace(month=1, day=1), last.replace(month=12, day=31)
    return Period(first, last, "", True, True)


def cut(period: Period, low: int, high: int) -> Period:
    """From `low` to `high` quarters of a period, rounded outward."""
    first, last = period.first, period.last
    years = last.year - first.year + 1 if len(period.ends[0]) == 4 else 0
    size = years if years > 1 else 12 if years else (last - first).days + 1
    start, end = size * low // 4, -(-size * high // 4) - 1
    if years > 1:
        first, last = date(first.year + start, 1, 1), date(first.year + end, 12, 31)
    elif years:
        first, last = whole_months(first.year, 1 + start, end - start + 1)[:2]
    else:
        first, last = first + start * DAY, first + end * DAY
    return Period(first, last, "", low > 0 or period.vague_start, high < 4 or period.vague_end)


def merged(periods: list[Period]) -> list[Period]:
    """The periods in order. Those that touch become one, those inside another are dropped; times of day stay separate."""
    if any(period.timed for period in periods):
        return sorted(dict.fromkeys(periods), key=lambda p: p.ends)
    result: list[Period] = []
    for period in sorted(periods, key=lambda p: (p.first, -p.last.toordinal())):
        if not result or period.first > result[-1].last + DAY:
            result.append(period)
        elif period.last > result[-1].last:
            result[-1] = Period(result[-1].first, period.last)
    return result
