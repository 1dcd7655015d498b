"""Counts of what is in an extract and a format has no room for.

The module of a format says which fields it carries; all others are counted, so that none is dropped in silence. Names are as
`extract.in_numbers` takes them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from factstore.dates.edtf import Edtf
from factstore.exchange.extract import Extract
from factstore.plain import Json
from factstore.rendering.days import limits
from factstore.repository.answers import Citation, Fact

#: The warnings about a fact, named like fields.
WARNINGS = ("conflicting", "begun_by")

ORDERINGS = "ordering"
UNCERTAIN = "inexact date* (as such in words only)"
UNDATED = "undated fact"
#: Such days are in words only, and EDTF has none for them.
BEGUN = "day* by which a fact had begun"
TAGS = "tag"
ATTRIBUTES = "attribute"
GAPS = "gap* between facts"
PEOPLE = "role* of participants"
PUBLISHED = "publication day* of sources (as such in words only)"
NO_WEB = "address* of sources outside the web"
NO_LINK = "citation* of sources without a link, named in words only"


def is_exact(fact: Fact) -> bool:
    """Whether a fact's date is one day or one instant, for certain."""
    if fact.open_end or fact.lies.begun:
        return False
    first, last = limits(fact)
    return first is not None and first == last and (fact.when is None or Edtf(fact.when).is_plain)


def is_link(url: str | None) -> bool:
    """Whether a source's URL is one of the web."""
    return url is not None and re.match(r"https?://[^\s/]", url) is not None


def counted(extract: Extract, carried: Mapping[str, Collection[str]], *names: str) -> Counter[str]:
    """How many values of fields an extract has that a format does not carry, and how many there are of the named things.

    What a reader must be warned of counts as a field, too: that a time contradicts, that a quote is missing from the archived
    text, and that a day is only the one by which something had begun.

    `carried`: the fields that the format has room for, by kind: fact, citation, ordering, source and speaker. If it names no
    fields of a kind, things of that kind are counted as wholes. A field that no format knows of yet is counted too.
    """
    lost: Counter[str] = Counter()
    for kind, entry in _things(extract, carried):
        if kind not in carried:
            lost[kind] += 1
            continue
        for field, count in _fields(entry):
            if field not in carried[kind] and field not in _JOINING:
                lost[name_of(kind, field)] += count
    return lost + counted_by_name(extract, *names)


def counted_by_name(extract: Extract, *names: str) -> Counter[str]:
    """How many of the named things an extract has."""
    return Counter({name: _COUNTING[name](extract) for name in names})


def name_of(kind: str, field: str) -> str:
    """The name by which values of a field are counted; `participants.role` is a field within another."""
    return _NAMES.get((kind, field)) or f"{field.replace('_', ' ').replace('.', ' ')}* of {kind}s"


def _things(extract: Extract, carried: Mapping[str, Collection[str]]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """The entries of what is in an extract, by kind. The citations of an ordering count if its other fields do."""
    cited = [citation for _, citation in extract.citations()]
    for ordering in extract.orderings:
        yield "ordering", {**extract.entries[ordering.id], **_true(conflicting=ordering.conflicting)}
        if "evidence" in carried.get("ordering", ()):
            cited += [citation for citation in ordering.evidence if citation.live]
    for fact in extract.facts:
        yield "fact", {**extract.entries[fact.id], **_true(conflicting=fact.conflicting, begun_by=_has_begun(fact))}
    for citation in cited:
        yield "citation", {**extract.entries[citation.id], **_true(missing=citation.missing)}
    for name in extract.sources:
        yield "source", extract.entries[name]
    for speaker in _speakers(extract, cited):
        yield "speaker", speaker


def _has_begun(fact: Fact) -> bool:
    return fact.when is None and fact.lies.begun


def _true(**warnings: bool) -> dict[str, Json]:
    return {name: True for name, given in warnings.items() if given}


def _speakers(extract: Extract, cited: Iterable[Citation]) -> Iterator[Mapping[str, Json]]:
    """The speakers in the chains of citations, and those for whom they speak."""
    every = {speaker["id"]: speaker for speaker in extract.speakers}
    wanted = {link for citation in cited for link in extract.entries[citation.id].get("attribution", ())} & {*every}
    for name in list(wanted):
        while (name := every[name].get("of", "")) in every:
            wanted.add(name)
    return (speaker for name, speaker in every.items() if name in wanted)


def _fields(entry: Mapping[str, Json]) -> Iterator[tuple[str, int]]:
    """The fields of an entry, also those within its lists, and how many values each has."""
    for field, value in entry.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping) and field != "evidence":
            yield from ((f"{field}.{part}", 1) for one in value for part in one)
        else:
            yield field, len(value) if field in _SEVERAL else 1


#: Fields that identify a thing and join it to others, which a format does in its own way.
_JOINING = frozenset(("id", "fact", "other", "source"))
#: Fields each of whose values counts.
_SEVERAL = frozenset(("tags", "aliases", "attributes", "evidence"))
_NAMES = {
    ("fact", "tags"): TAGS,
    ("fact", "attributes"): ATTRIBUTES,
    ("fact", "participants.name"): "participant",
    ("fact", "participants.role"): PEOPLE,
    ("fact", "lasts"): "length* of facts",
    ("fact", "zone"): "time zone* of facts",
    ("fact", "conflicting"): "fact* as conflicting",
    ("fact", "begun_by"): BEGUN,
    ("citation", "missing"): "quote* as missing from the archived text",
    ("citation", "when"): "date* in citations",
    ("citation", "phrase"): "phrase* of dates in citations",
    ("citation", "said"): "day* on which it was said",
    ("citation", "unnamed"): "unnamed speaker",
    ("citation", "prefix"): "text* before a quote",
    ("citation", "suffix"): "text* after a quote",
    ("ordering", "gap"): GAPS,
    ("ordering", "conflicting"): "ordering* set aside because they contradict",
    ("ordering", "evidence"): "citation* of orderings",
    ("source", "published"): PUBLISHED,
    ("source", "retrieved"): "retrieval day* of sources",
    ("source", "seen_through"): "source* as seen only through another",
    ("source", "withdrawn"): "withdrawn source",
    ("source", "text"): "archived text* of sources",
    ("source", "files.name"): "file* of sources",
    ("source", "files.sha256"): "SHA-256* of files",
    ("source", "files.type"): "media type* of files",
    ("speaker", "aliases"): "other name* of speakers",
    ("speaker", "of"): "speaker* as speaking for another",
}

_COUNTING: dict[str, Callable[[Extract], int]] = {
    UNCERTAIN: lambda extract: sum(not (fact.undated or is_exact(fact)) for fact in extract.facts),
    UNDATED: lambda extract: sum(fact.undated for fact in extract.facts),
    BEGUN: lambda extract: sum(extract.asked.iso and _has_begun(fact) for fact in extract.facts),
    NO_LINK: lambda extract: sum(not is_link(extract.sources[one.source].url) for _, one in extract.citations()),
    NO_WEB: lambda extract: sum(bool(one.url) and not is_link(one.url) for one in extract.sources.values()),
}
