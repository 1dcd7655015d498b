"""Read our own workbooks back as documents; one without edits changes nothing in the ledger that it came from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from factstore.errors import DocumentError
from factstore.exchange.workbook_layout import ABOUT, MARK, SHEETS, SheetColumn, to_entry

#: The first bytes of a ZIP archive.
_PACKED = b"PK\x03\x04"

Cell = Any  # as calamine returns it: text, a number, a boolean, a date, a datetime


def is_ours(content: bytes) -> bool:
    """Whether a file's bytes are a workbook that `workbook` wrote."""
    if not content.startswith(_PACKED):
        return False
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if ABOUT not in book.sheet_names:
            return False
        rows = book.get_sheet_by_name(ABOUT).to_python(nrows=1)
    except CalamineError:
        return False
    return bool(rows and rows[0] and rows[0][0] == MARK)


def read(content: bytes, name: str) -> dict[str, list[dict[str, Any]]]:
    """The document in the bytes of one of our own workbooks, as `Store.load` takes it.

    Raises DocumentError with all problems, each with the file's name, sheet, row and column.
    """
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    problems: list[str] = []
    found: dict[str, list[dict[str, Any]]] = {}
    evidence: dict[str, list[dict[str, Any]]] = {}
    for sheet, (kind, columns) in SHEETS.items():
        if sheet not in book.sheet_names:
            problems.append(f"{name}: it has no sheet {sheet}")
            continue
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        for number, entry in _entries(rows, columns, f"{name}, sheet {sheet}", problems):
            if kind != "citation":
                found.setdefault(f"{kind}s", []).append(entry)
            elif "about" in entry:
                evidence.setdefault(entry.pop("about"), []).append(entry)
            else:
                problems.append(
                    f"{name}, sheet {sheet}, row {number}: About is empty; it says what this is evidence for"
                )
    for entry in (*found.get("facts", ()), *found.get("orderings", ())):
        if cited := evidence.pop(entry.get("id", ""), None):
            entry["evidence"] = cited
    problems += [f"{name}, sheet Citations: About names {about}, which is in no other sheet" for about in evidence]
    if problems:
        raise DocumentError(problems)
    return found


def _entries(
    rows: list[list[Cell]], columns: Sequence[SheetColumn], where: str, problems: list[str]
) -> list[tuple[int, dict[str, Any]]]:
    """The entries of the rows that are not empty, each with the row's number."""
    found = []
    headers = [_text(cell) for cell in rows[0]] if rows else []
    missing = [column.header for column in columns[:1] if column.header not in headers]
    if missing:
        problems.append(f"{where}: its first row has no header {missing[0]}")
        return []
    for number, row in enumerate(rows[1:], start=2):
        cells = {header: _text(cell) for header, cell in zip(headers, row, strict=False)}
        if not any(cells.values()):
            continue
        try:
            entry = to_entry(cells, columns)
        except ValueError as error:
            problems.append(f"{where}, row {number}, {error}")
            continue
        if "id" not in entry:
            problems.append(f"{where}, row {number}: it has no ID")
            continue
        found.append((number, entry))
    return found


def _text(cell: Cell) -> str:
    """A cell as text: what was written there, or the text of a date or number that somebody typed over it."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
