"""Find a name however it is written: its words in any case, with or without accents, with anything but letters between them.

So `Oleg Petrov` is found in "OLEG  PETROV", "Oleg […] Petrov", "Olég-Petrov", "Олег Петров", `oleg-petrov-resigned`,
`OlegPetrov99` and `Oleg%20Petrov`, but not in "Petrov" alone, nor in "Oleg Petrovich".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote

from anyascii import anyascii

from factstore.errors import InputError

#: Invisible characters, and combining marks.
_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
#: A word can go on past a hyphen at the end of a line.
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f{_UNSEEN}]|-\r?\n[ \t]*(?=[^\W_]))*")
#: Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han.
_UNPARTED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_ELISION = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]")
#: The fewest letters with which a name, written as one word, is found within another word.
_LONG = 8
#: The most words that an elision may leave out.
_APART = 200


class Spelt(NamedTuple):
    """A place in a text where a name was found, and how it is written there."""

    start: int
    words: str


class SpeltName:
    """A name to look for. Raises InputError if it has no letter or digit."""

    def __init__(self, name: str) -> None:
        self.name = name
        parts = [[_plain(word[0]) for word in _WORD.finditer(part)] for part in _ELISION.split(name)]
        self._parts = [part for part in ([word for word in part if word] for part in parts) if part]
        if not self._parts:
            raise InputError(f"{name!r} has no letter or digit to look for")
        self._glued = "".join(word for part in self._parts for word in part)
        self._unparted = _levelled(name) if _UNPARTED.search(name) else ""

    def find(self, text: str) -> Iterator[Spelt]:
        """All places in a text where the name is found."""
        if self._unparted:
            if self._unparted in _levelled(text):
                yield Spelt(max(text.find(self.name), 0), self.name)
            return
        yield from self._in_words(text)
        if "%" in text and (decoded := unquote(text)) != text and next(self._in_words(decoded), None):
            yield Spelt(0, quote(self.name))

    def _in_words(self, text: str) -> Iterator[Spelt]:
        found = [(word.start(), word.end(), _plain(word[0])) for word in _WORD.finditer(text)]
        words = [word for _, _, word in found]
        place = 0
        while place < len(words):
            end = self._ends(words, place)
            if end:
                start = found[place][0]
                yield Spelt(start, text[start : found[end - 1][1]])
            place = end or place + 1

    def _ends(self, words: list[str], start: int) -> int:
        """The index of the word after the name, if the name begins with the word at `start`; else 0."""
        if words[start] == self._glued or (len(self._glued) >= _LONG and self._glued in words[start]):
            return start + 1
        place = start
        for turn, part in enumerate(self._parts):
            size = len(part)
            last = min(place + _APART, len(words) - size)
            ahead = range(place, last + 1) if turn else (place,)
            place = next((here + size for here in ahead if words[here : here + size] == part), 0)
            if not place:
                return 0
        return place

    def spellings(self) -> set[str]:
        """The name as it is most often written, to search bytes for."""
        words = [word for part in self._parts for word in part]
        found = {self.name, *("".join(self._parts[0]) for _ in words[1:2])}
        found |= {joint.join(words) for joint in " -_"} if not self._unparted else set()
        found |= {change(one) for one in list(found) for change in (str.lower, str.upper, str.title)}
        found |= {unicodedata.normalize(form, one) for one in list(found) for form in ("NFC", "NFD", "NFKC")}
        return found | {quote(self.name)}


def _plain(word: str) -> str:
    """A word in the form in which words are compared: lower-case ASCII letters and digits."""
    bare = re.sub(rf"[{_UNSEEN}]|-\r?\n[ \t]*", "", unicodedata.normalize("NFKC", word))
    return re.sub("[^a-z0-9]", "", anyascii(bare).lower())


def _levelled(text: str) -> str:
    return re.sub(rf"[\s{_UNSEEN}]", "", unicodedata.normalize("NFKC", text)).casefold()
