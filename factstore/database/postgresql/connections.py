"""Connections to a ledger on PostgreSQL: how transactions begin, and how connections are kept for the next use.

Readers see one state (REPEATABLE READ, READ ONLY). A writer takes the ledger's lock before anything else, so that the last
record that it reads is the last one (READ COMMITTED: in a snapshot taken before the lock it may not be).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from itertools import chain, count
from os import getpid
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import RawCursor, RawServerCursor
from psycopg.errors import Diagnostic
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper

from factstore.database.idle import Idle, check_own, is_inherited
from factstore.database.names import PROJECTION
from factstore.database.postgresql.place import DatabaseUrl
from factstore.database.postgresql.words import Spelled, identifier, spelling
from factstore.errors import Unavailable, Uncertain

if TYPE_CHECKING:
    from factstore.database.engine import Dialect

Row = tuple[Any, ...]

# We raise an error for a lost connection; the driver also logs it, which would go to stderr if logging is not set up.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

#: How long a writer waits for another, in seconds.
LOCK_TIMEOUT = 60.0
#: The oldest server version that works.
OLDEST = 15
#: Up to this many rows are inserted one by one; more are copied.
_FEW = 8
#: How many rows are fetched at once when rows are read one by one.
_PAGE = 60
_FIRST_ROWS = "SET LOCAL enable_sort = {0}; SET LOCAL enable_hashjoin = {0}; SET LOCAL enable_mergejoin = {0}"
_PLANNED_ONCE = "SET LOCAL plan_cache_mode = force_generic_plan"
#: How many new rows make a table worth analyzing: without statistics, the planner expects joins with it to find one row.
_MUCH = 50
#: The tables whose values the server samples; the ledger's payloads are not among them.
_SAMPLED = frozenset((*PROJECTION, "record", "search"))


def _ordered(query: Any, given: Any) -> Any:
    """Values in the order in which a statement binds them."""
    if not isinstance(query, Spelled):
        return given or None
    if query.names is not None and isinstance(given, Mapping):
        return [_askable(given[name]) for name in query.names]
    return list(given) if query.binds else None


#: Sent in place of a text with U+0000, which the server refuses: no text in a ledger equals either.
_NO_TEXT = token_hex(32)


def _askable(value: Any) -> Any:
    return _NO_TEXT if isinstance(value, str) and "\0" in value else value


class _Truth(Int8Dumper):
    """Booleans as all tables store them: 1 or 0."""

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"


class LedgerCursor(RawCursor[Row]):
    """The rows of a statement, all in memory."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> LedgerCursor:
        super().execute(query, _ordered(query, params), **options)
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        super().executemany(query, [_ordered(query, params) for params in params_seq], **options)


