"""Pairs from two lists, such as a document's evidence and existing citations: as many as possible, each thing once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator


class Pairs:
    """Pairs of numbers, one from each list."""

    def __init__(self) -> None:
        self.taken: dict[int, int] = {}
        self._owner: dict[int, int] = {}

    def pair(self, one: int, other: int) -> None:
        """Make these two a pair."""
        self.taken[one] = other
        self._owner[other] = one

    def free(self, others: Iterable[int]) -> Iterator[int]:
        """Those of the other list that are in no pair."""
        return (other for other in others if other not in self._owner)

    def place(self, one: int, alike: Callable[[int], Iterable[int]]) -> None:
        """Find a partner among those `alike`; existing pairs may be changed if all still find one (Berge 1957)."""
        reached: dict[int, int] = {}
        waiting = deque([one] if one not in self.taken else [])
        while waiting:
            asking = waiting.popleft()
            for other in alike(asking):
                if other in reached:
                    continue
                reached[other] = asking
                if other not in self._owner:
                    self._shift(one, other, reached)
                    return
                waiting.append(self._owner[other])

    def _shift(self, one: int, other: int, reached: dict[int, int]) -> None:
        """On the path back, give each the partner that it reached, and its former partner to the one before it."""
        while True:
            asking = reached[other]
            had = self.taken.get(asking)
            self.pair(asking, other)
            if asking == one or had is None:
                return
            other = had
