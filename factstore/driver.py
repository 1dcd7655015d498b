"""Statements by the database's driver itself, for work that goes over thousands of rows: it takes and gives them as they are.

Neither begins a transaction, as SQLAlchemy's statements do: one has begun before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

Row = tuple[Any, ...]


def bare(connection: Connection, query: str, given: Mapping[str, Any] | Sequence[Any] = ()) -> Iterator[Row]:
    """Rows of a query, each read when it is asked for."""
    cursor: Any = connection.connection.cursor()
    rows: Iterator[Row] = cursor.execute(query, given)
    return rows


def each(connection: Connection, statement: str, rows: Iterable[Mapping[str, Any] | Sequence[Any]]) -> None:
    """Carry a statement out with each of some rows."""
    cursor: Any = connection.connection.cursor()
    cursor.executemany(statement, rows)
