"""What disappeared from the documents of a source: brought by documents once, and in none of those that are loaded now.

Nothing counts as disappeared but what rests on a source that the loaded documents both define and cite. A document of
other sources can leave it out without saying anything by that, and so can a list of sources alone. Evidence that was added
by hand has been in no document, so it disappears from none, nor does what it supports.
"""

from __future__ import annotations

from collections.abc import Collection

from factstore.database.templates import in_force
from factstore.projection.live import chunks
from factstore.repository.repository import (
    Repository,
)

_RESTING = f"""SELECT c.position, c.about FROM citation c
               WHERE c.source @among(:sources) AND c.by_hand IS NULL AND {in_force("c")}"""
_SUPPORTED = f"""SELECT f.position FROM fact f WHERE f.position @among(:about) AND {in_force("f")}
                 UNION ALL SELECT o.position FROM ordering o WHERE o.position @among(:about) AND {in_force("o")}"""
_CITATIONS = f"SELECT c.position, c.about FROM citation c WHERE c.about @among(:about) AND {in_force('c')}"


def disappeared(repository: Repository, seen: Collection[int], cited: Collection[int]) -> list[int]:
    """The positions of what is in the ledger as of `repository`, and no longer in the documents of its sources.

    `seen` are the positions of the things that the documents hold, `cited` those of the sources that they cite. A fact or an
    ordering goes as a whole once nothing else supports it, otherwise its citations do; sources and speakers stay.
    """
    resting: dict[int, set[int]] = {}
    for some in chunks({*seen} & {*cited}):
        for row in repository.rows(_RESTING, sources=some):
            if row.position not in seen:
                resting.setdefault(row.about, set()).add(row.position)
    gone: list[int] = []
    for some in chunks(resting):
        every: dict[int, set[int]] = {row.position: set() for row in repository.rows(_SUPPORTED, about=some)}
        for row in repository.rows(_CITATIONS, about=list(every)) if every else ():
            every[row.about].add(row.position)
        for about, citations in every.items():
            whole = about not in seen and citations <= resting[about]
            gone += [about] if whole else resting[about]
    return sorted(gone)
