"""The cells of one row of a sheet while it is read, by field, with what becomes no field: attributes and doubts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from factstore.exchange.arrivals import Doubt
from factstore.exchange.cell_details import letters
from factstore.exchange.contents import cell, tidy_text
from factstore.exchange.grids import Value, one_line, text_of
from factstore.exchange.headers import Column

#: What separates several values in one cell.
SEPARATORS = re.compile(r"[;|\n]+")


@dataclass(slots=True)
class RowCells:
    """The cells of a row: its number, their values, and the sheet's columns by field.

    `doubts` are those of the whole sheet. `attributes` keeps, by header, what is said in a cell and has no field.
    """

    number: int
    values: list[Value]
    columns: Mapping[str, list[Column]]
    doubts: list[Doubt]
    attributes: dict[str, str] = field(default_factory=dict)

    def of(self, name: str) -> list[Column]:
        """The columns with a field."""
        return self.columns.get(name, [])

    def value(self, column: Column) -> Value:
        """The cell in a column; "" beyond the row's end."""
        return cell(self.values, column)

    def text(self, column: Column) -> str:
        """The cell in a column as a text, which may have several lines."""
        return text_of(cell(self.values, column))

    def line(self, column: Column) -> str:
        """The cell in a column as a text on one line."""
        return tidy_text(cell(self.values, column))

    def first(self, name: str) -> Value:
        """The first cell with a field that is not empty; "" if there is none."""
        return next((value for column in self.of(name) if (value := self.value(column)) != ""), "")

    def doubt(self, column: Column, text: str, why: str) -> None:
        """List a cell as one that somebody should look at."""
        self.doubts.append(Doubt(f"{letters(column.number)}{self.number}", one_line(text), why))

    def keep(self, column: Column, text: str, why: str = "") -> None:
        """Keep a text as an attribute; `why`, if that is doubtful."""
        self.attributes[column.header] = text
        if why:
            self.doubt(column, text, f"{why}; kept as an attribute")
