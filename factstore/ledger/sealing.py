"""Makes records: the payload as canonical JSON, its salt, and the hashes of payload and header."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.json import Encoder

from factstore.ledger.canonical import canonical, new_salt, payload_hash
from factstore.ledger.kinds import VERSIONS
from factstore.ledger.record import Header, Record
from factstore.plain import Json
from factstore.units import Position

_encode = Encoder(order="sorted").encode
#: Python sorts names by code points; that differs from code units if a name has characters beyond the basic plane.
_BEYOND = re.compile(rb"[\xf0-\xf4]")


def canonical_plain(value: object) -> str:
    """The canonical JSON text of a value without floats and large numbers, such as a payload's."""
    try:
        text = _encode(value)
    except (TypeError, UnicodeEncodeError):
        return canonical(value)
    if rb"\u0000" in text or not (text.isascii() or _BEYOND.search(text) is None):
        return canonical(value)
    return text.decode()


def seal(
    kind: str,
    said: Mapping[str, Json],
    *,
    ledger: str,
    position: Position,
    subject: Position,
    recorded_at: str,
    prev: str,
    salt: str | None = None,
) -> Record:
    """The record at `position` with this payload, which follows the record whose hash is `prev`."""
    text = canonical_plain(said)
    salt = salt or new_salt()
    hash_ = payload_hash(salt, text)
    header = Header(ledger, position, kind, VERSIONS[kind], subject, recorded_at, hash_, prev)
    return Record(header, header.hash(), salt, text)
