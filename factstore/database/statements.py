"""Statements by the database's driver itself: quick, since it takes and gives rows as they are.

None of them begins a transaction: the engine that handed out the connection has.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from factstore.database.engine import Driven
from factstore.errors import Corrupt

Row = tuple[Any, ...]

NOT_KEPT = (
    "the database did not keep what was written, so that nothing was changed; `factstore verify` says what is amiss, "
    "and `factstore rebuild` mends what is not the ledger's own"
)


def fetch(connection: Driven, query: str, given: Mapping[str, Any] | Sequence[Any] = ()) -> Iterator[Row]:
    """Rows of a query, each read when it is asked for."""
    rows: Iterator[Row] = connection.cursor().execute(query, given)
    return rows


def fetch_named(connection: Driven, query: str, given: Mapping[str, Any] | Sequence[Any] = ()) -> Iterator[Any]:
    """Rows as named tuples, by the names of the columns."""
    rows = connection.cursor().execute(query, given)
    return map(_row_of(tuple(column[0] for column in rows.description))._make, rows)


def column(connection: Driven, query: str, given: Mapping[str, Any] | Sequence[Any] = ()) -> list[Any]:
    """The first value of every row of a query."""
    return [row[0] for row in fetch(connection, query, given)]


def value(connection: Driven, query: str, given: Mapping[str, Any] | Sequence[Any] = ()) -> Any:
    """The first value of a query's first row, None where there is no row."""
    return next((row[0] for row in fetch(connection, query, given)), None)


@lru_cache(maxsize=512)
def _row_of(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names, rename=True)


def run(connection: Driven, statement: str, given: Mapping[str, Any] | Sequence[Any] = ()) -> None:
    """Carries out a statement that gives back no rows."""
    connection.cursor().execute(statement, given)


def run_many(connection: Driven, statement: str, rows: Collection[Mapping[str, Any] | Sequence[Any]]) -> None:
    """Carries out a statement that writes one row, with each of some rows. Raises Corrupt where the database skipped one."""
    if rows:
        cursor = connection.cursor()
        cursor.executemany(statement, rows)
        if cursor.rowcount != len(rows):
            raise Corrupt(NOT_KEPT)
