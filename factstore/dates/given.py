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

    Raises InputError for a datetime without an offset: it would be one moment in the machine's zone, another in the ledger's.
    """
    if isinstance(given, datetime) and given.utcoffset() is None:
        raise InputError(
            f"{given.isoformat()!r} has no offset from UTC; give the datetime a tzinfo, "
            "or pass text, which is read in the fact's zone or the ledger's"
        )
    return given.isoformat() if isinstance(given, date) else given
