"""All questions of the library, as of one clock: each question reads one state of the ledger. Reads only."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from functools import partial
from os import getpid
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Literal, Self, Unpack

from factstore.arguments import checked_calls
from factstore.database.engine import Engine, NamedRow
from factstore.database.opening import open_engine
from factstore.database.statements import Given, stream_named
from factstore.dates.given import DateLike, date_text
from factstore.errors import FactstoreError, InputError, Refused
from factstore.evidence.stances import Status
from factstore.ledger.part import Portion, read_part
from factstore.maintenance.faults import explained
from factstore.plain import KindAndEntry
from factstore.progress import Progress
from factstore.repository import anchors, cautions, clocks, history, names
from factstore.repository import pairs as every_two
from factstore.repository import spans as placed
from factstore.repository.answers import (
    BeforePairs,
    Citation,
    Conflict,
    Fact,
    Said,
    Source,
    Span,
    Undated,
    Waiting,
)
from factstore.repository.commits import CommitSummary, commits
from factstore.repository.conflicts import conflicts
from factstore.repository.dossier_answers import Dossier, Ordering, Sheet
from factstore.repository.dossiers import Dossiers
from factstore.repository.entries import entries
from factstore.repository.filter import Filter, Narrowing, filter_of, most
from factstore.repository.listing import Listing
from factstore.repository.log_answers import LogEntry, Overview
from factstore.repository.named import Named, ids_of, known_of
from factstore.repository.overviews import overview, statuses, waiting
from factstore.repository.questions import Questions
from factstore.repository.reasons import Reasons
from factstore.repository.repository import Repository
from factstore.repository.resting import Resting, resting
from factstore.repository.timeline import Timeline
from factstore.units import Position, Seconds, Ticks

if TYPE_CHECKING:
    from factstore.documents import writing

# What writes documents is imported in the methods that do, since no other question needs that code.


@checked_calls
class Chronology:
    """All questions, as of one clock. Reads only.

    Each question reads one state: the last commit when it is asked. `held` keeps one state for several questions.
    """

    def __init__(
        self, asking: Callable[[], AbstractContextManager[Repository]], file: Engine, clock: clocks.Clock = clocks.NOW
    ) -> None:
        self._asking = asking
        self.file = file
        self._clock = clock

    def __repr__(self) -> str:
        kind, clock = type(self).__name__, f", {self._clock}" if self._clock != clocks.NOW else ""
        try:
            with self._asking() as repository:
                held, at = overview(repository), repository.at
        except FactstoreError as error:
            return f"<{kind} {self.file.name}{clock}: {error}>"
        return f"<{kind} {self.file.name}{clock}: {held.facts} facts, {held.sources} sources, position {at}>"

    @contextmanager
    def held(self) -> Iterator[Chronology]:
        """Several questions of one state, even if others commit meanwhile: one read transaction for the block.

        Threads that share the yielded object take turns. After the block, its questions raise Refused.
        """
        asking = self._asking()
        state = _State(asking.__enter__(), self.file)
        try:
            yield Chronology(state.asking, self.file, self._clock)
        finally:
            # An exception of the block is passed on unchanged; questions in it have raised our errors already.
            state.end()
            asking.__exit__(None, None, None)

    @property
    def timeline(self) -> Timeline:
        """Questions about time."""
        return Timeline(self._asking)

    def find(self, text: str, *kinds: str) -> str:
        """The id of the thing that a text names: by its id, the beginning of its id, or words that only one fact has.

        `kinds`: which of fact, source, speaker, citation and ordering are accepted; left out, any. Raises Ambiguous with the
        first few if several are named, UnknownId with the most similar ids if none is.
        """
        with self._asking() as repository:
            return names.find(repository, text, *kinds)

    def beginning_with(self, text: str, *kinds: str, limit: int | None = 100) -> list[str]:
        """The first ids of some kinds that begin with a text; orderings and citations only if nothing else does.

        If `tag` or `participant` is the only kind: the tags of facts, or the names of those who took part.
        """
        with self._asking() as repository:
            if kinds in (("tag",), ("participant",)):
                return names.beginning_words(repository, text, kinds[0], most(limit))
            return names.beginning(repository, text, kinds, most(limit))

    def anchor_of(self, name: str) -> date | None:
        """The day from which words about a thing are read: a fact's anchor, a citation's `said`, or else its source's day.

        None if there is not exactly one. Raises UnknownId.
        """
        with self._asking() as repository:
            return anchors.anchor_of(repository, name)

    def overview(self) -> Overview:
        """What the ledger contains, in numbers, and a fact to begin with."""
        with self._asking() as repository:
            return overview(repository)

    def waiting(self) -> Waiting:
        """How many facts lack a date, a second origin, a quote or any evidence, how many quotes are missing from their
        sources' texts, and how many conflicts there are."""
        with self._asking() as repository:
            return waiting(repository)

    def statuses(self, **narrowed: Unpack[Narrowing]) -> dict[str, int]:
        """How many facts of each status pass the filters."""
        wanted = filter_of(narrowed, ())
        with self._asking() as repository:
            return statuses(repository, wanted)

    def facts(
        self,
        text: str | None = None,
        *,
        participant: str | None = None,
        place: str | None = None,
        tag: str | None = None,
        source: str | None = None,
        status: Sequence[Status] | Status = (),
        since: DateLike | None = None,
        until: DateLike | None = None,
        undated: bool = False,
        unquoted: bool = False,
        single_origin: bool = False,
        limit: int | None = None,
        offset: int = 0,
        evidence: bool = False,
    ) -> Listing[Fact]:
        """Facts whose words, people, places or quotes contain all words of a text, in order of time; of any status unless
        some are given. `undated`, `unquoted` and `single_origin` as in `Filter`. `evidence`: with their citations.
        """
        days = (date_text(since), date_text(until))
        wanted = Filter(text, participant, place, tag, source, status, *days, undated, unquoted, single_origin)
        with self._asking() as repository:
            found = repository.facts(wanted, limit=most(limit, offset), offset=offset)
            return Listing(repository.with_citations(found) if evidence else found)

    def fact(self, name: str) -> Fact:
        """One fact with its citations. Raises UnknownId."""
        with self._asking() as repository:
            return repository.fact(name)

    def show(self, name: str) -> Dossier | Sheet:
        """A fact, source, speaker, citation or ordering with all that is known about it. Raises UnknownId."""
        with self._asking() as repository:
            return Dossiers(repository).show(name)

    def history(self, name: str, *, limit: int | None = None) -> Listing[LogEntry]:
        """All records about a thing, its citations and its orderings, oldest first, with what each changed."""
        with self._asking() as repository:
            return Listing(history.history(repository, name, orderings=True, limit=most(limit)))

    def who_says(self, name: str) -> Listing[Citation]:
        """The live citations of a fact or an ordering."""
        with self._asking() as repository:
            return Listing(repository.speaking_of(name))

    def cautions(self, names: Sequence[str]) -> list[str]:
        """What to know about things and their evidence, in sentences; nothing about most.

        Values whose evidence is withdrawn, sources seen only through one that is, and origins that may be counted twice.
        """
        with self._asking() as repository:
            return cautions.cautions(repository, [repository.position(name) for name in names])

    def sources(self, *, limit: int | None = None) -> Listing[Source]:
        """All sources."""
        with self._asking() as repository:
            return Listing(repository.witnesses.sources(limit=most(limit)))

    def said_by(self, name: str) -> Listing[Said]:
        """The live citations in which somebody spoke, or another on their behalf, then those that they relayed.

        `name` is the id, name or alias of a speaker, the id or publisher of a source, or any name in a chain. Raises
        UnknownId with the most similar names.
        """
        with self._asking() as repository:
            return Listing(repository.witnesses.said_by(name))

    def names_near(self, name: str) -> list[str]:
        """The first few names of speakers and sources that are near to a name that none of them has.

        Names are alike whatever their case, accents and leading article; for a name that is alike to one, none are returned.
        """
        with self._asking() as repository:
            return repository.witnesses.names_near(name)

    def log(self, *, limit: int | None = None) -> Listing[LogEntry]:
        """All records, newest first."""
        with self._asking() as repository:
            return Listing(history.log(repository, limit=most(limit)))

    def commits(self, *, limit: int | None = None, request: str | None = None) -> list[CommitSummary]:
        """What each commit did, who made it and why, newest first; with `request` only the one with that id."""
        with self._asking() as repository:
            return commits(repository, most(limit), request)

    def resting_on(self, name: str) -> list[Resting]:
        """The facts, orderings, sources and speakers that rest on a thing, and how much other evidence they have."""
        with self._asking() as repository:
            return resting(repository, repository.position(name))

    def withdrawn(self, names: Sequence[str]) -> list[str]:
        """Those of some ids whose things are withdrawn."""
        with self._asking() as repository:
            return [name for name in names if repository.fields(repository.position(name))["withdrawn"]]

    def log_after(self, position: int, *, limit: int | None = 1000) -> Listing[LogEntry]:
        """The records after a position, oldest first. To follow a ledger, call it again with the last position."""
        with self._asking() as repository:
            return Listing(history.log_after(repository, Position(position), limit=most(limit)))

    def conflicts(self) -> Listing[Conflict]:
        """What was set aside because it contradicts, and dates on which sources disagree."""
        with self._asking() as repository:
            return Listing(conflicts(repository, Reasons(repository)))

    def spans(self) -> dict[str, Span]:
        """Where each fact lies, by its id: the days on which it certainly and possibly happened."""
        with self._asking() as repository:
            return placed.spans(repository)

    @property
    def ledger(self) -> str:
        """The ledger's id: 32 hexadecimal digits, which never change."""
        with self._asking() as repository:
            return repository.ledger

    @property
    def part(self) -> Portion | None:
        """How much of a ledger there is, if this is a shared part; None if it is whole."""
        with self._asking() as repository:
            return read_part(repository.connection)

    @property
    def remark(self) -> str:
        """A sentence if the clock's `known` is a time before the first commit or still to come; else ""."""
        with self._asking() as repository:
            return clocks.remark(repository.connection, self._clock.known, repository.at)

    @property
    def zone(self) -> Seconds:
        """The ledger's own offset, in seconds east of UTC."""
        with self._asking() as repository:
            return repository.zone

    def period(self, date: DateLike) -> tuple[Ticks, Ticks]:
        """A plain date as a question reads it: from and until, in ticks."""
        with self._asking() as repository:
            bounds = Questions(repository).anchor(date_text(date)).bounds
            return bounds.start_min, bounds.end_max

    def undated(self) -> dict[str, Undated]:
        """How many sources lack the date `published`, or `retrieved`, and how many facts rest only on them.

        A clock with `published`, or `held`, cannot count these. A source that was seen through another has the other's date.
        All sources known on the clock are counted.
        """
        with self._asking() as repository:
            return clocks.undated(repository)

    def orderings(self) -> Listing[Ordering]:
        """All stated orders with their citations, including those that no longer count."""
        with self._asking() as repository:
            return Listing(Dossiers(repository).orderings())

    def pairs(self, names: Collection[Named]) -> BeforePairs:
        """What came before what, for all pairs of some facts at once. Raises UnknownId."""
        with self._asking() as repository:
            return every_two.pairs(repository, ids_of(repository, names))

    def text(self, source: str) -> str | None:
        """The archived text of a source, None if there is none or only its hash. Raises UnknownId."""
        with self._asking() as repository:
            return repository.text(source)

    def entries(self, *, texts: bool = False) -> list[KindAndEntry]:
        """The chronology as entries of a document, with things before those that refer to them; `texts`: in full."""
        with self._asking() as repository:
            return list(entries(repository, texts=texts))

    def dump(
        self,
        kind: Literal["yaml", "json", "jsonl", "csv"] = "yaml",
        *,
        texts: bool = False,
        only: Collection[Named] | None = None,
        progress: Progress | None = None,
    ) -> str:
        """The chronology as a document: yaml, json or jsonl. Loading it again changes nothing. As csv, only its facts.

        With `only`, some facts, by their ids, and what these need. With `texts` it contains archived texts, so that
        the ledger can move as a whole; else only their hashes. `progress` is called with the number of entries done,
        and the total. Raises UnknownId for an id in `only` that is not a fact's.
        """
        from factstore.repository import dumping

        with self._asking() as repository:
            return dumping.dump(repository, kind, texts=texts, only=only, progress=progress)

    def sheets(self, *, only: Collection[Named] | None = None, progress: Progress | None = None) -> writing.Sheets:
        """The chronology as CSV: its facts as a document, and tables of the rest beside it; `only` as in `dump`."""
        from factstore.repository import dumping

        with self._asking() as repository:
            return dumping.sheets(repository, only=only, progress=progress)


