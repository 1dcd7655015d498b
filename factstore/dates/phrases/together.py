"""Rules for dates that stand together: 1 and 2 May, 1/2 May, May/June, the night of 1–2 May, the weekend of 5–6 May."""

from __future__ import annotations

import re

from factstore.dates.periods import DAY, Period
from factstore.dates.phrases.ends import pairs
from factstore.dates.phrases.reader import Context, Finished, Times, edtf_of, refusal, rule, times_of, told
from factstore.dates.phrases.words import MONTH, NTH, WEEKDAY

_DAY = rf"(?:{NTH}(?: of)? (?:{MONTH})|(?:{MONTH}) {NTH})(?: \d{{4}})?"
_NEXT = rf"(?:{_DAY}|{NTH}(?: \d{{4}})?)"
_TO = r"(?: - | ?/ ?|-| to | and )"


def _spans(a: str, b: str, context: Context) -> Times:
    """From one day to another, of which either gives the month and the second the year."""
    year = re.search(r" \d{4}$", b)
    if year and re.search(rf"\b(?:{MONTH})\b", a) and not re.search(r" \d{4}$", a):
        a += year[0]
    return pairs(a, b, context)


@rule(
    "night-between",
    rf"(?:overnight(?: on)?|(?:on |during |in )?(?:the )?night (?:of|between|from)) "
    rf"(?:the )?(?:(?P<a>{NTH}|{_DAY}){_TO}(?:the )?(?P<b>{_NEXT})|(?P<a2>{WEEKDAY}){_TO}(?P<b2>{WEEKDAY}))",
    "From the evening of the first day to the morning of the next.",
    "the night of 1-2 May 2018 = [2018-05-01..2018-05-02]",
    "the night of 30 April/1 May 2018 = [2018-04-30..2018-05-01]",
    signs="overnight night",
)
def _night_between(found: re.Match[str], context: Context) -> Times:
    times = _spans(found["a"] or found["a2"], found["b"] or found["b2"], context)
    nights = [Period(p.first, p.last) for p in times.periods if p.last - p.first == DAY]
    if not nights:
        raise refusal(found[0], "the days do not follow each other")
    return Times(nights, f"the night of {times.note}", "day")


@rule(
    "night-to",
    r"(?:on |during |in )?(?:the )?night (?:in)?to (?P<rest>.+)",
    "From the evening of the day before to the morning of the day.",
    "in the night to Sunday, 1 April 2018 = [2018-03-31..2018-04-01]",
    signs="night",
)
def _night_to(found: re.Match[str], context: Context) -> Times:
    times = times_of(found["rest"], context)
    if times.kind != "day" or any(p.first != p.last for p in times.periods):
        raise refusal(found[0], f"{found['rest']!r} is not a day")
    return times.each(lambda p: Period(p.first - DAY, p.first), f"the night to {times.note}", "day")


@rule(
    "weekend-of",
    rf"(?:(?:over|on) )?(?:the )?week ?end (?:of|from) (?:the )?(?:(?P<a>{NTH}|{_DAY}){_TO}(?P<b>{_NEXT})|(?P<day>.+))",
    "The two days, or the weekend that includes the day or is beside it.",
    "the weekend of 5-6 May 2018 = [2018-05-05..2018-05-06]",
    "weekend of 4 May 2018 = [2018-05-05..2018-05-06]",
    signs="weekend end",
    stretch=4,
)
def _weekend_of(found: re.Match[str], context: Context) -> Times:
    if found["a"]:
        times = _spans(found["a"], found["b"], context)
        kept = [Period(p.first, p.last) for p in times.periods if p.first + DAY <= p.last <= p.first + 3 * DAY]
    else:
        times = times_of(found["day"], context)
        if times.kind != "day":
            raise refusal(found[0], f"{found['day']!r} is not a day")
        kept = []
        for day in (p.first for p in times.periods if p.first.weekday() not in (1, 2, 3)):
            saturday = day + (5 - (day.weekday() or 7)) * DAY
            kept.append(Period(saturday, saturday + DAY))
    if not kept:
        raise refusal(found[0], "no weekend is there")
    return Times(kept, f"the weekend of {times.note}")


