"""A single date of an EDTF text: its bounds include every day that its digits, X and marks allow.

It follows ISO 8601-2:2019 component by component, each with its clause of the Library of Congress's specification
(2019-02-04): year, month or sub-year grouping, day, qualification marks, unspecified and significant digits; in addition,
minutes and decimals of seconds. A text that fits no pattern is refused with the part that is wrong. A `Part` holds half-open
ticks on its own clock: UTC if it has an offset, else the clock of a zone that is given later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product
from typing import NamedTuple, NoReturn

from factstore.dates.faults import NoSuchDate
from factstore.dates.ticks import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    is_leap,
    month_length,
    month_start,
    parse_zone,
    shift_back,
    shift_forward,
    year_start,
)
from factstore.errors import DateError
from factstore.units import Seconds, Ticks

_EPOCH = date(1970, 1, 1).toordinal()
_day = date.fromisoformat
_new = tuple.__new__
_MOST_DIGITS = 100  # of a year, so that 'Y1E999999999' costs nothing
_MOST_CHARACTERS = 150  # of a single date

_PLAIN = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}").fullmatch
_DATE = re.compile(
    r"([?~%]?)(-?[0-9X]{4}|Y-?[0-9]+(?:E[0-9]+)?)(?:S([0-9]+))?([?~%]?)"
    r"(?:-([?~%]?)([0-9X]{2})([?~%]?)(?:-([?~%]?)([0-9X]{2})([?~%]?))?)?"
    r"(?:T(.*))?"
)
_LONG_YEAR = re.compile(r"Y(-?)([0-9]+)(?:E([0-9]+))?")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?(Z|[+-].*)?")

_MARKS = {"": 0, "?": 1, "~": 1, "%": 2}  # by how many units a mark widens both sides

# How many months one date of a grain lasts; other grains have a fixed length in ticks.
MONTHS = {"year": 12, "month": 1, "season": 3, "quarter": 3, "four-month term": 4, "half-year": 6}
_TIMES = ("minute", "second", "decimal")


class Group(NamedTuple):
    """A season or other group of months, written in place of a month (level 2, "Sub-year groupings")."""

    month: int  # the first; a winter from December runs into the next year
    length: int  # in months
    grain: str
    name: str


def _groups() -> Iterator[tuple[int, Group]]:
    """All groupings by code. Seasons are meteorological; those "independent of location" are read as northern."""
    seasons = ("spring", "summer", "autumn", "winter")
    for first_code, months, side in (
        (21, (3, 6, 9, 12), "northern"),
        (25, (3, 6, 9, 12), "northern"),
        (29, (9, 12, 3, 6), "southern"),
    ):
        for place, (month, season) in enumerate(zip(months, seasons, strict=True)):
            yield first_code + place, Group(month, 3, "season", f"{side} {season}")
    for first_code, grain in ((33, "quarter"), (37, "four-month term"), (40, "half-year")):
        length = MONTHS[grain]
        for place in range(12 // length):
            name = f"{grain} {place + 1}"
            yield first_code + place, Group(1 + place * length, length, grain, name)


GROUPS = dict(_groups())


class Years(NamedTuple):
    """The years that a year component may mean."""

    first: int
    last: int
    unit: int = 1  # years by which a mark widens it: the width that X or S leaves open
    pattern: str = ""  # four digits and X, without sign; empty where nothing is masked

    def each(self, backward: bool = False) -> Iterator[int]:
        """Each year, in order."""
        if not self.pattern:
            every = range(self.first, self.last + 1)
            return reversed(every) if backward else iter(every)
        negative = self.first < 0
        figures = "9876543210" if negative != backward else "0123456789"
        found = map(int, _readings(self.pattern, figures))
        return (-year for year in found if year) if negative else found


class Meanings(NamedTuple):
    """The dates that components may mean: all combinations that exist in the calendar."""

    years: Years
    months: tuple[int, ...]  # or a grouping; (0,) where there is no such component
    days: tuple[int, ...]  # likewise

    def each(self, backward: bool = False) -> Iterator[tuple[int, int]]:
        """The half-open day numbers of each, in order."""
        order = -1 if backward else 1
        for year in self.years.each(backward):
            for month, day in product(self.months[::order], self.days[::order]):
                if not day or day <= month_length(year, month):
                    yield _days(year, month, day)

    def hull(self) -> tuple[int, int]:
        """The span from the first to the last: 20XX-02-29 runs from 2000-02-29 to 2096-02-29."""
        return next(self.each())[0], next(self.each(backward=True))[1]

    def fill(self, *, whole_months: bool) -> bool:
        """Whether the dates follow one another without a gap."""
        if self.years.first != self.years.last:
            whole_years = self.months == (0,) or len(self.months) == 12
            return whole_months and whole_years and "X" not in self.years.pattern.rstrip("X")
        months = [
            month
            for month in self.months
            if self.days[0] <= 28 or self.days[0] <= month_length(self.years.first, month)
        ]
        if len(months) > 1:
            return whole_months and months[-1] - months[0] == len(months) - 1
        return self.days[-1] - self.days[0] == len(self.days) - 1


class Rough(NamedTuple):
    """What makes a date other than plain: marks, X or significant digits."""

    meanings: Meanings
    marks: tuple[str, str, str]  # on year, month and day
    widening: tuple[int, int]  # months and days, on both sides
    masked: bool
    digits: int  # significant ones; 0 where it has no S
    holes: bool  # the meanings of its mask do not fill its span


class Part(NamedTuple):
    """A single date in half-open ticks on its own clock: `first` and `end` as written, `low` and `high` as marks widen it."""

    text: str
    first: Ticks
    end: Ticks
    low: Ticks
    high: Ticks
    grain: str  # a key of MONTHS, day, minute, second or decimal
    offset: Seconds | None = None  # east of UTC; None: read in a zone
    rough: Rough | None = None

    @property
    def has_time(self) -> bool:
        """Whether it is finer than a day."""
        return self.grain in _TIMES

    @property
    def unit(self) -> Ticks:
        """The precision, in ticks, in which its first and last moments are written."""
        return Ticks(self.end - self.first) if self.grain in _TIMES else DAY

    @property
    def holes(self) -> bool:
        """Whether digits are masked, so that its hull contains days that are not meant."""
        return self.rough is not None and self.rough.holes

    def span(self, zone: int) -> tuple[Ticks, Ticks]:
        """Half-open ticks as its marks widen it; `zone` is in seconds east of UTC."""
        shift = (zone if self.offset is None else self.offset) * SECOND
        return Ticks(self.low - shift), Ticks(self.high - shift)

    def written(self, zone: int) -> tuple[Ticks, Ticks]:
        """Half-open ticks without its marks; `zone` is in seconds east of UTC."""
        shift = (zone if self.offset is None else self.offset) * SECOND
        return Ticks(self.first - shift), Ticks(self.end - shift)

    def meanings(self, zone: int) -> Iterator[tuple[Ticks, Ticks]]:
        """The span of each date that a mask may mean, widened by the marks; without a mask, its span."""
        rough = self.rough
        if rough is None or not rough.masked:
            yield self.span(zone)
            return
        shift = zone * SECOND
        for first, end in rough.meanings.each():
            low, high = _widened(Ticks(first * DAY), Ticks(end * DAY), rough.widening)
            yield Ticks(low - shift), Ticks(high - shift)


def refuse(words: str, part: str, kind: type[DateError] = DateError) -> NoReturn:
    """Raise DateError for a part; a caller that has the whole text puts it in front of the words."""
    raise kind(words, part=part)


# From text to part


def read_date(text: str) -> Part:
    """Read a single date: level 0 "Date" by a fast path, anything else by its components."""
    if _PLAIN(text) is None:
        return _read_components(text)
    try:
        if len(text) == 10:
            day, days, grain = _day(text), 1, "day"
        elif len(text) == 7:
            day = _day(text + "-01")
            days, grain = month_length(day.year, day.month), "month"
        else:
            day = _day(text + "-01-01")
            days, grain = 365 + is_leap(day.year), "year"
    except ValueError:  # the year 0000, a grouping in place of a month, or no such date
        return _read_components(text)
    first = (day.toordinal() - _EPOCH) * DAY
    end = first + days * DAY
    # Faster than Part(…), since nearly all dates are plain.
    return _new(Part, (text, first, end, first, end, grain, None, None))


def _read_components(text: str) -> Part:
    match = _DATE.fullmatch(text) if len(text) <= _MOST_CHARACTERS else None
    if match is None:
        _diagnose(text)
    before, year, digits, after, *rest = match.groups()
    before_month, month, after_month, before_day, day, after_day, time = rest
    marks = (
        _mark(before, year if digits is None else f"{year}S{digits}", after),
        _mark(before_month, month, after_month),
        _mark(before_day, day, after_day),
    )
    meanings = _read_calendar(year, digits, month, day)
    group = GROUPS.get(meanings.months[0])
    masked = any("X" in component for component in (year, month, day) if component)
    first, end = (Ticks(number * DAY) for number in meanings.hull())
    grain = "day" if day else group.grain if group else "month" if month else "year"
    offset = None
    if time is not None:
        if day is None or masked:
            refuse("a time of day needs a whole date without X", part=text.partition("T")[0])
        since_midnight, unit, grain, offset = _read_time(time)
        first = Ticks(first + since_midnight)
        end = Ticks(first + unit)
    if not masked and digits is None and not any(marks):
        return Part(text, first, end, first, end, grain, offset)
    in_year, in_month, in_day = (_MARKS[mark] for mark in marks)
    months = 12 * meanings.years.unit * in_year + (group.length if group else 1) * in_month
    holes = masked and not meanings.fill(whole_months=day in (None, "XX"))
    rough = Rough(meanings, marks, (months, in_day), masked, int(digits or 0), holes)
    return Part(text, first, end, *_widened(first, end, rough.widening), grain, offset, rough)


def _read_calendar(year: str, digits: str | None, month: str | None, day: str | None) -> Meanings:
    if month is not None and (digits is not None or year[0] == "Y"):
        refuse("a year with Y or S has no month", part=month)
    years = _read_long_year(year, digits) if year[0] == "Y" else _read_year(year, digits)
    if month is None:
        return Meanings(years, (0,), (0,))
    months = _read_month(month)
    if day is None:
        return Meanings(years, months, (0,))
    if months[0] in GROUPS:
        refuse(f"a {GROUPS[months[0]].grain} has no day", part=day)
    return Meanings(years, months, _read_day(day, f"{year}-{month}", years, months))


def _mark(before: str | None, component: str | None, after: str | None) -> str:
    """Level 2 "Qualification": a component's mark, on its left or on its right."""
    if before and after:
        refuse("one component has two marks", part=f"{before}{component}{after}")
    return before or after or ""


