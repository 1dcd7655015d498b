"""Which engine a path or URL names."""

from __future__ import annotations

import os

from factstore.database.engine import Engine
from factstore.database.sqlite.file import LedgerFile
from factstore.errors import InputError

#: The schemes of URLs of ledgers on PostgreSQL, whose driver not everybody has.
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


def open_engine(where: str | os.PathLike[str]) -> Engine:
    """The engine for a path or URL. Raises InputError for one that names no ledger."""
    if isinstance(where, str) and where.partition("://")[0] in _POSTGRESQL:
        return _on_postgresql(where)
    return LedgerFile(where)


def _on_postgresql(url: str) -> Engine:
    try:
        from factstore.database.postgresql.ledger import LedgerSchema
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise InputError("a ledger on PostgreSQL needs `pip install 'factstore-timeline[postgresql]'`") from None
    return LedgerSchema(url)
