"""Details of the cells of an .xlsx besides their values: hyperlinks, comments, and which dates are just a month or a year.

A spreadsheet program stores "Mar-18" as the first day of that month; only the cell's format shows that no day was meant.
These are read from the parts of Office Open XML (ECMA-376, part 1, 18.3, 18.7 and 18.8): styles, sheets, relationships and
comments.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date
from posixpath import dirname, join, normpath
from xml.etree import ElementTree

from factstore.exchange.cell_details import DAY_ZERO, IS_ERROR, NO_DETAILS, NO_RESULT, UNUSUAL, Details, Doubtful, Place

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: How many characters of an ISO 8601 date are meant, if it is shown as a year, or as a month and a year.
_YEAR, _MONTH = 4, 7
#: The built-in formats that show dates, by number.
_BUILT_IN = {14: "m/d/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "m/d/yy h:mm"}
#: The number that Excel shows as 29 February 1900, which the calendar does not have.
_LEAP = 60
#: The day with the number 0 in workbooks that count days as old Macintosh computers did.
_DAY_ZERO_1904 = date(1904, 1, 1)

#: The beginning of a cell element, with its reference, and the most bytes that this beginning can have.
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]{0,80}?\br="([A-Z]{1,3})(\d{1,7})"')
_OVERLAP = 120
#: Marks of cells whose values may not be in the file: formulas, errors.
_DOUBTFUL = re.compile(rb'<(?:\w+:)?f[ />]|\bt="e"')


def details(content: bytes, sheet: str) -> Details:
    """The details of a sheet's cells; empty if the workbook is not an .xlsx, or is structured in an unusual way."""
    with suppress(*UNUSUAL), zipfile.ZipFile(io.BytesIO(content)) as packed:
        path = _path_of(packed, sheet)
        codes = _codes(packed)
        styles = {style: length for style, code in codes.items() if (length := _length(code))}
        targets = _targets(packed, path)
        needed = styles or targets or _has_doubtful(packed, path)
        read = _read(packed, path, styles, targets) if needed else NO_DETAILS
        day_zero = _DAY_ZERO_1904 if _is_from_1904(packed) else DAY_ZERO
        return read._replace(comments=_comments(packed, path), day_zero=day_zero)
    return NO_DETAILS


def farthest(packed: zipfile.ZipFile, most: int) -> str:
    """The last column and row of a sheet that spans more than `most` cells; "" if none does."""
    for part in packed.infolist():
        if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename):
            continue
        row, column, rest = 0, (0, ""), b""
        with packed.open(part) as opened:
            while chunk := opened.read(2**20):
                for found in _CELL.finditer(text := rest + chunk):
                    letters = found[1].decode()
                    row, column = max(row, int(found[2])), max(column, (len(letters), letters))
                rest = text[-_OVERLAP:]
        place = _place(f"{column[1]}{row}")
        if place and place[0] * place[1] > most:
            return f"{column[1]}{row}"
    return ""


def _root(packed: zipfile.ZipFile, path: str) -> ElementTree.Element:
    text = packed.read(path)
    if b"<!DOCTYPE" in text[:1000]:
        raise ValueError("a part of a workbook must not declare a document type")
    return ElementTree.fromstring(text)


