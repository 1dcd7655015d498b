"""Archived texts of sources, each kept once under the SHA-256 of its UTF-8 bytes, which the ledger names.

Reading returns the text that was kept or raises Corrupt: it is hashed each time, and a value that would inflate beyond the
largest text is not read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from factstore.database.engine import Connection
from factstore.database.statements import column, fetch, run, value
from factstore.errors import Corrupt, InputError
from factstore.ledger.canonical import sha256

#: The most bytes of an archived text.
LARGEST = 64 * 2**20
#: Deflate adds at most 5 bytes for each block of 65,535 that is stored uncompressed (RFC 1951, 3.2.4).
_LARGEST_DEFLATED = LARGEST + LARGEST // 1000

_RAW = -zlib.MAX_WBITS
_HELD = """SELECT characters, CASE WHEN length(deflated) <= :most THEN deflated END
           FROM archived_text WHERE sha256 = :sha256"""
_KEEP = "INSERT INTO archived_text (sha256, characters, deflated) VALUES (?, ?, ?)"
_HOLDS = "SELECT 1 FROM archived_text WHERE sha256 = :sha256"
_EVERY = "SELECT sha256 FROM archived_text ORDER BY sha256"
_UNUSED = "DELETE FROM archived_text WHERE sha256 NOT IN (@named_texts)"


def keep(connection: Connection, content: str) -> str:
    """Keep a text, once, and return its SHA-256. Raises InputError if it is too large."""
    name = sha256(content)
    if not holds(connection, name):
        encoded = content.encode()
        if len(encoded) > LARGEST:
            raise InputError(f"a text to be archived is larger than {LARGEST // 2**20} MiB")
        packer = zlib.compressobj(9, wbits=_RAW)
        deflated = packer.compress(encoded) + packer.flush()
        run(connection, _KEEP, (name, len(content), deflated))
    return name


def holds(connection: Connection, name: str) -> bool:
    """Whether the text with a SHA-256 is kept."""
    return value(connection, _HOLDS, {"sha256": name}) is not None


def read(connection: Connection, name: str) -> str | None:
    """The text with a SHA-256, None if only the hash was kept. Raises Corrupt if it is not the text that was kept."""
    row = next(fetch(connection, _HELD, {"sha256": name, "most": _LARGEST_DEFLATED}), None)
    if row is None:
        return None
    characters, deflated = row
    content = _inflated(deflated)
    if content is None or sha256(content) != name or len(content) != characters:
        raise Corrupt(f"the archived text {name} is not the one that was kept")
    return content


def _inflated(deflated: bytes | None) -> str | None:
    """The text, if it is complete, not too large, and followed by nothing; else None."""
    inflater = zlib.decompressobj(wbits=_RAW)
    try:
        content = inflater.decompress(deflated or b"", LARGEST + 1)
        whole = inflater.eof and not inflater.unused_data and len(content) <= LARGEST
        return content.decode() if whole else None
    except (zlib.error, UnicodeDecodeError):
        return None


def drop_unused(connection: Connection) -> None:
    """Delete the texts that the ledger no longer names."""
    run(connection, _UNUSED)


def damaged(connection: Connection) -> Iterator[str]:
    """A message for each text that is not the one that was kept."""
    for _, wrong in _every(connection):
        if wrong:
            yield wrong


def copy(connection: Connection, to: Connection) -> list[str]:
    """Keep all texts in another file, too. Returns a message for each that is not the one that was kept."""
    lost = []
    for content, wrong in _every(connection):
        if wrong:
            lost.append(wrong)
        else:
            keep(to, content)
    return lost


def _every(connection: Connection) -> Iterator[tuple[str, str]]:
    """Each text and its message, which is "" if it is the text that was kept."""
    for name in column(connection, _EVERY):
        try:
            yield read(connection, name) or "", ""
        except Corrupt as error:
            yield "", str(error)
