"""Characters that a PNG or a PDF shows as boxes, since neither the machine nor the converter has a font for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from xml.sax.saxutils import escape

_TEXT = re.compile(r"<text\b.*?</text>", re.DOTALL)
_OTHERS = re.compile(r"[^\x00-\x7f]")
#: Categories of characters that are seen with others only, or not at all.
_UNSEEN = re.compile("M|Z|Cc|Cf").match
#: How many characters and scripts the sentence names.
_NAMED = 5
#: Scripts by the first word of a character's name in Unicode, where that is not what people call them.
_SCRIPTS = {"cjk": "Chinese"}


def sentence(drawings: Iterable[str], undrawn: Callable[[Sequence[str]], Sequence[str]]) -> str:
    """A sentence on the characters in drawings that are boxes; "" if none are.

    `undrawn` tries elements with text, and returns what no font has.
    """
    found = [*dict.fromkeys(undrawn(_elements(drawings)))]
    # Where one character has no font, the converter draws those after it as boxes too, even if they have one.
    alone = undrawn([f"<text>{escape(piece)}</text>" for piece in found])
    signs = [sign for sign in dict.fromkeys("".join(alone)) if not _UNSEEN(unicodedata.category(sign))]
    if not signs:
        return ""
    more = len(signs) - _NAMED
    shown = ", ".join(signs[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    scripts = [*dict.fromkeys(map(_script, filter(str.isalpha, signs)))]
    named = f" ({', '.join(scripts[:_NAMED])}{', …' if len(scripts) > _NAMED else ''})" if scripts else ""
    boxes = "it is drawn as a box" if len(signs) == 1 else "they are drawn as boxes"
    beside = ", and so are others beside them" if {*"".join(found)} - {*"".join(alone)} else ""
    return (
        f"no font here has {shown}{named}: {boxes}{beside}; install a font that does, or draw an .svg or .html, which is"
        " shown in its reader's fonts"
    )


def _elements(drawings: Iterable[str]) -> list[str]:
    """The elements with text beyond ASCII, one for each combination of such characters."""
    found: dict[frozenset[str], str] = {}
    for drawing in drawings:
        for element in _TEXT.findall(drawing):
            if others := frozenset(_OTHERS.findall(element)):
                found.setdefault(others, element)
    return [*found.values()]


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "unknown").split()[0].lower()
    return _SCRIPTS.get(first, first.capitalize())
