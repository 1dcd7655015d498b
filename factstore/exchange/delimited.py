"""Tables as text: their encoding, their delimiter, and their records, with the cells that may not hold what was meant.

Bytes that are not UTF-8 in a text that otherwise is, and misplaced quotation marks, silently change the cells around
them. So such cells are listed, or the table is refused with the first of them.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from factstore.errors import InputError
from factstore.exchange.cell_details import Doubtful, Place, letters

_DELIMITERS = ",;\t|"
#: How many records are looked at to find the delimiter.
_SAMPLE = 80
#: Bytes that are not UTF-8, as `surrogateescape` decodes them.
_STRAY = re.compile("[\udc80-\udcff]")
_LINE_END = re.compile("\r\n|\r|\n")


def decoded(content: bytes) -> tuple[str, str]:
    """A text and its encoding: the one that its first bytes show, else UTF-8, else Windows' Western European."""
    text, encoding = with_strays(content)
    return _mended(text), encoding


def with_strays(content: bytes) -> tuple[str, str]:
    """The same, but in a text that is mostly UTF-8, bytes that are not stand as lone surrogates."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "UTF-8"),
        (codecs.BOM_UTF32_LE, "UTF-32-LE"),
        (codecs.BOM_UTF16_LE, "UTF-16-LE"),
        (codecs.BOM_UTF16_BE, "UTF-16-BE"),
    ):
        if content.startswith(mark):
            errors = "surrogateescape" if encoding == "UTF-8" else "replace"
            return content[len(mark) :].decode(encoding, errors), encoding.removesuffix("-LE").removesuffix("-BE")
    sample = content[:4000]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(sample) > 3 and sample[offset::2].count(0) > len(sample) / 5 and not sample[1 - offset :: 2].count(0):
            return content.decode(encoding, "replace"), "UTF-16 (guessed)"
    text = content.decode(errors="surrogateescape")
    stray = len(_STRAY.findall(text))
    if not stray:
        return text, "UTF-8"
    if sum(not sign.isascii() for sign in text) >= 2 * stray:
        return text, "UTF-8 (guessed)"
    try:
        return content.decode("cp1252"), "cp1252 (guessed)"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "Latin-1 (guessed)"


def _mended(text: str) -> str:
    """A text in which bytes that are not UTF-8 are read as Windows' Western European, or as Latin-1 if that lacks them."""

    def sign(found: re.Match[str]) -> str:
        byte = bytes([ord(found[0]) - 0xDC00])
        try:
            return byte.decode("cp1252")
        except UnicodeDecodeError:
            return byte.decode("latin-1")

    return text if text.isascii() else _STRAY.sub(sign, text)


def delimiter_of(text: str) -> str:
    """The delimiter with which most of the first records have the same number of cells, and more than one."""

    def fit(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
        counts: Counter[int] = Counter()
        try:
            for number, row in enumerate(reader):
                if number >= _SAMPLE:
                    break
                counts[len(row)] += len(row) > 1 and any(row)
        except csv.Error:
            return 0, 0
        cells, times = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return times, cells

    return max(_DELIMITERS, key=fit)


def glance(text: str) -> list[list[str]]:
    """The records of the beginning of a text, whose last one may be cut short; empty if they cannot be read."""
    try:
        return [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))]
    except csv.Error:
        return []


def records(text: str, delimiter: str, name: str, skipped: int = 0) -> tuple[list[list[str]], dict[Place, Doubtful]]:
    """The records of a text, after an empty one for each skipped line, and the cells to be listed.

    Raises InputError for a cell whose quotation marks do not match.
    """
    lines = [*io.StringIO(text, newline="")]
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows: list[list[str]] = [[] for _ in range(skipped)]
    spans: dict[int, Sequence[str]] = {}  # the lines of each record that has several, by its place
    above = 0
    try:
        for row in reader:
            if reader.line_num > above + 1:
                spans[len(rows)] = lines[above : reader.line_num]
            rows.append(row)
            above = reader.line_num
    except csv.Error:
        column, why = _unmatched("".join(lines[above:]), delimiter)
        raise InputError(f"{name}: {letters(column)}{len(rows) + 1} cannot be read: {why}") from None
    return rows, _swallowing(rows, spans, delimiter) | _foreign(rows)


def _unmatched(text: str, delimiter: str) -> tuple[int, str]:
    """The column of the first cell of a record that cannot be read, and why."""
    column, start = 1, True
    place = begin = 0
    while place < len(text):
        if start and text[place] == '"':
            end = re.compile('[^"]*(?:""[^"]*)*').match(text, place + 1)
            place = end.end() if end else len(text)
            if place >= len(text):
                return column, "a quotation mark opens it, and none closes it"
            place += 1
            if text[place : place + 1] not in ("", delimiter, "\r", "\n"):
                return column, "text follows the quotation mark that closes it; within a cell, it is written twice"
        start = text[place : place + 1] == delimiter
        if place - begin > csv.field_size_limit():
            break
        if start:
            column, begin = column + 1, place
        place += 1
    return column, "it is too long"


def _swallowing(
    rows: Sequence[Sequence[str]], spans: dict[int, Sequence[str]], delimiter: str
) -> dict[Place, Doubtful]:
    """Cells with a line that looks like a row, so that a quotation mark may be missing, or there is one too many."""
    if not spans:
        return {}
    [(usual, _)] = Counter(map(len, rows)).most_common(1)
    tight = re.compile(f"{re.escape(delimiter)}(?! )")
    found: dict[Place, Doubtful] = {}
    for turn, lines in spans.items():
        begin = 0  # the line on which the cell begins
        for column, cell in enumerate(rows[turn], start=1):
            parts = _LINE_END.split(cell)
            suspect = (line for part, line in zip(parts, lines[begin:], strict=False) if tight.search(part))
            if len(parts) > 1 and {len(tight.findall(line)) + 1 for line in suspect} & {len(rows[turn]), usual}:
                why = "it spans lines that look like rows: a quotation mark may be missing, or be one too many"
                found[turn + 1, column] = Doubtful(cell, why)
            begin += len(parts) - 1
    return found


def _foreign(rows: Sequence[list[str]]) -> dict[Place, Doubtful]:
    """Cells with bytes that are not UTF-8, which are read as Windows' Western European in place."""
    found: dict[Place, Doubtful] = {}
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            if not cell.isascii() and _STRAY.search(cell):
                row[column - 1] = _mended(cell)
                found[number, column] = Doubtful(
                    row[column - 1], "the file is UTF-8, but not in this cell; read as cp1252"
                )
    return found
