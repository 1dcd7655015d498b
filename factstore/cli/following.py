"""Following a ledger: returns each record once, in order, as it is committed, even if the connection is lost meanwhile.

It polls for the head, since a server's notifications would make each commit wait for all others.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from factstore.cli.output import tell_beside
from factstore.errors import Unavailable

if TYPE_CHECKING:
    from factstore.chronology import Chronology
    from factstore.repository.log_answers import LogEntry

#: Seconds between two polls and, while the ledger cannot be reached, the longest wait; it doubles up to that.
_PAUSE, _LONGEST = 0.2, 10.0


def following(ledger: Chronology, after: int | None, limit: int | None) -> Iterator[LogEntry]:
    """The records after a position (None: after the last one now), as they come; `limit` of them, or None: without end."""
    left, pause = limit or 0, _PAUSE
    while True:
        try:
            if after is None:
                after = next((entry.position for entry in ledger.log(limit=1)), 0)
            found = ledger.log_after(after, limit=min(left, 1000) if left else 1000)
        except Unavailable as error:
            if pause == _PAUSE:
                tell_beside(f"{error}; trying again")
            pause = min(2 * pause, _LONGEST)
        else:
            pause = _PAUSE
            for entry in found:
                yield entry
                after = entry.position
            left -= len(found) if limit else 0
            if limit and not left:
                return
        if pause > _PAUSE or not found:
            time.sleep(pause)
