"""The table of rules, and how a phrase is read by it: whole, by the first rule that knows its words.

A rule is a pattern that must match all of the phrase, and a function that gives its readings (`Times`), finished EDTF
text, or None where the rule after it may know better. Rules take what follows their own words from the same table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from factstore.dates.edtf import Edtf, doubt
from factstore.dates.periods import Period, merged
from factstore.dates.phrases.words import MONTHS, plain, with_whole_year
from factstore.errors import AnchorMissing, DateError

_LONGEST = 200  # characters of a phrase
_EDTF_SIGNS = re.compile(r"(?![0-9]{1,2}[-/.])[-0-9XYESTZ?~%:.+/\[\]{},]*")


class Reading(NamedTuple):
    """EDTF text, the short name of the rule that gave it, and what was done, in one sentence.

    The rule of what was EDTF already is `edtf`; `because` is then empty, or warns of what people may mean instead.
    """

    edtf: str
    rule: str
    because: str


class Context(NamedTuple):
    """On which day a phrase was said, and what settles what it leaves open.

    `tense`: whether it tells of what was or of what will be. `order`: of day and month in figures. `pivot`: the year
    from which two-digit years count, a hundred of them.
    """

    anchor: date | None = None
    tense: Literal["", "past", "future"] = ""
    order: Literal["", "day-first", "month-first"] = ""
    pivot: int | None = None

    @property
    def day(self) -> date:
        """The anchor, for words that mean nothing without one."""
        if self.anchor is None:
            raise AnchorMissing("it means a day only as seen from another; give that one as the anchor")
        return self.anchor

    def seen(self, words: str) -> str:
        """Words that are relative, with the day from which they are seen."""
        return f"{words}, seen from {self.day},".strip()


_UNSAID = Context()


class Times(NamedTuple):
    """The readings of some words; `near` gives what recurs in a `cycle` around a day, in order.

    `room`: the first and the last day that no widening may pass.
    """

    periods: list[Period]
    note: str
    #: day: early and late leave it whole; window: it cannot be cut; clock: a time of day.
    kind: Literal["period", "day", "window", "clock"] = "period"
    cycle: str = ""
    near: Callable[[date], list[Period]] | None = None
    room: tuple[date, date] = (date.min, date.max)

    def each(self, change: Callable[[Period], Period], note: str, kind: Literal["day", "window", "clock"]) -> Times:
        """The same readings, each of them changed."""
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
    """EDTF text that no other rule can build on, and how it came about."""

    edtf: str
    note: str


Read = Callable[[re.Match[str], Context], Times | Finished | None]


class Rule(NamedTuple):
    """A family of phrases: what finds one, what it means in words, examples that are tests, and what reads it.

    `signs`: every phrase that the pattern matches has one of these, as `signs_of` gives them; empty where that is not known.
    """

    name: str
    pattern: re.Pattern[str]
    means: str
    examples: dict[str, str]  # phrase → EDTF, seen from Monday 2018-04-02
    read: Read
    signs: frozenset[str] = frozenset()


#: In the order in which they are tried.
RULES: list[Rule] = []


def rule(name: str, pattern: str, means: str, *examples: str, signs: str = "") -> Callable[[Read], Read]:
    """Add the decorated function to RULES; each example is "phrase = EDTF", and the signs have spaces between them."""

    def add(read: Read) -> Read:
        pairs = dict(example.split(" = ") for example in examples)
        RULES.append(Rule(name, re.compile(pattern, re.ASCII), means, pairs, read, frozenset(signs.split())))
        return read

    return add


def read_when(text: str, said: Context = _UNSAID) -> Reading:
    """A date as people write it: EDTF, else a phrase. Raises DateError where it is neither.

    The refusal is that of EDTF's reader where the text looks like EDTF.
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


