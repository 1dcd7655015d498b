"""What an engine does for a ledger, and what it hands out: everything that differs from one database to another.

Statements elsewhere are written once, for every engine, with values bound by name (`:name`) or by place (`?`). An engine
opens a ledger, begins transactions that read or write, guards the ledger's tables, mends and copies them, and explains its
errors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy


class Driven(Protocol):
    """Anything that gives cursors of DB-API 2.0 (PEP 249) and spells templates in its engine's words."""

    def cursor(self) -> Any: ...

    def streaming(self) -> Any:
        """A cursor whose rows are read as they are asked for, for one statement."""

    def spell(self, template: str) -> str: ...

    def insert(self, table: str, names: Sequence[str], rows: Collection[Sequence[Any]]) -> int:
        """Inserts rows with the values of these columns. Returns how many there are of them now."""


class Connection(Driven, Protocol):
    """A connection of DB-API 2.0 inside a transaction that its engine began.

    `notes` are what callers keep with it for as long as it is open. `dialect` is what its engine does in its own words.
    """

    notes: dict[str, Any]

    @property
    def dialect(self) -> Dialect: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...


class SchemaPart(NamedTuple):
    """A table, index, trigger or view, as the database keeps it. `sql` is None where the database made it for a table."""

    type: str
    name: str
    table: str
    sql: str | None

    @property
    def key(self) -> tuple[str, str]:
        """By this the database knows it."""
        return self.type, self.name.lower()


class SchemaDifferences(NamedTuple):
    """What of the schema is not as it was made."""

    #: Our parts that are missing, or (True) are not the ones that were made, in the order in which they are made.
    wrong: list[tuple[SchemaPart, bool]]
    #: Parts that are not ours.
    strange: list[SchemaPart]

    def in_words(self) -> Iterator[str]:
        for part, there in self.wrong:
            if part.sql:
                yield f"the {part.type} {part.name} is {'not the one that was made' if there else 'missing'}"
        for part in self.strange:
            on = "" if part.type in ("table", "view") else f" on {part.table}"
            yield f"the {part.type} {part.name}{on} is not ours"


class WordIndex(Protocol):
    """Full text, kept with the projection: which facts hold words that begin with those of a question.

    A text is parted into words alike by every engine: letters and digits, whatever their case and accents.
    """

    #: What is indexed of each fact.
    COLUMNS: tuple[str, ...]

    def update(self, connection: Connection, facts: Sequence[int], prior: int, at: int) -> None:
        """Indexes those of some facts whose words are others as of position `at` than as of `prior`, to which it was true."""

    def clear(self, connection: Connection) -> None:
        """Forgets every word."""

    def found(
        self, connection: Connection, words: Sequence[str], column: str | None, *, then: bool
    ) -> tuple[str, dict[str, Any]]:
        """A condition on placements `p` that hold each of some words in one of their columns, or in this; what it binds.

        With `then` they are searched as they were where the connection last looked back.
        """

    def look_back(self, connection: Connection, at: int, others: Iterable[int]) -> None:
        """Prepares to search as of a position: facts whose words changed since, and others, are read as they were."""

    def differences(self, connection: Connection, fresh: Connection) -> Iterable[int]:
        """Every fact whose words are not indexed as a fresh fold, on a scratch database, has them."""

    def is_whole(self, connection: Connection, fresh: Connection) -> bool:
        """Whether the index is whole in itself, so that it finds what it holds."""


