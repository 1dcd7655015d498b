"""Dates: what is read, what is refused, and that nothing a text allows falls outside its bounds."""

from __future__ import annotations

import copy
import datetime
import pickle
import re
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, reject
from hypothesis import strategies as st

from factstore.dates import ticks
from factstore.dates.edtf import Edtf
from factstore.dates.forms import Corners
from factstore.dates.ticks import (
    FARTHEST,
    FOREVER,
    LIMIT,
    briefly,
    day_end,
    first_and_last,
    first_day,
    gap_bounds,
    instant_text,
    last_day,
    last_start,
    parse_zone,
    zone_text,
)
from factstore.errors import DateError
from factstore.units import Ticks
from tests.support.strategies import (
    days,
    edtf_texts,
    marked,
    masks,
    masks_of_a_century,
    plain_dates,
    plain_intervals,
    sets,
    single_dates,
    times,
    zones,
)

DAY = 86_400 * 1_000_000
HOUR = DAY // 24


def tick(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> Ticks:
    """A tick as computed by the standard library, which knows the years 1 to 9999."""
    moment = datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.UTC)
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return Ticks((moment - epoch) // datetime.timedelta(microseconds=1))


def corners(*ticks: int | None) -> Corners:
    return Corners._make(ticks)


def shown(date: Edtf) -> tuple[str | None, str | None, str | None, str | None]:
    """The corners as days: earliest and latest start, earliest and latest end."""
    bounds = date.corners()
    return (
        first_day(bounds.start_min),
        None if bounds.start_max is None else last_day(Ticks(bounds.start_max + 1)),
        None if bounds.end_min is None else first_day(Ticks(bounds.end_min - 1)),
        last_day(bounds.end_max),
    )


# Every example of the specification, in its order: first and last day, inclusive.
SPECIFICATION: list[tuple[str, str | None, str | None]] = [
    # Level 0: date; date and time; time interval
    ("1985-04-12", "1985-04-12", "1985-04-12"),
    ("1985-04", "1985-04-01", "1985-04-30"),
    ("1985", "1985-01-01", "1985-12-31"),
    ("1985-04-12T23:20:30", "1985-04-12T23:20:30.000000Z", "1985-04-12T23:20:30.999999Z"),
    ("1985-04-12T23:20:30Z", "1985-04-12T23:20:30.000000Z", "1985-04-12T23:20:30.999999Z"),
    ("1985-04-12T23:20:30-04", "1985-04-13T03:20:30.000000Z", "1985-04-13T03:20:30.999999Z"),
    ("1985-04-12T23:20:30+04:30", "1985-04-12T18:50:30.000000Z", "1985-04-12T18:50:30.999999Z"),
    ("1964/2008", "1964-01-01", "2008-12-31"),
    ("2004-06/2006-08", "2004-06-01", "2006-08-31"),
    ("2004-02-01/2005-02-08", "2004-02-01", "2005-02-08"),
    ("2004-02-01/2005-02", "2004-02-01", "2005-02-28"),
    ("2004-02-01/2005", "2004-02-01", "2005-12-31"),
    ("2005/2006-02", "2005-01-01", "2006-02-28"),
    # Level 1: letter-prefixed year, season, qualification, unspecified digits from the right
    ("Y170000002", "Y170000002", "Y170000002"),
    ("Y-170000002", "Y-170000002", "Y-170000002"),
    ("2001-21", "2001-03-01", "2001-05-31"),
    ("1984?", "1984-01-01", "1984-12-31"),
    ("2004-06~", "2004-06-01", "2004-06-30"),
    ("2004-06-11%", "2004-06-11", "2004-06-11"),
    ("201X", "2010-01-01", "2019-12-31"),
    ("20XX", "2000-01-01", "2099-12-31"),
    ("2004-XX", "2004-01-01", "2004-12-31"),
    ("1985-04-XX", "1985-04-01", "1985-04-30"),
    ("1985-XX-XX", "1985-01-01", "1985-12-31"),
    # Level 1: extended interval, negative year
    ("1985-04-12/..", "1985-04-12", None),
    ("1985-04/..", "1985-04-01", None),
    ("1985/..", "1985-01-01", None),
    ("../1985-04-12", None, "1985-04-12"),
    ("../1985-04", None, "1985-04-30"),
    ("../1985", None, "1985-12-31"),
    ("1985-04-12/", "1985-04-12", None),
    ("1985-04/", "1985-04-01", None),
    ("1985/", "1985-01-01", None),
    ("/1985-04-12", None, "1985-04-12"),
    ("/1985-04", None, "1985-04-30"),
    ("/1985", None, "1985-12-31"),
    ("-1985", "-1985-01-01", "-1985-12-31"),
    # Level 2: exponential year, significant digits, sub-year groupings
    ("Y-17E7", "Y-170000000", "Y-170000000"),
    ("1950S2", "1900-01-01", "1999-12-31"),
    # The specification names three digits, but gives a range that shares six; we keep to its rule.
    ("Y171010000S3", "Y171000000", "Y171999999"),
    ("Y3388E2S3", "Y338000", "Y338999"),
    ("2001-34", "2001-04-01", "2001-06-30"),
    # Level 2: sets
    ("[1667,1668,1670..1672]", "1667-01-01", "1672-12-31"),
    ("[..1760-12-03]", None, "1760-12-03"),
    ("[1760-12..]", "1760-12-01", None),
    ("[1760-01,1760-02,1760-12..]", "1760-01-01", None),
    ("[1667,1760-12]", "1667-01-01", "1760-12-31"),
    ("[..1984]", None, "1984-12-31"),
    ("{1667,1668,1670..1672}", "1667-01-01", "1672-12-31"),
    ("{1960,1961-12}", "1960-01-01", "1961-12-31"),
    ("{..1984}", None, "1984-12-31"),
    # Level 2: qualification, unspecified digits, interval
    ("2004-06~-11", "2004-06-11", "2004-06-11"),
    ("2004?-06-11", "2004-06-11", "2004-06-11"),
    ("?2004-06-~11", "2004-06-11", "2004-06-11"),
    ("2004-%06-11", "2004-06-11", "2004-06-11"),
    ("156X-12-25", "1560-12-25", "1569-12-25"),
    ("15XX-12-25", "1500-12-25", "1599-12-25"),
    ("XXXX-12-XX", "0000-12-01", "9999-12-31"),
    ("1XXX-XX", "1000-01-01", "1999-12-31"),
    ("1XXX-12", "1000-12-01", "1999-12-31"),
    ("1984-1X", "1984-10-01", "1984-12-31"),
    ("2004-06-~01/2004-06-~20", "2004-06-01", "2004-06-20"),
    ("2004-06-XX/2004-07-03", "2004-06-01", "2004-07-03"),
]

# Forms for which the specification has no example.
FURTHER: list[tuple[str, str | None, str | None]] = [
    ("0000", "0000-01-01", "0000-12-31"),
    ("-0001", "-0001-01-01", "-0001-12-31"),
    ("-0044-03-15", "-0044-03-15", "-0044-03-15"),
    ("0000-02-29", "0000-02-29", "0000-02-29"),
    ("-0004-02-29", "-0004-02-29", "-0004-02-29"),
    ("2000-02-29", "2000-02-29", "2000-02-29"),
    ("2004-02", "2004-02-01", "2004-02-29"),
    ("1900-02", "1900-02-01", "1900-02-28"),
    ("-15XX", "-1599-01-01", "-1500-12-31"),
    ("-000X", "-0009-01-01", "-0001-12-31"),
    ("-XXXX-02-29", "-9996-02-29", "-0004-02-29"),
    ("X0XX-02-29", "0000-02-29", "9096-02-29"),
    ("20XX-02-29", "2000-02-29", "2096-02-29"),
    ("XX00-02-29", "0000-02-29", "9600-02-29"),
    ("2001-02-2X", "2001-02-20", "2001-02-28"),
    ("2004-02-X9", "2004-02-09", "2004-02-29"),
    ("2004-XX-3X", "2004-01-30", "2004-12-31"),
    ("2004-XX-31", "2004-01-31", "2004-12-31"),
    ("2004-X2-30", "2004-12-30", "2004-12-30"),
    ("2004-X1", "2004-01-01", "2004-11-30"),
    ("2004-0X", "2004-01-01", "2004-09-30"),
    ("20XX-21", "2000-03-01", "2099-05-31"),
    ("-1950S2", "-1999-01-01", "-1900-12-31"),
    ("-0050S2", "-0099-01-01", "-0001-12-31"),
    ("0950S2", "0900-01-01", "0999-12-31"),
    ("1950S4", "1950-01-01", "1950-12-31"),
    ("Y2E3", "2000-01-01", "2000-12-31"),
    ("Y-12345S1", "Y-19999", "Y-10000"),
    ("Y1E99", "Y1" + "0" * 99, "Y1" + "0" * 99),
    ("2001-21/2001-22", "2001-03-01", "2001-08-31"),
    ("2004-06/2004", "2004-06-01", "2004-12-31"),
    ("2000-XX/2012", "2000-01-01", "2012-12-31"),
    ("2004-02/2004-01%", "2004-02-01", "2004-01-31"),  # the mark lets it end in February
    ("../..", None, None),
    ("/..", None, None),
    ("../", None, None),
    ("{1984..}", "1984-01-01", None),
    ("{..1984,1990..}", None, None),
    ("[..1984,1990..]", None, None),
    ("[1984..1984]", "1984-01-01", "1984-12-31"),
    ("[2001-21..2002-24]", "2001-03-01", "2003-02-28"),
    ("[156X-12-25,1600]", "1560-12-25", "1600-12-31"),
    ("[1984~..1990]", "1984-01-01", "1990-12-31"),
    ("[2018-03-20T10:00..2018-03-20T12:00]", "2018-03-20T10:00:00.000000Z", "2018-03-20T12:00:59.999999Z"),
    ("{2018-03-20T10:00Z,2018-03-21}", "2018-03-20T10:00:00.000000Z", "2018-03-21"),
    ("2018-03-20T15:04", "2018-03-20T15:04:00.000000Z", "2018-03-20T15:04:59.999999Z"),
    ("2018-03-20T00:00", "2018-03-20T00:00:00.000000Z", "2018-03-20T00:00:59.999999Z"),
    ("2018-03-20T23:59:59", "2018-03-20T23:59:59.000000Z", "2018-03-20T23:59:59.999999Z"),
    ("2018-03-20T15:04:05.25", "2018-03-20T15:04:05.250000Z", "2018-03-20T15:04:05.259999Z"),
    ("2018-03-20T15:04:05.000001", "2018-03-20T15:04:05.000001Z", "2018-03-20T15:04:05.000001Z"),
    ("2018-03-20T15:04/2018-03-21", "2018-03-20T15:04:00.000000Z", "2018-03-21"),
    ("2018-03-20T15:04/2018-03-20T16:30:10", "2018-03-20T15:04:00.000000Z", "2018-03-20T16:30:10.999999Z"),
    ("2018-03-20T15:04+18:00", "2018-03-19T21:04:00.000000Z", "2018-03-19T21:04:59.999999Z"),
    ("2018-03-20/2018-03-20T01:00Z", "2018-03-20", "2018-03-20T01:00:59.999999Z"),
    ("2018-03-~20T15:04", "2018-03-20T15:04:00.000000Z", "2018-03-20T15:04:59.999999Z"),
]

REFUSED = [  # and the part that is named
    ("", ""),
    (" ", " "),
    ("2018 ", " "),
    ("[1667, 1668]", " "),
    ("2018-03-20\n", "\n"),
    ("2018-03-20t15:04", "t"),
    ("2018-03-20T15:04z", "z"),
    ("201x", "x"),
    ("y12345", "y"),
    ("２０１８", "２"),
    ("2018–2019", "–"),
    ("20180320", "20180320"),
    ("201803", "201803"),
    ("20180320T1504", "20180320"),
    ("2018-3-1", "3"),
    ("2018-03-1", "1"),
    ("2018-1", "1"),
    ("18-03-20", "18"),
    ("20185", "20185"),
    ("2018-03-20-04", "04"),
    ("2018-", "2018-"),
    ("+2018", "+2018"),
    ("-0000", "-0000"),
    ("2018-00", "00"),
    ("2018-13", "13"),
    ("2018-20", "20"),
    ("2018-42", "42"),
    ("2018-03-00", "00"),
    ("2018-03-32", "32"),
    ("2018-04-31", "31"),
    ("2001-02-29", "29"),
    ("1900-02-29", "29"),
    ("-0001-02-29", "29"),
    ("2001-21-05", "05"),
    ("2001-02-3X", "3X"),
    ("2001-02-4X", "4X"),
    ("2001-2X", "2X"),
    ("XXX1-02-29", "29"),
    ("XX10-02-29", "29"),
    ("X100-02-29", "29"),
    ("XXXX-02-30", "30"),
    ("XXXXX", "XXXXX"),
    ("Y2018", "Y2018"),
    ("Y-2018", "Y-2018"),
    ("Y02018", "Y02018"),
    ("-Y12345", "-Y12345"),
    ("Y12345-03", "03"),
    ("Y123XX", "Y123XX"),
    ("Y1E0", "E0"),
    ("Y1E100", "Y1E100"),
    ("Y1E999999999999", "Y1E999999999999"),
    ("Y0E5", "Y0E5"),
    ("1950E2", "1950E2"),
    ("1950S0", "S0"),
    ("1950S5", "S5"),
    ("1950S2-03", "03"),
    ("19XXS2", "19XX"),
    ("1984?~", "?~"),
    ("1984??", "??"),
    ("?1984~", "?1984~"),
    ("?1950S2~", "?1950S2~"),
    ("1984-~06?", "~06?"),
    ("1984-06-?11?", "?11?"),
    ("2018-03-20T24:00", "24"),
    ("2018-03-20T23:60", "60"),
    ("2018-03-20T23:59:60", "60"),
    ("2018-03-20T23:59:61", "61"),
    ("2018-03-20T15", "15"),
    ("2018-03-20T15Z", "15Z"),
    ("2018-03-20T1504", "1504"),
    ("2018-03-20T15:4", "15:4"),
    ("2018-03-20T", "T"),
    ("2018-03-20T15:04:05.1234567", "15:04:05.1234567"),
    ("2018-03-20T15:04:05.", "15:04:05."),
    ("2018-03-20T15:04+19:00", "+19:00"),
    ("2018-03-20T15:04+3", "+3"),
    ("2018-03-20T15:04-00:00", "-00:00"),
    ("2018-03-20T15:04~", "T15:04~"),
    ("2018-03-20T15:04+03:00?", "T15:04+03:00?"),
    ("2018-03-20TX5:04", "TX5:04"),
    ("2018-03-XXT15:04", "2018-03-XX"),
    ("2018-03T15:04", "2018-03"),
    ("2018-03-20Z", "Z"),
    ("2018-03-20+03:00", "+03:00"),
    ("/", "/"),
    ("2018/2019/2020", "/"),
    ("2004-02/2004-01", "2004-01"),
    ("2018-03-20T15:04/2018-03-20T15:03", "2018-03-20T15:03"),
    ("2018-03-20T15:04Z/2018-03-20T15:04+01:00", "2018-03-20T15:04+01:00"),
    ("2018-03-20T15:04Z/2018-03-18", "2018-03-18"),
    ("[1984]/1985", "["),
    ("1984/2018-13", "13"),
    ("1984..1990", "1984..1990"),
    ("..1990", "..1990"),
    ("..", ".."),
    ("1984,1985", ","),
    ("[]", "[]"),
    ("{}", "{}"),
    ("[..]", "[..]"),
    ("[", "["),
    ("[1984", "["),
    ("1984]", "]"),
    ("{1984]", "{"),
    ("[{1984}]", "{"),
    ("[1984,]", "1984,"),
    ("[,1984]", ",1984"),
    ("[1984,..1990]", "..1990"),
    ("[1984..,1990]", "1984.."),
    ("[1984...1990]", ".1990"),
    ("[1984..1986..1990]", "1986..1990"),
    ("[1990..1984]", "1990..1984"),
    ("[1984..1990-01]", "1984..1990-01"),
    ("[2018-03-20T10:00..2018-03-20T10:00:05]", "2018-03-20T10:00..2018-03-20T10:00:05"),
    ("[2018-03-20T10:00Z..2018-03-20T11:00]", "2018-03-20T10:00Z..2018-03-20T11:00"),
    ("[198X..1990]", "198X"),
    ("[1984,2018-13]", "13"),
    ("last week", " "),
    ("unknown", "u"),
]


@pytest.mark.parametrize(("text", "first", "last"), SPECIFICATION + FURTHER)
def test_a_text_is_kept_to_the_letter_and_gives_its_first_and_last_day(
    text: str, first: str | None, last: str | None
) -> None:
    date = Edtf(text)
    assert str(date) == date.text == text
    assert (date.earliest(), date.latest()) == (first, last)


@pytest.mark.parametrize(("text", "part"), REFUSED)
def test_a_refusal_is_one_sentence_that_names_the_part(text: str, part: str) -> None:
    with pytest.raises(DateError) as caught:
        Edtf(text)
    assert caught.value.text == text
    assert caught.value.part == part
    message = str(caught.value)
    assert message.startswith(repr(text))
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1984..1990", "[a..b]"),
        ("1984,1985", "[a,b]"),
        ("Y2018", "written without Y, as 2018"),
        ("Y44", "written without Y, as 0044"),
        ("20180320", "basic format"),
        ("2018-03-20T23:59:60", "leap second"),
        ("2001-02-29", "2001-02 has no day 29"),
        ("2004-02/2004-01", "ends before it starts"),
        ("/", "leave the date out"),
        ("1984?~", "together are %"),
        ("201x", "capitals"),
        ("20185", "begins with Y"),
    ],
)
def test_a_refusal_says_what_to_do_instead(text: str, hint: str) -> None:
    with pytest.raises(DateError, match=re.escape(hint)):
        Edtf(text)


