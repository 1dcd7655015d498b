"""What rests on a thing, to show the effect of withdrawing it. Reads only."""

from __future__ import annotations

from typing import NamedTuple

from factstore.database.templates import as_of, in_force
from factstore.repository.repository import Repository
from factstore.units import Position


class Resting(NamedTuple):
    """A fact, an ordering, a source or a speaker that rests on another thing.

    `left`: how many citations a fact or ordering would have without that thing; None if it rests on it in another way.
    """

    id: str
    kind: str
    left: int | None


_LIVE = f"""citation c JOIN source s ON s.position = c.source AND {in_force("s")} WHERE {in_force("c")}"""
_CITED = f"""SELECT t.id, t.kind, (SELECT count(*) FROM {_LIVE} AND c.about = t.position AND NOT {{mine}}) AS others
             FROM thing t WHERE t.position IN (SELECT c.about FROM {_LIVE} AND {{mine}}) ORDER BY t.position"""
_ORDERED = f"""SELECT t.id, t.kind FROM ordering o JOIN thing t ON t.position = o.position
               WHERE {in_force("o")} AND (o.a = :position OR o.b = :position) ORDER BY o.position"""


def resting(repository: Repository, position: Position) -> list[Resting]:
    """The live things that rest on another: facts and orderings on a source or citation, orderings on a fact, sources on the
    source through which they were seen, and speakers on the one on whose behalf they speak."""
    kind = repository.kind_of(position)
    found: list[Resting] = []
    if kind in ("source", "citation"):
        mine = "c.source = :position" if kind == "source" else "c.position = :position"
        for row in repository.rows(_CITED.format(mine=mine), position=position):
            found.append(Resting(row.id, row.kind, row.others))
    if kind == "fact":
        found += [Resting(row.id, row.kind, None) for row in repository.rows(_ORDERED, position=position)]
    if kind in ("source", "speaker"):
        link = "seen_through" if kind == "source" else "of"
        rows = repository.rows(
            f"""SELECT t.id, t.kind FROM {kind} v JOIN thing t ON t.position = v.position
                WHERE v.{link} = :position AND {as_of("v")} AND v.withdrawn = 0 ORDER BY v.position""",
            position=position,
        )
        found += [Resting(row.id, row.kind, None) for row in rows]
    return found
