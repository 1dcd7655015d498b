"""What a reader of a format gets from a ledger (`Holdings`) and returns (`Arrival`: a document, notes and doubts)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from factstore.documents.entries import Document
from factstore.exchange.cell_details import Doubtful, Place, letters
from factstore.plain import Json, JsonObject


class Doubt(NamedTuple):
    """A cell that somebody should look at: its place (`B17`, or `row 17`), its content, and how it was read."""

    place: str
    text: str
    why: str


def doubts_of(doubtful: Mapping[Place, Doubtful], unread: Collection[int] = ()) -> list[Doubt]:
    """The doubtful cells of a sheet to be listed, without those in the columns that are not read."""
    return [
        Doubt(f"{letters(column)}{row}", " ".join(cell.text.split()), cell.why)
        for (row, column), cell in doubtful.items()
        if column not in unread
    ]


@dataclass(slots=True)
class Arrival:
    """A document that was imported, and the same as plain values with all sources that it cites.

    `mapping`: lines on how it was read; `saved`: the same as a file to pass back in, "" if there is none. `doubts`: cells
    that somebody should look at; `left_out`: rows that say nothing that happened. `doubted` and `unused` are the words,
    singular and plural, in which these two are counted. `gone`: ids of facts that came from the same file and are no longer
    in it. `likely`: messages about rows that were matched to facts that they only resemble.
    """

    document: Document
    value: JsonObject
    mapping: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    left_out: list[Doubt] = field(default_factory=list)
    saved: str = ""
    gone: list[str] = field(default_factory=list)
    likely: list[str] = field(default_factory=list)
    doubted: tuple[str, str] = ("cell to look at", "cells to look at")
    unused: tuple[str, str] = (
        "row left out, since nothing happened in it",
        "rows left out, since nothing happened in them",
    )


class Holdings:
    """What a ledger holds, plus what other files of the same import bring: sources and facts as entries, and ids in use.

    `entries`: all that the ledger holds, by id, without what other files bring.
    `name`: the name under which the ledger knows, or is to know, the file that is imported, if that is not its own.
    """

    def __init__(self, entries: Iterable[tuple[str, Mapping[str, Json]]] = (), name: str = "") -> None:
        self.name = name
        self.sources: dict[str, Mapping[str, Json]] = {}
        self.facts: list[Mapping[str, Json]] = []
        self.entries: dict[str, Mapping[str, Json]] = {}
        self.taken: set[str] = set()
        self._turns: dict[str, Iterator[int]] = {}
        for kind, entry in entries:
            self.taken.add(entry["id"])
            self.entries[entry["id"]] = entry
            if kind == "source":
                self.sources[entry["id"]] = entry
            elif kind == "fact":
                self.facts.append(entry)

    def free(self, slug: str) -> str:
        """An unused id made from a slug; from now on it counts as used."""
        name = slug
        if name in self.taken:
            turns = self._turns.setdefault(slug, count(2))
            name = next(name for number in turns if (name := f"{slug}-{number}") not in self.taken)
        self.taken.add(name)
        return name
