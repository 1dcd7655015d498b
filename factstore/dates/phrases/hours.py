"""The rule for a stretch of hours on a day: from one time of it to another. It stands before those for two dates."""

from __future__ import annotations

import re

from factstore.dates.periods import DAY, one_day
from factstore.dates.phrases.reader import Context, Finished, Times, edtf_of, refusal, rule, times_of, told
from factstore.dates.phrases.words import CLOCK, HOUR


def _pair(number: str) -> str:
    to = r"(?: - |(?<=\d)-|(?<=m)-| to | until | till | and )"
    return rf"(?:from |between )?(?P<a{number}>{CLOCK}|{HOUR}){to}(?P<b{number}>{CLOCK})"


@rule(
    "hours-of-day",
    rf"(?=.*(?:-| to | until | till | and ))(?:(?P<day>.+?) {_pair('')}|{_pair('2')}(?:(?: on)? (?P<day2>.+))?)",
    "From one time of a day to another; an hour without morning or afternoon is the last such before the second.",
    "20 March 2018, from 3pm to 5pm = 2018-03-20T15:00/2018-03-20T17:00",
    "9-11am on 20 March 2018 = 2018-03-20T09:00/2018-03-20T11:00",
    "yesterday between 11 and 1pm = 2018-04-01T11:00/2018-04-01T13:00",
    signs="- to until till and",
)
def _hours_of_day(found: re.Match[str], said: Context) -> Finished | None:
    day, a, b = (found[name] or found[f"{name}2"] or "" for name in ("day", "a", "b"))
    bare = re.fullmatch(HOUR, a) is not None
    if re.search(r"\b(?:from|between|at|since|until|by|and|or|to)$", day) or (bare and not _has_half(b)):
        return None
    if bare and _may_be_minutes(found[0], a):
        raise refusal(found[0], "it may be minutes before the hour, or hours")
    if a.isdigit() and int(a) > 12:
        return None
    days = times_of(day, said) if day else _around(said)
    if days.kind != "day":
        raise refusal(found[0], f"{day!r} is not a day")
    note = f"from {a} to {b} on {told(days)}"
    spans = _spans(days, [f"{a} am", f"{a} pm"] if bare else [a], b, said)
    if not spans:
        raise refusal(found[0], "its end comes before its beginning")
    if len(days.periods) > 1 or (len(spans) > 1 and not bare):
        return Finished(edtf_of(days), f"some time on the day: {note}")
    return Finished(max(spans), note)


def _may_be_minutes(phrase: str, a: str) -> bool:
    """Whether "ten to four" is said, and not "from ten to four"."""
    return a in ("5", "10", "five", "ten") and re.search(rf"(?<!from )(?<!between )\b{a} to ", phrase) is not None


def _around(said: Context) -> Times:
    """Without a day, the anchor's or one beside it."""
    return Times([one_day(day) for day in (said.day - DAY, said.day, said.day + DAY)], said.seen("the day"), "day")


def _spans(days: Times, starts: list[str], end: str, said: Context) -> list[str]:
    """Every reading of the hours on each of some days, as EDTF."""
    spans = []
    for day in days.periods:
        begins = [p.single for start in starts for p in times_of(f"{start} {day.first}", said).periods]
        ends = [p.single for p in times_of(f"{end} {day.first}", said).periods]
        spans += [f"{begin}/{over}" for begin in begins for over in ends if begin < over]
    return spans


def _has_half(clock: str) -> bool:
    """Whether a time says in which half of the day it is."""
    return re.search(r"[ap] ?m\b|noon|midnight", clock) is not None
