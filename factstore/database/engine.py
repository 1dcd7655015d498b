"""What an engine does for a ledger, and what it returns: everything that differs from one database to another.

Statements elsewhere are written once for all engines, with values bound by name (`:name`) or by place (`?`). An engine
opens a ledger, begins transactions that read or write, guards the ledger's tables, repairs and copies them, and explains its
errors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from factstore.units import Position

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy


#: A named tuple with the columns of a query, which only the query names.
NamedRow = Any


class Driven(Protocol):
    """Anything with DB-API 2.0 (PEP 249) cursors that spells templates in its engine's words."""

    def cursor(self) -> Any:
        """A cursor, whose statements are in the words of the engine."""

    def streaming(self) -> Any:
        """A cursor for one statement, which reads rows as they are used."""

    def paging(self) -> Any:
        """The same, for a statement whose rows are in a total order, and of which usually only a page is read."""

    def spell(self, template: str) -> str:
        """A template in the words of the engine (see `templates`)."""

    def insert(self, table: str, names: Sequence[str], rows: Collection[Sequence[object]]) -> int:
        """Inserts rows with the values of these columns. Returns how many the database inserted."""


class Connection(Driven, Protocol):
    """A DB-API 2.0 connection inside a transaction that its engine began.

    `notes`: what callers keep with it while it is open. `process`: the id of the process that opened it. `dialect`: what its
    engine does in its own way.
    """

    notes: dict[str, Any]
    process: int

    @property
    def dialect(self) -> Dialect:
        """What the engine does in its own way."""

    def commit(self) -> None:
        """Make what was written durable, and end the transaction."""

    def rollback(self) -> None:
        """End the transaction without a trace."""


class SchemaPart(NamedTuple):
    """A table, index, trigger or view in the database. `sql` is None if the database made it for a table."""

    type: str
    name: str
    table: str
    sql: str | None

    @property
    def key(self) -> tuple[str, str]:
        """Its key in the database."""
        return self.type, self.name.lower()


class SchemaDifferences(NamedTuple):
    """The parts of the schema that are not as they were made."""

    #: Our parts that are missing, or (True) were changed, in the order in which they are made.
    wrong: list[tuple[SchemaPart, bool]]
    #: Parts that are not ours.
    strange: list[SchemaPart]

    def in_words(self) -> Iterator[str]:
        """Each difference, as a problem that `verify` reports."""
        for part, changed in self.wrong:
            if part.sql:
                yield f"the {part.type} {part.name} is {'not the one that was made' if changed else 'missing'}"
        for part in self.strange:
            on = "" if part.type in ("table", "view") else f" on {part.table}"
            yield f"the {part.type} {part.name}{on} is not ours"


class WordIndex(Protocol):
    """The full-text index, kept with the projection: finds facts with words that begin with those of a query.

    All engines split a text into the same words: letters and digits, regardless of case and accents.
    """

    #: The indexed columns of each fact.
    COLUMNS: tuple[str, ...]

    def update(self, connection: Connection, facts: Sequence[Position], prior: Position, at: Position) -> None:
        """Indexes the facts whose words changed from position `prior`, for which the index was last correct, to `at`."""

    def clear(self, connection: Connection) -> None:
        """Empties the index."""

    def found(
        self, connection: Connection, words: Sequence[str], column: str | None, *, then: bool
    ) -> tuple[str, dict[str, object]]:
        """A condition that placements `p` have words that match all of these, in one column or any; and its parameters.

        With `then`, the words as of the position that the connection last prepared with `look_back`.
        """

    def look_back(self, connection: Connection, at: Position, others: Iterable[Position]) -> None:
        """Prepares to search as of a position: facts whose words changed since, and others, are read as they were."""

    def differences(self, connection: Connection, fresh: Connection) -> Iterable[Position]:
        """The facts whose words are indexed otherwise than in a fresh fold, which is on a scratch database."""

    def is_whole(self, connection: Connection, fresh: Connection) -> bool:
        """Whether the index is consistent in itself, so that it finds what it contains."""


