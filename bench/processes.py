"""From the shell: whole processes, from start to exit, compared with `sqlite-utils query` in its own environment."""

from __future__ import annotations

import resource
import statistics
import subprocess
from collections.abc import Iterator

import factstore
from bench import environments
from bench.measuring import Aim, Row, Scale

ROUNDS = 15
X = "russia-expels-60-us-diplomats"
COMMANDS = (f"before {X}", f"before {X} --why", "timeline", "show trump-putin-call", "facts expel", "--help")


def rows(scale: Scale) -> Iterator[Row]:
    seed = scale.folder / "seed.db"
    if not seed.exists():
        factstore.open(seed).load(environments.ROOT / "seeds/moscow-times-2018-04-02.yaml")
    ours = environments.factstore() / "factstore"
    theirs = [str(environments.sqlite_utils() / "sqlite-utils"), "query", str(seed), "select * from timeline"]
    plain, completing = environments.surroundings(FACTSTORE_DB=str(seed)), "before ru"
    completion = plain | {
        "_FACTSTORE_COMPLETE": "bash_complete",
        "COMP_WORDS": f"factstore {completing}",
        "COMP_CWORD": "2",
    }
    works = [(f"`factstore {command}`", [str(ours), *command.split()], plain) for command in COMMANDS]
    works += [(f"completing `factstore {completing}`", [str(ours)], completion), ("", theirs, plain)]
    spent: list[list[float]] = [[] for _ in works]
    for turn in range(ROUNDS + 1):
        for (_, command, environment), figures in zip(works, spent, strict=True):
            took = processor(command, environment)
            if turn:
                figures.append(took)
    *mine, peer = [statistics.median(figures) for figures in spent]
    for (name, _, _), took in zip(works, mine, strict=False):
        yield Row(f"{name}, beside `sqlite-utils query`", took, "ms", peer, Aim(most=1.0))


def processor(command: list[str], environment: dict[str, str]) -> float:
    """Milliseconds of processor time of a process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, capture_output=True, cwd=environments.FOLDER)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000
