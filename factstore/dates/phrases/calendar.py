"""Rules for calendar units (last week, the 1990s), and for what is counted within one: the first Friday of July.

A week is Monday to Sunday. On a Sunday, "the week" of a source may also be the one about to begin: both readings count.
Nobody agrees where the first week of a month begins, so a numbered week includes all ways of counting.
"""

from __future__ import annotations

import re
from datetime import date

from factstore.dates.periods import DAY, EVER, Period, decade, one_day, whole_years
from factstore.dates.phrases.reader import Context, Finished, Times, refusal, rule, times_of
from factstore.dates.phrases.words import NTH, OFFSETS, ORDINAL, TENS, WEEKDAY, WEEKDAYS, index, ordinal


@rule(
    "unit",
    r"(?:the )?(?P<which>last|previous|this|that|same|current|next|following|coming|upcoming) (?P<unit>{0})"
    r"|the (?P<unit2>{0})(?: (?P<after>before last|before|after next|after))?".format(
        "week|month|quarter|year|decade|century"
    ),
    "A calendar week, month, quarter, year, decade or century, counted from the one that the anchor is in.",
    "last week = [2018-03-26..2018-04-01]",
    "last month = 2018-03",
    "this month = 2018-04",
    "next year = 2019",
    "the week before last = [2018-03-19..2018-03-25]",
    "last quarter = 2018-33",
    "this century = [2000..2100]",
    stretch=7,
)
def _unit(found: re.Match[str], context: Context) -> Times:
    unit = found["unit"] or found["unit2"]
    periods = context.units(unit, OFFSETS[found["which"] or found["after"] or "this"])
    return Times(periods, context.seen(found[0]))


# ---- counted within a stretch


@rule(
    "nth-of",
    rf"(?:the )?(?:(?P<nth>{ORDINAL})(?P<back> to last| last)?|(?P<last>last|final)) "
    rf"(?P<what>{WEEKDAY}|day|week|week ?end)s? (?:of|in) (?P<rest>.+)",
    "Counted from the beginning or the end of a month, a year or another stretch; weeks by all ways of counting.",
    "the first Friday of July 2018 = 2018-07-06",
    "last Monday in May 2018 = 2018-05-28",
    "the last day of October 2015 = 2015-10-31",
    "third week of 2027 = [2027-01-11..2027-01-24]",
    stretch=7,
)
def _nth_of(found: re.Match[str], context: Context) -> Times:
    number = 1 if found["last"] else ordinal(found["nth"])
    backward = bool(found["last"] or found["back"])
    rest = found["rest"] if found["rest"] not in ("month", "year") else f"the {found['rest']}"
    times = times_of(rest, context)
    if times.kind != "period" or any(p.slack or p.vague_start for p in times.periods):
        raise refusal(found[0], f"{found['rest']!r} has no days to count")
    counted = [q for p in times.periods if (q := _counted(p, found["what"], number, backward=backward))]
    if not counted:
        raise refusal(found[0], "there are not that many")
    note = f"{found[0].removeprefix('the ')}, {times.note.rstrip(',')},"
    return Times(counted, note, "period" if found["what"].startswith("week") else "day")


def _counted(within: Period, what: str, number: int, *, backward: bool) -> Period | None:
    """The n-th day, weekday, weekend or week from the beginning or the end of a period; None if it has fewer."""
    if what == "week":
        return _nth_week(within, number, backward=backward)
    step = DAY if what == "day" else 7 * DAY
    place = 5 if what.startswith("week") else 0 if what == "day" else index(WEEKDAYS, what)
    if backward:
        day = within.last if what == "day" else within.last - (within.last.weekday() - place) % 7 * DAY
        day -= (number - 1) * step
    else:
        day = within.first if what == "day" else within.first + (place - within.first.weekday()) % 7 * DAY
        day += (number - 1) * step
    if not within.first <= day <= within.last or not number:
        return None
    return Period(day, day + DAY) if what.startswith("week") else one_day(day)


def _nth_week(within: Period, number: int, *, backward: bool) -> Period | None:
    """The n-th week, from the earliest day by any way of counting to the latest; None if there are fewer.

    Week 1 may be seven days from the edge, the calendar week that includes the edge, or the first whole calendar week.
    """
    if not 1 <= number <= 53 or (within.last - within.first).days < 7 * (number - 1):
        return None
    if backward:
        edge = within.last
        sunday = edge + (6 - edge.weekday()) * DAY
        whole = sunday if sunday == edge else sunday - 7 * DAY
        back = 7 * (number - 1) * DAY
        return Period(min(edge, whole) - 6 * DAY - back, max(edge, sunday) - back)
    edge = within.first
    monday = edge - edge.weekday() * DAY
    whole = monday if monday == edge else monday + 7 * DAY
    on = 7 * (number - 1) * DAY
    return Period(min(edge, monday) + on, max(edge, whole) + 6 * DAY + on)


