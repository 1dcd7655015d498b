"""A time of day, as the words of a clock have it, on days that are known: which minutes it may be, as EDTF."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factstore.dates.periods import DAY, Period
from factstore.dates.phrases.reader import Times, refusal
from factstore.dates.phrases.words import HOUR, NUMBERS, SIXTY, ZONES


def on_days(clock: str, days: Times, said: str = "") -> Times:
    """The readings of a time on each of some days; `said` may name the part of the day. Raises DateError for none."""
    names = [name for p in days.periods for name in _names(clock, p, said)]
    if not names:
        raise refusal(clock, "there is no such time")
    periods = [Period(p.first, p.first, name, True, True) for p, name in names]
    return Times(periods, f"{clock} on {days.note}", "clock")


_SHAPE = re.compile(
    rf"(?P<noon>(?:12 )?noon|mid ?day)|(?P<midnight>(?:12 )?midnight)"
    r"|(?:(?P<half>half)|(?:a )?(?P<quarter>quarter)|(?P<minutes>\d{1,2})(?: min(?:ute)?s?)?)"
    rf" (?P<way>past|after|to|before) (?P<to>noon|midnight|{HOUR}).*"
    rf"|(?P<run>\d{{3,4}}) ?[ap] ?m|(?P<military>\d{{4}}) ?h.*|(?P<spelled>{HOUR}) (?:oh |o )?(?P<rest>{SIXTY}) .*"
    rf"|(?P<hour>{HOUR})(?:[:.h](?P<minute>\d\d)(?::(?P<second>\d\d))?)?.*"
)
_OFFSET = re.compile(r"(?<= )([+-]\d\d):?(\d\d)")
_PART = re.compile(r"(?<![a-z])(morning|afternoon|evening|night|tonight|[ap] ?m|(?<=\d)[ap]|(?<=\d )[ap])\b")


def _names(clock: str, day: Period, said: str) -> Iterator[tuple[Period, str]]:
    """Each reading of a time on a day: the day that it falls on, and EDTF."""
    zones: tuple[str, ...] = ("",)
    if (last := clock.removesuffix(" local time").rsplit(" ", 1)[-1]) in ZONES:
        zones = ZONES[last]
    elif offset := _OFFSET.search(clock):
        zones = (f"{offset[1]}:{offset[2]}",)
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
    if run := found["run"] or found["military"]:
        hour, minute = divmod(int(run), 100)
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
    whole = bool(found["military"] or _OFFSET.search(clock) or (found["hour"] or "").startswith("0"))
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
