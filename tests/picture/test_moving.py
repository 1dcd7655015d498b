"""Using the page: it is drawn like the files, moves as expected, and is as before once everything is undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import factstore
from factstore.evidence.stances import STATUSES
from factstore.picture import AXES, Wanted, draw, scene
from factstore.picture.drawing import Drawing
from factstore.rendering import markdown
from factstore.store import Store
from tests.picture.looks import give_letters
from tests.picture.samples import EVERY, FAR, PREHISTORY, SEED, VARIED, document, many, week
from tests.support.browser import Browser

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.fixture
def made(path: Path) -> Iterator[Store]:
    with factstore.open(path) as store:
        yield store


class Shown:
    """A page of a store, and a reader's actions on it."""

    def __init__(self, browser: Browser, folder: Path, store: Store, *, letters: int = 0, **wanted: Any) -> None:
        self.letters = letters
        self.address = folder / "picture.html"
        self.address.write_bytes(draw(store, scene(store, Wanted(**wanted)), "html"))
        self.page = browser.page()

    def __enter__(self) -> Shown:
        self.page.ask("Emulation.setScrollbarsHidden", hidden=True)
        if self.letters:
            give_letters(self.page, self.letters)
        self.page.open(self.address.as_uri())
        return self

    def __exit__(self, *_: object) -> None:
        problems = self.page.problems
        self.page.__exit__(None, None, None)
        assert problems == []

    def run(self, script: str) -> Any:
        return self.page.run(script)

    def click(self, element: str) -> None:
        self.run(f"document.querySelector({element!r}).click()")

    def choose(self, element: str, value: str, event: str = "change") -> None:
        field = f"document.querySelector({element!r})"
        self.run(f"({field}.value = {value!r}, {field}.dispatchEvent(new Event({event!r})))")

    def pick(self, title: str) -> None:
        self.run(
            f"[...document.querySelectorAll('#words button')].find((one) => one.textContent === {title!r}).click()"
        )

    def picked(self) -> str | None:
        shown = "document.getElementById('panel').hidden ? null : document.querySelector('#panel h2').textContent"
        return self.run(shown)  # type: ignore[no-any-return]

    def rows(self) -> list[str]:
        """The keys of the rows that are shown, from the top down."""
        seen = "[...document.querySelectorAll('#rows [data-key]')].filter((one) => !one.matches('[display=none]'))"
        top = "(one) => Number(one.getAttribute('transform').split(/[,)]/)[1])"
        return self.run(f"{seen}.sort((a, b) => ({top})(a) - ({top})(b)).map((one) => one.dataset.key)")  # type: ignore[no-any-return]

    def drawn(self) -> list[tuple[str, list[float]]]:
        """All that is visible of the drawing."""
        parts = (f"document.getElementById({name!r})" for name in ("axis", "rows"))
        written = [self.run(f"new XMLSerializer().serializeToString({part})") for part in parts]
        return [*marks(written[0]), *marks(written[1]), (self.run("document.getElementById('cut').textContent"), [])]


# --- drawn as the files are ---------------------------------------------------------------------------------------


Show = Callable[..., Shown]


@pytest.fixture
def show(chromium: Browser, tmp_path: Path) -> Show:
    """A function that shows a store's page, given the store and what its picture is to show."""
    return partial(Shown, chromium, tmp_path)


def marks(svg: str) -> list[tuple[str, list[float]]]:
    """Each visible element of a drawing, with its numbers separated."""
    found: list[tuple[str, list[float]]] = []

    def walk(element: ElementTree.Element) -> None:
        kind = element.get("class") or ""
        if (
            element.get("display") == "none"
            or kind in ("hit", "fold")
            or (kind == "sign" and element.get("d") == "M0 0")
        ):
            return
        told = {
            name: value for name, value in element.attrib.items() if not name.startswith("data-") and name != "cursor"
        }
        moved = told.pop("transform", None)
        written = " ".join(f"{name}={value}" for name, value in sorted(told.items()))
        if moved not in (None, "translate(0,0)"):
            written += f" transform={moved}"
        text = (element.text or "").strip()
        name = element.tag.rsplit("}", 1)[-1]
        found.append((f"{name} {_NUMBER.sub('#', written)} {text}", [float(one) for one in _NUMBER.findall(written)]))
        for child in element:
            walk(child)

    walk(ElementTree.fromstring(svg))
    return found


