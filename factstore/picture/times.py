"""When a fact may have been, and must have been, going on, in milliseconds, for its bars.

Times are milliseconds since 1970-01-01T00:00:00Z, shifted into the ledger's time zone, so that days begin at its midnight.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from factstore.dates.edtf import Edtf
from factstore.repository.answers import Fact, Span
from factstore.units import Ticks


class Extent(NamedTuple):
    """A fact's possible time, as a flat part with a fade on either side, and the stretches of its certain time.

    `first`, `past`: the ends of the possible time, None if unbounded. `flat`, `ebb`: where the flat part begins and ends,
    both None if nothing is known. `begun`: whether a latest beginning is known. `sure`: each certain stretch, from and
    until, None if it has no end.
    """

    first: int | None
    past: int | None
    flat: int | None
    ebb: int | None
    begun: bool
    sure: tuple[tuple[int | None, int | None], ...]

    def ends(self) -> Iterator[int]:
        """The moments at which something begins or ends."""
        every = {self.flat, self.ebb, *(end for stretch in self.sure for end in stretch)}
        return (end for end in every if end is not None)

    def is_before(self, lo: float) -> bool:
        """Whether all of it lies before a time."""
        return self.past is not None and self.past <= lo

    def is_after(self, hi: float) -> bool:
        """Whether all of it lies after a time."""
        return self.first is not None and self.first >= hi


UNKNOWN = Extent(None, None, None, None, False, ())


def milliseconds(tick: Ticks, zone: int) -> int:
    """A tick as milliseconds in a zone (seconds east of UTC)."""
    return round(tick / 1000) + zone * 1000


def times(fact: Fact, span: Span, zone: int) -> Extent:
    """When a fact may have been and must have been going on."""
    first, past, begun, not_over = span[:4]
    lowest, highest = (_beyond_ticks(text) for text in fact.lies[:2])
    first = lowest[0] or first
    past, begun = (past, highest[1] or begun) if fact.lies.begun else (highest[1] or past, begun)
    flat = first if first is not None else min(_known(not_over, begun, past), default=None)
    ebb = past if past is not None else max(_known(begun, not_over, first), default=None)
    if flat is None or ebb is None:
        flat = ebb = None

    def moved(tick: Ticks | None) -> int | None:
        return None if tick is None else milliseconds(tick, zone)

    sure = tuple((moved(since), moved(until)) for since, until in span.certain)
    return Extent(moved(first), moved(past), moved(flat), moved(ebb), begun is not None, sure)


def _known(*ticks: Ticks | None) -> list[Ticks]:
    return [tick for tick in ticks if tick is not None]


def _beyond_ticks(limit: str | None) -> tuple[Ticks | None, Ticks | None]:
    """When a year that ticks cannot express begins and ends; None for any other limit."""
    if limit is None or limit[0] != "Y":
        return None, None
    first, past = Edtf(limit).extent()
    return first, past