def _read_year(text: str, digits: str | None) -> Years:
    """Four digits: level 1 "Negative calendar year", level 2 "Unspecified Digit"."""
    sign, figures = (-1, text[1:]) if text[0] == "-" else (1, text)
    if sign < 0 and figures == "0000":
        refuse("the year 0000 has no sign", part=text)
    if digits is not None:
        if "X" in figures:
            refuse("X and significant digits do not go together", part=text)
        return _significant(sign, figures, digits)
    if "X" not in figures:
        return Years(sign * int(figures), sign * int(figures))
    least, most = int(figures.replace("X", "0")), int(figures.replace("X", "9"))
    unit = 10 ** (4 - figures.index("X"))
    if sign > 0:
        return Years(least, most, unit, figures)
    return Years(-most, -max(least, 1), unit, figures)


def _read_long_year(text: str, digits: str | None) -> Years:
    """Level 1 "Letter-prefixed calendar year", level 2 "Exponential year"."""
    match = _LONG_YEAR.fullmatch(text)
    assert match is not None  # _DATE has let it through
    minus, figures, exponent = match.groups()
    if figures[0] == "0":
        refuse("a year after Y does not begin with 0", part=text)
    if exponent is None and len(figures) <= 4:
        refuse(f"a year of four digits is written without Y, as {minus}{figures:0>4}", part=text)
    if exponent is not None and exponent[0] == "0":
        refuse("an exponent is a positive number", part=f"E{exponent}")
    if len(figures) + int(exponent or 0) > _MOST_DIGITS:
        refuse(f"a year has at most {_MOST_DIGITS} digits", part=text)
    figures += "0" * int(exponent or 0)
    sign = -1 if minus else 1
    if digits is not None:
        return _significant(sign, figures, digits)
    return Years(sign * int(figures), sign * int(figures))


