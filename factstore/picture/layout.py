"""Assigns rows to lines, from the top down: one line for each fact, or several facts on one line if their bars don't meet.

The order is the scene's, and nothing moves up past a heading. Facts that share lines are taken from left to right as
drawn, and each goes on the first line that has room, which gives as few lines as possible (interval graph colouring).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from factstore.picture.marks import SHORT, Marks, date_width, label_width
from factstore.picture.scene import PictureRow, Scene

#: `fact`: one fact with its title and date. `head`: a heading; if it is folded, its facts are drawn on it, or below it where
#: the plot takes the whole width. `pack`: facts side by side, each with a label. `names`: titles, in columns, of facts with
#: nothing to draw.
Kind = Literal["fact", "head", "pack", "names"]

LINE, AIR, HEAD, PACK = 15, 9, 30, 17  # pixels
COLUMN = 310  # the least width of a column of names
GAP = 14  # between neighbours on one line
NEAR = 6  # between a bar and its label
_STRIP = 8  # strip width for counting overlaps
_ROUNDS = 6  # passes over all choices; later ones change next to nothing


class Line(NamedTuple):
    """A line of the picture: its rows and its place. `spots`: the places of the rows' labels, if they share a packed line."""

    kind: Kind
    top: float
    height: float
    rows: tuple[PictureRow, ...]
    spots: tuple[Spot, ...] = ()

    @property
    def middle(self) -> float:
        """Half way down, in pixels from the top."""
        return self.top + self.height / 2


class Spot(NamedTuple):
    """The place of a fact's label on a packed line, and the room that it takes together with its bar.

    `over`: the label stands over the bar, which is drawn slim.
    """

    left: float
    right: float
    x: float
    anchor: Literal["start", "end"]
    over: bool = False


def height_of(row: PictureRow) -> float:
    """The height of a row that has its own line."""
    return LINE * max(len(row.lines), len(row.date)) + AIR if row.fact else HEAD


def shows_date(row: PictureRow, marks: Marks) -> bool:
    """Whether a label includes the date: if it is short, or if the fact lies beyond the axis, where no bar shows it."""
    return marks.is_before(row) or marks.is_after(row) or is_brief(row)


def fits_date(row: PictureRow, marks: Marks, free: float) -> bool:
    """Whether the date of a bar fits into the free space of a line together with the title."""
    return row.dated and date_width(row) + label_width(row, marks.room) <= free


def is_brief(row: PictureRow) -> bool:
    """Whether there is a date, and a short one."""
    return row.dated and date_width(row) <= SHORT


def spots(row: PictureRow, marks: Marks) -> tuple[Spot, ...]:
    """The possible places of a label, best first: over its bar if it fits there, else right and left of it."""
    left, right = marks.extent(row)
    width = label_width(row, marks.room) + (date_width(row) if shows_date(row, marks) else 0)
    if marks.is_before(row):
        return (Spot(0, NEAR + 6 + width, NEAR + 6, "start"),)
    if marks.is_after(row):
        return (Spot(marks.width - NEAR - 6 - width, marks.width, marks.width - NEAR - 6, "end"),)
    end = right + (16 if row.marks else 0)
    if left + NEAR + width <= right:
        return (Spot(left, end, left + NEAR, "start", over=True),)
    beside = []
    if end + NEAR + width <= marks.width:
        beside.append(Spot(left, end + NEAR + width, end + NEAR, "start"))
    if left - NEAR - width >= 0:
        beside.append(Spot(left - NEAR - width, end, left - NEAR, "end"))
    x = max(0.0, min(left + NEAR, marks.width - width))
    return tuple(beside) or (Spot(min(left, x), max(end, x + width), x, "start", over=True),)


def arrange(scene: Scene, marks: Marks, total: float, *, pitch: float = PACK, unfold: bool = False) -> list[Line]:
    """The lines of a scene of a width; facts that share lines have them `pitch` pixels apart.

    `unfold`: one line for each fact, since the page's own script folds groups and packs lines.
    """
    found: list[Line] = []
    top = 0.0
    for kind, rows, places in _lines(scene, marks, total, unfold):
        below = pitch if scene.wanted.packed and any(row.has_bar for row in rows[1:]) else 0
        height = {"fact": height_of(rows[0]), "head": HEAD + below, "pack": pitch, "names": pitch}[kind]
        found.append(Line(kind, top, height, rows, places))
        top += height
    return found


_Found = tuple[Kind, tuple[PictureRow, ...], tuple[Spot, ...]]


def _lines(scene: Scene, marks: Marks, total: float, unfold: bool) -> Iterator[_Found]:
    for _, section in groupby(scene.rows, lambda row: row.key if row.fact is None else row.group):
        rows = list(section)
        folded = False
        if rows[0].fact is None:
            folded = rows[0].folded and not unfold
            yield "head", (rows[0], *(rows[1:] if folded else ())), ()
            rows = rows[1:]
        undated = [row for row in rows if not row.has_bar]
        if folded:
            if len(undated) == len(rows):
                yield from _named(rows, total)
        elif scene.wanted.packed and not unfold:
            for line in packed([row for row in rows if row not in undated], marks):
                yield "pack", tuple(row for row, _ in line), tuple(spot for _, spot in line)
            yield from _named(undated, total)
        else:
            yield from (("fact", (row,), ()) for row in rows)


def columns(total: float) -> int:
    """How many titles of facts with nothing to draw stand side by side."""
    return max(1, int(total // COLUMN))


def _named(rows: Sequence[PictureRow], total: float) -> Iterator[_Found]:
    aside = columns(total)
    for first in range(0, len(rows), aside):
        yield "names", tuple(rows[first : first + aside]), ()


def packed(rows: Sequence[PictureRow], marks: Marks) -> list[list[tuple[PictureRow, Spot]]]:
    """Rows on as few lines as their labels allow, each with the place of its label."""
    places = _chosen([spots(row, marks) for row in rows], marks.width)
    lines: list[list[tuple[PictureRow, Spot]]] = []
    for row, spot in sorted(zip(rows, places, strict=True), key=lambda one: one[1].left):
        line = next((line for line in lines if line[-1][1].right + GAP <= spot.left), None)
        if line is None:
            lines.append([(row, spot)])
        else:
            line.append((row, spot))
    return lines


def _chosen(choices: Sequence[tuple[Spot, ...]], width: float) -> list[Spot]:
    """Choose one spot for each fact so that the greatest number of overlaps anywhere is as small as possible.

    Several passes: each fact in turn moves to the spot whose most crowded strip holds the fewest other facts.
    """
    load = [0] * (int(width // _STRIP) + 2)

    def strips(spot: Spot) -> range:
        return range(max(0, int(spot.left // _STRIP)), min(len(load), int((spot.right + GAP) // _STRIP) + 1))

    def burden(spot: Spot) -> tuple[int, int]:
        taken = [load[strip] for strip in strips(spot)]
        return max(taken), sum(taken)

    chosen: list[Spot | None] = [None] * len(choices)
    for _ in range(_ROUNDS):
        before = [*chosen]
        for n, (spots_of, now) in enumerate(zip(choices, before, strict=True)):
            for strip in strips(now) if now else ():
                load[strip] -= 1
            best = chosen[n] = min(spots_of, key=burden)
            for strip in strips(best):
                load[strip] += 1
        if chosen == before:
            break
    return [spot for spot in chosen if spot]
