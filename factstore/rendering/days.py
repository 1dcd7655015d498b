"""Dates in English, as people write them: EDTF, or the days between which something lies.

Nothing is rounded: `[2018-03-16..2018-03-31]` is "between 16 and 31 March 2018", and "late March" only if the source says
so. Years are historical: the astronomical year -0043 is 44 BC, and 0079 is AD 79.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from factstore.dates.edtf import Edtf
from factstore.dates.phrases import Context, read_when
from factstore.dates.ticks import first_and_last, in_zone, parse_zone
from factstore.errors import DateError
from factstore.inert import flat
from factstore.repository.answers import Fact
from factstore.units import UTC

UNDATED = "undated"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SEASONS = ("spring", "summer", "autumn", "winter")
_ORDINALS = ("first", "second", "third", "fourth")
#: Groups of months other than seasons, by the code of the first of each kind.
_GROUPS = {33: "quarter", 37: "four-month term", 40: "half"}
#: The codes of seasons that begin in December, and so end in the next year.
_TURNING = (24, 28, 30)
_QUALIFIED = {"?": "perhaps", "~": "about", "%": "perhaps about"}
_DOUBTED = {"?": "uncertain", "~": "approximate", "%": "uncertain and approximate"}

_DATE = re.compile(
    r"([?~%]?)(-?[0-9X]{4}|Y-?[0-9]+(?:E[0-9]+)?)(?:S([0-9]+))?([?~%]?)"
    r"(?:-([?~%]?)([0-9X]{2})([?~%]?)(?:-([?~%]?)([0-9X]{2})([?~%]?))?)?"
    r"(?:T([0-9:.]+)(.*))?"
)
_COUNTED = re.compile(r"([0-9.]+)([YMWDHS])")
_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day"}
_CLOCK_UNITS = {"H": "hour", "M": "minute", "S": "second"}
#: A longer phrase is a sentence, not a date.
_LONGEST_PHRASE = 40


class _Day(NamedTuple):
    """A single date in words: what precedes it, its day, month, year and time, and what follows it."""

    before: str
    day: str
    month: str
    year: str
    clock: str
    zone: str
    after: str

    @property
    def date(self) -> str:
        return " ".join(filter(None, (self.before, self.day, self.month, self.year)))

    @property
    def time(self) -> str:
        return " ".join(filter(None, (self.clock, self.zone)))

    @property
    def plain(self) -> bool:
        """Whether it is just a day, month or year."""
        return not (self.before or self.clock or self.after)

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.date, self.time, self.after)))

    def like(self, other: _Day) -> bool:
        """Whether both are plain and equally precise, so that one can leave out what the other says."""
        grains = [(bool(one.day), bool(one.month)) for one in (self, other)]
        return self.plain and other.plain and grains[0] == grains[1]


def written(edtf: str, zone: str | None = None) -> str:
    """An EDTF text in words: `2018-03-29/2018-04-01` is "29 March – 1 April 2018".

    `zone` is the offset, such as `+03:00`, of its times without one. Raises DateError if the text is not EDTF.
    """
    Edtf(edtf)
    if edtf[0] == "[":
        return _one_of(edtf[1:-1].split(","), zone)
    if edtf[0] == "{":
        return _all_of(edtf[1:-1].split(","), zone)
    if "/" in edtf:
        start, _, end = edtf.partition("/")
        return _interval(start, end, zone)
    return str(_read(edtf, zone))


def duration(text: str) -> str:
    """An ISO 8601 duration in words: `P1DT2H` is "1 day 2 hours"."""
    days, _, time = text.removeprefix("P").partition("T")
    counted = [(number, _UNITS[unit]) for number, unit in _COUNTED.findall(days)]
    counted += [(number, _CLOCK_UNITS[unit]) for number, unit in _COUNTED.findall(time)]
    return " ".join(f"{number} {unit}{'' if number == '1' else 's'}" for number, unit in counted) or text


def fact_date(fact: Fact) -> str:
    """When a fact was, in words: its date, else the days between which it lies, else "undated" if these are unknown.

    For a vague date it is the source's own phrase, if the phrase means the same without an anchor.
    """
    if fact.when is None:
        return placement_words(fact)
    return _own_words(fact) or written(fact.when, fact.zone)


def fact_iso(fact: Fact) -> str:
    """When a fact was, as EDTF for programs; "" if undated.

    A fact without a date is on one of the days between which it lies: `[2018-03-20..2018-04-02]`. If its end is unknown,
    there is no last day (`[2018-03-20..]`), since EDTF cannot say by when it had begun.
    """
    if fact.when is not None:
        return fact.when
    first, last = limits(fact)
    if fact.open_end:
        return f"{first or '..'}/.."
    if fact.lies.begun:
        begun = first if first == last else None
        return f"{begun}/" if begun else f"[{first}..]" if first else ""
    if first == last:
        return first or ""
    return f"[{first or ''}..{last or ''}]" if not fact.undated else ""


def limits(fact: Fact) -> tuple[str | None, str | None]:
    """The first and the last day, or instant, on which a fact may have happened or, if its end is unknown, begun."""
    if fact.undated:
        return None, None
    first, last, _ = fact.lies
    return first, None if fact.open_end else last


def limits_in_utc(fact: Fact) -> tuple[str | None, str | None]:
    """The same, with instants in UTC, for programs that compare their clocks and for scales that show them side by side."""
    first, last = limits(fact)
    return first and in_zone(first, UTC), last and in_zone(last, UTC)


def phrase_beside(fact: Fact) -> str:
    """The source's own words for the time, unless `fact_date` returns them; else ""."""
    return "" if fact.phrase is None or _own_words(fact) else flat(fact.phrase)


