"""Hours in a part of a day: a night runs on into the next day, and an hour that does not lie in the part is refused."""

from __future__ import annotations

from datetime import date

import pytest

from factstore.dates.phrases import read_phrase
from factstore.errors import DateError

MONDAY = date(2018, 4, 9)

READ = """
last night at 2am = 2018-04-09T02:00
last night at 12:30 = 2018-04-09T00:30
last night at 12:30 am = 2018-04-09T00:30
last night at 0:30 = 2018-04-09T00:30
last night at 02:00 = [2018-04-08T02:00,2018-04-09T02:00]
3 o'clock last night = [2018-04-08T03:00,2018-04-09T03:00]
around 2am last night = [2018-04-09T01:00..2018-04-09T03:00]
overnight at 2am = 2018-04-09T02:00
the night before at 2am = 2018-04-09T02:00
last night at 11pm = 2018-04-08T23:00
23:00 last night = 2018-04-08T23:00
tonight at 1am = 2018-04-10T01:00
3 a.m. tonight = 2018-04-10T03:00
tonight at 5pm = 2018-04-09T17:00
tonight at 12 = 2018-04-10T00:00
tonight at midnight = 2018-04-10T00:00
midnight last night = 2018-04-09T00:00
10 past twelve on 3 May 2018 = [2018-05-03T00:10,2018-05-03T12:10]
a quarter to one on 3 May 2018 = [2018-05-03T00:45,2018-05-03T12:45]
a quarter to one pm on 3 May 2018 = 2018-05-03T12:45
a quarter to one last night = 2018-04-09T00:45
noon this afternoon = 2018-04-09T12:00
tomorrow night at 1am = [2018-04-10T01:00,2018-04-11T01:00]
yesterday night at 1am = [2018-04-08T01:00,2018-04-09T01:00]
Monday night at 2 = [2018-04-09T02:00,2018-04-10T02:00]
the night of 3 May 2018 at 2am = [2018-05-03T02:00,2018-05-04T02:00]
at 2am on the night of 3 May 2018 = [2018-05-03T02:00,2018-05-04T02:00]
1 at night on 3 May 2018 = [2018-05-03T01:00,2018-05-04T01:00]
9 p.m. on the night of 3 May 2018 = 2018-05-03T21:00
this evening at 1am = [2018-04-09T01:00,2018-04-10T01:00]
this morning at 12 = [2018-04-09T00:00,2018-04-09T12:00]
from 1am to 3am last night = 2018-04-09T01:00/2018-04-09T03:00
last night from 11pm to 2am = 2018-04-08T23:00/2018-04-09T02:00
from 1am to 3am on the night of 3 May 2018 = [2018-05-03..2018-05-04]
0:30 pm on 3 May 2018 = 2018-05-03T12:30
0.30pm on 3 May 2018 = 2018-05-03T12:30
0:00 pm on 3 May 2018 = 2018-05-03T12:00
0:30 am on 3 May 2018 = 2018-05-03T00:30
15:00 pm on 3 May 2018 = 2018-05-03T15:00
"""

REFUSED = """
15:00 am on 3 May 2018: there is no such time
tonight at 8am: it does not lie in that part of the day
noon last night: it does not lie in that part of the day
13:00 tonight: it does not lie in that part of the day
this evening at 8am: it does not lie in that part of the day
this morning at 8pm: it does not lie in that part of the day
yesterday morning at 11pm: it does not lie in that part of the day
7am on Friday night: it does not lie in that part of the day
3am in the afternoon on 3 May 2018: it does not lie in that part of the day
from 8am to 9am last night: it does not lie in that part of the day
"""


@pytest.mark.parametrize("line", READ.strip().splitlines())
def test_it_is_read(line: str) -> None:
    phrase, edtf = line.split(" = ")
    assert read_phrase(phrase, MONDAY).edtf == edtf


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
def test_it_is_refused_and_why(line: str) -> None:
    phrase, why = line.rsplit(": ", 1)
    with pytest.raises(DateError) as refused:
        read_phrase(phrase, MONDAY)
    assert str(refused.value).endswith(f"{why}.")
