"""Kinds of record and of thing in plain words: reading a ledger takes no models of what a record may say.

`payloads` has the models, which check what is written; a test holds the two to one another.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from factstore.errors import Corrupt

#: Each kind of record, with the version of its payload that is written now.
VERSIONS = {
    "ledger.created": 1,
    "source.recorded": 2,
    "speaker.recorded": 1,
    "fact.recorded": 2,
    "citation.recorded": 3,
    "ordering.recorded": 1,
    "source.corrected": 2,
    "speaker.corrected": 1,
    "fact.corrected": 2,
    "citation.corrected": 2,
    "ordering.corrected": 1,
    "withdrawn": 1,
    "restored": 1,
    "redacted": 1,
    "commit": 2,
}

#: Each kind of thing, with the fields that its records give values to.
FIELDS = {
    "source": ("title", "publisher", "url", "published", "retrieved", "text", "seen_through", "attributes", "files"),
    "speaker": ("name", "aliases", "of"),
    "fact": (
        "title",
        "when",
        "phrase",
        "anchor",
        "zone",
        "place",
        "participants",
        "tags",
        "attributes",
        "lasts",
    ),
    "citation": (
        "source",
        "quote",
        "prefix",
        "suffix",
        "start",
        "end",
        "check",
        "locator",
        "stance",
        "attribution",
        "when",
        "phrase",
        "said",
        "hedge",
        "unnamed",
    ),
    "ordering": ("a", "relation", "b", "phrase", "gap"),
}


def _as_it_is(value: dict[str, Any]) -> dict[str, Any]:
    """The upcast of a payload that only lacks what the next version may leave out."""
    return value


#: What brings a payload of an old version to the next one: (kind, version) -> function of the plain mapping.
UPCASTS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("citation.recorded", 1): _as_it_is,  # it did not know `by_hand`
    # They did not know `filled`: what stands beside their quotes counts as given, and so is never given up.
    ("citation.recorded", 2): _as_it_is,
    ("citation.corrected", 1): _as_it_is,
    ("source.recorded", 1): _as_it_is,  # they did not know `attributes` and `files`
    ("source.corrected", 1): _as_it_is,
    ("fact.recorded", 1): _as_it_is,  # they did not know `lasts`
    ("fact.corrected", 1): _as_it_is,
    ("commit", 1): _as_it_is,  # it did not know `request`
}


def known(kind: str, version: int) -> bool:
    """Whether payloads of a kind and version can be read."""
    return 1 <= version <= VERSIONS.get(kind, 0)


def read_plain(kind: str, version: int, payload: str, *, position: int) -> dict[str, Any]:
    """What a payload says, as JSON holds it, brought up to the present version. What it says is not checked.

    Raises Corrupt, naming the position, where its kind or version is unknown or it is no JSON object.
    """
    where = f"record {position} ({kind}, version {version})"
    if not known(kind, version):
        raise Corrupt(f"{where} is of a kind or version that this version of Factstore does not know")
    try:
        said: dict[str, Any] = json.loads(payload)
        if not isinstance(said, dict):
            raise TypeError("the payload is no JSON object")
        for older in range(version, VERSIONS[kind]):
            said = UPCASTS[kind, older](said)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Corrupt(f"{where} cannot be read: {error!r}") from None
    return said


def filled_by(said: Mapping[str, Any], before: Collection[str] = ()) -> set[str]:
    """Which surroundings of a quote were filled in once a plain payload says this of its citation, of those `before`."""
    return {*before} - {*said.get("changes", ())} | {*said.get("filled", ())}
