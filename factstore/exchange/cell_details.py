"""What the cells of a table have besides their values, each by row and column, from 1."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple
from xml.etree import ElementTree

#: A cell's row and column, from 1.
Place = tuple[int, int]
#: The day with the number 0 in most workbooks.
DAY_ZERO = date(1899, 12, 30)


class Doubtful(NamedTuple):
    """A cell whose value may not be what was meant, or is not in the file: its content, and why."""

    text: str
    why: str


class Details(NamedTuple):
    """Details of the cells of a sheet.

    `meant`: how many characters of an ISO 8601 date are meant. `links`: the targets of hyperlinks. `comments`: their texts.
    `merged`: first and last row and column of each merged cell, where the reader of values does not give them. `doubtful`:
    cells to be listed. `day_zero`: the day with the number 0, from which the workbook counts days.
    """

    meant: Mapping[Place, int] = {}
    links: Mapping[Place, str] = {}
    comments: Mapping[Place, str] = {}
    merged: tuple[tuple[int, int, int, int], ...] = ()
    doubtful: Mapping[Place, Doubtful] = {}
    day_zero: date = DAY_ZERO


NO_DETAILS = Details()
#: What fails if a workbook is structured in an unusual way, or a part of it is damaged; its details are then left out.
UNUSUAL = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    ElementTree.ParseError,
    ValueError,
    IndexError,
    NotImplementedError,
)
#: Why the value of a cell is not in a workbook.
IS_ERROR = "an error in place of a value"
NO_RESULT = "a formula whose result is not in the file: open and save it in a spreadsheet program"


def letters(column: int) -> str:
    """The letters of a column, as in spreadsheets: 1 is A, 27 is AA."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
