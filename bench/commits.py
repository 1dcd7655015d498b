"""Commits of one fact and its evidence, each on the disk before the next, in wall time; the programs take turns."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import factstore
from bench import by_hand, data, peers
from bench.measuring import Aim, Row, Scale, seconds


def rows(scale: Scale) -> Iterator[Row]:
    count, folder = scale.commits, scale.folder
    facts = [line["fact"] for line in data.chronology(count) if "fact" in line]
    begun = {
        "sources": [
            {"id": source, "published": data.PUBLISHED[0]}
            for source in sorted({fact["evidence"][0]["source"] for fact in facts})
        ]
    }
    ours, model, hand = (folder / f"commits{name}.db" for name in ("", "-model", "-by-hand"))
    for path in (ours, model, hand):
        by_hand.remove(path)
    with factstore.open(model) as store:
        ends = [store.load(begun).position or 0]
        ends += [store.load({"facts": [fact]}).position or 0 for fact in facts]
    first, *rest = by_hand.parts(model, ends)
    connection = by_hand.empty(hand, model)
    first.write(connection)
    sizes = [sum(len(row[2]) for sql, rows in part.statements if " payload " in sql for row in rows) for part in rest]
    spent = [0.0, 0.0, 0.0]
    with factstore.open(ours) as store, peers.eventsourcing(folder / "commits-peer.db") as peer:
        store.load(begun)
        for fact, part, size in zip(facts, rest, sizes, strict=True):
            spent[0] += seconds(partial(store.load, {"facts": [fact]}), time.perf_counter)
            spent[1] += seconds(partial(part.write, connection), time.perf_counter)
            spent[2] += peer.save([size]).wall
    connection.close()
    mine, limit, other = (count / each for each in spent)
    yield Row("one fact a commit, in a block, beside by hand, wall time", mine, "commits/s", limit, Aim(least=0.55))
    yield Row("the same beside `eventsourcing`, which writes one row", mine, "commits/s", other)
    yield _apart(scale, begun, facts)


def _apart(scale: Scale, begun: dict[str, Any], facts: list[dict[str, Any]]) -> Row:
    """`add` by a store outside a block, which opens its file each time, compared with one in a block."""
    stores = [factstore.open(scale.folder / f"commits-{name}.db") for name in ("apart", "block")]
    for store in stores:
        by_hand.remove(store.path)
        store.load(begun)
    spent = [0.0, 0.0]
    with stores[1]:
        for fact in facts:
            said = fact["evidence"][0]
            for turn, store in enumerate(stores):
                add = partial(store.add, fact["title"], source=said["source"], when=fact.get("when"), id=fact["id"])
                spent[turn] += seconds(add, time.perf_counter)
    apart, block = (len(facts) / each for each in spent)
    return Row("one `add` apart from a block, beside in one, wall time", apart, "commits/s", block, Aim(least=0.7))
