"""Contradictions: what was set aside, and citations whose own date cannot be that of their fact. Reads only.

Two dates of one event disagree if they leave no common moment for its start, or for its end. A plain date bounds both: a
month contains its days and a year its months, so a coarser date does not disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import NamedTuple

from factstore.database.templates import as_of
from factstore.dates.forms import Corners
from factstore.dates.ticks import FOREVER, first_day, last_day, zone_text
from factstore.errors import DateError
from factstore.projection.live import set_aside
from factstore.reasoning.constraints import read_date, thing_of
from factstore.repository.answers import Conflict, Step
from factstore.repository.reasons import Reasons
from factstore.repository.repository import Repository
from factstore.units import Seconds

_DATED = f"""SELECT c.about, c.position, c.edtf AS cited, f.edtf, f.zone FROM citation c
             JOIN fact f ON f.position = c.about AND F_THEN AND f.withdrawn = 0
             JOIN source s ON s.position = c.source AND {as_of("s")} AND s.withdrawn = 0
             WHERE c.edtf IS NOT NULL AND f.edtf IS NOT NULL AND f.rank <> 0 AND c.edtf <> f.edtf
               AND {as_of("c")} AND c.withdrawn = 0 {{narrowed}} ORDER BY c.position"""


def conflicts(repository: Repository, reasons: Reasons, among: Set[int] | None = None) -> list[Conflict]:
    """What was set aside, each with a minimal chain; then dates on which sources disagree.

    With `among`, only conflicts that involve something introduced at one of these positions.
    """
    aside = sorted(set_aside(repository.connection, repository.at).items())
    contradictions = (
        Conflict(
            repository.name_of(thing_of(item)),
            "contradiction",
            reasons.step(item).text,
            reasons.stating(chain),
        )
        for item, chain in aside
        if among is None or not among.isdisjoint(map(thing_of, (item, *chain)))
    )
    return [*contradictions, *_disagreements(repository, reasons, among)]


def _disagreements(repository: Repository, reasons: Reasons, among: Set[int] | None) -> Iterator[Conflict]:
    """Citations whose own date disagrees with that of their fact."""
    dated = repository.rows(
        _DATED.format(narrowed="" if among is None else "AND c.position @among(:among)"), among=sorted(among or ())
    )
    told = ((row, _ends_apart(row.edtf, row.cited, repository.zone_of(row.zone))) for row in dated)
    found = [(row, ends) for row, ends in told if ends is not None]
    citations = repository.witnesses.at([row.position for row, _ in found])
    for (row, ends), cited in zip(found, citations, strict=True):
        text = "; ".join((f"{cited.about} is dated {row.edtf}, here {row.cited}", *ends))
        steps = (
            reasons.step(row.about),
            Step("citation", f"{cited.id} says {row.cited}", cited.source, cited.quote),
        )
        yield Conflict(cited.id, "disagreement", text, steps)


def _ends_apart(date: str, cited: str, zone: Seconds) -> list[str] | None:
    """What two dates say about each end on which they disagree; None if they agree.

    The list is empty if both ends disagree and each date has the same days for both, since the dates already say that.
    """
    try:
        ours, theirs = (_ends(read_date(text).corners(zone), zone) for text in (date, cited))
    except DateError:  # a time with an offset is compared with one without
        return [f"in the fact's zone, {zone_text(zone)}, that ends before it starts"]
    apart = [(our, their) for our, their in zip(ours, theirs, strict=True) if our.apart(their)]
    if not apart:
        return None
    if len(apart) == 2 and all(start.days == end.days for start, end in (ours, theirs)):
        return []
    return [f"it {our}, here it {their}" for our, their in apart]


class _End(NamedTuple):
    """The start or end of something by a date: its first and last tick, and their days."""

    name: str
    low: int | None
    high: int | None
    days: tuple[str | None, str | None]

    def apart(self, other: _End) -> bool:
        return _below(self.high, other.low) or _below(other.high, self.low)

    def __str__(self) -> str:
        first, last = self.days
        if self.high == -FOREVER or self.low == FOREVER - 1:
            return f"has no {self.name}"
        if first is None or last is None:
            return f"{self.name}s no earlier than {first}" if first else f"{self.name}s by {last}"
        return f"{self.name}s {first}" + (f" … {last}" if first != last else "")


def _ends(corners: Corners, zone: Seconds) -> tuple[_End, _End]:
    start_min, start_max, end_min, end_max = corners
    # An end is the first moment after it: its last moment is one tick earlier.
    end_low, end_high = _less_one(end_min), _less_one(end_max)
    return _end("start", start_min, start_max, zone), _end("end", end_low, end_high, zone)


def _end(name: str, low: int | None, high: int | None, zone: Seconds) -> _End:
    return _End(name, low, high, (first_day(low, zone), last_day(None if high is None else high + 1, zone)))


def _less_one(tick: int | None) -> int | None:
    return None if tick is None else tick - 1


def _below(high: int | None, low: int | None) -> bool:
    return high is not None and low is not None and high < low
