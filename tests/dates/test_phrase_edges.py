"""Phrases at the limits of what a rule reads: what is still read, and what is refused and why."""

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
20 March 2018 pm = 2018-03-20
20 March 1230 pm = [2018-03-20T12:30,2019-03-20T12:30]
between 10 and 11:30 on 20 March 2018 = 2018-03-20
20 March 2018 (3pm) = 2018-03-20T15:00
20 March 2018 (morning) = 2018-03-20
20 Mar 2018 09:04:05 +0000 = 2018-03-20T09:04:05+00:00
20Mar2018 0904 hours = 2018-03-20T09:04
13-4-2018, 02:00 AM = 2018-04-13T02:00
2018-03-20 17:00:00/2018-03-21 21:00:00 = 2018-03-20T17:00:00/2018-03-21T21:00:00
from July 13-15, 2018 = 2018-07-13/2018-07-15
the night of May 1/2, 2018 = [2018-05-01..2018-05-02]
weekend of Monday 7 May 2018 = [2018-05-05..2018-05-06]
w/e 8 June 2018 = [2018-06-02..2018-06-08]
1 and 2 May = [2017-05-01..2017-05-02,2018-05-01..2018-05-02]
March & May 2018 = {2018-03,2018-05}
December/January 2018 = [2017-12..2018-01,2018-12]
autumn/winter 2018 = [2017-12-01..2018-03-22,2018-09-01..2019-03-22]
1st-3rd May 2018 = 2018-05-01/2018-05-03
15th-16th century = 14XX/15XX
early-to-mid 2015 = [2015-01..2015-09]
beg. May 2018 = [2018-05-01..2018-05-16]
the noughties = 200X
c17 AD = 0017~
the 1st millennium BC = [-0999..0000]
from 2015 onwards = 2015/
shortly after 5 July 2016 = [2016-07-06..]
shortly before Easter 2017 = [..2017-04-15]
shortly after 4pm on 3 May 2016 = [2016-05-03T16:00..]
in the night to Saturday = [2018-03-30..2018-03-31,2018-04-06..2018-04-07]
in the night to Sunday, 18 September 2016 = [2016-09-17..2016-09-18]
the night of 16 to 17 September 2016 = [2016-09-16..2016-09-17]
the night from 16 to 17 September 2016 = [2016-09-16..2016-09-17]
the night of Friday to Saturday = [2018-03-30..2018-03-31,2018-04-06..2018-04-07]
the night of 1-2 May 2018 at 2am = [2018-05-01T02:00,2018-05-02T02:00]
3-5/5/2016 = 2016-05-03/2016-05-05
3–5.5.2016 = 2016-05-03/2016-05-05
Q2/2016 = 2016-34
Q2-2016 = 2016-34
2016-Q2 = 2016-34
H1/2016 = 2016-40
2016 (spring) = [2016-03-01..2016-06-22]
2016 (May) = 2016-05
early May (2016) = [2016-05-01..2016-05-16]
3 May 2016 or later = [2016-05-03..]
no earlier than 1 Feb 2017, no later than 15 Feb 2017 = [2017-02-01..2017-02-15]
on or after 1 May 2016 but before 4 May 2016 = [2016-05-01..2016-05-03]
within a week of 3 May 2016 = [2016-04-22..2016-05-14]
within two days of 3 May 2016 = [2016-05-01..2016-05-05]
16/17 Sept 2016 = [2016-09-16..2016-09-17]
Sept./Oct. 2015 = [2015-09..2015-10]
late June/early July 2016 = [2016-06-16..2016-07-16]
1 June 2018 at the latest = [..2018-06-01]
June 2018 at the earliest = [2018-06..]
1 May 2018 to the present = 2018-05-01/
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
between 3 March 2018 and 3pm: one is a time of day, the other is not
between 10 and 11:30: it does not say what it counts
Tue Mar 20 15:04:05 BST 2018: no rule knows these words
2 and 1 May 2018: they are not in order
28 and 29 February: they are not in order
the night of 1-3 May 2018: the days do not follow each other
weekend of 9 May 2018: no weekend is there
the weekend of May 2018: 'may 2018' is not a day
the week ending May 2018: 'may 2018' is not a day
the 0th millennium: there is none
2015-03-: no rule knows these words
as of May 2018: it may mean since may 2018 or by then; say which
31 June 2016: June has only 30 days
29 February 2015: February 2015 has only 28 days
February 30: February has only 29 days
5/3-5/2016: it does not say which of the figures are days, and which are months
30.-31.6.2016: the calendar has no such date
5-3/5/2016: its end comes before its beginning
after 15 Feb 2017 and before 1 Feb 2017: its end comes before its beginning
shortly before midnight: it does not say on which day
the night to March 2018: 'march 2018' is not a day
within two days of early May 2018: 'early may 2018' is not a day
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