@rule(
    "week-ending",
    r"(?:the |in the )?week(?:s)? ending(?: on)? (?P<rest>.+)|w/e (?P<rest2>.+)",
    "The seven days that end with a day.",
    "the week ending 4 May 2018 = [2018-04-28..2018-05-04]",
    signs="ending e",
    stretch=7,
)
def _week_ending(found: re.Match[str], context: Context) -> Times:
    rest = found["rest"] or found["rest2"]
    times = times_of(rest, context)
    if times.kind != "day" or any(p.first != p.last for p in times.periods):
        raise refusal(found[0], f"{rest!r} is not a day")
    return Times([Period(p.first - 6 * DAY, p.first) for p in times.periods], f"the week ending {times.note}")


@rule(
    "either-day",
    rf"(?P<a>{NTH}|{_DAY}) ?/ ?(?P<b>{_DAY})",
    "Some time on these days.",
    "1/2 May 2018 = [2018-05-01..2018-05-02]",
    "30 April/1 May 2018 = [2018-04-30..2018-05-01]",
    signs="/",
)
def _either_day(found: re.Match[str], context: Context) -> Times:
    times = _spans(found["a"], found["b"], context)
    return times.each(lambda p: p._replace(name=""), f"some time from {times.note}", "window")


_SEASON = "spring|summer|autumn|fall|winter"
_PART = r"(?:(?:early|mid|late) )"


@rule(
    "either-month",
    rf"(?P<a>{_PART}?(?:{MONTH}|{_SEASON})(?: \d{{4}})?|{_PART}\d{{4}}) ?/ ?"
    rf"(?P<b>{_PART}?(?:{MONTH}|{_SEASON}) \d{{4}}|{_PART}\d{{4}})",
    "Some time in these months, seasons or years.",
    "May/June 2018 = [2018-05..2018-06]",
    "late 2015/early 2016 = [2015-07..2016-06]",
    signs="/",
)
def _either_month(found: re.Match[str], context: Context) -> Times:
    return times_of(f"{found['a']} or {found['b']}", context)


@rule(
    "all-of",
    rf"(?:on )?(?P<a>{NTH}(?: {NTH})*) (?:and|&) (?P<b>{NTH}(?: of)? (?:{MONTH})(?: \d{{4}})?)"
    rf"|(?:on )?(?P<month>{MONTH}) (?P<c>{NTH}(?: {NTH})*) (?:and|&) (?P<d>{NTH})(?P<year> \d{{4}})?"
    rf"|(?:in )?(?P<months>(?:{MONTH})(?: (?:{MONTH}))*) (?:and|&) (?P<e>(?:{MONTH}) \d{{4}})",
    "On all of these days, or in all of these months.",
    "1 and 2 May 2018 = {2018-05-01,2018-05-02}",
    "May 1, 3 & 5, 2018 = {2018-05-01,2018-05-03,2018-05-05}",
    signs="and &",
)
def _all_of(found: re.Match[str], context: Context) -> Finished:
    if found["month"]:
        days = [f"{found['month']} {day}{found['year'] or ''}" for day in [*_listed(found["c"]), found["d"]]]
    elif found["a"]:
        tail = re.sub(rf"^{NTH}", "", found["b"])
        days = [f"{day}{tail}" for day in _listed(found["a"])] + [found["b"]]
    else:
        days = [f"{month} {found['e'][-4:]}" for month in found["months"].split()] + [found["e"]]
    # Without a year, each day has the same number of readings: one for each year that may be meant.
    each = [times_of(day, context).periods for day in days]
    readings = list(zip(*each, strict=False))
    if len({*map(len, each)}) > 1 or any([*days] != sorted(days) for days in readings):
        raise refusal(found[0], "they are not in order")
    if len(readings) > 1:
        spans = Times([Period(one[0].first, one[-1].last) for one in readings], found[0])
        return Finished(edtf_of(spans), told(spans))
    texts = [day.single for day in readings[0]]
    return Finished(f"{{{','.join(texts)}}}", f"on all of these: {' and '.join(texts)}")


def _listed(days: str) -> list[str]:
    """The days in a list that has lost its commas."""
    return re.findall(rf"{NTH}", days)
