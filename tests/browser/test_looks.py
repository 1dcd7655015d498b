"""The browser's pages look as when somebody last checked them, are readable on any screen, and stay so after use."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from tests.browser import looks
from tests.support.browser import Browser, Page

#: The contrast of all visible text with its background (WCAG 2.2, 1.4.3), if that has a single colour.
_CONTRASTS = r"""(() => {
    const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
    const linear = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const behind = (node) => {
        for (let one = node; one; one = one.parentElement) {
            const style = getComputedStyle(one), colour = channels(style.backgroundColor);
            if (style.backgroundImage !== 'none') return null;
            if (colour[3] !== 0) return colour[3] === undefined ? colour : null;
        }
        return [255, 255, 255];
    };
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode.parentElement, text = walker.currentNode.data.trim(), style = getComputedStyle(node);
        if (!text || !node.getClientRects().length || node.closest('svg, script, style')) continue;
        const colour = channels(style.color), ground = behind(node);
        if (!ground || colour[3] === 0) continue;
        const [high, low] = [light(colour), light(ground)].sort((a, b) => b - a);
        found.push([(high + 0.05) / (low + 0.05), `${node.localName}.${node.className}: ${text.slice(0, 40)}`]);
    }
    return found;
})()"""


class Seen(NamedTuple):
    """What a browser says of all pages in a guise, by name: their looks, the contrasts of their texts, and their widths."""

    guise: str
    looks: dict[str, dict[str, Any]]
    contrasts: dict[str, list[tuple[float, str]]]
    widths: dict[str, list[int]]


@pytest.fixture(scope="module", params=looks.GUISES)
def seen(request: pytest.FixtureRequest, url: str, chromium: Browser) -> Seen:
    found = Seen(request.param, {}, {}, {})
    with chromium.page() as page:
        for name in looks.visit(page, url, found.guise):
            found.looks[name] = looks.look(page)
            found.contrasts[name] = page.run(_CONTRASTS)
            found.widths[name] = page.run("[document.documentElement.scrollWidth, window.innerWidth]")
    return found


def test_the_pages_look_as_before(seen: Seen) -> None:
    kept = json.loads(looks.KEPT.read_text(encoding="utf-8")).get(looks.DATASETTE)
    if kept is None:
        pytest.skip(f"nobody has kept what the pages look like on Datasette {looks.DATASETTE}")
    again = f"{seen.guise}: look at the pages, then write what they look like again with python -m tests.browser.looks"
    assert looks.together(seen.looks) == kept[seen.guise], again


def test_every_text_stands_out_and_no_page_is_wider_than_its_screen(seen: Seen) -> None:
    for name, contrasts in seen.contrasts.items():
        assert [told for contrast, told in contrasts if contrast < 4.5] == [], f"{name}, {seen.guise}"
        assert "phone" not in seen.guise or seen.widths[name] == [390, 390], f"{name}, {seen.guise}"


def test_on_a_phone_each_row_is_a_card_and_each_question_stands_above_its_field(url: str, page: Page) -> None:
    looks.dress(page, "phone")
    page.go(url)
    asked = page.run(
        """[...document.querySelectorAll('.questions form')].map((form) => ['label', 'input']
            .map((name) => form.querySelector(name).getBoundingClientRect().toJSON()))"""
    )
    assert asked
    assert all(label["bottom"] <= field["top"] and field["right"] <= 390 for label, field in asked[:-1])
    page.go(f"{url}ledger/timeline")
    cells = page.run(
        "[...document.querySelectorAll('tbody tr')].map((row) => [...row.cells].map((one) => one.offsetLeft))"
    )
    assert len(cells) == 24
    assert all(len({*row}) <= 2 for row in cells)  # one below the other; a column that is not shown lies nowhere


def test_a_page_is_as_it_was_after_use(url: str, page: Page) -> None:
    """Narrowing, searching, opening, closing and going back leave nothing behind."""
    looks.dress(page, "light")
    page.go(f"{url}ledger/timeline")
    fresh = looks.look(page)
    link = "[...document.querySelectorAll('#facet-participant a')].find((one) => one.textContent === 'Yury Ushakov')"
    page.follow(link)
    assert looks.look(page) != fresh
    page.back()
    assert looks.look(page) == fresh
    page.run("document.querySelector('details.columns summary').click()")
    assert looks.look(page) != fresh
    page.run("document.querySelector('details.columns summary').click()")
    assert looks.look(page) == fresh
    page.run("document.querySelector('input[name=_search]').value = 'consulate'")
    page.follow("document.querySelector('form.filters input[type=submit]')")
    assert page.run("document.querySelectorAll('.rows-and-columns tbody tr').length") < 24
    page.back()
    page.run("document.querySelector('form.filters').reset()")
    assert looks.look(page) == fresh
    assert page.problems == []


_DRAWN = "new XMLSerializer().serializeToString(document.querySelector('#chart'))"


def test_the_picture_in_the_browser_is_as_it_was_after_use(url: str, page: Page) -> None:
    looks.dress(page, "dark")
    page.open(f"{url}-/picture?packed&tag=expulsion")
    fresh = page.run(_DRAWN)
    page.run("[...document.querySelectorAll('#words button')][0].click()")
    page.run("until(() => !document.getElementById('panel').hidden)")
    assert page.run(_DRAWN) != fresh
    page.run("document.querySelector('#panel .close').click()")
    page.run("until(() => document.getElementById('panel').hidden)")
    assert page.run(_DRAWN) == fresh
    for words in ("consulate", ""):
        page.run(f"document.getElementById('search').value = '{words}'")
        page.run("document.getElementById('search').dispatchEvent(new Event('input'))")
        page.run(f"until(() => Boolean(document.getElementById('said').textContent) === {str(bool(words)).lower()})")
    assert page.run(_DRAWN) == fresh
    page.follow("document.querySelector('header a')")
    assert page.run("document.querySelector('h1').textContent") == "facts.db"
    page.back()
    page.run("until(() => document.documentElement.dataset.ready)")
    assert page.run(_DRAWN) == fresh
    assert page.problems == []