def is_narrowed(fact: Fact, zone: int) -> bool:
    """Whether a fact's date is not all that is known of its time: stated order and reports narrow it, or it is set aside.

    `zone` is the ledger's, in seconds east of UTC.
    """
    if fact.when is None or (fact.undated and not fact.conflicting):
        return False
    offset = parse_zone(fact.zone) if fact.zone else zone
    corners = Edtf(fact.when).corners(offset)
    first, last = first_and_last(corners.start_min, corners.end_max, offset)
    return fact.earliest != first or (fact.latest is not None and fact.latest != last)


def placement_words(fact: Fact) -> str:
    """The days between which a fact lies, in words, whatever its own date says; also where only reports limit them."""
    first, last = limits(fact._replace(undated=False))
    if fact.open_end:
        return f"since {written(first)}" if first else "always"
    if fact.lies.begun and first is not None and first == last:
        return f"from {written(first)}"
    begun = "begun " if fact.lies.begun and (first or last) else ""
    return begun + _between(first, last)


def _between(first: str | None, last: str | None) -> str:
    if first is None or last is None:
        return f"{written(first)} or later" if first else f"by {written(last)}" if last else UNDATED
    return written(first) if first == last else _span(_read(first), _read(last))


def _own_words(fact: Fact) -> str:
    """A fact's phrase, if its date is vague and the phrase by itself means that date; else ""."""
    words = flat(fact.phrase or "")
    if not fact.when or Edtf(fact.when).is_plain:
        return ""
    if len(words) > _LONGEST_PHRASE or not re.search(r"[^\W\d_]{3}", words) or not re.search(r"\d", words):
        return ""
    try:
        return words if read_when(words, Context()).edtf == fact.when else ""
    except DateError:
        return ""


# --- intervals, ranges and sets ---------------------------------------------------------------------------------


def _interval(start: str, end: str, zone: str | None) -> str:
    begins = "" if start in ("", "..") else str(_read(start, zone))
    ends = "" if end in ("", "..") else str(_read(end, zone))
    if begins and ends:
        return _throughout(_read(start, zone), _read(end, zone))
    if begins:
        return f"from {begins} on, without end" if end == ".." else f"from {begins}, end unknown"
    if ends:
        return f"up to {ends}, without beginning" if start == ".." else f"until {ends}, beginning unknown"
    return "always" if start == end == ".." else "at an unknown time"


