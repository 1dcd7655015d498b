"""Pairs of two lists, such as a document's evidence and the citations that are there: as many as can be, each thing once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator


class Pairs:
    """Pairs of numbers, of the one list and of the other."""

    def __init__(self) -> None:
        self.taken: dict[int, int] = {}
        self._owner: dict[int, int] = {}

    def take(self, one: int, other: int) -> None:
        """Make these two a pair."""
        self.taken[one] = other
        self._owner[other] = one

    def free(self, others: Iterable[int]) -> Iterator[int]:
        """Those of the other list that are in no pair."""
        return (other for other in others if other not in self._owner)

    def place(self, one: int, alike: Callable[[int], Iterable[int]]) -> None:
        """Find one a partner among those `alike`, where pairs may be parted so long as each finds another (Berge 1957)."""
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
        """Give each on the way back what it reached, and what it had to the one that reached that."""
        while True:
            asking = reached[other]
            had = self.taken.get(asking)
            self.take(asking, other)
            if asking == one or had is None:
                return
            other = had
