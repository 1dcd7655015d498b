"""Text that stays on its line and cannot control a terminal: control and direction-changing characters are escaped."""

from __future__ import annotations

import re

#: C0 and C1 controls, line separators, and characters that mark or change the direction of text (Unicode's Bidi_Control).
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def inert(text: str) -> str:
    """A text that stays on its line and cannot control a terminal: characters that could are written as \\uXXXX."""
    return _STEERING.sub(_escaped, text)


def shown(text: str) -> str:
    """Text of several lines that cannot control a terminal: all but the line ends is made inert.

    A JSON text keeps its value, since such characters only occur inside strings.
    """
    return "\n".join(map(inert, text.split("\n")))


def joined(text: str) -> str:
    """A text on one line that cannot control a terminal; each run of white space becomes one space, also at the ends."""
    return inert(re.sub(r"[ \t\r\n]+", " ", text))


def flat(text: str) -> str:
    """A text on one line that cannot control a terminal, without white space at its ends."""
    return joined(text).strip()
