"""One record of the ledger: a header, whose hash chains it to the record before, and a payload.

`docs/reference/ledger.md` specifies the bytes.
"""

from __future__ import annotations

from typing import NamedTuple

from factstore.ledger.canonical import sha256
from factstore.units import Position

FORMAT = 1
ALGORITHM = "sha-256"
NO_HASH = "0" * 64


class Header(NamedTuple):
    """The part that a record's hash covers: integers, hexadecimal, fixed words and a UTC timestamp, but no text of users."""

    ledger: str
    position: Position
    kind: str
    version: int
    subject: Position
    recorded_at: str
    payload_hash: str
    prev: str

    def canonical(self) -> str:
        """Canonical JSON; all values are ASCII without escapes, so that only the order of the members matters."""
        return (
            f'{{"format":{FORMAT},"kind":"{self.kind}","ledger":"{self.ledger}",'
            f'"payload_hash":"{self.payload_hash}","position":{self.position},"prev":"{self.prev}",'
            f'"recorded_at":"{self.recorded_at}","subject":{self.subject},"version":{self.version}}}'
        )

    def hash(self) -> str:
        """SHA-256 of the canonical header, in hexadecimal."""
        return sha256(self.canonical())


class Record(NamedTuple):
    """One record of the ledger. `salt` and `payload` are None if they were redacted."""

    header: Header
    hash: str
    salt: str | None
    payload: str | None

    @property
    def position(self) -> Position:
        """Its place in the ledger."""
        return self.header.position
