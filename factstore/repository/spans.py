"""Where all facts lie, for a picture. Reads only.

A day is *certain* for a fact if it was going on at some time of that day in all histories that its placement allows, and
*possible* if it was in one: a fact dated to a day is certain on that day, and one dated to a month on no day. A fact dated
to a set of days is certain on no day of a gap between them.
"""

from __future__ import annotations

from collections.abc import Sequence

from factstore.dates.ticks import DAY, FARTHEST, LIMIT, SECOND
from factstore.reasoning.constraints import read_date
from factstore.reasoning.edges import Bounds
from factstore.repository.answers import Span
from factstore.repository.placed import IN_FORCE
from factstore.repository.repository import Repository
from factstore.repository.runs import SET, runs_of
from factstore.units import Seconds, Ticks


def span_of(bounds: Bounds, zone: Seconds, runs: Sequence[Bounds] = ()) -> Span:
    """The possible and the certain days of a placement; days begin at midnight in the zone (seconds east of UTC).

    For a date with gaps, only the days of its `runs` are certain.
    """
    first = bounds.start_min if abs(bounds.start_min) <= LIMIT else None
    past = bounds.end_max if abs(bounds.end_max) <= LIMIT else None
    begun_by = Ticks(bounds.start_max + 1) if abs(bounds.start_max) <= LIMIT else None
    not_over = Ticks(bounds.end_min - 1) if abs(bounds.end_min) <= LIMIT else None
    stretches = [_certain(run, zone) for run in runs or (bounds,)]
    # If an exact time is known, certain stretches stay within it.
    certain = tuple(
        (
            first if since is None or (first is not None and first > since) else since,
            past if until is None or (past is not None and past < until) else until,
        )
        for since, until in filter(None, stretches)
    )
    return Span(first, past, begun_by, not_over, certain)


def _certain(bounds: Bounds, zone: Seconds) -> tuple[Ticks | None, Ticks | None] | None:
    """From the midnight that begins the last day on which it can begin to the one that ends the first day it can be over.

    What is further out than ticks reach is certain as far as they do.
    """
    bounds = Bounds._make(tick if abs(tick) > FARTHEST else max(-LIMIT, min(tick, LIMIT)) for tick in bounds)
    since = _midnight(bounds.start_max, zone) if abs(bounds.start_max) <= LIMIT else None
    until = _midnight(Ticks(bounds.end_min + DAY - 1), zone) if abs(bounds.end_min) <= LIMIT else None
    begins, ends = bounds.start_max <= LIMIT, bounds.end_min >= -LIMIT
    if not (begins and ends) or (since is not None and until is not None and since >= until):
        return None
    return since, until


def _midnight(tick: Ticks, zone: Seconds) -> Ticks:
    return Ticks(tick - (tick + zone * SECOND) % DAY)


def spans(repository: Repository) -> dict[str, Span]:
    """The spans of all facts by id, including withdrawn ones."""
    rows = repository.fetch(
        f"""SELECT p.id, p.start_min, p.start_max, p.end_min, p.end_max, f.zone,
                   CASE WHEN substr(f.edtf, 1, 1) = '{SET}' AND {IN_FORCE} THEN f.edtf END
            FROM PLACEMENT p JOIN fact f ON f.position = p.fact AND F_THEN"""
    )
    found = {}
    for name, *bounds, own, days in rows:
        zone = repository.zone_of(own)
        found[name] = span_of(Bounds(*bounds), zone, runs_of(read_date(days), zone) if days else ())
    return found
