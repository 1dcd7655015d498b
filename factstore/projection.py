"""The projection: records folded into the tables that answer, one commit at a time, in the ledger's own transaction.

What stands in these tables follows from the ledger alone: folding it afresh gives the same rows, to the last
column. A row that no longer holds keeps its place with the position from which it did not, so earlier clocks stay
answerable. What was redacted was never said, on any clock: at its position stands a thing of kind `redacted`, whose id
tells nothing, and what refers to it counts nowhere.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, select, text

from factstore import fulltext, ledger, schema
from factstore.dates import parse_zone
from factstore.errors import Corrupt
from factstore.evidence import derive_status
from factstore.live import FACTS, Constraints, Loader, chunks, ends_of, live_constraints, set_aside
from factstore.network import TIME, UNBOUNDED, Bounds, Edge, Network, Support, irreducible
from factstore.records import (
    FIELDS,
    RECORDED,
    Commit,
    Corrected,
    LedgerCreated,
    Payload,
    Record,
    Restored,
    Withdrawn,
    canonical,
)
from factstore.timeline import (
    Constraint,
    date_constraint,
    first_of,
    last_of,
    place_alone,
    width_class,
)

_BATCH = 1000
#: So many constraints are followed one by one, as far as each changes anything; more are put in force together.
_FEW = 16

#: Fields whose column has another name: SQL has taken theirs.
COLUMNS = {"when": "edtf", "start": "text_start", "end": "text_end", "check": "quote_check"}

#: What stands where a name or message was redacted.
REDACTED = "[redacted]"
#: The positions of redacted payloads.
REDACTIONS = text("SELECT position FROM thing WHERE id >= '[redacted ' AND id < '[redacted!'")

#: Fields that bound time, by kind of thing: a correction of one of them takes its own rank.
BOUNDING = {
    "fact": {"when", "zone"},
    "citation": {"stance", "said", "source"},
    "source": {"published"},
    "ordering": {"a", "relation", "b", "gap"},
    "speaker": set(),
}

_KINDS = {model: kind for kind, model in RECORDED.items()}


class SetAside(NamedTuple):
    """A constraint that contradicts those before it, with an irreducible chain of them that ends in itself."""

    item: int
    chain: list[int]


class Outcome(NamedTuple):
    """What a commit did to time: facts placed anew, and constraints newly set aside."""

    placed: list[int]
    set_aside: list[SetAside]


# --- fields as columns --------------------------------------------------------------------------------------


def to_columns(fields: dict[str, Any]) -> dict[str, Any]:
    """Payload fields as a row of their table: structured values as JSON text, absent and empty ones as null."""
    row: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "gap":
            gap = value or {}
            row |= {"gap_min": gap.get("min"), "gap_max": gap.get("max")}
        elif isinstance(value, list | dict):
            row[COLUMNS.get(name, name)] = canonical(value) if value else None
        else:
            row[COLUMNS.get(name, name)] = value
    return row


def to_fields(kind: str, row: Any) -> dict[str, Any]:
    """The reverse: a row as payload fields, without what is not there."""
    fields: dict[str, Any] = {}
    for name in FIELDS[kind].model_fields:
        if name == "gap":
            gap = {end: row[f"gap_{end}"] for end in ("min", "max") if row[f"gap_{end}"] is not None}
            if gap:
                fields["gap"] = gap
            continue
        value = row[COLUMNS.get(name, name)]
        if value is None:
            continue
        fields[name] = json.loads(value) if name in _JSON else value
    return fields


_JSON = {"aliases", "participants", "tags", "attributes", "attribution"}


# --- the fold -----------------------------------------------------------------------------------------------


class Fold:
    """One commit on its way into the tables: `record` for each of its records, then `finish`."""

    def __init__(self, connection: Connection, zone: int | None = None, redacted: set[int] | None = None) -> None:
        self._connection = connection
        self.zone = zone
        self.redacted = set(connection.execute(REDACTIONS).scalars()) if redacted is None else redacted
        self._waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._count = 0
        self._first: int | None = None
        self._ids: dict[int, str] = {}
        self._touched: set[int] = set()
        self._sources: set[int] = set()

    # --- records ---

    def record(self, record: Record, payload: Payload | None) -> None:
        """Fold one record. A payload that was redacted says nothing, and nothing is said of what it introduced."""
        if self._first is None:
            self._first = record.position
        if payload is None:
            self._redacted(record)
            return
        if record.header.subject in self.redacted:
            return
        kind = _KINDS.get(type(payload))
        if isinstance(payload, LedgerCreated):
            self.zone = parse_zone(payload.zone)
        elif kind:
            self._recorded(kind, record.position, payload)
        elif isinstance(payload, Corrected):
            self._corrected(record, payload)
        elif isinstance(payload, Withdrawn | Restored):
            self._set_withdrawn(record, withdrawn=isinstance(payload, Withdrawn))
        elif isinstance(payload, Commit):
            by = payload.by
            said = {"name": by.name, "kind": by.kind, "tool": payload.tool, "message": payload.message}
            self._committed(record, said)

    def _committed(self, record: Record, said: dict[str, str]) -> None:
        first = self._first or record.position
        row = {"position": record.position, "first": first, "records": record.position - first}
        self._add("committed", row | {"recorded_at": record.header.recorded_at} | said)

    def _redacted(self, record: Record) -> None:
        self.redacted.add(record.position)
        position, name = record.position, _tombstone(record.position)
        self._add("thing", {"position": position, "kind": "redacted", "id": name, "version": position, "loaded": None})
        if record.header.kind == Commit.KIND:
            self._committed(record, dict.fromkeys(("name", "kind", "tool", "message"), REDACTED))

    def _without_redacted(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Fields whose links to what was redacted are gone; only a citation's source and an ordering's ends are left."""
        fields = dict(fields)
        for name in {"seen_through", "of"} & fields.keys():
            fields[name] = None if fields[name] in self.redacted else fields[name]
        if fields.get("attribution"):
            links = fields["attribution"]
            fields["attribution"] = [_tombstone(link) if link in self.redacted else link for link in links]
        return fields

    def _add(self, table: str, row: dict[str, Any]) -> None:
        self._waiting[table].append(row)
        self._count += 1
        if self._count >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        for table in schema.PROJECTION:
            rows = self._waiting.pop(table.name, None)
            if rows:
                self._connection.execute(table.insert(), rows)
        self._count = 0

    def _recorded(self, kind: str, position: int, payload: Payload) -> None:
        fields = payload.plain()
        name = fields.pop("id")
        self._add("thing", {"position": position, "kind": kind, "id": name, "version": position, "loaded": None})
        more: dict[str, Any] = {}
        if kind == "citation":
            more = {"about": fields.pop("about"), "by_hand": fields.pop("by_hand", None)}
        fields = self._without_redacted(fields) if self.redacted else fields
        self._add(kind, _version(kind, position, position, fields) | more)
        self._touch(kind, position, more.get("about"))

    def _touch(self, kind: str, position: int, about: int | None) -> None:
        """Note what may stand elsewhere in time now."""
        if kind == "source":
            self._sources.add(position)
        else:
            self._touched.add(position if about is None else about)

    def _current(self, position: int) -> tuple[str, Any]:
        """The kind of a thing, and the row of its present version."""
        self._flush()
        kind = self._connection.execute(
            text("SELECT kind FROM thing WHERE position = :position"), {"position": position}
        ).scalar()
        if kind is None:
            raise Corrupt(f"a record is about position {position}, which introduced nothing")
        table = schema.VERSIONED[kind]
        row = self._connection.execute(
            select(table).where(table.c.position == position, table.c.until.is_(None))
        ).mappings()
        return kind, row.one()

    def _next_version(self, record: Record, kind: str, old: Any, new: dict[str, Any]) -> None:
        """Close the present version of the record's subject and open another."""
        table = schema.VERSIONED[kind]
        self._connection.execute(
            table.update().where(table.c.position == old["position"], table.c.until.is_(None)),
            {"until": record.position},
        )
        self._connection.execute(table.insert(), dict(old) | new | {"since": record.position, "until": None})
        self._connection.execute(
            schema.thing.update().where(schema.thing.c.position == old["position"]), {"version": record.position}
        )
        self._touch(kind, old["position"], old.get("about"))

    def _corrected(self, record: Record, payload: Corrected) -> None:
        kind, old = self._current(record.header.subject)
        changes = self._without_redacted(payload.changes) if self.redacted else payload.changes
        if payload.loaded:
            self._note_loaded(record, changes)
        new = to_columns(changes)
        if BOUNDING[kind] & changes.keys():
            new["rank"] = record.position
        if kind == "ordering":
            self._touched.update((old["a"], old["b"]))
        self._next_version(record, kind, old, new)

    def _note_loaded(self, record: Record, fields: Iterable[str]) -> None:
        """Remember where a document last gave these fields a value; of the others, where the thing was introduced."""
        thing, position = schema.thing, record.header.subject
        found = self._connection.execute(select(thing.c.loaded).where(thing.c.position == position)).scalar()
        loaded = canonical(json.loads(found or "{}") | dict.fromkeys(fields, record.position))
        self._connection.execute(thing.update().where(thing.c.position == position), {"loaded": loaded})

    def _set_withdrawn(self, record: Record, *, withdrawn: bool) -> None:
        kind, old = self._current(record.header.subject)
        self._next_version(record, kind, old, {"withdrawn": int(withdrawn)})

    # --- the commit's end ---

    def finish(self, commit: int) -> Outcome:
        """Judge the live constraints and place the facts that the commit touched. `commit` is its last position."""
        self._flush()
        if self.zone is None:
            self.zone = parse_zone(ledger.created(self._connection).zone)
        touched = self._touched_facts()
        if not touched:
            return Outcome([], [])
        prior = (self._first or commit) - 1
        fulltext.update(self._connection, touched, prior, commit)
        new = live_constraints(self._connection, touched, commit, self.zone)
        old = live_constraints(self._connection, (f for f in touched if f <= prior), prior, self.zone)
        aside = set_aside(self._connection, prior)
        conflicts: dict[int, list[int]] = {}
        places: dict[int, tuple[Bounds, Support]] = {}
        tied = []
        for fact in sorted(touched):
            if new.ties.get(fact) or old.ties.get(fact):
                tied.append(fact)
                continue
            own = {by: new.every[by] for by in new.own.get(fact, ())}
            places[fact] = place_alone(own.values()) or self._judge_afresh(own, [fact], conflicts)[fact]
        if tied:
            places |= self._judge(tied, old, new, aside, conflicts, commit)
        new.update(live_constraints(self._connection, places.keys() - new.zones.keys(), commit, self.zone))
        self._write_ties(new, places, conflicts, commit)
        outcome = self._write_aside(sorted(places), aside, conflicts, old, new, commit)
        self._place(places, new, conflicts, commit)
        return outcome

    def settle(self, parts: Iterable[list[int]], at: int) -> None:
        """Judge and place whole connected parts, in tables that hold one position only and nothing of these facts yet."""
        parts = list(parts)
        live = live_constraints(self._connection, (fact for part in parts for fact in part), at, self.zone or 0)
        conflicts: dict[int, list[int]] = {}
        places: dict[int, tuple[Bounds, Support]] = {}
        for part in parts:
            said = {by: live.every[by] for fact in part for by in (*live.own.get(fact, ()), *live.ties.get(fact, ()))}
            alone = place_alone(said.values()) if len(part) == 1 else None
            places |= {part[0]: alone} if alone else self._judge_afresh(said, part, conflicts)
        self._write_ties(live, places, conflicts, at)
        self._write_aside(sorted(places), {}, conflicts, Constraints(), live, at)
        self._place(places, live, conflicts, at)

    def _touched_facts(self) -> set[int]:
        """The facts that this commit may have moved: also through their sources and through orderings."""
        for chunk in chunks(self._sources):
            self._touched.update(self._connection.execute(_CITED, {"facts": chunk}).scalars())
        for chunk in chunks(self._touched):
            for row in self._connection.execute(_JOINED, {"facts": chunk}):
                self._touched.update(row)
        for chunk in chunks(self._touched):
            self._ids.update(map(tuple, self._connection.execute(_NAMES, {"facts": chunk})))
        return self._touched & self._ids.keys()

    def _judge(
        self,
        tied: list[int],
        old: Constraints,
        new: Constraints,
        aside: dict[int, list[int]],
        conflicts: dict[int, list[int]],
        commit: int,
    ) -> dict[int, tuple[Bounds, Support]]:
        """Place facts that orderings tie together: by what changed, or where something contradicts, as a whole part."""
        # Also the facts that an ordering tied to these before, or does now: a part may fall into several.
        near = set(tied)
        ends = [ends_of(constraint) for side in (old, new) for constraint in side.every.values()]
        near.update(*[both for both in ends if not both.isdisjoint(near)])
        whole = self._whole_part(near, commit) if aside else None
        if whole is None or not aside.keys() & (whole.every.keys() | old.every.keys()):
            network = self._judge_changes(old, new, tied, (self._first or commit) - 1)
            if network is not None:
                moved = {*network.changed(), *near}
                return {fact: (network.bounds(fact), network.support(fact)) for fact in sorted(moved)}
        whole = whole or self._whole_part(near, commit)
        new.update(whole)
        return self._judge_afresh(whole.every, sorted({*whole.zones, *near}), conflicts)

    def _judge_changes(self, old: Constraints, new: Constraints, tied: list[int], prior: int) -> Network | None:
        """Take out what no longer holds and put in what is new, from the facts touched as far as bounds change.

        None where something contradicts: then the whole connected part has to be judged in rank order.
        """
        network = Network(Loader(self._connection, prior, self.zone or 0))
        within = set(tied)
        before = {by: c for by, c in old.every.items() if ends_of(c) & within}
        after = {by: c for by, c in new.every.items() if ends_of(c) & within}
        held, wanted = ({edge for c in side.values() for edge in c.edges} for side in (before, after))
        kept = held & wanted
        network.remove(sorted(held - kept))
        fresh = [
            [edge for edge in constraint.edges if edge not in kept]
            for constraint in sorted(after.values())
            if not kept.issuperset(constraint.edges)
        ]
        if len(fresh) > _FEW:
            return network if network.add_all(edge for edges in fresh for edge in edges) else None
        return None if any(network.add(edges) for edges in fresh) else network

    def _whole_part(self, facts: Iterable[int], at: int) -> Constraints:
        """The live constraints of everything that orderings connect with these facts."""
        whole = Constraints()
        frontier = set(facts)
        seen: set[int] = set()
        while frontier:
            found = live_constraints(self._connection, frontier, at, self.zone or 0)
            whole.update(found)
            seen |= frontier
            frontier = {end for constraint in found.every.values() for end in ends_of(constraint)} - seen
        return whole

    def _judge_afresh(
        self, constraints: dict[int, Constraint], facts: list[int], conflicts: dict[int, list[int]]
    ) -> dict[int, tuple[Bounds, Support]]:
        """Put constraints in force in rank order; what contradicts those before it is set aside, with its chain."""
        network = Network()
        in_force: dict[int, Collection[Edge]] = {}

        def judge(ranked: Sequence[Constraint]) -> None:
            # Together where they agree; where they do not, in halves, so that each is judged after those before it.
            if network.add_all(edge for constraint in ranked for edge in constraint.edges):
                in_force.update((constraint.by, constraint.edges) for constraint in ranked)
            elif len(ranked) > 1:
                judge(ranked[: len(ranked) // 2])
                judge(ranked[len(ranked) // 2 :])
            else:
                (constraint,) = ranked
                cycle = network.add(constraint.edges)
                edges = in_force | {constraint.by: constraint.edges}
                if cycle is None:
                    in_force.update(edges)
                else:
                    conflicts[constraint.by] = irreducible(cycle, edges.__getitem__)

        judge(sorted(constraints.values()))
        return {fact: (network.bounds(fact), network.support(fact)) for fact in facts}

    def _write_ties(
        self, new: Constraints, facts: Collection[int], conflicts: dict[int, list[int]], commit: int
    ) -> None:
        """Keep the orderings that are in force beside each other, those that touch these facts."""
        want = {by for fact in facts for by in new.ties.get(fact, ()) if by not in conflicts}
        have = {
            row.ordering: row for chunk in chunks(facts) for row in self._connection.execute(_TIED, {"facts": chunk})
        }
        said = {
            row.ordering: row for chunk in chunks(want) for row in self._connection.execute(_ORDERED, {"facts": chunk})
        }
        for by in sorted(have.keys() | said.keys()):
            if have.get(by) == said.get(by):
                continue
            if by in have:
                self._connection.execute(_UNTIE, {"ordering": by, "until": commit})
            if by in said:
                self._add("tie", {**said[by]._mapping, "since": commit, "until": None})
        self._flush()

    def _write_aside(
        self,
        placed: list[int],
        aside: dict[int, list[int]],
        conflicts: dict[int, list[int]],
        old: Constraints,
        new: Constraints,
        commit: int,
    ) -> Outcome:
        """Keep what is set aside, of all that was judged."""
        outcome = Outcome(placed, [])
        for item, chain in aside.items():
            if item in (old.every.keys() | new.every.keys()) and conflicts.get(item) != chain:
                self._connection.execute(_RELEASE, {"until": commit, "item": item})
        for item, chain in sorted(conflicts.items()):
            if aside.get(item) != chain:
                self._add("set_aside", {"item": item, "since": commit, "until": None, "chain": json.dumps(chain)})
            if item not in aside:
                outcome.set_aside.append(SetAside(item, chain))
        self._flush()
        return outcome

    # --- placements ---

    def _place(
        self,
        places: dict[int, tuple[Bounds, Support]],
        new: Constraints,
        conflicts: dict[int, list[int]],
        commit: int,
    ) -> None:
        """Write the placements that changed; the ones before them go into the history."""
        for chunk in chunks(places):
            current = {row.fact: row for row in self._connection.execute(_PLACED, {"facts": chunk})}
            unnamed = [fact for fact in chunk if fact not in self._ids]
            self._ids.update(map(tuple, self._connection.execute(_NAMES, {"facts": unnamed})))
            fresh, first_change, changed = [], [], []
            for fact in chunk:
                row = self._placement_row(fact, *places[fact], new, conflicts)
                held = current.get(fact)
                if held is None:
                    fresh.append(row | {"since": commit, "revised": 0})
                elif any(held._mapping[name] != value for name, value in row.items()):
                    changed.append(row | {"since": commit, "revised": 1, "until": None})
                    if not held.revised:
                        first_change.append({"fact": fact})
            if fresh:
                self._connection.execute(schema.placement.insert(), fresh)
            if first_change:
                self._connection.execute(_TO_HISTORY, first_change)
            if changed:
                self._connection.execute(_CLOSE, [{"fact": row["fact"], "until": commit} for row in changed])
                self._connection.execute(schema.placement_history.insert(), changed)
                self._connection.execute(_REPLACE, changed)

    def _placement_row(
        self, fact: int, bounds: Bounds, support: Support, new: Constraints, conflicts: dict[int, list[int]]
    ) -> dict[str, Any]:
        withdrawn = fact not in new.zones
        if withdrawn:
            zone, bounds, support = self._own_placement(fact)
        else:
            zone = new.zones[fact]
        own = (*new.own.get(fact, ()), *new.ties.get(fact, ()))
        return {
            "fact": fact,
            "id": self._ids[fact],
            "status": "withdrawn" if withdrawn else derive_status(new.stances.get(fact, ())),
            "earliest": first_of(bounds, zone),
            "latest": last_of(bounds, zone),
            **dict(zip(_BOUNDS, bounds, strict=True)),
            **dict(zip(_BY, support, strict=True)),
            "width": width_class(bounds),
            "tied": int(bool(new.ties.get(fact))),
            "conflicting": int(any(by in conflicts for by in own)),
        }

    def _own_placement(self, fact: int) -> tuple[int, Bounds, Support]:
        """Where a withdrawn fact's own date puts it: it takes part in no order and no evidence bounds it."""
        row = self._connection.execute(
            text("SELECT rank, edtf, zone FROM fact WHERE position = :fact AND until IS NULL"),
            {"fact": fact},
        ).one()
        zone = parse_zone(row.zone) if row.zone else self.zone or 0
        dated = [date_constraint(fact, fact, row.edtf, zone)] if row.edtf and row.rank else []
        return zone, *(place_alone(dated) or (UNBOUNDED, Support(TIME, TIME, TIME, TIME)))


_BOUNDS = Bounds._fields
_BY = tuple(f"{name}_by" for name in Support._fields)
_COLUMNS = [column.name for column in schema.placement.columns if column.name != "fact"]

_PLACED = text("SELECT * FROM placement WHERE fact IN :facts").bindparams(FACTS)
_CITED = text("SELECT DISTINCT about FROM citation WHERE source IN :facts").bindparams(FACTS)
_JOINED = text("SELECT a, b FROM ordering WHERE position IN :facts").bindparams(FACTS)
_NAMES = text("SELECT position, id FROM thing WHERE position IN :facts AND kind = 'fact'").bindparams(FACTS)
_TIED = text(
    """SELECT ordering, a, relation, b, gap_min, gap_max FROM tie
       WHERE until IS NULL AND (a IN :facts OR b IN :facts)"""
).bindparams(FACTS)
_ORDERED = text(
    """SELECT position AS ordering, a, relation, b, gap_min, gap_max FROM ordering
       WHERE position IN :facts AND until IS NULL"""
).bindparams(FACTS)
_RELEASE = text("UPDATE set_aside SET until = :until WHERE item = :item AND until IS NULL")
_UNTIE = text("UPDATE tie SET until = :until WHERE ordering = :ordering AND until IS NULL")
_TO_HISTORY = text(
    f"""INSERT INTO placement_history (fact, until, {", ".join(_COLUMNS)})
        SELECT fact, NULL, {", ".join(_COLUMNS)} FROM placement WHERE fact = :fact"""
)
_CLOSE = text("UPDATE placement_history SET until = :until WHERE fact = :fact AND until IS NULL")
_REPLACE = text(f"UPDATE placement SET {', '.join(f'{name} = :{name}' for name in _COLUMNS)} WHERE fact = :fact")


def _tombstone(position: int) -> str:
    """What stands for a thing that was redacted. No id that anybody gives has brackets in it."""
    return f"[redacted {position}]"


def _version(kind: str, position: int, since: int, fields: dict[str, Any]) -> dict[str, Any]:
    """A row of the first version, every column there (rows of one insert have the same keys)."""
    empty = dict.fromkeys(FIELDS[kind].model_fields)
    row = to_columns(empty | fields)
    if kind == "citation":
        row["stance"] = row["stance"] or "asserts"
    return row | {"position": position, "since": since, "until": None, "withdrawn": 0, "rank": position}


# --- whole ledgers ------------------------------------------------------------------------------------------


def replay(connection: Connection, records: Iterable[Record]) -> None:
    """Fold records into an empty projection, commit by commit. Raises Corrupt at the first that cannot be read."""
    fold = Fold(connection, redacted=set())
    for record in records:
        fold.record(record, record.decode())
        if record.header.kind == Commit.KIND:
            fold.finish(record.position)
            fold = Fold(connection, fold.zone, fold.redacted)


def rebuild(connection: Connection) -> None:
    """Throw the projection away and fold the ledger afresh."""
    for table in reversed(schema.PROJECTION):
        connection.execute(table.delete())
    fulltext.clear(connection)
    replay(connection, ledger.read(connection))


def differences(
    connection: Connection, fresh: Connection, tables: Iterable[Table] = schema.PROJECTION
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row by which a projection is not a fresh fold: (table and whether missing or wrong, the row's key)."""
    for table in tables:
        names = [column.name for column in table.primary_key.columns]
        query = select(table).order_by(*table.primary_key.columns)
        rows = merge(
            (({n: row[n] for n in names}, 0, row) for row in connection.execute(query).mappings()),
            (({n: row[n] for n in names}, 1, row) for row in fresh.execute(query).mappings()),
            key=lambda item: tuple(item[0].values()),
        )
        for key, group in groupby(rows, key=lambda item: item[0]):
            sides = {side: row for _, side, row in group}
            have, want = sides.get(0), sides.get(1)
            if want is None:
                yield f"{table.name}: a row too many", key
            elif have is None:
                yield f"{table.name}: a row is missing", key
            elif have != want:
                wrong = ", ".join(name for name in want if have[name] != want[name])
                yield f"{table.name}: {wrong} is not as recorded", key
