"""What a terminal is given that a file is not: lines of its width, colour, and how far long work has come."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import IO, Any

from factstore.progress import Progress
from factstore.rendering.lines import Screen

#: Lines longer than this are hard to read; shorter ones are broken so often that they are, too.
_WIDEST, _NARROWEST = 160, 40


def screen(stream: IO[Any]) -> Screen:
    """What a stream shows: a terminal its width and colour, a file or a pipe lines as they come.

    $COLUMNS sets the width of either. $NO_COLOR and $FORCE_COLOR say no and yes to colour, where they are not empty.
    """
    return Screen(_width(stream), has_colour(stream))


def _width(stream: IO[Any]) -> int | None:
    asked = os.environ.get("COLUMNS", "")
    width = int(asked) if asked.isdecimal() else 0
    if not width and stream.isatty():
        try:
            width = os.get_terminal_size(stream.fileno()).columns or 80
        except OSError:
            width = 80
    return max(_NARROWEST, min(width, _WIDEST)) if width else None


def has_colour(stream: IO[Any]) -> bool:
    """Whether a stream is given colour (no-color.org, force-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


# --- how far long work has come -------------------------------------------------------------------------------

#: Work that takes less than so many seconds is not told of; longer work, so often.
_PATIENCE, _PAUSE = 1.0, 0.1
_BAR = 16


@contextmanager
def progress(doing: str, things: str, total: int | None = None) -> Iterator[Progress | None]:
    """Something for the library to tell how far it is, shown on stderr while that is a terminal; None where it is not.

    `total` is how far it is to come, where the library does not know.
    """
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    bar = Bar(sys.stderr, doing, things, total)
    try:
        yield bar
    finally:
        bar.clear()


class Bar:
    """One line of a terminal that says how far work has come, how fast, and how long it will take; gone when it is done."""

    def __init__(self, stream: IO[str], doing: str, things: str, total: int | None = None) -> None:
        self._stream = stream
        self._doing = doing
        self._things = things
        self._total = total
        self._began = monotonic()
        self._next = self._began + _PATIENCE
        self._drawn = False

    def __call__(self, done: int, total: int | None) -> None:
        now = monotonic()
        if now < self._next:
            return
        self._next = now + _PAUSE
        total = total or self._total
        rate = done / (now - self._began)
        parts = [f"{self._doing} {done:,} {self._things}, {rate:,.0f}/s"]
        if total and done <= total:
            full = _BAR * done // total
            parts = [
                f"{self._doing} [{'#' * full}{'.' * (_BAR - full)}] {100 * done // total:3d} %",
                *([f"{_clock((total - done) / rate)} left"] if rate else []),
                f"{rate:,.0f}/s",
                f"{done:,} of {total:,} {self._things}",
            ]
        width = _width(self._stream) or 80
        line = ""
        for part in parts:  # as much of it as fits
            line += f"  {part}"[0 if line else 2 :] if len(line) + len(part) + 2 < width else ""
        self._stream.write(f"\r{line}\x1b[K")
        self._stream.flush()
        self._drawn = True

    def clear(self) -> None:
        """Leave the line as it was."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
