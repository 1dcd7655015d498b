"""Converts SVG to PNG and PDF with Typst, which uses the machine's fonts and a few of its own, and never the network.

It shapes text of any script and direction as a browser does; the text of its PDF can be searched and copied, and each
page has a text alternative (PDF/UA-1, 7.3). Of the ways to make a PDF without a browser under a permissive licence, only
this one shapes text and embeds fonts. A drawing of 2,000 facts takes seconds.
"""

from __future__ import annotations

from collections.abc import Sequence

import typst

#: Drawings are passed as inputs, so that no part of them is read as Typst code.
_DOCUMENT = """#set document(title: sys.inputs.title, date: none)
#set page(width: {width}pt, height: {height}pt, margin: 0pt)
#set text(lang: "en")
"""
_PAGE = """#image(bytes(sys.inputs.page{n}), format: "svg", width: 100%, height: 100%, alt: sys.inputs.alt{n})
"""
_INCH = 72  # points


def to_png(svg: str, size: tuple[float, float], scale: float) -> bytes:
    """Convert a drawing, whose size is in pixels, to PNG. `scale`: dots per pixel."""
    source, given = _document([(svg, "")], size, "")
    return typst.compile(source, format="png", ppi=_INCH * scale, sys_inputs=given)


def to_pdf(pages: Sequence[tuple[str, str]], size: tuple[float, float], title: str) -> bytes:
    """Convert drawings, whose size is in points, to a PDF with a page for each. `pages`: SVG and its text alternative."""
    source, given = _document(pages, size, title)
    return typst.compile(source, format="pdf", sys_inputs=given)


def _document(pages: Sequence[tuple[str, str]], size: tuple[float, float], title: str) -> tuple[bytes, dict[str, str]]:
    """A Typst document and its inputs."""
    source = _DOCUMENT.format(width=size[0], height=size[1]) + "".join(_PAGE.format(n=n) for n in range(len(pages)))
    given = {"title": title}
    for n, (svg, alternative) in enumerate(pages):
        given |= {f"page{n}": svg, f"alt{n}": alternative}
    return source.encode(), given