class StreamingCursor(RawServerCursor[Row]):
    """The rows of a statement, a page of them in memory. It ends with its transaction.

    Its plan is the one that returns the first rows soonest. The server plans so for a cursor, but not for a union's arms.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> StreamingCursor:
        self.itersize = _PAGE
        self.connection.execute(_FIRST_ROWS.format("off"), prepare=False)
        super().execute(query, _ordered(query, params), **options)
        self.connection.execute(_FIRST_ROWS.format("on"), prepare=False)
        return self

    def __del__(self, *_: Any) -> None:  # otherwise the driver warns of unclosed cursors
        pass


class PagingCursor:
    """The rows of a statement in a total order, of which usually no more than a page is read.

    That page is read by a prepared statement, since planning a statement of many arms takes longer than reading a page of
    it. The rest is read by another cursor.
    """

    def __init__(self, connection: PostgresqlConnection) -> None:
        self._connection = connection

    def execute(self, query: Spelled, params: Any = None) -> Iterator[Row]:
        connection = self._connection
        connection.execute(f"{_FIRST_ROWS.format('off')}; {_PLANNED_ONCE}", prepare=False)
        prepare = None if connection.prepare_threshold is None else True
        page = (
            connection.cursor().execute(f"{query} LIMIT {_PAGE}", _ordered(query, params), prepare=prepare).fetchall()
        )
        connection.execute(f"{_FIRST_ROWS.format('on')}; SET LOCAL plan_cache_mode = auto", prepare=False)
        return chain(page, self._rest(query, params) if len(page) == _PAGE else ())

    def _rest(self, query: Spelled, params: Any) -> Iterator[Row]:
        cursor = self._connection.streaming().execute(query, params)
        cursor.scroll(_PAGE)
        yield from cursor


class PostgresqlConnection(psycopg.Connection[Row]):
    """A connection to a ledger, as its engine returns it."""

    dialect: Dialect
    schema: str
    notes: dict[str, Any]
    process: int
    _is_within = False
    #: The server's warnings since the last commit began.
    _warnings: list[str]
    #: By table: how many rows the transaction has inserted, and at how many the table is next analyzed.
    _grown: dict[str, int]
    _looked: dict[str, int]

    def prepare(self, place: DatabaseUrl, dialect: Dialect) -> None:
        self.schema = place.schema
        self.dialect = dialect
        self.notes = {}
        self.process = getpid()
        self._warnings = []
        self.add_notice_handler(self._note)
        self._grown, self._looked = {}, {}
        self.spell = spelling(place.schema)
        self._numbers = count(1)
        self.cursor_factory = LedgerCursor
        self.server_cursor_factory = StreamingCursor
        # Whole numbers are bigint in all tables: a statement gets the same type however large they are.
        self.adapters.register_dumper(int, Int8Dumper)
        self.adapters.register_dumper(bool, _Truth)
        self.prepare_threshold = None if place.pooled else 3
        self.prepared_max = 300

    def streaming(self) -> Any:
        return self.cursor(name=f"page_{next(self._numbers)}")

    def paging(self) -> Any:
        return PagingCursor(self)

    def insert(self, table: str, names: Sequence[str], rows: Collection[Sequence[Any]]) -> int:
        listed = ", ".join(names)
        with self.cursor() as cursor:
            if len(rows) <= _FEW:
                values = ", ".join(f"${n}" for n in range(1, len(names) + 1))
                cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({values})", rows)
            else:
                with cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copying:
                    for row in rows:
                        copying.write_row(row)
            written = cursor.rowcount
        self._count(table, written)
        return written

    def _count(self, table: str, written: int) -> None:
        """Analyze a table that grew a lot in one transaction, since the server plans by the statistics last made."""
        if table in _SAMPLED:
            self._grown[table] = grown = self._grown.get(table, 0) + written
            if grown >= self._looked.get(table, _MUCH):
                self._looked[table] = 4 * grown
                self.execute(f"ANALYZE {table}")

    # A ledger that is being made has an outer transaction around its own ones.

    def begin_within(self) -> None:
        """Begin a transaction within the one in progress."""
        self._is_within = True
        self.execute("SAVEPOINT within")

    def end_within(self) -> None:
        """End it; it is rolled back unless it was committed."""
        if self._is_within:
            self.rollback()

    def rollback(self) -> None:
        if is_inherited(self):
            return
        self._grown, self._looked = {}, {}
        if self._is_within:
            self._is_within = False
            self.execute("ROLLBACK TO SAVEPOINT within")
        else:
            super().rollback()

    def end_reading(self) -> None:
        """End a transaction that only reads: not by a rollback, after which the driver prepares all statements anew.

        The server lists the statement as END, so that any COMMIT listed there is a writer's.
        """
        if is_inherited(self):
            return
        if self.info.transaction_status == TransactionStatus.INTRANS:
            self.execute("END", prepare=False)
        else:
            super().rollback()

    def commit(self) -> None:
        """Commit. Raises Uncertain if the server's answer is lost, or says that a replica may not have the commit."""
        check_own(self)
        if self._is_within:
            self._is_within = False
            self.execute("RELEASE SAVEPOINT within")
            return
        self._warnings.clear()
        try:
            super().commit()
        except psycopg.OperationalError as error:
            if not self.closed and self.info.transaction_status != TransactionStatus.UNKNOWN:
                raise
            raise Uncertain(
                "the connection was lost while the server committed, so it is unknown whether it did "
                f"({' '.join(str(error).split())})"
            ) from None
        if self._warnings:
            # A server that stops waiting for its replicas warns, and says that it has committed.
            raise Uncertain(
                "the server committed, but warned that it may have done so on this machine alone, so a replica that takes "
                f"its place may not have it ({'; '.join(self._warnings)})",
                lost=False,
            )

    def _note(self, notice: Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            self._warnings.append(" ".join((notice.message_primary or "").split()))

    def close(self) -> None:
        if not is_inherited(self):
            super().close()

    def __del__(self, *_: Any) -> None:  # otherwise the driver warns of unclosed connections
        if not is_inherited(self):
            with suppress(Exception):
                self.pgconn.finish()


def connect(place: DatabaseUrl, dialect: Dialect) -> PostgresqlConnection:
    """A new connection. Raises Unavailable if the server is too old or the database is not in UTF-8."""
    connection = PostgresqlConnection.connect(
        place.database, autocommit=True, application_name="factstore", client_encoding="UTF8"
    )
    connection.prepare(place, dialect)
    encoding, version = connection.info.parameter_status("server_encoding"), connection.info.server_version // 10_000
    if encoding != "UTF8" or version < OLDEST:
        connection.close()
        raise Unavailable(
            f"{place.name}: a ledger needs PostgreSQL {OLDEST} or later and a database in UTF8; "
            f"this is PostgreSQL {version}, in {encoding}"
        )
    return connection


def lock_of(schema: str) -> int:
    """The number of the advisory lock of the database that a ledger's writer holds."""
    return int.from_bytes(sha256(b"factstore ledger " + schema.encode()).digest()[:8], "big", signed=True)


class Beginnings:
    """The statements with which transactions on a ledger begin."""

    def __init__(self, schema: str) -> None:
        # Only a temporary table can shadow the ledger's own.
        self._settings = f"SET LOCAL search_path = {identifier(schema)}; SET LOCAL jit = off"
        self.reading = (
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; "
            f"{self._settings}; SET LOCAL cursor_tuple_fraction = 0.001"
        )
        self.shadowing = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE; {self._settings}"
        self.writing = (
            f"BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = '{LOCK_TIMEOUT:.0f}s'; "
            f"SELECT pg_advisory_xact_lock({lock_of(schema)}); SET LOCAL lock_timeout = 0; {self._settings}"
        )


class ConnectionPool:
    """Connections to one database, opened when needed, and kept for the next use."""

    def __init__(self, place: DatabaseUrl, dialect: Dialect) -> None:
        self._place = place
        self._dialect = dialect
        self._idle: Idle[PostgresqlConnection] = Idle(PostgresqlConnection.close)

    def close(self) -> None:
        """Close the connections that are kept, and those in use once they are returned."""
        self._idle.close()

    @contextmanager
    def transaction(self, begin: str, *, reads: bool = False, kept: bool = True) -> Iterator[PostgresqlConnection]:
        """A connection inside a transaction, which is rolled back unless the caller commits, or it only `reads`.

        Unless it is `kept`, the connection is new, and closed afterwards.
        """
        connection, closings = self._begun(begin) if kept else (self._new(begin), -1)
        try:
            yield connection
        finally:
            self._take_back(connection, closings, reads=reads)

    def _begun(self, begin: str) -> tuple[PostgresqlConnection, int]:
        kept, closings = self._idle.take()
        if kept is not None:
            try:
                kept.execute(begin, prepare=False)
            except psycopg.OperationalError as error:
                if not kept.closed and error.sqlstate:
                    self._take_back(kept, closings)
                    raise
                kept.close()  # the server has closed it meanwhile
                self.close()
            except BaseException:
                kept.close()
                raise
            else:
                return kept, closings
            closings = self._idle.closings
        return self._new(begin), closings

    def _new(self, begin: str) -> PostgresqlConnection:
        connection = connect(self._place, self._dialect)
        try:
            connection.execute(begin, prepare=False)
        except BaseException:
            connection.close()
            raise
        return connection

    def _take_back(self, connection: PostgresqlConnection, closings: int, *, reads: bool = False) -> None:
        """End a connection's transaction, and keep it unless the pool was closed meanwhile."""
        try:
            connection.end_reading() if reads else connection.rollback()
        except psycopg.Error:
            connection.close()
        else:
            if not connection.closed:
                self._idle.keep(connection, closings)
