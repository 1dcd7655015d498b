"""A backup is the whole ledger at one moment, verified before it gets its name, and overwrites nothing."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from factstore.cli import cli
from factstore.database.sqlite import file, pages
from factstore.database.sqlite.dialect import SqliteDialect
from factstore.errors import Corrupt, InputError, NoLedger, Refused, Unavailable
from factstore.maintenance import backups
from factstore.store import Store
from tests.ledger.test_chain import CHRONOLOGY, spoil
from tests.system.test_frozen import thawed
from tests.test_store import one_fact


@pytest.fixture
def filled(path: Path) -> Store:
    store = Store(path)
    store.load(CHRONOLOGY)
    return store


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder of its own, in which nothing unintended is left."""
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder / "backup.db"


def left(place: Path) -> list[str]:
    return sorted(file.name for file in place.parent.iterdir())


def test_a_backup_is_the_same_ledger_in_one_file_that_can_be_continued(filled: Store, place: Path) -> None:
    head = filled.backup(place)
    assert left(place) == ["backup.db"]
    kept = Store(place)
    assert head == filled.head() == kept.head()
    assert kept.verify(head=head).ok
    assert [found.json() for found in kept.timeline] == [found.json() for found in filled.timeline]
    kept.load(one_fact("only-there"))
    with closing(sqlite3.connect(place)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert filled.head() == head


def test_a_backup_is_of_one_moment_while_a_writer_continues(
    filled: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = filled.head()
    copy = SqliteDialect.copy

    def with_a_writer(*given: Any) -> bool:
        Store(filled.path).load(one_fact("meanwhile"))
        return copy(*given)

    monkeypatch.setattr(SqliteDialect, "copy", staticmethod(with_a_writer))
    assert filled.backup(place) == head
    assert Store(place).head() == head
    assert filled.head() != head


@pytest.mark.parametrize("there", ["file", "folder", "link to nothing"])
def test_existing_files_are_never_overwritten(filled: Store, place: Path, there: str) -> None:
    if there == "file":
        place.write_text("something else")
    elif there == "folder":
        place.mkdir()
    else:
        place.symlink_to("nowhere")
    before = place.lstat()
    with pytest.raises(Refused, match=r"backup\.db already exists, and is not overwritten"):
        filled.backup(place)
    # Reading changes the time of access; any other change changes the time of change.
    after = place.lstat()
    assert (after.st_ino, after.st_mode, after.st_size, after.st_ctime_ns) == (
        before.st_ino,
        before.st_mode,
        before.st_size,
        before.st_ctime_ns,
    )
    assert left(place) == ["backup.db"]


def test_a_file_that_appears_in_the_meantime_is_not_overwritten(
    filled: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqliteDialect, "damage", staticmethod(lambda copy: place.write_text("something else") and []))
    with pytest.raises(Refused, match="has just been made by another program"):
        filled.backup(place)
    assert place.read_text() == "something else"
    assert left(place) == ["backup.db"]


def test_without_hard_links_a_backup_is_made_and_overwrites_nothing(
    filled: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    head = filled.backup(place)
    assert left(place) == ["backup.db"]
    assert Store(place).verify(head=head).ok
    with pytest.raises(FileExistsError):
        file._put(filled.path, place)
    assert Store(place).head() == head


@pytest.mark.parametrize(
    ("ours", "mask", "kept"), [(0o600, 0o022, 0o600), (0o666, 0o027, 0o640), (0o644, 0o022, 0o644)]
)
def test_a_backup_is_no_more_readable_than_the_ledger_or_the_umask_allows(
    filled: Store, place: Path, ours: int, mask: int, kept: int
) -> None:
    filled.path.chmod(ours)
    before = os.umask(mask)
    try:
        filled.backup(place)
    finally:
        os.umask(before)
    assert place.stat().st_mode & 0o777 == kept


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE payload SET payload = replace(payload, 'spoke', 'wrote')", "record 5: the payload is not the one"),
        ("INSERT INTO archived_text VALUES ('00', 3, x'00')", "the archived text 00 is not the one that was kept"),
    ],
)
def test_a_copy_that_does_not_verify_is_not_kept_as_a_backup(
    filled: Store, place: Path, damage: str, words: str
) -> None:
    spoil(filled, damage)
    with pytest.raises(Corrupt, match=f"no backup was made: .*facts.db is not as it was written: {words}"):
        filled.backup(place)
    assert left(place) == []


def test_a_damaged_page_is_not_kept_as_a_backup(filled: Store, place: Path) -> None:
    with closing(sqlite3.connect(filled.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root, size = connection.execute(
            "SELECT rootpage, page_size FROM sqlite_master, pragma_page_size WHERE name = 'thing'"
        ).fetchone()
    data = bytearray(filled.path.read_bytes())
    data[(root - 1) * size + 3] ^= 0xFF  # how many cells its page holds
    filled.path.write_bytes(data)
    with pytest.raises(Corrupt, match="the table thing is damaged in the file"):
        Store(filled.path).backup(place)
    assert left(place) == []


def test_a_name_for_which_a_log_waits_is_refused(filled: Store, place: Path) -> None:
    log = place.with_name("backup.db-wal")
    log.write_bytes(b"the last commits of another ledger")
    with pytest.raises(Refused, match=r"backup\.db-wal is left from another file"):
        filled.backup(place)
    with pytest.raises(Refused, match=r"backup\.db-wal is left from another file"):
        Store(place).init()
    assert left(place) == ["backup.db-wal"]
    assert log.read_bytes() == b"the last commits of another ledger"


def test_an_older_file_is_backed_up_before_it_is_upgraded(tmp_path: Path, place: Path) -> None:
    old = thawed("0001", tmp_path)
    head = old.backup(place)
    kept = Store(place)
    assert kept.upgrade()[0] == "0001"
    assert kept.verify(head=head).ok


def test_redacted_bytes_in_free_pages_are_not_copied(
    filled: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(pages, "scrub", lambda path: "somebody reads")
        with closing(sqlite3.connect(filled.path)) as connection:
            connection.execute("PRAGMA secure_delete = OFF")
            connection.execute("CREATE TABLE notes (said TEXT)")
            connection.execute("INSERT INTO notes VALUES ('a word that goes')")
            connection.commit()
            connection.execute("DROP TABLE notes")
            connection.commit()
        filled.redact(5, why="asked for")
    assert not filled.verify().ok
    filled.backup(place)
    assert b"a word that goes" not in place.read_bytes()
    assert Store(place).verify().ok


@pytest.mark.parametrize("name", ["mysql://localhost/facts", "", ":memory:"])
def test_a_backup_is_a_file(filled: Store, name: str) -> None:
    with pytest.raises(InputError):
        filled.backup(name)


def test_a_file_that_is_not_a_ledger_is_not_backed_up(path: Path, place: Path) -> None:
    with pytest.raises(NoLedger, match="there is no ledger"):
        Store(path).backup(place)
    path.touch()
    with pytest.raises(NoLedger, match="empty file"):
        Store(path).backup(place)
    assert left(place) == []


def test_a_missing_folder_is_reported(filled: Store, place: Path) -> None:
    with pytest.raises(Unavailable, match=os.strerror(errno.ENOENT)):
        filled.backup(place.parent / "nowhere" / "backup.db")


def test_a_name_that_the_disk_did_not_confirm_is_reported(
    filled: Store, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EIO, "no answer")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Unavailable, match=r"is complete, but the disk did not confirm its name: no answer"):
        backups.back_up(filled.file, place)
    assert Store(place).verify(head=filled.head()).ok


def test_the_command_prints_the_head_of_the_backup(filled: Store, place: Path) -> None:
    head = "{}:{}".format(*filled.head())
    told = CliRunner().invoke(cli, ["backup", str(place), "--db", filled.name])
    assert (told.exit_code, told.stdout, told.stderr) == (0, f"{head}\n", "")
    told = CliRunner().invoke(cli, ["verify", "--db", str(place), "--head", head])
    assert told.exit_code == 0
    told = CliRunner().invoke(cli, ["backup", str(place), "--db", filled.name])
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == f"factstore: {place} already exists, and is not overwritten\n"
