"""Full text on SQLite: an FTS5 index of the words of facts and their live quotes.

The index stores no text itself: it reads the texts from the view `searchable`.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby, zip_longest
from operator import itemgetter

from factstore.database.engine import Connection, Driven
from factstore.database.sqlite.connections import SqliteConnection, scratch
from factstore.database.statements import Row, fetch, run, run_many, value
from factstore.database.templates import as_of, in_force
from factstore.database.views.search import SEARCH, SEARCHABLE, TOKENS
from factstore.units import Position

COLUMNS = ("id", "title", "place", "people", "tags", "quotes", "attributes")
_NAMES = ", ".join(COLUMNS)
_VALUES = ", ".join("?" for _ in ("rowid", *COLUMNS))

_TEXT = SEARCHABLE.format(fact=as_of("f"), citation=in_force("c"), source=in_force("s"))
_OF = f"SELECT position, {_NAMES} FROM ({_TEXT}) WHERE position @among(:facts)"
_DELETE = f"INSERT INTO search (search, rowid, {_NAMES}) VALUES ('delete', {_VALUES})"
_INSERT = f"INSERT INTO search (rowid, {_NAMES}) VALUES ({_VALUES})"
#: Facts that match now, as rows of `p`.
_FOUND = "p.fact IN (SELECT rowid FROM search WHERE search MATCH :words)"
#: Facts that matched at the position given to `look_back`.
_FOUND_THEN = """(p.fact IN (SELECT rowid FROM search_then WHERE search_then MATCH :words)
                 OR p.fact IN (SELECT rowid FROM search WHERE search MATCH :words)
                 AND p.fact NOT IN (SELECT fact FROM reworded))"""


class SqliteWordIndex:
    """The table `search`, which FTS5 keeps."""

    COLUMNS: tuple[str, ...] = COLUMNS

    def update(self, connection: Connection, facts: Sequence[Position], prior: Position, at: Position) -> None:
        known = [fact for fact in facts if fact <= prior]
        old = set(fetch(connection, _OF, {"facts": json.dumps(known), "at": prior})) if known else set()
        new = {*fetch(connection, _OF, {"facts": json.dumps(facts), "at": at})}
        run_many(connection, _DELETE, sorted(old - new))
        run_many(connection, _INSERT, sorted(new - old))

    def clear(self, connection: Connection) -> None:
        _clear(connection)

    def found(
        self, connection: Connection, words: Sequence[str], column: str | None, *, then: bool
    ) -> tuple[str, dict[str, object]]:
        asked = query(words)
        return _FOUND_THEN if then else _FOUND, {"words": f"{{{column}}} : ({asked})" if column else asked}

    def look_back(self, connection: Connection, at: Position, others: Iterable[Position]) -> None:
        _look_back(connection, at, others)

    def differences(self, connection: Connection, fresh: Connection) -> Iterable[Position]:
        return _differences(connection, fresh)

    def is_whole(self, connection: Connection, fresh: Connection) -> bool:
        with scratch(SqliteConnection) as copy:
            return _is_whole(connection, copy, fresh)


def query(words: Iterable[str]) -> str:
    """An FTS5 query that matches all words."""
    return " AND ".join(f'"{word.replace(chr(34), " ")}"*' for word in words)


def _clear(connection: Driven) -> None:
    run(connection, "INSERT INTO search (search) VALUES ('delete-all')")


def _look_back(connection: Connection, at: Position, others: Iterable[Position]) -> None:
    """Index the facts whose words may have changed since a position, and others, as they were, in temporary
    tables."""
    run(connection, "DROP TABLE IF EXISTS temp.search_then")
    connection.dialect.temporary(connection, "reworded", "fact")
    run(connection, f"CREATE VIRTUAL TABLE temp.search_then USING fts5({_NAMES}, content='', {TOKENS})")
    run(
        connection,
        """WITH changed AS (SELECT DISTINCT subject AS position FROM record WHERE position > :at)
               INSERT OR IGNORE INTO reworded (fact)
               SELECT position FROM changed
               UNION SELECT about FROM main.citation WHERE position IN changed OR source IN changed
               UNION SELECT value FROM json_each(:others)""",
        {"at": at, "others": json.dumps([*others])},
    )
    run(
        connection,
        f"""INSERT INTO search_then (rowid, {_NAMES})
                SELECT position, {_NAMES} FROM ({_TEXT}) WHERE position IN (SELECT fact FROM reworded)""",
        {"at": at},
    )


def _differences(connection: Connection, fresh: Connection) -> Iterator[Position]:
    """The facts whose words are indexed otherwise than in a fresh fold; the index must be consistent."""
    for one in (connection, fresh):
        run(one, "DROP TABLE IF EXISTS temp.word")
        run(one, "CREATE VIRTUAL TABLE temp.word USING fts5vocab(main, search, instance)")
    words = 'SELECT term, doc, col, "offset" FROM temp.word'
    if all(one == other for one, other in zip_longest(*(fetch(one, words) for one in (connection, fresh)))):
        return
    # Both sides are sorted by word and fact, without duplicates.
    rows = merge(*(fetch(one, words) for one in (connection, fresh)), key=itemgetter(0, 1))
    wrong = {fact for (_, fact), both in groupby(rows, key=itemgetter(0, 1)) if {*Counter(both).values()} != {2}}
    yield from sorted(wrong)


#: The tables beneath the index, and those of their columns that follow from the words alone, however they were written.
_TABLES = ("search_config", "search_docsize", "search_data", "search_idx")
_ALIKE = ("SELECT * FROM search_config", "SELECT * FROM search_docsize", "SELECT * FROM search_data WHERE id = 1")
#: Segments (a row's id without its lower 37 bits) that no entry points to.
_HEADLESS = """SELECT 1 FROM search_data WHERE id >> 37 > 0
               AND id >> 37 NOT IN (SELECT segid FROM search_idx WHERE pgno >> 1 = 1) LIMIT 1"""
#: Words that the list of all words counts otherwise than a lookup of the single word.
_LOST = "SELECT 1 FROM temp.said AS one LEFT JOIN temp.said AS other ON other.term = one.term WHERE other.cnt IS NOT one.cnt"


def _is_whole(connection: Connection, copy: SqliteConnection, fresh: Connection) -> bool:
    """Whether the index is consistent in itself, so that it finds what it contains; `copy` is an empty database for the test.

    FTS5 checks an index only if it may write, and does not compare it with texts that come from a view.
    """
    fresh.commit()  # writes what waits in memory
    if any([*fetch(connection, rows)] != [*fetch(fresh, rows)] for rows in _ALIKE):
        return False
    if next(fetch(connection, _HEADLESS), None):
        return False
    held = {name: [*fetch(connection, f"SELECT * FROM {name}")] for name in _TABLES}
    try:
        _take_over(copy, held, [*fetch(fresh, f"SELECT position, {_NAMES} FROM searchable")])
        run(copy, "INSERT INTO search (search) VALUES ('integrity-check')")
        run(copy, "CREATE VIRTUAL TABLE temp.said USING fts5vocab(main, search, row)")
        return value(copy, f"{_LOST} LIMIT 1") is None
    except sqlite3.Error:
        return False


def _take_over(copy: SqliteConnection, held: Mapping[str, Collection[Row]], texts: Collection[Row]) -> None:
    """Make an exact copy of an index in an empty database, with the texts that it should index."""
    run(copy, f"CREATE TABLE searchable (position INTEGER PRIMARY KEY, {_NAMES})")
    run_many(copy, f"INSERT INTO searchable VALUES ({_VALUES})", texts)
    run(copy, SEARCH)
    _clear(copy)
    for name, rows in held.items():
        run(copy, f"DELETE FROM {name}")
        run_many(copy, f"INSERT INTO {name} VALUES ({', '.join('?' for row in [*rows][:1] for _ in row)})", rows)
    # A rollback makes FTS5 forget what it has read of its tables.
    for statement in ("SAVEPOINT taken", "ROLLBACK TO taken"):
        run(copy, statement)
