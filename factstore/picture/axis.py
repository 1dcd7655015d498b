"""The axis: maps times to places across a picture, from 0 at the left edge to 1 at the right edge.

`near` shows the time in which most facts lie, cut off on either side; `whole` shows all of it; `broken` leaves out the
longest stretches in which nothing begins or ends; `age` is logarithmic in the time before the latest moment, so that a
minute and a million years both have room. Each is an increasing, unbounded function, so the order of times is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log1p
from typing import Literal, NamedTuple

from factstore.picture.calendar import DAY, HOUR, YEAR, day_text, label, moments, step_of
from factstore.plain import JsonObject

AxisKind = Literal["near", "whole", "broken", "age"]
AXES: tuple[AxisKind, ...] = ("near", "whole", "broken", "age")

_APART = 90  # pixels: about the width of a label
_SIGN = 6.2  # pixels: the width of a label's character
_MOST_BREAKS = 4
_BREAK = 0.03  # the width of a break, as a fraction of the whole
_NARROWEST = 0.12  # the least width of a piece between breaks, likewise
_MARGIN = 0.03  # left and right of what an axis by age shows
_AGES = (
    *((DAY * days, name) for days, name in ((1, "1 day"), (7, "1 week"), (30.4, "1 month"))),
    *((YEAR * 10**power, f"{10**power:,} year{'s' if power else ''}") for power in range(6)),
    *((YEAR * 10 ** (power + 6), f"{10**power:,} million years") for power in range(5)),
)


class Piece(NamedTuple):
    """A stretch of time, shown linearly between two places on the axis."""

    lo: float
    hi: float
    left: float
    right: float

    def at(self, time: float) -> float:
        """The place of a time, from 0 to 1."""
        return self.left + (time - self.lo) / (self.hi - self.lo) * (self.right - self.left)


class Mark(NamedTuple):
    """A label of an axis, and its place, from 0 to 1."""

    at: float
    text: str

    @property
    def timed(self) -> bool:
        """Whether it has a time of day: nothing else has a colon."""
        return ":" in self.text


@dataclass(frozen=True, slots=True)
class Axis:
    """A time scale made of pieces. An axis by age has one piece, and a `unit` below which its scale is about linear."""

    kind: AxisKind
    pieces: tuple[Piece, ...]
    unit: float = 0

    @property
    def lo(self) -> float:
        """The first time on the axis."""
        return self.pieces[0].lo

    @property
    def hi(self) -> float:
        """The last time on the axis."""
        return self.pieces[-1].hi

    def at(self, time: float) -> float:
        """The place of a time: below 0 if it is earlier than the axis shows, above 1 if later."""
        if self.kind == "age":
            age = self.hi - time
            part = log1p(abs(age) / self.unit) / log1p((self.hi - self.lo) / self.unit)
            return 1 - _MARGIN - (1 - 2 * _MARGIN) * (part if age > 0 else -part)
        for piece, after in pairwise(self.pieces):
            if time < after.lo:
                between = Piece(piece.hi, after.lo, piece.right, after.left)
                return piece.at(time) if time <= piece.hi else between.at(time)
        return self.pieces[-1].at(time)

    def marks(self, width: float) -> list[Mark]:
        """The labels that fit into a width in pixels."""
        found: list[Mark] = []
        taken = -100.0
        for mark in self._ages() if self.kind == "age" else self._dates(width):
            half = _SIGN * len(mark.text) / 2 + 4
            if mark.at * width - half >= taken:
                found.append(mark)
                taken = mark.at * width + half
        return found

    def _dates(self, width: float) -> Iterator[Mark]:
        for piece in self.pieces:
            found = list(_labels(piece, width))
            if len(self.pieces) > 1:  # labels keep clear of the breaks, and each piece has at least one
                found = [mark for mark in found if _is_clear(mark, piece, width)] or [_middle(piece)]
            yield from found

    def _ages(self) -> Iterator[Mark]:
        for age, name in reversed(_AGES):
            if self.unit / 2 < age <= (self.hi - self.lo) * 1.3:
                yield Mark(self.at(self.hi - age), name)

    @property
    def breaks(self) -> list[float]:
        """The places of the breaks, from 0 to 1."""
        return [(a.right + b.left) / 2 for a, b in pairwise(self.pieces)]

    def caption(self) -> str:
        """The note that a reader needs to read the axis."""
        if self.kind == "age":
            return f"ages before {day_text(self.hi - 1)}, each step about ten times the one before"
        if self.breaks:
            return (
                f"the axis leaves out {len(self.breaks)} stretch{'es' if len(self.breaks) > 1 else ''} of time, at //"
            )
        return ""

    def json(self) -> JsonObject:
        """As the page's script reads it."""
        return {"kind": self.kind, "pieces": [list(piece) for piece in self.pieces], "unit": self.unit} | {
            "caption": self.caption()
        }