def _significant(sign: int, figures: str, digits: str) -> Years:
    """Level 2 "Significant digits": the years that share the leading ones.

    The specification contradicts itself on Y171010000S3: it says three digits and gives 171010000 to 171010999, which
    share six. By its rule, which its other two examples follow, it is 171000000 to 171999999. Here the rule holds.
    """
    if not 1 <= int(digits) <= len(figures) or digits[0] == "0":
        refuse(f"{figures} has 1 to {len(figures)} significant digits", part=f"S{digits}")
    unit = 10 ** (len(figures) - int(digits))
    least = int(figures) // unit * unit
    if sign > 0:
        return Years(least, least + unit - 1, unit)
    return Years(-(least + unit - 1), -max(least, 1), unit)


def _read_month(text: str) -> tuple[int, ...]:
    """The months that a component may mean, or the grouping that it is."""
    months = _fitting(text, 12)
    if not months and "X" not in text and int(text) in GROUPS:
        return (int(text),)
    if not months:
        refuse(f"there is no month {text} (01 to 12; seasons and other groups 21 to 41)", part=text)
    return months


def _read_day(text: str, month: str, years: Years, months: tuple[int, ...]) -> tuple[int, ...]:
    """The days that a component may mean; at least one exists in one of the months."""
    days = _fitting(text, 31)
    longest = max(30 + (each in (1, 3, 5, 7, 8, 10, 12)) for each in months)
    if months == (2,):
        longest = 29 if _may_leap(years) else 28
    if not days:
        refuse(f"there is no day {text}", part=text)
    if days[0] > longest:
        refuse(f"{month} has no day {text}", text, NoSuchDate)
    return days


