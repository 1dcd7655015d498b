"""Rules for times of day: a minute of a day in EDTF, without an offset unless the words give a zone.

An hour up to twelve with neither morning nor afternoon may be either, so both. A full hour means its first minute.
"""

from __future__ import annotations

import re

from factstore.dates.periods import DAY, Period
from factstore.dates.phrases.hands import on_days
from factstore.dates.phrases.reader import Context, Times, refusal, rule, times_of
from factstore.dates.phrases.words import CLOCK, CLOCK_SIGNS, HOUR, MONTH, WEEKDAY


@rule(
    "clock",
    r"(?=.*(?:\d|noon|mid|past|after|to |before|[ap] ?m\b|o'clock|at |@|night|this |tomorrow|yesterday))"
    r"(?![12]h \d{4}$)"
    rf"(?:(?:at |@ )?(?P<clock>{CLOCK})(?:(?: on| of)? (?P<day>.+))?"
    rf"|(?P<day6>(?:(?:{WEEKDAY}) )?(?:{MONTH}) \d{{1,2}}) (?P<clock6>{CLOCK}) (?P<year>\d{{4}})"
    rf"|(?P<day7>.+?) (?:- (?P<clock7>{CLOCK})|\((?:at )?(?P<clock8>{CLOCK})\))"
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
    "20 March 2018 - 15:04 = 2018-03-20T15:04",
    "1504 hrs on 20 March 2018 = 2018-03-20T15:04",
    "Tue Mar 20 15:04:05 2018 = 2018-03-20T15:04:05",
    "Tue, 20 Mar 2018 15:04:05 +0300 = 2018-03-20T15:04:05+03:00",
    signs=CLOCK_SIGNS,
)
def _clock(found: re.Match[str], context: Context) -> Times | None:
    clock = next(filter(None, (found[f"clock{number}"] for number in ("", 2, 3, 4, 5, 6, 7, 8))))
    day = next(filter(None, (found[f"day{number}"] for number in ("", 2, 4, 5, 6, 7))), None)
    if found["clock3"] and re.fullmatch(r"(?:1[3-9]|2\d)\d\d ?[ap] ?m", clock):
        return None  # 3 May 2018 pm: a year, and a part of the day
    if found["year"]:
        day = f"{day} {found['year']}"
    if day is None:
        around = [Period(d, d) for d in (context.day - DAY, context.day, context.day + DAY)]
        return on_days(clock, Times(around, context.seen("the day"), "day"), "")
    times = times_of(day, context)
    if times.kind != "day":
        raise refusal(found[0], f"{day!r} is not a day")
    return on_days(clock, times, day)
