"""Two dates as the ends of one stretch, each read in the light of the other: 20 to 25 March, Friday to Monday, 3pm to 5pm."""

from __future__ import annotations

import contextlib
import re

from factstore.dates.periods import Period
from factstore.dates.phrases.events import counts_from_event
from factstore.dates.phrases.reader import Context, Times, refusal, times_of
from factstore.dates.phrases.words import CLOCK, MONTH, NTH, WEEKDAY
from factstore.errors import AnchorMissing, DateError

#: A sign that words include a date.
DATED = rf"(?:{MONTH}|{WEEKDAY}|\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)|\d{{1,3}}0'?s)\b"

_NUMBER = re.compile(rf"(?:the )?{NTH}")
_NUMBER_OF_YEAR = re.compile(rf"(?:the )?{NTH}(?: \d{{4}})?")
_NAMED_MONTH = re.compile(rf"\b(?:{MONTH})\b")
#: What the names of feasts never contain.
_OF_CALENDAR = re.compile(rf"\d|\b(?:{MONTH})\b")
_CLOCK = re.compile(CLOCK)
_CLOCK_FIRST = re.compile(rf"{CLOCK}(?: on)? (?P<day>.+)")
_CLOCK_LAST = re.compile(rf"(?P<day>.+?)(?: at)? {CLOCK}")


def pairs(a: str, b: str, context: Context, how: str = "") -> Times:
    """The stretches between two ends that fit each other, each named `first/last`; `how` stands before both ("about ")."""
    note = f"{how}{a} to {b}" + (f", seen from {context.anchor}," if context.anchor else "")
    if re.fullmatch(r"\d{4}", a) and re.fullmatch(r"\d\d", b) and int(b) > max(12, int(a[2:])):
        b = a[:2] + b  # around 1914-18
    check_same_kind(a, b)
    month = _NAMED_MONTH.search(b if _NUMBER.fullmatch(a) else a)
    if month and _NUMBER.fullmatch(a):
        a = f"{a} {month[0]}"  # 20 to 25 March
    elif month and _NUMBER_OF_YEAR.fullmatch(b):
        b = f"{month[0]} {b}"  # March 20 to 25
    a, b = of_one_day(a, b)
    if is_clock(a) != is_clock(b):
        raise refusal(f"{a} to {b}", "one is a time of day, the other is not")
    x, y = both(f"{how}{a}", f"{how}{b}", context)
    fitting = _fitting(x, y)
    if are_feasts(a, b, x, y):
        first = times_of(f"{a} {b[-4:]}", context).periods
        fitting += [(p, q) for p in first for q in second_of_feasts(b, p, context)]
    if not fitting:
        raise refusal(f"{a} to {b}", "its end comes before its beginning")
    named = [(p, q, p.single and q.single) for p, q in dict.fromkeys(fitting)]
    spans = [Period(p.first, q.last, n and f"{p.single}/{q.single}") for p, q, n in named]
    return Times(spans, note, "window")


def of_one_day(a: str, b: str) -> tuple[str, str]:
    """Two times of day, with the day that only one of them names: 3pm to 5pm on Friday; Friday, 3pm to 5pm."""
    if timed := _CLOCK_FIRST.fullmatch(b):
        return (f"{a} {timed['day']}" if _CLOCK.fullmatch(a) else a), b
    if timed := _CLOCK_LAST.fullmatch(a):
        return a, (f"{timed['day']} {b}" if _CLOCK.fullmatch(b) else b)
    return a, b


#: The most days from one end to another that is in the next year. If there are more, the order is wrong: 5 to 3 May.
_IN_A_ROW = 320


