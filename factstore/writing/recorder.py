"""Records new things and corrections of existing ones, and checks the quotes of citations.

A quote is checked against the text that its source has at the end of the commit, and refused if it is not at exactly one
place in it, unless that is allowed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from factstore.errors import Unlocated
from factstore.evidence.quotes import ArchivedText
from factstore.ledger.fields import Reason, Surrounding
from factstore.ledger.kinds import filled_by
from factstore.ledger.payloads import CORRECTED, CitationCorrected, Corrected, Restored, Withdrawn
from factstore.ledger.references import ABOVE, circle
from factstore.plain import Json, JsonObject
from factstore.repository.answers import Thing
from factstore.repository.conflicts import is_later, said_late
from factstore.units import Position
from factstore.writing.checks import (
    CHECKED,
    SURROUNDINGS,
    Result,
    Texts,
    Verdict,
    examine,
    problem,
    reexamine,
    surroundings,
)
from factstore.writing.commit import Commit
from factstore.writing.shelf import Shelf
from factstore.writing.tally import Tally

#: How many missing quotes are reported with the nearest passage.
_HINTS = 20
#: The fields with what a thing needs to count: its source, or its two facts.
_RESTS_ON = {"citation": ("source",), "ordering": ("a", "b")}


def linked(name: str, find: Callable[[str], tuple[Position, str] | None]) -> Position | str:
    """A link of an attribution: the position of a source or speaker if it is the id of one, or else a name.

    `find` returns the position and kind of the thing with an id.
    """
    found = find(name) if name[:1].islower() else None
    return found[0] if found and found[1] in ABOVE else name


class Recorder:
    """Records things in a commit, beside those in the ledger and those appended before."""

    def __init__(
        self, commit: Commit, *, hash_only: bool = False, by_hand: bool = False, allow_missing: bool = False
    ) -> None:
        self._commit = commit
        self._shelf = Shelf(commit)
        self._texts = Texts(commit.connection, commit.read_texts, hash_only=hash_only)
        self._allow_missing = allow_missing or commit.rules.get("allow_missing", False)
        self._by_hand = by_hand
        self._first = commit.next
        # Since the shelf was renewed, at this position: new things by id; and things, new or not, that changed or may be
        # asked for, by position.
        self._renewed = self._first
        self._new: dict[str, Thing] = {}
        self._now: dict[Position, Thing] = {}
        self._names: dict[Position, str] = {}
        self._changed: dict[Position, set[str]] = {}
        self._cited: dict[Position, list[tuple[str, Thing]]] = defaultdict(list)
        self._filled: dict[Position, set[str]] = {}
        self._recheck: set[Position] = set()
        # For citations of sources whose text has changed: where a loaded document says the same, and what it gives.
        self._said_again: dict[Position, tuple[str, list[Surrounding]]] = {}
        # For each quote checked: the text's SHA-256 and the result; and why it is refused, if it is.
        self._judged: dict[Position, tuple[str, Result]] = {}
        self._unlocated: dict[Position, str] = {}
        # Citations that may have been said after their source was published.
        self._late: set[Position] = set()
        self.tally = Tally()

    def correct(
        self, name: str, position: Position, changes: JsonObject, reason: Reason, evidence: list[Position]
    ) -> None:
        """Give fields of an existing thing new values, supported by `evidence`."""
        given = surroundings(changes)
        if self._change(self._at(position), changes, given, name, reason=reason, evidence=evidence):
            self.tally.corrected.append(name)
        else:
            self.tally.unchanged += 1

    def expect(self, names: Iterable[str]) -> None:
        """Look these ids up together, since each will be asked for."""
        self._shelf.expect(names)

    def undo(self, payload: Corrected | Withdrawn | Restored, position: Position) -> None:
        """Restore an earlier state of a thing; the quote of a citation is checked again."""
        if isinstance(payload, Corrected):
            filled = payload.filled if isinstance(payload, CitationCorrected) else ()
            given = surroundings(payload.changes, but=filled)
            held, name = self._at(position), self._name_of(position)
            self._change(held, payload.changes, given, name, reason=payload.reason, loaded=payload.loaded)
        else:
            self._commit.append(payload, subject=position)

    def renew(self) -> None:
        """Treat what has been appended so far as part of the ledger, so that none of it is held in memory."""
        self._shelf.renew()
        self._renewed = self._commit.next
        self._new.clear()
        self._now.clear()
        self._names.clear()
        self._cited.clear()
        self._filled.clear()

    def finish(self) -> None:
        """Check the quotes of sources whose text has changed, and the days on which something was said.

        Raises Unlocated with all quotes that are not at exactly one place.
        """
        for source in sorted(self._recheck):
            self.recheck(source)
        self.tally.checks = Counter(result for _, result in self._judged.values())
        if self._unlocated:
            raise Unlocated([*self._unlocated.values()])
        for one in said_late(self._commit.repository, self._late) if self._late else ():
            self.tally.late.append(f"{one.id} was said {one.said}, but {one.source} was published {one.published}")

    def recheck(self, source: Position) -> list[tuple[str, Thing, Verdict]]:
        """Check all quotes of a source again, and record results that differ."""
        found = []
        sha256, text = self._text_of(source)
        cited = [one for every in self._cited.values() for one in every]
        every = {name: self._now.get(held.position, held) for name, held in (*cited, *self._shelf.citing(source))}
        quoted = {
            name: held
            for name, held in every.items()
            if held.fields["source"] == source
            and "quote" in held.fields
            and not held.withdrawn
            # Otherwise it was checked just now, when it was recorded.
            and self._judged.get(held.position, ("",))[0] != sha256
        }
        self._learn_filled(quoted.values())
        for name, held in quoted.items():
            where, again = self._said_again.get(held.position, (name, ()))
            given = self._binding(held, {}, again)
            changes, verdict = reexamine(held.fields, {}, text, given)
            if changes:
                filled = surroundings(changes, but=given)
                payload = CitationCorrected(changes=changes, reason="other", filled=filled)
                self._commit.append(payload, subject=held.position)
            self._judge(held.position, verdict, source, where, given)
            found.append((name, held, verdict))
        return found

    def _learn_filled(self, citations: Iterable[Thing]) -> None:
        """Look up together which of prefix and suffix of existing citations were filled in."""
        unknown = [
            held.position
            for held in citations
            if held.position < self._renewed and held.position not in self._filled and surroundings(held.fields)
        ]
        self._filled |= {position: set() for position in unknown} | self._shelf.filled(unknown)

    def _binding(self, held: Thing, changes: Mapping[str, Json], now: Iterable[Surrounding]) -> set[Surrounding]:
        """Which of prefix and suffix of a citation somebody gave: `now`, or before these changes."""
        self._learn_filled([held])
        return {*now, *surroundings(held.fields, but={*self._filled.get(held.position, ()), *changes})}

    # --- existing things ---

    def find(self, name: str) -> Thing | None:
        """The thing with an id, as it is by now; one that is recorded here, too."""
        found = self._new.get(name) or self._shelf.find(name)
        return self._now.get(found.position, found) if found else None

    def _at(self, position: Position) -> Thing:
        return self._now.get(position) or self._shelf.at(position)

    def _name_of(self, position: Position) -> str:
        return self._names.get(position) or self._shelf.name_of(position)

    def _linked(self, attribution: Sequence[Position | str] | None) -> list[Position | str]:
        """An attribution in which the names of things that exist by now are replaced."""

        def find(name: str) -> tuple[Position, str] | None:
            found = self.find(name)
            return (found.position, found.kind) if found else None

        return [linked(link, find) if isinstance(link, str) else link for link in attribution or ()]

    def _leads_back(self, position: Position, above: Position | None, link: str) -> bool:
        """Whether a thing would be above itself, across any number of steps."""
        return bool(circle(position, above, lambda thing: self._at(thing).fields.get(link)))

    # --- recording ---

    def _record(
        self, kind: str, name: str, fields: JsonObject, *, about: Position | None = None, filled: Sequence[str] = ()
    ) -> Position:
        withdrawn = bool(fields.pop("withdrawn", None))
        said = {"id": name, **fields}
        if about:
            said["about"] = about
            if filled:
                said["filled"] = [*filled]
            if self._by_hand:
                said["by_hand"] = True
        position = self._commit.introduce(kind, said)
        if withdrawn:
            self._commit.append(Withdrawn(reason="other"), subject=position)
        held = self._new[name] = Thing(position, kind, fields, {}, withdrawn, self._by_hand)
        self._names[position] = name
        if kind in ABOVE:
            self._now[position] = held
        self.tally.note(kind, name)
        if not withdrawn:
            self._note_withdrawn(name, [about, *(fields.get(end) for end in _RESTS_ON.get(kind, ()))])
        return position

    def _record_citation(self, name: str, fields: JsonObject, about: Position, where: str) -> None:
        given = surroundings(fields)
        verdict = examine(fields, self._text_of(fields["source"])[1], given)
        filled = surroundings(verdict.fields, but=given)
        position = self._record("citation", name, verdict.fields, about=about, filled=filled)
        self._filled[position] = {*filled}
        self._judge(position, verdict, fields["source"], where, given)
        self._cited[about].append((name, self._new[name]))
        self._compare_days([self._new[name]])

    def _change(
        self,
        held: Thing,
        changes: JsonObject,
        given: Iterable[Surrounding],
        where: str,
        *,
        reason: Reason,
        evidence: Sequence[Position] = (),
        loaded: bool = False,
    ) -> bool:
        """Append a correction, with the results of checking a quote. Returns False if nothing changes."""
        position, kind = held.position, held.kind
        more: JsonObject = {}
        if kind == "citation" and not changes.keys().isdisjoint(CHECKED):
            source: Position = (changes if "source" in changes else held.fields)["source"]
            given, asked = self._binding(held, changes, given), {*SURROUNDINGS} & changes.keys()
            changes, verdict = reexamine(held.fields, changes, self._text_of(source)[1], given)
            self._judge(position, verdict, source, where, given)
            # Giving a prefix or suffix that was filled in, or leaving out one that was given, changes only this.
            filled = self._filled.get(position, set())
            turned = {name for name in asked if (name in filled) is (name in given)}
            changes |= {name: verdict.fields[name] for name in surroundings(verdict.fields) if name in turned}
            more["filled"] = surroundings(changes, but=given)
        if not changes:
            return False
        payload = CORRECTED[kind](changes=changes, reason=reason, evidence=list(evidence), loaded=loaded, **more)
        self._commit.append(payload, subject=position)
        now = {key: value for key, value in (held.fields | changes).items() if value is not None}
        since = {key: values for key, values in held.since_loaded.items() if key not in changes}
        history = {key: values for key, values in held.history.items() if key not in changes}
        self._now[position] = held._replace(fields=now, since_loaded=since, history=history)
        self._changed.setdefault(position, set()).update(changes)
        if more:
            self._filled[position] = filled_by(payload.plain(), self._filled.get(position, ()))
        if kind == "source" and "text" in changes:
            self._recheck.add(position)
        if kind == "citation" and not changes.keys().isdisjoint(("said", "source")):
            self._compare_days([self._now[position]])
            self._note_withdrawn(self._name_of(position), [changes.get("source")])
        elif kind == "source" and "published" in changes:
            self._compare_days(one for _, one in self._shelf.citing(position))
        return True

    def _note_withdrawn(self, name: str, below: Iterable[Position | None]) -> None:
        """Note that a thing does not count if one that it rests on was withdrawn before."""
        for position in below:
            if position is not None and position < self._first and self._at(position).withdrawn:
                self.tally.uncounted.append(f"{name} does not count while {self._name_of(position)} is withdrawn")

    def _compare_days(self, citations: Iterable[Thing]) -> None:
        """Note citations that may have been said after their source was published; `finish` makes sure."""
        for held in citations:
            said, source = held.fields.get("said"), held.fields["source"]
            published = self._at(source).fields.get("published") if said else None
            if said and published and is_later(said, published, frozenset((self._commit.before.zone,))):
                self._late.add(held.position)

    def _text_of(self, source: Position) -> tuple[str | None, ArchivedText | None]:
        """The SHA-256 of a source's text, and the text if it is available."""
        sha256 = self._at(source).fields.get("text")
        return sha256, self._texts.get(sha256)

    def _judge(
        self, citation: Position, verdict: Verdict, source: Position, where: str, given: Collection[Surrounding]
    ) -> None:
        """Note the result for a quote, and why it is refused if it is not at exactly one place."""
        self._judged.pop(citation, None)
        self._unlocated.pop(citation, None)
        sha256, text = self._text_of(source)
        if verdict.result is None or sha256 is None or text is None:
            return
        self._judged[citation] = sha256, verdict.result
        if verdict.result in ("missing", "ambiguous") and not self._allow_missing:
            hint = len(self._unlocated) < _HINTS
            said = problem(verdict, text, self._name_of(source), given, hint=hint)
            self._unlocated[citation] = f"{where}: {said}"
