"""Which fields of a record refer to other things, and which of these put one thing above another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from factstore.plain import Json, JsonObject
from factstore.units import Position

#: The fields that hold the position of a thing, with its kind. What a citation is about is left out, since it never changes;
#: the links of an attribution are references only if they are positions.
REFERENCES = {"source": "source", "seen_through": "source", "of": "speaker", "a": "fact", "b": "fact"}
#: By kind, the field with the thing above it: the source through which a source was seen, the speaker spoken for.
ABOVE = {"source": "seen_through", "speaker": "of"}


def referred(fields: Mapping[str, Json]) -> Iterator[Position]:
    """The positions of the things that the fields refer to."""
    yield from (fields[name] for name in REFERENCES if fields.get(name) is not None)
    links: Iterable[Position | str] = fields.get("attribution") or ()
    yield from (link for link in links if isinstance(link, int))


def with_references(fields: Mapping[str, Json], translate: Callable[[Position], object]) -> JsonObject:
    """The fields, with each position of a thing that they refer to translated."""
    found = dict(fields)
    for name in REFERENCES.keys() & found.keys():
        if isinstance(found[name], int):
            found[name] = translate(found[name])
    links: Iterable[Position | str] | None = found.get("attribution")
    if links:
        found["attribution"] = [translate(link) if isinstance(link, int) else link for link in links]
    return found


def circle(position: Position, above: Position | None, look: Callable[[Position], Position | None]) -> list[Position]:
    """The things from `above` up to the thing at a position, if it would be above itself; else an empty list.

    `look` returns the thing above a thing.
    """
    way: list[Position] = []
    while above is not None and above != position:
        if above in way:
            return []
        way.append(above)
        above = look(above)
    return way or [position] if above == position else []
