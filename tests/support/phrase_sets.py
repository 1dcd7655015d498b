"""How many phrases of a set are read, and which are not: `python -m tests.support.phrase_sets [FILE] [--anchor DAY]`.

FILE has a phrase on each line and, if it is known, what is meant after a tab: a day, or the first and the last with a slash
between them; a third column is an anchor for that line. A reading without a day in common with what is meant is listed as
read otherwise: then one of the two is wrong. Without FILE the set below is counted, which has families of what people write
for dates in sheets, notes and articles.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from factstore.dates.edtf import Edtf
from factstore.dates.phrases import Context, read_when
from factstore.errors import DateError

#: The day from which phrases are read: Monday, 2 April 2018.
ANCHOR = date(2018, 4, 2)

FAMILIES: dict[str, str] = {
    "days": "20 March 2018; March 20, 2018; Tue 20 March 2018; 20.3.2018; 3/20/2018; 2018/3/20; 20-Mar-2018; 16. Nov. 2016; "
    "the 20th of March 2018; March the 20th; Tuesday 3/4/2018; 2012/Aug/10; 20 Mar 18",
    "months and years": "March 2018; Mar. 2018; 3/2018; 2018 March; in 2018; the year 2018; eighteen hundred and fifty; "
    "nineteen oh five; two thousand and five; month of May 2017; FY2018",
    "parts": "early March 2018; mid-2017; late 19th century; the first half of 2017; the end of 2016; H1 2016; Q4 2017; "
    "spring 2018; the winter of 2017-18; the second week of May 2018; week 10 of 2017; the turn of the century",
    "weekdays": "on Tuesday; last Friday; this Thursday; Friday next week; two Fridays ago; the Friday before Easter 2018; "
    "the Monday nearest 5 October 2018; Thursday the 21st; every Tuesday",
    "distances": "yesterday; two days ago; over a year ago; more than two weeks ago; in recent days; a week later; "
    "2 years, 1 month and 21 days ago; three days before 20 March 2018; half a year ago; a year and a half ago",
    "times": "Friday at 4pm; noon on 3 May 2018; 20 March 2018 at 15:04; 9-11am on 20 March 2018; at dawn on 3 May 2018; "
    "the early hours of 3 May 2018; quarter past three on 3 May 2018; 3 May 2018, 15:04 GMT; shortly before midnight",
    "spans": "March 20–25, 2018; June–August 1992; 1914-18; from 2014 to 2016; between 2014 and 2016; since 2014; until "
    "April 30; 17th–19th centuries; the 1860s-1870s; 28 Feb - 3 Mar 2018; throughout 2017",
    "limits": "by the end of April; before 1830; after 1830; no later than 20 March 2018; on or after 20 March 2018; "
    "anytime after 2014; not yet in 2017",
    "marks": "c. 1450; ca. 1450; about 1850; 1850?; possibly 1850; 1850 or 1852; (believed to be) 5 June 2018; ~ March 1812; "
    "around Easter 1916; date unknown; n.d.; undated",
    "old dates": "44 BC; AD 79; 15 March 44 BC; 13th century; 19th c.; 1743/44; 25 October 1917 O.S.; 10 August 88 AD; "
    "the Bronze Age; a day in January 1872",
    "feasts": "Christmas 2017; Good Friday 2018; Orthodox Easter 2018; Yom Kippur 1973; during Ramadan 2017; Thanksgiving "
    "2018; New Year's Eve; Michaelmas 1415; Diwali 2018; Independence Day",
}


class Line(NamedTuple):
    """A phrase, the first and the last day that it means, if known, and the day from which it is read."""

    phrase: str
    meant: tuple[str, str] | None
    anchor: date


class Count(NamedTuple):
    """How the phrases of a set were read."""

    read: dict[str, str]
    refused: list[str]
    otherwise: dict[str, str]


def own() -> Iterator[Line]:
    for phrases in FAMILIES.values():
        yield from (Line(phrase.strip(), None, ANCHOR) for phrase in phrases.split(";"))


def lines_of(text: str, anchor: date) -> Iterator[Line]:
    """The lines of a file of phrases."""
    for line in text.splitlines():
        phrase, meant, own_anchor = [*line.split("\t"), "", ""][:3]
        if phrase.strip():
            first, _, last = meant.partition("/")
            days = (first, last or first) if first else None
            yield Line(phrase, days, date.fromisoformat(own_anchor) if own_anchor else anchor)


def counted(lines: Iterable[Line]) -> Count:
    count = Count({}, [], {})
    for line in lines:
        try:
            edtf = read_when(line.phrase, Context(line.anchor)).edtf
        except DateError:
            count.refused.append(line.phrase)
            continue
        count.read[line.phrase] = edtf
        if line.meant and not _meets(edtf, *line.meant):
            count.otherwise[line.phrase] = f"{edtf}, not {'/'.join(line.meant)}"
    return count


def _meets(edtf: str, first: str, last: str) -> bool:
    """Whether a reading has some day in common with what is meant."""
    low, high = Edtf(first).corners().start_min, Edtf(last).corners().end_max
    return any(
        (one.start_min is None or high is None or one.start_min < high)
        and (one.end_max is None or low is None or one.end_max > low)
        for one in Edtf(edtf).readings()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--anchor", type=date.fromisoformat, default=ANCHOR)
    parser.add_argument("--show", action="store_true", help="list the phrases that were not read")
    given = parser.parse_args()
    lines = list(lines_of(given.file.read_text(encoding="utf-8"), given.anchor) if given.file else own())
    count = counted(lines)
    known = sum(1 for line in lines if line.meant)
    sys.stdout.write(
        f"{len(lines)} phrases: {len(lines) - len(count.refused)} read, {len(count.refused)} refused"
        + (f"; {known} with what is meant, {len(count.otherwise)} read otherwise\n" if known else "\n")
    )
    for phrase, words in count.otherwise.items():
        sys.stdout.write(f"otherwise\t{phrase}\t{words}\n")
    for phrase in count.refused if given.show else ():
        sys.stdout.write(f"refused\t{phrase}\n")


if __name__ == "__main__":
    main()
