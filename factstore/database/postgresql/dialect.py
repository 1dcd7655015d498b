"""PostgreSQL's implementation of `factstore.database.engine.Dialect`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg

from factstore.database.engine import Connection, Engine, SchemaDifferences, WordIndex
from factstore.database.postgresql import repair, schema
from factstore.database.postgresql.connections import connect
from factstore.database.postgresql.place import DatabaseUrl
from factstore.database.postgresql.search import PostgresqlWordIndex
from factstore.database.sqlite import connections as sqlite_connections
from factstore.database.sqlite.dialect import LedgerConnection as ScratchConnection
from factstore.database.statements import value
from factstore.errors import Corrupt, Refused

if TYPE_CHECKING:
    import sqlalchemy


class PostgresqlDialect:
    """What differs from engine to engine, on a connection to a ledger on PostgreSQL."""

    Error: type[Exception] = psycopg.Error
    words: WordIndex = PostgresqlWordIndex()
    clock = "the server's clock"
    migrations = "postgresql"

    create = staticmethod(schema.create)
    create_tables = staticmethod(schema.create_tables)
    guard = staticmethod(schema.guard)
    has_table = staticmethod(schema.has_table)
    columns = staticmethod(schema.columns)
    keys = staticmethod(schema.keys)
    shadow = staticmethod(schema.shadow)
    index_shadows = staticmethod(schema.index_shadows)
    temporary = staticmethod(schema.temporary)
    mend = staticmethod(repair.mend)
    mark_unscrubbed = staticmethod(schema.mark_unscrubbed)
    unscrubbed = staticmethod(schema.unscrubbed)

    def __init__(self, place: DatabaseUrl) -> None:
        self._place = place

    @staticmethod
    def mark_part(connection: Connection) -> None:
        raise Refused("a part of a ledger is an SQLite file; a schema of PostgreSQL must contain a whole one")

    @staticmethod
    def is_part(connection: Connection) -> bool:
        return False

    @staticmethod
    def now(connection: Connection) -> datetime:
        # now() is when the transaction began, which is before it got the writer's lock.
        shown: datetime = value(connection, "SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        return shown.replace(tzinfo=UTC)

    @staticmethod
    def data_version(connection: Connection) -> object:
        # Each commit to a ledger, even a redaction, ends in a record.
        return value(connection, "SELECT hash FROM record ORDER BY position DESC LIMIT 1")

    def schema_differences(self, connection: Connection) -> SchemaDifferences:
        return repair.schema_differences(connection, lambda: connect(self._place, self))

    @contextmanager
    def mending(self, connection: Connection, where: str) -> Iterator[None]:
        try:
            yield
        except (psycopg.ProgrammingError, psycopg.IntegrityError, psycopg.DataError) as error:
            raise Corrupt(
                f"{where} cannot be repaired in place: {error}; "
                "`factstore rebuild --into FILE` copies the ledger into a new file"
            ) from None

    @staticmethod
    def damage(connection: Connection) -> Iterable[str]:
        # The server checks its storage itself, if its checksums are on, or with pg_amcheck.
        return ()

    @staticmethod
    def undecoded_text(connection: Connection) -> AbstractContextManager[None]:
        return nullcontext()  # the server refuses text that is not UTF-8

    @staticmethod
    def forget_samples(connection: Connection) -> None:
        """Nothing to do: the server's samples are made again when the tables are rewritten."""

    @staticmethod
    def copy(connection: Connection, into: Engine) -> bool:
        return False  # it is copied record by record, so that a backup is a file that needs no server

    @staticmethod
    def as_sqlalchemy(connection: Connection) -> AbstractContextManager[sqlalchemy.Connection]:
        from factstore.database.postgresql.alchemy import as_sqlalchemy

        return as_sqlalchemy(connection)

    @staticmethod
    def scratch() -> AbstractContextManager[Connection]:
        # On this machine: a reader's role cannot create anything on the server, and neither can a standby.
        return sqlite_connections.scratch(ScratchConnection)
