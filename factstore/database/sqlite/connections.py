"""Connections to an SQLite file: how it is opened and locked, and how connections are kept for the next use.

Works with any SQLite from 3.37 on, since tables are STRICT.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import lru_cache, partial
from os import getpid
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from factstore.database.idle import Idle, check_own, is_inherited
from factstore.database.sqlite.words import spell

#: How long a writer waits for another, in seconds.
LOCK_TIMEOUT = 60.0
#: Connections of the process from which this one was forked; SQLite would close what nothing refers to.
_inherited: list[SqliteConnection] = []


class SqliteConnection(sqlite3.Connection):
    """A connection with which callers can keep notes. All cursors of SQLite read rows one by one."""

    spell = staticmethod(spell)

    def __init__(self, *given: Any, **options: Any) -> None:
        self.process = getpid()
        super().__init__(*given, **options)
        self.notes: dict[str, Any] = {}

    def commit(self) -> None:
        check_own(self)
        super().commit()

    def rollback(self) -> None:
        if not is_inherited(self):
            super().rollback()

    def close(self) -> None:
        if is_inherited(self):
            _inherited.append(self)
        else:
            super().close()

    def __del__(self) -> None:
        # A store keeps connections for the next question; they are closed with the store, even if nobody closes it.
        with suppress(sqlite3.Error):
            self.close()

    def streaming(self) -> sqlite3.Cursor:
        return self.cursor()

    paging = streaming

    def insert(self, table: str, names: Sequence[str], rows: Collection[Sequence[object]]) -> int:
        return self.executemany(_insertion(table, tuple(names)), rows).rowcount


@lru_cache(maxsize=64)
def _insertion(table: str, names: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


Made = TypeVar("Made", bound=SqliteConnection)


class Pool(Generic[Made]):
    """Connections to one file, opened when needed, and kept for the next use."""

    def __init__(self, connect: Callable[[], Made], begin: str, end: str = "") -> None:
        """`begin` begins a transaction; `end` is run, if possible, before a connection is closed."""
        self._connect = connect
        self._begin = begin
        self._closed = partial(_close, end)
        self._idle: Idle[Made] = Idle(self._closed)

    def close(self) -> None:
        """Close the connections that are kept, and those in use once they are returned."""
        self._idle.close()

    @contextmanager
    def transaction(self, *, kept: bool = True) -> Iterator[Made]:
        """A connection inside a transaction, which is rolled back unless the caller commits.

        Unless it is `kept`, the connection is new, and closed afterwards.
        """
        connection, closings = self._idle.take() if kept else (None, -1)
        connection = connection or self._connect()
        try:
            connection.execute(self._begin)
            yield connection
        finally:
            self._take_back(connection, closings)

    def _take_back(self, connection: Made, closings: int) -> None:
        """End a connection's transaction, and keep the connection, or close it."""
        try:
            connection.rollback()
        except sqlite3.Error:
            self._closed(connection)
        else:
            self._idle.keep(connection, closings)


def _close(end: str, connection: SqliteConnection) -> None:
    """Close a connection, after a last statement, if that is possible."""
    if end and not is_inherited(connection):
        with suppress(sqlite3.Error):
            connection.execute(end)
    connection.close()


def readers(path: Path, kind: type[Made]) -> Pool[Made]:
    """Connections that read an existing file."""
    return Pool(lambda: reader(path.absolute(), kind), "BEGIN")


def writers(path: Path, kind: type[Made]) -> Pool[Made]:
    """Connections that write a file, and make it if there is none."""
    # The last connection to close would empty the log by itself, but not if that one only reads.
    return Pool(lambda: opened(path.absolute(), "mode=rwc", kind), "BEGIN IMMEDIATE", "PRAGMA wal_checkpoint(PASSIVE)")


def reader(path: Path, kind: type[Made]) -> Made:
    """A connection that never writes a file. It sees what others commit, and needs no writable folder."""
    connection = _reader(path, kind)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)  # otherwise a query could create and write another file
    return connection


def _reader(path: Path, kind: type[Made]) -> Made:
    try:
        return opened(path, "mode=ro", kind)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_READONLY_ROLLBACK:
            # A writer died in a file without a write-ahead log: its changes are rolled back, which needs to write.
            opened(path, "mode=rw", kind).close()
            return opened(path, "mode=ro", kind)
        if not _is_quiescent(path, error):
            raise
        return opened(path, "mode=ro&immutable=1", kind)


def opened(path: Path, query: str, kind: type[Made]) -> Made:
    """A connection with the parameters of an SQLite URI, and the settings of all our connections."""
    connection: Made = sqlite3.connect(
        f"file:{quote(str(path))}?{query}",
        uri=True,
        timeout=LOCK_TIMEOUT,
        isolation_level=None,
        check_same_thread=False,
        factory=kind,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def alone(path: Path) -> Iterator[SqliteConnection]:
    """A connection to an existing file, outside any transaction, closed afterwards."""
    with closing(opened(path.absolute(), "mode=rw", SqliteConnection)) as connection:
        yield connection


@contextmanager
def scratch(kind: type[Made]) -> Iterator[Made]:
    """A temporary database, on disk if it grows, without the ledger's foreign keys."""
    with closing(sqlite3.connect("", check_same_thread=False, isolation_level=None, factory=kind)) as connection:
        connection.execute("BEGIN")
        yield connection


def _is_quiescent(path: Path, error: sqlite3.OperationalError) -> bool:
    """Whether a file could not be opened only because its folder is not writable, and is complete without its log.

    A write-ahead log needs a writable folder even to be read. If there is none, the file itself has everything.
    """
    wanting = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
    logs = [path.with_name(path.name + end) for end in ("-wal", "-journal")]
    return wanting and path.exists() and not any(log.exists() and log.stat().st_size for log in logs)
