"""Text that stays on its line and cannot steer a terminal: control and direction-changing characters are shown, not sent."""

from __future__ import annotations

import re

#: C0 and C1 controls, line separators, and whatever marks or changes the direction of text (Unicode's Bidi_Control).
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def inert(text: str) -> str:
    """A text that stays on its line and cannot steer a terminal: what could is shown as \\uXXXX."""
    return _STEERING.sub(_escaped, text)


def shown(text: str) -> str:
    """Lines that cannot steer a terminal, whoever wrote them: all but their ends is made inert.

    Of a JSON text the value is the same: what steers stands in strings alone.
    """
    return "\n".join(map(inert, text.split("\n")))


def joined(text: str) -> str:
    """A text on one line that cannot steer a terminal, with the space at its ends kept as one space."""
    return inert(re.sub(r"[ \t\r\n]+", " ", text))


def flat(text: str) -> str:
    """A text on one line that cannot steer a terminal."""
    return joined(text).strip()
