"""Makes compound files, and the records of an .xls, to damage."""

from __future__ import annotations

from collections.abc import Mapping
from struct import pack

SECTOR = 512
_END, _FREE, _TABLE = 0xFFFF_FFFE, 0xFFFF_FFFF, 0xFFFF_FFFD
#: The least length of a stream that has sectors of its own.
_LEAST = 4096


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file whose first sector is its table, the second its directory; then come the streams, one by one."""
    assert len(streams) < 4
    table, sectors = [_TABLE, _END], b""
    entries = [_entry("Root Entry", 5, _END, 0)]
    for name, content in streams.items():
        padded = content.ljust(_LEAST, b"\0")
        padded += b"\0" * (-len(padded) % SECTOR)
        first = len(table)
        table += [*range(first + 1, first + len(padded) // SECTOR), _END]
        sectors += padded
        entries.append(_entry(name, 2, first, len(padded)))
    entries += [b"\0" * 128] * (4 - len(entries))
    assert len(table) <= SECTOR // 4
    table += [_FREE] * (SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += pack("<3I", 0, 1, 1) + pack("<6I", 0, _LEAST, _END, 0, _END, 0) + pack("<109I", 0, *[_FREE] * 108)
    return header + pack(f"<{len(table)}I", *table) + b"".join(entries) + sectors


def _entry(name: str, kind: int, first: int, size: int) -> bytes:
    spelt = (name + "\0").encode("utf-16-le")
    entry = spelt.ljust(64, b"\0") + pack("<HBB3I", len(spelt), kind, 1, _FREE, _FREE, 1 if kind == 5 else _FREE)
    return entry + bytes(36) + pack("<IQ", first, size)


def xls(*records: bytes) -> bytes:
    """An .xls with one sheet: two cells of text, and more records."""
    begin = record(0x0809, pack("<4H8x", 0x600, 5, 0, 0))
    sheet_at = len(begin) + 4 + 13 + 4
    begin += record(0x85, pack("<IHBB", sheet_at, 0, 5, 0) + b"Sheet") + record(0x0A, b"")
    cells = (
        record(0x0204, pack("<3HHB", 0, at, 0, len(text), 0) + text) for at, text in enumerate((b"Date", b"Event"))
    )
    sheet = record(0x0809, pack("<4H8x", 0x600, 0x10, 0, 0)) + b"".join((*cells, *records)) + record(0x0A, b"")
    return compound({"Workbook": begin + sheet})


def record(kind: int, content: bytes) -> bytes:
    return pack("<HH", kind, len(content)) + content
