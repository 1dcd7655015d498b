"""Table files as grids of cells: text with any delimiter and encoding, and workbooks with their sheets.

The content of B17 is in row 17, column 2. Formulas in a workbook count as their last values, and a cell that spans several
rows is repeated in each of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from factstore.errors import InputError
from factstore.exchange import ods_details, xlsx_details
from factstore.exchange.cell_details import DAY_ZERO, NO_DETAILS, Details, Doubtful, Place
from factstore.exchange.delimited import decoded, delimiter_of, glance, records, with_strays
from factstore.exchange.workbook_files import workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

#: File name endings of tables as text, and of workbooks.
TEXTS = (".csv", ".tsv", ".tab", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".ods", ".xls", ".xlsb")
#: What the reader of workbooks makes of the numbers of days that `early_days` reads.
_MIDNIGHT, _BEFORE_LEAP = time(), date(1900, 2, 28)
#: How many bytes and rows from the top are read to recognise a table's format.
_GLANCE, _FIRST = 64_000, 8

#: The content of a cell; "" if empty.
Value = str | int | float | bool | date | datetime | time | timedelta


class Grid(NamedTuple):
    """The cells of one sheet, row by row from row 1, with tidied texts; `sheet` is "" if the file is text.

    `merged`: the first and last row and column, from 1, of each merged cell. `links`: hyperlinks of cells, by row and column.
    `comments`: theirs. `doubtful`: cells to be listed. `notes`: how the file was read. `others`: the workbook's other sheets.
    `day_zero`: the day with the number 0.
    """

    file: str
    sheet: str
    rows: list[list[Value]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    notes: tuple[str, ...] = ()
    links: Mapping[Place, str] = {}
    comments: Mapping[Place, str] = {}
    doubtful: Mapping[Place, Doubtful] = {}
    others: tuple[str, ...] = ()
    day_zero: date = DAY_ZERO


# --- cells as text --------------------------------------------------------------------------------------------

#: Control characters, which are not kept.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_INVISIBLE = re.compile(f"[\u200b\u2060\ufeff\u00ad]|{CONTROLS.pattern}")
_SPACES = re.compile("[^\\S\n]+")


def text_of(value: Value) -> str:
    """A cell as a spreadsheet shows it: 2017.0 is 2017, true is TRUE, and a day at midnight is the day alone."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else f"{value.date()} {clock(value.time())}"
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return str(value)


def tidy(text: str) -> str:
    """A text with plain spaces and line ends, and without invisible characters."""
    if text.isascii() and text.isprintable() and "  " not in text and "_x000D_" not in text:
        return text.strip()
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", ""))
    lines = (_SPACES.sub(" ", line).strip() for line in unicodedata.normalize("NFC", text).split("\n"))
    return "\n".join(lines).strip()


def one_line(text: str) -> str:
    """A text on one line, with single spaces."""
    return " ".join(text.split())


def clock(moment: time) -> str:
    """A time of day to the second, without seconds if they are zero."""
    seconds = round(moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6) % 86400
    shown = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{shown}:{seconds % 60:02}" if seconds % 60 else shown


# --- files ----------------------------------------------------------------------------------------------------


def is_workbook(name: str, content: bytes) -> bool:
    """Whether a file is a workbook rather than text: by its name's ending, or its first bytes."""
    known = name.lower().endswith(WORKBOOKS)
    return known or content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_grids(content: bytes, name: str, wanted: Sequence[str] = ()) -> list[Grid]:
    """The wanted sheets of a table file, by name or number from 1; all of them if `wanted` is empty.

    Raises InputError if the file is not a table, or has no such sheet.
    """
    if is_workbook(name, content):
        return list(_workbook(content, name, wanted))
    if wanted:
        raise InputError(f"{name}: it is text and has no sheets; --sheet is for workbooks")
    return [_text_grid(content, name)]


@lru_cache(1)
def first_rows(content: bytes) -> list[list[list[Value]]]:
    """The first few rows of each sheet of a table file, to recognise its format fast; empty if it cannot be read."""
    if not is_workbook("", content):
        text = decoded(content[:_GLANCE].rpartition(b"\n")[0] if len(content) > _GLANCE else content)[0].lstrip(
            "\ufeff"
        )
        return [[[*map(tidy, row)] for row in glance("\n".join(text.replace("\x00", "").splitlines()[:_FIRST]))]]
    try:
        with workbook(content, "") as book:
            return [book.get_sheet_by_name(name).to_python(nrows=_FIRST) for name in book.sheet_names]
    except InputError:
        return []


