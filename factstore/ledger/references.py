"""Which fields of a record refer to other things, and by which of them a thing stands above another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

#: Fields that hold the position of a thing, each with the kind of thing. What a citation is about never changes, and the
#: links of an attribution are references only where they are positions.
REFERENCES = {"source": "source", "seen_through": "source", "of": "speaker", "a": "fact", "b": "fact"}
#: By kind, the field that holds the thing above: a source's own source, or on whose behalf a speaker speaks.
ABOVE = {"source": "seen_through", "speaker": "of"}


def referred(fields: Mapping[str, Any]) -> Iterator[int]:
    """The positions of the things that fields refer to."""
    yield from (fields[name] for name in REFERENCES if fields.get(name) is not None)
    yield from (link for link in fields.get("attribution") or () if isinstance(link, int))


def with_references(fields: Mapping[str, Any], translate: Callable[[int], Any]) -> dict[str, Any]:
    """Fields with each position of a thing that they refer to translated."""
    found = dict(fields)
    for name in REFERENCES.keys() & found.keys():
        if isinstance(found[name], int):
            found[name] = translate(found[name])
    if found.get("attribution"):
        found["attribution"] = [translate(link) if isinstance(link, int) else link for link in found["attribution"]]
    return found


def circle(position: int, above: int | None, look: Callable[[int], int | None]) -> list[int]:
    """The things from the one `above` up to the thing at a position, where it would stand above itself; else none.

    `look` gives what stands above a thing.
    """
    way: list[int] = []
    while above is not None and above != position:
        if above in way:
            return []
        way.append(above)
        above = look(above)
    return way or [position] if above == position else []
