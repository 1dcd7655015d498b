"""Draws a scene as SVG: on one sheet, on pages of paper, or as the parts of an interactive page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from math import atan2, degrees, sqrt
from typing import NamedTuple

from factstore.picture import key, marks
from factstore.picture.axis import Axis, axis
from factstore.picture.layout import GAP, HEAD, PACK, Line, arrange, columns, fits_date, shows_date
from factstore.picture.look import written_in
from factstore.picture.marks import Marks
from factstore.picture.scene import DATE, TITLE, Arc, PictureRow, Scene
from factstore.picture.svg import NAMESPACE, element, group, number, text, window
from factstore.picture.texts import cut, directed, wrapped

EDGE = 14  # pixels: the outer margin
SIGNS = 22  # the column of signs, left of the titles
ARCS, PLOT = 84, 574  # the column of arcs, and the plot
DATES = DATE + 42  # some fonts of last resort are wider than is estimated, and nothing may be cut
PACKED = TITLE + ARCS + PLOT + DATES  # the width of packed lines
AXIS = 24  # the height of an axis
_TALL = 600  # from this height on, there is an axis below as well
_TITLE_SIZE, _NOTE_SIZE = 17, 12
HIGHEST_ARC = 1500


class Block(NamedTuple):
    """A part of a drawing, and its height."""

    svg: str
    height: float


class Drawing:
    """Draws the parts of a scene. `every`: also the marks that only an interactive page can show. `fitted`: labels of packed
    lines take their estimated width in any font.

    For packed lines, in pixels: `packed_width` is the width of the plot, `room` that of a title, `pitch` the line height,
    which leaves air between bars.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        packed_width: float = PACKED,
        room: float = 0,
        pitch: float = PACK,
        every: bool = False,
        fitted: bool = False,
    ) -> None:
        self.scene = scene
        self.packed = scene.wanted.packed and not every
        self.axis = axis_of(scene)
        self.left = 0.0 if self.packed else float(TITLE + ARCS)
        self.marks = Marks(self.axis, packed_width if self.packed else PLOT, every=every, room=room, pitch=pitch)
        self.total = packed_width if self.packed else self.left + PLOT + DATES
        self._pitch = pitch
        self._every = every
        self._fitted = fitted

    @cached_property
    def lines(self) -> list[Line]:
        """The rows and their labels, from the top down."""
        return arrange(self.scene, self.marks, self.total, pitch=self._pitch, unfold=self._every)

    @property
    def height(self) -> float:
        """The height of the rows."""
        return self.lines[-1].top + self.lines[-1].height

    # --- above the rows ---

    def heading(self, more: str = "") -> Block:
        """The title, the note, and the axis's caption."""
        title = wrapped(self.scene.title, self.total, 2, _TITLE_SIZE)
        notes = [line for note in (self.scene.note, self.caption()) if note for line in wrapped(note, self.total, 2)]
        first = 20.0
        parts = [text(0, first, map(directed, title), 21, class_="name")]
        below = first + 21 * (len(title) - 1) + 20
        if notes:
            parts.append(text(0, below, map(directed, notes), 16, class_="note"))
        if more:
            parts.append(text(self.total, first, [more], class_="note", text_anchor="end"))
        return Block("".join(parts), below + 16 * len(notes) - 10)

    def caption(self) -> str:
        """How many facts lie beyond the axis, and how to read it."""
        cut_off = outside(self.scene, self.axis)
        clock = self.scene.clock() if any(mark.timed for mark in self.axis.marks(self.marks.width)) else ""
        return ". ".join(filter(None, (cut_text(*cut_off), self.axis.caption(), clock)))

    def key(self) -> Block:
        """The key to the signs that are drawn."""
        return Block(*key.drawn(key.signs(self.scene, self.marks), self.total))

    # --- the axis ---

    def labels(self, *, below: bool = False) -> Block:
        """The axis with its labels, above the rows or below them."""
        width = self.marks.width
        shown = [
            text(mark.at * width, 16 if below else 12, [mark.text], class_="tick", text_anchor="middle")
            for mark in self.axis.marks(width)
        ]
        shown += [
            element(
                "path",
                class_="slashes",
                d="M-4 6L0-6M1 6L5-6",
                transform=f"translate({number(x * width)},{10 if below else 8})",
            )
            for x in self.axis.breaks
        ]
        return Block(group(*shown, x=self.left, class_="axis"), AXIS)

    def ground(self, top: float, height: float) -> str:
        """The lines of the axis across the rows, the breaks, and the period asked about."""
        width, low = self.marks.width, number(top + height)
        lines = "".join(f"M{number(mark.at * width)} {number(top)}V{low}" for mark in self.axis.marks(width))
        found = [element("path", class_="grid", d=lines or "M0 0")]
        gaps = "".join(f"M{number(at * width + by)} {number(top)}V{low}" for at in self.axis.breaks for by in (-3, 3))
        found += [element("path", class_="gap", d=gaps)] if gaps else []
        if self.scene.asked:
            left, right = self.marks.span(*self.scene.asked)
            found.append(element("rect", class_="asked", x=left, y=top, width=right - left, height=height))
        return group(*found, x=self.left, class_="ground")

    # --- the rows ---

    def rows(self, lines: Sequence[Line] | None = None) -> str:
        """Some lines, or all, and the arcs that pass them: over the bands of headings, and under everything else."""
        shown = self.lines if lines is None else lines
        top, low = shown[0].top, shown[-1].top + shown[-1].height
        heads = [line for line in shown if line.kind == "head"]
        return "".join(
            (
                self.ground(top, low - top),
                *map(self.line, heads),
                *(arc for first, last, arc in self.arcs() if first < low and last > top),
                *(self.line(line) for line in shown if line.kind != "head"),
            )
        )

    def line(self, line: Line) -> str:
        """Everything on a line."""
        if line.kind == "head":
            return self._head(line)
        if line.kind == "names":
            return group(*self._names(line.rows), y=line.middle, class_="names")
        if line.kind == "pack":
            return group(*self._packed(line), y=line.middle, class_="pack")
        return self._fact(line.rows[0], line)

    def _fact(self, row: PictureRow, line: Line) -> str:
        # Hidden; a page shows it when facts are packed.
        hidden = [group(marks.label(row, 0), class_="l", display="none")] if self._every else []
        return group(
            element("path", class_="rule", d=f"M0 {number(line.height / 2)}H{number(self.total)}"),
            group(marks.title(row), class_="t"),
            group(*self.marks.bar(row), *hidden, x=self.left, class_="p"),
            group(marks.date(row), x=self.left + self.marks.width + 16, class_="d"),
            marks.sign(row.tone, -12, 0, every=self._every),
            y=line.middle,
            class_=f"row {row.tone}",
            data_key=str(row.key) if self._every else None,
        )

    def _packed(self, line: Line) -> Iterator[str]:
        """Facts side by side; a title may extend over the free space as far as the next fact."""
        taken = -GAP * 1.0
        lefts = [*(spot.left for spot in line.spots[1:]), self.marks.width + GAP]
        for row, spot, left in zip(line.rows, line.spots, lefts, strict=True):
            start = spot.anchor == "start"
            free = left - GAP - spot.x if start else spot.x - taken - GAP
            dated = shows_date(row, self.marks) or fits_date(row, self.marks, free)
            date = marks.date_width(row) if dated else 0
            room = max(self.marks.room, free - date)
            taken = max(spot.right, spot.x + date + marks.label_width(row, room)) if start else spot.right
            shown = marks.label(row, spot.x, room, spot.anchor, dated=dated, over=spot.over, fitted=self._fitted)
            beside = spot.left if start else self.marks.extent(row)[0]
            yield group(
                *self.marks.bar(row, dated=False, slim=spot.over),
                shown,
                marks.sign(row.tone, beside - 8, 0),
                class_=f"row {row.tone}",
            )

    def _head(self, line: Line) -> str:
        head, *members = line.rows
        band = element("rect", class_="band", x=0, y=-12, width=self.total, height=24)
        drawn = [row for row in members if row.has_bar]
        below = (line.height if self.packed else 0) / 2
        shown = [self.marks.possible(drawn, self.left, below)] if drawn else []
        shown += [
            group(*self.marks.bar(row, dated=False, shared=True), x=self.left, y=below, class_=f"row {row.tone} folded")
            for row in drawn
        ]
        if drawn and (beside := self.marks.beside_bars(members)):
            told = [directed(cut(beside, DATE, marks.SMALL))]
            shown.append(text(self.total - 6, 4, told, class_="out", text_anchor="end"))
        return group(
            band,
            *shown,
            group(marks.title(head), x=6, class_="t"),
            y=line.top + HEAD / 2,
            class_="group",
            data_key=str(head.key) if self._every else None,
        )

    def _names(self, rows: Iterable[PictureRow]) -> Iterator[str]:
        room = self.total / columns(self.total)
        for n, row in enumerate(rows):
            when = f"  {row.short}" if row.short not in ("", "(undated)") else ""
            yield text(n * room + 6, 4, [directed(cut(row.title + row.status + when, room - 20, 11))], class_="label")

    # --- orders ---

    def arcs(self) -> Iterator[tuple[float, float, str]]:
        """Each arc, with the heights at which it begins and ends. An arrow points at what came later."""
        middles = {row.key: line.middle for line in self.lines if line.kind in ("fact", "pack") for row in line.rows}
        for arc in self.scene.arcs:
            if arc.a in middles and arc.b in middles:
                a, b = middles[arc.a], middles[arc.b]
                yield min(a, b), max(a, b), self._straight(arc, a, b) if self.packed else self._arc(arc, a, b)

    def _arc(self, arc: Arc, a: float, b: float) -> str:
        reach = 4 + (ARCS - 20) * sqrt(min(1.0, abs(b - a) / min(self.height, HIGHEST_ARC)))
        x = self.left - 10
        path = f"M{number(x)} {number(a)}A{number(reach)} {number(abs(b - a) / 2)} 0 0 {int(b < a)} {number(x)} {number(b)}"
        return self._joined(arc, path, f"translate({number(x + 4)},{number(b)})")

    def _straight(self, arc: Arc, a: float, b: float) -> str:
        """A straight arrow between two bars that are not one below the other."""
        start, end = self.marks.extent(self.scene.rows[arc.a]), self.marks.extent(self.scene.rows[arc.b])
        x, to = (start[1], end[0]) if arc.ahead else (start[0], end[0])
        turned = f"translate({number(to)},{number(b)}) rotate({number(degrees(atan2(b - a, to - x)))})"
        return self._joined(arc, f"M{number(x)} {number(a)}L{number(to)} {number(b)}", turned)

    def _joined(self, arc: Arc, path: str, moved: str) -> str:
        kind = (" aside" if arc.aside else "") + ("" if arc.ahead else " share")
        keys = {"data_a": str(arc.a), "data_b": str(arc.b)} if self._every else {}
        head = element("path", class_=f"head{kind}", d=key.HEAD, transform=moved, **keys) if arc.ahead else ""
        return element("path", class_=f"arc{kind}", d=path, **keys) + head


