"""The first page of what was before X, at many places of a chronology, compared with a hand-written query on the same file.

That query works by bounds alone, on an open connection, and gives the same rows in the same order. It reads what is certain
from an index and stops with the page; for what is possible no single index helps, so it reads all placements. It does not
find what only stated orders decide: for such X, our own figures are compared with one another.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import factstore
from bench import ledgers
from bench.measuring import Aim, Row, Scale, in_turn
from factstore.chronology import Chronology
from factstore.evidence.stances import ANSWERED
from factstore.repository.filter import Filter
from factstore.repository.questions import Questions
from factstore.repository.time_search import TimeSearch

PAGE = 50
#: The columns that a printed answer needs.
PRINTED = "p.id, f.title, f.edtf, p.earliest, p.latest, p.status, p.conflicting, p.end_max, p.end_min"
_CURRENT = "JOIN fact f ON f.position = p.fact AND f.until IS NULL"
_ENDED = "p.end_max <= :low AND p.status IN ('stands', 'disputed')"
BY_HAND = {
    "certain": f"""SELECT {PRINTED} FROM placement p {_CURRENT} WHERE p.revised = 0 AND {_ENDED}
                   UNION ALL
                   SELECT {PRINTED} FROM placement p {_CURRENT} WHERE p.revised = 1 AND {_ENDED}
                   ORDER BY end_max DESC, id LIMIT {PAGE}""",
    "possible": f"""SELECT {PRINTED} FROM (
                      SELECT * FROM placement
                      WHERE end_min <= :high AND end_max > :low AND status IN ('stands', 'disputed')
                      ORDER BY end_min DESC, id LIMIT {PAGE}) p {_CURRENT}
                    ORDER BY p.end_min DESC, p.id""",
}
DAYS = {"early": "1955-03-01", "middle": "1987-06-15", "late": "2023-06-01"}


def page(chronology: Chronology, x: str, certainty: str, limit: int = PAGE) -> Callable[[], int]:
    """The first page of what was certainly, or possibly, before X: facts read, and objects made."""

    def work() -> int:
        with chronology._asking() as repository:
            search = TimeSearch(repository, "before", [Questions(repository).anchor(x)], Filter(status=ANSWERED), limit)
            rows = search.certain() if certainty == "certain" else search.possible()
            return len([repository.read_fact(row) for row in islice(rows, limit)])

    return work


def by_hand(store: factstore.Store, x: str, certainty: str) -> Callable[[], int]:
    connection = sqlite3.connect(store.path)
    with closing(sqlite3.connect(store.path)) as asked, asked:
        bounds = asked.execute("SELECT start_min, start_max FROM placement WHERE id = ?", (x,)).fetchone()
    low, high = bounds or (store.period(x)[0],) * 2
    return lambda: len(connection.execute(BY_HAND[certainty], {"low": low, "high": high}).fetchall())


def rows(scale: Scale) -> Iterator[Row]:
    small, large = (ledgers.of(size, scale.folder) for size in (scale.small, scale.large))
    for certainty, aim in (("certain", Aim(most=2.0)), ("possible", Aim(most=1.0))):
        yield from _beside_hand(large, certainty, aim, scale.large)
    for certainty in BY_HAND:
        # The middle of time, where no ordering ties X.
        few, many = in_turn([page(store, DAYS["middle"], certainty) for store in (small, large)])
        work = f"{certainty} page, {scale.large:,} facts, beside {scale.small:,}"
        yield Row(work, many, "ms", few, Aim(most=1.5))
    yield from _parts(scale.folder)
    yield from _walks(scale.folder)


def _beside_hand(store: factstore.Store, certainty: str, aim: Aim, size: int) -> Iterator[Row]:
    for name, x in _drawn(store).items():
        works = [page(store, x, certainty), by_hand(store, x, certainty)]
        ours, hand = in_turn(works, rounds=30 if certainty == "certain" else 5)
        yield Row(f"{certainty} page, {size:,} facts, X {name}, beside by hand", ours, "ms", hand, aim)


def _drawn(store: factstore.Store) -> dict[str, str]:
    """X early, late, wide and open, none of them in an ordering."""
    found = dict(DAYS)
    with closing(sqlite3.connect(store.path)) as connection, connection:
        for name, ending in (("wide", "X"), ("open", "/..")):
            query = (
                "SELECT p.id FROM placement p JOIN fact f ON f.position = p.fact WHERE NOT tied AND edtf LIKE ? LIMIT 1"
            )
            [found[name]] = connection.execute(query, (f"%{ending}",)).fetchone()
    return found


def _parts(folder: Path) -> Iterator[Row]:
    """X in the middle of a connected part whose facts all have dates, or most, or none."""
    for name, dated, back, aim in (
        ("most dated", 9, 10, Aim(most=10.0)),
        ("none dated", 0, 10, Aim()),
        ("none dated, in one chain", 0, 1, Aim()),
    ):
        few, many = (ledgers.part(size, folder, dated=dated, back=back) for size in (100, 10_000))
        for certainty in BY_HAND:
            works = [page(store, f"link-{size // 2}", certainty) for store, size in ((few, 100), (many, 10_000))]
            small, large = in_turn(works, rounds=10)
            yield Row(f"{certainty} page, X in a part of 10,000, {name}, beside one of 100", large, "ms", small, aim)


def _walks(folder: Path) -> Iterator[Row]:
    """The first thousand answers that only stated orders decide."""
    store = ledgers.part(10_000, folder)
    for certainty, aim in (("certain", Aim(most=30.0)), ("possible", Aim())):
        [took] = in_turn([page(store, "link-5000", certainty, limit=1000)], rounds=10)
        yield Row(f"{certainty}, the first 1,000 of a chain of 10,000 by stated order alone", took, "ms", aim=aim)
