"""What is specific to SQLite: how a file is opened and locked, and what the database itself refuses.

Works with any SQLite from 3.37 on (STRICT). Triggers need nothing of ours, so that any client meets the same ledger.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Table, create_engine, event, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from factstore.database import tables
from factstore.database.views import SEARCH, VIEWS
from factstore.errors import Corrupt, NoLedger, SchemaVersion, Unavailable

#: `PRAGMA application_id` of every file of ours: "fact" in ASCII.
APPLICATION_ID = 0x66616374
LOCK_TIMEOUT = 60.0
#: How long a redaction waits for those who still read the file as it was, in seconds.
SCRUB_TIMEOUT = 15.0

_LEDGER = {table.name for table in tables.LEDGER}
_VERSION = tables.alembic_version.name

# Most clients do not enforce foreign keys, so that a payload has a record is said here too.
_NEXT = {
    "record": "NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM record)",
    "payload": "NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM payload)\n"
    "    OR NEW.position NOT IN (SELECT position FROM record)",
}

# A record of a redaction alone does not do: anybody can insert one. It takes what it says, and a commit that counts it.
_REDACTED = """SELECT 1 FROM record r
    JOIN payload said ON said.position = r.position
    JOIN record c ON c.kind = 'commit' AND c.position > r.position
    JOIN payload p ON p.position = c.position
    JOIN json_each(p.payload) counted ON counted.key = 'records' AND c.position - counted.value <= r.position
    WHERE r.kind = 'redacted' AND r.subject = OLD.position AND r.position > OLD.position AND OLD.position > 1"""

TRIGGERS: dict[str, str] = {
    # The check on insert also stops INSERT OR REPLACE, which slips past the others in most clients.
    f"{table}_{event_}": f"CREATE TRIGGER {table}_{event_} BEFORE {event_.upper()} ON {table}\n"
    f"{condition}BEGIN\n    SELECT RAISE(ABORT, '{words}');\nEND"
    for table in ("record", "payload")
    for event_, condition, words in (
        (
            "insert",
            f"WHEN {_NEXT[table]}\n",
            f"the ledger only grows at its end: {table} takes the next position and no other",
        ),
        ("update", "", f"the ledger is append-only: a {table} is never changed"),
        (
            "delete",
            f"WHEN NOT EXISTS (\n    {_REDACTED}\n)\n" if table == "payload" else "",
            f"the ledger is append-only: a {table} is never removed"
            + (" unless a redaction that was committed names it" if table == "payload" else ""),
        ),
    )
}

TRIGGERS |= {
    # Else INSERT OR REPLACE would put another text in its place.
    "archived_text_insert": """CREATE TRIGGER archived_text_insert BEFORE INSERT ON archived_text
WHEN EXISTS (SELECT 1 FROM archived_text WHERE sha256 = NEW.sha256)
BEGIN
    SELECT RAISE(ABORT, 'an archived text is never changed');
END""",
    "archived_text_update": """CREATE TRIGGER archived_text_update BEFORE UPDATE ON archived_text
BEGIN
    SELECT RAISE(ABORT, 'an archived text is never changed');
END""",
    "archived_text_delete": f"""CREATE TRIGGER archived_text_delete BEFORE DELETE ON archived_text
WHEN OLD.sha256 IN (
    {tables.NAMED_TEXTS}
)
BEGIN
    SELECT RAISE(ABORT, 'an archived text stays while the ledger names it');
END""",
}


def create(connection: Connection) -> None:
    """Make every table, trigger and view, in an empty database."""
    create_tables(connection)
    guard(connection)


def create_tables(connection: Connection) -> None:
    """Make the tables alone: what is copied from another ledger may have gaps in its payloads, where it was redacted."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    tables.metadata.create_all(connection)
    connection.execute(tables.alembic_version.insert().values(version_num=tables.REVISION))


def guard(connection: Connection) -> None:
    """Make the triggers and views over the tables."""
    for statement in (*TRIGGERS.values(), *(view.sql for view in VIEWS.values()), SEARCH):
        connection.exec_driver_sql(statement)


