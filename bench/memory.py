"""The most memory that a load, and a question, take, each in a process of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench import data, environments
from bench.by_hand import remove
from bench.measuring import Aim, Row, Scale

#: Of Linux's two counts, the one that starts anew with a program.
_USED = """
import resource, sys
from pathlib import Path
def used():
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
"""
_LOAD = "import factstore; factstore.open(sys.argv[1]).load(sys.argv[2])"
_ASK = """
from factstore.chronology import Reader
reader = Reader(sys.argv[1])
reader.timeline.before("1987-06-15", limit=50)
reader.timeline.all(limit=50, text="bergen")
reader.timeline.all(limit=50, since="1980", until="1981")
"""


def rows(scale: Scale) -> Iterator[Row]:
    document, path = scale.folder / f"load-{scale.large}.jsonl", scale.folder / "memory.db"
    with document.open("w") as file:
        file.writelines(data.text([line]) for line in data.chronology(scale.large))
    remove(path)
    load = _most(_LOAD, path, document)
    yield Row(f"memory of a load of {scale.large:,} facts as one commit", load, "MiB", aim=Aim(most=200.0))
    yield Row("memory of three questions on them, 50 answers each", _most(_ASK, path), "MiB", aim=Aim(most=40.0))


def _most(work: str, *given: Path) -> float:
    command = [str(environments.factstore() / "python"), "-c", f"{_USED}\n{work}\nprint(used())", *map(str, given)]
    done = subprocess.run(
        command, check=True, capture_output=True, env=environments.surroundings(), cwd=environments.ROOT
    )
    return float(done.stdout)
