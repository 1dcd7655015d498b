"""What a contradiction costs, compared with the same chronology without it.

A chain is a series of undated facts, each after the one before it; a ring is a chain whose first is also after its last.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import factstore
from bench.by_hand import remove
from bench.measuring import Aim, Row, Scale
from factstore.errors import Contradiction


def _took(work: Callable[[], Any]) -> float:
    """Milliseconds of processor time, whether or not the work is refused."""
    start = time.process_time()
    with suppress(Contradiction):
        work()
    return (time.process_time() - start) * 1000


def _document(size: int, more: Iterable[tuple[int, int]] = ()) -> dict[str, Any]:
    """A chain, and more orderings: the second of each pair after the first."""
    evidence = [{"source": "paper"}]
    return {
        "sources": [{"id": "paper", "published": "2020-01-01"}],
        "facts": [{"id": f"link-{n}", "title": f"Link {n}", "evidence": evidence} for n in range(size)],
        "orderings": [
            {"fact": f"link-{b}", "relation": "after", "other": f"link-{a}"} for a, b in (*pairwise(range(size)), *more)
        ],
    }


def _loaded(path: Path, size: int, more: Iterable[tuple[int, int]] = ()) -> tuple[factstore.Store, float]:
    """A new store, and how long it took to load."""
    remove(path)
    store = factstore.open(path)
    return store, _took(lambda: store.load(_document(size, more), allow_conflict=True))


def rows(scale: Scale) -> Iterator[Row]:
    folder = scale.folder
    chain, chain_took = _loaded(folder / "plain-800.db", 800)
    refused = _took(lambda: chain.relate("link-0", "after", "link-799"))
    yield Row("the refused edge of a chain of 800, beside its load", refused, "ms", chain_took, Aim(most=0.5))
    plain, _ = _loaded(folder / "plain-1000.db", 1000)
    ring, took = _loaded(folder / "ring-1000.db", 1000, [(999, 0)])
    yield Row("a ring of 1,000 loaded", took, "ms", aim=Aim(most=2000.0))
    yield from _elsewhere(folder, plain, ring)
    beside, verified = (_took(store.verify) for store in (plain, ring))
    yield Row("a ring of 1,000 verified, beside a chain", verified, "ms", beside, Aim(most=2.0))
    _, larger = _loaded(folder / "ring-3000.db", 3000, [(2999, 0)])
    yield Row("a ring of 3,000 loaded, beside 1,000", larger, "ms", took, Aim(most=4.0))
    back = [(199 - n, n) for n in range(100)]
    tangled, knotted = _loaded(folder / "back-200.db", 200, back)
    yield Row("a chain of 200 with 100 back edges loaded", knotted, "ms", aim=Aim(most=2000.0))
    checked = _took(tangled.verify)
    yield Row("the same verified, beside its load", checked, "ms", knotted, Aim(most=1.5))


def _elsewhere(folder: Path, plain: factstore.Store, ring: factstore.Store) -> Iterator[Row]:
    """Commits in a part in which something is set aside; they move as much as without it."""
    without, within = (_took(partial(store.correct, "link-500", {"when": "2001/2003"})) for store in (plain, ring))
    yield Row("a date in a ring of 1,000, beside in a chain", within, "ms", without, Aim(most=1.5))
    whole, _ = _loaded(folder / "no-conflict.db", 1000)
    torn, _ = _loaded(folder / "one-conflict.db", 1000, [(998, 999)])
    fresh = [{"facts": [{"id": f"aside-{n}", "title": "Aside", "evidence": [{"source": "paper"}]}]} for n in range(5)]
    spent = [0.0, 0.0]
    for turn, document in enumerate(fresh):
        for place, store in enumerate((whole, torn)):
            store.load(document)
            spent[place] += _took(partial(store.relate, f"aside-{turn}", "after", "link-10"))
    yield Row(
        "an ordering in a part of 1,000 with a conflict far off, beside without",
        spent[1],
        "ms",
        spent[0],
        Aim(most=1.5),
    )
