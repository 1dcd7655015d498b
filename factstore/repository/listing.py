"""Lists of answers that notebooks and data frames can show."""

from __future__ import annotations

import json
from typing import Protocol, SupportsIndex, TypeVar, overload

from factstore.plain import Json, JsonObject


class Answer(Protocol):
    """Anything that a listing can contain."""

    def json(self) -> JsonObject:
        """The keys and values that scripts rely on."""


Item = TypeVar("Item", bound=Answer)
Shown = TypeVar("Shown", bound=Answer)

#: How many rows a table in a notebook shows; the rest are counted.
SHOWN = 100


class Listing(list[Item]):
    """A list of answers; it equals a plain list of the same answers. Slices are listings, too."""

    @overload
    def __getitem__(self, at: SupportsIndex) -> Item: ...
    @overload
    def __getitem__(self, at: slice) -> Listing[Item]: ...
    def __getitem__(self, at: SupportsIndex | slice) -> Item | Listing[Item]:
        if isinstance(at, slice):
            return Listing(super().__getitem__(at))
        return super().__getitem__(at)

    def to_dicts(self) -> list[JsonObject]:
        """The answers as mappings of JSON values, with the keys of the command line's `--json`."""
        return [item.json() for item in self]

    def _repr_html_(self) -> str:
        return table([item.json() for item in self[:SHOWN]], more=len(self) - SHOWN)


def in_notebooks(answer: type[Shown]) -> type[Shown]:
    """Make a notebook show answers of a class as HTML tables of their fields."""

    def as_table(self: Answer) -> str:
        return table([{"field": name, "value": value} for name, value in self.json().items()])

    answer._repr_html_ = as_table  # type: ignore[attr-defined]
    return answer


def table(rows: list[JsonObject], *, more: int = 0) -> str:
    """Rows as an HTML table, with all values escaped; `more` rows are counted below it."""
    from html import escape

    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    lines = ["".join(f"<td>{escape(_cell(row.get(name)))}</td>" for name in names) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    rest = f"<p>and {more} more</p>" if more > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"


def _cell(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
