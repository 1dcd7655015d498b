"""Space on the disk: each table with its indexes, in bytes per fact, compared with the same facts as JSON Lines."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

from bench import data, ledgers
from bench.measuring import Aim, Row, Scale

_PAGES = """SELECT coalesce(s.tbl_name, 'the catalogue'), sum(d.pgsize) FROM dbstat d
            LEFT JOIN sqlite_master s ON s.name = d.name GROUP BY 1"""
LEDGER = ("record", "payload", "archived_text")
#: Tables with a smaller share are counted together.
LEAST = 0.01


def rows(scale: Scale) -> Iterator[Row]:
    count = scale.loaded
    store = ledgers.of(count, scale.folder)
    store.close()
    document = sum(len(data.text([line]).encode()) for line in data.chronology(count)) / count
    with closing(sqlite3.connect(store.path)) as connection:
        found = connection.execute(_PAGES).fetchall()
    sizes: Counter[str] = Counter()
    for name, size in found:
        sizes["full text" if name.startswith("search") else name] += size / count
    whole, ledger = sum(sizes.values()), sum(sizes[name] for name in LEDGER)
    words = sizes["full text"]
    beside = "beside the JSON Lines"
    yield Row(f"the file of {count:,} facts, {beside}", whole, "bytes a fact", document, Aim(most=6.5))
    yield Row(f"the ledger in it, {beside}", ledger, "bytes a fact", document)
    yield Row(f"the tables that answer, {beside}", whole - ledger - words, "bytes a fact", document, Aim(most=2.5))
    yield Row(f"full text, {beside}", words, "bytes a fact", document)
    for name, size in sizes.most_common():
        if size > LEAST * whole and name != "full text":
            yield Row(f"`{name}` with its indexes, {beside}", size, "bytes a fact", document)
