"""Kills: after each, all acknowledged commits are there with their hashes, nothing is half done, and the ledger verifies.

A round is identified by its seed and number, which repeat it: `python -m torture.kills --seed 1 --round 17`.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import sys
import time
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from factstore.database import names
from factstore.database.sqlite import connections
from factstore.errors import FactstoreError
from factstore.ledger.chain import Head
from factstore.ledger.verify import Problem
from factstore.store import Store
from torture.blows import Act, Blow, Survived, can_strike_calls, scratch, strike
from torture.works import BACKUP, LINES, SECRET, WORKS, Work, base_of

#: How a round ends: at a moment; at a call; in the middle of a write; with unsynced writes lost at random.
KINDS = {"moment": Act.COUNT, "call": Act.KILL, "torn write": Act.TEAR, "power cut": Act.CUT}


class Lost(AssertionError):
    """A promise was not kept."""


def promise(holds: object, words: str) -> None:
    if not holds:
        raise Lost(words)


class Kills:
    """Rounds of kills in a folder of their own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.seed = seed
        self.by_call = can_strike_calls()
        self.tally: dict[str, Counter[str]] = defaultdict(Counter)
        self._wholes: dict[str, Survived] = {}

    def _fresh(self, name: str) -> Path:
        """A fresh ledger for a work, in an otherwise empty folder."""
        work, folder = WORKS[name], self.folder / "round"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        path = folder / "facts.db"
        if work.base:
            shutil.copyfile(base_of(work.base, self.folder), path)
        return path

    def whole(self, name: str) -> Survived:
        """How long a work takes, and how many calls it makes, if it is left alone."""
        if name not in self._wholes:
            path = self._fresh(name)
            found = strike(lambda tell: WORKS[name].do(path, tell), Blow(), path.parent)
            promise(found.code == 0, f"{name} fails without a blow: {found.told}")
            self._wholes[name] = found
        return self._wholes[name]

    def meant(self, number: int) -> tuple[str, str]:
        """The work and the kind of a round: all in turn, so that none is left out by chance."""
        kinds = list(KINDS) if self.by_call else ["moment"]
        turn, which = divmod(number, len(WORKS))
        return list(WORKS)[which], kinds[(turn + which) % len(kinds)]

    def round(self, number: int) -> None:
        """Run one work with one blow, and check what is left. Raises Lost."""
        chance = random.Random(f"{self.seed} {number}")
        name, kind = self.meant(number)
        whole = self.whole(name)
        if kind == "moment":
            blow = Blow(after=chance.uniform(0, 1.05) * whole.seconds)
        else:
            blow = Blow(act=KINDS[kind], call=chance.randint(1, whole.calls()), seed=chance.getrandbits(60))
        path = self._fresh(name)
        found = strike(lambda tell: WORKS[name].do(path, tell), blow, path.parent)
        try:
            promise(found.code in (0, -9), f"it ended by itself with code {found.code}: {found.told[-1:]}")
            kept = self._check(path, WORKS[name], found)
        except (Lost, FactstoreError, sqlite3.Error) as error:
            place = f"after {blow.after:.4f} s" if blow.after is not None else f"at call {blow.call} of {whole.calls()}"
            raise Lost(f"seed {self.seed}, round {number}: {name}, {kind} {place}: {error}") from error
        told = self.tally[name]
        told["rounds"] += 1
        told[kind] += 1
        told["killed"] += found.code == -9
        told["told"] += len(found.told)
        told["untold"] += kept

    def _check(self, path: Path, work: Work, found: Survived) -> int:
        """Check that what is there after a blow is what was acknowledged, or one commit more. Returns how many more."""
        killed = found.code != 0
        self._check_folder(path, killed)
        heads = [Head(int(position), hash_) for position, _, hash_ in (line.partition(":") for line in found.told)]
        if not path.exists():
            promise(killed and not heads and not work.base, "the ledger is gone")
            return 0
        if work is WORKS["backup"]:
            _check_backup(path.with_name(BACKUP), heads)
        with Store(path) as store:
            if work is WORKS["upgrade"]:
                promise(store.upgrade()[0] == names.REVISION or not heads, "an upgrade was told and did not stay")
            kept = _commits(path) - (_commits(base_of(work.base, self.folder)) if work.base else 1)
            untold = kept - (len(heads) if work.commits else 0)
            promise(0 <= untold <= (1 if killed and work.commits else 0), f"{len(heads)} commits told, {kept} there")
            for head in heads:
                promise(_hash_at(path, head.position) == head.hash, f"record {head.position} is not as it was told")
            problems = store.verify().problems
            if work is WORKS["redact"]:
                problems = _check_redaction(store, problems, killed=killed, done=bool(kept))
            promise(not problems, f"it does not verify: {'; '.join(map(str, problems))}")
            if work.goes_on:
                work.do(path, lambda line: None)
                there = len(store.facts("gazette"))
                promise(there == work.goes_on, f"{there} facts are there when it has gone on, of {work.goes_on}")
            store.add("Life goes on", source="after", new_source={"title": "The day after"})
            promise(store.verify(ledger_only=True).ok, "what is added afterwards does not verify")
        return untold

    def _check_folder(self, path: Path, killed: bool) -> None:
        """Check that only SQLite's own files are beside the ledger and, after a kill, a draft with a hidden name."""
        allowed = {path.name + end for end in ("", "-wal", "-shm", "-journal")} | {BACKUP, LINES}
        others = {file.name for file in path.parent.iterdir()} - allowed
        drafts = {name for name in others if name.startswith((f".{path.name}.new-", f".{BACKUP}.new-"))}
        promise(others <= (drafts if killed else set()), f"files are left: {sorted(others)}")


