"""Loads the evidence that a document gives for a fact or an ordering, and finds the citations that it already has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from factstore.documents.entries import Defaults, Entry, EvidenceEntry
from factstore.errors import DateError
from factstore.plain import JsonObject
from factstore.repository.answers import Thing
from factstore.units import Position
from factstore.writing import as_written
from factstore.writing.comparing import Comparer
from factstore.writing.pairing import Pairs


class _Said(NamedTuple):
    """A piece of evidence in a document: its id and source as given, its fields, and its place."""

    given: str | None
    source: str | None
    fields: JsonObject
    place: str


class CitationLoader:
    """Loads citations. `cited`: the positions of the sources that the documents cite."""

    def __init__(self, comparer: Comparer) -> None:
        self._comparer = comparer
        self.cited: set[Position] = set()

    def load(
        self, about: Position, name: str, entries: Sequence[EvidenceEntry], defaults: Defaults, entry: Entry
    ) -> None:
        """Load the citations of a fact or an ordering. They are matched with existing ones by id, else by present values,
        else by values that these have had since they were loaded, else by order among those of the same source.
        """
        held = self._comparer.citations(about)
        waiting = []
        for number, said in enumerate(entries, start=1):
            at = entry.evidence_at[number - 1] if number <= len(entry.evidence_at) else entry.where
            place = f"{at}: evidence {number} of {name}"
            fields = self._citation_fields(said, defaults, place)
            if fields is not None and not self._misnamed(said.id, name, held, place):
                waiting.append(_Said(said.id, said.source or defaults.source, fields, place))
        for one, same in self._paired(waiting, held):
            self._comparer.compare("citation", *same, one.fields, entry.where, one.place)
            waiting.remove(one)
        kept = {one.given for one in waiting}
        for one in waiting:
            number, called = 1, one.given
            while called is None or (
                not one.given and (called in kept or self._comparer.is_taken(called, about, name))
            ):
                called, number = f"{name}/{one.source}/{number}", number + 1
            self._comparer.record_citation(called, one.fields, about, one.place)

    def _paired(
        self, said: Sequence[_Said], held: Sequence[tuple[str, Thing]]
    ) -> list[tuple[_Said, tuple[str, Thing]]]:
        """The pairs of entries and existing citations that are the same."""
        if not held:
            return []
        by_name = {name: turn for turn, (name, _) in enumerate(held)}
        pairs = Pairs()
        for turn, one in enumerate(said):
            if one.given in by_name:
                pairs.pair(turn, by_name[one.given])
        left = [turn for turn, one in enumerate(said) if not one.given]
        # Two are the same if nothing differs from the present values, or else from those last loaded or had since.
        for turn in left:
            is_now = (
                other
                for other in pairs.free(range(len(held)))
                if not self._comparer.differing("citation", held[other][1], said[turn].fields, now=True)
            )
            if (other := next(is_now, None)) is not None:
                pairs.pair(turn, other)

        def alike(turn: int) -> list[int]:
            if said[turn].given:
                return []
            fields = said[turn].fields
            return [
                other for other, (_, one) in enumerate(held) if not self._comparer.differing("citation", one, fields)
            ]

        for turn in left:
            pairs.place(turn, alike)
        for turn in left:
            by_order = (
                other
                for other in pairs.free(range(len(held)))
                if self._comparer.may_become(held[other][1], said[turn].fields)
            )
            if turn not in pairs.taken and (other := next(by_order, None)) is not None:
                pairs.pair(turn, other)
        return [(said[turn], held[other]) for turn, other in sorted(pairs.taken.items())]

    def _misnamed(self, given: str | None, name: str, held: list[tuple[str, Thing]], place: str) -> bool:
        """Whether an id cannot be that of a citation here; ids made of other ids are reserved for those."""
        if given is None or any(given == other for other, _ in held):
            return False
        taken = self._comparer.find(given)
        if taken:
            self._comparer.problems.append(f"{place}: the id {given} is taken by another {taken.kind}")
        elif "/" in given and not given.startswith(f"{name}/"):
            self._comparer.problems.append(
                f"{place}: {given} has the form of an id for evidence of {given.partition('/')[0]}; leave the id out"
            )
        else:
            return False
        return True

    def _citation_fields(self, said: EvidenceEntry, defaults: Defaults, where: str) -> JsonObject | None:
        fields = said.plain(but=("id",))
        for key in ("source", "stance", "attribution", "locator", "said", "hedge", "unnamed"):
            if key not in fields and getattr(defaults, key):
                fields[key] = getattr(defaults, key)
        fields.setdefault("stance", "asserts")
        if "source" not in fields:
            self._comparer.problems.append(f"{where}: it has no source, and the defaults have none")
            return None
        named = fields["source"]
        source = self._comparer.refer_citation(fields, where)
        self.cited.add(source)
        if not source:
            return None
        if as_written.asked(fields):
            try:
                as_written.read(fields, [fields.get("said") or self._comparer.published(named)])
            except DateError as error:
                self._comparer.problems.append(f"{where}: {error}")
                return None
            fields.pop("anchor", None)  # citations have no anchor
        return fields
