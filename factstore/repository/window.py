"""The filter of a listing by time: facts that may lie from one date on, or up to another."""

from __future__ import annotations

from factstore.dates.ticks import FARTHEST
from factstore.errors import InputError
from factstore.reasoning.constraints import read_date
from factstore.units import Seconds, Ticks

#: For a placement `p`, whose bounds are never NULL: an absent limit is beyond any other.
_CLAUSES = {"window_from": "p.end_max > :window_from", "window_to": "p.start_min < :window_to"}


def window(since: str | None, until: str | None, zone: Seconds) -> tuple[list[str], dict[str, Ticks]]:
    """Conditions on a placement `p` and their ticks, from the beginning of one EDTF date to the end of another.

    Facts that may lie there are kept, undated ones too. Raises InputError if the second date ends before the first begins.
    """
    first = read_date(since).extent(zone)[0] if since else None
    past = read_date(until).extent(zone)[1] if until else None
    if first is not None and past is not None and first >= past:
        raise InputError(f"{until} ends before {since} begins")
    ticks = {"window_from": first, "window_to": past}
    given = {name: max(Ticks(-FARTHEST), min(tick, FARTHEST)) for name, tick in ticks.items() if tick is not None}
    return [_CLAUSES[name] for name in given], given
