"""A part of a ledger to share: all headers and some payloads, in a new file that can be proved against the same head.

It holds position 1, some facts with all their citations, the orderings among them, their sources and speakers, all records
about any of these, and the ends of those commits. A thing that contradicts others is shared only together with them. So
time in the part is bounded by a subset of what bounds it in the whole, and nothing is certain or impossible in the part
that is not so in the whole. `docs/reference/ledger.md` says what a part proves.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from factstore.database.engine import Connection, Engine
from factstore.database.names import ARCHIVE
from factstore.database.opening import open_engine
from factstore.database.statements import column, fetch
from factstore.errors import Corrupt, Refused
from factstore.evidence.speakers import alike
from factstore.ledger import chain, texts
from factstore.ledger.chain import Head
from factstore.ledger.part import Portion, copy_part, counted_part, withheld
from factstore.ledger.references import ABOVE
from factstore.ledger.verify import verify_records
from factstore.plain import JsonObject
from factstore.progress import Progress, counted
from factstore.projection.replay import replay
from factstore.projection.tombstones import REDACTED, WITHHELD
from factstore.reasoning.constraints import thing_of
from factstore.units import Position


class Parting(NamedTuple):
    """The end of a commit that is shared: its position, who made it, and its message, which others can then read."""

    position: Position
    recorded_by: str
    message: str

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        return {"commit": self.position, "recorded_by": self.recorded_by, "message": self.message}


class Kept(NamedTuple):
    """A fact or an ordering that is not shared, and the ids of the things that it contradicts and that are not shared."""

    id: str
    against: tuple[str, ...]

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        return {"id": self.id, "against": list(self.against)}


@dataclass(frozen=True, slots=True)
class Shared:
    """What a part of a ledger holds: the ids of its things by kind, and the ends of the commits that are shared.

    `cited`: the id of each citation, with that of the source that it cites now. `kept`: what was asked for but is not
    shared. `part` counts payloads; `head` is that of the whole and of the part.
    """

    things: Mapping[str, tuple[str, ...]]
    cited: Mapping[str, str]
    commits: tuple[Parting, ...]
    kept: tuple[Kept, ...]
    part: Portion
    head: Head

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        things = {f"{kind}s": list(names) for kind, names in self.things.items()}
        shown = {
            "cited": dict(self.cited),
            "commits": [one.json() for one in self.commits],
            "kept": [one.json() for one in self.kept],
        }
        return {**things, **shown, **self.part.json(), **self.head._asdict()}


@dataclass(slots=True)
class _Selection:
    """The positions of the things that are shared; and those that are not, with what they contradict."""

    facts: set[Position]
    orderings: set[Position] = field(default_factory=set)
    citations: set[Position] = field(default_factory=set)
    sources: set[Position] = field(default_factory=set)
    speakers: set[Position] = field(default_factory=set)
    kept: dict[Position, set[Position]] = field(default_factory=dict)

    @property
    def things(self) -> set[Position]:
        return self.facts | self.orderings | self.citations | self.sources | self.speakers


def share(
    file: Engine,
    where: str | os.PathLike[str],
    facts: Collection[str],
    *,
    archived: bool = False,
    messages: bool = True,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Shared:
    """Write a part of a ledger, facts given by id and all that they rest on, to a place where nothing exists yet.

    `archived`: include the archived texts of its sources. `messages`: include the ends of its commits, which say who made
    them and why. Raises Refused if something exists there, or if nothing is left to be shared.
    """
    place = open_engine(where)
    if place.exists() or os.path.lexists(place.location):
        raise Refused(f"{place.name} already exists, and is not overwritten")
    with file.reading() as connection:
        chosen = _select(connection, _positions(connection, facts))
        if not chosen.facts:
            raise Refused(f"nothing is left to be shared: {_in_words(connection, chosen) or 'no fact was chosen'}")
        commits = _commits(connection, _records(connection, chosen.things)) if messages else ()
        shown = {Position(1), *_records(connection, chosen.things), *(commit.position for commit in commits)}
        shown.difference_update(column(connection, _GONE))
        part = Portion(len(shown), counted_part(connection).records)
        shared = _told(connection, chosen, commits, part)
        if not dry_run:
            with place.made(like=file) as new:
                named = _texts(connection, chosen.sources) if archived else ()
                _write(connection, new.engine, shown, named, progress)
                new.keep()
    return shared


def _write(
    connection: Connection, new: Engine, shown: Collection[Position], named: Iterable[str], progress: Progress | None
) -> None:
    with new.writing(checked=False) as fresh:
        fresh.dialect.create_tables(fresh)
        copy_part(connection, fresh, shown)
        fresh.dialect.guard(fresh)
        fresh.dialect.mark_part(fresh)
        for name in named:
            content = texts.read(connection, name)
            if content is not None:
                texts.keep(fresh, content)
        records = counted(chain.read(fresh), progress, chain.head(fresh).position)
        replay(fresh, records, withheld(fresh))
        for problem in islice(verify_records(fresh, part=True), 1):
            raise Corrupt(f"nothing was shared: the ledger is not as it was written: {problem}")
        fresh.commit()
    new.close()


# --- what is shared ---------------------------------------------------------------------------------------------


def _positions(connection: Connection, facts: Collection[str]) -> set[Position]:
    return {*_among(connection, "SELECT position FROM thing WHERE kind = 'fact' AND id @among_texts(:these)", facts)}


def _select(connection: Connection, facts: set[Position]) -> _Selection:
    """The things that are shared with some facts. A thing that contradicts others is shared only with its whole chain."""
    chosen = _Selection(facts)
    barred: set[Position] = set()
    chains = [
        (thing_of(item), {thing_of(one) for one in json.loads(chain)}) for item, chain in fetch(connection, _ASIDE)
    ]
    while True:
        chosen.orderings = {*_orderings(connection, chosen.facts)} - barred
        about = chosen.facts | chosen.orderings
        chosen.citations = {
            *_among(connection, "SELECT DISTINCT position FROM citation WHERE about @among(:these)", about)
        }
        stating = about | chosen.citations
        apart = [(item, chain - stating) for item, chain in chains if item in stating and not chain <= stating]
        if not apart:
            break
        for item, others in apart:
            for thing in _among(
                connection, "SELECT DISTINCT about FROM citation WHERE position @among(:these)", [item]
            ) or [item]:
                chosen.kept.setdefault(thing, set()).update(others)
                barred.add(thing)
                chosen.facts.discard(thing)
    _add_witnesses(connection, chosen)
    return chosen


def _orderings(connection: Connection, facts: Collection[Position]) -> Iterator[Position]:
    """The orderings that only ever were between these facts, since an ordering's id may contain those of its former ends."""
    ends: dict[Position, set[Position]] = defaultdict(set)
    for position, a, b in fetch(connection, "SELECT position, a, b FROM ordering"):
        ends[position].update((a, b))
    return (position for position, both in ends.items() if both <= {*facts})


