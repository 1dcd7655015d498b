"""Lines that fit a terminal and cannot steer it: control and direction-changing characters are shown, not sent."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Sequence

#: C0 and C1 controls, line separators, and what changes the direction of the text after it.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def width() -> int:
    """The terminal's width in columns, within what reads well."""
    return max(60, min(shutil.get_terminal_size((100, 24)).columns, 160))


def shown(text: str) -> str:
    """A text whose lines cannot steer a terminal: what could is shown as \\uXXXX, line ends aside.

    Of a JSON text the value is the same: what steers stands in strings alone.
    """
    return _STEERING.sub(lambda found: "\n" if found[0] == "\n" else _escaped(found), text)


def flat(text: str) -> str:
    """A text on one line that cannot steer a terminal."""
    return _STEERING.sub(_escaped, re.sub(r"[ \t\r\n]+", " ", text).strip())


def columns(text: str) -> int:
    """How many columns a text takes: East Asian wide characters and emoji two, marks that combine none."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(sign) in ("Mn", "Me", "Cf")
        else 2
        if unicodedata.east_asian_width(sign) in "WF"
        else 1
        for sign in text
    )


def wrap(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """Lines that fit the terminal, `first` before the first of them and `rest` before the others.

    They are broken at spaces alone, so that ids and URLs stay whole; a script without spaces is broken anywhere.
    """
    rest = first if rest is None else rest
    room = max(width(), columns(rest) + 24)
    lines: list[str] = []
    line, empty = first, True
    for word in flat(text).split(" "):
        if not empty and columns(line) + 1 + columns(word) > room:
            lines.append(line)
            line, empty = rest, True
        line += word if empty else f" {word}"
        empty = False
        while columns(line) > room and not word.isascii():
            cut = len(line) - 1
            while columns(line[:cut]) > room:
                cut -= 1
            lines.append(line[:cut])
            line = word = rest + line[cut:]
    return [*lines, line.rstrip()]


def table(rows: Sequence[Sequence[str]], indent: str = "") -> list[str]:
    """Rows in columns; the last column is wrapped."""
    cells = [[flat(cell) for cell in row] for row in rows]
    sizes = [max(map(columns, column)) for column in list(zip(*cells, strict=True))[:-1]]
    lines = []
    for row in cells:
        head = indent + "".join(padded(cell, size) + "  " for cell, size in zip(row, sizes, strict=False))
        lines += wrap(row[-1], head, " " * columns(head))
    return lines


def padded(text: str, size: int) -> str:
    """A text filled up with spaces to a number of columns."""
    return text + " " * (size - columns(text))
