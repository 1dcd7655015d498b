"""Limits for one query: SQLite's own limits on length, time and memory, and a limit on the size of the whole answer.

Anybody who reads the ledger may type SQL, and nobody must be able to bring the server down with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from time import monotonic
from typing import Any, Self

from factstore.chronology import Reader
from factstore.database.engine import Connection
from factstore.database.sqlite.connections import SqliteConnection
from factstore.database.sqlite.file import LedgerFile

#: The longest time for a query, in seconds.
SECONDS = 3.0
#: The message for a question of ours that takes longer.
LATE = f"this takes longer than {SECONDS:g} seconds; ask about less"
#: The most that the values in all rows of an answer may take, in bytes.
MOST_BYTES = 32 * 2**20
#: The most that SQLite may hold in memory for all queries of the process together, in bytes.
MOST_MEMORY = 512 * 2**20
#: SQLite's limits, in bytes, characters or counts.
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 8 * 2**20,  # of a text or blob that a statement makes or reads
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
#: How often a question of ours checks the time, in instructions of SQLite's virtual machine.
STEPS = 10_000
#: What no page may do, since it would show where the file is, or open another one.
_REFUSED = {sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH}


class Deadline(local):
    """When the query that a thread runs must end."""

    at = float("inf")

    def begin(self) -> None:
        """Start the time for one query of this thread."""
        self.at = monotonic() + SECONDS

    def passed(self) -> bool:
        return monotonic() > self.at


class _Cursor(sqlite3.Cursor):
    """A cursor that limits the total size of its rows, and starts the time of the questions that its statement asks."""

    connection: BoundedConnection

    def execute(self, *statement: Any) -> Self:
        self.connection.refusal = None
        self.connection.deadline.begin()
        return super().execute(*statement)

    def fetchall(self) -> list[Any]:
        return self._unrefused([*self._bounded(None)])

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        return self._unrefused([*self._bounded(self.arraysize if size is None else size)])

    def _unrefused(self, rows: list[Any]) -> list[Any]:
        if self.connection.refusal is not None:
            raise sqlite3.OperationalError(self.connection.refusal)
        return rows

    def _bounded(self, rows: int | None) -> Iterator[Any]:
        held = 0
        while (rows is None or rows > 0) and (row := self.fetchone()) is not None:
            held += sum(len(value) if isinstance(value, str | bytes) else 8 for value in row)
            if held > MOST_BYTES:
                raise sqlite3.OperationalError(
                    f"the answer holds more than {MOST_BYTES // 2**20} MiB; ask for less of it"
                )
            yield row
            rows = rows if rows is None else rows - 1


class BoundedConnection(SqliteConnection):
    """A connection that limits the size of its answers.

    If one of our functions refuses a question, it keeps the message in `refusal`, and that is raised after the statement:
    SQLite itself would report only that a function failed.
    """

    refusal: str | None = None
    deadline = Deadline()

    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


def limit(connection: sqlite3.Connection) -> None:
    """Limit what a connection's statements may use, and forbid what they may not do."""
    for name, most in _LIMITS.items():
        connection.setlimit(name, most)
    # Statements sort in memory, which is limited, and so do not fill the disk.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.set_authorizer(_allowed)


def limit_memory(connection: sqlite3.Connection) -> None:
    """Limit SQLite's memory, for all connections of the process and permanently."""
    connection.execute(f"PRAGMA hard_heap_limit = {MOST_MEMORY}")


def _allowed(action: int, name: str | None, *_: str | None) -> int:
    refused = action in _REFUSED or (action == sqlite3.SQLITE_PRAGMA and name == "database_list")
    return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


class TimedFile(LedgerFile):
    """A ledger's file; reading for a query ends when the query's time is over."""

    def __init__(self, where: str, deadline: Deadline) -> None:
        super().__init__(where)
        self._deadline = deadline

    @contextmanager
    def reading(self, *, checked: bool = True, shadowing: bool = False, kept: bool = True) -> Iterator[Connection]:
        with super().reading(checked=checked, shadowing=shadowing, kept=kept) as connection:
            assert isinstance(connection, sqlite3.Connection)
            connection.set_progress_handler(self._deadline.passed, STEPS)
            try:
                yield connection
            finally:
                connection.set_progress_handler(None, 0)


class TimedReader(Reader):
    """Answers the library's questions within a query's time."""

    def __init__(self, where: str, deadline: Deadline) -> None:
        self._use(TimedFile(where, deadline))
