"""Changing a date in the middle of a long chain, compared with writing by hand the rows that this changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import factstore
from bench import by_hand, ledgers
from bench.measuring import Aim, Row, Scale, milliseconds

SIZES = (1_000, 10_000)
#: What a change of a placement writes: the present row, and in the history the old row and the new one.
_WRITTEN = {
    "placement": "SELECT * FROM placement WHERE since > ?1",
    "placement_history": "SELECT * FROM placement_history WHERE since > ?1 OR until > ?1",
}


def rows(scale: Scale) -> Iterator[Row]:
    path, hand = scale.folder / "changed.db", scale.folder / "changed-by-hand.db"
    for size in SIZES:
        chain = ledgers.part(size, scale.folder)
        _copy(chain.path, path)
        with factstore.open(path) as store:
            for name, edtf in (("given", "1650/1700"), ("moved", "1640/1690")):
                _copy(path, hand)
                before = store.head().position
                ours = milliseconds(partial(store.correct, f"link-{size // 2}", {"when": edtf}))
                moved, wrote = _by_hand(path, hand, before)
                work = f"a date {name} in a chain of {size:,}, which moves {moved:,} facts"
                yield Row(f"{work}: by hand, beside ours", wrote, "ms", ours, Aim(least=0.3))


def _copy(path: Path, copy: Path) -> None:
    by_hand.remove(copy)
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _by_hand(path: Path, copy: Path, before: int) -> tuple[int, float]:
    """How many placements changed after a position, and the milliseconds of writing them into a file as it was then."""
    with closing(sqlite3.connect(path)) as source:
        written = {table: source.execute(query, (before,)).fetchall() for table, query in _WRITTEN.items()}
    with closing(by_hand.opened(copy)) as connection:
        return len(written["placement"]), milliseconds(lambda: _write(connection, written))


def _write(connection: sqlite3.Connection, written: dict[str, list[Any]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for table, rows in written.items():
        values = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({values})", rows)
    connection.execute("COMMIT")