@pytest.mark.parametrize("which", ["varied", "prehistory", "orders"])
def test_the_page_draws_what_the_files_do_on_each_axis(made: Store, show: Show, which: str) -> None:
    chronologies: dict[str, Any] = {"varied": VARIED, "prehistory": document(*PREHISTORY), "orders": SEED}
    made.load(chronologies[which], allow_conflict=True)
    with show(made, letters=5, narrowed=EVERY) as shown:  # no wider than a file takes them for
        for kind in AXES:
            drawing = Drawing(scene(made, Wanted(axis=kind, narrowed=EVERY)))
            shown.choose("#axis-kind", kind)
            shown.run("window.dispatchEvent(new Event('beforeprint'))")  # on paper it has the width of a file
            page = shown.run("new XMLSerializer().serializeToString(document.querySelector('#rows > g'))")
            scale = shown.run("new XMLSerializer().serializeToString(document.querySelector('#axis > g > g'))")
            assert shown.run("document.getElementById('cut-text').textContent") == drawing.caption()
            whole = f'<g xmlns="http://www.w3.org/2000/svg" transform="translate(22,0)">{drawing.rows()}</g>'
            same(marks(whole), marks(page))
            same(marks(drawing.labels().svg), marks(scale))


def same(ours: list[tuple[str, list[float]]], theirs: list[tuple[str, list[float]]]) -> None:
    """Asserts that the same elements are in the same places, to a tenth of a pixel."""
    assert [words for words, _ in ours] == [words for words, _ in theirs]
    for (words, here), (_, there) in zip(ours, theirs, strict=True):
        assert here == pytest.approx(there, abs=0.11), words


# --- moved, and as it was -----------------------------------------------------------------------------------------


def test_whatever_a_reader_does_and_undoes_leaves_the_drawing_as_it_was(made: Store, show: Show) -> None:
    made.load(VARIED, allow_conflict=True)
    with show(made, narrowed=EVERY) as shown:
        fresh = shown.drawn()
        shown.pick("Letter sent")
        picked = shown.drawn()
        assert picked != fresh
        shown.pick("The call")
        shown.run("history.back()")
        shown.run("until(() => document.querySelector('#panel h2').textContent === 'Letter sent')")
        assert shown.drawn() == picked
        shown.run("history.back()")
        shown.run("until(() => document.getElementById('panel').hidden)")
        assert shown.drawn() == fresh
        shown.run("history.forward()")
        shown.run("until(() => !document.getElementById('panel').hidden)")
        assert (shown.picked(), shown.drawn()) == ("Letter sent", picked)
        shown.click("#panel .close")
        assert shown.picked() is None
        assert shown.drawn() == fresh
        for kind in ("whole", "broken", "age", "near"):
            shown.choose("#axis-kind", kind)
        assert shown.drawn() == fresh
        for element in ("#packed", "#packed", "#fold", "#fold", "#in", "#on", "#all"):
            shown.click(element)
        assert shown.drawn() == fresh
        shown.page.ask("Page.printToPDF")
        assert shown.drawn() == fresh


@pytest.mark.parametrize("packed", [False, True])
def test_folded_groups_are_as_they_were_after_use(made: Store, show: Show, packed: bool) -> None:
    made.load(document(*many(40)))
    with show(made, group_by="tag", folded=True, packed=packed) as shown:
        fresh = shown.drawn()
        for element in ("#fold", "#fold", "#packed", "#packed", "#in", "#on", "#all"):
            shown.click(element)
        assert shown.drawn() == fresh
        shown.choose("#search", "meeting 7", "input")
        shown.run("until(() => document.getElementById('said').textContent.includes(' of 40'))")
        assert shown.drawn() != fresh
        shown.choose("#search", "", "input")
        shown.run("until(() => !document.getElementById('said').textContent)")
        shown.page.ask("Page.printToPDF")
        assert shown.drawn() == fresh


def test_the_address_names_what_is_picked_and_leads_to_it(made: Store, show: Show) -> None:
    made.load(document(*many(60)))
    with show(made, group_by="tag", folded=True) as shown:
        assert len(shown.rows()) == 3 + sum("when" in one for one in many(60))  # headings, and bars on them
        shown.page.go("about:blank")
        shown.page.open(shown.address.as_uri() + "#fact-31")
        assert shown.picked() == "Meeting 31 of the board heard the auditors of the company"
        box = shown.run("document.querySelector('#rows .picked').getBoundingClientRect().toJSON()")
        assert 0 < box["top"] < 900  # its group was opened, and it is in sight


