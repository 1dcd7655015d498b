"""A name however it is written: its words in any case, with or without accents, and with anything but letters between them.

So `Oleg Petrov` stands in "OLEG  PETROV", "Oleg […] Petrov", "Olég-Petrov", "Олег Петров", `oleg-petrov-resigned`,
`OlegPetrov99` and `Oleg%20Petrov`. It does not stand in "Petrov" alone, nor in "Oleg Petrovich".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote

from anyascii import anyascii

from factstore.errors import InputError

#: Signs that are not seen, and marks that a letter may bear.
_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
#: A word also goes on past a hyphen at the end of a line.
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f{_UNSEEN}]|-\r?\n[ \t]*(?=[^\W_]))*")
#: Scripts that part no words: Thai, Lao, Burmese, Khmer, kana, Han.
_UNPARTED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_ELISION = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]")
#: From so many letters on a name written as one word is found within another.
_LONG = 8
#: So many words an elision may leave out.
_APART = 200


class Spelt(NamedTuple):
    """Where a name stands in a text, as it is written there."""

    start: int
    words: str


class SpeltName:
    """A name to be looked for. Raises InputError for one without a letter or digit."""

    def __init__(self, name: str) -> None:
        self.name = name
        parts = [[_plain(word[0]) for word in _WORD.finditer(part)] for part in _ELISION.split(name)]
        self._parts = [part for part in ([word for word in part if word] for part in parts) if part]
        if not self._parts:
            raise InputError(f"{name!r} has no letter or digit to be looked for")
        self._glued = "".join(word for part in self._parts for word in part)
        self._unparted = _levelled(name) if _UNPARTED.search(name) else ""

    def find(self, text: str) -> Iterator[Spelt]:
        """Every place of a text where the name stands."""
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
        """The word before which the name ends that begins with the word at a place; 0 where none does."""
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
        """The name as it is most often written, for bytes to be searched."""
        words = [word for part in self._parts for word in part]
        found = {self.name, *("".join(self._parts[0]) for _ in words[1:2])}
        found |= {joint.join(words) for joint in " -_"} if not self._unparted else set()
        found |= {change(one) for one in list(found) for change in (str.lower, str.upper, str.title)}
        found |= {unicodedata.normalize(form, one) for one in list(found) for form in ("NFC", "NFD", "NFKC")}
        return found | {quote(self.name)}


def _plain(word: str) -> str:
    """A word as it is compared: in lower-case ASCII letters and digits."""
    bare = re.sub(rf"[{_UNSEEN}]|-\r?\n[ \t]*", "", unicodedata.normalize("NFKC", word))
    return re.sub("[^a-z0-9]", "", anyascii(bare).lower())


def _levelled(text: str) -> str:
    return re.sub(rf"[\s{_UNSEEN}]", "", unicodedata.normalize("NFKC", text)).casefold()
