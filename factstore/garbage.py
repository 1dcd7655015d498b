"""Python's search for cycles among objects, put off while work makes very many that it would look through for nothing."""

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
    """In the block no cycles are searched for, by any thread; what nothing refers to goes at once all the same.

    For work whose objects stay until it ends, or form no cycles: a search takes longer the more of them there are.
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
