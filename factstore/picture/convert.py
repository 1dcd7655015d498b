"""SVG into PNG and PDF by Typst, whose fonts are the machine's and a few of its own; nothing here reaches the network.

It sets text as a browser does, whatever its script and direction; the text of its PDF can be searched and copied, and
each page has a text alternative (PDF/UA-1, 7.3). Of the ways to a PDF without a browser that bear a permissive licence,
only this one shapes text and embeds fonts; a drawing of 2,000 facts takes it seconds.
"""

from __future__ import annotations

from collections.abc import Sequence

import typst

#: Drawings are handed over as inputs, so that nothing of them is read as Typst's own language.
_DOCUMENT = """#set document(title: sys.inputs.title, date: none)
#set page(width: {width}pt, height: {height}pt, margin: 0pt)
#set text(lang: "en")
"""
_PAGE = """#image(bytes(sys.inputs.page{n}), format: "svg", width: 100%, height: 100%, alt: sys.inputs.alt{n})
"""
_INCH = 72  # points


def to_png(svg: str, size: tuple[float, float], scale: float) -> bytes:
    """A drawing of a size in pixels as PNG, so many dots to a pixel."""
    source, given = _document([(svg, "")], size, "")
    return typst.compile(source, format="png", ppi=_INCH * scale, sys_inputs=given)


def to_pdf(pages: Sequence[tuple[str, str]], size: tuple[float, float], title: str) -> bytes:
    """Drawings of a size in points, each with its text alternative, as the pages of a PDF."""
    source, given = _document(pages, size, title)
    return typst.compile(source, format="pdf", sys_inputs=given)


def _document(pages: Sequence[tuple[str, str]], size: tuple[float, float], title: str) -> tuple[bytes, dict[str, str]]:
    """A document in Typst, and its inputs."""
    source = _DOCUMENT.format(width=size[0], height=size[1]) + "".join(_PAGE.format(n=n) for n in range(len(pages)))
    given = {"title": title}
    for n, (svg, alternative) in enumerate(pages):
        given |= {f"page{n}": svg, f"alt{n}": alternative}
    return source.encode(), given
