"""Kinds of record and of thing as plain data, so that reading a ledger needs no models of payloads.

`payloads` has the models, which check what is written; a test compares the two.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping

from factstore.errors import Corrupt
from factstore.plain import Json, JsonObject
from factstore.units import Position

#: The kinds of record, each with the version of its payload that is written now.
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
    "redacted": 2,
    "commit": 2,
}

#: The kinds of thing, each with the fields that its records can give values to.
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

#: Fields that follow from others: where a citation's quote stands in the text of its source.
DERIVED = {"start", "end"}


def with_article(kind: str) -> str:
    """A kind in a sentence: "a fact", "an ordering"."""
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _as_it_is(value: JsonObject) -> JsonObject:
    """The upcast of a payload that only lacks fields that may be absent in the next version."""
    return value


#: Functions that upgrade a payload of an old version to the next one: (kind, version) -> function of the plain mapping.
UPCASTS: dict[tuple[str, int], Callable[[JsonObject], JsonObject]] = {
    ("citation.recorded", 1): _as_it_is,  # had no `by_hand`
    # Had no `filled`: the prefix and suffix of their quotes count as given by hand, and are never dropped.
    ("citation.recorded", 2): _as_it_is,
    ("citation.corrected", 1): _as_it_is,
    ("source.recorded", 1): _as_it_is,  # had no `attributes` and `files`
    ("source.corrected", 1): _as_it_is,
    ("fact.recorded", 1): _as_it_is,  # had no `lasts`
    ("fact.corrected", 1): _as_it_is,
    ("commit", 1): _as_it_is,  # had no `request`
    ("redacted", 1): _as_it_is,  # had no `text`
}


def known(kind: str, version: int) -> bool:
    """Whether payloads of a kind and version can be read."""
    return 1 <= version <= VERSIONS.get(kind, 0)


def read_plain(kind: str, version: int, payload: str, *, position: Position) -> JsonObject:
    """A payload as a JSON mapping, upgraded to the present version. Its values are not checked.

    Raises Corrupt, with the position, if the kind or version is unknown or the payload is not a JSON object.
    """
    where = f"record {position} ({kind}, version {version})"
    if not known(kind, version):
        raise Corrupt(f"{where} has a kind or version that this version of Factstore does not know")
    try:
        said: JsonObject = json.loads(payload)
        if not isinstance(said, dict):
            raise TypeError("the payload is not a JSON object")
        for older in range(version, VERSIONS[kind]):
            said = UPCASTS[kind, older](said)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise Corrupt(f"{where} cannot be read: {error!r}") from None
    return said


def filled_by(said: Mapping[str, Json], before: Collection[str] = ()) -> set[str]:
    """Which of prefix and suffix count as filled in from the text after a plain payload, if `before` did until then."""
    return {*before} - {*said.get("changes", ())} | {*said.get("filled", ())}
