"""Lends a connection of ours to SQLAlchemy, for Alembic: migrations run in a transaction of ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from factstore.database.engine import Connection


@contextmanager
def as_sqlalchemy(connection: Connection) -> Iterator[sqlalchemy.Connection]:
    """The same connection for SQLAlchemy. Whoever began the transaction ends it, within the block.

    Raises the driver's own errors, not SQLAlchemy's.
    """
    engine = sqlalchemy.create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)

    @sqlalchemy.event.listens_for(engine, "begin")
    def begin(_: sqlalchemy.Connection) -> None:
        # SQLAlchemy rolls back each connection when it first connects.
        if isinstance(connection, sqlite3.Connection) and not connection.in_transaction:
            connection.execute("BEGIN IMMEDIATE")

    try:
        with engine.connect() as lent:
            yield lent
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise error.orig from None
        raise
