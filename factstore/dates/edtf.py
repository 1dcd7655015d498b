"""EDTF text in, four bounds out: nothing that a text allows is ever left outside its bounds.

This is the Extended Date/Time Format, all of ISO 8601-2:2019 levels 0, 1 and 2, as in the Library of Congress's
specification of 2019-02-04; in addition, minutes, decimals of seconds, and times as interval ends and set members.
A text is kept to the letter. What happened occupies a non-empty half-open `[start, end)`, and a text bounds both of its ends:

    2018-03-20              at some time within that day: start and end are both inside it
    2018-03-29/2018-04-01   throughout: starts within the first, ends within the last
    [1667,1668]             within one of these, reasoned with as the span from first to last
    {1667,1668}             at all of these

A text is read into a form: `forms` has one class for each line above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NoReturn, final

from factstore.dates.forms import Corners, Form, read_form, within_reach
from factstore.dates.part import GROUPS, MONTHS, Part
from factstore.dates.ticks import DAY, LIMIT, briefly, first_and_last, in_zone, moment_text, short, zone_text
from factstore.errors import DateError
from factstore.units import Seconds, Ticks

__all__ = ["Edtf", "doubt"]

_SPAN_OR_SEASON = re.compile(r"[0-9]{2}([0-9]{2})-(2[1-9]|3[0-9]|4[01])")


@final
class Edtf:
    """A date: immutable, hashable, equal where its text is, `eval(repr(date)) == date`.

    `a < b` only where a certainly ends by the time b starts, both read in UTC; so neither of
    `2018-03` and `2018-03-20` comes first. A `zone` is an offset in seconds east of UTC, in which
    parts without an offset of their own are read.
    """

    __slots__ = ("_form", "text")
    text: str
    _form: Form

    def __init__(self, text: str) -> None:
        """Read a text; a DateError names the part that cannot be read."""
        try:
            form = read_form(text)
        except DateError as fault:
            raise _refusal(text, fault) from None
        _set_text(self, text)
        _set_form(self, form)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"an Edtf is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"an Edtf is immutable: {name} cannot be deleted")

    def __reduce__(self) -> tuple[type[Edtf], tuple[str]]:
        return Edtf, (self.text,)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Edtf({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Edtf) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __lt__(self, other: Edtf) -> bool:
        if not isinstance(other, Edtf):
            return NotImplemented
        end, start = self.corners().end_max, other.corners().start_min
        return end is not None and start is not None and end <= start

    def __gt__(self, other: Edtf) -> bool:
        return other < self if isinstance(other, Edtf) else NotImplemented

    @property
    def open_start(self) -> bool:
        """True if it has no start: `../1985`, `{..1984}`."""
        return self._form.open_start

    @property
    def open_end(self) -> bool:
        """True if it has no end: `1985/..`, `{1984..}`."""
        return self._form.open_end

    @property
    def holes(self) -> bool:
        """True if a mask or set does not fill the span from its first day to its last, which is what answers rest on."""
        return self._form.holes()

    @property
    def has_time(self) -> bool:
        """True if some part has a time of day."""
        return any(part.has_time for part in self._form.parts())

    @property
    def floating(self) -> bool:
        """True if some part has no offset and is read in the zone."""
        return any(part.offset is None for part in self._form.parts())

    @property
    def anchored(self) -> bool:
        """True if some part has an offset: it is the same instant in every zone."""
        return any(part.offset is not None for part in self._form.parts())

    @property
    def is_plain(self) -> bool:
        """True for a date or an interval of two dates without a mark, X, significant digits, or an open or unknown end."""
        return self._form.rough() is None

    def corners(self, zone: int = 0) -> Corners:
        """The bounds that answers are computed from, in reach of the clock.

        Raises DateError for an interval with an offset at one end only if in this zone it ends before it starts.
        """
        return within_reach(self.meant(zone))

    def meant(self, zone: int = 0) -> Corners:
        """The same bounds with no limit on distance. Raises DateError as `corners` does."""
        try:
            return self._form.corners(zone)
        except DateError as fault:
            raise _refusal(self.text, fault) from None

    def offset(self, zone: int = 0, *, end: bool, last: bool) -> Seconds:
        """The offset in which its start or its `end` is given: that of the first date that may be it, or of the `last`."""
        parts = self._form.lasts() if end else self._form.firsts()
        found = max(parts or self._form.parts(), key=lambda part: part.span(zone)[1] if last else -part.span(zone)[0])
        return Seconds(zone) if found.offset is None else found.offset

    def earliest(self, zone: int = 0) -> str | None:
        """The first day as written, ignoring marks; an instant where a time is given.

        None where unbounded or unknown.
        """
        return self._written(zone)[0]

    def latest(self, zone: int = 0) -> str | None:
        """The last day as written, inclusive; otherwise like `earliest`."""
        return self._written(zone)[1]

    def _written(self, zone: int) -> tuple[str | None, str | None]:
        start = min((part.written(zone)[0] for part in self._form.firsts()), default=None)
        end = max((part.written(zone)[1] for part in self._form.lasts()), default=None)
        first, last = first_and_last(start, end, zone)
        if start is not None and first is None:  # beyond LIMIT: the year alone
            first = moment_text(start, zone, DAY)
        if end is not None and last is None:
            last = moment_text(Ticks(end - DAY), zone, DAY)
        return first, last

    def period(self, zone: int = 0) -> tuple[Ticks, Ticks]:
        """Start and exclusive end in ticks of a plain date, taken as a period known exactly.

        Raises DateError if the date is not plain, or is beyond LIMIT.
        """
        reason = self._form.rough()
        if reason is None:
            start, end = self._form.hull(zone)
            if start >= end:
                reason = f"in the zone {zone_text(zone)} it ends before it starts"
            elif start < -LIMIT or end > LIMIT:
                reason = "it is further away than the clock reaches"
            else:
                return start, end
        raise DateError(
            f"{short(self.text)} is not a period known exactly: {reason}.",
            text=self.text,
            part=self.text,
        )

    def members(self, zone: int = 0, limit: int = 1000) -> list[Corners]:
        """The corners of each alternative of a one-of set or mask; for any other date just its own.

        Raises DateError if there are more than `limit`.
        """
        found = list(map(within_reach, islice(self._form.members(zone), limit + 1)))
        if len(found) > limit:
            raise DateError(f"{short(self.text)} has more than {limit} members.", text=self.text, part=self.text)
        return found

    def extent(self, zone: int = 0) -> tuple[Ticks | None, Ticks | None]:
        """The first tick that it may mean and the one past the last, including what marks add, with no limit on distance.

        None where unbounded or unknown.
        """
        firsts = (part.span(zone)[0] for part in self._form.firsts())
        return min(firsts, default=None), max((part.span(zone)[1] for part in self._form.lasts()), default=None)

    def readings(self, zone: int = 0) -> list[Corners]:
        """The corners of each member of a one-of set, with a range as one member; for any other date just its own."""
        return list(map(within_reach, self._form.readings(zone)))

    def runs(self, zone: int = 0) -> list[Corners]:
        """The corners of each run of a `{…}` set, by start; for any other date just its own.

        Members that certainly touch make one run. It happened in each run, and nothing says that it went on in between.
        """
        return list(map(within_reach, self._form.runs(zone)))

    def explain(self, zone: int = 0) -> list[str]:
        """How the text is understood, in sentences."""
        return list(_explanation(self, self._form, zone))


def doubt(text: str) -> str:
    """A sentence on what people may mean by a text that EDTF reads in another way; "" where there is no doubt."""
    found = _SPAN_OR_SEASON.fullmatch(text)
    if not found or int(found[2]) <= int(found[1]):
        return ""
    return f"A span of years would be written {text[:4]}/{text[:2]}{found[2]}; this is a part of the year {text[:4]}."


_set_text = vars(Edtf)["text"].__set__  # the slots' own setters, since Edtf.__setattr__ refuses
_set_form = vars(Edtf)["_form"].__set__


def _refusal(text: str, fault: DateError) -> DateError:
    return type(fault)(f"{short(text)} cannot be read: {fault}.", text=text, part=fault.part)


# Explanations

_MARK_NAMES = {"?": "uncertain", "~": "approximate", "%": "both uncertain and approximate"}


def _explanation(date: Edtf, form: Form, zone: int) -> Iterator[str]:
    yield form.gist()
    for part in form.parts():
        yield from _explain_part(part, zone)
    first, last = briefly(date.earliest(zone), date.latest(zone))
    first = first and in_zone(first, date.offset(zone, end=False, last=False))
    last = last and in_zone(last, date.offset(zone, end=True, last=True))
    if first is not None and last is not None:
        yield f"As written, the first day is {first} and the last {last}."
    elif first is not None:
        yield f"As written, the first day is {first}."
    elif last is not None:
        yield f"As written, the last day is {last}."
    if len(date.runs(zone)) > 1:
        yield "Nothing says that it went on in between: nothing is certain there."
    if date.holes:
        yield (
            "It does not mean every day in between, but answers rest on the whole span: what they call certain "
            "or impossible is, and what they call possible may not be."
        )
    if date.floating and date.has_time:
        yield f"Dates without an offset are read in a zone, here {zone_text(zone)}."
    if date.floating and date.anchored:
        yield "Some dates have an offset and some do not, so their order may depend on the zone."


def _explain_part(part: Part, zone: int) -> Iterator[str]:
    if part.grain in MONTHS and part.grain not in ("year", "month"):
        code = int(part.text.rstrip("?~%")[-2:])
        yield f"{part.text} is the {GROUPS[code].name}, in whole months."
    rough = part.rough
    if rough is None:
        return
    if rough.masked:
        yield f"X in {part.text} stands for any digit that makes a real date."
    if rough.digits:
        yield f"{part.text} is an estimate with {rough.digits} significant digits."
    for component, mark in zip(("year", "month", "day"), rough.marks, strict=True):
        if mark:
            yield f"The {component} in {part.text} is {_MARK_NAMES[mark]} ({mark})."
    if any(rough.marks):
        low, high = part.span(zone)
        yield (
            f"So {part.text} may mean any day from {moment_text(low, zone, part.unit)} "
            f"to {moment_text(Ticks(high - part.unit), zone, part.unit)}."
        )
