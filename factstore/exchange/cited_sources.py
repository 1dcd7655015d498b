"""Sources from the cells of a sheet: each name or link becomes one source with an id, unless the ledger already has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from factstore.documents.slugs import ascii_words, slug_of
from factstore.exchange.grids import one_line
from factstore.exchange.placeholders import says_nothing
from factstore.plain import Json, JsonObject

_URL = re.compile(r"https?://[^\s<>\"“”|]+|\bwww\.[^\s<>\"“”|;,]+", re.I)
_BARE = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.I)
_PARTED = re.compile(r"[;\n|•]+|\s/\s")
#: A page, or page and line, after a source's name.
_PAGE = re.compile(
    r"(.*\w.*?),? \(?((?:at )?(?:pp?\.?|pages?|paras?\.?|paragraphs?|¶) ?\d[\d–, -]*"
    r"|\d{1,4}:\d\d(?:[-–]\d{1,4}(?::\d\d)?)?)\)?",
    re.I,
)
#: The text of a hyperlink that only says that there is one.
_MERE_LINK = re.compile(
    r"(?:click |see |read |open |view )?(?:the )?(?:link|here|source|url|article|website|page|pdf|more)", re.I
)
#: What stands for a link while its cell is split: its number between two characters for private use.
_HELD = "\ue000"
_HELD_LINK = re.compile(f"{_HELD}(\\d+){_HELD}")
#: How many letters a word may have and occur in a host by chance.
_SHORT = 3
_LEADING = re.compile(r"^(?:[-*•·–]|\(?\d{1,2}[.)])\s+")


class Named(NamedTuple):
    """A source as a row names it; fields that it does not give are "". `slug`: what its id is made from, if not these."""

    name: str = ""
    url: str = ""
    published: str = ""
    page: str = ""
    slug: str = ""
    publisher: str = ""
    retrieved: str = ""

    def said(self) -> dict[str, str]:
        """What the row says about the source besides its name and link, by field."""
        fields = {"publisher": self.publisher, "published": self.published, "retrieved": self.retrieved}
        return {field: value for field, value in fields.items() if value}


class Paired(NamedTuple):
    """The names and links of a row in pairs, "" for a missing one; `loose` links, each of which may belong to several names;
    and whether the pairs are in doubt.
    """

    pairs: list[tuple[str, str]]
    loose: list[str]
    unsure: bool = False


def names_and_links(cells: Iterable[str]) -> tuple[list[str], list[str], dict[str, str]]:
    """The names and the links in cells, each in order, and the name beside each link that has one in its part of a cell."""
    names: list[str] = []
    links: list[str] = []
    beside: dict[str, str] = {}
    for cell in cells:
        for name, near in _parts(cell):
            links += near
            if name:
                names.append(name)
                beside |= dict.fromkeys(near, name)
    return names, links, beside


def _parts(cell: str) -> Iterator[tuple[str, list[str]]]:
    """The parts of a cell, each with its name, "" if it has none, and its links."""
    cell = cell.replace(_HELD, "")
    found = [_trimmed(link[0]) for link in _URL.finditer(cell)]
    turns = count()
    for part in _PARTED.split(_URL.sub(lambda _: f" {_HELD}{next(turns)}{_HELD} ", cell)):
        links = [link for turn in _HELD_LINK.findall(part) if (link := found[int(turn)])]
        name = _LEADING.sub("", one_line(_HELD_LINK.sub(" ", part))).strip(" ,;:<>[]")
        name = re.sub(r"\(\s*(?:\)|$)", "", name).strip(" -–—")
        yield ("" if says_nothing(name) else name), links


def page_title(text: str) -> str:
    """The text of a single link as the title of its page; "" if it only says that there is a link."""
    return "" if _MERE_LINK.fullmatch(text) else one_line(text).strip(" ,;:")


def words_of(url: str) -> str:
    """A link in words: the last part of its path that has any, and its host; else the link without its scheme."""
    try:
        path = urlsplit(url if "://" in url else f"//{url}").path
    except ValueError:
        path = ""
    last = [part for part in unquote(path).split("/") if part][-1:]
    words = re.findall(r"[^\W_]+", re.sub(r"\.\w{2,5}$", "", last[0])) if last else []
    if sum(not word.isdecimal() for word in words) > 1:
        said = " ".join(words)
        return f"{said[0].upper()}{said[1:]} ({host_of(url)})"
    return same_url(url)


def without_page(name: str) -> tuple[str, str]:
    """A source's name, and the page that follows it."""
    found = _PAGE.fullmatch(name)
    return (found[1].strip(" ,;:"), found[2]) if found else (name, "")


