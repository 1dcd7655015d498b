"""Rules for old dates: years BC and AD, dual years, Old Style.

EDTF has astronomical years in the proleptic Gregorian calendar, so 44 BC is -0043. `periods` only knows the years 1 to 9999;
earlier years are written here.
"""

from __future__ import annotations

import re
from datetime import date

from factstore.dates.faults import NoSuchDate
from factstore.dates.periods import EVER, Period, one_day, whole_years
from factstore.dates.phrases.reader import Context, Finished, Times, other_weekday, refusal, rule, times_of
from factstore.dates.phrases.words import MONTH, MONTHS, NTH, ORDINAL, WEEKDAY, WEEKDAYS, index, ordinal
from factstore.dates.ticks import civil, day_number

_BC = r"(?:b ?c ?e?)"
_AD = r"(?:a ?d|c ?e)"


def _astronomical(year: int) -> str:
    """The EDTF text of a year BC."""
    return f"-{year - 1:04}" if year > 1 else "0000"


@rule(
    "bc",
    rf"(?P<how>before|after|since|until|by|(?:about|around|circa|ca?|approximately|approx)(?= ?\d))? ?"
    rf"(?:(?P<year>\d{{1,4}})(?: ?{_BC})?(?: ?(?:-|to) ?(?P<to>\d{{1,4}}))? ?{_BC}"
    rf")",
    "In astronomical years: 1 BC is 0000, and 44 BC is -0043.",
    "44 BC = -0043",
    "c. 500 BC = -0499~",
    "500–400 BC = -0499/-0399",
    "before 44 BC = [..-0043]",
    signs="b bc bce",
)
def _before_christ(found: re.Match[str], context: Context) -> Finished:
    how = found["how"] or ""
    first, last = _astronomical(int(found["year"])), _astronomical(int(found["to"] or found["year"]))
    if not int(found["year"]) or (found["to"] and not 0 < int(found["to"]) < int(found["year"])):
        raise refusal(found[0], "its end comes before its beginning" if found["to"] else "there was no year 0")
    if first != last and how:
        raise refusal(found[0], "only a single year can be a limit")
    forms = {"": first, "before": f"[..{last}]", "after": f"[{first}..]", "since": f"{first}/", "until": f"/{last}"}
    edtf = forms.get(how, f"[..{last}]" if how == "by" else f"{first}~")
    edtf = f"{first}/{last}" if first != last else edtf
    return Finished(edtf, f"{found[0]}, by astronomical years, is {edtf}")


@rule(
    "century-bc",
    rf"(?:the )?(?P<century>{ORDINAL}) century {_BC}",
    "A hundred years, counted back from the year 1 BC.",
    "the 5th century BC = [-0499..-0399]",
    signs="b bc bce",
    stretch=EVER,
)
def _century_before_christ(found: re.Match[str], context: Context) -> Finished:
    number = ordinal(found["century"])
    edtf = f"[{_astronomical(number * 100)}..{_astronomical(max(number * 100 - 100, 1))}]"
    return Finished(edtf, f"{found[0]}, by astronomical years, is {edtf}")


@rule(
    "bc-day",
    rf"(?:(?P<day>{NTH})(?: of)? (?P<month>{MONTH})|(?P<month2>{MONTH}) (?P<day2>{NTH})) (?P<year>\d{{1,4}}) ?{_BC}",
    "A day of the Julian calendar, as historians write it, or of the proleptic Gregorian: both.",
    "15 March 44 BC = [-0043-03-13,-0043-03-15]",
    signs="b bc bce",
)
def _day_before_christ(found: re.Match[str], context: Context) -> Finished:
    year, month = 1 - int(found["year"]), index(MONTHS, found["month"] or found["month2"]) + 1
    day = ordinal(found["day"] or found["day2"])
    _check_julian(found[0], year, month, day)
    days = sorted({_julian(year, month, day), day_number(year, month, day)})
    names = [f"{'-' if y < 0 else ''}{abs(y):04}-{m:02}-{d:02}" for y, m, d in map(civil, days)]
    return Finished(f"[{','.join(names)}]", f"{found[0]}, Julian or Gregorian, is {' or '.join(names)}")


