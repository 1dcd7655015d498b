"""Statements by the database's driver itself: quick, since it takes and gives rows as they are.

None of them begins a transaction, as SQLAlchemy's statements do: one has begun before.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from factstore.errors import Corrupt

Row = tuple[Any, ...]

NOT_KEPT = (
    "the database did not keep what was written, so that nothing was changed; `factstore verify` says what is amiss, "
    "and `factstore rebuild` mends what is not the ledger's own"
)


def fetch(connection: Connection, query: str, given: Mapping[str, Any] | Sequence[Any] = ()) -> Iterator[Row]:
    """Rows of a query, each read when it is asked for."""
    cursor: Any = connection.connection.cursor()
    rows: Iterator[Row] = cursor.execute(query, given)
    return rows


def fetch_named(connection: Connection, query: str, given: Mapping[str, Any] | Sequence[Any] = ()) -> Iterator[Any]:
    """The same as named tuples, by the names of the columns."""
    cursor: Any = connection.connection.cursor()
    rows = cursor.execute(query, given)
    return map(_row_of(tuple(column[0] for column in rows.description))._make, rows)


@lru_cache(maxsize=512)
def _row_of(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names, rename=True)


def run_many(connection: Connection, statement: str, rows: Collection[Mapping[str, Any] | Sequence[Any]]) -> None:
    """Carry a statement that writes one row out with each of some rows. Raises Corrupt where the database passed over one."""
    if rows:
        cursor: Any = connection.connection.cursor()
        cursor.executemany(statement, rows)
        if cursor.rowcount != len(rows):
            raise Corrupt(NOT_KEPT)
