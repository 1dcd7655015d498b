"""A scene as a file: SVG, PNG, or a page. Each says in words, too, what it shows."""

from __future__ import annotations

import struct
import zlib
from math import sqrt
from typing import Literal
from xml.etree import ElementTree

from factstore.chronology import Chronology
from factstore.errors import Refused
from factstore.picture.colours import Theme, palette
from factstore.picture.scene import Scene

Form = Literal["svg", "png", "html"]
FORMS: tuple[Form, ...] = ("svg", "png", "html")

#: Twice as sharp as a plain screen, as far as a drawing is not too large for that.
_SCALE, _PIXELS = 2.0, 40_000_000
_SVG = "http://www.w3.org/2000/svg"


def draw(view: Chronology, scene: Scene, form: Form, theme: Theme = "light") -> bytes:
    """The file that shows a scene of a view. Raises Refused where what draws it is not installed."""
    try:
        from factstore.picture import convert, drawing
    except ImportError as error:
        raise Refused("a picture needs the extra: pip install 'factstore-timeline[picture]'") from error

    if form == "html":
        from factstore.picture.page import page

        return page(view, scene).encode()
    spec = drawing.drawing(scene, palette(theme))
    if form == "svg":
        return told(convert.to_svg(spec), scene)
    width, height = drawing.size(spec)
    return described(convert.to_png(spec, max(1.0, min(_SCALE, sqrt(_PIXELS / (width * height))))), scene)


def told(svg: str, scene: Scene) -> bytes:
    """A drawing with its title and its text alternative (SVG 2, 5.7; WAI-ARIA graphics module)."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)
    for name, text in (("desc", scene.text()), ("title", scene.title)):
        element = ElementTree.Element(f"{{{_SVG}}}{name}", {"id": f"picture-{name}"})
        element.text = text
        root.insert(0, element)
    root.set("role", "img")
    root.set("aria-labelledby", "picture-title")
    root.set("aria-describedby", "picture-desc")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
    return written


def described(png: bytes, scene: Scene) -> bytes:
    """A PNG with its title and its text alternative (PNG, third edition, 11.3.3: iTXt)."""
    header = 8 + 25  # the signature and IHDR
    return png[:header] + _text("Title", scene.title) + _text("Description", scene.text()) + png[header:]


def _text(keyword: str, text: str) -> bytes:
    data = b"iTXt" + keyword.encode() + b"\0\1\0\0\0" + zlib.compress(text.encode())
    return struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