def test_a_long_text_is_refused_in_a_short_message() -> None:
    for text in ("9" * 100_000, "Y" + "9" * 100_000, "Y1E" + "9" * 100_000, "T" * 100_000):
        with pytest.raises(DateError) as caught:
            Edtf(text)
        assert len(str(caught.value)) < 200


def test_only_a_text_is_a_date() -> None:
    with pytest.raises(TypeError):
        Edtf(2018)  # type: ignore[arg-type]


# What a text bounds


def test_within_a_day_both_ends_are_inside_it() -> None:
    low, high = tick(2018, 3, 20), tick(2018, 3, 21)
    assert Edtf("2018-03-20").corners() == corners(low, high - 1, low + 1, high)


def test_throughout_starts_within_the_first_and_ends_within_the_last() -> None:
    assert Edtf("2018-03-29/2018-04-01").corners() == corners(
        tick(2018, 3, 29), tick(2018, 3, 30) - 1, tick(2018, 4, 1) + 1, tick(2018, 4, 2)
    )


def test_an_interval_is_never_empty_or_reversed() -> None:
    low, high = tick(2004, 6, 1), tick(2004, 7, 1)
    assert Edtf("2004/2004-06").corners() == corners(tick(2004, 1, 1), high - 1, tick(2004, 6, 1) + 1, high)
    assert Edtf("2004-06/2004").corners() == corners(low, high - 1, low + 1, tick(2005, 1, 1))


