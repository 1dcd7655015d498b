"""Whether a record by itself is as Factstore writes it: its form, its hashes, the spelling of its payload.

`docs/reference/ledger.md` specifies that form, and `docs/reference/verify_ledger.py` checks the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Annotated

from msgspec import Meta
from msgspec.json import Decoder

from factstore.ledger.canonical import INTEGER_LIMIT, canonical, payload_hash
from factstore.ledger.kinds import known
from factstore.ledger.record import Record
from factstore.ledger.sealing import canonical_plain

_Scalar = None | bool | Annotated[int, Meta(gt=-INTEGER_LIMIT, lt=INTEGER_LIMIT)] | str
_InMapping = _Scalar | list[_Scalar] | dict[str, _Scalar]
_InList = _Scalar | list[_InMapping] | dict[str, _InMapping]
_InChanges = _Scalar | list[_InList] | dict[str, _InList]
#: Reads a payload; refuses deeper nesting than a list of mappings in a correction, fractions and numbers that are too large.
_decode = Decoder(_Scalar | list[_InChanges] | dict[str, _InChanges]).decode
_HASH = re.compile("[0-9a-f]{64}")
_SALT = re.compile("[0-9a-f]{32}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z")


def problems_of(record: Record) -> Iterator[str]:
    """Each thing that is not as it was written, in words."""
    header, salt, payload = record.header, record.salt, record.payload
    if not _is_moment(header.recorded_at):
        yield "recorded_at is not a moment in UTC to the microsecond"
    if header.subject < 1:
        yield f"it is about position {header.subject}, and positions begin with 1"
    if header.subject > header.position:
        yield f"it is about a later record, {header.subject}"
    whole = payload is not None and salt is not None
    hashed = whole and payload_hash(salt or "", payload or "") == header.payload_hash
    # A payload hash that was computed here and fits needs no check of its form.
    if header.hash() != record.hash or not (hashed or _HASH.fullmatch(header.payload_hash)):
        if not (_HASH.fullmatch(record.hash) and _HASH.fullmatch(header.payload_hash)):
            yield "a hash is not 64 lower-case hexadecimal digits"
        else:
            yield "the record is not the one that was hashed, or does not follow the record before it"
    if not known(header.kind, header.version):
        what = f"{header.kind}, version {header.version}, is a kind or version"
        yield f"{what} that this version of Factstore does not know"
    if payload is None or salt is None:
        return
    if not _SALT.fullmatch(salt):
        yield "the salt is not 32 lower-case hexadecimal digits"
    elif not hashed:
        yield "the payload is not the one that was hashed"
    elif not is_canonical(payload):
        yield "the payload is not canonical JSON"


@lru_cache(maxsize=16)  # all records of a commit have one moment
def _is_moment(text: str) -> bool:
    found = _MOMENT.fullmatch(text)
    try:
        return found is not None and date.fromisoformat(found[1]) is not None
    except ValueError:
        return False


def is_canonical(text: str) -> bool:
    """Whether a text is exactly canonical JSON; each value has only one such text, in which no name occurs twice."""
    try:
        return canonical_plain(_decode(text)) == text
    except ValueError:
        return _is_canonical_deeper(text)


def _is_canonical_deeper(text: str) -> bool:
    """The same for a text that may be nested deeper than payloads are."""
    try:
        return canonical(json.loads(text, parse_int=_whole, parse_float=_whole)) == text
    except (ValueError, RecursionError):
        return False


def _whole(digits: str) -> int:
    """A whole number that is not too large; else raises ValueError."""
    number = int(digits)
    if abs(number) >= INTEGER_LIMIT:
        raise ValueError(digits)
    return number
