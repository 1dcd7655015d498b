"""What only a terminal gets: lines that fit its width, colour, and the progress of long work."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import IO

from factstore.progress import Progress
from factstore.rendering.lines import Screen

#: Longer lines are hard to read, and narrower ones break too often.
_WIDEST, _NARROWEST = 160, 40


def screen(stream: IO[str]) -> Screen:
    """What a stream shows: a terminal has a width and perhaps colour; for a file or a pipe lines stay as they are.

    $COLUMNS sets the width of either. $NO_COLOR and $FORCE_COLOR switch colour off and on, if they are not empty.
    """
    return Screen(_width(stream), has_colour(stream))


def _width(stream: IO[str]) -> int | None:
    asked = os.environ.get("COLUMNS", "")
    width = int(asked) if asked.isdecimal() else 0
    if not width and stream.isatty():
        try:
            width = os.get_terminal_size(stream.fileno()).columns or 80
        except OSError:
            width = 80
    return max(_NARROWEST, min(width, _WIDEST)) if width else None


def has_colour(stream: IO[str]) -> bool:
    """Whether a stream gets colour (no-color.org, force-color.org)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


# --- progress -------------------------------------------------------------------------------------------------

#: Seconds until progress is first shown, and between two updates.
_PATIENCE, _PAUSE = 1.0, 0.1
_BAR = 16


@contextmanager
def progress(doing: str, things: str, total: int | None = None) -> Iterator[Progress | None]:
    """A callback for the library's progress, shown on stderr if that is a terminal; None if it is not.

    `total`: the number of things in all, if the library does not know it.
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
    """One line of a terminal with the progress of work, its rate and the time left; removed at the end."""

    def __init__(self, stream: IO[str], doing: str, things: str, total: int | None = None) -> None:
        self._stream = stream
        self._doing = doing
        self._things = things
        self._total = total
        self._began = monotonic()
        self._next = self._began + _PATIENCE
        self._drawn = False

    def __call__(self, done: int, total: int | None) -> None:
        """Draw the bar again, at most a few times a second; `total` is None if it is unknown."""
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
        for part in parts:  # as many of them as fit
            line += f"  {part}"[0 if line else 2 :] if len(line) + len(part) + 2 < width else ""
        self._stream.write(f"\r{line}\x1b[K")
        self._stream.flush()
        self._drawn = True

    def clear(self) -> None:
        """Remove the line."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
