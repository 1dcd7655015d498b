"""What to know before relying on what counts, in sentences. Reads only.

None of it changes an answer: a value stays until it is corrected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from factstore.database.engine import NamedRow
from factstore.database.templates import as_of
from factstore.projection.live import chunks
from factstore.repository.outlived import outlived, outlived_words
from factstore.repository.repository import Repository
from factstore.units import Position


def cautions(repository: Repository, things: Collection[Position]) -> list[str]:
    """What to know about things and their evidence; nothing about most."""
    return [outlived_words(repository, one) for one in outlived(repository, things)]


def since(
    before: Repository, after: Repository, withdrawn: Collection[Position], corrected: Collection[Position]
) -> list[str]:
    """What to know after a commit that withdrew things and corrected things on evidence."""
    citations = {row.position: row.about for row in _each(after, _CITATIONS, withdrawn)}
    things = {*corrected, *citations.values()}
    if citations:
        things.update(row.subject for row in after.rows(_CORRECTIONS, kinds=_CORRECTED, citations=citations))
    earlier = {outlived_words(before, one) for one in outlived(before, things)}
    now = [outlived_words(after, one) for one in outlived(after, things)]
    return [words for words in now if words not in earlier]


_CORRECTED = [f"{kind}.corrected" for kind in ("source", "speaker", "fact", "citation", "ordering")]
_CORRECTIONS = """SELECT DISTINCT r.subject FROM record r JOIN payload p ON p.position = r.position
                  WHERE r.kind @among_texts(:kinds) AND r.position <= :at
                  AND @holds_any(@member(p.payload; evidence); :citations)"""
_CITATIONS = f"""SELECT c.position, c.about FROM citation c
                 WHERE (c.position @among(:some) OR c.source @among(:some)) AND {as_of("c")}"""


def _each(repository: Repository, template: str, some: Collection[Position]) -> Iterator[NamedRow]:
    for chunk in chunks(some):
        yield from repository.rows(template, some=chunk)