def read_phrase(phrase: str, anchor: date | None = None, said: Context | None = None) -> Reading:
    """What a phrase says when said on the anchor's day; DateError where it cannot be read whole.

    Without an anchor, phrases that mean something only as seen from a day are refused.
    """
    said = (said or _UNSAID)._replace(anchor=anchor)
    if len(phrase) > _LONGEST:
        message = f"A phrase of {len(phrase)} characters is too long; {_LONGEST} is the most."
        raise DateError(message, text=phrase[:_LONGEST])
    text = plain(phrase)
    if said.pivot is not None:
        text = with_whole_year(text, said.pivot)
    try:
        used, found = _match(text, said)
        edtf, note = found if isinstance(found, Finished) else (edtf_of(found), told(found))
    except DateError as error:
        words = str(error) if str(error).endswith(".") else f"Cannot read {text!r}: {error}."
        raise type(error)(words, text=phrase, part=error.part or text) from None
    except (OverflowError, ValueError):  # from datetime's own arithmetic
        seen = f", said on {said.anchor}," if said.anchor else ""
        message = f"{text!r}{seen} falls outside the years 1 to 9999."
        raise DateError(message, text=phrase, part=text) from None
    return Reading(edtf, used.name, f"{note[0].upper()}{note[1:]}.")


_LEADING = re.compile(r"^(?:on|in|at(?! \d{4}$)|during|over(?= (?:the|this|last|next))) ")


#: The letters that stand together, whether or not figures touch them, and the marks that some rule asks for.
signs_of = re.compile(r"[a-z]+|[-/:?@~()]").findall


def _match(text: str, said: Context) -> tuple[Rule, Times | Finished]:
    bare = _LEADING.sub("", text)
    for words in (text, bare) if bare != text else (text,):
        signs = frozenset(signs_of(words))
        for used in RULES:
            # Most rules are ruled out by this far sooner than by their patterns.
            if used.signs and used.signs.isdisjoint(signs):
                continue
            if (found := used.pattern.fullmatch(words)) and (read := used.read(found, said)) is not None:
                return used, read
    raise refusal(text, "no rule knows these words" if text else "there is nothing to read")


def times_of(text: str, said: Context) -> Times:
    """The days that an inner part of a phrase stands for."""
    _, found = _match(text, said)
    if isinstance(found, Finished):
        raise refusal(text, "it cannot stand inside a longer phrase")
    return found


def refusal(part: str, why: str) -> DateError:
    """The error for a part of a phrase that cannot be read."""
    return DateError(f"Cannot read {part!r}: {why}.", part=part)


# ---- readings as EDTF and as words


def edtf_of(times: Times, mark: str = "") -> str:
    """All readings as one EDTF text, every date in it with the mark."""
    members = []
    for period in merged(times.periods):
        name, (first, last) = period.single, period.ends
        if mark and name.endswith("~"):
            members.append(name[:-1] + "%")
        else:
            members.append(name + mark if name else f"{first}{mark}..{last}{mark}")
    alone = len(members) == 1 and ".." not in members[0]
    return members[0] if alone else f"[{','.join(members)}]"


def told(times: Times) -> str:
    """The readings in words, after the note."""
    spans = []
    for p in merged(times.periods):
        span = str(p.first) if p.first == p.last else f"{p.first} to {p.over}"
        if p.timed:
            span = p.name.replace("..", " to ")
        spans.append(f"about {p.name[:-1]}" if p.name.endswith("~") else span)
    return f"{times.note} is {either(spans)}"


def either(spans: list[str]) -> str:
    """Several readings in words."""
    return " or ".join(spans) + (", and the words do not say which" if len(spans) > 1 else "")


def called(times: Times) -> str:
    """What whole months and years are called; else the note."""
    names = []
    for period in sorted(times.periods):
        first, last = period.ends
        if first != last or len(first) >= 10:
            return times.note
        names.append(first if len(first) == 4 else f"{MONTHS[period.first.month - 1]} {first[:4]}")
    return " or ".join(names)
