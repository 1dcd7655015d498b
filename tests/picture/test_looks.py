"""The page looks as when somebody last checked it, and what its elements say is what is painted."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

import factstore
from factstore.picture import Wanted, draw, scene
from factstore.picture.colours import palette
from factstore.picture.drawing import PAPERS, Drawing, pages
from factstore.picture.layout import GAP, packed, spots
from tests.picture import looks
from tests.picture.samples import document, many, spanning
from tests.support import pdf
from tests.support.browser import Page
from tests.support.png import Pixels


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return looks.made(tmp_path_factory.mktemp("looks"))


#: The width and the height of sheets of paper, in inches.
SHEETS = {"a4": (8.27, 11.69), "letter": (8.5, 11)}


def printed(page: Page, size: tuple[float, float]) -> pdf.Pdf:
    """What the browser prints on sheets of this size."""
    data = page.ask("Page.printToPDF", preferCSSPageSize=True, paperWidth=size[0], paperHeight=size[1])["data"]
    return pdf.read(base64.b64decode(data))


def numbers(marks: list[str]) -> list[tuple[str, list[float]]]:
    """Each mark without its numbers, and the numbers."""
    number = re.compile(r"-?\d+(?:\.\d+)?")
    return [(number.sub("#", mark), [float(one) for one in number.findall(mark)]) for mark in marks]


def check(found: Any, kept: Any, guise: str) -> None:
    again = f"{guise}: look at the page, then write what it looks like again with python -m tests.picture.looks"
    if isinstance(kept, dict):
        assert found.keys() == kept.keys(), again
        for name in kept:
            check(found[name], kept[name], guise)
    elif isinstance(kept, list):
        now, then = numbers(found), numbers(kept)
        assert [words for words, _ in now] == [words for words, _ in then], again
        for (words, places), (_, before) in zip(now, then, strict=True):
            assert places == pytest.approx(before, abs=0.15), f"{words}: {again}"
    else:
        assert found == kept, again


@pytest.mark.parametrize("guise", looks.GUISES)
def test_the_page_looks_as_before(address: Path, page: Page, guise: str) -> None:
    kept = json.loads(looks.KEPT.read_text(encoding="utf-8"))
    looks.opened(page, address, guise)
    check(looks.look(page, guise), kept[guise], guise)
    assert page.problems == []


_BARS = """[...document.querySelectorAll('#rows .sure:not(.hollow)')].filter((one) => !one.closest('[display=none]'))
    .map((one) => [one.closest('.row').getAttribute('class').split(' ')[1], one.getBoundingClientRect().toJSON()])"""


@pytest.mark.parametrize("guise", ["light", "dark", "phone"])
def test_elements_of_the_drawing_are_painted_in_their_colours_and_on_the_screen(
    address: Path, page: Page, guise: str
) -> None:
    colours = palette("dark" if guise == "dark" else "light")
    looks.opened(page, address, guise)
    pixels = Pixels(page.screenshot())
    bars = page.run(_BARS)
    width = page.run("window.innerWidth")
    assert (pixels.width, page.run("document.documentElement.scrollWidth")) == (width, width)
    told = [(tone, box) for tone, box in bars if box["y"] > 0 and box["y"] + box["height"] < pixels.height]
    assert {tone for tone, _ in told} >= {"stands", "withdrawn"}
    for tone, box in told:
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        # A quarter down: a bar that is struck out has a line through its middle.
        painted = pixels.at(box["x"] + box["width"] / 2, box["y"] + box["height"] / 4)
        meant = tuple(int(colours[tone][place : place + 2], 16) for place in (1, 3, 5))
        assert all(abs(one - other) < 40 for one, other in zip(painted, meant, strict=True)), (tone, painted, meant)


def test_what_is_possible_of_many_facts_of_a_folded_group_looks_no_more_certain(
    path: Path, page: Page, tmp_path: Path
) -> None:
    one = [{"id": "one", "title": "One", "when": "2018-03~", "tags": ["one"]}]
    many = [{"id": f"m{n}", "title": f"{n}", "when": "2018-03~", "tags": ["many"]} for n in range(9)]
    with factstore.open(path) as store:
        store.load(document(*one, *many))
        (tmp_path / "picture.html").write_bytes(draw(store, scene(store, Wanted(group_by="tag", folded=True)), "html"))
    page.open((tmp_path / "picture.html").as_uri())
    bars = page.run(
        "[...document.querySelectorAll('#rows .group .possible')].map((one) => one.getBoundingClientRect().toJSON())"
    )
    pixels = Pixels(page.screenshot())
    painted = {pixels.at(bar["x"] + bar["width"] / 2, bar["y"] + 3) for bar in bars}
    assert len(bars) == 2
    assert len(painted) == 1


_PARTS = """[...document.querySelectorAll('#rows .row')].map((row) => [...row.querySelectorAll('.title, .may, .date')]
    .filter((part) => !part.closest('[display=none]'))
    .map((part) => [part.getAttribute('class'), part.getBoundingClientRect().toJSON()]))"""


def test_on_a_phone_titles_stand_above_bars_and_the_drawing_is_on_the_screen(address: Path, page: Page) -> None:
    looks.opened(page, address, "phone")
    rows = page.run(_PARTS)
    assert page.run("document.getElementById('rows').getBoundingClientRect().top") < 844 / 2
    for row in rows:
        parts = {name.split()[0]: box for name, box in row}
        assert all(box["x"] >= 0 and box["right"] <= 390 for name, box in parts.items() if name == "may")
        if "may" in parts:
            assert parts["title"]["bottom"] <= parts["may"]["top"] + 2
            assert parts["may"]["bottom"] <= parts["date"]["top"] + 2


@pytest.mark.parametrize("guise", ["light", "dark", "phone"])
def test_what_is_printed_has_the_title_and_the_key_on_each_page_and_nothing_is_cut(
    address: Path, page: Page, guise: str
) -> None:
    looks.opened(page, address, guise)
    before = looks.look(page, "light")
    for paper, size in SHEETS.items():
        read = printed(page, size)
        assert looks.look(page, "light") == before  # as it was before it was printed
        page.run("window.dispatchEvent(new Event('beforeprint'))")
        assert len(read.pages) == page.run(f"document.querySelectorAll('#paper > .{paper} > svg').length") == 1
        page.run("window.dispatchEvent(new Event('afterprint'))")
        assert read.pages[0].width > read.pages[0].height
        for words in ("Of every kind", "1 of 1", "certain, to the day", "Letter sent", "undated"):
            assert pdf.flat(words) in read.pages[0].text


def test_a_packed_page_is_printed_on_no_more_sheets_than_its_pdf(path: Path, page: Page, tmp_path: Path) -> None:
    with factstore.open(path) as store:
        store.load(document(*spanning(300)))
        shown = scene(store, Wanted(packed=True))
        (tmp_path / "picture.html").write_bytes(draw(store, shown, "html"))
    page.open((tmp_path / "picture.html").as_uri())
    # The file's font is not the machine's, so the same choices of places are compared.
    marks = Drawing(shown).marks
    rows = [row for row in shown.rows if row.fact and row.dated]
    given = [[spot._asdict() for spot in spots(row, marks)] for row in rows]
    lines = page.run(f"PACKING.lines({json.dumps(given)}, {marks.width}, {GAP})")
    assert [[one["number"] for one in line] for line in lines] == [
        [rows.index(row) for row, _ in line] for line in packed(rows, marks)
    ]
    for paper, size in SHEETS.items():
        read = printed(page, size)
        assert len(read.pages) == len(pages(shown, palette("light"), PAPERS[paper])) == 1
        assert [n for n in range(300) if f"Meeting{n}of" not in read.pages[0].text] == []


@pytest.mark.parametrize("packed", [False, True])
def test_a_long_chronology_is_printed_on_pages_of_whole_rows_none_of_them_blank(
    path: Path, page: Page, tmp_path: Path, packed: bool
) -> None:
    with factstore.open(path) as store:
        store.load(document(*many(150)))
        (tmp_path / "picture.html").write_bytes(draw(store, scene(store, Wanted(packed=packed)), "html"))
    page.open((tmp_path / "picture.html").as_uri())
    read = printed(page, SHEETS["letter"])
    page.run("document.getElementById('search').value = 'meeting 7'")
    page.run("document.getElementById('search').dispatchEvent(new Event('input'))")
    page.run("until(() => document.getElementById('said').textContent.includes(' of 150'))")
    found = printed(page, SHEETS["letter"])
    written = [one.text for one in read.pages]
    assert (len(written) > 3) != packed
    for number, text in enumerate(written, 1):
        assert all(
            pdf.flat(part) in text
            for part in ("150 facts", f"{number} of {len(written)}", "certain, to the day", "2017")
        )
        assert text.count("Meeting") > 1
    told = re.findall(r"Meeting\d+of", "".join(written))
    assert (len(told), len({*told})) == (150, 150)
    searched = "".join(one.text for one in found.pages)
    assert {"7" in told for told in re.findall(r"Meeting\d+", searched)} == {True}
