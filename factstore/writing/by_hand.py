"""The calls that one commit can contain: loading documents, and recording and correcting by hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import get_ident
from typing import Concatenate, Generic, ParamSpec, TypeVar, Unpack

from factstore.arguments import checked_calls
from factstore.database.engine import Engine
from factstore.dates.given import DateLike
from factstore.documents import reading
from factstore.documents.collecting import read_entry
from factstore.documents.entries import Document, EvidenceEntry, FactEntry
from factstore.documents.reading import parse
from factstore.documents.slugs import slug_of
from factstore.errors import DocumentError, InputError, Refused, Repeated
from factstore.garbage import uncollected
from factstore.ledger.canonical import sha256
from factstore.ledger.fields import Reason, named_people
from factstore.ledger.payloads import Restored, Withdrawn
from factstore.maintenance.faults import explained
from factstore.maintenance.filing import described
from factstore.plain import Json, JsonObject
from factstore.progress import Progress
from factstore.reasoning.constraints import canonical_order
from factstore.repository.answers import Checked
from factstore.units import Position
from factstore.writing import correcting, pruning, requests, reverting
from factstore.writing.commit import Abandoned, Commit, Committed, committing
from factstore.writing.comparing import Comparer, Loading
from factstore.writing.digests import RequestDigest
from factstore.writing.document_loader import DocumentLoader
from factstore.writing.rules import Rules

Given = ParamSpec("Given")
Result = TypeVar("Result")
Fields = Mapping[str, Json]
#: A path, a mapping of the same shape, a document already read, or one in parts.
Loadable = str | os.PathLike[str] | Mapping[str, Json] | Document | Iterable[Document]


def _failed(commit: OpenCommit) -> None:
    commit._commit.failed = True


@partial(checked_calls, refused=_failed)
class OpenCommit:
    """One commit of several calls, as a whole or not at all.

    Each call sees what earlier calls have recorded. Facts are placed in time when the block ends; if something is refused
    then, such as a contradiction, nothing of the commit is left. A call that raises ends the commit, too: nothing is
    committed, even if the exception is caught.
    """

    def __init__(self, commit: Commit) -> None:
        self._commit = commit
        self._thread = get_ident()

    @property
    def committed(self) -> Committed:
        """What the commit did, once its block has ended. Raises Refused before that."""
        return self._commit.committed

    def _notes(self, asked: RequestDigest) -> bool:
        """Keep a digest of what the request asks for, unless its content says so already. Returns whether it is kept."""
        if self._commit.request is None or self._commit.asked is not None:
            return False
        self._commit.asked = asked
        return True

    @contextmanager
    def _comparing(self, *, by_hand: bool = True, **options: Unpack[Loading]) -> Iterator[Comparer]:
        with self._call():
            comparer = Comparer(self._commit, by_hand=by_hand, **options)
            yield comparer
            comparer.finish()
            self._commit.tally.add(comparer.tally)

    @contextmanager
    def _call(self) -> Iterator[None]:
        self._commit.require_open()
        if get_ident() != self._thread:
            raise Refused("a commit is used by the thread that began it alone; nothing of this call was taken in")
        file = self._commit.file
        try:
            with explained(file), file.translated(), uncollected():
                yield
        except BaseException:
            self._commit.failed = True
            raise

    # --- adding ---

    def load(
        self,
        *documents: Loadable,
        texts: Mapping[str, str | os.PathLike[str]] | None = None,
        hash_only: bool = False,
        correct: Reason | None = None,
        prune: Reason | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Loads documents, as `Store.load` does."""
        if prune:
            self._commit.rules.setdefault("allow_unsupported", False)
        self.load_parts(documents, texts=texts, hash_only=hash_only, correct=correct, prune=prune, progress=progress)

    def load_parts(
        self,
        documents: Iterable[Loadable],
        *,
        texts: Mapping[str, str | os.PathLike[str]] | None = None,
        hash_only: bool = False,
        correct: Reason | None = None,
        prune: Reason | None = None,
        by_hand: bool = False,
        whole: bool = True,
        progress: Progress | None = None,
    ) -> None:
        """Loads documents. If they are given `whole`, and not by hand, finds what they no longer contain."""
        before = self._commit.repository
        with self._comparing(by_hand=by_hand, hash_only=hash_only, correct=correct) as comparer:
            loader = DocumentLoader(comparer)
            read = [parts_of(document) for document in documents]
            loader.attach({name: text_of(text, name) for name, text in (texts or {}).items()})
            done = 0
            for parts in read:
                sizes = done
                for part in parts:
                    loader.load(part)
                    done = sizes + part.size
                    if progress:
                        progress(done, None)
            if whole and not by_hand:
                comparer.prune(pruning.disappeared(before, comparer.seen, loader.citations.cited), prune)
            loader.require_sources()

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
    ) -> str:
        """Records one fact and its citation, as `Store.add` does. Returns its id."""
        with self._call():
            repository = self._commit.repository
            name = id or self._free_id(slug_of(title))
            taken = repository.find(id) if id is not None else None
            if taken:
                raise Refused(f"the id {id} is taken by a {repository.kind_of(taken)}")
            given = {
                "id": name,
                "title": title,
                "when": when,
                "phrase": phrase,
                "anchor": anchor,
                "zone": zone,
                "lasts": lasts,
                "place": place,
                "participants": named_people(participants),
                "tags": list(tags),
                "attributes": attributes,
                "evidence": [_together({"source": source, "quote": quote}, evidence, "add: evidence")],
            }
            document: JsonObject = {"facts": [given]}
            if new_source:
                document["sources"] = [_together({"id": source}, new_source, "add: new_source")]
            self.load_parts([parse(document, "add")], by_hand=True)
        return name

    def add_all(self, facts: Iterable[FactEntry | Fields]) -> list[str]:
        """Records facts with their evidence, as in a document's `facts`. Returns their ids.

        A mapping without an id gets one made of its title. Sources must be in the ledger.
        """
        taken: set[str] = set()
        with self._call():
            entries = [fact.plain() if isinstance(fact, FactEntry) else dict(fact) for fact in facts]
            for entry in entries:
                if not entry.get("id") and isinstance(entry.get("title"), str):
                    entry["id"] = self._free_id(slug_of(entry["title"]), taken)
                taken.add(entry.get("id", ""))
            self.load_parts([parse({"facts": entries}, "add_all")], by_hand=True)
        return [entry["id"] for entry in entries]

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
    ) -> str:
        """Records a source and archives its text, as `Store.add_source` does. Returns its id."""
        with self._call():
            given: JsonObject = {"title": title, "publisher": publisher, "url": url, "published": published}
            given |= {"retrieved": retrieved, "seen_through": seen_through}
            content = None if text is None else text_of(text, id or "text")
            called = title or (Path(text).stem if isinstance(text, os.PathLike) else "")
            called = called or next((Path(file).stem for file in files), "")
            name = id or self._source_id(called, content)
            given |= self._filed(name, attributes or {}, [described(file) for file in files], correct)
            document = parse({"sources": [{"id": name, **given}]}, "source")
            said = [key for key, value in given.items() if value]
            document.says = {"source": frozenset(["text", *said])}
            texts = {} if content is None else {name: content}
            self.load_parts([document], texts=texts, hash_only=hash_only, correct=correct, by_hand=True)
        return name

    def _filed(
        self, name: str, attributes: Mapping[str, str], files: Sequence[dict[str, str]], correct: Reason | None
    ) -> JsonObject:
        """The attributes and files of a source: those given for a new source, or else added to those it has.

        Adding removes nothing, and so is not a correction that must be allowed.
        """
        repository = self._commit.repository
        position = repository.find(name)
        held = repository.fields(position) if position and repository.kind_of(position) == "source" else {}
        was, had = held.get("attributes", {}), {file["name"]: file for file in held.get("files", ())}
        now, have = {**was, **attributes}, {**had, **{file["name"]: file for file in files}}
        found: JsonObject = {"attributes": now, "files": [*have.values()]}
        found = {field: value for field, value in found.items() if value}
        kept = all(now[key] == value for key, value in was.items()) and all(
            have[key] == file for key, file in had.items()
        )
        if position and kept and not correct:
            changes = {field: value for field, value in found.items() if value != held.get(field)}
            if changes:
                self.correct(name, changes, reason="new-evidence")
            return {}
        return found

    def _source_id(self, called: str, content: str | None) -> str:
        """An id made of a title: that of the source that already has this text, or else a free one."""
        if not called:
            raise InputError("a source needs an id, or a title or a file's name to make one of")
        slug, repository = slug_of(called), self._commit.repository
        held = repository.find(slug) if content is not None else None
        if held and content is not None and repository.fields(held).get("text") == sha256(content):
            return slug
        return self._free_id(slug)

    def _free_id(self, slug: str, taken: Iterable[str] = ()) -> str:
        repository, name, number = self._commit.repository, slug, 2
        while name in taken or repository.find(name) or repository.redacted(name):
            name, number = f"{slug}-{number}", number + 1
        return name

    def cite(
        self,
        about: str,
        *,
        source: str,
        quote: str | None = None,
        evidence: Fields | None = None,
        new_source: Fields | None = None,
    ) -> None:
        """Adds a citation to a fact or an ordering; `new_source` records the source, too."""
        entry = _together({"source": source, "quote": quote}, evidence, "cite: evidence")
        with self._comparing() as comparer:
            loader = DocumentLoader(comparer)
            if new_source:
                made = _together({"id": source}, new_source, "cite: new_source")
                loader.load(parse({"sources": [made]}, "cite"))
            problems: list[str] = []
            said = read_entry(EvidenceEntry, entry, "cite", {}, (), "citation", problems)
            if said is None:
                raise DocumentError(problems)
            position = self._commit.repository.position(about, "fact", "ordering")
            loader.cite(position, about, [said])

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
    ) -> None:
        """States an order between two facts, as `Store.relate` does."""
        entry: JsonObject = {"id": id, "fact": a, "relation": relation, "other": b, "phrase": phrase, "gap": gap}
        if source:
            entry["evidence"] = [_together({"source": source, "quote": quote}, evidence, "relate: evidence")]
        elif quote or any((evidence or {}).values()):
            raise InputError("relate: a quote or other evidence needs the source that it is from")
        with self._comparing() as comparer:
            name, repository = id or ".".join(canonical_order(a, relation, b)), self._commit.repository
            held = repository.find(name)
            if held and repository.fields(held)["withdrawn"]:
                raise Refused(f"{name} is withdrawn; `factstore restore {name}` brings it back")
            document = parse({"orderings": [entry]}, "relate")
            said = [key for key, value in (("phrase", phrase), ("gap", gap)) if value]
            document.says = {"ordering": frozenset(["a", "relation", "b", *said])}
            DocumentLoader(comparer).load(document)
            if lasts:
                position = repository.position(a, "fact")
                comparer.correct(
                    a, position, correcting.new_values(repository, a, position, {"lasts": lasts}), "other", []
                )

    def check_quotes(self, *, progress: Progress | None = None) -> list[Checked]:
        """Checks the quotes of all live citations again, as `Store.check_quotes` does."""
        found: list[Checked] = []
        with self._comparing(allow_missing=True) as comparer:
            repository = self._commit.repository
            counts = repository.quotes_by_source()
            total, checked = sum(counts.values()), 0
            for source, count in counts.items():
                for name, held, verdict in comparer.recheck(source):
                    if verdict.result in ("missing", "ambiguous"):
                        places = tuple((match.prefix, match.exact, match.suffix) for match in verdict.matches)
                        named, quote = repository.name_of(source), held.fields["quote"]
                        found.append(Checked(name, named, quote, verdict.result, places))
                checked += count
                if progress:
                    progress(checked, total)
        return found

    # --- correcting ---

    def correct(
        self,
        name: str,
        changes: Mapping[str, Json],
        *,
        reason: Reason = "other",
        evidence: Sequence[str] = (),
        expect: int | None = None,
    ) -> None:
        """Gives fields of a fact, source, citation, ordering or speaker new values, as `Store.correct` does."""
        with self._comparing() as comparer:
            repository = self._commit.repository
            position = repository.position(name)
            correcting.expect(repository, name, position, expect)
            new = correcting.new_values(repository, name, position, changes)
            comparer.correct(name, position, new, reason, [repository.position(one, "citation") for one in evidence])

    def withdraw(self, name: str, *, reason: Reason = "other", expect: int | None = None) -> None:
        """Takes a fact, citation, ordering or source out of all answers; its history stays."""
        self._commit.rules.setdefault("allow_unsupported", False)
        self._set_withdrawn(name, Withdrawn(reason=reason), expect)

    def restore(self, name: str, *, reason: Reason = "other", expect: int | None = None) -> None:
        """Brings back what was withdrawn."""
        self._set_withdrawn(name, Restored(reason=reason), expect)

    def _set_withdrawn(self, name: str, payload: Withdrawn | Restored, expect: int | None) -> None:
        with self._call():
            repository = self._commit.repository
            position = repository.position(name)
            correcting.expect(repository, name, position, expect)
            withdrawn = bool(repository.fields(position)["withdrawn"])
            if withdrawn is isinstance(payload, Withdrawn):
                raise Refused(f"{name} is {'withdrawn already' if withdrawn else 'not withdrawn'}")
            self._commit.append(payload, subject=position)
            self._commit.tally.corrected.append(name)

    def revert(self, commit: int, *, reason: Reason = "other") -> None:
        """Appends the opposite of an earlier commit, as `Store.revert` does."""
        self._commit.rules.setdefault("allow_unsupported", False)
        # Only what the ledger still contains comes back, and quotes as they were, wherever they are in the text now.
        with self._comparing(allow_missing=True) as comparer, self._commit.unguarded():
            undoing = reverting.undo(self._commit.repository, Position(commit), reason)
            self._commit.message = self._commit.message or undoing.message
            comparer.expect(undoing.names)
            for payload, subject in undoing.records:
                comparer.undo(payload, subject)
            comparer.tally.corrected += undoing.names


