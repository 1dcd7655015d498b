"""Runs statements directly with the database's driver, which is fast, since rows are passed as they are.

None of these functions begins a transaction: the engine that returned the connection has done so. Each takes a template (see
`factstore.database.templates`), which the connection spells in its engine's words.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from factstore.database.engine import Driven, NamedRow
from factstore.errors import Corrupt

Row = tuple[Any, ...]

NOT_KEPT = (
    "the database did not keep what was written, so nothing was changed; `factstore verify` says what is wrong, "
    "and `factstore rebuild` repairs what is not part of the ledger"
)


Given = Mapping[str, Any] | Sequence[Any]


def fetch(connection: Driven, query: str, given: Given = ()) -> Iterator[Row]:
    """The rows of a query, for a caller that reads them all."""
    rows: Iterator[Row] = connection.cursor().execute(connection.spell(query), given)
    return rows


def stream(connection: Driven, query: str, given: Given = ()) -> Iterator[Row]:
    """The rows of a query, read one by one: for a caller that may stop early, or cannot hold them all in memory."""
    rows: Iterator[Row] = connection.streaming().execute(connection.spell(query), given)
    return rows


def page(connection: Driven, query: str, given: Given = ()) -> Iterator[Row]:
    """The rows of a query in a total order, read as they are used: for a caller that usually reads only a page."""
    rows: Iterator[Row] = connection.paging().execute(connection.spell(query), given)
    return rows


def fetch_named(connection: Driven, query: str, given: Given = ()) -> Iterator[NamedRow]:
    """Rows as named tuples, by column name."""
    return _named(connection.cursor().execute(connection.spell(query), given))


def stream_named(connection: Driven, query: str, given: Given = ()) -> Iterator[NamedRow]:
    """The same, read one by one."""
    return _named(connection.streaming().execute(connection.spell(query), given))


def _named(rows: Any) -> Iterator[NamedRow]:
    return map(_row_of(tuple(column[0] for column in rows.description or ()))._make, rows)


def column(connection: Driven, query: str, given: Given = ()) -> list[Any]:
    """The first value of each row of a query."""
    return [row[0] for row in fetch(connection, query, given)]


def value(connection: Driven, query: str, given: Given = ()) -> Any:
    """The first value of a query's first row, None if there is no row."""
    return next((row[0] for row in fetch(connection, query, given)), None)


@lru_cache(maxsize=512)
def _row_of(names: tuple[str, ...]) -> Any:
    # Pickle would look for the class in this module, so a row is pickled as its names and values.
    pickled = {"__slots__": (), "__reduce__": lambda row: (_row, (names, *row))}
    return type("Row", (namedtuple("Row", names, rename=True),), pickled)


def _row(names: tuple[str, ...], *values: Any) -> NamedRow:
    return _row_of(names)._make(values)


def run(connection: Driven, statement: str, given: Given = ()) -> None:
    """Run a statement that returns no rows."""
    connection.cursor().execute(connection.spell(statement), given)


def run_many(connection: Driven, statement: str, rows: Collection[Given]) -> None:
    """Run a statement that writes one row, once for each row. Raises Corrupt if the database skipped one."""
    if rows:
        cursor = connection.cursor()
        cursor.executemany(connection.spell(statement), rows)
        if cursor.rowcount != len(rows):
            raise Corrupt(NOT_KEPT)


def insert(connection: Driven, table: str, names: Sequence[str], rows: Collection[Sequence[Any]]) -> None:
    """Insert rows with the values of these columns. Raises Corrupt if the database skipped one."""
    if rows and connection.insert(table, names, rows) != len(rows):
        raise Corrupt(NOT_KEPT)
