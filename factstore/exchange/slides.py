"""Read the HTML of a slide: its words, and its links, each with the quotation before it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple

from factstore.exchange.grids import one_line, tidy

_BLOCKS = frozenset(("p", "div", "br", "li", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "table", "tr", "hr"))
_UNSEEN = frozenset(("script", "style"))


class Link(NamedTuple):
    """A link of a slide: its URL, its words, and the quotation before it, "" if there is none.

    A quotation whose source is not linked is a link with an empty URL.
    """

    url: str
    words: str
    quote: str


class Slide(NamedTuple):
    """The words of a slide, line by line, and its links."""

    text: str
    links: tuple[Link, ...]


def read_slide(html: str) -> Slide:
    """Read a slide's HTML or plain text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.slide()


def plain(html: str) -> str:
    """The words of HTML on one line."""
    return one_line(read_slide(html).text) if re.search(r"[<&]", html) else one_line(html)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._text: list[str] = []
        self._links: list[Link] = []
        self._quote = ""
        self._quoting = 0
        self._unseen = 0
        self._block: list[str] = []
        self._url: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self._end_block()
        if tag == "blockquote":
            self._quoting += 1
        elif tag == "a":
            self._url, self._words = (dict(attrs).get("href") or "").strip(), []

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag == "a" and self._url is not None:
            if re.match(r"https?://[^\s/]", self._url):
                self._links.append(Link(tidy(self._url), one_line("".join(self._words)), self._taken()))
            self._url = None
        if tag in _BLOCKS:
            self._end_block()
        if tag == "blockquote":
            self._quoting -= self._quoting > 0

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._block.append(data)
            self._words.append(data)

    def slide(self) -> Slide:
        self._end_block()
        return Slide(tidy("\n".join(self._text)), tuple(self._links))

    def _end_block(self) -> None:
        words = one_line("".join(self._block))
        self._block = []
        if not words:
            return
        self._text.append(words)
        if self._quoting:
            self._quote = f"{self._quote} {words}".strip()
        elif self._quote and self._url is None:
            self._links.append(Link("", words, self._taken()))

    def _taken(self) -> str:
        """The quotation that waits for its source, without the quotation marks around it."""
        quote, self._quote = self._quote, ""
        return quote[1:-1].strip() if _is_quoted(quote) else quote


def _is_quoted(text: str) -> bool:
    """Whether quotation marks enclose the whole text, rather than two quotations at its beginning and end."""
    if re.fullmatch(r'"[^"]*"', text):
        return True
    depth = [0]
    for sign in text:
        depth.append(depth[-1] + (sign == "“") - (sign == "”"))
    return text[:1] == "“" and text[-1:] == "”" and depth[-1] == 0 and 0 not in depth[1:-1]
