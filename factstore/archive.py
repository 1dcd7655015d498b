"""Archived texts: what a source said, kept once under the SHA-256 of its UTF-8 bytes, which the ledger names."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from sqlalchemy import Connection, text

from factstore import schema
from factstore.records import sha256

_RAW = -zlib.MAX_WBITS
_HELD = text("SELECT deflated FROM archived_text WHERE sha256 = :sha256")
_HOLDS = text("SELECT 1 FROM archived_text WHERE sha256 = :sha256")
_EVERY = text("SELECT sha256 FROM archived_text ORDER BY sha256")
_NOT_AS_KEPT = "the archived text {} is not the one that was kept"
_UNUSED = text("DELETE FROM archived_text WHERE sha256 NOT IN (SELECT text FROM source WHERE text IS NOT NULL)")


def keep(connection: Connection, content: str) -> str:
    """Keep a text, once. Returns its SHA-256."""
    name = sha256(content)
    if not holds(connection, name):
        packer = zlib.compressobj(9, wbits=_RAW)
        deflated = packer.compress(content.encode()) + packer.flush()
        connection.execute(
            schema.archived_text.insert(), {"sha256": name, "characters": len(content), "deflated": deflated}
        )
    return name


def holds(connection: Connection, name: str) -> bool:
    """Whether the text of a SHA-256 is kept."""
    return connection.execute(_HOLDS, {"sha256": name}).first() is not None


def read(connection: Connection, name: str) -> str | None:
    """The text of a SHA-256, None where only the hash was kept."""
    row = connection.execute(_HELD, {"sha256": name}).first()
    return zlib.decompress(row.deflated, wbits=_RAW).decode() if row else None


def drop_unused(connection: Connection) -> None:
    """Delete the texts that no source names any more, on any clock."""
    connection.execute(_UNUSED)


def damaged(connection: Connection) -> Iterator[str]:
    """What is to be said of each text that is not the one that was kept."""
    for name in connection.execute(_EVERY).scalars().all():
        if not _whole(connection, name):
            yield _NOT_AS_KEPT.format(name)


def copy(connection: Connection, to: Connection) -> list[str]:
    """Keep each text in another file, too. Returns what is to be said of those that are not the ones that were kept."""
    lost = []
    for name in connection.execute(_EVERY).scalars().all():
        if _whole(connection, name):
            keep(to, read(connection, name) or "")
        else:
            lost.append(_NOT_AS_KEPT.format(name))
    return lost


def _whole(connection: Connection, name: str) -> bool:
    try:
        return sha256(read(connection, name) or "") == name
    except (zlib.error, UnicodeDecodeError):
        return False
