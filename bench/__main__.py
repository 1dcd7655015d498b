"""`make bench`: one table of all figures, each beside its aim, from one run."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import (
    changes,
    commits,
    contradictions,
    corrected,
    dates,
    evidence,
    formats,
    growth,
    loads,
    memory,
    pages,
    pictures,
    postgresql,
    processes,
    sizes,
    words,
    writers,
)
from bench.measuring import HEAD, Row, Scale, line, machine

SECTIONS: dict[str, Callable[[Scale], Iterator[Row]]] = {
    "processes": processes.rows,
    "loads": loads.rows,
    "formats": formats.rows,
    "commits": commits.rows,
    "writers": writers.rows,
    "pages": pages.rows,
    "corrected": corrected.rows,
    "evidence": evidence.rows,
    "changes": changes.rows,
    "contradictions": contradictions.rows,
    "words": words.rows,
    "pictures": pictures.rows,
    "dates": dates.rows,
    "sizes": sizes.rows,
    "growth": growth.rows,
    "memory": memory.rows,
    "postgresql": postgresql.rows,
}

HERE = Path()
WHOLE = Scale(HERE, loaded=100_000, corrected=100_000, small=10_000, large=1_000_000, commits=300, seconds=60)
SHORT = Scale(HERE, loaded=5_000, corrected=5_000, small=1_000, large=20_000, commits=100, seconds=10)
#: The counts that options can change.
COUNTS = {
    "loaded": "facts of a load",
    "corrected": "facts of a ledger that is corrected five times over",
    "large": "facts of the largest ledger",
}


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    options.add_argument("sections", nargs="*", metavar="SECTION", help=f"which; left out, all: {', '.join(SECTIONS)}")
    options.add_argument("--short", action="store_true", help="a tenth of the facts, or fewer")
    for name, counted in COUNTS.items():
        options.add_argument(f"--{name}", type=int, metavar="N", help=counted)
    options.add_argument("--folder", type=Path, help="where ledgers are made, and used again; left out, none is kept")
    given = options.parse_args()
    unknown = [name for name in given.sections if name not in SECTIONS]
    if unknown:
        options.error(f"no section {unknown[0]}; there are {', '.join(SECTIONS)}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        told = {name: getattr(given, name) for name in COUNTS if getattr(given, name)}
        scale = (SHORT if given.short else WHOLE)._replace(folder=folder.absolute(), **told)
        _run(given.sections or [*SECTIONS], scale)


def _run(sections: list[str], scale: Scale) -> None:
    print(f"{machine()}\n\n{HEAD}", flush=True)
    start = time.perf_counter()
    missed = measured = 0
    for section in sections:
        for row in SECTIONS[section](scale):
            print(line(section, row), flush=True)
            measured += 1
            missed += not row.aim.met(row.figure)
    minutes = (time.perf_counter() - start) / 60
    print(f"\n{measured} figures in {minutes:.0f} minutes; {missed} of them miss their aim.")


if __name__ == "__main__":
    main()