def _trimmed(link: str) -> str:
    """A link without trailing punctuation, and cut where a semicolon or a comma is followed by another http link."""
    link = re.split(r"[;,](?=https?://|www\.)", link)[0].rstrip(".,;:!?'’")
    while link.endswith("]") or (link.endswith(")") and link.count("(") < link.count(")")):
        link = link[:-1]
    return link


def links_in(cells: Iterable[str]) -> tuple[list[str], list[str]]:
    """The links in a column of links, with or without http://, and the rest of each cell."""
    links, rest = [], []
    for cell in cells:
        left = cell
        for part in re.split(r"[\s;|]+|,\s+|,(?=https?:)", cell):
            if _URL.match(part) or (_BARE.fullmatch(part) and ("/" in part or part.count(".") > 1)):
                links.append(_trimmed(part))
                left = left.replace(part, " ", 1)
        left = left.strip(" \n;|,")
        if left and not says_nothing(left):
            rest.append(left)
    return links, rest


def paired(names: Sequence[str], links: Sequence[str], beside: Mapping[str, str] = MappingProxyType({})) -> Paired:
    """Pair links with the names beside them, else those whose words are in their hosts; the others in order, if as many.

    If there are fewer links than names left, they are loose; if there are more, each is a source alone.
    """
    if not names:
        return Paired([("", link) for link in links], [])
    if len(names) == 1 and links:
        return Paired([(names[0], link) for link in links], [])
    own: dict[str, list[str]] = {name: [] for name in names}
    left: list[str] = []
    for link in links:
        name = beside.get(link) or _named_in(host_of(link) or link, names)
        (left if name is None else own[name]).append(link)
    bare = [name for name in names if not own[name]]
    unsure = bool(left) and len(names) != len(links)
    if len(left) == len(bare):
        own |= {name: [link] for name, link in zip(bare, left, strict=True)}
        left = []
    loose = left if len(left) < len(bare) else []
    pairs = [(name, link) for name in names for link in own[name] or [""]]
    return Paired(pairs + [("", link) for link in left if link not in loose], loose, unsure)


def _named_in(host: str, names: Sequence[str]) -> str | None:
    """The name whose words in a host have the most letters; None if the host has no name's words, or as many of several.

    Of names with the same letters there, the one that has no other words is meant.
    """
    found = [(sum(map(len, words)), _is_in(_words(name), host), name) for name in names if (words := _in(host, name))]
    best = sorted(found, reverse=True)[:2]
    return best[0][2] if best and (len(best) == 1 or best[0][:2] != best[1][:2]) else None


def is_of(name: str, link: str) -> bool:
    """Whether all words of a name are in a link's host."""
    return _is_in(_words(name), host_of(link) or link)


def _words(name: str) -> list[str]:
    return [word for word in ascii_words(name) if word not in ("the", "of", "and", "news")]


def _condensed(host: str) -> str:
    return "".join(ascii_words(host))


def _in(host: str, name: str) -> list[str]:
    """The words of a name that are in a host: all, if all are, else those that are neither short nor at its end."""
    words, condensed = _words(name), _condensed(host)
    if _is_in(words, host):
        return words
    top = host.rpartition(".")[2]
    return [word for word in words if len(word) > _SHORT and word != top and word in condensed]


def _is_in(words: Sequence[str], host: str) -> bool:
    """Whether a host has all words of a name in it; a name of one or two letters must begin it."""
    condensed = _condensed(host)
    if sum(map(len, words)) < _SHORT:
        return bool(words) and condensed.startswith("".join(words))
    return all(word in condensed for word in words)


def host_of(url: str) -> str:
    """The host of a link, without www."""
    try:
        host = urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.")


def url_slug(url: str) -> str:
    """An id made from a link's host and the words in the last part of its path that has any."""
    try:
        path = urlsplit(url if "://" in url else f"//{url}").path
    except ValueError:
        path = url
    parts = [re.sub(r"\.(?:html?|php|aspx?|pdf)$", "", part) for part in unquote(path).split("/") if part]
    parts = [part for part in parts if part not in ("index", "default")]
    last = parts[-1:] if parts and re.search(r"[a-z]{3}", parts[-1], re.I) else parts[-3:]
    return slug_of(" ".join([host_of(url), *last])) if host_of(url) or last else slug_of(url)


def same_name(text: str) -> str:
    """The form in which names are compared: without regard to case, or to a leading The."""
    return re.sub("^the ", "", one_line(text).casefold().strip(" .,;:"))


