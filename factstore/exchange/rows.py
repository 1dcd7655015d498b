"""What one row of a sheet, or one entry of another file, says: a fact's fields, the sources that it names, an id."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from factstore.documents.slugs import (
    slug_of,
)
from factstore.exchange.cited_sources import Named
from factstore.exchange.grids import one_line
from factstore.exchange.headers import plain

#: A title of more characters is cut at the end of its first sentence, and kept whole as an attribute.
LONGEST_TITLE = 240


@dataclass(slots=True)
class Row:
    """What a row of a sheet, or an entry of another file, says of one fact.

    `key` is the id that it bears, `given` the same where a fact's id is made of it. `named` are the sources of its
    citations; `source` what it says of each of these, `cited` of each citation, `first` of the first one alone, and `own` of
    each alone, in turn.
    """

    number: int
    key: str = ""
    given: str = ""
    fact: dict[str, Any] = field(default_factory=dict)
    named: list[Named] = field(default_factory=list)
    source: dict[str, str] = field(default_factory=dict)
    cited: dict[str, Any] = field(default_factory=dict)
    first: dict[str, Any] = field(default_factory=dict)
    own: list[dict[str, Any]] = field(default_factory=list)


#: Words of a header that say no more than that ids stand below it.
_NUMBERS = frozenset(
    (
        *("id", "ids", "no", "nr", "number", "ref", "reference", "key", "uid", "s", "sl", "unique", "identifier"),
        *("serial", "item", "row", "record", "entry"),
    )
)


def id_of(given: str, header: str) -> str:
    """A fact's id made of the id in a row; a number is given what its header says that it numbers, and is none without it."""
    if not given[:1].isdecimal():
        return slug_of(given)
    words = [word for word in plain(header)[0].split() if word not in _NUMBERS]
    return slug_of(f"{' '.join(words)} {given}") if words and words[0][0].isalpha() else ""


def shortened(text: str) -> str:
    """A title in one line: whole, or its first sentence, or its first words."""
    line = one_line(text)
    if len(line) <= LONGEST_TITLE:
        return line
    sentence = re.match(rf".{{20,{LONGEST_TITLE}}}?[.!?](?= [A-Z“\"'])", line)
    return sentence[0] if sentence else f"{line[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"
