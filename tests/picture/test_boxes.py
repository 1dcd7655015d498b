"""Characters that no font has are boxes in a PNG and a PDF; the picture says which they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

import factstore
from factstore.cli import cli
from factstore.picture import Wanted, convert, draw, scene
from factstore.picture.boxes import sentence
from factstore.store import Store
from tests.picture.samples import document

#: For private use, so that no font has it.
NOBODYS = "\U0010fffd"
FIRST = {"id": "first", "title": f"Ж – “{NOBODYS}” & <b> {NOBODYS}"}
SECOND = {"id": "second", "title": "Łódź → Αθήνα"}
FONTS = "install a font that does, or draw an .svg or .html, which is shown in its reader's fonts"


@pytest.fixture
def made(path: Path) -> Iterator[Store]:
    with factstore.open(path) as store:
        store.load(document(FIRST, SECOND))
        yield store


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_a_character_without_a_font_is_named_on_stderr(made: Store, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"drawn.{form}"
    done = CliRunner().invoke(cli, ["picture", "--db", str(made.path), str(target)])
    assert done.exit_code == 0
    assert f"no font here has {NOBODYS}: it is drawn as a box; {FONTS}\n" in done.stderr
    assert target.stat().st_size > 1000


def test_in_python_it_is_a_warning_unless_somebody_wants_to_be_told(made: Store) -> None:
    shown = scene(made, Wanted())
    with pytest.warns(UserWarning, match="no font here has") as warned:
        draw(made, shown, "png")
    assert warned[0].filename == __file__
    told: list[str] = []
    draw(made, shown, "pdf", tell=told.append)
    assert len(told) == 1
    draw(made, shown, "svg")
    draw(made, shown, "html")


def test_nothing_is_said_of_what_a_font_has(made: Store) -> None:
    draw(made, scene(made, Wanted(narrowed={"text": "Łódź"})), "png")


def test_the_converter_names_what_it_has_no_font_for() -> None:
    elements = [f'<text x="-900" y="5000">{sign}</text>' for sign in (NOBODYS, "Ж", "\\", '"', "é")]
    assert convert.undrawn(elements) == [NOBODYS]
    assert convert.undrawn([]) == []


def test_scripts_are_named_and_each_text_with_other_characters_is_tried_once() -> None:
    tried: list[Sequence[str]] = []

    def undrawn(elements: Sequence[str]) -> list[str]:
        tried.append(elements)
        alone = ["北", "न\u094d", "京", "한", "☃", "ა"]
        return alone if len(tried) == 2 else [*alone, "ب", "A<"]

    drawing = '<svg><text x="1">plain</text><text x="1">北ب</text><g><text y="2"><tspan>ب北</tspan></text></g></svg>'
    found = sentence([drawing, drawing.replace("ب", "é")], undrawn)
    assert tried[0] == ['<text x="1">北ب</text>', '<text x="1">北é</text>']
    assert "<text>A&lt;</text>" in tried[1]
    assert found == (
        "no font here has 北, न, 京, 한, ☃ and 1 more (Chinese, Devanagari, Hangul, Georgian): they are drawn as boxes,"
        f" and so are others beside them; {FONTS}"
    )
    assert sentence([drawing], lambda _: []) == ""
    assert sentence([drawing], lambda _: ["\u200f", "\u0301"]) == ""
