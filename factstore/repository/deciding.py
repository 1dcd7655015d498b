"""The dates that decide where facts lie, and the bounds that follow, as people write them. Reads only.

A bound rests on one date or report, and on the orderings and lengths that lead from there to the fact. Ticks keep neither
the zone in which that date was given, nor its year if that is beyond their range: then they hold a stand-in, which is no
year that anybody stated. So both are read from the date itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from factstore.database.engine import Connection
from factstore.database.statements import Row
from factstore.dates.forms import Corners
from factstore.dates.ticks import DAY, FOREVER, LIMIT, briefly, in_zone, moment_text, parse_zone
from factstore.projection.live import NetworkLoader
from factstore.reasoning.constraints import is_bound, read_date
from factstore.reasoning.edges import TIME, end_of, number_of, start_of
from factstore.reasoning.network import Network
from factstore.repository.answers import Limits
from factstore.repository.placed import IN_FORCE, PlacedFact
from factstore.units import Position, Seconds, Ticks

_DATE = "SELECT f.edtf, f.zone FROM fact f WHERE f.position = :fact AND F_THEN"
_COUNTS = f"SELECT count(*) FROM fact f WHERE f.position = :fact AND F_THEN AND {IN_FORCE}"


def needs_deciding(row: PlacedFact, begun_by: str | None) -> bool:
    """Whether a limit of where a fact lies is a time of day, or may be a year beyond the range of ticks."""
    for text in (row.earliest, row.latest, begun_by):
        if text is not None and ("T" in text or text[0] == "Y"):
            return True
    if row.edtf is not None and "Y" in row.edtf:
        return True
    return (row.latest is None and (row.end_max < -LIMIT or row.start_max < -LIMIT)) or row.start_min > LIMIT


class _Date(NamedTuple):
    """A fact's date, and the zone in which it is read."""

    edtf: str | None
    zone: Seconds

    @property
    def meant(self) -> Corners:
        """Its bounds, with no limit on distance."""
        return read_date(self.edtf or "").meant(self.zone)


class _Decisive(NamedTuple):
    """The date that decides a bound: whether by its end, and how far from there the bound is, in ticks.

    It is not `whole` if a report excludes some of its readings.
    """

    date: _Date
    end: bool
    apart: int = 0
    whole: bool = True


class _Bound(NamedTuple):
    """A bound of a fact's start or `end`, from below or above (`upper`): its ticks, what sets it, and its day or instant."""

    end: bool
    upper: bool
    tick: Ticks
    by: int
    text: str | None


class Deciding:
    """Reads the dates that decide bounds, as of a position. What it has read is kept for the next fact."""

    def __init__(
        self, connection: Connection, at: Position, zone: Seconds, fetch: Callable[..., Iterator[Row]]
    ) -> None:
        self._connection = connection
        self._at = at
        self._zone = zone
        self._fetch = fetch
        self._dates: dict[int, _Date] = {}

    def prepare(self, rows: Iterable[PlacedFact]) -> None:
        """Read what decides times of day of many facts together, unless that is their own date."""
        wanted = [
            row.fact
            for row in rows
            if (row.earliest is not None and "T" in row.earliest and row.start_min_by != row.fact)
            or (row.latest is not None and "T" in row.latest and row.end_max_by != row.fact)
        ]
        if wanted:
            self._load.read(wanted)

    def limits(self, row: PlacedFact, begun_by: str | None) -> Limits:
        """Between which moments a fact lies, as people write them."""
        first = _Bound(False, False, row.start_min, row.start_min_by, row.earliest)
        last = _Bound(True, True, row.end_max, row.end_max_by, row.latest)
        begun = not is_bound(row.end_max) and not self._own_year(row, last)
        if begun:
            last = _Bound(False, True, row.start_max, row.start_max_by, begun_by)
        texts = briefly(first.text, last.text)
        shown = self._shown(row, first, texts[0]), self._shown(row, last, texts[1])
        return Limits(*shown, begun and shown[1] is not None)

    def _shown(self, row: PlacedFact, bound: _Bound, text: str | None) -> str | None:
        if text is not None and text[0] != "Y":
            return in_zone(text, self._zone_of(row, bound)) if "T" in text else text
        return self._year(row, bound) if is_bound(bound.tick) else self._own_year(row, bound)

    # --- the zone of a time of day ---

    def _zone_of(self, row: PlacedFact, bound: _Bound) -> Seconds:
        """The zone in which the date was given that decides a bound; the fact's own if a report decides it."""
        found = self._decisive(row, bound)
        if found is None:
            return self._own_zone(row)
        date = found.date
        return read_date(date.edtf or "").offset(date.zone, end=found.end, last=bound.upper)

    # --- years beyond the range of ticks ---

    def _year(self, row: PlacedFact, bound: _Bound) -> str | None:
        """The year of a bound, from the date that decides it; None if that is not a date."""
        found = self._decisive(row, bound)
        if found is None or not found.whole:
            return None
        corner = found.date.meant[2 * found.end + bound.upper]
        return None if corner is None else self._year_text(corner + found.apart, row, bound)

    def _own_year(self, row: PlacedFact, bound: _Bound) -> str | None:
        """The year of a fact's own date at a bound that ticks cannot express; None if it has none there."""
        if row.edtf is None or "Y" not in row.edtf or not self._counts(row.fact):
            return None
        date = _Date(row.edtf, self._own_zone(row))
        corner = date.meant[2 * bound.end + bound.upper]
        if corner is None or abs(corner) <= LIMIT or abs(corner) == FOREVER:
            return None
        return self._year_text(corner, row, bound)

    def _year_text(self, tick: int, row: PlacedFact, bound: _Bound) -> str:
        return moment_text(Ticks(tick - bound.end), self._own_zone(row), DAY)

    def _counts(self, fact: int) -> bool:
        """Whether a fact's date bounds anything."""
        return bool(next(iter(self._fetch(_COUNTS, fact=fact)))[0])

    # --- the date that decides ---

    def _decisive(self, row: PlacedFact, bound: _Bound) -> _Decisive | None:
        """The date that decides a bound; None if a report does."""
        if bound.by == row.fact:
            return _Decisive(_Date(row.edtf, self._own_zone(row)), bound.end)
        node = end_of(row.fact) if bound.end else start_of(row.fact)
        path = self._network.why(node, bound.upper)
        at_origin = path[0] if bound.upper else path[-1]
        decided = at_origin.head if bound.upper else at_origin.tail
        fact = number_of(decided)
        if at_origin.by != fact and at_origin.by >= TIME:  # below that is what a report leaves of a date
            return None
        apart = sum(edge.weight for edge in path if edge is not at_origin)
        return _Decisive(self._date(fact), decided == end_of(fact), apart if bound.upper else -apart, at_origin.by > 0)

    @cached_property
    def _network(self) -> Network:
        return Network(self._load)

    @cached_property
    def _load(self) -> NetworkLoader:
        return NetworkLoader(self._connection, self._at, self._zone, withdrawn=True)

    def _date(self, fact: int) -> _Date:
        if fact not in self._dates:
            edtf, zone = next(iter(self._fetch(_DATE, fact=fact)))
            self._dates[fact] = _Date(edtf, parse_zone(zone) if zone else self._zone)
        return self._dates[fact]

    def _own_zone(self, row: PlacedFact) -> Seconds:
        return parse_zone(row.zone) if row.zone else self._zone