@pytest.mark.parametrize("packed", [False, True])
def test_a_folded_group_shows_each_fact(made: Store, show: Show, packed: bool) -> None:
    further: list[dict[str, Any]] = [
        {"id": "open", "title": "Open", "when": "2018-03-12/..", "tags": ["a"]},
        {"id": "some-day", "title": "Some day", "tags": ["a"]},
        FAR | {"tags": ["a"]},
    ]
    made.load(document(*(day | {"tags": ["b"]} for day in week()), *further))
    with show(made, group_by="tag", folded=True, packed=packed) as shown:
        assert shown.run("document.getElementById('fold').textContent") == "Unfold groups"
        assert shown.run("document.querySelectorAll('#rows .row:not([display=none])').length") == 9
        for kind in ("off", "open"):
            assert (
                shown.run(
                    f"document.querySelectorAll('#rows .row:not([display=none]) .tip.{kind}:not([display=none])').length"
                )
                == 1
            )
        told = "[...document.querySelectorAll('#rows .group .out')].map((one) => one.textContent).filter(Boolean)"
        assert shown.run(told) == ["before: 2 November 1917; 1 undated"]
        cut = "document.getElementById('cut-text').textContent"
        assert shown.run(cut) == "The axis is cut: 1 fact before it, dated at the edge"
        shown.click("#widen")
        assert shown.run(told) == ["1 undated"]


def test_what_lies_beyond_the_axis_is_shown_when_it_is_widened_or_moved(made: Store, show: Show) -> None:
    made.load(document(*week(), FAR))
    with show(made) as shown:
        off = "!document.querySelector('#rows .tip.off:not([display=none])')"
        date = "document.querySelector('#rows .out.left:not([display=none])').textContent"
        assert shown.run(date) == "2 November 1917"
        assert shown.run("document.getElementById('cut-text').textContent") == (
            "The axis is cut: 1 fact before it, dated at the edge"
        )
        shown.click("#widen")
        assert shown.run(off)
        assert shown.run("document.getElementById('cut').hidden")
        assert shown.run("document.getElementById('axis-kind').value") == "whole"
        shown.click("#all")
        assert not shown.run(off)
        for _ in range(9):
            shown.click("#on")  # further and further on, until all lies before what is shown
        assert shown.run("document.getElementById('cut-text').textContent").startswith(
            "The axis is cut: 8 facts before it"
        )
        assert shown.run("document.querySelectorAll('#rows .out.left:not([display=none])').length") == 8


def test_the_page_names_the_zone_of_its_axis_while_times_of_day_are_in_view(made: Store, show: Show) -> None:
    made.load(document(*week()))
    with show(made) as shown:
        told = "document.getElementById('cut-text').textContent"
        assert shown.run(told) == ""
        for _ in range(6):
            shown.click("#in")
        assert shown.run(told).endswith("Times of day on the axis are in UTC")
        assert not shown.run("document.getElementById('cut').hidden")
        shown.click("#all")
        assert shown.run(told) == ""


def test_dragging_moves_in_time_and_picks_nothing(made: Store, show: Show) -> None:
    made.load(document(*week()))
    with show(made) as shown:
        box = shown.run("document.querySelector('#rows .sure').getBoundingClientRect().toJSON()")
        x, y = box["x"] + 2, box["y"] + 4
        for kind, by in (("mousePressed", 0), ("mouseMoved", 40), ("mouseMoved", 80), ("mouseReleased", 80)):
            shown.page.ask("Input.dispatchMouseEvent", type=kind, x=x + by, y=y, button="left", clickCount=1)
        moved = shown.run("document.querySelector('#rows .sure').getBoundingClientRect().toJSON()")
        assert moved["x"] - box["x"] == pytest.approx(80, abs=2)
        assert shown.picked() is None
        shown.page.click(moved["x"] + 2, y)
        assert shown.picked() == "It was day 0"


def test_a_group_is_folded_and_opened_by_a_click_and_a_search_looks_into_it(made: Store, show: Show) -> None:
    made.load(document(*week(2), *({"id": f"u{n}", "title": f"Undated {n}"} for n in range(30))))
    with show(made) as shown:
        assert len(shown.rows()) == 3  # two facts and a heading: the undated are folded
        shown.run("document.querySelector('#rows .group').dispatchEvent(new Event('click'))")
        assert len(shown.rows()) == 33
        shown.run("document.querySelector('#rows .group').dispatchEvent(new Event('click'))")
        assert len(shown.rows()) == 3
        shown.choose("#search", "undated 29", "input")
        shown.run("until(() => document.getElementById('said').textContent === '1 of 32 facts')")
        assert len(shown.rows()) == 2


