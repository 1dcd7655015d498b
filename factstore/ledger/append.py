"""The only writer of the ledger's two tables: records are appended under the single writer's lock, a commit at a time.

Positions are 1, 2, 3 … without a gap; every record is chained to the one before it by its hash; and the last record of every
commit is a `commit`, so half a commit can be told from a whole one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from factstore import __version__
from factstore.database.engine import Connection
from factstore.database.statements import NOT_KEPT, fetch, insert, run_many
from factstore.errors import Corrupt
from factstore.ledger.chain import BATCH, HEAD, SKEW, created, now, read
from factstore.ledger.payloads import By, Commit, LedgerCreated, Payload
from factstore.ledger.record import NO_HASH, Record, seal
from factstore.ledger.soundness import amiss

TOOL = f"factstore {__version__}"

_RECORD = ("position", "kind", "version", "subject", "recorded_at", "payload_hash", "hash")
_SAID = ("position", "salt", "payload")
_KEPT = """SELECT (SELECT count(*) FROM record WHERE position BETWEEN :first AND :last),
                  (SELECT count(*) FROM payload WHERE position BETWEEN :first AND :last),
                  (SELECT hash FROM record WHERE position = :last)"""
_REMOVE = "DELETE FROM payload WHERE position = ?"


class Draft:
    """A commit being written. Holds the writer's lock; nothing of it is there until `close` and the transaction's end.

    `sink` is told of each record as it is sealed, in order.
    """

    def __init__(self, connection: Connection, sink: Callable[[Record, Mapping[str, Any]], None]) -> None:
        self._connection = connection
        self._sink = sink
        self._waiting: list[Record] = []
        position, self._prev, before = next(fetch(connection, HEAD), (0, NO_HASH, ""))
        self.first: int = position + 1
        self.next: int = self.first
        if position:
            _check_end(connection, position)
        # A clock that was set back does not turn time back here.
        self.recorded_at = max(now(), before)
        #: The time of the commit before, where it is ahead of this machine's clock, so that this one bears it too.
        self.ahead = before if before > now(SKEW) else None
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
        said = payload.plain()
        record = seal(
            payload.KIND,
            said,
            ledger=self._ledger,
            position=position,
            subject=subject or position,
            recorded_at=self.recorded_at,
            prev=self._prev,
        )
        self._waiting.append(record)
        self._prev = record.hash
        self.next = position + 1
        if len(self._waiting) >= BATCH:
            self.flush()
        self._sink(record, said)
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
        insert(
            self._connection,
            "record",
            _RECORD,
            [
                (position, kind, version, subject, recorded_at, payload_hash, hash_)
                for (_, position, kind, version, subject, recorded_at, payload_hash, _), hash_, _, _ in self._waiting
            ],
        )
        said = [(header.position, salt, said) for header, _, salt, said in self._waiting]
        insert(self._connection, "payload", _SAID, said)
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
