"""Text for drawings: broken into lines of a width in pixels, with only the characters that XML allows.

Widths are estimates, since the viewer's font is not known: those of Helvetica at twelve pixels (Adobe's font metrics), by
classes of characters, and slightly wider than common sans-serif fonts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from factstore.inert import flat

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDTHS = {
    **dict.fromkeys("ijl|'", 2.8),
    **dict.fromkeys("fI.,:;!()[]t /\\-r", 3.8),
    **dict.fromkeys('ckszxyvJ"“”*', 6.1),
    **dict.fromkeys("ABEKPSVXY&", 8.1),
    **dict.fromkeys("CDHNRUwT", 8.8),
    **dict.fromkeys("GOQ", 9.4),
    **dict.fromkeys("mM—…", 10.6),
    **dict.fromkeys("W%@", 11.6),
}
_OTHER, _WIDE = 6.8, 12.2
_RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT MARK}"


def clean(text: str) -> str:
    """A text on one line, with only characters that XML allows."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", flat(text))


@lru_cache(maxsize=4096)
def _sign_width(sign: str) -> float:
    if sign in _WIDTHS:
        return _WIDTHS[sign]
    if unicodedata.combining(sign):
        return 0
    if unicodedata.east_asian_width(sign) in "WF":
        return _WIDE
    base = unicodedata.normalize("NFD", sign)[0]
    return _WIDTHS.get(base, 7.6 if sign.isupper() else _OTHER)


def text_width(text: str, size: float = 12) -> float:
    """The approximate width of a line in pixels, in a font of a size in pixels."""
    return sum(map(_sign_width, text)) * size / 12


def wrapped(text: str, room: float, lines: int, size: float = 12) -> list[str]:
    """A text broken into at most `lines` lines, each `room` pixels wide, and shortened if it does not fit."""
    found: list[str] = []
    while len(found) < lines - 1 and text_width(text, size) > room:
        head = _fitting(text, room, size)
        space = head.rfind(" ", len(head) // 3)
        if space > 0 and text[len(head) : len(head) + 1] != " ":
            head = head[:space]
        found.append(head)
        text = text[len(head) :].lstrip()
    return [*found, cut(text, room, size)]


def cut(text: str, room: float, size: float = 12) -> str:
    """A text on one line of `room` pixels; if it is shortened, it ends in an ellipsis."""
    if text_width(text, size) <= room:
        return text
    return _fitting(text, room - text_width("…", size), size).rstrip() + "…"


def _fitting(text: str, room: float, size: float) -> str:
    """As many of the first characters as fit, at least one; accents stay with their letters."""
    used = 0.0
    for place, sign in enumerate(text):
        used += _sign_width(sign) * size / 12
        if used > room and place:
            return text[:place]
    return text


def directed(line: str) -> str:
    """A line; one that begins in a right-to-left script is enclosed in marks, so that its punctuation keeps its place."""
    mark = direction(line)
    return f"{mark}{line}{mark}"


def direction(line: str) -> str:
    """The right-to-left mark if the first letter of a line is of such a script, else ""."""
    first = next((kind for kind in map(unicodedata.bidirectional, line) if kind in ("L", "R", "AL")), "L")
    return "" if first == "L" else _RIGHT_TO_LEFT


def widest(lines: Iterable[str], size: float = 12) -> float:
    """The width of the widest line, in pixels."""
    return max((text_width(line, size) for line in lines), default=0)
