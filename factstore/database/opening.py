"""Chooses the engine for a path or URL."""

from __future__ import annotations

import os

from factstore.database.engine import Engine
from factstore.database.postgresql.place import SCHEMES
from factstore.database.sqlite.file import LedgerFile
from factstore.errors import InputError


def open_engine(where: str | os.PathLike[str]) -> Engine:
    """The engine for a path or URL. Raises InputError if it cannot be that of a ledger."""
    name = str.__str__(os.fspath(where))  # the text itself, where `str()` of an enum's member is its name
    return _on_postgresql(name) if name.partition("://")[0] in SCHEMES else LedgerFile(name)


def _on_postgresql(url: str) -> Engine:
    try:
        from factstore.database.postgresql.ledger import LedgerSchema
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise InputError("a ledger on PostgreSQL needs `pip install 'factstore-timeline[postgresql]'`") from None
    return LedgerSchema(url)
