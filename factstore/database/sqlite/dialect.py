"""SQLite's implementation of `factstore.database.engine.Dialect`."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from factstore.database.engine import Connection, Engine, WordIndex
from factstore.database.sqlite import connections, pages, repair, schema
from factstore.database.sqlite.search import SqliteWordIndex
from factstore.database.statements import value

if TYPE_CHECKING:
    import sqlalchemy


class SqliteDialect:
    """What differs from engine to engine, on an SQLite connection."""

    Error: type[Exception] = sqlite3.Error
    words: WordIndex = SqliteWordIndex()
    clock = "this machine's clock"
    migrations = ""

    create = staticmethod(schema.create)
    create_tables = staticmethod(schema.create_tables)
    guard = staticmethod(schema.guard)
    has_table = staticmethod(schema.has_table)
    columns = staticmethod(schema.columns)
    keys = staticmethod(schema.keys)
    shadow = staticmethod(schema.shadow)
    index_shadows = staticmethod(schema.index_shadows)
    mark_part = staticmethod(schema.mark_part)
    is_part = staticmethod(schema.is_part)
    temporary = staticmethod(schema.temporary)
    schema_differences = staticmethod(repair.schema_differences)
    mending = staticmethod(repair.mending)
    mend = staticmethod(repair.mend)
    damage = staticmethod(pages.damage)
    undecoded_text = staticmethod(pages.undecoded_text)
    forget_samples = staticmethod(pages.forget_samples)
    mark_unscrubbed = staticmethod(pages.mark_unscrubbed)
    unscrubbed = staticmethod(pages.unscrubbed)

    @staticmethod
    def now(connection: Connection) -> None:
        """SQLite runs in this program, and has no clock of its own."""

    @staticmethod
    def data_version(connection: Connection) -> object:
        # The number belongs to the connection; any commit to the file by another changes it.
        return value(connection, "PRAGMA data_version")

    @staticmethod
    def copy(connection: Connection, into: Engine) -> bool:
        if "://" in into.location:
            return False
        pages.copy(connection, Path(into.location))
        return True

    @staticmethod
    def as_sqlalchemy(connection: Connection) -> AbstractContextManager[sqlalchemy.Connection]:
        # Imported here, since no question and no commit needs it.
        from factstore.database.sqlite.alchemy import as_sqlalchemy

        return as_sqlalchemy(connection)

    @staticmethod
    def scratch() -> AbstractContextManager[LedgerConnection]:
        return connections.scratch(LedgerConnection)


class LedgerConnection(connections.SqliteConnection):
    """A connection to a ledger, as its engine returns it."""

    dialect = SqliteDialect()
