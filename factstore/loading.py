"""Documents into the ledger: an entry that is new is recorded, one that says what was last loaded is left alone, and one
that differs is refused with every difference, or becomes corrections of just the fields that the document changed.

Field by field, a document differs where it says neither what was last loaded, or recorded, nor anything that the field has
said since. So a document that lags behind a correction made elsewhere never undoes it. What a field was found to be, not
given, is never a difference, and neither is a column that a document does not have.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Protocol

from factstore.answers import Held
from factstore.checking import CHECKED, FOUND, SURROUNDINGS, Result, Texts, Verdict, examine, problem, reexamine
from factstore.documents import Defaults, Document, Entry, EvidenceEntry, FactEntry, OrderingEntry, is_hash
from factstore.errors import Changed, DocumentError, Unlocated
from factstore.ledger import Draft
from factstore.quotes import ArchivedText
from factstore.records import CORRECTED, RECORDED, Reason, Withdrawn
from factstore.timeline import canonical_order

#: What a source or a speaker is seen through, or speaks for, by kind.
LINKS = {"source": "seen_through", "speaker": "of"}
#: Where a document leaves these out, it says nothing of them.
_SILENT = {"citation": SURROUNDINGS, "source": ("text",)}
#: What an entry does not say, or says apart.
_APART = frozenset((*FOUND, "withdrawn"))
_CIRCLE = "that leads in a circle back to"
#: So many quotes that are missing are told with the passage nearest to them.
_HINTS = 20


class Shelf(Protocol):
    """What the ledger holds already."""

    def find(self, name: str) -> Held | None: ...

    def at(self, position: int) -> Held: ...

    def expect(self, names: Iterable[str]) -> None:
        """Look these ids up together: each will be asked for."""

    def citations(self, about: int) -> list[tuple[str, Held]]: ...

    def citing(self, source: int) -> list[tuple[str, Held]]:
        """The citations of a source that are not withdrawn."""

    def name_of(self, position: int) -> str: ...

    def nearest(self, name: str, kind: str) -> list[str]: ...


@dataclass(slots=True)
class Tally:
    """What a load did: ids recorded and corrected by kind, and how many entries were as last loaded.

    `behind` are those of the latter that lag behind a correction made elsewhere, `kept` the sources whose text is archived
    now, and `checks` counts what became of quotes that were looked for.
    """

    recorded: dict[str, list[str]] = field(default_factory=dict)
    corrected: list[str] = field(default_factory=list)
    unchanged: int = 0
    behind: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    checks: Counter[Result] = field(default_factory=Counter)


def linked(name: str, find: Callable[[str], tuple[int, str] | None]) -> int | str:
    """A link of an attribution: the position of a source or speaker where it is the id of one, else a name.

    `find` gives the position and kind of the thing of an id.
    """
    found = find(name) if name[:1].islower() else None
    return found[0] if found and found[1] in LINKS else name


class Loading:
    """Documents on their way into a draft."""

    def __init__(
        self,
        draft: Draft,
        shelf: Shelf,
        texts: Texts,
        *,
        correct: Reason | None = None,
        allow_missing: bool = False,
        by_hand: bool = False,
    ) -> None:
        self._draft = draft
        self._shelf = shelf
        self._texts = texts
        self._correct = correct
        self._allow_missing = allow_missing
        self._by_hand = by_hand
        self._says: Mapping[str, frozenset[str]] = {}
        self._given: dict[str, str] = {}
        # What this load has introduced, by id; and of that and the rest what it has changed or may ask for, by position.
        self._new: dict[str, Held] = {}
        self._now: dict[int, Held] = {}
        self._names: dict[int, str] = {}
        self._changed: dict[int, set[str]] = {}
        self._cited: dict[int, list[tuple[str, Held]]] = defaultdict(list)
        self._checked: set[int] = set()
        self._recheck: set[int] = set()
        self._problems: list[str] = []
        self._faulty: set[str] = set()
        self._differences: list[str] = []
        self._unlocated: list[str] = []
        self.tally = Tally()

    def attach(self, texts: Mapping[str, str]) -> None:
        """Take in texts of sources, by id: those of the ledger at once, others when a document brings the source."""
        self._says = {"source": frozenset({"text"})}
        for name, content in texts.items():
            held = self._shelf.find(name)
            if not held or held.kind != "source":
                self._given[name] = content
            elif (sha256 := self._take(name, content)) != held.now.get("text"):
                self._compare("source", name, held, {"text": sha256}, "text")

    def load(self, document: Document) -> None:
        """Take in one document. `finish` tells what was wrong with any of them."""
        self._problems += document.problems
        self._faulty |= document.faulty
        self._says = document.says
        self._shelf.expect(entry.said.id for entry in document.entries if entry.said.id)
        for entry in self._referents_first(document.entries):
            if entry.kind == "fact":
                self._fact(entry, document.defaults)
            elif entry.kind == "ordering":
                self._ordering(entry, document.defaults)
            else:
                self._named(entry)

    def cite(self, about: int, name: str, evidence: list[EvidenceEntry]) -> None:
        """Take in citations of a fact or an ordering that is there, beside those that it has."""
        self._evidence(about, name, evidence, Defaults(), Entry("fact", "cite", None))

    def correct(self, name: str, position: int, changes: dict[str, Any], reason: Reason, evidence: list[int]) -> None:
        """Give fields of a thing that is there new values, which `evidence` bears out."""
        given = [key for key in SURROUNDINGS if changes.get(key)]
        if self._change(self._at(position), changes, given, name, reason=reason, evidence=evidence):
            self.tally.corrected.append(name)
        else:
            self.tally.unchanged += 1

    def finish(self) -> None:
        """Raises DocumentError with every problem, else Changed with every difference, else Unlocated with every quote."""
        for name in self._given.keys() - self._faulty:
            self._problems.append(f"text of {name}: {self._no_such(name, 'source')}")
        if not self._problems and not self._differences:
            for source in sorted(self._recheck):
                self.recheck(source)
        if self._problems:
            raise DocumentError(self._problems + self._unlocated)
        if self._differences:
            count = len(self._differences)
            raise Changed(
                f"{count} {'field differs' if count == 1 else 'fields differ'} from what was last loaded:\n"
                + "\n".join(self._differences),
                differences=self._differences,
            )
        if self._unlocated:
            raise Unlocated(self._unlocated)

    # --- entries ---

    def _named(self, entry: Entry) -> None:
        """A source or a speaker."""
        fields = entry.said.plain()
        name = fields.pop("id")
        link = LINKS[entry.kind]
        if link in fields:
            fields[link] = self._refer(fields[link], entry.where, link, entry.kind)
            if not fields[link]:
                return
        if entry.kind == "source":
            said, given = fields.pop("text", None), self._given.pop(name, None)
            found = {self._take(name, content) for content in (said, given) if content is not None}
            if len(found) > 1:
                self._problems.append(
                    f"{entry.where}: text of {name}: it is not the text that is given beside the document"
                )
            elif found:
                fields["text"] = found.pop()
        self._settle(entry.kind, name, fields, entry.where)

    def _take(self, name: str, content: str) -> str:
        """The SHA-256 of a source's text, which is kept."""
        if is_hash(content):
            return content
        sha256, new = self._texts.take(content)
        if new:
            self.tally.kept.append(name)
        return sha256

    def _fact(self, entry: Entry, defaults: Defaults) -> None:
        said: FactEntry = entry.said
        fields = said.plain()
        name = fields.pop("id")
        fields.pop("evidence", None)
        for key in ("zone", "anchor", "place", "tags"):
            if key not in fields and getattr(defaults, key):
                fields[key] = getattr(defaults, key)
        evidence = said.evidence or ([EvidenceEntry()] if defaults.source else [])
        silent = not evidence and "source" not in self._says.get("citation", {"source"})
        if not evidence and not (silent and self._find(name)):
            self._problems.append(f"{entry.where}: {name} has no evidence; a fact needs at least one source")
            return
        position = self._settle("fact", name, fields, entry.where)
        if position:
            self._evidence(position, name, evidence, defaults, entry)

    def _ordering(self, entry: Entry, defaults: Defaults) -> None:
        said: OrderingEntry = entry.said
        pairs = [(one, other) for one in said.fact for other in said.other]
        if said.id and len(pairs) > 1:
            self._problems.append(f"{entry.where}: {said.id} names several orderings; an id goes with one pair")
            return
        for one, other in pairs:
            a, relation, b = canonical_order(one, said.relation, other)
            ends = [self._refer(fact, entry.where, "fact", "fact") for fact in (a, b)]
            if 0 in ends:
                continue
            if a == b:
                self._problems.append(f"{entry.where}: {a} stands in no order with itself")
                continue
            fields: dict[str, Any] = {"a": ends[0], "relation": relation, "b": ends[1]}
            if said.withdrawn:
                fields["withdrawn"] = said.withdrawn
            if said.phrase:
                fields["phrase"] = said.phrase
            if said.gap:
                if relation != "before":
                    self._problems.append(f"{entry.where}: a gap goes with before or after, not with {said.relation}")
                    continue
                fields["gap"] = said.gap.plain()
            name = said.id or f"{a}.{relation}.{b}"
            position = self._settle("ordering", name, fields, entry.where)
            evidence = said.evidence or ([EvidenceEntry()] if defaults.source else [])
            if position:
                self._evidence(position, name, evidence, defaults, entry)

    # --- evidence ---

    def _evidence(self, about: int, name: str, entries: list[EvidenceEntry], defaults: Defaults, entry: Entry) -> None:
        """The citations of a fact or an ordering. Those that are there are told by id, else by what they say now, else by
        what they said since they were loaded, else by their turn among those of the same source.
        """
        held = [*self._cited[about], *([] if about >= self._draft.first else self._held_citations(about))]
        waiting = []
        for number, said in enumerate(entries, start=1):
            at = entry.evidence_at[number - 1] if number <= len(entry.evidence_at) else entry.where
            place = f"{at}: evidence {number} of {name}"
            fields = self._citation_fields(said, defaults, place)
            if fields is not None and not self._misnamed(said.id, name, held, place):
                waiting.append((said.id, said.source or defaults.source, fields, place))
        for is_same in self._tests_of_sameness() if held else ():
            left = []
            for one in waiting:
                given, _, fields, place = one
                same = next((other for other in held if is_same(given, fields, *other)), None)
                if same:
                    held.remove(same)
                    self._compare("citation", *same, fields, entry.where, place)
                else:
                    left.append(one)
            waiting = left
        kept = {given for given, *_ in waiting}
        for given, source, fields, place in waiting:
            number, called = 1, given
            while called is None or (not given and (called in kept or self._taken(called, about))):
                called, number = f"{name}/{source}/{number}", number + 1
            self._record_citation(called, fields, about, place)

    def _tests_of_sameness(self) -> Iterator[Callable[[str | None, dict[str, Any], str, Held], bool]]:
        """Whether an entry (the id it gives, if any, and its fields) is a citation that is there, the surest first."""
        yield lambda given, fields, name, held: given == name
        yield lambda given, fields, name, held: not given and not self._differing("citation", held, fields, now=True)
        yield lambda given, fields, name, held: not given and not self._differing("citation", held, fields)
        if not self._by_hand:
            # What was withdrawn is not what somebody went on writing at, nor is what was added by hand.
            yield (
                lambda given, fields, name, held: (
                    not given and not held.withdrawn and not held.by_hand and held.now["source"] == fields["source"]
                )
            )

    def _held_citations(self, about: int) -> list[tuple[str, Held]]:
        return [(name, self._now.get(held.position, held)) for name, held in self._shelf.citations(about)]

    def _misnamed(self, given: str | None, name: str, held: list[tuple[str, Held]], place: str) -> bool:
        """Whether an id cannot be that of a citation here; names that are made of others are kept for those."""
        if given is None or any(given == other for other, _ in held):
            return False
        taken = self._find(given)
        if taken:
            self._problems.append(f"{place}: the id {given} is taken by another {taken.kind}")
        elif "/" in given and not given.startswith(f"{name}/"):
            self._problems.append(
                f"{place}: {given} is a name for evidence of {given.partition('/')[0]}; leave the id out"
            )
        else:
            return False
        return True

    def _taken(self, name: str, about: int) -> bool:
        """Whether a citation of this name is there; a fact that is new has none but new ones."""
        return name in self._new or (about < self._draft.first and self._shelf.find(name) is not None)

    def _citation_fields(self, said: EvidenceEntry, defaults: Defaults, where: str) -> dict[str, Any] | None:
        fields = said.plain()
        fields.pop("id", None)
        for key in ("source", "stance", "attribution", "locator", "said", "hedge", "unnamed"):
            if key not in fields and getattr(defaults, key):
                fields[key] = getattr(defaults, key)
        fields.setdefault("stance", "asserts")
        if "source" not in fields:
            self._problems.append(f"{where}: it names no source, and defaults name none")
            return None
        fields["source"] = self._refer(fields["source"], where, "source", "source")
        if "attribution" in fields:
            fields["attribution"] = self._linked(fields["attribution"])
        return fields if fields["source"] else None

    def _record_citation(self, name: str, fields: dict[str, Any], about: int, where: str) -> None:
        given = [key for key in SURROUNDINGS if key in fields]
        verdict = examine(fields, self._text_of(fields["source"]), given)
        position = self._record("citation", name, verdict.fields, about=about)
        self._judge(position, verdict, fields["source"], where, given)
        self._cited[about].append((name, self._new[name]))

    # --- quotes ---

    def recheck(self, source: int) -> list[tuple[str, Held, Verdict]]:
        """Look again for every quote of a source, and record what is found where that is something else now."""
        found = []
        cited = [one for every in self._cited.values() for one in every]
        for name, held in (*cited, *self._shelf.citing(source)):
            held = self._now.get(held.position, held)
            if held.position in self._checked or held.now["source"] != source or "quote" not in held.now:
                continue
            changes, verdict = reexamine(held.now, {}, self._text_of(source))
            if changes:
                self._draft.append(CORRECTED["citation"](changes=changes, reason="other"), subject=held.position)
            self._judge(held.position, verdict, source, name)
            found.append((name, held, verdict))
        return found

    def _text_of(self, source: int) -> ArchivedText | None:
        return self._texts.get(self._at(source).now.get("text"))

    def _judge(self, citation: int, verdict: Verdict, source: int, where: str, given: Sequence[str] = ()) -> None:
        """Count what became of a quote, and note one that is not at one place."""
        if verdict.result in (None, "unchecked"):
            return
        self._checked.add(citation)
        self.tally.checks[verdict.result] += 1
        text = self._text_of(source)
        if text and verdict.result in ("missing", "ambiguous") and not self._allow_missing:
            hint = len(self._unlocated) < _HINTS
            self._unlocated.append(f"{where}: {problem(verdict, text, self._name_of(source), given, hint=hint)}")

    # --- references ---

    def _find(self, name: str) -> Held | None:
        found = self._new.get(name) or self._shelf.find(name)
        return self._now.get(found.position, found) if found else None

    def _at(self, position: int) -> Held:
        return self._now.get(position) or self._shelf.at(position)

    def _name_of(self, position: int) -> str:
        return self._names.get(position) or self._shelf.name_of(position)

    def _refer(self, name: str, where: str, field_name: str, kind: str) -> int:
        found = self._find(name)
        if found and found.kind == kind:
            return found.position
        if found is None and name in self._faulty:
            return 0  # what is wrong with it is told already
        problem = f"it is a {found.kind}, not a {kind}" if found else self._no_such(name, kind)
        self._problems.append(f"{where}: {field_name} {name}: {problem}")
        return 0

    def _no_such(self, name: str, kind: str) -> str:
        ours = [new for new, held in self._new.items() if held.kind == kind]
        nearest = get_close_matches(name, ours, n=1) or self._shelf.nearest(name, kind)
        return f"there is no {kind} of that id" + (f"; did you mean {' or '.join(nearest)}?" if nearest else "")

    def _linked(self, attribution: Sequence[int | str] | None) -> list[int | str]:
        """An attribution with what its names stand for by now."""

        def find(name: str) -> tuple[int, str] | None:
            found = self._find(name)
            return (found.position, found.kind) if found else None

        return [linked(link, find) if isinstance(link, str) else link for link in attribution or ()]

    def _leads_back(self, position: int, above: int | None, link: str) -> bool:
        """Whether what a thing is seen through, or speaks for, is itself, by however many steps."""
        seen = set()
        while above is not None and above != position and above not in seen:
            seen.add(above)
            above = self._at(above).now.get(link)
        return above == position

    def _referents_first(self, entries: list[Entry]) -> Iterator[Entry]:
        """Entries in their order, but a source or speaker that others refer to before those that do."""
        waiting = {entry.said.id: entry for entry in entries if entry.kind in LINKS}
        for entry in entries:
            if entry.kind not in LINKS:
                yield entry
                continue
            chain: dict[str, Entry] = {}
            above: Entry | None = entry
            while above and waiting.pop(above.said.id, None):
                chain[above.said.id] = above
                refers = getattr(above.said, LINKS[above.kind])
                if refers in chain:
                    self._problems.append(f"{above.where}: {LINKS[above.kind]} {refers}: {_CIRCLE} {above.said.id}")
                    self._faulty |= chain.keys()
                    chain.clear()
                above = waiting.get(refers)
            yield from reversed(chain.values())

    # --- what to do with it ---

    def _settle(self, kind: str, name: str, fields: dict[str, Any], where: str) -> int:
        """Record what is new, compare what is not. Returns the thing's position, 0 where it can have none."""
        held = self._find(name)
        if held is None:
            return self._record(kind, name, fields)
        if held.kind != kind:
            self._problems.append(f"{where}: the id {name} is taken by a {held.kind}")
            return 0
        self._compare(kind, name, held, fields, where)
        return held.position

    def _record(self, kind: str, name: str, fields: dict[str, Any], *, about: int | None = None) -> int:
        more: dict[str, Any] = {"about": about} if about else {}
        if about and self._by_hand:
            more["by_hand"] = True
        withdrawn = bool(fields.pop("withdrawn", None))
        position = self._draft.append(RECORDED[kind].model_validate({"id": name, **more, **fields}))
        if withdrawn:
            self._draft.append(Withdrawn(reason="other"), subject=position)
        held = self._new[name] = Held(position, kind, fields, {}, withdrawn, self._by_hand)
        if kind in LINKS:
            self._now[position], self._names[position] = held, name
        self.tally.recorded.setdefault(kind, []).append(name)
        return position

    def _differing(self, kind: str, held: Held, fields: dict[str, Any], *, now: bool = False) -> dict[str, Any]:
        """What an entry says that the ledger does not say `now`, or never said since it was loaded."""
        says, changes = self._says.get(kind), {}
        for key in held.now.keys() | held.since_loaded.keys() | fields.keys():
            value = fields.get(key)
            if key in _APART or (says is not None and key not in says):
                continue
            if value is None and key in _SILENT.get(kind, ()):
                continue
            values = [held.now.get(key)] if now else held.values(key)
            if value not in values and (key != "attribution" or value not in [self._linked(said) for said in values]):
                changes[key] = value
        return changes

    def _compare(self, kind: str, name: str, held: Held, fields: dict[str, Any], where: str, place: str = "") -> None:
        """Leave alone what says the same, and note or correct what differs. `place` is where the entry itself stands."""
        held = self._now.get(held.position, held)
        changes = dict(sorted(self._differing(kind, held, fields).items()))
        attached = {}
        if kind == "source" and "text" in changes and held.values("text") == [None]:
            attached["text"] = changes.pop("text")  # it had none, and so this contradicts nothing
        if "gap" in held.now and changes.get("relation", "before") != "before":
            changes["gap"] = None  # given elsewhere, to an order that this is no longer
        withdraw = "withdrawn" in fields and True not in (held.withdrawn, *held.values("withdrawn"))
        shown = {key: f"{_shown(held.values(key)[0])} -> {_shown(value)}" for key, value in changes.items()}
        if withdraw:
            shown["withdrawn"] = 'nothing -> "true"'
        told = {key: f"{where}: {name}: {key}: {what}" for key, what in shown.items()}
        said_here = told.keys() if held.position >= self._draft.first else self._changed.get(held.position, ())
        clash = [f"{told[key]}, and both stand in what is being loaded" for key in told if key in said_here]
        link = LINKS.get(kind, "")
        if self._leads_back(held.position, changes.get(link), link):
            clash.append(f"{where}: {link} {self._name_of(changes[link])}: {_CIRCLE} {name}")
        if clash:
            self._problems += clash
        elif told and self._correct is None:
            self._differences += told.values()
        elif told or attached:
            given = [key for key in SURROUNDINGS if key in fields]
            reason = self._correct or "other"
            self._change(held, changes | attached, given, place or where, reason=reason, loaded=True)
            if withdraw:
                self._draft.append(Withdrawn(reason=reason), subject=held.position)
            self.tally.corrected.append(name)
        elif held.position not in self._changed:
            self.tally.unchanged += 1
            if held.since_loaded and self._differing(kind, held, fields, now=True):
                self.tally.behind.append(name)

    def _change(
        self,
        held: Held,
        changes: dict[str, Any],
        given: Sequence[str],
        where: str,
        *,
        reason: Reason,
        evidence: Sequence[int] = (),
        loaded: bool = False,
    ) -> bool:
        """Append a correction, of what is found of a citation's quote too. False where nothing is left that changes."""
        position, kind = held.position, held.kind
        if kind == "citation" and not changes.keys().isdisjoint(CHECKED):
            source = changes.get("source", held.now["source"])
            changes, verdict = reexamine(held.now, changes, self._text_of(source), given)
            self._judge(position, verdict, source, where, given)
        if not changes:
            return False
        payload = CORRECTED[kind](changes=changes, reason=reason, evidence=list(evidence), loaded=loaded)
        self._draft.append(payload, subject=position)
        now = {key: value for key, value in (held.now | changes).items() if value is not None}
        since = {key: values for key, values in held.since_loaded.items() if key not in changes}
        self._now[position] = held._replace(now=now, since_loaded=since)
        self._changed.setdefault(position, set()).update(changes)
        if kind == "source" and "text" in changes:
            self._recheck.add(position)
        return True


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
