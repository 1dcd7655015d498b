"""Vega-Lite specifications into what shows them, by vl-convert: nothing here reaches the network."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import vl_convert

Spec = dict[str, Any]

#: The grammar's version that Altair writes.
_VERSION = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
_NOWHERE: list[str] = []  # what a specification may load


def to_svg(spec: Spec) -> str:
    """The drawing as SVG."""
    return str(vl_convert.vegalite_to_svg(spec, _VERSION, allowed_base_urls=_NOWHERE))


def to_png(spec: Spec, scale: float) -> bytes:
    """The drawing as PNG, so many dots to a pixel."""
    return bytes(vl_convert.vegalite_to_png(spec, _VERSION, scale=scale, allowed_base_urls=_NOWHERE))


def to_vega(spec: Spec) -> Spec:
    """The drawing as a Vega specification, which a page draws by itself."""
    found: Spec = vl_convert.vegalite_to_vega(spec, _VERSION)
    return found


@cache
def scripts() -> str:
    """A script that sets `vegaEmbed`, and needs nothing else. It takes seconds to put together."""
    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", _VERSION))
