"""Loads documents into the ledger: a new entry is recorded, one that says what was last loaded is left alone, and one that
differs is refused with all differences, or becomes corrections of just the fields that the document changed.

A field of a document differs if its value is neither the one last loaded, or recorded, nor any that the field has had
since. So a document that lags behind a correction made elsewhere never undoes it. If a document says at which position of
this ledger it was written, as our workbooks do, a value that was older there already was put back by hand, and differs.
Results of checking a quote are never a difference, and neither is a column that a document does not have.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple, TypedDict

from factstore.documents.entries import (
    Defaults,
    Document,
    Entry,
    EvidenceEntry,
    FactEntry,
    OrderingEntry,
    is_hash,
)
from factstore.errors import Changed, DateError, DocumentError
from factstore.ledger.fields import LONGEST_ID, Reason, check_lasts
from factstore.ledger.payloads import SourceCorrected, Withdrawn
from factstore.ledger.references import ABOVE, with_references
from factstore.plain import JsonObject
from factstore.reasoning.constraints import canonical_order
from factstore.repository.answers import Thing
from factstore.units import Position
from factstore.writing import as_written
from factstore.writing.checks import FOUND, SURROUNDINGS, surroundings
from factstore.writing.commit import Commit
from factstore.writing.pairing import Pairs
from factstore.writing.recorder import Recorder

#: Fields about which a document says nothing if it leaves them out.
_SILENT = {"citation": SURROUNDINGS, "source": ("text",)}
#: Fields that an entry does not say, or says separately.
_APART = frozenset((*FOUND, "withdrawn"))
_CIRCLE = "this leads in a circle back to"

#: How many missing ids get suggestions, for which all ids must be searched.
_HINTS = 20


class _Said(NamedTuple):
    """A piece of evidence in a document: its id and source as given, its fields, and its place."""

    given: str | None
    source: str | None
    fields: JsonObject
    place: str


class Loading(TypedDict, total=False):
    """The options of a load: see `DocumentLoader` and `Recorder`."""

    hash_only: bool
    correct: Reason | None
    allow_missing: bool


class DocumentLoader(Recorder):
    """Loads documents in a commit. `correct` is the reason for corrections; without one, differences are refused.

    `seen`: the positions of things in the documents that were in the ledger before; `cited`: those of the sources that the
    documents cite.
    """

    def __init__(
        self,
        commit: Commit,
        *,
        hash_only: bool = False,
        by_hand: bool = False,
        allow_missing: bool = False,
        correct: Reason | None = None,
    ) -> None:
        super().__init__(commit, hash_only=hash_only, by_hand=by_hand, allow_missing=allow_missing)
        self._correct = correct
        self.seen: set[Position] = set()
        self.cited: set[Position] = set()
        self._says: Mapping[str, frozenset[str]] = {}
        self._written_at: Position | None = None
        self._made: set[str] = set()  # ids of facts for which the document gave none
        self._given: dict[str, str] = {}
        self._problems: list[str] = []
        self._faulty: set[str] = set()
        self._differences: list[str] = []
        # The first position of the document that is being loaded.
        self._began = self._first

    def attach(self, texts: Mapping[str, str]) -> None:
        """Add texts of sources, by id: to sources in the ledger at once, to others when a document brings the source."""
        self._says = {"source": frozenset({"text"})}
        for name, content in texts.items():
            held = self._shelf.find(name)
            if not held or held.kind != "source":
                self._given[name] = content
            elif (sha256 := self._take(name, content)) != held.fields.get("text"):
                self._compare("source", name, held, {"text": sha256}, "text")

    def load(self, document: Document) -> None:
        """Load one document, or a part of one. `finish` reports what was wrong with any of them."""
        if self._commit.next != self._renewed:
            self.renew()
        if not document.goes_on:
            self._began = self._commit.next
        self._problems += document.problems
        self._faulty |= document.faulty
        self._says = document.says
        self._made = document.made
        self._written_at = self._position_of(document)
        self._shelf.expect(_names_in(document))
        for entry in self._referents_first(document.entries):
            if entry.kind == "fact":
                self._fact(entry, document.defaults)
            elif entry.kind == "ordering":
                self._ordering(entry, document.defaults)
            else:
                self._named(entry)

    def _position_of(self, document: Document) -> Position | None:
        """The position at which a document was written, if that was a position of this ledger."""
        if document.written_at is None:
            return None
        position, sha256 = document.written_at
        return Position(position) if self._commit.before.hash_at(position) == sha256 else None

    def cite(self, about: Position, name: str, evidence: list[EvidenceEntry]) -> None:
        """Add citations to a fact or an ordering in the ledger, beside those that it has."""
        self._evidence(about, name, evidence, Defaults(), Entry("fact", "cite", None))

    def prune(self, things: Iterable[Position], reason: Reason | None) -> None:
        """Note what has disappeared from the documents, and withdraw it if a reason is given."""
        for position in things:
            if reason:
                self._commit.append(Withdrawn(reason=reason), subject=position)
            (self.tally.withdrawn if reason else self.tally.gone).append(self._shelf.name_of(position))

    def finish(self) -> None:
        """Raises DocumentError with all problems, else BroughtBack with all that was redacted, else Changed with all
        differences, else Unlocated with all such quotes."""
        for name in self._given.keys() - self._faulty:
            self._problems.append(f"text of {name}: {self._no_such(name, 'source')}")
        if self._problems:
            raise DocumentError([*self._problems, *self._unlocated.values()])
        self._commit.check_redacted()
        if self._differences:
            count = len(self._differences)
            raise Changed(
                f"{count} {'field differs' if count == 1 else 'fields differ'} from what was last loaded:",
                differences=self._differences,
            )
        super().finish()

    # --- entries ---

    def _named(self, entry: Entry) -> None:
        """Load a source or a speaker."""
        fields = entry.said.plain(but=("id",))
        name = entry.said.id
        link = ABOVE[entry.kind]
        if link in fields:
            fields[link] = self._refer(fields[link], entry.where, link, entry.kind)
            if not fields[link]:
                return
        if entry.kind == "source":
            said, given = fields.pop("text", None), self._given.pop(name, None)
            found = {self._take(name, content) for content in (said, given) if content is not None}
            if len(found) > 1:
                self._problems.append(
                    f"{entry.where}: text of {name}: it differs from the text given beside the document"
                )
            elif found:
                fields["text"] = found.pop()
        self._record_or_compare(entry.kind, name, fields, entry.where)

    def _take(self, name: str, content: str) -> str:
        """The SHA-256 of a source's text, which is archived."""
        if is_hash(content):
            return content
        sha256, new = self._texts.add(content)
        if new:
            self.tally.kept.append(name)
            self._note_return(name, sha256)
        return sha256

    def _note_return(self, name: str, sha256: str) -> None:
        """Record that a source has its text again, if that was redacted: a text stays only while a later record names it."""
        held = self._shelf.find(name)
        if held and held.fields.get("text") == sha256 and self._commit.before.redacted(sha256) is not None:
            self._commit.append(SourceCorrected(changes={"text": sha256}, reason="other"), subject=held.position)

    def _fact(self, entry: Entry, defaults: Defaults) -> None:
        said: FactEntry = entry.said
        fields, name = said.plain(but=("id", "evidence")), said.id
        for key in ("zone", "anchor", "place", "tags"):
            if key not in fields and getattr(defaults, key):
                fields[key] = getattr(defaults, key)
        evidence = said.evidence or ([EvidenceEntry()] if defaults.source else [])
        if not evidence and self._find(name) is None:
            self._problems.append(f"{entry.where}: {name} has no evidence; a fact needs at least one source")
            return
        if as_written.asked(fields) and not self._read_phrase(name, fields, said, defaults, entry.where):
            return
        position = self._record_or_compare("fact", name, fields, entry.where)
        if position:
            self._evidence(position, name, evidence, defaults, entry)

    def _read_phrase(self, name: str, fields: JsonObject, said: FactEntry, defaults: Defaults, where: str) -> bool:
        """Read a fact's phrase; a fact in the ledger with the same words and anchor keeps its date."""
        held = self._find(name)
        then = held.fields if held and held.kind == "fact" else {}
        if "when" in then and all(fields.get(key, then.get(key)) == then.get(key) for key in ("phrase", "anchor")):
            fields |= {key: then[key] for key in ("when", "anchor") if key in then}
            return True
        sources = [self._find(one.source or defaults.source or "") for one in said.evidence or [EvidenceEntry()]]
        try:
            days = [source and source.fields.get("published") for source in sources]
            told = as_written.read(fields, days, own_anchor=bool(said.anchor))
            if said.lasts:
                check_lasts(said.lasts, fields["when"])
        except ValueError as error:
            self._problems.append(f"{where}: {name}: {error}")
            return False
        self.tally.read.append(f"{name}: {told}")
        return True

    def _ordering(self, entry: Entry, defaults: Defaults) -> None:
        said: OrderingEntry = entry.said
        pairs = [(one, other) for one in said.fact for other in said.other]
        if said.id and len(pairs) > 1:
            self._problems.append(
                f"{entry.where}: {said.id} is the id of several orderings; an id needs exactly one pair"
            )
            return
        for one, other in pairs:
            a, relation, b = canonical_order(one, said.relation, other)
            ends = [self._refer(fact, entry.where, "fact", "fact") for fact in (a, b)]
            if 0 in ends:
                continue
            if a == b:
                self._problems.append(f"{entry.where}: {a} cannot be ordered with itself")
                continue
            fields: JsonObject = {"a": ends[0], "relation": relation, "b": ends[1]}
            if said.withdrawn:
                fields["withdrawn"] = said.withdrawn
            if said.phrase:
                fields["phrase"] = said.phrase
            if said.gap:
                if relation != "before":
                    self._problems.append(f"{entry.where}: a gap needs before or after, not {said.relation}")
                    continue
                fields["gap"] = said.gap.plain()
            name = said.id or f"{a}.{relation}.{b}"
            position = self._record_or_compare("ordering", name, fields, entry.where, named=said.id is not None)
            evidence = said.evidence or ([EvidenceEntry()] if defaults.source else [])
            if position:
                self._evidence(position, name, evidence, defaults, entry)

    # --- evidence ---

    def _evidence(
        self, about: Position, name: str, entries: list[EvidenceEntry], defaults: Defaults, entry: Entry
    ) -> None:
        """Load the citations of a fact or an ordering. They are matched with existing ones by id, else by present values,
        else by values that these have had since they were loaded, else by order among those of the same source.
        """
        held = [*self._cited[about], *([] if about >= self._renewed else self._held_citations(about))]
        waiting = []
        for number, said in enumerate(entries, start=1):
            at = entry.evidence_at[number - 1] if number <= len(entry.evidence_at) else entry.where
            place = f"{at}: evidence {number} of {name}"
            fields = self._citation_fields(said, defaults, place)
            if fields is not None and not self._misnamed(said.id, name, held, place):
                waiting.append(_Said(said.id, said.source or defaults.source, fields, place))
        for one, same in self._paired(waiting, held):
            self._compare("citation", *same, one.fields, entry.where, one.place)
            waiting.remove(one)
        kept = {one.given for one in waiting}
        for one in waiting:
            number, called = 1, one.given
            while called is None or (not one.given and (called in kept or self._taken(called, about, name))):
                called, number = f"{name}/{one.source}/{number}", number + 1
            if len(called) > LONGEST_ID:
                self._problems.append(
                    f"{one.place}: the id made for it has {len(called)} characters; give a shorter one"
                )
                continue
            self._record_citation(called, one.fields, about, one.place)

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
                if not self._differing("citation", held[other][1], said[turn].fields, now=True)
            )
            if (other := next(is_now, None)) is not None:
                pairs.pair(turn, other)

        def alike(turn: int) -> list[int]:
            if said[turn].given:
                return []
            fields = said[turn].fields
            return [other for other, (_, one) in enumerate(held) if not self._differing("citation", one, fields)]

        for turn in left:
            pairs.place(turn, alike)
        # The rest by order, without citations that were withdrawn or added by hand, which no document continues.
        for turn in () if self._by_hand else left:
            source = said[turn].fields["source"]
            went_on = (
                other
                for other in pairs.free(range(len(held)))
                if not (held[other][1].withdrawn or held[other][1].by_hand)
                and held[other][1].fields["source"] == source
            )
            if turn not in pairs.taken and (other := next(went_on, None)) is not None:
                pairs.pair(turn, other)
        return [(said[turn], held[other]) for turn, other in sorted(pairs.taken.items())]

    def _held_citations(self, about: Position) -> list[tuple[str, Thing]]:
        return [(name, self._now.get(held.position, held)) for name, held in self._shelf.citations(about)]

    def _misnamed(self, given: str | None, name: str, held: list[tuple[str, Thing]], place: str) -> bool:
        """Whether an id cannot be that of a citation here; ids made of other ids are reserved for those."""
        if given is None or any(given == other for other, _ in held):
            return False
        taken = self._find(given)
        if taken:
            self._problems.append(f"{place}: the id {given} is taken by another {taken.kind}")
        elif "/" in given and not given.startswith(f"{name}/"):
            self._problems.append(
                f"{place}: {given} has the form of an id for evidence of {given.partition('/')[0]}; leave the id out"
            )
        else:
            return False
        return True

    def _taken(self, name: str, about: Position, of: str) -> bool:
        """Whether a citation with this id exists; a fact that is new, as is its id, has only new ones."""
        if name in self._new or self._shelf.redacted(name):
            return True
        new = about >= self._renewed and not self._shelf.redacted(of)
        return not new and self._shelf.find(name) is not None

    def _citation_fields(self, said: EvidenceEntry, defaults: Defaults, where: str) -> JsonObject | None:
        fields = said.plain(but=("id",))
        for key in ("source", "stance", "attribution", "locator", "said", "hedge", "unnamed"):
            if key not in fields and getattr(defaults, key):
                fields[key] = getattr(defaults, key)
        fields.setdefault("stance", "asserts")
        if "source" not in fields:
            self._problems.append(f"{where}: it has no source, and the defaults have none")
            return None
        fields["source"] = self._refer(fields["source"], where, "source", "source")
        self.cited.add(fields["source"])
        if "attribution" in fields:
            fields["attribution"] = self._linked(fields["attribution"])
        if not fields["source"]:
            return None
        if as_written.asked(fields):
            try:
                as_written.read(fields, [fields.get("said") or self._at(fields["source"]).fields.get("published")])
            except DateError as error:
                self._problems.append(f"{where}: {error}")
                return None
            fields.pop("anchor", None)  # citations have no anchor
        return fields

    # --- references ---

    def _refer(self, name: str, where: str, field_name: str, kind: str) -> Position:
        found = self._find(name)
        if found and found.kind == kind:
            return found.position
        if found is None and name in self._faulty:
            return Position(0)  # already reported
        problem = f"it is a {found.kind}, not a {kind}" if found else self._no_such(name, kind)
        self._problems.append(f"{where}: {field_name} {name}: {problem}")
        return Position(0)

    def _no_such(self, name: str, kind: str) -> str:
        gone = self._shelf.redacted(name)
        if gone:
            return f"it was redacted (position {gone}) and cannot be restored"
        if len(self._problems) >= _HINTS:
            return f"there is no {kind} with that id"
        ours = [new for new, held in self._new.items() if held.kind == kind]
        nearest = get_close_matches(name, ours, n=1) or self._shelf.nearest(name, kind)
        return f"there is no {kind} with that id" + (f"; did you mean {' or '.join(nearest)}?" if nearest else "")

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
                    self._problems.append(f"{above.where}: {ABOVE[above.kind]} {refers}: {_CIRCLE} {above.said.id}")
                    self._faulty |= chain.keys()
                    chain.clear()
                above = waiting.get(refers)
            yield from reversed(chain.values())

    # --- recording and comparing ---

    def _record_or_compare(
        self, kind: str, name: str, fields: JsonObject, where: str, *, named: bool = True
    ) -> Position:
        """Record a new thing, or compare an existing one. Returns its position, 0 if it can have none.

        A named entry may occur only once in a document; an ordering without a name may be stated again.
        """
        held = self._find(name)
        if held is None:
            return self._record(kind, name, fields)
        if held.kind != kind:
            self._problems.append(f"{where}: the id {name} is taken by a {held.kind}{self._way_out(name)}")
            return Position(0)
        if named and self._began <= held.position < self._renewed:
            self._problems.append(f"{where}: the id {name} is taken: it is already used further up")
            return Position(0)
        self._compare(kind, name, held, fields, where)
        return held.position

    def _way_out(self, name: str) -> str:
        """Advice for a fact without an id that is taken for another with a similar title."""
        return f" ({name} is made of the title; a row about something else needs an id)" if name in self._made else ""

    def _differing(self, kind: str, held: Thing, fields: JsonObject, *, now: bool = False) -> JsonObject:
        """The values of an entry that the ledger does not have `now`, or has not had since it was loaded."""
        says, changes = self._says.get(kind), {}
        for key in held.fields.keys() | held.history.keys() | fields.keys():
            value = fields.get(key)
            if key in _APART or (says is not None and key not in says):
                continue
            if value is None and key in _SILENT.get(kind, ()):
                continue
            values = [held.fields.get(key)] if now else held.values(key, self._written_at)
            if value not in values and (key != "attribution" or value not in [self._linked(said) for said in values]):
                changes[key] = value
        return changes

    def _compare(self, kind: str, name: str, held: Thing, fields: JsonObject, where: str, place: str = "") -> None:
        """Leave alone what is the same, and note or correct what differs. `place` is the entry's own place."""
        self.seen.add(held.position)
        held = self._now.get(held.position, held)
        place, given = place or where, surroundings(fields)
        if kind == "citation" and held.fields["source"] in self._recheck:
            self._said_again[held.position] = place, given
        changes = dict(sorted(self._differing(kind, held, fields).items()))
        attached = {}
        if kind == "source" and "text" in changes and held.values("text") == [None]:
            attached["text"] = changes.pop("text")  # it had none, so this changes nothing
        if "gap" in held.fields and changes.get("relation", "before") != "before":
            changes["gap"] = None  # it was given for another relation
        withdraw = "withdrawn" in fields and True not in (held.withdrawn, *held.values("withdrawn"))
        shown = {
            key: f"{self._shown(key, held.values(key, self._written_at)[0])} -> {self._shown(key, value)}"
            for key, value in changes.items()
        }
        if withdraw:
            shown["withdrawn"] = 'nothing -> "true"'
        told = {key: f"{where}: {name}: {key}: {what}" for key, what in shown.items()}
        said_here = told.keys() if held.position >= self._first else self._changed.get(held.position, ())
        clash = [
            f"{told[key]}, and both are in what is being loaded{self._way_out(name)}"
            for key in told
            if key in said_here
        ]
        link = ABOVE.get(kind, "")
        if self._leads_back(held.position, changes.get(link), link):
            clash.append(f"{where}: {link} {self._name_of(changes[link])}: {_CIRCLE} {name}")
        if clash:
            self._problems += clash
        elif told and self._correct is None:
            self._differences += [f"{line}{self._way_out(name)}" for line in told.values()]
        elif told or attached:
            reason = self._correct or "other"
            self._change(held, changes | attached, given, place, reason=reason, loaded=True)
            if withdraw:
                self._commit.append(Withdrawn(reason=reason), subject=held.position)
            self.tally.corrected.append(name)
        elif held.position not in self._changed:
            self.tally.unchanged += 1
            if held.history and self._differing(kind, held, fields, now=True):
                self.tally.behind.append(name)

    def _shown(self, key: str, value: object) -> str:
        """A field's value as JSON, with things by id."""
        named = with_references({key: value}, self._name_of)[key]
        return "nothing" if named is None else json.dumps(named, ensure_ascii=False)


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
