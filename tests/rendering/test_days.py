"""Dates as people write them: each form of EDTF, where facts lie, and that no words are narrower than what is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from factstore.dates.edtf import Edtf
from factstore.dates.phrases import Context, read_when
from factstore.errors import DateError
from factstore.rendering import days
from factstore.rendering.days import (
    fact_date,
    fact_iso,
    is_narrowed,
    phrase_beside,
    placement_words,
    written,
)
from tests.rendering.test_text import fact
from tests.support.strategies import edtf_texts, plain_dates

WRITTEN = {
    # days, months, years
    "2018-03-20": "20 March 2018",
    "2018-03": "March 2018",
    "2018": "2018",
    # before 1000, and before our era: astronomical years have a year 0
    "0079-08-24": "24 August AD 79",
    "0000": "1 BC",
    "-0043": "44 BC",
    "-0043-03-15": "15 March 44 BC",
    "-0049/-0043": "50–44 BC",
    "-0030/0014": "31 BC – AD 14",
    "Y170000002": "the year 170,000,002",
    "Y-17E7": "170,000,001 BC",
    "1950S2": "1950, to 2 significant digits",
    "Y17101E4S3": "the year 171,010,000, to 3 significant digits",
    # decades, centuries, other unspecified digits
    "201X": "the 2010s",
    "012X": "the 120s",
    "12XX": "the 13th century",
    "20XX": "the 21st century",
    "11XX": "the 12th century",
    "00XX": "the 1st century AD",
    "000X": "between 1 BC and AD 9",
    "1XXX": "between 1000 and 1999",
    "-004X": "between 50 BC and 41 BC",
    "XXXX": "year unknown",
    "XXXX-12-25": "25 December, year unknown",
    "2018-XX": "2018, month unknown",
    "2018-XX-XX": "2018, month and day unknown",
    "2018-03-XX": "March 2018, day unknown",
    "201X-03": "March of the 2010s",
    "201X-21": "spring of the 2010s",
    "1X99": "1X99, X for unknown digits",
    "2018-1X": "2018-1X, X for unknown digits",
    "2018-XX-05": "2018-XX-05, X for unknown digits",
    # circa and uncertain
    "1984~": "about 1984",
    "1984?": "perhaps 1984",
    "1984%": "perhaps about 1984",
    "2004-06~": "about June 2004",
    "2004-06-11%": "perhaps about 11 June 2004",
    "2018-21~": "about spring 2018",
    "201X~": "about the 2010s",
    "?2004-?06-?11": "perhaps 11 June 2004",
    "?2004-06-~11": "11 June 2004, year uncertain, day approximate",
    "2004?-06-11": "11 June 2004, year uncertain",
    "2004-~06": "June 2004, month approximate",
    # seasons and other parts of a year
    "2018-21": "spring 2018",
    "2018-24": "winter 2018–19",
    "1999-24": "winter 1999–2000",
    "2018-26": "summer 2018 (northern hemisphere)",
    "2018-28": "winter 2018–19 (northern hemisphere)",
    "2018-30": "summer 2018–19 (southern hemisphere)",
    "2018-32": "winter 2018 (southern hemisphere)",
    "2018-35": "third quarter of 2018",
    "2018-39": "third four-month term of 2018",
    "2018-41": "second half of 2018",
    # times
    "2018-03-20T15:04": "20 March 2018, 15:04",
    "2018-03-20T15:04Z": "20 March 2018, 15:04 UTC",
    "2018-03-20T15:04+03:00": "20 March 2018, 15:04 UTC+3",
    "2018-03-20T15:04:05.25-04:30": "20 March 2018, 15:04:05.25 UTC−4:30",
    "2018-03-20T15:04/2018-03-20T16:30": "20 March 2018, 15:04–16:30",
    "2018-03-20T15:04Z/2018-03-20T16:30Z": "20 March 2018, 15:04–16:30 UTC",
    "2018-03-20T23:30Z/2018-03-21T01:00Z": "20 March 2018, 23:30 UTC – 21 March 2018, 01:00 UTC",
    "[2018-03-20T15:04..2018-03-20T16:30]": "20 March 2018, between 15:04 and 16:30",
    # throughout
    "2018-03-29/2018-04-01": "29 March – 1 April 2018",
    "2018-03-29/2018-03-31": "29–31 March 2018",
    "2017-12-30/2018-01-02": "30 December 2017 – 2 January 2018",
    "2018-03/2018-05": "March–May 2018",
    "2017-11/2018-02": "November 2017 – February 2018",
    "1914/1918": "1914–1918",
    "2018-03/2018-04-05": "March 2018 – 5 April 2018",
    "1984~/2004-06?": "about 1984 – perhaps June 2004",
    "2014/..": "from 2014 on, without end",
    "2014/": "from 2014, end unknown",
    "../1985": "up to 1985, without beginning",
    "/1985": "until 1985, beginning unknown",
    "../..": "always",
    # one of, all of
    "[2018-03-29..2018-04-01]": "between 29 March and 1 April 2018",
    "[2018-03-16..2018-03-31]": "between 16 and 31 March 2018",
    "[1667,1668]": "1667 or 1668",
    "[1667,1668,1670..1672]": "1667, 1668 or between 1670 and 1672",
    "[2018-03-09,2018-09-03]": "9 March or 3 September 2018",
    "[..1984]": "1984 or earlier",
    "[1984..]": "1984 or later",
    "[..1984-12-01]": "1 December 1984 or earlier",
    "{1667,1668}": "1667 and 1668",
    "{2010-01-05,2010-02-09}": "5 January and 9 February 2010",
    "{2010-01-05,2010-01-09,2010-01-12}": "5, 9 and 12 January 2010",
    "{2010-01-05,2010-01-09,2011-02-03}": "5 January 2010, 9 January 2010 and 3 February 2011",
    "{1667..1670}": "all of 1667–1670",
    "{1960,1961-12}": "1960 and December 1961",
    "{..1983-12-31,1985}": "all up to 31 December 1983 and 1985",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_date_in_words(text: str) -> None:
    assert written(text) == WRITTEN[text]


def test_a_time_without_an_offset_is_given_the_zone_that_it_is_read_in() -> None:
    assert written("2018-03-20T15:04", "+03:00") == "20 March 2018, 15:04 UTC+3"
    assert written("2018-03-20T15:04Z", "+03:00") == "20 March 2018, 15:04 UTC"
    assert written("2018-03-20", "+03:00") == "20 March 2018"


def test_invalid_edtf_is_refused() -> None:
    with pytest.raises(DateError):
        written("late March")


@given(edtf_texts())
def test_every_date_has_words(text: str) -> None:
    assert written(text).strip() == written(text) != ""


@given(plain_dates())
def test_a_plain_day_reads_back_as_itself(text: str) -> None:
    if len(text) == 10 and text[:1] != "-" and text[:4] >= "1000":
        assert read_when(written(text), Context()).edtf == text


@pytest.mark.parametrize(
    ("held", "words", "iso"),
    [
        ({"earliest": "2018-03-20", "latest": "2018-03-20"}, "20 March 2018", "2018-03-20"),
        (
            {"earliest": "2018-03-20", "latest": "2018-04-02"},
            "between 20 March and 2 April 2018",
            "[2018-03-20..2018-04-02]",
        ),
        ({"latest": "2018-03-19"}, "by 19 March 2018", "[..2018-03-19]"),
        ({"earliest": "2018-03-19"}, "19 March 2018 or later", "[2018-03-19..]"),
        ({"earliest": "2018-03-19", "open_end": True}, "since 19 March 2018", "2018-03-19/.."),
        ({"open_end": True}, "always", "../.."),
        (
            {"earliest": "2018-03-20", "begun_by": "2018-04-02"},
            "begun between 20 March and 2 April 2018",
            "[2018-03-20..]",
        ),
        ({"earliest": "2018-03-20", "begun_by": "2018-03-20"}, "from 20 March 2018", "2018-03-20/"),
        ({"begun_by": "2018-04-02"}, "begun by 2 April 2018", ""),
        ({"latest": "2018-04-02", "undated": True}, "by 2 April 2018", ""),
        ({"begun_by": "2018-04-02", "undated": True}, "begun by 2 April 2018", ""),
        ({"undated": True}, "undated", ""),
        (
            {"earliest": "2018-03-20T15:04:00.000000Z", "latest": "2018-03-20T15:04:59.999999Z"},
            "20 March 2018, 15:04 UTC",
            "2018-03-20T15:04Z",
        ),
    ],
)
def test_what_no_source_dates_lies_between_days(held: dict[str, Any], words: str, iso: str) -> None:
    found = fact(**({"when": None, "earliest": None, "latest": None} | held))
    assert fact_date(found) == placement_words(found) == words
    assert fact_iso(found) == iso
    if iso:
        Edtf(iso)


def test_a_vague_date_is_in_the_sources_words_if_these_say_it_all() -> None:
    vague = fact(when="[2018-03-16..2018-03-31]", phrase="late March 2018")
    assert fact_date(vague) == "late March 2018"
    assert phrase_beside(vague) == ""
    assert fact_iso(vague) == "[2018-03-16..2018-03-31]"


@pytest.mark.parametrize(
    "phrase", ["late last week", "late March", "9/3/2019", None, "late March 2018, as " + "x" * 40]
)
def test_words_that_do_not_say_it_all_are_put_beside_the_date(phrase: str | None) -> None:
    found = fact(when="[2018-03-16..2018-03-31]", phrase=phrase)
    assert fact_date(found) == "between 16 and 31 March 2018"
    assert phrase_beside(found) == (phrase or "")


def test_a_plain_date_is_written_one_way_whatever_the_source_wrote() -> None:
    assert fact_date(fact(when="2018-04-02", phrase="April 02, 2018")) == "2 April 2018"


def test_whether_order_and_reports_leave_less_than_the_date() -> None:
    held = {"when": "2018-03", "earliest": "2018-03-01", "latest": "2018-03-31"}
    assert not is_narrowed(fact(**held), 0)
    assert is_narrowed(fact(**held | {"latest": "2018-03-20"}), 0)
    assert is_narrowed(fact(**held | {"earliest": "2018-03-20"}), 0)
    assert not is_narrowed(fact(when=None, earliest=None, latest="2018-03-19"), 0)
    assert not is_narrowed(fact(when="2018-03", earliest=None, latest=None, undated=True), 0)
    assert is_narrowed(fact(when="2018-03", earliest=None, latest=None, undated=True, conflicting=True), 0)
    assert not is_narrowed(fact(when="2014/..", earliest="2014-01-01", latest=None, open_end=True), 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("P1D", "1 day"),
        ("P3D", "3 days"),
        ("P1Y2M", "1 year 2 months"),
        ("P2W", "2 weeks"),
        ("PT36H", "36 hours"),
        ("P1DT2H30M", "1 day 2 hours 30 minutes"),
        ("PT1.5S", "1.5 seconds"),
    ],
)
def test_a_duration_in_words(text: str, words: str) -> None:
    assert days.duration(text) == words


def test_undated_is_one_word_everywhere() -> None:
    assert days.UNDATED == "undated"
