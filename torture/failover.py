"""Failover: a writer works while the leader of two PostgreSQL servers is killed, again and again.

`make failover`, or python -m torture.failover [--kills 20] [--between 3]. Each acknowledged commit must be there once, at its
position; the writer repeats uncertain ones under the same request. Alternately, the server dies and Patroni notices, or the
whole machine dies with Patroni. The standby answers before each kill. Exit code 1 if anything was lost.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from types import FrameType

from factstore.errors import Unavailable
from factstore.repository.log_answers import LogEntry
from factstore.store import Store
from tests.support.postgresql import binaries
from torture.cluster import Cluster, Machine, cluster, wanting
from torture.kills import Lost, promise

LEDGER = "matter"
#: Seconds of work between two kills, and after the last.
BETWEEN = 3.0
#: How long a writer may be unable to commit, in seconds.
_LONGEST = 120.0
KINDS = ("server", "machine")


@dataclass
class Writer:
    """Writes one fact after another, each a commit with its own request, repeated until it is acknowledged."""

    url: str
    #: For each acknowledged fact: its id, the commit's position, and when.
    told: list[tuple[str, int, float]] = field(default_factory=list)
    refused: int = 0
    repeated: int = 0
    done: bool = False
    error: BaseException | None = None

    def work(self) -> None:
        try:
            with Store(self.url) as store:
                number = 0
                while not self.done:
                    number += 1
                    self.told.append(self._commit(store, number))
        except BaseException as error:
            self.error = error

    def _commit(self, store: Store, number: int) -> tuple[str, int, float]:
        until = time.monotonic() + _LONGEST
        while True:
            try:
                name, done = store.add(
                    f"Entry {number}", source="herald", when="2018-03", by="Writer", request=f"entry-{number}"
                )
            except Unavailable:
                self.refused += 1
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                promise(done.position is not None, f"entry {number} has no position")
                self.repeated += done.repeated is not None
                return name, done.position or 0, time.monotonic()

    def next_after(self, moment: float) -> float:
        """When the first commit after a moment was acknowledged. Raises Lost if none is."""
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            if self.error:
                raise self.error
            for _, _, at in reversed(self.told[-1:]):
                if at > moment:
                    return next(one for _, _, one in self.told if one > moment)
            time.sleep(0.02)
        raise Lost(f"no commit for {_LONGEST:.0f} s after a kill")


def _ask_standby(made: Cluster, least: int) -> int:
    """Query the standby, which has flushed what was acknowledged, and can read it once it has replayed it."""
    with Store(made.url(LEDGER, target_session_attrs="standby")) as standby:
        until = time.monotonic() + 30
        while standby.head().position < least:
            promise(time.monotonic() < until, f"the standby has not got to position {least}")
            time.sleep(0.05)
        promise(len(standby.facts(limit=5)) == 5, "the standby lists no facts")
        promise(len([*standby.timeline.before("2019", limit=5)]) == 5, "the standby says nothing of time")
        promise(bool(standby.facts("entry", limit=1)), "the standby finds no word")
        return standby.head().position


def run(made: Cluster, kills: int, between: float) -> dict[str, list[float]]:
    """Kill leader after leader. Returns the seconds to the next commit, by what was killed. Raises Lost."""
    with Store(made.url(LEDGER)) as store:
        store.load({"sources": [{"id": "herald", "title": "The Herald"}]}, by="Writer")
    writer = Writer(made.url(LEDGER))
    thread = threading.Thread(target=writer.work, daemon=True)
    thread.start()
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    try:
        for number in range(kills):
            kind = KINDS[number % len(KINDS)]
            leader = made.await_leader()
            writer.next_after(time.monotonic())
            time.sleep(between)
            _ask_standby(made, writer.told[-1][1])
            seconds = _strike(leader, kind, writer)
            took[kind].append(seconds)
            print(f"kill {number + 1} of {kills}: the leader's {kind}; {seconds:.1f} s", file=sys.stderr, flush=True)
        made.await_leader()
        time.sleep(between)
    finally:
        writer.done = True
        thread.join(_LONGEST)
    if writer.error:
        raise writer.error
    position = _ask_standby(made, writer.told[-1][1])
    for attributes in ("read-write", "standby"):
        _check(made.url(LEDGER, target_session_attrs=attributes), writer, position)
    print(
        f"{len(writer.told)} commits acknowledged, {writer.refused} refused or lost on the way, {writer.repeated} found "
        "committed when they were repeated"
    )
    return took


def _strike(leader: Machine, kind: str, writer: Writer) -> float:
    """Kill the leader, and bring its machine back once another leads. Returns the seconds to the next commit."""
    moment = time.monotonic()
    if kind == "machine":
        leader.kill()
    else:
        leader.kill_server()
    try:
        return writer.next_after(time.monotonic()) - moment
    finally:
        if kind == "machine":
            leader.start()


def _check(url: str, writer: Writer, least: int) -> None:
    """Check that all that was acknowledged is there once, at its position, and nothing unintended is. Raises Lost."""
    with Store(url) as store:
        log: dict[int, LogEntry] = {entry.position: entry for entry in store.log()}
        promise(sorted(log) == [*range(1, len(log) + 1)], "positions have a gap")
        promise(len(log) >= least, f"the ledger ends at {len(log)}, and {least} was acknowledged")
        there = {fact.id for fact in store.facts()}
        for name, position, _ in writer.told:
            promise(name in there, f"{name}, acknowledged at {position}, is not there")
            promise(log[position].kind == "commit", f"there is no commit at {position}")
            promise(log[position - 2].subject == name, f"the commit at {position} is not that of {name}")
        promise(len(there) == len(writer.told), f"{len(writer.told)} facts were acknowledged, {len(there)} are there")
        problems = store.verify().problems
        promise(not problems, f"it does not verify: {'; '.join(map(str, problems))}")


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--kills", type=int, default=20)
    read.add_argument("--between", type=float, default=BETWEEN, help="seconds of work between two kills")
    given = read.parse_args()

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, end)  # so that nothing is left running
    where = binaries()
    if where is None or wanting():
        sys.exit(f"this needs {wanting() or 'PostgreSQL'}: apt-get install postgresql patroni etcd-server")
    with cluster(where) as made:
        try:
            took = run(made, given.kills, given.between)
        except Lost as lost:
            sys.exit(f"LOST: {lost}")
    print("\n| killed | times | seconds to the next commit: median | least | most |\n|---|---|---|---|---|")
    for kind, seconds in took.items():
        if seconds:
            found = (statistics.median(seconds), min(seconds), max(seconds))
            print(f"| the leader's {kind} | {len(seconds)} | " + " | ".join(f"{one:.1f}" for one in found) + " |")
    print(f"\n{given.kills} kills: acknowledged commits lost: 0")


if __name__ == "__main__":
    main()
