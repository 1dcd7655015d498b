"""A scene as Vega-Lite specifications: the whole drawing, and the parts that a page shows one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt

from factstore.picture.key import LINE, Sample, laid_out, signs
from factstore.picture.layers import DATE, LEFT, PLOT, Layers
from factstore.picture.scene import Scene

Spec = dict[str, Any]
Rows = list[dict[str, Any]]
Chart = alt.LayerChart | alt.FacetChart

EDGE = 14  # pixels: the margin all round
_SIGNS = 10  # and the room for signs before the titles
_AXIS = 34
_HEADING, _NOTE = 30, 22
_TALL = 600  # from this height on, the axis stands below as well
_FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"


def drawing(scene: Scene, colours: dict[str, str]) -> Spec:
    """The drawing of a scene, with its title and its key."""
    layers = Layers(colours)
    samples = laid_out(signs(scene), LEFT + PLOT + DATE)
    key = (samples[-1].line + 1) * LINE
    top = EDGE + _HEADING + (_NOTE if scene.note else 0) + key + _AXIS
    tall = scene.height > _TALL
    chart = alt.layer(
        *layers.ground(),
        layers.axis(scene.frame, "top"),
        *([layers.axis(scene.frame, "bottom")] if tall else []),
        *layers.bars(),
        *layers.texts(),
        *layers.orders(),
        layers.heading(top),
        *layers.key(-LEFT, LINE / 2 - _AXIS - key),
    ).resolve_axis(x="independent")
    heading = [
        {"text": scene.title, "y": EDGE + 10, "size": 17, "weight": "bold"},
        {"text": scene.note, "y": EDGE + 34, "size": 12, "weight": "normal"},
    ]
    return _timed(chart, scene, colours, top, _AXIS if tall else EDGE, heading=heading, key=_data(samples))


def size(spec: Spec) -> tuple[int, int]:
    """Width and height of a drawing, in pixels."""
    around = spec["padding"]
    return spec["width"] + around["left"] + around["right"], spec["height"] + around["top"] + around["bottom"]


def rows_drawing(scene: Scene, colours: dict[str, str]) -> Spec:
    """The rows alone, for a page that moves them: `lo`, `hi`, `width` and `height` are its signals."""
    layers = Layers(colours)
    chart = alt.layer(
        *layers.ground(),
        layers.axis(scene.frame, "none"),
        *layers.bars(),
        *layers.texts(),
        *layers.orders(),
        layers.hits(),
    )
    return _timed(chart, scene, colours, 2, 2)


def axis_drawing(scene: Scene, colours: dict[str, str]) -> Spec:
    """The axis alone, to stand above rows that move."""
    chart = alt.layer(Layers(colours).axis(scene.frame, "top"))
    return _timed(chart, scene, colours, _AXIS, 0) | {"height": 0}


def key_drawing(samples: Iterable[Sample], colours: dict[str, str], width: int) -> Spec:
    """A key alone."""
    shown = laid_out(samples, width)
    chart = alt.layer(*Layers(colours).key(0, LINE / 2)).properties(width=width, height=(shown[-1].line + 1) * LINE)
    return _plain(chart.properties(padding=0, background="transparent"), key=_data(shown))


def _data(samples: Sequence[Sample]) -> Rows:
    return [sample.datum() for sample in samples]


def _timed(chart: Chart, scene: Scene, colours: dict[str, str], top: int, bottom: int, **data: Rows) -> Spec:
    """A chart of a scene's time, with room around its plot."""
    framed = chart.properties(
        width=PLOT,
        height=scene.height,
        padding={"left": EDGE + _SIGNS + LEFT, "right": DATE + EDGE, "top": top, "bottom": bottom},
        background=colours["paper"],
    ).add_params(alt.param(name="lo", value=scene.frame.lo), alt.param(name="hi", value=scene.frame.hi))
    asked = [scene.asked._asdict()] if scene.asked else []
    return _plain(framed, rows=scene.rows, arcs=scene.arcs, asked=asked, **data)


def _plain(chart: Chart, **data: Rows) -> Spec:
    """A chart and its data sets as a specification, laid out as it is told to and in no other way."""
    whole = chart.configure(font=_FONT, autosize=alt.AutoSizeParams(type="none")).configure_view(stroke=None)
    spec: Spec = whole.to_dict()
    for layer in spec["layer"]:
        layer.setdefault("encoding", {})  # the compiler asks for one
    return spec | {"datasets": data}
