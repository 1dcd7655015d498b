"""Builds SVG as text: attributes and text are escaped, numbers are short, and no element refers to another.

A drawing without references (gradients, clip paths, uses) looks the same wherever it is put: in a page whose address
changes, in print, in another document.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://www.w3.org/2000/svg"
Value = str | float | int | None


def number(value: float) -> str:
    """A number to a tenth of a pixel."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def element(name: str, *inside: str, **attributes: Value) -> str:
    """An element; `inside` is escaped already. `class_` becomes `class`, `data_a` `data-a`; None is left out."""
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(value if isinstance(value, str) else number(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    content = "".join(inside)
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


def text(x: float, y: float, lines: Iterable[str], height: float = 15, **attributes: Value) -> str:
    """Lines of text, one below the other; y is the base line of the first."""
    first, *rest = lines
    if not rest:
        return element("text", escape(first), x=x, y=y, **attributes)
    more = (element("tspan", escape(line), x=x, dy=height) for line in rest)
    return element("text", element("tspan", escape(first), x=x), *more, y=y, **attributes)


def group(*inside: str, x: float = 0, y: float = 0, **attributes: Value) -> str:
    """Elements that move together."""
    moved = f"translate({number(x)},{number(y)})" if x or y else None
    return element("g", *inside, transform=moved, **attributes)


def window(inside: str, x: float, y: float, box: tuple[float, float, float, float], **attributes: Value) -> str:
    """The part of `inside` within `box` (left, top, width, height), placed at x, y and clipped at its edges."""
    _, _, width, height = box
    return element(
        "svg",
        inside,
        x=x,
        y=y,
        width=width,
        height=height,
        viewBox=" ".join(map(number, box)),
        overflow="hidden",
        **attributes,
    )
