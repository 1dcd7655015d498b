"""A crowd on a PostgreSQL server: many processes write and read one ledger, while they, their connections and the server
itself are killed.

No acknowledged commit is lost or made twice, positions have no gap, and no reader sees half a commit. A killed writer is
replaced by one that continues with the same requests.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from itertools import cycle
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

import psycopg

from factstore.errors import Unavailable
from factstore.store import Store
from tests.support.postgresql import Server, binaries
from torture.crowd import COUNTS, PAUSE, is_whole
from torture.kills import Lost, promise

#: Seconds between two blows.
_EVERY = 0.5
_BACKENDS = """SELECT pg_terminate_backend(pid) FROM (
    SELECT pid FROM pg_stat_activity WHERE application_name = 'factstore' ORDER BY random() LIMIT 1) one"""


class Figures(NamedTuple):
    """What a crowd did, and what was done to it."""

    seconds: float
    commits: int
    readings: int
    clients: int
    connections: int
    restarts: int


def _write(place: str, name: str, first: int, until: float, tell: Connection) -> None:
    """Commit one fact after another, repeating each under its request until it is acknowledged, and report it."""
    number = first
    with Store(place) as store:
        while time.time() < until:
            id_ = f"{name}-{number}"
            try:
                _, done = store.add(
                    f"What {id_} tells", id=id_, source="herald", when="2018-03", by=name, request=f"{name}/{number}"
                )
            except Unavailable:
                time.sleep(PAUSE)
                continue  # cut off: try the same again
            tell.send((number, done.position))
            number += 1


def _read(place: str, name: str, first: int, until: float, tell: Connection) -> None:
    """Read everything in one transaction, again and again. Reports what was not whole, and how often it has read."""
    last, looked = 0, first
    with Store(place) as store:
        while time.time() < until:
            try:
                with store._asking() as repository:
                    (row,) = repository.rows(COUNTS)
                    ends = repository.rows("SELECT kind FROM record ORDER BY position DESC LIMIT 1")[0].kind
            except Unavailable:
                time.sleep(PAUSE)
                continue
            looked += 1
            whole = is_whole(row, ends) and row.last >= last
            tell.send((looked, None if whole else f"{name}: {dict(row._mapping)}, {ends} after {last}"))
            last = row.last
            time.sleep(PAUSE)


class _Client:
    """A process that writes or reads, and what it reported."""

    def __init__(self, work: Callable[..., None], place: str, name: str, until: float) -> None:
        self.told: list[tuple[int, Any]] = []
        self.kills = 0
        self._work, self._place, self._name, self._until = work, place, name, until
        self._begin(1 if work is _write else 0)

    def _begin(self, first: int) -> None:
        fork = multiprocessing.get_context("fork")
        self._ours, theirs = fork.Pipe(duplex=False)
        self._process = fork.Process(target=self._work, args=(self._place, self._name, first, self._until, theirs))
        self._process.start()
        theirs.close()

    def listen(self) -> None:
        """Receive what was reported so far."""
        try:
            while self._ours.poll():
                self.told.append(self._ours.recv())
        except EOFError:
            pass

    def kill(self, *, writes: bool) -> None:
        """Kill the process, and start another that continues after what was reported."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()
        self.listen()
        self.kills += 1
        last = self.told[-1][0] if self.told else 0
        self._begin(last + 1 if writes else last)

    def end(self) -> int:
        self._process.join(120)
        self.listen()
        return self._process.exitcode or 0


def run(server: Server, *, seconds: float, writers: int, readers: int, seed: int) -> Figures:
    """Run them all, kill some, and compare what they reported with what is in the ledger. Raises Lost."""
    place = server.ledger()
    with Store(place) as store:
        store.load({"sources": [{"id": "herald", "title": "The Herald"}]}, by="Test")
    chance, start = random.Random(seed), time.time()
    until = start + seconds
    writing = [_Client(_write, place, f"writer-{n}", until) for n in range(writers)]
    reading = [_Client(_read, place, f"reader-{n}", until) for n in range(readers)]
    cut = restarts = 0
    # In a long run the server dies twice or three times, since it takes a while to start.
    blows = cycle(("client", "connection", "server", *("client", "connection") * int(seconds // 2)))
    while time.time() < until - 1:
        time.sleep(_EVERY)
        for client in (*writing, *reading):
            client.listen()
        blow = next(blows)
        if blow == "server":
            server.stop("immediate")
            server.start()
            restarts += 1
        elif blow == "client":
            victim = chance.choice(writing + reading)
            victim.kill(writes=victim in writing)
        else:
            with psycopg.connect(place.partition("&ledger=")[0], autocommit=True) as other:
                cut += other.execute(_BACKENDS).rowcount
    codes = {client.end() for client in (*writing, *reading)}
    promise(codes == {0}, f"somebody in the crowd ended with {sorted(codes)}")
    torn = [said for client in reading for _, said in client.told if said]
    promise(not torn, f"readers saw half of something: {torn[:3]}")
    with Store(place) as store:
        _check(store, {f"writer-{n}": client.told for n, client in enumerate(writing)})
    kills = sum(client.kills for client in (*writing, *reading))
    commits, readings = (sum(len(client.told) for client in clients) for clients in (writing, reading))
    return Figures(time.time() - start, commits, readings, kills, cut, restarts)


def _check(store: Store, told: dict[str, list[tuple[int, Any]]]) -> None:
    log = {entry.position: entry for entry in store.log()}
    promise(sorted(log) == [*range(1, len(log) + 1)], "positions have a gap")
    there = {fact.id for fact in store.facts()}
    count = 0
    for name, commits in told.items():
        numbers = [number for number, _ in commits]
        promise(numbers == [*range(1, len(numbers) + 1)], f"{name} told {numbers[:5]}…")
        for number, position in commits:
            promise(f"{name}-{number}" in there, f"{name}-{number}, told at {position}, is not there")
            promise(log[position].kind == "commit", f"the commit at {position} is not there")
            promise(log[position - 2].subject == f"{name}-{number}", f"{position} is not the commit of {name}-{number}")
        count += len(numbers)
        # The fact after the last one reported may be committed, too, if its process was killed or ran out of time.
        count += f"{name}-{len(numbers) + 1}" in there
    promise(len(there) == count, f"{count} facts were meant, {len(there)} are there")
    problems = store.verify().problems
    promise(not problems, f"it does not verify: {'; '.join(map(str, problems))}")


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--seconds", type=float, default=60)
    read.add_argument("--writers", type=int, default=8)
    read.add_argument("--readers", type=int, default=8)
    read.add_argument("--seed", type=int, default=1)
    given = read.parse_args()
    where = binaries()
    if where is None:
        sys.exit("this needs PostgreSQL: apt-get install postgresql")
    server = Server(where)
    try:
        found = run(server, seconds=given.seconds, writers=given.writers, readers=given.readers, seed=given.seed)
    except Lost as lost:
        sys.exit(f"LOST: {lost}")
    finally:
        server.close()
    print(
        f"{given.writers} writers: {found.commits} commits, {found.commits / found.seconds:.0f} a second; "
        f"{given.readers} readers: {found.readings} looks; {found.clients} clients and {found.connections} connections "
        f"killed, and {found.restarts} times the server, in {found.seconds:.0f} s: nothing was lost or there twice, and no "
        "reader saw half of anything"
    )


if __name__ == "__main__":
    main()
