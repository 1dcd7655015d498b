"""Archived texts: what a source said, kept once under the SHA-256 of its UTF-8 bytes, which the ledger names.

What is read is what was kept, or Corrupt is raised: its bytes are held against the hash each time, and a value that would
grow beyond the largest text is left alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from factstore.database.engine import Connection
from factstore.database.statements import column, fetch, run, value
from factstore.errors import Corrupt, InputError
from factstore.ledger.canonical import sha256

#: An archived text has at most so many bytes.
LARGEST = 64 * 2**20
#: Deflated it takes hardly more: 5 bytes for each block of 65,535 that is stored as it is (RFC 1951, 3.2.4).
_LARGEST_DEFLATED = LARGEST + LARGEST // 1000

_RAW = -zlib.MAX_WBITS
_HELD = """SELECT characters, CASE WHEN length(deflated) <= :most THEN deflated END
           FROM archived_text WHERE sha256 = :sha256"""
_KEEP = "INSERT INTO archived_text (sha256, characters, deflated) VALUES (?, ?, ?)"
_HOLDS = "SELECT 1 FROM archived_text WHERE sha256 = :sha256"
_EVERY = "SELECT sha256 FROM archived_text ORDER BY sha256"
_UNUSED = "DELETE FROM archived_text WHERE sha256 NOT IN (@named_texts)"


def keep(connection: Connection, content: str) -> str:
    """Keep a text, once. Returns its SHA-256. Raises InputError for one of more bytes than a text has."""
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
    """Whether the text of a SHA-256 is kept."""
    return value(connection, _HOLDS, {"sha256": name}) is not None


def read(connection: Connection, name: str) -> str | None:
    """The text of a SHA-256, None where only the hash was kept. Raises Corrupt where it is not the one that was kept."""
    row = next(fetch(connection, _HELD, {"sha256": name, "most": _LARGEST_DEFLATED}), None)
    if row is None:
        return None
    characters, deflated = row
    content = _inflated(deflated)
    if content is None or sha256(content) != name or len(content) != characters:
        raise Corrupt(f"the archived text {name} is not the one that was kept")
    return content


def _inflated(deflated: bytes | None) -> str | None:
    """A text that is whole, of no more than the largest size, and has nothing behind it."""
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
    """What is to be said of each text that is not the one that was kept."""
    for _, wrong in _every(connection):
        if wrong:
            yield wrong


def copy(connection: Connection, to: Connection) -> list[str]:
    """Keep each text in another file, too. Returns what is to be said of those that are not the ones that were kept."""
    lost = []
    for content, wrong in _every(connection):
        if wrong:
            lost.append(wrong)
        else:
            keep(to, content)
    return lost


def _every(connection: Connection) -> Iterator[tuple[str, str]]:
    """Each text, and what is to be said where it is not the one that was kept."""
    for name in column(connection, _EVERY):
        try:
            yield read(connection, name) or "", ""
        except Corrupt as error:
            yield "", str(error)
