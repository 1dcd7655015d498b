"""Ticks and the calendar: every moment is an exact integer, and its text never claims to know more.

A **tick** is a microsecond since 1970-01-01T00:00:00Z. Years are astronomical (0000 exists) in the
proleptic Gregorian calendar (ISO 8601-1:2019, 5.2.2), and have no limit; bounds, however, stay
within `LIMIT`. There is no second 60. The text of a first moment is never later than its tick, the
text of a last moment never earlier. An instant has one text, in UTC to six decimals, so that texts
(for the years 0 to 9999) sort by time.
"""

from __future__ import annotations

import re
from functools import lru_cache

from factstore.errors import DateError
from factstore.units import UTC, Seconds, Ticks

LIMIT = Ticks(2**61)  # bounds within ± this are exact: about 73,000 years from 1970
FARTHEST = Ticks(LIMIT + 2**53)  # all bounds that dates give lie within ± this
FOREVER = Ticks(2**63 - 1)  # the end of what has no end; its negative is the start of what has no start

SECOND = Ticks(1_000_000)
MINUTE = Ticks(60 * SECOND)
HOUR = Ticks(60 * MINUTE)
DAY = Ticks(24 * HOUR)

_BEFORE = (  # days of the year before each month, and of all twelve
    (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365),
    (0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366),
)
_EPOCH = 719_162  # days from 0001-01-01 to 1970-01-01
_PUSHED = Ticks(SECOND // 10)  # stated orders push bounds by single ticks: this close to midnight counts as midnight
_WIDEST_ZONE = 18 * 3600

_ZONE = re.compile(r"Z|([+-])([0-9]{2})(?::([0-9]{2}))?")
_INSTANT = re.compile(r"(-?[0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2})(|:[0-9.]+)(Z|[+-][0-9]{2}:[0-9]{2})")
_DURATION = re.compile(
    r"P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?"
    r"(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]{1,6}))?S)?)?"
)


# The calendar


def is_leap(year: int) -> bool:
    """Whether a year of the proleptic Gregorian calendar, counted astronomically, has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """How many days a month has, 1 to 12."""
    before = _BEFORE[is_leap(year)]
    return before[month] - before[month - 1]


def year_start(year: int) -> int:
    """The day number of 1 January; day 0 is 1970-01-01."""
    past = year - 1
    return 365 * past + past // 4 - past // 100 + past // 400 - _EPOCH


def month_start(year: int, month: int) -> int:
    """The day number of the first of a month; month 13 is January of the next year."""
    if not 1 <= month <= 12:
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return year_start(year) + _BEFORE[is_leap(year)][month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """The number of days from 1970-01-01 to a day; negative before it."""
    return month_start(year, month) + day - 1


def civil(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number: the inverse of `day_number`."""
    year = (number + _EPOCH) * 400 // 146_097 + 1  # right, or one too early
    if year_start(year + 1) <= number:
        year += 1
    before = _BEFORE[is_leap(year)]
    past = number - year_start(year)
    month = past // 32 + 1  # right, or one too early
    if past >= before[month]:
        month += 1
    return year, month, past - before[month - 1] + 1


def shift_back(tick: Ticks, months: int, days: int) -> Ticks:
    """Move an inclusive lower edge back; the day is cut to the length of the month that it reaches."""
    number, time = divmod(tick, DAY)
    if months:
        year, month, day = civil(number)
        year, month = year + (month - 1 - months) // 12, (month - 1 - months) % 12 + 1
        number = day_number(year, month, min(day, month_length(year, month)))
    return Ticks((number - days) * DAY + time)


def shift_forward(tick: Ticks, months: int, days: int) -> Ticks:
    """Move an exclusive upper edge forward; where the month is too short, to that month's end.

    The edge of 28 January is 29 January. A month later there may be no 29 February, and then the
    edge is 1 March, so that 28 February stays inside.
    """
    number, time = divmod(tick, DAY)
    if months:
        year, month, day = civil(number)
        year, month = year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
        if day > month_length(year, month):
            day, time = month_length(year, month) + 1, 0
        number = day_number(year, month, day)
    return Ticks((number + days) * DAY + time)


def day_end(end: Ticks, zone: int) -> Ticks:
    """The exclusive end of the day, in the zone, that holds the last included tick before `end`."""
    shift = zone * SECOND
    return Ticks(((end - 1 + shift) // DAY + 1) * DAY - shift)


# Zones


def parse_zone(text: str) -> Seconds:
    """Read `Z`, `+03:00` or `-04` as seconds east of UTC (ISO 8601-1:2019, 4.3.13: no `-00:00`)."""
    match = _ZONE.fullmatch(text)
    if match is None:
        raise DateError(
            f"{short(text)} is not an offset from UTC; write Z, +03:00 or -04.",
            text=text,
            part=text,
        )
    sign, hours, minutes = match.groups()
    if sign is None:
        return UTC
    seconds = int(hours) * 3600 + int(minutes or 0) * 60
    if int(minutes or 0) > 59 or seconds > _WIDEST_ZONE:
        raise DateError(
            f"{text!r} is not an offset from UTC: minutes go up to 59 and offsets up to 18:00.",
            text=text,
            part=text,
        )
    if sign == "-" and not seconds:
        raise DateError(f"The offset {text!r} must be written Z or +00:00.", text=text, part=text)
    return Seconds(-seconds if sign == "-" else seconds)


def zone_text(seconds: int) -> str:
    """`Z` or `+hh:mm` for seconds east of UTC. Raises DateError unless in whole minutes and at most 18 hours."""
    if seconds == 0:
        return "Z"
    hours, rest = divmod(abs(seconds), 3600)
    if rest % 60 or abs(seconds) > _WIDEST_ZONE:
        raise DateError(f"{seconds} seconds is not an offset in whole minutes of at most 18 hours.")
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{rest // 60:02}"


# From ticks to text


def moment_text(tick: Ticks, zone: int, unit: Ticks) -> str:
    """The text of the day, minute, second or decimal of a second (`unit`, in ticks) that begins at `tick`."""
    number, time = divmod(tick + zone * SECOND, DAY)
    year, month, day = civil(number)
    if abs(year) > 9999:
        return f"Y{year}"
    date = f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{day:02}"
    if unit == DAY:
        return date
    minutes, ticks = divmod(time, MINUTE)
    clock = f"{minutes // 60:02}:{minutes % 60:02}"
    if unit < MINUTE:
        clock += f":{ticks // SECOND:02}"
    if unit < SECOND:
        clock += f".{ticks % SECOND:06}"[: 8 - len(str(unit))]
    return f"{date}T{clock}{zone_text(zone)}"


def instant_text(tick: Ticks) -> str:
    """The text of an instant: `2018-03-20T15:04:00.000000Z`; beyond the year 9999 just the year, as `Y12345`."""
    return moment_text(tick, 0, Ticks(1))


def before_push(tick: Ticks, *, last: bool) -> Ticks:
    """The whole second, or decimal of a second, from which stated orders have pushed a bound, a tick for each of them.

    It lies outward: earlier for a first moment, later for the end after a last one. A bound further from it than a
    thousandth of that unit was not pushed there, and stays.
    """
    for unit in (SECOND, SECOND // 10, SECOND // 100):
        off = (-tick if last else tick) % unit
        if off < unit // 1000:
            return Ticks(tick + off if last else tick - off)
    return tick


def first_day(tick: Ticks | None, zone: int = 0) -> str | None:
    """The first moment as text: the day that begins there in the zone, else an instant.

    None where unbounded. Less than 0.1 s after midnight counts as midnight.
    """
    if tick is None or abs(tick) > LIMIT:
        return None
    past = (tick + zone * SECOND) % DAY
    return moment_text(Ticks(tick - past), zone, DAY) if past < _PUSHED else instant_text(tick)


def last_day(end: Ticks | None, zone: int = 0) -> str | None:
    """The last moment before an exclusive end, as text: the day that ends there in the zone, else an instant.

    None where unbounded. Less than 0.1 s before midnight counts as midnight.
    """
    if end is None or abs(end) > LIMIT:
        return None
    missing = -(end + zone * SECOND) % DAY
    return moment_text(Ticks(end + missing - DAY), zone, DAY) if missing < _PUSHED else instant_text(Ticks(end - 1))


def first_and_last(start: Ticks | None, end: Ticks | None, zone: int = 0) -> tuple[str | None, str | None]:
    """`first_day` and `last_day` of one stretch; as texts, the first never sorts after the last.

    Both are instants if one of them is an instant within the day that the other names, or if all lies within a minute.
    """
    first, last = first_day(start, zone), last_day(end, zone)
    if start is None or end is None or first is None or last is None:
        return first, last
    mixed = ("T" in first) != ("T" in last)
    if 0 < end - start <= MINUTE or (mixed and first > last):
        return instant_text(start), instant_text(Ticks(end - 1))
    return first, last


def briefly(first: str | None, last: str | None) -> tuple[str | None, str | None]:
    """First and last moment shortened for people, where they bound whole minutes, seconds or decimals of a second.

    `…T15:04:00.000000Z` to `…T15:04:59.999999Z` is `…T15:04Z` twice.
    """
    spare = [_spare(text, idle) for text, idle in ((first, "0"), (last, "9")) if text and "T" in text]
    return _cut(first, min(spare, default=0)), _cut(last, min(spare, default=0))


def _spare(text: str, idle: str) -> int:
    """How many characters before the Z only say where a minute, second or decimal begins (idle "0") or ends ("9")."""
    seconds = text[-10:-1]
    whole = {"0": "00.000000", "9": "59.999999"}[idle]
    if seconds == whole:
        return 10
    decimals = len(seconds[3:]) - len(seconds[3:].rstrip(idle))
    return 7 if decimals == 6 else decimals


def in_zone(text: str, zone: int) -> str:
    """The text of an instant as a clock in a zone (seconds east of UTC) shows it; a text without an offset unchanged."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        return text
    year, month, day, hour, minute = map(int, match.groups()[:5])
    days, minutes = divmod(hour * 60 + minute + (zone - parse_zone(match[7])) // 60, 24 * 60)
    begins = moment_text(Ticks((day_number(year, month, day) + days) * DAY + minutes * MINUTE), 0, MINUTE)
    return f"{begins.removesuffix('Z')}{match[6]}{zone_text(zone)}" if "T" in begins else text


def _cut(text: str | None, spare: int) -> str | None:
    return f"{text[: -1 - spare]}Z" if text and "T" in text else text


def last_start(tick: Ticks, zone: int = 0) -> str | None:
    """The day or instant that includes the last tick at which something can have started."""
    pushed = (tick + zone * SECOND) % DAY < _PUSHED
    return first_day(tick, zone) if pushed else last_day(before_push(Ticks(tick + 1), last=True), zone)


# Durations


@lru_cache(maxsize=256)  # most orderings state no gap, and the rest the same few
def gap_bounds(minimum: str | None, maximum: str | None) -> tuple[Ticks, Ticks | None]:
    """Ticks of the least and the greatest gap, from ISO 8601 durations (8601-1:2019, 5.5.2).

    Years, months, weeks and days count calendar days (a year 365 or 366, a month 28 to 31) and are
    a day looser each way, never below zero; a gap only in hours, minutes and seconds is exact.
    Raises DateError if the least is longer than the greatest.
    """
    least, _, slack = (0, 0, 0) if minimum is None else _duration(minimum)
    low = Ticks(max(0, least - slack))
    if maximum is None:
        return low, None
    _, greatest, slack = _duration(maximum)
    if least > greatest:
        raise DateError(
            f"The least gap, {minimum}, is longer than the greatest, {maximum}.",
            text=f"{minimum}..{maximum}",
            part=minimum or "",
        )
    return low, Ticks(greatest + slack)


@lru_cache(maxsize=256)
def length_bounds(minimum: str | None, maximum: str | None) -> tuple[Ticks, Ticks | None]:
    """Ticks of the least and the greatest length of something, from ISO 8601 durations (8601-1:2019, 5.5.2).

    People who count years, months, weeks or days may count the first and the last as whole ones: "three days", from an
    evening to a morning, is more than one day and less than four. A length only in hours, minutes and seconds is exact.
    Raises DateError if the least is longer than the greatest.
    """
    least, _, slack = (0, 0, 0) if minimum is None else _duration(minimum)
    low = Ticks(max(1, least - 2 * slack + 1 if slack else least))
    if maximum is None:
        return low, None
    _, greatest, slack = _duration(maximum)
    high = Ticks(greatest + slack - 1) if slack else greatest
    if least > greatest or high < low:
        raise DateError(
            f"Nothing can last at least {minimum or 'a moment'} and at most {maximum}.",
            text=f"{minimum or ''}..{maximum}",
            part=maximum,
        )
    return low, high


def _duration(text: str) -> tuple[Ticks, Ticks, Ticks]:
    """The least and the greatest length of a duration, and the slack because calendar days are counted, in ticks."""
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        negative = text.startswith("-")
        raise DateError(
            f"{short(text)} is not a duration" + ("; none is negative." if negative else " such as P3D, P1M or PT36H."),
            text=text,
            part=text,
        )
    if len(text) > 60:  # far beyond LIMIT, and slow to compute
        raise _too_long(text)
    numbers = [int(number or 0) for number in match.groups()[:-1]]
    years, months, weeks, days, hours, minutes, seconds = numbers
    fraction = int((match[8] or "").ljust(6, "0"))
    exact = hours * HOUR + minutes * MINUTE + seconds * SECOND + fraction
    counted = weeks * 7 + days
    longest = Ticks((years * 366 + months * 31 + counted) * DAY + exact)
    slack = DAY if any(match.groups()[:4]) else Ticks(0)
    if longest + slack > LIMIT:
        raise _too_long(text)
    return Ticks((years * 365 + months * 28 + counted) * DAY + exact), longest, slack


def _too_long(text: str) -> DateError:
    return DateError(f"The duration {short(text)} is too long.", text=text, part=text)


def short(text: str) -> str:
    """The text in quotes for a message, cut if it is long."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
