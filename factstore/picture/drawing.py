"""A scene as a Vega-Lite drawing: time runs along x in the one scale there is, and everything else lies in pixels.

Each layer is computed from its datum and the scale, so that the same drawing is right at every zoom.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import altair as alt

from factstore.picture.colours import TONES
from factstore.picture.key import LINE, SWATCH, Sample, laid_out, signs
from factstore.picture.scene import Scene

Spec = dict[str, Any]
Orient = Literal["top", "bottom", "none"]

TITLE, ARCS, PLOT, DATE, EDGE = 330, 84, 600, 226, 14  # pixels: columns from left to right, and the margin
LEFT = TITLE + ARCS
_SIGNS = 10  # the width of the signs before titles
_BAR = 12  # the height of a bar
_AXIS = 34
_HEADING = 30
_NOTE = 22
_TALL = 600
_FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"

Expr = alt.ExprRef
_STROKE = Expr("scale('color', datum.tone)")
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
#: What says beside the colour how a fact stands to the one asked about: which way it lies, filled where that is certain.
_SIGN: dict[str, Any] = {
    "shape": Expr(
        "indexof(datum.tone, 'before') === 0 ? 'triangle-left' : indexof(datum.tone, 'after') === 0 ? 'triangle-right'"
        " : datum.tone === 'either-possible' ? 'diamond' : 'circle'"
    ),
    "size": 60,
    "strokeWidth": 1.5,
    "stroke": _STROKE,
    "fill": _STROKE,
    "strokeOpacity": Expr("indexof(datum.tone, '-') > 0 || datum.tone === 'asked' ? 1 : 0"),
    "fillOpacity": Expr("indexof(datum.tone, '-certain') > 0 || datum.tone === 'asked' ? 1 : 0"),
}
_MAYBE = 0.4  # the opacity of what is possible


def drawing(scene: Scene, colours: dict[str, str]) -> Spec:
    """The drawing of a scene, with its title and its key, as a Vega-Lite specification."""
    samples = laid_out(signs(scene), LEFT + PLOT + DATE)
    key = (samples[-1].line + 1) * LINE
    top = EDGE + _HEADING + (_NOTE if scene.note else 0) + key + _AXIS
    # Where the axis above is out of sight there is another below.
    tall = scene.height > _TALL
    chart = alt.layer(
        *_ground(scene, colours, axes=("top", "bottom") if tall else ("top",)),
        *_bars(colours),
        *_texts(colours),
        *_orders(colours),
        _heading(colours, top),
        *_key(colours, -LEFT, LINE / 2 - _AXIS - key),
    )
    heading = [
        {"text": scene.title, "y": EDGE + 10, "size": 17, "weight": "bold"},
        {"text": scene.note, "y": EDGE + 34, "size": 12, "weight": "normal"},
    ]
    return _finished(
        chart.resolve_axis(x="independent"), scene, colours, top, _AXIS if tall else EDGE, heading=heading, key=_data(samples)
    )


def moving_drawing(scene: Scene, colours: dict[str, str]) -> Spec:
    """The rows alone, for a page that moves them: `lo`, `hi`, `width` and `height` are its signals."""
    chart = alt.layer(
        *_ground(scene, colours, axes=("none",)), *_bars(colours), *_texts(colours), *_orders(colours), _hits(colours)
    )
    return _finished(chart, scene, colours, 2, 2)


def axis_drawing(scene: Scene, colours: dict[str, str]) -> Spec:
    """The axis alone, to stand above rows that move."""
    spec = _finished(alt.layer(_axis(scene, "top")), scene, colours, _AXIS, 0)
    return spec | {"height": 0}


def key_drawing(samples: Sequence[Sample], colours: dict[str, str], width: int) -> Spec:
    """A key alone."""
    shown = laid_out(samples, width)
    chart = alt.layer(*_key(colours, 0, LINE / 2)).properties(
        width=width, height=(shown[-1].line + 1) * LINE, autosize=alt.AutoSizeParams(type="none"), padding=0
    )
    return _plain(chart.configure(font=_FONT, background="transparent").configure_view(stroke=None), key=_data(shown))


def _data(samples: Sequence[Sample]) -> list[dict[str, Any]]:
    return [sample.datum() for sample in samples]


def _finished(
    chart: alt.LayerChart, scene: Scene, colours: dict[str, str], top: int, bottom: int, **data: list[dict[str, Any]]
) -> Spec:
    quiet, line = colours["quiet"], colours["line"]
    chart = (
        chart.properties(
            width=PLOT,
            height=scene.height,
            autosize=alt.AutoSizeParams(type="none"),
            padding={"left": LEFT + EDGE + _SIGNS, "right": DATE + EDGE, "top": top, "bottom": bottom},
            background=colours["paper"],
        )
        .add_params(alt.param(name="lo", value=scene.frame.lo), alt.param(name="hi", value=scene.frame.hi))
        .configure(font=_FONT)
        .configure_view(stroke=None)
        .configure_axis(labelColor=quiet, gridColor=line, domainColor=line, tickColor=line, labelFontSize=11)
    )
    asked = [scene.asked._asdict()] if scene.asked else []
    return _plain(chart, rows=scene.rows, arcs=scene.arcs, asked=asked, **data)


def _plain(chart: alt.LayerChart, **data: list[dict[str, Any]]) -> Spec:
    """A chart and its data sets as a specification."""
    spec: Spec = chart.to_dict()
    for layer in spec["layer"]:
        layer.setdefault("encoding", {})  # the compiler asks for one
    return spec | {"datasets": data}


# --- small parts ----------------------------------------------------------------------------------------------

_ROWS = alt.NamedData("rows")
_TONE = alt.Color("tone:N", legend=None)


def _at(name: str) -> str:
    """Where a time of the datum lies, within the plot."""
    return f"clamp(scale('x', datum.{name}), 0, width)"


def _rows(condition: str = "true") -> alt.Chart:
    return alt.Chart(_ROWS).transform_filter(f"isValid(datum.fact) && ({condition})")


def _groups() -> alt.Chart:
    return alt.Chart(_ROWS).transform_filter("!isValid(datum.fact)")


def _scaled(colours: dict[str, str]) -> alt.Color:
    scale = alt.Scale(domain=list(TONES), range=[colours[name] for name in TONES])
    return alt.Color("tone:N", scale=scale, legend=None)


def _level(start: str, end: str, y: str) -> dict[str, Any]:
    """The encodings of a level line between pixels."""
    return {"x": alt.value(Expr(start)), "x2": alt.value(Expr(end)), "y": alt.value(Expr(y))}


def _span(start: str, end: str, *, least: int = 0, tall: int = _BAR) -> dict[str, Any]:
    """A bar from one time to another, never narrower than `least` pixels."""
    return {
        "x": Expr(_at(start)),
        "x2": Expr(f"max({_at(end)}, {_at(start)} + (scale('x', datum.{end}) < 0 || scale('x', datum.{start}) > width ? 0 : {least}))"),
        "y": Expr(f"datum.y - {tall / 2}"),
        "y2": Expr(f"datum.y + {tall / 2}"),
    }


def _towards_paper(colours: dict[str, str], *, left: bool) -> alt.ExprRef:
    """The datum's colour, fading towards the left or the right."""
    paper, tone = f"color: '{colours['paper']}'", "color: scale('color', datum.tone)"
    stops = (paper, tone) if left else (tone, paper)
    return Expr(
        "{gradient: 'linear', x1: 0, y1: 0, x2: 1, y2: 0, stops: ["
        + ", ".join(f"{{offset: {offset}, {stop}}}" for offset, stop in enumerate(stops))
        + "]}"
    )


