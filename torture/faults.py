"""Faults: at one call after another that changes a file, the disk is full or fails, once or from then on.

In any case the command must end in time: done, or with exit code 1 and a sentence. The ledger must be as before or as
intended, as a whole; after a fault that passes, it must be what the command said: done, or as before.
"""

from __future__ import annotations

import argparse
import errno
import os
import random
import shutil
import sqlite3
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from factstore import cli
from factstore.database import names
from factstore.errors import FactstoreError
from factstore.ledger.chain import Head
from factstore.store import Store
from torture.blows import EVERY, MAKES, SIZES, SYNCS, WRITES, Act, Blow, Survived, can_strike_calls, scratch, strike
from torture.kills import Lost, promise
from torture.works import BACKUP, SEED, base_of, make_base, thaw

COMMANDS: dict[str, tuple[str, Callable[[Path], None] | None]] = {
    "init": ("init", None),
    "first load": (f"load {SEED}", None),
    "load": ("load more.yaml", make_base),
    "add": ("add Something --when 2018 --source herald --quote happened", make_base),
    "correct": ("correct secret --set when=2018 -m misread", make_base),
    "withdraw": ("withdraw herald-3 -m gone", make_base),
    "revert": ("revert {last}", make_base),
    "redact": ("redact {last_but_one} -m asked", make_base),
    "rebuild": ("rebuild", make_base),
    "upgrade": ("upgrade", thaw),
    "backup": (f"backup {BACKUP}", make_base),
    "verify": ("verify", make_base),
    "before": ("before 2019 --published-by 2019-06", make_base),
}
MORE = """sources: [{id: more, title: More}]
facts:
  - {id: more-1, title: More happened, when: 2018-05, evidence: [{source: more}, {source: herald, quote: more}]}
  - {id: more-2, title: And more, evidence: [{source: more}]}
orderings: [{fact: more-1, relation: before, other: more-2, evidence: [{source: more}]}]
"""


class Fault(NamedTuple):
    """What goes wrong: the errno, at which sorts of calls, and whether it goes on failing."""

    error: int
    sorts: int
    stays: bool


FAULTS = {
    "disk full once": Fault(errno.ENOSPC, WRITES | SIZES | MAKES, False),
    "disk stays full": Fault(errno.ENOSPC, WRITES | SIZES | MAKES, True),
    "I/O error once": Fault(errno.EIO, EVERY, False),
    "I/O errors from then on": Fault(errno.EIO, EVERY, True),
    "failed sync once": Fault(errno.EIO, SYNCS, False),
    "failed syncs from then on": Fault(errno.EIO, SYNCS, True),
}


class State(NamedTuple):
    """What can be seen of a ledger from outside: its head, its schema, and whether there is a backup beside it."""

    head: Head | None
    revision: str | None
    backup: bool