class Dialect(Protocol):
    """What an engine does on a connection in its own words."""

    #: What the database raises; its subclasses tell apart what went wrong.
    Error: type[Exception]
    words: WordIndex
    #: The folder of its migrations, in that of all; "": that folder itself.
    migrations: str
    #: Whose clock dates what is recorded, in words.
    clock: str

    def now(self, connection: Connection) -> datetime | None:
        """The present moment, in UTC, on the one clock that all writers share; None where that is this machine's."""

    def create(self, connection: Connection) -> None:
        """Makes every table, trigger and view in an empty database."""

    def create_tables(self, connection: Connection) -> None:
        """Makes the tables alone: what is copied from another ledger may have gaps in its payloads, where it was redacted."""

    def guard(self, connection: Connection) -> None:
        """Makes the triggers and views over the tables."""

    def has_table(self, connection: Connection, name: str) -> bool:
        """Whether a table is there: older schemas have fewer."""

    def columns(self, connection: Connection, table: str) -> tuple[str, ...]:
        """The names of a table's columns, in their order."""

    def keys(self, connection: Connection, table: str) -> tuple[str, ...]:
        """The names of the columns of a table's primary key, in the key's order."""

    def shadow(self, connection: Connection, names: Sequence[str]) -> None:
        """Makes empty temporary tables like these, without their indexes, that stand before the ledger's own."""

    def index_shadows(self, connection: Connection, names: Sequence[str]) -> None:
        """Makes the indexes of temporary tables, which is faster once the rows are there."""

    def temporary(self, connection: Connection, table: str, name: str) -> None:
        """Makes an empty temporary table of one column, a whole number that is its key."""

    def data_version(self, connection: Connection) -> object:
        """A value that changes with every commit by another connection."""

    def schema_differences(self, connection: Connection) -> SchemaDifferences:
        """What of the schema is not as it was made."""

    def mending(self, connection: Connection, where: str) -> AbstractContextManager[None]:
        """Around what writes tables anew. Raises Corrupt, with the way out, where they are too damaged to be written."""

    def mend(self, connection: Connection) -> None:
        """Makes anew what is missing of the schema or is not as it was made; where a table is, the projection is emptied."""

    def damage(self, connection: Connection) -> Iterable[str]:
        """What the database itself finds wrong with how it is stored, in words."""

    def mark_part(self, connection: Connection) -> None:
        """Marks a ledger as a part of another, so that every client is refused who would add to it."""

    def is_part(self, connection: Connection) -> bool:
        """Whether a ledger is marked as a part of another."""

    def undecoded_text(self, connection: Connection) -> AbstractContextManager[None]:
        """Around reading texts that are not UTF-8: each byte that is none comes as `\\x` and two digits."""

    def forget_samples(self, connection: Connection) -> None:
        """Empties what the database keeps of values for its plans."""

    def mark_unscrubbed(self, connection: Connection) -> None:
        """Notes, with the transaction that deletes them, that redacted bytes may still lie where the database stores them."""

    def unscrubbed(self, connection: Connection) -> bool:
        """Whether redacted bytes may still lie there."""

    def copy(self, connection: Connection, into: Engine) -> bool:
        """Copies all that the connection's transaction sees, as it is stored, into an empty place of the same kind.

        Nobody waits meanwhile. Returns False, with nothing done, where it cannot: the place is of another kind.
        """

    def as_sqlalchemy(self, connection: Connection) -> AbstractContextManager[sqlalchemy.Connection]:
        """The same connection as SQLAlchemy has them, for Alembic. Whoever began the transaction ends it in the block."""

    def scratch(self) -> AbstractContextManager[Connection]:
        """An empty database of its own that is gone afterwards, without the ledger's references."""


class NewLedger(Protocol):
    """A ledger that is being made beside its place, and is gone again unless it is kept."""

    @property
    def engine(self) -> Engine: ...
    def keep(self) -> None:
        """Has it moved to its place, whole, when the block ends."""


class Engine(Protocol):
    """One ledger's place in a database, and the connections to it."""

    #: What the ledger is called in a sentence.
    name: str
    #: Its path or URL, in full.
    location: str
    #: Whether a writing connection is kept for the next commit, which makes small ones several times as fast.
    keeps_writing: bool
    #: Whether the connection to it can be lost, and with it the answer to a commit.
    is_remote: bool

    #: Where what was redacted may still lie, in words.
    storage: str
    #: What `scrub` cannot reach, in words; "": nothing.
    beyond_scrubbing: str

    def ledgers(self) -> list[str]:
        """The names of the ledgers that there are where this one is."""

    def roles(self, *, apply: bool) -> list[str]:
        """The statements that make a reader, a writer and an owner of the ledger; carried out where told. Raises Refused."""

    def file_mode(self) -> int:
        """The permissions of a file that may be read by nobody who cannot read the ledger."""

    def exists(self) -> bool:
        """Whether there is anything at its place. Raises Unavailable where nobody can tell."""

    def begun(self) -> bool:
        """Whether there is a ledger with a record."""

    def identity(self) -> object:
        """What tells this ledger from another that is put in its place. Raises NoLedger where there is none."""

    def reading(self, *, checked: bool = True, shadowing: bool = False) -> AbstractContextManager[Connection]:
        """A connection inside one transaction that reads one state; unless told otherwise, of this version's schema.

        With `shadowing` it may have temporary tables of its own.
        """

    def writing(self, *, checked: bool = True, mending: bool = False) -> AbstractContextManager[Connection]:
        """A connection inside one transaction that writes, alone, rolled back unless the caller commits.

        Unless told otherwise the schema is this version's, and strangers' triggers are refused, unless it is to mend them.
        """

    def translated(self) -> AbstractContextManager[None]:
        """Around statements on a connection: the database's errors become sentences of ours."""

    def revision(self, connection: Connection) -> str | None:
        """The migration that the schema is at, None where there is none."""

    def check(self, connection: Connection, *, older: bool = False, lost: bool = False) -> None:
        """Raises NoLedger or SchemaVersion unless the schema is this version's or, if allowed, an older or a lost one."""

    def made(self, like: Engine | None = None) -> AbstractContextManager[NewLedger]:
        """A ledger made beside this place, and moved here whole if it is kept and the place is free.

        It can be read by nobody who cannot read the one that it is to be `like`.
        """

    def settle(self) -> None:
        """Gives the ledger the marks and settings that it lacks."""

    def scrub(self) -> str | None:
        """Takes what was deleted out of the stored bytes. Returns why that could not be done, where so."""

    def caution(self) -> str | None:
        """Why the ledger's place is not safe for one that is written, in words; None where nothing is known against it."""

    def stored(self, needles: Collection[bytes]) -> set[bytes]:
        """Those of some UTF-8 texts that still stand in what is stored, whatever their ASCII case, as words of their own."""

    def close(self) -> None:
        """Closes the connections that are kept; the next question or write opens one again."""