def axis_of(scene: Scene) -> Axis:
    """The axis of a scene."""
    facts = len({row.fact for row in scene.rows if row.fact})
    return axis(scene.wanted.axis, scene.ends(), facts, scene.asked or ())


def outside(scene: Scene, shown: Axis) -> tuple[int, int]:
    """How many facts lie before and after what an axis shows."""
    facts = {row.fact: row.times for row in scene.rows if row.fact}.values()
    before = sum(times.past is not None and shown.at(times.past) <= 0 for times in facts)
    return before, sum(times.first is not None and shown.at(times.first) >= 1 for times in facts)


def cut_text(before: int, after: int) -> str:
    """The same in words; "" if no fact lies outside."""
    outside = [
        f"{count:,} fact{'s' if count > 1 else ''} {way} it"
        for count, way in ((before, "before"), (after, "after"))
        if count
    ]
    return f"The axis is cut: {' and '.join(outside)}, dated at the edge" if outside else ""


def stacked(parts: Sequence[Block]) -> Block:
    """Parts placed one below the other, as one."""
    shown, top = [], 0.0
    for part in parts:
        shown.append(group(part.svg, y=top))
        top += part.height
    return Block("".join(shown), top)


def sheet(body: str, width: float, height: float, colours: dict[str, str]) -> str:
    """An SVG document for a drawing of this width and height."""
    paper = element("rect", class_="paper", width=width, height=height)
    return element(
        "svg",
        written_in(paper + body, colours),
        xmlns=NAMESPACE,
        width=width,
        height=height,
        viewBox=f"0 0 {number(width)} {number(height)}",
    )


