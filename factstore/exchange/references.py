"""References of a bibliography, as `csl` and `ris` read them: each becomes a source, and none a fact.

A source has a title, a publisher, a URL and its dates. Everything else that a reference says in plain text, such as authors,
the place in a volume and the abstract, becomes an attribute of the source. Fields that fit nowhere are listed.

A reference that was imported before is matched to its source: by its key, else by its URL, else by its title and date.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from factstore.documents.collecting import collect
from factstore.documents.formats import Lines
from factstore.documents.slugs import slug_of
from factstore.exchange.arrivals import Arrival, Doubt, Holdings
from factstore.exchange.cited_sources import same_name, same_url
from factstore.exchange.grids import one_line
from factstore.plain import Json, JsonObject

_SAYS = {"source": frozenset(("title", "publisher", "url", "published", "retrieved", "attributes"))}
_DOI = re.compile(r"(?:doi: ?|https?://(?:dx\.)?doi\.org/)?(10\.\d{3,}/\S+)", re.I)
#: A key without meaning: a number, a link into a library.
_NO_KEY = re.compile(r"\d*|.*[:/].*")


@dataclass(slots=True)
class Reference:
    """One reference: its number in the file, its key, what it says about a source, and fields that fit nowhere.

    `more` becomes attributes of the source, by their names.
    """

    number: int
    key: str = ""
    title: str = ""
    authors: list[str] = field(default_factory=list)
    more: dict[str, str] = field(default_factory=dict)
    publisher: str = ""
    url: str = ""
    doi: str = ""
    published: str = ""
    retrieved: str = ""
    unused: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[tuple[str, str, str]] = field(default_factory=list)

    def source(self) -> JsonObject:
        """The fields of the source."""
        found = _DOI.fullmatch(self.doi)
        doi = found[1] if found else ""
        elsewhere = doi if self.url and doi.lower() not in self.url.lower() else ""
        more = {"authors": "; ".join(self.authors), **self.more, "doi": elsewhere}
        fields = {
            "title": one_line(self.title),
            "publisher": self.publisher,
            "url": self.url or (f"https://doi.org/{doi}" if doi else ""),
            "published": self.published,
            "retrieved": self.retrieved,
            "attributes": {name: one_line(value) for name, value in more.items() if value},
        }
        return {name: value for name, value in fields.items() if value}

    def slug(self) -> str:
        """The basis of its id: its key, else its first author, year and title, or just the title if it has no author."""
        if self.key and not _NO_KEY.fullmatch(self.key):
            return slug_of(self.key)
        author = re.split(r"[,;]", self.authors[0])[0].split()[-1:] if self.authors else []
        year = re.findall(r"\d{4}", self.published)[:1] if author else []
        return slug_of(" ".join([*author, *year, self.title or self.url or self.doi or self.publisher]))


def arrive(references: Sequence[Reference], name: str, ledger: Holdings, how: str) -> Arrival:
    """The references as sources in a document; `how` names the format that they came in."""
    sources, doubts = _Sources(ledger), []
    unused: list[Doubt] = []
    for one in references:
        label = f"item {one.number}"
        entry = one.source()
        doubts += [Doubt(f"{label}, {place}", text, why) for place, text, why in one.doubts]
        unused += [Doubt(f"{label}, {place}", one_line(text), "") for place, text in one.unused]
        if not entry.keys() - {"retrieved", "attributes"}:
            unused.append(Doubt(label, "", "it says nothing about a source"))
            continue
        sources.add(one, entry, label, doubts)
    value: JsonObject = {"sources": list(sources.entries.values()), "facts": []}
    lines: Lines = {}
    document = collect({"sources": value["sources"]}, lines, name)
    document.says = _SAYS
    ledger.sources.update(sources.entries)
    count = f"{len(references)} reference{'' if len(references) == 1 else 's'}"
    summary = f"{PurePath(name).name} ({how}): {count}"
    return Arrival(
        document,
        value,
        [summary],
        doubts=doubts,
        left_out=unused,
        doubted=("entry to look at", "entries to look at"),
        unused=(
            "thing left out, since a source has no field for it",
            "things left out, since a source has no field for them",
        ),
    )


class _Sources:
    """The sources made from references so far, by id."""

    def __init__(self, ledger: Holdings) -> None:
        self.entries: dict[str, JsonObject] = {}
        self._ledger = ledger
        self._held = dict(ledger.sources)
        self._turns: Counter[str] = Counter()
        self._by_url = {same_url(one["url"]): name for name, one in self._held.items() if one.get("url")}
        self._by_title = {_title(one): name for name, one in self._held.items() if one.get("title")}

    def add(self, one: Reference, said: JsonObject, label: str, doubts: list[Doubt]) -> None:
        same = next((name for name, entry in self.entries.items() if _without_id(entry) == said), "")
        if same:
            doubts.append(Doubt(label, "", f"says all that another item says; {same} is both"))
            return
        name = self._id(one.slug())
        if name in self._held:
            self.entries[name] = {"id": name} | said
            return
        known = self._by_url.get(same_url(said.get("url", ""))) or self._of_title(said)
        if known and known not in self.entries:
            self._complete(known, said, label, doubts)
            return
        self.entries[name] = {"id": self._ledger.free(name)} | said

    def _of_title(self, said: Mapping[str, Json]) -> str:
        """The source of the ledger with this title and date, unless it has another publisher."""
        name = self._by_title.get(_title(said), "")
        publishers = {self._held[name].get("publisher"), said.get("publisher")} - {None} if name else set()
        return name if len(publishers) < 2 else ""

    def _id(self, slug: str) -> str:
        """The id of a reference, the same at each import; the second of several with the same slug gets a 2 at its end."""
        slug = re.sub("^fact-(?=[0-9])", "source-", slug)
        self._turns[slug] += 1
        name = slug if self._turns[slug] == 1 else f"{slug}-{self._turns[slug]}"
        while name in self._ledger.taken and name not in self._held:  # a fact's
            name += "-source"
        return name

    def _complete(self, name: str, said: Mapping[str, Json], label: str, doubts: list[Doubt]) -> None:
        """Add to a source of the ledger what it lacks; where both say something, the ledger's value stays."""
        held = {key: value for key, value in self._held[name].items() if key not in ("text", "withdrawn")}
        attributes = dict(said.get("attributes", {})) | dict(held.get("attributes", {}))
        for field_, value in [one for one in said.items() if one[0] != "attributes"]:
            if held.get(field_) not in (None, value) and (field_ != "url" or same_url(held["url"]) != same_url(value)):
                doubts.append(Doubt(f"{label}, {field_}", value, f"{name} has {held[field_]}, which stays"))
        self.entries[name] = dict(said) | held | ({"attributes": attributes} if attributes else {})


def _title(entry: Mapping[str, Json]) -> tuple[str, str]:
    return same_name(str(entry.get("title") or "")), str(entry.get("published") or "")


def _without_id(entry: Mapping[str, Json]) -> JsonObject:
    return {name: value for name, value in entry.items() if name != "id"}


def pages(first: str, last: str = "") -> str:
    """A page or a range of pages: "4", "4–9"."""
    return re.sub(r"\s*(?:--?|–|—)\s*", "–", first if not last or last == first else f"{first}–{last}")


def web_link(links: Iterable[str]) -> tuple[str, list[str]]:
    """The first web link among some links, and the others."""
    every = [link for one in links if (link := one.strip())]
    first = next((link for link in every if re.match(r"(?:https?|ftp)://|www\.", link, re.I)), "")
    return first, [link for link in every if link != first]
