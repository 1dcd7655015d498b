"""Ledgers to be queried, made if they do not exist yet."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import factstore
from bench import data
from factstore.documents.reading import line_parts


def load(store: factstore.Store, lines: Iterable[data.Line], **options: Any) -> None:
    """Load lines as one document, in parts."""
    written = (json.dumps(line).encode() for line in lines)
    store.load(line_parts(written, "bench.jsonl"), message="bench", by="bench", **options)


def opened(path: Path) -> factstore.Store:
    """A ledger from an earlier run, upgraded to today's schema; or one that is still to be made."""
    store = factstore.open(path)
    if store.path.exists():
        store.upgrade()
    return store


def of(count: int, folder: Path) -> factstore.Store:
    """A ledger of `count` facts."""
    store = opened(folder / f"facts-{count}.db")
    if not store.path.exists():
        load(store, data.chronology(count))
    return store


def part(size: int, folder: Path, *, dated: int = 0, back: int = 1) -> factstore.Store:
    """A ledger of one connected part; see `data.part`."""
    store = opened(folder / f"part-{size}-{dated}-{back}.db")
    if not store.path.exists():
        store.load(data.part(size, dated=dated, back=back))
    return store
