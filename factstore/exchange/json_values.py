"""JSON of other programs as plain values, and these as text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache

from factstore.errors import InputError
from factstore.exchange.delimited import decoded
from factstore.exchange.grids import CONTROLS, one_line, tidy
from factstore.plain import Json, JsonObject

#: The first byte of JSON, after white space and a byte order mark, is one of these.
_OPENING = ("{", "[")
#: The deepest nesting that is accepted.
_DEEPEST = 40


def read_values(content: bytes, name: str) -> Json:
    """The JSON value in a file's bytes; for JSON Lines, a list. Raises InputError with the line that is wrong."""
    text, _ = decoded(content)
    try:
        return _checked(_parsed(text.rstrip()), name)
    except RecursionError:
        raise InputError(f"{name}: it is nested too deeply") from None
    except json.JSONDecodeError as error:
        cut = error.msg.startswith("Unterminated") or error.pos == len(error.doc)
        what = "the JSON breaks off; the file may be cut short" if cut else "this is not JSON"
        raise InputError(f"{name}:{error.lineno}: {what}") from None
    except ValueError:
        raise InputError(f"{name}: this is not JSON") from None


def _parsed(text: str) -> Json:
    """The value in a text, or those in its lines. Raises ValueError."""
    try:
        return json.loads(text)
    except ValueError as error:
        fault = error
    values = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            values += [json.loads(line)] if line.strip() else []
        except json.JSONDecodeError as error:
            error.lineno = number
            raise (error if values else fault) from None
    if len(values) > 1:
        return values
    raise fault


def begins(content: bytes) -> bool:
    """Whether a file's first bytes are those of JSON: a bracket, then another one or a quotation mark."""
    return re.match(r"[{\[]\s*[{\[\"]", decoded(content[:64])[0].lstrip("\ufeff \t\r\n")) is not None


@lru_cache(1)
def glance(content: bytes) -> Json:
    """The JSON value in a file's bytes; None if they are not JSON."""
    try:
        return read_values(content, "") if decoded(content[:64])[0].lstrip().startswith(_OPENING) else None
    except InputError:
        return None


def _checked(value: Json, name: str, depth: int = 0) -> Json:
    if depth > _DEEPEST:
        raise InputError(f"{name}: it is nested too deeply")
    if isinstance(value, dict | list):
        for held in value.values() if isinstance(value, dict) else value:
            _checked(held, name, depth + 1)
    return value


def control_notes(value: Json) -> list[str]:
    """A note on the texts with control characters, which `text` leaves out; none if there are none."""
    count = sum(CONTROLS.search(one) is not None for one in _texts(value))
    many = f"{count} texts" if count > 1 else "1 text"
    return [f"control characters were left out of {many}"] if count else []


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, dict | list):
        for held in value.values() if isinstance(value, dict) else value:
            yield from _texts(held)
    elif isinstance(value, str) and not value.isprintable():
        yield value


def text(value: object) -> str:
    """A scalar as tidied text, which may have several lines; "" for None and anything else."""
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ""
    return tidy(str(int(value) if isinstance(value, float) and value.is_integer() else value).translate(_HALVES))


#: Halves of surrogate pairs, which UTF-8 cannot encode.
_HALVES = dict.fromkeys(range(55296, 57344), "�")


def line(value: object) -> str:
    """A scalar as text on one line."""
    return one_line(text(value))


def listed(value: object) -> list[Json]:
    """A list unchanged, None as an empty list, anything else as a list of that one value."""
    return value if isinstance(value, list) else [] if value in (None, "", {}) else [value]


def flat_text(value: object) -> str:
    """Any value as text: a scalar unchanged, a list of scalars separated by semicolons, anything else as JSON."""
    if isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        return "; ".join(filter(None, map(line, value)))
    if isinstance(value, dict | list):
        return text(json.dumps(value, ensure_ascii=False)) if value else ""
    return text(str(value).lower() if isinstance(value, bool) else value)


def mappings(values: object) -> Iterator[tuple[int, JsonObject]]:
    """The values that are mappings, with their numbers among all values, from 1."""
    for number, value in enumerate(listed(values), start=1):
        if isinstance(value, dict):
            yield number, value
