"""Details of the cells of an .ods besides their values: hyperlinks, comments, merged cells, errors, dates that are a month.

They are read from the parts of OpenDocument (ISO/IEC 26300, part 1, 9.1, 14.1 and 16.27), in which a run of equal rows or
cells is written once, with its number.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from itertools import islice, product
from typing import NamedTuple
from xml.etree import ElementTree

from factstore.exchange.cell_details import DAY_ZERO, IS_ERROR, NO_DETAILS, NO_RESULT, UNUSUAL, Details, Doubtful, Place

_URN = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _STYLE = f"{_URN}table:1.0}}", f"{_URN}text:1.0}}", f"{_URN}style:1.0}}"
_NUMBER, _OFFICE = f"{_URN}datastyle:1.0}}", f"{_URN}office:1.0}}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_FORMULA, _VALUE_TYPE = f"{_TABLE}formula", f"{_OFFICE}value-type"
#: The type of a value as LibreOffice writes it beside the standard's, which has none for errors.
_OWN_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:\d{3}")
#: The most cells of a run of equal ones that get its details.
_LONGEST_RUN = 1_000_000


def details(content: bytes, sheet: str) -> Details:
    """The details of a sheet's cells; empty if the workbook is not an .ods, or is structured in an unusual way."""
    with (
        suppress(*UNUSUAL),
        zipfile.ZipFile(io.BytesIO(content)) as packed,
    ):
        text = packed.read("content.xml")
        if b"<!DOCTYPE" in text[:1000]:
            return NO_DETAILS
        meant = _data_styles(packed.read("styles.xml")) if "styles.xml" in packed.namelist() else {}
        return _read(text, sheet, meant)
    return NO_DETAILS


def _data_styles(text: bytes) -> dict[str, int]:
    """For each style that shows dates as a month or a year, how many characters of an ISO 8601 date are meant."""
    if b"<!DOCTYPE" in text[:1000]:
        return {}
    return {
        one.get(f"{_STYLE}name", ""): length
        for _, one in ElementTree.iterparse(io.BytesIO(text))
        if one.tag == f"{_NUMBER}date-style" and (length := _length(one))
    }


def _length(style: ElementTree.Element) -> int:
    shown = {part.tag.removeprefix(_NUMBER) for part in style}
    if "year" not in shown or shown & {"day", "day-of-week", "hours", "minutes", "seconds", "quarter", "week-of-year"}:
        return 0
    return 7 if "month" in shown else 4


def _read(text: bytes, sheet: str, lengths: dict[str, int]) -> Details:
    found = _Found({}, {}, {}, [], {})
    styles: dict[str, int] = {}
    row, inside, day_zero = 0, False, DAY_ZERO
    for event, one in ElementTree.iterparse(io.BytesIO(text), ("start", "end")):
        if event == "start":
            if one.tag == f"{_TABLE}table":
                inside, row = one.get(f"{_TABLE}name") == sheet, 0
        elif one.tag == f"{_TABLE}null-date":
            day_zero = date.fromisoformat(one.get(f"{_TABLE}date-value", str(DAY_ZERO)))
        elif one.tag == f"{_NUMBER}date-style":
            lengths[one.get(f"{_STYLE}name", "")] = _length(one)
        elif one.tag == f"{_STYLE}style":
            styles[one.get(f"{_STYLE}name", "")] = lengths.get(one.get(f"{_STYLE}data-style-name", ""), 0)
        elif one.tag == f"{_TABLE}table-row":
            if inside:
                times = int(one.get(f"{_TABLE}number-rows-repeated", "1"))
                _rows(range(row + 1, row + 1 + times), one, styles, found)
                row += times
            one.clear()
    return Details(found.meant, found.links, found.comments, tuple(found.merged), found.doubtful, day_zero)


class _Found(NamedTuple):
    """The details of a sheet while it is read; the fields are those of `Details`."""

    meant: dict[Place, int]
    links: dict[Place, str]
    comments: dict[Place, str]
    merged: list[tuple[int, int, int, int]]
    doubtful: dict[Place, Doubtful]


def _rows(numbers: range, row: ElementTree.Element, styles: dict[str, int], found: _Found) -> None:
    """Add the details of a run of equal rows."""
    column = 1
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        # A run of empty cells may fill the sheet.
        filled = len(cell) or cell.get(_VALUE_TYPE) or cell.get(_FORMULA)
        run = product(numbers, range(column, column + times)) if filled else ()
        places = [*islice(run, _LONGEST_RUN)]
        if places and (length := styles.get(cell.get(f"{_TABLE}style-name", ""), 0)):
            found.meant.update(dict.fromkeys(places, length))
        if (note := cell.find(f"{_OFFICE}annotation")) is not None:
            found.comments.update(dict.fromkeys(places, _lines(note.iter(f"{_TEXT}p"))))
        if (link := cell.find(f"{_TEXT}p/{_TEXT}a")) is not None:
            found.links.update(dict.fromkeys(places, link.get(_HREF, "")))
        if why := _missing(cell):
            found.doubtful.update(dict.fromkeys(places, why))
        down, right = (int(cell.get(f"{_TABLE}number-{what}-spanned", "1")) for what in ("rows", "columns"))
        if down > 1 or right > 1:
            found.merged.append((numbers[0], numbers[0] + down - 1, column, column + right - 1))
        column += times


def _lines(paragraphs: Iterable[ElementTree.Element]) -> str:
    return "\n".join("".join(line.itertext()) for line in paragraphs).strip()


def _missing(cell: ElementTree.Element) -> Doubtful | None:
    """Why the value of a cell is not in the file; None if it is."""
    formula, shown = cell.get(_FORMULA), _lines(cell.findall(f"{_TEXT}p"))
    if cell.get(_OWN_TYPE) == "error" or (formula is not None and _ERROR.fullmatch(shown)):
        return Doubtful(shown, IS_ERROR)
    if formula is not None and cell.get(_VALUE_TYPE) is None:
        return Doubtful(formula.partition(":")[2] or formula, NO_RESULT)
    return None
