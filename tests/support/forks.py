"""Commands that run in forks of a process that has imported them already, since importing takes most of their time.

Each has an environment, a folder and standard streams of its own, as if a shell had started it.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryFile
from typing import Any

#: A command: it reads `sys.argv`, and may end with SystemExit. A fork finds it by its name.
Main = Callable[[], object]

LOADED = ("alembic.config", "factstore.cli", "factstore.maintenance.upgrade", "factstore.store")

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([__name__, *LOADED])


class _Stream:
    """An open file that goes to a forked process."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (DupFd(self.number),)


def _received(sent: Any) -> _Stream:
    return _Stream(sent.detach())


@contextmanager
def started(
    main: Main, *words: str, streams: Sequence[int], env: Mapping[str, str], cwd: Path | None = None
) -> Iterator[BaseProcess]:
    """A command with open files as its standard streams. It may run for a minute after the block."""
    given = main, words, [_Stream(number) for number in streams], dict(env), cwd or Path.cwd()
    process = _FORKING.Process(target=_run, args=given)
    process.start()
    try:
        yield process
        process.join(60)
    finally:
        process.kill()
        process.join()


def run(
    main: Main, *words: str, env: Mapping[str, str], cwd: Path | None = None, stdin: bytes = b""
) -> CompletedProcess[bytes]:
    """What a command prints and its exit code, once it has ended."""
    with TemporaryFile() as source, TemporaryFile() as out, TemporaryFile() as err:
        source.write(stdin)
        source.seek(0)
        streams = [file.fileno() for file in (source, out, err)]
        with started(main, *words, streams=streams, env=env, cwd=cwd) as process:
            pass
        out.seek(0)
        err.seek(0)
        return CompletedProcess(words, process.exitcode or 0, out.read(), err.read())


def _run(main: Main, words: tuple[str, ...], streams: list[_Stream], env: dict[str, str], cwd: Path) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream.number, number)
        os.close(stream.number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(cwd)
    warnings.simplefilter("error")
    sys.argv = [main.__module__.partition(".")[0], *words]
    main()