def _throughout(first: _Day, last: _Day) -> str:
    if first.clock and last.clock and (first.date, first.zone) == (last.date, last.zone):
        zone = f" {last.zone}" if last.zone else ""
        return f"{first.date}, {first.clock}–{last.clock}{zone}"
    shorter, longer = _shortened(first, last)
    return f"{shorter}{'–' if ' ' not in shorter else ' – '}{longer}"


def _span(first: _Day, last: _Day) -> str:
    if first.clock and last.clock and (first.date, first.zone) == (last.date, last.zone):
        zone = f" {last.zone}" if last.zone else ""
        return f"{first.date}, between {first.clock} and {last.clock}{zone}"
    return "between {} and {}".format(*_shortened(first, last))


def _shortened(first: _Day, last: _Day) -> tuple[str, str]:
    """Two dates, the first without the month, year or era that the second repeats."""
    if not first.like(last):
        return str(first), str(last)
    if first.year == last.year and first.month:
        first = first._replace(year="", month="" if first.month == last.month and first.day else first.month)
    elif first.year.endswith(" BC") and last.year.endswith(" BC"):
        first = first._replace(year=first.year.removesuffix(" BC"))
    return str(first), str(last)


def _one_of(members: Sequence[str], zone: str | None) -> str:
    if len(members) == 1 and ".." in members[0]:
        first, last = _ends(members[0])
        if first and last:
            return _span(_read(first, zone), _read(last, zone))
        return f"{_read(first, zone)} or later" if first else f"{_read(last, zone)} or earlier"
    return _listed(members, "or", zone)


def _all_of(members: Sequence[str], zone: str | None) -> str:
    if len(members) == 1 and ".." in members[0]:
        return _ranged(members[0], zone)
    return _listed(members, "and", zone)


def _ends(member: str) -> tuple[str, str]:
    first, _, last = member.partition("..")
    return first, last


def _ranged(member: str, zone: str | None) -> str:
    """A range among other members of a set, or one that is meant as a whole."""
    first, last = _ends(member)
    if first and last:
        return f"all of {_throughout(_read(first, zone), _read(last, zone))}"
    return f"all from {_read(first, zone)} on" if first else f"all up to {_read(last, zone)}"


def _listed(members: Sequence[str], word: str, zone: str | None) -> str:
    if any(".." in member for member in members):
        texts = [_member(member, word, zone) for member in members]
    else:
        days = [_read(member, zone) for member in members]
        texts = [*(str(_without_tail(day, days)) for day in days[:-1]), str(days[-1])]
    return f" {word} ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))


def _without_tail(day: _Day, days: Sequence[_Day]) -> _Day:
    """A date without the month and year, if all dates of a list share them; only the last keeps them."""
    if not (day.month and all(other.like(day) and other.year == day.year for other in days)):
        return day
    shared = day.day and all(other.month == day.month for other in days)
    return day._replace(year="", month="" if shared else day.month)


def _member(member: str, word: str, zone: str | None) -> str:
    if ".." not in member:
        return str(_read(member, zone))
    return _one_of([member], zone) if word == "or" else _ranged(member, zone)


# --- single dates -----------------------------------------------------------------------------------------------


def _read(text: str, zone: str | None = None) -> _Day:
    match = _DATE.fullmatch(text)
    assert match is not None  # Edtf has let it through
    before, year, digits, after, *rest = match.groups()
    before_month, month, after_month, before_day, day, after_day, clock, offset = rest
    marks = {"year": before or after, "month": before_month or after_month, "day": before_day or after_day}
    borne = {name: mark for name, mark in marks.items() if mark}
    parts = 1 + sum(part is not None for part in (month, day))
    whole = bool(after_day or (day is None and after_month) or month is None)
    qualified, doubts = _qualified(borne, parts, whole=whole)
    if "X" in year + (month or "") + (day or ""):
        return _masked(text, year, month, day, qualified, doubts)
    notes = [_significant(year, digits)] if digits else []
    year_words = _year(year)
    if month is not None and int(month) > 12:
        return _Day(qualified, "", _group(int(month), year_words), "", "", "", ", ".join([*notes, *doubts]))
    return _Day(
        qualified,
        str(int(day)) if day else "",
        _MONTHS[int(month) - 1] if month else "",
        year_words,
        clock or "",
        zone_words(offset or zone or "") if clock else "",
        ", ".join([*notes, *doubts]),
    )


