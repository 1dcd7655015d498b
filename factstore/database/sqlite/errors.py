"""Turns SQLite's errors, by their codes, into our own."""

from __future__ import annotations

import sqlite3

from factstore.errors import Corrupt, NoLedger, Unavailable

_DAMAGED = "`factstore verify` says what is damaged, `factstore rebuild` computes it again"


def in_words(error: sqlite3.Error, where: str, timeout: float) -> Exception:
    """The exception for an error of the database; `timeout` is how long it waited for another writer, in seconds."""
    said = str(error)
    match (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF:
        case sqlite3.SQLITE_NOTADB:
            return NoLedger(f"{where} is not an SQLite database")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Unavailable(f"{where} is being written by another program; it did not finish in {timeout:.0f} s")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return Unavailable(f"{where} cannot be written: the file or its folder is read-only")
        case sqlite3.SQLITE_CANTOPEN:
            return Unavailable(f"{where} cannot be opened: is there such a folder, and may you read and write in it?")
        case sqlite3.SQLITE_IOERR:
            return Unavailable(f"{where} could not be read or written: the disk reports an error")
        case sqlite3.SQLITE_FULL:
            return Unavailable(f"{where} could not be written: the disk is full; nothing was changed")
        case sqlite3.SQLITE_CORRUPT:
            return NoLedger(f"{where} is damaged as a file: {said}")
        case sqlite3.SQLITE_ERROR:  # a missing table or column, or a value that JSON functions cannot read
            return Corrupt(f"{where}: {said}; {_DAMAGED}")
        case 0 if isinstance(error, sqlite3.OperationalError):  # the driver itself cannot decode a value
            return Corrupt(f"{where} holds a text that is not UTF-8: {said}")
    return Unavailable(f"{where}: {said}")
