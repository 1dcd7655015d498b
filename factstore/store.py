"""The public face: one transaction around a ledger and its projection, and every question on every clock.

What `load`, `add`, `correct` and the like return has been made durable; what they raise has left no trace.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from getpass import getuser
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import Connection, text

from factstore import (
    archive,
    changes,
    clocks,
    corrections,
    documents,
    fulltext,
    ledger,
    projection,
    pruning,
    schema,
    sqlite,
)
from factstore.answers import Change, Checked, Fact, Held
from factstore.checking import Texts
from factstore.dates import parse_zone
from factstore.documents import Document, parse, slug_of
from factstore.drafting import Tally
from factstore.errors import Contradiction, InputError, Refused, Unsupported
from factstore.files import LedgerFile
from factstore.ledger import Draft, Head, Problem
from factstore.loading import Loading
from factstore.questions import Questions
from factstore.records import By, Reason, Restored, Withdrawn, canonical, sha256
from factstore.repository import Repository
from factstore.timeline import canonical_order
from factstore.view import View

Fields = Mapping[str, Any]

#: So many facts are named in a refusal.
_MOST = 20


class Committed(NamedTuple):
    """What a write did. `position` is the commit's, None where there was nothing to do or it was a rehearsal.

    `changes` are what a rehearsal would change; of what was committed they are None: `diff(position - 1, position)` tells.
    """

    position: int | None
    created: bool
    tally: Tally
    placed: int
    set_aside: tuple[str, ...] = ()
    changes: tuple[Change, ...] | None = None


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
    """A commit being written: the draft, what is there already, and the fold that follows it."""

    draft: Draft
    there: Repository
    fold: projection.Fold
    tally: Tally


class _Rules(NamedTuple):
    """What a write may do: leave no trace, keep what contradicts, leave facts that stand on nothing."""

    dry_run: bool
    allow_conflict: bool
    allow_unsupported: bool


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
        every = [*wanted, *(one for several in cited.values() for one in several)]
        self._held |= self._there.held(every, since_loaded=True)
        self._cited |= {position: cited.get(position, []) for position in wanted}

    def find(self, name: str) -> Held | None:
        if name not in self._positions:
            self._positions[name] = self._there.find(name)
        position = self._positions[name]
        return self.at(position) if position else None

    def at(self, position: int) -> Held:
        if position not in self._held:
            self._fetch([position])
        return self._held[position]

    def citations(self, about: int) -> list[tuple[str, Held]]:
        if about not in self._cited:
            self._fetch([about])
        return [(self._there.name_of(position), self._held[position]) for position in self._cited[about]]

    def citing(self, source: int) -> list[tuple[str, Held]]:
        held = self._there.held(self._there.citing(source))
        return [(self._there.name_of(position), one) for position, one in held.items()]

    def name_of(self, position: int) -> str:
        return self._there.name_of(position)

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

    def diff(self, since: str | int, until: str | int | None = None, *, limit: int = 0) -> list[Change]:
        """What the ledger says as of `until` (left out: now) and did not say as of `since`: net changes, fact by fact.

        Each is a position, a moment or a day, as in `at`. Of one commit alone: `diff(position - 1, position)`.
        """
        with self.file.reading() as connection:
            before, after = _repository(connection, since), _repository(connection, until)
            if before.at > after.at:
                raise InputError(f"diff goes forward in time, and {since} is later than {until}")
            found = changes.between(before, after)
            return list(islice(found, limit) if limit else found)

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
        allow_unsupported: bool = True,
        new: bool = False,
    ) -> Iterator[tuple[_Work, list[Committed]]]:
        """A commit around the caller's appends: durable when the block ends, without a trace when it raises.

        `new` says that a ledger is made where there is none.
        """
        rules = _Rules(dry_run, allow_conflict, allow_unsupported)
        if new and not self.file.exists():
            with self.file.made() as (draft, keep):
                _initialise(draft, "+00:00", by)
                with self._one_commit(draft, message, by, rules, created=True) as work:
                    yield work
                keep[0] = not dry_run
        else:
            self.file.identity()
            with self._one_commit(self.file, message, by, rules, created=False) as work:
                yield work

    @contextmanager
    def _one_commit(
        self, file: LedgerFile, message: str, by: str | By | None, rules: _Rules, *, created: bool
    ) -> Iterator[tuple[_Work, list[Committed]]]:
        canonical(message)
        by = _by(by)
        with file.writing() as connection:
            file.check(connection)
            there = _repository(connection)
            fold = projection.Fold(connection)
            work = _Work(Draft(connection, fold.record), there, fold, Tally())
            done: list[Committed] = []
            yield work, done
            if work.draft.empty:
                # A text whose hash the ledger had already is kept without a record.
                if work.tally.kept and not rules.dry_run:
                    connection.commit()
                else:
                    connection.rollback()
                done.append(Committed(None, created, work.tally, 0, changes=() if rules.dry_run else None))
                return
            position = work.draft.next
            work.draft.close(by, message)
            outcome = fold.finish(position)
            if outcome.set_aside and not rules.allow_conflict:
                raise _contradiction(connection, outcome.set_aside)
            before = Repository(connection, there.at, now=False, zone=there.zone)
            after = Repository(connection, position, now=True, zone=there.zone)
            left = [] if rules.allow_unsupported else changes.unsupported(before, after, outcome.placed)
            if left:
                raise _unsupported(left)
            aside = tuple(there.name_of(held.item) for held in outcome.set_aside)
            if rules.dry_run:
                found = tuple(changes.between(before, after))
                connection.rollback()
                done.append(Committed(None, created, work.tally, len(outcome.placed), aside, found))
            else:
                connection.commit()
                done.append(Committed(position, created, work.tally, len(outcome.placed), aside))

    def init(self, *, zone: str = "+00:00", by: str | By | None = None) -> Head:
        """Make an empty ledger. `zone` is the fixed offset from UTC in which times without one are read."""
        parse_zone(zone)
        if self.file.exists():
            raise Refused(f"{self.name} is there already")
        with self.file.made() as (draft, keep):
            _initialise(draft, zone, by)
            keep[0] = True
        return self.head()

    @contextmanager
    def _loading(
        self,
        *,
        hash_only: bool = False,
        correct: Reason | None = None,
        allow_missing: bool,
        by_hand: bool,
        **commit: Any,
    ) -> Iterator[tuple[Loading, Repository, list[Committed]]]:
        """A commit of what is loaded in the block; what is wrong with it is told when the block ends."""
        with self._writing(**commit) as (work, done):
            texts = Texts(work.there.connection, hash_only=hash_only)
            loading = Loading(
                work.draft, _Shelf(work.there), texts, correct=correct, allow_missing=allow_missing, by_hand=by_hand
            )
            work.tally = loading.tally
            yield loading, work.there, done
            loading.finish()

    def load(
        self,
        *documents: str | os.PathLike[str] | Mapping[str, Any] | Document,
        texts: Mapping[str, str | os.PathLike[str]] | None = None,
        hash_only: bool = False,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        correct: Reason | None = None,
        prune: Reason | None = None,
        allow_conflict: bool = False,
        allow_missing: bool = False,
        allow_unsupported: bool = False,
    ) -> Committed:
        """Load documents, all of them or none, in one commit: paths, mappings of the same shape, or parsed documents.

        `texts` are archived texts by the id of their source: a text, or the path (a `Path`) of a UTF-8 file; with `hash_only`
        quotes are checked against them, and only their SHA-256 is kept. What has disappeared from the documents of its
        sources is named in the tally, or, where `prune` gives a reason, withdrawn.

        Raises DocumentError with every problem, Changed with every difference from what was last loaded (unless
        `correct` gives a reason), Unlocated with every quote that is not at one place of its source's text (unless
        `allow_missing`), Contradiction with the chain, and where something is pruned Unsupported, as `withdraw` does.
        """
        return self._load(
            *documents,
            prune=prune,
            texts=texts,
            hash_only=hash_only,
            message=message,
            by=by,
            dry_run=dry_run,
            correct=correct,
            allow_conflict=allow_conflict,
            allow_missing=allow_missing,
            allow_unsupported=allow_unsupported or prune is None,
        )

    def _load(
        self,
        *documents: str | os.PathLike[str] | Mapping[str, Any] | Document,
        texts: Mapping[str, str | os.PathLike[str]] | None = None,
        by_hand: bool = False,
        prune: Reason | None = None,
        **options: Any,
    ) -> Committed:
        read = [_document(document) for document in documents]
        given = {name: _text(text, name) for name, text in (texts or {}).items()}
        with self._loading(by_hand=by_hand, new=True, **options) as (loading, there, done):
            loading.attach(given)
            for document in read:
                loading.load(document)
            if not by_hand:
                loading.prune(pruning.disappeared(there, loading.seen, loading.cited), prune)
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
        allow_missing: bool = False,
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
        done = self._load(
            parse(document, "add"),
            by_hand=True,
            message=message,
            by=by,
            dry_run=dry_run,
            allow_conflict=allow_conflict,
            allow_missing=allow_missing,
        )
        return name, done

    def _free_id(self, slug: str) -> str:
        if not self.file.exists():
            return slug
        with self._asking() as there:
            name, number = slug, 2
            while there.find(name):
                name, number = f"{slug}-{number}", number + 1
        return name

    def add_source(
        self,
        text: str | os.PathLike[str] | None = None,
        *,
        id: str | None = None,
        title: str | None = None,
        publisher: str | None = None,
        url: str | None = None,
        published: str | None = None,
        retrieved: str | None = None,
        seen_through: str | None = None,
        hash_only: bool = False,
        correct: Reason | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
        allow_missing: bool = False,
    ) -> tuple[str, Committed]:
        """Record a source and archive its text, or attach the text to a source that is there and recheck its quotes.

        `text` is the text itself, or the path (a `Path`) of a UTF-8 file. Left out, the id is made of the title or the
        file's name. What is given differently there already is refused, unless `correct` gives a reason. Returns the id.
        """
        given = {"title": title, "publisher": publisher, "url": url, "published": published, "retrieved": retrieved}
        given |= {"seen_through": seen_through}
        content = None if text is None else _text(text, id or "text")
        name = id or self._source_id(title or (Path(text).stem if isinstance(text, os.PathLike) else ""), content)
        document = parse({"sources": [{"id": name, **given}]}, "source")
        document.says = {"source": frozenset(["text", *(key for key, value in given.items() if value)])}
        done = self._load(
            document,
            texts={} if content is None else {name: content},
            hash_only=hash_only,
            correct=correct,
            message=message,
            by=by,
            dry_run=dry_run,
            allow_conflict=allow_conflict,
            allow_missing=allow_missing,
        )
        return name, done

    def _source_id(self, called: str, content: str | None) -> str:
        """An id made of a title: of the source that has this text already, else one that is free."""
        if not called:
            raise InputError("a source needs an id, a title or a file's name to be called by")
        slug = slug_of(called)
        if content is not None and self.file.exists():
            with self._asking() as there:
                held = there.find(slug)
                if held and there.fields(held).get("text") == sha256(content):
                    return slug
        return self._free_id(slug)

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
        allow_missing: bool = False,
    ) -> Committed:
        """Add a citation to a fact or an ordering."""
        entry = {"source": source, "quote": quote, **(evidence or {})}
        read = parse({"facts": [{"id": "x", "title": "x", "evidence": [entry]}]}, "cite")
        with self._loading(
            message=message,
            by=by,
            dry_run=dry_run,
            allow_conflict=allow_conflict,
            allow_missing=allow_missing,
            by_hand=True,
        ) as (loading, there, done):
            loading.cite(there.position(about, "fact", "ordering"), about, read.entries[0].said.evidence)
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
        evidence: Fields | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        allow_conflict: bool = False,
        allow_missing: bool = False,
    ) -> Committed:
        """State an order between two facts; where it is stated already, add the citation beside those that it has."""
        self.file.identity()
        entry: dict[str, Any] = {"id": id, "fact": a, "relation": relation, "other": b, "phrase": phrase, "gap": gap}
        name = id or ".".join(canonical_order(a, relation, b))
        with self._asking() as there:
            held = there.find(name)
            if held and there.fields(held)["withdrawn"]:
                raise Refused(f"{name} is withdrawn; `factstore restore {name}` brings it back")
        if source:
            entry["evidence"] = [{"source": source, "quote": quote, **(evidence or {})}]
        document = parse({"orderings": [entry]}, "relate")
        said = [key for key, value in (("phrase", phrase), ("gap", gap)) if value]
        document.says = {"ordering": frozenset(["a", "relation", "b", *said])}
        return self._load(
            document,
            by_hand=True,
            message=message,
            by=by,
            dry_run=dry_run,
            allow_conflict=allow_conflict,
            allow_missing=allow_missing,
        )

    def check_quotes(
        self,
        *,
        progress: Callable[[int, int], None] | None = None,
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
    ) -> tuple[list[Checked], Committed]:
        """Look again for the quote of every live citation in its source's text, and record what is found now in one commit.

        Returns those that are missing or ambiguous. `progress` is told after each source how many of all quotes are done.
        """
        found: list[Checked] = []
        options: dict[str, Any] = {"message": message, "by": by, "dry_run": dry_run, "allow_conflict": True}
        with self._loading(allow_missing=True, by_hand=True, **options) as (loading, there, done):
            counts = there.quotes_by_source()
            total, checked = sum(counts.values()), 0
            for source, count in counts.items():
                for name, held, verdict in loading.recheck(source):
                    if verdict.result in ("missing", "ambiguous"):
                        places = tuple((match.prefix, match.exact, match.suffix) for match in verdict.matches)
                        found.append(Checked(name, there.name_of(source), held.now["quote"], verdict.result, places))
                checked += count
                if progress:
                    progress(checked, total)
        return found, done[0]

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
        allow_missing: bool = False,
    ) -> Committed:
        """Give fields of a fact, source, citation, ordering or speaker new values; None takes one away.

        `expect` is the version that the caller saw: Stale is raised where the thing has changed since.
        """
        with self._loading(
            message=message,
            by=by,
            dry_run=dry_run,
            allow_conflict=allow_conflict,
            allow_missing=allow_missing,
            by_hand=True,
        ) as (loading, there, done):
            position = there.position(name)
            corrections.expect(there, name, position, expect)
            new = corrections.new_values(there, name, position, changes)
            loading.correct(name, position, new, reason, [there.position(one, "citation") for one in evidence])
        return done[0]

    def withdraw(self, name: str, *, reason: Reason = "extraction-error", **options: Any) -> Committed:
        """Take a fact, citation, ordering or source out of every answer; its history stays.

        Raises Unsupported with the facts that would then stand on nothing, unless `allow_unsupported` is given.
        """
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
        allow_unsupported: bool = False,
    ) -> Committed:
        with self._writing(
            message, by, dry_run=dry_run, allow_conflict=allow_conflict, allow_unsupported=allow_unsupported
        ) as (work, done):
            position = work.there.position(name)
            corrections.expect(work.there, name, position, expect)
            if work.there.fields(position)["withdrawn"] is not withdrawn:
                raise Refused(f"{name} is {'not withdrawn' if withdrawn else 'withdrawn already'}")
            work.draft.append(payload, subject=position)
            work.tally.corrected.append(name)
        return done[0]

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
            if not ledger_only:
                if not problems:
                    problems += self._unlike_fresh(connection)
                problems += [
                    Problem(0, f"the archived text {name} is not the one that was kept")
                    for name in archive.damaged(connection)
                ]
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
    beginning, head = ledger.ends(connection)
    at = head if known is None else clocks.known_at(connection, known)
    return Repository(connection, at, now=at == head, zone=parse_zone(beginning.zone))


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


def _unsupported(facts: Sequence[Fact]) -> Unsupported:
    count = f"{len(facts)} facts" if len(facts) > 1 else "a fact"
    listed = [f"  {fact.id}: {fact.title}" for fact in facts[:_MOST]]
    if len(facts) > _MOST:
        listed.append(f"  and {len(facts) - _MOST} more")
    return Unsupported("\n".join([f"{count} would then stand on nothing:", *listed]), facts=[fact.id for fact in facts])


def _document(document: str | os.PathLike[str] | Mapping[str, Any] | Document) -> Document:
    if isinstance(document, Document):
        return document
    return documents.read(document, "document") if isinstance(document, Mapping) else documents.read_file(document)


def _text(text: str | os.PathLike[str], name: str) -> str:
    """A text that is given: itself, or a file's."""
    return documents.check_text(text, name) if isinstance(text, str) else documents.read_text(text)


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