@contextmanager
def open_commit(file: Engine, rules: Rules, *, new: bool = False) -> Iterator[OpenCommit]:
    """One commit of several calls; with `new`, the ledger is made, or begun, if there is none.

    What the block raises is raised unchanged, and nothing is committed then.
    """
    failure: BaseException | None = None
    try:
        with committing(file, rules, new=new) as commit:
            try:
                yield OpenCommit(commit)
            except BaseException as error:
                # Raised unchanged: the block's own calls have raised our errors already.
                failure = error
                raise Abandoned from None
    except Abandoned:
        pass
    if failure:
        raise failure


class Call(Generic[Result]):
    """A call of one method of an open commit, made once the commit is open, and what it asks for."""

    def __init__(
        self, method: Callable[Concatenate[OpenCommit, Given], Result], *args: Given.args, **more: Given.kwargs
    ):
        self._method: Callable[..., Result] = method
        self._args: tuple[object, ...] = args
        self._more: dict[str, object] = more

    def on(self, commit: OpenCommit) -> Result:
        """The result of the call on a commit."""
        return self._method(commit, *self._args, **self._more)

    def noted(self, asked: RequestDigest) -> Call[Result]:
        """The same call, whose arguments are added to a digest: at once, except an iterator's values, as they are used."""
        asked.say(self._method.__name__, sorted(self._more))
        args = [asked.noted(value) for value in self._args]
        return Call(self._method, *args, **{name: asked.noted(value) for name, value in self._more.items()})

    def use_up(self) -> None:
        """Read its iterators to their ends, without making the call."""
        for value in (*self._args, *self._more.values()):
            if isinstance(value, Iterator):
                for _ in value:
                    pass