def _check_backup(path: Path, heads: list[Head]) -> None:
    promise(path.exists() or not heads, "a backup was told and is not there")
    if path.exists():
        with Store(path) as kept:
            found = kept.verify(head=heads[0] if heads else None)
        promise(found.ok, f"the backup does not verify: {'; '.join(map(str, found.problems))}")


def _check_redaction(store: Store, problems: list[Problem], *, killed: bool, done: bool) -> list[Problem]:
    """Check that a redaction killed halfway says so and is completed by another, and that a completed one left no byte."""
    if killed and any("free pages" in problem.text for problem in problems):
        store.redact()
        problems = store.verify().problems
    if done:
        store.close()
        for end in ("", "-wal"):
            file = store.path.with_name(store.path.name + end)
            promise(not file.exists() or SECRET.encode() not in file.read_bytes(), f"redacted bytes are left in {file}")
    return problems


def _commits(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM record WHERE kind = 'commit'").fetchone()[0])


def _hash_at(path: Path, position: int) -> str | None:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT hash FROM record WHERE position = ?", (position,)).fetchone()
    return str(found[0]) if found else None


def _leave_out_syncs() -> None:
    opened = connections.opened

    def careless(path: Path, query: str, kind: Any) -> Any:
        connection = opened(path, query, kind)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    connections.opened = careless


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--rounds", type=int, default=200)
    read.add_argument("--round", type=int, help="this one alone")
    read.add_argument("--seed", type=int, default=1)
    read.add_argument("--careless", action="store_true", help="power cuts without syncs, which is found out")
    given = read.parse_args()
    if given.careless:
        _leave_out_syncs()
    start = time.perf_counter()
    with scratch() as folder:
        kills = Kills(folder, given.seed)
        try:
            for number in range(given.rounds) if given.round is None else [given.round]:
                if not given.careless or kills.meant(number) == ("single commits", "power cut"):
                    kills.round(number)
        except Lost as lost:
            sys.exit(f"LOST: {lost}")
    columns = ("rounds", *KINDS, "killed", "told", "untold")
    print("| work | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for name, told in kills.tally.items():
        print(f"| {name} | " + " | ".join(str(told[column]) for column in columns) + " |")
    how = "" if kills.by_call else " (moments only: there is no C compiler to make the library that strikes calls)"
    print(f"\nseed {given.seed}, {time.perf_counter() - start:.0f} s: nothing was lost{how}")


if __name__ == "__main__":
    main()
