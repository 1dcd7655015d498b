"""Rules for what recurs each week, month or year: weekdays, days of months, months, seasons, quarters."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from factstore.dates.faults import NoSuchDate
from factstore.dates.periods import DAY, EVER, Period, northern_season, one_day, quarter, whole_months
from factstore.dates.phrases.nearby import nearest, weekly, yearly
from factstore.dates.phrases.reader import Context, Times, other_weekday, refusal, rule, times_of
from factstore.dates.phrases.words import (
    MONTH,
    MONTHS,
    NTH,
    OFFSETS,
    ORDINAL,
    SEASONS,
    WEEKDAY,
    WEEKDAYS,
    WHICH,
    WHOSE,
    YEAR,
    index,
    ordinal,
)

# ---- in each week

_WEEK = rf"(?:the )?{WHOSE} week"


@rule(
    "weekday",
    rf"{WHICH}(?P<weekday>{WEEKDAY})(?: (?P<after>before last|after next))?(?: (?:of |from )?{_WEEK})?"
    rf"|{_WEEK.replace('whose', 'whose2')}(?:'?s)?(?: on)? (?P<weekday2>{WEEKDAY})",
    "The anchor's own day, else the one before and the one after, unless last, next or this decides.",
    "on Monday = 2018-04-02",
    "on Tuesday = [2018-03-27,2018-04-03]",
    "last Tuesday = 2018-03-27",
    "next Tuesday = [2018-04-03,2018-04-10]",
    "the following Tuesday = [2018-04-03,2018-04-10]",
    "this past Friday = 2018-03-30",
    "this coming Monday = 2018-04-09",
    "Friday after next = [2018-04-13,2018-04-20]",
    "Tuesday of last week = 2018-03-27",
    "this week Friday = 2018-04-06",
)
def _weekday(found: re.Match[str], context: Context) -> Times:
    place = index(WEEKDAYS, found["weekday"] or found["weekday2"])
    whose, which = found["whose"] or found["whose2"], found["which"] or ""
    if (which and found["after"]) or (whose and (which or found["after"])):
        raise refusal(found[0], "it says twice which one is meant")
    if not whose:
        return weekly(which or found["after"] or "", context, WEEKDAYS[place], place, 1, "day")
    weeks = context.units("week", OFFSETS[whose])
    days = [one_day(week.first + place * DAY) for week in weeks]
    return Times(days, context.seen(f"{WEEKDAYS[place]} of the {whose} week"), "day")


@rule(
    "weekend",
    rf"{WHICH}week ?end",
    "Saturday and Sunday: the one that the anchor is in, else the one before and the one after.",
    "over the weekend = [2018-03-31..2018-04-01,2018-04-07..2018-04-08]",
    "last weekend = [2018-03-31..2018-04-01]",
    "this weekend = [2018-03-31..2018-04-01,2018-04-07..2018-04-08]",
    "next weekend = [2018-04-07..2018-04-08,2018-04-14..2018-04-15]",
    stretch=2,
)
def _weekend(found: re.Match[str], context: Context) -> Times:
    which = found["which"] or ""
    return weekly("" if which == "this" else which, context, "weekend", 5, 2)


# ---- in each month


@rule(
    "nth",
    rf"(?:(?P<weekday>{WEEKDAY}) )?(?:the (?P<day>{NTH})|(?P<day2>{ORDINAL}|\d{{1,2}}(?= of )))(?: day)?"
    rf"(?: of (?:the )?(?:{WHOSE} )?month)?",
    "The anchor itself, else the nearest before and the nearest after; if a month is named, that day of it.",
    "the 21st = [2018-03-21,2018-04-21]",
    "Thursday the 21st = [2017-12-21,2018-06-21]",
    "the 20th of next month = 2018-05-20",
    "20 of this month = 2018-04-20",
)
def _nth(found: re.Match[str], context: Context) -> Times:
    if re.fullmatch("[a-z ]+", found[0]) and not (found["weekday"] or found["day"]) and " of " not in found[0]:
        raise refusal(found[0], "a number alone may count anything")
    if found[0].endswith(" day"):
        raise refusal(found[0], "it does not say of what")
    number, anchor = ordinal(found["day"] or found["day2"]), context.day
    weekday = index(WEEKDAYS, found["weekday"]) if found["weekday"] else None

    def in_month(offset: int) -> list[Period]:
        month = whole_months(anchor.year, anchor.month + offset)
        days = [month.first.replace(day=number)] if 1 <= number <= month.last.day else []
        return [one_day(day) for day in days if weekday is None or day.weekday() == weekday]

    if " of " in found[0]:
        days = in_month(OFFSETS[found["whose"] or "this"])
    else:
        past = next(
            (days for offset in range(0, -40, -1) if (days := in_month(offset)) and days[0].first <= anchor), []
        )
        coming = next((days for offset in range(40) if (days := in_month(offset)) and days[0].first >= anchor), [])
        days = nearest("", context, "month", lambda _: sorted({*past, *coming}))
    if not days:
        raise refusal(found[0], "there is no such day")
    return Times(days, context.seen(found[0]), "day", "month")


# ---- in each year

_OF_YEAR = rf"(?:(?:early|mid|late) )?(?:{MONTH}|{'|'.join(SEASONS)}|fall|q[1-4])"


_FEBRUARY, _LEAP_YEAR, _LONGEST = 2, 2000, 31


@rule(
    "month-day",
    rf"(?:(?P<weekday>{WEEKDAY}) )?{WHICH}(?:(?P<month>{MONTH}) (?:the )?(?P<day>{NTH})"
    rf"|(?P<day2>{NTH})(?: day)?(?: of)? (?P<month2>{MONTH})){YEAR}(?: (?P<weekday2>{WEEKDAY}))?"
    rf"|(?P<year3>\d{{4}}) (?P<month3>{MONTH}) (?:the )?(?P<day3>{NTH})",
    "A day of a month; without a year, the nearest before and after, or the one this month.",
    "March 20, 2018 = 2018-03-20",
    "on Tuesday, March 20 = 2018-03-20",
    "on March 20 = [2018-03-20,2019-03-20]",
    "30 April = 2018-04-30",
    "the first of March 2018 = 2018-03-01",
    "31-Oct-1974 = 1974-10-31",
    "2012/Aug/10 = 2012-08-10",
    "Mar. 20 last year = 2017-03-20",
)
def _month_day(found: re.Match[str], context: Context) -> Times | None:
    if found["year3"]:
        return times_of(f"{found['day3']} {found['month3']} {found['year3']}", context)
    month = index(MONTHS, found["month"] or found["month2"]) + 1
    day = ordinal(found["day"] or found["day2"])
    if day > _LONGEST:  # a year of two figures, perhaps
        return None

    def of_year(year: int) -> list[Period]:
        first = date(year, month, 1)
        return [one_day(first.replace(day=day))] if 1 <= day <= monthrange(year, month)[1] else []

    year = int(found["year"] or _LEAP_YEAR)
    if day > (length := monthrange(max(year, 1), month)[1]):
        called = f"{MONTHS[month - 1]} {found['year'] or ''}".strip() if month == _FEBRUARY else MONTHS[month - 1]
        raise refusal(found[0], f"{called} has only {length} days", NoSuchDate)
    if not (weekday := found["weekday"] or found["weekday2"]):
        return yearly(found, context, f"{day} {MONTHS[month - 1]}", of_year, "day")
    named = index(WEEKDAYS, weekday)
    times = yearly(found, context, f"{weekday} {day} {MONTHS[month - 1]}", of_year, "day")
    kept = [p for p in times.periods if p.first.weekday() == named]
    if not kept and times.near:  # so in another year: within twelve, a date falls on each weekday
        years = range(context.day.year - 12, context.day.year + 13)
        days = [p for year in years for p in of_year(year) if p.first.weekday() == named]
        kept = nearest("", context, "year", lambda _: days)
    if not kept:
        raise other_weekday(found[0], times, named)
    return Times(kept, times.note, "day", "year")


@rule(
    "month",
    rf"{WHICH}(?:month of )?(?P<month>{MONTH}){YEAR}|(?P<year2>\d{{4}}) (?P<month2>{MONTH})",
    "Without a year, the month that the anchor is in, else the one before and the one after.",
    "in March = [2018-03,2019-03]",
    "in April = 2018-04",
    "March 2018 = 2018-03",
    "last December = 2017-12",
    "last March = [2017-03,2018-03]",
    "in May next year = 2019-05",
)
def _month(found: re.Match[str], context: Context) -> Times:
    month = index(MONTHS, found["month"] or found["month2"]) + 1
    if found["year2"]:
        return Times([whole_months(int(found["year2"]), month)], found[0], cycle="year")
    return yearly(found, context, MONTHS[month - 1], lambda year: [whole_months(year, month)])


@rule(
    "season",
    rf"{WHICH}(?P<season>spring|summer|autumn|fall|winter){YEAR}(?: ?[-/] ?(?P<to>\d\d(?:\d\d)?))?",
    "In the northern hemisphere, by months or by the sun, whichever is longer; a winter belongs to two years.",
    "the spring of 2018 = [2018-03-01..2018-06-22]",
    "last summer = [2017-06-01..2017-09-22]",
    "the winter of 2017 = [2016-12-01..2017-03-22,2017-12-01..2018-03-22]",
    "the winter of 2017-18 = [2017-12-01..2018-03-22]",
    "this summer = [2018-06-01..2018-09-22]",
    stretch=EVER,
)
def _in_season(found: re.Match[str], context: Context) -> Times:
    season = found["season"].replace("fall", "autumn")
    number = SEASONS.index(season)

    def of_year(year: int) -> list[Period]:
        years = (year - 1, year) if season == "winter" else (year,)
        return [northern_season(y, number) for y in years if y > 0]

    times = yearly(found, context, season, of_year)
    if not found["to"]:
        return times
    year, to = int(found["year"] or 0), found["to"]
    if season != "winter" or not year or (year + 1) % 10 ** len(to) != int(to):
        raise refusal(found[0], "only a winter lies in two years, one after the other")
    return Times([northern_season(year, number)], times.note, cycle="year")


@rule(
    "year-in-brackets",
    rf"(?P<year>\d{{4}}) \((?P<part>{_OF_YEAR})\)|(?P<part2>{_OF_YEAR}) \((?P<year2>\d{{4}})\)",
    "A part of the year that stands beside it.",
    "2018 (spring) = [2018-03-01..2018-06-22]",
    "2018 (early March) = [2018-03-01..2018-03-16]",
    signs="( )",
    stretch=EVER,
)
def _year_in_brackets(found: re.Match[str], context: Context) -> Times:
    return times_of(f"{found['part'] or found['part2']} {found['year'] or found['year2']}", context)


@rule(
    "quarter",
    rf"(?:the )?(?:q(?P<number>[1-4])|(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th) (?:quarter|qtr)){YEAR}"
    r"|(?P<year2>\d{4}) ?(?:q(?P<number2>[1-4])|(?:the )?(?P<nth2>first|second|third|fourth) quarter)",
    "EDTF's calendar quarter.",
    "the first quarter of 2018 = 2018-33",
    "Q4 2017 = 2017-36",
    "the second quarter of this year = 2018-34",
)
def _quarter(found: re.Match[str], context: Context) -> Times:
    if found["year2"]:
        number = int(found["number2"] or ordinal(found["nth2"]))
        return Times([quarter(int(found["year2"]), number)], f"quarter {number} of {found['year2']}", cycle="year")
    number = int(found["number"]) if found["number"] else ordinal(found["nth"])
    return yearly(found, context, f"quarter {number}", lambda year: [quarter(year, number)])


@rule(
    "half",
    r"h(?P<number>[12]) (?P<year>\d{4})|(?P<year2>\d{4}) ?h(?P<number2>[12])",
    "EDTF's half of the calendar year.",
    "H1 2016 = 2016-40",
)
def _half(found: re.Match[str], context: Context) -> Times:
    year, number = int(found["year"] or found["year2"]), int(found["number"] or found["number2"])
    half = whole_months(year, number * 6 - 5, 6, f"{year:04}-{39 + number}")
    return Times([half], f"half {number} of {year}", cycle="year")
