"""How far long work has come: told to whoever asked, in numbers. What is done with them is none of the library's business."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

#: Takes how many are done, and of how many (None: nobody knows).
Progress = Callable[[int, int | None], None]

_Item = TypeVar("_Item")
#: Told once for so many.
_EVERY = 64


def counted(items: Iterable[_Item], progress: Progress | None, total: int | None = None) -> Iterator[_Item]:
    """The same items; as each is asked for, those before it are done."""
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
