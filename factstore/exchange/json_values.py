"""JSON of other programs as plain values, and what of them is text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any

from factstore.errors import InputError
from factstore.exchange.grids import decoded, one_line, tidy

#: A file's JSON begins with one of these, after what stands before it unseen.
_OPENING = ("{", "[")
#: No value of ours is nested deeper.
_DEEPEST = 40


def read_values(content: bytes, name: str) -> Any:
    """The value that a file's bytes are; of JSON Lines the list of their values. Raises InputError with the line at fault."""
    text, _ = decoded(content)
    try:
        return _checked(json.loads(text), name)
    except RecursionError:
        raise InputError(f"{name}: it is nested too deeply") from None
    except ValueError as error:
        fault = error
    lines = [line for line in text.splitlines() if line.strip()]
    with suppress(ValueError, RecursionError):
        if len(lines) > 1:
            return _checked([json.loads(line) for line in lines], name)
    where = f":{fault.lineno}" if isinstance(fault, json.JSONDecodeError) else ""
    raise InputError(f"{name}{where}: this is not JSON")


@lru_cache(1)
def glance(content: bytes) -> Any:
    """The value that a file's bytes are, None where they are no JSON."""
    try:
        return read_values(content, "") if decoded(content[:64])[0].lstrip().startswith(_OPENING) else None
    except InputError:
        return None


def _checked(value: Any, name: str, depth: int = 0) -> Any:
    if depth > _DEEPEST:
        raise InputError(f"{name}: it is nested too deeply")
    if isinstance(value, dict | list):
        for held in value.values() if isinstance(value, dict) else value:
            _checked(held, name, depth + 1)
    return value


def text(value: Any) -> str:
    """A scalar as text on several lines, tidied; "" for what is none, and for nothing."""
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ""
    return tidy(str(int(value) if isinstance(value, float) and value.is_integer() else value).translate(_HALVES))


#: Halves of surrogate pairs, which no UTF-8 text holds.
_HALVES = dict.fromkeys(range(55296, 57344), "�")


def line(value: Any) -> str:
    """The same on one line."""
    return one_line(text(value))


def listed(value: Any) -> list[Any]:
    """A list as it is, nothing as an empty one, anything else as the one thing in it."""
    return value if isinstance(value, list) else [] if value in (None, "", {}) else [value]


def flat_text(value: Any) -> str:
    """Any value as text to be kept: a scalar as it is, several parted by semicolons, a mapping as JSON."""
    if isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        return "; ".join(filter(None, map(line, value)))
    if isinstance(value, dict | list):
        return text(json.dumps(value, ensure_ascii=False)) if value else ""
    return text(str(value).lower() if isinstance(value, bool) else value)


def mappings(values: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The mappings among some values, with their numbers from 1."""
    for number, value in enumerate(listed(values), start=1):
        if isinstance(value, dict):
            yield number, value
