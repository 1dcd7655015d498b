"""The only code that writes the ledger's two tables; it appends commit by commit, under the single writer's lock.

Positions are 1, 2, 3 … without a gap; each record is chained to the one before by its hash; and the last record of a
commit is a `commit`, so that an unfinished commit is recognized.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from factstore import __version__
from factstore.database.buffer import Buffer
from factstore.database.engine import Connection
from factstore.database.statements import NOT_KEPT, fetch, run_many
from factstore.errors import Corrupt
from factstore.ledger import chain
from factstore.ledger.canonical import Salts
from factstore.ledger.payloads import By, CommitEnd, LedgerCreated, Payload
from factstore.ledger.record import NO_HASH, Record
from factstore.ledger.sealing import seal
from factstore.ledger.soundness import problems_of
from factstore.plain import JsonObject
from factstore.units import Position

TOOL = f"factstore {__version__}"

_KEPT = """SELECT (SELECT count(*) FROM record WHERE position BETWEEN :first AND :last),
                  (SELECT count(*) FROM payload WHERE position BETWEEN :first AND :last),
                  (SELECT hash FROM record WHERE position = :last)"""
_RECORD = ("position", "kind", "version", "subject", "recorded_at", "payload_hash", "hash")
_PAYLOAD = ("position", "salt", "payload")
_REMOVE = "DELETE FROM payload WHERE position = ?"


class Sealed(NamedTuple):
    """A record as appended, and its payload as a JSON mapping."""

    record: Record
    said: JsonObject

    @property
    def position(self) -> Position:
        """Its place in the ledger."""
        return self.record.header.position


class Draft:
    """The records of one commit, which wait in a buffer. Holds the writer's lock until the transaction ends.

    Nothing is in the ledger before `close` and the end of the transaction.
    """

    def __init__(self, connection: Connection, buffer: Buffer) -> None:
        self._connection = connection
        self._buffer = buffer
        self._salts = Salts()
        self._key = sha256()
        last = chain.last(connection)
        position, self._prev, before, self._ledger = 0, NO_HASH, "", ""
        #: The offset in which times without one of their own are read; None until there is a first record.
        self.zone: str | None = None
        if last:
            record, beginning = last
            position, self._prev, before = record.position, record.hash, record.header.recorded_at
            self._ledger, self.zone = beginning
            _check_end(record)
        self.first = Position(position + 1)
        self.next = self.first
        # A clock that was set back must not make times go back.
        shows = chain.clock_reading(connection)
        self.recorded_at = max(shows.now, before)
        #: The time of the commit before, if it is ahead of the clock that dates records: this commit has the same time.
        self.ahead = before if before > shows.latest else None

    def create(self, zone: str) -> Sealed:
        """Append the first record of a new ledger."""
        payload = LedgerCreated(ledger=secrets.token_hex(16), zone=zone)
        self._ledger = payload.ledger
        return self.append(payload)

    def append(self, payload: Payload, subject: Position | None = None) -> Sealed:
        """Append a record about the thing introduced at `subject` (left out: by this record)."""
        return self.add(payload.KIND, payload.plain(), subject)

    def add(self, kind: str, said: JsonObject, subject: Position | None = None) -> Sealed:
        """Append a record with these values as the payload of its kind."""
        position, salt = self.next, self._salts.next()
        record = seal(
            kind,
            said,
            ledger=self._ledger,
            position=position,
            subject=subject or position,
            recorded_at=self.recorded_at,
            prev=self._prev,
            salt=salt,
        )
        header, hash_, _, text = record
        self._key.update(salt.encode())
        _, _, _, version, about, recorded_at, payload_hash, _ = header
        self._buffer.add("record", _RECORD, (position, kind, version, about, recorded_at, payload_hash, hash_))
        self._buffer.add("payload", _PAYLOAD, (position, salt, text))
        self._prev = hash_
        self.next = Position(position + 1)
        return Sealed(record, said)

    @property
    def empty(self) -> bool:
        """Whether nothing was appended yet."""
        return self.next == self.first

    @property
    def key(self) -> str:
        """SHA-256 of the salts of the records so far, in their order."""
        return self._key.hexdigest()

    def end(self, by: By, message: str, request: str | None = None, asked: str | None = None) -> Sealed:
        """Append the last record of a commit: who made it, with what tool and why, the writer's id for the request, and
        a digest of what the request asked for."""
        records = self.next - self.first
        return self.append(CommitEnd(by=by, tool=TOOL, message=message, records=records, request=request, asked=asked))

    def check(self) -> None:
        """Write what waits. Raises Corrupt if the database did not keep all of it."""
        self._buffer.flush()
        count, last = self.next - self.first, self.next - 1
        if next(fetch(self._connection, _KEPT, {"first": self.first, "last": last})) != (count, count, self._prev):
            raise Corrupt(NOT_KEPT)


def _check_end(record: Record) -> None:
    """Check that the ledger ends with a sound commit. Raises Corrupt if not: nothing is added to what others put there."""
    wrong = next(problems_of(record), None)
    if wrong is None and (record.header.kind != CommitEnd.KIND or record.payload is None):
        wrong = "it does not end a commit"
    if wrong:
        raise Corrupt(
            f"record {record.position}, the last, is not as Factstore writes it, and nothing is added after it: {wrong}; "
            "`factstore rebuild --into FILE` copies what is sound into a new file"
        )


def remove(connection: Connection, positions: Iterable[Position]) -> None:
    """Delete payloads, with their salts, that `redacted` records name. The database refuses to delete any other."""
    run_many(connection, _REMOVE, [(position,) for position in positions])
