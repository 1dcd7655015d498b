"""Commands that run in forks of a process that has imported them already, since importing takes most of their time.

Each has an environment, a folder and standard streams of its own, as if a shell had started it.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import DupFd
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryFile
from typing import Any

#: Modules whose `main` is the command.
FACTSTORE, ALEMBIC = "factstore.cli", "alembic.config"

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([__name__, FACTSTORE, ALEMBIC, "factstore.store", "factstore.maintenance.upgrade"])


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
    module: str, *words: str, streams: Sequence[int], env: Mapping[str, str], cwd: Path | None = None
) -> Iterator[BaseProcess]:
    """A command with open files as its standard streams. It may run for a minute after the block."""
    given = module, words, [_Stream(number) for number in streams], dict(env), cwd or Path.cwd()
    process = _FORKING.Process(target=_run, args=given)
    process.start()
    try:
        yield process
        process.join(60)
    finally:
        process.kill()
        process.join()


def run(
    module: str, *words: str, env: Mapping[str, str], cwd: Path | None = None, stdin: bytes = b""
) -> CompletedProcess[bytes]:
    """What a command prints and its exit code, once it has ended."""
    with TemporaryFile() as source, TemporaryFile() as out, TemporaryFile() as err:
        source.write(stdin)
        source.seek(0)
        streams = [file.fileno() for file in (source, out, err)]
        with started(module, *words, streams=streams, env=env, cwd=cwd) as process:
            pass
        out.seek(0)
        err.seek(0)
        return CompletedProcess(words, process.exitcode or 0, out.read(), err.read())


def _run(module: str, words: tuple[str, ...], streams: list[_Stream], env: dict[str, str], cwd: Path) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream.number, number)
        os.close(stream.number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(cwd)
    warnings.simplefilter("error")
    sys.argv = [module.partition(".")[0], *words]
    import_module(module).main()
