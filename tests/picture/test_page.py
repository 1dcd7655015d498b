"""The page works in a browser from a file: it shows what the chronology answers, and no text in it becomes active."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import factstore
from factstore.evidence.stances import ANSWERED, STATUSES, Status
from factstore.picture import Wanted, draw, scene
from factstore.picture.colours import TONES
from factstore.picture.contents import link
from factstore.picture.page import safe_json
from factstore.store import Store
from tests.conftest import NewStore
from tests.picture.samples import HOSTILE, ROOT, SEED, document, week
from tests.support.browser import Page


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with factstore.open(tmp_path_factory.mktemp("seed") / "facts.db") as store:
        store.load(SEED)
        yield store


@pytest.fixture
def made(path: Path) -> Iterator[Store]:
    with factstore.open(path) as store:
        yield store


@pytest.mark.parametrize("value", [HOSTILE, "<!--", "]]>", "a\u2028b\u2029c", "&lt;"])
def test_json_in_a_page_cannot_end_its_element_and_is_the_same(value: str) -> None:
    text = safe_json({"text": value})
    assert not set("<>&\u2028\u2029") & {*text}
    assert json.loads(text) == {"text": value}


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org", True),
        ("HTTPS://example.org/", True),
        ('https://example.org/"><script>', True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("https:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("https://[bad", False),
        ("https://example.org/\u202egpj.exe", False),
        (None, False),
    ],
)
def test_only_an_address_on_the_web_becomes_a_link(url: str | None, leads: bool) -> None:
    assert link(url) == (url if leads else None)


class Elements(HTMLParser):
    """The elements of a page, the texts of its scripts, and its policy."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.scripts: list[tuple[str | None, str]] = []
        self.styles: list[str] = []
        self.policy = ""
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        given = dict(attributes)
        assert not [name for name in given if name.startswith("on")]
        self.addresses += [str(given[name]) for name in ("src", "href", "xlink:href", "action") if name in given]
        if tag == "script":
            self.scripts.append((given.get("type"), ""))
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            kind, text = self.scripts[-1]
            self.scripts[-1] = (kind, text + data)
        if self.cdata_elem == "style":
            self.styles.append(data)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a chronology in which all texts are hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    with factstore.open(folder / "facts.db") as made:
        web = {"id": "web", "publisher": HOSTILE, "url": f"https://example.org/?{HOSTILE}", "published": "2018-04-03"}
        facts = [
            fact | {"title": f"{fact['title']} {HOSTILE}", "place": HOSTILE, "tags": [HOSTILE, "mark"]}
            for fact in week(3)
        ]
        facts[0]["evidence"] = [{"source": "web", "quote": f"first {HOSTILE}", "attribution": [HOSTILE, "A paper"]}]
        told = document(
            *facts,
            {"id": "then", "title": "Then it was over"},
            orderings=(
                {
                    "fact": "day-2",
                    "relation": "before",
                    "other": "then",
                    "evidence": [{"source": "paper", "quote": "at last"}],
                },
            ),
        )
        told["sources"].append(web)
        made.load(told)
        made.correct("day-1", {"when": "2018-03-09"}, message=f"misread {HOSTILE}")
        shown = scene(made, Wanted(group_by="place", title=f"Title {HOSTILE}", note=HOSTILE))
        (folder / "picture.html").write_bytes(draw(made, shown, "html"))
    return folder / "picture.html"


