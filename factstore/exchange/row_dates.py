"""Read the dates in the rows of a sheet, in which the order of day and month follows from whole columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from factstore.dates.phrases import Context
from factstore.exchange import cell_dates
from factstore.exchange.arrivals import Doubt
from factstore.exchange.cell_dates import NOTHING, Told
from factstore.exchange.cell_details import letters
from factstore.exchange.cited_sources import Named
from factstore.exchange.contents import cell, rows_below, tidy_text
from factstore.exchange.grids import text_of
from factstore.exchange.headers import Column, Layout, Order, SheetOptions
from factstore.exchange.row_cells import RowCells

_DATED = ("when", "start", "end", "published", "retrieved", "said")


class RowDates:
    """Reads the dates of a sheet's rows one after the other. `orders`: whether the day or the month comes first, by column.

    What is doubtful about a whole column is added to `doubts`.
    """

    def __init__(self, layout: Layout, wanted: SheetOptions, doubts: list[Doubt]) -> None:
        self._anchor = wanted.anchor_day()
        self._pivot = wanted.pivot
        self._above = NOTHING
        self.orders = _orders(layout, wanted.order, doubts)
        self._has_equal_ends = _has_equal_ends(layout)

    def anchor(self, sources: Sequence[Named]) -> date | None:
        """The day that words in a row are relative to: that on which its first source with a date was published, if it is
        one day; else the sheet's.
        """
        published = next((one.published for one in sources if one.published), "")
        return date.fromisoformat(published) if re.fullmatch(r"(?!0000)\d{4}-\d\d-\d\d", published) else self._anchor

    def read(self, cells: RowCells, column: Column, anchor: date | None = None) -> Told:
        """The date in one cell."""
        value = cells.value(column)
        found = cell_dates.read(value, self._context(column, anchor))
        if found.doubt:
            cells.doubt(column, text_of(value), found.doubt)
        return found

    def when(self, cells: RowCells, anchor: date | None) -> Told:
        """When what a row says happened, from all cells that say so."""
        columns = [*cells.of("start"), *cells.of("when")]
        found = NOTHING
        if columns:
            found = self._day(cells, columns[0], anchor)
        elif columns := cells.of("year"):
            year, month, day = (cells.first(name) for name in ("year", "month", "day"))
            found = cell_dates.of_parts(year, month, day, self._context(columns[0], anchor))
            if found.doubt:
                cells.doubt(columns[0], found.phrase, found.doubt)
        found = self._timed(found, "time", columns, cells, anchor)
        ends = cells.of("end")
        if ends:
            value = cells.value(ends[0])
            end = NOTHING if cell_dates.is_ongoing(value) else self.read(cells, ends[0], anchor)
            end = self._timed(end, "end time", ends, cells, anchor)
            joined = cell_dates.to_end(found, value, end, alone=not self._has_equal_ends)
            if joined.doubt and joined.doubt not in (found.doubt, end.doubt):
                cells.doubt(ends[0], joined.phrase, joined.doubt)
            found = joined
        elif value := text_of(cells.first("end time")):
            cells.keep(cells.of("end time")[0], value)
        written = [text for column in cells.of("phrase") if (text := cells.line(column))]
        own = found.phrase if found.phrase not in written else ""
        return found._replace(phrase="; ".join(filter(None, [*written, own]))) if written else found

    def _context(self, column: Column, anchor: date | None) -> Context:
        return Context(
            anchor=anchor,
            tense="past" if anchor else "",
            order=self.orders.get(column.number, ""),
            pivot=self._pivot,
            assumed=True,
        )

    def _day(self, cells: RowCells, column: Column, anchor: date | None) -> Told:
        """The date of a row, which may repeat that of the row above."""
        value = cells.value(column)
        if not cell_dates.is_repeated(value):
            self._above = self.read(cells, column, anchor)
            return self._above
        text, above = text_of(value), self._above.edtf
        why = f"read as the date above it, {above}" if above else "the date above it could not be read"
        cells.doubt(column, text, why)
        return self._above._replace(phrase=text, anchored=False)

    def _timed(self, told: Told, name: str, days: list[Column], cells: RowCells, anchor: date | None) -> Told:
        """A date with the time of day in another cell; `days`: the columns of the date."""
        times = cells.of(name)
        value = cells.value(times[0]) if times else ""
        if value == "":
            return told
        if not days:
            return told._replace(phrase=tidy_text(value))
        timed = cell_dates.at_time(told, value, self._context(days[0], anchor))
        if timed.doubt and timed.doubt != told.doubt:
            cells.doubt(times[0], text_of(value), timed.doubt)
        return timed


def _orders(layout: Layout, wanted: Order, doubts: list[Doubt]) -> dict[int, Order]:
    """For each column of dates, whether the day or the month comes first.

    That is as given, else as in its header, else as some date of the column shows, else as in the other columns.
    """
    found: dict[int, Order] = {}
    for column in (one for name in _DATED for one in layout.of(name)):
        values = [cell(cells, column) for _, cells in rows_below(layout)]
        order, _, both = cell_dates.order_of(values)
        found[column.number] = wanted or cell_dates.hinted_order(column.header) or order
        place = f"{letters(column.number)}{layout.header}"
        if both and not wanted:
            why = "some days come before their months, some after: --dates dmy or mdy"
            doubts.append(Doubt(place, column.header, why))
        if swapped := cell_dates.may_be_swapped(values, order):
            why = f"its {swapped} real dates may have day and month swapped: all are on the 1st to the 12th of a month"
            doubts.append(Doubt(place, column.header, why))
    settled = {order for order in found.values() if order}
    other: Order = settled.pop() if len(settled) == 1 else ""
    return {number: order or other for number, order in found.items()}


def _has_equal_ends(layout: Layout) -> bool:
    """Whether some row has an end equal to its start, which means that a row without an end leaves it open."""
    starts, ends = [*layout.of("start"), *layout.of("when")][:1], layout.of("end")[:1]
    for _, cells in rows_below(layout) if starts and ends else ():
        start, end = cell(cells, starts[0]), cell(cells, ends[0])
        if start != "" and text_of(start) == text_of(end):
            return True
    return False
