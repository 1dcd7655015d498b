"""A time of day in the words of a clock, on days that are known: which minutes it may be, as EDTF."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factstore.dates.periods import DAY, Period
from factstore.dates.phrases.reader import Times, refusal
from factstore.dates.phrases.words import HOUR, NUMBERS, SIXTY, ZONES

_NO_TIME = "there is no such time"
_CONTRADICTS = "it does not lie in that part of the day"


def on_days(clock: str, days: Times, said: str = "") -> Times:
    """The readings of a time on each of some days; `said` may name the part of the day. Raises DateError for none."""
    names = [name for p in days.periods for name in _names(clock, p, said)]
    if not names:
        contradicts = any(True for p in days.periods for _ in _names(clock, p, ""))
        raise refusal(clock, _CONTRADICTS if contradicts else _NO_TIME)
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
_HALF = re.compile(r"(?<![a-z])(?:([ap]) ?m|(?<=\d)([ap])|(?<=\d )([ap]))\b")
#: The parts of a day. A night that is named after the day before it, or the one after it, begins in the evening.
_PART = re.compile(
    r"(?<![a-z])(?:(?P<own>tonight|overnight|(?:last|this|that|same|previous|following|next) night|night (?:before|after))"
    r"|(?P<part>morning|afternoon|evening|night))\b"
)


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
    half, part = (sign.search(clock) or sign.search(said) for sign in (_HALF, _PART))
    if found["noon"]:
        return [(0, 12, 0, None)] if not part or _in_part(12, part, sure=True) else []
    if found["midnight"]:  # midnight of Friday is where it begins, or where it ends
        return [(n, 0, 0, None) for n in ([1] if part and part["own"] else [0, 1])]
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
    hours = [hour % 12, hour % 12 + 12]
    if half and half[0][0] == "a":
        hours = hours[:1] if hour <= 12 else []
    elif half:
        hours = hours[1:]
    elif hour > 12 or found["military"] or _OFFSET.search(clock) or _is_whole(found, in_part=part is not None):
        hours = [hour]
    if part:
        found_in = [in_part for h in hours for in_part in _in_part(h, part, sure=len(hours) == 1)]
    else:
        found_in = [(0, h) for h in hours]
    return [(later, h, minute, second) for later, h in found_in]


def _is_whole(found: re.Match[str], *, in_part: bool) -> bool:
    """Whether an hour is written as in the 24-hour clock: 0:30, or 07:30 unless it stands beside a part of the day."""
    hour = found["hour"] or ""
    return hour in ("0", "00") or (hour.startswith("0") and not in_part)


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


def _in_part(hour: int, part: re.Match[str], *, sure: bool) -> list[tuple[int, int]]:
    """An hour of 24 in a part of a day, as days later and hour; [] if it does not lie there.

    An hour after midnight may be one of the day that is named, or of the next, into which its night runs on. `sure`: the
    words themselves leave no other hour; then "last night" and "tonight" mean the latter.
    """
    name = part["part"] or "night"
    if name in ("evening", "night") and hour < (4 if name == "evening" else 6):
        next_day = part["own"] if sure else hour == 0
        return [(1, hour)] if next_day else [(0, hour), (1, hour)]
    late = {"morning": 0, "afternoon": 12, "evening": 16, "night": 16 if sure or part["own"] else 18}[name]
    return [(0, hour)] if late <= hour <= (12 if name == "morning" else 23) else []


def _number(text: str) -> int:
    return int(text) if text.isdigit() else NUMBERS.index(text) + 1
