"""Chains of attribution as people write them: names from the one who spoke to the document, with arrows between."""

from __future__ import annotations

import re

#: What is written between two links.
ARROW = " → "
#: What is read as an arrow: the sign, or hyphens and a bracket, as typed on a keyboard; but not `<->`.
_ARROW = re.compile(r"→|(?<![<-])-+>")


def links(text: str) -> list[str]:
    """The links of a chain, without the arrows between them and the blanks around them."""
    return [link for part in _ARROW.split(text) if (link := part.strip())]