# --- layers ---------------------------------------------------------------------------------------------------


def _ground(scene: Scene, colours: dict[str, str], *, axes: Sequence[Orient]) -> list[alt.Chart]:
    """What lies behind the rows: rules, the bands of groups, the period asked about, the row picked, the axes."""
    whole = {"x": -LEFT, "x2": Expr(f"width + {DATE}"), "aria": False}
    row = {"y": Expr("datum.y - datum.h / 2"), "y2": Expr("datum.y + datum.h / 2")}
    rules = (
        _rows()
        .mark_rule(color=colours["line"], opacity=0.55, aria=False)
        .encode(**_level(f"-{LEFT}", f"width + {DATE}", "datum.y + datum.h / 2"))
    )
    groups = _groups().mark_rect(
        **whole, y=Expr("datum.y - 13"), y2=Expr("datum.y + 11"), color=colours["band"]
    )
    asked = alt.Chart(alt.NamedData("asked")).mark_rect(
        x=Expr(_at("lo")),
        x2=Expr(f"max({_at('hi')}, {_at('lo')} + 2)"),
        y=0,
        y2=Expr("height"),
        color=colours["picked"],
        aria=False,
    )
    picked = _rows("datum.on").mark_rect(**whole, **row, color=colours["picked"])
    return [rules, groups, asked, picked, *(_axis(scene, orient) for orient in axes)]