def _path_of(packed: zipfile.ZipFile, sheet: str) -> str:
    """The path of the part with a sheet. Raises KeyError."""
    targets = _targets(packed, "xl/workbook.xml")
    for one in _root(packed, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        if one.get("name") == sheet:
            target = targets[one.get(_LINKED, "")]
            return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
    raise KeyError(sheet)


def _is_from_1904(packed: zipfile.ZipFile) -> bool:
    properties = _root(packed, "xl/workbook.xml").find(f"{_MAIN}workbookPr")
    return properties is not None and properties.get("date1904") in ("1", "true")


def _targets(packed: zipfile.ZipFile, path: str) -> dict[str, str]:
    """The targets of a part's relationships, by id."""
    name = f"{dirname(path)}/_rels/{path.rpartition('/')[2]}.rels"
    if name not in packed.namelist():
        return {}
    return {one.get("Id", ""): one.get("Target", "") for one in _root(packed, name)}


def _codes(packed: zipfile.ZipFile) -> dict[str, str]:
    """The number format of each cell style with a built-in date format, or one of its own, without literal text."""
    root = _root(packed, "xl/styles.xml")
    codes = _BUILT_IN | {
        int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in root.iter(f"{_MAIN}numFmt")
    }
    formats = root.find(f"{_MAIN}cellXfs")
    numbers = [int(one.get("numFmtId", "0")) for one in formats] if formats is not None else []
    return {
        str(turn): re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|;.*', "", codes[number].lower())
        for turn, number in enumerate(numbers)
        if number in codes
    }


def _length(code: str) -> int:
    """How many characters of a date a format shows: 4 for a year, 7 for a month and a year, 0 for anything else."""
    if "y" not in code or re.search(r"[dhs0#]|general", code):
        return 0
    return _MONTH if "m" in code else _YEAR


def _read(packed: zipfile.ZipFile, path: str, styles: dict[str, int], targets: dict[str, str]) -> Details:
    meant: dict[Place, int] = {}
    links: dict[Place, str] = {}
    doubtful: dict[Place, Doubtful] = {}
    with packed.open(path) as part:
        for _, one in ElementTree.iterparse(part):
            if one.tag == f"{_MAIN}c":
                place = _place(one.get("r", ""))
                if place and (length := styles.get(one.get("s", ""))):
                    meant[place] = length
                if place and (why := _missing(one)):
                    doubtful[place] = why
            elif one.tag == f"{_MAIN}hyperlink":
                target = targets.get(one.get(_LINKED, ""), "")
                for place in _places(one.get("ref", "")) if target else ():
                    links[place] = target + (f"#{one.get('location')}" if one.get("location") else "")
            elif one.tag == f"{_MAIN}row":
                one.clear()
    return Details(meant, links, doubtful=doubtful)


def _missing(cell: ElementTree.Element) -> Doubtful | None:
    """Why the value of a cell is not in the file; None if it is, or if the cell has none, as a formula's may be no text."""
    formula, value = cell.find(f"{_MAIN}f"), cell.findtext(f"{_MAIN}v")
    if cell.get("t") == "e":
        return Doubtful(value or "", IS_ERROR)
    if formula is not None and not value and (value is None or cell.get("t") != "str"):
        return Doubtful(f"={formula.text or ''}", NO_RESULT)
    return None


def early_days(content: bytes, sheet: str, places: Collection[Place]) -> dict[Place, str | int | float | date]:
    """The values of some cells that are shown as dates, where a spreadsheet program counts days otherwise than the reader of
    values: a day that only Excel's calendar has, the day of number 0, and numbers that are no day, which stay numbers.
    """
    found: dict[Place, str | int | float | date] = {}
    with suppress(*UNUSUAL), zipfile.ZipFile(io.BytesIO(content)) as packed:
        dated = {style for style, code in _codes(packed).items() if re.search("[yd]", code)}
        from_1904 = _is_from_1904(packed)
        with packed.open(_path_of(packed, sheet)) as part:
            for _, one in ElementTree.iterparse(part):
                if one.tag == f"{_MAIN}c" and one.get("s") in dated and (place := _place(one.get("r", ""))) in places:
                    number = float(one.findtext(f"{_MAIN}v") or "nan")
                    if (value := _early_day(number, from_1904=from_1904)) is not None and place:
                        found[place] = value
                elif one.tag == f"{_MAIN}row":
                    one.clear()
    return found


def _early_day(number: float, *, from_1904: bool) -> str | int | float | date | None:
    if from_1904 and int(number) == 0 <= number:
        return _DAY_ZERO_1904
    if number < 0 or (number == 0 and not from_1904):
        return int(number) if number.is_integer() else number
    return "1900-02-29" if int(number) == _LEAP and not from_1904 else None


def _has_doubtful(packed: zipfile.ZipFile, path: str) -> bool:
    rest = b""
    with packed.open(path) as part:
        while chunk := part.read(2**20):
            if _DOUBTFUL.search(rest + chunk):
                return True
            rest = chunk[-_OVERLAP:]
    return False


def _comments(packed: zipfile.ZipFile, path: str) -> dict[Place, str]:
    """The comments of a sheet; those of a thread together, instead of the words that stand for it in older programs."""
    notes: dict[Place, str] = {}
    threads: dict[Place, list[str]] = {}
    for target in _targets(packed, path).values():
        part = normpath(join(dirname(path), target)).lstrip("/")
        if not re.search(r"comments?[^/]*\.xml$", part, re.I) or part not in packed.namelist():
            continue
        for one in _root(packed, part).iter():
            place = _place(one.get("ref", ""))
            if place and one.tag == f"{_MAIN}comment":
                notes[place] = "".join(text.text or "" for text in one.iter(f"{_MAIN}t")).strip()
            elif place and one.tag.endswith("}threadedComment"):
                threads.setdefault(place, []).append((one.findtext("{*}text") or "").strip())
    return notes | {place: "\n".join(texts) for place, texts in threads.items()}


def _place(ref: str) -> Place | None:
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d+)", ref)
    if not found:
        return None
    column = 0
    for sign in found[1]:
        column = column * 26 + ord(sign) - 64
    return int(found[2]), column


def _places(ref: str) -> Iterator[Place]:
    """The first cell of a reference, which is the one with the hyperlink."""
    if place := _place(ref.partition(":")[0]):
        yield place
