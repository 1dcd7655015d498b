"""The ledger: the append-only list of records, and the only writer of its two tables.

Positions are 1, 2, 3 … without a gap, given out under the single writer's lock; every record is chained to the one
before it by its hash; and the last record of every commit is a `commit`, so half a commit can be told from a whole
one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection

from factstore import __version__
from factstore.database.statements import NOT_KEPT, fetch, run_many
from factstore.errors import Corrupt, NoLedger
from factstore.ledger.records import NO_HASH, By, Commit, Header, LedgerCreated, Payload, Record, Redacted, decode, seal
from factstore.ledger.soundness import amiss
from factstore.progress import Progress, counted

TOOL = f"factstore {__version__}"
_BATCH = 1000
#: By so much the clocks of machines may differ.
_SKEW = timedelta(minutes=1)

_HEAD = "SELECT position, hash, recorded_at FROM record ORDER BY position DESC LIMIT 1"
_ENDS = """SELECT r.kind, r.version, p.payload, (SELECT max(position) FROM record)
           FROM record r JOIN payload p ON p.position = r.position WHERE r.position = 1"""
_READ = """SELECT r.position, r.kind, r.version, r.subject, r.recorded_at, r.payload_hash, r.hash, p.salt, p.payload
           FROM record r LEFT JOIN payload p ON p.position = r.position
           WHERE r.position > :after AND r.position <= :upto
           ORDER BY r.position LIMIT :most"""
_AHEAD = "SELECT min(position), max(recorded_at) FROM record WHERE recorded_at > :now"
_STRAYS = "SELECT position FROM payload WHERE position NOT IN (SELECT position FROM record)"
_RECORD = """INSERT INTO record (position, kind, version, subject, recorded_at, payload_hash, hash)
             VALUES (?, ?, ?, ?, ?, ?, ?)"""
_SAID = "INSERT INTO payload (position, salt, payload) VALUES (?, ?, ?)"
_KEPT = """SELECT (SELECT count(*) FROM record WHERE position BETWEEN :first AND :last),
                  (SELECT count(*) FROM payload WHERE position BETWEEN :first AND :last),
                  (SELECT hash FROM record WHERE position = :last)"""
_COMMITS = "SELECT position FROM record WHERE kind = :kind ORDER BY position"
_REMOVE = "DELETE FROM payload WHERE position = ?"


class Head(NamedTuple):
    """The last record: its position and hash. Published, it proves later that nothing before it was changed."""

    position: int
    hash: str


class Problem(NamedTuple):
    """Something that is not as it was written; `position` 0 where it is in no one record."""

    position: int
    text: str

    def __str__(self) -> str:
        return f"record {self.position}: {self.text}" if self.position else self.text


def head(connection: Connection) -> Head:
    """The last record; position 0 where the ledger is empty."""
    row = next(fetch(connection, _HEAD), None)
    return Head(*row[:2]) if row else Head(0, NO_HASH)


def created(connection: Connection) -> LedgerCreated:
    """What position 1 says: the ledger's id, format, algorithm and zone."""
    beginning, _ = ends(connection)
    return beginning


def ends(connection: Connection) -> tuple[LedgerCreated, int]:
    """What position 1 says, and the last position."""
    row = next(fetch(connection, _ENDS), None)
    if row is None and not head(connection).position:
        raise NoLedger("the ledger has not begun: its tables are empty; `factstore init`, `load` or `add` begins it")
    found = _beginning(*row[:3]) if row else None
    if row is None or not isinstance(found, LedgerCreated):
        raise NoLedger("the ledger has no beginning: position 1 does not say ledger.created")
    return found, row[3]


@lru_cache(maxsize=64)  # it never changes
def _beginning(kind: str, version: int, payload: str) -> Payload:
    return decode(kind, version, payload, position=1)


def _now(more: timedelta = timedelta()) -> str:
    """The present moment, or one after it, as the ledger writes moments."""
    return (datetime.now(UTC) + more).isoformat(timespec="microseconds").replace("+00:00", "Z")


def today() -> date:
    """The day that it is, in UTC."""
    return datetime.now(UTC).date()


def ahead(connection: Connection) -> str | None:
    """What is to be said of a ledger whose last records bear a time ahead of this machine's clock; None where none do."""
    first, last = next(fetch(connection, _AHEAD, {"now": _now(_SKEW)}))
    if first is None:
        return None
    return (
        f"from record {first} on the ledger bears {last}, which is ahead of this machine's clock ({_now()}): a clock was set "
        "ahead, and no later record bears an earlier time"
    )


