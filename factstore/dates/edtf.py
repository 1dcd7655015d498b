"""EDTF text in, four bounds out: nothing that a text allows is ever left outside its bounds.

The Extended Date/Time Format, ISO 8601-2:2019 levels 0, 1 and 2 whole, after the Library of
Congress's specification of 2019-02-04; beyond it, minutes,
decimals of seconds, and times as interval ends and set members. A text is kept to the letter.
What happened occupies a non-empty half-open `[start, end)`, and a text bounds both of its ends:

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

from factstore.dates.forms import Corners, Form, read_form
from factstore.dates.part import GROUPS, MONTHS, Part
from factstore.dates.ticks import DAY, LIMIT, briefly, first_and_last, moment_text, short, zone_text
from factstore.errors import DateError

__all__ = ["Edtf", "doubt"]

_SPAN_OR_SEASON = re.compile(r"[0-9]{2}([0-9]{2})-(2[1-9]|3[0-9]|4[01])")


@final
class Edtf:
    """A date: immutable, hashable, equal where its text is, `eval(repr(date)) == date`.

    `a < b` only where a certainly ends by the time b starts, both read in UTC; so neither of
    `2018-03` and `2018-03-20` comes first. Every `zone` is in seconds east of UTC and says how the
    parts that bear no offset are read.
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
        """It has no start: `../1985`, `{..1984}`."""
        return self._form.open_start

    @property
    def open_end(self) -> bool:
        """It has no end: `1985/..`, `{1984..}`."""
        return self._form.open_end

    @property
    def holes(self) -> bool:
        """A mask or set does not fill the span that is reasoned with."""
        return self._form.holes()

    @property
    def has_time(self) -> bool:
        """Some part bears a time of day."""
        return any(part.has_time for part in self._form.parts())

    @property
    def floating(self) -> bool:
        """Some part bears no offset and is read in the zone."""
        return any(part.offset is None for part in self._form.parts())

    @property
    def anchored(self) -> bool:
        """Some part bears an offset: it is the same instant in every zone."""
        return any(part.offset is not None for part in self._form.parts())

    @property
    def is_plain(self) -> bool:
        """A date or an interval of two: no mark, X, significant digits, open or unknown end."""
        return self._form.rough() is None

    def corners(self, zone: int = 0) -> Corners:
        """The bounds that are reasoned with.

        DateError where an interval from a floating to an anchored end, or from an anchored to a
        floating one, is reversed in this zone.
        """
        try:
            return self._form.corners(zone)
        except DateError as fault:
            raise _refusal(self.text, fault) from None

    def earliest(self, zone: int = 0) -> str | None:
        """The first day as written, marks not counted, or instant where a time is given.

        None where unbounded or unknown.
        """
        return self._written(zone)[0]

    def latest(self, zone: int = 0) -> str | None:
        """The last day, inclusive, as `earliest` the first."""
        return self._written(zone)[1]

    def _written(self, zone: int) -> tuple[str | None, str | None]:
        start = min((part.written(zone)[0] for part in self._form.firsts()), default=None)
        end = max((part.written(zone)[1] for part in self._form.lasts()), default=None)
        first, last = first_and_last(start, end, zone)
        if start is not None and first is None:  # further away than the clock reaches: the year alone
            first = moment_text(start, zone, DAY)
        if end is not None and last is None:
            last = moment_text(end - DAY, zone, DAY)
        return first, last

    def period(self, zone: int = 0) -> tuple[int, int]:
        """Start and exclusive end in ticks, of a plain date taken as a period known exactly."""
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
        """The corners of each alternative of a one-of set or mask; else its own alone.

        DateError where there are more than `limit`.
        """
        found = list(islice(self._form.members(zone), limit + 1))
        if len(found) > limit:
            raise DateError(f"{short(self.text)} has more than {limit} members.", text=self.text, part=self.text)
        return found

    def extent(self, zone: int = 0) -> tuple[int | None, int | None]:
        """The first tick that it may mean and the one past the last, marks counted, however far away.

        None where unbounded or unknown.
        """
        firsts = (part.span(zone)[0] for part in self._form.firsts())
        return min(firsts, default=None), max((part.span(zone)[1] for part in self._form.lasts()), default=None)

    def readings(self, zone: int = 0) -> list[Corners]:
        """The corners of each member of a one-of set, a range whole; of any other date its own alone."""
        return self._form.readings(zone)

    def runs(self, zone: int = 0) -> list[Corners]:
        """The corners of each part of a `{…}` set that may not touch the next, by when it begins; else its own alone.

        It happened in each of them, and nothing says that it went on in between.
        """
        return self._form.runs(zone)

    def explain(self, zone: int = 0) -> list[str]:
        """How the text is understood, in sentences."""
        return list(_explanation(self, self._form, zone))


def doubt(text: str) -> str:
    """What people may mean by an EDTF text that EDTF reads otherwise, in a sentence; "" where there is no doubt."""
    found = _SPAN_OR_SEASON.fullmatch(text)
    if not found or int(found[2]) <= int(found[1]):
        return ""
    return f"A span of years would be written {text[:4]}/{text[:2]}{found[2]}; this is a part of the year {text[:4]}."


_set_text = vars(Edtf)["text"].__set__  # the slots themselves, since an Edtf lets nothing be set
_set_form = vars(Edtf)["_form"].__set__


def _refusal(text: str, fault: DateError) -> DateError:
    return DateError(f"{short(text)} cannot be read: {fault}.", text=text, part=fault.part)


# Saying it

_MARK_NAMES = {"?": "uncertain", "~": "approximate", "%": "both uncertain and approximate"}


def _explanation(date: Edtf, form: Form, zone: int) -> Iterator[str]:
    yield form.gist()
    for part in form.parts():
        yield from _explain_part(part, zone)
    first, last = briefly(date.earliest(zone), date.latest(zone))
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
            "Not every day between is meant, but the whole span is reasoned with: what is certain "
            "or impossible stays true, what is possible may be generous."
        )
    if date.floating and date.has_time:
        yield f"What bears no offset is read in a zone, here {zone_text(zone)}."
    if date.floating and date.anchored:
        yield "Dates with and without an offset meet here: their order may depend on the zone."


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
            f"That widens {part.text} to {moment_text(low, zone, part.unit)} as the first and "
            f"{moment_text(high - part.unit, zone, part.unit)} as the last day it may mean."
        )
