"""A part of a document: some of its facts, and all that is needed to load them on their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from factstore.evidence.speakers import alike
from factstore.plain import Json, JsonObject, KindAndEntry


def part_of(entries: Iterable[KindAndEntry], facts: Collection[str]) -> Iterator[KindAndEntry]:
    """The entries of some facts, of the orderings between them, and of the sources and speakers that these name.

    A source comes with the one that it was seen through, a speaker with the one on whose behalf they speak.
    """
    every = list(entries)
    kept = [
        (kind, entry)
        for kind, entry in every
        if (kind == "fact" and entry["id"] in facts)
        or (kind == "ordering" and {*_ends(entry, "fact"), *_ends(entry, "other")} <= {*facts})
    ]
    evidence = [cited for _, entry in kept for cited in entry.get("evidence", ())]
    links = {link for cited in evidence for link in cited.get("attribution", ())}
    sources = _closed({cited["source"] for cited in evidence} | links, _of_kind(every, "source"), "seen_through")
    # A source is called by its publisher, else by its title, else by its id; a speaker may have that name.
    held = (entry for name, entry in _of_kind(every, "source").items() if name in sources)
    called = chain.from_iterable((entry.get("publisher"), entry.get("title")) for entry in held)
    said = {alike(name) for name in (*links, *sources, *called) if name}
    speakers = _of_kind(every, "speaker")
    named = {
        name
        for name, one in speakers.items()
        if not said.isdisjoint(map(alike, (name, one["name"], *one.get("aliases", ()))))
    }
    wanted = sources | _closed(named, speakers, "of")
    yield from ((kind, entry) for kind, entry in every if kind in ("source", "speaker") and entry["id"] in wanted)
    yield from kept


def _ends(entry: Mapping[str, Json], name: str) -> list[str]:
    value = entry[name]
    return [value] if isinstance(value, str) else list(value)


def _of_kind(entries: Iterable[KindAndEntry], kind: str) -> dict[str, JsonObject]:
    return {entry["id"]: entry for one, entry in entries if one == kind}


def _closed(names: Iterable[str], every: Mapping[str, Mapping[str, Json]], link: str) -> set[str]:
    """The names that exist, and all that they link to, directly or not."""
    found: set[str] = set()
    for name in names:
        step: str | None = name
        while step is not None and step in every and step not in found:
            found.add(step)
            step = every[step].get(link)
    return found
