"""What is wrong with a value that a model refuses, in words of our own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def in_words(fault: ErrorDetails) -> str:
    """One of a validation error's `errors()`, as a phrase that follows the name of the field."""
    kind, given = fault["type"], fault.get("input")
    if kind == "value_error":
        return str(fault["ctx"]["error"])
    if kind == "literal_error":
        return f"{given!r} is not one of {fault['ctx']['expected']}".replace("'", "")
    if kind == "string_type":
        return f"it must be text, not {given!r}"
    if kind == "string_too_long":
        return f"it is too long ({len(str(given))} characters)"
    if kind == "string_pattern_mismatch":
        return (
            f"{given!r} is not an id: use lower-case letters, digits and hyphens between them, and begin with a letter"
        )
    if kind in ("list_type", "dict_type", "model_type", "model_attributes_type"):
        return f"it must be a {'list' if kind == 'list_type' else 'mapping'}, not {given!r}"
    return _PLAIN.get(kind) or f"it cannot be {given!r}"


def dotted(path: Sequence[str | int]) -> str:
    """A path of fields with dots; places in lists are counted from 1."""
    if path[-1:] == ("[key]",):  # pydantic's for the key of a mapping, which may be a number
        path = (*path[:-2], str(path[-2]))
    return ".".join(str(part + 1 if isinstance(part, int) else part) for part in path)


_PLAIN = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such field",
    "string_unicode": "it contains half of a surrogate pair, which a ledger cannot hold",
    "string_too_short": "it is empty",
}
