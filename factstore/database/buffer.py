"""Rows to be inserted into the tables of the ledger and the projection, many in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from factstore.database.engine import Connection
from factstore.database.names import LEDGER, PROJECTION
from factstore.database.statements import insert

#: Each table after those that it refers to, since checking a row is slow if what it refers to comes later.
_ORDER = (*LEDGER, *PROJECTION)
_BATCH = 2000


class Buffer:
    """Rows that wait to be inserted. They are written together, in the order of their tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[str, list[Sequence[object]]] = defaultdict(list)
        self._names: dict[str, Sequence[str]] = {}
        self._count = 0
        #: How often rows have been written. Once this has changed, rows added before are in their tables.
        self.written = 0

    def add(self, table: str, names: Sequence[str], row: Sequence[object]) -> None:
        """Add a row with the values of these columns, which must be the same for all rows of a table."""
        self._names[table] = names
        self._waiting[table].append(row)
        self._count += 1
        if self._count >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Write the waiting rows. Raises Corrupt if the database did not keep one."""
        for table in _ORDER:
            rows = self._waiting.pop(table, None)
            if rows:
                insert(self._connection, table, self._names[table], rows)
        self._count = 0
        self.written += 1


def columns(connection: Connection, table: str) -> tuple[str, ...]:
    """The names of a table's columns, looked up once per connection."""
    known: dict[str, tuple[str, ...]] = connection.notes.setdefault("columns", {})
    if table not in known:
        known[table] = connection.dialect.columns(connection, table)
    return known[table]
