"""The sheets of our own workbooks: the field of each column, and how values are written to cells and read back.

A computed column is only for reading: its `field` is None. Fields without a column go into the last one as JSON, so that a
workbook also carries fields that this table does not know. A hidden column has a digest of each cell of its row as it was
written, which shows later what was edited.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from factstore.evidence.chains import ARROW, links
from factstore.ledger.canonical import sha256
from factstore.plain import Json, JsonObject

#: The content of the first cell of the sheet `About`, which identifies our own workbooks.
MARK = "Factstore workbook 1"
ABOUT = "About"
#: Excel's limits: characters in a cell, rows in a sheet.
MOST_CHARACTERS = 32_767
MOST_ROWS = 1_048_575
_MORE = "more"
#: The header of the hidden column.
CHECK = "Digests of this row"


class SheetColumn(NamedTuple):
    """A column: its header, its field of an entry (`lasts.min` is one inside a mapping), its width in characters.

    `instead`: for a computed column, what to edit so that it changes.
    """

    header: str
    field: str | None
    width: int
    instead: str = ""


_ID = SheetColumn("ID", "id", 28)
_OTHER = SheetColumn("Other fields (JSON)", _MORE, 20)

#: For each sheet, by name, its columns and the kind of entry in its rows.
SHEETS: dict[str, tuple[str, Sequence[SheetColumn]]] = {
    "Facts": (
        "fact",
        (
            _ID,
            SheetColumn("Date", "when", 24),
            SheetColumn("Date in words", None, 28, "edit Date"),
            SheetColumn("Date as written", "phrase", 22),
            SheetColumn("What happened", "title", 60),
            SheetColumn("Place", "place", 20),
            SheetColumn("Who", "participants", 32),
            SheetColumn("Tags", "tags", 22),
            SheetColumn("Status", None, 14, "edit Stance in Citations"),
            SheetColumn("Certainly not before", None, 21, "edit Date, or Orderings"),
            SheetColumn("Certainly not after", None, 21, "edit Date, or Orderings"),
            SheetColumn("Sources", None, 36, "edit Source in Citations"),
            SheetColumn("Independent origins", None, 20, "edit Said by in Citations"),
            SheetColumn("Lasts at least", "lasts.min", 14),
            SheetColumn("Lasts at most", "lasts.max", 14),
            SheetColumn("Read against", "anchor", 14),
            SheetColumn("Zone", "zone", 9),
            SheetColumn("Attributes (JSON)", "attributes", 24),
            _OTHER,
        ),
    ),
    "Citations": (
        "citation",
        (
            _ID,
            SheetColumn("About", "about", 28),
            SheetColumn("What happened", None, 40, "edit What happened in Facts"),
            SheetColumn("Quote", "quote", 60),
            SheetColumn("Stance", "stance", 11),
            SheetColumn("Said by", "attribution", 36),
            SheetColumn("Source", "source", 28),
            SheetColumn("Outlet", None, 22, "edit Publisher in Sources"),
            SheetColumn("Published", None, 14, "edit Published in Sources"),
            SheetColumn("Link", None, 36, "edit Link in Sources"),
            SheetColumn("Page", "locator", 12),
            SheetColumn("Said on", "said", 14),
            SheetColumn("Hedge", "hedge", 16),
            SheetColumn("Unnamed", "unnamed", 20),
            SheetColumn("Date", "when", 16),
            SheetColumn("Date as written", "phrase", 20),
            SheetColumn("Words before", "prefix", 24),
            SheetColumn("Words after", "suffix", 24),
            SheetColumn("Checked", None, 13, "edit Quote, or archive the source's text"),
            _OTHER,
        ),
    ),
    "Orderings": (
        "ordering",
        (
            _ID,
            SheetColumn("Fact", "fact", 28),
            SheetColumn("Relation", "relation", 15),
            SheetColumn("Other", "other", 28),
            SheetColumn("In words", None, 70, "edit Fact, Relation or Other"),
            SheetColumn("Phrase", "phrase", 26),
            SheetColumn("Gap at least", "gap.min", 13),
            SheetColumn("Gap at most", "gap.max", 13),
            SheetColumn("Counts", None, 30, "edit Relation, or Date in Facts"),
            _OTHER,
        ),
    ),
    "Sources": (
        "source",
        (
            _ID,
            SheetColumn("Title", "title", 60),
            SheetColumn("Publisher", "publisher", 26),
            SheetColumn("Link", "url", 50),
            SheetColumn("Published", "published", 16),
            SheetColumn("Retrieved", "retrieved", 16),
            SheetColumn("Seen through", "seen_through", 28),
            SheetColumn("Text (SHA-256)", "text", 24),
            _OTHER,
        ),
    ),
    "Speakers": (
        "speaker",
        (
            _ID,
            SheetColumn("Name", "name", 30),
            SheetColumn("Aliases", "aliases", 30),
            SheetColumn("Speaks for", "of", 28),
            _OTHER,
        ),
    ),
}

#: Kinds of entries that have attributes; a column that somebody added to their sheets is one.
WITH_ATTRIBUTES = ("fact", "source")

#: Fields with several values, and the separator between these in a cell.
_SEVERAL = {"tags": "; ", "aliases": "; ", "participants": "; ", "attribution": ARROW}
_PERSON = re.compile(r"(.*?)(?: \(([^()]*)\))?", re.DOTALL)


def to_cells(entry: Mapping[str, Json], columns: Sequence[SheetColumn]) -> dict[str, str]:
    """The cells of an entry's row by header; fields that it leaves out have none."""
    cells: dict[str, str] = {}
    left = dict(entry)
    for column in columns:
        name, _, part = (column.field or "").partition(".")
        value = entry.get(name) if name else None
        if part and isinstance(value, Mapping):
            value = value.get(part)
        if name and name != _MORE:
            left.pop(name, None)
        if value not in (None, [], {}):
            cells[column.header] = _cell(name, value)
    if left:
        cells[columns[-1].header] = _json(left)
    return cells


