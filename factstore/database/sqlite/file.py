"""A ledger's file: finds it, opens it, and makes it completely or not at all. Its errors become our own."""

from __future__ import annotations

import errno
import os
import re
import secrets
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE, S_ISDIR
from threading import RLock

from factstore.database import names
from factstore.database.engine import Connection, Engine
from factstore.database.sqlite import connections, errors, folders, overwriting, pages, schema
from factstore.database.sqlite.connections import Pool
from factstore.database.sqlite.dialect import LedgerConnection
from factstore.database.statements import fetch
from factstore.errors import Corrupt, InputError, NoLedger, Refused, SchemaVersion, Unavailable


@dataclass(slots=True)
class NewFile:
    """A file that is being made beside its place, and is removed again unless it is kept."""

    engine: LedgerFile
    kept: bool = False

    def keep(self) -> None:
        self.kept = True


class LedgerFile:
    """One SQLite file. Connections that read are kept for the next question, while it is the same file.

    A connection that writes is closed after use, which empties the write-ahead log, so that the file itself has everything
    and may be moved or copied; with `keeps_writing` it is kept as well, for the next write.
    """

    def __init__(self, where: str | os.PathLike[str]) -> None:
        self.path = _path_of(where)
        self.name = str(where)
        self.location = str(self.path.absolute())
        self._lock = RLock()
        self._checked: int | None = None
        self._unbent: int | None = None
        self.keeps_writing = False
        self.is_remote = False
        self._same: tuple[int, int] | None = None
        self._pools: dict[bool, Pool[LedgerConnection]] = {}

    storage = "the file's bytes"
    beyond_scrubbing = ""

    def ledgers(self) -> list[str]:
        return [self.name] if self.begun() else []

    def roles(self, *, apply: bool) -> list[str]:
        raise Refused(f"{self.name} is a file, which has no roles: its permissions say who may read and write it")

    def file_mode(self) -> int:
        return S_IMODE(os.stat(self.location).st_mode) & 0o666

    def exists(self) -> bool:
        try:
            return self.path.exists()
        except OSError as error:
            raise Unavailable(f"{self.name}: {(error.strerror or 'it cannot be reached').lower()}") from None

    def begun(self) -> bool:
        """Whether there is a ledger: a file with a record in its tables."""
        if not self.exists():
            return False
        with self.reading() as connection:
            return bool([*fetch(connection, "SELECT 1 FROM record LIMIT 1")])

    # --- reading ---

    @contextmanager
    def reading(self, *, checked: bool = True, shadowing: bool = False, kept: bool = True) -> Iterator[Connection]:
        """A connection in a read transaction; if `checked`, the file must have this version's schema.

        It may always have temporary tables. Unless it is `kept` for the next use, whatever its statements set ends with it.
        """
        with self.translated(), self._pool(writable=False).transaction(kept=kept) as connection:
            if checked:
                self._check_once(connection)
            yield connection

    def _check_once(self, connection: Connection, *, writing: bool = False) -> None:
        # SQLite raises this number with each change of the schema.
        [[found]] = fetch(connection, "PRAGMA schema_version")
        if found != self._checked:
            self.check(connection)
            self._checked = found
        if writing and found != self._unbent:
            if schema.is_part(connection):
                raise Refused(
                    f"{self.name} is a part of a ledger, which is read-only; only the whole ledger can be written"
                )
            strange = schema.strange_trigger(connection)
            if strange:
                raise Corrupt(
                    f"{self.name}: {strange} is not ours and could alter what is written, so nothing is written; "
                    "`factstore rebuild` removes it"
                )
            self._unbent = found

    def _pool(self, *, writable: bool) -> Pool[LedgerConnection]:
        identity = self.identity() if not writable or self.exists() else None
        with self._lock:
            if self._same != identity:
                self.close()
                self._checked, self._unbent, self._same = None, None, identity
            if writable not in self._pools:
                pool = connections.writers if writable else connections.readers
                self._pools[writable] = pool(self.path, LedgerConnection)
            return self._pools[writable]

    def identity(self) -> tuple[int, int]:
        """The identity of the file: its device and inode. Raises NoLedger if there is none."""
        try:
            state = self.path.stat()
        except OSError:
            self.close()
            raise NoLedger(
                f"there is no ledger at {self.name}; `factstore init` or `factstore load` makes one"
            ) from None
        if S_ISDIR(state.st_mode):
            raise NoLedger(f"{self.name} is a folder, not a ledger")
        return state.st_dev, state.st_ino

    def revision(self, connection: Connection) -> str | None:
        """The migration that the file is at, None for an empty file."""
        return schema.revision(connection, self.name)

    def check(self, connection: Connection, *, older: bool = False, lost: bool = False) -> None:
        """Check that the file is ours, with this version's schema or, if allowed, an older or unknown one."""
        found = schema.revision(connection, self.name, lost=lost)
        if found is None:
            raise NoLedger(f"{self.name} is an empty file, not a ledger")
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
        with self._lock:
            while self._pools:
                self._pools.popitem()[1].close()

    # --- writing ---

    @contextmanager
    def writing(self, *, checked: bool = True, mending: bool = False) -> Iterator[Connection]:
        """A connection in a write transaction, which is rolled back unless the caller commits. If `checked`, the file must
        have this version's schema, without foreign triggers, unless `mending` is to remove them.
        """
        with self.translated(), pages.undo_failed_commit(self.path):
            pool = self._pool(writable=True)
            try:
                with pool.transaction() as connection:
                    if checked:
                        self._check_once(connection, writing=not mending)
                    yield connection
            finally:
                if not self.keeps_writing:
                    pool.close()

    def mark_as_ledger(self) -> None:
        """Give the file its application id and its write-ahead log, if it lacks them."""
        with self.translated():
            pages.make_durable(self.path)

    def scrub(self) -> str | None:
        """Remove deleted data from the file's bytes. Returns why that could not be done, or None."""
        with self.translated():
            return pages.scrub(self.path)

    def caution(self) -> str | None:
        """Why the file's folder is not safe for writing a ledger, in words; None if no risk is known."""
        return folders.caution(self.path)

    def stored(self, needles: Collection[bytes], *, within: bool = False) -> set[bytes]:
        """Those of some texts that are in the bytes of the file, its log or its journal, regardless of ASCII case."""
        ends = ("", "-wal", "-journal")
        files = [self.path.with_name(self.path.name + end) for end in ends]
        return {found for file in files for found in pages.holding(file, needles, within=within)}

    @contextmanager
    def made(self, like: Engine | None = None) -> Iterator[NewFile]:
        """A file made beside this place, and moved here, complete, if it is kept and the place is free.

        Only those can read it who can read the file that it is to be `like`.
        """
        draft = LedgerFile(self.path.with_name(f".{self.path.name}.new-{os.getpid()}-{secrets.token_hex(4)}"))
        draft.name = self.name
        new = NewFile(draft)
        self._check_place()
        try:
            if like is not None:
                mode = like.file_mode()
                os.close(os.open(draft.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode | 0o600))
            yield new
            draft.close()
            if new.kept:
                pages.make_durable(draft.path)
                self._check_place()
                try:
                    _put(draft.path, self.path)
                except FileExistsError:
                    raise Refused(f"{self.name} has just been made by another program; try again") from None
                try:
                    _sync_folder(self.path.parent)
                except OSError as error:
                    # Somebody may have written to it by now, so it cannot be removed again.
                    raise Unavailable(
                        f"{self.name} is complete, but the disk did not confirm its name: {error.strerror}"
                    ) from None
        except sqlite3.Error as error:
            raise errors.in_words(error, self.name, connections.LOCK_TIMEOUT) from None
        except OSError as error:
            raise Unavailable(f"{self.name} cannot be made: {error.strerror}") from None
        finally:
            draft.close()
            for end in ("", "-wal", "-shm", "-journal"):
                with suppress(OSError):
                    draft.path.with_name(draft.path.name + end).unlink()

    def _check_place(self) -> None:
        """Check that a new file is put where its name leads, and is not taken for a log, nor any log for its own.

        SQLite would apply a log that is left under this file's name to the new file.
        """
        if self.path.is_symlink() and not self.path.exists():
            place = os.readlink(self.path)
            raise Refused(f"{self.name} is a link to {place}, where nothing is; name that place, or remove the link")
        if owner := overwriting.owner(self.path):
            raise Refused(f"{self.name} would be taken for a part of the database {owner.name}; choose another name")
        for end in ("-wal", "-journal"):
            log = self.path.with_name(self.path.name + end)
            if log.exists() and log.stat().st_size and not self.path.exists():
                raise Refused(
                    f"{self.name}{end} is left from another file and may contain its last commits; move it away first"
                )

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Around statements on a connection: turns the database's errors into our own."""
        try:
            yield
        except sqlite3.Error as error:
            raise errors.in_words(error, self.name, connections.LOCK_TIMEOUT) from None
        except UnicodeEncodeError:
            raise InputError("a text contains half of a surrogate pair, which a ledger cannot hold") from None
        except OverflowError:
            raise InputError("a number is larger than any in a ledger") from None


def _path_of(where: str | os.PathLike[str]) -> Path:
    name = os.fspath(where)
    if re.search("[\0\ud800-\udfff]", name):
        raise InputError(f"{name!r}: the name of a file must be UTF-8 text without U+0000")
    if "://" in name:
        scheme, _, rest = name.partition("://")
        if scheme not in ("sqlite", "sqlite+pysqlite"):
            raise InputError(f"{name}: a ledger is an SQLite file or a postgresql:// URL; {scheme} is not supported")
        name = rest[1:] if rest.startswith("/") else rest
    if not name or name == ":memory:":
        raise InputError("a ledger is a file; name one")
    return Path(name)


def _put(draft: Path, place: Path) -> None:
    """Give a file its name, or raise FileExistsError if the name is taken."""
    try:
        os.link(draft, place)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EACCES):
            raise
        # A file system without links, such as a memory stick's: the name is taken first, and then the file is written.
        os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        os.replace(draft, place)


def _sync_folder(folder: Path) -> None:
    """Make a new file's name durable, if folders can be synced."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
