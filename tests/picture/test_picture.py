"""The files of a picture, and the command that draws them: each says in words what it shows, and all text stays text."""

from __future__ import annotations

import errno
import os
import re
import shlex
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import pytest
from click.testing import CliRunner

import factstore
from factstore.cli import cli
from factstore.picture import AXES, GROUPINGS, Wanted, draw, scene
from factstore.picture.colours import palette
from factstore.picture.contents import Contents
from factstore.picture.drawing import PAPERS, Drawing, pages
from factstore.picture.key import RELATIONS
from factstore.picture.marks import SMALL, sign
from factstore.picture.page import safe_json
from factstore.store import Store
from tests.picture.samples import ASKED, EVERY, FAR, ROOT, SEED, document, many, rows, spanning, texts, week
from tests.support import pdf


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with factstore.open(tmp_path_factory.mktemp("seed") / "facts.db") as store:
        store.load(SEED)
        yield store


@pytest.fixture
def made(path: Path) -> Iterator[Store]:
    with factstore.open(path) as store:
        yield store


# --- files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "words"), [("Z", "UTC"), ("+05:30", "UTC+5:30")])
@pytest.mark.parametrize("packed", [False, True])
def test_an_axis_with_times_of_day_names_their_zone(path: Path, zone: str, words: str, packed: bool) -> None:
    note = f"Times of day on the axis are in {words}"
    with factstore.open(path) as store:
        store.init(zone=zone)
        store.load(document({"id": "call", "title": "They spoke", "when": "2018-03-20T15:04"}))
        assert note in texts(draw(store, scene(store, Wanted(packed=packed)), "svg"))
        store.load(document(*week()))
        shown = scene(store, Wanted(packed=packed))
        assert "Times of day" not in " ".join(texts(draw(store, shown, "svg")))
        paged = scene(store, Wanted(narrowed={"text": "spoke"}, packed=packed))
        assert all(note in texts(sheet.encode()) for sheet, _ in pages(paged, palette("light"), PAPERS["a4"]))


def test_an_svg_is_well_formed_and_says_what_it_shows(seed: Store) -> None:
    shown = scene(seed, Wanted(title="One article", note="read once"))
    svg = draw(seed, shown, "svg")
    written = texts(svg)
    assert {"One article", "read once", "certain, to the day"} <= {*written}
    for row in shown.rows:
        assert {*row.lines, *row.date} <= {*written}
    root = ElementTree.fromstring(svg)
    title, description = root[:2]
    assert (title.text, description.text) == ("One article", shown.text())
    assert "Donald Trump telephoned Vladimir Putin: 2018-03-20" in shown.text()


def test_the_picture_in_the_readme_is_that_of_the_seed(seed: Store) -> None:
    kept = [(ROOT / "docs" / name).read_bytes() for name in ("picture.svg", "picture-dark.svg")]
    drawn = draw(seed, scene(seed, Wanted(title=ElementTree.fromstring(kept[0])[0].text, narrowed=EVERY)), "svg")
    assert [texts(picture) for picture in kept] == [texts(drawn)] * 2, "run `make picture` and look at what changed"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"docs/picture.svg", "docs/picture-dark.svg"} <= {*re.findall(r'"(docs/[^"]+)"', readme)}


