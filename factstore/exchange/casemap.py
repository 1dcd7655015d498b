"""Import facts from case chronologies, as CaseMap and CaseFleet export them: sheets with their own notation for dates.

`07/??/97` is July 1997, `<06/15/97` before that day, `~` about it, `>` after it, `=<` and `=>` include it. Numbers after a
date (`#2`) sort facts of one day and are kept with its words; they do not say that one was over before the other began.
CaseFleet has the kind of a date (Around, Before, From To) in a separate column, or in the date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from factstore.exchange.arrivals import Arrival, Holdings
from factstore.exchange.cell_dates import order_of
from factstore.exchange.grids import Grid, Value, first_rows, one_line, text_of
from factstore.exchange.headers import ATTRIBUTE, Order, SheetOptions, find_header, plain
from factstore.exchange.sheets import chosen_grids, read_grid

#: The fields of these programs' own headers; other headers are read as in any sheet.
_FIELDS = {
    "date time": "when",
    "date and time": "when",
    "date": "when",
    "fact date": "when",
    "fact text": "title",
    "fact": "title",
    "source": "source",
    "sources": "source",
    "source citation": "source",
    "citations": "source",
    "linked issues": "tags",
    "linked issue": "tags",
    "issues": "tags",
    "issue tags": "tags",
    "linked objects": "participants",
    "persons": "participants",
    "contacts": "participants",
    "linked contacts": "participants",
    "key": ATTRIBUTE,
    "status": ATTRIBUTE,
    "material": ATTRIBUTE,
    "potential sources": ATTRIBUTE,
    "date type": ATTRIBUTE,
}
#: Fields that only one column can have.
_SINGLE = ("when", "title")
#: Sets of headers that identify a sheet from one of these programs.
_TELLING = (
    frozenset(("fact text",)),
    frozenset(("date type", "fact")),
    frozenset(("date type", "description")),
    frozenset(("fact", "issues", "contacts")),
    frozenset(("fact", "issues", "sources")),
    frozenset(("fact", "issue tags")),
)
#: Date types, as in the column of that name, with the words for them.
_TYPES = {"around": "c. {}", "after": "after {}", "before": "before {}", "between": "between {} and {}"}
_JOINED = re.compile(r"\s+(?:to|and|-|–)\s+|\s*[–]\s*")


def looks(content: bytes) -> bool:
    """Whether a file's bytes are a sheet from one of these programs, by its headers."""
    rows = (cells for sheet in first_rows(content) for cells in sheet)
    return any(telling <= {plain(text_of(cell))[0] for cell in cells} for cells in rows for telling in _TELLING)


def read(content: bytes, name: str, wanted: SheetOptions, ledger: Holdings) -> list[Arrival]:
    """The facts of a sheet from one of these programs. Raises InputError if it contains no table."""
    grids, notes = chosen_grids(content, name, wanted.sheets)
    arrivals = [read_grid(_typed(grid), _with_fields(grid, wanted), ledger) for grid in grids]
    arrivals[0].notes += notes
    for grid, arrival in zip(grids, arrivals, strict=True):
        if any(re.search(r"#\d+\s*$", text_of(value)) for cells in grid.rows for value in cells):
            arrival.notes.append("numbers behind dates (#1, #2) sort facts of one day; they are kept with its words")
    return arrivals


def _headers(grid: Grid, wanted: SheetOptions) -> tuple[int, list[str]]:
    row = wanted.header or find_header(grid, [*wanted.fields, *_FIELDS])
    return row, [one_line(text_of(value)) for value in grid.rows[row - 1]] if row else []


def _with_fields(grid: Grid, wanted: SheetOptions) -> SheetOptions:
    """The given options, plus the fields of these programs' own headers."""
    row, headers = _headers(grid, wanted)
    named = {plain(said)[0] for said in wanted.fields}
    fields = dict(wanted.fields)
    for header in headers:
        words = plain(header)[0]
        name = _FIELDS.get(words)
        taken = name in _SINGLE and name in fields.values()
        if name and words not in named and not taken:
            fields[header] = name
    return replace(wanted, fields=fields, header=row or wanted.header, order=wanted.order or _order(grid))


def _order(grid: Grid) -> Order:
    """Whether day or month comes first, which a date with the day left open shows."""
    texts = [text_of(value) for cells in grid.rows for value in cells if isinstance(value, str)]
    order, _, _ = order_of(texts)
    open_days = [found for text in texts for found in re.finditer(r"(\d\d?|\?\?)/(\d\d?|\?\?)/(?:\d{4}|\d\d)\b", text)]
    months = any(found[2] == "??" != found[1] for found in open_days)
    days = any(found[1] == "??" != found[2] for found in open_days)
    return order or ("" if months == days else "month-first" if months else "day-first")


def _typed(grid: Grid) -> Grid:
    """The sheet with each date's type, if there is a column for it, put into the date's own words."""
    row = find_header(grid, _FIELDS)
    names = [plain(text_of(value))[0] for value in grid.rows[row - 1]] if row else []
    dates = [place for place, name in enumerate(names) if _FIELDS.get(name) == "when"]
    if "date type" not in names or not dates:
        return grid
    kind, date = names.index("date type"), dates[0]
    end = next((place for place, name in enumerate(names) if name in ("end date", "second date", "date end")), None)
    rows = [*map(list, grid.rows)]
    for cells in rows[row:]:
        _fold(cells, kind, date, end)
    return grid._replace(rows=rows)


def _fold(cells: list[Value], kind: int, date: int, end: int | None) -> None:
    if max(kind, date) >= len(cells):
        return
    words, told = _TYPES.get(text_of(cells[kind]).strip().lower(), ""), text_of(cells[date])
    if not (words and told):
        return
    if words.count("{}") == 1:
        cells[date] = words.format(told)
        return
    later = text_of(cells[end]) if end is not None and end < len(cells) else ""
    parts: Sequence[str] = [told, later] if later else _JOINED.split(told)
    if len(parts) == 2:
        cells[date] = words.format(*parts)
        if later and end is not None:
            cells[end] = ""