def test_a_page_runs_one_script_that_its_policy_names_and_leads_nowhere(hostile: Path) -> None:
    elements = Elements(hostile.read_text(encoding="utf-8"))
    assert [kind for kind, _ in elements.scripts] == ["application/json", None]
    assert {"img", "iframe", "link", "object"}.isdisjoint(elements.names)
    assert [address for address in elements.addresses if not address.startswith("#")] == []
    for text in (*(text for kind, text in elements.scripts if kind is None), "".join(elements.styles)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in elements.policy
    assert elements.policy.startswith("default-src 'none'; ")
    assert "unsafe" not in elements.policy


def test_the_page_works_from_a_file_and_no_text_in_it_becomes_active(hostile: Path, page: Page) -> None:
    page.open(hostile.as_uri())
    assert page.run("document.querySelectorAll('#words tr[data-key]').length") == 4
    # A click anywhere in a row shows the fact's evidence.
    box = "document.querySelectorAll('#rows .hit')[0].getBoundingClientRect()"
    x, y = page.run(f"(({{x, y, height}}) => [x + 60, y + height / 2])({box})")
    page.click(x, y)
    page.run("until(() => !document.getElementById('panel').hidden)")
    panel = page.run("document.getElementById('panel').innerText")
    told = json.loads(re.search(r'"facts":(\[.*?\]),"orders"', hostile.read_text(encoding="utf-8"))[1])  # type: ignore[index]
    first = page.run("document.querySelector('#panel h2').textContent")
    assert first in {fact["title"] for fact in told}
    assert HOSTILE in first
    assert f"so it was {HOSTILE}" in panel
    assert "misread" in panel  # the correction, with its message
    # A fact picked from the words; its link is one, the other source's is text.
    page.run("[...document.querySelectorAll('#words button')].find((one) => one.textContent.includes('day 0')).click()")
    page.run("until(() => document.querySelector('#panel h2').textContent.includes('day 0'))")
    assert page.run("[...document.querySelectorAll('#panel a')].map((one) => one.protocol + one.host)") == [
        "https:example.org"
    ]
    assert "first" in page.run("document.querySelector('#panel blockquote').textContent")
    # Others are coloured by before and after it.
    found = "[...document.querySelectorAll('#rows .row')].map((one) => getComputedStyle(one).color)"
    for name in ("asked", "before-certain", "after-certain"):
        red, green, blue = (int(TONES[name].light[place : place + 2], 16) for place in (1, 3, 5))
        assert page.run(f"until(() => ({found}).includes('rgb({red}, {green}, {blue})'))")
    assert page.run("document.getElementById('key').hidden")
    # A search leaves the rows with its words, and the chart shrinks.
    tall = page.run("document.getElementById('rows').getBoundingClientRect().height")
    page.run(
        "(document.getElementById('search').value = 'OVER at', document.getElementById('search')"
        ".dispatchEvent(new Event('input')))"
    )
    page.run("until(() => document.getElementById('said').textContent.startsWith('0 of 4'))")
    page.run(
        "(document.getElementById('search').value = 'then OVER', document.getElementById('search')"
        ".dispatchEvent(new Event('input')))"
    )
    page.run("until(() => document.getElementById('said').textContent === '1 of 4 facts')")
    assert page.run("document.getElementById('rows').getBoundingClientRect().height") < tall
    # Keys pick and zoom.
    page.run("document.getElementById('chart').focus()")
    page.press("ArrowDown")
    page.run("until(() => document.querySelector('#panel h2').textContent === 'Then it was over')")
    assert "at last" in page.run("document.getElementById('panel').innerText")
    ticks = "[...document.querySelectorAll('#axis text')].map((one) => one.textContent).join()"
    before = page.run(ticks)
    for _ in range(6):
        page.press("+")
    page.run(f"until(() => ({ticks}) !== {json.dumps(before)})")
    page.press("Escape")
    page.run("until(() => document.getElementById('panel').hidden)")
    # Dark if the reader wants it.
    page.run(
        "(document.getElementById('theme').value = 'dark', document.getElementById('theme')"
        ".dispatchEvent(new Event('change')))"
    )
    assert page.run("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 28)"
    # Nothing that a source wrote has become more than text.
    assert page.run("typeof hacked") == "undefined"
    assert page.run("document.querySelectorAll('img, iframe, #panel script').length") == 0
    assert page.requests == [hostile.as_uri()]
    assert page.problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ["", "#"])
def test_the_drawing_is_the_same_after_whatever_a_reader_does(
    made: Store, page: Page, tmp_path: Path, theme: str, address: str
) -> None:
    vague = [{"id": f"vague-{n}", "title": f"It was vague {n}", "when": f"2018-03-0{n + 1}/2018-04"} for n in range(4)]
    made.load(document(*week(3), *(one | {"evidence": [{"source": "paper"}]} for one in vague)))
    (tmp_path / "picture.html").write_bytes(draw(made, scene(made, Wanted()), "html"))
    page.open((tmp_path / "picture.html").as_uri() + address)
    page.run(
        f"(document.getElementById('theme').value = {theme!r}, document.getElementById('theme')"
        ".dispatchEvent(new Event('change')))"
    )

    def drawn() -> str:
        box = page.run("document.getElementById('chart').getBoundingClientRect().toJSON()")
        clip = {name: box[name] for name in ("x", "y", "width", "height")} | {"scale": 1}
        return str(page.ask("Page.captureScreenshot", format="png", clip=clip)["data"])

    def close() -> None:
        page.run("document.querySelector('#panel .close').click()")
        page.run("until(() => document.getElementById('panel').hidden)")

    page.run("document.querySelector('#words button').scrollIntoView(false), window.scrollTo(0, 0)")
    fresh = drawn()
    for number in (0, 1, 2):
        page.run(f"document.querySelectorAll('#words button')[{number}].click()")
        page.run("until(() => !document.getElementById('panel').hidden)")
        close()
        page.run("(document.activeElement.blur(), window.scrollTo(0, 0))")
        assert page.run("until(() => !location.href.includes('#'))")
        assert drawn() == fresh
    field = "document.getElementById('search')"
    search = f"({field}.value = {{}}, {field}.dispatchEvent(new Event('input')))"
    page.run(search.format(repr("vague")))
    page.run("until(() => document.getElementById('said').textContent.startsWith('4 of'))")
    page.run(search.format(repr("")))
    page.run("until(() => document.getElementById('said').textContent === '')")
    page.run("(document.activeElement.blur(), window.scrollTo(0, 0))")
    assert drawn() == fresh
    page.ask("Page.printToPDF")
    assert page.problems == []


@pytest.mark.parametrize("statuses", [ANSWERED, STATUSES], ids=["as listed", "of any status"])
def test_what_the_page_counts_before_and_after_each_fact_is_what_the_library_answers(
    new_store: NewStore, page: Page, tmp_path: Path, statuses: tuple[Status, ...]
) -> None:
    store = new_store()
    store.load(ROOT / "seeds" / "moscow-times-2018-04-02.yaml")
    store.withdraw("trump-defends-call")
    shown = scene(store, Wanted(narrowed={"status": statuses}))
    (tmp_path / "picture.html").write_bytes(draw(store, shown, "html"))
    wanted = {}
    for fact in shown.facts:
        asked = {
            "before": store.timeline.before(fact.id, status=statuses),
            "after": store.timeline.after(fact.id, status=statuses),
        }
        counts = {
            f"{adverb} {way}": str(number)
            for way, answer in asked.items()
            for certainty, adverb in (("certain", "Certainly"), ("possible", "Possibly"))
            if (number := sum(one.certainty == certainty for one in answer))
        }
        wanted[fact.title] = counts
    page.open((tmp_path / "picture.html").as_uri())
    found = {}
    for number in range(page.run("document.querySelectorAll('#words button').length")):
        page.run(f"document.querySelectorAll('#words button')[{number}].click()")
        title = page.run("document.querySelector('#panel h2').textContent")
        summaries = page.run("[...document.querySelectorAll('#panel summary')].map((one) => one.textContent)")
        found[title] = dict(summary.split(": ") for summary in summaries)
    assert found == wanted
