"""Lines that fit a terminal, made of texts that cannot steer it (see `inert`).

Colour is added after the text has been made safe, never before, and only if the screen takes it. It says nothing that the
words do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from factstore.inert import flat, joined

# --- the screen -----------------------------------------------------------------------------------------------


class Screen(NamedTuple):
    """What lines are made for: how many columns it has (None: no limit), and whether it takes colour."""

    columns: int | None = None
    colour: bool = False


_PLAIN = Screen()
_SCREEN = ContextVar("screen", default=_PLAIN)


@contextmanager
def on(screen: Screen) -> Iterator[None]:
    """Make lines for a screen within this block; outside, they are plain and of any length."""
    token = _SCREEN.set(screen)
    try:
        yield
    finally:
        _SCREEN.reset(token)


#: The look of each meaning, as parameters of SGR (ECMA-48, 8.3.117).
_LOOKS = {
    "certain": "1;32",
    "possible": "1;33",
    "impossible": "2",
    "disputed": "33",
    "denied": "31",
    "foretold": "36",
    "unsupported": "33",
    "withdrawn": "2",
    "conflicting": "1;31",
    "title": "1",
    "aside": "2",
}


class Marked(NamedTuple):
    """A text, and what it means (see `_LOOKS`)."""

    text: str
    meaning: str


#: A text, or a list of texts of which some have a meaning.
Words = str | Sequence[str | Marked]


def _joined(words: Words) -> tuple[str, list[tuple[int, int, str]]]:
    """The words on one line, made safe, and the start, end and look of each part that has one."""
    if isinstance(words, str):
        return flat(words), []
    text, looks = "", []
    for part in words:
        shown, meaning = part if isinstance(part, Marked) else (part, "")
        shown = joined(shown)
        start = len(text)
        text += shown.removeprefix(" ") if text.endswith(" ") else shown
        if meaning in _LOOKS:
            looks.append((start, len(text), _LOOKS[meaning]))
    shift = len(text) - len(text.lstrip())
    here = looks if _SCREEN.get().colour else []
    return text.strip(), [(start - shift, end - shift, look) for start, end, look in here]


def _painted(text: str, start: int, end: int, looks: Sequence[tuple[int, int, str]]) -> str:
    """A stretch of a text, with its looks."""
    painted, place = "", start
    for first, last, look in looks:
        first, last = max(first, start), min(last, end)
        if first < last:
            painted += f"{text[place:first]}\x1b[{look}m{text[first:last]}\x1b[0m"
            place = last
    return painted + text[place:end]


# --- lines ----------------------------------------------------------------------------------------------------


def columns(text: str) -> int:
    """How many columns a text takes: two for East Asian wide characters and emoji, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(sign: str) -> int:
    # Vowels and finals of decomposed Hangul combine with the consonant before them.
    if unicodedata.category(sign) in ("Mn", "Me", "Cf") or "\u1160" <= sign <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def wrap(words: Words, first: str = "", rest: str | None = None) -> list[str]:
    """Lines that fit the screen, the first indented by `first`, the others by `rest`.

    They break only at spaces, so that ids and URLs stay whole; a script without spaces breaks anywhere.
    """
    rest = first if rest is None else rest
    text, looks = _joined(words)
    room = _SCREEN.get().columns
    breaks = [(0, len(text))] if room is None else _breaks(text, max(room, columns(rest) + 24), first, rest)
    lines = [(rest if n else first) + _painted(text, *slice_, looks) for n, slice_ in enumerate(breaks)]
    return [*lines[:-1], lines[-1].rstrip()]


def _breaks(text: str, room: int, first: str, rest: str) -> Iterator[tuple[int, int]]:
    """The start and end of each line of a text."""
    start = end = 0
    left = room - columns(first)
    for word in re.finditer("[^ ]+", text):
        size = columns(word[0])
        if end > start and size + 1 > left:
            yield start, end
            start = end = word.start()
            left = room - columns(rest)
        left -= word.start() - end
        if size > left and not word[0].isascii():
            for place in range(*word.span()):
                size = _columns(text[place])
                if size > left and place > start:
                    yield start, place
                    start, left = place, room - columns(rest)
                left -= size
            size = 0
        end = word.end()
        left -= size
    yield start, end


def table(rows: Sequence[tuple[*tuple[str, ...], Words]], indent: str = "") -> list[str]:
    """Rows in columns; the last column is wrapped."""
    cells = [[flat(cell) for cell in row] for *row, _ in rows]
    sizes = [max(map(columns, column)) for column in zip(*cells, strict=True)]
    lines = []
    for (*_, last), row in zip(rows, cells, strict=True):
        head = indent + "".join(padded(cell, size) + "  " for cell, size in zip(row, sizes, strict=True))
        lines += wrap(last, head, " " * columns(head))
    return lines


def padded(text: str, size: int) -> str:
    """A text padded with spaces to a number of columns."""
    return text + " " * (size - columns(text))
