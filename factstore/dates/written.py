"""A date as a person writes it: EDTF, else words, whose rules are loaded only where EDTF fails, for that takes a while."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from factstore.dates.edtf import Edtf, doubt
from factstore.errors import AnchorMissing, DateError

#: Which of day and month comes first in figures; "" where that is not known, and both are read.
DayOrder = Literal["", "day-first", "month-first"]


class WrittenDate(NamedTuple):
    """A date that a person wrote, as EDTF.

    `phrase` are the words, "" where EDTF was written. `anchor` is the day from which they were seen, None where they need
    none. `because` says how words were read; of EDTF, what people may mean instead; "" where there is nothing to say. `rule`
    is that of the words.
    """

    edtf: str
    phrase: str = ""
    anchor: date | None = None
    because: str = ""
    rule: str = ""

    def as_period(self) -> WrittenDate:
        """The same, with words for a stretch of days as the period from its first day to its last, for what asks about one.

        Words that leave open which of several days is meant ("5 or 6 May", "about 1450") stay what they are.
        """
        if self.rule in _STRETCHES and (self.edtf[0] == "[") == bool(_WHOLE_RANGE.fullmatch(self.edtf)):
            read = Edtf(self.edtf)
            first, last = read.earliest(), read.latest()
            return self._replace(edtf=f"{first}/{last}") if first and last and first != last else self
        found = _RANGE.fullmatch(self.edtf)
        if found is None or self.rule not in _WHOLE:
            return self
        first_day, last_day = map(date.fromisoformat, found.groups())
        whole = (last_day - first_day).days == _WHOLE[self.rule] - 1
        return self._replace(edtf=f"{first_day}/{last_day}") if whole else self


#: Rules that give whole stretches, and how many days these have; said on a Sunday, a week may be either of two.
_WHOLE = {"unit": 7, "weekend": 2}
#: Rules whose words are for a stretch, from its first day to its last, rather than for some time within it.
_STRETCHES = frozenset(("part", "between", "decade", "century", "centuries", "stretch", "rest", "week-of"))
_WHOLE_RANGE = re.compile(r"\[[^.,]+\.\.[^.,]+\]")
_RANGE = re.compile(r"\[(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)\]")


def read_written(
    text: str, anchor: Callable[[], date | None] | date | None = None, order: DayOrder = ""
) -> WrittenDate:
    """Read a date: as EDTF, else as words that are absolute, else as words seen from an anchor.

    `anchor` is a day, or what finds it where words need one. Raises AnchorMissing where they do and there is none, DateError
    where the text cannot be read.
    """
    text = text.strip()
    try:
        return WrittenDate(Edtf(text).text, because=doubt(text))
    except DateError as error:
        if not any(sign.isalnum() for sign in text):
            raise error from None
    from factstore.dates.phrases import Context, read_when

    try:
        reading = read_when(text, Context(order=order))
    except AnchorMissing:
        day = anchor() if callable(anchor) else anchor
        if day is None:
            raise
        reading = read_when(text, Context(day, order=order))
        return WrittenDate(reading.edtf, text, day, reading.because, reading.rule)
    return WrittenDate(reading.edtf, text, None, reading.because, reading.rule)
