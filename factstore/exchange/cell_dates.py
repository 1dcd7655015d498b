"""Dates in the cells of a sheet: real dates, years, serial numbers, and words, which `phrases` reads.

A text that cannot be read gives no date, and its words are kept. Whether the day or the month comes first in figures is found
from dates in the same column that can only be read one way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from factstore.dates.edtf import Edtf
from factstore.dates.faults import EventMissing, NoSuchDate, OtherWeekday
from factstore.dates.phrases import Context, read_when
from factstore.dates.phrases.words import MONTH, MONTHS, from_pivot
from factstore.errors import AnchorMissing, DateError
from factstore.exchange.cell_details import DAY_ZERO
from factstore.exchange.grids import Value, clock, one_line, text_of
from factstore.exchange.headers import Order
from factstore.exchange.placeholders import AGAIN, is_undated, says_nothing

#: Why words that are relative to a day cannot be read without one.
NEEDS_DAY = "its words need a day to be read against: a column of when its source was published, or --anchor"
#: The range of serial numbers that are read as days: 1927 to 2119.
SERIALS = range(10_000, 80_000)

_ONGOING = re.compile(r"(?:still )?(?:on-?going|present|now|to date|current(?:ly)?|continuing|open|today)\.?", re.I)
_REPEATED = re.compile(rf"(?:the )?same (?:day|date)|{AGAIN}", re.I)
_FIGURES = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2('?\d\d|\d{4})(?![\d/.-])")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?")
_FIGURES_MOMENT = re.compile(
    r"(\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}/\d{1,2}/\d{1,2}),? (\d{1,2}:\d\d)(?::\d\d(?:\.\d+)?)?( ?[ap]\.?m\.?)?",
    re.I,
)
_ISO_SPAN = re.compile(r"(\d{4}(?:-\d\d){0,2}) ?(?:to|until|till|through|–|—| - ) ?(\d{4}(?:-\d\d){0,2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: A date with a part left open, as CaseMap writes it: 07/??/97, ??/??/1999.
_OPEN = re.compile(r"(?<![\d/?])(\d{1,2}|\?\?)/(\d{1,2}|\?\?)/(\d{4}|\d\d)(?![\d/])")
#: A date in figures with a two-digit year, and a month with a two-digit year that cannot be a day.
_SHORT = re.compile(r"(?<![\d/?])((?:\d{1,2}|\?\?)/(?:\d{1,2}|\?\?)|\d{1,2}(?=/(?:3[2-9]|[4-9]\d)))/(\d\d)(?![\d/])")
_MONTH_FIGURES = re.compile(rf"(?:(?P<month>{MONTH})\.?[ -]?|(?P<number>0?[1-9]|1[0-2])/)(?P<figures>\d\d)", re.I)
#: Signs that qualify a date (CaseMap, TimeMap), with the words for them; the longer ones first.
_SIGNS = {
    "=<": "on or before {}",
    "<=": "on or before {}",
    "=>": "on or after {}",
    ">=": "on or after {}",
    "<": "before {}",
    ">": "after {}",
    "~": "c. {}",
}
_SIGNED = re.compile(r"(=<|<=|=>|>=|<|>|~) ?(?=[\d?])(.+)")
#: What may follow a date without meaning: a number for sorting, a time without a known hour.
_BEHIND = re.compile(r"(?:\s+#\d+|\s+\?\?:\?\?)+$")
_DOTS = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"'})


class Told(NamedTuple):
    """A cell as a date: its EDTF, "" if it cannot be read; and its words, "" if they are the EDTF itself.

    `doubt`: what somebody should look at, "" if nothing. `anchored`: the words were read relative to the anchor.
    """

    edtf: str = ""
    phrase: str = ""
    doubt: str = ""
    anchored: bool = False


NOTHING = Told()


# --- day and month in figures ---------------------------------------------------------------------------------


def order_of(values: Iterable[Value]) -> tuple[Order, bool, bool]:
    """Which of day and month comes first in a column, if some dates can only be read one way and none the other way.

    Also whether any date depends on it, and whether the column has dates of both orders.
    """
    day_first = month_first = unsure = False
    for value in values:
        for found in _FIGURES.finditer(value) if isinstance(value, str) else ():
            first, second = int(found[1]), int(found[3])
            day_first |= 12 < first <= 31 and second <= 12
            month_first |= first <= 12 < second <= 31
            unsure |= first <= 12 and second <= 12 and first != second
    order: Order = "" if day_first == month_first else "day-first" if day_first else "month-first"
    return order, unsure, day_first and month_first


def may_be_swapped(values: Iterable[Value], order: Order) -> int:
    """How many of a column's real dates a spreadsheet may have read with day and month swapped; 0 if that is unlikely.

    A spreadsheet set to the other order turns 3/4/2018 into a date and leaves 22/04/2018 as text. Then all real dates are in
    the first twelve days of a month, and there are texts with later days.
    """
    held = list(values)
    days = [value for value in held if isinstance(value, date)]
    texts = [value for value in held if isinstance(value, str) and _FIGURES.fullmatch(value)]
    late = bool(texts) and all(order_of([text])[0] == order for text in texts)
    return len(days) if order and late and len(days) > 2 and all(day.day <= 12 for day in days) else 0


def hinted_order(header: str) -> Order:
    """The order that a header itself gives, such as Date (dd/mm/yyyy)."""
    found = re.search(r"\b(d{1,2}|m{1,2})[/. -]?(?=(d{1,2}|m{1,2})[/. -]?y)", header.lower())
    if not found or found[1][0] == found[2][0]:
        return ""
    return "day-first" if found[1][0] == "d" else "month-first"


def is_ongoing(value: Value) -> bool:
    """Whether an end's cell says that there is no end yet."""
    return isinstance(value, str) and _ONGOING.fullmatch(one_line(text_of(value))) is not None