def _add_witnesses(connection: Connection, chosen: _Selection) -> None:
    """Add the sources and speakers of the citations, in all versions, and those above them (`seen_through`, `of`)."""
    names: set[str] = set()
    links: set[Position] = set()
    given = {"these": json.dumps(sorted(chosen.citations))}
    for source, attribution in fetch(connection, _CITED, given):
        links.add(source)
        chain: list[Position | str] = json.loads(attribution or "[]")
        for link in chain:
            links.add(link) if isinstance(link, int) else names.add(alike(link))
    chosen.sources = _closed(connection, "source", links)
    called = fetch(connection, _CALLED, {"these": json.dumps(sorted(chosen.sources))})
    names.update(alike(name) for row in called for name in row if name)
    for position, name, aliases, own in fetch(connection, _SPEAKERS):
        if not names.isdisjoint(map(alike, (name, own, *json.loads(aliases or "[]")))):
            links.add(position)
    chosen.speakers = _closed(connection, "speaker", links)


def _closed(connection: Connection, kind: str, positions: Iterable[Position]) -> set[Position]:
    """The things of a kind at some positions, and all that they have ever linked to."""
    above = defaultdict(set)
    for position, other in fetch(connection, f"SELECT DISTINCT position, {ABOVE[kind]} FROM {kind}"):
        above[position].add(other)
    found: set[Position] = set()
    ahead = [*positions]
    while ahead:
        here = ahead.pop()
        if here in above and here not in found:
            found.add(here)
            ahead += above[here] - {None}
    return found


