"""Whether a record, seen by itself, is as Factstore writes it: its form, its hashes, its payload's writing.

`docs/reference/ledger.md` says what that form is, and `docs/reference/verify_ledger.py` checks the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from msgspec.json import Decoder

from factstore.ledger.canonical import INTEGER_LIMIT, payload_hash
from factstore.ledger.kinds import known
from factstore.ledger.record import Record
from factstore.ledger.sealing import canonical_plain

#: What may be a number that is not whole, or is too large; in a text it is none, and no harm done.
_NUMBERS = re.compile(r"[0-9]{16}|[0-9][.eE]")
_decode = Decoder().decode
_HASH = re.compile("[0-9a-f]{64}")
_SALT = re.compile("[0-9a-f]{32}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z")


def amiss(record: Record) -> Iterator[str]:
    """What is not as it was written, in words."""
    header, salt, payload = record.header, record.salt, record.payload
    if not _is_moment(header.recorded_at):
        yield "recorded_at is no moment in UTC to the microsecond"
    if header.subject < 1:
        yield f"it is about position {header.subject}, and positions begin with 1"
    if header.subject > header.position:
        yield f"it is about a later record, {header.subject}"
    if not (_HASH.fullmatch(record.hash) and _HASH.fullmatch(header.payload_hash)):
        yield "a hash is not 64 lower-case hexadecimal digits"
    elif header.hash() != record.hash:
        yield "the record is not the one that was hashed, or not after this record"
    if not known(header.kind, header.version):
        what = f"{header.kind}, version {header.version}, is a kind or version"
        yield f"{what} that this version of Factstore does not know"
    if payload is None or salt is None:
        return
    if not _SALT.fullmatch(salt):
        yield "the salt is not 32 lower-case hexadecimal digits"
    elif payload_hash(salt, payload) != header.payload_hash:
        yield "the payload is not the one that was hashed"
    elif not is_canonical(payload):
        yield "the payload is not canonical JSON"


@lru_cache(maxsize=16)  # the records of a commit bear one moment
def _is_moment(text: str) -> bool:
    found = _MOMENT.fullmatch(text)
    try:
        return found is not None and date.fromisoformat(found[1]) is not None
    except ValueError:
        return False


def is_canonical(text: str) -> bool:
    """Whether a text is canonical JSON, to the letter: there is one such text of a value, and no name in it twice."""
    try:
        # Most texts hold no number that has to be looked at: to ask of each costs more than to read it.
        value = json.loads(text, parse_int=_whole, parse_float=_whole) if _NUMBERS.search(text) else _decode(text)
        return canonical_plain(value) == text
    except (ValueError, RecursionError):
        return False


def _whole(digits: str) -> int:
    """A number that is whole and not too large. Raises ValueError."""
    number = int(digits)
    if abs(number) >= INTEGER_LIMIT:
        raise ValueError(digits)
    return number
