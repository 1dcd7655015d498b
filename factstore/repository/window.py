"""What a listing asks of the time of its facts: that they may lie from one date on, or up to another."""

from __future__ import annotations

from factstore.dates.ticks import FARTHEST
from factstore.errors import InputError
from factstore.reasoning.constraints import read_date

#: Of a placement `p`, whose bounds are never NULL: what has no limit lies beyond any.
_CLAUSES = {"window_from": "p.end_max > :window_from", "window_to": "p.start_min < :window_to"}


def window(since: str | None, until: str | None, zone: int) -> tuple[list[str], dict[str, int]]:
    """Conditions on a placement `p` and the ticks that they bind, from the beginning of one EDTF date to the end of another.

    What may lie there stays, undated facts too. Raises InputError where the one ends before the other begins.
    """
    first = read_date(since).extent(zone)[0] if since else None
    past = read_date(until).extent(zone)[1] if until else None
    if first is not None and past is not None and first >= past:
        raise InputError(f"{until} is over when {since} begins: nothing lies from the one to the other")
    ticks = {"window_from": first, "window_to": past}
    given = {name: max(-FARTHEST, min(tick, FARTHEST)) for name, tick in ticks.items() if tick is not None}
    return [_CLAUSES[name] for name in given], given