def _may_leap(years: Years) -> bool:
    """Whether any of the years is a leap year."""
    if not years.pattern:
        return month_length(years.first, 2) == 29
    century, tail = years.pattern[:2], years.pattern[2:]
    if any(int(figures) % 4 == 0 and figures != "00" for figures in _readings(tail)):
        return True
    hundreds = set(tail) <= {"0", "X"}
    return hundreds and any(int(figures) % 4 == 0 for figures in _readings(century))


def _readings(pattern: str, figures: str = "0123456789") -> Iterator[str]:
    """All numbers that a pattern of digits and X may stand for, in order."""
    return map("".join, product(*(figures if figure == "X" else figure for figure in pattern)))


@cache  # at most 11 × 11 patterns, for months and for days
def _fitting(pattern: str, most: int) -> tuple[int, ...]:
    """The numbers from 1 to `most` that two digits may mean."""
    return tuple(number for number in map(int, _readings(pattern)) if 1 <= number <= most)


def _read_time(text: str) -> tuple[Ticks, Ticks, str, Seconds | None]:
    """Level 0 "Date and Time": ticks since midnight, the unit in ticks, its name, and the offset."""
    match = _TIME.fullmatch(text)
    if match is None:
        _diagnose_time(text)
    hour, minute, second, decimals, zone = match.groups()
    if hour > "23":
        refuse(f"there is no hour {hour} (midnight is 00:00 of the day that begins there)", part=hour)
    if minute > "59":
        refuse(f"there is no minute {minute}", part=minute)
    if second == "60":
        refuse("leap seconds are not counted here", part=second)
    if second is not None and second > "59":
        refuse(f"there is no second {second}", part=second)
    offset = None
    if zone is not None:
        try:
            offset = parse_zone(zone)
        except DateError:
            _diagnose_signs("T" + text)
            refuse(f"{zone} is not an offset from UTC (Z, +03:00, -04; at most 18:00)", part=zone)
    ticks = Ticks(int(hour) * HOUR + int(minute) * MINUTE + int(second or 0) * SECOND)
    if decimals is not None:
        unit = Ticks(10 ** (6 - len(decimals)))
        return Ticks(ticks + int(decimals) * unit), unit, "decimal", offset
    if second is not None:
        return ticks, SECOND, "second", offset
    return ticks, MINUTE, "minute", offset


