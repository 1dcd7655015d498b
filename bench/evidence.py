"""Clocks of evidence: the first question on one, which makes its tables, and later ones; and facts with many citations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import factstore
from bench import ledgers
from bench.measuring import Aim, Row, Scale, in_turn, milliseconds
from bench.pages import DAYS, page

#: What a clock of evidence has to read.
_READ = (
    "SELECT * FROM source WHERE until IS NULL",
    "SELECT * FROM speaker WHERE until IS NULL",
    "SELECT * FROM fact WHERE until IS NULL",
    "SELECT * FROM citation WHERE until IS NULL",
    "SELECT * FROM ordering WHERE until IS NULL",
    "SELECT * FROM placement",
    "SELECT * FROM tie WHERE until IS NULL",
)
ROUNDS = 3


def rows(scale: Scale) -> Iterator[Row]:
    store = ledgers.of(scale.corrected, scale.folder)
    connection = sqlite3.connect(store.path)

    def reading() -> None:
        for query in _READ:
            connection.execute(query).fetchall()

    read = min(milliseconds(reading) for _ in range(ROUNDS))
    for name, day in (("hides nothing", "2032"), ("hides half", "2030-12")):
        first = min(milliseconds(partial(_first, store.path, day)) for _ in range(ROUNDS))
        work = f"first question on a clock of evidence that {name}, {scale.corrected:,} facts"
        yield Row(f"{work}, beside reading these tables once", first, "ms", read, Aim(most=5.0))
    narrowed = store.at(published="2032")
    plain, later = in_turn([page(one, DAYS["middle"], "certain") for one in (store, narrowed)])
    yield Row("the questions after it, beside those on no clock", later, "ms", plain, Aim(most=1.5))
    yield from _citations(scale.folder)


def _first(path: Path, day: str) -> None:
    with factstore.open(path) as store:
        store.at(published=day).timeline.before(DAYS["middle"], limit=50, certain=True)


def _citations(folder: Path) -> Iterator[Row]:
    few, many = (_cited(folder, count) for count in (1_000, 4_000))
    for name in ("conflicts", "said_by"):
        given = ("register",) if name == "said_by" else ()
        small, large = in_turn([partial(getattr(store, name), *given) for store in (few, many)], rounds=5)
        work = f"`{name.replace('_', '-')}` with 4,000 citations of one fact, beside 1,000"
        yield Row(work, large, "ms", small, Aim(most=6.0))


def _cited(folder: Path, count: int) -> factstore.Store:
    """A ledger of one fact with `count` citations from one source, each with its own date and speaker."""
    store = ledgers.opened(folder / f"cited-{count}.db")
    if not store.path.exists():
        speakers = [{"id": f"officer-{n}", "name": f"Officer {n}", "of": "army"} for n in range(count)]
        said = [
            {"source": "register", "quote": f"page {n}", "when": f"{1800 + n % 50}-04", "attribution": [f"officer-{n}"]}
            for n in range(count)
        ]
        store.load(
            {
                "sources": [{"id": "register", "publisher": "The Register"}],
                "speakers": [{"id": "army", "name": "The Army"}, *speakers],
                "facts": [{"id": "siege", "title": "The siege", "when": "1862-04-05/1862-05-04", "evidence": said}],
            }
        )
    return store
