"""Python's own dates and datetimes, accepted wherever EDTF text is."""

from __future__ import annotations

from datetime import date, datetime
from typing import overload

from factstore.errors import InputError

#: EDTF text, a day, or a moment with its offset from UTC.
DateLike = str | date


@overload
def date_text(given: DateLike) -> str: ...
@overload
def date_text(given: DateLike | None) -> str | None: ...
def date_text(given: DateLike | None) -> str | None:
    """A date as EDTF text; text is returned unchanged.

    Raises InputError for a datetime without an offset: it would be one moment in the machine's zone, another in the ledger's;
    and for pandas' NaT, a datetime that is no moment.
    """
    if given != given:
        raise InputError(f"{given} is not a date")
    if isinstance(given, datetime) and given.utcoffset() is None:
        raise InputError(
            f"{given.isoformat()!r} has no offset from UTC; give the datetime a tzinfo, "
            "or pass text, which is read in the fact's zone or the ledger's"
        )
    return given.isoformat() if isinstance(given, date) else given


@overload
def day_of(given: DateLike) -> date: ...
@overload
def day_of(given: DateLike | None) -> date | None: ...
def day_of(given: DateLike | None) -> date | None:
    """The one day that a date means, on the calendar that it was written in. Raises InputError for text that is no day."""
    if isinstance(given, str):
        try:
            return date.fromisoformat(given)
        except ValueError:
            raise InputError(f"{given!r} is not a day; write it as 2018-03-20") from None
    return given.date() if isinstance(given, datetime) else given
