"""The public face: one transaction around a ledger and its projection, and every question on every clock.

What `load`, `add`, `correct` and the like return has been made durable; what they raise has left no trace.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from getpass import getuser
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import Connection, text

from factstore import (
    archive,
    clocks,
    corrections,
    documents,
    exchange,
    fulltext,
    ledger,
    projection,
    redaction,
    schema,
    sqlite,
)
from factstore.answers import Held
from factstore.dates import parse_zone
from factstore.documents import Document, parse, slug_of
from factstore.errors import Contradiction, InputError, Refused
from factstore.files import LedgerFile
from factstore.ledger import Draft, Head, Problem
from factstore.questions import Questions
from factstore.records import CORRECTED, By, Reason, Redacted, Restored, Withdrawn, canonical
from factstore.redaction import Redaction
from factstore.repository import Repository
from factstore.timeline import canonical_order
from factstore.view import View

Fields = Mapping[str, Any]


class Committed(NamedTuple):
    """What a write did. `position` is the commit's, None where there was nothing to do or it was a rehearsal."""

    position: int | None
    created: bool
    tally: exchange.Tally
    placed: int
    set_aside: tuple[str, ...] = ()


class Verified(NamedTuple):
    """What `verify` found, up to which head."""

    ok: bool
    position: int
    hash: str
    problems: list[Problem]

    def json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "position": self.position,
            "hash": self.hash,
            "problems": [{"position": p.position or None, "text": p.text} for p in self.problems],
        }


@dataclass(slots=True)
class _Work:
    """A commit being written: the draft, what is there already, the fold that follows it, and why."""

    draft: Draft
    there: Repository
    fold: projection.Fold
    tally: exchange.Tally
    message: str


class _Shelf:
    """What a load compares its entries with."""

    def __init__(self, there: Repository) -> None:
        self._there = there
        self._positions: dict[str, int | None] = {}
        self._held: dict[int, Held] = {}
        self._cited: dict[int, list[int]] = {}

    def expect(self, names: Iterable[str]) -> None:
        found = self._there.find_all(names)
        self._positions |= found
        self._fetch(position for position in found.values() if position)

    def _fetch(self, positions: Iterable[int]) -> None:
        wanted = list(positions)
        cited = self._there.cited(wanted)
        self._held |= self._there.held([*wanted, *(one for every in cited.values() for one in every)])
        self._cited |= {position: cited.get(position, []) for position in wanted}

    def find(self, name: str) -> Held | None:
        position = self._positions[name] if name in self._positions else self._there.find(name)
        if position and position not in self._held:
            self._fetch([position])
        return self._held.get(position) if position else None

    def redacted(self, name: str) -> int | None:
        return self._there.redacted(name)

    def citations(self, about: int) -> list[tuple[str, Held]]:
        if about not in self._cited:
            self._fetch([about])
        return [(self._there.name_of(position), self._held[position]) for position in self._cited[about]]

    def nearest(self, name: str, kind: str) -> list[str]:
        return self._there.nearest(name, kind)


