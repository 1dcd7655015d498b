"""The forms of an EDTF text: a class for each, made of `Part`s (single dates), and `read_form`, which chooses between them.

    2018-03-20              at some time within that day: start and end are both inside it
    2018-03-29/2018-04-01   throughout: starts within the first, ends within the last
    [1667,1668]             within one of these, reasoned with as the span from first to last
    {1667,1668}             at all of these

The sections named below are those of the Library of Congress's specification.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from factstore.dates.part import MONTHS, Part, read_date, refuse
from factstore.dates.ticks import FARTHEST, FOREVER, HOUR, LIMIT, SECOND, shift_forward, zone_text
from factstore.units import Ticks

_ZONES_APART = 18 * HOUR  # the most by which a zone can shift a time without an offset


class Corners(NamedTuple):
    """Bounds of start and end in ticks; None where unbounded.

    `end_min == FOREVER`: it never ends. `start_max == -FOREVER`: it never began.
    """

    start_min: Ticks | None
    start_max: Ticks | None
    end_min: Ticks | None
    end_max: Ticks | None


class Form(ABC):
    """What each form can be asked. A part is a single date; a span is half-open, in ticks, read in a zone.

    Corners have no limit on distance here; `within_reach` gives them one.
    """

    __slots__ = ()
    open_start: bool = False
    open_end: bool = False

    @abstractmethod
    def parts(self) -> Sequence[Part]:
        """Every date in the text."""

    @abstractmethod
    def corners(self, zone: int) -> Corners:
        """The bounds of its start and its end."""

    @abstractmethod
    def gist(self) -> str:
        """One sentence on how the text was understood."""

    def firsts(self) -> Sequence[Part]:
        """The dates that may be the first; empty if there is no start or it is unknown."""
        return self.parts()

    def lasts(self) -> Sequence[Part]:
        """The dates that may be the last; empty if there is no end or it is unknown."""
        return self.parts()

    def hull(self, zone: int) -> tuple[Ticks, Ticks]:
        """The span from first to last as written; only for forms that have both."""
        return (
            min(part.written(zone)[0] for part in self.firsts()),
            max(part.written(zone)[1] for part in self.lasts()),
        )

    def members(self, zone: int) -> Iterator[Corners]:
        """The corners of each date of a set; of any other form, of the one date."""
        yield self.corners(zone)

    def readings(self, zone: int) -> list[Corners]:
        """The corners of each of the dates of which one is meant."""
        return [self.corners(zone)]

    def runs(self, zone: int) -> list[Corners]:
        """The corners of each stretch without a gap."""
        return [self.corners(zone)]

    def holes(self) -> bool:
        """Whether its hull contains days that are not meant."""
        return any(part.holes for part in self.parts())

    def rough(self) -> str | None:
        """Why it is not plain; None if it is."""
        for part in self.parts():
            if part.rough is not None:
                if part.rough.masked:
                    return f"{part.text} leaves digits open"
                if part.rough.digits:
                    return f"{part.text} is an estimate with significant digits"
                return f"{part.text} has a mark"
        return None


class _Within(Form):
    """At some time within a date."""

    __slots__ = ("part",)

    def __init__(self, part: Part) -> None:
        self.part = part

    def parts(self) -> Sequence[Part]:
        return (self.part,)

    def corners(self, zone: int) -> Corners:
        return _within(*self.part.span(zone))

    def members(self, zone: int) -> Iterator[Corners]:
        return (_within(low, high) for low, high in self.part.meanings(zone))

    def gist(self) -> str:
        return f"At some time within {_name(self.part)}."


class _Throughout(Form):
    """Starts within one date, ends within another; either is None where open or unknown."""

    __slots__ = ("end", "open_end", "open_start", "start")

    def __init__(self, start: Part | None, end: Part | None, open_start: bool, open_end: bool) -> None:
        self.start = start
        self.end = end
        self.open_start = open_start
        self.open_end = open_end

    def parts(self) -> Sequence[Part]:
        return (*self.firsts(), *self.lasts())

    def firsts(self) -> Sequence[Part]:
        return () if self.start is None else (self.start,)

    def lasts(self) -> Sequence[Part]:
        return () if self.end is None else (self.end,)

    def corners(self, zone: int) -> Corners:
        start_min = start_max = end_min = end_max = None
        if self.start is not None:
            start_min, high = self.start.span(zone)
            start_max, end_min = high - 1, start_min + 1
        if self.end is not None:
            low, end_max = self.end.span(zone)
            start_max = end_max - 1 if start_max is None else min(start_max, end_max - 1)
            end_min = low + 1 if end_min is None else max(end_min, low + 1)
            if start_min is not None and start_min >= end_max:
                refuse(f"in the zone {zone_text(zone)} it ends before it starts", self.end.text)
        return _corners(
            start_min,
            -FOREVER if self.open_start else start_max,
            FOREVER if self.open_end else end_min,
            end_max,
        )

    def rough(self) -> str | None:
        if self.start is None:
            return f"its start is {'open' if self.open_start else 'unknown'}"
        if self.end is None:
            return f"its end is {'open' if self.open_end else 'unknown'}"
        return super().rough()

    def gist(self) -> str:
        if self.start is not None:
            starts = f"starts within {_name(self.start)}"
        else:
            starts = "has no start" if self.open_start else "starts at an unknown time"
        if self.end is not None:
            ends = f"ends within {_name(self.end)}"
        else:
            ends = "has no end" if self.open_end else "ends at an unknown time"
        return f"It {starts} and {ends}."


class _Item(NamedTuple):
    """A member of a set: a date, or the dates from one to another (`first is not last`)."""

    first: Part
    last: Part

    def span(self, zone: int) -> tuple[Ticks, Ticks]:
        first, last = self.first.span(zone), self.last.span(zone)
        return min(first[0], last[0]), max(first[1], last[1])

    def meanings(self, zone: int) -> Iterator[tuple[Ticks, Ticks]]:
        """The span of each date of a range, in the precision of its ends, or of each meaning of a mask."""
        if self.first is self.last:
            yield from self.first.meanings(zone)
            return
        low, high = self.span(zone)
        first, final = self.first.written(zone), self.last.written(zone)
        begin = first[0]
        while begin <= final[0]:
            end = self._next(begin, zone)
            yield low if begin == first[0] else begin, high if end == final[1] else end
            begin = end

    def _next(self, tick: Ticks, zone: int) -> Ticks:
        months = MONTHS.get(self.first.grain)
        if months is None:
            return Ticks(tick + self.first.unit)
        shift = zone * SECOND  # whole months never have an offset
        return Ticks(shift_forward(Ticks(tick + shift), months, 0) - shift)

    @property
    def plain(self) -> bool:
        return self.first.rough is None and self.last.rough is None

    def name(self) -> str:
        return _name(self.first) + ("" if self.first is self.last else f" to {self.last.text}")


class _Set(Form):
    """Members between brackets (level 2, "Set representation")."""

    __slots__ = ("after", "before", "items")

    def __init__(self, items: Sequence[_Item], before: bool, after: bool) -> None:
        self.items = items
        self.before = before  # '..' in front: on or before the first member
        self.after = after  # '..' at the end: on or after the last

    def parts(self) -> Sequence[Part]:
        return [part for item in self.items for part in ((item.first,) if item.first is item.last else item)]

    def firsts(self) -> Sequence[Part]:
        return () if self.before else self.parts()

    def lasts(self) -> Sequence[Part]:
        return () if self.after else self.parts()

    def rough(self) -> str | None:
        return "it is a set"

    def listed(self) -> str:
        names = [item.name() for item in self.items]
        if self.before:
            names.insert(0, "any earlier time")
        if self.after:
            names.append("any later time")
        return ", ".join(names)


class _OneOf(_Set):
    """Within one of the members; its corners are those of the span from the first to the last."""

    __slots__ = ()

    def corners(self, zone: int) -> Corners:
        spans = [item.span(zone) for item in self.items]
        return _within(
            None if self.before else min(low for low, _ in spans),
            None if self.after else max(high for _, high in spans),
        )

    def members(self, zone: int) -> Iterator[Corners]:
        if self.before:
            yield _within(None, self.items[0].span(zone)[1])
        if self.after:
            yield _within(self.items[-1].span(zone)[0], None)
        for item in self.items:
            for low, high in item.meanings(zone):
                yield _within(low, high)

    def readings(self, zone: int) -> list[Corners]:
        spans: list[tuple[Ticks | None, Ticks | None]] = [item.span(zone) for item in self.items]
        if self.before:
            spans[0] = (None, spans[0][1])
        if self.after:
            spans[-1] = (spans[-1][0], None)
        return [_within(low, high) for low, high in spans]

    def holes(self) -> bool:
        spans: list[tuple[float, float]] = [item.span(0) for item in self.items]
        if self.before:
            spans.append((float("-inf"), spans[0][1]))
        if self.after:
            spans.append((self.items[-1].span(0)[0], float("inf")))
        spans.sort()
        reached = spans[0][0]
        for low, high in spans:
            if low > reached:
                return True
            reached = max(reached, high)
        return super().holes()

    def gist(self) -> str:
        return f"At some time within one of: {self.listed()}."


class _AllOf(_Set):
    """At all of the members: starts within the first, ends within the last. Members that touch are one run."""

    __slots__ = ("open_end", "open_start")

    def __init__(self, items: Sequence[_Item], before: bool, after: bool) -> None:
        super().__init__(items, before, after)
        self.open_start = before
        self.open_end = after

    def corners(self, zone: int) -> Corners:
        return self._throughout(self.items, zone)

    def _throughout(self, items: Sequence[_Item], zone: int) -> Corners:
        """The corners of something that starts in the first of some members and ends in the last."""
        spans = [part.span(zone) for item in items for part in item]
        unbegun = self.open_start and self.items[0] in items
        unended = self.open_end and self.items[-1] in items
        return _corners(
            None if unbegun else min(low for low, _ in spans),
            -FOREVER if unbegun else min(high for _, high in spans) - 1,
            FOREVER if unended else max(low for low, _ in spans) + 1,
            None if unended else max(high for _, high in spans),
        )

    def runs(self, zone: int) -> list[Corners]:
        # With a mark or an X, a member may or may not reach the next, so it is a run of its own.
        runs = [[item] for item in self.items if not item.plain]
        reached: float | None = None
        for low, high, item in sorted(self._written(item, zone) for item in self.items if item.plain):
            if reached is not None and low <= reached:
                runs[-1].append(item)
                reached = max(reached, high)
            else:
                runs.append([item])
                reached = high
        found = [self._throughout(run, zone) for run in runs]
        return sorted(found, key=lambda run: float("-inf") if run.start_min is None else run.start_min)

    def _written(self, item: _Item, zone: int) -> tuple[float, float, _Item]:
        low, high = item.first.written(zone)[0], item.last.written(zone)[1]
        unbegun, unended = self.open_start and item == self.items[0], self.open_end and item == self.items[-1]
        return float("-inf") if unbegun else low, float("inf") if unended else high, item

    def holes(self) -> bool:
        return super().holes() or len(self.runs(0)) > 1

    def gist(self) -> str:
        starts = "has no start" if self.open_start else "starts within the first"
        ends = "has no end" if self.open_end else "ends within the last"
        return f"At all of: {self.listed()}; it {starts} and {ends}."


def _within(low: Ticks | None, high: Ticks | None) -> Corners:
    """The corners of something somewhere in a span: start and end both inside it, at least a tick apart."""
    return _corners(low, None if high is None else high - 1, None if low is None else low + 1, high)


def _corners(*ticks: int | None) -> Corners:
    return Corners._make(ticks)


def within_reach(corners: Corners) -> Corners:
    """Corners within ±FARTHEST: beyond ±LIMIT, an outward bound becomes None, and an inward one is drawn in."""
    start_min, start_max, end_min, end_max = corners
    return _corners(_not_before(start_min), _not_after(start_max), _not_before(end_min), _not_after(end_max))


def _not_before(bound: int | None) -> int | None:
    if bound is None or bound < -LIMIT:
        return None
    return bound if bound <= LIMIT or bound == FOREVER else _drawn_in(bound)


def _not_after(bound: int | None) -> int | None:
    if bound is None or bound > LIMIT:
        return None
    return bound if bound >= -LIMIT or bound == -FOREVER else -_drawn_in(-bound)


def _drawn_in(tick: int) -> int:
    """A tick between LIMIT and FARTHEST that stands for one beyond LIMIT; the order of years is kept.

    As a bound it is weaker than the original, so it still holds. Years that differ by one part in four billion stay distinct.
    """
    octave = tick.bit_length() - LIMIT.bit_length()
    within = (tick >> octave) - LIMIT
    return min(LIMIT + (octave << 32) + (within >> 29), FARTHEST)


def _name(part: Part) -> str:
    return f"{'the time' if part.has_time else f'the {part.grain}'} {part.text}"


# Reading


def read_form(text: str) -> Form:
    """Read a text into its form. Raises DateError with the bare reason and the part that cannot be read."""
    if "/" in text:
        return _read_interval(text)
    if text[:1] in ("[", "{"):
        return _read_set(text)
    return _Within(read_date(text))


def _read_interval(text: str) -> _Throughout:
    """Level 0 "Time Interval", level 1 "Extended Interval", level 2 "Interval"."""
    first, _, last = text.partition("/")
    if not first and not last:
        refuse("an interval with neither end says nothing (leave the date out)", part="/")
    start = read_date(first) if first and first != ".." else None
    end = read_date(last) if last and last != ".." else None
    if start is not None and end is not None and _reversed(start, end):
        refuse(f"it ends before it starts: {last} is over when {first} begins", part=last)
    return _Throughout(start, end, first == "..", last == "..")


def _reversed(start: Part, end: Part) -> bool:
    """Whether it ends before it starts in every zone."""
    if start.offset == end.offset:
        return start.low >= end.high
    slack = _ZONES_APART if start.offset is None or end.offset is None else 0
    return start.span(0)[0] - slack >= end.span(0)[1]


def _read_set(text: str) -> _Set:
    closing = "]" if text[0] == "[" else "}"
    if not text.endswith(closing):
        refuse(f"the bracket {text[0]} has no {closing} at the end", part=text[0])
    inside = text[1:-1]
    if inside in ("", ".."):
        refuse("a set needs at least one member", part=text)
    before, after = inside.startswith(".."), inside.endswith("..")
    members = inside[2 if before else 0 : -2 if after else None].split(",")
    items = [_read_item(member, inside) for member in members]
    return _OneOf(items, before, after) if closing == "]" else _AllOf(items, before, after)


def _read_item(text: str, inside: str) -> _Item:
    if not text:
        refuse("a member of the set is empty", part=inside)
    if text.startswith("..") or text.endswith(".."):
        refuse("'..' without a date on both sides may only open or close the set", part=text)
    if ".." not in text:
        date = read_date(text)
        return _Item(date, date)
    first, last = map(read_date, text.split("..", 1))
    for date in (first, last):
        if date.rough is not None and (date.rough.masked or date.rough.digits):
            refuse("the ends of a range have no X and no significant digits", part=date.text)
    if first.grain != last.grain or first.unit != last.unit:
        refuse("both ends of a range must have the same precision", part=text)
    if (first.offset is None) != (last.offset is None):
        refuse("either both ends of a range have an offset or neither does", part=text)
    if first.written(0) > last.written(0):
        refuse("the range ends before it starts", part=text)
    return _Item(first, last)
