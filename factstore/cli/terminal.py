"""What a terminal is given that a file is not: lines of its width, colour, and how far long work has come."""

from __future__ import annotations

import os
from typing import IO, Any

from factstore.lines import Screen

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
