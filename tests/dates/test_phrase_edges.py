"""Phrases at the edge of what a rule reads: what is still read, and what is refused and why."""

from __future__ import annotations

from datetime import date

import pytest

from factstore.dates.phrases import read_phrase
from factstore.errors import DateError

ANCHOR = date(2018, 4, 2)

READ = """
quarter to midnight on 20 March 2018 = [2018-03-19T23:45,2018-03-20T23:45]
20 March 2018 at a quarter past noon = 2018-03-20T12:15
20 March 2018 at half past three = [2018-03-20T03:30,2018-03-20T15:30]
20 March 2018 at 3:15:20 pm = 2018-03-20T15:15:20
20 March 2018, between 11 and noon = 2018-03-20T11:00/2018-03-20T12:00
9-11am = [2018-04-01..2018-04-03]
from 3pm to 5pm = [2018-04-01..2018-04-03]
Friday from 3pm to 5pm = [2018-03-30,2018-04-06]
last night at 11 = 2018-04-01T23:00
5 March 1743 N.S. = 1743-03-05
March-5-2021 = 2021-03-05
Mar-5-2021 = 2021-03-05
the second quarter 2018 = 2018-34
2017 Q4 = 2017-36
the rest of the day = 2018-04-02
later in the 1990s = 199X
earlier this century = [2000-01-01..2018-04-02]
the past few days = [2018-03-25..2018-04-02]
early June or July 2018 = [2018-06-01..2018-06-15,2018-07]
the second week of May 2018 or June 2018 = [2018-05-07..2018-05-20,2018-06]
from the Monday after 5 March 2018 to Friday = [2018-03-12..2018-04-06]
25 December to 3 January = [2017-12-25..2018-01-03,2018-12-25..2019-01-03]
"""

REFUSED = """
20 March 2018 at 60 minutes past 3: there is no such time
14:61 on 20 March 2018: there is no such time
20 March 2018, from 5pm to 3pm: its end comes before its beginning
20 March 2018, ten to four pm: it may be minutes before the hour, or hours
March 2018, from 3pm to 5pm: 'march 2018' is not a day
20 or 21 March 2018, from 3pm to 5pm: '20 or 21 march 2018' is not a day
about 3pm EST on 20 March 2018: a time with an offset cannot be approximate
the Monday after March: 'march' is not a day
a few Fridays ago: it does not say how many
0 Fridays ago: it does not say how many
the 54th week of 2018: there are not that many
the 0th week of 2018: there are not that many
the fifth Friday of February 2018: there are not that many
this Friday this week: it says twice which one is meant
19th to 17th centuries: its end comes before its beginning
17th–15th centuries: its end comes before its beginning
some day in 20 March 2018: '20 march 2018' is not a stretch of time
44-50 BC: its end comes before its beginning
0 BC: there was no year 0
5 March 0 AD: there was no year 0
before 44-43 BC: only a single year can be a limit
30 February 44 AD: the calendar has no such day
10 February 1743/45: the second year does not follow the first
March 2018 O.S.: 'march 2018' is not a day
Sunday, 13/4/2018: is a Friday, not a Sunday
the first or second week of May: it does not say what it counts
between 3 March 2018 and 1 March 2018: its end comes before its beginning
"""


@pytest.mark.parametrize("line", READ.strip().splitlines())
def test_it_is_read(line: str) -> None:
    phrase, edtf = line.split(" = ")
    assert str(read_phrase(phrase, ANCHOR).edtf) == edtf


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
def test_it_is_refused_and_why(line: str) -> None:
    phrase, why = line.rsplit(": ", 1)
    with pytest.raises(DateError) as refused:
        read_phrase(phrase, ANCHOR)
    assert str(refused.value).endswith(f"{why}.")
