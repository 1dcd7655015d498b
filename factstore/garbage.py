"""Pauses Python's search for reference cycles during work that makes very many objects without cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
_blocks = 0
_was_on = False


@contextmanager
def uncollected() -> Iterator[None]:
    """In the block no thread searches for reference cycles; objects without references are still freed at once.

    For work whose objects stay until it ends, or form no cycles: the more there are, the longer a search takes.
    """
    global _blocks, _was_on
    with _lock:
        if not _blocks:
            _was_on = gc.isenabled()
            gc.disable()
        _blocks += 1
    try:
        yield
    finally:
        with _lock:
            _blocks -= 1
            if not _blocks and _was_on:
                gc.enable()
