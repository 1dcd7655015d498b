"""The table of rules, and how it reads a phrase: the whole phrase, by the first rule that knows its words.

A rule is a pattern that must match the whole phrase, and a function that returns its readings (`Times`), finished EDTF
text (`Finished`), or None to leave the phrase to later rules. Rules read the words after their own by the same table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from factstore.arguments import checked
from factstore.dates.edtf import Edtf, doubt
from factstore.dates.faults import EventMissing, OtherWeekday
from factstore.dates.given import DateLike, day_of
from factstore.dates.periods import Period, calendar_units, merged
from factstore.dates.phrases.events import counts_from_event, means_event
from factstore.dates.phrases.words import MONTHS, WEEKDAYS, plain, with_whole_year
from factstore.errors import AnchorMissing, DateError

_LONGEST = 200  # the most characters that a phrase may have
_EDTF_SIGNS = re.compile(r"(?![0-9]{1,2}[-/.])[-0-9XYESTZ?~%:.+/\[\]{},]*")


class Reading(NamedTuple):
    """EDTF text, the short name of the rule that gave it, and one sentence on how the words were read.

    If the text was EDTF already, the rule is `edtf`, and `because` is empty or warns of what people may mean instead.
    `stretch`: the most days that the words may mean as one whole stretch of time ("last week"); 0 if they only mean some
    time within it, `EVER` if it may be of any length.
    """

    edtf: str
    rule: str
    because: str
    stretch: int = 0


class Context(NamedTuple):
    """The anchor day of a phrase, and settings that decide between its readings.

    `tense`: whether it speaks of the past or the future. `order`: of day and month in figures. `pivot`: the first of the
    hundred years that two-digit years stand for. `assumed`: the anchor is not given for these very words; it is the day of
    their source, or that of a whole document, from which "yesterday" counts but "the day before" does not. `asked`: a
    question is about the time that they name, so that whoever asks sees how a week is counted.
    """

    anchor: date | None = None
    tense: Literal["", "past", "future"] = ""
    order: Literal["", "day-first", "month-first"] = ""
    pivot: int | None = None
    assumed: bool = False
    asked: bool = False

    @property
    def day(self) -> date:
        """The anchor, for words that mean nothing without one. Raises AnchorMissing if there is none."""
        if self.anchor is None:
            raise AnchorMissing("it means a day only relative to another day; give that day as the anchor")
        return self.anchor

    def units(self, unit: str, count: int) -> list[Period]:
        """The calendar unit that is `count` of them away from the anchor's own, in all readings that the words may have.

        A source that says "last week" on a Sunday may count the new week from that day; a question never does, so that it
        has the same week on each day up to Sunday.
        """
        found = calendar_units(unit, self.day, count)
        return found[:1] if self.asked and unit == "week" else found

    def seen(self, words: str) -> str:
        """A note on relative words that includes the day from which they are read."""
        return f"{words}, seen from {self.day},".strip()


_UNSAID = Context()


class Times(NamedTuple):
    """The readings of some words, and a note that says what they are.

    `near` returns, for things that recur in a `cycle` (week, year), those around a day, in order. `room`: the first and the
    last day; widening stops there. `reach`: how many days to either side "around" it means, if more than for other days.
    """

    periods: list[Period]
    note: str
    #: period: "early" and "late" cut it; day: they leave it whole; window: it cannot be cut; clock: a time of day.
    kind: Literal["period", "day", "window", "clock"] = "period"
    cycle: str = ""
    near: Callable[[date], list[Period]] | None = None
    room: tuple[date, date] = (date.min, date.max)
    reach: int = 0

    def each(self, change: Callable[[Period], Period], note: str, kind: Literal["day", "window", "clock"]) -> Times:
        """The readings with a change applied to each."""
        near = self.near
        changed = (lambda day: [change(p) for p in near(day)]) if near else None
        return self._replace(
            periods=[self._fitted(change(p)) for p in self.periods], note=note, kind=kind, near=changed
        )

    def _fitted(self, period: Period) -> Period:
        low, high = self.room
        if period.first >= low and period.last <= high:
            return period
        return period._replace(first=max(period.first, low), last=min(period.last, high), name="", slack=0)


class Finished(NamedTuple):
    """EDTF text that no other rule can build on, and how the words were read."""

    edtf: str
    note: str


Read = Callable[[re.Match[str], Context], Times | Finished | None]


class Rule(NamedTuple):
    """A family of phrases: its pattern, what it means in words, examples (run as tests), and the function that reads it.

    The pattern is compiled when a phrase is first compared with it: all together take longer than most commands.
    `signs`: any phrase that the pattern matches contains at least one of these, as `signs_of` finds them; empty if not known.
    `stretch`: as in `Reading`; a longer range has edges that are not agreed on, such as a week that may be either of two.
    """

    name: str
    pattern: str
    means: str
    examples: dict[str, str]  # phrase → EDTF, with Monday 2018-04-02 as the anchor
    read: Read
    signs: frozenset[str] = frozenset()
    stretch: int = 0

    def match(self, words: str) -> re.Match[str] | None:
        """How the whole phrase fits the pattern; None if it does not."""
        return _compiled(self.pattern).fullmatch(words)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


#: All rules, in the order in which they are tried.
RULES: list[Rule] = []


def rule(
    name: str, pattern: str, means: str, *examples: str, signs: str = "", stretch: int = 0
) -> Callable[[Read], Read]:
    """Add the decorated function to RULES; each example is "phrase = EDTF", and the signs have spaces between them."""

    def add(read: Read) -> Read:
        pairs = dict(example.split(" = ") for example in examples)
        RULES.append(Rule(name, pattern, means, pairs, read, frozenset(signs.split()), stretch))
        return read

    return add


def read_when(text: str, said: Context = _UNSAID) -> Reading:
    """Read a date as people write it: EDTF, else a phrase. Raises DateError if it is neither.

    The error is that of EDTF's reader if the text looks like EDTF.
    """
    try:
        return Reading(Edtf(text).text, "edtf", doubt(text))
    except DateError as error:
        fault = error
    try:
        return read_phrase(text, said.anchor, said)
    except DateError:
        if _EDTF_SIGNS.fullmatch(text):
            raise fault from None
        raise


@checked
def read_phrase(phrase: str, anchor: DateLike | None = None, said: Context | None = None) -> Reading:
    """Read a phrase that was written on the anchor's day. Raises DateError if it cannot be read whole.

    Without an anchor, relative phrases raise AnchorMissing, or EventMissing if they count from another event ("two days
    later"); the latter also raise it if the anchor is only `assumed`. `said` decides what the words leave open; its anchor
    is ignored.
    """
    context = (said or _UNSAID)._replace(anchor=day_of(anchor))
    if len(phrase) > _LONGEST:
        message = f"A phrase of {len(phrase)} characters is too long; the limit is {_LONGEST}."
        raise DateError(message, text=phrase[:_LONGEST])
    text = plain(phrase)
    if context.pivot is not None:
        text = with_whole_year(text, context.pivot)
    from_event = (context.anchor is None or context.assumed) and counts_from_event(text)
    if from_event:
        context = context._replace(anchor=None)
    try:
        used, found = _match(text, context)
        edtf, note = found if isinstance(found, Finished) else (edtf_of(found), told(found))
    except DateError as error:
        if (isinstance(error, AnchorMissing) and from_event) or means_event(text):
            error = EventMissing(_FROM_EVENT)
        words = str(error) if str(error).endswith(".") else f"Cannot read {text!r}: {error}."
        raise type(error)(words, text=phrase, part=error.part or text) from None
    except (OverflowError, ValueError):  # from datetime's own arithmetic
        seen = f", said on {context.anchor}," if context.anchor else ""
        message = f"{text!r}{seen} falls outside the years 1 to 9999."
        raise DateError(message, text=phrase, part=text) from None
    return Reading(edtf, used.name, f"{note[0].upper()}{note[1:]}.", used.stretch)


_FROM_EVENT = (
    "it counts from another event: relate the fact to that one, or give the day from which it counts as the anchor"
)

_LEADING = re.compile(r"^(?:on|in|at(?! \d{4}$)|during|over(?= (?:the|this|last|next))) ")


def without_leading(words: str) -> str:
    """Words without a preposition in front that does not change what they mean: "on 30 June"."""
    return _LEADING.sub("", words)


#: Runs of letters, whether or not figures touch them, and the marks that some rule has among its signs.
signs_of = re.compile(r"[a-z]+|[-/:?@~()&]").findall


def _match(text: str, context: Context) -> tuple[Rule, Times | Finished]:
    bare = without_leading(text)
    for words in (text, bare) if bare != text else (text,):
        signs = frozenset(signs_of(words))
        for used in RULES:
            # This rules out most rules far sooner than their patterns would.
            if used.signs and used.signs.isdisjoint(signs):
                continue
            if (found := used.match(words)) and (read := used.read(found, context)) is not None:
                return used, read
    raise refusal(text, "no rule knows these words" if text else "there is nothing to read")


def times_of(text: str, context: Context) -> Times:
    """The readings of an inner part of a phrase."""
    _, found = _match(text, context)
    if isinstance(found, Finished):
        raise refusal(text, "it cannot stand inside a longer phrase")
    return found


def refusal(part: str, why: str, kind: type[DateError] = DateError) -> DateError:
    """The error for a part of a phrase that cannot be read."""
    return kind(f"Cannot read {part!r}: {why}.", part=part)


# ---- readings as EDTF and as words


def edtf_of(times: Times, mark: str = "") -> str:
    """All readings as one EDTF text, with the mark on all its dates."""
    members = []
    for period in merged(times.periods):
        name, (first, last) = period.single, period.ends
        if mark and name.endswith("~"):
            members.append(name[:-1] + "%")
        else:
            members.append(name + mark if name else f"{first}{mark}..{last}{mark}")
    alone = len(members) == 1 and ".." not in members[0]
    return members[0] if alone else f"[{','.join(members)}]"


def other_weekday(part: str, times: Times, named: int) -> DateError:
    """The error for a day no reading of which is on the weekday that stands beside it, Monday being 0."""
    days = " and ".join(f"{p.first} is a {WEEKDAYS[p.first.weekday()]}" for p in times.periods)
    return refusal(part, f"{days}, not a {WEEKDAYS[named]}", OtherWeekday)


def told(times: Times) -> str:
    """The readings in words, after the note."""
    spans = []
    for p in merged(times.periods):
        span = str(p.first) if p.first == p.last else f"{p.first} to {p.last}"
        if p.timed:
            span = p.name.replace("..", " to ")
        spans.append(f"about {p.name[:-1]}" if p.name.endswith("~") else span)
    return f"{times.note} is {either(spans)}"


def either(spans: list[str]) -> str:
    """Several readings in words."""
    return " or ".join(spans) + (", and the words do not say which" if len(spans) > 1 else "")


def called(times: Times) -> str:
    """Whole months and years by name; for other readings the note."""
    names = []
    for period in sorted(times.periods):
        first, last = period.ends
        if first != last or len(first) >= 10:
            return times.note
        names.append(first if len(first) == 4 else f"{MONTHS[period.first.month - 1]} {first[:4]}")
    return " or ".join(names)
