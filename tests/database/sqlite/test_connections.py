"""How an SQLite file is opened, and what is said if that fails."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest

from factstore.database import names
from factstore.database.sqlite import connections, schema
from factstore.database.sqlite.dialect import LedgerConnection
from factstore.database.sqlite.errors import in_words
from factstore.database.sqlite.file import LedgerFile
from factstore.database.statements import run, value
from factstore.errors import Corrupt, FactstoreError, NoLedger, Unavailable
from factstore.store import Store
from tests.support.checks import refusing


@pytest.mark.parametrize(
    ("pragma", "setting"),
    [
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("secure_delete", 1),
        ("synchronous", 2),
        ("trusted_schema", 0),
    ],
)
def test_each_connection_of_ours_is_durable_and_strict(path: Path, pragma: str, setting: int) -> None:
    with LedgerFile(path).writing(checked=False) as connection:
        assert value(connection, f"PRAGMA {pragma}") == setting


def test_the_write_ahead_log_stays_on(store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(Unavailable, match="read-only"), store.file.reading() as connection:
        run(connection, "DELETE FROM placement")


def test_a_reader_makes_no_file(path: Path) -> None:
    with refusing("CANTOPEN"):
        connections.reader(path, LedgerConnection)
    assert not path.exists()


def test_a_reader_sees_one_state_while_a_writer_continues(store: Store) -> None:
    with store.file.reading() as reader:
        before = value(reader, "SELECT max(position) FROM record")
        store.add("Something else", source="herald", new_source={"title": "The Herald"})
        assert value(reader, "SELECT max(position) FROM record") == before


def test_a_locked_file_is_not_read_behind_the_lock(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LOCK_TIMEOUT", 0.01)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="being written by another program"):
            store.head()


def _head_in_a_folder_that_cannot_be_written(store: Store, *endings: str) -> str:
    """What a reader prints for a copy there. The superuser may write anywhere, so the reader is another user."""
    program = """
        import os, sys, factstore
        from factstore.errors import FactstoreError
        factstore.open(sys.argv[1]).head()  # what is imported late has been imported while that is still allowed
        os.chmod(sys.argv[2], 0o555)
        if os.geteuid() == 0:
            os.setuid(65534)
        try:
            print(factstore.open(sys.argv[2] + "/facts.db").head().position)
        except FactstoreError as error:
            print(type(error).__name__)
    """
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for ending in ("", *endings):
            shutil.copyfile(f"{store.path}{ending}", Path(folder) / f"facts.db{ending}")
        command = [sys.executable, "-W", "error", "-c", dedent(program), str(store.path), folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        os.chmod(folder, 0o755)
    assert done.stderr == ""
    return done.stdout.strip()


def test_a_file_in_a_folder_that_cannot_be_written_is_read(store: Store) -> None:
    assert _head_in_a_folder_that_cannot_be_written(store) == "2"


def test_a_file_is_not_read_without_the_log_that_holds_its_last_commits(store: Store) -> None:
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("SELECT 1 FROM record").fetchone()  # as long as somebody reads, the log is kept
        store.add("Something else", source="herald", new_source={"title": "The Herald"})
        assert _head_in_a_folder_that_cannot_be_written(store, "-wal") == "Unavailable"


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        (sqlite3.SQLITE_NOTADB, NoLedger, "facts.db is not an SQLite database"),
        (sqlite3.SQLITE_BUSY, Unavailable, "facts.db is being written by another program"),
        (sqlite3.SQLITE_READONLY_DBMOVED, Unavailable, "facts.db cannot be written"),
        (sqlite3.SQLITE_CANTOPEN, Unavailable, "facts.db cannot be opened"),
        (sqlite3.SQLITE_FULL, Unavailable, "the disk is full; nothing was changed"),
        (sqlite3.SQLITE_CORRUPT_INDEX, NoLedger, "facts.db is damaged as a file"),
        (None, Corrupt, "facts.db holds a text that is not UTF-8"),
        (sqlite3.SQLITE_ERROR, Corrupt, "facts.db: what it says; `factstore verify` says what is damaged"),
    ],
)
def test_errors_become_a_sentence(code: int | None, kind: type[FactstoreError], words: str) -> None:
    error = sqlite3.OperationalError("what it says")
    if code is not None:
        error.sqlite_errorcode = code
    found = in_words(error, "facts.db", 60)
    assert type(found) is kind
    assert words in str(found)


def test_a_foreign_database_is_not_a_ledger(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE record (position INTEGER)")
    with (
        LedgerFile(path).reading(checked=False) as connection,
        pytest.raises(NoLedger, match="not a Factstore ledger"),
    ):
        schema.revision(connection, "it")


def test_an_empty_file_is_at_no_revision_and_a_new_one_at_the_newest(path: Path) -> None:
    path.touch()
    with LedgerFile(path).writing(checked=False) as connection:
        assert schema.revision(connection, "it") is None
        schema.create(connection)
        assert schema.revision(connection, "it") == names.REVISION


def test_a_scratch_database_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with connections.scratch(LedgerConnection) as connection:
        schema.create(connection)
        assert schema.revision(connection, "it") == names.REVISION
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_names_with_special_characters_of_urls_are_plain_names(store: Store, tmp_path: Path) -> None:
    odd = Store(shutil.copyfile(store.path, tmp_path / "a?mode=memory#50%25 ü.db"))
    assert odd.head() == store.head()


# --- files that came about in another way ---------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the sqlite3 shell is not installed")
def test_a_dump_that_the_plain_shell_loads_again_is_the_same_ledger(store: Store, tmp_path: Path) -> None:
    store.add("Something else", source="herald", new_source={"title": "The Herald"}, quote="a 'word' or two; ü")
    store.redact(4, why="asked for")
    again = Store(tmp_path / "again.db")
    dump = subprocess.run(["sqlite3", str(store.path), ".dump"], capture_output=True, check=True).stdout
    subprocess.run(["sqlite3", str(again.path)], input=dump, capture_output=True, check=True)
    head = store.head()
    assert again.verify(head=head).problems == []
    assert [entry.json() for entry in again.log()] == [entry.json() for entry in store.log()]
    again.add("And another", source="herald")
    assert again.verify(head=head).ok
    again.upgrade()
    with closing(sqlite3.connect(again.path)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert again.verify(head=head).ok


def test_an_unfinished_write_is_not_read_if_there_is_no_write_ahead_log(store: Store) -> None:
    store.add("Something else", source="herald", new_source={"title": "The Herald"})
    head = store.head()
    store.close()
    program = """
        import os, sqlite3, sys
        connection = sqlite3.connect(sys.argv[1], isolation_level=None)
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE placement SET id = hex(randomblob(1000000))")
        connection.execute("CREATE TABLE more AS SELECT hex(randomblob(1000000))")
        os.kill(os.getpid(), 9)
    """
    subprocess.run([sys.executable, "-c", dedent(program), str(store.path)], check=False)
    assert store.path.with_name(store.path.name + "-journal").stat().st_size > 0
    assert store.head() == head
    assert store.verify().problems == []
