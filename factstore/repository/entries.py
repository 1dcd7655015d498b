"""The chronology as the entries of a document; things come before those that refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from factstore.database.templates import as_of
from factstore.ledger.references import ABOVE
from factstore.ledger.texts import read as read_text
from factstore.plain import JsonObject, KindAndEntry
from factstore.projection.tombstones import REDACTIONS
from factstore.repository.answers import Thing
from factstore.repository.repository import IN_TIME, Repository
from factstore.units import Position


def entries(repository: Repository, *, texts: bool = False) -> Iterator[KindAndEntry]:
    """The chronology as the entries of a document: things before those that refer to them, facts in order of time; withdrawn
    things are marked. With `texts`, archived texts in place of their hashes."""
    for kind, entry in _entries(repository):
        if texts and "text" in entry:
            _unfold(repository, entry)
        yield kind, entry


def _unfold(repository: Repository, entry: JsonObject) -> None:
    """Put the archived text in place of its hash, if a document can hold it."""
    # Imported here, since no other question needs documents.
    from factstore.documents.entries import can_stand_in_a_document

    content = read_text(repository.connection, entry["text"])
    if content and can_stand_in_a_document(content):
        entry["text"] = content


def _entries(repository: Repository) -> Iterator[KindAndEntry]:
    gone = {row.position for row in repository.rows(REDACTIONS)}
    for kind in ("source", "speaker", "fact", "ordering"):
        every = iter(_in_time(repository) if kind == "fact" else _referents_first(repository, kind))
        while chunk := list(islice(every, 400)):
            cited = repository.cited(chunk) if kind in ("fact", "ordering") else {}
            held = repository.held([*chunk, *(position for positions in cited.values() for position in positions)])
            # A document cannot name what was redacted, nor what rests on it.
            said = {one for one, thing in held.items() if gone.isdisjoint(map(thing.fields.get, ("source", "a", "b")))}
            for position in (one for one in chunk if one in said):
                entry = entry_of(repository, held[position])
                if kind in ("fact", "ordering"):
                    entry["evidence"] = [
                        entry_of(repository, held[one]) for one in cited.get(position, ()) if one in said
                    ]
                yield kind, entry


def _in_time(repository: Repository) -> Iterator[Position]:
    """The positions of all facts, in the order of a timeline."""
    return (fact for (fact,) in repository.fetch(f"SELECT p.fact FROM PLACEMENT p ORDER BY {IN_TIME}"))


def _referents_first(repository: Repository, kind: str) -> Iterable[Position]:
    """The positions of things of a kind, with those above another (seen through, spoken for) before it."""
    link = ABOVE.get(kind, "NULL")
    above: dict[Position, Position | None] = dict(
        repository.fetch(f"SELECT position, {link} FROM {kind} v WHERE {as_of('v')}")
    )
    ordered: dict[Position, None] = {}
    for position in sorted(above):
        chain: dict[Position, None] = {}
        step: Position | None = position
        while step is not None and step in above and step not in ordered and step not in chain:
            chain[step] = None
            step = above[step]
        ordered.update(dict.fromkeys(reversed(chain)))
    return ordered


def entry_count(repository: Repository) -> int:
    """How many entries a document of the chronology has, counting redacted ones."""
    query = "SELECT count(*) AS entries FROM thing WHERE kind <> 'citation' AND position <= :at"
    return int(repository.rows(query)[0].entries)


def entry_of(repository: Repository, held: Thing) -> JsonObject:
    """A thing as an entry of a document: with ids in place of positions, and without derived fields."""
    fields = {name: value for name, value in held.fields.items() if name not in ("check", "start", "end")}
    fields = repository.written(fields)
    if held.kind == "ordering":
        ends = {"fact": fields.pop("a"), "relation": fields.pop("relation"), "other": fields.pop("b")}
        fields = ends | fields
    if held.withdrawn:
        fields["withdrawn"] = True
    return {"id": repository.name_of(held.position), **fields}