def test_one_of_is_reasoned_with_as_its_span() -> None:
    low, high = tick(1667, 1, 1), tick(1669, 1, 1)
    assert Edtf("[1667,1668]").corners() == corners(low, high - 1, low + 1, high)
    assert Edtf("[1668,1667]").corners() == Edtf("[1667,1668]").corners()
    assert Edtf("[2018-03-29..2018-04-01]").corners() == corners(
        tick(2018, 3, 29), tick(2018, 4, 2) - 1, tick(2018, 3, 29) + 1, tick(2018, 4, 2)
    )
    low, high = tick(1984, 1, 1), tick(1985, 1, 1)
    assert Edtf("[..1984]").corners() == corners(None, high - 1, None, high)
    assert Edtf("[1984..]").corners() == corners(low, None, low + 1, None)


def test_all_of_starts_within_the_first_and_ends_within_the_last() -> None:
    assert Edtf("{1667,1668}").corners() == corners(
        tick(1667, 1, 1), tick(1668, 1, 1) - 1, tick(1668, 1, 1) + 1, tick(1669, 1, 1)
    )
    assert Edtf("{1960,1961-12}").corners() == corners(
        tick(1960, 1, 1), tick(1961, 1, 1) - 1, tick(1961, 12, 1) + 1, tick(1962, 1, 1)
    )
    # Nothing says that the members are in order, or apart.
    assert Edtf("{1961-12,1960}").corners() == Edtf("{1960,1961-12}").corners()
    assert Edtf("{1960,1960-02}").corners() == corners(
        tick(1960, 1, 1), tick(1960, 3, 1) - 1, tick(1960, 2, 1) + 1, tick(1961, 1, 1)
    )
    assert Edtf("{1667,1670..1672}").corners() == corners(
        tick(1667, 1, 1), tick(1668, 1, 1) - 1, tick(1672, 1, 1) + 1, tick(1673, 1, 1)
    )
    assert Edtf("{1670..1672}").corners() == corners(
        tick(1670, 1, 1), tick(1671, 1, 1) - 1, tick(1672, 1, 1) + 1, tick(1673, 1, 1)
    )


def test_no_end_differs_from_an_unknown_end() -> None:
    low, high = tick(2014, 1, 1), tick(2015, 1, 1)
    assert Edtf("2014/..").corners() == corners(low, high - 1, FOREVER, None)
    assert Edtf("2014/").corners() == corners(low, high - 1, low + 1, None)
    assert Edtf("../2014").corners() == corners(None, -FOREVER, low + 1, high)
    assert Edtf("/2014").corners() == corners(None, high - 1, low + 1, high)
    assert Edtf("../..").corners() == corners(None, -FOREVER, FOREVER, None)
    assert Edtf("/..").corners() == corners(None, None, FOREVER, None)
    assert Edtf("../").corners() == corners(None, -FOREVER, None, None)
    assert Edtf("{2014..}").corners() == corners(low, high - 1, FOREVER, None)
    assert Edtf("{..2014}").corners() == corners(None, -FOREVER, low + 1, high)
    assert Edtf("{..2014,2016..}").corners() == corners(None, -FOREVER, FOREVER, None)


def test_dates_without_a_start_or_end_are_called_open() -> None:
    for text, start, end in [
        ("2014/..", False, True),
        ("2014/", False, False),
        ("../2014", True, False),
        ("../..", True, True),
        ("{..2014}", True, False),
        ("{2014..}", False, True),
        ("[..2014]", False, False),
        ("[2014..]", False, False),
        ("2014", False, False),
    ]:
        assert (Edtf(text).open_start, Edtf(text).open_end) == (start, end), text


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1984~", "1983-01-01", "1985-12-31"),
        ("1984?", "1983-01-01", "1985-12-31"),
        ("1984%", "1982-01-01", "1986-12-31"),
        ("~1984", "1983-01-01", "1985-12-31"),
        ("?-1984", "-1985-01-01", "-1983-12-31"),
        ("2004-06~", "2004-05-01", "2004-07-31"),
        ("2004-06-11%", "2004-06-09", "2004-06-13"),
        ("2004-06~-11", "2004-05-11", "2004-07-11"),
        ("2004?-06-11", "2003-06-11", "2005-06-11"),
        ("2004-%06-11", "2004-04-11", "2004-08-11"),
        ("?2004-06-~11", "2003-06-10", "2005-06-12"),
        ("?2004-06-11%", "2003-06-09", "2005-06-13"),
        ("2004-03~-31", "2004-02-29", "2004-04-30"),  # no 31st to reach
        ("2003-01~-28", "2002-12-28", "2003-02-28"),
        ("2003-01~-31", "2002-12-31", "2003-02-28"),
        ("2004?-02-28", "2003-02-28", "2005-02-28"),
        ("2004?-02-29", "2003-02-28", "2005-02-28"),
        ("2001-21~", "2000-12-01", "2001-08-31"),
        ("2001~-21", "2000-03-01", "2002-05-31"),
        ("2001-38%", "2000-09-01", "2002-04-30"),
        ("2001-40?", "2000-07-01", "2001-12-31"),
        ("2004-XX~", "2003-12-01", "2005-01-31"),
        ("201X~", "2000-01-01", "2029-12-31"),
        ("20XX?", "1900-01-01", "2199-12-31"),
        ("1X50~", "0050-01-01", "2950-12-31"),
        ("1950S2~", "1800-01-01", "2099-12-31"),
        ("156X-12-25~", "1560-12-24", "1569-12-26"),
        ("Y12345~", "Y12344", "Y12346"),
        ("2018-03-~20T15:04", "2018-03-19T15:04:00.000000Z", "2018-03-21T15:04:59.999999Z"),
        ("2018-01~-31T15:04", "2017-12-31T15:04:00.000000Z", "2018-02-28"),
    ],
)
def test_a_mark_widens_by_units_of_its_component(text: str, first: str, last: str) -> None:
    bounds = Edtf(text).corners()
    assert (first_day(bounds.start_min), last_day(bounds.end_max)) == (first, last)
    assert bounds.start_max == (bounds.end_max or 0) - 1
    assert bounds.end_min == (bounds.start_min or 0) + 1


