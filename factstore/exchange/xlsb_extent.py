"""How far the cells of an .xlsb reach ([MS-XLSB]): its records have a kind and a size, in groups of seven bits, and data."""

from __future__ import annotations

import re
import struct
from struct import unpack_from
from zipfile import ZipFile

_SHEET = re.compile(r"xl/worksheets/[^/]+\.bin")
#: The kinds of records of a row, which begins with its number, and of cells, which begin with their column.
_ROW, _CELLS = 0, range(1, 12)


def farthest(packed: ZipFile, most: int) -> tuple[int, int] | None:
    """The last row and column, from 1, of a sheet that spans more than `most` cells; None if none does.

    Raises ValueError if a record is cut short.
    """
    for part in packed.infolist():
        if _SHEET.fullmatch(part.filename):
            row, column = _reach(packed.read(part))
            if row * column > most:
                return row, column
    return None


def _reach(records: bytes) -> tuple[int, int]:
    row = column = at = 0
    try:
        while at < len(records):
            kind = records[at]
            at += 1 + (kind >> 7)
            size = shift = 0
            while True:
                size |= (records[at] & 0x7F) << shift
                shift += 7
                at += 1
                if records[at - 1] < 0x80 or shift == 28:
                    break
            if kind == _ROW and size >= 4:
                row = max(row, unpack_from("<I", records, at)[0] + 1)
            elif kind in _CELLS and size >= 4:
                column = max(column, unpack_from("<I", records, at)[0] + 1)
            at += size
    except (IndexError, struct.error) as error:
        raise ValueError("a record is cut short") from error
    return row, column
