"""The public face of a ledger: every question on every clock, and every way to add to it, correct it and keep it.

What `load`, `add`, `correct` and the like return has been made durable; what they raise has left no trace. What they all take
stands in `factstore.writing.commit.Rules`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Self, Unpack

from pydantic import ValidationError

from factstore.chronology import Reader
from factstore.database.names import REVISION
from factstore.dates.ticks import parse_zone
from factstore.documents import reading
from factstore.documents.reading import Document, parse, slug_of
from factstore.errors import InputError, Refused
from factstore.ledger import chain, texts
from factstore.ledger.append import Draft, remove
from factstore.ledger.canonical import canonical, sha256
from factstore.ledger.chain import Head
from factstore.ledger.fields import Reason
from factstore.ledger.payloads import By, Redacted, Restored, Withdrawn
from factstore.maintenance import backups, verifying
from factstore.maintenance.faults import explained
from factstore.maintenance.verifying import Verified
from factstore.progress import Progress
from factstore.projection.replay import refold
from factstore.reasoning.constraints import canonical_order
from factstore.repository import clocks, diff
from factstore.repository.answers import Change, Checked
from factstore.repository.repository import check_page
from factstore.writing import batches, correcting, pruning, redacting
from factstore.writing.commit import Committed, Rules, Writer, initialise, ruled, who
from factstore.writing.redacting import Redaction

Fields = Mapping[str, Any]
#: A path, a mapping of the same shape, a document that was read, or one in parts.
Loadable = str | os.PathLike[str] | Mapping[str, Any] | Document | Iterable[Document]


class Store(Reader):
    """A ledger in an SQLite file. Made by `factstore.open`; the file is made by the first write."""

    def __init__(self, where: str | os.PathLike[str]) -> None:
        super().__init__(where)
        self._writer = Writer(self.file)

    def diff(self, since: str | int, until: str | int | None = None, *, limit: int = 0) -> list[Change]:
        """What the ledger says as of `until` (left out: now) and did not say as of `since`: net changes, fact by fact.

        Each is what `known` is in `at`. Of one commit alone: `diff(position - 1, position)`.
        """
        check_page(limit)
        with explained(self.file), self.file.reading() as connection:
            before, after = (clocks.asking(connection, clocks.read_clock(known)) for known in (since, until))
            if before.at > after.at:
                raise InputError(f"diff goes forward in time, and {since} is later than {until}")
            found = diff.between(before, after)
            return list(islice(found, limit) if limit else found)

    def __enter__(self) -> Self:
        """Within the block a writing connection is kept too, which makes small commits several times as fast."""
        self.file.keeps_writing = True
        return self

    def __exit__(self, *error: object) -> None:
        self.file.keeps_writing = False
        super().__exit__(*error)

    # --- adding ---

    def init(self, *, zone: str = "+00:00", by: str | By | None = None) -> Head:
        """Make an empty ledger, or begin it where a file holds its tables alone, as Alembic makes one.

        `zone` is the fixed offset from UTC in which times without one are read. Raises Refused where a ledger is already.
        """
        parse_zone(zone)
        return initialise(self.file, zone, by)

    @ruled
    def load(
        self,
        *documents: Loadable,
        texts: Mapping[str, str | os.PathLike[str]] | None = None,
        hash_only: bool = False,
        correct: Reason | None = None,
        prune: Reason | None = None,
        progress: Progress | None = None,
        **rules: Unpack[Rules],
    ) -> Committed:
        """Load documents, all of them or none, in one commit: paths, mappings of the same shape, documents that were read, or
        one in parts.

        `texts` are archived texts by the id of their source: a text, or the path (a `Path`) of a UTF-8 file; with `hash_only`
        quotes are checked against them, and only their SHA-256 is kept. What has disappeared from the documents of its
        sources is named in the tally, or, where `prune` gives a reason, withdrawn. `progress` is told of JSON Lines how many
        bytes have been taken in.

        Raises DocumentError with every problem, Changed with every difference from what was last loaded (unless `correct`
        gives a reason), Unlocated with every quote that is not at one place of its source's text, BroughtBack with every
        text that was redacted, Unsupported with the facts that `prune` would leave standing on nothing, and Contradiction
        with the chain, each unless it is allowed.
        """
        if prune:
            rules.setdefault("allow_unsupported", False)
        return self._load(
            *documents, texts=texts, hash_only=hash_only, correct=correct, prune=prune, progress=progress, **rules
        )

    @ruled
    def load_in_batches(
        self,
        path: str | os.PathLike[str] | Iterable[Document],
        lines: int,
        *,
        skip: batches.Skip | None = None,
        hash_only: bool = False,
        correct: Reason | None = None,
        progress: Progress | None = None,
        **rules: Unpack[Rules],
    ) -> Iterator[Committed]:
        """Load JSON Lines so many lines at a time, each batch a commit, which is given back as it has been made.

        To go on with a load that was cut short, load the same file again: what says the same is left alone. `skip` is told
        of each line that is refused and why, and the rest is loaded; without it the first such batch raises as `load` does.
        """
        parts = reading.read_parts(path, "jsonl", lines=lines) if isinstance(path, str | os.PathLike) else path
        load = partial(self._load, whole=False, hash_only=hash_only, correct=correct, progress=progress, **rules)
        return batches.in_batches(parts, load, skip)

    def _load(
        self,
        *documents: Loadable,
        texts: Mapping[str, str | os.PathLike[str]] | None = None,
        hash_only: bool = False,
        correct: Reason | None = None,
        prune: Reason | None = None,
        by_hand: bool = False,
        whole: bool = True,
        progress: Progress | None = None,
        **rules: Unpack[Rules],
    ) -> Committed:
        """What is no longer in documents is looked for where they are given whole, and not by hand."""
        read = [_parts(document) for document in documents]
        given = {name: _text(text, name) for name, text in (texts or {}).items()}
        with self._writer.loading(new=True, hash_only=hash_only, correct=correct, by_hand=by_hand, **rules) as (
            loading,
            work,
        ):
            loading.attach(given)
            done = 0
            for parts in read:
                before = done
                for part in parts:
                    loading.load(part)
                    done = before + part.size
                    if progress:
                        progress(done, None)
            if whole and not by_hand:
                loading.prune(pruning.disappeared(work.repository, loading.seen, loading.cited), prune)
        return work.committed

    @ruled
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
        **rules: Unpack[Rules],
    ) -> tuple[str, Committed]:
        """Record one fact by hand and its evidence; `new_source` makes the source too. Returns its id."""
        name = id or self._free_id(slug_of(title))
        if id is not None and self.file.begun():
            with self._asking() as repository:
                taken = repository.find(id)
                if taken:
                    raise Refused(f"the id {id} is taken by a {repository.kind_of(taken)}")
        entry = {"id": name, "title": title, "when": when, **(fact or {})}
        entry["evidence"] = [{"source": source, "quote": quote, **(evidence or {})}]
        document: dict[str, Any] = {"facts": [entry]}
        if new_source:
            document["sources"] = [{"id": source, **new_source}]
        return name, self._load(parse(document, "add"), by_hand=True, **rules)

    def _free_id(self, slug: str) -> str:
        if not self.file.begun():
            return slug
        with self._asking() as repository:
            name, number = slug, 2
            while repository.find(name) or repository.redacted(name):
                name, number = f"{slug}-{number}", number + 1
        return name

    @ruled
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
        **rules: Unpack[Rules],
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
        texts = {} if content is None else {name: content}
        return name, self._load(document, texts=texts, hash_only=hash_only, correct=correct, by_hand=True, **rules)

    def _source_id(self, called: str, content: str | None) -> str:
        """An id made of a title: of the source that has this text already, else one that is free."""
        if not called:
            raise InputError("a source needs an id, a title or a file's name to be called by")
        slug = slug_of(called)
        if content is not None and self.file.begun():
            with self._asking() as repository:
                held = repository.find(slug)
                if held and repository.fields(held).get("text") == sha256(content):
                    return slug
        return self._free_id(slug)

    @ruled
    def cite(
        self,
        about: str,
        *,
        source: str,
        quote: str | None = None,
        evidence: Fields | None = None,
        **rules: Unpack[Rules],
    ) -> Committed:
        """Add a citation to a fact or an ordering."""
        entry = {"source": source, "quote": quote, **(evidence or {})}
        read = parse({"facts": [{"id": "x", "title": "x", "evidence": [entry]}]}, "cite")
        with self._writer.loading(by_hand=True, **rules) as (loading, work):
            loading.cite(work.repository.position(about, "fact", "ordering"), about, read.entries[0].said.evidence)
        return work.committed

    @ruled
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
        lasts: Fields | None = None,
        id: str | None = None,
        evidence: Fields | None = None,
        **rules: Unpack[Rules],
    ) -> Committed:
        """State an order between two facts; where it is stated already, add the citation beside those that it has.

        `gap` bounds the time between them, `lasts` how long `a` took: ISO 8601 durations under `min` and `max`.
        """
        self.file.identity()
        entry: dict[str, Any] = {"id": id, "fact": a, "relation": relation, "other": b, "phrase": phrase, "gap": gap}
        name = id or ".".join(canonical_order(a, relation, b))
        with self._asking() as repository:
            held = repository.find(name)
            if held and repository.fields(held)["withdrawn"]:
                raise Refused(f"{name} is withdrawn; `factstore restore {name}` brings it back")
        if source:
            entry["evidence"] = [{"source": source, "quote": quote, **(evidence or {})}]
        document = parse({"orderings": [entry]}, "relate")
        said = [key for key, value in (("phrase", phrase), ("gap", gap)) if value]
        document.says = {"ordering": frozenset(["a", "relation", "b", *said])}
        with self._writer.loading(new=True, by_hand=True, **rules) as (loading, work):
            loading.load(document)
            if lasts:
                position = work.repository.position(a, "fact")
                loading.correct(
                    a, position, correcting.new_values(work.repository, a, position, {"lasts": lasts}), "other", []
                )
        return work.committed

    @ruled
    def check_quotes(
        self, *, progress: Progress | None = None, **rules: Unpack[Rules]
    ) -> tuple[list[Checked], Committed]:
        """Look again for the quote of every live citation in its source's text, and record what is found now in one commit.

        Returns those that are missing or ambiguous. `progress` is told after each source how many of all quotes are done.
        """
        found: list[Checked] = []
        rules |= {"allow_conflict": True, "allow_missing": True}
        with self._writer.loading(by_hand=True, **rules) as (loading, work):
            repository = work.repository
            counts = repository.quotes_by_source()
            total, checked = sum(counts.values()), 0
            for source, count in counts.items():
                for name, held, verdict in loading.recheck(source):
                    if verdict.result in ("missing", "ambiguous"):
                        places = tuple((match.prefix, match.exact, match.suffix) for match in verdict.matches)
                        found.append(
                            Checked(name, repository.name_of(source), held.fields["quote"], verdict.result, places)
                        )
                checked += count
                if progress:
                    progress(checked, total)
        return found, work.committed

    # --- correcting ---

    @ruled
    def correct(
        self,
        name: str,
        changes: Mapping[str, Any],
        *,
        reason: Reason = "other",
        evidence: Sequence[str] = (),
        expect: int | None = None,
        **rules: Unpack[Rules],
    ) -> Committed:
        """Give fields of a fact, source, citation, ordering or speaker new values; None takes one away.

        `expect` is the version that the caller saw: Stale is raised where the thing has changed since.
        """
        with self._writer.loading(by_hand=True, **rules) as (loading, work):
            repository = work.repository
            position = repository.position(name)
            correcting.expect(repository, name, position, expect)
            new = correcting.new_values(repository, name, position, changes)
            loading.correct(name, position, new, reason, [repository.position(one, "citation") for one in evidence])
        return work.committed

    @ruled
    def withdraw(
        self, name: str, *, reason: Reason = "other", expect: int | None = None, **rules: Unpack[Rules]
    ) -> Committed:
        """Take a fact, citation, ordering or source out of every answer; its history stays.

        Raises Unsupported with the facts that would then stand on nothing, unless that is allowed.
        """
        rules.setdefault("allow_unsupported", False)
        return self._set_withdrawn(name, Withdrawn(reason=reason), expect, **rules)

    @ruled
    def restore(
        self, name: str, *, reason: Reason = "other", expect: int | None = None, **rules: Unpack[Rules]
    ) -> Committed:
        """Bring back what was withdrawn."""
        return self._set_withdrawn(name, Restored(reason=reason), expect, **rules)

    def _set_withdrawn(
        self, name: str, payload: Withdrawn | Restored, expect: int | None, **rules: Unpack[Rules]
    ) -> Committed:
        with self._writer.commit(**rules) as work:
            position = work.repository.position(name)
            correcting.expect(work.repository, name, position, expect)
            withdrawn = bool(work.repository.fields(position)["withdrawn"])
            if withdrawn is isinstance(payload, Withdrawn):
                raise Refused(f"{name} is {'withdrawn already' if withdrawn else 'not withdrawn'}")
            work.draft.append(payload, subject=position)
            work.tally.corrected.append(name)
        return work.committed

    @ruled
    def revert(self, commit: int, *, reason: Reason = "other", **rules: Unpack[Rules]) -> Committed:
        """Append what undoes a commit, named by its position or by that of any record in it, in one commit.

        Each thing goes back to what it was just before: what the commit introduced or restored is withdrawn, what it
        withdrew is restored, a field that it corrected gets back its value, also as what was last loaded. What is undone
        already, or was redacted, is left out. A revert can be reverted. Raises BuiltUpon, with the later records that
        rest on the commit or cannot stand beside what was before it, Unsupported with the facts that would then stand on
        nothing, unless that is allowed, Refused where there is nothing to undo, and for the first commit and for redactions.
        """
        rules.setdefault("allow_unsupported", False)
        # Nothing comes back but what the ledger still holds, and quotes as they were, wherever they stand by now.
        rules |= {"allow_missing": True, "allow_redacted": True}
        with self._writer.loading(by_hand=True, **rules) as (loading, work):
            undoing = correcting.undo(work.repository, commit, reason)
            if not rules.get("message"):
                work.message = undoing.message
            loading.expect(undoing.names)
            for payload, subject in undoing.records:
                loading.undo(payload, subject)
            loading.tally.corrected += undoing.names
        return work.committed

    def redact(
        self,
        *positions: int,
        why: str = "",
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Redaction:
        """Delete the payloads of some records, each with its salt, for ever and on every clock.

        That they stood there, who took them out, when and `why` stays in the ledger, whose hashes still hold. The projection
        becomes what a fold of the rest gives: the cost is that of a rebuild, and of writing the file anew. What else
        mentions the texts is told and left; `dry_run` tells the same. `progress` is told how many records are folded, and of
        how many. Raises Refused for a record that cannot be redacted.

        The redaction is durable before the file's free pages are rid of the bytes. Where somebody still reads the file as
        it was, `unscrubbed` says so: a call without positions does what is left, as does any redaction, and until then
        `verify` finds fault.
        """
        self.file.identity()
        found = redacting.Redaction()
        if positions:
            found = self._redact(positions, why, message or why, who(by), dry_run, progress)
        return found if dry_run else replace(found, unscrubbed=self.file.scrub())

    def _redact(
        self, positions: Sequence[int], why: str, message: str, by: By, dry_run: bool, progress: Progress | None
    ) -> Redaction:
        try:
            Redacted(why=why)
        except ValidationError:
            raise InputError("a redaction says why, in words that may be read") from None
        canonical(message)
        with explained(self.file), self.file.writing() as connection:
            named = redacting.Naming(clocks.asking(connection), positions)
            draft = Draft(connection, lambda record, payload: None)
            for position, prints in named.prints.items():
                draft.append(Redacted(why=why, prints=prints), subject=position)
            commit = draft.next
            draft.close(by, message)
            remove(connection, named.prints)
            refold(connection, progress)
            texts.drop_unused(connection)
            connection.dialect.forget_samples(connection)
            connection.dialect.mark_unscrubbed(connection)
            repository = clocks.asking(connection)
            gone, mentions = named.gone(repository), named.mentions(repository)
            if dry_run:
                connection.rollback()
            else:
                connection.commit()
        return redacting.Redaction(None if dry_run else commit, tuple(named.places), gone, mentions)

    # --- keeping ---

    def head(self) -> Head:
        """The last record's position and hash."""
        with self.file.reading() as connection:
            return chain.head(connection)

    def verify(
        self, *, ledger_only: bool = False, head: Head | None = None, progress: Progress | None = None
    ) -> Verified:
        """Reread every byte of the ledger, then the rest of the file, and compare the projection with a fresh fold.

        `head` is one published before: the ledger must still hold that record, with that hash. `progress` is told how many
        records are done, and of how many: twice, as they are reread and as they are folded.
        """
        with self.file.reading() as connection:
            return verifying.verify(connection, ledger_only=ledger_only, head=head, progress=progress)

    def rebuild(self, *, progress: Progress | None = None) -> Head:
        """Throw the projection away and fold the ledger afresh; make triggers, views and indexes that are missing.

        Raises Corrupt, and changes nothing, where the ledger is not as it was written or the file is too damaged to be
        mended; and where it is done, but archived texts are not as they were kept, since nothing here can mend them.
        """
        self.file.identity()
        with self.file.writing(mending=True) as connection:
            verifying.require_ledger(connection, f"{self.name} was not rebuilt")
            with connection.dialect.mending(connection, self.name):
                connection.dialect.mend(connection)
                refold(connection, progress)
            head, lost = chain.head(connection), list(texts.damaged(connection))
            connection.commit()
        backups.tell(self.name, lost)
        return head

    def rebuild_into(self, where: str | os.PathLike[str], *, progress: Progress | None = None) -> Head:
        """Copy the ledger and its archived texts into a file that is not there yet, and fold the ledger there.

        For a file that is damaged elsewhere: of this one, nothing else is read. Raises Refused where something has that name,
        and Corrupt as `rebuild` does.
        """
        return backups.copy_records(self.file, where, progress)

    def copy(self, where: str | os.PathLike[str], *, progress: Progress | None = None) -> Head:
        """Copy the ledger and its archived texts, record by record, to a place on any engine that is free. Returns its head.

        The head is the same, and so is every answer, which is folded afresh there. Raises as `rebuild_into` does.
        """
        return backups.copy_records(self.file, where, progress)

    def backup(self, where: str | os.PathLike[str]) -> Head:
        """Copy the ledger, as it is at one moment, to a file that is not there yet. Returns the head of the copy.

        Others read and write meanwhile. The copy gets its name once it is whole, durable and verified: its pages, its ledger
        and its archived texts. Raises Refused where something has that name, and Corrupt where the copy does not verify.
        """
        return backups.take(self.file, where)

    def upgrade(self) -> tuple[str, str]:
        """Bring an older file's schema up to date. Returns the schema before and after."""
        from factstore.maintenance import upgrade

        with self.file.reading(checked=False) as connection:
            self.file.check(connection, older=True)
            before = self.file.revision(connection)
        self.file.settle()  # first, so that nothing is left to fail once it is done
        if before != REVISION:
            upgrade.run(self.file)
        assert before is not None
        return before, REVISION


def open(where: str | os.PathLike[str] = "facts.db") -> Store:
    """The ledger at a path, or at an `sqlite:///` or `postgresql://` URL.

    Nothing is made or read before the first question or write.
    """
    return Store(where)


def _parts(document: Loadable) -> Iterable[Document]:
    if isinstance(document, Document):
        return [document]
    if isinstance(document, str | os.PathLike):
        return reading.read_parts(document)
    return [reading.read(document, "document")] if isinstance(document, Mapping) else document


def _text(text: str | os.PathLike[str], name: str) -> str:
    """A text that is given: itself, or a file's."""
    return reading.check_text(text, name) if isinstance(text, str) else reading.read_text(text)
