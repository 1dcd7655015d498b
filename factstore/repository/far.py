"""Dates beyond the range of ticks, more than some 73,000 years away: what their years decide, and bounds cannot. Reads only.

The bounds of such dates are weaker than the dates, so that gaps never make anything falsely certain. But two dates in force
order their facts by themselves: what was over by the year 1,000,000 before our era came before what began later. If an
ordering says otherwise, that is not recognized as a contradiction.
"""

from __future__ import annotations

from collections.abc import Collection

from factstore.dates.ticks import LIMIT
from factstore.reasoning.constraints import read_date
from factstore.reasoning.edges import NO_BOUND, TIME, Bounds, Edge, end_of, start_of
from factstore.repository.placed import IN_FORCE
from factstore.repository.repository import Repository

_DATED = f"""SELECT p.fact, f.edtf, f.zone FROM PLACEMENT p JOIN fact f ON f.position = p.fact AND F_THEN
             WHERE {{beyond}} AND f.edtf IS NOT NULL AND {IN_FORCE}"""
_PAST = _DATED.format(beyond=f"p.end_max <= {-LIMIT}")
_FUTURE = _DATED.format(beyond=f"p.start_min >= {LIMIT}")


def is_far(bounds: Bounds) -> bool:
    """Whether something lies entirely beyond the range of ticks, about 73,000 years from now."""
    return bounds.end_max <= -LIMIT or bounds.start_min >= LIMIT


def has_stand_in(bounds: Bounds) -> bool:
    """Whether any bound is a stand-in for a year that ticks cannot express."""
    return any(LIMIT < abs(bound) < NO_BOUND for bound in bounds)


def around(repository: Repository, fact: int, bounds: Bounds) -> tuple[set[int], set[int]]:
    """The facts that were over when a fact began, and those that began after it, by the years of their own dates."""
    if not is_far(bounds):
        return set(), set()
    extents = {
        position: read_date(edtf).extent(repository.zone_of(zone))
        for position, edtf, zone in repository.fetch(_PAST if bounds.end_max <= -LIMIT else _FUTURE)
    }
    if fact not in extents:
        return set(), set()
    first, past = extents.pop(fact)
    before = {other for other, (_, end) in extents.items() if end is not None and first is not None and end <= first}
    after = {other for other, (start, _) in extents.items() if start is not None and past is not None and past <= start}
    return before, after


def edges_between(a: int, b: int, around_a: tuple[Collection[int], Collection[int]]) -> list[Edge]:
    """The edges that follow for two facts, given the facts `around` the first by years."""
    before, after = around_a
    if b in before:
        return [Edge(start_of(a), end_of(b), 0, TIME)]
    return [Edge(start_of(b), end_of(a), 0, TIME)] if b in after else []