def test_a_mark_at_an_end_of_an_interval_widens_that_end() -> None:
    assert shown(Edtf("2004-06-~01/2004-06-~20")) == (
        "2004-05-31",
        "2004-06-02",
        "2004-06-19",
        "2004-06-21",
    )
    assert shown(Edtf("2004-06-XX/2004-07-03")) == (
        "2004-06-01",
        "2004-06-30",
        "2004-07-03",
        "2004-07-03",
    )


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        (21, "2001-03-01", "2001-05-31"),
        (22, "2001-06-01", "2001-08-31"),
        (23, "2001-09-01", "2001-11-30"),
        (24, "2001-12-01", "2002-02-28"),
        (25, "2001-03-01", "2001-05-31"),
        (26, "2001-06-01", "2001-08-31"),
        (27, "2001-09-01", "2001-11-30"),
        (28, "2001-12-01", "2002-02-28"),
        (29, "2001-09-01", "2001-11-30"),
        (30, "2001-12-01", "2002-02-28"),
        (31, "2001-03-01", "2001-05-31"),
        (32, "2001-06-01", "2001-08-31"),
        (33, "2001-01-01", "2001-03-31"),
        (34, "2001-04-01", "2001-06-30"),
        (35, "2001-07-01", "2001-09-30"),
        (36, "2001-10-01", "2001-12-31"),
        (37, "2001-01-01", "2001-04-30"),
        (38, "2001-05-01", "2001-08-31"),
        (39, "2001-09-01", "2001-12-31"),
        (40, "2001-01-01", "2001-06-30"),
        (41, "2001-07-01", "2001-12-31"),
    ],
)
def test_sub_year_groupings(code: int, first: str, last: str) -> None:
    assert (Edtf(f"2001-{code}").earliest(), Edtf(f"2001-{code}").latest()) == (first, last)


def test_a_day_floats_and_an_instant_does_not() -> None:
    east = parse_zone("+03:00")
    day, instant = Edtf("2018-03-20"), Edtf("2018-03-20T15:04Z")
    assert day.corners(east).start_min == tick(2018, 3, 19, 21)
    assert instant.corners(east) == instant.corners()
    assert Edtf("2018-03-20T15:04").corners(east).start_min == tick(2018, 3, 20, 12, 4)
    assert instant.earliest(east) == instant.earliest() == "2018-03-20T15:04:00.000000Z"
    assert day.earliest(east) == "2018-03-20"
    assert [(date.floating, date.anchored) for date in (day, instant)] == [
        (True, False),
        (False, True),
    ]
    both = Edtf("2018-03-20/2018-03-25T10:00Z")
    assert (both.floating, both.anchored, both.has_time) == (True, True, True)
    assert not Edtf("../..").floating


def test_an_interval_that_only_some_zones_allow_is_refused_in_the_others() -> None:
    date = Edtf("2018-03-20T10:00/2018-03-20T09:00Z")
    with pytest.raises(DateError, match="in the zone Z it ends before it starts") as caught:
        date.corners()
    assert caught.value.part == "2018-03-20T09:00Z"
    with pytest.raises(DateError, match="ends before it starts"):
        date.period()
    assert date.corners(7200).start_min == tick(2018, 3, 20, 8)


@pytest.mark.parametrize("sign", ["", "-"])
def test_bounds_stop_at_the_limit_without_becoming_certain(sign: str) -> None:
    for text in (f"Y{sign}17E7", f"Y{sign}1E99", f"Y{sign}3388E2S3", f"Y{sign}75040~"):
        bounds = Edtf(text).corners()
        if sign:
            assert bounds.start_min is None
            assert bounds.end_min is None
            assert (bounds.start_max or 0) < tick(1, 1, 1)
        else:
            assert bounds.end_max is None
            assert (bounds.start_min or 0) > tick(9999, 1, 1)
            assert bounds.start_max is None
    far = Edtf(f"Y{sign}17E7").corners()
    inward = far.end_max if sign else far.start_min
    assert far == (corners(None, inward, None, inward) if sign else corners(inward, None, inward, None))
    assert LIMIT <= abs(inward or 0) <= FARTHEST
    assert Edtf("Y-17E7") < Edtf("2018") < Edtf("Y17E7")
    assert not Edtf("Y17E7") < Edtf("Y18E7")
    assert not Edtf("Y-18E7") < Edtf("Y-17E7")
    past, future = Edtf("Y-17E7").corners().end_max, Edtf("Y17E7").corners().start_min
    assert Edtf("Y-17E7/Y17E7").corners() == corners(None, past, future, None)
    assert Edtf("Y17E7/..").corners() == corners(future, None, FOREVER, None)


@given(st.integers(75_040, 10**14), st.integers(1, 10**5))
def test_an_inward_bound_beyond_the_clock_is_weaker_than_the_year_and_keeps_the_order_of_years(
    year: int, thousandths: int
) -> None:
    later = year + -(-year * thousandths // 10**9)  # a part in a thousand million, or more
    near, far = (Edtf(f"Y{one}").corners().start_min for one in (year, later))
    assert LIMIT <= (near or 0) < (far or 0) <= FARTHEST
    assert (near or 0) <= ticks.year_start(year) * ticks.DAY
    assert (far or 0) <= ticks.year_start(later) * ticks.DAY
    behind, ahead = (Edtf(f"Y{-one}").corners().end_max for one in (later, year))
    assert -FARTHEST <= (behind or 0) < (ahead or 0) <= -LIMIT


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("201X", False),
        ("-15XX", False),
        ("XXXX-XX-XX", False),
        ("2004-XX", False),
        ("2004-1X", False),
        ("1985-04-XX", False),
        ("1985-04-1X", False),
        ("1985-X2-30", False),  # February has none
        ("1985-XX-XX", False),
        ("20XX-XX", False),
        ("156X-12-25", True),
        ("1XXX-12", True),
        ("20XX-21", True),
        ("2X18", True),
        ("1985-XX-1X", True),
        ("1985-X1", True),
        ("1985-04-X1", True),
        ("20XX-02-29", True),
        ("156X-12-25/1600", True),
        ("[1667,1668]", False),
        ("[1668,1667]", False),
        ("[1667,1669]", True),
        ("[1667~,1669]", False),
        ("[1667,1668-01]", False),
        ("[1667,1668-02]", True),
        ("[2018-03-29..2018-04-01]", False),
        ("[..1984]", False),
        ("[..1984,1985]", False),
        ("[..1984,1986]", True),
        ("[1980,1984..]", True),
        ("[1983,1984..]", False),
        ("[1990,1984..]", False),
        ("{1667,1668}", False),
        ("{1667,1669}", True),
        ("1950S2", False),
    ],
)
def test_holes_are_reported(text: str, holes: bool) -> None:
    assert Edtf(text).holes is holes


# The runs


