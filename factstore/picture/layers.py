"""The layers of a drawing: time runs along x in the one scale there is, and everything else lies in pixels.

What a layer draws is computed from its datum and the scale, so that it is right at every zoom. Data sets: `rows` and `arcs`
as a scene has them, `asked` (the period asked about), `heading` and `key`. Nothing of the data ever stands in an expression.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import altair as alt

from factstore.picture.colours import TONES
from factstore.picture.key import SWATCH
from factstore.picture.scene import EVER, Frame

Orient = Literal["top", "bottom", "none"]

TITLE, ARCS, PLOT, DATE = 330, 84, 600, 250  # pixels: the columns, from left to right
LEFT = TITLE + ARCS
_BAR = 12  # the height of a bar, in pixels
_LEAST = 4  # the width of the narrowest
_MAYBE = 0.4  # the opacity of what is possible
_DASH = [3, 2]

#: How the axis tells moments, by the longest unit that begins there.
_MOMENTS = {
    "year": "%Y",
    "quarter": "%b %Y",
    "month": "%b %Y",
    "week": "%-d %b",
    "date": "%-d %b",
    "day": "%-d %b",
    "hours": "%H:%M",
    "minutes": "%H:%M",
    "seconds": "%H:%M:%S",
    "milliseconds": "%H:%M:%S.%L",
}

Expr = alt.ExprRef
_ROWS = alt.NamedData("rows")
_TONE = "scale('color', datum.tone)"
_FIRST_LINE = "datum.y - 7.5 * (length(datum.lines) - 1)"


# --- where things lie -----------------------------------------------------------------------------------------


def _time(name: str) -> str:
    """Where a time of the datum lies, within the plot."""
    return f"clamp(scale('x', datum.{name}), 0, width)"


def _box(x: str, x2: str, y: str, tall: float | str = _BAR) -> dict[str, Any]:
    """A rectangle from x to x2 around y."""
    edges = {"x": x, "x2": x2, "y": f"{y} - {tall} / 2", "y2": f"{y} + {tall} / 2"}
    return {name: Expr(edge) for name, edge in edges.items()}


def _outside(start: str, end: str) -> str:
    return f"(scale('x', datum.{end}) < 0 || scale('x', datum.{start}) > width)"


def _seen(start: str, end: str) -> str:
    """Where a bar from one time of the datum to another ends: wide enough to be seen where it is within the plot."""
    return f"max({_time(end)}, {_time(start)} + ({_outside(start, end)} ? 0 : {_LEAST}))"


def _bar(start: str, end: str) -> dict[str, Any]:
    return _box(_time(start), _seen(start, end), "datum.y")


def _level(x: str, x2: str, y: str) -> dict[str, Any]:
    """The encodings of a level line."""
    return {"x": alt.value(Expr(x)), "x2": alt.value(Expr(x2)), "y": alt.value(Expr(y))}


def _rows(condition: str = "true") -> alt.Chart:
    return alt.Chart(_ROWS).transform_filter(f"isValid(datum.fact) && ({condition})")


def _groups() -> alt.Chart:
    return alt.Chart(_ROWS).transform_filter("!isValid(datum.fact)")


def _text(x: str, y: str, text: str, *, size: int = 12, align: str = "left", **more: Any) -> dict[str, Any]:
    middle = {"align": align, "baseline": "middle", "fontSize": size, "aria": False}
    return {"x": Expr(x), "y": Expr(y), "text": Expr(text)} | middle | more


def _tip(shape: str, x: str, y: str = "datum.y", *, size: int = 42, **more: Any) -> dict[str, Any]:
    return {"shape": shape, "x": Expr(x), "y": Expr(y), "size": size, "filled": True, "aria": False} | more


class Layers:
    """The layers in a set of colours, by name."""

    def __init__(self, colours: dict[str, str]) -> None:
        self._colours = colours
        scale = alt.Scale(domain=list(TONES), range=[colours[name] for name in TONES])
        self._tone = alt.Color("tone:N", scale=scale, legend=None)

    def _either(self, *choices: tuple[str, str], otherwise: str) -> alt.ExprRef:
        """A colour by the first condition that holds."""
        tests = "".join(f"{condition} ? '{self._colours[name]}' : " for condition, name in choices)
        return Expr(f"{tests}'{self._colours[otherwise]}'")

    def _fading(self, *, left: bool) -> alt.ExprRef:
        """The datum's colour, fading into the paper on the left or on the right."""
        stops = [f"'{self._colours['paper']}'", _TONE]
        first, last = stops if left else stops[::-1]
        return Expr(
            "{gradient: 'linear', x1: 0, y1: 0, x2: 1, y2: 0,"
            f" stops: [{{offset: 0, color: {first}}}, {{offset: 1, color: {last}}}]}}"
        )

    def _sign(self, x: str, y: str) -> dict[str, Any]:
        """What says beside the colour how a fact stands to the one asked about: which way it lies, filled if certain."""
        shape = (
            "indexof(datum.tone, 'before') === 0 ? 'triangle-left' : indexof(datum.tone, 'after') === 0 ? 'triangle-right'"
            " : datum.tone === 'either-possible' ? 'diamond' : 'circle'"
        )
        filled = "indexof(datum.tone, '-certain') > 0 || datum.tone === 'asked' ? 1 : 0"
        there = "indexof(datum.tone, '-') > 0 || datum.tone === 'asked' ? 1 : 0"
        return {
            "shape": Expr(shape),
            "x": Expr(x),
            "y": Expr(y),
            "size": 60,
            "strokeWidth": 1.5,
            "fill": Expr(_TONE),
            "stroke": Expr(_TONE),
            "fillOpacity": Expr(filled),
            "strokeOpacity": Expr(there),
            "aria": False,
        }

    # --- behind the rows ---

    def ground(self) -> Iterator[alt.Chart]:
        """Rules between the rows, the bands of groups, the period asked about, the row picked."""
        colours, whole = self._colours, (f"-{LEFT}", f"width + {DATE}")
        rules = _rows().mark_rule(color=colours["line"], opacity=0.55, aria=False)
        yield rules.encode(**_level(*whole, "datum.y + datum.h / 2"))
        yield _groups().mark_rect(**_box(*whole, "datum.y - 1", 24), color=colours["band"], aria=False)
        wide = f"max({_time('hi')}, {_time('lo')} + 2)"
        yield alt.Chart(alt.NamedData("asked")).mark_rect(
            **_box(_time("lo"), wide, "height / 2", "height"), color=colours["picked"], aria=False
        )
        yield _rows("datum.on").mark_rect(**_box(*whole, "datum.y", "datum.h"), color=colours["picked"], aria=False)

    def axis(self, frame: Frame, orient: Orient) -> alt.Chart:
        """The axis of time above or below the rows, or (`none`) only its lines across them."""
        axis = alt.Axis(
            orient="bottom" if orient == "bottom" else "top",
            title=None,
            format=_MOMENTS,
            labelOverlap=True,
            labels=orient != "none",
            grid=orient != "bottom",
            ticks=orient == "bottom",
            domain=False,
            labelFontSize=11,
            labelColor=self._colours["quiet"],
            gridColor=self._colours["line"],
            tickColor=self._colours["line"],
            tickCount=Expr("width / 90"),
        )
        scale = alt.Scale(type="utc", domain=[Expr("lo"), Expr("hi")], nice=False)
        there = alt.Chart(alt.InlineData([{"t": frame.lo}])).mark_rule(opacity=0, aria=False)
        chart: alt.Chart = there.encode(x=alt.X("t:T", scale=scale, axis=axis))
        return chart

    # --- in the rows ---

    def bars(self) -> Iterator[alt.Chart]:
        """The possible and the certain time of each fact, and whatever signs stand beside them."""
        told = alt.Description("told:N")
        left = _rows(f"!datum.outlined && !isValid(datum.first) && datum.flat > {-EVER}")
        yield left.mark_rect(
            **_box("0", _time("flat"), "datum.y"), color=self._fading(left=True), opacity=_MAYBE, aria=False
        )
        right = _rows(
            f"!datum.outlined && !isValid(datum.past) && datum.ebb < {EVER} && indexof(datum.over, {EVER}) < 0"
        )
        # It had begun, and may have been over at once: less is possible here than before.
        opacity = Expr(f"datum.begun ? {_MAYBE / 2} : {_MAYBE}")
        yield right.mark_rect(
            **_box(_time("ebb"), "width", "datum.y"), color=self._fading(left=False), opacity=opacity, aria=False
        )
        opacity = Expr(f"datum.flat === {-EVER} ? {_MAYBE / 2} : {_MAYBE}")
        flat = _rows("!datum.outlined").mark_rect(**_bar("flat", "ebb"), opacity=opacity)
        yield flat.encode(color=self._tone, description=told)
        # An outline is open where no end is known: it runs out of the plot, and is cut off there.
        start = f"isValid(datum.first) ? {_time('first')} : -9"
        end = f"isValid(datum.past) ? {_seen('flat', 'past')} : width + 9"
        outline = _rows("datum.outlined").mark_rect(
            **_box(start, end, "datum.y"),
            clip=True,
            fillOpacity=0,
            strokeDash=_DASH,
            stroke=Expr(_TONE),
            strokeOpacity=Expr(f"isValid(datum.past) && {_outside('flat', 'past')} ? 0 : 1"),
        )
        yield outline.encode(color=self._tone, description=told)
        sure = (
            _rows("length(datum.sure) > 0")
            .transform_flatten(["sure", "over"])
            .mark_rect(
                **_bar("sure", "over"),
                stroke=Expr(_TONE),
                fillOpacity=Expr("datum.outlined ? 0 : 1"),
                strokeOpacity=Expr(f"datum.outlined && !{_outside('sure', 'over')} ? 1 : 0"),
                aria=False,
            )
        )
        yield sure.encode(color=self._tone)
        earlier = "!isValid(datum.first) || scale('x', datum.first) < 0 ? 0.9 : 0"
        later = "!isValid(datum.past) || scale('x', datum.past) > width ? 0.9 : 0"
        yield _rows().mark_point(**_tip("triangle-left", "-5", opacity=Expr(earlier))).encode(color=self._tone)
        yield _rows().mark_point(**_tip("triangle-right", "width + 5", opacity=Expr(later))).encode(color=self._tone)
        shown = Expr("scale('x', datum.ebb) < 0 || scale('x', datum.ebb) > width ? 0 : 1")
        marks = _text(f"{_time('ebb')} + 6", "datum.y", "datum.marks", size=13, fontWeight="bold", opacity=shown)
        yield _rows("datum.marks").mark_text(**marks).encode(color=self._tone)
        yield _rows().mark_point(**self._sign(f"-{LEFT + 12}", "datum.y")).encode(color=self._tone)

    def texts(self) -> Iterator[alt.Chart]:
        """Titles on the left, dates on the right; what is withdrawn is struck out."""
        colours = self._colours
        colour = self._either(
            ("datum.tone === 'withdrawn'", "quiet"), ("datum.conflicting", "conflicting"), otherwise="ink"
        )
        yield _rows().mark_text(
            **_text(f"-{LEFT}", _FIRST_LINE, "datum.lines", lineHeight=15, limit=TITLE, color=colour)
        )
        first = "datum.y - 7 * (length(datum.date) - 1)"
        yield _rows().mark_text(
            **_text("width + 16", first, "datum.date", size=11, lineHeight=14, limit=DATE - 16, color=colours["quiet"])
        )
        heading = _text(f"4 - {LEFT}", "datum.y - 1", "datum.lines", fontWeight="bold", color=colours["ink"])
        yield _groups().mark_text(**heading)
        withdrawn = _rows("length(datum.struck) > 0")
        lines = withdrawn.transform_calculate(line="sequence(length(datum.struck))").transform_flatten(["line"])
        width = f"min({TITLE}, datum.struck[datum.line])"
        yield lines.mark_rule(color=colours["quiet"], aria=False).encode(
            **_level(f"-{LEFT}", f"{width} - {LEFT}", f"{_FIRST_LINE} + 15 * datum.line")
        )
        yield withdrawn.mark_rule(color=colours["ink"], aria=False).encode(
            **_level(f"{_time('flat')} - 6", f"max({_time('ebb')}, {_time('flat')} + {_LEAST}) + 6", "datum.y")
        )

    def orders(self) -> Iterator[alt.Chart]:
        """Arcs between rows: an arrow points at what came later, a dashed arc joins what shared some time."""
        rows = alt.LookupData(data=_ROWS, key="key", fields=["y"])
        arcs = (
            alt.Chart(alt.NamedData("arcs"))
            .transform_lookup(lookup="a", from_=rows, as_=["from"])
            .transform_lookup(lookup="b", from_=rows, as_=["to"])
            .transform_filter("isValid(datum.from) && isValid(datum.to)")
        )
        colour = self._either(("datum.aside", "conflicting"), ("datum.on", "ink"), otherwise="arc")
        reach = f"4 + {ARCS - 20} * sqrt(min(1, abs(datum.to - datum.from) / min(height, 1500)))"
        yield (
            arcs.transform_calculate(t="sequence(0, 33)", key="datum.order + ' ' + datum.a + ' ' + datum.b")
            .transform_flatten(["t"])
            .mark_line(
                x=Expr(f"-8 - ({reach}) * sin(PI * datum.t / 32)"),
                y=Expr("(datum.from + datum.to) / 2 - (datum.to - datum.from) / 2 * cos(PI * datum.t / 32)"),
                color=colour,
                strokeWidth=Expr("datum.on ? 2 : datum.aside ? 1.5 : 1"),
                strokeDash=Expr("datum.ahead ? [1, 0] : [2, 3]"),
                opacity=0.75,
                aria=False,
            )
            .encode(detail="key:N", order="t:Q")
        )
        heads = arcs.transform_filter("datum.ahead")
        yield heads.mark_point(**_tip("triangle-right", "-9", "datum.to", size=26, color=colour, opacity=1))

    def hits(self) -> alt.Chart:
        """What takes a click anywhere in a row."""
        whole = _box(f"-{LEFT + 20}", f"width + {DATE}", "datum.y", "datum.h")
        chart: alt.Chart = _rows().mark_rect(
            **whole, color=self._colours["ink"], opacity=0, cursor="pointer", aria=False
        )
        chart.name = "hit"
        return chart

    # --- above the rows ---

    def heading(self, top: int) -> alt.Chart:
        """The texts of the data set `heading`, whose places count from `top` pixels above the rows."""
        colour = self._either(("datum.weight === 'bold'", "ink"), otherwise="quiet")
        chart: alt.Chart = alt.Chart(alt.NamedData("heading")).mark_text(
            **_text(f"-{LEFT}", f"datum.y - {top}", "datum.text", color=colour)
            | {"fontSize": Expr("datum.size"), "fontWeight": Expr("datum.weight")}
        )
        return chart

    def key(self, left: float, top: float) -> Iterator[alt.Chart]:
        """The samples of the data set `key`, the first of them at a place."""
        colours, every = self._colours, alt.Chart(alt.NamedData("key"))
        x, y = f"{left} + datum.x", f"{top} + datum.y"
        end = f"{x} + {SWATCH}"

        def of(*kinds: str) -> alt.Chart:
            return every.transform_filter(f"indexof({list(kinds)}, datum.kind) >= 0")

        box = _box(x, end, y) | {"aria": False}
        yield of("sure", "struck").mark_rect(**box).encode(color=self._tone)
        yield of("maybe").mark_rect(**box, opacity=_MAYBE).encode(color=self._tone)
        yield of("fade").mark_rect(**box, opacity=_MAYBE, color=self._fading(left=False))
        yield of("fade").mark_point(**_tip("triangle-right", end, y)).encode(color=self._tone)
        outline = of("shell").mark_rect(**box, fillOpacity=0, strokeDash=_DASH, stroke=Expr(_TONE))
        yield outline.encode(color=self._tone)
        yield of("struck").mark_rule(color=colours["ink"], aria=False).encode(**_level(x, end, y))
        yield of("asked").mark_rect(**box, color=colours["picked"])
        yield of("relation").mark_rect(**_box(f"{x} + 14", end, y), aria=False).encode(color=self._tone)
        yield of("relation").mark_point(**self._sign(f"{x} + 5", y)).encode(color=self._tone)
        colour = self._either(("datum.kind === 'aside'", "conflicting"), otherwise="arc")
        dash = Expr("datum.kind === 'share' ? [2, 3] : [1, 0]")
        line = of("ahead", "share", "aside").mark_rule(color=colour, strokeDash=dash, strokeWidth=1.2, aria=False)
        yield line.encode(**_level(x, end, y))
        yield of("ahead", "aside").mark_point(**_tip("triangle-right", f"{end} - 3", y, size=30, color=colour))
        sign = _text(end, y, "datum.sign", size=13, align="right", fontWeight="bold")
        yield of("sign").mark_text(**sign).encode(color=self._tone)
        yield every.mark_text(**_text(f"{end} + 8", f"{y} + 1", "datum.text", color=colours["ink"]))
