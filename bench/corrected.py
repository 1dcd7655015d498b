"""A chronology whose facts were corrected five times each, half of the corrections moving the date by years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import factstore
from bench import data, ledgers
from bench.measuring import Aim, Row, Scale, in_turn
from bench.pages import DAYS, page


def rows(scale: Scale) -> Iterator[Row]:
    plain = ledgers.of(scale.corrected, scale.folder)
    store = _corrected(scale.corrected, scale.folder)
    old = store.at(known=plain.head().position)
    for certainty in ("certain", "possible"):
        # The page on the old clock is compared with the same page of the ledger as it was then.
        before, now, then = in_turn([page(one, DAYS["middle"], certainty) for one in (plain, store, old)])
        work = f"{certainty} page, {scale.corrected:,} facts corrected five times"
        yield Row(f"{work}, beside never", now, "ms", before, Aim(most=1.5))
        yield Row(f"{work}, `--known-at` the first load, beside never", then, "ms", before, Aim(most=2.0))


def _corrected(size: int, folder: Path) -> factstore.Store:
    store = ledgers.opened(folder / f"corrected-{size}.db")
    if not store.path.exists():
        ledgers.load(store, data.chronology(size))
        for turn in range(5):
            ledgers.load(store, _revised(size, turn), correct="extraction-error", allow_conflict=True)
    return store


def _revised(size: int, turn: int) -> Iterable[data.Line]:
    """The chronology with every fact changed: its title in each turn, and in half of them its date too, by years."""
    for line in data.chronology(size):
        fact = line.get("fact")
        if fact:
            number = int(fact["id"].removeprefix("fact-"))
            fact["title"] += f", revised {turn}"
            if (number + turn) % 2 and "when" in fact:
                fact["when"] = f"{1950 + (number * 7 + turn * 13) % 70}-06"
            yield line
