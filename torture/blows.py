"""Blows: what happens to a child process, and when: at a moment, or at one of its calls that change files.

`strike.c`, preloaded before the C library, counts calls and strikes at one. Without a C compiler only moments are possible.
"""

from __future__ import annotations

import ctypes
import errno
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).with_name("strike.c")
_VARIABLE = "LD_PRELOAD"


class Act(IntEnum):
    """What is done at a call, by its number in `strike.c`."""

    COUNT = 0
    FAIL = 1
    FAIL_FROM_THEN_ON = 2
    KILL = 3
    TEAR = 4  # half of a write is made, then the process is killed
    CUT = 5  # the process is killed, and what no sync has confirmed is lost or kept at random


# Sorts of calls, as in `strike.c`.
WRITES, SYNCS, SIZES, MAKES, NAMES = 1, 2, 4, 8, 16
SORTS = (WRITES, SYNCS, SIZES, MAKES, NAMES)
EVERY = sum(SORTS)


@dataclass(frozen=True)
class Blow:
    """A blow at the `call`-th call of these sorts, or `after` some seconds; with neither, the process is left alone."""

    act: Act = Act.COUNT
    call: int = 0
    error: int = errno.EIO
    sorts: int = EVERY
    after: float | None = None
    seed: int = 0


class Survived(NamedTuple):
    """What a child left: the lines that it reported, its exit code (negative: the signal), seconds, calls by sort."""

    told: list[str]
    code: int
    seconds: float
    by_sort: list[int]

    def calls(self, sorts: int = EVERY) -> int:
        """How many calls of these sorts it made, if it ran to its end."""
        return sum(count for sort, count in zip(SORTS, self.by_sort, strict=False) if sort & sorts)


def compile_strike(folder: Path) -> Path | None:
    """The library to preload; None if it cannot be compiled here."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or sys.platform != "linux":
        return None
    made = folder / "strike.so"
    done = subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-ldl"], capture_output=True, check=False
    )
    return made if done.returncode == 0 else None


def start(module: str, *words: str, folder: Path, timeout: float) -> subprocess.CompletedProcess[str]:
    """Run a module of this package, with the library preloaded if there is one."""
    made = compile_strike(folder)
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("FACTSTORE")}
    surroundings |= {_VARIABLE: str(made)} if made else {}
    return subprocess.run(
        [sys.executable, "-m", f"torture.{module}", *words],
        cwd=SOURCE.parent.parent,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for rounds, in memory if possible, since the blows decide what a disk would have lost."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="torture-", dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


def _library() -> ctypes.CDLL | None:
    here = ctypes.CDLL(None)
    return here if hasattr(here, "strike_arm") else None


def can_strike_calls() -> bool:
    """Whether this process was started with the library, and SQLite's writes go through it."""
    if _library() is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        return strike(lambda tell: _write_something(Path(folder)), Blow(), Path(folder)).calls() > 3


def _write_something(folder: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(folder / "some.db")
    connection.execute("CREATE TABLE some (thing)")
    connection.close()


def strike(work: Callable[[Callable[[str], None]], object], blow: Blow, folder: Path) -> Survived:
    """Do some work in a child process that gets the blow. The work reports lines, each of which is flushed at once."""
    library = _library()
    ours, theirs = os.pipe()
    start = time.perf_counter()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(ours)
            if library:
                library.strike_arm(
                    os.fsencode(folder.resolve()),
                    ctypes.c_long(blow.call),
                    int(blow.act),
                    blow.error,
                    blow.sorts,
                    ctypes.c_ulong(blow.seed),
                )

            def tell(line: str) -> None:
                os.write(theirs, f"{line}\n".encode())

            try:
                work(tell)
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
            counts = [library.strike_calls(sort) for sort in SORTS] if library else []
            tell(" ".join(["calls", *map(str, counts)]))
        except BaseException as error:
            os.write(theirs, f"raised {type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(code)
    os.close(theirs)
    deadline = None if blow.after is None else start + blow.after
    said = bytearray()
    with open(ours, "rb", buffering=0) as pipe:
        while True:
            left = None if deadline is None else max(0.0, deadline - time.perf_counter())
            if not select.select([pipe], [], [], left)[0]:
                os.kill(child, signal.SIGKILL)
                deadline = None
                continue
            part = pipe.read(65536)
            if not part:
                break
            said += part
    _, status = os.waitpid(child, 0)
    lines = said.decode().splitlines()
    counts = [int(count) for line in lines if line.startswith("calls ") for count in line.split()[1:]]
    told = [line for line in lines if not line.startswith("calls")]
    return Survived(told, os.waitstatus_to_exitcode(status), time.perf_counter() - start, counts)
