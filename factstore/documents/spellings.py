"""Finds a name however it is written: its words in any case, with or without accents, with anything but letters between them.

So `Oleg Petrov` is found in "OLEG  PETROV", "Oleg […] Petrov", "Olég-Petrov", "Олег Петров", `oleg-petrov-resigned`,
`OlegPetrov99` and `Oleg%20Petrov`, but not in "Petrov" alone. In "Oleg Petrovich" it is found within a longer word.

A text is searched in a folded form, in which each word is lower-case ASCII letters and digits, and one character stands
between two words: `-` for a mark that may be within a word, `~` for a hyphen at the end of a line, which may belong to the
word or be there because it was broken, and a space for anything else. A page's numbers between two lines are enclosed in `<`
and `>`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise
from operator import add
from typing import NamedTuple
from urllib.parse import quote, unquote

from anyascii import anyascii

from factstore.errors import InputError

#: Invisible characters, and combining marks.
_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
_WORD = re.compile(rf"[^\W_](?:[\u0300-\u036f{_UNSEEN}]*[^\W_])*[\u0300-\u036f]*")
#: What stands between two words that may be one.
_MARK = re.compile("[-‐‑'’.\u00ad]")
_BROKEN = re.compile("[-‐‑\u00ad][ \\t]*(?:\\r?\\n|\\f)\\s*")
#: Lines between two pages: blank ones, numbers of pages, and stamps of capitals and digits such as `NC-000123`.
_FURNITURE = re.compile(
    r"(?<=[\n\f])(?:[^\w\n]*+(?:(?:[Pp](?:age|\.) ?)?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?|[A-Z][A-Z0-9 _.-]{0,30}?\d{3,})?"
    r"[^\w\n]*+\n){1,6}"
)
#: Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
_UNPARTED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_ELISION = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]")
#: The fewest letters with which a name, written as one word, is taken for the name within another word.
_LONG = 8
#: The fewest Latin letters that are searched for instead of a name in such a script: two or three make many other words.
_TELLING = 4
#: The most words that an elision may leave out.
_APART = 200

# In a folded text: what may stand between two letters of a word, between two words, and where an elision is.
_WITHIN = "(?:[~-](?:<[^<>]*>)?)?"
_BETWEEN = "(?:[ ~-](?:<[^<>]*>)?)?"
_APART_FROM = f"[^a-z0-9]+(?:[a-z0-9]+[^a-z0-9]+){{0,{_APART}}}?"


class Spelt(NamedTuple):
    """A place in a text where a name was found, and how it is written there.

    `within`: whether it is only a part of longer words, all of which `words` has.
    """

    start: int
    words: str
    within: bool = False


class SpeltName:
    """A name to look for. Raises InputError if it has no letter or digit."""

    def __init__(self, name: str) -> None:
        self.name = name
        parts = [[_plain(word[0]) for word in _WORD.finditer(part)] for part in _ELISION.split(name)]
        self._parts = [part for part in ([word for word in part if word] for part in parts) if part]
        if not self._parts:
            raise InputError(f"{name!r} has no letter or digit to look for")
        glued = "".join(word for part in self._parts for word in part)
        loose = _APART_FROM.join(_BETWEEN.join(map(_spaced, part)) for part in self._parts)
        whole = f"(?<![a-z0-9]){loose}(?![a-z0-9])"
        self._whole = re.compile(f"{whole}|{'~?'.join(glued)}" if len(glued) >= _LONG else whole)
        self._anywhere = re.compile(loose)
        self._unparted = _levelled(name) if _UNPARTED.search(name) else ""
        self._in_latin = not self._unparted or len(glued) >= _TELLING

    def find(self, text: str) -> Iterator[Spelt]:
        """All places in a text where the name is found as words of its own."""
        return (place for place in self.places(text) if not place.within)

    def places(self, text: str) -> Iterator[Spelt]:
        """All places in a text where the name is found: first those as words of its own, then those within longer words."""
        yield from self._found(text)
        if "%" in text and (decoded := unquote(text)) != text:
            for place in self._found(decoded):
                yield Spelt(0, quote(place.words if place.within else self.name), place.within)

    def _found(self, text: str) -> Iterator[Spelt]:
        if self._unparted and self._unparted in _levelled(text):
            yield Spelt(max(text.find(self.name), 0), self.name)
        elif self._in_latin:  # as in ids, which are made from titles
            yield from self._in_words(text)

    def _in_words(self, text: str) -> Iterator[Spelt]:
        folded = _Folded(text)
        whole = [found.span() for found in self._whole.finditer(folded.text)]
        for start, end in whole:
            yield folded.spelt(start, end)
        for start, end in (found.span() for found in self._anywhere.finditer(folded.text)):
            before = bisect_left(whole, (end,))
            if not before or whole[before - 1][1] <= start:
                yield folded.spelt(start, end, within=True)

    def spellings(self) -> set[str]:
        """The name as it is most often written, to search bytes for."""
        words = [word for part in self._parts for word in part]
        found = {self.name}
        if self._in_latin:
            found.add("".join(words))
        found |= {joint.join(words) for joint in " -_"} if not self._unparted else set()
        found |= {change(one) for one in list(found) for change in (str.lower, str.upper, str.title)}
        found |= {unicodedata.normalize(form, one) for one in list(found) for form in ("NFC", "NFD", "NFKC")}
        return found | {quote(self.name)}


class _Folded:
    """A text folded, and which of its words begins where."""

    def __init__(self, text: str) -> None:
        apart = [found.span() for found in _FURNITURE.finditer(text)]
        self._text = text
        self._at: list[int] = []
        self._words: list[tuple[int, int]] = []
        folded, size, end, inside, turn = [], 0, 0, False, 0
        for word in _WORD.finditer(text):
            plain = _plain(word[0])
            if not plain:
                continue
            start = word.start()
            while turn < len(apart) and apart[turn][1] <= start:
                turn += 1
            is_apart = turn < len(apart) and apart[turn][0] <= start
            joint = ">" if inside and not is_apart else _joint(text[end:start], is_apart=is_apart)
            joint += "<" if is_apart and not inside else ""
            folded += [joint, plain]
            self._at.append(size + len(joint))
            self._words.append(word.span())
            size += len(joint) + len(plain)
            end, inside = word.end(), is_apart
        self.text = "".join(folded)

    def spelt(self, start: int, end: int, *, within: bool = False) -> Spelt:
        """The words of the original from one place in the folded text to another."""
        low = self._words[bisect_right(self._at, start) - 1][0]
        high = self._words[bisect_right(self._at, end - 1) - 1][1]
        return Spelt(low, self._text[low:high], within)


def _joint(between: str, *, is_apart: bool) -> str:
    """The character that stands for what is between two words, the second of which may be set apart."""
    if (_BROKEN.match if is_apart else _BROKEN.fullmatch)(between):
        return "~"
    return "-" if _MARK.fullmatch(between) else " "


def _spaced(word: str) -> str:
    """A pattern for a word, with what may stand between its letters; nothing may between two digits."""
    joints = ["" if one.isdigit() and other.isdigit() else _WITHIN for one, other in pairwise(word)]
    return "".join(map(add, word, [*joints, ""]))


def _plain(word: str) -> str:
    """A word in the form in which words are compared: lower-case ASCII letters and digits."""
    bare = re.sub(f"[{_UNSEEN}]", "", unicodedata.normalize("NFKC", word))
    return re.sub("[^a-z0-9]", "", anyascii(bare).lower())


def _levelled(text: str) -> str:
    return re.sub(rf"[\s{_UNSEEN}]", "", unicodedata.normalize("NFKC", text)).casefold()