def _qualified(borne: dict[str, str], parts: int, *, whole: bool) -> tuple[str, list[str]]:
    """How a date is qualified: as a whole (text before it), or in some parts (notes after it)."""
    if (len(borne) == 1 and whole) or (len(borne) == parts and len(set(borne.values())) == 1):
        return _QUALIFIED[next(iter(borne.values()))], []
    return "", [f"{name} {_DOUBTED[mark]}" for name, mark in borne.items()]


def _year(text: str) -> str:
    """A year without X: 44 BC, AD 79, 2018."""
    figures, _, exponent = text.removeprefix("Y").partition("E")
    year = int(figures) * 10 ** int(exponent or 0)
    if year <= 0:
        return f"{_figures(1 - year)} BC"
    return f"AD {year}" if year < 1000 else f"{'the year ' if year > 9999 else ''}{_figures(year)}"


def _figures(number: int) -> str:
    return str(number) if number < 10_000 else f"{number:,}"


def _significant(year: str, digits: str) -> str:
    count = int(digits)
    return f"to {count} significant digit{'' if count == 1 else 's'}"


def _group(number: int, year: str) -> str:
    """A season, or a numbered part of the year."""
    if number < 33:
        where = ("", " (northern hemisphere)", " (southern hemisphere)")[(number - 21) // 4]
        after = int(year) + 1 if number in _TURNING and year.isdigit() else None
        turn = "" if after is None else f"–{after % 100:02}" if after % 100 else f"–{after}"
        return f"{_SEASONS[(number - 21) % 4]} {year}{turn}{where}"
    first = max(start for start in _GROUPS if start <= number)
    return f"{_ORDINALS[number - first]} {_GROUPS[first]} of {year}"


def _masked(text: str, year: str, month: str | None, day: str | None, qualified: str, doubts: list[str]) -> _Day:
    """A date with unspecified digits."""
    known = _masked_year(year) if "X" in year else _year(year)
    unknown = [name for name, part in (("month", month), ("day", day)) if part == "XX"]
    named = [part for part in (month, day) if part and part != "XX"]
    if known is None or any("X" in part for part in named) or (month == "XX" and named):
        return _Day("", "", "", text.partition("T")[0], "", "", ", ".join(["X for unknown digits", *doubts]))
    if year == "XXXX":
        unknown.insert(0, "year")
    notes = [f"{' and '.join(unknown)} unknown"] if unknown else []
    if month in named and known.startswith("the "):
        known = f"of {known}"
    name, number = "", int(month or 0) if month in named else 0
    if number > 12:
        name, known = _group(number, known), ""
    elif number:
        name = _MONTHS[number - 1]
    figure = str(int(day)) if day and day in named else ""
    return _Day(qualified, figure, name, known, "", "", ", ".join([*notes, *doubts]))


def _masked_year(text: str) -> str | None:
    """A year whose last digits are unspecified; "" if all are, None if any others are."""
    figures = text.removeprefix("-")
    known = figures.rstrip("X")
    if "X" in known:
        return None
    if not known:
        return "" if text == figures else "BC"
    least, most = int(known.ljust(4, "0")), int(known.ljust(4, "9"))
    if text != figures:
        return f"between {_year(f'-{most:04}')} and {_year(f'-{max(least, 1):04}')}"
    if len(known) == 3 and least >= 100:
        return f"the {least}s"
    if len(known) == 2:
        return f"the {_ordinal(int(known) + 1)} century{' AD' if least < 1000 else ''}"
    return f"between {_year(f'{least:04}')} and {_year(f'{most:04}')}"


def _ordinal(number: int) -> str:
    tail = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{tail}"


def zone_words(offset: str) -> str:
    """An offset in words: UTC, UTC+3, UTC−4:30."""
    if offset in ("Z", "+00:00", "+00", ""):
        return "UTC" if offset else ""
    hours, _, minutes = offset[1:].partition(":")
    return f"UTC{'+' if offset[0] == '+' else '−'}{int(hours)}{f':{minutes}' if int(minutes or 0) else ''}"
