"""A scene as one HTML page that works from a file. It loads nothing, and runs only its own script, allowed by its hash.

Text written by sources reaches the page only as escaped text or as JSON in a script element that is not run; the page's
own script shows it as text. The drawing is part of the HTML; the script moves it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from html import escape
from importlib import resources

from factstore.chronology import Chronology
from factstore.picture import key
from factstore.picture.axis import AXES, axis
from factstore.picture.colours import stylesheet, variables
from factstore.picture.contents import Contents
from factstore.picture.drawing import ARCS, DATES, HIGHEST_ARC, PACKINGS, SIGNS, Drawing
from factstore.picture.layout import AIR, COLUMN, GAP, HEAD, LINE, NEAR, PACK, is_brief
from factstore.picture.look import css
from factstore.picture.marks import BACK, BAR, BASE, BEYOND, LABEL, LEAST, MAY, RAISED, SLIM, SMALL, STEPS
from factstore.picture.marks import SIGNS as SHAPES
from factstore.picture.scene import TITLE, Scene
from factstore.picture.svg import element, group
from factstore.picture.texts import clean, direction
from factstore.plain import JsonObject
from factstore.rendering import text

_KEY_WIDTH = 940  # pixels
#: Shared with the page's script: sizes in pixels, and the opacity of what is possible.
_SIZES = {
    "SIGNS": SIGNS,
    "TITLE": TITLE,
    "ARCS": ARCS,
    "DATES": DATES,
    "COLUMN": COLUMN,
    "HIGHEST_ARC": HIGHEST_ARC,
    "LINE": LINE,
    "AIR": AIR,
    "HEAD": HEAD,
    "PACK": PACK,
    "GAP": GAP,
    "NEAR": NEAR,
    "BAR": BAR,
    "SLIM": SLIM,
    "LEAST": LEAST,
    "STEPS": STEPS,
    "BEYOND": BEYOND,
    "MAY": MAY,
    "LABEL": LABEL,
    "BASE": BASE,
    "BACK": BACK,
    "RAISED": RAISED,
    "SMALL": SMALL,
    "KEY": key.LINE,
    "SAMPLE": key.SWATCH + 8,
}
#: The parts of the page's script, each after those that it uses.
_SCRIPT = (
    *("axis", "packing", "elements", "state", "drawn", "lettering"),
    *("arranging", "relating", "drawing", "panel", "copying", "printing", "page"),
)


def page(view: Chronology, scene: Scene) -> str:
    """The page, as HTML."""
    drawing = Drawing(scene, every=True)
    script = "".join(_own(f"script/{name}.js") for name in _SCRIPT)
    style = stylesheet() + css(variables()) + _own("page.css")
    samples = key.signs(scene, drawing.marks, every=True)
    filled = {
        "policy": "; ".join(
            (
                "default-src 'none'",
                f"script-src {_hash(script)}",
                f"style-src {_hash(style)}",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
        "style": style,
        "title": escape(scene.title),
        "note": escape(scene.note),
        "key": _svg(*key.drawn(samples, _KEY_WIDTH)),
        "relation_key": _svg(*key.drawn(key.relation_signs(), _KEY_WIDTH)),
        "axis": _part("axis", group(drawing.labels().svg, x=SIGNS), drawing.total, drawing.labels().height),
        "chart": _part("rows", group(drawing.rows(), x=SIGNS), drawing.total, drawing.height),
        "table": "\n".join(_table(scene)),
        "data": safe_json(contents(view, scene, drawing)),
        "script": script,
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda name: filled[name[1]], _own("page.html"))


def contents(view: Chronology, scene: Scene, drawing: Drawing) -> JsonObject:
    """The data for the page's script."""
    facts = len({row.fact for row in scene.rows if row.fact})
    ends, asked = scene.ends(), scene.asked or ()
    found = Contents(view, scene).json()
    for row, shown in zip(found["rows"], scene.rows, strict=True):
        row |= {"brief": is_brief(shown), "status": shown.status, "short": shown.short, "mark": direction(shown.title)}
    return found | {
        "axis": scene.wanted.axis,
        "clock": scene.clock(),
        "axes": {kind: axis(kind, ends, facts, asked).json() for kind in AXES},
        "asked": scene.asked,
        "packed": scene.wanted.packed,
        "shapes": SHAPES,
        "height": drawing.height,
        "sizes": _SIZES,
        "packings": PACKINGS,
    }


def _part(name: str, inside: str, width: float, height: float) -> str:
    wide = width + SIGNS
    return element("svg", inside, id=name, class_="picture", width=wide, height=height, aria_hidden="true")


def _svg(inside: str, height: float) -> str:
    return element("svg", group(inside, x=2), class_="picture", width=_KEY_WIDTH, height=height, role="img")


def safe_json(value: object) -> str:
    """JSON that is safe inside a script element: without <, >, & and JavaScript's line separators."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda sign: f"\\u{ord(sign[0]):04x}", written)


def _own(name: str) -> str:
    return resources.files("factstore.picture").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """A source expression for an inline element (Content Security Policy 3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# --- the same as a table --------------------------------------------------------------------------------------


def _table(scene: Scene) -> Iterable[str]:
    """A table row for each fact, under the groups of the picture."""
    facts = {fact.id: fact for fact in scene.facts}
    for row in scene.rows:
        if row.fact is None:
            yield f'<tr class="group"><th colspan="5" scope="rowgroup">{escape(row.title)}</th></tr>'
            continue
        fact = facts[row.fact]
        cells = (
            clean(text.span(fact)),
            clean(f"“{fact.phrase}”" if fact.phrase else ""),
            clean(fact.when or ""),
            fact.status + (", conflicting" if fact.conflicting else ""),
        )
        yield (
            f'<tr data-key="{row.key}"><th scope="row"><button type="button" dir="auto">{escape(row.title)}</button></th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
            + "</tr>"
        )
