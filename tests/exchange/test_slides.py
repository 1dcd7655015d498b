"""What the HTML of a slide says."""

from __future__ import annotations

import pytest

from factstore.exchange.slides import Link, plain, read_slide


def test_words_keep_their_lines_and_links_their_places() -> None:
    found = read_slide(
        '<p>One &amp; two</p><ul><li><a href="https://a.example/x">A <b>page</b></a></li><li>last</li></ul>'
    )
    assert found.text == "One & two\nA page\nlast"
    assert found.links == (Link("https://a.example/x", "A page", ""),)


def test_a_quotation_belongs_to_the_link_or_the_words_that_follow() -> None:
    html = (
        "<blockquote>“It fell”</blockquote><p><a href='https://a.example/'>Gazette</a></p>"
        "<blockquote>It rose</blockquote><p>Herald, p. 3</p><p>nothing else</p>"
    )
    assert read_slide(html).links == (
        Link("https://a.example/", "Gazette", "It fell"),
        Link("", "Herald, p. 3", "It rose"),
    )


@pytest.mark.parametrize(
    "html",
    ["<a href='javascript:alert(1)'>x</a>", "<a>x</a>", "<a href=''>x</a>", "<script>https://a.example</script>"],
)
def test_a_link_without_a_target_is_not_a_link(html: str) -> None:
    assert read_slide(html).links == ()


def test_plain_text_stays_as_it_is() -> None:
    assert plain("5 < 6, R&D \n next") == "5 < 6, R&D next"
    assert plain("<i>Hi</i> &lt;3") == "Hi <3"
