"""Phrases of the news: what must be read and as what, what must be refused, and what always holds."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factstore.dates.edtf import Edtf
from factstore.dates.phrases import RULES, Context, Reading, Rule, read_phrase, read_when
from factstore.dates.phrases.reader import signs_of
from factstore.dates.phrases.words import plain
from factstore.errors import DateError

MONDAY = date(2018, 4, 2)
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
DAY = timedelta(days=1)
TICKS = 86_400_000_000
EPOCH = date(1970, 1, 1)

# ---- what must be read, from Monday 2018-04-02 (each line checked by hand on a calendar)

ACCEPTED = """
2018-03-20 = 2018-03-20
2018-03 = 2018-03
2017 = 2017
the year 2017 = 2017
in 2017 = 2017
today = 2018-04-02
now = 2018-04-02
this evening = 2018-04-02
tonight = [2018-04-02..2018-04-03]
yesterday = 2018-04-01
Yesterday evening = 2018-04-01
last night = [2018-04-01..2018-04-02]
tomorrow = 2018-04-03
tomorrow morning = 2018-04-03
the day before yesterday = 2018-03-31
the day after tomorrow = 2018-04-04
the day before = 2018-04-01
the previous day = 2018-04-01
the next day = 2018-04-03
the following day = 2018-04-03
the same day = 2018-04-02
on Monday = 2018-04-02
Mon. = 2018-04-02
early Monday morning = 2018-04-02
on Tuesday = [2018-03-27,2018-04-03]
on Sunday = [2018-04-01,2018-04-08]
late on Sunday night = [2018-04-01..2018-04-02,2018-04-08..2018-04-09]
last Monday = 2018-03-26
last Tuesday = 2018-03-27
last Sunday = 2018-04-01
next Monday = 2018-04-09
next Tuesday = [2018-04-03,2018-04-10]
this Friday = 2018-04-06
this past Friday = 2018-03-30
this coming Tuesday = 2018-04-03
the following Thursday = [2018-04-05,2018-04-12]
the previous Thursday = 2018-03-29
Tuesday of last week = 2018-03-27
Friday next week = 2018-04-13
earlier on Tuesday = [2018-03-27,2018-04-03]
last week = [2018-03-26..2018-04-01]
early last week = [2018-03-26..2018-03-29]
mid last week = [2018-03-27..2018-03-31]
late last week = [2018-03-29..2018-04-01]
Late  last   week. = [2018-03-29..2018-04-01]
“late last week” = [2018-03-29..2018-04-01]
the end of last week = [2018-03-29..2018-04-01]
this week = [2018-04-02..2018-04-08]
later this week = [2018-04-02..2018-04-08]
next week = [2018-04-09..2018-04-15]
the week before last = [2018-03-19..2018-03-25]
the week after next = [2018-04-16..2018-04-22]
over the weekend = [2018-03-31..2018-04-01,2018-04-07..2018-04-08]
last weekend = [2018-03-31..2018-04-01]
this past weekend = [2018-03-31..2018-04-01]
this weekend = [2018-03-31..2018-04-01,2018-04-07..2018-04-08]
this coming weekend = [2018-04-07..2018-04-08]
next weekend = [2018-04-07..2018-04-08,2018-04-14..2018-04-15]
last month = 2018-03
this month = 2018-04
next month = 2018-05
the previous month = 2018-03
late last month = [2018-03-16..2018-03-31]
earlier this month = [2018-04-01..2018-04-02]
later this month = [2018-04-02..2018-04-30]
last quarter = 2018-33
last year = 2017
this year = 2018
next year = 2019
the year before last = 2016
the following year = 2019
late last year = [2017-07..2017-12]
earlier this year = [2018-01-01..2018-04-02]
so far this year = [2018-01-01..2018-04-02]
later this year = [2018-04-02..2018-12-31]
sometime last year = 2017
this decade = 201X
last century = [1900..2000]
two days ago = 2018-03-31
a day ago = 2018-04-01
100 days ago = 2017-12-23
twenty-one days ago = 2018-03-12
three days earlier = 2018-03-30
three days later = 2018-04-05
two days from now = 2018-04-04
in two days’ time = 2018-04-04
a couple of days ago = [2018-03-29..2018-04-01]
a few days ago = [2018-03-25..2018-03-31]
several days ago = [2018-03-21..2018-03-31]
days ago = [2018-03-03..2018-04-01]
a week ago = [2018-03-22..2018-03-30]
a week ago today = 2018-03-26
two weeks ago = [2018-03-15..2018-03-23]
about two weeks ago = [2018-03-10..2018-03-28]
some two weeks ago = [2018-03-10..2018-03-28]
a fortnight ago = [2018-03-12..2018-03-26]
a month ago = [2018-02-14..2018-03-31]
two months ago today = 2018-02-02
a year ago = [2016-10..2017-12]
a year ago today = 2017-04-02
two years ago = [2015-10..2016-12]
20 years ago = [1996-04..2000-04]
a decade ago = [2003..2013]
in two days = [2018-04-02..2018-04-04]
within three weeks = [2018-04-02..2018-04-27]
over the past two weeks = [2018-03-15..2018-04-02]
in recent days = [2018-03-03..2018-04-02]
the coming days = [2018-04-02..2018-05-02]
in the past month = [2018-02-14..2018-04-02]
March 20, 2018 = 2018-03-20
March 20th, 2018 = 2018-03-20
Mar. 20, 2018 = 2018-03-20
20 March 2018 = 2018-03-20
the 20th of March, 2018 = 2018-03-20
Tuesday, March 20, 2018 = 2018-03-20
Tuesday, March 20 = 2018-03-20
on March 20 = [2018-03-20,2019-03-20]
30 April = 2018-04-30
March 20 last year = 2017-03-20
March 20 of this year = 2018-03-20
February 29 = [2016-02-29,2020-02-29]
on the evening of March 20, 2018 = 2018-03-20
around March 20, 2018 = 2018-03-20~
on or about March 20, 2018 = 2018-03-20~
3/20/2018 = 2018-03-20
3/4/2018 = [2018-03-04,2018-04-03]
in March = [2018-03,2019-03]
in April = 2018-04
March 2018 = 2018-03
Sept. 2017 = 2017-09
last December = 2017-12
last March = [2017-03,2018-03]
next May = [2018-05,2019-05]
in May of last year = 2017-05
early March = [2018-03-01..2018-03-16,2019-03-01..2019-03-16]
in early March 2018 = [2018-03-01..2018-03-16]
mid-March 2018 = [2018-03-08..2018-03-24]
late March 2018 = [2018-03-16..2018-03-31]
mid-to-late March 2018 = [2018-03-08..2018-03-31]
early in February 2018 = [2018-02-01..2018-02-14]
mid-April = [2018-04-08..2018-04-23]
around March 2018 = 2018-03~
early 2017 = [2017-01..2017-06]
mid-2017 = [2017-04..2017-09]
late 2017 = [2017-07..2017-12]
at the beginning of 2017 = [2017-01..2017-06]
the middle of 2017 = [2017-04..2017-09]
the first half of 2017 = [2017-01..2017-06]
the second half of 2017 = [2017-07..2017-12]
the first quarter of 2018 = 2018-33
Q1 2018 = 2018-33
the fourth quarter of last year = 2017-36
the spring of 2018 = [2018-03-01..2018-06-22]
spring 2018 = [2018-03-01..2018-06-22]
in the fall of 2017 = [2017-09-01..2017-12-22]
last spring = [2017-03-01..2017-06-22]
this summer = [2018-06-01..2018-09-22]
next summer = [2018-06-01..2018-09-22,2019-06-01..2019-09-22]
in the autumn = [2017-09-01..2017-12-22,2018-09-01..2018-12-22]
in the spring = [2018-03-01..2018-06-22]
the winter of 2018 = [2017-12-01..2018-03-22,2018-12-01..2019-03-22]
winter 2017–18 = [2017-12-01..2018-03-22]
last winter = [2016-12-01..2017-03-22,2017-12-01..2018-03-22]
early in the summer of 2017 = [2017-06-01..2017-07-27]
the 1990s = 199X
the 1990’s = 199X
the early 1990s = [1990..1994]
the mid-1990s = [1992..1997]
the late 1990s = [1995..1999]
the nineties = 199X
the '90s = 199X
the twenties = [192X,202X]
the 1800s = 18XX
the 19th century = 18XX
the nineteenth century = 18XX
the late 19th century = [1850..1899]
the twenty-first century = 20XX
circa 1850 = 1850~
c. 1850 = 1850~
about 1850 = 1850~
around the 1850s = 185X~
possibly 1850 = 1850?
possibly about 1850 = 1850%
possibly late last week = [2018-03-29?..2018-04-01?]
perhaps on Tuesday = [2018-03-27?,2018-04-03?]
since March 20 = 2018-03-20/
since March 20, 2014 = 2014-03-20/
since May = 2017-05/
since Friday = 2018-03-30/
since Monday = [2018-03-26..]
since last Friday = 2018-03-30/
since last week = [2018-03-26..]
since early March = [2018-03-01..]
since 2014 = 2014/
since about 2014 = 2014~/
since the 1990s = 199X/
from March 20, 2018 on = 2018-03-20/
starting next month = 2018-05/
starting Tuesday = [2018-03-27..]
until March 20, 2018 = /2018-03-20
until Friday = [..2018-04-06]
through Friday = [..2018-04-06]
until 2014 = /2014
by the end of April = [..2018-04-30]
by Friday = [..2018-04-06]
by the end of the year = [..2018-12]
by mid-April = [..2018-04-23]
by 2019 = [..2019]
no later than May 5, 2018 = [..2018-05-05]
before March 20, 2018 = [..2018-03-19]
before 2017 = [..2017]
before April = [..2018-04]
before the end of April = [..2018-04-30]
before mid-April = [..2018-04-23]
after March 20, 2018 = [2018-03-21..]
after the end of April = [2018-05-01..]
after 2017 = [2017..]
after Friday = [2018-03-31..]
between March 20, 2018 and March 25, 2018 = [2018-03-20..2018-03-25]
between March 20 and 25, 2018 = [2018-03-20..2018-03-25]
between 20 and 25 March 2018 = [2018-03-20..2018-03-25]
between March 20 and March 25 = [2018-03-20..2018-03-25,2019-03-20..2019-03-25]
between Monday and Friday = [2018-03-26..2018-03-30,2018-04-02..2018-04-06]
between 2014 and 2016 = [2014..2016]
from March 20 to March 25, 2018 = 2018-03-20/2018-03-25
from March to May 2018 = 2018-03/2018-05
from December to March 2018 = 2017-12/2018-03
from December to March = [2017-12..2018-03,2018-12..2019-03]
from last year to this month = 2017/2018-04
from 2014 through 2016 = 2014/2016
March 20–25, 2018 = 2018-03-20/2018-03-25
20–25 March 2018 = 2018-03-20/2018-03-25
2014–2016 = 2014/2016
almost a year ago = [2016-02-15..2018-04-02]
nearly two days ago = [2018-03-28..2018-04-02]
about three weeks later = [2018-04-14..2018-05-02]
more than two weeks ago = [..2018-03-19]
over a week ago = [..2018-03-26]
at least three months ago = [..2018-01-02]
less than a month ago = [2018-03-02..2018-04-02]
no more than two weeks ago = [2018-03-19..2018-04-02]
more than two weeks later = [2018-04-16..]
two to three weeks ago = [2018-03-08..2018-03-23]
after the 1830s = [1830..]
before the beginning of April = [..2018-03-31]
prior to 20 March 2018 = [..2018-03-19]
on or after March 20, 2018 = [2018-03-20..]
Friday at 4 p.m. = [2018-03-30T16:00,2018-04-06T16:00]
Friday at 4 = [2018-03-30T04:00,2018-03-30T16:00,2018-04-06T04:00,2018-04-06T16:00]
March 20, 2018, 07:00 PM = 2018-03-20T19:00
20 March 2018 at 07:30 = 2018-03-20T07:30
20 March 2018 at 19:30:05 = 2018-03-20T19:30:05
yesterday at noon = 2018-04-01T12:00
midnight on 20 March 2018 = [2018-03-20T00:00,2018-03-21T00:00]
12 am on 20 March 2018 = 2018-03-20T00:00
12:30 pm on 20 March 2018 = 2018-03-20T12:30
a quarter to three on Friday afternoon = [2018-03-30T14:45,2018-04-06T14:45]
yesterday morning at 9 = 2018-04-01T09:00
tonight at 12 = 2018-04-03T00:00
Monday night at 2 = [2018-04-02T02:00,2018-04-03T02:00]
3 o'clock in the afternoon on March 20, 2018 = 2018-03-20T15:00
10 a.m. ET on March 20, 2018 = [2018-03-20T10:00-04:00,2018-03-20T10:00-05:00]
8:00 GMT on 20 March 2018 = [2018-03-20T08:00Z,2018-03-20T20:00Z]
about 4pm on 20 March 2018 = [2018-03-20T15:00..2018-03-20T17:00]
about midnight on 20 March 2018 = [2018-03-19T23:00..2018-03-20T01:00,2018-03-20T23:00..2018-03-21T01:00]
before 4pm on 20 March 2018 = [..2018-03-20T16:00]
after 4pm on 20 March 2018 = [2018-03-20T16:00..]
since 4pm on 20 March 2018 = 2018-03-20T16:00/
from 3pm to 5pm on 20 March 2018 = 2018-03-20T15:00/2018-03-20T17:00
22/04/2018 = 2018-04-22
21-04-2016 = 2016-04-21
2015/08/12 = 2015-08-12
2015-3-3 = 2015-03-03
23.4.2018 = 2018-04-23
4.3.2018 = [2018-03-04,2018-04-03]
31/Oct/1974 = 1974-10-31
14april 2015 = 2015-04-14
Wed, Feb13 = 2019-02-13
Thu, Feb 13 = [2014-02-13,2020-02-13]
first Friday of July = [2017-07-07,2018-07-06]
the last Sunday in October 2017 = 2017-10-29
the second to last day of May 2018 = 2018-05-30
first week of July 2018 = [2018-06-25..2018-07-08]
last week of September 2014 = [2014-09-22..2014-10-05]
the last weekend of October 2017 = [2017-10-28..2017-10-29]
Thursday the 5th = [2017-10-05,2018-04-05]
the 2nd = 2018-04-02
the 15th of last month = 2018-03-15
week of 4 June = [2017-05-29..2017-06-10,2018-06-04..2018-06-10]
this week Friday = 2018-04-06
last week's Tuesday = 2018-03-27
the Monday before last = 2018-03-19
nineteen eighty-four = 1984
in nineteen oh five = 1905
the nineteen eighties = 198X
the eighteen hundreds = 18XX
March first, two thousand and eighteen = 2018-03-01
twenty eighteen = 2018
ten sixty-six = 1066
November 19 to 20 = [2017-11-19..2017-11-20,2018-11-19..2018-11-20]
June–August 1992 = 1992-06/1992-08
1914-18 = 1914/1918
1914–18 = 1914/1918
2011–12 = 2011/2012
winter 2017–18 = [2017-12-01..2018-03-22]
44 BC = -0043
44 B.C.E. = -0043
1 BC = 0000
c. 44 BC = -0043~
AD 79 = 0079
79 CE = 0079
13th century = 12XX
early 13th century = [1200..1249]
the 3rd century BC = [-0299..-0199]
c1450 = 1450~
1743/44 = [1743..1744]
10 Feb. 1743/44 = [1744-02-10,1744-02-21]
25 October 1917 (O.S.) = 1917-11-07
29 February 1904 O.S. = 1904-03-13
Christmas Eve 2017 = 2017-12-24
New Year's Day 2018 = 2018-01-01
last Easter = [2017-04-16,2018-04-01]
Ash Wednesday 2018 = 2018-02-14
Whit Monday 1950 = 1950-05-29
Memorial Day 2018 = 2018-05-28
Easter 2019 = 2019-04-21
March 20, 2018 (?) = 2018-03-20?
(believed to be) March 20, 2018 = 2018-03-20?
March 2018 (approx.) = 2018-03~
1850 or 1851 = [1850..1851]
Monday or Tuesday = [2018-03-27,2018-04-02..2018-04-03]
the end of the year = [2018-07..2018-12]
end of month = [2018-04-16..2018-04-30]
about 24 hours ago = [2018-03-31..2018-04-02]
30 hours ago = [2018-03-31..2018-04-02]
over the next few hours = [2018-04-02..2018-04-03]
a year and two months ago = [2016-07-16..2017-11-16]
the day after Christmas 2017 = 2017-12-26
two weeks before Easter 2018 = [2018-03-14..2018-03-22]
a week after 4 June 2018 = [2018-06-07..2018-06-15]
the rest of the month = [2018-04-02..2018-04-30]
2016, Nov = 2016-11
upcoming month = 2018-05
past few days = [2018-03-25..2018-04-02]
"""

# ---- read from other days

ELSEWHERE = """
2018-04-05 | on Tuesday = [2018-04-03,2018-04-10]
2018-04-05 | last Tuesday = [2018-03-27,2018-04-03]
2018-04-05 | this Tuesday = [2018-04-03,2018-04-10]
2018-04-05 | next Tuesday = 2018-04-10
2018-04-05 | last weekend = [2018-03-31..2018-04-01]
2018-04-05 | earlier this week = [2018-04-02..2018-04-05]
2018-04-07 | this weekend = [2018-04-07..2018-04-08]
2018-04-07 | last weekend = [2018-03-31..2018-04-01]
2018-04-07 | next weekend = [2018-04-14..2018-04-15]
2018-04-08 | over the weekend = [2018-04-07..2018-04-08]
2018-04-08 | last week = [2018-03-26..2018-04-08]
2018-04-08 | late last week = [2018-03-29..2018-04-01,2018-04-05..2018-04-08]
2018-04-08 | last Tuesday = [2018-03-27,2018-04-03]
2018-04-08 | Tuesday of last week = [2018-03-27,2018-04-03]
2018-03-05 | on March 20 = 2018-03-20
2018-03-05 | since March 20 = 2017-03-20/
2018-03-05 | in March = 2018-03
2018-03-05 | from March 20 to March 25 = 2018-03-20/2018-03-25
2018-01-15 | last month = 2017-12
2018-01-15 | late last year = [2017-07..2017-12]
2018-01-15 | last December = 2017-12
2018-01-15 | last quarter = 2017-36
2018-12-15 | next January = 2019-01
2018-06-10 | last spring = [2017-03-01..2017-06-22,2018-03-01..2018-06-22]
2018-10-10 | this spring = [2018-03-01..2018-06-22]
2018-01-10 | this winter = [2017-12-01..2018-03-22]
2018-07-10 | the winter = [2017-12-01..2018-03-22,2018-12-01..2019-03-22]
2016-02-29 | a year ago today = 2015-02-28
2018-03-31 | a month ago today = 2018-02-28
2023-05-05 | the twenties = 202X
2000-05-05 | this century = [1900..2100]
2015-04-02 | March 20–25, 2018 = 2018-03-20/2018-03-25
2019-04-02 | March 20–25, 2018 = 2018-03-20/2018-03-25
"""

REFUSED = """
blursday
last blursday
late last
early
last
since
on
the
week
between March 20
from March 20 to
between Friday and blursday
since since 2014
early early March
late two weeks ago
early between March 20 and March 25
possibly since 2014
March 20 foo
foo March 20
two days
days
in the future
the night of last week
last March 2017
March 32
February 30
February 29, 2018
Wednesday, March 20, 2018
2018-02-30
2018-13
0000
13/13/2017
2018-17
summer 2017-18
winter 2017-19
the 0th century
from 2016 to 2014
9999 years ago
99999 days ago
centuries ago
Q5 2018
sepember 2018
march ٢٠ 2018
last-week's
for two days
9/3/19
31/Oct/74
the 0th of March
31 April 2018
30/30/2018
Friday at 25:00
Friday at 13 am
at 1030
ten thirty
March 20 at 4pm or so?
Easter 1500
Thanksgiving 1850
Independence Day 2018
Diwali 2018
26 March 1743/44
1743/45
0 BC
400–500 BC
the fifth Friday of July 2018
first week of Friday
the first Friday of summer 2018
0 AD
31 February 1900 O.S.
week of July
more than five hours ago
two days after the end of April
the day after next
"""


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


@pytest.mark.parametrize("line", lines(ACCEPTED))
def test_a_phrase_is_read_from_monday_2_april_2018(line: str) -> None:
    phrase, edtf = line.split(" = ")
    assert read_phrase(phrase, MONDAY).edtf == edtf
    Edtf(edtf)


@pytest.mark.parametrize("line", lines(ELSEWHERE))
def test_a_phrase_is_read_from_another_day(line: str) -> None:
    anchor, rest = line.split(" | ")
    phrase, edtf = rest.split(" = ")
    assert read_phrase(phrase, date.fromisoformat(anchor)).edtf == edtf
    Edtf(edtf)


@pytest.mark.parametrize("phrase", ["", " ", ".", *lines(REFUSED)])
def test_unreadable_phrases_are_refused_in_one_sentence(phrase: str) -> None:
    with pytest.raises(DateError) as caught:
        read_phrase(phrase, MONDAY)
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert caught.value.text == phrase


ABSOLUTE = """
March 20, 2018 = 2018-03-20
June–August 1992 = 1992-06/1992-08
from March 20 to March 25, 2018 = 2018-03-20/2018-03-25
22/04/2018 = 2018-04-22
4pm on 20 March 2018 = 2018-03-20T16:00
the third week of 2027 = [2027-01-11..2027-01-24]
13th century = 12XX
44 BC = -0043
after 1830 = [1830..]
Good Friday 2018 = 2018-03-30
about the middle of 2017? = [2016-12-30?..2017-12-31?]
"""


# ---- what looks like a date, or like a word of one, and is something else

HAZARDS = """
second
first
a second
one second
may not
may or may not
mr may
april may
march on
march madness
sunday school
the sat test
fall of rome
spring forward
first of all
second world war
20th century fox
1066 and all that
night
dawn
4-3
2-1
2 to 3
10 to 15
12 to 1
100 to 1
16:9
2:1
1.2.3
1.2.3.4
v1.2.2018
3.1415
1850.5
1,850
2,018
£1850
$1850
1850 pounds
1850 m
978-3-16-148410-0
0-306-40615-2
1-800-555-1234
555-1234
192.168.1.1
10/11/12
3/3/15
3 Aug 96
'96
24/7
9/11
50c
3p
page 12
12 pages
chapter 3
vol. 12
room 1850
year 10
Q5 2018
H3 2018
week 60 of 2018
7 years
24 hours
at 1030
at 2018
ten to four on 20 March 2018
the first or second week of May
from the first to the third week of May
first or second Friday of May
Easter 1500
Passover 1066
Diwali 2018
44 BC or AD
"""


@pytest.mark.parametrize("phrase", lines(HAZARDS))
def test_phrases_that_may_be_something_else_are_refused(phrase: str) -> None:
    with pytest.raises(DateError):
        read_when(phrase, Context(MONDAY))


@pytest.mark.parametrize(
    ("phrase", "members"),
    [
        ("1.2.2018", "2018-01-02 2018-02-01"),
        ("10/11/2012", "2012-10-11 2012-11-10"),
        ("thanksgiving", "2017-10-09 2017-11-23 2018-10-08 2018-11-22"),
        ("15 March 44 BC", "-0043-03-13 -0043-03-15"),
        ("2:30 on 20 March 2018", "2018-03-20T02:30 2018-03-20T14:30"),
        ("Eid al-Adha 1974", "1974-01-01..1974-01-09 1974-12-22..1974-12-30"),
        ("this Easter", "2018-04-01 2019-04-21"),
    ],
)
def test_a_phrase_that_may_mean_several_days_means_all_of_them(phrase: str, members: str) -> None:
    assert read_phrase(phrase, MONDAY).edtf == f"[{members.replace(' ', ',')}]"


@pytest.mark.parametrize(
    ("phrase", "first", "last"),
    [
        ("Rosh Hashanah 1973", "1973-09-26", "1973-09-28"),
        ("Yom Kippur 1973", "1973-10-05", "1973-10-06"),
        ("Hanukkah 2013", "2013-11-27", "2013-12-05"),
        ("Hanukkah 2018", "2018-12-02", "2018-12-10"),
        ("Purim 2024", "2024-03-23", "2024-03-25"),
        ("Passover 2018", "2018-03-30", "2018-04-07"),
        ("Shavuot 2018", "2018-05-19", "2018-05-21"),
    ],
)
def test_jewish_feasts_are_computed(phrase: str, first: str, last: str) -> None:
    assert read_phrase(phrase).edtf == f"[{first}..{last}]"


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("Ramadan 2018", "2018-05-17"),
        ("Ramadan 1977", "1977-08-16"),
        ("Eid al-Fitr 2018", "2018-06-15"),
        ("Eid al-Fitr 1975", "1975-10-06"),
        ("Eid al-Adha 1980", "1980-10-19"),
        ("Ashura 2017", "2017-10-01"),
    ],
)
def test_muslim_feasts_cover_the_day_on_which_they_were_kept(phrase: str, day: str) -> None:
    assert covers(read_phrase(phrase).edtf, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("year", "day"), [(1900, "1900-04-22"), (2016, "2016-05-01"), (2018, "2018-04-08"), (2024, "2024-05-05")]
)
def test_easter_of_the_orthodox_churches(year: int, day: str) -> None:
    assert read_phrase(f"Orthodox Easter {year}").edtf == day


def test_two_figures_are_a_year_only_after_a_pivot() -> None:
    said = Context(pivot=1950)
    for phrase, edtf in (
        ("3 Aug 96", "1996-08-03"),
        ("Aug 9, '12", "2012-08-09"),
        ("14th April 15", "2015-04-14"),
        ("Aug 96", "1996-08"),
        ("31-Oct-74", "1974-10-31"),
        ("10/11/12", "[2012-10-11,2012-11-10]"),
    ):
        assert read_when(phrase, said).edtf == edtf
    assert read_when("Aug 12", said._replace(anchor=MONDAY)).edtf == "[2017-08-12,2018-08-12]"


@pytest.mark.parametrize("line", lines(ABSOLUTE))
def test_absolute_phrases_need_no_anchor(line: str) -> None:
    phrase, edtf = line.split(" = ")
    assert read_phrase(phrase).edtf == read_phrase(phrase, MONDAY).edtf == edtf


@pytest.mark.parametrize(
    "phrase", ["yesterday", "on Tuesday", "March 20", "two weeks ago", "the '90s", "4pm", "since May", "4/20"]
)
def test_relative_phrases_need_an_anchor(phrase: str) -> None:
    with pytest.raises(DateError, match="anchor"):
        read_phrase(phrase)


def test_a_date_is_edtf_first_then_words() -> None:
    seen = Context(MONDAY)
    for text in ("2021?", "2018-03-20", "[1667,1668]", "-0043", "2014/.."):
        for said in (Context(), seen):
            assert read_when(text, said) == Reading(text, "edtf", "")
    assert read_when("late last week", seen).edtf == "[2018-03-29..2018-04-01]"
    assert read_when("March 20, 2018").edtf == "2018-03-20"
    assert read_when("1914-18").edtf == "1914/1918"


def test_a_season_that_may_be_a_span_of_years_is_read_with_a_warning() -> None:
    assert read_when("1921-22") == Reading(
        "1921-22",
        "edtf",
        "A span of years would be written 1921/1922; this is a part of the year 1921.",
    )
    assert read_when("1952-24").because == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2001-02-29", "2001-02 has no day 29"),
        ("2018-13-01", "13"),
        ("9/3/19", "any century"),
        ("last week", "anchor"),
        ("when the cows come home", "no rule knows"),
    ],
)
def test_text_that_is_neither_is_refused_as_what_it_looks_like(text: str, words: str) -> None:
    with pytest.raises(DateError, match=words):
        read_when(text)


def test_a_tense_and_an_order_settle_what_words_leave_open() -> None:
    assert read_phrase("on Tuesday", MONDAY, Context(tense="past")).edtf == "2018-03-27"
    assert read_phrase("on Tuesday", MONDAY, Context(tense="future")).edtf == "2018-04-03"
    assert read_phrase("on Monday", MONDAY, Context(tense="future")).edtf == "2018-04-02"
    assert read_phrase("3/4/2018", said=Context(order="day-first")).edtf == "2018-04-03"
    assert read_phrase("3/4/2018", said=Context(order="month-first")).edtf == "2018-03-04"
    for year, full in (("29", 2029), ("30", 1930), ("99", 1999)):
        assert read_phrase(f"31/12/{year}", said=Context(pivot=1930)).edtf == f"{full}-12-31"
    with pytest.raises(DateError):
        read_phrase("22/04/2018", said=Context(order="month-first"))


@pytest.mark.parametrize(
    "text", ["..2018-04-20", "2018-04-20..", "..20 April 2018", "20 April 2018...", "April 2018 .."]
)
def test_dots_that_may_mean_an_open_end_are_not_left_out(text: str) -> None:
    with pytest.raises(DateError):
        read_when(text)
    words = text.strip(" .")
    assert read_when(f'"{words}.".').edtf[:7] == "2018-04"


def test_a_refusal_names_the_part_that_it_cannot_read() -> None:
    with pytest.raises(DateError, match="'blursday'") as caught:
        read_phrase("since early on blursday", MONDAY)
    assert caught.value.part == "blursday"


def test_every_rule_is_documented_and_its_examples_hold() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.means.endswith("."), rule.name
        assert rule.examples, rule.name
        for phrase, edtf in rule.examples.items():
            reading = read_phrase(phrase, MONDAY)
            assert (reading.edtf, reading.rule) == (edtf, rule.name), phrase
            Edtf(edtf)


def test_the_reading_explains_itself_with_dates() -> None:
    assert read_phrase("late last week", MONDAY).because == (
        "Late (the last half, rounded outward) in last week, seen from 2018-04-02, is 2018-03-29 to 2018-04-01."
    )
    assert read_phrase("Tuesday", MONDAY).because == (
        "Tuesday, seen from 2018-04-02, is 2018-03-27 or 2018-04-03, and the words do not say which."
    )
    assert read_phrase("summer 2016").because == "Summer of 2016 is 2016-06-01 to 2016-09-22."
    assert read_phrase("25 Oct 1917 O.S.").because == (
        "25 October of 1917, moved from the Julian calendar, is 1917-11-07."
    )
    assert read_phrase("by Friday", MONDAY).rule == "by"
    assert read_phrase("by the end of April", MONDAY).because == (
        "By the end of April 2018 at the latest, which is 2018-04-30."
    )


@pytest.mark.parametrize("phrase", ["since winter", "since the spring", "since the autumn"])
def test_dates_before_the_calendar_begins_are_refused(phrase: str) -> None:
    with pytest.raises(DateError, match="had begun"):
        read_phrase(phrase, date(1, 1, 5))


@pytest.mark.parametrize(
    "hostile",
    [
        "early " * 2000,
        "between and " * 900,
        "a " * 5000,
        "c " * 99,
        "about " * 33,
        "from to " * 24,
        "between a and " * 14,
        "1-" * 99,
        "twenty " * 28,
        "monday in the night " * 9,
    ],
)
def test_hostile_phrases_are_refused(hostile: str) -> None:
    with pytest.raises(DateError):
        read_phrase(hostile, MONDAY)


def test_anchors_at_the_ends_of_the_calendar_are_refused_not_narrowed() -> None:
    for phrase, anchor in [
        ("yesterday", date.min),
        ("tomorrow", date.max),
        ("in March", date(2, 1, 1)),
        ("in March", date(9998, 1, 1)),
        ("next year", date(9999, 5, 5)),
        ("since Monday", date(1, 1, 5)),
    ]:
        with pytest.raises(DateError, match="years 1 to 9999"):
            read_phrase(phrase, anchor)


# ---- what always holds

anchors = st.dates(date(1000, 1, 1), date(9000, 12, 31))
any_anchors = st.dates()


def covers(edtf: str, day: date) -> bool:
    """Whether one member of the text has room for something that happened on the day."""
    members = [edtf]
    if edtf.startswith("["):
        members = [f"[{m}]" if ".." in m else m for m in edtf[1:-1].split(",")]
    tick = (day - EPOCH).days * TICKS
    for member in members:
        corners = Edtf(member).corners()
        early = corners.start_min is None or corners.start_min <= tick
        if early and (corners.end_max is None or tick + TICKS <= corners.end_max):
            return True
    return False


def days_in(edtf: str) -> list[date]:
    return [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", edtf)]


@given(anchor=any_anchors, rule=st.sampled_from(RULES))
def test_examples_read_from_any_day_parse_or_are_refused(anchor: date, rule: Rule) -> None:
    for phrase in rule.examples:
        try:
            reading = read_phrase(phrase, anchor)
        except DateError:
            assert not 120 < anchor.year < 9900 or "Tuesday, March 20" in phrase
        else:
            Edtf(reading.edtf)


@given(
    anchor=anchors,
    index=st.integers(0, 6),
    how=st.sampled_from(["", "on ", "last ", "next ", "this ", "this past ", "this coming ", "late on "]),
)
def test_weekdays_fall_on_their_weekday_within_two_weeks(anchor: date, index: int, how: str) -> None:
    days = days_in(read_phrase(how + WEEKDAYS[index], anchor).edtf)
    assert days
    assert all(day.weekday() == index and abs((day - anchor).days) <= 14 for day in days)
    if "last" in how or "past" in how:
        assert all(day < anchor for day in days)
    if "next" in how or "coming" in how:
        assert all(day > anchor for day in days)


@given(anchor=anchors, ahead=st.integers(-6, 6))
def test_a_bare_weekday_covers_every_day_so_called_within_a_week(anchor: date, ahead: int) -> None:
    day = anchor + ahead * DAY
    assert covers(read_phrase(WEEKDAYS[day.weekday()], anchor).edtf, day)


@given(anchor=anchors, back=st.integers(1, 6))
def test_last_weekday_covers_the_latest_and_the_one_of_the_calendar_week_before(anchor: date, back: int) -> None:
    day = anchor - back * DAY
    phrase = f"last {WEEKDAYS[day.weekday()]}"
    assert covers(read_phrase(phrase, anchor).edtf, day)
    monday = anchor - (anchor.weekday() + 7) * DAY
    assert covers(read_phrase(phrase, anchor).edtf, monday + day.weekday() * DAY)


@given(anchor=anchors, count=st.integers(0, 9999))
def test_days_ago_and_later_are_exact(anchor: date, count: int) -> None:
    ago = read_phrase(f"{count} days ago", anchor).edtf
    assert ago == (anchor - count * DAY).isoformat()
    later = read_phrase(f"{count} days later", anchor).edtf
    assert later == (anchor + count * DAY).isoformat()


@example(anchor=date(2001, 3, 1), back=44)
@given(anchor=anchors, back=st.integers(1, 4000))
def test_rounded_distances_cover_what_they_are_used_for(anchor: date, back: int) -> None:
    day = anchor - back * DAY
    for unit, length in ("week", 7), ("month", 30.44), ("year", 365.25):
        if (count := round(back / length)) and abs(back / length - count) < 0.45:
            assert covers(read_phrase(f"{count} {unit}s ago", anchor).edtf, day)
            assert covers(read_phrase(f"about {count} {unit}s ago", anchor).edtf, day)
    if count := anchor.year - day.year:
        assert covers(read_phrase(f"{count} years ago", anchor).edtf, day)


@given(
    anchor=anchors,
    count=st.integers(1, 120),
    unit=st.sampled_from(["day", "week", "month", "year", "decade", "century"]),
    how=st.sampled_from(["", "about ", "nearly ", "almost ", "around about ", "less than ", "more than "]),
    way=st.sampled_from(["ago", "later"]),
)
def test_ago_and_later_never_pass_the_anchor(anchor: date, count: int, unit: str, how: str, way: str) -> None:
    words = "centuries" if unit == "century" else f"{unit}s"
    try:
        edtf = read_phrase(f"{how}{count} {words} {way}", anchor).edtf
    except DateError:
        assert unit in ("decade", "century", "year")  # further than the calendar reaches
        return
    corners = Edtf(edtf.replace("~", "")).corners()
    tick = (anchor - EPOCH).days * TICKS
    if way == "ago":
        assert corners.end_max is not None
        assert corners.end_max <= tick + TICKS
    else:
        assert corners.start_min is not None
        assert corners.start_min >= tick


@given(anchor=anchors, index=st.integers(0, 6))
def test_previous_and_following_are_read_like_last_and_next(anchor: date, index: int) -> None:
    for one, other in ("previous", "last"), ("following", "next"):
        for what in (WEEKDAYS[index], "weekend", "March", "summer", "Christmas"):
            assert read_phrase(f"the {one} {what}", anchor).edtf == read_phrase(f"the {other} {what}", anchor).edtf


@given(day=anchors)
def test_a_limit_keeps_the_year_or_month_that_it_names(day: date) -> None:
    for named in (f"{day.year}", f"{day:%B} {day.year}"):
        assert covers(read_phrase(f"before {named}", day).edtf, day)
        assert covers(read_phrase(f"after {named}", day).edtf, day)


@given(day=st.dates(date(1000, 1, 1), date(9990, 12, 31)))
def test_figures_are_read_in_every_order_that_the_calendar_has(day: date) -> None:
    for sign in "/-.":
        for text in (
            f"{day.day}{sign}{day.month}{sign}{day.year}",
            f"{day.month:02}{sign}{day.day:02}{sign}{day.year}",
        ):
            assert covers(read_phrase(text).edtf, day)
        if sign != "-":
            assert read_phrase(f"{day.year}{sign}{day.month}{sign}{day.day}").edtf == day.isoformat()


@given(day=st.dates(date(1000, 1, 1), date(9990, 12, 31)), minute=st.integers(0, 1439))
def test_a_time_of_day_covers_the_minute_however_it_is_written(day: date, minute: int) -> None:
    hour, minute = divmod(minute, 60)
    want = f"{day}T{hour:02}:{minute:02}"
    half, twelve = ("am" if hour < 12 else "pm"), hour % 12 or 12
    on = f"{day:%B} {day.day}, {day.year}"
    assert read_phrase(f"{twelve}:{minute:02} {half} on {on}").edtf == want
    assert read_phrase(f"{on}, at {twelve}:{minute:02}{half}").edtf == want
    assert want in read_phrase(f"{hour}:{minute:02} on {on}").edtf


@given(day=st.dates(date(1000, 1, 1), date(9990, 12, 31)))
def test_counted_days_and_weeks_of_a_month_contain_the_day(day: date) -> None:
    number, month = (day.day - 1) // 7, f"{day:%B} {day.year}"
    nth = ("first", "second", "third", "fourth", "fifth")[number]
    assert read_phrase(f"the {nth} {WEEKDAYS[day.weekday()]} of {month}").edtf == day.isoformat()
    assert covers(read_phrase(f"the {nth} week of {month}").edtf, day)
    assert covers(read_phrase(f"the week of {day:%B} {day.day}, {day.year}").edtf, day)


@pytest.mark.parametrize(
    ("year", "easter"),
    [
        (1818, "03-22"),
        (1943, "04-25"),
        (1954, "04-18"),
        (1961, "04-02"),
        (1981, "04-19"),
        (2000, "04-23"),
        (2038, "04-25"),
    ],
)
def test_easter_is_the_first_sunday_after_the_full_moon_of_spring(year: int, easter: str) -> None:
    assert read_phrase(f"Easter {year}").edtf == f"{year}-{easter}"


@given(anchor=anchors, day=anchors)
def test_parts_of_a_year_and_a_month_leave_no_day_out(anchor: date, day: date) -> None:
    for period, place, size in (
        (f"{day:%B} {day.year}", day.day - 1, 28),
        (f"{day.year}", day.timetuple().tm_yday - 1, 365),
    ):
        early, mid, late = (
            covers(read_phrase(f"{part} {period}", anchor).edtf, day) for part in ("early", "mid", "late")
        )
        assert early or late
        if place < size * 0.45:
            assert early
        if size * 0.3 < place < size * 0.7:
            assert mid
        if place > size * 0.6:
            assert late


@given(anchor=anchors, day=anchors)
def test_a_full_date_is_itself_however_it_is_written(anchor: date, day: date) -> None:
    month = f"{day:%B}"
    for phrase in (
        f"{month} {day.day}, {day.year}",
        f"{day.day} {month} {day.year}",
        f"on {WEEKDAYS[day.weekday()]}, {month[:3]}. {day.day}, {day.year}",
        day.isoformat(),
    ):
        assert read_phrase(phrase, anchor).edtf == day.isoformat()
    wrong = WEEKDAYS[(day.weekday() + 1) % 7]
    with pytest.raises(DateError):
        read_phrase(f"{wrong}, {month} {day.day}, {day.year}", anchor)


@given(anchor=anchors, days=st.integers(-300, 300))
def test_a_date_without_a_year_covers_the_nearest_on_its_side(anchor: date, days: int) -> None:
    day = anchor + days * DAY
    if day.month != anchor.month or day.year == anchor.year:
        assert covers(read_phrase(f"{day:%B} {day.day}", anchor).edtf, day)
        assert covers(read_phrase(f"in {day:%B}", anchor).edtf, day)
    if day <= anchor:
        assert covers(read_phrase(f"since {day:%B} {day.day}", anchor).edtf, day)


@given(day=anchors, more=st.integers(0, 400))
def test_directions_reach_as_far_as_their_words(day: date, more: int) -> None:
    said = f"{day:%B} {day.day}, {day.year}"
    assert covers(read_phrase(f"by {said}", day).edtf, day - more * DAY)
    assert covers(read_phrase(f"since {said}", day).edtf, day + more * DAY)
    assert covers(read_phrase(f"until {said}", day).edtf, day - more * DAY)
    assert covers(read_phrase(f"before {said}", day).edtf, day - (more + 1) * DAY)
    assert not covers(read_phrase(f"before {said}", day).edtf, day)
    assert covers(read_phrase(f"after {said}", day).edtf, day + (more + 1) * DAY)
    assert not covers(read_phrase(f"after {said}", day).edtf, day)


WORDS = re.findall(
    r"\S+",
    "since by before after until through from to between and early mid late the end of beginning "
    "first half last next this past coming week weekend month year decade century two a few several "
    "days weeks years ago later today yesterday night morning monday friday march april 20 25 2018 "
    "1990s twenties 19th spring winter quarter q1 about possibly around on in at over 2017-18 - "
    "earlier so far 0 31 feb 29 9999 1 32nd recent within",
)


@given(words=st.lists(st.sampled_from(WORDS), max_size=8), anchor=any_anchors)
def test_any_words_are_read_or_refused(words: list[str], anchor: date) -> None:
    try:
        reading = read_phrase(" ".join(words), anchor)
    except DateError:
        return
    Edtf(reading.edtf)
    assert reading.because.endswith(".")


@given(phrase=st.text(max_size=300), anchor=any_anchors)
def test_any_text_is_read_or_refused(phrase: str, anchor: date) -> None:
    try:
        Edtf(read_phrase(phrase, anchor).edtf)
    except DateError:
        return


@given(line=st.sampled_from(lines(ACCEPTED)), junk=st.sampled_from(["foo", "xyz", "of", "qqq 3"]))
def test_one_unknown_word_makes_a_phrase_unreadable(line: str, junk: str) -> None:
    phrase = line.split(" = ")[0].rstrip(".”")
    for spoiled in (f"{phrase} {junk}", f"{junk} {phrase}"):
        with pytest.raises(DateError):
            read_phrase(spoiled, MONDAY)


def _follows(rule: Rule, text: str) -> bool:
    """Whether a text that a rule's pattern matches has one of the rule's signs."""
    return not rule.signs or rule.match(text) is None or not rule.signs.isdisjoint(signs_of(text))


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.signs], ids=lambda rule: rule.name)
def test_text_that_a_pattern_matches_has_a_sign_of_its_rule(rule: Rule) -> None:
    texts = [
        *(line.split(" = ")[0] for line in lines(ACCEPTED)),
        *(example for other in RULES for example in other.examples),
    ]
    assert [text for text in map(plain, texts) if not _follows(rule, text)] == []


@given(words=st.lists(st.sampled_from(WORDS), max_size=8))
def test_no_words_match_a_pattern_without_a_sign_of_its_rule(words: list[str]) -> None:
    text = plain(" ".join(words))
    assert [rule.name for rule in RULES if not _follows(rule, text)] == []


@pytest.mark.parametrize(
    "text", ["44bc", "44 b c e", "c1850", "ca1850", "3ham", "threeam", "3 thirtypm", "ad79", "79ad", "believed) 1850"]
)
def test_a_sign_is_seen_where_figures_or_letters_touch_it(text: str) -> None:
    assert all(_follows(rule, text) for rule in RULES)
