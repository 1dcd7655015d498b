"""The projection: folds records into the tables that answer questions, commit by commit, in the ledger's transaction.

The tables follow from the ledger alone: folding it afresh gives the same rows, to the last column. A row that no longer
holds is kept, with the position from which it did not, so that questions about earlier states can be answered. Redacted
records count as if they had never said anything, on any clock: at their position is a thing of kind `redacted`, whose id
reveals nothing, and things that refer to it count nowhere.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableSequence

from factstore.database.buffer import Buffer, columns
from factstore.database.engine import Connection
from factstore.database.statements import fetch, fetch_named, insert, run_many
from factstore.dates.ticks import parse_zone
from factstore.errors import Corrupt
from factstore.ledger import chain
from factstore.ledger.canonical import canonical
from factstore.ledger.record import Record
from factstore.ledger.references import ABOVE
from factstore.plain import Json, JsonObject
from factstore.projection import search
from factstore.projection.columns import ColumnValues, ranks, to_columns
from factstore.projection.live import chunks
from factstore.projection.placing import Outcome, Placing
from factstore.projection.tombstones import REDACTED, REDACTIONS, WITHHELD, tombstone
from factstore.units import Position, Seconds


class Fold:
    """Folds one commit into the tables: call `record` for each of its records, then `finish`."""

    def __init__(
        self,
        connection: Connection,
        buffer: Buffer,
        zone: Seconds | None = None,
        redacted: set[Position] | None = None,
        withheld: Collection[Position] = (),
    ) -> None:
        """`withheld`: positions of payloads that a part of a ledger lacks; they are folded as if redacted."""
        self._connection = connection
        self._buffer = buffer
        self.zone = zone
        self.redacted = {number for (number,) in fetch(connection, REDACTIONS)} if redacted is None else redacted
        self._withheld = withheld
        # Things introduced since rows were last written, which may not be in their tables yet.
        self._introduced: set[Position] = set()
        self._written = buffer.written
        self._first: Position | None = None
        # New facts, in their order. A commit may have millions: an array takes a tenth of a set's memory.
        self._new: MutableSequence[Position] = array("q")  # type: ignore[assignment]  # it knows no types of its own
        # What else may have moved in time: facts, other things that place facts, and their sources.
        self._facts: set[Position] = set()
        self._others: set[Position] = set()
        self._sources: set[Position] = set()
        # The facts that an ordering may tie to others since this commit.
        self._ordered: set[Position] = set()

    # --- records ---

    def record(self, record: Record, said: Mapping[str, Json] | None) -> None:
        """Fold one record with its payload as a JSON mapping.

        The payload is None if it was redacted; then a thing that it introduced has no values.
        """
        if self._first is None:
            self._first = record.position
        if said is None:
            self._redacted(record)
            return
        if record.header.subject in self.redacted:
            return
        kind, _, act = record.header.kind.partition(".")
        if act == "created":
            self.zone = parse_zone(said["zone"])
        elif act == "recorded":
            self._recorded(kind, record.position, said)
        elif act == "corrected":
            self._corrected(record, said)
        elif kind in ("withdrawn", "restored"):
            self._set_withdrawn(record, withdrawn=kind == "withdrawn")
        elif kind == "commit":
            who = {name: said["by"][name] for name in ("name", "kind")}
            more = {"tool": said["tool"], "message": said["message"], "request": said.get("request")}
            self._committed(record, who | more)
        elif kind == "redacted":  # it only says why, which is read from the ledger
            if record.header.subject == record.position:  # an archived text, which no record introduced, is gone
                self._redacted(record)
        else:
            raise AssertionError(f"nothing here folds a record of the kind {record.header.kind}")

    def _committed(self, record: Record, said: dict[str, str | None]) -> None:
        first = self._first or record.position
        who_and_why = (said["name"], said["kind"], said["tool"], said["message"], said.get("request"))
        row = (record.position, first, record.header.recorded_at, *who_and_why, record.position - first)
        self._buffer.add("committed", _COMMITTED, row)

    def _redacted(self, record: Record) -> None:
        position, silent = record.position, "withheld" if record.position in self._withheld else "redacted"
        self.redacted.add(position)
        # Of records that a part withholds, only those that others can refer to have a row.
        if silent == "redacted" or record.header.kind.endswith(".recorded"):
            self._buffer.add("thing", _THING, (position, silent, self._tombstone(position), position))
        if record.header.kind == "commit":
            words = WITHHELD if silent == "withheld" else REDACTED
            self._committed(record, dict.fromkeys(("name", "kind", "tool", "message"), words))

    def _tombstone(self, position: Position) -> str:
        return tombstone(position, "withheld" if position in self._withheld else "redacted")

    def _without_redacted(self, fields: JsonObject) -> JsonObject:
        """The fields without links to redacted things; only a citation's source and an ordering's ends are kept."""
        fields = dict(fields)
        for name in {*ABOVE.values()} & fields.keys():
            fields[name] = None if fields[name] in self.redacted else fields[name]
        if fields.get("attribution"):
            links = fields["attribution"]
            fields["attribution"] = [self._tombstone(link) if link in self.redacted else link for link in links]
        return fields

    def _add_version(self, kind: str, position: Position, fields: JsonObject) -> None:
        """Add the row of a thing's first version."""
        names = columns(self._connection, kind)
        values = to_columns(fields)
        values["position"] = values["since"] = values["rank"] = position
        values["withdrawn"] = 0
        if fields.get("lasts"):
            values["lasts_rank"] = position
        self._buffer.add(kind, names, [*map(values.get, names)])

    def _recorded(self, kind: str, position: Position, said: Mapping[str, Json]) -> None:
        fields = dict(said)
        name = fields.pop("id")
        self._buffer.add("thing", _THING, (position, kind, name, position))
        fields.pop("filled", None)  # needed only to look for the quote again, which reads the record
        fields = self._without_redacted(fields) if self.redacted else fields
        if self._written != self._buffer.written:
            self._written = self._buffer.written
            self._introduced.clear()
        self._introduced.add(position)
        if kind == "ordering":
            self._ordered.update((fields["a"], fields["b"]))
        self._add_version(kind, position, fields)
        if kind == "fact":
            self._new.append(position)
        else:
            self._touch(kind, position, fields.get("about"))

    def _touch(self, kind: str, position: Position, about: Position | None) -> None:
        """Note what may have moved in time, besides new facts."""
        if kind == "ordering":
            self._others.add(position)
        elif about is not None and self._is_old(about):
            self._others.add(about)
        elif kind == "fact" and self._is_old(position):
            self._facts.add(position)
        elif kind == "source" and self._is_old(position):
            self._sources.add(position)

    def _is_old(self, position: Position) -> bool:
        """Whether a thing was there before this commit."""
        return position < (self._first or 0)

    def _current(self, position: Position) -> tuple[str, ColumnValues]:
        """The kind of a thing, and the row of its present version."""
        if position in self._introduced:
            self._buffer.flush()
        (kind,) = next(fetch(self._connection, "SELECT kind FROM thing WHERE position = ?", (position,)), (None,))
        if kind is None:
            raise Corrupt(f"a record is about position {position}, where nothing was introduced")
        [row] = fetch_named(self._connection, f"SELECT * FROM {kind} WHERE position = ? AND until IS NULL", (position,))
        return kind, row._asdict()

    def _next_version(self, record: Record, kind: str, old: ColumnValues, new: ColumnValues) -> None:
        """Close the present version of the record's subject and open another."""
        ends = [(record.position, old["position"])]
        run_many(self._connection, f"UPDATE {kind} SET until = ? WHERE position = ? AND until IS NULL", ends)
        names = columns(self._connection, kind)
        row = old | new | {"since": record.position, "until": None}
        insert(self._connection, kind, names, [tuple(row[name] for name in names)])
        run_many(self._connection, "UPDATE thing SET version = ? WHERE position = ?", ends)
        self._touch(kind, old["position"], old.get("about"))

    def _corrected(self, record: Record, said: Mapping[str, Json]) -> None:
        kind, old = self._current(record.header.subject)
        changes = self._without_redacted(said["changes"]) if self.redacted else said["changes"]
        if said.get("loaded"):
            self._note_loaded(record, changes)
        new = to_columns(changes) | ranks(kind, changes, record.position)
        if kind == "ordering":
            self._others.update((old["a"], old["b"]))
            self._ordered.update(changes[end] for end in ("a", "b") if end in changes)
        self._next_version(record, kind, old, new)

    def _note_loaded(self, record: Record, fields: Iterable[str]) -> None:
        """Remember where documents last gave each field a value; for fields not noted, where the thing was introduced."""
        subject = record.header.subject
        [(found,)] = fetch(self._connection, "SELECT loaded FROM thing WHERE position = ?", (subject,))
        loaded = canonical(json.loads(found or "{}") | dict.fromkeys(fields, record.position))
        run_many(self._connection, "UPDATE thing SET loaded = ? WHERE position = ?", [(loaded, subject)])

    def _set_withdrawn(self, record: Record, *, withdrawn: bool) -> None:
        kind, old = self._current(record.header.subject)
        self._next_version(record, kind, old, {"withdrawn": int(withdrawn)})

    # --- the commit's end ---

    def finish(self, commit: Position) -> Outcome:
        """Check the live constraints and place the facts that the commit touched. `commit` is its last position."""
        self._buffer.flush()
        if self.zone is None:
            self.zone = parse_zone(chain.created(self._connection).zone)
        self._find_touched()
        prior = Position((self._first or commit) - 1)
        for facts in (self._new, self._facts):
            search.update(self._connection, facts, prior, commit)
        alone = array("q", (fact for fact in self._new if fact not in self._ordered))
        touched = self._facts.union(fact for fact in self._new if fact in self._ordered)
        return Placing(self._connection, self.zone, prior, commit).place(touched, alone)

    def _find_touched(self) -> None:
        """Add the older facts that this commit may have moved through their sources and orderings."""
        for given in _listed(self._sources):
            self._others.update(number for (number,) in fetch(self._connection, _CITED, given))
        for given in _listed(self._others):
            facts = (number for (number,) in fetch(self._connection, _FACTS_OF, given))
            self._facts.update(filter(self._is_old, facts))


_THING = ("position", "kind", "id", "version")
_COMMITTED = ("position", "first", "recorded_at", "name", "kind", "tool", "message", "request", "records")
_CITED = "SELECT DISTINCT about FROM citation WHERE source @among(:numbers)"
_FACTS_OF = """SELECT position FROM thing WHERE kind = 'fact' AND position IN (
                   SELECT value FROM @numbers(:numbers) given
                   UNION SELECT a FROM ordering WHERE position @among(:numbers)
                   UNION SELECT b FROM ordering WHERE position @among(:numbers))"""


def _listed(numbers: Iterable[Position]) -> Iterator[dict[str, str]]:
    """Numbers as JSON arrays, a batch at a time."""
    for chunk in chunks(numbers):
        yield {"numbers": json.dumps(chunk)}
