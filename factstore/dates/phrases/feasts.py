"""Rules for feasts and holidays: fixed days, weekdays of a month, and days counted from Easter.

A name is here only if its day is agreed on; where countries differ, the reading is the set of their days. Easter is that
of the western churches, from 1753 on, when England had left the Julian calendar; an earlier Easter depends on the country,
and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from factstore.dates.periods import DAY, one_day
from factstore.dates.phrases.nearby import yearly
from factstore.dates.phrases.reader import Context, Times, refusal, rule
from factstore.dates.phrases.words import WHICH, YEAR

_GREGORIAN = 1753
#: How many days to either side people may mean by "around Christmas".
AROUND_FEAST = 7


def easter(year: int) -> date:
    """Easter Sunday of the western churches, by Oudin's computus."""
    century, golden = year // 100, year % 19
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= moon // 28 * (1 - 29 // (moon + 1) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    return date(year, 3, 28) + (moon - weekday) * DAY


def _fixed(month: int, day: int) -> Callable[[int], list[date]]:
    return lambda year: [date(year, month, day)]


def _from_easter(days: int) -> Callable[[int], list[date]]:
    return lambda year: [easter(year) + days * DAY] if year >= _GREGORIAN else []


def _nth(month: int, weekday: int, number: int, since: int) -> Callable[[int], list[date]]:
    """The n-th weekday of a month (0: the last), for feasts kept since a year."""

    def of_year(year: int) -> list[date]:
        if year < since:
            return []
        if number:
            first = date(year, month, 1)
            return [first + ((weekday - first.weekday()) % 7 + 7 * number - 7) * DAY]
        last = date(year, month + 1, 1) - DAY
        return [last - (last.weekday() - weekday) % 7 * DAY]

    return of_year


def _after(first: Callable[[int], list[date]], days: int) -> Callable[[int], list[date]]:
    return lambda year: [day + days * DAY for day in first(year)]


def _veterans_day(year: int) -> list[date]:
    """11 November; from 1971 to 1977 also the fourth Monday of October, on which federal law had it."""
    october = _nth(10, 0, 4, 1971)(year) if year <= 1977 else []
    return [*october, date(year, 11, 11)]


_AMERICAN_THANKSGIVING = _nth(11, 3, 4, 1942)

_Days = Callable[[int], list[date]]
#: Patterns of names, each with its days in a given year; several functions where countries differ.
FEASTS: dict[str, _Days | tuple[_Days, ...]] = {
    "new year'?s?(?: day)?": _fixed(1, 1),
    "epiphany|twelfth day|three kings'? day": _fixed(1, 6),
    "candlemas": _fixed(2, 2),
    "groundhog day": _fixed(2, 2),
    "(?:st |saint )?valentine'?s?'? day": _fixed(2, 14),
    "(?:st |saint )(?:patrick|paddy)'?s'? day": _fixed(3, 17),
    "(?:the )?ides of march": _fixed(3, 15),
    "lady day|(?:the )?annunciation": _fixed(3, 25),
    "april fools?'?s?(?: day)?": _fixed(4, 1),
    "(?:st |saint )george'?s day": _fixed(4, 23),
    "anzac day": _fixed(4, 25),
    "may day|international workers'? day": _fixed(5, 1),
    "earth day": lambda year: [date(year, 4, 22)] if year >= 1970 else [],
    "midsummer day": _fixed(6, 24),
    "juneteenth": _fixed(6, 19),
    "canada day": _fixed(7, 1),
    "bastille day": _fixed(7, 14),
    "(?:the )?assumption(?: day)?": _fixed(8, 15),
    "michaelmas": _fixed(9, 29),
    "hallow ?e'?en": _fixed(10, 31),
    "all saints'?(?: day)?|all hallows'?(?: day)?": _fixed(11, 1),
    "all souls'?(?: day)?": _fixed(11, 2),
    "guy fawkes(?: day| night)?|bonfire night": _fixed(11, 5),
    "armistice day": _fixed(11, 11),
    "veterans'? day": _veterans_day,
    "martinmas": _fixed(11, 11),
    "(?:st |saint )andrew'?s day": _fixed(11, 30),
    "christmas eve": _fixed(12, 24),
    "christmas(?: day)?|xmas(?: day)?": _fixed(12, 25),
    "boxing day|(?:st |saint )stephen'?s day": _fixed(12, 26),
    "new year'?s eve": _fixed(12, 31),
    "shrove tuesday|pancake (?:day|tuesday)|mardi gras": _from_easter(-47),
    "ash wednesday": _from_easter(-46),
    "palm sunday": _from_easter(-7),
    "(?:maundy|holy) thursday": _from_easter(-3),
    "good friday": _from_easter(-2),
    "holy saturday|easter (?:saturday|eve)": _from_easter(-1),
    "easter(?: sunday| day)?": _from_easter(0),
    "easter monday": _from_easter(1),
    "ascension (?:day|thursday)": _from_easter(39),
    "pentecost|whit ?sun(?:day|tide)?": _from_easter(49),
    "whit monday": _from_easter(50),
    "trinity sunday": _from_easter(56),
    "corpus christi": (_from_easter(60), _from_easter(63)),
    "martin luther king'?s?(?: jr)?(?: day)?|mlk(?: jr)? day": _nth(1, 0, 3, 1986),
    "presidents'?s? day": _nth(2, 0, 3, 1971),
    "mother'?s'? day|mothering sunday": (_nth(5, 6, 2, 1914), _from_easter(-21)),
    "memorial day": _nth(5, 0, 0, 1971),
    "father'?s'? day": (_nth(6, 6, 3, 1972), _nth(9, 6, 1, 1972)),
    "labor day": _nth(9, 0, 1, 1894),
    "columbus day": _nth(10, 0, 2, 1971),
    "thanksgiving(?: day)?": (_nth(10, 0, 2, 1957), _AMERICAN_THANKSGIVING),
    "black friday": _after(_AMERICAN_THANKSGIVING, 1),
    "cyber monday": _after(_AMERICAN_THANKSGIVING, 4),
}


@rule(
    "feast",
    rf"{WHICH}(?P<feast>{'|'.join(FEASTS)}){YEAR}",
    "A day of the year, fixed or counted from Easter; where countries differ, the days of each.",
    "Christmas Eve 2017 = 2017-12-24",
    "Good Friday 2018 = 2018-03-30",
    "last Christmas = 2017-12-25",
    "Thanksgiving 2018 = [2018-10-08,2018-11-22]",
    "Veterans Day 1975 = [1975-10-27,1975-11-11]",
)
def _feast(found: re.Match[str], context: Context) -> Times:
    name = found["feast"]
    days = next(days for pattern, days in FEASTS.items() if re.fullmatch(pattern, name))
    several = days if isinstance(days, tuple) else (days,)
    read = [times for each in several if (times := _of_one(found, context, name, each)) is not None]
    if not read:
        raise refusal(found[0], f"its day in {found['year']} is not known")
    every = list(dict.fromkeys(p for times in read for p in times.periods))
    nears = [times.near for times in read if times.near]
    near = (lambda day: sorted({p for each in nears for p in each(day)})) if nears else None
    return read[0]._replace(periods=every, near=near, reach=AROUND_FEAST)


def _of_one(found: re.Match[str], context: Context, name: str, days: _Days) -> Times | None:
    """The readings in one country; None if it had no such day in the year that is named."""
    if found["year"] and not days(int(found["year"])):
        return None
    return yearly(found, context, name, lambda year: [one_day(day) for day in days(year)], "day")