def commit_once(
    file: Engine, rules: Rules, call: Call[Result], *, new: bool = False
) -> tuple[Result | None, Committed]:
    """Run one call as a commit of its own. Returns the call's result, and what was committed.

    If its request was committed before, the result is None, and what was committed is what it did then. Raises Refused if it
    asked for something else then.
    """
    asked = RequestDigest(None)
    try:
        with open_commit(file, rules, new=new) as commit:
            if commit._notes(asked):
                call = call.noted(asked)
            found = call.on(commit)
    except Repeated as repeated:
        if requests.request_of(rules).content is None:
            call.noted(asked).use_up()
            requests.check_same(repeated, asked)
        return None, repeated.committed
    return found, commit.committed


def _together(own: JsonObject, more: Fields | None, name: str) -> JsonObject:
    """The keywords of a call and a mapping, as one. Raises InputError for a key that is given as a keyword too."""
    twice = [key for key, value in own.items() if value is not None and key in (more or {})]
    if twice:
        keywords = " and ".join(f"{'source' if key == 'id' else key}=" for key in twice)
        raise InputError(f"{name}: {' and '.join(twice)} is given as {keywords} as well")
    return own | dict(more or {})


def parts_of(document: Loadable) -> Iterable[Document]:
    """The parts of a document, in the order in which they are loaded."""
    if isinstance(document, Document):
        return [document]
    if isinstance(document, str | os.PathLike):
        return reading.read_parts(document)
    return [reading.read(document, "document")] if isinstance(document, Mapping) else document


def text_of(text: str | os.PathLike[str], name: str) -> str:
    """The text that is given: itself, or a file's."""
    return reading.check_text(text, name) if isinstance(text, str) else reading.read_text(text)
