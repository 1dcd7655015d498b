"""Writes a scene to a file: SVG, PNG, PDF or a page. Each also contains the picture in words."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Callable
from math import sqrt
from types import ModuleType
from typing import Literal
from xml.sax.saxutils import escape

from factstore.chronology import Chronology
from factstore.errors import Refused
from factstore.picture import drawing
from factstore.picture.boxes import sentence
from factstore.picture.colours import Theme, palette
from factstore.picture.page import page
from factstore.picture.scene import Scene

Form = Literal["svg", "png", "pdf", "html"]
FORMS: tuple[Form, ...] = ("svg", "png", "pdf", "html")
PaperName = Literal["a4", "letter"]

#: Twice the resolution of a plain screen, unless the drawing would have more pixels than this.
_SCALE, _PIXELS = 2.0, 40_000_000


def _warn(sentence: str) -> None:
    warnings.warn(sentence, UserWarning, stacklevel=3)


def draw(
    view: Chronology,
    scene: Scene,
    form: Form,
    theme: Theme = "light",
    paper: PaperName = "a4",
    tell: Callable[[str], None] = _warn,
) -> bytes:
    """A scene of a chronology as a file's bytes; `paper` is for PDF. Raises Refused if the converter is not installed.

    `tell` gets a sentence on characters that a PNG or a PDF shows as boxes, if there are any; left out, it is a warning.
    """
    if form == "html":
        return page(view, scene).encode()
    if form == "svg":
        # Only an SVG is drawn in an unknown font; and the converter would stretch each part of a label.
        return described_svg(drawing.whole(scene, palette(theme), fitted=True)[0], scene)
    converter = _converter()
    drawn, content = (_pdf if form == "pdf" else _png)(converter, scene, theme, paper)
    if boxes := sentence(drawn, converter.undrawn):
        tell(boxes)
    return content


def _png(converter: ModuleType, scene: Scene, theme: Theme, _: PaperName) -> tuple[list[str], bytes]:
    svg, width, height = drawing.whole(scene, palette(theme), fitted=False)
    scale = max(1.0, min(_SCALE, sqrt(_PIXELS / (width * height))))
    return [svg], described_png(converter.to_png(svg, (width, height), scale), scene)


def _pdf(converter: ModuleType, scene: Scene, theme: Theme, paper: PaperName) -> tuple[list[str], bytes]:
    size = drawing.PAPERS[paper]
    pages = drawing.pages(scene, palette(theme), size)
    return [svg for svg, _ in pages], converter.to_pdf(pages, size, scene.title)


def _converter() -> ModuleType:
    try:
        from factstore.picture import convert
    except ImportError as error:
        raise Refused("a PNG or a PDF needs the extra: pip install 'factstore-timeline[picture]'") from error
    return convert


def described_svg(svg: str, scene: Scene) -> bytes:
    """A drawing, with its title and text alternative added (SVG 2, 5.7; WAI-ARIA graphics module)."""
    opening, rest = svg.split(">", 1)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'{opening} role="img" aria-labelledby="picture-title" aria-describedby="picture-desc">'
        f'<title id="picture-title">{escape(scene.title)}</title><desc id="picture-desc">{escape(scene.text())}</desc>'
        f"{rest}\n"
    ).encode()


def described_png(png: bytes, scene: Scene) -> bytes:
    """A PNG, with its title and text alternative added (PNG, third edition, 11.3.3: iTXt)."""
    header = 8 + 25  # the signature and IHDR
    return png[:header] + _text("Title", scene.title) + _text("Description", scene.text()) + png[header:]


def _text(keyword: str, text: str) -> bytes:
    data = b"iTXt" + keyword.encode() + b"\0\1\0\0\0" + zlib.compress(text.encode())
    return struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
