"""Payload fields as columns of the projection's tables, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from factstore.ledger.canonical import canonical
from factstore.ledger.kinds import FIELDS
from factstore.plain import Json, JsonObject
from factstore.units import Position

#: Fields whose columns have other names, because theirs are words of SQL.
COLUMNS = {"when": "edtf", "start": "text_start", "end": "text_end", "check": "quote_check"}

#: The fields that bound time, by kind of thing and by the column with the rank of their value.
_RANKS = {
    "fact": {"rank": {"when", "zone"}, "lasts_rank": {"lasts"}},
    "citation": {"rank": {"stance", "said", "source"}},
    "source": {"rank": {"published"}},
    "ordering": {"rank": {"a", "relation", "b", "gap"}},
    "speaker": {},
}
#: Fields that are spans of time, each stored as two columns.
_SPANS = {"gap", "lasts"}
_JSON = {"aliases", "participants", "tags", "attributes", "attribution", "files"}

#: A row of a table as values by column.
ColumnValues: TypeAlias = dict[str, Any]


def to_columns(fields: JsonObject) -> ColumnValues:
    """Payload fields as a row of their table: structured values as JSON text, absent and empty ones as null."""
    row: ColumnValues = {}
    for name, value in fields.items():
        if name in _SPANS:
            span = value or {}
            row |= {f"{name}_{end}": span.get(end) for end in ("min", "max")}
        elif isinstance(value, list | dict):
            row[COLUMNS.get(name, name)] = canonical(value) if value else None
        else:
            row[COLUMNS.get(name, name)] = value
    return row


def to_fields(kind: str, row: Mapping[str, Any]) -> JsonObject:
    """The reverse: a row as payload fields, without the empty columns."""
    fields: JsonObject = {}
    for name in FIELDS[kind]:
        if name in _SPANS:
            span = {end: row[f"{name}_{end}"] for end in ("min", "max") if row[f"{name}_{end}"] is not None}
            if span:
                fields[name] = span
            continue
        value = row[COLUMNS.get(name, name)]
        if value is None:
            continue
        fields[name] = json.loads(value) if name in _JSON else value
    return fields


def ranks(kind: str, changes: Mapping[str, Json], position: Position) -> dict[str, Position | None]:
    """The ranks that a correction at a position gives to the fields that bound time; None for a length that it removes."""
    found: dict[str, Position | None] = {
        column: position for column, fields in _RANKS[kind].items() if not fields.isdisjoint(changes)
    }
    if changes.get("lasts", ...) in (None, {}):
        found["lasts_rank"] = None
    return found