@rule(
    "week-number",
    r"(?:calendar |iso )?week (?P<number>\d{1,2})(?: of| in)? (?P<year>\d{4})|(?P<iso>\d{4}) ?w(?P<week>\d\d)",
    "As ISO 8601 counts, where it is written as there; in words, by all ways of counting.",
    "week 10 of 2017 = [2017-02-27..2017-03-12]",
    "2018W31 = [2018-07-30..2018-08-05]",
    stretch=7,
)
def _week_number(found: re.Match[str], context: Context) -> Times:
    year, number = int(found["year"] or found["iso"]), int(found["number"] or found["week"])
    try:
        monday = date.fromisocalendar(year, number, 1)
    except ValueError:
        raise refusal(found[0], "there are not that many") from None
    week = Period(monday, monday + 6 * DAY)
    counted = _nth_week(whole_years(year, year), number, backward=False) if found["year"] else None
    if counted:
        week = Period(min(week.first, counted.first), max(week.last, counted.last))
    return Times([week], found[0])


@rule(
    "week-of",
    r"(?:the )?week (?:of|beginning|commencing|starting|from)(?: the)? (?P<rest>.+)|w/c (?P<rest2>.+)",
    "The calendar week that includes a day, or the seven days that start with it.",
    "the week of 4 June 2018 = [2018-06-04..2018-06-10]",
    "week of June 6, 2018 = [2018-06-04..2018-06-12]",
    stretch=EVER,
)
def _week_of(found: re.Match[str], context: Context) -> Times:
    rest = found["rest"] or found["rest2"]
    times = times_of(f"the {rest}" if re.fullmatch(NTH, rest) else rest, context)
    if times.kind != "day" or any(p.first != p.last for p in times.periods):
        raise refusal(found[0], f"{rest!r} is not a day")
    weeks = [Period(p.first - p.first.weekday() * DAY, p.first + 6 * DAY) for p in times.periods]
    return Times(weeks, f"the week of {times.note}")


# ---- decades and centuries


@rule(
    "decade",
    r"(?:the )?(?:(?P<year>\d{3})0'?s|'?(?P<tens>[2-9])0'?s|(?P<word>"
    + "|".join(ten[:-1] for ten in TENS)
    + ")ies|noughties)",
    "Ten years; with two digits, each such decade that began in the last hundred years or will within twenty.",
    "the 1990s = 199X",
    "the '90s = 199X",
    "the twenties = [192X,202X]",
    "the 1800s = 18XX",
    stretch=EVER,
)
def _in_decade(found: re.Match[str], context: Context) -> Times:
    if found["year"]:
        tens = int(found["year"])
        periods = [decade(tens)]
        if tens % 10 == 0:  # the 1800s may be ten years or a hundred
            periods = [whole_years(tens * 10, tens * 10 + 99, f"{tens // 10:02}XX")]
        return Times(periods, found[0])
    if not (found["tens"] or found["word"]):
        return Times([decade(200)], found[0])
    digit = int(found["tens"] or TENS.index(f"{found['word']}y") + 2)
    first, last = context.day.year - 100, context.day.year + 20
    decades = [decade(t) for t in range(digit, 1000, 10) if first < t * 10 <= last]
    if not decades:
        raise refusal(found[0], f"none of these years is near {context.day}")
    return Times(decades, context.seen(found[0]))


@rule(
    "century",
    rf"(?:the )?(?:(?P<nth>{ORDINAL}) (?:century|cent|c)|(?P<number>1\d|2[01]) ?c)(?: (?:ad|a d|ce|c e))?",
    "A hundred years, as most people count them: 1800 to 1899.",
    "the 19th century = 18XX",
    "the twentieth century = 19XX",
    "13th century = 12XX",
    "19th c. = 18XX",
    "19c = 18XX",
    stretch=EVER,
)
def _in_century(found: re.Match[str], context: Context) -> Times:
    number = ordinal(found["nth"] or found["number"])
    if not number:
        raise refusal(found[0], "there is none")
    hundred = whole_years(number * 100 - 100, number * 100 - 1, f"{number - 1:02}XX")
    return Times([hundred], f"{found[0]}, by its hundreds,")


@rule(
    "centuries",
    rf"(?:the )?(?P<first>{ORDINAL})(?: century)?(?: - |-| to | through | and )(?:the )?(?P<last>{ORDINAL}) centur(?:y|ies)"
    "(?: (?:ad|a d|ce|c e))?",
    "From the first to the last.",
    "17th–19th centuries = 16XX/18XX",
    stretch=EVER,
)
def _in_centuries(found: re.Match[str], context: Context) -> Finished:
    first, last = ordinal(found["first"]), ordinal(found["last"])
    if not 0 < first < last:
        raise refusal(found[0], "its end comes before its beginning")
    edtf = f"{first - 1:02}XX/{last - 1:02}XX"
    return Finished(edtf, f"{found[0]}, by their hundreds, is {edtf}")


@rule(
    "some-time-in",
    r"(?:a |an? unknown |some |one )?(?P<what>decade|year|month|week|day|night) (?:somewhere |sometime |some time )?"
    r"(?:in|during|within) (?P<rest>.+)",
    "At some time within it.",
    "a day in January 1872 = 1872-01",
    "year in the 1860s = 186X",
)
def _some_time_in(found: re.Match[str], context: Context) -> Times:
    times = times_of(found["rest"], context)
    if times.kind not in ("period", "window"):
        raise refusal(found[0], f"{found['rest']!r} is not a stretch of time")
    return times._replace(note=f"some {found['what']} in {times.note}", kind="window", near=None)
