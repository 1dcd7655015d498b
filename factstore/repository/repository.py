"""What the tables contain, as of any position of the ledger: things by id, facts, evidence, the log. Reads only."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

from factstore.database.engine import Connection, NamedRow
from factstore.database.statements import Row, fetch, fetch_named, page, stream_named
from factstore.database.templates import EVERY, as_of, in_force, merged
from factstore.dates.ticks import FOREVER, last_start, parse_zone
from factstore.errors import UnknownId
from factstore.evidence.speakers import alike
from factstore.ledger import chain
from factstore.ledger.canonical import fingerprint
from factstore.ledger.kinds import FIELDS, filled_by, with_article
from factstore.ledger.references import with_references
from factstore.ledger.texts import read as read_text
from factstore.plain import Json, JsonObject
from factstore.projection import search
from factstore.projection.columns import to_fields
from factstore.projection.live import chunks
from factstore.projection.tombstones import REDACTIONS, SILENT
from factstore.reasoning.places import is_dated
from factstore.repository.answers import Citation, Fact, Thing
from factstore.repository.deciding import Deciding, needs_deciding
from factstore.repository.filter import NAMED, Filter
from factstore.repository.placed import PLACED, PlacedFact
from factstore.repository.window import window
from factstore.repository.witnesses import Witnesses
from factstore.units import Position, Seconds

PLACEMENT_FIELDS = (
    "fact, since, id, status, earliest, latest, start_min, start_max, end_min, end_max, start_min_by, start_max_by, "
    "end_max_by, place, place_end, tied, width, conflicting"
)
# The plus keeps SQLite from the index that begins with `revised`, when it can look up the fact itself.
_PLACEMENT = f"""(
    SELECT {PLACEMENT_FIELDS} FROM placement WHERE +revised = 0 AND since <= :at
    UNION ALL
    SELECT {PLACEMENT_FIELDS} FROM placement_history h WHERE {as_of("h")})"""


@lru_cache(maxsize=256)
def _at_clock(template: str, now: bool) -> str:
    """A template's SQL. PLACEMENT stands for the placements on the clock, F_THEN for the versions `f` of facts.

    The present state is found in one step, however many versions there are.
    """
    query = template.replace("PLACEMENT", "placement" if now else _PLACEMENT)
    return query.replace("F_THEN", "f.until IS NULL" if now else as_of("f"))


WITH_FACT = "JOIN fact f ON f.position = p.fact AND F_THEN"
FACT = f"SELECT {PLACED} FROM PLACEMENT p {WITH_FACT}"
#: The order of a timeline.
IN_TIME = "p.place, p.place_end DESC, p.fact"
#: The same, of the result of several statements.
IN_TIME_OF_ALL = "stands, stands_until DESC, fact"


def in_time(now: bool) -> tuple[tuple[str, str], ...]:
    """The tables that hold the placements of a clock in a timeline's order, each with the condition that selects them."""
    if now:
        return (("placement", "TRUE"),)
    return (("placement", "+p.revised = 0 AND p.since <= :at"), ("placement_history", as_of("p")))


@lru_cache(maxsize=64)
def _timeline(where: str, now: bool) -> str:
    # Each term comes in the order of an index, so that they are merged only as far as rows are read.
    parts = (f"SELECT {PLACED} FROM {table} p {WITH_FACT} WHERE {picks} AND {where}" for table, picks in in_time(now))
    return f"{merged(parts, IN_TIME, IN_TIME_OF_ALL)} LIMIT :limit OFFSET :offset"


_SAID_OF_CITATIONS = """SELECT r.subject, p.payload
              FROM record r JOIN payload p ON p.position = r.position
              WHERE r.subject @among(:subjects) AND +r.position <= :at
              AND r.kind IN ('citation.recorded', 'citation.corrected') ORDER BY r.position"""


_REDACTED = f"({REDACTIONS})"
#: The most characters of an id.
_LONGEST = 800