class Faults:
    """Commands with faults, in a folder of their own."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.seed = seed
        self.tally: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._wholes: dict[str, Survived] = {}

    def _fresh(self, name: str) -> Path:
        """The folder in which a command is to run, in its state before that."""
        base, folder = COMMANDS[name][1], self.folder / "fault"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "more.yaml").write_text(MORE)
        if base:
            shutil.copyfile(base_of(base, self.folder), folder / "facts.db")
        return folder

    def _run(self, name: str, blow: Blow) -> tuple[Path, State, Survived, str]:
        """Run a command under a blow, like a shell. Returns where, the state before, what survived, and what it said."""
        folder = self._fresh(name)
        before = _state(folder)
        last = before.head.position if before.head else 0
        words = COMMANDS[name][0].format(last=last, last_but_one=last - 1).split()

        def call(tell: Callable[[str], None]) -> None:
            os.chdir(folder)
            os.environ["TMPDIR"] = os.environ["SQLITE_TMPDIR"] = str(folder)
            for number, file in ((1, "said"), (2, "refused")):
                os.dup2(os.open(self.folder / file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
            sys.argv = ["factstore", *words]
            try:
                cli.main()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()

        found = strike(call, blow, folder)
        return folder, before, found, (self.folder / "refused").read_text()

    def calls(self, name: str, sorts: int) -> int:
        """How many calls of these sorts a command makes if none fails."""
        if name not in self._wholes:
            _, _, found, said = self._run(name, Blow())
            promise(found.code == 0, f"{name} fails without a fault: {said}{found.told}")
            self._wholes[name] = found
        return self._wholes[name].calls(sorts)

    def round(self, number: int) -> None:
        """Try each command with each fault, at a call drawn at random. Raises Lost."""
        turn, place = divmod(number, len(COMMANDS))
        name, kind = list(COMMANDS)[place], list(FAULTS)[(turn + place) % len(FAULTS)]
        calls = self.calls(name, FAULTS[kind].sorts)
        if calls:
            self.at(name, kind, random.Random(f"{self.seed} {number}").randint(1, calls))

    def every(self) -> None:
        """Try all commands with all faults at all calls. Raises Lost."""
        for name in COMMANDS:
            for kind, fault in FAULTS.items():
                for call in range(1, self.calls(name, fault.sorts) + 1):
                    self.at(name, kind, call)

    def at(self, name: str, kind: str, call: int) -> None:
        """Run one command with one fault, and check what is left. Raises Lost."""
        fault = FAULTS[kind]
        act = Act.FAIL_FROM_THEN_ON if fault.stays else Act.FAIL
        folder, before, found, said = self._run(name, Blow(act, call, fault.error, fault.sorts))
        told = self.tally[name, kind]
        told["faults"] += 1
        told["done" if found.code == 0 else "refused"] += 1
        try:
            promise(found.code in (0, 1) and not found.told, f"it ended with {found.code}: {found.told}{said}")
            if found.code == 1:
                # A redaction that is committed, but whose bytes are left, is reported before that.
                done = name == "redact" and said.startswith("commit ")
                words = said.splitlines()[done:]
                sentence = len(words) == 1 and words[0].startswith("factstore: ")
                promise(sentence, f"it does not say in a sentence what is wrong: {said!r}")
                after = _state(folder)
                done = done or "is there and whole" in words[0]
                if not fault.stays and not done:
                    promise(after == before, f"it said {words[0]!r}, and left {after} where there was {before}")
            promise(_verifies(folder, redacting=name == "redact"), f"it does not verify; it said: {said}")
        except (Lost, FactstoreError, sqlite3.Error) as error:
            raise Lost(f"{name}: {kind} at call {call}: {error}") from error


def _state(folder: Path) -> State:
    path = folder / "facts.db"
    if not path.exists():
        return State(None, None, False)
    with closing(sqlite3.connect(path)) as connection:
        position, hash_ = connection.execute("SELECT position, hash FROM record ORDER BY position DESC").fetchone()
        (revision,) = connection.execute("SELECT version_num FROM _alembic_version").fetchone()
    return State(Head(position, hash_), revision, (folder / BACKUP).exists())


def _verifies(folder: Path, *, redacting: bool = False) -> bool:
    for path in (folder / "facts.db", folder / BACKUP):
        if path.exists():
            with Store(path) as store:
                if _state(folder).revision != names.REVISION:
                    store.upgrade()
                found = store.verify()
                if redacting and not found.ok:
                    store.redact()  # what an earlier one left in the free pages
                    found = store.verify()
            if not found.ok:
                raise Lost("; ".join(map(str, found.problems)))
    return True


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--rounds", type=int, default=200)
    read.add_argument("--round", type=int, help="this one alone")
    read.add_argument("--every", action="store_true", help="every command, fault and call, which takes an hour")
    read.add_argument(
        "--at", nargs=3, metavar=("COMMAND", "FAULT", "CALL"), help="this one alone, CALL a number or `every`"
    )
    read.add_argument("--seed", type=int, default=1)
    given = read.parse_args()
    if not can_strike_calls():
        sys.exit("SKIPPED: there is no C compiler to make the library that strikes calls")
    start = time.perf_counter()
    with scratch() as folder:
        faults = Faults(folder, given.seed)
        try:
            if given.at:
                name, kind, call = given.at
                calls = range(1, faults.calls(name, FAULTS[kind].sorts) + 1) if call == "every" else [int(call)]
                for number in calls:
                    faults.at(name, kind, number)
            elif given.every:
                faults.every()
            else:
                for number in range(given.rounds) if given.round is None else [given.round]:
                    faults.round(number)
        except Lost as lost:
            sys.exit(f"LOST: {lost}")
    print("| command | " + " | ".join(FAULTS) + " |")
    print("|---" * (len(FAULTS) + 1) + "|")
    for name in [name for name in COMMANDS if any(faults.tally[name, kind] for kind in FAULTS)]:
        told = [faults.tally[name, kind] for kind in FAULTS]
        cells = [f"{one['refused']} / {one['done']}" for one in told]
        print(f"| `{name}` | " + " | ".join(cells) + " |")
    count = sum(told["faults"] for told in faults.tally.values())
    print(f"\nrefused / done, seed {given.seed}, {count} faults, {time.perf_counter() - start:.0f} s: nothing was lost")


if __name__ == "__main__":
    main()
