"""Details of the cells of an .ods besides their values: hyperlinks, comments, merged cells, and which dates are just a month.

They are read from the parts of OpenDocument (ISO/IEC 26300, part 1, 9.1, 14.1 and 16.27), in which a run of equal rows or
cells is written once, with its number.
"""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from xml.etree import ElementTree

from factstore.exchange.cell_details import NO_DETAILS, Details, Place

_URN = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _STYLE = f"{_URN}table:1.0}}", f"{_URN}text:1.0}}", f"{_URN}style:1.0}}"
_NUMBER, _OFFICE = f"{_URN}datastyle:1.0}}", f"{_URN}office:1.0}}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def details(content: bytes, sheet: str) -> Details:
    """The details of a sheet's cells; empty if the workbook is not an .ods, or is structured in an unusual way."""
    with (
        suppress(zipfile.BadZipFile, KeyError, ElementTree.ParseError, ValueError, NotImplementedError),
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
    meant: dict[Place, int] = {}
    links: dict[Place, str] = {}
    comments: dict[Place, str] = {}
    merged: list[tuple[int, int, int, int]] = []
    styles: dict[str, int] = {}
    row, inside = 0, False
    for event, one in ElementTree.iterparse(io.BytesIO(text), ("start", "end")):
        if event == "start":
            if one.tag == f"{_TABLE}table":
                inside, row = one.get(f"{_TABLE}name") == sheet, 0
        elif one.tag == f"{_NUMBER}date-style":
            lengths[one.get(f"{_STYLE}name", "")] = _length(one)
        elif one.tag == f"{_STYLE}style":
            styles[one.get(f"{_STYLE}name", "")] = lengths.get(one.get(f"{_STYLE}data-style-name", ""), 0)
        elif one.tag == f"{_TABLE}table-row":
            if inside:
                _row(row + 1, one, styles, (meant, links, comments, merged))
                row += int(one.get(f"{_TABLE}number-rows-repeated", "1"))
            one.clear()
    return Details(meant, links, comments, tuple(merged))


def _row(
    number: int,
    row: ElementTree.Element,
    styles: dict[str, int],
    found: tuple[dict[Place, int], dict[Place, str], dict[Place, str], list[tuple[int, int, int, int]]],
) -> None:
    meant, links, comments, merged = found
    column = 1
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        place = number, column
        if length := styles.get(cell.get(f"{_TABLE}style-name", ""), 0):
            meant[place] = length
        if (note := cell.find(f"{_OFFICE}annotation")) is not None:
            comments[place] = "\n".join("".join(line.itertext()) for line in note.iter(f"{_TEXT}p")).strip()
        if (link := cell.find(f"{_TEXT}p/{_TEXT}a")) is not None:
            links[place] = link.get(_HREF, "")
        down, right = (int(cell.get(f"{_TABLE}number-{what}-spanned", "1")) for what in ("rows", "columns"))
        if down > 1 or right > 1:
            merged.append((number, number + down - 1, column, column + right - 1))
        column += int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