def test_a_png_is_valid_and_says_what_it_shows(made: Store) -> None:
    made.load(document(*week(2)))
    shown = scene(made, Wanted())
    png = draw(made, shown, "png", "dark")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks = {}
    place = 8
    while place < len(png):
        size = int.from_bytes(png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        assert zlib.crc32(kind + data) == int.from_bytes(png[place + 8 + size : place + 12 + size])
        chunks[kind, data.split(b"\0")[0] if kind == b"iTXt" else b""] = data
        place += size + 12
    told = chunks[b"iTXt", b"Description"].removeprefix(b"Description\0\1\0\0\0")
    assert zlib.decompress(told).decode() == shown.text()
    assert int.from_bytes(chunks[b"IHDR", b""][4:8]) > 2 * Drawing(shown).height


# --- the command ------------------------------------------------------------------------------------------------


def command(store: Store, *words: str) -> Any:
    return CliRunner().invoke(cli, ["picture", "--db", str(store.path), *words])


def test_the_command_draws_what_was_asked_for_at_the_clock_asked_for(made: Store, tmp_path: Path) -> None:
    made.load(document(*week(2)))
    position = made.head().position
    made.load(document(FAR))
    target = tmp_path / "drawn.svg"
    done = command(made, str(target), "--known-at", str(position), "--before", "day-1", "--title", "A <b>week</b>")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", f"drew 2 facts in {target}\n")
    written = texts(target.read_bytes())
    assert {"A <b>week</b>", f"before day-1; known at {position}", "It was day 0", "certainly before"} <= {*written}
    assert "The treaty was signed" not in written
    assert [found.name for found in tmp_path.glob("*drawn*")] == ["drawn.svg"]


def test_a_page_on_a_clock_of_publication_contains_nothing_published_later(made: Store, tmp_path: Path) -> None:
    later = {"id": "later", "publisher": "Later", "published": "2018-05-01"}
    told = [{"source": "later", "quote": "now it is told"}]
    facts = [*week(2), {"id": "secret", "title": "It was secret", "when": "2018-03-12", "evidence": told}]
    then = {"fact": "day-0", "relation": "before", "other": "day-1", "evidence": told}
    whole = document(*facts, orderings=(then,))
    whole["sources"].append(later)
    made.load(whole)
    then_known = made.at(published="2018-04-02")
    shown = scene(then_known, Wanted())
    assert [*rows(shown)] == ["day-0", "day-1"]
    assert shown.arcs == []
    page = safe_json(Contents(then_known, shown).json())
    assert "It was day 1" in page
    assert "It was secret" not in page
    assert "now it is told" not in page
    target = tmp_path / "drawn.svg"
    done = command(made, str(target), "--published-by", "2018-04-02")
    assert (done.exit_code, done.stderr) == (0, f"drew 2 facts in {target}\n")
    assert "published by 2018-04-02" in texts(target.read_bytes())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["drawn.gif"], 2, "drawn.gif must end in .svg, .png, .pdf or .html"),
        (["drawn.svg", "--before", "day-0", "--after", "day-1"], 2, "two questions"),
        (["drawn.svg", "--before", "nowhere"], 1, "no fact 'nowhere'"),
        (["drawn.svg", "--tag", "none"], 1, "no facts to draw"),
        (["missing/drawn.svg"], 1, f"missing/drawn.svg: {os.strerror(errno.ENOENT).lower()}"),
    ],
)
def test_the_command_refuses_in_one_sentence_and_leaves_no_file(
    made: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], code: int, said: str
) -> None:
    made.load(document(*week(2)))
    monkeypatch.chdir(tmp_path)
    done = command(made, *words)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.glob("*drawn*"))


