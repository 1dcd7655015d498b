"""Rules for times of day: a minute of a day in EDTF, without an offset unless the words give a zone.

An hour up to twelve with neither morning nor afternoon may be either, so both. A full hour means its first minute.
"""

from __future__ import annotations

import re

from factstore.dates.periods import DAY, Period
from factstore.dates.phrases.hands import on_days
from factstore.dates.phrases.reader import Context, Times, refusal, rule, times_of
from factstore.dates.phrases.words import CLOCK, CLOCK_SIGNS, HOUR


@rule(
    "clock",
    r"(?=.*(?:\d|noon|mid|past|after|to |before|[ap] ?m\b|o'clock|at |@|night|this |tomorrow|yesterday))"
    rf"(?:(?:at |@ )?(?P<clock>{CLOCK})(?:(?: on| of)? (?P<day>.+))?"
    rf"|(?P<day2>.+?) (?:(?:at|@|for) (?P<clock2>{CLOCK}|{HOUR})|(?P<clock3>{CLOCK}))"
    rf"|(?:at |@ )(?P<clock4>{HOUR})(?: on)? (?P<day4>.+)"
    rf"|(?P<clock5>{HOUR}) (?P<day5>tonight|(?:this|tomorrow|yesterday) (?:morning|afternoon|evening|night)))",
    "That minute of the day; if no day is named, of the anchor's day or the day before or after.",
    "Friday at 4pm = [2018-03-30T16:00,2018-04-06T16:00]",
    "at 10:30 on March 20, 2018 = [2018-03-20T10:30,2018-03-20T22:30]",
    "noon on 3 May 2018 = 2018-05-03T12:00",
    "yesterday at half past three in the afternoon = 2018-04-01T15:30",
    "tonight at 8 = 2018-04-02T20:00",
    "at 3am = [2018-04-01T03:00,2018-04-02T03:00,2018-04-03T03:00]",
    "March 20, 2018, 15:04 GMT = 2018-03-20T15:04Z",
    signs=CLOCK_SIGNS,
)
def _clock(found: re.Match[str], context: Context) -> Times:
    clock = found["clock"] or found["clock2"] or found["clock3"] or found["clock4"] or found["clock5"]
    day = found["day"] or found["day2"] or found["day4"] or found["day5"]
    if day is None:
        around = [Period(d, d) for d in (context.day - DAY, context.day, context.day + DAY)]
        return on_days(clock, Times(around, context.seen("the day"), "day"), "")
    times = times_of(day, context)
    if times.kind != "day":
        raise refusal(found[0], f"{day!r} is not a day")
    return on_days(clock, times, day)
