"""What is on the pages of a PDF."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import NamedTuple

import pypdfium2
from pypdfium2.raw import FS_MATRIX, FPDFText_GetFontSize, FPDFText_GetMatrix


class Page(NamedTuple):
    """A page: width and height in points, its text without spaces (see `flat`), and the heights of its letters in points."""

    width: float
    height: float
    text: str
    sizes: AbstractSet[float]


class Pdf(NamedTuple):
    title: str
    pages: list[Page]


def flat(text: str) -> str:
    """A text without spaces: a PDF has places of letters, and where there is a space between them is for readers to guess."""
    return "".join(text.split())


def read(source: Path | bytes) -> Pdf:
    """Read a file, or its bytes."""
    document = pypdfium2.PdfDocument(source)
    try:
        return Pdf(document.get_metadata_dict()["Title"], [_page(page) for page in document])
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage) -> Page:
    letters = page.get_textpage()
    text = letters.get_text_range().replace("\ufffe", "-")  # a hyphen at the end of a line
    matrix, sizes = FS_MATRIX(), set()
    for at, letter in enumerate(text):
        if letter.strip() and FPDFText_GetMatrix(letters, at, matrix):
            sizes.add(round(abs(matrix.d) * FPDFText_GetFontSize(letters, at), 1))
    return Page(page.get_width(), page.get_height(), flat(text), sizes)
