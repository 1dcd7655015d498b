"""The projection: records folded into the tables that answer, one commit at a time, in the ledger's own transaction.

What stands in these tables follows from the ledger alone: folding it afresh gives the same rows, to the last
column. A row that no longer holds keeps its place with the position from which it did not, so earlier clocks stay
answerable. What was redacted was never said, on any clock: at its position stands a thing of kind `redacted`, whose id
tells nothing, and what refers to it counts nowhere.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table

from factstore.database import tables
from factstore.database.statements import fetch, fetch_named, run_many
from factstore.dates.ticks import parse_zone
from factstore.errors import Corrupt
from factstore.ledger import chain
from factstore.ledger.records import (
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
from factstore.progress import Progress, counted
from factstore.projection import search
from factstore.projection.live import chunks
from factstore.projection.placing import Outcome, Placing

_BATCH = 1000
#: Fields whose column has another name: SQL has taken theirs.
COLUMNS = {"when": "edtf", "start": "text_start", "end": "text_end", "check": "quote_check"}

#: What stands where a name or message was redacted.
REDACTED = "[redacted]"
#: The positions of redacted payloads.
REDACTIONS = "SELECT position FROM thing WHERE id >= '[redacted ' AND id < '[redacted!'"

#: Fields that bound time, by kind of thing and by the column that keeps the rank of what they say.
_RANKS = {
    "fact": {"rank": {"when", "zone"}, "lasts_rank": {"lasts"}},
    "citation": {"rank": {"stance", "said", "source"}},
    "source": {"rank": {"published"}},
    "ordering": {"rank": {"a", "relation", "b", "gap"}},
    "speaker": {},
}
#: Fields that are spans of time, kept as two columns.
_SPANS = {"gap", "lasts"}

_KINDS = {model: kind for kind, model in RECORDED.items()}


# --- fields as columns --------------------------------------------------------------------------------------


def to_columns(fields: dict[str, Any]) -> dict[str, Any]:
    """Payload fields as a row of their table: structured values as JSON text, absent and empty ones as null."""
    row: dict[str, Any] = {}
    for name, value in fields.items():
        if name in _SPANS:
            span = value or {}
            row |= {f"{name}_{end}": span.get(end) for end in ("min", "max")}
        elif isinstance(value, list | dict):
            row[COLUMNS.get(name, name)] = canonical(value) if value else None
        else:
            row[COLUMNS.get(name, name)] = value
    return row


def to_fields(kind: str, row: Any) -> dict[str, Any]:
    """The reverse: a row as payload fields, without what is not there."""
    fields: dict[str, Any] = {}
    for name in FIELDS[kind].model_fields:
        if name in _SPANS:
            span = {end: row[f"{name}_{end}"] for end in ("min", "max") if row[f"{name}_{end}"] is not None}
            if span:
                fields[name] = span
            continue
        value = row[COLUMNS.get(name, name)]
        if value is None:
            continue
        fields[name] = json.loads(value) if name in _JSON else value
    return fields


def ranks(kind: str, changes: Mapping[str, Any], position: int) -> dict[str, int | None]:
    """The ranks that a correction at a position gives to what a thing says about time; of a length taken away, none."""
    found: dict[str, int | None] = {
        column: position for column, fields in _RANKS[kind].items() if not fields.isdisjoint(changes)
    }
    if changes.get("lasts", ...) in (None, {}):
        found["lasts_rank"] = None
    return found


_JSON = {"aliases", "participants", "tags", "attributes", "attribution"}


# --- the fold -----------------------------------------------------------------------------------------------


class Fold:
    """One commit on its way into the tables: `record` for each of its records, then `finish`."""

    def __init__(self, connection: Connection, zone: int | None = None, redacted: set[int] | None = None) -> None:
        self._connection = connection
        self.zone = zone
        self.redacted = {number for (number,) in fetch(connection, REDACTIONS)} if redacted is None else redacted
        #: Writes the records that the rows which wait refer to. SQLite is slow where a row comes before what it refers to.
        self.records_first: Callable[[], None] = lambda: None
        self._waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._introduced: set[int] = set()
        self._count = 0
        self._first: int | None = None
        # What may stand elsewhere in time now: facts, other things that say where facts stand, and sources of those.
        self._facts: set[int] = set()
        self._others: set[int] = set()
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
            self.flush()

    def flush(self) -> None:
        """Write the rows that wait."""
        self.records_first()
        for table in tables.PROJECTION:
            rows = self._waiting.pop(table.name, None)
            if rows:
                run_many(self._connection, _INSERT[table.name], rows)
        self._count = 0
        self._introduced.clear()

    def _recorded(self, kind: str, position: int, payload: Payload) -> None:
        fields = payload.plain()
        name = fields.pop("id")
        self._add("thing", {"position": position, "kind": kind, "id": name, "version": position, "loaded": None})
        more: dict[str, Any] = {}
        if kind == "citation":
            more = {"about": fields.pop("about"), "by_hand": fields.pop("by_hand", None)}
            fields.pop("filled", None)  # who looks for the quote again reads it in the record
        fields = self._without_redacted(fields) if self.redacted else fields
        self._introduced.add(position)
        self._add(kind, _version(kind, position, fields) | more)
        self._touch(kind, position, more.get("about"))

    def _touch(self, kind: str, position: int, about: int | None) -> None:
        """Note what may stand elsewhere in time now."""
        if kind == "fact":
            self._facts.add(position)
        elif kind == "ordering":
            self._others.add(position)
        elif about is not None and about not in self._facts:
            self._others.add(about)
        elif kind == "source" and position < (self._first or 0):
            self._sources.add(position)

    def _current(self, position: int) -> tuple[str, dict[str, Any]]:
        """The kind of a thing, and the row of its present version."""
        if position in self._introduced:
            self.flush()
        (kind,) = next(fetch(self._connection, "SELECT kind FROM thing WHERE position = ?", (position,)), (None,))
        if kind is None:
            raise Corrupt(f"a record is about position {position}, which introduced nothing")
        [row] = fetch_named(self._connection, f"SELECT * FROM {kind} WHERE position = ? AND until IS NULL", (position,))
        return kind, row._asdict()

    def _next_version(self, record: Record, kind: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        """Close the present version of the record's subject and open another."""
        ends = [(record.position, old["position"])]
        run_many(self._connection, f"UPDATE {kind} SET until = ? WHERE position = ? AND until IS NULL", ends)
        run_many(self._connection, _INSERT[kind], [old | new | {"since": record.position, "until": None}])
        run_many(self._connection, "UPDATE thing SET version = ? WHERE position = ?", ends)
        self._touch(kind, old["position"], old.get("about"))

    def _corrected(self, record: Record, payload: Corrected) -> None:
        kind, old = self._current(record.header.subject)
        changes = self._without_redacted(payload.changes) if self.redacted else payload.changes
        if payload.loaded:
            self._note_loaded(record, changes)
        new = to_columns(changes) | ranks(kind, changes, record.position)
        if kind == "ordering":
            self._others.update((old["a"], old["b"]))
        self._next_version(record, kind, old, new)

    def _note_loaded(self, record: Record, fields: Iterable[str]) -> None:
        """Remember where a document last gave these fields a value; of the others, where the thing was introduced."""
        subject = record.header.subject
        [(found,)] = fetch(self._connection, "SELECT loaded FROM thing WHERE position = ?", (subject,))
        loaded = canonical(json.loads(found or "{}") | dict.fromkeys(fields, record.position))
        run_many(self._connection, "UPDATE thing SET loaded = ? WHERE position = ?", [(loaded, subject)])

    def _set_withdrawn(self, record: Record, *, withdrawn: bool) -> None:
        kind, old = self._current(record.header.subject)
        self._next_version(record, kind, old, {"withdrawn": int(withdrawn)})

    # --- the commit's end ---

    def finish(self, commit: int) -> Outcome:
        """Judge the live constraints and place the facts that the commit touched. `commit` is its last position."""
        self.flush()
        if self.zone is None:
            self.zone = parse_zone(chain.created(self._connection).zone)
        touched = self._touched_facts()
        prior = (self._first or commit) - 1
        search.update(self._connection, touched, prior, commit)
        return Placing(self._connection, self.zone, prior, commit).place(touched)

    def _touched_facts(self) -> set[int]:
        """The facts that this commit may have moved: also through their sources and through orderings."""
        for given in _listed(self._sources):
            self._others.update(number for (number,) in fetch(self._connection, _CITED, given))
        for given in _listed(self._others):
            self._facts.update(number for (number,) in fetch(self._connection, _FACTS_OF, given))
        return self._facts