class Dialect(Protocol):
    """What an engine does on a connection in its own way."""

    #: The base class of the database's errors; its subclasses say what went wrong.
    Error: type[Exception]
    words: WordIndex
    #: The folder of its migrations, within that of all; "": that folder itself.
    migrations: str
    #: The clock that dates records, in words.
    clock: str

    def now(self, connection: Connection) -> datetime | None:
        """The present moment, in UTC, by the clock that all writers share; None if that is this machine's."""

    def create(self, connection: Connection) -> None:
        """Makes all tables, triggers and views in an empty database."""

    def create_tables(self, connection: Connection) -> None:
        """Makes only the tables: a copy of a ledger with redactions has gaps in its payloads, which triggers would refuse."""

    def guard(self, connection: Connection) -> None:
        """Makes the triggers and views over the tables."""

    def has_table(self, connection: Connection, name: str) -> bool:
        """Whether a table exists: older schemas have fewer."""

    def columns(self, connection: Connection, table: str) -> tuple[str, ...]:
        """The names of a table's columns, in their order."""

    def keys(self, connection: Connection, table: str) -> tuple[str, ...]:
        """The names of the columns of a table's primary key, in the key's order."""

    def shadow(self, connection: Connection, names: Sequence[str]) -> None:
        """Makes empty temporary tables like these, without their indexes, that shadow the ledger's own."""

    def index_shadows(self, connection: Connection, names: Sequence[str]) -> None:
        """Makes the indexes of temporary tables, which is faster once the rows are there."""

    def temporary(self, connection: Connection, table: str, name: str) -> None:
        """Makes an empty temporary table with one column, a whole number that is its key."""

    def data_version(self, connection: Connection) -> object:
        """A value that changes with each commit by another connection."""

    def schema_differences(self, connection: Connection) -> SchemaDifferences:
        """The parts of the schema that are not as they were made."""

    def mending(self, connection: Connection, where: str) -> AbstractContextManager[None]:
        """Around rewriting tables. Raises Corrupt, with advice, if they are too damaged to be written."""

    def mend(self, connection: Connection) -> None:
        """Makes missing or changed parts of the schema again; if that includes a table, the projection is emptied."""

    def damage(self, connection: Connection) -> Iterable[str]:
        """Damage that the database itself finds in how it is stored, in words."""

    def mark_part(self, connection: Connection) -> None:
        """Marks a ledger as a part of another, so that additions by any client are refused."""

    def is_part(self, connection: Connection) -> bool:
        """Whether a ledger is marked as a part of another."""

    def undecoded_text(self, connection: Connection) -> AbstractContextManager[None]:
        """Around reading texts that may not be UTF-8: each invalid byte is read as `\\x` and two digits."""

    def forget_samples(self, connection: Connection) -> None:
        """Empties the samples of values that the database keeps for its query plans."""

    def mark_unscrubbed(self, connection: Connection) -> None:
        """Notes, with the transaction that deletes them, that redacted bytes may still be where the database stores them."""

    def unscrubbed(self, connection: Connection) -> bool:
        """Whether redacted bytes may still be there."""

    def copy(self, connection: Connection, into: Engine) -> bool:
        """Copies all that the connection's transaction sees, as it is stored, into an empty place of the same kind.

        Nobody has to wait meanwhile. Returns False, with nothing done, if the place is of another kind.
        """

    def as_sqlalchemy(self, connection: Connection) -> AbstractContextManager[sqlalchemy.Connection]:
        """The same connection for SQLAlchemy, which Alembic needs. Whoever began the transaction ends it in the block."""

    def scratch(self) -> AbstractContextManager[Connection]:
        """An empty temporary database, without the foreign keys of the ledger."""


class NewLedger(Protocol):
    """A ledger that is being made beside its place, and is removed again unless it is kept."""

    @property
    def engine(self) -> Engine:
        """The new ledger, to be written."""

    def keep(self) -> None:
        """Moves it to its place, complete, when the block ends."""


class Engine(Protocol):
    """One ledger's place in a database, and the connections to it."""

    #: The name of the ledger in sentences.
    name: str
    #: Its path or URL, in full.
    location: str
    #: Whether a writing connection is kept for the next commit, which makes small commits several times as fast.
    keeps_writing: bool
    #: Whether the connection can be lost, and with it the answer to a commit.
    is_remote: bool

    #: Where redacted bytes may still be, in words.
    storage: str
    #: What `scrub` cannot reach, in words; "": nothing.
    beyond_scrubbing: str

    def ledgers(self) -> list[str]:
        """The names of the ledgers in the same place as this one."""

    def roles(self, *, apply: bool) -> list[str]:
        """The SQL that makes a reader, a writer and an owner of the ledger; run if `apply`. Raises Refused."""

    def file_mode(self) -> int:
        """Permissions for a file that must not be readable by anybody who cannot read the ledger."""

    def exists(self) -> bool:
        """Whether there is anything at its place. Raises Unavailable if that cannot be found out."""

    def begun(self) -> bool:
        """Whether there is a ledger with a record."""

    def identity(self) -> object:
        """A value that distinguishes this ledger from another put in its place. Raises NoLedger if there is none."""

    def reading(
        self, *, checked: bool = True, shadowing: bool = False, kept: bool = True
    ) -> AbstractContextManager[Connection]:
        """A connection in a read transaction, which sees one state; if `checked`, the schema must be this version's.

        With `shadowing` it may have temporary tables. Unless it is `kept` for the next use, its statements may be anybody's,
        and whatever they set ends with it.
        """

    def writing(self, *, checked: bool = True, mending: bool = False) -> AbstractContextManager[Connection]:
        """A connection in the only write transaction, which is rolled back unless the caller commits.

        If `checked`, the schema must be this version's, without foreign triggers, unless `mending` is to remove them.
        """

    def translated(self) -> AbstractContextManager[None]:
        """Around statements on a connection: turns the database's errors into our own."""

    def revision(self, connection: Connection) -> str | None:
        """The migration that the schema is at, None if there is none."""

    def check(self, connection: Connection, *, older: bool = False, lost: bool = False) -> None:
        """Raises NoLedger or SchemaVersion unless the schema is this version's or, if allowed, an older or unknown one."""

    def made(self, like: Engine | None = None) -> AbstractContextManager[NewLedger]:
        """A ledger made beside this place, and moved here, complete, if it is kept and the place is free.

        Only those can read it who can read the ledger that it is to be `like`.
        """

    def mark_as_ledger(self) -> None:
        """Gives the ledger the marks and settings that it lacks."""

    def scrub(self) -> str | None:
        """Removes deleted data from the stored bytes. Returns why that could not be done, or None."""

    def caution(self) -> str | None:
        """Why the place is not safe for writing a ledger, in words; None if no risk is known."""

    def stored(self, needles: Collection[bytes], *, within: bool = False) -> set[bytes]:
        """Those of some UTF-8 texts that are still in the stored bytes, regardless of ASCII case.

        As whole words, or also `within` longer ones.
        """

    def close(self) -> None:
        """Closes the connections that are kept; the next question or write opens one again."""
