"""`make torture`: kills, faults and crowds, one after the other, and a crowd on a server if PostgreSQL is installed.

It prints the figures of docs/promises/reliability.md.

Usage: python -m torture.run [--rounds 200] [--seed 1] [--seconds 60]. Exit code 1 if anything was lost; the message then
says how to repeat that round.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.support.postgresql import binaries
from torture.blows import start

#: A round takes well under a second, but a machine may be busy.
_LONGEST = 30.0


def main() -> None:
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--rounds", type=int, default=200, help="of kills, and of faults")
    read.add_argument("--seed", type=int, default=1)
    read.add_argument("--seconds", type=float, default=60, help="for which the crowd is let loose")
    given = read.parse_args()
    rounds = ("--rounds", str(given.rounds), "--seed", str(given.seed))
    lost = False
    seconds = ("--seconds", str(given.seconds))
    crowds = ("crowd", "server_crowd") if binaries() else ("crowd",)
    for module, words, longest in (
        ("kills", rounds, 60 + _LONGEST * given.rounds),
        ("faults", rounds, 60 + _LONGEST * given.rounds),
        *((crowd, seconds, 600 + 10 * given.seconds) for crowd in crowds),
    ):
        with tempfile.TemporaryDirectory(prefix="torture-") as folder:
            done = start(module, *words, folder=Path(folder), timeout=longest)
        print(f"## {module}\n\n{done.stdout}{done.stderr}", flush=True)
        lost = lost or done.returncode != 0
    sys.exit(lost)


if __name__ == "__main__":
    main()
