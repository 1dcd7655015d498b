"""Days and moments of Python where a date is taken."""

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
    """A date as EDTF text; text stays as it is.

    Raises InputError for a datetime without an offset: the machine's zone and the ledger's would make two moments of it.
    """
    if isinstance(given, datetime) and given.utcoffset() is None:
        raise InputError(
            f"{given.isoformat()!r} names no offset from UTC; give the datetime a tzinfo, "
            "or text, which is read in the fact's zone or the ledger's"
        )
    return given.isoformat() if isinstance(given, date) else given
