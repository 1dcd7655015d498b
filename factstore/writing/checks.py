"""Checks quotes against the archived texts of their sources: what a citation's record says about its quote's place.

The results (`check`, `start` and `end`, and a prefix or suffix that nobody gave) follow from the quote and the text. They are
recorded with the citation, so that they can be read without the text, and are no part of what a document says.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple, get_args

from factstore.database.engine import Connection
from factstore.evidence.quotes import MANY, ArchivedText, Match
from factstore.ledger import texts
from factstore.ledger.canonical import sha256
from factstore.ledger.fields import Surrounding
from factstore.plain import Json, JsonObject

Result = Literal["verbatim", "normalised", "missing", "ambiguous", "unchecked"]

#: The results of a check, apart from a prefix or suffix.
FOUND = ("check", "start", "end")
SURROUNDINGS: tuple[Surrounding, ...] = get_args(Surrounding)
#: The fields of a citation that its check depends on.
CHECKED = ("source", "quote", *SURROUNDINGS)

_SHOWN = 6
_WORDS = 2
_KEPT = 8


#: Archived texts as last read, by their SHA-256; None for those that are not available.
ReadTexts = OrderedDict[str, ArchivedText | None]


class Texts:
    """Archived texts by their SHA-256; those used last are kept in `read`, which a commit's calls share.

    With `hash_only`, given texts are used in this commit, but not archived.
    """

    def __init__(self, connection: Connection, read: ReadTexts, *, hash_only: bool = False) -> None:
        self._connection = connection
        self._hash_only = hash_only
        self._given: dict[str, ArchivedText] = {}
        self._read = read

    def add(self, content: str) -> tuple[str, bool]:
        """Add a given text. Returns its SHA-256, and whether it is archived now and was not before."""
        name = sha256(content)
        if self._hash_only:
            self._given.setdefault(name, ArchivedText(content))
            return name, False
        new = not texts.holds(self._connection, name)
        if new:
            texts.keep(self._connection, content)
            self._read.pop(name, None)
        return name, new

    def get(self, name: str | None) -> ArchivedText | None:
        """The text with a SHA-256, None if it is not available."""
        if name is None:
            return None
        if name in self._given:
            return self._given[name]
        if name not in self._read:
            content = texts.read(self._connection, name)
            self._read[name] = None if content is None else ArchivedText(content)
            if len(self._read) > _KEPT:
                self._read.popitem(last=False)
        self._read.move_to_end(name)
        return self._read[name]


class Verdict(NamedTuple):
    """The result for a citation's quote: the citation's fields with the result in them, the result itself and the places."""

    fields: JsonObject
    result: Result | None
    matches: tuple[Match, ...] = ()


def surroundings(fields: Mapping[str, Json], *, but: Collection[str] = ()) -> list[Surrounding]:
    """Which of prefix and suffix a citation has, without `but`."""
    return [name for name in SURROUNDINGS if fields.get(name) and name not in but]


def examine(fields: Mapping[str, Json], text: ArchivedText | None, given: Collection[str] = ()) -> Verdict:
    """Look for a citation's quote in the text of its source.

    A prefix or suffix that is `given` must be there, and is kept; one that was filled in only helps to choose.
    """
    said = {name: value for name, value in fields.items() if name not in FOUND}
    quote = said.get("quote")
    if quote is None:
        return Verdict(said, None)
    if text is None:
        return Verdict(said | {"check": "unchecked"}, "unchecked")
    around = {name: said[name] for name in surroundings(said)}
    asked = {name: value for name, value in around.items() if name in given}
    matches = text.find(quote, **around)
    if len(matches) != 1 and asked != around:
        without = text.find(quote, **asked)
        if len(without) == 1 or not matches:
            matches, around = without, asked
    if not matches:
        return Verdict(said | {"check": "missing"}, "missing")
    if len(matches) > 1:
        return Verdict(said | {"check": matches[0].check}, "ambiguous", tuple(matches))
    (match,) = matches
    place = {"check": match.check, "start": match.start, "end": match.end}
    beside = {name: value for name in SURROUNDINGS if (value := around.get(name) or getattr(match, name))}
    rest = {name: value for name, value in said.items() if name not in SURROUNDINGS}
    return Verdict(rest | beside | place, match.check, (match,))


def reexamine(
    now: Mapping[str, Json], changes: Mapping[str, Json], text: ArchivedText | None, given: Collection[str] = ()
) -> tuple[JsonObject, Verdict]:
    """Check a citation again when its fields change. Returns all changes, including the results, and the result.

    `given`: which of prefix and suffix somebody gave, now or before. If they are not next to the quote, it is missing.
    """
    fields = {name: value for name, value in {**now, **changes}.items() if value is not None}
    if text is None and "start" in now and ("quote" in changes or "source" in changes):
        # A prefix or suffix that was filled in belongs to the earlier quote's place.
        fields = {name: value for name, value in fields.items() if name not in SURROUNDINGS or name in given}
    verdict = examine(fields, text, given)
    found = {name: verdict.fields.get(name) for name in (*SURROUNDINGS, *FOUND)}
    said = {name: value for name, value in changes.items() if name not in found}
    return said | {name: value for name, value in found.items() if value != now.get(name)}, verdict


#: Dots that people write where words are left out, without the brackets.
_DOTS = re.compile(r"(?<!\[)(?:…|\.\s?\.\s?\.)(?!\])")


def problem(
    verdict: Verdict, text: ArchivedText, source: str, given: Collection[str] = (), *, hint: bool = True
) -> str:
    """Why a quote that is not at exactly one place is refused; with `hint`, names the passage nearest to a missing quote."""
    quote = verdict.fields["quote"]
    if verdict.result == "ambiguous":
        count = f"{'at least ' if len(verdict.matches) >= MANY else ''}{len(verdict.matches)}"
        places = [f"{number}. {_in_context(match)}" for number, match in enumerate(verdict.matches[:_SHOWN], start=1)]
        more = len(verdict.matches) - _SHOWN
        lines = "".join(f"\n    {place}" for place in [*places, *([f"and {more} more"] if more > 0 else [])])
        return (
            f"the text of {source} has the quote {count} times, “{cut(quote)}”; say which with prefix or suffix:{lines}"
        )
    if given and text.find(quote, limit=1):
        return f"the text of {source} has the quote, but not with that {' and '.join(sorted(given))}: “{cut(quote)}”"
    near = nearest(quote, text) if hint else None
    return (
        f"the quote is not in the text of {source}: “{cut(quote)}”"
        + ("; words left out are marked […] or [...]" if _DOTS.search(quote) else "")
        + (f"; the nearest there: “{near}”" if near else "")
    )


def cut(quote: str, most: int = 120) -> str:
    """A quote on one line, short enough for a sentence."""
    line = " ".join(quote.split())
    return line if len(line) <= most else line[: most - 2].rstrip() + " …"


def _in_context(match: Match) -> str:
    return " ".join(f"…{match.prefix}[{cut(match.exact, 60)}]{match.suffix}…".split())


def nearest(quote: str, text: ArchivedText) -> str | None:
    """The passage of a text that begins, or else ends, with the longest part of a quote that occurs anywhere in it."""
    words = quote.split()
    for backwards in (False, True):
        low, high = 0, len(words)
        found: Match | None = None
        while high - low > 1:
            middle = (low + high) // 2
            part = words[-middle:] if backwards else words[:middle]
            there = text.find(" ".join(part), limit=1)
            if there:
                low, found = middle, there[0]
            else:
                high = middle
        if found and low >= _WORDS:
            # As long as the quote, and up to the end of a word.
            if backwards:
                start = max(found.end - len(quote), 0)
                return cut(re.split(r"\s", text.text[max(start - 20, 0) : start])[-1] + text.text[start : found.end])
            end = found.start + len(quote)
            return cut(text.text[found.start : end] + re.split(r"\s", text.text[end : end + 20])[0])
    return None
