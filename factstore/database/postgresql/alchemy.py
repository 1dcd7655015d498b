"""Lends a connection of ours to SQLAlchemy, for Alembic: migrations run in a transaction of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from factstore.database.engine import Connection


class _Lent:
    """A connection whose transaction the borrower cannot end, with cursors that bind values as the borrower does."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def cursor(self, *given: Any, **options: Any) -> psycopg.Cursor[Any]:
        return psycopg.Cursor(self._connection, *given, **options)

    def commit(self) -> None:
        """Left to the lender."""

    rollback = close = commit


@contextmanager
def as_sqlalchemy(connection: Connection) -> Iterator[sqlalchemy.Connection]:
    """The same connection for SQLAlchemy. Whoever began the transaction ends it, within the block.

    Raises the driver's own errors, not SQLAlchemy's.
    """
    engine = sqlalchemy.create_engine(
        "postgresql+psycopg://", creator=lambda: _Lent(connection), poolclass=StaticPool, use_native_hstore=False
    )
    try:
        with engine.connect() as lent:
            yield lent
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise error.orig from None
        raise
