"""Eight processes write one ledger at once, one fact per commit: how many commits they make, and the longest wait.

They are compared with as many that write the same number of rows with the bare driver, into a file with the same settings.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count, takewhile
from pathlib import Path
from typing import Any, NamedTuple

import factstore
from bench import by_hand
from bench.measuring import Aim, Row, Scale

WRITERS = 8
#: Rows that a commit of one fact and its evidence writes.
ROWS = 12


class Crowd(NamedTuple):
    """Commits per second of all writers together, and the longest that one took, in seconds."""

    rate: float
    longest: float


def rows(scale: Scale) -> Iterator[Row]:
    ours = _crowd(_write, _ledger(scale.folder / "crowd.db"), scale.seconds)
    bare = _crowd(_bare, _table(scale.folder / "crowd-bare.db"), scale.seconds / 2)
    yield Row(f"{WRITERS} writers, a fact a commit, wall time", ours.rate, "commits/s", bare.rate, Aim(least=0.55))
    work = f"the longest that a commit of {WRITERS} writers took in {scale.seconds} s"
    yield Row(f"{work}, beside the bare driver", ours.longest, "s", bare.longest)
    yield Row(work, ours.longest, "s", aim=Aim(most=5.0))


def _ledger(path: Path) -> Path:
    by_hand.remove(path)
    factstore.open(path).load({"sources": [{"id": "paper", "published": "2020-01-01"}]})
    return path


def _table(path: Path) -> Path:
    by_hand.remove(path)
    with closing(by_hand.opened(path)) as connection:
        connection.execute("CREATE TABLE noted (number INTEGER PRIMARY KEY, words TEXT NOT NULL)")
        connection.execute("CREATE INDEX noted_words ON noted (words)")
    return path


def _write(path: Path, name: str) -> Iterator[float]:
    with factstore.open(path) as store:
        for number in count():
            start = time.perf_counter()
            store.add(f"What {name} tells", id=f"{name}-{number}", when="2018-03", source="paper")
            yield time.perf_counter() - start


def _bare(path: Path, name: str) -> Iterator[float]:
    with closing(by_hand.opened(path)) as connection:
        connection.execute("PRAGMA busy_timeout = 60000")
        for _ in count():
            start = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            for turn in range(ROWS):
                connection.execute("INSERT INTO noted (words) VALUES (?)", (f"{name} {turn} {'x' * 80}",))
            connection.execute("COMMIT")
            yield time.perf_counter() - start


#: Commits without end, and the seconds that each took.
Work = Callable[[Path, str], Iterator[float]]


def _crowd(work: Work, path: Path, seconds: float) -> Crowd:
    """Run writers for a number of seconds, starting all together once each has made a first commit."""
    spawning = multiprocessing.get_context("spawn")
    answers: Any = spawning.Queue()
    begin = spawning.Barrier(WRITERS)
    crowd = [
        spawning.Process(target=_one, args=(work, path, f"writer-{n}", seconds, begin, answers)) for n in range(WRITERS)
    ]
    for process in crowd:
        process.start()
    told = [answers.get() for _ in crowd]
    for process in crowd:
        process.join()
    return Crowd(sum(made for made, _ in told) / seconds, max(longest for _, longest in told))


def _one(work: Work, path: Path, name: str, seconds: float, begin: Any, answers: Any) -> None:
    commits = work(path, name)
    next(commits)
    begin.wait()
    until = time.perf_counter() + seconds
    took = list(takewhile(lambda _: time.perf_counter() < until, commits))
    answers.put((len(took), max(took)))