def is_repeated(value: Value) -> bool:
    """Whether a cell says that the date is that of the row above."""
    return isinstance(value, str) and _REPEATED.fullmatch(one_line(value)) is not None


# --- one cell -------------------------------------------------------------------------------------------------


def read(value: Value, said: Context, day_zero: date = DAY_ZERO) -> Told:
    """Read a cell as a date; a bare number of a day counts from `day_zero`."""
    if isinstance(value, datetime) and value.time() != time():
        return Told(f"{value.date()}T{clock(value.time())}")
    if isinstance(value, date):
        return Told(f"{value:%Y-%m-%d}" if not isinstance(value, datetime) else str(value.date()))
    if isinstance(value, bool | time | timedelta):
        return Told("", text_of(value), "it is not a date")
    text = one_line(text_of(value))
    if says_nothing(text):
        return NOTHING
    if is_undated(text):
        return Told("", text)
    return _read_text(text, said, day_zero)


@lru_cache(4096)
def _read_text(text: str, said: Context, day_zero: date = DAY_ZERO) -> Told:
    if found := _number(text, day_zero) or _month_and_figures(text, said):
        return found
    read = _read_words(text, said)
    return read if isinstance(read, Told) else Told("", text, _why(text, said, read))


def _read_words(text: str, said: Context) -> Told | list[DateError]:
    """The first spelling of a text that can be read, or why none can."""
    faults: list[DateError] = []
    for words in _ways(text, said.pivot):
        try:
            reading = read_when(words, said)
        except DateError as error:
            faults.append(error)
            continue
        result = _told(text, words, reading.edtf, reading.rule, said)
        return result._replace(doubt=reading.because) if reading.rule == "edtf" and reading.because else result
    return faults


def _why(text: str, said: Context, faults: Sequence[DateError]) -> str:
    """Why a text could not be read, in a few words."""
    in_full = _read_words(text, said._replace(pivot=1950)) if said.pivot is None else []
    if isinstance(in_full, Told):
        return "a year of two digits may be of any century: --pivot 1950 reads it as 1950 to 2049"
    if any(isinstance(fault, EventMissing) for fault in faults):
        return "it counts from another event: relate the fact to that one, or write the day"
    if any(isinstance(fault, AnchorMissing) for fault in faults):
        return NEEDS_DAY
    if any(isinstance(fault, NoSuchDate) for fault in (*faults, *in_full)):
        return "the calendar has no such date"
    if wrong := next((fault for fault in (*faults, *in_full) if isinstance(fault, OtherWeekday)), None):
        return str(wrong).rpartition(": ")[2].rstrip(".")
    return "it cannot be read as a date"


def _told(text: str, words: str, edtf: str, rule: str, said: Context) -> Told:
    phrase = "" if text == edtf else text
    both = rule != "edtf" and not said.order and "," in edtf
    if both and (found := _FIGURES.search(text)) and int(found[1]) <= 12 and int(found[3]) <= 12:
        return Told(edtf, phrase, "the day or the month may come first: --dates dmy or mdy")
    anchored = _needs_anchor(words, said, edtf)
    several = edtf.strip("[]").split(",") if anchored and edtf[0] == "[" else []
    doubt = f"it may be {' or '.join(several)}: the words do not say which" if len(several) > 1 else ""
    return Told(edtf, phrase, doubt, anchored)