def _text_grid(content: bytes, name: str) -> Grid:
    text, encoding = with_strays(content)
    first, _, rest = text.partition("\n")
    declared = re.fullmatch(r"sep=(.)\r?", first.strip('"'), re.IGNORECASE)
    delimiter = declared[1] if declared else delimiter_of(text)
    found, doubtful = records(rest if declared else text, delimiter, name, 1 if declared else 0)
    rows: list[list[Value]] = [[tidy(cell) for cell in row] for row in found]
    doubtful |= _steering(found) if CONTROLS.search(text) else {}
    parted = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}.get(delimiter, repr(delimiter))
    return Grid(name, "", rows, notes=(f"{encoding}, cells separated by {parted}",), doubtful=doubtful)


def _workbook(content: bytes, name: str, wanted: Sequence[str]) -> Iterator[Grid]:
    with workbook(content, name) as book:
        names = list(book.sheet_names)
        for sheet in [_sheet_named(one, names, name) for one in wanted] or names:
            grid = _filled(book.get_sheet_by_name(sheet), name, sheet, details_of(content, sheet), content)
            yield grid._replace(others=tuple(one for one in names if one != sheet))


def details_of(content: bytes, sheet: str) -> Details:
    """What the cells of a workbook's sheet have besides their values, whichever kind of workbook it is."""
    beside = xlsx_details.details(content, sheet)
    return ods_details.details(content, sheet) if beside == NO_DETAILS else beside


def _sheet_named(given: str, names: Sequence[str], file: str) -> str:
    found = [name for name in names if name.strip().casefold() == given.strip().casefold()]
    if found:
        return found[0]
    if given.isdecimal() and 1 <= int(given) <= len(names):
        return names[int(given) - 1]
    raise InputError(f"{file}: there is no sheet {given!r}; there are {', '.join(names)}")


def _filled(sheet: CalamineSheet, file: str, name: str, beside: Details, content: bytes) -> Grid:
    """A sheet's cells. A cell that spans several rows is repeated in each; a date that is shown as a month is that month."""
    cells: list[list[Value]] = sheet.to_python(skip_empty_area=False) if sheet.end else []
    rows = [[tidy(value) if isinstance(value, str) else value for value in row] for row in cells]
    doubtful = {**beside.doubtful, **_steering(cells)}
    early = {
        (number, column)
        for number, row in enumerate(cells, start=1)
        for column, value in enumerate(row, start=1)
        if value in (_MIDNIGHT, _BEFORE_LEAP)
    }
    for (row, column), day in xlsx_details.early_days(content, name, early).items() if early else ():
        rows[row - 1][column - 1] = day
    for (row, column), length in beside.meant.items():
        if row <= len(rows) and column <= len(rows[row - 1]) and isinstance(value := rows[row - 1][column - 1], date):
            rows[row - 1][column - 1] = f"{value:%Y-%m-%d}"[:length]
    ranges = sheet.merged_cell_ranges or ()
    merged = beside.merged or tuple(
        (top + 1, bottom + 1, left + 1, right + 1) for (top, left), (bottom, right) in ranges
    )
    for top, bottom, left, _ in merged:
        for below in rows[top : min(bottom, len(rows))]:
            if left <= len(below):
                below[left - 1] = rows[top - 1][left - 1]
    return Grid(file, name, rows, merged, (), beside.links, beside.comments, doubtful, (), beside.day_zero)


def _steering(rows: Sequence[Sequence[Value]]) -> dict[Place, Doubtful]:
    """Cells with control characters, which `tidy` leaves out."""
    found: dict[Place, Doubtful] = {}
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            if isinstance(cell, str) and not cell.isprintable() and (signs := CONTROLS.findall(cell)):
                named = ", ".join(f"U+{ord(sign):04X}" for sign in dict.fromkeys(signs))
                found[number, column] = Doubtful(tidy(cell), f"left out of it: control characters ({named})")
    return found
