"""What the cells of a workbook have besides their values, each by row and column, from 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

#: A cell's row and column, from 1.
Place = tuple[int, int]


class Details(NamedTuple):
    """Details of the cells of a sheet.

    `meant`: how many characters of an ISO 8601 date are meant. `links`: the targets of hyperlinks. `comments`: their texts.
    `merged`: first and last row and column of each merged cell, where the reader of values does not give them. `unstored`:
    formulas whose values the file lacks.
    """

    meant: Mapping[Place, int] = {}
    links: Mapping[Place, str] = {}
    comments: Mapping[Place, str] = {}
    merged: tuple[tuple[int, int, int, int], ...] = ()
    unstored: Mapping[Place, str] = {}


NO_DETAILS = Details()
