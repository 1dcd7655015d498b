"""A date as a person writes it: EDTF, else words, whose rules are loaded only where EDTF fails, for that takes a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from factstore.dates.edtf import Edtf, doubt
from factstore.errors import AnchorMissing, DateError

#: Which of day and month comes first in figures; "" where that is not known, and both are read.
DayOrder = Literal["", "day-first", "month-first"]


class Written(NamedTuple):
    """A date that a person wrote, as EDTF.

    `phrase` are the words, "" where EDTF was written. `anchor` is the day from which they were seen, None where they need
    none. `because` says how words were read; of EDTF, what people may mean instead; "" where there is nothing to say.
    """

    edtf: str
    phrase: str = ""
    anchor: date | None = None
    because: str = ""


def read_written(text: str, anchor: Callable[[], date | None] | date | None = None, order: DayOrder = "") -> Written:
    """Read a date: as EDTF, else as words that are absolute, else as words seen from an anchor.

    `anchor` is a day, or what finds it where words need one. Raises AnchorMissing where they do and there is none, DateError
    where the text cannot be read.
    """
    text = text.strip()
    try:
        return Written(Edtf(text).text, because=doubt(text))
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
        return Written(reading.edtf, text, day, reading.because)
    return Written(reading.edtf, text, None, reading.because)
