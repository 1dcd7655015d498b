"""Import sheets: the rows of a table file, with any headers, become a document.

A row is a fact. The sources that it names, with their links, are its evidence, and each citation's locator names the row.
Nothing in a row is lost: an unknown column becomes an attribute, words that are not a date become the phrase of an undated
fact, and such cells are listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from factstore.errors import InputError
from factstore.exchange.arrivals import Arrival, Holdings, doubts_of
from factstore.exchange.cell_details import letters
from factstore.exchange.contents import refine
from factstore.exchange.grids import Grid, read_grids, text_of
from factstore.exchange.headers import (
    ATTRIBUTE,
    LEFT_OUT,
    SheetOptions,
    find_header,
    known,
    lay_out,
    mapping_text,
    plain,
)
from factstore.exchange.row_documents import RowDocument, by_place
from factstore.exchange.rows import Row
from factstore.exchange.sheet_rows import Rows
from factstore.garbage import uncollected


def read_sheet(content: bytes, name: str, wanted: SheetOptions, ledger: Holdings) -> list[Arrival]:
    """The sheets of a table file as documents: those that are wanted, else the one that looks most like a chronology.

    Raises InputError if it contains no table, or none that fits the options.
    """
    with uncollected():
        chosen, notes = chosen_grids(content, name, wanted.sheets)
        arrivals = [read_grid(grid, wanted, ledger) for grid in chosen]
        arrivals[0].notes += notes
        return arrivals


def chosen_grids(content: bytes, name: str, sheets: Sequence[str]) -> tuple[list[Grid], list[str]]:
    """The sheets of a table file to read, and a note on the others.

    They are those that are wanted, else the one that looks most like a chronology. Raises InputError if there is no table.
    """
    grids = read_grids(content, name, sheets)
    chosen = grids if sheets else [_most_like(grids, name)]
    others = [grid.sheet for grid in grids if grid not in chosen and any(map(any, grid.rows))]
    if not others:
        return chosen, []
    unread = f"sheet {others[0]} was" if len(others) == 1 else f"sheets {', '.join(others)} were"
    return chosen, [f"{unread} not read; --sheet NAME reads another"]


def read_grid(grid: Grid, wanted: SheetOptions, ledger: Holdings) -> Arrival:
    """One sheet as a document; in a workbook with several, the places of its rows include its name."""
    return _Reading(grid, wanted, ledger).arrival()


def _most_like(grids: Sequence[Grid], name: str) -> Grid:
    """The sheet with the most known headers; the first if several have as many."""

    def hits(grid: Grid) -> int:
        row = find_header(grid)
        return 1 + sum(bool(known(text_of(value))) for value in grid.rows[row - 1]) if row else 0

    filled = [grid for grid in grids if any(map(any, grid.rows))]
    if not filled:
        raise InputError(f"{name}: it is empty")
    return max(filled, key=hits)


class _Reading:
    """Turns one sheet into a document."""

    def __init__(self, grid: Grid, wanted: SheetOptions, ledger: Holdings) -> None:
        self._grid = grid
        self._wanted = wanted
        self._ledger = ledger
        self._file = PurePath(grid.file).name
        self._layout = lay_out(grid, wanted)
        told = frozenset(
            column.number
            for column in self._layout.columns
            if any(_means(said, column.header, column.number) for said in wanted.fields)
        )
        self._notes = refine(self._layout, told)
        self._rows = Rows(self._layout, wanted)

    def arrival(self) -> Arrival:
        rows, doubts = list(self._rows.read()), self._rows.doubts
        doubts += doubts_of(self._grid.doubtful, {column.number for column in self._layout.of(LEFT_OUT)})
        made = RowDocument(
            self._grid.file,
            self._ledger,
            doubts,
            sheets=(self._grid.sheet, *self._grid.others),
            header_of=self._header_of,
            place_of=self._place_of,
        ).made_of(rows)
        return Arrival(
            made.document,
            made.value,
            self._shown(rows),
            self._notes + made.notes,
            sorted(doubts, key=by_place),
            self._rows.left_out,
            mapping_text(self._layout, self._wanted),
            made.gone,
            made.likely,
        )

    def _header_of(self, field: str) -> str:
        return next((column.header for column in self._layout.of(field)), "")

    def _place_of(self, field: str, number: int) -> str:
        """The place of a field in a row, such as `B17`."""
        return next((f"{letters(column.number)}{number}" for column in self._layout.of(field)), f"row {number}")

    def _shown(self, rows: Sequence[Row]) -> list[str]:
        """How the sheet was read, line by line."""
        where = f", sheet {self._grid.sheet}" if self._grid.sheet else ""
        read = f" ({self._grid.notes[0]})" if self._grid.notes else ""
        many = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        lines = [f"{self._file}{where}{read}: {self._header_rows()}, {many} of facts"]
        wide = max((len(column.header) for column in self._layout.columns), default=0)
        wide = min(wide, 40)
        for column in self._layout.columns:
            order = self._rows.orders.get(column.number, "")
            kept = {ATTRIBUTE: "kept as an attribute", LEFT_OUT: "left out"}.get(column.field, column.field)
            shown = f"{kept}, {order}" if order else kept
            lines.append(f"  {letters(column.number):>2}  {column.header:{wide}}  {shown}")
        return lines

    def _header_rows(self) -> str:
        top, last = self._layout.top, self._layout.header
        if not top:
            return "no headers"
        return f"headers in row {top}" if top == last else f"headers in rows {top} and {last}"


def _means(said: str, header: str, number: int) -> bool:
    return (
        said.casefold() == header.casefold() or plain(said) == plain(header) or said.strip().upper() == letters(number)
    )