def _needs_anchor(words: str, said: Context, edtf: str) -> bool:
    """Whether a text needs the anchor for its meaning."""
    if said.anchor is None:
        return False
    try:
        return read_when(words, said._replace(anchor=None)).edtf != edtf
    except DateError:
        return True


def _number(text: str, day_zero: date) -> Told | None:
    """Read bare figures: a day without separators (20180320), a spreadsheet's serial number, or a year."""
    if re.fullmatch(r"(?:1[0-9]|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", text):
        return _told_day(f"{text[:4]}-{text[4:6]}-{text[6:]}", text)
    if re.fullmatch(r"[12]\d{3}\.0", text):
        return Told(text[:4])
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text) and int(text[:5]) in SERIALS:
        moment = datetime.combine(day_zero, time()) + timedelta(seconds=round(float(text) * 86400))
        edtf = f"{moment.date()}" + (f"T{clock(moment.time())}" if "." in text and moment.time() != time() else "")
        return Told(edtf, text, f"a spreadsheet's serial number, read as {edtf}")
    return None


def _month_and_figures(text: str, said: Context) -> Told | None:
    """Read a month and two figures ("Nov 16", "5/16"), which may be a day of it or, as spreadsheets write, its year."""
    found = _MONTH_FIGURES.fullmatch(text)
    if not found or not 1 <= int(found["figures"]) <= 31:
        return None
    month = int(found["number"] or _month_number(found["month"]))
    pivot = said.pivot or (said.anchor.year - 99 if said.anchor else None)
    name = MONTHS[month - 1]
    day = "a day of the year" if found["number"] else f"{int(found['figures'])} {name}"
    if pivot is None:
        return Told("", text, f"it may be {day}, or {name} of a year that ends in {found['figures']}")
    whole = f"{from_pivot(found['figures'], pivot):04}-{month:02}"
    read = _read_words(text, said)
    days = read.edtf.strip("[]").split(",") if isinstance(read, Told) else []
    others = [one for one in days if one and not one.startswith(whole)]
    edtf = f"[{','.join(sorted([whole, *others]))}]" if others else whole
    return Told(edtf, text, f"it may be {day} or {name} {whole[:4]}", said.anchor is not None)


def _told_day(edtf: str, text: str) -> Told | None:
    try:
        return Told(Edtf(edtf).text, text)
    except DateError:
        return None


def _ways(text: str, pivot: int | None = None) -> Iterable[str]:
    """The spellings of a text to try: as it is, then with a space, a sign or a word removed."""
    if found := _MOMENT.fullmatch(text):
        seconds = f":{found[4]}" if found[4] and found[4] != "00" else ""
        yield f"{found[1]}T{found[2]:0>2}:{found[3]}{seconds}"
        return
    if found := _FIGURES_MOMENT.fullmatch(text):
        text = f"{found[1]} {found[2]}{found[3] or ''}"
    yield text
    if found := _ISO_SPAN.fullmatch(text):
        yield f"{found[1]}/{found[2]}"
    straight = text.translate(_DOTS)
    if straight != text:
        yield straight
    if (known := _in_words(straight, pivot)) != straight:
        yield known


def _in_words(text: str, pivot: int | None) -> str:
    """A date in the notation of case chronology programs, in words: `<06/15/97` is "before 06/15/97"."""
    text = _BEHIND.sub("", text)
    if pivot:
        text = _SHORT.sub(lambda found: f"{found[1]}/{pivot + (int(found[2]) - pivot) % 100}", text)
    text = _OPEN.sub(_without_open, text)
    parts = re.split(r"(?<=\d) (?:-|–) (?=\d)", text)
    if len(parts) == 2:
        return " to ".join(parts)
    found = _SIGNED.fullmatch(text)
    return _SIGNS[found[1]].format(found[2]) if found else text


def _without_open(found: re.Match[str]) -> str:
    """A date in figures without the parts that are left open; unchanged if only the day is known."""
    first, second, year = found.groups()
    if "??" not in (first, second):
        return found[0]
    known = [part for part in (first, second) if part != "??"]
    return f"{known[0]}/{year}" if known and int(known[0]) <= 12 else year if not known else found[0]


# --- a time of day, the end, and the parts of a date ----------------------------------------------------------

_TIME = re.compile(r"(\d{1,2})(?::|h|\.)(\d\d)(?::(\d\d))? ?(?:hrs?|hours|h)?\.?", re.I)
_MILITARY = re.compile(r"([01]\d|2[0-3])([0-5]\d) ?(?:hrs?|hours|h)?\.?", re.I)


