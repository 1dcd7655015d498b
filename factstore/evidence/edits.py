"""Edited texts that remember where in the original each of their characters came from."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

#: A stretch of a text, from its first character to the one after its last, and what replaces it.
Edit = tuple[int, int, str]


class Traced(NamedTuple):
    """An edited text; for each of its characters, the start and end of the stretch of the original that it came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def edited(text: Traced, edits: Iterable[Edit]) -> Traced:
    """The text with the edits applied; itself if there are none."""
    pieces: list[str] = []
    starts, ends = array("I"), array("I")
    done = 0
    for low, high, new in chain(edits, [(len(text.text), len(text.text), "")]):
        if low == len(text.text) and not pieces:
            return text
        pieces += text.text[done:low], new
        starts.extend(text.starts[done:low])
        ends.extend(text.ends[done:low])
        if new:
            starts.extend([text.starts[low]] * len(new))
            ends.extend([text.ends[high - 1]] * len(new))
        done = high
    return Traced("".join(pieces), starts, ends)
