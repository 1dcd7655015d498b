"""A date as a person writes it: EDTF, else words. The rules for words, which load slowly, are used only if EDTF fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from factstore.dates.edtf import Edtf, doubt
from factstore.dates.periods import EVER
from factstore.errors import AnchorMissing, DateError

#: Whether the day or the month comes first in figures; "" if that is not known, and then both readings count.
DayOrder = Literal["", "day-first", "month-first"]


class WrittenDate(NamedTuple):
    """A date that a person wrote, as EDTF.

    `phrase`: the words; "" if EDTF was written. `anchor`: the day from which relative words were read; None for others.
    `because`: how words were read or, for EDTF, what people may mean instead; may be "". `stretch`: the most days
    that the words may mean as one whole stretch of time; 0 if they only mean some time within it.
    """

    edtf: str
    phrase: str = ""
    anchor: date | None = None
    because: str = ""
    stretch: int = 0

    def as_period(self) -> WrittenDate:
        """The same date with words for a stretch of time ("last week") as the interval from its first day to its last.

        Questions about a period need that. Words that may mean any of several days ("5 or 6 May", "about 1450") stay as they
        are, and so does what EDTF has one date for ("last month").
        """
        if not self._is_whole:
            return self
        read = Edtf(self.edtf)
        first, last = read.earliest(), read.latest()
        return self._replace(edtf=f"{first}/{last}") if first and last and first != last else self

    def by(self, day: date) -> WrittenDate:
        """The same date with only those of its readings that may begin by the end of a day; all of them if none may."""
        end = Edtf(day.isoformat()).corners().end_max
        every = self.edtf[1:-1].split(",") if self.edtf[0] == "[" else []
        starts = {one: Edtf(f"[{one}]").corners().start_min for one in every}
        left = [one for one, start in starts.items() if start is None or end is None or start < end]
        if not left or left == every:
            return self
        only = left[0] if len(left) == 1 and ".." not in left[0] else f"[{','.join(left)}]"
        return self._replace(edtf=only)

    @property
    def _is_whole(self) -> bool:
        """Whether the words name a stretch whose edges are agreed on."""
        if self.stretch < EVER:
            found = _DAYS.fullmatch(self.edtf)
            return found is not None and _days(*found.groups()) <= self.stretch
        return bool(_WHOLE_RANGE.fullmatch(self.edtf)) or ("X" in self.edtf and self.edtf[0] != "[")


_WHOLE_RANGE = re.compile(r"\[[^.,]+\.\.[^.,]+\]")
_DAYS = re.compile(r"\[(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)\]")


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days + 1


def read_written(
    text: str,
    anchor: date | None = None,
    order: DayOrder = "",
    said_on: Callable[[], date | None] = lambda: None,
) -> WrittenDate:
    """Read a date: as EDTF, else as absolute words, else as words relative to a day.

    That day is the `anchor`, given for this very date, or else the day on which the words were said. `said_on` finds the
    latter, and is called only if the words are relative; words that count from another event ("two days later") are not read
    from it. Raises AnchorMissing if there is no such day, DateError if the text cannot be read.
    """
    return _read(text, anchor, order, said_on, asked=False)


def read_period(text: str, anchor: date | None = None, order: DayOrder = "") -> WrittenDate:
    """Read a date that a question is about, as a period (see `as_period`). Raises what `read_written` does.

    A week is Monday to Sunday also on a Sunday, on which a source may mean either of two.
    """
    return _read(text, anchor, order, lambda: None, asked=True).as_period()


def _read(
    text: str, anchor: date | None, order: DayOrder, said_on: Callable[[], date | None], *, asked: bool
) -> WrittenDate:
    text = text.strip()
    try:
        return WrittenDate(Edtf(text).text, because=doubt(text))
    except DateError as error:
        if not any(sign.isalnum() for sign in text):
            raise error from None
    from factstore.dates.phrases import Context, read_when

    try:
        reading = read_when(text, Context(order=order, asked=asked))
    except AnchorMissing:
        day = anchor or said_on()
        if day is None:
            raise
        reading = read_when(text, Context(day, order=order, assumed=anchor is None, asked=asked))
        return WrittenDate(reading.edtf, text, day, reading.because, reading.stretch)
    return WrittenDate(reading.edtf, text, None, reading.because, reading.stretch)