def at_time(day: Told, value: Value, said: Context) -> Told:
    """Add a time of day to a day. If that fails, the date is the day alone, and the time stays in the words."""
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, float) and 0 <= value < 1:
        value = (datetime.min + timedelta(seconds=round(value * 86400))).time()
    words = one_line(text_of(value))
    if says_nothing(words):
        return day
    spoken = re.sub(r"^(\d{1,2})\.(\d\d)(?= ?[ap]\.?m)", r"\1:\2", words, flags=re.I)
    phrase = f"{day.phrase or day.edtf}, {words}".strip(", ")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", day.edtf):
        moment = _clock_of(words)
        if moment:
            return Told(f"{day.edtf}T{moment}", phrase if day.phrase else "", day.doubt, day.anchored)
        in_words = f"{int(day.edtf[8:])} {_MONTHS[int(day.edtf[5:7]) - 1]} {day.edtf[:4]}"
        for wording in (f"{spoken} on {in_words}", f"{in_words} {spoken}", f"the {spoken} of {in_words}"):
            try:
                return Told(read_when(wording, said).edtf, phrase, day.doubt, day.anchored)
            except DateError:
                continue
    return day._replace(phrase=phrase, doubt=day.doubt or f"the time {words} could not be added to the day")


def _clock_of(words: str) -> str:
    found = _TIME.fullmatch(words) or _MILITARY.fullmatch(words)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return ""
    seconds = found[3] if found.re is _TIME and found[3] and found[3] != "00" else ""
    return f"{int(found[1]):02}:{found[2]}" + (f":{seconds}" if seconds else "")


def to_end(start: Told, value: Value, end: Told, said: Context, *, alone: bool) -> Told:
    """From a start to an end. `alone`: a start whose end is an empty cell is the whole time, else its end is unknown.

    The end is also unknown if its cell has words that give none, or say that it was still going on: it may have ended since.
    """
    given = one_line(text_of(value))
    ongoing = is_ongoing(value)
    opening, closing = start.phrase or start.edtf, given if ongoing else end.phrase or end.edtf
    phrase = " to ".join(filter(None, (opening, closing)))
    phrased = phrase if start.phrase or end.phrase or ongoing else ""
    told = Told("", phrased, start.doubt or end.doubt, start.anchored or end.anchored)
    if not start.edtf:
        return _span(told, f"/{end.edtf}", f"until {closing}", said) if end.edtf else told._replace(anchored=False)
    if not end.edtf:
        if alone and not given:
            return told._replace(edtf=start.edtf)
        span = _span(told, f"{start.edtf}/", f"{opening} onwards", said)
        return span if span.edtf or ongoing else told._replace(edtf=start.edtf)
    if start.edtf == end.edtf:
        return start._replace(anchored=told.anchored)
    if re.fullmatch(r"\d{4}-\d\d-\d\dT.*", start.edtf) and start.edtf[:10] == end.edtf:
        return start._replace(phrase=phrase)
    return _span(told, f"{start.edtf}/{end.edtf}", phrase, said)


def _span(told: Told, edtf: str, words: str, said: Context) -> Told:
    """An interval, which is read as words if EDTF has none from or to such dates, as from one of two."""
    try:
        return told._replace(edtf=Edtf(edtf).text)
    except DateError as error:
        if "ends before" in str(error):
            return Told("", told.phrase or words, "it ends before it starts")
    try:
        return told._replace(edtf=read_when(words, said).edtf, phrase=told.phrase or words)
    except DateError:
        return Told("", told.phrase or words, "start and end cannot be joined")


def of_parts(year: Value, month: Value, day: Value, said: Context) -> Told:
    """A date whose year, month and day are in separate cells."""
    words = [one_line(text_of(part)) for part in (year, month, day)]
    words = ["" if says_nothing(word) or word == "0" else word for word in words]
    if not words[0]:
        phrase = " ".join(filter(None, reversed(words)))
        return Told("", phrase, "its year is missing" if phrase else "")
    if not words[1]:
        whole = read(year, said)
        return (
            whole
            if not words[2]
            else whole._replace(phrase=" ".join(filter(None, words)), doubt="its month is missing")
        )
    number = words[1] if words[1].isdecimal() else _month_number(words[1])
    if re.fullmatch(r"\d{4}", words[0]) and number and (not words[2] or words[2].isdecimal()):
        text = "-".join([words[0], f"{int(number):02}", *([f"{int(words[2]):02}"] if words[2] else [])])
        if (found := _told_day(text, "")) is not None:
            return found
    return _read_text(" ".join(filter(None, reversed(words))), said)


def _month_number(word: str) -> str:
    short = word.lower()[:3]
    return str(_MONTHS.index(short) + 1) if short in _MONTHS else ""
