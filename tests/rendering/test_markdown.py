"""A chronology in Markdown, read back by a parser: data stay text, and each fact leads to its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from factstore.cli import cli
from factstore.inert import flat
from factstore.rendering import markdown
from factstore.repository.answers import Fact, Source
from factstore.store import Store
from tests.conftest import NewStore
from tests.rendering.test_text import citation, fact

SEED = Path(__file__).parents[2] / "seeds" / "moscow-times-2018-04-02.yaml"
EVIL = [
    "*bold* _it_ **both** `code` ~~gone~~",
    "[a](https://evil.example) ![b](x.png) [^1] [c]",
    "<script>alert(1)</script> &lt;b&gt; &amp; <https://evil.example>",
    "| a | b |\n|---|---|\n# heading\n\n- item\n1. one\n```\ncode\n```\n> quote\n---",
    "\\*not\\* \\ $x^2$ https://evil.example www.evil.example",
    "# heading",
    "- item",
    "1. one",
    "=== \x1b[31m \u202e",
]
SAFE = {
    "paragraph_open",
    "paragraph_close",
    "bullet_list_open",
    "bullet_list_close",
    "list_item_open",
    "list_item_close",
}
SAFE |= {"inline", "footnote_block_open", "footnote_block_close", "footnote_open", "footnote_close", "footnote_anchor"}


def parsed(text: str) -> list[Token]:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(footnote_plugin).parse(text)


def inline(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def texts(text: str) -> list[str]:
    """What a reader sees of each paragraph."""
    return ["".join(one.content for one in token.children or ()) for token in parsed(text) if token.type == "inline"]


def source(**more: Any) -> Source:
    said: dict[str, Any] = dict.fromkeys(
        ("title", "publisher", "url", "published", "retrieved", "text", "seen_through")
    )
    return Source(**{"id": "s"} | said | more)


def chronology(*facts: Fact, **more: Any) -> str:
    return markdown.chronology(facts, {"s": source(**more)})


def test_days_title_and_sources_of_each_fact() -> None:
    told = fact(
        earliest="2018-03-29",
        latest="2018-04-01",
        when="[2018-03-29..2018-04-01]",
        phrase="late last week",
        citations=(citation(attribution=("Yury Ushakov", "P"), hedge="reportedly", said="2018-04-02"),),
    )
    again = fact(
        "b", "And so", earliest="2018-05-01", latest="2018-05-01", citations=(citation(id="b/s/1", quote=None),)
    )
    more = {"title": "A *title*", "publisher": "P", "published": "2018-04-02", "url": "https://p.example/a"}
    assert chronology(told, again, **more) == (
        "- **between 29 March and 1 April 2018** (“late last week”): It was so[^1]\n"
        "- **1 May 2018**: And so[^2]\n"
        "\n"
        "[^1]: P, “A \\*title\\*”, 2 April 2018, <https://p.example/a>: "
        "“it was so” (Yury Ushakov, reportedly, said 2 April 2018).\n"
        "[^2]: [P, 2 April 2018](<https://p.example/a>): An aide."
    )


def test_a_footnote_says_no_name_twice_and_no_date_in_edtf() -> None:
    row = citation(attribution=("a.csv",), quote=None, locator="a.csv, row 3")
    assert chronology(fact(citations=(row,)), title="a.csv").endswith("[^1]: “a.csv”: row 3.")
    named = {"title": "LinkedIn (archived)", "publisher": "LinkedIn (archived)"}
    told = citation(attribution=("LinkedIn (archived)",), quote=None, locator="a.csv, row 3")
    assert chronology(fact(citations=(told,)), **named).endswith("[^1]: LinkedIn (archived): a.csv, row 3.")
    said = citation(said="[2016-09-17,2016-09-24]", attribution=("Ek",))
    assert "(Ek, said 17 or 24 September 2016)" in chronology(fact(citations=(said,)), published="2016-10")
    assert "October 2016" in chronology(fact(citations=(said,)), published="2016-10")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"status": "disputed"}, "disputed"),
        ({"status": "denied"}, "denied"),
        ({"status": "foretold"}, "foretold"),
        ({"status": "unsupported"}, "without evidence"),
        ({"status": "withdrawn"}, "withdrawn"),
        ({"conflicting": True}, "conflicting"),
    ],
)
def test_a_fact_that_does_not_simply_stand_says_so(more: dict[str, Any], words: str) -> None:
    assert f"It was so ({words}" in texts(chronology(fact(**more)))[0]


def test_a_denial_is_shown_as_one() -> None:
    told = texts(chronology(fact(citations=(citation(stance="denies"),)), publisher="P"))[1]
    assert told.startswith("P: “it was so” (An aide, denying it)")


@pytest.mark.parametrize("words", EVIL)
def test_all_data_stay_text(words: str) -> None:
    said = citation(quote=words, attribution=(words, "P"), locator=words, hedge=words, published=words)
    told = chronology(
        fact(title=words, phrase=words, citations=(said,)),
        title=f"{words} T",
        publisher=f"{words} P",
        published=words,
        url=words,
    )
    tokens = parsed(told)
    assert {token.type for token in tokens} <= SAFE
    assert {token.type for token in inline(tokens)} <= {
        "text",
        "text_special",
        "strong_open",
        "strong_close",
        "footnote_ref",
    }
    assert flat(words) in texts(told)[0]
    assert texts(told)[1].count(flat(words)) >= 6
    assert sum(token.type == "footnote_open" for token in tokens) == 1


@given(st.text(min_size=1, max_size=60))
def test_any_title_and_publisher_come_back(words: str) -> None:
    told = chronology(fact(title=f"x{words}", citations=(citation(),)), publisher=words)
    first, note = texts(told)
    assert first.endswith(f": {flat('x' + words)}")
    assert note.startswith(flat(words) or "s")


@pytest.mark.parametrize(
    "url",
    [
        "https://p.example/a?b=c&d=e#f",
        'https://p.example/a b>c<d"e\\f`g',
        "https://p.example/(a)_b_*c*[d]",
        "http://p.example/?a=1&copy;=2&lt;",
        "https://p.example/\u202e\nx|y",
    ],
)
def test_a_link_leads_to_the_source(url: str) -> None:
    facts = [fact(name, citations=(citation(),)) for name in "ab"]
    links = [
        str(token.attrs["href"]) for token in inline(parsed(chronology(*facts, url=url))) if token.type == "link_open"
    ]
    assert len(links) == 2
    for link in links:
        assert urlsplit(link)[:2] == urlsplit(url)[:2]
        assert re.fullmatch(r"[!-~]+", link)
        assert "copy" not in url or "&copy%3B=2&lt%3B" in link


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://x", "https:", "http://[", "x y"])
def test_only_a_web_address_becomes_a_link(url: str) -> None:
    told = chronology(fact(citations=(citation(),)), url=url)
    assert not [token for token in inline(parsed(told)) if token.type == "link_open"]
    assert url in texts(told)[1]


def test_without_facts_there_is_nothing() -> None:
    assert chronology() == ""


@pytest.fixture(scope="module")
def seeded(new_store: NewStore) -> Store:
    store = new_store()
    store.load(SEED)
    return store


def run(store: Store, *words: str) -> str:
    done = CliRunner().invoke(cli, ["timeline", "--markdown", *words], env={"FACTSTORE_DB": str(store.path)})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_seed_has_an_item_for_each_fact_and_a_note_for_each_of_its_sources(seeded: Store) -> None:
    tokens = parsed(run(seeded))
    count = len(seeded.timeline.all())
    assert sum(token.type == "list_item_open" for token in tokens) == count
    assert sum(token.type == "footnote_open" for token in tokens) == count
    refs = [token.meta["label"] for token in inline(tokens) if token.type == "footnote_ref"]
    assert refs == [str(n) for n in range(1, count + 1)]


def test_filters_and_clocks_apply(seeded: Store) -> None:
    assert len(texts(run(seeded, "--limit", "2"))) == 4
    assert "foretold" in run(seeded, "--status", "foretold")
    assert run(seeded, "--known-at", "2").strip() == ""
