"""Rows on their way into the ledger's and the projection's tables, many in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from factstore.database.engine import Connection
from factstore.database.names import LEDGER, PROJECTION
from factstore.database.statements import insert

#: Each table after those that its rows refer to: a row that comes before what it refers to is slow to check.
_ORDER = (*LEDGER, *PROJECTION)
_BATCH = 2000


class Buffer:
    """Rows that wait to be inserted. They are written together, whatever the order in which they came."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[str, list[Sequence[Any]]] = defaultdict(list)
        self._names: dict[str, Sequence[str]] = {}
        self._count = 0
        #: How often rows have been written: what was added before is in its table once this has changed.
        self.written = 0

    def add(self, table: str, names: Sequence[str], row: Sequence[Any]) -> None:
        """Adds a row, with the values of these columns, which are the same for every row of a table."""
        self._names[table] = names
        self._waiting[table].append(row)
        self._count += 1
        if self._count >= _BATCH:
            self.flush()

    def flush(self) -> None:
        """Writes the rows that wait. Raises Corrupt where the database did not keep one."""
        for table in _ORDER:
            rows = self._waiting.pop(table, None)
            if rows:
                insert(self._connection, table, self._names[table], rows)
        self._count = 0
        self.written += 1


def columns(connection: Connection, table: str) -> tuple[str, ...]:
    """The names of a table's columns, looked up once a connection."""
    known: dict[str, tuple[str, ...]] = connection.notes.setdefault("columns", {})
    if table not in known:
        known[table] = connection.dialect.columns(connection, table)
    return known[table]