def _axis(scene: Scene, orient: Orient) -> alt.Chart:
    """The axis of time, above, below or (`none`) only as lines across the rows."""
    scale = alt.Scale(type="utc", domain=[Expr("lo"), Expr("hi")], nice=False)
    lines = {"grid": orient != "bottom", "labels": orient != "none", "ticks": orient == "bottom", "domain": False}
    axis = alt.Axis(
        orient="bottom" if orient == "bottom" else "top",
        title=None,
        format=_MOMENTS,
        labelOverlap=True,
        tickCount=Expr("width / 90"),
        **lines,
    )
    there = alt.Chart(alt.InlineData([{"t": scene.frame.lo}]))
    return there.mark_rule(opacity=0, aria=False).encode(x=alt.X("t:T", scale=scale, axis=axis))


def _bars(colours: dict[str, str]) -> list[alt.Chart]:
    tone = _scaled(colours)

    def fade(start: str, end: str, opacity: str, *, left: bool) -> dict[str, Any]:
        """Into the paper, towards an end that nobody knows."""
        return {
            "x": Expr(start),
            "x2": Expr(end),
            "y": Expr(f"datum.y - {_BAR / 2}"),
            "y2": Expr(f"datum.y + {_BAR / 2}"),
            "color": _towards_paper(colours, left=left),
            "opacity": Expr(opacity),
            "aria": False,
        }

    left = _rows("!datum.outlined && !isValid(datum.first) && datum.flat > -7e15")
    right = _rows("!datum.outlined && !isValid(datum.past) && datum.ebb < 7e15 && !(datum.over > 7e15)")
    before = left.mark_rect(**fade("0", _at("flat"), f"{_MAYBE}", left=True))
    beyond = right.mark_rect(**fade(_at("ebb"), "width", f"datum.begun ? {_MAYBE / 2} : {_MAYBE}", left=False))
    flat = (
        _rows("!datum.outlined")
        .mark_rect(**_span("flat", "ebb", least=4), opacity=Expr(f"datum.flat < -7e15 ? {_MAYBE / 2} : {_MAYBE}"))
        .encode(color=tone, description=alt.Description("told:N"))
    )
    shell = (
        _rows("datum.outlined")
        .mark_rect(
            **_span("flat", "ebb", least=4)
            | {
                "x": Expr(f"isValid(datum.first) ? {_at('first')} : -9"),
                "x2": Expr(f"isValid(datum.past) ? max({_at('past')}, {_at('flat')} + 4) : width + 9"),
            },
            clip=True,
            fillOpacity=0,
            strokeDash=_DASH,
            stroke=_STROKE,
        )
        .encode(color=tone, description=alt.Description("told:N"))
    )
    sure = _rows("isValid(datum.sure)").mark_rect(
        **_span("sure", "over", least=4),
        fillOpacity=Expr("datum.outlined ? 0 : 1"),
        strokeOpacity=Expr("datum.outlined ? 1 : 0"),
        stroke=_STROKE,
        aria=False,
    ).encode(color=tone)
    # What goes on beyond what is shown points there.
    on_left = "(isValid(datum.first) ? scale('x', datum.first) < 0 : true)"
    on_right = "(isValid(datum.past) ? scale('x', datum.past) > width : true)"
    arrows = [
        _rows().mark_point(
            shape=f"triangle-{side}", size=42, filled=True, x=x, y=Expr("datum.y"), opacity=Expr(f"{there} ? 0.9 : 0"), aria=False
        ).encode(color=tone)
        for side, x, there in (("left", Expr("-5"), on_left), ("right", Expr("width + 5"), on_right))
    ]
    marks = _rows("datum.marks").mark_text(
        x=Expr(f"{_at('ebb')} + 6"), y=Expr("datum.y"), align="left", baseline="middle", fontSize=13, fontWeight="bold",
        text=Expr("datum.marks"), opacity=Expr("scale('x', datum.ebb) < 0 || scale('x', datum.ebb) > width ? 0 : 1"), aria=False,
    ).encode(color=tone)
    signs = _rows().mark_point(x=-LEFT - 12, y=Expr("datum.y"), aria=False, **_SIGN).encode(color=tone)
    return [before, beyond, flat, shell, sure, *arrows, marks, signs]