@pytest.mark.parametrize(("form", "code"), [("svg", 0), ("html", 0), ("png", 1), ("pdf", 1)])
def test_without_the_extra_a_drawing_and_a_page_are_made_and_the_rest_says_what_to_install(
    made: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, code: int
) -> None:
    made.load(document(*week(2)))
    for name in [name for name in sys.modules if name in ("factstore.picture.convert", "typst")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("factstore.picture.convert", raising=False)
    monkeypatch.setitem(sys.modules, "typst", None)
    target = tmp_path / f"drawn.{form}"
    done = command(made, str(target))
    assert (done.exit_code, done.stdout) == (code, "")
    assert ("pip install 'factstore-timeline[picture]'" in done.stderr) == bool(code)
    assert target.exists() != bool(code)


def test_more_facts_than_a_picture_holds_are_refused_with_a_command_that_draws_fewer(
    made: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.load(document(*many(60)))
    monkeypatch.setattr(sys.modules["factstore.picture.scene"], "MOST_FACTS", 50)
    monkeypatch.chdir(tmp_path)
    asked = ["all.svg", "--packed", "--title", "The board", "--status", "stands", "--status", "foretold"]
    done = command(made, *asked)
    assert (done.exit_code, list(tmp_path.glob("all*"))) == (1, [])
    found = re.search(r"these are 60: narrow it, for example: factstore picture (.*) draws (\d+)$", done.stderr.strip())
    assert found
    words = shlex.split(found[1])
    assert all(word in words for word in asked)
    assert CliRunner().invoke(cli, ["picture", *words]).stderr == f"drew {found[2]} facts in all.svg\n"


def test_without_tags_it_is_narrowed_to_the_last_years(
    made: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.load(document(*({"id": f"f{n}", "title": f"It was {n}", "when": str(1900 + n)} for n in range(60))))
    monkeypatch.setattr(sys.modules["factstore.picture.scene"], "MOST_FACTS", 50)
    done = command(made, "all.svg")
    assert re.search(r"example: factstore picture all.svg --db \S+ --from 1935 draws 25$", done.stderr.strip())
    monkeypatch.chdir(tmp_path)
    assert command(made, "all.svg", "--from", "1935").stderr == "drew 25 facts in all.svg\n"


@pytest.mark.parametrize(
    ("paper", "size"), [("a4", (841.89, 595.28)), ("letter", (792.0, 612.0))], ids=["a4", "letter"]
)
def test_a_pdf_has_the_title_the_key_and_the_axis_on_each_page_and_all_of_the_facts(
    made: Store, tmp_path: Path, paper: str, size: tuple[float, float]
) -> None:
    made.load(document(*many(120)))
    target = tmp_path / "chronology.pdf"
    assert command(made, str(target), "--paper", paper, "--title", "The board").exit_code == 0
    read = pdf.read(target)
    assert read.title == "The board"
    for number, page in enumerate(read.pages, 1):
        assert (round(page.width, 1), round(page.height, 1)) == tuple(round(one, 1) for one in size)
        parts = ("The board", f"{number} of {len(read.pages)}", "certain, to the day", "2017")
        assert all(pdf.flat(part) in page.text for part in parts)
        assert page.text.count("Meeting") > 1  # no page is blank
    whole = "".join(page.text for page in read.pages)
    assert [n for n in range(120) if f"Meeting{n}of" not in whole] == []


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("facts", [many(300), spanning(300)], ids=["days", "long spans"])
def test_three_hundred_facts_fit_one_page_in_letters_that_can_be_read(
    made: Store, facts: list[dict[str, Any]], paper: str
) -> None:
    made.load(document(*facts))
    packed = pages(scene(made, Wanted(packed=True)), palette("light"), PAPERS[paper])
    assert len(packed) == 1
    (scale,) = re.findall(r"scale\(([\d.]+)\)", packed[0][0])
    assert float(scale) * SMALL >= 5.499  # points
    assert len(pages(scene(made, Wanted()), palette("light"), PAPERS[paper])) > 6
    whole = " ".join(text for page, _ in packed for text in texts(page))
    assert [n for n in range(300) if f"Meeting {n} of" not in whole] == []


def test_a_heading_is_not_left_alone_at_the_foot_of_a_page(made: Store) -> None:
    made.load(document(*(one | {"place": f"Place {n // 2}"} for n, one in enumerate(many(100)))))
    for page, _ in pages(scene(made, Wanted(group_by="place")), palette("light"), PAPERS["letter"]):
        assert not re.search(r"\(\d+\)$", texts(page)[-1])


def test_no_part_of_a_drawing_refers_to_another(seed: Store) -> None:
    for form in ("svg", "html"):
        drawn = draw(seed, scene(seed, Wanted(before=ASKED)), form).decode()
        assert not re.search(r"url\(|xlink:|<use|clip-path", drawn)


def test_in_black_and_white_every_tone_differs_in_more_than_its_colour(made: Store) -> None:
    """Words, an outline or a sign in the same row also say what the colour says."""
    made.load(document(*week(3)))
    made.withdraw("day-2", message="a hoax")
    made.cite("day-1", source="paper", quote="not so", evidence={"stance": "denies"})
    written = texts(draw(made, scene(made, Wanted(narrowed=EVERY)), "svg"))
    assert {"It was day 1 [disputed]", "It was day 2 [withdrawn]"} <= {*written}
    shapes = {tone: re.sub("translate.*", "", sign(tone, 0, 0)) for tone in RELATIONS if tone != "neither"}
    assert len({*shapes.values()}) == len(shapes)


def test_a_grouping_of_more_rows_than_a_picture_holds_is_refused(
    made: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [{"name": f"Person {n}"} for n in range(30)]
    made.load(document(*(one | {"participants": people} for one in week(2))))
    monkeypatch.setattr(sys.modules["factstore.picture.scene"], "MOST_ROWS", 50)
    done = command(made, str(tmp_path / "drawn.svg"), "--group-by", "participant")
    assert (done.exit_code, list(tmp_path.glob("drawn*"))) == (1, [])
    assert "grouped by participant these are 90 rows, and a picture holds 50" in done.stderr


def test_the_command_offers_every_axis_grouping_and_paper() -> None:
    offered = {param.name: param.type for param in cli.commands["picture"].params}
    for name, choices in {"axis": AXES, "group_by": GROUPINGS, "paper": PAPERS}.items():
        kind = offered[name]
        assert isinstance(kind, click.Choice)
        assert tuple(kind.choices) == tuple(choices)
