"""Ticks as the moments of other formats, in UTC."""

from __future__ import annotations

from factstore.dates.ticks import DAY, MINUTE, SECOND, civil
from factstore.repository.answers import Span
from factstore.units import Ticks


def date_time(tick: Ticks) -> str:
    """A tick as xsd:dateTime (XSD 1.1, 3.3.7), cut to the second: `2018-03-20T15:04:00Z`. Years are astronomical."""
    number, time = divmod(tick, DAY)
    year, month, day = civil(number)
    minutes, ticks = divmod(time, MINUTE)
    sign = "-" if year < 0 else ""
    return f"{sign}{abs(year):04}-{month:02}-{day:02}T{minutes // 60:02}:{minutes % 60:02}:{ticks // SECOND:02}Z"


def four_bounds(span: Span) -> dict[str, str]:
    """The bounds of a CIDOC CRM time span (E52: P82a, P81a, P81b, P82b) under Linked Art's names, without absent ones."""
    ticks = {
        "begin_of_the_begin": span.first,
        "end_of_the_begin": None if span.begun_by is None else Ticks(span.begun_by - 1),
        "begin_of_the_end": span.not_over,
        "end_of_the_end": None if span.past is None else Ticks(span.past - 1),
    }
    return {name: date_time(tick) for name, tick in ticks.items() if tick is not None}
