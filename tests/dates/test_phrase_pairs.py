"""Two dates of which one takes its year, month or mark from the other, and dates that only fit in the wrong order."""

from __future__ import annotations

from datetime import date

import pytest

from factstore.dates.phrases import Context, read_when
from factstore.errors import DateError

READ = """
on 30 June or 1 July 2016 = [2016-06-30..2016-07-01]
on June 30 or July 1, 2016 = [2016-06-30..2016-07-01]
on 30 June or on 1 July 2016 = [2016-06-30..2016-07-01]
possibly on 30 June or 1 July 2016 = [2016-06-30?..2016-07-01?]
May 3 or 4, 2018 = [2018-05-03..2018-05-04]
either Monday 4 or Tuesday 5 July 2016 = [2016-07-04..2016-07-05]
on the 3rd or 4th of May 2018 = [2018-05-03..2018-05-04]
on 3, 4 or 5 May 2018 = [2018-05-03..2018-05-05]
in May or June 2016 = [2016-05..2016-06]
in May or in June 2016 = [2016-05..2016-06]
either in May or June 2016 = [2016-05..2016-06]
in May, June or July 2016 = [2016-05..2016-07]
in late May or early June 2016 = [2016-05-16..2016-06-15]
in mid-May or June 2016 = [2016-05-08..2016-05-24,2016-06]
at the end of May or the beginning of June 2016 = [2016-05-16..2016-06-15]
in December or January 2018 = [2017-12..2018-01,2018-12]
on Christmas Eve or Christmas Day 2016 = [2016-12-24..2016-12-25]
Monday or Tuesday 5 July 2016 = [2016-07-04..2016-07-05]
on Monday or Tuesday, 5 July 2016 = [2016-07-04..2016-07-05]
Friday or Tuesday 5 July 2016 = [2016-07-01,2016-07-05,2016-07-08]
Friday 3 June or Saturday 4 June 2016 = [2016-06-03..2016-06-04]
from Monday to Friday 8 July 2016 = 2016-07-04/2016-07-08
between Friday and Sunday 8 July 2018 = [2018-07-06..2018-07-08]
10 August 2013 - 12 September = 2013-08-10/2013-09-12
from 5 May 2018 to the following day = 2018-05-05/2018-05-06
the last week of May or first week of June 2016 = [2016-05-23..2016-06-12]
between the last week of May and the first week of June 2016 = [2016-05-23..2016-06-12]
between Christmas and New Year 2015 = [2014-12-25..2015-01-01,2015-12-25..2016-01-01]
Christmas to New Year 2015 = [2014-12-25..2015-01-01,2015-12-25..2016-01-01]
from Christmas Eve to New Year's Day 2015 = [2014-12-24..2015-01-01,2015-12-24..2016-01-01]
Christmas or New Year 2015 = [2014-12-25,2015-01-01,2015-12-25,2016-01-01]
between Christmas 2015 and New Year 2016 = [2015-12-25..2016-01-01]
between Easter and Christmas 2015 = [2015-04-05..2015-12-25]
between Christmas and 5 January 2016 = [2015-12-25..2016-01-05]
from December to March 2018 = 2017-12/2018-03
from September to June 2018 = 2017-09/2018-06
28 December to 3 January 2018 = 2017-12-28/2018-01-03
c. 1450-1460 = 1450~/1460~
ca 1450 to 1460 = 1450~/1460~
approximately 1914–1918 = 1914~/1918~
around 1914-18 = 1914~/1918~
c. 12 to 14 May 2018 = 2018-05-12~/2018-05-14~
c. 1450 - c. 1460 = 1450~/1460~
about March to May 2018 = 2018-03~/2018-05~
from about 1450 to 1460 = 1450~/1460
~1450-1460 = 1450~/1460~
1450-1460 (approx.) = 1450~/1460~
1450 to 1460 or so = 1450~/1460~
possibly 1450-1460 = 1450?/1460?
1450-1460? = 1450?/1460?
perhaps 3 to 5 May 2018 = 2018-05-03?/2018-05-05?
possibly c. 1450-1460 = 1450%/1460%
3pm or 4pm on 3 May 2018 = [2018-05-03T15:00,2018-05-03T16:00]
around Christmas 2016 = [2016-12-18..2017-01-01]
around Easter 1916 = [1916-04-16..1916-04-30]
about Passover 2018 = [2018-03-23..2018-04-14]
summer 2016 = [2016-06-01..2016-09-22]
late summer 2016 = [2016-07-28..2016-09-22]
winter 2016-17 = [2016-12-01..2017-03-22]
Veterans Day 1970 = 1970-11-11
Veterans Day 1971 = [1971-10-25,1971-11-11]
Veterans Day 1978 = 1978-11-11
Armistice Day 1975 = 1975-11-11
29 February 1900 O.S. = 1900-03-13
29.2.1900 O.S. = 1900-03-13
1900-02-29 O.S. = 1900-03-13
29 February 1800 (O.S.) = 1800-03-12
10 February 1649 O.S. = [1649-02-20,1650-02-20]
24 March 1751 O.S. = [1751-04-04,1752-04-04]
25 March 1649 O.S. = 1649-04-04
10 February 1752 O.S. = 1752-02-21
1649-02-10 O.S. = [1649-02-20,1650-02-20]
10.2.1649 O.S. = [1649-02-20,1649-10-12,1650-02-20]
10 February 1648/49 O.S. = 1649-02-20
Tuesday 30 January 1648 O.S. = 1649-02-09
25.10.1917 O.S. = 1917-11-07
"""

REFUSED = """
5-3 May 2018: its end comes before its beginning
8-5 May 2018: its end comes before its beginning
from 5 to 3 May 2018: its end comes before its beginning
between 5 and 3 May 2018: its end comes before its beginning
May 5-3, 2018: its end comes before its beginning
5 May to 3 April 2018: its end comes before its beginning
June-May 2018: its end comes before its beginning
the week of 5 or 12 May 2018: it does not say what each number counts
29 February 1899 O.S.: the Julian calendar has no such day
30 February 1900 O.S.: the Julian calendar has no such day
Monday 30 January 1648 O.S.: not a Monday
25 March 1648/49 O.S.: from 25 March on, both counts gave the same year
"""


@pytest.mark.parametrize("line", READ.strip().splitlines())
@pytest.mark.parametrize("anchor", [None, date(2018, 4, 2), date(2016, 1, 1)])
def test_it_is_read_the_same_from_any_day(line: str, anchor: date | None) -> None:
    phrase, edtf = line.split(" = ")
    assert read_when(phrase, Context(anchor)).edtf == edtf


@pytest.mark.parametrize("line", REFUSED.strip().splitlines())
@pytest.mark.parametrize("anchor", [None, date(2018, 4, 2)])
def test_it_is_refused_and_why(line: str, anchor: date | None) -> None:
    phrase, why = line.rsplit(": ", 1)
    with pytest.raises(DateError) as refused:
        read_when(phrase, Context(anchor))
    assert str(refused.value).endswith(f"{why}.")