def days_of(corners: Corners) -> tuple[str | None, ...]:
    """The first and the last day of the start, and those of the end."""
    start_min, start_max, end_min, end_max = corners
    return (
        first_day(start_min),
        last_day(None if start_max is None else Ticks(start_max + 1)),
        first_day(None if end_min is None else Ticks(end_min - 1)),
        last_day(end_max),
    )


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("{2010-01-05,2010-02-09}", [("2010-01-05",) * 4, ("2010-02-09",) * 4]),
        ("{2010-02-09,2010-01-05}", [("2010-01-05",) * 4, ("2010-02-09",) * 4]),
        ("{2010-01-05,2010-01-06}", [("2010-01-05", "2010-01-05", "2010-01-06", "2010-01-06")]),
        ("{2010-01-07,2010-01-05,2010-01-06}", [("2010-01-05", "2010-01-05", "2010-01-07", "2010-01-07")]),
        (
            "{2010-01-05..2010-01-08,2010-01-10}",
            [("2010-01-05", "2010-01-05", "2010-01-08", "2010-01-08"), ("2010-01-10",) * 4],
        ),
        ("{2010,2010-03}", [("2010-01-01", "2010-03-31", "2010-03-01", "2010-12-31")]),
        ("{2009-12,2010-01-01}", [("2009-12-01", "2009-12-31", "2010-01-01", "2010-01-01")]),
        # What an X or a mark means need not reach the next member.
        (
            "{2010-01-05~,2010-01-06}",
            [("2010-01-04", "2010-01-06", "2010-01-04", "2010-01-06"), ("2010-01-06",) * 4],
        ),
        (
            "{15XX-12-31,1600}",
            [
                ("1500-12-31", "1599-12-31", "1500-12-31", "1599-12-31"),
                ("1600-01-01", "1600-12-31", "1600-01-01", "1600-12-31"),
            ],
        ),
        ("{..2010-01-05,2010-02-09}", [(None, None, "2010-01-05", "2010-01-05"), ("2010-02-09",) * 4]),
        ("{..2010-02-09,2010-01-05}", [(None, None, "2010-02-09", "2010-02-09")]),
        ("{2010-01-05,2010-02-09..}", [("2010-01-05",) * 4, ("2010-02-09", "2010-02-09", None, None)]),
        ("{2010-02-09,2010-01-05..}", [("2010-01-05", "2010-01-05", None, None)]),
        ("{2010-01-05}", [("2010-01-05",) * 4]),
        ("[2010-01-05,2010-02-09]", [("2010-01-05", "2010-02-09", "2010-01-05", "2010-02-09")]),
        ("2010-01-05/2010-02-09", [("2010-01-05", "2010-01-05", "2010-02-09", "2010-02-09")]),
    ],
)
def test_a_set_of_days_is_made_of_runs(text: str, runs: list[tuple[str | None, ...]]) -> None:
    assert [days_of(run) for run in Edtf(text).runs()] == runs
    told = any("nothing is certain there" in line for line in Edtf(text).explain())
    assert told is (len(runs) > 1)


@given(edtf_texts(), zones())
def test_runs_together_are_bounded_as_their_set(text: str, zone: int) -> None:
    date = Edtf(text)
    runs, hull = date.runs(zone), date.corners(zone)
    assert hull.start_min in {run.start_min for run in runs}
    assert hull.end_max in {run.end_max for run in runs}
    for run in runs:
        assert hull.start_max is None or run.start_max is None or hull.start_max <= run.start_max
        assert hull.end_min is None or run.end_min is None or hull.end_min >= run.end_min
    assert len(runs) == 1 or text.startswith("{")


# The alternatives


def test_members_are_the_alternatives() -> None:
    assert Edtf("[1667,1670..1672]").members() == [Edtf(year).corners() for year in ("1667", "1670", "1671", "1672")]
    assert Edtf("[2018-03-30..2018-04-01]").members(3600) == [
        Edtf(day).corners(3600) for day in ("2018-03-30", "2018-03-31", "2018-04-01")
    ]
    assert Edtf("[2001-12..2002-02]").members(-3600) == [
        Edtf(month).corners(-3600) for month in ("2001-12", "2002-01", "2002-02")
    ]
    assert Edtf("[2001-24..2002-21]").members() == [Edtf(season).corners() for season in ("2001-24", "2002-21")]
    assert Edtf("[2018-03-20T10:00Z..2018-03-20T10:02Z]").members(3600) == [
        Edtf(f"2018-03-20T10:0{minute}Z").corners() for minute in range(3)
    ]
    assert Edtf("20X4-02-29").members() == [Edtf(f"20{tens}4-02-29").corners() for tens in (0, 2, 4, 6, 8)]
    assert Edtf("2001-XX-31").members(60) == [
        Edtf(f"2001-{month:02}-31").corners(60) for month in (1, 3, 5, 7, 8, 10, 12)
    ]
    assert Edtf("-000X").members() == [Edtf(f"-000{year}").corners() for year in range(9, 0, -1)]
    assert Edtf("[1984-1X,1990]").members() == [
        Edtf(text).corners() for text in ("1984-10", "1984-11", "1984-12", "1990")
    ]
    assert Edtf("[1984~..1986]").members() == [
        Edtf("[1983,1984]").corners(),
        Edtf("1985").corners(),
        Edtf("1986").corners(),
    ]
    assert Edtf("[..1984]").members() == [Edtf("[..1984]").corners(), Edtf("1984").corners()]
    assert Edtf("[1984..]").members() == [Edtf("[1984..]").corners(), Edtf("1984").corners()]


def test_anything_else_is_its_own_only_member() -> None:
    for text in ("2018", "1950S2", "2014/..", "{1667,1668}", "20XX/2100", "Y17E7S1"):
        assert Edtf(text).members() == [Edtf(text).corners()]


def test_members_beyond_the_limit_are_refused() -> None:
    assert len(Edtf("1XXX").members()) == 1000
    for text in ("XXXX", "[0000..Y1E50]", "[1XXX,2001]"):
        with pytest.raises(DateError, match="more than 1000 members"):
            Edtf(text).members()
    with pytest.raises(DateError, match="more than 2 members"):
        Edtf("[1667,1668,1669]").members(limit=2)


# Plain dates, order, the value


def test_a_plain_date_is_a_period_known_exactly() -> None:
    assert Edtf("2018-03-20").period() == (tick(2018, 3, 20), tick(2018, 3, 21))
    assert Edtf("2018-03").period(3600) == (tick(2018, 2, 28, 23), tick(2018, 3, 31, 23))
    assert Edtf("2018-03-29/2018-04").period() == (tick(2018, 3, 29), tick(2018, 5, 1))
    assert Edtf("2018-03-20T15:04Z").period(3600) == (
        tick(2018, 3, 20, 15, 4),
        tick(2018, 3, 20, 15, 5),
    )
    assert Edtf("2001-24").period() == (tick(2001, 12, 1), tick(2002, 3, 1))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1984~", "1984~ has a mark"),
        ("1983/?1984", "?1984 has a mark"),
        ("201X", "201X leaves digits open"),
        ("201X~", "201X~ leaves digits open"),
        ("1950S2", "significant digits"),
        ("[1667,1668]", "it is a set"),
        ("{1667}", "it is a set"),
        ("2014/..", "its end is open"),
        ("2014/", "its end is unknown"),
        ("../2014", "its start is open"),
        ("/2014", "its start is unknown"),
    ],
)
def test_a_date_that_is_not_plain_says_why(text: str, why: str) -> None:
    assert not Edtf(text).is_plain
    with pytest.raises(DateError, match=re.escape(why)):
        Edtf(text).period()


def test_a_period_is_within_the_limit() -> None:
    for text in ("Y17E7", "Y-17E7/2018"):
        assert Edtf(text).is_plain
        with pytest.raises(DateError, match="further away than the clock reaches"):
            Edtf(text).period()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("2018-03-20", "2018-03-21"),
        ("2018-03", "2018-04-01"),
        ("2017", "2018"),
        ("../1985", "1986"),
        ("[..1984]", "1985/.."),
        ("2018-03-20T15:04", "2018-03-20T15:05"),
        ("{1667,1668}", "1669"),
    ],
)
def test_only_certain_order_is_order(a: str, b: str) -> None:
    assert Edtf(a) < Edtf(b)
    assert Edtf(b) > Edtf(a)
    assert not Edtf(b) < Edtf(a)
    assert not Edtf(a) > Edtf(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("2018-03", "2018-03-20"),
        ("2018-03-20", "2018-03-20"),
        ("1984", "1985~"),
        ("2014/", "2020"),
        ("2014/..", "2020"),
        ("[1667,1670]", "1668"),
    ],
)
def test_neither_comes_first_if_that_is_not_certain(a: str, b: str) -> None:
    assert not Edtf(a) < Edtf(b)
    assert not Edtf(b) < Edtf(a)
    assert not Edtf(a) > Edtf(b)
    assert not Edtf(b) > Edtf(a)


