"""Loads documents into the ledger, entry by entry: sources and speakers, facts and orderings, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from factstore.documents.entries import Defaults, Document, Entry, EvidenceEntry, FactEntry, OrderingEntry
from factstore.ledger.fields import check_lasts
from factstore.ledger.references import ABOVE
from factstore.plain import JsonObject
from factstore.reasoning.constraints import canonical_order
from factstore.units import Position
from factstore.writing import as_written
from factstore.writing.citation_loader import CitationLoader
from factstore.writing.comparing import CIRCLE, Comparer


class DocumentLoader:
    """Loads documents, whose entries a comparer records or compares."""

    def __init__(self, comparer: Comparer) -> None:
        self._comparer = comparer
        self.citations = CitationLoader(comparer)
        self._texts: dict[str, str] = {}

    def attach(self, texts: Mapping[str, str]) -> None:
        """Add texts of sources, by id: to sources in the ledger at once, to others when a document brings the source."""
        self._comparer.says = {"source": frozenset({"text"})}
        for name, content in texts.items():
            held = self._comparer.find(name)
            if not held or held.kind != "source":
                self._texts[name] = content
            elif (sha256 := self._comparer.archive(name, content)) != held.fields.get("text"):
                self._comparer.compare("source", name, held, {"text": sha256}, "text")

    def load(self, document: Document) -> None:
        """Load one document, or a part of one."""
        self._comparer.begin(document)
        self._comparer.expect(_names_in(document))
        for entry in self._referents_first(document.entries):
            if entry.kind == "fact":
                self._fact(entry, document.defaults)
            elif entry.kind == "ordering":
                self._ordering(entry, document.defaults)
            else:
                self._named(entry)

    def cite(self, about: Position, name: str, evidence: list[EvidenceEntry]) -> None:
        """Add citations to a fact or an ordering in the ledger, beside those that it has."""
        self.citations.load(about, name, evidence, Defaults(), Entry("fact", "cite", None))

    def require_sources(self) -> None:
        """Note a problem for each text whose source is neither in the ledger nor in a document."""
        for name in self._texts.keys() - self._comparer.faulty:
            self._comparer.problems.append(f"text of {name}: {self._comparer.no_such(name, 'source')}")

    # --- entries ---

    def _named(self, entry: Entry) -> None:
        """Load a source or a speaker."""
        fields = entry.said.plain(but=("id",))
        name = entry.said.id
        link = ABOVE[entry.kind]
        if link in fields:
            fields[link] = self._comparer.refer(fields[link], entry.where, link, entry.kind)
            if not fields[link]:
                return
        if entry.kind == "source":
            said, given = fields.pop("text", None), self._texts.pop(name, None)
            found = {self._comparer.archive(name, content) for content in (said, given) if content is not None}
            if len(found) > 1:
                self._comparer.problems.append(
                    f"{entry.where}: text of {name}: it differs from the text given beside the document"
                )
            elif found:
                fields["text"] = found.pop()
        self._comparer.record_or_compare(entry.kind, name, fields, entry.where)

    def _fact(self, entry: Entry, defaults: Defaults) -> None:
        said: FactEntry = entry.said
        fields, name = said.plain(but=("id", "evidence")), said.id
        for key in ("zone", "anchor", "place", "tags"):
            if key not in fields and getattr(defaults, key):
                fields[key] = getattr(defaults, key)
        evidence = said.evidence or ([EvidenceEntry()] if defaults.source else [])
        if not evidence and self._comparer.find(name) is None:
            self._comparer.problems.append(f"{entry.where}: {name} has no evidence; a fact needs at least one source")
            return
        if as_written.asked(fields) and not self._read_phrase(name, fields, said, defaults, entry.where):
            return
        position = self._comparer.record_or_compare("fact", name, fields, entry.where)
        if position:
            self.citations.load(position, name, evidence, defaults, entry)

    def _read_phrase(self, name: str, fields: JsonObject, said: FactEntry, defaults: Defaults, where: str) -> bool:
        """Read a fact's phrase; a fact in the ledger with the same words and anchor keeps its date."""
        held = self._comparer.find(name)
        then = held.fields if held and held.kind == "fact" else {}
        if "when" in then and all(fields.get(key, then.get(key)) == then.get(key) for key in ("phrase", "anchor")):
            fields |= {key: then[key] for key in ("when", "anchor") if key in then}
            return True
        sources = [one.source or defaults.source or "" for one in said.evidence or [EvidenceEntry()]]
        try:
            days = [self._comparer.published(source) for source in sources]
            told = as_written.read(fields, days, own_anchor=bool(said.anchor))
            if said.lasts:
                check_lasts(said.lasts, fields["when"])
        except ValueError as error:
            self._comparer.problems.append(f"{where}: {name}: {error}")
            return False
        self._comparer.tally.read.append(f"{name}: {told}")
        return True

    def _ordering(self, entry: Entry, defaults: Defaults) -> None:
        said: OrderingEntry = entry.said
        pairs = [(one, other) for one in said.fact for other in said.other]
        if said.id and len(pairs) > 1:
            self._comparer.problems.append(
                f"{entry.where}: {said.id} is the id of several orderings; an id needs exactly one pair"
            )
            return
        for one, other in pairs:
            a, relation, b = canonical_order(one, said.relation, other)
            ends = [self._comparer.refer(fact, entry.where, "fact", "fact") for fact in (a, b)]
            if 0 in ends:
                continue
            if a == b:
                self._comparer.problems.append(f"{entry.where}: {a} cannot be ordered with itself")
                continue
            fields: JsonObject = {"a": ends[0], "relation": relation, "b": ends[1]}
            if said.withdrawn:
                fields["withdrawn"] = said.withdrawn
            if said.phrase:
                fields["phrase"] = said.phrase
            if said.gap:
                if relation != "before":
                    self._comparer.problems.append(f"{entry.where}: a gap needs before or after, not {said.relation}")
                    continue
                fields["gap"] = said.gap.plain()
            name = said.id or f"{a}.{relation}.{b}"
            position = self._comparer.record_or_compare(
                "ordering", name, fields, entry.where, named=said.id is not None
            )
            evidence = said.evidence or ([EvidenceEntry()] if defaults.source else [])
            if position:
                self.citations.load(position, name, evidence, defaults, entry)

    def _referents_first(self, entries: list[Entry]) -> Iterator[Entry]:
        """The entries in their order, except that a source or speaker comes before those that refer to it."""
        waiting = {entry.said.id: entry for entry in entries if entry.kind in ABOVE}
        for entry in entries:
            if entry.kind not in ABOVE:
                yield entry
                continue
            chain: dict[str, Entry] = {}
            above: Entry | None = entry
            while above and waiting.pop(above.said.id, None):
                chain[above.said.id] = above
                refers = getattr(above.said, ABOVE[above.kind])
                if refers in chain:
                    self._comparer.problems.append(
                        f"{above.where}: {ABOVE[above.kind]} {refers}: {CIRCLE} {above.said.id}"
                    )
                    self._comparer.faulty |= chain.keys()
                    chain.clear()
                above = waiting.get(refers)
            yield from reversed(chain.values())


def _names_in(document: Document) -> Iterator[str]:
    """The ids that a document's entries have and refer to."""
    if document.defaults.source:
        yield document.defaults.source
    for entry in document.entries:
        said = entry.said
        if said.id:
            yield said.id
        if entry.kind in ABOVE:
            if above := getattr(said, ABOVE[entry.kind]):
                yield above
            continue
        yield from (cited.source for cited in said.evidence if cited.source)
        if entry.kind == "ordering":
            yield from (*said.fact, *said.other)