# The calendar of components


def _days(year: int, month: int, day: int) -> tuple[int, int]:
    """Half-open day numbers of a day, a month or grouping (if day is 0), or a year (if month is 0)."""
    if day:
        first = month_start(year, month) + day - 1
        return first, first + 1
    if not month:
        return year_start(year), year_start(year + 1)
    if month <= 12:
        first = month_start(year, month)
        return first, first + month_length(year, month)
    group = GROUPS[month]
    return month_start(year, group.month), month_start(year, group.month + group.length)


def _widened(first: Ticks, end: Ticks, widening: tuple[int, int]) -> tuple[Ticks, Ticks]:
    """Half-open ticks, wider on both sides by a number of months and days."""
    return shift_back(first, *widening), shift_forward(end, *widening)


# What is wrong with a text that fits no pattern

_FAULTS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"\s", "a date contains no spaces"),
        (r"/", "an interval has one '/'"),
        (r"[\[\]{}]", "this bracket is out of place"),
        (r",", "a list is written in brackets: [a,b] means one of them, {a,b} all of them"),
        (r".*\.\..*", "a range is written in brackets: [a..b] means some time within it; a/b means all of it"),
        (r"[^-0-9XYESTZxyestz?~%:.+]", "this character has no place in a date"),
        (r"[a-z]", "the letters in a date are capitals"),
        (r"[?~%]{2,}", "one component has two marks (? and ~ together are %)"),
        (r"T.*[?~%].*", "a time of day takes no mark"),
        (r"T.*X.*", "a time of day contains no X"),
        (r"Y.*X.*", "a year with Y contains no X"),
        (r"-Y.*", "the minus sign of a year comes after the Y"),
        (r"^\+.*", "a year has no plus sign"),
        (r"^[^T]*?(Z.*|\+.*)", "only a time of day has an offset"),
        (r"^[?~%]?-?[0-9]{4}E.*", "only a year with Y has an exponent"),
    )
)
_BASIC = re.compile(r"-?(?:[0-9]{6}|[0-9]{8})")


def _diagnose(text: str) -> NoReturn:
    """Raise DateError with what is wrong; of several faults, the one that helps most."""
    if not text:
        refuse("the text is empty", part="")
    if len(text) > _MOST_CHARACTERS:
        refuse(f"a date has at most {_MOST_CHARACTERS} characters", part=text[:20])
    _diagnose_signs(text)
    date = text.partition("T")[0]
    if _BASIC.fullmatch(date):
        refuse("the basic format is not EDTF; put hyphens between year, month and day", part=date)
    pieces = re.sub(r"^[?~%]?-?", "", date).split("-")
    year, *rest = (piece.strip("?~%") for piece in pieces)
    if re.fullmatch(r"[0-9X]{5,}", year):
        refuse("a year of more than four digits begins with Y", part=year)
    if not re.fullmatch(r"[0-9X]{4}(?:S[0-9]+)?|Y.*", year):
        refuse("a year has four digits", part=year or text)
    for name, component in zip(("month", "day"), rest, strict=False):
        if not re.fullmatch(r"[0-9X]{2}", component):
            refuse(f"a {name} has two digits", part=component or date)
    if len(rest) > 2:
        refuse("a date ends with its day", part=rest[2] or date)
    refuse("it is not an EDTF date", part=text)


def _diagnose_signs(text: str) -> None:
    for pattern, words in _FAULTS:
        found = pattern.search(text)
        if found is not None:
            refuse(words, part=found[found.lastindex or 0])


def _diagnose_time(text: str) -> NoReturn:
    _diagnose_signs("T" + text)
    if re.fullmatch(r"[0-9]{2}(?:Z|[+-].*)?", text):
        refuse("a time of day needs its minutes", part=text)
    if re.match(r"[0-9]{3,}", text):
        refuse("the basic format is not EDTF; put colons between hours, minutes and seconds", part=text)
    if re.search(r"\.[0-9]{7}", text):
        refuse("a second has at most six decimals", part=text)
    refuse("a time of day is written 15:04, 15:04:05 or 15:04:05.25", part=text or "T")
