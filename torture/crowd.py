"""A crowd: many processes write and read one ledger at once.

No acknowledged commit is lost, positions have no gap, no reader sees half a commit, and none waits for a writer.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from factstore.store import Store
from torture.kills import Lost, promise

#: Seconds between two readings of a reader, so that the processes do not just compete for processor time.
PAUSE = 0.01

Told = list[tuple[str, int]]

COUNTS = """SELECT (SELECT count(*) FROM thing WHERE kind = 'fact') AS facts, (SELECT count(*) FROM committed) AS commits,
    (SELECT count(*) FROM placement) AS placed, (SELECT max(position) FROM record) AS last,
    (SELECT count(*) FROM record) AS records, (SELECT sum(records + 1) FROM committed) AS told"""


class Figures(NamedTuple):
    """What a crowd did: commits and readings per second, and how long each took in milliseconds: median, 99 %, worst."""

    seconds: float
    commits: int
    readings: int
    write: tuple[float, float, float]
    read: tuple[float, float, float]


def _write(path: Path, name: str, until: float, tell: Connection) -> None:
    """Commit facts one by one until the time is up. Reports those that were acknowledged, and how long each took."""
    told: Told = []
    took = []
    store, number = Store(path), 0
    while time.time() < until:
        id_ = f"{name}-{number}"
        start = time.perf_counter()
        done = store.load(
            {
                "facts": [
                    {"id": id_, "title": f"What {id_} tells", "when": "2018-03", "evidence": [{"source": "herald"}]}
                ]
            }
        )
        took.append((time.perf_counter() - start) * 1000)
        assert done.position
        told.append((id_, done.position))
        number += 1
    tell.send((told, took))


def _read(path: Path, until: float, tell: Connection) -> None:
    """Read everything in one transaction, again and again. Reports how long each reading took, and what was not whole."""
    torn, took, last = [], [], 0
    store = Store(path)
    store.head()  # so that late imports are done
    while time.time() < until:
        start = time.perf_counter()
        with store._asking() as repository:
            (row,) = repository.rows(COUNTS)
            ends = repository.rows("SELECT kind FROM record ORDER BY position DESC LIMIT 1")[0].kind
        took.append((time.perf_counter() - start) * 1000)
        if not is_whole(row, ends) or row.last < last:
            torn.append(dict(row._mapping) | {"ends": ends, "before": last})
        last = row.last
        time.sleep(PAUSE)
    tell.send((torn, took))


def is_whole(row: Any, ends: str) -> bool:
    """Whether a reader's counts, and the kind of the last record, are those of whole commits."""
    # The first two commits, which make the ledger and its source, record no fact.
    commits = row.facts == row.placed == row.commits - 2
    return bool(commits and row.last == row.records == row.told and ends == "commit")


def _spread(figures: Sequence[float]) -> tuple[float, float, float]:
    found = sorted(figures)
    return statistics.median(found), found[int(0.99 * (len(found) - 1))], found[-1]


def run(folder: Path, *, seconds: float, writers: int = 8, readers: int = 8) -> Figures:
    """Run them all, and compare what they reported with what is in the ledger. Raises Lost."""
    path = folder / "facts.db"
    with Store(path) as store:
        store.load({"sources": [{"id": "herald", "title": "The Herald"}]})
    fork = multiprocessing.get_context("fork")
    start = time.time()
    until = start + seconds
    crowd: list[tuple[Any, Connection]] = []
    for number in range(writers + readers):
        ours, theirs = fork.Pipe(duplex=False)
        what: tuple[Any, ...] = (path, f"writer-{number}", until, theirs) if number < writers else (path, until, theirs)
        process = fork.Process(target=_write if number < writers else _read, args=what)
        process.start()
        theirs.close()
        crowd.append((process, ours))
    said = []
    for process, ours in crowd:
        try:
            said.append(ours.recv())
        except EOFError:
            raise Lost("somebody in the crowd died") from None
        finally:
            process.join(60)
    took = time.time() - start
    wrote, looked = said[:writers], said[writers:]
    torn = [one for found, _ in looked for one in found]
    promise(not torn, f"readers saw half of something: {torn[:3]}")
    with Store(path) as store:
        log = {entry.position: entry for entry in store.log()}
        promise(sorted(log) == [*range(1, len(log) + 1)], "positions have a gap")
        told = [one for found, _ in wrote for one in found]
        promise(len(store.facts()) == len(told), f"{len(told)} facts were told, {len(store.facts())} are there")
        for found, _ in wrote:
            positions = [position for _, position in found]
            promise(positions == sorted(positions), "a writer's commits are not in its order")
            for id_, position in found:
                entry = log[position]
                promise(entry.kind == "commit", f"the commit at {position} is not there")
                promise(log[position - 2].subject == id_, f"the commit at {position} is not that of {id_}")
        problems = store.verify().problems
        promise(not problems, f"it does not verify: {'; '.join(map(str, problems))}")
    writes, reads = ([figure for _, figures in found for figure in figures] for found in (wrote, looked))
    return Figures(took, len(writes), len(reads), _spread(writes), _spread(reads))


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--seconds", type=float, default=60)
    read.add_argument("--writers", type=int, default=8)
    read.add_argument("--readers", type=int, default=8)
    given = read.parse_args()
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:  # on the disk, which is what takes the time
        try:
            found = run(Path(folder), seconds=given.seconds, writers=given.writers, readers=given.readers)
        except Lost as lost:
            sys.exit(f"LOST: {lost}")
    print("| | count | a second | median ms | 99 % ms | worst ms |\n|---|---|---|---|---|---|")
    for name, count, took in (
        (f"{given.writers} writers", found.commits, found.write),
        (f"{given.readers} readers", found.readings, found.read),
    ):
        print(f"| {name} | {count} | {count / found.seconds:.0f} | " + " | ".join(f"{one:.1f}" for one in took) + " |")
    print(f"\n{found.seconds:.0f} s: nothing was lost, and no reader saw half of anything")


if __name__ == "__main__":
    main()
