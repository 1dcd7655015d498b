"""Pixels of a PNG as browsers write it: eight bits per channel, RGB or RGBA, not interlaced (PNG, third edition)."""

from __future__ import annotations

import zlib


class Pixels:
    """The colours of a picture, by column and row."""

    def __init__(self, png: bytes) -> None:
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        place, data = 8, b""
        while place < len(png):
            size, kind = int.from_bytes(png[place : place + 4]), png[place + 4 : place + 8]
            content = png[place + 8 : place + 8 + size]
            if kind == b"IHDR":
                self.width, self.height = int.from_bytes(content[:4]), int.from_bytes(content[4:8])
                depth, colour, *_, interlaced = content[8:13]
                assert (depth, colour in (2, 6), interlaced) == (8, True, 0)
                self._channels = 3 if colour == 2 else 4
            elif kind == b"IDAT":
                data += content
            place += size + 12
        self._rows = list(self._unfiltered(zlib.decompress(data)))

    def _unfiltered(self, data: bytes) -> list[bytearray]:
        size, step = self.width * self._channels, self._channels
        found: list[bytearray] = []
        above = bytearray(size)
        for start in range(0, len(data), size + 1):
            kind, row = data[start], bytearray(data[start + 1 : start + 1 + size])
            if kind:
                _undo(kind, row, above, step)
            found.append(row)
            above = row
        return found

    def at(self, x: float, y: float) -> tuple[int, int, int]:
        """The colour of the pixel at a place: red, green, blue."""
        start = int(x) * self._channels
        red, green, blue = self._rows[int(y)][start : start + 3]
        return red, green, blue


def _undo(kind: int, row: bytearray, above: bytearray, step: int) -> None:
    """Undoes a filter (9.2) of a row, in place."""
    for n in range(len(row)):
        left = row[n - step] if n >= step else 0
        corner = above[n - step] if n >= step else 0
        if kind == 1:
            add = left
        elif kind == 2:
            add = above[n]
        elif kind == 3:
            add = (left + above[n]) // 2
        else:
            add = _nearest(left, above[n], corner)
        row[n] = (row[n] + add) & 255


def _nearest(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda one: abs(guess - one))