def same_url(url: str) -> str:
    """The form in which URLs are compared: without scheme, www and a trailing slash."""
    return re.sub(r"^https?://(?:www\.)?|^www\.", "", url.strip(), flags=re.I).rstrip("/")


class Sources:
    """The sources that rows name, with their ids; `held` are those of the ledger, by id, as entries of a document.

    `entries`: those that are new, or about which a row says more than the ledger.
    """

    def __init__(self, held: Mapping[str, Mapping[str, Json]], free: Callable[[str], str]) -> None:
        self.entries: dict[str, JsonObject] = {}
        self._held = dict(held)
        self._free = free
        self._ids: dict[tuple[str, str, str], str] = {}
        self._links: dict[str, set[str]] = {}  # for each name, the links that occur with it, "" for none
        self._by_url = {same_url(one["url"]): name for name, one in held.items() if one.get("url")}
        self._by_title: dict[str, list[str]] = {}
        for name, one in held.items():
            self._by_title.setdefault(same_name(one.get("title") or ""), []).append(name)

    def expect(self, named: Iterable[Named]) -> None:
        """Note which links occur with which names: a name that always has the same link is one source, else each link is."""
        for one in named:
            if one.name:
                self._links.setdefault(same_name(one.name), set()).add(same_url(one.url))

    def id_of(self, one: Named) -> str:
        """The id of a source, which becomes an entry if it is new, or if the row says more about it."""
        key = ("", same_url(one.url), "") if one.url else (f"{same_name(one.name)}\n{one.slug}", "", one.published)
        fields = one.said()
        if key not in self._ids:
            self._ids[key] = self._known(one) or self._new(one, fields)
        self._add(self._ids[key], fields)
        return self._ids[key]

    def _known(self, one: Named) -> str:
        """The id of the same source in the ledger, or "": with the same link, else the same name if link and day fit."""
        if one.url:
            return self._by_url.get(same_url(one.url), "")
        if one.slug in self._held and same_name(one.name) in ("", same_name(self._held[one.slug].get("title") or "")):
            return one.slug
        if not one.name:
            return ""
        slug = slug_of(one.name)
        named = self._by_title.get(same_name(one.name), [])
        bare = [name for name in named if not self._held[name].get("url")]
        same = [name for name in bare if (self._held[name].get("published") or "") == one.published]
        if same:
            return same[0]
        if slug in self._held and (not one.published or self._held[slug].get("published") in (None, one.published)):
            return slug
        return ""

    def _new(self, one: Named, fields: Mapping[str, str]) -> str:
        """The id of a new source: made from its name and, if there are several with that name, from its link or day."""
        entry, slug = {"title": one.name, "publisher": one.name}, one.slug
        several = len(self._links.get(same_name(one.name), ())) > 1 or slug_of(one.name) in self._held
        if slug:
            entry = ({"title": one.name} if one.name else {}) | (
                {"publisher": host_of(one.url)} if _URL.match(one.url) else {}
            )
        elif not one.name:
            slug, entry = url_slug(one.url), {"publisher": host_of(one.url)}
        elif one.url and several:
            rest = url_slug(one.url).removeprefix(slug_of(host_of(one.url))).strip("-")
            slug = f"{one.name} {rest or host_of(one.url)}"
        elif one.published and not one.url:
            slug = f"{one.name} {one.published}"
        name = self._free(re.sub("^fact-(?=[0-9])", "source-", slug_of(slug or one.name)))
        self.entries[name] = {"id": name} | entry | ({"url": one.url} if one.url else {}) | dict(fields)
        return name

    def _add(self, name: str, fields: Mapping[str, str]) -> None:
        """Give a source fields from a row that it does not have yet."""
        entry = self.entries.get(name)
        if entry is None:
            held = self._held[name]
            if all(held.get(field) for field in fields):
                return
            entry = self.entries[name] = {key: value for key, value in held.items() if key not in ("text", "withdrawn")}
        for field, value in fields.items():
            entry.setdefault(field, value)

    def retitled(self, name: str, title: str) -> str:
        """Give a source of the ledger another title. Returns its id."""
        held = self.entries.get(name) or self._held[name]
        self.entries[name] = {key: value for key, value in held.items() if key not in ("text", "withdrawn")} | {
            "title": title
        }
        return name

    def said(self, name: str) -> Mapping[str, Json]:
        """All fields of a source that are known so far."""
        return self.entries.get(name) or self._held.get(name) or {}