class Store(View):
    """A ledger in an SQLite file. Made by `factstore.open`; the file is made by the first write."""

    def __init__(self, where: str | os.PathLike[str]) -> None:
        super().__init__(self._asking_at)
        self.file = LedgerFile(where)
        self.path = self.file.path
        self.name = self.file.name

    def at(self, *, known: str | int | None = None) -> View:
        """The same questions as of an earlier clock: a position, a moment, or a day (its end, in UTC)."""
        if known is not None:
            with self._asking_at(known):
                pass
        return View(partial(self._asking_at, known))

    @contextmanager
    def _asking_at(self, known: str | int | None = None) -> Iterator[Repository]:
        with self.file.reading() as connection:
            yield _repository(connection, known)

    def close(self) -> None:
        """Close the connections that questions share; the next question opens one again."""
        self.file.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- writing ---

    @contextmanager
    def _writing(
        self,
        message: str,
        by: str | By | None,
        *,
        dry_run: bool,
        allow_conflict: bool,
        allow_redacted: bool = True,
        new: bool = False,
    ) -> Iterator[tuple[_Work, list[Committed]]]:
        """A commit around the caller's appends: durable when the block ends, without a trace when it raises.

        `new` says that a ledger is made where there is none.
        """
        if new and not self.file.exists():
            with self.file.made() as (draft, keep):
                _initialise(draft, "+00:00", by)
                with self._one_commit(draft, message, by, dry_run, allow_conflict, created=True) as work:
                    yield work
                keep[0] = not dry_run
        else:
            self.file.identity()
            with self._one_commit(
                self.file, message, by, dry_run, allow_conflict, allow_redacted=allow_redacted, created=False
            ) as work:
                yield work

    @contextmanager
    def _one_commit(
        self,
        file: LedgerFile,
        message: str,
        by: str | By | None,
        dry_run: bool,
        allow_conflict: bool,
        *,
        allow_redacted: bool = True,
        created: bool,
    ) -> Iterator[tuple[_Work, list[Committed]]]:
        canonical(message)
        by = _by(by)
        with file.writing() as connection:
            file.check(connection)
            there = _repository(connection)
            fold = projection.Fold(connection)
            # Where nothing was ever redacted, nothing can be brought back.
            guard = redaction.Guard(there, fold.record) if fold.redacted and not allow_redacted else None
            work = _Work(Draft(connection, guard or fold.record), there, fold, exchange.Tally(), message)
            done: list[Committed] = []
            yield work, done
            if guard:
                guard.check()
            if work.draft.empty:
                connection.rollback()
                done.append(Committed(None, created, work.tally, 0))
                return
            position = work.draft.next
            work.draft.close(by, work.message)
            outcome = fold.finish(position)
            if outcome.set_aside and not allow_conflict:
                raise _contradiction(connection, outcome.set_aside)
            aside = tuple(there.name_of(held.item) for held in outcome.set_aside)
            if dry_run:
                connection.rollback()
            else:
                connection.commit()
            done.append(Committed(None if dry_run else position, created, work.tally, len(outcome.placed), aside))

    def init(self, *, zone: str = "+00:00", by: str | By | None = None) -> Head:
        """Make an empty ledger. `zone` is the fixed offset from UTC in which times without one are read."""
        parse_zone(zone)
        if self.file.exists():
            raise Refused(f"{self.name} is there already")
        with self.file.made() as (draft, keep):
            _initialise(draft, zone, by)
            keep[0] = True
        return self.head()

    def load(
        self,
        *documents: str | os.PathLike[str] | Mapping[str, Any] | Document,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        correct: Reason | None = None,
        allow_conflict: bool = False,
        allow_redacted: bool = False,
    ) -> Committed:
        """Load documents, all of them or none, in one commit: paths, mappings of the same shape, or parsed documents.

        Raises DocumentError with every problem, Changed with every difference from what was last loaded (unless
        `correct` gives a reason), Contradiction with the chain, BroughtBack with every text that was redacted.
        """
        read = [_document(document) for document in documents]
        options: dict[str, Any] = {"allow_conflict": allow_conflict, "allow_redacted": allow_redacted}
        with self._writing(message, by, dry_run=dry_run, new=True, **options) as (work, done):
            loading = exchange.Loading(work.draft, _Shelf(work.there), correct=correct)
            for document in read:
                loading.load(document)
            loading.finish()
            work.tally = loading.tally
        return done[0]

    def add(
        self,
        title: str,
        *,
        source: str,
        when: str | None = None,
        quote: str | None = None,
        id: str | None = None,
        fact: Fields | None = None,
        evidence: Fields | None = None,
        new_source: Fields | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
        allow_redacted: bool = False,
    ) -> tuple[str, Committed]:
        """Record one fact by hand and its evidence; `new_source` makes the source too. Returns its id."""
        name = id or self._free_id(slug_of(title))
        if id is not None and self.file.exists():
            with self._asking() as there:
                taken = there.find(id)
                if taken:
                    raise Refused(f"the id {id} is taken by a {there.kind_of(taken)}")
        entry = {"id": name, "title": title, "when": when, **(fact or {})}
        entry["evidence"] = [{"source": source, "quote": quote, **(evidence or {})}]
        document: dict[str, Any] = {"facts": [entry]}
        if new_source:
            document["sources"] = [{"id": source, **new_source}]
        options: dict[str, Any] = {"allow_conflict": allow_conflict, "allow_redacted": allow_redacted}
        return name, self.load(parse(document, "add"), message=message, by=by, dry_run=dry_run, **options)

    def _free_id(self, slug: str) -> str:
        if not self.file.exists():
            return slug
        with self._asking() as there:
            name, number = slug, 2
            while there.find(name) or there.redacted(name):
                name, number = f"{slug}-{number}", number + 1
        return name

    def cite(
        self,
        about: str,
        *,
        source: str,
        quote: str | None = None,
        evidence: Fields | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
        allow_redacted: bool = False,
    ) -> Committed:
        """Add a citation to a fact or an ordering."""
        entry = {"source": source, "quote": quote, **(evidence or {})}
        read = parse({"facts": [{"id": "x", "title": "x", "evidence": [entry]}]}, "cite")
        options: dict[str, Any] = {"allow_conflict": allow_conflict, "allow_redacted": allow_redacted}
        with self._writing(message, by, dry_run=dry_run, **options) as (work, done):
            loading = exchange.Loading(work.draft, _Shelf(work.there))
            loading.cite(work.there.position(about, "fact", "ordering"), about, read.entries[0].said.evidence)
            loading.finish()
            work.tally = loading.tally
        return done[0]

    def relate(
        self,
        a: str,
        relation: str,
        b: str,
        *,
        source: str | None = None,
        quote: str | None = None,
        phrase: str | None = None,
        gap: Fields | None = None,
        id: str | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
        allow_redacted: bool = False,
    ) -> Committed:
        """State an order between two facts."""
        self.file.identity()
        entry: dict[str, Any] = {"id": id, "fact": a, "relation": relation, "other": b, "phrase": phrase, "gap": gap}
        name = id or ".".join(canonical_order(a, relation, b))
        with self._asking() as there:
            held = there.find(name)
            if held and there.fields(held)["withdrawn"]:
                raise Refused(f"{name} is withdrawn; `factstore restore {name}` brings it back")
        if source:
            entry["evidence"] = [{"source": source, "quote": quote}]
        return self.load(
            parse({"orderings": [entry]}, "relate"),
            message=message,
            by=by,
            dry_run=dry_run,
            allow_conflict=allow_conflict,
            allow_redacted=allow_redacted,
        )

    def correct(
        self,
        name: str,
        changes: Mapping[str, Any],
        *,
        reason: Reason = "extraction-error",
        evidence: Sequence[str] = (),
        expect: int | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
        allow_redacted: bool = False,
    ) -> Committed:
        """Give fields of a fact, source, citation, ordering or speaker new values; None takes one away.

        `expect` is the version that the caller saw: Stale is raised where the thing has changed since.
        """
        options: dict[str, Any] = {"allow_conflict": allow_conflict, "allow_redacted": allow_redacted}
        with self._writing(message, by, dry_run=dry_run, **options) as (work, done):
            position = work.there.position(name)
            corrections.expect(work.there, name, position, expect)
            new = corrections.new_values(work.there, name, position, changes)
            if new:
                cited = [work.there.position(one, "citation") for one in evidence]
                payload = CORRECTED[work.there.kind_of(position)](changes=new, reason=reason, evidence=cited)
                work.draft.append(payload, subject=position)
                work.tally.corrected.append(name)
            else:
                work.tally.unchanged += 1
        return done[0]

    def withdraw(self, name: str, *, reason: Reason = "extraction-error", **options: Any) -> Committed:
        """Take a fact, citation, ordering or source out of every answer; its history stays."""
        return self._set_withdrawn(name, Withdrawn(reason=reason), withdrawn=False, **options)

    def restore(self, name: str, *, reason: Reason = "other", **options: Any) -> Committed:
        """Bring back what was withdrawn."""
        return self._set_withdrawn(name, Restored(reason=reason), withdrawn=True, **options)

    def _set_withdrawn(
        self,
        name: str,
        payload: Withdrawn | Restored,
        *,
        withdrawn: bool,
        expect: int | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
    ) -> Committed:
        with self._writing(message, by, dry_run=dry_run, allow_conflict=allow_conflict) as (work, done):
            position = work.there.position(name)
            corrections.expect(work.there, name, position, expect)
            if work.there.fields(position)["withdrawn"] is not withdrawn:
                raise Refused(f"{name} is {'not withdrawn' if withdrawn else 'withdrawn already'}")
            work.draft.append(payload, subject=position)
            work.tally.corrected.append(name)
        return done[0]

    def revert(
        self,
        commit: int,
        *,
        reason: Reason = "other",
        message: str | None = None,
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
    ) -> Committed:
        """Append what undoes a commit, named by its position or by that of any record in it, in one commit.

        Each thing goes back to what it was just before: what the commit introduced or restored is withdrawn, what it
        withdrew is restored, a field that it corrected gets back its value, also as what was last loaded. What is undone
        already, or was redacted, is left out. A revert can be reverted. Raises BuiltUpon, with the later records that
        rest on the commit, Refused where there is nothing to undo, and for the first commit and for redactions.
        """
        with self._writing(message or "", by, dry_run=dry_run, allow_conflict=allow_conflict) as (work, done):
            undoing = corrections.undo(work.there, commit, reason)
            if message is None:
                work.message = undoing.message
            for payload, subject in undoing.records:
                work.draft.append(payload, subject)
            work.tally.corrected += undoing.names
        return done[0]

    def redact(
        self,
        *positions: int,
        why: str = "",
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
    ) -> Redaction:
        """Delete the payloads of some records, each with its salt, for ever and on every clock.

        That they stood there, who took them out, when and `why` stays in the ledger, whose hashes still hold. The projection
        becomes what a fold of the rest gives: the cost is that of a rebuild, and of writing the file anew. What else
        mentions the texts is told and left; `dry_run` tells the same. Raises Refused for a record that cannot be redacted.

        The redaction is durable before the file's free pages are rid of the bytes. Where somebody still reads the file as
        it was, `unscrubbed` says so: a call without positions does what is left, as does any redaction, and until then
        `verify` finds fault.
        """
        self.file.identity()
        found = redaction.Redaction()
        if positions:
            found = self._redact(positions, why, message or why, _by(by), dry_run)
        return found if dry_run else replace(found, unscrubbed=self.file.scrub())

    def _redact(self, positions: Sequence[int], why: str, message: str, by: By, dry_run: bool) -> Redaction:
        try:
            Redacted(why=why)
        except ValidationError:
            raise InputError("a redaction says why, in words that may be read") from None
        canonical(message)
        with self.file.writing() as connection:
            self.file.check(connection)
            named = redaction.Naming(_repository(connection), positions)
            draft = Draft(connection, lambda record, payload: None)
            for position, prints in named.prints.items():
                draft.append(Redacted(why=why, prints=prints), subject=position)
            commit = draft.next
            draft.close(by, message)
            ledger.remove(connection, named.prints)
            projection.rebuild(connection)
            archive.drop_unused(connection)
            sqlite.mark_unscrubbed(connection)
            there = _repository(connection)
            gone, mentions = named.gone(there), named.mentions(there)
            if dry_run:
                connection.rollback()
            else:
                connection.commit()
        return redaction.Redaction(None if dry_run else commit, tuple(named.places), gone, mentions)

    # --- keeping ---

    def head(self) -> Head:
        """The last record's position and hash."""
        with self.file.reading() as connection:
            return ledger.head(connection)

    def verify(self, *, ledger_only: bool = False, head: Head | None = None) -> Verified:
        """Reread every byte of the ledger, then compare the projection with a fresh fold.

        `head` is one published before: the ledger must still hold that record, with that hash.
        """
        with self.file.reading() as connection:
            problems = ledger.verify(connection)
            if head is not None:
                held = connection.execute(
                    text("SELECT hash FROM record WHERE position = :position"), {"position": head.position}
                ).scalar()
                if held != head.hash:
                    words = "is gone" if held is None else "has another hash"
                    problems.append(Problem(head.position, f"the record at the published head {words}"))
            if not ledger_only and not problems:
                problems += self._unlike_fresh(connection)
                if sqlite.unscrubbed(connection):
                    words = "what was redacted may still lie in the file's free pages; `factstore redact` clears them"
                    problems.append(Problem(0, words))
            last = ledger.head(connection)
        return Verified(not problems, last.position, last.hash, problems)

    def _unlike_fresh(self, connection: Connection) -> list[Problem]:
        with sqlite.scratch().connect() as fresh:
            sqlite.create(fresh)
            projection.replay(fresh, ledger.read(connection))
            problems = [
                Problem(0, f"the projection is not what the ledger says: {what}, at {key}")
                for what, key in projection.differences(connection, fresh)
            ]
            return problems + [
                Problem(0, f"the words of the fact at {fact} are not indexed as the ledger has them")
                for fact in fulltext.differences(connection, fresh)
            ]

    def rebuild(self) -> Head:
        """Throw the projection away and fold the ledger afresh. Raises Corrupt at the first record it cannot read."""
        self.file.identity()
        with self.file.writing() as connection:
            self.file.check(connection)
            projection.rebuild(connection)
            connection.commit()
        return self.head()

    def upgrade(self) -> tuple[str, str]:
        """Bring an older file's schema up to date. Returns the schema before and after."""
        from factstore import upgrade

        with self.file.reading(checked=False) as connection:
            before = self.file.revision(connection)
            if before is None or not before.isdigit() or before > schema.REVISION:
                self.file.check(connection)
        if before != schema.REVISION:
            upgrade.run(self.path)
        assert before is not None
        return before, schema.REVISION


