"""Where facts lie, all of them at once: what a picture is drawn from. Reads only.

A day is *certain* for a fact that was going on at some time of it in every history that the placement allows, and
*possible* where it was in one: a fact dated to a day is certain on that day, and one dated to a month on none.
"""

from __future__ import annotations

from factstore.answers import Span
from factstore.civil import DAY, SECOND
from factstore.dates import FARTHEST, LIMIT
from factstore.live import then
from factstore.network import Bounds
from factstore.repository import Repository


def span_of(bounds: Bounds, zone: int) -> Span:
    """The possible and the certain days of a placement; a day begins as it does in the zone (seconds east of UTC)."""
    # What lies further out is drawn in to where the calendar ends.
    bounds = Bounds(*(tick if abs(tick) > FARTHEST else max(-LIMIT, min(tick, LIMIT)) for tick in bounds))
    first = bounds.start_min if bounds.start_min >= -LIMIT else None
    past = bounds.end_max if bounds.end_max <= LIMIT else None
    begun_by = bounds.start_max + 1 if abs(bounds.start_max) <= LIMIT else None
    not_over = bounds.end_min - 1 if abs(bounds.end_min) <= LIMIT else None
    # Midnight of the last day on which it can begin, and the one that ends the first day on which it can be over.
    since = _midnight(bounds.start_max, zone) if begun_by is not None else None
    until = _midnight(bounds.end_min + DAY - 1, zone) if not_over is not None else None
    begins, ends = bounds.start_max <= LIMIT, bounds.end_min >= -LIMIT
    if not (begins and ends) or (since is not None and until is not None and since >= until):
        return Span(first, past, begun_by, not_over, None)
    # Where more than days is known, no further than that allows.
    since = first if since is None or (first is not None and first > since) else since
    until = past if until is None or (past is not None and past < until) else until
    return Span(first, past, begun_by, not_over, (since, until))


def _midnight(tick: int, zone: int) -> int:
    return tick - (tick + zone * SECOND) % DAY


def spans(there: Repository) -> dict[str, Span]:
    """The span of every fact by its id, those of withdrawn ones too."""
    rows = there.stream(
        f"""SELECT p.id, p.start_min, p.start_max, p.end_min, p.end_max, f.zone FROM PLACEMENT p
            JOIN fact f ON f.position = p.fact AND {then("f")}"""
    )
    return {row.id: span_of(Bounds(*row[1:5]), there.zone_of(row.zone)) for row in rows}