def whole(scene: Scene, colours: dict[str, str], *, fitted: bool = False) -> tuple[str, float, float]:
    """A scene drawn on one sheet, with its width and height in pixels. `fitted`: see Drawing."""
    drawing = Drawing(scene, fitted=fitted)
    above = stacked([drawing.heading(), drawing.key(), drawing.labels()])
    parts = [above, Block(drawing.rows(), drawing.height)]
    if drawing.height > _TALL:
        parts.append(drawing.labels(below=True))
    body = stacked(parts)
    width, height = drawing.total + 2 * EDGE + SIGNS, body.height + 2 * EDGE
    return sheet(group(body.svg, x=EDGE + SIGNS, y=EDGE), width, height, colours), width, height


# --- on paper ----------------------------------------------------------------------------------------------------


class Paper(NamedTuple):
    """The size of a sheet of paper, in points."""

    width: float
    height: float


PAPERS = {"a4": Paper(841.89, 595.28), "letter": Paper(792, 612)}
_MARGIN = 24.0  # points; page.css has the same margins in millimetres
#: Choices for packed lines, from large print to the smallest that can be read: text size in points, the room for a title
#: and the line height in pixels.
PACKINGS = (
    (8.0, 236, 17),
    (7.0, 236, 15),
    (6.2, 236, 14),
    (5.5, 236, 13),
    (5.5, 200, 13),
    (5.5, 170, 13),
    (5.5, 140, 13),
    (5.5, 140, 12),
    (5.5, 120, 12),
)


