"""Words in a cell that stand for a source named before: in the same cell, else in the row above (ditto, ibid.)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from factstore.exchange.cited_sources import Named
from factstore.exchange.placeholders import AGAIN

_PARTING = r"[;\n|•]|\s/\s"
_REPEATED = re.compile(
    rf"(?:^|{_PARTING}) *(?:(?:[-*·–]|\(?\d{{1,2}}[.)]) +)?"
    rf"(?P<words>(?:{AGAIN}|(?:the )?same (?:source|as above)|(?P<latin>ibid(?:em|\.)?|idem|id\.))\.?"
    r"(?:,? \(?(?P<page>(?:at )?(?:(?:pp?\.?|pages?|paras?\.?|paragraphs?|¶) ?)?\d[\d–:, -]*)\)?)?)"
    rf"[ .,]*(?=$|{_PARTING})",
    re.I,
)


class Repetition(NamedTuple):
    """A cell without the words for a source named before.

    `words`: those at its beginning, which stand for the row above, with their `page`; `one`: whether they mean a single
    source. `pages`: those of words that follow another source in the cell.
    """

    rest: str
    words: str = ""
    page: str = ""
    one: bool = False
    pages: tuple[str, ...] = ()

    def among(self, above: Sequence[Named]) -> list[Named]:
        """The sources that the words at the beginning stand for; empty if that is not clear."""
        if self.one and len(above) > 1:
            return []
        return [one._replace(page=self.page) for one in above] if self.page else [*above]


def repetition(cell: str) -> Repetition:
    """What a cell with sources says in words such as ditto and ibid., and its rest."""
    found = [*_REPEATED.finditer(cell)]
    if not found:
        return Repetition(cell)
    rest = _REPEATED.sub("", cell)
    first, *more = found
    begins = not cell[: first.start()].strip(" \n;|•/")
    pages = tuple(page for one in (more if begins else found) if (page := one["page"]))
    if not begins:
        return Repetition(rest, pages=pages)
    return Repetition(rest, first["words"], first["page"] or "", first["latin"] is not None, pages)
