"""The picture shows what the view answers, every text in it is text, and the page works in a browser from a file."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import re
import sys
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

import factstore
from factstore.cli import cli
from factstore.dates.edtf import Edtf
from factstore.dates.ticks import DAY, FOREVER, MINUTE
from factstore.errors import Refused
from factstore.evidence.stances import STATUSES
from factstore.picture import Wanted, draw, scene
from factstore.picture.colours import THEMES, TONES, palette
from factstore.picture.page import contents, link, relations, safe_json
from factstore.picture.scene import EVER, Scene
from factstore.reasoning.network import Bounds
from factstore.repository.spans import span_of
from factstore.store import Store
from tests.conftest import NewStore
from tests.support.browser import CHROMIUM, Page

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "moscow-times-2018-04-02.yaml"
ASKED = "russia-expels-60-us-diplomats"
HOSTILE = "</script><img src=x onerror='hacked=1'><script>hacked=1</script>"
FAR = {"id": "far", "title": "The treaty was signed", "when": "1917-11-02"}


def document(*facts: dict[str, Any], orderings: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """Facts with a quote each, from a source of April 2018 whose name, address and words are hostile."""
    source = {"id": "paper", "title": f"The Paper {HOSTILE}", "url": "javascript:hacked=1", "published": "2018-04-02"}
    told = [{"evidence": [{"source": "paper", "quote": f"so it was {HOSTILE}"}]} | fact for fact in facts]
    return {"sources": [source], "facts": told, "orderings": list(orderings)}


def week(count: int = 7) -> list[dict[str, Any]]:
    return [{"id": f"day-{n}", "title": f"It was day {n}", "when": f"2018-03-{10 + n}"} for n in range(count)]


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with factstore.open(tmp_path_factory.mktemp("seed") / "facts.db") as store:
        store.load(SEED)
        yield store


@pytest.fixture
def made(path: Path) -> Iterator[Store]:
    with factstore.open(path) as store:
        yield store


def rows(shown: Scene) -> dict[str, dict[str, Any]]:
    return {row["fact"]: row for row in shown.rows if row["fact"] is not None}


# --- where facts lie --------------------------------------------------------------------------------------------

D = Edtf("2018-03-20").corners().start_min or 0


def bounds(when: str, zone: int = 0) -> Bounds:
    low, early, late, high = Edtf(when).corners(zone)
    return Bounds(
        -FOREVER if low is None else low,
        FOREVER if early is None else early,
        -FOREVER if late is None else late,
        FOREVER if high is None else high,
    )


@pytest.mark.parametrize(
    ("when", "certain"),
    [
        ("2018-03-20", (D, D + DAY)),
        ("2018-03", None),
        ("[2018-03-20..2018-03-21]", None),
        ("2018-03-20?", None),
        ("2018-03-20/2018-03-22", (D, D + 3 * DAY)),
        ("2018-03-20/..", (D, None)),
        ("../2018-03-20", (None, D + DAY)),
        ("2018-03-20/", (D, D + DAY)),
        ("2018-03-20T06:00/2018-03-20T12:00", (D + DAY // 4, D + DAY // 2 + MINUTE)),
    ],
)
def test_a_day_is_certain_where_every_history_has_the_fact_going_on_in_it(
    when: str, certain: tuple[int | None, int | None] | None
) -> None:
    assert span_of(bounds(when), 0).certain == ((certain,) if certain else ())


def test_a_day_begins_as_it_does_in_the_fact_s_zone() -> None:
    east = 3 * 3600
    begins = D - DAY // 8
    assert span_of(bounds("2018-03-20", east), east).certain == ((begins, begins + DAY),)


def test_nothing_is_certain_of_what_has_no_date() -> None:
    nothing = Bounds(-FOREVER, FOREVER, -FOREVER, FOREVER)
    assert span_of(nothing, 0) == (None, None, None, None, ())


def test_spans_and_orderings_are_those_of_the_clock(made: Store) -> None:
    then = {"fact": "day-0", "relation": "before", "other": "day-1", "evidence": [{"source": "paper", "quote": "then"}]}
    made.load(document(*week(2), orderings=(then,)))
    position = made.head().position
    made.correct("day-0", {"when": "2018-03-01"}, message="misread")
    made.withdraw("day-0.before.day-1", message="not said")
    assert made.spans()["day-0"].first != made.at(known=position).spans()["day-0"].first
    assert [(stated.in_force, stated.withdrawn) for stated in made.orderings()] == [(False, True)]
    assert scene(made, Wanted()).arcs == []
    (ordering,) = made.at(known=position).orderings()
    assert (ordering.a, ordering.relation, ordering.b, ordering.in_force) == ("day-0", "before", "day-1", True)
    assert [citation.quote for citation in ordering.evidence] == ["then"]


# --- what is in a picture ---------------------------------------------------------------------------------------


def test_rows_are_in_the_order_of_the_timeline_and_hold_every_status(seed: Store) -> None:
    shown = scene(seed, Wanted())
    assert list(rows(shown)) == [found.fact.id for found in seed.timeline.all(status=STATUSES)]
    assert {row["tone"] for row in shown.rows} == {"stands", "denied", "foretold"}
    assert [row["y"] for row in shown.rows] == sorted(row["y"] for row in shown.rows)
    assert shown.height == sum(row["h"] for row in shown.rows)
    assert len(shown.arcs) == 46


def test_filters_and_statuses_narrow_a_picture(seed: Store) -> None:
    shown = scene(seed, Wanted(narrowed={"tag": "call", "status": ("stands",)}))
    assert list(rows(shown)) == [found.fact.id for found in seed.timeline.all(tag="call", status=("stands",))]


def test_a_picture_of_nothing_is_refused(seed: Store) -> None:
    with pytest.raises(Refused, match="no facts"):
        scene(seed, Wanted(narrowed={"tag": "nowhere"}))


def test_the_possible_and_the_certain_of_each_kind_of_date(made: Store) -> None:
    made.load(
        document(
            *week(),
            {"id": "month", "title": "A month", "when": "2018-03~"},
            {"id": "ever", "title": "For ever", "when": "2018-03-12/.."},
            {"id": "by", "title": "Undated"},
        )
    )
    shown = rows(scene(made, Wanted()))
    day = 24 * 60 * 60 * 1000
    (sure,), (over,) = shown["day-0"]["sure"], shown["day-0"]["over"]
    assert over - sure == day
    assert (shown["day-0"]["flat"], shown["day-0"]["ebb"]) == (sure, over)
    assert (shown["month"]["sure"], shown["month"]["marks"]) == ([], "~")
    assert shown["month"]["past"] - shown["month"]["first"] == (28 + 31 + 30) * day
    assert (shown["ever"]["over"], shown["ever"]["past"]) == ([EVER], None)
    assert (shown["by"]["first"], shown["by"]["past"], shown["by"]["begun"]) == (None, None, True)


def test_a_set_of_days_is_certain_on_each_of_them_and_not_in_between(made: Store) -> None:
    made.load(
        document(
            {"id": "hearings", "title": "Hearings", "when": "{2018-03-22..2018-03-24,2018-03-20,2018-03-30?}"},
            {"id": "late", "title": "Late", "when": "2018-03-29"},
        )
    )
    assert made.spans()["hearings"].certain == ((D, D + DAY), (D + 2 * DAY, D + 5 * DAY))
    shown = rows(scene(made, Wanted()))["hearings"]
    assert [over - sure for sure, over in zip(shown["sure"], shown["over"], strict=True)] == [
        DAY // 1000,
        3 * DAY // 1000,
    ]
    drawn = ElementTree.fromstring(draw(made, scene(made, Wanted()), "svg"))
    assert sum(mark.get("fill-opacity") == "1" for mark in drawn.iter()) == 3  # two of the hearings, and the other fact
    position = made.head().position
    made.correct("hearings", {"when": "2018-03-20/2018-03-24"}, message="one hearing")
    assert made.spans()["hearings"].certain == ((D, D + 5 * DAY),)
    assert len(made.at(known=position).spans()["hearings"].certain) == 2


def test_a_set_of_days_that_is_set_aside_leaves_its_days_open(made: Store) -> None:
    made.load(document({"id": "hearings", "title": "Hearings"}, {"id": "last", "title": "Last", "when": "2018-03-10"}))
    made.relate("hearings", "before", "last")
    made.correct("hearings", {"when": "{2018-03-20,2018-03-22}"}, allow_conflict=True)
    assert made.spans()["hearings"].certain == ()


def test_what_lies_far_off_is_left_to_the_arrows(made: Store) -> None:
    made.load(document(*week()))
    near = scene(made, Wanted()).frame
    made.load(document(FAR))
    assert scene(made, Wanted()).frame == near
    assert scene(made, Wanted(before="1917-11-01")).frame.lo < near.lo


def test_two_times_of_equal_weight_are_both_shown(made: Store) -> None:
    made.load(document(*week(2), FAR, FAR | {"id": "far-too"}))
    assert scene(made, Wanted()).frame.lo < rows(scene(made, Wanted()))["far"]["sure"][0]


def test_a_fact_stands_under_each_group_that_it_has(made: Store) -> None:
    facts = week(4)
    facts[0] |= {"tags": ["one", "two"]}
    facts[1] |= {"tags": ["two"]}
    then = {"fact": "day-0", "relation": "before", "other": "day-1"}
    later = {"fact": "day-0", "relation": "before", "other": "day-2"}
    made.load(document(*facts, orderings=(then, later)))
    shown = scene(made, Wanted(group_by="tag"))
    titles = [row["fact"] or row["title"] for row in shown.rows]
    assert titles == ["one (1)", "day-0", "two (2)", "day-0", "day-1", "no tag (2)", "day-2", "day-3"]
    assert [(arc["a"], arc["b"]) for arc in shown.arcs] == [(3, 4), (1, 6)]


@pytest.mark.parametrize("question", ["before", "after"])
@pytest.mark.parametrize("x", [ASKED, "2018-03-28"])
def test_colours_are_the_answer_to_the_question(seed: Store, question: str, x: str) -> None:
    asked: dict[str, Any] = {question: x}
    shown = rows(scene(seed, Wanted(**asked)))
    found = getattr(seed.timeline, question)(x, status=STATUSES)
    answer = {item.fact.id: f"{question}-{item.certainty}" for item in found}
    for name, row in shown.items():
        assert row["tone"] == ("asked" if name == x else answer.get(name, "neither"))
    assert {"before-certain", "after-certain"} & {*answer.values()}


def test_what_contradicts_is_red_and_what_is_withdrawn_struck_out(made: Store) -> None:
    made.load(document(*week(3)))
    wrong = {"fact": "day-1", "relation": "before", "other": "day-0"}
    made.load(document(orderings=(wrong,)), allow_conflict=True)
    made.withdraw("day-2", message="a hoax")
    shown = scene(made, Wanted())
    assert {name: row["tone"] for name, row in rows(shown).items()} == {
        "day-0": "conflicting",
        "day-1": "conflicting",
        "day-2": "withdrawn",
    }
    assert rows(shown)["day-2"]["struck"]
    assert [arc["aside"] for arc in shown.arcs] == [True]
    assert "It was day 0 [conflicting]" in shown.text()
    assert "set aside" in shown.text()


def test_long_titles_are_cut_and_what_steers_or_breaks_a_document_is_shown(made: Store) -> None:
    made.load(document({"id": "long", "title": "word " * 60 + "\u202e\ufffe\x07end", "when": "2018-03-10"}))
    row = rows(scene(made, Wanted()))["long"]
    assert len(row["lines"]) == 2
    assert row["lines"][1].endswith("…")
    assert row["title"].endswith("\\u202e\ufffd\\u0007end")


def test_beside_a_short_title_too_stand_the_phrase_and_where_it_is_placed(made: Store) -> None:
    fact = {"id": "late", "title": "Late", "phrase": "late last week"}
    made.load(document(*week(2), fact, orderings=({"fact": "day-0", "relation": "before", "other": "late"},)))
    row = rows(scene(made, Wanted()))["late"]
    assert (row["lines"], row["date"][0]) == (["Late"], "“late last week”")
    assert row["date"][1].startswith("(2018-")
    assert row["h"] > rows(scene(made, Wanted()))["day-1"]["h"]


def test_where_rows_are_many_and_of_one_line_it_is_where_a_fact_is_placed(made: Store) -> None:
    many = [{"id": f"f{n}", "title": "It was so", "when": "2018-03"} for n in range(120)]
    made.load(document(*many, {"id": "late", "title": "Late", "phrase": "late last week"}))
    assert rows(scene(made, Wanted()))["late"]["date"] == ["(begun by 2018-04-02)"]


def test_every_colour_is_told_from_its_paper() -> None:
    def light(colour: str) -> float:
        parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) + 0.05

    for theme in THEMES:
        colours = palette(theme)
        for name in {*TONES, "quiet", "ink"}:
            ratio = light(colours[name]) / light(colours["paper"])
            # WCAG 2.2: 4.5 for text (1.4.3), 3 for what must be seen (1.4.11); grey is what is left over.
            least = 4.5 if name in ("quiet", "ink", "conflicting") else 2.3
            assert max(ratio, 1 / ratio) >= least, (theme, name, ratio)


# --- files ------------------------------------------------------------------------------------------------------


def texts(svg: bytes) -> list[str]:
    root = ElementTree.fromstring(svg)
    return [text for element in root.iter() if element.tag.endswith("}text") for text in element.itertext()]


def test_an_svg_is_well_formed_and_says_what_it_shows(seed: Store) -> None:
    shown = scene(seed, Wanted(title="One article", note="read once"))
    svg = draw(seed, shown, "svg")
    written = texts(svg)
    assert {"One article", "read once", "certain, to the day"} <= {*written}
    for row in shown.rows:
        assert {*row["lines"], *row["date"]} <= {*written}
    root = ElementTree.fromstring(svg)
    title, description = root[:2]
    assert (title.text, description.text) == ("One article", shown.text())
    assert "Donald Trump telephoned Vladimir Putin: 2018-03-20" in shown.text()


def test_the_picture_in_the_readme_is_that_of_the_seed(seed: Store) -> None:
    kept = [(ROOT / "docs" / name).read_bytes() for name in ("picture.svg", "picture-dark.svg")]
    drawn = draw(seed, scene(seed, Wanted(title=ElementTree.fromstring(kept[0])[0].text)), "svg")
    assert [texts(picture) for picture in kept] == [texts(drawn)] * 2, "run `make picture` and look at what changed"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"docs/picture.svg", "docs/picture-dark.svg"} <= {*re.findall(r'"(docs/[^"]+)"', readme)}


def test_a_png_is_one_and_says_what_it_shows(made: Store) -> None:
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
    assert int.from_bytes(chunks[b"IHDR", b""][4:8]) > 2 * shown.height


def test_before_in_a_page_read_the_other_way_is_after(seed: Store) -> None:
    facts = [found.fact for found in seed.timeline.all(status=STATUSES)]
    before = relations(seed, facts)
    for number, fact in enumerate(facts):
        after = {found.fact.id: (found.certainty or "")[0] for found in seed.timeline.after(fact.id, status=STATUSES)}
        assert {other.id: row[number] for other, row in zip(facts, before, strict=True) if row[number] != "."} == after


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
    """A page of a chronology in which every text is hostile."""
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


def test_a_page_runs_two_scripts_that_its_policy_names_and_leads_nowhere(hostile: Path) -> None:
    elements = Elements(hostile.read_text(encoding="utf-8"))
    assert [kind for kind, _ in elements.scripts] == ["application/json", None, None]
    assert {"img", "iframe", "link", "object", "a"}.isdisjoint(elements.names)
    assert [address for address in elements.addresses if not address.startswith("#")] == []
    for text in (*(text for kind, text in elements.scripts if kind is None), "".join(elements.styles)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in elements.policy
    assert elements.policy.startswith("default-src 'none'; ")
    assert "unsafe" not in elements.policy


@pytest.mark.skipif(CHROMIUM is None, reason="this machine has no Chromium")
def test_the_page_works_from_a_file_and_nothing_in_it_comes_alive(hostile: Path, tmp_path: Path) -> None:
    with Page(tmp_path) as page:
        page.open(hostile.as_uri())
        assert page.run("document.querySelectorAll('#words tr[data-key]').length") == 4
        # A click anywhere in a row shows the fact's evidence.
        box = "document.querySelectorAll('#chart .hit_marks path')[0].getBoundingClientRect()"
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
        page.run(
            "[...document.querySelectorAll('#words button')].find((one) => one.textContent.includes('day 0')).click()"
        )
        page.run("until(() => document.querySelector('#panel h2').textContent.includes('day 0'))")
        assert page.run("[...document.querySelectorAll('#panel a')].map((one) => one.protocol + one.host)") == [
            "https:example.org"
        ]
        assert "first" in page.run("document.querySelector('#panel blockquote').textContent")
        # Others are coloured by before and after it.
        found = "[...document.querySelectorAll('#chart path')].map((one) => getComputedStyle(one).fill)"
        for name in ("asked", "before-certain", "after-certain"):
            red, green, blue = (int(TONES[name].light[place : place + 2], 16) for place in (1, 3, 5))
            assert page.run(f"until(() => ({found}).includes('rgb({red}, {green}, {blue})'))")
        assert page.run("document.getElementById('key').hidden")
        # A search leaves the rows that hold its words, and the chart shrinks.
        tall = page.run("document.querySelector('#chart svg').getBoundingClientRect().height")
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
        assert page.run("document.querySelector('#chart svg').getBoundingClientRect().height") < tall
        # Keys pick and zoom.
        page.run("document.getElementById('chart').focus()")
        page.press("ArrowDown")
        page.run("until(() => document.querySelector('#panel h2').textContent === 'Then it was over')")
        assert "at last" in page.run("document.getElementById('panel').innerText")
        ticks = "[...document.querySelectorAll('#axis text')].map((one) => one.textContent).join()"
        before = page.run(ticks)
        page.press("+")
        page.run(f"until(() => ({ticks}) !== {json.dumps(before)})")
        page.press("Escape")
        page.run("until(() => document.getElementById('panel').hidden)")
        # Dark where the reader wants it.
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


#: Every reference from the drawing to one of its own parts leads to that part, in this very document.
_WHOLE = """(() => {
    const names = ['fill', 'stroke', 'clip-path'];
    const found = [...document.querySelectorAll('#chart *')]
        .flatMap((one) => names.map((name) => one.getAttribute(name) || '')).filter((value) => value.startsWith('url'));
    return found.length > 0 && found.every((value) => {
        const [page, id, ...more] = value.slice(4, -1).replaceAll('"', '').replaceAll("'", '').split('#');
        return !more.length && document.getElementById(id) && [location.href.split('#')[0], ''].includes(page);
    });
})()"""


@pytest.mark.skipif(CHROMIUM is None, reason="this machine has no Chromium")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ["", "#"])
def test_the_drawing_is_the_same_after_whatever_a_reader_does(
    made: Store, tmp_path: Path, theme: str, address: str
) -> None:
    vague = [{"id": f"vague-{n}", "title": f"It was vague {n}", "when": f"2018-03-0{n + 1}/2018-04"} for n in range(4)]
    made.load(document(*week(3), *(one | {"evidence": [{"source": "paper"}]} for one in vague)))
    (tmp_path / "picture.html").write_bytes(draw(made, scene(made, Wanted()), "html"))
    with Page(tmp_path / "browser") as page:
        page.open((tmp_path / "picture.html").as_uri() + address)
        page.run(
            f"(document.getElementById('theme').value = {theme!r}, document.getElementById('theme')"
            ".dispatchEvent(new Event('change')))"
        )

        def drawn() -> str:
            assert page.run(_WHOLE)
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
            assert page.run(_WHOLE)
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
        assert page.run(_WHOLE)
        assert page.problems == []


@pytest.mark.skipif(CHROMIUM is None, reason="this machine has no Chromium")
def test_what_the_page_counts_before_and_after_each_fact_is_what_the_library_answers(
    new_store: NewStore, tmp_path: Path
) -> None:
    store = new_store()
    store.load(ROOT / "seeds" / "moscow-times-2018-04-02.yaml")
    store.withdraw("trump-defends-call")
    (tmp_path / "picture.html").write_bytes(draw(store, scene(store, Wanted()), "html"))
    wanted = {}
    for fact in store.facts(status=STATUSES):
        asked = {"before": store.timeline.before(fact.id), "after": store.timeline.after(fact.id)}
        counts = {
            f"{adverb} {way}": str(number)
            for way, answer in asked.items()
            for certainty, adverb in (("certain", "Certainly"), ("possible", "Possibly"))
            if (number := sum(one.certainty == certainty for one in answer))
        }
        wanted[fact.title] = counts
    with Page(tmp_path / "browser") as page:
        page.open((tmp_path / "picture.html").as_uri())
        found = {}
        for number in range(page.run("document.querySelectorAll('#words button').length")):
            page.run(f"document.querySelectorAll('#words button')[{number}].click()")
            title = page.run("document.querySelector('#panel h2').textContent")
            summaries = page.run("[...document.querySelectorAll('#panel summary')].map((one) => one.textContent)")
            found[title] = dict(summary.split(": ") for summary in summaries)
    assert found == wanted


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


def test_a_page_of_what_had_been_published_tells_nothing_that_had_not(made: Store, tmp_path: Path) -> None:
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
    page = safe_json(contents(then_known, shown, palette("light")))
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
        (["drawn.gif"], 2, "drawn.gif ends in none of .svg, .png and .html"),
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


def test_without_the_extra_the_command_says_what_to_install(
    made: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.load(document(*week(2)))
    for name in [name for name in sys.modules if name.startswith("factstore.picture.") or name == "altair"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("factstore.picture.drawing", raising=False)
    monkeypatch.delattr("factstore.picture.convert", raising=False)
    monkeypatch.setitem(sys.modules, "altair", None)
    done = command(made, str(tmp_path / "drawn.svg"))
    assert (done.exit_code, done.stdout) == (1, "")
    assert "pip install 'factstore-timeline[picture]'" in done.stderr
    assert not (tmp_path / "drawn.svg").exists()
