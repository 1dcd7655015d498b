"""What came before what, for all pairs of facts at once, agrees with `before` for each of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import factstore
from factstore.evidence.stances import STATUSES
from factstore.store import Store
from tests.picture.samples import PREHISTORY, SEED, document, week


def check(view: Any) -> None:
    names = [found.fact.id for found in view.timeline.all(status=STATUSES)]
    pairs = view.pairs(names)
    for x in names:
        answered = {found.fact.id: found.certainty for found in view.timeline.before(x, status=STATUSES)}
        assert {name: pairs.before(name, x) for name in names if name != x and pairs.before(name, x)} == answered
        later = {found.fact.id: found.certainty for found in view.timeline.after(x, status=STATUSES)}
        assert {name: pairs.before(x, name) for name in names if name != x and pairs.before(x, name)} == later


def load(path: Path, which: str) -> Store:
    store = factstore.open(path)
    if which == "seed":
        store.load(SEED)
        store.withdraw("trump-defends-call")
    elif which == "prehistory":
        store.load(document(*PREHISTORY))
    else:
        loose = [{"id": f"loose-{n}", "title": f"Loose {n}", "when": "2018-03"} for n in range(4)]
        orders = [
            {"fact": f"loose-{n}", "relation": "before", "other": f"loose-{n + 1}", "gap": {"min": "P2D", "max": "P9D"}}
            for n in range(3)
        ]
        orders.append({"fact": "day-3", "relation": "before", "other": "loose-0"})
        store.load(document(*week(), *loose, {"id": "undated", "title": "Undated"}, orderings=tuple(orders)))
    return store


@pytest.mark.parametrize("which", ["seed", "prehistory", "orders"])
def test_every_pair_of_facts_agrees_with_before_and_after(path: Path, which: str) -> None:
    with load(path, which) as store:
        check(store)


def test_so_it_does_on_an_earlier_clock(path: Path) -> None:
    with load(path, "seed") as store:
        check(store.at(published="2018-04-03"))
        check(store.at(known=store.head().position - 1))
