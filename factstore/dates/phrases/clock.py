"""Rules for times of day: a minute of a day in EDTF, without an offset unless the words give a zone.

An hour up to twelve with neither morning nor afternoon may be either, so both. A full hour means its first minute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from factstore.dates.periods import DAY, Period
from factstore.dates.phrases.reader import Context, Times, refusal, rule, times_of
from factstore.dates.phrases.words import CLOCK, CLOCK_SIGNS, HOUR, NUMBERS, SIXTY, ZONES


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
        return _at(clock, Times(around, context.seen("the day"), "day"), "")
    times = times_of(day, context)
    if times.kind != "day":
        raise refusal(found[0], f"{day!r} is not a day")
    return _at(clock, times, day)


def _at(clock: str, days: Times, said: str) -> Times:
    """The readings of a time on each of some days; `said` may name the part of the day."""
    names = [name for p in days.periods for name in _names(clock, p, said)]
    if not names:
        raise refusal(clock, "there is no such time")
    periods = [Period(p.first, p.first, name, True, True) for p, name in names]
    return Times(periods, f"{clock} on {days.note}", "clock")


_SHAPE = re.compile(
    rf"(?P<noon>(?:12 )?noon|mid ?day)|(?P<midnight>(?:12 )?midnight)"
    r"|(?:(?P<half>half)|(?:a )?(?P<quarter>quarter)|(?P<minutes>\d{1,2})(?: min(?:ute)?s?)?)"
    rf" (?P<way>past|after|to|before) (?P<to>noon|midnight|{HOUR}).*"
    rf"|(?P<run>\d{{3,4}}) ?[ap] ?m|(?P<spelled>{HOUR}) (?:oh |o )?(?P<rest>{SIXTY}) .*"
    rf"|(?P<hour>{HOUR})(?:[:.h](?P<minute>\d\d)(?::(?P<second>\d\d))?)?.*"
)
_PART = re.compile(r"(?<![a-z])(morning|afternoon|evening|night|tonight|[ap] ?m|(?<=\d)[ap]|(?<=\d )[ap])\b")


def _names(clock: str, day: Period, said: str) -> Iterator[tuple[Period, str]]:
    """Each reading of a time on a day: the day that it falls on, and EDTF."""
    zones: tuple[str, ...] = ("",)
    if (last := clock.removesuffix(" local time").rsplit(" ", 1)[-1]) in ZONES:
        zones = ZONES[last]
    for later, hour, minute, second in _readings(clock, said):
        on = day.first + later * DAY
        time = f"{on}T{hour:02}:{minute:02}" + (f":{second:02}" if second is not None else "")
        yield from ((Period(on, on), time + zone) for zone in zones)


def _readings(clock: str, said: str) -> list[tuple[int, int, int, int | None]]:
    """The readings of a time: days later, hour, minute and second (None if not given)."""
    found = _SHAPE.fullmatch(clock)
    if found is None:
        return []
    if found["noon"]:
        return [(0, 12, 0, None)]
    if found["midnight"]:  # midnight of Friday is where it begins, or where it ends
        return [(0, 0, 0, None), (1, 0, 0, None)]
    if found["to"] in ("noon", "midnight"):
        return _beside_twelve(found)
    if found["run"]:
        hour, minute = divmod(int(found["run"]), 100)
    elif found["spelled"]:
        hour, minute = _number(found["spelled"]), _number(found["rest"])
    else:
        hour, minute = _number(found["hour"] or found["to"]), int(found["minute"] or 0)
    second = int(found["second"]) if found["second"] else None
    if found["way"]:
        minute = _minutes(found)
        if found["way"] in ("to", "before"):
            hour, minute = (hour - 1) % 24, 60 - minute
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return []
    part = _PART.search(clock) or _PART.search(said)
    whole = found["hour"] is not None and found["hour"].startswith("0")
    return [(later, h, minute, second) for later, h in _hours(hour, part[1] if part else "", whole=whole)]


def _minutes(found: re.Match[str]) -> int:
    return 30 if found["half"] else 15 if found["quarter"] else int(found["minutes"])


def _beside_twelve(found: re.Match[str]) -> list[tuple[int, int, int, int | None]]:
    """The readings of "ten to noon": minutes before or after noon, or before or after midnight at either end of the day."""
    minutes = _minutes(found)
    if not 0 < minutes < 60:
        return []
    before = found["way"] in ("to", "before")
    if found["to"] == "noon":
        return [(0, 11, 60 - minutes, None) if before else (0, 12, minutes, None)]
    return [(n, 23, 60 - minutes, None) for n in (-1, 0)] if before else [(n, 0, minutes, None) for n in (0, 1)]


def _hours(hour: int, part: str, *, whole: bool) -> list[tuple[int, int]]:
    """The readings of an hour in a part of the day: days later, hour of 24. `whole`: it is written in the 24-hour clock."""
    if hour > 12 or hour == 0 or (whole and not part):
        return [] if hour > 12 and part in ("am", "a m", "a", "morning") else [(0, hour)]
    early, late = (0, hour % 12), (0, hour % 12 + 12)
    if part in ("am", "a m", "a"):
        return [early]
    if part == "morning":
        return [early, late] if hour == 12 else [early]
    if part in ("evening", "night", "tonight"):
        after_midnight = [(1, 0)] if hour == 12 else [early, (1, hour)]
        return [late] if (4 <= hour < 12 and part == "evening") or 6 <= hour < 12 else after_midnight
    return [late] if part else [early, late]


def _number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS.index(text) + 1
