"""What the browser's pages look like on a light, a dark and a small screen, as numbers and colours that no font decides.

For each kind of visible element: its layout, its colours, and its font size; for the parts of a page, where they begin and
how wide they are. They depend on the version of Datasette, and are kept for each that somebody has looked at.

`python -m tests.browser.looks` writes them again for the installed version. Look at the pages before you keep the numbers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import datasette.version

import factstore
from tests.picture.samples import ASKED, SEED
from tests.support.browser import Browser, Page

DATASETTE: str = datasette.version.__version__
KEPT = Path(__file__).with_name("looks.json")
GUISES = ("light", "dark", "phone", "dark phone")
PAGES = {
    "front": "",
    "database": "ledger",
    "timeline": "ledger/timeline?_participant=Yury+Ushakov",
    "question": f"ledger/before?x={ASKED}",
    "unknown": "ledger/before?x=Russian+retaliation",
    "refused": "ledger/timeline?_sort=nope",
    "sql": "ledger?sql=select+1+as+one",
}

#: Leaves out the classes that Datasette gives by a page's subject.
_ELEMENTS = r"""(() => {
    const about = /^(col|type|facet|db|table|query)-|^(index|table|query|db)$/;
    const found = {};
    for (const one of document.querySelectorAll('body, body *')) {
        if (!one.getClientRects().length || one.closest('svg, details:not([open]) > :not(summary)')) continue;
        const style = getComputedStyle(one), kinds = [...one.classList].filter((kind) => !about.test(kind)).sort();
        const name = [one.localName + (one.type ? `[${one.type}]` : ''), ...kinds].join('.');
        const told = [style.display, style.color, style.backgroundColor, style.backgroundImage, style.fontSize,
            style.fontWeight, parseFloat(style.borderTopWidth) ? style.borderTopColor : ''].join(' | ');
        (found[name] ??= new Set()).add(told);
    }
    return Object.fromEntries(Object.entries(found).sort().map(([name, told]) => [name, [...told].sort()]));
})()"""
_PARTS = """[...document.querySelectorAll('header, section.content, section.content > *, footer')]
    .filter((one) => one.getClientRects().length && getComputedStyle(one).display === 'block')
    .map((one) => [one.localName, one.getBoundingClientRect()])
    .map(([name, box]) => [name, Math.round(box.x), Math.round(box.width)])"""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server on the seed; yields its address."""
    with factstore.open(folder / "facts.db") as store:
        store.load(SEED, message="first reading", by="ann")
    words = [sys.executable, "-m", "factstore", "browse", "--db", str(folder / "facts.db"), "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


def dress(page: Page, guise: str) -> None:
    """Shows a page as on a kind of screen."""
    phone = guise.endswith("phone")
    width, height = (390, 844) if phone else (1280, 900)
    scheme = "dark" if guise.startswith("dark") else "light"
    page.ask("Emulation.setScrollbarsHidden", hidden=True)
    page.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    page.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)


def look(page: Page) -> dict[str, Any]:
    """What the page looks like."""
    return {"elements": page.run(_ELEMENTS), "parts": page.run(_PARTS)}


def visit(page: Page, url: str, guise: str) -> Iterator[str]:
    """Opens all pages in a guise, one after the other; yields the name of each while it is open."""
    dress(page, guise)
    for name, address in PAGES.items():
        page.go(url + address)
        yield name


def together(seen: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What all pages look like: the elements of all together, and the parts of each."""
    elements: dict[str, set[str]] = {}
    for found in seen.values():
        for kind, told in found["elements"].items():
            elements.setdefault(kind, set()).update(told)
    return {
        "elements": {kind: sorted(elements[kind]) for kind in sorted(elements)},
        "parts": {name: found["parts"] for name, found in seen.items()},
    }


def main() -> None:
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        served(Path(folder)) as url,
        Browser(Path(folder) / "browser") as browser,
        browser.page() as page,
    ):
        found = {guise: together({name: look(page) for name in visit(page, url, guise)}) for guise in GUISES}
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    kept[DATASETTE] = found
    KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