def to_entry(cells: Mapping[str, str], columns: Sequence[SheetColumn]) -> JsonObject:
    """The entry whose row has these cells. Raises ValueError, naming the header, if a cell must be JSON and is not."""
    entry: JsonObject = {}
    for column in columns:
        text = cells.get(column.header, "")
        name, _, part = (column.field or "").partition(".")
        if not name or not text:
            continue
        try:
            value = _value(name, text)
        except ValueError:
            raise ValueError(f"{column.header}: it is not JSON") from None
        if name == _MORE:
            entry |= value
        elif part:
            entry.setdefault(name, {})[part] = value
        else:
            entry[name] = value
    return entry


def keep(
    entry: JsonObject, held: Mapping[str, Json], absent: Sequence[SheetColumn], columns: Sequence[SheetColumn]
) -> None:
    """Give an entry the values that its thing has already in the fields of the columns that a sheet does not have."""
    shown = {(column.field or "").partition(".")[0] for column in columns}
    for column in absent:
        name, _, part = (column.field or "").partition(".")
        if name == _MORE:
            for other in held.keys() - shown - {"evidence"}:
                entry.setdefault(other, held[other])
        elif part and part in (held.get(name) or {}):
            entry[name] = {**entry.get(name, {}), part: held[name][part]}
        elif not part and name in held:
            entry.setdefault(name, held[name])


def same_header(text: str) -> str:
    """The form in which headers are compared: without regard to case and spaces."""
    return "".join(text.split()).casefold()


def digests(cells: Mapping[str, str], columns: Sequence[SheetColumn]) -> str:
    """The cells of the hidden column: a short digest of each cell of a row, - for an empty one."""
    return " ".join(_digest(cells.get(column.header, "")[:MOST_CHARACTERS]) for column in columns)


def edited(cells: Mapping[str, str], columns: Sequence[SheetColumn]) -> list[SheetColumn]:
    """The columns in which a row is not as it was written, or not empty if it is new."""
    was = cells.get(CHECK, " ".join("-" for _ in columns)).split()
    now = digests(cells, columns).split()
    return [column for column, old, new in zip(columns, was, now, strict=False) if old != new]


def _digest(text: str) -> str:
    words = " ".join(text.split())
    return sha256(words)[:6] if words else "-"


def _cell(name: str, value: Json) -> str:
    if name not in _SEVERAL:
        return value if isinstance(value, str) else _json(value)
    parts = [_person(part) if isinstance(part, Mapping) else str(part) for part in value]
    plain = _SEVERAL[name].join(parts)
    return plain if plain[:1] != "[" and _value(name, plain) == list(value) else _json(value)


def _person(one: Mapping[str, Json]) -> str:
    return f"{one.get('name')} ({one['role']})" if one.get("role") else str(one.get("name"))


def _value(name: str, text: str) -> Json:
    if name in ("attributes", _MORE):
        value = json.loads(text)
        if not isinstance(value, dict):
            raise ValueError(text)
        return value
    if name not in _SEVERAL:
        return text
    if text[:1] == "[":
        return json.loads(text)
    parts = links(text) if name == "attribution" else [part for part in text.split(_SEVERAL[name]) if part]
    if name != "participants":
        return parts
    found = [_PERSON.fullmatch(part) for part in parts]
    return [{"name": one[1], "role": one[2]} if one[2] else {"name": one[1]} for one in found if one]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
