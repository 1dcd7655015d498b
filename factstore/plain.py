"""The types of plain data: JSON as documents, payloads and answers have it."""

from __future__ import annotations

from typing import Any, TypeAlias

#: JSON of any shape, such as a document's or another program's: whoever reads it checks it.
#: Not a recursive union, which would ask for a check even where the shape is known, as it is of all that was validated.
Json: TypeAlias = Any
#: An object of JSON: a thing's fields, a record's payload, an entry of a document, what a script reads of an answer.
JsonObject: TypeAlias = dict[str, Any]
#: An entry of a document, after its kind: source, speaker, fact or ordering.
KindAndEntry: TypeAlias = tuple[str, JsonObject]