def _labels(piece: Piece, width: float) -> Iterator[Mark]:
    step = step_of(piece.hi - piece.lo, (piece.right - piece.left) * width / _APART)
    year = None
    for moment in moments(piece.lo, piece.hi, step):
        shown = label(moment, step, whole=True)
        which = day_text(moment).split(" ", 2)[2]
        yield Mark(piece.at(moment), shown if which != year else label(moment, step, whole=False))
        year = which


def _is_clear(mark: Mark, piece: Piece, width: float) -> bool:
    half = _SIGN * len(mark.text) / 2
    return piece.left * width <= mark.at * width - half + 4 and mark.at * width + half - 4 <= piece.right * width


def _middle(piece: Piece) -> Mark:
    """The year in the middle of a piece, or the day if the piece is short."""
    moment = (piece.lo + piece.hi) / 2
    text = day_text(moment)
    return Mark((piece.left + piece.right) / 2, text.split(" ", 2)[2] if piece.hi - piece.lo > YEAR / 2 else text)


def axis(kind: AxisKind, ends: Sequence[float], facts: int, shown: Iterable[float] = ()) -> Axis:
    """The axis of a kind for the times at which facts begin and end. It includes the times `shown` in any case."""
    ends, kept = sorted(ends), sorted(shown)
    if not ends:
        ends = kept or [0, DAY]
    every = sorted([*ends, *kept])
    if kind == "near":
        return _even(kind, *_near(ends, kept, facts))
    if kind == "broken":
        return Axis(kind, _pieces(every))
    if kind == "age":
        lo, hi = every[0], every[-1] if every[-1] > every[0] else every[0] + DAY
        span = hi - lo
        return Axis(
            kind, (Piece(lo, hi, 0, 1),), YEAR if span > 1000 * YEAR else YEAR / 12 if span > 10 * YEAR else DAY
        )
    return _even(kind, every[0], every[-1])


def _even(kind: AxisKind, first: float, last: float) -> Axis:
    air = max((last - first) // 14, min((last - first) // 2, DAY), HOUR)
    return Axis(kind, (Piece(first - air, last + air, 0, 1),))


def _near(ends: Sequence[float], kept: Sequence[float], facts: int) -> tuple[float, float]:
    """All of the time or, if one fact in ten would squeeze the rest into a quarter of the width, only that rest."""
    low, high = 0, len(ends)
    spare = max(2, -(-facts // 5)) if facts > 3 else 0
    while cut := _cut_off(ends[low:high], spare):
        low, high, spare = low + cut[0], high - cut[1], spare - sum(cut)
    return min([ends[low], *kept]), max([ends[high - 1], *kept])


def _cut_off(ends: Sequence[float], spare: int) -> tuple[int, int] | None:
    """The smallest numbers of ends, `spare` at most, to leave out left and right so that the rest spans a quarter."""
    for count in range(1, min(spare, len(ends) - 2) + 1):
        left = min(range(count + 1), key=lambda left: ends[-1 - (count - left)] - ends[left])
        if (ends[-1 - (count - left)] - ends[left]) * 4 <= ends[-1] - ends[0]:
            return left, count - left
    return None


def _pieces(ends: Sequence[float]) -> tuple[Piece, ...]:
    """The stretches between the longest gaps, their widths by the number of their ends, none too narrow to read."""
    gaps = sorted(((b - a, n) for n, (a, b) in enumerate(pairwise(ends), 1)), reverse=True)
    left = ends[-1] - ends[0]
    cuts: list[int] = []
    for gap, which in gaps[:_MOST_BREAKS]:
        if gap * 3 < left or gap < DAY:
            break
        cuts.append(which)
        left -= gap
    bounds = [0, *sorted(cuts), len(ends)]
    runs = [ends[a:b] for a, b in pairwise(bounds)]
    room = 1 - _BREAK * len(cuts) - _NARROWEST * len(runs)
    found: list[Piece] = []
    place = 0.0
    for run in runs:
        width = _NARROWEST + room * len(run) / len(ends)
        air = max((run[-1] - run[0]) / 10, DAY / 2)
        found.append(Piece(run[0] - air, run[-1] + air, place, place + width))
        place += width + _BREAK
    return tuple(found)
