"""The marks of a fact, also used in the key: bars around y = 0, placed by the axis. The page's script moves the same marks.

Each mark has classes, and only the style sheet gives them their look, so that a file and a page cannot differ otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from factstore.picture.axis import Axis
from factstore.picture.scene import PictureRow
from factstore.picture.svg import Value, element, group, number, text
from factstore.picture.texts import cut, directed, direction, text_width

BAR = 12  # the height of a bar, in pixels
SLIM = 3  # the height of a bar with its title over it
MAY = 0.4  # the opacity of what is possible, as in look.py
LEAST = 4  # the least width of a bar
STEPS = 8  # the shades of a fade
BEYOND = 9  # how far an outline without an end extends beyond the plot
SMALL = 11  # the size of small text

#: Shows, beside the colour, how a fact relates to the one asked about: the direction, and filled if certain.
SIGNS = {
    "before": "M4-5L-5 0L4 5Z",
    "after": "M-4-5L5 0L-4 5Z",
    "either": "M0-5.5L5 0L0 5.5L-5 0Z",
    "asked": "M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1-4.5 0Z",
}


def sign(tone: str, x: float, y: float, *, every: bool = False) -> str:
    """The sign of a colour that a question gives; nothing for other colours, unless a page may need it."""
    which, _, certainty = tone.partition("-")
    there = which in SIGNS
    if not there and not every:
        return ""
    filled = "full" if certainty == "certain" or tone == "asked" else "hollow"
    return element(
        "path",
        class_=f"sign {filled if there else ''}".strip(),
        d=SIGNS.get(which, "M0 0"),
        transform=f"translate({number(x)},{number(y)})",
    )


class Band(NamedTuple):
    """Where bars are drawn: how far below the middle of their line, and how high."""

    top: float
    height: float

    @property
    def low(self) -> float:
        """Where it ends."""
        return self.top + self.height


WHOLE = Band(-BAR / 2, BAR)


class Marks:
    """The marks of facts on an axis of a width in pixels. `every`: also the hidden marks that a page may show later.

    `pitch`: the height in pixels of a line that facts share.
    """

    def __init__(
        self, axis: Axis, width: float, *, every: bool = False, room: float = 0, pitch: float = BAR + 1
    ) -> None:
        self._axis = axis
        self.width = width
        self.room = room or LABEL  # of the title in a label
        self._every = every
        height = min(BAR, pitch - 1)
        self._whole = Band(-height / 2, height)
        self._slim = Band((pitch - 1) / 2 - SLIM, SLIM)

    def x(self, time: float) -> float:
        """The place of a time in pixels, which may lie outside the plot."""
        return self._axis.at(time) * self.width

    def within(self, time: float) -> float:
        """The place of a time in pixels, or that of the nearest edge."""
        return min(max(self.x(time), 0.0), float(self.width))

    def is_before(self, row: PictureRow) -> bool:
        """Whether all of a fact lies before the axis."""
        return row.times.past is not None and self.x(row.times.past) <= 0

    def is_after(self, row: PictureRow) -> bool:
        """Whether all of a fact lies after the axis."""
        return row.times.first is not None and self.x(row.times.first) >= self.width

    def span(self, start: int | None, end: int | None) -> tuple[float, float]:
        """The left and right edge of a bar, at least wide enough to be seen."""
        left = 0.0 if start is None else self.within(start)
        right = float(self.width) if end is None else self.within(end)
        return left, max(right, left + LEAST)

    def extent(self, row: PictureRow) -> tuple[float, float]:
        """The left and right edge of everything drawn for a fact, except its signs."""
        if self.is_before(row) or self.is_after(row):
            place = 0.0 if self.is_before(row) else float(self.width)
            return place, place
        times = row.times
        return self.span(times.first, times.past)

    def bar(self, row: PictureRow, *, dated: bool = True, slim: bool = False, shared: bool = False) -> Iterator[str]:
        """A fact's possible and certain time, and the signs at its ends.

        `dated`: also the date of what lies beyond an edge; `slim`: the bar is at the foot of its line, below its title;
        `shared`: other facts have the same line, so `possible` draws the possible time of them all, and there is no room for
        the signs of doubt after the bar.
        """
        times, off = row.times, self.is_before(row) or self.is_after(row)
        band = self._slim if slim else self._whole
        if row.dated and (not off or self._every):
            hidden = "none" if off else None
            if row.outlined:
                yield self._shell(row, band, hidden)
            elif not shared:
                yield from self._possible(row, band, hidden, "may", MAY)
            for since, until in times.sure:
                left, right = self.span(since, until)
                seen = (until is None or self.x(until) > 0) and (since is None or self.x(since) < self.width)
                if seen or self._every:
                    shown = None if seen else "none"
                    hollow = "sure hollow" if row.outlined else "sure"
                    yield _rect(hollow, left, right, band, display=hidden or shown)
        yield from self._ends(row, dated)
        if not shared:
            yield from self._beside(row, band, hidden=off)

    def possible(self, rows: Sequence[PictureRow], x: float, y: float) -> str:
        """The possible time of facts that share a line; where several meet it looks no more certain than that of one."""
        shown = [row for row in rows if row.dated and not (row.outlined or self.is_before(row) or self.is_after(row))]
        inside = (group(*self._possible(row, self._whole, None, "may shared", 1), class_=row.tone) for row in shown)
        return group(*inside, class_="possible", x=x, y=y)

    def beside_bars(self, rows: Sequence[PictureRow]) -> str:
        """What the bars of facts on a shared line don't show: dates beyond an edge, and how many facts are undated."""
        told = []
        for way, off in (("before", self.is_before), ("after", self.is_after)):
            if dates := [row.short for row in rows if off(row)]:
                told.append(f"{way}: {dates[0]}{f' and {len(dates) - 1:,} more' if len(dates) > 1 else ''}")
        if undated := sum(not row.has_bar for row in rows):
            told.append(f"{undated:,} undated")
        return "; ".join(told)

    def _possible(self, row: PictureRow, band: Band, hidden: str | None, kind: str, opacity: float) -> Iterator[str]:
        times = row.times
        endless = any(until is None for _, until in times.sure)
        if times.first is None and times.flat is not None:
            yield self._fade("fade left", 0, self.within(times.flat), band, hidden, opacity)
        if times.past is None and times.ebb is not None and not endless:
            # A fact that had begun by then may be over already, so its fade is weaker.
            fade, most = ("fade right weak", opacity / 2) if times.begun else ("fade right", opacity)
            yield self._fade(fade, self.within(times.ebb), self.width, band, hidden, most)
        if times.flat is not None:
            yield _rect(kind, *self.span(times.flat, times.ebb), band, display=hidden)

    def _fade(self, kind: str, left: float, right: float, band: Band, hidden: str | None, most: float) -> str:
        step = (right - left) / STEPS
        shades = [f"{most * shade / (STEPS + 1):.2f}" for shade in range(1, STEPS + 1)]
        inside = (
            element("rect", x=left + n * step, y=band.top, width=step, height=band.height, fill_opacity=shade)
            for n, shade in enumerate(shades if "left" in kind else reversed(shades))
        )
        return group(*inside, class_=kind, display=hidden)

    def _shell(self, row: PictureRow, band: Band, hidden: str | None) -> str:
        """An outline, open on the side where no end is known."""
        first, past = row.times.first, row.times.past
        path = outline(*self.span(first, past), first is None, past is None, band)
        return element("path", class_="shell", d=path, display=hidden)

    def _ends(self, row: PictureRow, dated: bool) -> Iterator[str]:
        """The signs at the edges of the plot: no limit known, more beyond the edge, or all of the fact beyond it."""
        first, past = row.times.first, row.times.past
        before, after = self.is_before(row), self.is_after(row)
        more = first is None or self.x(first) < 0, past is None or self.x(past) > self.width
        ends = (("left", first, before, more[0] and not after), ("right", past, after, more[1] and not before))
        for side, limit, off, cut_off in ends:
            if off or cut_off or self._every:
                kind = "off" if off else "open" if limit is None else "more"
                yield self._tip(side, kind, display=None if off or cut_off else "none")
            if (off and dated) or self._every:
                x, anchor = (5.0, "start") if side == "left" else (self.width - 5.0, "end")
                shown = None if off else "none"
                yield text(x, 4, [directed(row.short)], class_=f"out {side}", text_anchor=anchor, display=shown)

    def _tip(self, side: str, kind: str, display: str | None = None) -> str:
        moved = f"translate({number(-5 if side == 'left' else self.width + 5)},0)"
        return element("path", class_=f"tip {side} {kind}", d=TIPS[side], transform=moved, display=display)

    def _beside(self, row: PictureRow, band: Band, *, hidden: bool) -> Iterator[str]:
        """The signs of doubt after a bar, and the line that strikes out a withdrawn fact."""
        times = row.times
        if row.marks:
            end = self.width if times.ebb is None else self.within(times.ebb)
            inside = row.dated and not hidden and (times.ebb is None or 0 <= self.x(times.ebb) <= self.width)
            if inside or self._every:
                yield text(end + 6, 4, [row.marks], class_="marks", display=None if inside else "none")
        if row.withdrawn and row.dated and (self._every or not hidden):
            left, right = self.span(times.first, times.past)
            path = f"M{number(left - 6)} {number(band.top + band.height / 2)}H{number(right + 6)}"
            yield element("path", class_="strike", d=path, display="none" if hidden else None)