class Repository:
    """The questions, as of a position: the records up to it count, those after it do not.

    `clock`: the clock in words, if it is not now. `narrowed`: the connection has temporary tables for the clock.
    """

    def __init__(
        self, connection: Connection, at: Position, *, now: bool, zone: Seconds, clock: str = "", narrowed: bool = False
    ) -> None:
        self.connection = connection
        self.at = at
        self.now = now
        self.zone = zone
        self.clock = clock
        self._ids: dict[Position, str] = {}
        self._narrowed = self._looked_back = narrowed

    def rows(self, template: str, **given: object) -> Sequence[NamedRow]:
        """The rows of a template as of the clock, by the names of their columns."""
        return [*fetch_named(self.connection, _at_clock(template, self.now), self._given(given))]

    def stream(self, template: str, **given: object) -> Iterator[NamedRow]:
        """Rows, read from the database one by one as they are used."""
        return stream_named(self.connection, _at_clock(template, self.now), self._given(given))

    def fetch(self, template: str, *, lazily: bool = False, **given: object) -> Iterator[Row]:
        """Rows as the driver returns them, for frequent questions; `lazily`: in a total order, and read as they are used."""
        read = page if lazily else fetch
        return read(self.connection, _at_clock(template, self.now), self._given(given))

    def _given(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"at": self.at} | {
            name: json.dumps([*value]) if isinstance(value, Collection) and not isinstance(value, str) else value
            for name, value in given.items()
        }

    def clauses(self, wanted: Filter) -> tuple[list[str], dict[str, Any]]:
        """A filter's conditions on a placement `p` of this clock, and their parameters."""
        clauses, given = wanted.clauses()
        within, ticks = window(wanted.since, wanted.until, self.zone)
        clauses, given = clauses + within, given | ticks
        if wanted.single_origin:
            given["single"] = json.dumps(self.witnesses.of_one_origin())
            clauses.append("p.fact @among(:single)")
        for field, (names, among) in NAMED.items():
            part = getattr(wanted, field)
            if part is not None:
                given[field] = self._called(names, part)
                clauses.append(among)
        if wanted.text:
            condition, words = self.worded(wanted.text)
            clauses, given = [*clauses, condition], given | words
        return clauses, given

    def _called(self, names: str, part: str) -> str:
        """The names of facts on this clock that contain a text, whatever their case and accents, as a JSON array."""
        part.encode()  # raises what half of a surrogate pair does as a parameter
        rows, wanted = self.stream(f"{names} WHERE {as_of('f')}"), alike(part)
        return json.dumps([row.name for row in rows if row.name is not None and wanted in alike(row.name)])

    def worded(self, text: str, column: str | None = None) -> tuple[str, dict[str, Any]]:
        """The condition on a placement `p` that it has all words of a text, in a column or any; and its parameters."""
        words = search.words_of(text)
        if not words:
            return "FALSE", {}
        if not (self.now or self._looked_back):
            search.look_back(self.connection, self.at)
            self._looked_back = True
        return search.found(self.connection, words, column, then=self._looked_back)

    # --- things by id ---

    def find(self, name: str) -> Position | None:
        """The position that introduced the thing with this id, if there is one."""
        rows = self.rows("SELECT position FROM thing WHERE id = :id AND position <= :at", id=name)
        return Position(rows[0].position) if rows else None

    def kind_at(self, name: str) -> tuple[Position, str] | None:
        """The position and kind of the thing with this id, if there is one."""
        rows = self.rows("SELECT position, kind FROM thing WHERE id = :id AND position <= :at", id=name)
        return (Position(rows[0].position), str(rows[0].kind)) if rows else None

    def find_all(self, names: Iterable[str]) -> dict[str, Position | None]:
        """For each id, the position that introduced its thing, or None."""
        found: dict[str, Position | None] = dict.fromkeys(names)
        wanted = iter(found.copy())
        while chunk := list(islice(wanted, 1000)):
            query = "SELECT id, position FROM thing WHERE id @among_texts(:ids) AND position <= :at"
            found.update((row.id, row.position) for row in self.rows(query, ids=json.dumps(chunk)))
        return found

    def position(self, name: str, *kinds: str) -> Position:
        """The position that introduced the thing with this id. Raises UnknownId with the most similar ids."""
        row = next(iter(self.rows("SELECT position, kind FROM thing WHERE id = :id", id=name)), None)
        gone = self.redacted(name) if row is None else row.position if row.kind in SILENT else None
        if row is not None and not gone and not self.is_there(row.position, row.kind):
            raise UnknownId(f"{name} does not exist on this clock: {self.clock}")
        if row is not None and not gone and (not kinds or row.kind in kinds):
            return Position(row.position)
        if row is not None and row.kind == "withheld":
            raise UnknownId(f"{name} is not in this part of the ledger")
        if gone:
            raise UnknownId(f"{name} was redacted (position {gone}) and cannot be restored")
        wanted = " or ".join(kinds) or "fact, source, speaker, citation or ordering"
        if row is not None:
            raise UnknownId(f"{name} is {with_article(row.kind)}, not {with_article(wanted)}")
        nearest = self.nearest(name, *kinds)
        hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
        raise UnknownId(f"there is no {wanted} {name!r}{hint}", nearest=nearest)

    def is_taken(self, name: str) -> bool:
        """Whether an id names something on any clock, or did until it was redacted."""
        return bool(self.rows("SELECT 1 FROM thing WHERE id = :id", id=name)) or self.redacted(name) is not None

    def is_there(self, position: Position, kind: str) -> bool:
        """Whether a thing is recorded on this clock, and rests on evidence that counts on it."""
        if not self.clock:
            return True
        query = f"SELECT 1 FROM {kind} v WHERE v.position = :position AND {as_of('v')}"
        return bool(self.rows(query, position=position))

    def undone(self) -> set[Position]:
        """The positions of corrections that do not count on this clock because all their evidence is hidden."""
        return {row.position for row in self.rows("SELECT position FROM undone")} if self._narrowed else set()

    def nearest(self, name: str, *kinds: str) -> list[str]:
        """The ids most similar to a name."""
        name = name[:_LONGEST]
        words = [word for word in re.split(r"[^a-z0-9]+", name.lower()) if len(word) > 1][:8]
        found: dict[str, None] = {}
        holding: list[str] = []
        for n, word in enumerate((*words, name[:3].lower(), name[-3:].lower())):
            # An id with a whole word in common is similar enough; one that begins or ends alike must be close.
            holding = holding if n > len(words) else list(found)
            pattern = "%" + re.sub(r"([%_\\])", r"\\\1", word) + "%"
            for row in self.rows(
                """SELECT id, position, kind FROM thing
                   WHERE id LIKE :pattern ESCAPE '\\' AND kind @among_texts(:kinds) AND position <= :at
                   ORDER BY position LIMIT 300""",
                pattern=pattern,
                kinds=list(kinds) or ["fact", "source", "citation", "ordering", "speaker"],
            ):
                if self.is_there(row.position, row.kind):
                    found[row.id] = None
        return get_close_matches(name.lower(), found, n=3, cutoff=0.5) or holding[:3]

    def redacted(self, words: str) -> Position | None:
        """The position whose redaction deleted an id or a text, if there is one."""
        return self.prints.get(fingerprint(self.ledger, words)) if self.prints else None

    @cached_property
    def ledger(self) -> str:
        """The ledger's id."""
        return chain.created(self.connection).ledger

    @cached_property
    def prints(self) -> dict[str, Position]:
        """By the fingerprint of each redacted text, the position at which it was; the same on all clocks."""
        about = {
            row.position: row.subject
            for row in self.rows(
                f"""SELECT r.position, r.subject FROM {_REDACTED} t CROSS JOIN record r
                    WHERE r.position = t.position AND r.kind = 'redacted'"""
            )
        }
        found: dict[str, Position] = {}
        for row in self.rows(
            f"""SELECT r.subject, p.payload FROM {_REDACTED} t CROSS JOIN record r
                JOIN payload p ON p.position = r.position WHERE r.subject = t.position AND r.kind = 'redacted'"""
        ):
            subject = row.subject
            while about.get(subject, subject) != subject:  # a redaction was itself redacted: take its subject
                subject = about[subject]
            found |= dict.fromkeys(json.loads(row.payload).get("prints", ()), subject)
        return found

    def kind_of(self, position: Position) -> str:
        """fact, source, speaker, citation, ordering, redacted or withheld."""
        return str(self.rows("SELECT kind FROM thing WHERE position = :position", position=position)[0].kind)

    def name_of(self, position: Position) -> str:
        """The id of the thing introduced at a position."""
        if position not in self._ids:
            row = self.rows("SELECT id FROM thing WHERE position = :position", position=position)[0]
            self._ids[position] = str(row.id)
        return self._ids[position]

    def version(self, position: Position) -> Position:
        """The position of the last record about a thing."""
        table = self.kind_of(position)
        rows = self.rows(
            f"SELECT since FROM {table} v WHERE v.position = :position AND {as_of('v')}", position=position
        )
        return Position(rows[0].since)

    def fields(self, position: Position) -> JsonObject:
        """A thing's present fields, as in its payload, and `withdrawn`."""
        kind = self.kind_of(position)
        [row] = self.rows(f"SELECT * FROM {kind} v WHERE v.position = :position AND {as_of('v')}", position=position)
        return to_fields(kind, row._asdict()) | {"withdrawn": bool(row.withdrawn)}

    def text(self, source: str) -> str | None:
        """The archived text of a source, None if there is none or only its hash."""
        name = self.fields(self.position(source, "source")).get("text")
        return read_text(self.connection, name) if name else None

    # --- facts ---

    def facts(self, wanted: Filter, *, limit: int = 0, offset: int = 0) -> list[Fact]:
        """Facts that pass a filter, in an order that agrees with all stated orders, undated ones last; withdrawn ones only
        if their status is asked for."""
        clauses, given = self.clauses(wanted)
        if not wanted.status:
            clauses.append("p.status <> 'withdrawn'")
        query = _timeline(" AND ".join(clauses), self.now)
        return self.read_facts([*self.placed(query, limit=limit or EVERY, offset=offset, **given)])

    def fact(self, name: str) -> Fact:
        """One fact, with its citations."""
        position = self.position(name, "fact")
        row = next(self.placed(f"{FACT} WHERE p.fact = :fact", fact=position))
        return self.read_fact(row, tuple(self.citations([position])))

    def placed(self, template: str, *, lazily: bool = False, **given: object) -> Iterator[PlacedFact]:
        """The rows of a query that selects `PLACED`."""
        return map(PlacedFact._make, self.fetch(template, lazily=lazily, **given))

    def read_facts(self, rows: Sequence[PlacedFact]) -> list[Fact]:
        """Facts made of their rows; what decides where they lie is read for all of them together."""
        self._deciding.prepare(rows)
        return [self.read_fact(row) for row in rows]

    def read_fact(self, row: PlacedFact, citations: tuple[Citation, ...] | None = None) -> Fact:
        """A fact made of its row."""
        # Unpacked at once, since a page reads many: access by field name takes twice as long.
        (number, _, _, start_max, end_min, _, name, title, edtf, status, earliest, latest, conflicting, phrase, anchor,
         zone, place, participants, tags, attributes, shortest, longest, version, _, _, _, stands, _) = row  # fmt: skip
        begun_by = None
        if latest is None:
            begun_by = last_start(start_max, self.zone_of(zone))
        lasts = {}
        if shortest or longest:
            lasts = {end: length for end, length in (("min", shortest), ("max", longest)) if length}
        return Fact(
            name,
            title,
            edtf,
            status,
            earliest,
            latest,
            end_min >= FOREVER,
            bool(conflicting),
            phrase,
            anchor,
            zone,
            place,
            tuple(json.loads(participants)) if participants else (),
            tuple(json.loads(tags)) if tags else (),
            json.loads(attributes) if attributes else {},
            number,
            version,
            citations,
            begun_by,
            lasts,
            not is_dated(stands),
            self._deciding.limits(row, begun_by) if needs_deciding(row, begun_by) else None,
        )

    @cached_property
    def _deciding(self) -> Deciding:
        """The dates that decide where facts lie."""
        return Deciding(self.connection, self.at, self.zone, self.fetch)

    def with_citations(self, facts: Iterable[Fact]) -> Iterator[Fact]:
        """The same facts with their citations, a page at a time."""
        waiting = iter(facts)
        while page := list(islice(waiting, 1000)):
            about: dict[str, list[Citation]] = {}
            for citation in self.citations([fact.position for fact in page]):
                about.setdefault(citation.about, []).append(citation)
            yield from (fact._replace(citations=tuple(about.get(fact.id, ()))) for fact in page)

    # --- evidence ---

    @cached_property
    def witnesses(self) -> Witnesses:
        """The evidence."""
        return Witnesses(self.rows)

    def citations(self, about: Sequence[Position]) -> list[Citation]:
        """The live citations about facts or orderings."""
        return self.witnesses.about(about)

    # --- records ---

    def written(self, fields: JsonObject) -> JsonObject:
        """Fields as people write them: things by id, not by position."""
        return with_references(fields, self.name_of)

    def speaking_of(self, name: str) -> list[Citation]:
        """The live citations of a fact or an ordering."""
        return self.citations([self.position(name, "fact", "ordering")])

    # --- documents ---

    def zone_of(self, zone: str | None) -> Seconds:
        """A fact's own offset in seconds, or else the ledger's."""
        return parse_zone(zone) if zone else self.zone

    def held(self, positions: Iterable[Position], *, since_loaded: bool = False) -> dict[Position, Thing]:
        """The things introduced at some positions; with `since_loaded`, also their values since they were last loaded."""
        found: dict[Position, Thing] = {}
        for chunk in chunks(positions):
            given = {"positions": json.dumps(chunk)}
            among = "position @among(:positions)"
            things = {row.position: row for row in self.rows(f"SELECT * FROM thing WHERE {among}", **given)}
            self._ids.update((position, row.id) for position, row in things.items())
            # A redacted thing has no fields, and counts as withdrawn.
            gone = ((position, row.kind) for position, row in things.items() if row.kind in SILENT)
            found.update((position, Thing(position, kind, {}, {}, withdrawn=True)) for position, kind in gone)
            for kind in {row.kind for row in things.values()}.difference(SILENT):
                for row in self.rows(f"SELECT * FROM {kind} v WHERE v.{among} AND {as_of('v')}", **given):
                    by_hand = kind == "citation" and bool(row.by_hand)
                    fields = to_fields(kind, row._asdict())
                    found[row.position] = Thing(row.position, kind, fields, {}, bool(row.withdrawn), by_hand)
            if since_loaded:
                for position, row in things.items():
                    if row.version != position:
                        found[position] = self._since_loaded(found[position], json.loads(row.loaded or "{}"))
        return found

    def _since_loaded(self, held: Thing, loaded: dict[str, Position]) -> Thing:
        """A thing with the values of each changed field, from the one last loaded; `loaded` has the positions of these."""
        query = f"SELECT * FROM {held.kind} WHERE position = :position AND since <= :at ORDER BY since"
        said: dict[str, list[tuple[Position, Json]]] = {}
        for row in self.rows(query, position=held.position):
            fields = to_fields(held.kind, row._asdict()) | {"withdrawn": bool(row.withdrawn)}
            for name in (*FIELDS[held.kind], "withdrawn"):
                said.setdefault(name, []).append((row.since, fields.get(name)))
        history = {name: values for name, values in said.items() if any(value != values[0][1] for _, value in values)}
        since = {
            name: [value for position, value in values if position >= loaded.get(name, held.position)]
            for name, values in history.items()
        }
        changed = {name: values for name, values in since.items() if any(value != values[0] for value in values)}
        return held._replace(since_loaded=changed, history=history)

    def hash_at(self, position: int) -> str:
        """The hash of the record at a position, "" if there is none."""
        return next(
            (row.hash for row in self.rows("SELECT hash FROM record WHERE position = :position", position=position)), ""
        )

    def cited(self, about: Iterable[Position]) -> dict[Position, list[Position]]:
        """For each of some facts and orderings, the positions of its citations, including withdrawn ones."""
        found: dict[Position, list[Position]] = {}
        for chunk in chunks(about):
            rows = self.rows(
                """SELECT DISTINCT about, position FROM citation
                   WHERE about @among(:about) AND position <= :at ORDER BY position""",
                about=json.dumps(chunk),
            )
            for row in rows:
                found.setdefault(row.about, []).append(row.position)
        return found

    def citing(self, source: Position) -> list[Position]:
        """The positions of the citations of a source that are not withdrawn."""
        rows = self.rows(f"SELECT position FROM citation c WHERE c.source = :source AND {in_force('c')}", source=source)
        return sorted(row.position for row in rows)

    def filled(self, citations: Iterable[Position]) -> dict[Position, set[str]]:
        """For each of some citations, which of prefix and suffix were taken from a text because nobody gave them."""
        found: dict[Position, set[str]] = {}
        for chunk in chunks(citations):
            for row in self.rows(_SAID_OF_CITATIONS, subjects=chunk):
                found[row.subject] = filled_by(json.loads(row.payload), found.get(row.subject, ()))
        return found

    def quotes_by_source(self) -> dict[Position, int]:
        """By source, how many quotes can be checked, or once could: of sources whose text is kept, or is no longer named."""
        rows = self.rows(
            f"""SELECT c.source, count(*) AS quotes FROM citation c JOIN source s ON s.position = c.source AND {as_of("s")}
                WHERE {in_force("c")} AND c.quote IS NOT NULL AND s.withdrawn = 0
                AND (s.text IN (SELECT sha256 FROM archived_text) OR s.text IS NULL AND c.quote_check <> 'unchecked')
                GROUP BY c.source ORDER BY c.source"""
        )
        return {row.source: row.quotes for row in rows}