@rule(
    "ad-day",
    rf"(?:(?P<day>{NTH})(?: of)? (?P<month>{MONTH})|(?P<month2>{MONTH}) (?:the )?(?P<day2>{NTH}))"
    rf" (?:{_AD} ?(?P<year>\d{{1,4}})|(?P<year2>\d{{1,4}}) ?{_AD})",
    "A day of the common era; before 1582, of the Julian calendar or of the proleptic Gregorian: both.",
    "10 August 88 AD = [0088-08-08,0088-08-10]",
    signs="a ad c ce",
)
def _day_of_our_era(found: re.Match[str], context: Context) -> Times:
    year, month = int(found["year"] or found["year2"]), index(MONTHS, found["month"] or found["month2"]) + 1
    day = ordinal(found["day"] or found["day2"])
    if not year:
        raise refusal(found[0], "there was no year 0")
    _check_julian(found[0], year, month, day)
    julian, gregorian = _julian(year, month, day), day_number(year, month, day)
    days = [_day(number) for number in sorted({gregorian, julian} if year <= 1582 else {gregorian})]
    return Times(days, found[0], "day", "year")


@rule(
    "ad",
    rf"{_AD} ?(?P<year>\d{{1,4}})|(?P<year2>\d{{1,4}}) ?{_AD}",
    "A year of the common era, with the era named.",
    "AD 79 = 0079",
    "1066 CE = 1066",
    signs="a ad c ce",
)
def _anno_domini(found: re.Match[str], context: Context) -> Times:
    year = int(found["year"] or found["year2"])
    if not year:
        raise refusal(found[0], "there was no year 0")
    return Times([whole_years(year, year)], found[0], cycle="year")


@rule(
    "millennium",
    rf"(?:the )?(?P<nth>{ORDINAL}) millennium(?P<bc> {_BC})?(?: {_AD})?",
    "A thousand years, as most people count them; BC, counted back from the year 1 BC.",
    "the 2nd millennium BC = [-1999..-0999]",
    "the second millennium = 1XXX",
    signs="millennium",
    stretch=EVER,
)
def _millennium(found: re.Match[str], context: Context) -> Finished:
    number = ordinal(found["nth"])
    if not 1 <= number <= 9:
        raise refusal(found[0], "there is none")
    edtf = f"{number - 1}XXX"
    if found["bc"]:
        edtf = f"[{_astronomical(number * 1000)}..{_astronomical(max(number * 1000 - 1000, 1))}]"
    return Finished(edtf, f"{found[0]} is {edtf}")


_DUAL = r"(?P<year>\d{4})/(?P<to>\d\d|\d{4})"


@rule(
    "dual",
    rf"(?:(?:(?P<day>{NTH})(?: of)? (?P<month>{MONTH})|(?P<month2>{MONTH}) (?P<day2>{NTH})) )?{_DUAL}",
    "A year that began in March by one count and in January by the other; a day may be Julian or Gregorian: both.",
    "1743/44 = [1743..1744]",
    "1711/12 = [1711..1712]",
    "10 February 1743/44 = [1744-02-10,1744-02-21]",
    signs="/",
)
def _dual_year(found: re.Match[str], context: Context) -> Times:
    year, to = int(found["year"]), found["to"]
    if not (named := found["day"] or found["day2"]):
        _check_dual(found[0], year, to)
        return Times([whole_years(year, year + 1)], f"{found[0]}, a dual year,")
    month, day = index(MONTHS, found["month"] or found["month2"]) + 1, ordinal(named)
    _check_dual(found[0], year, to, month, day)
    _check_julian(found[0], year + 1, month, day)
    return Times([_day(_julian(year + 1, month, day)), _day(day_number(year + 1, month, day))], found[0], "day", "year")


def _check_dual(text: str, year: int, to: str, month: int = 1, day: int = 1) -> None:
    if (year + 1) % 10 ** len(to) != int(to):
        raise refusal(text, "the second year does not follow the first")
    if (month, day) > _LAST_OF_YEAR:
        raise refusal(text, "from 25 March on, both counts gave the same year")