#: Triangles that point out of the plot on either side.
TIPS = {"left": "M3-4L-3 0L3 4Z", "right": "M-3-4L3 0L-3 4Z"}


def outline(left: float, right: float, open_left: bool, open_right: bool, band: Band = WHOLE) -> str:
    """The path of an outline, open on the sides where no end is known."""
    top, low = number(band.top), number(band.low)
    if open_left:
        left = -BEYOND
    if open_right:
        right += BEYOND
    a, b = number(left), number(right)
    if open_left and open_right:
        return f"M{a} {top}H{b}M{a} {low}H{b}"
    if open_left:
        return f"M{a} {top}H{b}V{low}H{a}"
    if open_right:
        return f"M{b} {top}H{a}V{low}H{b}"
    return f"M{a} {top}H{b}V{low}H{a}Z"


def _rect(kind: str, left: float, right: float, band: Band, display: str | None = None) -> str:
    return element("rect", class_=kind, x=left, y=band.top, width=right - left, height=band.height, display=display)


def title(row: PictureRow) -> str:
    """A row's title, its lines around y = 0; struck out if the fact is withdrawn."""
    if row.fact is None:
        return text(0, 4, [directed(line) for line in row.lines], class_="head")
    first = 4 - 7.5 * (len(row.lines) - 1)
    return text(0, first, [directed(line) for line in row.lines], class_=_kind("title", row))