_INSERT = {
    table.name: f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"
    for table in tables.PROJECTION
    for names in [[column.name for column in table.columns]]
}
_CITED = "SELECT DISTINCT about FROM citation WHERE source IN (SELECT value FROM json_each(:numbers))"
_FACTS_OF = """WITH given AS (SELECT value FROM json_each(:numbers))
               SELECT position FROM thing WHERE kind = 'fact' AND position IN (
                   SELECT value FROM given
                   UNION SELECT a FROM ordering WHERE position IN given
                   UNION SELECT b FROM ordering WHERE position IN given)"""


def _listed(numbers: Iterable[int]) -> Iterator[dict[str, str]]:
    """Numbers as JSON arrays, so many at a time."""
    for chunk in chunks(numbers):
        yield {"numbers": json.dumps(chunk)}


def _tombstone(position: int) -> str:
    """What stands for a thing that was redacted. No id that anybody gives has brackets in it."""
    return f"[redacted {position}]"


def _version(kind: str, position: int, fields: dict[str, Any]) -> dict[str, Any]:
    """A row of the first version, every column there (rows of one insert have the same keys)."""
    row = _EMPTY[kind] | to_columns(fields)
    row["position"] = row["since"] = row["rank"] = position
    if fields.get("lasts"):
        row["lasts_rank"] = position
    return row


