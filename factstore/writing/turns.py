"""Refuses a write by a thread that is inside another write to the same ledger.

A thread that began a commit to a ledger inside another to the same ledger would wait for itself, until the lock's timeout.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from os import getpid
from os.path import realpath
from threading import get_ident

from factstore.database.engine import Engine
from factstore.errors import Refused

#: By the ledger's place and the ids of process and thread: in a forked process, its parent's entries match nothing.
_writing: set[tuple[str, int, int]] = set()


@contextmanager
def turn(file: Engine) -> Iterator[None]:
    """Around a write. Raises Refused if this thread is inside another write to the same ledger."""
    mine = (realpath(file.location), getpid(), get_ident())
    if mine in _writing:
        raise Refused(
            f"{file.name}: this thread is inside a commit to it; call the methods of that commit, or end its block first"
        )
    _writing.add(mine)
    try:
        yield
    finally:
        _writing.discard(mine)
