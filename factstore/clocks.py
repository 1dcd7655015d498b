"""The ledger's clock: which commit was the last as of a position, a moment or a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, text

from factstore.errors import InputError
from factstore.records import INTEGER_LIMIT


def known_at(connection: Connection, known: str | int) -> int:
    """The last commit as of a position, a moment, or a day (its end in UTC); 0 where there was none yet."""
    word = str(known)
    at: int | str
    if word.isascii() and word.isdigit():
        column, at = "position", min(int(word), INTEGER_LIMIT)
    else:
        column, at = "recorded_at", _moment(word)
    position = connection.execute(
        text(f"SELECT max(position) FROM committed WHERE {column} <= :at"), {"at": at}
    ).scalar()
    return int(position or 0)


def _moment(word: str) -> str:
    """The last moment that counts, as the ledger writes moments."""
    try:
        if len(word) == 10:
            moment = datetime.combine(date.fromisoformat(word), datetime.max.time())
        else:
            moment = datetime.fromisoformat(word)
            if moment.tzinfo is not None:
                moment = moment.replace(tzinfo=None) - (moment.utcoffset() or timedelta())
    except (ValueError, OverflowError):
        raise InputError(
            f"known at {word!r}: a position, a day as 2018-04-02, or a moment as 2018-04-02T15:00:00Z"
        ) from None
    return moment.isoformat(timespec="microseconds") + "Z"
