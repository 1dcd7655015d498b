"""What more facts cost: a load, the file, and the first answers of questions, compared with a smaller ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import factstore
from bench import data, ledgers
from bench.by_hand import remove
from bench.measuring import Aim, Row, Scale, in_turn, seconds

QUESTIONS: dict[str, Callable[[factstore.Store], object]] = {
    "before 1987-06-15": lambda store: store.timeline.before("1987-06-15", limit=50),
    "facts 777th": lambda store: store.facts(limit=50, text="777th"),
    "timeline --from 1987 --to 1988": lambda store: store.timeline.all(limit=50, since="1987", until="1988"),
}


def rows(scale: Scale) -> Iterator[Row]:
    sizes = (scale.small, scale.large)
    rates = [_rate(size, scale.folder / "growth.db") for size in sizes]
    yield Row(f"`load` of {sizes[1]:,} facts, beside {sizes[0]:,}", rates[1], "facts/s", rates[0], Aim(least=0.9))
    stores = [ledgers.of(size, scale.folder) for size in sizes]
    files = [store.path.stat().st_size / size for store, size in zip(stores, sizes, strict=True)]
    yield Row(
        f"bytes a fact of a file of {sizes[1]:,}, beside {sizes[0]:,}", files[1], "bytes", files[0], Aim(most=1.1)
    )
    for name, ask in QUESTIONS.items():
        few, many = in_turn([lambda ask=ask, store=store: ask(store) for store in stores])  # type: ignore[misc]
        work = f"`{name} --limit 50` of {sizes[1]:,} facts, beside {sizes[0]:,}"
        yield Row(work, many, "ms", few, Aim(most=1.5))


def _rate(count: int, path: Path) -> float:
    remove(path)
    with factstore.open(path) as store:
        took = seconds(lambda: ledgers.load(store, data.chronology(count)))
    remove(path)
    return count / took
