"""Rules for dates in figures. They come first, since other rules read a hyphen between figures as a span.

Day and month are read in both orders, unless one is impossible or the caller has said which comes first. Two figures are
read as a year only if the caller has given a pivot.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from factstore.dates.faults import NoSuchDate
from factstore.dates.periods import Period, one_day, whole_months, whole_years
from factstore.dates.phrases.nearby import yearly
from factstore.dates.phrases.reader import Context, Finished, Times, other_weekday, refusal, rule, times_of
from factstore.dates.phrases.words import WEEKDAY, WEEKDAYS, from_pivot, index


@rule(
    "date",
    r"(?:the year |year (?=\d{3}))(?P<bare>\d{1,4})|(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?",
    "A plain year, month or day of ISO 8601 stays as it is.",
    "2018-03-20 = 2018-03-20",
    "2018-03 = 2018-03",
    "in 2017 = 2017",
    "the year 79 = 0079",
)
def _date(found: re.Match[str], context: Context) -> Times | None:
    year, month, day = (int(part or 1) for part in (found["bare"] or found["year"], found["month"], found["day"]))
    if found["month"] and not found["day"] and _ends_span(year, month):
        return None
    if not (year and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        raise refusal(found[0], "the calendar has no such date", NoSuchDate)
    if found["day"]:
        return Times([one_day(date(year, month, day))], f"the day {found[0]}", "day", "year")
    period = whole_months(year, month) if found["month"] else whole_years(year, year)
    return Times([period], found[0], cycle="year")


def _ends_span(year: int, figures: int) -> bool:
    """Whether two figures that cannot be a month are the end of a later year of the same century: 1914-18."""
    return figures > 12 and figures > year % 100


@rule(
    "years",
    r"(?:from )?(?P<year>\d{4})(?: - |-| to | until )(?P<to>\d\d)",
    "From a year to a later one of the same century; after a hyphen, only if it cannot be a month.",
    "1914-18 = 1914/1918",
    "1939–45 = 1939/1945",
)
def _years(found: re.Match[str], context: Context) -> Finished:
    year, to = int(found["year"]), int(found["to"])
    if to <= year % 100:
        raise refusal(found[0], "its end comes before its beginning")
    last = year // 100 * 100 + to
    return Finished(f"{year:04}/{last:04}", f"throughout this: {year:04} to {last:04}")


@rule(
    "numbers",
    r"(?P<a>\d{1,2}) ?(?P<sign>[-/.]) ?(?P<b>\d{1,2}) ?(?P=sign) ?(?P<year>\d{4}|'?\d\d)"
    r"|(?P<year2>\d{4})(?P<sign2>[-/.])(?P<month>\d{1,2})(?P=sign2)(?P<day>\d{1,2})",
    "Day and month in either order; the year first, then month and day.",
    "3/20/2018 = 2018-03-20",
    "3/4/2018 = [2018-03-04,2018-04-03]",
    "23.4.2018 = 2018-04-23",
    "2015/08/12 = 2015-08-12",
)
def _numbers(found: re.Match[str], context: Context) -> Times:
    year = _year(found["year"] or found["year2"], context)
    pairs = _orders(found["a"], found["b"], context) if found["a"] else [(int(found["month"]), int(found["day"]))]
    days = list(_days(year, pairs))
    if not days:
        raise refusal(found[0], "the calendar has no such date", NoSuchDate)
    return Times(days, f"the date {found[0]}", "day", "year")


@rule(
    "weekday-numbers",
    rf"(?P<weekday>{WEEKDAY}) (?P<rest>\d{{1,4}} ?[-/.].*\d)",
    "Those readings of a date in figures that fall on the weekday.",
    "Tuesday 3/4/2018 = 2018-04-03",
    "Sunday, 3/4/2018 = 2018-03-04",
)
def _weekday_numbers(found: re.Match[str], context: Context) -> Times | None:
    times = times_of(found["rest"], context)
    if times.kind != "day":
        return None
    kept = [p for p in times.periods if p.first.weekday() == index(WEEKDAYS, found["weekday"])]
    if not kept:
        raise other_weekday(found[0], times, index(WEEKDAYS, found["weekday"]))
    return times._replace(periods=kept, near=None)


def _year(text: str, context: Context) -> int:
    if len(text) == 4:
        return int(text)
    if context.pivot is None:
        raise refusal(text, "a year of two digits may be of any century")
    return from_pivot(text, context.pivot)


def _orders(a: str, b: str, context: Context) -> list[tuple[int, int]]:
    """The readings of two numbers as month and day."""
    month_first, day_first = (int(a), int(b)), (int(b), int(a))
    if context.order:
        return [month_first if context.order == "month-first" else day_first]
    return sorted({month_first, day_first})


def _days(year: int, pairs: list[tuple[int, int]]) -> Iterator[Period]:
    for month, day in pairs:
        if year and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
            yield one_day(date(year, month, day))


@rule(
    "days-of-month",
    r"(?P<a>\d{1,2})\.? ?- ?(?P<b>\d{1,2})(?P<sign>[/.]) ?(?P<month>\d{1,2})(?P=sign) ?(?P<year>\d{4})"
    r"|\d{1,2}/\d{1,2} ?- ?\d{1,2}/\d{4}",
    "From one day of a month to another, if the month comes last.",
    "3-5/5/2018 = 2018-05-03/2018-05-05",
    "3.-5.5.2018 = 2018-05-03/2018-05-05",
    signs="-",
)
def _days_of_month(found: re.Match[str], context: Context) -> Finished:
    if not found["a"] or context.order == "month-first":
        raise refusal(found[0], "it does not say which of the figures are days, and which are months")
    first, last = int(found["a"]), int(found["b"])
    days = list(_days(int(found["year"]), [(int(found["month"]), day) for day in (first, last)]))
    if len(days) < 2:
        raise refusal(found[0], "the calendar has no such date", NoSuchDate)
    if first >= last:
        raise refusal(found[0], "its end comes before its beginning")
    return Finished(
        f"{days[0].name}/{days[1].name}", f"throughout this: {found[0]} is {days[0].first} to {days[1].first}"
    )


_IDIOMS = {"9/11": "11 September 2001", "24/7": "always"}


@rule(
    "numbers-of-year",
    r"(?P<a>\d{1,2}) ?/ ?(?P<b>\d{1,2})(?P<which>(?!))?(?P<year>(?!))?(?P<whose>(?!))?",
    "Day and month in either order, in the nearest years.",
    "4/20 = 2018-04-20",
    "3/20 = [2018-03-20,2019-03-20]",
)
def _numbers_of_year(found: re.Match[str], context: Context) -> Times:
    if found[0] in _IDIOMS:
        raise refusal(found[0], f"it may be {_IDIOMS[found[0]]} rather than a day of the year")
    pairs = _orders(found["a"], found["b"], context)
    return yearly(found, context, found[0], lambda year: list(_days(year, pairs)), "day")


@rule(
    "month-and-year",
    r"(?P<month>\d{1,2}) ?[-/.] ?(?P<year>\d{4})|(?P<year2>\d{4})[/.](?P<month2>\d{1,2})",
    "A month in figures, before or after its year, unless the figures may be the next year.",
    "2/2013 = 2013-02",
    "11-2016 = 2016-11",
    "2014/10 = 2014-10",
)
def _month_and_year(found: re.Match[str], context: Context) -> Times | None:
    year, month = int(found["year"] or found["year2"]), int(found["month"] or found["month2"])
    if "." in found[0] and (len(found["month2"] or "xx") < 2 or not 1500 <= year < 2500):
        raise refusal(found[0], "it may be a number")
    if found["year2"] and "/" in found[0] and len(found["month2"]) == 2 and month == (year + 1) % 100:
        return None  # 1743/44, 1711/12
    if not 1 <= month <= 12:
        raise refusal(found[0], "the calendar has no such date", NoSuchDate)
    return Times([whole_months(year, month)], f"the month {found[0]}", cycle="year")