def test_a_date_does_not_compare_with_a_text() -> None:
    assert Edtf("2018") != "2018"
    with pytest.raises(TypeError):
        assert Edtf("2018") < "2019"  # type: ignore[operator]
    with pytest.raises(TypeError):
        assert Edtf("2018") > "2017"  # type: ignore[operator]


def test_a_date_is_immutable() -> None:
    date = Edtf("2018-03-20")
    for name in ("text", "_form", "new"):
        with pytest.raises(AttributeError):
            setattr(date, name, "2019")
    with pytest.raises(AttributeError):
        del date.text
    assert date.text == "2018-03-20"
    assert not hasattr(date, "__dict__")


def test_equal_dates_have_equal_texts_and_hashes() -> None:
    assert Edtf("1984?") == Edtf("1984?")
    assert Edtf("1984?") != Edtf("1984~")  # the bounds are the same, the mark is not
    assert len({Edtf("1984"), Edtf("1984"), Edtf("1985")}) == 2


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("2018-03-20", ["within the day 2018-03-20"]),
        ("2018-03/2018-04", ["It starts within the month 2018-03", "first day is 2018-03-01"]),
        ("2014/..", ["has no end"]),
        ("2014/", ["ends at an unknown time"]),
        ("../2014", ["has no start"]),
        ("/2014", ["starts at an unknown time"]),
        ("[..1667,1670..1672]", ["one of: any earlier time, the year 1667", "whole span"]),
        ("{1667..}", ["At all of: the year 1667, any later time", "has no end"]),
        ("?2004-06-~11", ["year in ?2004-06-~11 is uncertain (?)", "2003-06-10", "2005-06-12"]),
        ("156X-12-25", ["X in 156X-12-25 stands for any digit", "1569-12-25"]),
        ("1950S2", ["2 significant digits"]),
        ("2001-30~", ["southern summer", "approximate (~)"]),
        ("2018-03-20T15:04", ["the time 2018-03-20T15:04", "Dates without an offset are read in a zone, here Z"]),
        ("2018-03-20/2018-03-25T10:00Z", ["have an offset and some do not"]),
    ],
)
def test_explanations_say_what_was_understood(text: str, sentences: list[str]) -> None:
    said = Edtf(text).explain()
    assert all(sentence.endswith(".") for sentence in said)
    for sentence in sentences:
        assert sentence in "\n".join(said)


def test_an_explanation_repeats_nothing() -> None:
    assert Edtf("2018-03").explain() == [
        "At some time within the month 2018-03.",
        "As written, the first day is 2018-03-01 and the last 2018-03-31.",
    ]
    assert Edtf("2018-03-20T15:04Z").explain(3600) == [
        "At some time within the time 2018-03-20T15:04Z.",
        "As written, the first day is 2018-03-20T15:04Z and the last 2018-03-20T15:04Z.",
    ]
    assert Edtf("../..").explain() == ["It has no start and has no end."]


# From ticks to text


@pytest.mark.parametrize(
    ("bound", "zone", "first", "last"),
    [
        (tick(2018, 3, 20), 0, "2018-03-20", "2018-03-19"),
        (tick(2018, 3, 20), 10800, "2018-03-20T00:00:00.000000Z", "2018-03-19T23:59:59.999999Z"),
        (tick(2018, 3, 19, 21), 10800, "2018-03-20", "2018-03-19"),
        (tick(2018, 3, 20, 15, 4), 0, "2018-03-20T15:04:00.000000Z", "2018-03-20T15:03:59.999999Z"),
        (tick(2018, 3, 20, 15, 4, 5), 0, "2018-03-20T15:04:05.000000Z", "2018-03-20T15:04:04.999999Z"),
        (tick(2018, 3, 20) + 1, 0, "2018-03-20", "2018-03-20T00:00:00.000000Z"),
        (tick(2018, 3, 20) + 99_999, 0, "2018-03-20", "2018-03-20T00:00:00.099998Z"),
        (tick(2018, 3, 20) + 100_000, 0, "2018-03-20T00:00:00.100000Z", "2018-03-20T00:00:00.099999Z"),
        (tick(2018, 3, 20) - 1, 0, "2018-03-19T23:59:59.999999Z", "2018-03-19"),
        (tick(2018, 3, 20) - 99_999, 0, "2018-03-19T23:59:59.900001Z", "2018-03-19"),
        (tick(2018, 3, 20) - 100_000, 0, "2018-03-19T23:59:59.900000Z", "2018-03-19T23:59:59.899999Z"),
        (tick(2018, 3, 20, 15, 4) - 7, 0, "2018-03-20T15:03:59.999993Z", "2018-03-20T15:03:59.999992Z"),
        (LIMIT, 0, "Y75039", "Y75039"),
        (-LIMIT, 0, "Y-71100", "Y-71100"),
        (LIMIT + 1, 0, None, None),
        (-LIMIT - 1, 0, None, None),
        (FOREVER, 0, None, None),
        (None, 0, None, None),
    ],
)
def test_placements_are_shown_by_the_calendar(
    bound: Ticks | None, zone: int, first: str | None, last: str | None
) -> None:
    assert first_day(bound, zone) == first
    assert last_day(bound, zone) == last


def test_years_before_the_common_era_are_astronomical() -> None:
    start = Edtf("-0044-03-15").corners().start_min
    assert first_day(start) == "-0044-03-15"
    assert last_day(start) == "-0044-03-14"
    assert last_day(Edtf("0000").corners().start_min) == "-0001-12-31"


@given(st.integers(-LIMIT, LIMIT), zones())
@example(tick(2018, 3, 20) + 1, 3600)
def test_shown_days_always_include_their_tick(bound: Ticks, zone: int) -> None:
    first, last = first_day(bound, zone), last_day(bound, zone)
    assert first is not None
    assert last is not None
    low, high = Edtf(first).corners(zone).start_min, Edtf(last).corners(zone).end_max
    assert low is None or low <= bound
    assert high is None or high >= bound
    if not first.startswith("Y"):
        assert low is not None
        assert bound - low < 100_000
    if not last.startswith("Y"):
        assert high is not None
        assert high - bound < 100_000


_OUR_ERA = st.integers(tick(1, 1, 1) + DAY, tick(9999, 12, 31) - DAY)


@given(_OUR_ERA, _OUR_ERA, zones())
@example(tick(2018, 3, 20, 1, 1, 1) + 1000, tick(2018, 3, 20, 1, 1, 1) + 1000, 0)
@example(tick(2018, 3, 20, 15), tick(2018, 3, 20, 15) + 119_860, 3600)
def test_the_order_of_instants_is_that_of_their_texts(one: Ticks, other: Ticks, zone: int) -> None:
    texts = [instant_text(one), instant_text(other)]
    assert (texts[0] < texts[1], texts[0] == texts[1]) == (one < other, one == other)
    firsts, lasts = (
        [first_day(one, zone), first_day(other, zone)],
        [last_day(Ticks(one + 1), zone), last_day(Ticks(other + 1), zone)],
    )
    for told in firsts, lasts:
        if all(text and "T" in text for text in told):
            assert (told[0] < told[1], told[0] == told[1]) == (one < other, one == other)  # type: ignore[operator]
    assert first_and_last(one, Ticks(one + 1), zone) == (texts[0], texts[0])


