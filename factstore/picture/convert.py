"""SVG into PNG and PDF by vl-convert (resvg and svg2pdf), whose fonts are the machine's; nothing here reaches the network.

It sets text as a browser does, whatever its script and direction, and the text of its PDF can be searched and copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import vl_convert
from pypdf import PdfWriter


def to_png(svg: str, scale: float) -> bytes:
    """A drawing as PNG, so many dots to a pixel."""
    return bytes(vl_convert.svg_to_png(svg, scale=scale))


def to_pdf(pages: Sequence[str], title: str) -> bytes:
    """Drawings, whose pixels are points, as the pages of one PDF."""
    writer = PdfWriter()
    for page in pages:
        writer.append(BytesIO(vl_convert.svg_to_pdf(page)))
    writer.add_metadata({"/Title": title, "/Producer": "factstore"})
    writer.compress_identical_objects()
    whole = BytesIO()
    writer.write(whole)
    return whole.getvalue()
