"""What the page looks like in each of its guises, in numbers that do not depend on fonts: the places and colours of marks.

Screenshots differ between machines by fonts and the smoothing of edges. What a picture says does not: places follow from
the data and from widths that are the same everywhere, so they are compared to a tenth of a pixel, and colours as the
browser reports them. Another test checks, on the pixels of a screenshot, that these marks are what is painted.

`python -m tests.picture.looks` writes them again. Look at the pages before you keep the numbers.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import factstore
from factstore.picture import Wanted, draw, scene
from tests.picture.samples import EVERY, VARIED
from tests.support.browser import Browser, Page

KEPT = Path(__file__).with_name("looks.json")
GUISES = ("light", "dark", "phone", "packed", "print")

_MARKS = """(() => {
    const seen = (node) => !node.closest('[display=none]') && !node.closest('[hidden]');
    const places = ['transform', 'x', 'y', 'width', 'height', 'd', 'text-anchor'];
    const found = [...ROOT.querySelectorAll('g, rect, path, text')].filter((one) => seen(one) && !one.matches('.hit'));
    return found.map((one) => [one.getAttribute('class'),
        ...places.map((name) => one.getAttribute(name)).filter((value) => value !== null),
        one.matches('text') ? one.textContent : ''].join(' ').trim());
})()"""
_COLOURS = """(() => {
    const found = {};
    for (const one of document.querySelectorAll('#rows *, #axis *, #key svg *')) {
        const style = getComputedStyle(one), name = one.getAttribute('class');
        if (name && !one.closest('[display=none]'))
            found[`${one.localName} ${name} in ${one.closest('[class^=row], [class^=sample]')?.getAttribute('class')}`] =
                [style.color, style.fill, style.stroke, style.strokeDasharray, style.fillOpacity].join(' | ');
    }
    return found;
})()"""

#: The width of labels depends on the font, so here all letters get the same width.
_AS_WIDE = "CanvasRenderingContext2D.prototype.measureText = (text) => ({{ width: {} * text.length }});"


def made(folder: Path) -> Path:
    """The page of a chronology with a fact of each kind."""
    with factstore.open(folder / "facts.db") as store:
        store.load(VARIED, allow_conflict=True)
        store.withdraw("hoax", message="a hoax")
        wanted = Wanted(title="Of every kind", narrowed=EVERY)
        (folder / "picture.html").write_bytes(draw(store, scene(store, wanted), "html"))
    return folder / "picture.html"


def give_letters(page: Page, width: int) -> None:
    """Makes pages that are opened from now on take each letter for `width` pixels wide."""
    page.ask("Page.addScriptToEvaluateOnNewDocument", source=_AS_WIDE.format(width))


def opened(page: Page, address: Path, guise: str) -> None:
    """Shows the page in a guise."""
    width, height = (390, 844) if guise == "phone" else (1400, 1000)
    page.ask("Emulation.setScrollbarsHidden", hidden=True)
    page.ask(
        "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=guise == "phone"
    )
    give_letters(page, 6)
    page.open(address.as_uri())
    if guise == "dark":
        theme = "document.getElementById('theme')"
        page.run(f"({theme}.value = 'dark', {theme}.dispatchEvent(new Event('change')))")
    if guise == "packed":
        page.run("document.getElementById('packed').click()")
    if guise == "print":
        page.run("window.dispatchEvent(new Event('beforeprint'))")


def look(page: Page, guise: str) -> dict[str, Any]:
    """The place of each mark, and the colours that occur."""
    if guise == "print":
        return {"pages": page.run(_MARKS.replace("ROOT", "document.querySelector('#paper .a4')"))}
    marks = page.run(_MARKS.replace("ROOT", "document.getElementById('chart')"))
    return {"marks": marks, "axis": page.run(_MARKS.replace("ROOT", "document.getElementById('axis')"))} | (
        {"colours": page.run(_COLOURS)} if guise in ("light", "dark") else {}
    )


def main() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        address = made(Path(folder))
        found = {}
        with Browser(Path(folder) / "browser") as browser:
            for guise in GUISES:
                with browser.page() as page:
                    opened(page, address, guise)
                    found[guise] = look(page, guise)
    KEPT.write_text(json.dumps(found, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
