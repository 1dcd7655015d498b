"""Peers that run in environments of their own, and are called over a pipe."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench import environments
from bench.by_hand import remove
from bench.measuring import Took


class Peer:
    """`eventsourcing`; see `bench.peer`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def save(self, sizes: Sequence[int]) -> Took:
        """Save several aggregates together, with texts of these sizes."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(" ".join(map(str, sizes)) + "\n")
        self._process.stdin.flush()
        return Took(*map(float, self._process.stdout.readline().split()))


@contextmanager
def eventsourcing(path: Path) -> Iterator[Peer]:
    """The peer with a new file."""
    remove(path)
    command = [environments.eventsourcing() / "python", environments.ROOT / "bench/peer.py", path.absolute()]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environments.surroundings()
    ) as process:
        yield Peer(process)
