"""Cells that repeat those of the row above, in any column: ditto. What they stand for is filled in, and they are listed.

Dates and sources are read elsewhere: they keep such words, or have them beside others.
"""

from __future__ import annotations

from factstore.exchange.grids import Value, one_line, text_of
from factstore.exchange.placeholders import NONE_ABOVE, is_again, is_mark
from factstore.exchange.row_cells import RowCells

#: Fields whose readers know such words themselves.
_APART = frozenset(("when", "start", "source", "url"))
#: Fields that "same" and "above" can only mean to repeat.
_NAMES = frozenset(("place", "town", "district", "state", "country", "participants", "publisher", "attribution"))


class RepeatedCells:
    """Fills in the cells of a sheet's rows, one row after the other."""

    def __init__(self) -> None:
        self._above: dict[int, Value] = {}

    def fill(self, cells: RowCells) -> None:
        """Replace the cells of a row that repeat those above by these; without any above, they become attributes."""
        for name, columns in cells.columns.items():
            repeats = is_again if name in _NAMES else is_mark
            for column in columns if name not in _APART else ():
                value = cells.value(column)
                if isinstance(value, str) and repeats(one_line(value)):
                    value = self._above.get(column.number, "")
                    text = cells.text(column)
                    if value == "":
                        cells.keep(column, text, NONE_ABOVE)
                    else:
                        cells.doubt(column, text, f"read as what is above it, {text_of(value)}")
                    cells.values[column.number - 1] = value
                self._above[column.number] = value
