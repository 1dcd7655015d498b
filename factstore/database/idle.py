"""Connections between two uses, and what becomes of connections when a process forks.

A forked child inherits its parent's connections, whose files, locks and sessions remain the parent's: if the child used or
closed one, the parent would lose what it is reading or writing. So connections that nobody is using are closed before a
fork. Those in use keep their parent's `process`, so that the child neither commits, rolls back nor closes them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Generic, Protocol, TypeVar
from weakref import WeakSet

from factstore.errors import Refused

#: The most connections that are kept.
_KEPT = 5


class Owned(Protocol):
    """A connection that knows which process opened it."""

    process: int


Made = TypeVar("Made", bound=Owned)


class Idle(Generic[Made]):
    """Connections that are kept for the next use."""

    def __init__(self, close: Callable[[Made], None]) -> None:
        """`close` closes a connection that is not kept."""
        self._close = close
        self._lock = Lock()
        self._idle: list[Made] = []
        #: How often all have been closed so far.
        self.closings = 0
        _all.add(self)  # type: ignore[arg-type]

    def take(self) -> tuple[Made | None, int]:
        """A connection, None if there is none; and `closings`, which `keep` needs."""
        with self._lock:
            return self._idle.pop() if self._idle else None, self.closings

    def keep(self, connection: Made, closings: int) -> None:
        """Keep a connection for the next use, or close it if all were closed since it was taken, or there are enough."""
        with self._lock:
            kept = closings == self.closings and len(self._idle) < _KEPT
            if kept:
                self._idle.append(connection)
        if not kept:
            self._close(connection)

    def close(self) -> None:
        """Close the connections that are kept, and those in use once they are returned."""
        with self._lock:
            idle, self._idle = self._idle, []
            self.closings += 1
        for connection in idle:
            self._close(connection)

    def forget(self) -> None:
        """In a forked child: nothing is kept, nothing in use is taken back, and no thread holds the lock."""
        self._lock = Lock()
        self._idle = []
        self.closings += 1


def is_inherited(connection: Owned) -> bool:
    """Whether a connection belongs to a process from which this one was forked."""
    return connection.process != os.getpid()


def check_own(connection: Owned) -> None:
    """Raises Refused if a connection belongs to another process."""
    if is_inherited(connection):
        raise Refused(
            "a commit can only be used by the process that began it; this one was forked from it, and wrote nothing"
        )


_all: WeakSet[Idle[Owned]] = WeakSet()


def _before_fork() -> None:
    for idle in list(_all):
        with suppress(Exception):
            idle.close()


def _in_child() -> None:
    for idle in list(_all):
        idle.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_child=_in_child)
