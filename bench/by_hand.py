"""What somebody would write by hand with `sqlite3`: the same rows, made beforehand, into a file with the same tables.

The file has the same indexes, triggers and settings. Making these rows is what Factstore spends its time on: documents are
read and checked, records hashed, facts placed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from factstore.database import tables
from factstore.database.sqlite.search import COLUMNS

SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",
    "secure_delete = ON",
)
TABLES = ("record", "payload", *(table.name for table in tables.PROJECTION))


class Part(NamedTuple):
    """The rows that one transaction by hand writes, by statement."""

    statements: list[tuple[str, list[tuple[Any, ...]]]]

    def write(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for statement, rows in self.statements:
            connection.executemany(statement, rows)
        connection.execute("COMMIT")


def parts(path: Path, ends: Sequence[int]) -> list[Part]:
    """All rows of a ledger, divided at positions by the position in each row's first column."""
    found: list[Part] = [Part([]) for _ in ends]
    with closing(sqlite3.connect(path)) as connection, connection:
        words = f"SELECT position, {', '.join(COLUMNS)} FROM searchable ORDER BY position"
        queries = {f"INSERT INTO {table} VALUES": f"SELECT * FROM {table} ORDER BY 1" for table in TABLES}
        for insert, query in (queries | {f"INSERT INTO search (rowid, {', '.join(COLUMNS)}) VALUES": words}).items():
            turn = 0
            rows: list[tuple[Any, ...]] = []
            for row in connection.execute(query):
                while row[0] > ends[turn]:
                    _add(found[turn], insert, rows)
                    turn, rows = turn + 1, []
                rows.append(row)
            _add(found[turn], insert, rows)
    return found


def _add(part: Part, insert: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        part.statements.append((f"{insert} ({', '.join('?' * len(rows[0]))})", rows))


def empty(path: Path, like: Path) -> sqlite3.Connection:
    """A file with the tables, indexes, triggers and views of another, and its settings."""
    remove(path)
    connection = opened(path)
    with closing(sqlite3.connect(like)) as other, other:
        for name, sql in other.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"):
            if not name.startswith(("search_", "sqlite_")):
                connection.execute(sql)
    return connection


def opened(path: Path) -> sqlite3.Connection:
    """A connection with the settings of ours."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    return connection


def remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
