"""Which one is meant of what recurs: the readings of a weekday, a month or a feast that is named without a year.

By itself it is the one that the anchor lies in (newspapers write "on Monday" on that Monday); for a date, it is enough that
the month is the anchor's. Otherwise it is both the nearest before and the nearest after: only the tense would say which, and
that is not in the phrase. "last" and "previous", "next" and "following" may mean the nearest one, or the one in the last or
next week (year), so both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal

from factstore.dates.faults import NoSuchDate
from factstore.dates.periods import DAY, Period, calendar_units, one_day, whole_months
from factstore.dates.phrases.reader import Context, Times, refusal
from factstore.dates.phrases.words import OFFSETS


def nearest(which: str, context: Context, unit: str, near: Callable[[date], list[Period]]) -> list[Period]:
    """All readings of something that each unit (week, year) has, with or without a word such as "last"."""
    anchor = context.day
    around = near(anchor)
    past = [p for p in around if p.over < anchor]
    coming = [p for p in around if p.first > anchor]
    now = [p for p in around if p.first <= anchor <= p.last]

    def of(count: int, among: list[Period]) -> list[Period]:
        units = calendar_units(unit, anchor, count)
        return [p for p in among if any(p.first <= u.last and u.first <= p.over for u in units)]

    if which in ("last", "previous"):
        found = past[-1:] + of(-1, past)
    elif which in ("next", "following"):
        found = coming[:1] + of(1, coming)
    elif which == "before last":
        found = past[-2:-1] + of(-2, past)
    elif which == "after next":
        found = coming[1:2] + of(2, coming)
    elif which == "this":
        own = of(0, around)
        found = now or own + (coming[:1] if unit == "week" or all(p.first == p.last < anchor for p in own) else [])
    elif which in ("this coming", "coming", "upcoming"):
        found = coming[:1]
    elif which:  # this past, past
        found = past[-1:]
    elif context.tense:
        found = now or (past[-1:] if context.tense == "past" else coming[:1])
    else:
        found = now or past[-1:] + coming[:1]
    return list(dict.fromkeys(found))


def weekly(
    which: str, context: Context, what: str, day: int, days: int, kind: Literal["period", "day"] = "period"
) -> Times:
    """The readings of something that each week has, from a weekday (`day`, Monday is 0) on."""

    def near(around: date) -> list[Period]:
        starts = [around + (day - around.weekday() + 7 * n) * DAY for n in range(-3, 4)]
        return [one_day(s) if days == 1 else Period(s, s + (days - 1) * DAY) for s in starts]

    periods = nearest(which, context, "week", near)
    return Times(periods, context.seen(f"{which} {what}".strip()), kind, "week", None if which else near)


def yearly(
    found: re.Match[str],
    context: Context,
    what: str,
    of_year: Callable[[int], list[Period]],
    kind: Literal["period", "day"] = "period",
) -> Times:
    """The readings of something that each year has: in the year that is named, else the nearest."""
    which, whose = found.groupdict().get("which") or "", found["whose"]
    if found["year"] or whose:
        year = context.day.year + OFFSETS[whose] if whose else int(found["year"])
        if which or not (periods := of_year(year)):
            if which:
                raise refusal(found[0], "it says twice which one is meant")
            raise refusal(found[0], f"{year} has no such day", NoSuchDate)
        return Times(periods, f"{what} of {year}", kind, "year")

    def near(day: date) -> list[Period]:
        around = sorted({p for year in range(day.year - 2, day.year + 3) for p in of_year(year)})
        if len(around) < 5:  # there may be eight years without 29 February
            around = sorted({p for year in range(day.year - 9, day.year + 10) for p in of_year(year)})
        return around

    periods = nearest(which, context, "year", near)
    if kind == "day" and not which:
        month = whole_months(context.day.year, context.day.month)
        periods = [p for p in periods if month.first <= p.first <= month.last] or periods
    if not periods:
        raise refusal(found[0], "there is no such day", NoSuchDate)
    return Times(periods, context.seen(f"{which} {what}".strip()), kind, "year", None if which else near)
