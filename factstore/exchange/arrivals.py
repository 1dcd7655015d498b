"""What readers of other people's formats are given of a ledger, and what they give back: a document, and what is to be said
of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from factstore.documents.entries import (
    Document,
)


class Doubt(NamedTuple):
    """A cell to be looked at (`B17`, or `row 17`), what it holds, and what became of it."""

    place: str
    text: str
    why: str


@dataclass(slots=True)
class Arrival:
    """A document that came in, and the same as plain values, with every source that it cites.

    `mapping` are lines on how it was read, `saved` the same as a file to be given back, "" where there is none. `doubts`
    are cells to be looked at, `left_out` rows that say nothing that happened, each counted in the words of `doubted` and
    `unused`, one and several. `gone` are ids of facts that came from the same file and are no longer in it, `likely` says
    which rows were taken for facts that they only resemble.
    """

    document: Document
    value: dict[str, Any]
    mapping: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    left_out: list[Doubt] = field(default_factory=list)
    saved: str = ""
    gone: list[str] = field(default_factory=list)
    likely: list[str] = field(default_factory=list)
    doubted: tuple[str, str] = ("cell to look at", "cells to look at")
    unused: tuple[str, str] = (
        "row left out, for nothing happened in it",
        "rows left out, for nothing happened in them",
    )


class Holdings:
    """What a ledger holds, and what other files of the same import bring: sources and facts as entries, ids taken."""

    def __init__(self, entries: Iterable[tuple[str, Mapping[str, Any]]] = ()) -> None:
        self.sources: dict[str, Mapping[str, Any]] = {}
        self.facts: list[Mapping[str, Any]] = []
        self.taken: set[str] = set()
        self._turns: dict[str, Iterator[int]] = {}
        for kind, entry in entries:
            self.taken.add(entry["id"])
            if kind == "source":
                self.sources[entry["id"]] = entry
            elif kind == "fact":
                self.facts.append(entry)

    def free(self, slug: str) -> str:
        """An id like this that nothing has; it is taken from now on."""
        name = slug
        if name in self.taken:
            turns = self._turns.setdefault(slug, count(2))
            name = next(name for number in turns if (name := f"{slug}-{number}") not in self.taken)
        self.taken.add(name)
        return name
