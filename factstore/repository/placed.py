"""A fact with its placement, as a query returns it."""

# Annotations are values here, not strings: the SELECT below is made of them.
from typing import Annotated, NamedTuple

from factstore.database.templates import as_of
from factstore.units import Position, Ticks


class PlacedFact(NamedTuple):
    """A row of a placement `p` and its fact `f`: each field with the expression that selects it. Bounds are in ticks, and
    `…_by` is what sets each.

    `stands` and `stands_until` are its place in the order of a timeline; `version` is the position of the record that gave
    it its present fields.
    """

    fact: Annotated[Position, "p.fact"]
    tied: Annotated[int, "p.tied"]
    start_min: Annotated[Ticks, "p.start_min"]
    start_max: Annotated[Ticks, "p.start_max"]
    end_min: Annotated[Ticks, "p.end_min"]
    end_max: Annotated[Ticks, "p.end_max"]
    id: Annotated[str, "p.id"]
    title: Annotated[str, "f.title"]
    edtf: Annotated[str | None, "f.edtf"]
    status: Annotated[str, "p.status"]
    earliest: Annotated[str | None, "p.earliest"]
    latest: Annotated[str | None, "p.latest"]
    conflicting: Annotated[int, "p.conflicting"]
    phrase: Annotated[str | None, "f.phrase"]
    anchor: Annotated[str | None, "f.anchor"]
    zone: Annotated[str | None, "f.zone"]
    place: Annotated[str | None, "f.place"]
    participants: Annotated[str | None, "f.participants"]
    tags: Annotated[str | None, "f.tags"]
    attributes: Annotated[str | None, "f.attributes"]
    lasts_min: Annotated[str | None, "f.lasts_min"]
    lasts_max: Annotated[str | None, "f.lasts_max"]
    version: Annotated[Position, "f.since"]
    start_min_by: Annotated[int, "p.start_min_by"]
    start_max_by: Annotated[int, "p.start_max_by"]
    end_max_by: Annotated[int, "p.end_max_by"]
    stands: Annotated[Ticks, "p.place"]
    stands_until: Annotated[Ticks, "p.place_end"]


#: The SELECT list for such rows.
PLACED = ", ".join(f"{hint.__metadata__[0]} AS {name}" for name, hint in PlacedFact.__annotations__.items())
#: Whether the date of a fact `f` bounds anything: not if it is set aside, or its evidence is hidden on the question's clock.
IN_FORCE = f"f.rank <> 0 AND NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.item = f.position AND {as_of('s')})"