def _kind(name: str, row: PictureRow) -> str:
    """The classes of a fact's title or label."""
    return name + (" withdrawn" if row.withdrawn else " wrong" if row.conflicting else "")


def date(row: PictureRow) -> str:
    """A row's date in words, around y = 0."""
    return text(0, 4 - 7 * (len(row.date) - 1), map(directed, row.date), 14, class_="date") if row.date else ""


#: The greatest width, in pixels, of a title on a shared line, and of a date that counts as short.
LABEL, SHORT = 236, 110
#: The base line of a label beside its bar, and of one over it, in pixels below the middle of the line.
BASE, RAISED = 4, 2
#: The paper behind a label, as seen from its base line.
BACK = Band(-9, 10)


def label(
    row: PictureRow,
    x: float,
    room: float = LABEL,
    anchor: str = "start",
    *,
    dated: bool = True,
    over: bool = False,
    fitted: bool = False,
) -> str:
    """A title on one line of a width in pixels, for a fact on a shared line; its date is on the side of the bar.

    Behind it is paper, so that no arrow runs through it. `over`: the title is over its bar. `fitted`: it takes its estimated
    width in any font, so that it never runs onto a bar.
    """
    shown = cut(row.title, room - text_width(row.status, SMALL), SMALL) + row.status
    title, width = escape(directed(shown)), text_width(shown, SMALL) + (date_width(row) if dated else 0)
    when, space = escape(directed(row.short)), "\N{NO-BREAK SPACE} "
    if dated and anchor == "start":
        title = element("tspan", when + space, class_="when") + title
    elif dated:
        # A left-to-right mark, without which digits after right-to-left text would be drawn on its other side.
        title += element(
            "tspan", ("\N{LEFT-TO-RIGHT MARK}" if direction(row.title) else "") + space[::-1] + when, class_="when"
        )
    left, base = x if anchor == "start" else x - width, RAISED if over else BASE
    back = element("rect", class_="back", x=left, y=base + BACK.top, width=width, height=BACK.height)
    fit: dict[str, Value] = {"textLength": width, "lengthAdjust": "spacingAndGlyphs"} if fitted else {}
    return back + element("text", title, class_=_kind("label", row), x=x, y=base, text_anchor=anchor, **fit)


def date_width(row: PictureRow) -> float:
    """The approximate width, in pixels, of the date in a label."""
    return text_width(row.short, SMALL) + 8


def label_width(row: PictureRow, room: float = LABEL) -> float:
    """The approximate width, in pixels, of a label without its date."""
    return min(room, text_width(row.title + row.status, SMALL))