@rule(
    "old-style",
    r"(?P<rest>(?!(?:since|before|after|until|by|from|between|about|around|ca?|circa) ).+?)"
    r" \(?(?P<style>o ?s|old style|julian|n ?s|new style|gregorian)\)?",
    "A day of the Julian calendar, converted to the Gregorian. Before 1752, the year may have begun on 25 March: both.",
    "25 October 1917 O.S. = 1917-11-07",
    "29 February 1900 O.S. = 1900-03-13",
    "30 January 1648 O.S. = [1648-02-09,1649-02-09]",
    "7 November 1917 N.S. = 1917-11-07",
    signs="o os old n ns new julian gregorian",
)
def _old_style(found: re.Match[str], context: Context) -> Times:
    if found["style"][0] in "ng":
        return _one_day(found["rest"], found[0], context)
    text = _LEAP_DAY.sub(lambda leap: f"29 february {leap[1] or leap[2] or leap[3]}", found["rest"])
    if named := _NAMED_DAY.fullmatch(text):
        return _named_old_style(named)
    times = _one_day(text, found[0], context)
    dates = [(p.first.year, p.first.month, p.first.day) for p in times.periods]
    return _moved([day for one in dates for day in _days_of_old_style(*one)], times.note)


def _moved(days: list[Period], note: str) -> Times:
    return Times(days, f"{note}, moved from the Julian calendar,", "day", "year")


def _one_day(text: str, whole: str, context: Context) -> Times:
    times = times_of(text, context)
    if times.kind != "day" or any(p.first != p.last for p in times.periods):
        raise refusal(whole, f"{text!r} is not a day")
    return times


_NAMED_DAY = re.compile(
    rf"(?:(?P<weekday>{WEEKDAY}) )?(?:the )?(?:(?P<day>{NTH})(?: of)? (?P<month>{MONTH})|(?P<month2>{MONTH}) (?:the )?"
    rf"(?P<day2>{NTH})) (?P<year>\d{{4}})(?:/(?P<to>\d\d|\d{{4}}))?"
)


#: The day in figures that the Julian calendar has more often than the Gregorian.
_LEAP_DAY = re.compile(r"^(?:29[./]0?2[./](\d{4})|0?2/29/(\d{4})|(\d{4})-02-29)$")


def _named_old_style(named: re.Match[str]) -> Times:
    """A day of the Julian calendar that is written with the name of its month, and perhaps with its weekday or both years."""
    year, month = int(named["year"]), index(MONTHS, named["month"] or named["month2"]) + 1
    day = ordinal(named["day"] or named["day2"])
    if named["to"]:
        _check_dual(named[0], year, named["to"], month, day)
        _check_julian(named[0], year + 1, month, day)
        days = [_day(_julian(year + 1, month, day))]
    else:
        days = _days_of_old_style(year, month, day)
    if not days:
        raise refusal(named[0], "the Julian calendar has no such day", NoSuchDate)
    if named["weekday"]:
        weekday = index(WEEKDAYS, named["weekday"])
        kept = [p for p in days if p.first.weekday() == weekday]
        if not kept:
            raise other_weekday(named[0], Times(days, ""), weekday)
        days = kept
    years = "/".join(filter(None, (named["year"], named["to"])))
    return _moved(days, f"{day} {MONTHS[month - 1]} of {years}")


def _days_of_old_style(year: int, month: int, day: int) -> list[Period]:
    """The readings of a day of the Julian calendar: in its year or, if that may have begun in March, also in the next."""
    later = (month, day) <= _LAST_OF_YEAR and year < _YEAR_FROM_JANUARY
    years = [year, year + 1] if later else [year]
    return [_day(_julian(y, month, day)) for y in years if _has_julian(y, month, day)]


#: The first year that began on 1 January where it had begun on 25 March before, and the last day of a year of that count.
_YEAR_FROM_JANUARY, _LAST_OF_YEAR = 1752, (3, 24)


def _day(number: int) -> Period:
    return one_day(date(*civil(number)))


def _check_julian(text: str, year: int, month: int, day: int) -> None:
    if not _has_julian(year, month, day):
        raise refusal(text, "the calendar has no such day", NoSuchDate)


def _has_julian(year: int, month: int, day: int) -> bool:
    return 1 <= day <= (31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _julian(year: int, month: int, day: int) -> int:
    """The day number of a day of the Julian calendar; the year is astronomical."""
    before = year - 1 if month < 3 else year
    ahead = before // 100 - before // 400 - 2  # how many days the Gregorian calendar is ahead
    return day_number(year, month, 1) + day - 1 + ahead
