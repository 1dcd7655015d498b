"""What a contradiction costs beside the same chronology without it, each pair of figures of one run.

A chain is undated facts, each after the one before it; a ring is a chain whose first is also after its last.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import factstore
from factstore.errors import Contradiction

Row = tuple[str, int, float, float, float, float]
HEAD = ("work", "facts", "ms", "beside", "ratio", "at most")


def milliseconds(work: Callable[[], Any]) -> float:
    """Milliseconds of processor time; a refusal is an end like any other."""
    start = time.process_time()
    with suppress(Contradiction):
        work()
    return (time.process_time() - start) * 1000


def document(size: int, more: Iterable[tuple[int, int]] = ()) -> dict[str, Any]:
    """A chain, and more orderings: the second of each pair after the first."""
    evidence = [{"source": "paper"}]
    return {
        "sources": [{"id": "paper", "published": "2020-01-01"}],
        "facts": [{"id": f"link-{n}", "title": f"Link {n}", "evidence": evidence} for n in range(size)],
        "orderings": [
            {"fact": f"link-{b}", "relation": "after", "other": f"link-{a}"} for a, b in (*pairwise(range(size)), *more)
        ],
    }


def loaded(path: Path, size: int, more: Iterable[tuple[int, int]] = ()) -> tuple[factstore.Store, float]:
    """A new store, and how long it took to load."""
    for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    store = factstore.open(path)
    return store, milliseconds(lambda: store.load(document(size, more), allow_conflict=True))


def rows(folder: Path) -> Iterable[Row]:
    chain, chain_took = loaded(folder / "plain-800.db", 800)
    refused = milliseconds(lambda: chain.relate("link-0", "after", "link-799"))
    yield "the refused edge of a chain, beside its load", 800, refused, chain_took, refused / chain_took, 0.5
    plain, _ = loaded(folder / "plain-1000.db", 1000)
    ring, took = loaded(folder / "ring-1000.db", 1000, [(999, 0)])
    yield "a ring loaded, beside two seconds", 1000, took, 2000.0, took / 2000, 1.0
    without, within = (
        milliseconds(partial(store.correct, "link-500", {"when": "2001/2003"})) for store in (plain, ring)
    )
    yield "a commit elsewhere in a ring, beside one in a chain", 1000, within, without, within / without, 1.5
    beside, verified = (milliseconds(store.verify) for store in (plain, ring))
    yield "a ring verified, beside a chain", 1000, verified, beside, verified / beside, 2.0
    _, larger = loaded(folder / "ring-3000.db", 3000, [(2999, 0)])
    yield "a ring of three times as many loaded", 3000, larger, took, larger / took, 4.0
    back = [(199 - n, n) for n in range(100)]
    tangled, knotted = loaded(folder / "back-200.db", 200, back)
    yield "a chain with 100 back edges loaded, beside two seconds", 200, knotted, 2000.0, knotted / 2000, 1.0
    checked = milliseconds(tangled.verify)
    yield "the same verified, beside its load", 200, checked, knotted, checked / knotted, 1.5
