"""Two dates as the ends of one stretch, each read with what the other says: 20 to 25 March, Friday to Monday, 3pm to 5pm."""

from __future__ import annotations

import re

from factstore.dates.periods import Period
from factstore.dates.phrases.reader import Context, Times, refusal, times_of
from factstore.dates.phrases.words import CLOCK, MONTH, NTH, WEEKDAY
from factstore.errors import DateError

#: What shows that words have a date among them.
DATED = rf"(?:{MONTH}|{WEEKDAY}|\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)|\d{{1,3}}0'?s)\b"

_NUMBER = re.compile(rf"(?:the )?{NTH}")
_NUMBER_OF_YEAR = re.compile(rf"(?:the )?{NTH}(?: \d{{4}})?")
_NAMED_MONTH = re.compile(rf"\b(?:{MONTH})\b")
_CLOCK = re.compile(CLOCK)
_CLOCK_FIRST = re.compile(rf"{CLOCK}(?: on)? (?P<day>.+)")
_CLOCK_LAST = re.compile(rf"(?P<day>.+?)(?: at)? {CLOCK}")


def pairs(a: str, b: str, context: Context) -> Times:
    """The stretches between two ends that fit each other, each named `first/last`."""
    note = f"{a} to {b}" + (f", seen from {context.anchor}," if context.anchor else "")
    check_same_kind(a, b)
    month = _NAMED_MONTH.search(b if _NUMBER.fullmatch(a) else a)
    if month and _NUMBER.fullmatch(a):
        a = f"{a} {month[0]}"  # 20 to 25 March
    elif month and _NUMBER_OF_YEAR.fullmatch(b):
        b = f"{month[0]} {b}"  # March 20 to 25
    if timed := _CLOCK_FIRST.fullmatch(b):
        a = f"{a} {timed['day']}" if _CLOCK.fullmatch(a) else a  # 3pm to 5pm on Friday
    elif timed := _CLOCK_LAST.fullmatch(a):
        b = f"{timed['day']} {b}" if _CLOCK.fullmatch(b) else b  # Friday, 3pm to 5pm
    if is_clock(a) != is_clock(b):
        raise refusal(f"{a} to {b}", "one is a time of day, the other is not")
    x, y = both(a, b, context)
    fitting: list[tuple[Period, Period]] = []
    alone = len(x.periods) == len(y.periods) == 1
    same = x.cycle == y.cycle
    if same and y.near:
        for p in x.periods:
            fitting += [(p, q) for q in y.near(p.first) if q.first >= p.first][:1]
    if same and x.near:
        for q in y.periods:
            fitting += [(p, q) for p in x.near(q.first) if p.first <= q.first][-1:]
    if not (same and x.near):
        fitting += [(p, q) for p in x.periods for q in y.periods if _fit(p, q, alone=alone)]
    if not fitting:
        raise refusal(f"{a} to {b}", "its end comes before its beginning")
    named = [(p, q, p.single and q.single) for p, q in dict.fromkeys(fitting)]
    spans = [Period(p.first, q.last, n and f"{p.single}/{q.single}") for p, q, n in named]
    return Times(spans, note, "window")


def is_clock(words: str) -> bool:
    """Whether words are a time of day without a day."""
    return _CLOCK.fullmatch(words) is not None


def has_clock(words: str) -> bool:
    """Whether words have a time of day first or last."""
    return any(form.fullmatch(words) for form in (_CLOCK, _CLOCK_FIRST, _CLOCK_LAST))


_OTHER_COUNTS = rf"\b(?:weeks?|week ?ends?|quarters?|half|decades?|{WEEKDAY})\b"


def check_same_kind(a: str, b: str) -> None:
    """Refuse a bare number unless it must be that of a day, which it is not in "the first or second week of May"."""
    if _NUMBER.fullmatch(a) and (
        re.search(_OTHER_COUNTS, b)
        or _CLOCK_FIRST.fullmatch(b)
        or not re.search(rf"\b(?:{MONTH}|month)\b|^(?:the )?{NTH}$", b)
    ):
        raise refusal(a, "it does not say what it counts")


def _fit(a: Period, b: Period, *, alone: bool) -> bool:
    """Whether something may last from the one to the other; a time of day only to one of the same day, unless `alone`."""
    if a.timed and b.timed and not alone and (a.first, a.last) != (b.first, b.last):
        return False
    return a.ends[0] <= b.ends[0] if a.timed and b.timed else a.first <= b.first


def both(a: str, b: str, context: Context) -> tuple[Times, Times]:
    """Read two ends; without an anchor, an end that is relative is read from the other."""
    if context.anchor is not None:
        return times_of(a, context), times_of(b, context)
    try:
        y = times_of(b, context)
    except DateError:
        x = times_of(a, context)
        return x, times_of(b, context._replace(anchor=x.periods[0].first))
    return times_of(a, context._replace(anchor=y.periods[0].first)), y
