"""The content of one row of a sheet, or one entry of another file: a fact's fields, its sources, an id."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from factstore.documents.slugs import slug_of
from factstore.exchange.cited_sources import Named
from factstore.exchange.grids import one_line
from factstore.exchange.headers import plain
from factstore.plain import JsonObject

#: The most characters of a title; a longer one is cut after its first sentence, and kept whole as an attribute.
LONGEST_TITLE = 240


@dataclass(slots=True)
class Row:
    """What a row of a sheet, or an entry of another file, says about one fact.

    `key`: its id in the file; `given`: the same, if the fact's id is to be made from it. `named`: the sources of its
    citations. Fields: `cited` for each citation, and `own` for each citation separately, in order.
    """

    number: int
    key: str = ""
    given: str = ""
    fact: JsonObject = field(default_factory=dict)
    named: list[Named] = field(default_factory=list)
    cited: JsonObject = field(default_factory=dict)
    own: list[JsonObject] = field(default_factory=list)


#: Words of a header that only say that the column has ids.
_NUMBERS = frozenset(
    (
        *("id", "ids", "no", "nr", "number", "ref", "reference", "key", "uid", "s", "sl", "unique", "identifier"),
        *("serial", "item", "row", "record", "entry"),
    )
)


def id_of(given: str, header: str) -> str:
    """A fact's id, made from the id in a row. A number needs a word from the header before it, such as case; else ""."""
    if not given[:1].isdecimal():
        return slug_of(given)
    words = [word for word in plain(header)[0].split() if word not in _NUMBERS]
    return slug_of(f"{' '.join(words)} {given}") if words and words[0][0].isalpha() else ""


def shortened(text: str) -> str:
    """A title on one line: whole or, if it is too long, its first sentence, or its first words."""
    line = one_line(text)
    if len(line) <= LONGEST_TITLE:
        return line
    sentence = re.match(rf".{{20,{LONGEST_TITLE}}}?[.!?](?= [A-Z“\"'])", line)
    return sentence[0] if sentence else f"{line[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"
