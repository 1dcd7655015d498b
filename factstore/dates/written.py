"""A date as a person writes it: EDTF, else words. The rules for words take a while to load, so only if EDTF fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from factstore.dates.edtf import Edtf, doubt
from factstore.errors import AnchorMissing, DateError

#: Whether the day or the month comes first in figures; "" if that is not known, and then both readings count.
DayOrder = Literal["", "day-first", "month-first"]


class WrittenDate(NamedTuple):
    """A date that a person wrote, as EDTF.

    `phrase`: the words; "" if EDTF was written. `anchor`: the day from which relative words were read; None for others.
    `because`: how words were read or, for EDTF, what people may mean instead; may be "". `rule`: the name of the phrase rule.
    """

    edtf: str
    phrase: str = ""
    anchor: date | None = None
    because: str = ""
    rule: str = ""

    def as_period(self) -> WrittenDate:
        """The same date with words for a stretch of days ("last week") as the interval from its first day to its last.

        Questions about a period need that. Words that may mean any of several days ("5 or 6 May", "about 1450") stay as they
        are.
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


#: Rules that give whole stretches, with their length in days; on a Sunday, a week may be either of two, and so longer.
_WHOLE = {"unit": 7, "weekend": 2}
#: Rules whose words name a stretch, from its first day to its last, rather than some time within it.
_STRETCHES = frozenset(("part", "between", "decade", "century", "centuries", "stretch", "rest", "week-of"))
_WHOLE_RANGE = re.compile(r"\[[^.,]+\.\.[^.,]+\]")
_RANGE = re.compile(r"\[(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)\]")


def read_written(
    text: str, anchor: Callable[[], date | None] | date | None = None, order: DayOrder = ""
) -> WrittenDate:
    """Read a date: as EDTF, else as absolute words, else as words relative to an anchor.

    `anchor` is a day, or a function that finds it, called only if the words are relative. Raises AnchorMissing if they are
    and there is no anchor, DateError if the text cannot be read.
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
