"""Converts SVG to PNG and PDF with Typst, which uses the machine's fonts and a few of its own, and never the network.

It shapes text of any script and direction as a browser does; the text of its PDF can be searched and copied, and each
page has a text alternative (PDF/UA-1, 7.3). Each letter is an object of its own, though: readers made with PDFium take some
pages for vertical writing, and find no words there. Of the ways to make a PDF without a browser under a permissive
licence, only this one shapes text and embeds fonts. A drawing of 2,000 facts takes seconds.
"""

from __future__ import annotations

import re
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
#: The side of a drawing that is only tried; a document in PDF/A must have a date.
_PROBE = 1000
_DATED = b"#set document(date: datetime(year: 2000, month: 1, day: 1))\n"
#: How Typst names a piece of text that it refuses, and how it spells some characters there.
_REFUSED, _ESCAPED = re.compile(r'the text `"(.*?)"` could not be displayed'), re.compile(r"\\(?:u\{([0-9a-f]+)\}|(.))")


def to_png(svg: str, size: tuple[float, float], scale: float) -> bytes:
    """Convert a drawing, whose size is in pixels, to PNG. `scale`: dots per pixel."""
    source, given = _document([(svg, "")], size, "")
    return typst.compile(source, format="png", ppi=_INCH * scale, sys_inputs=given)


def to_pdf(pages: Sequence[tuple[str, str]], size: tuple[float, float], title: str) -> bytes:
    """Convert drawings, whose size is in points, to a PDF with a page for each. `pages`: SVG and its text alternative."""
    source, given = _document(pages, size, title)
    return typst.compile(source, format="pdf", sys_inputs=given)


def undrawn(elements: Sequence[str]) -> list[str]:
    """What in SVG elements with text has no font, neither on the machine nor in Typst, as short pieces of text.

    PDF/A-2 forbids text without a glyph (ISO 19005-2, 6.2.11.8), so that Typst refuses it there, naming each piece.
    """
    if not elements:
        return []
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_PROBE}" height="{_PROBE}">{"".join(elements)}</svg>'
    source, given = _document([(svg, "")], (_PROBE, _PROBE), "")
    try:
        typst.compile(_DATED + source, format="pdf", pdf_standards=["a-2b"], sys_inputs=given)
    except typst.TypstError as error:
        return [_ESCAPED.sub(_sign, piece) for piece in _REFUSED.findall(error.diagnostic)]
    return []


def _sign(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else escape[2]


def _document(pages: Sequence[tuple[str, str]], size: tuple[float, float], title: str) -> tuple[bytes, dict[str, str]]:
    """A Typst document and its inputs."""
    source = _DOCUMENT.format(width=size[0], height=size[1]) + "".join(_PAGE.format(n=n) for n in range(len(pages)))
    given = {"title": title}
    for n, (svg, alternative) in enumerate(pages):
        given |= {f"page{n}": svg, f"alt{n}": alternative}
    return source.encode(), given
