"""Which rows stand on which line, from the top down: a line for each fact, or several where their bars don't meet.

The order is the scene's. Nothing is moved up past a heading; on packed lines a fact takes the first line that has room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from factstore.picture.marks import SHORT, Marks, date_width, label_width
from factstore.picture.scene import PictureRow, Scene

#: `fact`: one fact with its title and date. `head`: a heading; what it holds, where it is folded, is drawn on it. `pack`:
#: facts side by side, each with a label. `names`: titles in columns, of facts without anything to draw.
Kind = Literal["fact", "head", "pack", "names"]

LINE, AIR, HEAD, PACK, NAME = 15, 9, 30, 17, 17  # pixels
COLUMNS = 3  # of names
GAP = 14  # between what stands on one line
NEAR = 6  # between a bar and its label


class Line(NamedTuple):
    """A line of the picture, its rows, and where it lies."""

    kind: Kind
    top: float
    height: float
    rows: tuple[PictureRow, ...]

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


class Spot(NamedTuple):
    """Where a fact's label stands on a packed line, and what room it and its bar take."""

    left: float
    right: float
    x: float
    anchor: Literal["start", "end"]


def height_of(row: PictureRow) -> float:
    """The height of a row of its own."""
    return LINE * max(len(row.lines), len(row.date)) + AIR if row.fact else HEAD


def is_told(row: PictureRow, marks: Marks) -> bool:
    """Whether a label has a date: where it is short, and where the bar cannot tell it."""
    return marks.is_before(row) or marks.is_after(row) or is_brief(row)


def is_brief(row: PictureRow) -> bool:
    """Whether there is a date, and it is short."""
    return row.dated and date_width(row) <= SHORT


def place(row: PictureRow, marks: Marks) -> Spot:
    """Where a label goes: right of the bar where there is room, else left of it, else over it."""
    left, right = marks.extent(row)
    width = label_width(row, marks.room) + (date_width(row) if is_told(row, marks) else 0)
    more = 16 if row.marks else 0
    if marks.is_before(row):
        return Spot(0, NEAR + 6 + width, NEAR + 6, "start")
    if marks.is_after(row):
        return Spot(marks.width - NEAR - 6 - width, marks.width, marks.width - NEAR - 6, "end")
    if right + more + NEAR + width <= marks.width:
        return Spot(left, right + more + NEAR + width, right + more + NEAR, "start")
    if left - NEAR - width >= 0:
        return Spot(left - NEAR - width, right + more, left - NEAR, "end")
    x = max(0.0, min(left + NEAR, marks.width - width))
    return Spot(min(left, x), max(right, x + width), x, "start")


def arrange(scene: Scene, marks: Marks, *, unfold: bool = False) -> list[Line]:
    """The lines of a scene. `unfold`: each fact on its own, for a page whose reader opens groups and packs lines."""
    found: list[Line] = []
    top = 0.0
    for kind, rows in _lines(scene, marks, unfold):
        height = {"fact": height_of(rows[0]), "head": HEAD, "pack": PACK, "names": NAME}[kind]
        found.append(Line(kind, top, height, rows))
        top += height
    return found


def _lines(scene: Scene, marks: Marks, unfold: bool) -> Iterator[tuple[Kind, tuple[PictureRow, ...]]]:
    for _, section in groupby(scene.rows, lambda row: row.key if row.fact is None else row.group):
        rows = list(section)
        folded = False
        if rows[0].fact is None:
            folded = rows[0].folded and not unfold
            yield "head", (rows[0], *(rows[1:] if folded else ()))
            rows = rows[1:]
        undated = [row for row in rows if row.undated or not row.dated]
        if folded:
            if len(undated) == len(rows):
                yield from _named(rows)
        elif scene.wanted.packed and not unfold:
            yield from (("pack", line) for line in packed([row for row in rows if row not in undated], marks))
            yield from _named(undated)
        else:
            yield from (("fact", (row,)) for row in rows)


def _named(rows: Sequence[PictureRow]) -> Iterator[tuple[Kind, tuple[PictureRow, ...]]]:
    for first in range(0, len(rows), COLUMNS):
        yield "names", tuple(rows[first : first + COLUMNS])


def packed(rows: Sequence[PictureRow], marks: Marks) -> list[tuple[PictureRow, ...]]:
    """Rows on as few lines as the order allows: each on the first line where it meets nothing."""
    lines: list[tuple[list[tuple[float, float]], list[PictureRow]]] = []
    for row in rows:
        found = place(row, marks)
        for taken, members in lines:  # noqa: B007
            if all(found.left >= right + GAP or found.right + GAP <= left for left, right in taken):
                break
        else:
            taken, members = [], []
            lines.append((taken, members))
        taken.append((found.left, found.right))
        members.append(row)
    return [tuple(members) for _, members in lines]
