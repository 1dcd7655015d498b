"""The chain of records as it lies in the tables: where it ends, what its first record says, and every record in order."""

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

BATCH = 1000
#: By so much the clocks of machines may differ.
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
    """The last record: its position and hash. Published, it proves later that nothing before it was changed."""

    position: int
    hash: str


def head(connection: Connection) -> Head:
    """The last record; position 0 where the ledger is empty."""
    row = next(fetch(connection, HEAD), None)
    return Head(*row[:2]) if row else Head(0, NO_HASH)


class Beginning(NamedTuple):
    """What position 1 says: the ledger's id, and the fixed offset from UTC in which times without one are read."""

    ledger: str
    zone: str


def created(connection: Connection) -> Beginning:
    """What position 1 says. Raises NoLedger where the tables are empty or begin otherwise."""
    beginning, _ = ends(connection)
    return beginning


def ends(connection: Connection) -> tuple[Beginning, int]:
    """What position 1 says, and the last position."""
    row = next(fetch(connection, _ENDS), None)
    if row is None and not head(connection).position:
        raise NoLedger("the ledger has not begun: its tables are empty; `factstore init`, `load` or `add` begins it")
    if row is None or row[0] != "ledger.created":
        raise NoLedger("the ledger has no beginning: position 1 does not say ledger.created")
    return _beginning(row[1], row[2]), row[3]


@lru_cache(maxsize=64)  # it never changes
def _beginning(version: int, payload: str) -> Beginning:
    said = read_plain("ledger.created", version, payload, position=1)
    wanted = {"format": FORMAT, "algorithm": ALGORITHM}
    ledger, zone = said.get("ledger"), said.get("zone")
    wrong = [name for name, value in wanted.items() if said.get(name) != value]
    wrong += [] if isinstance(ledger, str) and re.fullmatch("[0-9a-f]{32}", ledger) else ["ledger"]
    try:
        parse_zone(zone if isinstance(zone, str) else "")
    except DateError:
        wrong.append("zone")
    if wrong:
        raise Corrupt(
            f"record 1 (ledger.created, version {version}) cannot be read: {wrong[0]} is not as it is written"
        )
    return Beginning(str(ledger), str(zone))


def last(connection: Connection) -> tuple[Record, Beginning] | None:
    """The last record as it lies in the file, and what position 1 says; None where the ledger is empty."""
    row = next(fetch(connection, _LAST), None)
    if row is None:
        return None
    position, kind, version, subject, recorded_at, payload_hash_, hash_, salt, said, prev = row
    beginning = created(connection)
    header = Header(beginning.ledger, position, kind, version, subject, recorded_at, payload_hash_, prev or NO_HASH)
    return Record(header, hash_, salt, said), beginning


class ClockReading(NamedTuple):
    """The present moment on the clock that dates what is recorded."""

    now: str
    #: The latest moment that a clock which differs by no more than `SKEW` may show.
    latest: str


def clock_reading(connection: Connection) -> ClockReading:
    """The clock that dates what is recorded: the server's where a server has one, else this machine's."""
    shows = connection.dialect.now(connection) or datetime.now(UTC)
    return ClockReading(_written(shows), _written(shows + SKEW))


def _written(moment: datetime) -> str:
    """A moment as the ledger writes it."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def today() -> date:
    """The day that it is, in UTC."""
    return datetime.now(UTC).date()


def ahead(connection: Connection) -> str | None:
    """In words, that the last records bear a time ahead of the clock that dates records; None where none do."""
    shows = clock_reading(connection)
    first, last = next(fetch(connection, _AHEAD, {"now": shows.latest}))
    if first is None:
        return None
    return (
        f"from record {first} on the ledger bears {last}, which is ahead of {connection.dialect.clock} ({shows.now}): "
        "a clock was set ahead, and no later record bears an earlier time"
    )


def read(connection: Connection, *, after: int = 0, upto: int = 2**62) -> Iterator[Record]:
    """Every record after a position, up to another, in order, as it lies in the file; its hash is not checked here."""
    ledger = created(connection).ledger
    prev = NO_HASH
    if after:
        before = next(fetch(connection, _READ, {"after": after - 1, "upto": after, "most": 1}), None)
        prev = before[6] if before else NO_HASH
    while True:
        # So many at a time, since what is read may be written about meanwhile.
        rows = [*fetch(connection, _READ, {"after": after, "upto": upto, "most": BATCH})]
        for position, kind, version, subject, recorded_at, payload_hash_, hash_, salt, said in rows:
            header = Header(ledger, position, kind, version, subject, recorded_at, payload_hash_, prev)
            yield Record(header, hash_, salt, said)
            prev, after = hash_, position
        if len(rows) < BATCH:
            return
