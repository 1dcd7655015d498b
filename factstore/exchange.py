"""Documents into the ledger and back: an entry that is new is recorded, one that is as last loaded is left alone, and one
that differs is refused with every difference, or becomes corrections of just the fields that the document changed.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Protocol

import yaml

from factstore.answers import Held
from factstore.documents import Defaults, Document, Entry, EvidenceEntry, FactEntry, OrderingEntry
from factstore.errors import Changed, DocumentError
from factstore.ledger import Draft
from factstore.records import CORRECTED, RECORDED, Reason, Withdrawn
from factstore.timeline import canonical_order


class Shelf(Protocol):
    """What the ledger holds already."""

    def find(self, name: str) -> Held | None: ...

    def expect(self, names: Iterable[str]) -> None:
        """Look these ids up together: each will be asked for."""

    def redacted(self, name: str) -> int | None:
        """The position whose redaction took this id away, if one did."""

    def citations(self, about: int) -> list[tuple[str, Held]]: ...

    def nearest(self, name: str, kind: str) -> list[str]: ...


@dataclass(slots=True)
class Tally:
    """What a load did: ids recorded and corrected by kind, and how many entries were as last loaded."""

    recorded: dict[str, list[str]] = field(default_factory=dict)
    corrected: list[str] = field(default_factory=list)
    unchanged: int = 0


class Loading:
    """Documents on their way into a draft."""

    def __init__(self, draft: Draft, shelf: Shelf, *, correct: Reason | None = None) -> None:
        self._draft = draft
        self._shelf = shelf
        self._correct = correct
        self._new: dict[str, Held] = {}
        self._cited: dict[int, list[tuple[str, Held]]] = defaultdict(list)
        self._problems: list[str] = []
        self._faulty: set[str] = set()
        self._differences: list[str] = []
        self.tally = Tally()

    def load(self, document: Document) -> None:
        """Take in one document. `finish` tells what was wrong with any of them."""
        self._problems += document.problems
        self._faulty |= document.faulty
        self._shelf.expect(entry.said.id for entry in document.entries if entry.said.id)
        for entry in _referents_first(document.entries):
            if entry.kind == "fact":
                self._fact(entry, document.defaults)
            elif entry.kind == "ordering":
                self._ordering(entry, document.defaults)
            else:
                self._named(entry)

    def cite(self, about: int, name: str, evidence: list[EvidenceEntry]) -> None:
        """Take in citations of a fact or an ordering that is there, beside those that it has."""
        self._evidence(about, name, evidence, Defaults(), "cite", beside=True)

    def finish(self) -> None:
        """Raises DocumentError with every problem, or Changed with every difference, of all the documents."""
        if self._problems:
            raise DocumentError(self._problems)
        if self._differences:
            count = len(self._differences)
            raise Changed(
                f"{count} {'field differs' if count == 1 else 'fields differ'} from what was last loaded:\n"
                + "\n".join(self._differences),
                differences=self._differences,
            )

    # --- entries ---

    def _named(self, entry: Entry) -> None:
        """A source or a speaker."""
        fields = entry.said.plain()
        name = fields.pop("id")
        link = "seen_through" if entry.kind == "source" else "of"
        if link in fields:
            fields[link] = self._refer(fields[link], entry.where, link, entry.kind)
            if not fields[link]:
                return
        self._settle(entry.kind, name, fields, entry.where)

    def _fact(self, entry: Entry, defaults: Defaults) -> None:
        said: FactEntry = entry.said
        fields = said.plain()
        name = fields.pop("id")
        fields.pop("evidence", None)
        for key in ("zone", "anchor", "place", "tags"):
            if key not in fields and getattr(defaults, key):
                fields[key] = getattr(defaults, key)
        evidence = said.evidence or ([EvidenceEntry()] if defaults.source else [])
        if not evidence and self._find(name) is None:
            self._problems.append(f"{entry.where}: {name} has no evidence; a fact needs at least one source")
            return
        position = self._settle("fact", name, fields, entry.where)
        if position:
            self._evidence(position, name, evidence, defaults, entry.where)

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
                self._evidence(position, name, evidence, defaults, entry.where)

    def _evidence(
        self,
        about: int,
        name: str,
        entries: list[EvidenceEntry],
        defaults: Defaults,
        where: str,
        *,
        beside: bool = False,
    ) -> None:
        """The citations of a fact or an ordering: matched by id, else by what they say, else, unless they stand `beside`
        those that are there, by their turn.
        """
        held = [*self._cited[about], *([] if about >= self._draft.first else self._shelf.citations(about))]
        waiting = []
        for number, said in enumerate(entries, start=1):
            place = f"{where}: evidence {number} of {name}"
            fields = self._citation_fields(said, defaults, place)
            if fields is None:
                continue
            plain = {key: value for key, value in fields.items() if key != "withdrawn"}
            same = next(
                (one for one in held if (one[0] == said.id if said.id else plain in (one[1].loaded, one[1].now))), None
            )
            if same:
                held.remove(same)
                self._compare("citation", same[0], same[1], fields, where)
            elif said.id and (taken := self._find(said.id)):
                self._problems.append(f"{place}: the id {said.id} is taken by another {taken.kind}")
            else:
                waiting.append((said.id, said.source or defaults.source, fields))
        for given, source, fields in waiting:
            # What was withdrawn is not what somebody went on writing at.
            turn = next(
                (
                    one
                    for one in held
                    if not (given or beside) and not one[1].withdrawn and one[1].now["source"] == fields["source"]
                ),
                None,
            )
            if turn:
                held.remove(turn)
                self._compare("citation", turn[0], turn[1], fields, where)
                continue
            number, called = 1, given
            while called is None or (not given and self._taken(called, about, name)):
                called, number = f"{name}/{source}/{number}", number + 1
            self._record("citation", called, fields, about=about)
            self._cited[about].append((called, self._new[called]))

    def _taken(self, name: str, about: int, of: str) -> bool:
        """Whether a citation of this name is there; a fact that is new, its id too, has none but new ones."""
        if name in self._new or self._shelf.redacted(name):
            return True
        new = about >= self._draft.first and not self._shelf.redacted(of)
        return not new and self._shelf.find(name) is not None

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
            fields["attribution"] = [self._link(link) for link in fields["attribution"]]
        return fields if fields["source"] else None

    # --- references ---

    def _find(self, name: str) -> Held | None:
        return self._new.get(name) or self._shelf.find(name)

    def _refer(self, name: str, where: str, field_name: str, kind: str) -> int:
        found = self._find(name)
        if found and found.kind == kind:
            return found.position
        if found is None and name in self._faulty:
            return 0  # what is wrong with it is told already
        problem = f"it is a {found.kind}, not a {kind}" if found else f"there is no {kind} of that id"
        gone = self._shelf.redacted(name) if found is None else None
        if gone:
            problem = f"it was redacted (position {gone}), which is for ever"
        elif found is None:
            ours = [new for new, held in self._new.items() if held.kind == kind]
            nearest = get_close_matches(name, ours, n=1) or self._shelf.nearest(name, kind)
            problem += f"; did you mean {' or '.join(nearest)}?" if nearest else ""
        self._problems.append(f"{where}: {field_name} {name}: {problem}")
        return 0

    def _link(self, link: str) -> int | str:
        """A link of an attribution: the position of a source or speaker where it is the id of one, else a name."""
        found = self._find(link) if link[:1].islower() else None
        return found.position if found and found.kind in ("source", "speaker") else link

    # --- what to do with it ---

    def _settle(self, kind: str, name: str, fields: dict[str, Any], where: str, *, about: int | None = None) -> int:
        """Record what is new, compare what is not. Returns the thing's position, 0 where it can have none."""
        held = self._find(name)
        if held is None:
            return self._record(kind, name, fields, about=about)
        if held.kind != kind:
            self._problems.append(f"{where}: the id {name} is taken by a {held.kind}")
            return 0
        self._compare(kind, name, held, fields, where)
        return held.position

    def _record(self, kind: str, name: str, fields: dict[str, Any], *, about: int | None = None) -> int:
        more = {"about": about} if about else {}
        withdrawn = bool(fields.pop("withdrawn", None))
        position = self._draft.append(RECORDED[kind].model_validate({"id": name, **more, **fields}))
        if withdrawn:
            self._draft.append(Withdrawn(reason="other"), subject=position)
        self._new[name] = Held(position, kind, fields, fields, withdrawn)
        self.tally.recorded.setdefault(kind, []).append(name)
        return position

    def _compare(self, kind: str, name: str, held: Held, fields: dict[str, Any], where: str) -> None:
        withdraw = bool(fields.pop("withdrawn", None)) and not held.withdrawn
        changes = {
            key: fields.get(key)
            for key in sorted(held.loaded.keys() | fields.keys())
            if fields.get(key) not in (held.loaded.get(key), held.now.get(key))
        }
        if kind == "ordering" and fields["relation"] != "before" and "gap" in held.now:
            changes["gap"] = None  # given elsewhere, to an order that this is no longer
        differences = [
            f"{where}: {name}: {key}: {_shown(held.loaded.get(key))} -> {_shown(value)}"
            for key, value in (changes | ({"withdrawn": "true"} if withdraw else {})).items()
        ]
        if not differences:
            self.tally.unchanged += 1
        elif held.position >= self._draft.first:
            self._problems += [f"{difference}, and both stand in what is being loaded" for difference in differences]
        elif self._correct is None:
            self._differences += differences
        else:
            if changes:
                payload = CORRECTED[kind](changes=changes, reason=self._correct, loaded=True)
                self._draft.append(payload, subject=held.position)
            if withdraw:
                self._draft.append(Withdrawn(reason=self._correct), subject=held.position)
            self.tally.corrected.append(name)


