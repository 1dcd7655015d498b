"""Sources made from names and links."""

from __future__ import annotations

from typing import Any

import pytest

from factstore.exchange.arrivals import Holdings
from factstore.exchange.cited_sources import (
    Named,
    Sources,
    links_in,
    names_and_links,
    page_title,
    paired,
    without_page,
    words_of,
)


def ids(*named: Named, held: dict[str, dict[str, Any]] | None = None) -> list[str]:
    """The ids that sources are given, in turn."""
    ledger = Holdings([("source", {"id": name, **entry}) for name, entry in (held or {}).items()])
    sources = Sources(ledger.sources, ledger.free)
    sources.expect(named)
    return [sources.id_of(one) for one in named]


def test_names_and_links_in_one_cell() -> None:
    assert names_and_links(["Gazette; court file"]) == (["Gazette", "court file"], [], {})
    link = "https://g.example/a_(b)"
    assert names_and_links([f"Gazette ({link})"]) == (["Gazette"], [link], {link: "Gazette"})
    assert names_and_links(["1. Gazette\n2. Herald, https://h.example/x;"]) == (
        ["Gazette", "Herald"],
        ["https://h.example/x"],
        {"https://h.example/x": "Herald"},
    )
    assert names_and_links(["Gazette; https://h.example/x"]) == (["Gazette"], ["https://h.example/x"], {})
    assert names_and_links(["\ue0007\ue000 Gazette"]) == (["7 Gazette"], [], {})
    assert names_and_links(["AC/DC fan club", "n/a"]) == (["AC/DC fan club"], [], {})


def test_a_link_beside_a_name_belongs_to_it() -> None:
    names, links, beside = names_and_links(["Interview with R. Vale; Herald (https://short.example/vale)"])
    assert paired(names, links, beside).pairs == [
        ("Interview with R. Vale", ""),
        ("Herald", "https://short.example/vale"),
    ]


def test_links_also_without_a_scheme() -> None:
    assert links_in(["www.a.example/1, https://b.example/2;https://c.example"]) == (
        ["www.a.example/1", "https://b.example/2", "https://c.example"],
        [],
    )
    assert links_in(["see the file, page 3"]) == ([], ["see the file, page 3"])
    assert links_in(["Gazette; https://b.example/2"]) == (["https://b.example/2"], ["Gazette"])


def test_names_and_links_are_paired_in_turn_or_by_the_host() -> None:
    assert paired(["Gazette", "Herald"], ["https://a", "https://b"]) == (
        [("Gazette", "https://a"), ("Herald", "https://b")],
        [],
        False,
    )
    assert paired(["Gazette", "Herald"], ["https://herald.example/1"]) == (
        [("Gazette", ""), ("Herald", "https://herald.example/1")],
        [],
        False,
    )
    assert paired(["Gazette"], ["https://a", "https://b"]).pairs == [("Gazette", "https://a"), ("Gazette", "https://b")]
    assert paired([], ["https://a"]) == ([("", "https://a")], [], False)


def test_a_link_that_may_belong_to_any_name_belongs_to_none() -> None:
    assert paired(["Gazette", "Herald"], ["https://x.example"]) == (
        [("Gazette", ""), ("Herald", "")],
        ["https://x.example"],
        True,
    )
    # Both have the same word in the host, and neither has all of its words there.
    assert paired(["Ashford Herald", "Ashford Courier"], ["https://ashford.example/1"]).loose == [
        "https://ashford.example/1"
    ]


@pytest.mark.parametrize(
    ("names", "host", "whose"),
    [
        (["Council minutes", "Örnvik Courier"], "courier.example", "Örnvik Courier"),
        (["Leaked memo", "Örnvik Courier"], "www.oernvik.example", None),
        (["Leaked memo", "Örnvik Courier"], "ornvik.example", "Örnvik Courier"),
        (["Evening Post", "Post"], "post.example", "Post"),
        (["Evening Post", "Post"], "evening-post.example", "Evening Post"),
        (["Info sheet", "Herald"], "x.info", None),
        (["An art log", "Herald"], "cartel.example", None),
    ],
)
def test_a_link_belongs_to_the_name_of_which_any_word_is_in_its_host(
    names: list[str], host: str, whose: str | None
) -> None:
    pairs = paired(names, [f"https://{host}/1"]).pairs
    assert [name for name, link in pairs if link] == ([whose] if whose else [])