def test_packed_facts_never_meet(made: Store, show: Show) -> None:
    made.load(document(*many(120), FAR))
    boxes = """[...document.querySelectorAll('#rows .row')].map((row) => [...row.querySelectorAll('.sure, .may, .label')]
        .filter((one) => !one.closest('[display=none]')).map((one) => one.getBoundingClientRect().toJSON()))"""
    with show(made, packed=True) as shown:
        for action in ("1", "document.getElementById('in').click()", "document.getElementById('out').click()"):
            shown.run(action)
            taken: dict[float, list[tuple[float, float]]] = {}
            for row in shown.run(boxes):
                if row:
                    middle = round((row[0]["top"] + row[0]["bottom"]) / 2 / 4)
                    taken.setdefault(middle, []).append(
                        (min(one["left"] for one in row), max(one["right"] for one in row))
                    )
            assert len(taken) < 100
            for line in taken.values():
                ordered = sorted(line)
                assert all(right < left + 3 for (_, right), (left, _) in pairwise(ordered))


# --- texts --------------------------------------------------------------------------------------------------------


#: Keeps what the page copies to the clipboard, whichever way it does that.
_CLIPBOARD = """(window.kept = '',
    document.addEventListener('copy', () => { window.kept = document.activeElement.value; }),
    Object.defineProperty(navigator, 'clipboard',
        { value: { writeText: async (text) => { window.kept = text; } }, configurable: true }))"""


def copied(shown: Shown) -> str:
    """What a click on the button copies to the clipboard."""
    shown.run(_CLIPBOARD)
    shown.click("#copy")
    shown.run("until(() => window.kept)")
    return str(shown.run("window.kept"))


def test_the_selection_is_copied_as_the_markdown_of_the_command_line(made: Store, show: Show) -> None:
    made.load(VARIED, allow_conflict=True)
    made.load(document(*week(2)))
    sources = {source.id: source for source in made.sources()}
    facts = [found.fact for found in made.timeline.all(evidence=True, status=STATUSES)]
    with show(made, narrowed=EVERY) as shown:
        whole = copied(shown)
        shown.pick("He denied it")
        one = copied(shown)
        shown.click("#panel .close")
        shown.choose("#search", "day", "input")
        shown.run("until(() => document.getElementById('said').textContent.startsWith('2 of'))")
        searched = copied(shown)
    denial = next(fact for fact in facts if fact.id == "denial")
    assert one == markdown.chronology([denial], sources) + "\n"
    # Each footnote gives its source in full, so that any part of the list can be copied elsewhere.
    assert (
        re.sub(r"\[\^\d+\]: .*", "", whole).split()
        == re.sub(r"\[\^\d+\]: .*", "", markdown.chronology(facts, sources)).split()
    )
    numbers = re.findall(r"^\[\^(\d+)\]:", whole, re.MULTILINE)
    assert numbers == [str(n) for n in range(1, len(facts) + 1)]
    assert "Undated (1):" in whole
    assert re.findall(r"^- \*\*(\d+ March 2018)", searched, re.MULTILINE) == ["10 March 2018", "11 March 2018"]


def test_a_quote_is_shown_within_its_archived_text(made: Store, show: Show) -> None:
    made.load(VARIED, allow_conflict=True)
    with show(made) as shown:
        shown.pick("The call")
        assert shown.run("document.querySelector('#panel mark').textContent") == "did meet"
        text = shown.run("document.querySelector('#panel details blockquote').textContent")
        assert text.startswith("In spring the minister said")
        assert "they did meet. It was" in text


def test_the_page_shows_no_passage_of_a_text_that_is_not_kept(made: Store, show: Show) -> None:
    made.load(document(*week(1)))
    with show(made) as shown:
        shown.pick("It was day 0")
        assert shown.run("document.querySelectorAll('#panel mark').length") == 0


def test_a_screen_reader_finds_the_same_as_a_table(made: Store, show: Show) -> None:
    made.load(VARIED, allow_conflict=True)
    with show(made, title="Of every kind") as shown:
        shown.click("#skip")
        assert shown.run("document.activeElement.textContent") == "The same as a table"
        assert shown.run("document.getElementById('words').open")
        assert shown.run("document.querySelector('caption').textContent").startswith("Of every kind: ")
        table = shown.run(
            "[...document.querySelectorAll('#words tbody tr')].map((row) => [...row.cells].map((one) => one.textContent))"
        )
        assert shown.run("[...document.querySelectorAll('#words thead th')].map((one) => one.textContent)") == [
            *("What", "When, as far as is known", "As written", "Date (EDTF)", "Status")
        ]
        assert ["He denied it", "2018-03-30", "", "2018-03-30", "disputed"] in table
        assert ["The call", "2018-03-20", "“on Tuesday”", "2018-03-20", "stands"] in table
        assert table[-2:] == [["undated (1)"], ["It was told", "begun by 2018-04-20", "", "", "stands"]]
        assert shown.run("document.getElementById('rows').getAttribute('aria-hidden')") == "true"