_EMPTY: dict[str, dict[str, Any]] = {
    kind: dict.fromkeys(column.name for column in table.columns)
    | {"withdrawn": 0}
    | ({"stance": "asserts"} if kind == "citation" else {})
    for kind, table in tables.VERSIONED.items()
}


# --- whole ledgers ------------------------------------------------------------------------------------------


def replay(connection: Connection, records: Iterable[Record]) -> None:
    """Fold records into an empty projection, commit by commit. Raises Corrupt at the first that cannot be read."""
    fold = Fold(connection, redacted=set())
    for record in records:
        fold.record(record, record.decode())
        if record.header.kind == Commit.KIND:
            fold.finish(record.position)
            fold = Fold(connection, fold.zone, fold.redacted)


def rebuild(connection: Connection, progress: Progress | None = None) -> None:
    """Throw the projection away and fold the ledger afresh."""
    for table in reversed(tables.PROJECTION):
        connection.execute(table.delete())
    search.clear(connection)
    replay(connection, counted(chain.read(connection), progress, chain.head(connection).position))


def differences(
    connection: Connection, fresh: Connection, tables: Iterable[Table] = tables.PROJECTION
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row by which a projection is not a fresh fold: (table and whether missing or wrong, the row's key)."""
    for table in tables:
        names = [column.name for column in table.columns]
        keys = [column.name for column in table.primary_key.columns]
        places = [names.index(key) for key in keys]
        query = f"SELECT {', '.join(names)} FROM {table.name} ORDER BY {', '.join(keys)}"
        ours, theirs = (fetch(one, query) for one in (connection, fresh))
        have, want = next(ours, None), next(theirs, None)
        while have is not None or want is not None:
            if have == want:
                have, want = next(ours, None), next(theirs, None)
                continue
            ends = [tuple(row[place] for place in places) if row else None for row in (have, want)]
            first = min(end for end in ends if end is not None)
            key = dict(zip(keys, first, strict=True))
            if have is None or ends[0] != first:
                yield f"{table.name}: a row is missing", key
                want = next(theirs, None)
            elif want is None or ends[1] != first:
                yield f"{table.name}: a row too many", key
                have = next(ours, None)
            else:
                wrong = ", ".join(name for name, one, other in zip(names, have, want, strict=True) if one != other)
                yield f"{table.name}: {wrong} is not as recorded", key
                have, want = next(ours, None), next(theirs, None)
