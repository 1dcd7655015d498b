"""Compares what documents say with the ledger: what is new is recorded, and what says the same as when it was last loaded is
left alone. What differs is refused with all differences, or becomes corrections of just the fields that a document changed.

A field of a document differs if its value is neither the one last loaded, or recorded, nor any that the field has had
since. So a document that lags behind a correction made elsewhere never undoes it. If a document says at which position of
this ledger it was written, as our workbooks do, a value that was older there already was put back by hand, and differs.
Results of checking a quote are never a difference, and neither is a column that a document does not have.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TypedDict

from factstore.documents.entries import Document, is_hash
from factstore.errors import Changed, DocumentError
from factstore.ledger.fields import LONGEST_ID, Reason
from factstore.ledger.kinds import with_article
from factstore.ledger.payloads import SourceCorrected, Withdrawn
from factstore.ledger.references import ABOVE, with_references
from factstore.plain import JsonObject
from factstore.repository.answers import Thing
from factstore.units import Position
from factstore.writing.checks import FOUND, SURROUNDINGS, surroundings
from factstore.writing.commit import Commit
from factstore.writing.recorder import Recorder

#: Fields about which a document says nothing if it leaves them out.
_SILENT = {"citation": SURROUNDINGS, "source": ("text",)}
#: Fields that an entry does not say, or says separately.
_APART = frozenset((*FOUND, "withdrawn"))
#: What to do where a document cites sources that the ledger lacks, and has no place for them.
_SOURCELESS = (
    "rows of facts bring no sources: load these first, from a document in another format; `factstore dump -o FILE.json` "
    "writes facts and sources together"
)
CIRCLE = "this leads in a circle back to"

#: How many missing ids get suggestions, for which all ids must be searched.
_HINTS = 20


class Loading(TypedDict, total=False):
    """The options of a load: see `Comparer` and `Recorder`."""

    hash_only: bool
    correct: Reason | None
    allow_missing: bool


class Comparer(Recorder):
    """Records or compares what documents say. `correct` is the reason for corrections; without one, differences are refused.

    `says`: the fields that the documents have a place for, by kind. `seen`: the positions of things in the documents that
    were in the ledger before; `unsaid`: those of citations that came from rows which are still there and cite something else.
    `problems`: what is wrong with the documents; `faulty`: the ids of entries that are left out because of one.
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
        self.says: Mapping[str, frozenset[str]] = {}
        self.seen: set[Position] = set()
        self.unsaid: set[Position] = set()
        self.problems: list[str] = []
        self.faulty: set[str] = set()
        self._differences: list[str] = []
        self._sourceless = False
        # Of the document that is being loaded: where it was written, the ids of facts for which it gave none, and the first
        # position of what it brings; and the citations that its rows had before.
        self._written_at: Position | None = None
        self._made: set[str] = set()
        self._continued: frozenset[str] = frozenset()
        self._began = self._first

    def begin(self, document: Document) -> None:
        """Compare what a document, or a part of one, says from here on."""
        if self._commit.next != self._renewed:
            self.renew()
        if not document.goes_on:
            self._began = self._commit.next
        self.problems += document.problems
        self.faulty |= document.faulty
        self.says = document.says
        self._made = document.made
        self._continued = document.continued
        self._written_at = self._position_of(document)

    def _position_of(self, document: Document) -> Position | None:
        """The position at which a document was written, if that was a position of this ledger."""
        if document.written_at is None:
            return None
        position, sha256 = document.written_at
        return Position(position) if self._commit.before.hash_at(position) == sha256 else None

    def prune(self, things: Iterable[Position], reason: Reason | None) -> None:
        """Note what has disappeared from the documents, and withdraw it if a reason is given."""
        for position in sorted({*things, *self.unsaid - self.seen}):
            if reason:
                self._commit.append(Withdrawn(reason=reason), subject=position)
            (self.tally.withdrawn if reason else self.tally.gone).append(self._shelf.name_of(position))

    def finish(self) -> None:
        """Raises DocumentError with all problems, else BroughtBack with all that was redacted, else Changed with all
        differences, else Unlocated with all such quotes."""
        if self.problems:
            hint = [_SOURCELESS] if self._sourceless else []
            raise DocumentError([*self.problems, *self._unlocated.values(), *hint])
        self._commit.check_redacted()
        if self._differences:
            count = len(self._differences)
            raise Changed(
                f"{count} {'field differs' if count == 1 else 'fields differ'} from what was last loaded:",
                differences=self._differences,
            )
        super().finish()

    # --- existing things and references ---

    def published(self, source: str) -> str | None:
        """When a source was published; None if there is no such source, or it does not say."""
        found = self.find(source)
        return found.fields.get("published") if found else None

    def citations(self, about: Position) -> list[tuple[str, Thing]]:
        """The existing citations of a fact or an ordering, by id."""
        held = [] if about >= self._renewed else self._shelf.citations(about)
        return [*self._cited[about], *((name, self._now.get(one.position, one)) for name, one in held)]

    def may_become(self, held: Thing, fields: JsonObject) -> bool:
        """Whether a document's citation may be an existing one with other values: one of the same source, but none that was
        withdrawn or added by hand, which no document continues.
        """
        return self._is_of_documents(held) and bool(held.fields["source"] == fields["source"])

    def is_continued(self, name: str, held: Thing) -> bool:
        """Whether an existing citation came from rows that the document has, too, and may now be of another source."""
        return name in self._continued and self._is_of_documents(held)

    def _is_of_documents(self, held: Thing) -> bool:
        return not (self._by_hand or held.withdrawn or held.by_hand)

    def is_taken(self, name: str, about: Position, of: str) -> bool:
        """Whether a citation with an id exists; what it is about, if that is new with its id `of`, has only new ones."""
        if name in self._new or self._shelf.redacted(name):
            return True
        new = about >= self._renewed and not self._shelf.redacted(of)
        return not new and self._shelf.find(name) is not None

    def refer(self, name: str, where: str, field_name: str, kind: str) -> Position:
        """The position of the thing of a kind to which a field refers, 0 if there is none."""
        found = self.find(name)
        if found and found.kind == kind:
            return found.position
        if found is None and name in self.faulty:
            return Position(0)  # already reported
        if found is None and kind == "source" and kind not in (self.says or {kind}):
            self._sourceless = True
        problem = f"it is {with_article(found.kind)}, not {with_article(kind)}" if found else self.no_such(name, kind)
        self.problems.append(f"{where}: {field_name} {name}: {problem}")
        return Position(0)

    def no_such(self, name: str, kind: str) -> str:
        """Why an id cannot be referred to."""
        gone = self._shelf.redacted(name)
        if gone:
            return f"it was redacted (position {gone}) and cannot be restored"
        if len(self.problems) >= _HINTS:
            return f"there is no {kind} with that id"
        ours = [new for new, held in self._new.items() if held.kind == kind]
        nearest = get_close_matches(name, ours, n=1) or self._shelf.nearest(name, kind)
        return f"there is no {kind} with that id" + (f"; did you mean {' or '.join(nearest)}?" if nearest else "")

    def refer_citation(self, fields: JsonObject, where: str) -> Position:
        """Replace the ids in the fields of a citation. Returns the position of its source, 0 if there is none."""
        source = fields["source"] = self.refer(fields["source"], where, "source", "source")
        if "attribution" in fields:
            fields["attribution"] = self._linked(fields["attribution"])
        return source

    # --- recording and comparing ---

    def record_or_compare(
        self, kind: str, name: str, fields: JsonObject, where: str, *, named: bool = True
    ) -> Position:
        """Record a new thing, or compare an existing one. Returns its position, 0 if it can have none.

        A named entry may occur only once in a document; an ordering without a name may be stated again.
        """
        held = self.find(name)
        if held is None:
            return self._record(kind, name, fields)
        if held.kind != kind:
            self.problems.append(f"{where}: the id {name} is taken by {with_article(held.kind)}{self._way_out(name)}")
            return Position(0)
        if named and self._began <= held.position < self._renewed:
            self.problems.append(f"{where}: the id {name} is taken: it is already used further up")
            return Position(0)
        self.compare(kind, name, held, fields, where)
        return held.position

    def record_citation(self, name: str, fields: JsonObject, about: Position, place: str) -> None:
        """Record a new citation of a fact or an ordering."""
        if len(name) > LONGEST_ID:
            self.problems.append(f"{place}: the id made for it has {len(name)} characters; give a shorter one")
        else:
            self._record_citation(name, fields, about, place)

    def archive(self, name: str, content: str) -> str:
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

    def _way_out(self, name: str) -> str:
        """Advice for a fact without an id that is taken for another with a similar title."""
        return f" ({name} is made of the title; a row about something else needs an id)" if name in self._made else ""

    def differing(self, kind: str, held: Thing, fields: JsonObject, *, now: bool = False) -> JsonObject:
        """The values of an entry that the ledger does not have `now`, or has not had since it was loaded."""
        says, changes = self.says.get(kind), {}
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

    def compare(self, kind: str, name: str, held: Thing, fields: JsonObject, where: str, place: str = "") -> None:
        """Leave alone what is the same, and note or correct what differs. `place` is the entry's own place."""
        self.seen.add(held.position)
        held = self._now.get(held.position, held)
        place, given = place or where, surroundings(fields)
        if kind == "citation" and held.fields["source"] in self._recheck:
            self._said_again[held.position] = place, given
        changes = dict(sorted(self.differing(kind, held, fields).items()))
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
            clash.append(f"{where}: {link} {self._name_of(changes[link])}: {CIRCLE} {name}")
        if clash:
            self.problems += clash
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
            if held.history and self.differing(kind, held, fields, now=True):
                self.tally.behind.append(name)

    def _shown(self, key: str, value: object) -> str:
        """A field's value as JSON, with things by id."""
        named = with_references({key: value}, self._name_of)[key]
        return "nothing" if named is None else json.dumps(named, ensure_ascii=False)
