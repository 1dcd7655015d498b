"""The rule for hours of a day, from one time to another. It comes before the rules for two dates."""

from __future__ import annotations

import re

from factstore.dates.periods import DAY, Period, one_day
from factstore.dates.phrases.hands import on_days
from factstore.dates.phrases.reader import Context, Finished, Times, edtf_of, refusal, rule, times_of, told
from factstore.dates.phrases.words import CLOCK, HOUR
from factstore.errors import DateError


def _pair(number: str) -> str:
    to = r"(?: - |(?<=\d)-|(?<=m)-| to | until | till | and )"
    return rf"(?:from |between )?(?P<a{number}>{CLOCK}|{HOUR}){to}(?P<b{number}>{CLOCK})"


@rule(
    "hours-of-day",
    rf"(?=.*(?:-| to | until | till | and ))(?:(?P<day>.+?) {_pair('')}|{_pair('2')}(?:(?: on)? (?P<day2>.+))?)",
    "From one time of a day to another; a first hour with neither am nor pm is the last such before the second.",
    "20 March 2018, from 3pm to 5pm = 2018-03-20T15:00/2018-03-20T17:00",
    "9-11am on 20 March 2018 = 2018-03-20T09:00/2018-03-20T11:00",
    "yesterday between 11 and 1pm = 2018-04-01T11:00/2018-04-01T13:00",
    signs="- to until till and",
)
def _hours_of_day(found: re.Match[str], context: Context) -> Finished | None:
    day, a, b = (found[name] or found[f"{name}2"] or "" for name in ("day", "a", "b"))
    bare = re.fullmatch(HOUR, a) is not None
    if re.search(r"\b(?:from|between|at|since|until|by|and|or|to)$", day) or (bare and not _is_sure(b, found[0])):
        return None
    if bare and _may_be_minutes(found[0], a):
        raise refusal(found[0], "it may be minutes before the hour, or hours")
    if a.isdigit() and int(a) > 12:
        return None
    days = times_of(day, context) if day else _around(context)
    if days.kind != "day":
        raise refusal(found[0], f"{day!r} is not a day")
    note = f"from {a} to {b} on {told(days)}"
    spans = _spans(days, [f"{a} am", f"{a} pm"] if bare else [a], b, day)
    if not spans:
        for clock in (b,) if bare else (a, b):
            on_days(clock, days, day)  # refuses a time that is not in that part of the day
        raise refusal(found[0], "its end comes before its beginning")
    if len(days.periods) > 1 or (len(spans) > 1 and not (bare and _has_half(b))):
        return Finished(edtf_of(days), f"some time on the day: {note}")
    return Finished(max(spans), note)


def _may_be_minutes(phrase: str, a: str) -> bool:
    """Whether the phrase is "ten to four" rather than "from ten to four"."""
    return a in ("5", "10", "five", "ten") and re.search(rf"(?<!from )(?<!between )\b{a} to ", phrase) is not None


def _around(context: Context) -> Times:
    """The days that may be meant if none is named: the anchor's, the day before and the day after."""
    return Times(
        [one_day(day) for day in (context.day - DAY, context.day, context.day + DAY)], context.seen("the day"), "day"
    )


def _spans(days: Times, starts: list[str], end: str, said: str) -> list[str]:
    """All readings of the hours on each of some days, as EDTF; `said` may name the part of the day."""
    spans = []
    for day in days.periods:
        alone = Times([day], "the day", "day")
        begins = [p.single for start in starts for p in _times(start, alone, said)]
        ends = [p.single for p in _times(end, alone, said)]
        spans += [f"{begin}/{over}" for begin in begins for over in ends if begin < over]
    return spans


def _times(clock: str, day: Times, said: str) -> list[Period]:
    """The readings of a time on a day; [] if there are none in the part of the day."""
    try:
        return on_days(clock, day, said).periods
    except DateError:
        return []


def _is_sure(clock: str, phrase: str) -> bool:
    """Whether a time after a bare number shows that it is an hour too: 9-11am, between 10 and 11:30."""
    return _has_half(clock) or (re.search(r"\b(?:from|between) ", phrase) is not None and ":" in clock)


def _has_half(clock: str) -> bool:
    """Whether a time says which half of the day it is in."""
    return re.search(r"[ap] ?m\b|noon|midnight", clock) is not None