@given(_OUR_ERA, st.integers(1, 3 * DAY) | st.sampled_from([1, 10, 1000, DAY // 24, DAY]), zones())
@example(tick(2018, 3, 20, 1, 1, 1) + 119_860, 10, 0)
@example(tick(2018, 3, 20, 15, 4), DAY - 15 * HOUR - 4 * HOUR // 60, 0)
@example(tick(2018, 3, 19, 21), HOUR, 10800)
def test_a_first_moment_is_never_shown_after_the_last(start: Ticks, length: int, zone: int) -> None:
    first, last = first_and_last(start, Ticks(start + length), zone)
    assert first is not None
    assert last is not None
    assert first <= last
    low, high = Edtf(first).corners(zone).start_min, Edtf(last).corners(zone).end_max
    assert low is not None
    assert high is not None
    assert low <= start
    assert start + length <= high


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018-03-20T15:04Z", "2018-03-20T15:04Z", "2018-03-20T15:04Z"),
        ("2018-03-20T00:00Z", "2018-03-20T00:00Z", "2018-03-20T00:00Z"),
        ("2018-03-20T15:04:05Z", "2018-03-20T15:04:05Z", "2018-03-20T15:04:05Z"),
        ("2018-03-20T15:04Z/2018-03-20T15:05:06Z", "2018-03-20T15:04:00Z", "2018-03-20T15:05:06Z"),
        ("2018-03-20T15:04:05.001Z", "2018-03-20T15:04:05.001Z", "2018-03-20T15:04:05.001Z"),
        ("2018-03-20T15:04:05.119860Z", "2018-03-20T15:04:05.119860Z", "2018-03-20T15:04:05.119860Z"),
        ("2018-03-20/2018-03-21T10:00Z", "2018-03-20", "2018-03-21T10:00Z"),
        ("2018-03-20T15:04Z/2018-03-20", "2018-03-20T15:04Z", "2018-03-20T23:59Z"),
        ("2018-03", "2018-03-01", "2018-03-31"),
        ("2014/..", "2014-01-01", None),
    ],
)
def test_people_see_a_moment_in_its_unit(text: str, first: str, last: str | None) -> None:
    date = Edtf(text)
    assert briefly(date.earliest(), date.latest()) == (first, last)


@given(st.integers(-LIMIT, LIMIT - 1), zones())
@example(tick(2018, 3, 20), 0)
@example(tick(2018, 3, 20) - 1, 0)
@example(tick(2018, 3, 20, 14, 30), 0)
def test_a_last_start_is_never_shown_before_its_tick(start: Ticks, zone: int) -> None:
    told = last_start(start, zone)
    assert told is not None
    if not told.startswith("Y"):
        low, high = Edtf(told).period(zone)
        assert start < high
        assert low - start < 1000


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (tick(2018, 3, 20), "2018-03-20"),
        (tick(2018, 3, 21) - 1, "2018-03-20"),
        (tick(2018, 3, 20, 14, 30), "2018-03-20T14:30:00.000000Z"),
    ],
)
def test_whole_days_are_shown_without_a_time(start: Ticks, told: str) -> None:
    assert last_start(start) == told


@given(plain_dates(), zones())
def test_a_plain_date_is_shown_as_it_was_written(text: str, zone: int) -> None:
    start, end = Edtf(text).period(zone)
    first, last = first_day(start, zone), last_day(end, zone)
    if "." not in text:  # less than a tenth of a second is rounded outward
        assert first is not None
        assert last is not None
        assert Edtf(first).period(zone)[0] == start
        assert Edtf(last).period(zone)[1] == end
    if "T" not in text:
        assert (first, last) == (Edtf(text).earliest(zone), Edtf(text).latest(zone))


@given(st.integers(-LIMIT, LIMIT), zones())
def test_a_day_ends_after_its_last_included_tick(end: Ticks, zone: int) -> None:
    found = day_end(end, zone)
    assert end <= found < end + DAY
    assert (found + zone * 1_000_000) % DAY == 0


def test_a_day_that_is_over_ends_where_it_ends() -> None:
    assert day_end(tick(2018, 3, 21), 0) == tick(2018, 3, 21)
    assert day_end(Ticks(tick(2018, 3, 21) + 1), 0) == tick(2018, 3, 22)
    assert day_end(tick(2018, 3, 21), 3600) == tick(2018, 3, 21, 23)


# Zones


@pytest.mark.parametrize(
    ("text", "seconds", "canonical"),
    [
        ("Z", 0, "Z"),
        ("+00:00", 0, "Z"),
        ("+03:00", 10800, "+03:00"),
        ("-04", -14400, "-04:00"),
        ("+04:30", 16200, "+04:30"),
        ("-09:30", -34200, "-09:30"),
        ("+18:00", 64800, "+18:00"),
    ],
)
def test_zones(text: str, seconds: int, canonical: str) -> None:
    assert parse_zone(text) == seconds
    assert zone_text(seconds) == canonical


@pytest.mark.parametrize(
    "text",
    ["", "z", "UTC", "3", "+3", "+0300", "03:00", "+03:60", "+18:01", "-00:00", "-00", "Z\n"],
)
def test_an_invalid_zone_is_refused(text: str) -> None:
    with pytest.raises(DateError) as caught:
        parse_zone(text)
    assert caught.value.part == text


def test_a_zone_has_whole_minutes() -> None:
    for seconds in (1, 18 * 3600 + 60):
        with pytest.raises(DateError):
            zone_text(seconds)


@given(zones())
def test_a_zone_is_read_as_it_is_written(zone: int) -> None:
    assert parse_zone(zone_text(zone)) == zone


# Gaps


@pytest.mark.parametrize(
    ("minimum", "maximum", "least", "greatest"),
    [
        (None, None, 0, None),
        ("P3D", "P3D", 2 * DAY, 4 * DAY),
        ("P0D", "P0D", 0, DAY),
        ("P1D", None, 0, None),
        (None, "P2W", 0, 15 * DAY),
        ("P1M", "P1M", 27 * DAY, 32 * DAY),
        ("P1Y", "P1Y", 364 * DAY, 367 * DAY),
        ("P1Y2M3W4D", None, (365 + 56 + 21 + 4 - 1) * DAY, None),
        ("PT36H", "PT36H", 36 * HOUR, 36 * HOUR),
        ("PT90M", "PT1H30M", 90 * HOUR // 60, 90 * HOUR // 60),
        ("PT1.5S", "PT1.500001S", 1_500_000, 1_500_001),
        ("PT0S", "PT0S", 0, 0),
        ("P1DT12H", "P1DT12H", 12 * HOUR, 60 * HOUR),
        ("P1M", "P30D", 27 * DAY, 31 * DAY),  # a month may have thirty days
    ],
)
def test_gaps(minimum: str | None, maximum: str | None, least: int, greatest: int | None) -> None:
    assert gap_bounds(minimum, maximum) == (least, greatest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1DT",
        "3D",
        "p3d",
        "P3",
        "-P3D",
        "P-3D",
        "P3.5D",
        "PT1.5H",
        "PT1.1234567S",
        "P3D ",
        "P1D2M",
        "P999999999999Y",
        "PT" + "9" * 10_000 + "S",
    ],
)
def test_an_invalid_gap_is_refused(text: str) -> None:
    for gap in ((text, None), (None, text)):
        with pytest.raises(DateError) as caught:
            gap_bounds(*gap)
        assert caught.value.part == text
        assert len(str(caught.value)) < 200


@pytest.mark.parametrize(("minimum", "maximum"), [("P3D", "P2D"), ("PT2H", "PT1H"), ("P2M", "P1M3D")])
def test_a_least_gap_beyond_the_greatest_is_refused(minimum: str, maximum: str) -> None:
    with pytest.raises(DateError, match="longer than the greatest"):
        gap_bounds(minimum, maximum)


@given(days(), st.integers(0, 30))
def test_a_gap_in_months_includes_all_possible_months(text: str, months: int) -> None:
    """From any time in a day to any time in the day that many months later."""
    assume("0001" < text < "9990")
    start, end = Edtf(text).period()
    later_start, later_end = ticks.shift_back(start, -months, 0), ticks.shift_back(end, -months, 0)
    least, greatest = gap_bounds(f"P{months}M", f"P{months}M")
    assert greatest is not None
    assert later_start - end >= least - DAY or least == 0
    assert later_end - start <= greatest + DAY


# The calendar


def test_a_whole_cycle_of_the_calendar_is_as_the_standard_library_has_it() -> None:
    first = datetime.date(1600, 1, 1)
    epoch = datetime.date(1970, 1, 1).toordinal()
    for ordinal in range(first.toordinal(), first.toordinal() + 146_097 + 1):
        date = datetime.date.fromordinal(ordinal)
        assert ticks.civil(ordinal - epoch) == (date.year, date.month, date.day)
        assert ticks.day_number(date.year, date.month, date.day) == ordinal - epoch