def test_links_in_another_order_than_names_go_to_the_names_in_their_hosts() -> None:
    gazette, herald = "https://gazette.example/1", "https://www.herald.example/2"
    assert paired(["Gazette", "The Herald"], [herald, gazette]) == (
        [("Gazette", gazette), ("The Herald", herald)],
        [],
        False,
    )
    assert paired(["Court file", "Gazette"], [gazette, "https://files.example/9"]) == (
        [("Court file", "https://files.example/9"), ("Gazette", gazette)],
        [],
        False,
    )
    assert paired(["Gazette", "Herald"], [gazette, f"{gazette}b", herald]) == (
        [("Gazette", gazette), ("Gazette", f"{gazette}b"), ("Herald", herald)],
        [],
        False,
    )
    # The longer name is the better match, and two letters in the middle of a host are not a name.
    posts = ["https://post.example/1", "https://evening-post.example/2"]
    assert paired(["Evening Post", "Post"], posts).pairs == [("Evening Post", posts[1]), ("Post", posts[0])]
    assert paired(["AP", "Bo"], ["https://x.example/1", "https://grape.example/2"]).pairs == [
        ("AP", "https://x.example/1"),
        ("Bo", "https://grape.example/2"),
    ]


def test_a_link_without_a_name_left_for_it_is_a_source_alone() -> None:
    links = ["https://gazette.example/1", "https://x.example/2", "https://y.example/3"]
    assert paired(["Gazette", "Herald"], links) == (
        [("Gazette", links[0]), ("Herald", ""), ("", links[1]), ("", links[2])],
        [],
        True,
    )


def test_a_link_in_words() -> None:
    assert words_of("https://www.gazette.example/2018/08/harbour-inquiry-opens.html?x=1") == (
        "Harbour inquiry opens (gazette.example)"
    )
    assert words_of("https://gazette.example/2018/08/12345") == "gazette.example/2018/08/12345"
    assert words_of("gazette.example") == "gazette.example"
    assert words_of("https://[gazette/a-b") == "[gazette/a-b"
    assert page_title("Click here") == ""
    assert page_title("Inquiry opens | Gazette") == "Inquiry opens | Gazette"


def test_a_name_is_one_source_whatever_its_case_or_article() -> None:
    assert ids(Named("The Gazette"), Named("gazette"), Named("Gazette ")) == ["the-gazette"] * 3


def test_a_name_with_one_link_bears_its_name_and_several_links_are_several_sources() -> None:
    assert ids(Named("Gazette", "https://g.example/a"), Named("Gazette", "http://g.example/a/")) == ["gazette"] * 2
    assert ids(Named("Gazette", "https://g.example/a"), Named("Gazette", "https://g.example/b"), Named("Gazette")) == [
        "gazette-a",
        "gazette-b",
        "gazette",
    ]


def test_a_link_alone_is_named_by_its_host_and_last_words() -> None:
    assert ids(Named("", "https://www.news.example/2018/03/harbour-fire.html?x=1")) == ["news-example-harbour-fire"]
    assert ids(Named("", "https://news.example/2018/03/123")) == ["news-example-2018-03-123"]


def test_issues_of_different_days_are_different_sources() -> None:
    assert ids(Named("Gazette", "", "2018-04-02"), Named("Gazette", "", "2018-04-03")) == [
        "gazette-2018-04-02",
        "gazette-2018-04-03",
    ]


def test_sources_of_the_ledger_are_used_again() -> None:
    held = {"gaz": {"title": "Gazette"}, "fire": {"title": "Fire!", "url": "https://g.example/fire"}}
    assert ids(Named("the Gazette"), Named("Gazette", "http://www.g.example/fire"), held=held) == ["gaz", "fire"]
    assert ids(Named("Gaz"), held=held) == ["gaz"]
    assert ids(Named("Gazette", "https://g.example/new"), held={"gazette": {"title": "Gazette"}}) == ["gazette-new"]


@pytest.mark.parametrize(
    ("given", "name", "page"),
    [
        ("Minutes, p. 3", "Minutes", "p. 3"),
        ("Minutes (pp. 3-5)", "Minutes", "pp. 3-5"),
        ("Log book, p 3", "Log book", "p 3"),
        ("Depo of Lang, 43:16-44:02", "Depo of Lang", "43:16-44:02"),
        ("Shop 24", "Shop 24", ""),
        ("Group 5", "Group 5", ""),
    ],
)
def test_a_page_after_a_name_is_not_a_part_of_it(given: str, name: str, page: str) -> None:
    assert without_page(given) == (name, page)
