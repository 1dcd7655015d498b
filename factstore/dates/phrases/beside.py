"""Rules for a weekday by its place beside a day: the Friday before Easter, the Monday nearest to it, two Fridays ago."""

from __future__ import annotations

import re

from factstore.dates.periods import DAY, Period, one_day
from factstore.dates.phrases.reader import Context, Times, refusal, rule, times_of
from factstore.dates.phrases.words import COUNT, ORDINAL, WEEKDAY, WEEKDAYS, count, index, ordinal


def _day(text: str, whole: str, context: Context) -> Times:
    """The readings of a text that names single days; refuses any other text."""
    times = times_of(text, context)
    if times.kind != "day" or any(p.first != p.last for p in times.periods):
        raise refusal(whole, f"{text!r} is not a day")
    return times


def _strictly(period: Period, weekday: int, number: int) -> Period:
    """The n-th such weekday after a day or, if n is negative, before it."""
    if number > 0:
        ahead = (weekday - period.first.weekday() - 1) % 7 + 1 + 7 * (number - 1)
    else:
        ahead = -((period.first.weekday() - weekday - 1) % 7 + 1) + 7 * (number + 1)
    return one_day(period.first + ahead * DAY)


@rule(
    "weekday-beside",
    rf"(?:on )?(?:the )?(?:(?P<nth>{ORDINAL}) )?(?P<weekday>{WEEKDAY})s? "
    r"(?P<way>after|following|before|preceding|prior to) (?P<rest>(?!next$|last$).+)",
    "The nearest such weekday after a day or before it, not the day itself; or the n-th.",
    "the Friday before Easter 2018 = 2018-03-30",
    "third Tuesday after Christmas 2014 = 2015-01-13",
    "the Monday following 5 March 2018 = 2018-03-12",
)
def _weekday_beside(found: re.Match[str], context: Context) -> Times:
    times = _day(found["rest"], found[0], context)
    number = ordinal(found["nth"]) if found["nth"] else 1
    if not number:
        raise refusal(found[0], "there is none")
    sign = 1 if found["way"] in ("after", "following") else -1
    place = index(WEEKDAYS, found["weekday"])
    note = found[0].removesuffix(found["rest"]).removeprefix("the ")
    return Times([_strictly(p, place, sign * number) for p in times.periods], f"{note}{times.note}", "day")


@rule(
    "weekday-nearest",
    rf"(?:the )?(?:(?P<weekday>{WEEKDAY}) (?:closest|nearest)|(?:closest|nearest) (?P<weekday2>{WEEKDAY}))"
    r"(?: to)? (?P<rest>.+)",
    "That weekday among the seven days centred on a day.",
    "the Monday nearest 5 October 2018 = 2018-10-08",
    "the closest Monday to 5 October 2018 = 2018-10-08",
)
def _weekday_nearest(found: re.Match[str], context: Context) -> Times:
    times = _day(found["rest"], found[0], context)
    place = index(WEEKDAYS, found["weekday"] or found["weekday2"])
    days = [one_day(p.first + ((place - p.first.weekday() + 3) % 7 - 3) * DAY) for p in times.periods]
    return Times(days, f"{WEEKDAYS[place]} nearest to {times.note}", "day")


@rule(
    "weekdays-away",
    rf"(?P<count>{COUNT}) (?P<weekday>{WEEKDAY})s? (?P<way>ago|back|from now|hence|later)",
    "The n-th such weekday before or after the anchor; people may or may not count the nearest, so both.",
    "two Fridays ago = [2018-03-16,2018-03-23]",
    "three Fridays from now = [2018-04-20,2018-04-27]",
)
def _weekdays_away(found: re.Match[str], context: Context) -> Times:
    least, most = count(found["count"])
    if least != most or not least:
        raise refusal(found[0], "it does not say how many")
    sign, place = -1 if found["way"] in ("ago", "back") else 1, index(WEEKDAYS, found["weekday"])
    today = one_day(context.day)
    days = sorted({_strictly(today, place, sign * number) for number in (least, least + 1)})
    return Times(days, context.seen(found[0]), "day")
