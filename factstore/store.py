"""The public interface to a ledger: all questions on all clocks, and all ways to add to it, correct it and maintain it.

When `load`, `add`, `correct` and the like return, the commit is durable; if they raise, nothing is changed. `factstore.Rules`
lists the keywords that they share.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from typing import Self, TypeVar, Unpack

from factstore.arguments import checked, checked_calls
from factstore.dates.given import DateLike
from factstore.dates.ticks import parse_zone
from factstore.documents import reading
from factstore.documents.entries import Document, FactEntry
from factstore.errors import InputError
from factstore.garbage import uncollected
from factstore.ledger.chain import Head
from factstore.ledger.fields import Reason
from factstore.ledger.payloads import By
from factstore.maintenance.faults import explained
from factstore.plain import Json
from factstore.progress import Progress
from factstore.repository import clocks, diff
from factstore.repository.answers import Checked
from factstore.repository.filter import most
from factstore.repository.listing import Listing
from factstore.repository.log_answers import Change
from factstore.repository.named import known_of
from factstore.upkeep import Upkeep
from factstore.writing import batches, redactor, requests
from factstore.writing.by_hand import Call, Fields, Loadable, OpenCommit, commit_once, open_commit, parts_of, text_of
from factstore.writing.commit import Committed, initialise
from factstore.writing.redacting import Redaction
from factstore.writing.redactor import RedactionRequest
from factstore.writing.rules import Rules, who

Result = TypeVar("Result")


@checked_calls
class Store(Upkeep):
    """A ledger, in an SQLite file or on a PostgreSQL server. Made by `factstore.open`; the ledger is made by the first write.

    `factstore.Rules` lists the keywords that all writing methods take besides their own.
    """

    def diff(
        self, since: DateLike | int, until: DateLike | int | None = None, *, limit: int | None = None
    ) -> Listing[Change]:
        """What the ledger says as of `until` (left out: now) and did not say as of `since`: net changes, fact by fact.

        Both are like `known` in `at`. For a single commit: `diff(position - 1, position)`.
        """
        wanted = most(limit)
        with explained(self.file), self.file.reading() as connection:
            before, after = (clocks.asking(connection, clocks.read_clock(known_of(known))) for known in (since, until))
            if before.at > after.at:
                raise InputError(f"diff needs an earlier and a later state, but {since} is later than {until}")
            found = diff.between(before, after)
            return Listing(islice(found, wanted or None))

    def __enter__(self) -> Self:
        """Within the block a writing connection is kept as well, which makes small commits several times as fast."""
        self.file.keeps_writing = True
        return self

    def __exit__(self, *error: object) -> None:
        self.file.keeps_writing = False
        super().__exit__(*error)

    # --- adding ---

    def init(self, *, zone: str = "+00:00", by: str | By | None = None) -> Head:
        """Make an empty ledger, or begin one in a file with empty tables, such as Alembic's.

        `zone` is the fixed offset from UTC in which times without one are read. Raises Refused if there is a ledger already.
        """
        parse_zone(zone)
        return initialise(self.file, zone, by)

    def commit(self, **rules: Unpack[Rules]) -> AbstractContextManager[OpenCommit]:
        """One commit of several calls, as a whole or not at all: `with store.commit(message="…") as commit: commit.add(…)`.

        `rules` are the keywords of `factstore.Rules`. With a `Request` in place of a plain id, Refused is raised if a
        commit under the same id had other content; a plain id does not say what the block will do.

        It holds the writer's lock while the block runs, so other writers wait; readers do not. Afterwards
        `commit.committed` says what it did. Raises what its calls would raise alone, some of it at the end of the
        block; and Repeated, without running the block, if the `request` was committed before.
        """
        return open_commit(self.file, rules, new=True)

    def _once(self, call: Call[Result], rules: Rules, *, new: bool = False) -> tuple[Result | None, Committed]:
        return commit_once(self.file, rules, call, new=new)

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
        """Load documents, all or none, in one commit: paths, mappings of the same shape, documents already read, or
        one in parts.

        `texts` are archived texts by the id of their source: a text, or the path (a `Path`) of a UTF-8 file; with `hash_only`
        quotes are checked against them, and only their SHA-256 is kept. What the documents of its source no longer contain
        is listed in the tally or, if `prune` gives a reason, withdrawn. `progress` is called with the number of bytes read of
        JSON Lines.

        Raises DocumentError with all problems, Changed with all differences from what was last loaded (unless
        `correct` gives a reason), Unlocated with all quotes that are not at exactly one place in their source's text,
        BroughtBack with all redacted texts, Unsupported with the facts that `prune` would leave without evidence, and
        Contradiction with the chain, each unless it is allowed.
        """
        # Files are read before the commit makes others wait.
        with uncollected():
            read = [parts_of(document) for document in documents]
        given = {name: text_of(text, name) for name, text in (texts or {}).items()}
        return self._once(
            Call(
                OpenCommit.load,
                *read,
                texts=given,
                hash_only=hash_only,
                correct=correct,
                prune=prune,
                progress=progress,
            ),
            rules,
            new=True,
        )[1]

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
        """Load JSON Lines in batches of `lines` lines, each a commit, which is yielded when it has been made.

        It is an iterator: nothing is read or written before the first commit is taken, nor after the last one taken,
        so iterate over all of them: `for committed in store.load_in_batches(…)`. Wrong arguments are refused at once.

        To continue an interrupted load, load the same file again: unchanged entries are left alone. `skip` is called
        for each line that is refused, with the reasons, and the rest is loaded; without it the first such batch
        raises as `load` does. Raises InputError for a `request`, since one names a single commit.
        """
        if lines < 1:
            raise InputError("load_in_batches: lines must be at least 1")
        if requests.request_of(rules).id is not None:
            raise InputError(
                "a request is for one commit, and batches make several; the same file loaded again changes nothing"
            )

        rules["request"] = None

        def load(part: Document) -> Committed:
            with self.commit(**rules) as commit:
                commit.load_parts([part], whole=False, hash_only=hash_only, correct=correct, progress=progress)
            return commit.committed

        parts = reading.read_parts(path, "jsonl", lines=lines) if isinstance(path, str | os.PathLike) else path
        return batches.in_batches(parts, load, skip)

    def add(
        self,
        title: str,
        *,
        source: str,
        when: DateLike | None = None,
        phrase: str | None = None,
        anchor: DateLike | None = None,
        zone: str | None = None,
        lasts: str | Fields | None = None,
        place: str | None = None,
        participants: Sequence[str | Fields] = (),
        tags: Sequence[str] = (),
        attributes: Mapping[str, str] | None = None,
        quote: str | None = None,
        evidence: Fields | None = None,
        id: str | None = None,
        new_source: Fields | None = None,
        **rules: Unpack[Rules],
    ) -> tuple[str, Committed]:
        """Record a fact and its citation by hand. Returns its id (made of the title unless given), and what was committed.

        `when` is EDTF text, a date, or a datetime with its offset from UTC. Participants are names, or mappings of `name` and
        `role`. `quote` is the source's exact words, and `evidence` has the other fields of a citation, as in a document:
        `attribution`, `stance`, `locator`, `said` and so on. `new_source` also records the source: its `title`, `publisher`,
        `url`, `published`. Raises what `load` raises, and Refused if the id is taken.
        """
        name, done = self._once(
            Call(
                OpenCommit.add,
                title,
                source=source,
                when=when,
                phrase=phrase,
                anchor=anchor,
                zone=zone,
                lasts=lasts,
                place=place,
                participants=participants,
                tags=tags,
                attributes=attributes,
                quote=quote,
                evidence=evidence,
                id=id,
                new_source=new_source,
            ),
            rules,
            new=True,
        )
        return name or id or requests.first(done.tally, "fact"), done

    def add_all(self, facts: Iterable[FactEntry | Fields], **rules: Unpack[Rules]) -> tuple[list[str], Committed]:
        """Record facts with their evidence in one commit, given as models or mappings like those in a document's `facts`.

        A mapping without an id gets one made of its title; the sources must be in the ledger. Returns the ids in order.
        """
        names, done = self._once(Call(OpenCommit.add_all, facts), rules, new=True)
        return names if names is not None else done.tally.recorded.get("fact", []), done

    def add_source(
        self,
        text: str | os.PathLike[str] | None = None,
        *,
        id: str | None = None,
        title: str | None = None,
        publisher: str | None = None,
        url: str | None = None,
        published: DateLike | None = None,
        retrieved: DateLike | None = None,
        seen_through: str | None = None,
        attributes: Mapping[str, str] | None = None,
        files: Sequence[str | os.PathLike[str]] = (),
        hash_only: bool = False,
        correct: Reason | None = None,
        **rules: Unpack[Rules],
    ) -> tuple[str, Committed]:
        """Record a source and archive its text, or add the text to an existing source and check its quotes again.

        `text` is the text itself, or the path (a `Path`) of a UTF-8 file. If the id is left out, it is made of the
        title or the file's name. A value that differs from an existing one is refused, unless `correct` gives a
        reason. `attributes` are references such as exhibit or docket; of each of `files`, which stay where they are,
        the name, media type and SHA-256 are recorded. Returns the id.
        """
        name, done = self._once(
            Call(
                OpenCommit.add_source,
                text,
                id=id,
                title=title,
                publisher=publisher,
                url=url,
                published=published,
                retrieved=retrieved,
                seen_through=seen_through,
                attributes=attributes,
                files=files,
                hash_only=hash_only,
                correct=correct,
            ),
            rules,
            new=True,
        )
        return name or id or requests.first(done.tally, "source"), done

    def cite(
        self,
        about: str,
        *,
        source: str,
        quote: str | None = None,
        evidence: Fields | None = None,
        new_source: Fields | None = None,
        **rules: Unpack[Rules],
    ) -> Committed:
        """Add a citation to a fact or an ordering; `new_source` also records the source."""
        return self._once(
            Call(OpenCommit.cite, about, source=source, quote=quote, evidence=evidence, new_source=new_source),
            rules,
        )[1]

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
        """State an order between two facts; if it is stated already, add the citation to it.

        `gap` bounds the time between them, `lasts` the length of `a`: ISO 8601 durations under `min` and `max`.
        """
        return self._once(
            Call(
                OpenCommit.relate,
                a,
                relation,
                b,
                source=source,
                quote=quote,
                phrase=phrase,
                gap=gap,
                lasts=lasts,
                id=id,
                evidence=evidence,
            ),
            rules,
        )[1]

    def check_quotes(
        self, *, progress: Progress | None = None, **rules: Unpack[Rules]
    ) -> tuple[list[Checked], Committed]:
        """Check the quotes of all live citations again, and record the results that changed in one commit.

        Returns those that are missing or ambiguous. `progress` is called after each source with the number of quotes done.
        """
        rules["allow_conflict"] = True
        found, done = self._once(Call(OpenCommit.check_quotes, progress=progress), rules)
        return found or [], done

    # --- correcting ---

    def correct(
        self,
        name: str,
        changes: Mapping[str, Json],
        *,
        reason: Reason = "other",
        evidence: Sequence[str] = (),
        expect: int | None = None,
        **rules: Unpack[Rules],
    ) -> Committed:
        """Give fields of a fact, source, citation, ordering or speaker new values; None, an empty text or an empty list
        removes one.

        `expect` is the version that the caller saw: Stale is raised if the thing has changed since.
        """
        return self._once(
            Call(OpenCommit.correct, name, changes, reason=reason, evidence=evidence, expect=expect), rules
        )[1]

    def withdraw(
        self, name: str, *, reason: Reason = "other", expect: int | None = None, **rules: Unpack[Rules]
    ) -> Committed:
        """Take a fact, citation, ordering or source out of all answers; its history stays.

        Raises Unsupported with the facts that would be left without evidence, unless that is allowed.
        """
        return self._once(Call(OpenCommit.withdraw, name, reason=reason, expect=expect), rules)[1]

    def restore(
        self, name: str, *, reason: Reason = "other", expect: int | None = None, **rules: Unpack[Rules]
    ) -> Committed:
        """Bring back what was withdrawn."""
        return self._once(Call(OpenCommit.restore, name, reason=reason, expect=expect), rules)[1]

    def revert(self, commit: int, *, reason: Reason = "other", **rules: Unpack[Rules]) -> Committed:
        """Undo a commit by a new one; it is named by its position or by that of any record in it.

        Each thing returns to what it was before: what the commit introduced or restored is withdrawn, what it
        withdrew is restored, a field that it corrected gets back its value, also as the value last loaded. What is already
        undone, or was redacted, is left out. A revert can be reverted. Raises BuiltUpon with the later records that
        rest on the commit or are incompatible with what was before it, Unsupported with the facts that would be left without
        evidence, unless that is allowed, Refused if there is nothing to undo, and for the first commit and for redactions.
        """
        return self._once(Call(OpenCommit.revert, commit, reason=reason), rules)[1]

    def redact(
        self,
        *what: int | str,
        texts: Sequence[str] = (),
        why: str = "",
        message: str = "",
        by: str | By | None = None,
        dry_run: bool = False,
        request: str | None = None,
        progress: Progress | None = None,
    ) -> Redaction:
        """Delete the payloads of some records, with their salts, permanently and on all clocks.

        `what` are positions, and ids of things, for the records that introduced and corrected them. `texts` are names: for
        each, all records that contain it, however it is written, and all archived texts that do; what only names such a text
        stays. Where it is only a part of longer words, that is listed (`within`) and left.

        That the records were there, who deleted them, when and `why` stays in the ledger, whose hashes still hold.
        The projection becomes what a fold of the rest gives: the cost is that of a rebuild, and of rewriting the
        file. Other mentions of the texts are reported and left; `dry_run`, which needs no `why`, reports the same.
        `progress` is called with the number of records folded, and their total. Raises Refused for a record that
        cannot be redacted, and InputError if the reason, the message, the request id or the redactor's name contains
        one of the `texts`.

        The redaction is durable before the file's free pages are cleared of the bytes. If somebody is still reading
        the earlier state, `unscrubbed` says so: a call without positions does the rest, as does any redaction, and
        until then `verify` reports it. Then the bytes are searched for the names; `stored` has those that are still
        there, and `stored_within` those that are only there as parts of longer words.
        """
        asked = RedactionRequest(what, texts, why, message, who(by), dry_run, request)
        return redactor.redact(self.file, asked, progress)


@checked
def open(where: str | os.PathLike[str] = "facts.db") -> Store:
    """The ledger at a path, or at an `sqlite:///` or `postgresql://` URL.

    Nothing is made or read before the first question or write.
    """
    return Store(where)