class Draft:
    """A commit being written. Holds the writer's lock; nothing of it is there until `close` and the transaction's end.

    `sink` is told of each record as it is sealed, in order.
    """

    def __init__(self, connection: Connection, sink: Callable[[Record, Payload], None]) -> None:
        self._connection = connection
        self._sink = sink
        self._waiting: list[Record] = []
        if not connection.in_transaction():
            connection.begin()
        position, self._prev, before = next(fetch(connection, _HEAD), (0, NO_HASH, ""))
        self.first: int = position + 1
        self.next: int = self.first
        if position:
            _check_end(connection, position)
        # A clock that was set back does not turn time back here.
        self.recorded_at = max(_now(), before)
        #: The time of the commit before, where it is ahead of this machine's clock, so that this one bears it too.
        self.ahead = before if before > _now(_SKEW) else None
        self._ledger = created(connection).ledger if position else ""

    def create(self, zone: str) -> LedgerCreated:
        """The first record of a new ledger."""
        payload = LedgerCreated(ledger=secrets.token_hex(16), zone=zone)
        self._ledger = payload.ledger
        self.append(payload)
        return payload

    def append(self, payload: Payload, subject: int | None = None) -> int:
        """Add a record about the thing introduced at `subject` (left out: by this record). Returns its position."""
        position = self.next
        record = seal(
            payload,
            ledger=self._ledger,
            position=position,
            subject=subject or position,
            recorded_at=self.recorded_at,
            prev=self._prev,
        )
        self._waiting.append(record)
        self._prev = record.hash
        self.next = position + 1
        if len(self._waiting) >= _BATCH:
            self.flush()
        self._sink(record, payload)
        return position

    @property
    def empty(self) -> bool:
        return self.next == self.first

    def close(self, by: By, message: str) -> Commit:
        """End the commit: who, with what, and why. Raises Corrupt where the database did not keep it."""
        commit = Commit(by=by, tool=TOOL, message=message, records=self.next - self.first)
        self.append(commit)
        self.flush()
        count, last = commit.records + 1, self.next - 1
        if next(fetch(self._connection, _KEPT, {"first": self.first, "last": last})) != (count, count, self._prev):
            raise Corrupt(NOT_KEPT)
        return commit

    def flush(self) -> None:
        """Write the records that wait."""
        if not self._waiting:
            return
        run_many(
            self._connection,
            _RECORD,
            [
                (position, kind, version, subject, recorded_at, payload_hash, hash_)
                for (_, position, kind, version, subject, recorded_at, payload_hash, _), hash_, _, _ in self._waiting
            ],
        )
        run_many(self._connection, _SAID, [(header.position, salt, said) for header, _, salt, said in self._waiting])
        self._waiting.clear()


def _check_end(connection: Connection, last: int) -> None:
    """That the ledger ends in a commit as it was written. Raises Corrupt: nothing is built on what anybody put there."""
    record = next(read(connection, after=last - 1))
    wrong = next(amiss(record), None)
    if wrong is None and (record.header.kind != Commit.KIND or record.payload is None):
        wrong = "it ends no commit"
    if wrong:
        raise Corrupt(
            f"record {last}, the last, is not as Factstore writes it, and nothing is added after it: {wrong}; "
            "`factstore rebuild --into FILE` copies what is whole into a new file"
        )


def remove(connection: Connection, positions: Iterable[int]) -> None:
    """Delete payloads, each with its salt, that `redacted` records name. The database refuses to delete any other."""
    run_many(connection, _REMOVE, [(position,) for position in positions])


def read(connection: Connection, *, after: int = 0, upto: int = 2**62) -> Iterator[Record]:
    """Every record after a position, up to another, in order, as it lies in the file; its hash is not checked here."""
    ledger = created(connection).ledger
    prev = NO_HASH
    if after:
        before = next(fetch(connection, _READ, {"after": after - 1, "upto": after, "most": 1}), None)
        prev = before[6] if before else NO_HASH
    while True:
        # So many at a time, since what is read may be written about meanwhile.
        rows = [*fetch(connection, _READ, {"after": after, "upto": upto, "most": _BATCH})]
        for position, kind, version, subject, recorded_at, payload_hash_, hash_, salt, said in rows:
            header = Header(ledger, position, kind, version, subject, recorded_at, payload_hash_, prev)
            yield Record(header, hash_, salt, said)
            prev, after = hash_, position
        if len(rows) < _BATCH:
            return


def verify(connection: Connection, progress: Progress | None = None) -> list[Problem]:
    """Reread every byte: form, chain, positions, kinds, payload hashes, whole commits. No problem means as it was written.

    What a payload says is read where records are folded. A last commit that is missing whole shows only against a head that
    was published before.
    """
    try:
        created(connection)
    except (Corrupt, NoLedger) as error:
        return [Problem(1, str(error))]
    problems = [Problem(position, "there is a payload, but no record") for (position,) in fetch(connection, _STRAYS)]
    expected, open_records, last_time = 1, 0, ""
    missing: set[int] = set()
    redacted: set[int] = set()
    for record in counted(read(connection), progress, head(connection).position):
        position, header = record.position, record.header
        if position != expected:
            problems.append(Problem(expected, f"position {expected} is missing: {position} comes next"))
        expected = position + 1
        wrong = list(amiss(record))
        problems += [Problem(position, words) for words in wrong]
        if header.recorded_at < last_time:
            problems.append(Problem(position, f"recorded_at goes back in time: {header.recorded_at}"))
        last_time = header.recorded_at
        if record.payload is None:
            missing.add(position)
        elif header.kind == Commit.KIND and not wrong:
            problems += _miscounted(record, open_records)
        if header.kind == Redacted.KIND and 1 < header.subject < position:
            redacted.add(header.subject)
        open_records = 0 if header.kind == Commit.KIND else open_records + 1
    if open_records:
        problems.append(Problem(expected - 1, "the ledger ends in the middle of a commit"))
    problems += [
        Problem(position, "the payload is missing, and no redaction names it") for position in missing - redacted
    ]
    return sorted(problems)


def whole_until(connection: Connection, problems: Sequence[Problem]) -> int:
    """The last position of what can be saved of a ledger in which something is not as it was written; 0: nothing can.

    That is its last sound commit, where all before it is sound and what follows ends in none: nothing that was ever
    acknowledged is left behind.
    """
    wrong = {problem.position for problem in problems}
    commits = [position for (position,) in fetch(connection, _COMMITS, {"kind": Commit.KIND}) if position not in wrong]
    return commits[-1] if commits and commits[-1] < min(wrong) else 0


def _miscounted(commit: Record, there: int) -> Iterator[Problem]:
    """Whether a commit counts the records that are there."""
    try:
        said = commit.decode()
    except Corrupt as error:
        yield Problem(commit.position, str(error))
    else:
        if isinstance(said, Commit) and said.records != there:
            yield Problem(commit.position, f"the commit counts {said.records} records, and {there} are there")
