"""The ledger's things that a commit is about, looked up together and kept in memory."""

from __future__ import annotations

from collections.abc import Iterable

from factstore.repository.answers import Thing
from factstore.units import Position
from factstore.writing.commit import Commit


class Shelf:
    """Things in the ledger, including what the commit had appended when the shelf was last renewed."""

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._repository = commit.repository
        self._positions: dict[str, Position | None] = {}
        self._held: dict[Position, Thing] = {}
        self._cited: dict[Position, list[Position]] = {}

    def expect(self, names: Iterable[str]) -> None:
        """Look these ids up together, since each will be asked for."""
        found = self._repository.find_all(names)
        self._positions |= found
        self._fetch(position for position in found.values() if position)

    def renew(self) -> None:
        """Include what has been appended so far."""
        self._repository = self._commit.repository
        self._positions.clear()
        self._held.clear()
        self._cited.clear()

    def _fetch(self, positions: Iterable[Position]) -> None:
        wanted = list(positions)
        held = self._repository.held(wanted, since_loaded=True)
        cited = self._repository.cited(position for position, one in held.items() if one.kind in ("fact", "ordering"))
        held |= self._repository.held((one for several in cited.values() for one in several), since_loaded=True)
        self._held |= held
        self._cited |= {position: cited.get(position, []) for position in wanted}

    def find(self, name: str) -> Thing | None:
        """The thing with an id, None if there is none or it was redacted."""
        if name not in self._positions:
            self._positions[name] = self._repository.find(name)
        position = self._positions[name]
        held = self.at(position) if position else None
        return None if held and held.kind == "redacted" else held

    def at(self, position: Position) -> Thing:
        """The thing introduced at a position."""
        if position not in self._held:
            self._fetch([position])
        return self._held[position]

    def redacted(self, name: str) -> Position | None:
        """The position whose redaction deleted this id, if there is one."""
        return self._repository.redacted(name) if self._commit.has_redactions else None

    def citations(self, about: Position) -> list[tuple[str, Thing]]:
        """The citations of a fact or an ordering, by id."""
        if about not in self._cited:
            self._fetch([about])
        return [(self._repository.name_of(position), self._held[position]) for position in self._cited[about]]

    def citing(self, source: Position) -> list[tuple[str, Thing]]:
        """The citations of a source that are not withdrawn, by id."""
        held = self._repository.held(self._repository.citing(source))
        return [(self._repository.name_of(position), one) for position, one in held.items()]

    def filled(self, citations: Iterable[Position]) -> dict[Position, set[str]]:
        """Which of prefix and suffix of citations were filled in because nobody gave them."""
        return self._repository.filled(citations)

    def name_of(self, position: Position) -> str:
        """The id of the thing introduced at a position."""
        return self._repository.name_of(position)

    def nearest(self, name: str, kind: str) -> list[str]:
        """The ids of a kind that are most similar to one that does not exist."""
        return self._repository.nearest(name, kind)