def _texts(colours: dict[str, str]) -> list[alt.Chart]:
    titles = _rows().mark_text(
        x=-LEFT, y=Expr("datum.y - 7.5 * (length(datum.lines) - 1)"), align="left", baseline="middle", fontSize=12,
        lineHeight=15, text=Expr("datum.lines"), limit=TITLE, color=Expr(f"datum.tone === 'withdrawn' ? '{colours['quiet']}' : datum.conflicting ? '{colours['conflicting']}' : '{colours['ink']}'"), aria=False,
    )
    dates = _rows().mark_text(
        x=Expr("width + 16"), y=Expr("datum.y - 7 * (length(datum.date) - 1)"), align="left", baseline="middle", fontSize=11,
        lineHeight=14, text=Expr("datum.date"), limit=DATE - 16, color=colours["quiet"], aria=False,
    )
    groups = _groups().mark_text(
        x=-LEFT + 4, y=Expr("datum.y - 1"), align="left", baseline="middle", fontSize=12, fontWeight="bold",
        text=Expr("datum.lines"), color=colours["ink"],
    )
    struck = (
        _rows("length(datum.struck) > 0")
        .transform_calculate(line="sequence(length(datum.struck))")
        .transform_flatten(["line"])
        .mark_rule(color=colours["quiet"], aria=False)
        .encode(
            **_level(
                f"-{LEFT}",
                f"min({TITLE}, datum.struck[datum.line]) - {LEFT}",
                "datum.y - 7.5 * (length(datum.lines) - 1) + 15 * datum.line",
            )
        )
    )
    through = (
        _rows("length(datum.struck) > 0")
        .mark_rule(color=colours["ink"], aria=False)
        .encode(**_level(f"{_at('flat')} - 6", f"max({_at('ebb')}, {_at('flat')} + 4) + 6", "datum.y"))
    )
    return [titles, dates, groups, struck, through]


def _orders(colours: dict[str, str]) -> list[alt.Chart]:
    """Arcs between rows: an arrow points at what came later, a dashed arc joins what shared some time."""
    arcs = alt.Chart(alt.NamedData("arcs")).transform_lookup(
        lookup="a", from_=alt.LookupData(data=_ROWS, key="key", fields=["y"]), as_=["from"]
    ).transform_lookup(lookup="b", from_=alt.LookupData(data=_ROWS, key="key", fields=["y"]), as_=["to"]
    ).transform_filter("isValid(datum.from) && isValid(datum.to)")
    stroke = Expr(
        f"datum.aside ? '{colours['conflicting']}' : datum.on ? '{colours['ink']}' : '{colours['arc']}'"
    )
    curve = (
        arcs.transform_calculate(t="sequence(0, 33)", key="datum.order + ' ' + datum.a + ' ' + datum.b")
        .transform_flatten(["t"])
        .mark_line(
            x=Expr(f"-8 - (4 + {ARCS - 20} * sqrt(min(1, abs(datum.to - datum.from) / min(height, 1500)))) * sin(PI * datum.t / 32)"),
            y=Expr("(datum.from + datum.to) / 2 - (datum.to - datum.from) / 2 * cos(PI * datum.t / 32)"),
            color=stroke, strokeWidth=Expr("datum.on ? 2 : datum.aside ? 1.5 : 1"), strokeDash=Expr("datum.ahead ? [1, 0] : [2, 3]"),
            opacity=0.75, aria=False,
        )
        .encode(detail="key:N", order="t:Q")
    )
    heads = arcs.transform_filter("datum.ahead").mark_point(
        shape="triangle-right", size=26, filled=True, x=-9, y=Expr("datum.to"), color=stroke, opacity=1, aria=False
    )
    return [curve, heads]