def engine(path: Path, *, writable: bool) -> Engine:
    """An engine on a file. A writable one makes the file where there is none; the other sees it as it is.

    Its connections are kept for the next question or write, until it is disposed of.
    """
    target = path.absolute()

    def connect() -> sqlite3.Connection:
        return _open(target, "mode=rwc") if writable else reader(target)

    made = create_engine("sqlite://", creator=connect, poolclass=QueuePool)

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        # By the driver itself, as every question begins so.
        connection.connection.cursor().execute("BEGIN IMMEDIATE" if writable else "BEGIN")

    if writable:
        # The last connection to close would do so by itself, but not where that one only reads.
        @event.listens_for(made, "close")
        def empty_log(connection: Any, _: Any) -> None:
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    return made


@contextmanager
def undo_failed_commit(path: Path) -> Iterator[None]:
    """Around a transaction: where its commit fails, it is not there later either."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        found = getattr(error, "orig", error)
        if getattr(found, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_FSYNC:
            _take_back(path)
        raise


def _take_back(path: Path) -> None:
    """After a sync that failed, make sure that what was refused stays so.

    All of the commit may lie in the write-ahead log by then, and whoever opens the file when nobody else has it open
    reads the log to its end. The next transaction is written over it.
    """
    try:
        with closing(_open(path.absolute(), "mode=rw")) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            connection.execute(f"PRAGMA user_version = {version}")
    except sqlite3.Error:
        raise Unavailable(
            f"{path}: the disk failed while a commit was made durable, and fails still; once it works again, "
            "`factstore log` shows whether the commit is there"
        ) from None


def reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. It sees what others commit, and needs no folder that can be written."""
    try:
        return _open(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_READONLY_ROLLBACK:
            # A writer died in a file without a write-ahead log: what it had begun is taken back, which is to write.
            _open(path, "mode=rw").close()
            return _open(path, "mode=ro")
        if not _is_quiescent(path, error):
            raise
        return _open(path, "mode=ro&immutable=1")


def _open(path: Path, query: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?{query}",
        uri=True,
        timeout=LOCK_TIMEOUT,
        isolation_level=None,
        check_same_thread=False,
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


def _is_quiescent(path: Path, error: sqlite3.OperationalError) -> bool:
    """Whether a file failed to open only for want of a folder that can be written, and is whole without one.

    A write-ahead log needs such a folder even to be read. Where none is left over, the file alone holds everything.
    """
    wanting = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
    logs = [path.with_name(path.name + end) for end in ("-wal", "-journal")]
    return wanting and path.exists() and not any(log.exists() and log.stat().st_size for log in logs)


def scratch() -> Engine:
    """A database of its own that is gone when it is closed, on disk where it grows, without the ledger's references."""
    made = create_engine("sqlite://", creator=lambda: sqlite3.connect("", isolation_level=None), poolclass=NullPool)

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return made


def make_durable(path: Path) -> None:
    """Mark the file as ours and turn the write-ahead log on, so that readers never wait for a writer.

    Both stay in the file, but not in what the shell dumps of it.
    """
    connection = _open(path.absolute(), "mode=rw")
    try:
        if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def copy(connection: Connection, path: Path) -> None:
    """Copy the database, as the connection's transaction sees it, into an empty file, durably. Nobody waits meanwhile."""
    source = connection.connection.driver_connection
    assert isinstance(source, sqlite3.Connection)
    target = _open(path.absolute(), "mode=rw")
    try:
        source.backup(target)
    finally:
        target.close()


def damage(connection: Connection) -> Iterator[str]:
    """What SQLite itself finds wrong with the file's pages, rows and indexes, table by table."""

    def check(of: str = "") -> list[str]:
        try:
            found = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check{of}")]
        except DBAPIError as error:
            return [str(error.orig)]
        return [] if found == ["ok"] else found

    whole = check()
    if not whole:
        return
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
    named = False
    for table in tables.scalars().all():
        found = check(f'("{table}")')
        if found:
            named = True
            yield f"the table {table} is damaged in the file: {' '.join(found[0].split())}"
    if not named:
        yield f"the file is damaged: {' '.join(whole[0].split())}"


def strange_trigger(connection: Connection) -> str | None:
    """The first trigger that is not as we make them, in words: whatever is written may pass through it."""
    query = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    found = ((name, table) for name, table, sql in connection.exec_driver_sql(query) if TRIGGERS.get(name) != sql)
    return next((f"the trigger {name} on {table}" for name, table in found), None)


@contextmanager
def undecoded_text(connection: Connection) -> Iterator[None]:
    """Read texts that are not UTF-8, too: each byte that is none as `\\x` and two digits, which no JSON text holds."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.text_factory = lambda raw: raw.decode(errors="backslashreplace")
    try:
        yield
    finally:
        driver.text_factory = str


def forget_samples(connection: Connection) -> None:
    """Empty what ANALYZE keeps of indexes: some SQLites sample their values. It is made again by the next ANALYZE."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'sqlite\\_stat_' ESCAPE '\\'"
    for name in connection.exec_driver_sql(query).scalars().all():
        connection.exec_driver_sql(f"DELETE FROM {name}")


def mark_unscrubbed(connection: Connection) -> None:
    """Note in the file, with the transaction that deletes them, that its free pages may still hold redacted bytes."""
    connection.exec_driver_sql("PRAGMA user_version = 1")


def unscrubbed(connection: Connection) -> bool:
    """Whether redacted bytes may still lie in the file."""
    return bool(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def scrub(path: Path) -> str | None:
    """Write the file anew without its free pages and empty the write-ahead log, so that what was deleted is in neither.

    Returns why it could not be done, in words, where a reader or writer did not finish in time or the disk is full.
    """
    try:
        with closing(_open(path.absolute(), "mode=rw")) as connection:
            connection.execute(f"PRAGMA busy_timeout = {1000 * SCRUB_TIMEOUT:.0f}")
            connection.execute("VACUUM")
            if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                return "another program is still reading what was there before"
            connection.execute("PRAGMA user_version = 0")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        return "another program is writing" if "locked" in str(error) else str(error)
    return None


def revision(connection: Connection, where: str, *, lost: bool = False) -> str | None:
    """The migration that the file is at, None for an empty file. Raises NoLedger for a file that is not ours.

    Where somebody has taken out which one it is, SchemaVersion says how to save the ledger; `lost`: then it is "".
    """
    held = {*connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()}
    marked = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if not held and not marked:
        return None
    # A dump that was loaded again is a ledger, but bears no mark.
    if not held >= _LEDGER or marked not in (0, APPLICATION_ID) or (not marked and _VERSION not in held):
        raise NoLedger(f"{where} is an SQLite database, but not a Factstore ledger")
    found = connection.execute(select(tables.alembic_version)).scalars().all() if _VERSION in held else []
    if len(found) == 1 and found[0].isdigit():
        return str(found[0])
    if lost:
        return ""
    raise SchemaVersion(
        f"{where} does not say which schema it has: its table {_VERSION} was changed or taken away; "
        "`factstore rebuild --into FILE` copies the ledger into a new file"
    )


def has_table(connection: Connection, table: Table) -> bool:
    """Whether a table of ours is in the file: older schemas have fewer."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.exec_driver_sql(query, (table.name,)).first() is not None


def in_words(error: sqlite3.Error, where: str) -> Exception:
    """What went wrong with the database, as one of our own sentences."""
    said = str(error)
    if "not a database" in said:
        return NoLedger(f"{where} is not an SQLite database")
    if "locked" in said or "busy" in said:
        return Unavailable(f"{where} is being written by another program; it did not finish in {LOCK_TIMEOUT:.0f} s")
    if "readonly" in said or "read-only" in said:
        return Unavailable(f"{where} cannot be written: the file or its folder is read-only")
    if "unable to open" in said:
        return Unavailable(f"{where} cannot be opened: is there such a folder, and may you write in it?")
    if "I/O error" in said:
        return Unavailable(f"{where} could not be read or written: the disk reports an error")
    if "full" in said:
        return Unavailable(f"{where} could not be written: the disk is full; nothing was changed")
    if "no such" in said or "malformed JSON" in said:
        return Corrupt(
            f"{where}: {said}; `factstore verify` says what is damaged, `factstore rebuild` computes it again"
        )
    if "malformed" in said or "corrupt" in said:
        return NoLedger(f"{where} is damaged as a file: {said}")
    if "decode to UTF-8" in said:
        return Corrupt(f"{where} holds a text that is not UTF-8: {said}")
    return Unavailable(f"{where}: {said}")