def _referents_first(entries: list[Entry]) -> Iterator[Entry]:
    """Entries in their order, but a source or speaker that others refer to before those that do."""
    waiting = {entry.said.id: entry for entry in entries if entry.kind in ("source", "speaker")}

    def with_referents(entry: Entry) -> Iterator[Entry]:
        if waiting.pop(entry.said.id, None) is not None:
            above = waiting.get(entry.said.seen_through if entry.kind == "source" else entry.said.of)
            if above:
                yield from with_referents(above)
            yield entry

    for entry in entries:
        if entry.kind in ("source", "speaker"):
            yield from with_referents(entry)
        else:
            yield entry


def _shown(value: Any) -> str:
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


# --- out ----------------------------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """Text as text: nothing that another reader could take for a number, a date or a truth value goes unquoted."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write_yaml(entries: Iterable[tuple[str, dict[str, Any]]]) -> str:
    """Entries as one YAML document."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for kind, entry in entries:
        sections.setdefault(f"{kind}s", []).append(entry)
    out = io.StringIO()
    yaml.dump(sections, out, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return out.getvalue()


def write_json(entries: Iterable[tuple[str, dict[str, Any]]]) -> str:
    """Entries as one JSON document."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for kind, entry in entries:
        sections.setdefault(f"{kind}s", []).append(entry)
    return json.dumps(sections, ensure_ascii=False, indent=2) + "\n"


def write_jsonl(entries: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Entries as JSON Lines."""
    for kind, entry in entries:
        yield json.dumps({kind: entry}, ensure_ascii=False) + "\n"
