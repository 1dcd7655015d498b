"""The chain of records in the tables: its end, its first record, and all records in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from factstore.database.engine import Connection
from factstore.database.statements import fetch
from factstore.dates.ticks import parse_zone
from factstore.errors import Corrupt, DateError, NoLedger
from factstore.ledger.kinds import read_plain
from factstore.ledger.record import ALGORITHM, FORMAT, NO_HASH, Header, Record
from factstore.units import Position

BATCH = 1000
_BEGINNING, _END = Position(0), Position(2**62)
#: The most by which the clocks of machines are expected to differ.
SKEW = timedelta(minutes=1)

HEAD = "SELECT position, hash, recorded_at FROM record ORDER BY position DESC LIMIT 1"
_ENDS = """SELECT r.kind, r.version, p.payload, (SELECT max(position) FROM record)
           FROM record r JOIN payload p ON p.position = r.position WHERE r.position = 1"""
_READ = """SELECT r.position, r.kind, r.version, r.subject, r.recorded_at, r.payload_hash, r.hash, p.salt, p.payload
           FROM record r LEFT JOIN payload p ON p.position = r.position
           WHERE r.position > :after AND r.position <= :upto
           ORDER BY r.position LIMIT :most"""
_LAST = """SELECT r.position, r.kind, r.version, r.subject, r.recorded_at, r.payload_hash, r.hash, p.salt, p.payload,
                  (SELECT hash FROM record WHERE position = r.position - 1)
           FROM record r LEFT JOIN payload p ON p.position = r.position ORDER BY r.position DESC LIMIT 1"""
_AHEAD = "SELECT min(position), max(recorded_at) FROM record WHERE recorded_at > :now"


class Head(NamedTuple):
    """The position and hash of the last record. Published, it later proves that nothing before it was changed."""

    position: int
    hash: str


def head(connection: Connection) -> Head:
    """The last record's position and hash; position 0 if the ledger is empty."""
    row = next(fetch(connection, HEAD), None)
    return Head(*row[:2]) if row else Head(0, NO_HASH)


class Beginning(NamedTuple):
    """The values of record 1: the ledger's id, and the fixed offset from UTC in which times without one are read."""

    ledger: str
    zone: str


def created(connection: Connection) -> Beginning:
    """The values of record 1. Raises NoLedger if the tables are empty, or begin with another record."""
    beginning, _ = ends(connection)
    return beginning


def ends(connection: Connection) -> tuple[Beginning, Position]:
    """The values of record 1, and the last position."""
    row = next(fetch(connection, _ENDS), None)
    if row is None and not head(connection).position:
        raise NoLedger("the ledger is empty; `factstore init`, `load` or `add` begins it")
    if row is None or row[0] != "ledger.created":
        raise NoLedger("the ledger has no beginning: record 1 is not ledger.created")
    return _beginning(row[1], row[2]), row[3]


@lru_cache(maxsize=64)  # record 1 never changes
def _beginning(version: int, payload: str) -> Beginning:
    said = read_plain("ledger.created", version, payload, position=Position(1))
    wanted = {"format": FORMAT, "algorithm": ALGORITHM}
    ledger, zone = said.get("ledger"), said.get("zone")
    wrong = [name for name, value in wanted.items() if said.get(name) != value]
    wrong += [] if isinstance(ledger, str) and re.fullmatch("[0-9a-f]{32}", ledger) else ["ledger"]
    try:
        parse_zone(zone if isinstance(zone, str) else "")
    except DateError:
        wrong.append("zone")
    if wrong:
        raise Corrupt(f"record 1 (ledger.created, version {version}) cannot be read: {wrong[0]} is not valid")
    return Beginning(str(ledger), str(zone))


def last(connection: Connection) -> tuple[Record, Beginning] | None:
    """The last record as it is in the file, and the values of record 1; None if the ledger is empty."""
    row = next(fetch(connection, _LAST), None)
    if row is None:
        return None
    position, kind, version, subject, recorded_at, payload_hash_, hash_, salt, said, prev = row
    beginning = created(connection)
    header = Header(beginning.ledger, position, kind, version, subject, recorded_at, payload_hash_, prev or NO_HASH)
    return Record(header, hash_, salt, said), beginning


class ClockReading(NamedTuple):
    """The present moment, by the clock that dates records."""

    now: str
    #: The latest moment that a clock may show if it differs by no more than `SKEW`.
    latest: str


def clock_reading(connection: Connection) -> ClockReading:
    """Read the clock that dates records: the server's, if there is a server, else this machine's."""
    shows = connection.dialect.now(connection) or datetime.now(UTC)
    return ClockReading(_written(shows), _written(shows + SKEW))


def _written(moment: datetime) -> str:
    """A moment as the ledger spells it."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment_ago(span: timedelta) -> str:
    """The moment that was a span before now, in UTC, to the second. Raises OverflowError beyond the calendar."""
    return (datetime.now(UTC) - span).isoformat(timespec="seconds").replace("+00:00", "Z")


def today() -> date:
    """The present day, in UTC."""
    return datetime.now(UTC).date()


def ahead(connection: Connection) -> str | None:
    """A sentence if the last records are dated ahead of the clock that dates records; else None."""
    shows = clock_reading(connection)
    first, last = next(fetch(connection, _AHEAD, {"now": shows.latest}))
    if first is None:
        return None
    return (
        f"from record {first} on, the ledger is dated {last}, ahead of {connection.dialect.clock} ({shows.now}): "
        "a clock was set ahead, and no later record can have an earlier time"
    )


def read(connection: Connection, *, after: Position = _BEGINNING, upto: Position = _END) -> Iterator[Record]:
    """The records after a position, up to another, in order, as they are in the file; hashes are not checked here."""
    ledger = created(connection).ledger
    prev = NO_HASH
    if after:
        before = next(fetch(connection, _READ, {"after": after - 1, "upto": after, "most": 1}), None)
        prev = before[6] if before else NO_HASH
    while True:
        # In batches, since the caller may write between them.
        rows = [*fetch(connection, _READ, {"after": after, "upto": upto, "most": BATCH})]
        for position, kind, version, subject, recorded_at, payload_hash_, hash_, salt, said in rows:
            header = Header(ledger, position, kind, version, subject, recorded_at, payload_hash_, prev)
            yield Record(header, hash_, salt, said)
            prev, after = hash_, position
        if len(rows) < BATCH:
            return