class _State:
    """A repository that several questions use in turn, until its block has ended."""

    def __init__(self, repository: Repository, file: Engine) -> None:
        self._repository: Repository | None = repository
        self._file = file
        self._turn = RLock()
        self._process = getpid()

    @contextmanager
    def asking(self) -> Iterator[Repository]:
        if self._process != getpid():  # before the lock, which a thread of that process may have held for ever
            raise Refused(
                "a chronology from `held()` is used by the process that opened it alone; ask the store instead"
            )
        with self._turn:
            if self._repository is None:
                raise Refused("the object from `held()` can only be used inside its block; outside it, use the store")
            with explained(self._file), self._file.translated():
                yield self._repository

    def end(self) -> None:
        if self._process == getpid():
            with self._turn:
                self._repository = None


@contextmanager
def _asking_at(file: Engine, narrowed: clocks.Narrowed, clock: clocks.Clock) -> Iterator[Repository]:
    with explained(file), narrowed.reading(clock) if clock.hides else file.reading() as connection:
        yield clocks.asking(connection, clock)


@checked_calls
class Reader(Chronology):
    """A ledger, in an SQLite file or on a PostgreSQL server, read-only. `Store` can also write."""

    def __init__(self, where: str | os.PathLike[str]) -> None:
        self._use(open_engine(where))

    def _use(self, file: Engine) -> None:
        self._narrowed = clocks.Narrowed(file)
        super().__init__(partial(_asking_at, file, self._narrowed, clocks.NOW), file)
        self.path = Path(file.location)
        self.name = file.name

    def at(
        self,
        *,
        known: DateLike | int | None = None,
        published: DateLike | None = None,
        held: DateLike | None = None,
    ) -> Chronology:
        """The same questions on another clock.

        `known`: the ledger as of a position, or of the end in UTC of a moment, day, month or year; in text, four digits are a
        year unless they are a position of the ledger. `published`, `held`: only count sources that were certainly
        published, or retrieved, by the end of a day, month or year. Raises InputError; for a position beyond the ledger's
        head, only when a question is asked.
        """
        clock = clocks.read_clock(known_of(known), date_text(published), date_text(held))
        return Chronology(partial(_asking_at, self.file, self._narrowed, clock), self.file, clock)

    def sql(self, query: str, given: Given = ()) -> list[NamedRow]:
        """The rows of your own query, as named tuples. docs/reference/schema.md describes the tables and views.

        Values are bound by name (`:name`) or by place (`?`). The query is a single one, which only reads. Raises InputError,
        in the database's own words, for a query that it refuses.
        """
        with self.file.reading(kept=False) as connection:
            try:
                # Read as it is used, a query cannot be several statements, the first of which ends the transaction.
                return list(stream_named(connection, query, given))
            except connection.dialect.Error as error:
                raise InputError(f"this query is refused: {str(error).splitlines()[0]}") from None

    def close(self) -> None:
        """Close the connections that are kept; the next question opens one again."""
        self.file.close()
        self._narrowed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
