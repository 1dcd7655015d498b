"""A load of many facts, compared with the limit of the engine and with a peer; and work that goes over a whole ledger."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import factstore
from bench import by_hand, data, ledgers, peers
from bench.by_hand import remove
from bench.measuring import Aim, Row, Scale, Took, both, seconds

#: How many facts a transaction by hand has, and how many aggregates the peer saves at once.
BATCH = 1_000


def rows(scale: Scale) -> Iterator[Row]:
    count, folder = scale.loaded, scale.folder
    document, path = folder / f"load-{count}.jsonl", folder / "load.db"
    document.write_text(data.text(data.chronology(count)))
    _warm(scale)
    remove(path)
    ours = both(lambda: factstore.open(path).load(document))
    hand, last = _written(path, folder / "load-by-hand.db", count)
    peer = _saved(folder / "load-peer.db", document)
    work = f"`load` of {count:,} facts as JSON Lines"
    for other, took, aim in (("by hand", hand, 0.55), ("`eventsourcing`", peer, 0.38)):
        per_second = [Took(*(count / one for one in both_)) for both_ in (ours, took)]
        for clock, (mine, theirs) in zip(("processor time", "wall time"), zip(*per_second, strict=True), strict=True):
            yield Row(f"{work}, beside {other}, {clock}", mine, "facts/s", theirs, Aim(least=aim))
    loading = count / ours.processor
    ledger = last / seconds(lambda: factstore.open(path).verify(ledger_only=True))
    hashing = last / seconds(lambda: hashed(path))
    yield Row("`verify --ledger`, beside reading and hashing its bytes", ledger, "records/s", hashing, Aim(least=0.8))
    for name, task in (("`verify`", factstore.open(path).verify), ("`rebuild`", factstore.open(path).rebuild)):
        yield Row(f"{name}, beside `load`", count / seconds(task), "facts/s", loading, Aim(least=1.5))


def _warm(scale: Scale) -> None:
    """Import all modules that this needs, and compile what is compiled at first use."""
    path = scale.folder / "warm.db"
    remove(path)
    store = factstore.open(path)
    for work in (partial(ledgers.load, store, data.chronology(100)), store.verify, store.rebuild):
        work()


def _written(path: Path, copy: Path, count: int) -> tuple[Took, int]:
    """How long writing the rows of a ledger by hand takes, and the last position."""
    with closing(sqlite3.connect(path)) as connection, connection:
        last = connection.execute("SELECT max(position) FROM record").fetchone()[0]
    turns = max(1, count // BATCH)
    written = by_hand.parts(path, [last * (turn + 1) // turns for turn in range(turns)])
    connection = by_hand.empty(copy, path)
    took = both(lambda: [part.write(connection) for part in written])
    connection.close()
    remove(copy)
    return took, last


def _saved(path: Path, document: Path) -> Took:
    """How long the peer takes to save aggregates as large as a document's facts."""
    with document.open() as lines:
        sizes = [len(line) for line in lines if line.startswith('{"fact"')]
    with peers.eventsourcing(path) as peer:
        batches = [peer.save(sizes[n : n + BATCH]) for n in range(0, len(sizes), BATCH)]
    remove(path)
    return Took(*map(sum, zip(*batches, strict=True)))


def hashed(path: Path) -> None:
    """The least that rereading a ledger takes: reading its bytes, and computing both hashes of each record."""
    prev = "0" * 64
    with closing(sqlite3.connect(path)) as connection, connection:
        for position, kind, version, subject, recorded_at, payload_hash, hash_, salt, payload in connection.execute(
            """SELECT r.position, r.kind, r.version, r.subject, r.recorded_at, r.payload_hash, r.hash, p.salt, p.payload
               FROM record r LEFT JOIN payload p ON p.position = r.position ORDER BY r.position"""
        ):
            hashlib.sha256(f'{{"payload":{payload},"salt":"{salt}"}}'.encode()).hexdigest()
            header = (
                f'{{"format":1,"kind":"{kind}","ledger":"{"0" * 32}","payload_hash":"{payload_hash}","position":{position},'
                f'"prev":"{prev}","recorded_at":"{recorded_at}","subject":{subject},"version":{version}}}'
            )
            hashlib.sha256(header.encode()).hexdigest()
            prev = hash_
