"""Rules for feasts of lunar calendars: Jewish feasts, Muslim feasts, and Easter of the Orthodox churches.

The Jewish calendar is computed as in Dershowitz and Reingold's "Calendrical Calculations", the Muslim one in its tabular form
(leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29 of 30). Muslim feasts are two days wider on both sides, since the new
moon has to be sighted. A day begins at sunset of the day before, so each covers two of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from factstore.dates.periods import DAY, Period
from factstore.dates.phrases.feasts import AROUND_FEAST
from factstore.dates.phrases.nearby import yearly
from factstore.dates.phrases.reader import Context, Times, refusal, rule
from factstore.dates.phrases.words import WHICH, YEAR

_JEWISH_EPOCH = -1373427  # 1 Tishri of the year 1, as an ordinal of `datetime`
_MUSLIM_EPOCH = 227015  # 1 Muharram of the year 1: Friday, 16 July 622 of the Julian calendar
#: The first and last of our years for which these feasts are computed: years of the Gregorian calendar.
_FIRST, _LAST = 1583, 9990


def _new_year(year: int) -> int:
    """The ordinal of 1 Tishri of a Jewish year."""

    def elapsed(of: int) -> int:
        months = (235 * of - 234) // 19
        parts = 12084 + 13753 * months
        days = 29 * months + parts // 25920
        return days + 1 if 3 * (days + 1) % 7 < 3 else days

    before, here, after = (elapsed(of) for of in (year - 1, year, year + 1))
    late = 2 if after - here == 356 else 1 if here - before == 382 else 0
    return _JEWISH_EPOCH + here + late


def _since_tishri(days: int, length: int = 1) -> Callable[[int], list[Period]]:
    """A feast some days after the Jewish new year in one of our years; `length` is in days."""
    return lambda year: [_eve(date.fromordinal(_new_year(year + 3761) + days), length)]


def _until_tishri(days: int, length: int = 1) -> Callable[[int], list[Period]]:
    """A feast some days before the Jewish new year in one of our years: from Adar on, months have fixed lengths."""
    return lambda year: [_eve(date.fromordinal(_new_year(year + 3761) - days), length)]


def _hanukkah(year: int) -> list[Period]:
    start = _new_year(year + 3761)
    long = (_new_year(year + 3762) - start) % 10 == 5  # only then has Heshvan 30 days
    return [_eve(date.fromordinal(start + 30 + 29 + long + 24), 8)]


def _eve(first: date, length: int) -> Period:
    return Period(first - DAY, first + (length - 1) * DAY, "", True, False)


def _muslim(month: int, day: int, length: int = 1) -> Callable[[int], list[Period]]:
    """A feast of the Muslim year, two days wider on both sides; one of our years may have it twice."""

    def of_year(year: int) -> list[Period]:
        about = (year - 622) * 33 // 32
        return [found for turn in range(about - 1, about + 3) if (found := in_turn(turn)).first.year == year]

    def in_turn(turn: int) -> Period:
        start = _MUSLIM_EPOCH + 354 * (turn - 1) + (3 + 11 * turn) // 30 + 29 * (month - 1) + month // 2 + day - 1
        first = date.fromordinal(start)
        return Period(first - 3 * DAY, first + (length + 1) * DAY, "", True, True)

    return of_year


def _orthodox(days: int) -> Callable[[int], list[Period]]:
    """A feast some days after Easter of the Julian calendar, by Meeus."""

    def of_year(year: int) -> list[Period]:
        moon = (19 * (year % 19) + 15) % 30
        march = moon + (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7 + 114
        behind = year // 100 - year // 400 - 2
        day = date(year, march // 31, march % 31 + 1) + (behind + days) * DAY
        return [Period(day, day, day.isoformat())]

    return of_year


#: Patterns of names, each with its periods in a given year.
MOON_FEASTS: dict[str, Callable[[int], list[Period]]] = {
    "rosh ha ?shann?ah?": _since_tishri(0, 2),
    "yom kippur": _since_tishri(9),
    "sukk?ot|succot|succos": _since_tishri(14, 8),
    "shemini atzeret": _since_tishri(21),
    "simchat torah": _since_tishri(21, 2),
    "c?hann?ukk?ah": _hanukkah,
    "purim": _until_tishri(193, 2),
    "passover|pesach": _until_tishri(163, 8),
    "lag b'? ?omer": _until_tishri(130),
    "shavuot": _until_tishri(113, 2),
    "tisha b'? ?av": _until_tishri(51, 2),
    "ramadan|ramadhan|ramazan": _muslim(9, 1, 30),
    "eid al fitr|eid ul fitr|id al fitr|id ul fitr": _muslim(10, 1, 3),
    "eid al adha|eid ul adha|id al adha|id ul adha": _muslim(12, 10, 4),
    "(?:the )?islamic new year|(?:the )?hijri new year": _muslim(1, 1),
    "(?:the )?(?:day of )?ashura": _muslim(1, 10),
    "mawlid(?: al nabawi| an nabi)?": _muslim(3, 12, 6),
    "(?:greek |russian |eastern )?orthodox easter(?: sunday| day)?": _orthodox(0),
    "(?:greek |russian |eastern )?orthodox (?:good|great) friday": _orthodox(-2),
    "(?:greek |russian |eastern )?orthodox palm sunday": _orthodox(-7),
    "(?:greek |russian |eastern )?orthodox easter monday": _orthodox(1),
    "(?:greek |russian |eastern )?orthodox pentecost": _orthodox(49),
    "(?:orthodox )?clean monday": _orthodox(-48),
}


@rule(
    "moon-feast",
    rf"(?:during )?{WHICH}(?P<feast>{'|'.join(MOON_FEASTS)}){YEAR}",
    "From sunset of the day before; Muslim feasts two days wider on both sides, since the new moon has to be sighted.",
    "Yom Kippur 1973 = [1973-10-05..1973-10-06]",
    "Eid al-Fitr 2018 = [2018-06-12..2018-06-19]",
    "Orthodox Easter 2018 = 2018-04-08",
)
def _moon_feast(found: re.Match[str], context: Context) -> Times:
    name = found["feast"]
    of_feast = next(of_year for pattern, of_year in MOON_FEASTS.items() if re.fullmatch(pattern, name))

    def of_year(year: int) -> list[Period]:
        return of_feast(year) if _FIRST <= year <= _LAST else []

    if found["year"] and not of_year(int(found["year"])):
        raise refusal(found[0], f"its day in {found['year']} is not known")
    times = yearly(found, context, name, of_year, "day")._replace(reach=AROUND_FEAST)
    single = all(p.first == p.last for p in times.periods)
    return times if single else times._replace(kind="window")
