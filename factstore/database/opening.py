"""Chooses the engine for a path or URL."""

from __future__ import annotations

import os
from pathlib import Path

from factstore.database.engine import Engine
from factstore.database.paths import same
from factstore.database.postgresql.place import SCHEMES
from factstore.database.sqlite import overwriting
from factstore.database.sqlite.file import LedgerFile
from factstore.errors import InputError


def open_engine(where: str | os.PathLike[str]) -> Engine:
    """The engine for a path or URL. Raises InputError if it cannot be that of a ledger."""
    name = str.__str__(os.fspath(where))  # the text itself, where `str()` of an enum's member is its name
    return _on_postgresql(name) if name.partition("://")[0] in SCHEMES else LedgerFile(name)


def kept(path: Path, ledger: str | None) -> str | None:
    """What a file is that must not be written over, in words: a part of the ledger in use, if any, or of another database.

    None if it is neither.
    """
    if ledger is not None:
        engine = open_engine(ledger)
        if not engine.is_remote and same(path, Path(engine.location)):
            return "the ledger in use"
        if not engine.is_remote and overwriting.belongs(path, Path(engine.location)):
            return "a part of the ledger in use"
    if overwriting.is_database(path):
        return "a ledger or another database"
    if owner := overwriting.owner(path):
        return f"a part of the database {owner.name}"
    return None


def _on_postgresql(url: str) -> Engine:
    try:
        from factstore.database.postgresql.ledger import LedgerSchema
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise InputError("a ledger on PostgreSQL needs `pip install 'factstore-timeline[postgresql]'`") from None
    return LedgerSchema(url)