def pages(scene: Scene, colours: dict[str, str], paper: Paper) -> list[tuple[str, str]]:
    """The drawing on sheets of paper, each with title, key and axis, no row cut in two; and each sheet in words."""
    drawing = Drawing(scene)
    if drawing.packed:
        drawing = min(_tried(scene, paper), key=lambda one: len(_cut(one, paper)))
    slices = _cut(drawing, paper)
    found = []
    for n, lines in enumerate(slices, 1):
        which = f"{n} of {len(slices)}"
        words = "\n".join(row.told or f"{row.title}:" for line in lines for row in line.rows)
        found.append((_page(drawing, lines, colours, paper, which), f"{scene.title}, page {which}\n{words}"))
    return found


def _tried(scene: Scene, paper: Paper) -> Iterator[Drawing]:
    for size, room, pitch in PACKINGS:
        width = (paper.width - 2 * _MARGIN) * marks.SMALL / size - SIGNS
        yield Drawing(scene, packed_width=width, room=room, pitch=pitch)


def _scale(drawing: Drawing, paper: Paper) -> float:
    """Points per pixel."""
    return (paper.width - 2 * _MARGIN) / (drawing.total + SIGNS)


def _above(drawing: Drawing, more: str) -> Block:
    return stacked([drawing.heading(more), drawing.key(), drawing.labels()])


def _cut(drawing: Drawing, paper: Paper) -> list[list[Line]]:
    """The lines of each page; a heading is never the last line of a page."""
    room = (paper.height - 2 * _MARGIN) / _scale(drawing, paper) - _above(drawing, "1 of 1").height
    found: list[list[Line]] = [[]]
    for line in drawing.lines:
        page = found[-1]
        if page and line.top + line.height - page[0].top > room:
            found.append([page.pop()] if page[-1].kind == "head" and len(page) > 1 else [])
        found[-1].append(line)
    return found


def _page(drawing: Drawing, lines: Sequence[Line], colours: dict[str, str], paper: Paper, which: str) -> str:
    scale = _scale(drawing, paper)
    above = _above(drawing, which)
    top, low = lines[0].top, lines[-1].top + lines[-1].height
    shown = window(drawing.rows(lines), -SIGNS, above.height, (-SIGNS, top, drawing.total + SIGNS, low - top))
    body = element(
        "g",
        above.svg,
        shown,
        transform=f"translate({number(_MARGIN)},{number(_MARGIN)}) scale({scale:.4f}) translate({SIGNS},0)",
    )
    return sheet(body, paper.width, paper.height, colours)