def _records(connection: Connection, things: Collection[Position]) -> set[Position]:
    """The records about some things, except redactions, which are never shared."""
    return {
        *_among(connection, "SELECT position FROM record WHERE kind <> 'redacted' AND subject @among(:these)", things)
    }


def _commits(connection: Connection, records: Collection[Position]) -> tuple[Parting, ...]:
    """The ends of the commits of some records, and of position 1."""
    found = [*fetch(connection, _ENDS, {"these": json.dumps(sorted({1, *records}))})]
    return tuple(Parting(*row) for row in found if row[1] not in (REDACTED, WITHHELD))


def _texts(connection: Connection, sources: Collection[Position]) -> list[str]:
    if not connection.dialect.has_table(connection, ARCHIVE):
        return []
    query = "SELECT DISTINCT text FROM source WHERE text IS NOT NULL AND position @among(:these) ORDER BY text"
    return _among(connection, query, sources)


def _told(connection: Connection, chosen: _Selection, commits: tuple[Parting, ...], part: Portion) -> Shared:
    query = "SELECT id FROM thing WHERE position @among(:these) ORDER BY position"
    kinds = ("fact", "ordering", "citation", "source", "speaker")
    things = {kind: tuple(_among(connection, query, getattr(chosen, f"{kind}s"))) for kind in kinds}
    cited: dict[str, str] = dict(fetch(connection, _CITING, {"these": json.dumps(sorted(chosen.citations))}))
    kept = tuple(
        Kept(_among(connection, query, [thing])[0], tuple(_among(connection, query, others)))
        for thing, others in sorted(chosen.kept.items())
    )
    return Shared(things, cited, commits, kept, part, chain.head(connection))


def _in_words(connection: Connection, chosen: _Selection) -> str:
    kept = _told(connection, chosen, (), Portion(0, 0)).kept
    return "; ".join(f"{one.id} contradicts {', '.join(one.against)}, which is not shared" for one in kept)


def _among(connection: Connection, query: str, values: Collection[Position] | Collection[str]) -> list[Any]:
    """The first value of each row of a query, in which `:these` stands for some values."""
    return column(connection, query, {"these": json.dumps(sorted(values))})


_GONE = "SELECT r.position FROM record r LEFT JOIN payload p ON p.position = r.position WHERE p.position IS NULL"
_ASIDE = "SELECT item, chain FROM set_aside"
_CITED = """SELECT DISTINCT source, attribution FROM citation
            WHERE position @among(:these)"""
_CITING = """SELECT cited.id, source.id FROM citation c
             JOIN thing cited ON cited.position = c.position JOIN thing source ON source.position = c.source
             WHERE c.position @among(:these) AND c.until IS NULL ORDER BY c.position"""
_CALLED = """SELECT DISTINCT s.publisher, s.title, t.id FROM source s JOIN thing t ON t.position = s.position
             WHERE s.position @among(:these)"""
_SPEAKERS = "SELECT DISTINCT s.position, s.name, s.aliases, t.id FROM speaker s JOIN thing t ON t.position = s.position"
_ENDS = """SELECT position, name, message FROM committed WHERE position IN (
             SELECT (SELECT min(c.position) FROM committed c WHERE c.position >= j.value) FROM @numbers(:these) j)
           ORDER BY position"""
