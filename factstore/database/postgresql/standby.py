"""A copy of a ledger for what a standby cannot do: it has no temporary tables, which the clocks of evidence need.

The copy is a temporary database of SQLite on this machine, on disk if it grows, with the same rows.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import islice
from threading import Lock

from factstore.database import names
from factstore.database.engine import Connection
from factstore.database.statements import column, insert, value
from factstore.units import Position

#: How many rows are read at once.
_BATCH = 5000


class StandbyCopy:
    """The last copy that was made of a ledger, for as long as the ledger stays the same."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._state: object = None
        self._copy: Connection | None = None
        self._made = ExitStack()

    def of(self, connection: Connection) -> Connection:
        """A copy of what a connection sees, made unless the last one is the same."""
        with self._lock:
            state = connection.dialect.data_version(connection)
            if self._copy is None or self._state != state:
                self._made.close()
                self._copy = self._made.enter_context(connection.dialect.scratch())
                _copy(connection, self._copy)
                self._state = state
            return self._copy

    def close(self) -> None:
        """Remove the copy; the next question makes one again."""
        with self._lock:
            self._copy = None
            self._made.close()


def _copy(connection: Connection, into: Connection) -> None:
    into.dialect.create_tables(into)
    for table in (*names.LEDGER, names.ARCHIVE, *names.PROJECTION):
        columns = into.dialect.columns(into, table)
        rows = connection.streaming().execute(f"SELECT {', '.join(columns)} FROM {table}")
        rows.itersize = _BATCH
        while some := [*islice(rows, _BATCH)]:
            insert(into, table, columns, some)
    into.dialect.guard(into)
    last = value(into, "SELECT max(position) FROM record")
    facts = column(into, "SELECT position FROM fact WHERE until IS NULL")
    for begin in range(0, len(facts), _BATCH):
        into.dialect.words.update(into, facts[begin : begin + _BATCH], Position(0), last)