@given(st.dates())
def test_days_are_as_the_standard_library_has_them(date: datetime.date) -> None:
    number = date.toordinal() - datetime.date(1970, 1, 1).toordinal()
    assert ticks.day_number(date.year, date.month, date.day) == number
    assert ticks.civil(number) == (date.year, date.month, date.day)
    text = date.isoformat()
    assert Edtf(text).period() == (number * DAY, (number + 1) * DAY)
    assert Edtf(text).earliest() == Edtf(text).latest() == text


@given(st.integers(-(10**40), 10**40))
def test_a_day_number_and_its_date_are_one_to_one(number: int) -> None:
    year, month, day = ticks.civil(number)
    assert 1 <= month <= 12
    assert 1 <= day <= ticks.month_length(year, month)
    assert ticks.day_number(year, month, day) == number


@given(st.integers(-(10**15), 10**15), st.integers(0, 40), st.integers(0, 40))
def test_shifts_widen(edge: Ticks, months: int, days: int) -> None:
    assert ticks.shift_back(edge, months, days) <= edge - (28 * months + days) * DAY + 3 * DAY
    assert ticks.shift_back(edge, months, days) <= edge
    assert ticks.shift_forward(edge, months, days) >= edge
    assert ticks.shift_forward(ticks.shift_back(edge, months, days), months, days) <= edge + 4 * DAY


def test_leap_years() -> None:
    leap = [year for year in range(-8, 9) if ticks.is_leap(year)]
    assert leap == [-8, -4, 0, 4, 8]
    assert [ticks.is_leap(year) for year in (1600, 1700, 1900, 2000, -400, -100)] == [
        True,
        False,
        False,
        True,
        True,
        False,
    ]


# Properties of every form


@given(edtf_texts())
def test_every_form_is_kept_to_the_letter(text: str) -> None:
    date = Edtf(text)
    assert str(date) == text
    assert eval(repr(date)) == date
    assert hash(eval(repr(date))) == hash(date)
    assert copy.deepcopy(date) == pickle.loads(pickle.dumps(date)) == date
    assert all(sentence.endswith(".") for sentence in date.explain())


@given(edtf_texts(), zones())
def test_what_happened_is_never_empty(text: str, zone: int) -> None:
    bounds = Edtf(text).corners(zone)
    for earlier, later in (
        (bounds.start_min, bounds.start_max),
        (bounds.end_min, bounds.end_max),
    ):
        assert earlier is None or later is None or earlier <= later
    if bounds.start_max is not None and bounds.end_max is not None and bounds.end_max > -LIMIT:
        assert bounds.start_max < (bounds.end_max or 0)
    if bounds.start_min is not None and bounds.start_min < LIMIT and bounds.end_min is not None:
        assert (bounds.start_min or 0) < bounds.end_min
    for bound in bounds:
        assert bound is None or abs(bound) <= FARTHEST or abs(bound) == FOREVER
    date = Edtf(text)
    assert date.open_end == (bounds.end_min == FOREVER)
    assert date.open_start == (bounds.start_max == -FOREVER)


@given(edtf_texts(), zones())
def test_only_floating_parts_move_with_the_zone(text: str, zone: int) -> None:
    date = Edtf(text)
    here, there = date.corners(), date.corners(zone)
    if not date.floating:
        assert there == here
    elif not date.anchored:
        for a, b in zip(here, there, strict=True):
            if a is not None and b is not None and abs(a) < LIMIT - DAY:
                assert b == a - zone * 1_000_000
    assert (date.earliest(zone) is None) == (date.earliest() is None)


def contains(outer: Corners, inner: Corners) -> bool:
    """Whether every reading of the inner one is a reading of the outer one."""

    def above(bound: int | None, floor: int | None) -> bool:
        return floor is None or (bound is not None and bound >= floor)

    def below(bound: int | None, ceiling: int | None) -> bool:
        return ceiling is None or (bound is not None and bound <= ceiling)

    return (
        above(inner.start_min, outer.start_min)
        and below(inner.start_max, outer.start_max)
        and above(inner.end_min, outer.end_min)
        and below(inner.end_max, outer.end_max)
    )


@given(st.one_of(marked(), st.builds("{0}/..".format, marked()), st.builds("[{0}]".format, marked())))
def test_a_mark_widens_what_is_written_without_it(text: str) -> None:
    date, bare = Edtf(text), Edtf(re.sub("[?~%]", "", text))
    assert contains(date.corners(), bare.corners())
    assert date.corners() != bare.corners()
    assert (date.earliest(), date.latest()) == (bare.earliest(), bare.latest())
    certain = Edtf(re.sub("[?~]", "%", text))
    assert contains(certain.corners(), date.corners())


@given(st.one_of(masks(), sets(), marked(), plain_intervals()), zones())
def test_every_member_is_within_the_span(text: str, zone: int) -> None:
    date = Edtf(text)
    try:
        members = date.members(zone)
    except DateError:  # more than a thousand
        reject()
    hull = date.corners(zone)
    assert members
    for member in members:
        assert contains(hull, member)
    if text.startswith("["):
        assert None in [member.end_max for member in members] or hull.end_max == max(
            member.end_max or 0 for member in members
        )


@cache
def century(hundreds: int, length: int) -> list[str]:
    """Its years, months or days, by the length of their texts."""
    first = datetime.date(hundreds * 100, 1, 1)
    every = (first + datetime.timedelta(days=past) for past in range(36_525))
    return list(dict.fromkeys(str(day)[:length] for day in every))


@given(masks_of_a_century())
@example("20XX-02-29")
@example("2004-X2-3X")
@example("2001-X2-29")
def test_a_mask_means_the_days_that_fit_it(text: str) -> None:
    """Compared with all days of the century, as the standard library has them."""
    pattern = re.compile(text.replace("X", "[0-9]"))
    fitting = [told for told in century(int(text[:2]), len(text)) if pattern.fullmatch(told)]
    members = [Edtf(told).corners() for told in fitting]
    date = Edtf(text)
    assert date.members(limit=40_000) == members
    assert date.earliest() == Edtf(fitting[0]).earliest()
    assert date.latest() == Edtf(fitting[-1]).latest()
    assert date.holes == any(a.end_max != b.start_min for a, b in pairwise(members))


@given(single_dates(), single_dates())
def test_order_is_certain_order(a: str, b: str) -> None:
    first, second = Edtf(a), Edtf(b)
    end, start = first.corners().end_max, second.corners().start_min
    assert (first < second) == (end is not None and start is not None and end <= start)
    assert (first < second) == (second > first)
    assert not (first < second and second < first)


@given(plain_dates(), zones())
def test_plain_dates_have_periods_that_are_their_hull(text: str, zone: int) -> None:
    date = Edtf(text)
    assert date.is_plain
    start, end = date.period(zone)
    assert start < end
    bounds = date.corners(zone)
    assert (bounds.start_min, bounds.end_max) == (start, end)


@given(times(), zones())
@example("2018-03-20T15:04:05.25+04:30", 0)
def test_a_time_is_read_as_the_standard_library_reads_it(text: str, zone: int) -> None:
    assume(not text.startswith("-") and "0002" < text[:4] < "9999")
    date = Edtf(text)
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone(datetime.timedelta(seconds=zone)))
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    assert date.period(zone)[0] == (moment - epoch) // datetime.timedelta(microseconds=1)


def assert_read_or_refused(text: str) -> None:
    refusal = None
    try:
        date = Edtf(text)
    except DateError as fault:
        refusal = fault
    if refusal is None:
        assert str(date) == text
        assert len(date.corners()) == 4
    else:
        assert refusal.text == text
        assert refusal.part in text
        assert str(refusal).endswith(".")


@given(st.text("0123456789XYESTZ?~%:.,+-/[]{} x", max_size=24))
@example("-?2004")
@example("Y-")
@example("{")
@example("X/X")
def test_a_text_is_read_or_refused_with_a_part_of_it(text: str) -> None:
    assert_read_or_refused(text)


@given(edtf_texts(), st.integers(0, 30), st.sampled_from("0X?~%-:/.,[]{}TZYES+ 9"))
def test_a_typing_error_is_read_or_refused(text: str, place: int, sign: str) -> None:
    place = min(place, len(text))
    for slip in (text[:place] + sign + text[place:], text[:place] + text[place + 1 :]):
        assert_read_or_refused(slip)
