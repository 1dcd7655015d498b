"""Compound files ([MS-CFB]), in which .xls is kept, and any workbook that is encrypted: streams in chains of sectors.

They are checked before a reader of workbooks follows their chains, since in a damaged file these may lead outside it or in
a circle, and cells may be so far out that no memory has room for them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from struct import unpack_from

#: The first bytes of a compound file.
MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The streams of an Office document that is encrypted ([MS-OFFCRYPTO]), and those with the records of an .xls.
_ENCRYPTED, _BOOKS = {"EncryptionInfo", "EncryptedPackage"}, ("Workbook", "Book")
#: The end of a chain, and the first number that is no sector's.
_END, _RESERVED = 0xFFFF_FFFE, 0xFFFF_FFFA
_HEADER, _ENTRY = 512, 128
_STREAM, _ROOT = 2, 5
#: The records of cells ([MS-XLS] 2.3), which begin with row and column; a run of numbers ends with its last column.
_CELLS, _RUN = frozenset((0x06, 0xBD, 0xFD, 0x0203, 0x0204, 0x0205, 0x027E)), 0xBD
#: The record after which an .xls is encrypted.
_LOCK = 0x2F
#: The records of where a sheet begins, of its extent, and of all texts.
_SHEET, _EXTENT, _TEXTS = 0x85, 0x0200, 0xFC
#: How many rows and columns an .xls has.
_ROWS, _COLUMNS = 65536, 256


def is_encrypted(content: bytes) -> bool:
    """Whether a compound file holds an encrypted document. Raises ValueError if the file is damaged."""
    streams = _streams(content)
    try:
        locked = any(_check_records(streams.get(name, b"")) for name in _BOOKS)
    except struct.error as error:
        raise ValueError("a record is cut short") from error
    return locked or streams.keys() >= _ENCRYPTED


def _check_records(records: bytes) -> bool:
    """Whether the records of an .xls say that what follows is encrypted.

    Raises ValueError if a record claims rows, columns, sheets or texts that an .xls cannot have: the reader would look for
    them, or make room for them.
    """
    at = 0
    while at + 4 <= len(records):
        kind, length = unpack_from("<HH", records, at)
        held = records[at + 4 : at + 4 + length]
        if kind in _CELLS and length >= 6:
            [column] = unpack_from("<H", held, len(held) - 2 if kind == _RUN else 2)
            _refuse(column >= _COLUMNS)
        elif kind == _EXTENT and length == 14:
            top, rows, left, columns, _ = unpack_from("<IIHHH", held)
            _refuse(not (top <= rows <= _ROWS and left <= columns <= _COLUMNS))
        elif kind == _SHEET and length >= 4:
            [start] = unpack_from("<I", held)
            _refuse(start >= len(records))
        elif kind == _TEXTS and length >= 8:
            [_, texts] = unpack_from("<II", held)
            _refuse(texts > len(records))
        elif kind == _LOCK:
            return True
        at += 4 + length
    return False


def _refuse(impossible: bool) -> None:
    if impossible:
        raise ValueError("a record claims more than an .xls can have")


def _streams(content: bytes) -> dict[str, bytes]:
    """The streams of a file, by name. Raises ValueError if a chain of sectors cannot be followed to its end."""
    if len(content) < _HEADER or not content.startswith(MARK):
        raise ValueError("it has no header of a compound file")
    shift, small_shift = unpack_from("<HH", content, 30)
    if (shift, small_shift) not in ((9, 6), (12, 6)):
        raise ValueError("its sectors have an impossible size")
    first_entry, _, smallest, first_small, _, first_list, _ = unpack_from("<7I", content, 48)
    size = 1 << shift
    file = _Sectors(content[size:], size, ())
    file.table = [*_numbers(file.one(number) for number in _table_sectors(content, file, first_list))]
    listed = b"".join(map(file.one, file.chain(first_entry)))
    entries = [_entry(listed[at : at + _ENTRY], shift) for at in range(0, len(listed), _ENTRY)]
    root = next((file.joined(start) for _, kind, start, _ in entries if kind == _ROOT), b"")
    small = _Sectors(root, 1 << small_shift, [*_numbers(map(file.one, file.chain(first_small)))])
    streams = {}
    for name, kind, start, length in entries:
        if kind == _STREAM and length:
            streams[name] = (small if length < smallest else file).joined(start)[:length]
            if len(streams[name]) < length:
                raise ValueError("a stream is longer than its sectors")
    return streams


class _Sectors:
    """Sectors of one size, and the table that says which follows which."""

    def __init__(self, content: bytes, size: int, table: Sequence[int]) -> None:
        self._content, self._size, self.table = content, size, table

    def one(self, number: int) -> bytes:
        """A sector that must be there whole."""
        found = self._content[number * self._size : (number + 1) * self._size]
        if len(found) < self._size:
            raise ValueError("a sector is outside the file")
        return found

    def chain(self, start: int) -> Iterator[int]:
        """The numbers of the sectors of a chain."""
        for _ in self.table:
            if start == _END:
                return
            if start >= len(self.table):
                raise ValueError("a chain of sectors leads out of the file")
            yield start
            start = self.table[start]
        if start != _END:
            raise ValueError("a chain of sectors leads in a circle")

    def joined(self, start: int) -> bytes:
        """The bytes of a chain, of whose last sector the file may have only the beginning."""
        return b"".join(self._content[one * self._size : (one + 1) * self._size] for one in self.chain(start))


def _table_sectors(content: bytes, file: _Sectors, following: int) -> Iterator[int]:
    """The sectors with the table: those in the header, and those in a chain of lists."""
    listed = [*unpack_from("<109I", content, 76)]
    lists: set[int] = set()
    while following < _RESERVED:
        if following in lists:
            raise ValueError("its lists of sectors lead in a circle")
        lists.add(following)
        *more, following = _numbers([file.one(following)])
        listed += more
    return (sector for sector in listed if sector < _RESERVED)


def _numbers(sectors: Iterable[bytes]) -> Iterator[int]:
    for sector in sectors:
        yield from unpack_from(f"<{len(sector) // 4}I", sector)


def _entry(entry: bytes, shift: int) -> tuple[str, int, int, int]:
    """The name, kind, first sector and length of a stream. With small sectors, half of the length may be anything."""
    length, kind = unpack_from("<HB", entry, 64)
    start, size = unpack_from("<IQ", entry, 116)
    return (
        entry[: max(length - 2, 0)].decode("utf-16-le", "replace"),
        kind,
        start,
        size & (0xFFFF_FFFF if shift == 9 else -1),
    )
