"""A ledger's schema in a PostgreSQL database: finds it, opens it, and makes it completely or not at all."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from factstore.database import names
from factstore.database.engine import Connection, Engine
from factstore.database.needles import patterns
from factstore.database.postgresql import errors, roles, schema
from factstore.database.postgresql.connections import (
    LOCK_TIMEOUT,
    Beginnings,
    ConnectionPool,
    PostgresqlConnection,
    connect,
)
from factstore.database.postgresql.dialect import PostgresqlDialect
from factstore.database.postgresql.place import DatabaseUrl, read_url
from factstore.database.postgresql.standby import StandbyCopy
from factstore.database.statements import column, fetch, run, stream, value
from factstore.errors import Corrupt, InputError, NoLedger, Refused, SchemaVersion, Unavailable

_NAMESPACE = "SELECT oid FROM pg_namespace WHERE nspname = ?"
_ANYTHING = "SELECT 1 FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = ?) LIMIT 1"
_LEDGERS = """SELECT n.nspname FROM pg_namespace n
              WHERE (SELECT count(*) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind = 'r'
                     AND c.relname IN ('record', 'payload', '_alembic_version')) = 3 ORDER BY 1"""
_NO_WRITES = "cannot be written: the server is a read-only standby"
_QUICK = f"SELECT version_num FROM {names.VERSION}"


#: How long a deletion waits for readers of an earlier state, in seconds.
PATIENCE = 15
_OLDER = """SELECT 1 FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND age(backend_xmin) > age(?::text::xid)
            LIMIT 1"""


@dataclass(slots=True)
class NewSchema:
    """A ledger that is being made in one transaction, and is removed again unless it is kept."""

    engine: LedgerSchema
    kept: bool = False

    def keep(self) -> None:
        self.kept = True


class LedgerSchema:
    """One schema of a database. Connections are kept for the next question or write.

    A schema that is being made has a single connection, inside the transaction that makes it: commits there take effect when
    that transaction commits.
    """

    def __init__(self, where: str | DatabaseUrl) -> None:
        self.place = read_url(where) if isinstance(where, str) else where
        self.name = self.place.name
        self.location = where if isinstance(where, str) else self.place.name
        self.keeps_writing = False
        self.is_remote = True
        self._dialect = PostgresqlDialect(self.place)
        self._begin = Beginnings(self.place.schema)
        self._pool = ConnectionPool(self.place, self._dialect)
        self._within: PostgresqlConnection | None = None
        self._standby_copy = StandbyCopy()

    storage = "the ledger's tables"
    beyond_scrubbing = (
        "the server's write-ahead log keeps what was redacted until its segments are used again, and so do its archive, "
        "replicas, base backups and log files, and what it sampled of values where this role may not vacuum its catalogue"
    )

    def ledgers(self) -> list[str]:
        with self.translated(), self._looking() as connection:
            return column(connection, _LEDGERS)

    def roles(self, *, apply: bool) -> list[str]:
        statements = roles.statements(self.place.schema)
        if apply:
            self.identity()
            with self.writing() as connection:
                for statement in statements:
                    run(connection, statement)
                connection.commit()
        return statements

    def file_mode(self) -> int:
        return 0o600

    def exists(self) -> bool:
        with self.translated(), self._looking() as connection:
            return value(connection, _ANYTHING, (self.place.schema,)) is not None

    def begun(self) -> bool:
        """Whether there is a ledger: tables with a record in them."""
        if not self.exists():
            return False
        with self.reading() as connection:
            return bool([*fetch(connection, "SELECT 1 FROM record LIMIT 1")])

    @contextmanager
    def _looking(self) -> Iterator[Connection]:
        """A connection for finding out what exists."""
        with (
            self._savepoint(self._within)
            if self._within
            else self._pool.transaction(self._begin.reading, reads=True) as connection
        ):
            yield connection

    # --- reading ---

    @contextmanager
    def reading(self, *, checked: bool = True, shadowing: bool = False, kept: bool = True) -> Iterator[Connection]:
        """A connection in a read transaction, which sees one state; if `checked`, the schema must be this version's.

        With `shadowing` it may have temporary tables, which a standby cannot have: there it is a connection to a copy.
        Unless it is `kept` for the next use, whatever its statements set ends with it.
        """
        if shadowing and (copy := self._copy_of_standby()):
            yield copy
            return
        with self.translated():
            begin = self._begin.shadowing if shadowing else self._begin.reading
            with (
                self._savepoint(self._within)
                if self._within
                else self._pool.transaction(begin, reads=not shadowing, kept=kept) as connection
            ):
                if checked:
                    self._check_quickly(connection)
                yield connection

    def _copy_of_standby(self) -> Connection | None:
        """A copy of the ledger, if the server is a standby."""
        with self.translated(), self._pool.transaction(self._begin.reading, reads=True) as connection:
            if connection.info.parameter_status("in_hot_standby") != "on":
                return None
            self._check_quickly(connection)
            return self._standby_copy.of(connection)

    def _check_quickly(self, connection: PostgresqlConnection, *, writing: bool = False) -> None:
        if connection.notes.get("checked"):
            try:
                current = value(connection, _QUICK) == names.REVISION
            except psycopg.errors.UndefinedTable:
                connection.notes.clear()
                raise self._none() from None
            if not current:
                self.check(connection)
        else:
            self.check(connection)
            connection.notes["checked"] = True
        if writing:
            strange = schema.strange_trigger(connection)
            if strange:
                raise Corrupt(
                    f"{self.name}: {strange} is not ours and could alter what is written, so nothing is written; "
                    "`factstore rebuild` removes it"
                )

    def _none(self) -> NoLedger:
        return NoLedger(f"there is no ledger at {self.name}; `factstore init` or `factstore load` makes one")

    def identity(self) -> object:
        """The identity of the schema. Raises NoLedger if there is none."""
        with self.translated(), self._looking() as connection:
            found = value(connection, _NAMESPACE, (self.place.schema,))
        if found is None:
            raise self._none()
        return found

    def revision(self, connection: Connection) -> str | None:
        """The migration that the schema is at, None if there is nothing."""
        return schema.revision(connection, self.name)

    def check(self, connection: Connection, *, older: bool = False, lost: bool = False) -> None:
        """Check that the schema is ours, of this version or, if allowed, of an older or unknown one."""
        found = schema.revision(connection, self.name, lost=lost)
        if found is None:
            raise self._none()
        if found == names.REVISION or not found:
            return
        if not (found.isdigit() and found < names.REVISION):
            raise SchemaVersion(
                f"{self.name} has schema {found}, newer than this version of Factstore supports ({names.REVISION})"
            )
        if not older:
            raise SchemaVersion(f"{self.name} has an older schema ({found}); `factstore upgrade` brings it up to date")

    def close(self) -> None:
        """Close the connections that are kept; the next question or write opens one again."""
        self._pool.close()
        self._standby_copy.close()

    # --- writing ---

    @contextmanager
    def writing(self, *, checked: bool = True, mending: bool = False) -> Iterator[Connection]:
        """A connection in the only write transaction, which is rolled back unless the caller commits. If `checked`, the
        schema must be this version's, without foreign triggers, unless `mending` is to remove them.
        """
        with self.translated(_NO_WRITES):
            begin = self._begin.writing
            with self._savepoint(self._within) if self._within else self._pool.transaction(begin) as connection:
                if checked:
                    self._check_quickly(connection, writing=not mending)
                yield connection

    @contextmanager
    def _savepoint(self, connection: PostgresqlConnection) -> Iterator[PostgresqlConnection]:
        connection.begin_within()
        try:
            yield connection
        finally:
            connection.end_within()

    def mark_as_ledger(self) -> None:
        """A schema needs no settings of its own."""

    def scrub(self) -> str | None:
        """Rewrite the ledger's tables without deleted data. Returns why that could not be done, or None."""
        tables = (*names.LEDGER, names.ARCHIVE, *names.PROJECTION, "search")
        with self.translated():
            connection = connect(self.place, self._dialect)
            try:
                connection.execute(f"SET lock_timeout = '{PATIENCE}s'")
                _await_older(connection)
                for table in tables:
                    run(connection, f"VACUUM (FULL, ANALYZE) @own.{table}")
                schema.mark_scrubbed(connection)
                _await_older(connection)
                # The samples of values; a role without the right is only warned by the server.
                connection.execute("VACUUM (FULL) pg_catalog.pg_statistic")
            except (psycopg.errors.LockNotAvailable, TimeoutError):
                return "another program is still reading the earlier state"
            except psycopg.errors.InsufficientPrivilege as error:
                return str(error.diag.message_primary)
            finally:
                connection.close()
        return None

    def caution(self) -> str | None:
        """None: how a server stores its files is its own matter."""
        return None

    def stored(self, needles: Collection[bytes], *, within: bool = False) -> set[bytes]:
        """Those of some texts that are in the tables or in the samples of their values, regardless of ASCII case."""
        wanted, found = patterns(needles, within=within), set[bytes]()
        with self.reading(checked=False) as connection:
            tables = (*names.LEDGER, names.ARCHIVE, *names.PROJECTION, "search")
            queries = [f"SELECT t::text FROM @own.{table} t" for table in tables]
            queries.append("SELECT s::text FROM pg_stats s WHERE s.schemaname = :schema")
            for query in queries:
                for (row,) in stream(connection, query, {"schema": self.place.schema}):
                    content = row.encode()
                    found |= {needle for needle, pattern in wanted.items() if pattern.search(content)}
        return found

    @contextmanager
    def made(self, like: Engine | None = None) -> Iterator[NewSchema]:
        """A ledger made in one transaction: nobody sees it before that ends, and it exists only if it is kept."""
        with self.translated(_NO_WRITES):
            connection = connect(self.place, self._dialect)
            try:
                connection.execute(self._begin.writing, prepare=False)
                if value(connection, _ANYTHING, (self.place.schema,)) is not None:
                    raise Refused(f"{self.name} has just been made by another program; try again")
                if value(connection, _NAMESPACE, (self.place.schema,)) is None:
                    run(connection, "CREATE SCHEMA @own")
                new = NewSchema(LedgerSchema(self.place))
                new.engine._within = connection
                yield new
                connection.commit() if new.kept else connection.rollback()
            finally:
                connection.close()

    @contextmanager
    def translated(self, standing_by: str = "") -> Iterator[None]:
        """Around statements on a connection: turns the database's errors into our own.

        `standing_by`: the message if the server is a standby, which cannot do what is asked.
        """
        try:
            yield
        except psycopg.Error as error:
            if standing_by and error.sqlstate in errors.STANDING_BY:
                raise Unavailable(f"{self.name} {standing_by}") from None
            raise errors.in_words(error, self.name, LOCK_TIMEOUT) from None
        except UnicodeEncodeError:
            raise InputError("a text contains half of a surrogate pair, which a ledger cannot hold") from None


def _await_older(connection: PostgresqlConnection) -> None:
    """Wait until nobody in the database reads a state from before now, since the server keeps deleted rows for them.

    Raises TimeoutError if somebody still does after `PATIENCE`. Only some roles can see the readers of other roles.
    """
    now = value(connection, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
    until = time.monotonic() + PATIENCE
    while value(connection, _OLDER, (now,)) is not None:
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.05)