def _hits(colours: dict[str, str]) -> alt.Chart:
    """What takes a click anywhere in a row."""
    chart = _rows().mark_rect(
        x=-LEFT - 20,
        x2=Expr(f"width + {DATE}"),
        y=Expr("datum.y - datum.h / 2"),
        y2=Expr("datum.y + datum.h / 2"),
        color=colours["ink"],
        opacity=0,
        cursor="pointer",
        aria=False,
    )
    return chart.properties(name="hit")


def _heading(colours: dict[str, str], top: int) -> alt.Chart:
    """The texts of the data set `heading`, each with its place."""
    return alt.Chart(alt.NamedData("heading")).mark_text(
        x=-LEFT,
        y=Expr(f"datum.y - {top}"),
        align="left",
        baseline="middle",
        fontSize=Expr("datum.size"),
        fontWeight=Expr("datum.weight"),
        text=Expr("datum.text"),
        color=Expr(f"datum.weight === 'bold' ? '{colours['ink']}' : '{colours['quiet']}'"),
    )


def _key(colours: dict[str, str], x: float, y: float) -> list[alt.Chart]:
    """The samples of the data set `key`, the first of them at a place."""
    tone = _scaled(colours)
    every = alt.Chart(alt.NamedData("key"))

    def of(*kinds: str) -> alt.Chart:
        return every.transform_filter(f"indexof({list(kinds)}, datum.kind) >= 0")

    def box(**more: Any) -> dict[str, Any]:
        return {
            "x": Expr(f"{x} + datum.x"), "x2": Expr(f"{x} + datum.x + {SWATCH}"),
            "y": Expr(f"{y} + datum.y - {_BAR / 2}"), "y2": Expr(f"{y} + datum.y + {_BAR / 2}"), "aria": False,
        } | more

    middle = Expr(f"{y} + datum.y")
    line = _level(f"{x} + datum.x", f"{x} + datum.x + {SWATCH}", f"{y} + datum.y")
    stroke = Expr(f"datum.kind === 'aside' ? '{colours['conflicting']}' : '{colours['arc']}'")
    tip = {"y": middle, "filled": True, "aria": False}
    return [
        of("sure", "struck").mark_rect(**box()).encode(color=tone),
        of("relation").mark_rect(**box(x=Expr(f"{x} + datum.x + 14"))).encode(color=tone),
        of("relation").mark_point(x=Expr(f"{x} + datum.x + 5"), y=middle, aria=False, **_SIGN).encode(color=tone),
        of("asked").mark_rect(**box(color=colours["picked"])),
        of("maybe").mark_rect(**box(opacity=_MAYBE)).encode(color=tone),
        of("fade").mark_rect(**box(opacity=_MAYBE, color=_towards_paper(colours, left=False))),
        of("fade").mark_point(shape="triangle-right", x=Expr(f"{x} + datum.x + {SWATCH}"), size=42, **tip).encode(color=tone),
        of("shell").mark_rect(**box(fillOpacity=0, strokeDash=_DASH, stroke=_STROKE)).encode(color=tone),
        of("struck").mark_rule(color=colours["ink"], aria=False).encode(**line),
        of("ahead", "share", "aside").mark_rule(
            color=stroke, strokeDash=Expr("datum.kind === 'share' ? [2, 3] : [1, 0]"), strokeWidth=1.2, aria=False
        ).encode(**line),
        of("ahead", "aside").mark_point(shape="triangle-right", x=Expr(f"{x} + datum.x + {SWATCH - 3}"), size=30, color=stroke, **tip),
        of("sign").mark_text(
            x=Expr(f"{x} + datum.x + {SWATCH}"), y=middle, align="right", baseline="middle", fontSize=13, fontWeight="bold",
            text=Expr("datum.sign"), aria=False,
        ).encode(color=tone),
        every.mark_text(
            x=Expr(f"{x} + datum.x + {SWATCH + 8}"), y=Expr(f"{y} + datum.y + 1"), align="left", baseline="middle", fontSize=12,
            text=Expr("datum.text"), color=colours["ink"], aria=False,
        ),
    ]


def size(spec: Spec) -> tuple[int, int]:
    """Width and height of a drawing, in pixels."""
    around = spec["padding"]
    return spec["width"] + around["left"] + around["right"], spec["height"] + around["top"] + around["bottom"]