def _fitting(x: Times, y: Times) -> list[tuple[Period, Period]]:
    """The readings of two ends that fit each other; of an end that recurs, the nearest that does."""
    fitting: list[tuple[Period, Period]] = []
    alone = len(x.periods) == len(y.periods) == 1
    same = x.cycle == y.cycle
    if same and y.near:
        for p in x.periods:
            fitting += [(p, q) for q in y.near(p.first) if q.first >= p.first][:1]
    if same and x.near:
        for q in y.periods:
            fitting += [(p, q) for p in x.near(q.first) if p.first <= q.first][-1:]
    if same and x.cycle == "year":
        fitting = [(p, q) for p, q in fitting if (q.first - p.first).days <= _IN_A_ROW]
    if not (same and x.near):
        fitting += [(p, q) for p in x.periods for q in y.periods if _fit(p, q, alone=alone)]
    return fitting


def are_feasts(a: str, b: str, x: Times, y: Times) -> bool:
    """Whether two dates are those of feasts, of which only the second has a year; it may be the year of either."""
    days = x.cycle == y.cycle == "year" and x.kind == y.kind == "day"
    return days and re.search(r" \d{4}$", b) is not None and not _OF_CALENDAR.search(f"{a} {b[:-5]}")


def second_of_feasts(b: str, first: Period, context: Context) -> list[Period]:
    """The second of two feasts if the year beside it is that of the first: Christmas to New Year 2015."""
    y = times_of(b[:-5], context._replace(anchor=first.first))
    return [p for p in y.near(first.first) if p.first >= first.first][:1] if y.near else []


def is_clock(words: str) -> bool:
    """Whether words are a time of day without a day."""
    return _CLOCK.fullmatch(words) is not None


def has_clock(words: str) -> bool:
    """Whether words have a time of day first or last."""
    return any(form.fullmatch(words) for form in (_CLOCK, _CLOCK_FIRST, _CLOCK_LAST))


_OTHER_COUNTS = rf"\b(?:weeks?|week ?ends?|quarters?|half|decades?|{WEEKDAY})\b"


def check_same_kind(a: str, b: str) -> None:
    """Refuse a bare number unless it must be a day's, which it is not in "the first or second week of May"."""
    if _NUMBER.fullmatch(a) and (
        re.search(_OTHER_COUNTS, b)
        or _CLOCK_FIRST.fullmatch(b)
        or not re.search(rf"\b(?:{MONTH}|month)\b|^(?:the )?{NTH}$", b)
    ):
        raise refusal(a, "it does not say what it counts")


def _fit(a: Period, b: Period, *, alone: bool) -> bool:
    """Whether something may last from one to the other; a time of day only to one on the same day, unless `alone`."""
    if a.timed and b.timed and not alone and (a.first, a.last) != (b.first, b.last):
        return False
    return a.ends[0] <= b.ends[0] if a.timed and b.timed else a.first <= b.first


def both(a: str, b: str, context: Context) -> tuple[Times, Times]:
    """Read two ends. An end that recurs, or counts from another event, is read from the other end if that is absolute.

    A weekday after a date ("from 5 March 2018 to Friday") is instead read from the day on which it was said.
    """
    x, y = _absolute(a, context), _absolute(b, context)
    if x and y:
        return x, y
    if y:
        return _beside(a, y, context, b), y
    if x:
        return x, _beside(b, x, context, a, "week")
    return times_of(a, context), times_of(b, context)


def _absolute(words: str, context: Context) -> Times | None:
    """The readings of words that need no anchor; None for relative words."""
    try:
        return times_of(words, context._replace(anchor=None))
    except AnchorMissing:
        return None


#: The most days that an end may have if another end is read from it: "from 2014 to March" may mean a later year's March.
_FINE = 93


def _beside(words: str, other: Times, context: Context, said: str, but: str = "") -> Times:
    """The readings of relative words beside an absolute end, whose words are `said`; not from that end if they recur in
    `but`."""
    day = other.periods[0].first
    if (other.periods[0].last - day).days < _FINE:
        times = times_of(words, context._replace(anchor=day))
        if counts_from_event(words) or (times.near and times.cycle != but):
            return times
    if of_year := re.search(r" \d{4}$", said):
        with contextlib.suppress(DateError):
            return times_of(words + of_year[0], context)  # the last week of May and the first week of June 2016
    return times_of(words, context)
