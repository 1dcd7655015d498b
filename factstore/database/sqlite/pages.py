"""The bytes of an SQLite file: made durable, copied, checked, and cleared of deleted data."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from factstore.database.engine import Driven
from factstore.database.needles import patterns
from factstore.database.sqlite.connections import alone
from factstore.database.sqlite.schema import APPLICATION_ID
from factstore.database.statements import column, run, value
from factstore.errors import Unavailable

#: How long a redaction waits for readers of the earlier state, in seconds.
SCRUB_TIMEOUT = 15.0
#: How many bytes of a file are searched at once.
_BLOCK = 2**20


def make_durable(path: Path) -> None:
    """Set our application id and turn the write-ahead log on, so that readers never wait for a writer.

    The file keeps both, but a dump by the `sqlite3` shell does not contain them.
    """
    with alone(path) as connection:
        if connection.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA journal_mode = WAL")


def copy(connection: Driven, path: Path) -> None:
    """Copy the database, as the connection's transaction sees it, into an empty file, durably. Nobody has to wait."""
    assert isinstance(connection, sqlite3.Connection)
    with alone(path) as target:
        connection.backup(target)


@contextmanager
def undo_failed_commit(path: Path) -> Iterator[None]:
    """Around a transaction: if its commit fails, it must not appear later either."""
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_FSYNC:
            _take_back(path)
        raise


def _take_back(path: Path) -> None:
    """After a failed sync, make sure that the refused commit stays refused.

    The commit may be in the write-ahead log completely, and whoever opens the file when nobody else has it open
    would read the log to its end. So another transaction is written over it.
    """
    try:
        with alone(path) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            connection.execute(f"PRAGMA user_version = {version}")
    except sqlite3.Error:
        raise Unavailable(
            f"{path}: the disk failed while a commit was made durable, and still fails; once it works again, "
            "`factstore log` shows whether the commit is there"
        ) from None


def damage(connection: Driven) -> Iterator[str]:
    """The damage that SQLite itself finds in the file's pages, rows and indexes, table by table."""

    def check(of: str = "") -> list[str]:
        try:
            found = [str(words) for words in column(connection, f"PRAGMA integrity_check{of}")]
        except sqlite3.Error as error:
            return [str(error)]
        return [] if found == ["ok"] else found

    whole = check()
    if not whole:
        return
    tables = column(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
    named = False
    for table in tables:
        found = check(f'("{table}")')
        if found:
            named = True
            yield f"the table {table} is damaged in the file: {' '.join(found[0].split())}"
    if not named:
        yield f"the file is damaged: {' '.join(whole[0].split())}"


@contextmanager
def undecoded_text(connection: Driven) -> Iterator[None]:
    """Read texts that are not UTF-8, too: each invalid byte becomes `\\x` and two digits, which no JSON text contains."""
    assert isinstance(connection, sqlite3.Connection)
    connection.text_factory = lambda raw: raw.decode(errors="backslashreplace")
    try:
        yield
    finally:
        connection.text_factory = str


def forget_samples(connection: Driven) -> None:
    """Empty the statistics of ANALYZE, since some SQLites sample values. The next ANALYZE makes them again."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'sqlite\\_stat_' ESCAPE '\\'"
    for name in column(connection, query):
        run(connection, f"DELETE FROM {name}")


def mark_unscrubbed(connection: Driven) -> None:
    """Note in the file, with the transaction that deletes them, that its free pages may still have redacted bytes."""
    run(connection, "PRAGMA user_version = 1")


def unscrubbed(connection: Driven) -> bool:
    """Whether redacted bytes may still be in the file."""
    return bool(value(connection, "PRAGMA user_version"))


def holding(path: Path, needles: Collection[bytes], *, within: bool = False) -> set[bytes]:
    """Those of some texts that are in a file's bytes as whole words, or also `within` longer ones; ASCII case is ignored."""
    if not needles or not path.exists():
        return set()
    longest = max(map(len, needles))
    wanted = patterns(needles, within=within)
    found: set[bytes] = set()
    with path.open("rb") as file:
        tail = b""
        while block := file.read(_BLOCK):
            content = tail + block
            found |= {needle for needle, pattern in wanted.items() if pattern.search(content, 1 if tail else 0)}
            tail = content[-longest - 1 :]
    return found


def scrub(path: Path) -> str | None:
    """Rewrite the file without its free pages and empty the write-ahead log, so that neither has deleted data.

    Returns in words why it could not be done, if a reader or writer did not finish in time or the disk is full.
    """
    try:
        with alone(path) as connection:
            connection.execute(f"PRAGMA busy_timeout = {1000 * SCRUB_TIMEOUT:.0f}")
            connection.execute("VACUUM")
            if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                return "another program is still reading the earlier state"
            connection.execute("PRAGMA user_version = 0")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        busy = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF == sqlite3.SQLITE_BUSY
        return "another program is writing" if busy else str(error)
    return None
