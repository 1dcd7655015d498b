"""Finds what disappeared from the documents of a source: once loaded from documents, and in none of those loaded now.

Only things that rest on a source which the loaded documents both define and cite can have disappeared. Documents of other
sources, or a list of sources alone, say nothing by leaving it out. Evidence added by hand was never in a document, so
neither it nor what it supports can disappear.
"""

from __future__ import annotations

from collections.abc import Collection

from factstore.database.templates import in_force
from factstore.projection.live import chunks
from factstore.repository.repository import Repository
from factstore.units import Position

_RESTING = f"""SELECT c.position, c.about FROM citation c
               WHERE c.source @among(:sources) AND c.by_hand IS NULL AND {in_force("c")}"""
_SUPPORTED = f"""SELECT f.position FROM fact f WHERE f.position @among(:about) AND {in_force("f")}
                 UNION ALL SELECT o.position FROM ordering o WHERE o.position @among(:about) AND {in_force("o")}"""
_CITATIONS = f"SELECT c.position, c.about FROM citation c WHERE c.about @among(:about) AND {in_force('c')}"


def disappeared(repository: Repository, seen: Collection[Position], cited: Collection[Position]) -> list[Position]:
    """The positions of what is in the ledger as of `repository`, and no longer in the documents of its sources.

    `seen`: the positions of the things in the documents; `cited`: those of the sources that they cite. A fact or an
    ordering disappears as a whole if nothing else supports it; otherwise only its citations do. Sources and speakers stay.
    """
    resting: dict[Position, set[Position]] = {}
    for some in chunks({*seen} & {*cited}):
        for row in repository.rows(_RESTING, sources=some):
            if row.position not in seen:
                resting.setdefault(row.about, set()).add(row.position)
    gone: list[Position] = []
    for some in chunks(resting):
        every: dict[Position, set[Position]] = {row.position: set() for row in repository.rows(_SUPPORTED, about=some)}
        for row in repository.rows(_CITATIONS, about=list(every)) if every else ():
            every[row.about].add(row.position)
        for about, citations in every.items():
            whole = about not in seen and citations <= resting[about]
            gone += [about] if whole else resting[about]
    return sorted(gone)
