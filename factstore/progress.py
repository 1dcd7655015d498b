"""Progress callbacks for long work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

#: Called with the number of items done and the total (None if it is not known).
Progress = Callable[[int, int | None], None]

_Item = TypeVar("_Item")
#: The callback is called once per this many items.
_EVERY = 64


def counted(items: Iterable[_Item], progress: Progress | None, total: int | None = None) -> Iterator[_Item]:
    """Yield the items unchanged, and report progress. An item counts as done when the next one is requested."""
    if progress is None:
        yield from items
        return
    done = 0
    for item in items:
        if not done % _EVERY:
            progress(done, total)
        yield item
        done += 1
    progress(done, total)
