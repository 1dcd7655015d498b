"""Full text: the first facts with some words, compared with FTS5 alone in its order of rank, since a page needs an order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial

from bench import ledgers
from bench.measuring import Aim, Row, Scale, in_turn


def rows(scale: Scale) -> Iterator[Row]:
    store = ledgers.of(scale.large, scale.folder)
    connection = sqlite3.connect(store.path)
    for asked in ("777th", "bergen", "thing bergen"):
        wanted = " AND ".join(f'"{word}"*' for word in asked.split())
        query = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank LIMIT 20"
        bare = lambda query=query, wanted=wanted: connection.execute(query, (wanted,)).fetchall()  # noqa: E731
        ours, theirs = in_turn([partial(store.facts, text=asked, limit=20), bare], rounds=9)
        yield Row(
            f"the first 20 of {scale.large:,} that hold “{asked}”, beside FTS5", ours, "ms", theirs, Aim(most=2.0)
        )
