"""Which engine a path or URL names."""

from __future__ import annotations

import os

from factstore.database.engine import Engine
from factstore.database.sqlite.file import LedgerFile


def open_engine(where: str | os.PathLike[str]) -> Engine:
    """The engine for a path or URL. Raises InputError for one that names no ledger."""
    return LedgerFile(where)