def open(where: str | os.PathLike[str] = "facts.db") -> Store:
    """The ledger at a path or an `sqlite:///` URL. Nothing is made or read before the first question or write."""
    return Store(where)


# --- small helpers ------------------------------------------------------------------------------------------


def _repository(connection: Connection, known: str | int | None = None) -> Repository:
    zone = parse_zone(ledger.created(connection).zone)
    head = ledger.head(connection).position
    at = head if known is None else clocks.known_at(connection, known)
    return Repository(connection, at, now=at == head, zone=zone)


def _initialise(file: LedgerFile, zone: str, by: str | By | None) -> None:
    with file.writing() as connection:
        sqlite.create(connection)
        fold = projection.Fold(connection)
        draft = Draft(connection, fold.record)
        draft.create(zone)
        position = draft.next
        draft.close(_by(by), "a new ledger")
        fold.finish(position)
        connection.commit()


def _contradiction(connection: Connection, aside: Sequence[projection.SetAside]) -> Contradiction:
    there = _repository(connection)
    questions = Questions(there)
    chain = [f"{number}. {questions.step(by)}" for number, by in enumerate(aside[0].chain, start=1)]
    more = f" (and {len(aside) - 1} more)" if len(aside) > 1 else ""
    return Contradiction(
        f"{there.name_of(aside[0].item)} contradicts what is there{more}; these cannot all hold:\n"
        + "\n".join(f"  {line}" for line in chain),
        chain=chain,
    )


def _document(document: str | os.PathLike[str] | Mapping[str, Any] | Document) -> Document:
    if isinstance(document, Document):
        return document
    return documents.read(document, "document") if isinstance(document, Mapping) else documents.read_file(document)


def _by(by: str | By | None) -> By:
    if isinstance(by, By):
        return by
    if by is None:
        try:
            by = os.environ.get("FACTSTORE_BY") or getuser()
        except (KeyError, OSError):
            by = "somebody"
    try:
        canonical(by)
        return By(name=by)
    except ValidationError:
        raise InputError(f"{by!r} is no name for whoever commits") from None
