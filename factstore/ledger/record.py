"""One entry of the ledger: a header, whose hash chains it to the record before, and a payload.

`docs/reference/ledger.md` specifies the bytes.
"""

from __future__ import annotations

from typing import NamedTuple

from factstore.ledger.canonical import sha256

FORMAT = 1
ALGORITHM = "sha-256"
NO_HASH = "0" * 64


class Header(NamedTuple):
    """What a record's hash covers: integers, hexadecimal, fixed words and one UTC timestamp, nothing that anybody wrote."""

    ledger: str
    position: int
    kind: str
    version: int
    subject: int
    recorded_at: str
    payload_hash: str
    prev: str

    def canonical(self) -> str:
        """Canonical JSON: every value is ASCII without escapes, so the members only need their order."""
        return (
            f'{{"format":{FORMAT},"kind":"{self.kind}","ledger":"{self.ledger}",'
            f'"payload_hash":"{self.payload_hash}","position":{self.position},"prev":"{self.prev}",'
            f'"recorded_at":"{self.recorded_at}","subject":{self.subject},"version":{self.version}}}'
        )

    def hash(self) -> str:
        """SHA-256 of the canonical header, in hexadecimal."""
        return sha256(self.canonical())


class Record(NamedTuple):
    """One entry of the ledger. `salt` and `payload` are None where they were redacted."""

    header: Header
    hash: str
    salt: str | None
    payload: str | None

    @property
    def position(self) -> int:
        return self.header.position
