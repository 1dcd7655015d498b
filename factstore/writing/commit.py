"""One commit around what a caller appends: ledger and projection in one transaction.

It is durable when the block ends, and leaves no trace when the block raises.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from getpass import getuser
from inspect import Parameter, signature
from typing import NamedTuple, ParamSpec, TypedDict, TypeVar, Unpack

from pydantic import ValidationError

from factstore.database.engine import Connection, Engine
from factstore.errors import Contradiction, InputError, Refused, Unsupported
from factstore.ledger import chain
from factstore.ledger.append import Draft
from factstore.ledger.canonical import canonical
from factstore.ledger.chain import Head
from factstore.ledger.fields import Reason
from factstore.ledger.payloads import By
from factstore.maintenance.faults import explained
from factstore.projection.fold import Fold
from factstore.projection.placing import SetAside
from factstore.reasoning.constraints import thing_of
from factstore.repository import clocks, diff
from factstore.repository.answers import Change, Fact, Thing
from factstore.repository.questions import Questions
from factstore.repository.repository import Repository
from factstore.writing import redacting
from factstore.writing.checks import Texts
from factstore.writing.document_loader import DocumentLoader
from factstore.writing.recorder import Tally

#: So many facts are named in a refusal.
_MOST = 20
#: Of a long chain so many steps are told at each end.
_END = 5

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Rules(TypedDict, total=False):
    """How a commit is made: why, by whom (left out: $FACTSTORE_BY, else the user), as a rehearsal that leaves no trace.

    What is refused unless allowed: what contradicts, quotes that are not in their source's text, texts that were redacted,
    and to leave facts that stand on nothing.
    """

    message: str
    by: str | By | None
    dry_run: bool
    allow_conflict: bool
    allow_missing: bool
    allow_redacted: bool
    allow_unsupported: bool


def ruled(method: Callable[Given, Result]) -> Callable[Given, Result]:
    """A method that takes `Rules`: any other keyword that it does not know is a TypeError, before anything is done."""
    parameters = signature(method).parameters.values()
    known = {one.name for one in parameters if one.kind is not Parameter.VAR_KEYWORD} | Rules.__annotations__.keys()

    @wraps(method)
    def called(*args: Given.args, **given: Given.kwargs) -> Result:
        for name in given.keys() - known:
            raise TypeError(f"{method.__qualname__}() got an unexpected keyword argument {name!r}")
        return method(*args, **given)

    return called


class Committed(NamedTuple):
    """What a write did. `position` is the commit's, None where there was nothing to do or it was a rehearsal.

    `changes` are what a rehearsal would change; of what was committed they are None: `diff(position - 1, position)` tells.
    `ahead` is the time of the commit before, where it is ahead of this machine's clock, so that this one bears it too.
    """

    position: int | None
    created: bool
    tally: Tally
    placed: int
    set_aside: tuple[str, ...] = ()
    changes: tuple[Change, ...] | None = None
    ahead: str | None = None


@dataclass(slots=True)
class Work:
    """A commit being written: the draft, its way into the projection, what was there before it, what it did so far, why,
    and, in the end, what it was."""

    draft: Draft
    fold: Fold
    repository: Repository
    tally: Tally
    message: str
    _committed: Committed | None = None

    @property
    def committed(self) -> Committed:
        """What the commit did, once its block has ended."""
        assert self._committed is not None
        return self._committed


class Writer:
    """Commits to a file."""

    def __init__(self, file: Engine) -> None:
        self._file = file

    @contextmanager
    def commit(self, *, new: bool = False, **rules: Unpack[Rules]) -> Iterator[Work]:
        """A commit around the caller's appends; with `new`, a ledger is made, or begun, where there is none."""
        if new and not self._file.exists():
            with self._file.made() as new_ledger:
                _make_tables(new_ledger.engine)
                with _transaction(new_ledger.engine, rules, new=True) as work:
                    yield work
                if not rules.get("dry_run"):
                    new_ledger.keep()
        else:
            self._file.identity()
            with _transaction(self._file, rules, new=new) as work:
                yield work

    @contextmanager
    def loading(
        self,
        *,
        new: bool = False,
        hash_only: bool = False,
        correct: Reason | None = None,
        by_hand: bool = False,
        **rules: Unpack[Rules],
    ) -> Iterator[tuple[DocumentLoader, Work]]:
        """A commit of what is loaded in the block; what is wrong with it is told when the block ends."""
        with self.commit(new=new, **rules) as work:
            loading = DocumentLoader(
                work.draft,
                _Shelf(work),
                Texts(work.repository.connection, hash_only=hash_only),
                correct=correct,
                allow_missing=rules.get("allow_missing", False),
                by_hand=by_hand,
            )
            work.tally = loading.tally
            yield loading, work
            loading.finish()


@contextmanager
def _transaction(file: Engine, rules: Rules, *, new: bool) -> Iterator[Work]:
    dry_run = rules.get("dry_run", False)
    message = rules.get("message", "")
    canonical(message)
    by = who(rules.get("by"))
    with explained(file), file.writing() as connection:
        created = new and _begin(connection, "+00:00", by)
        repository = clocks.asking(connection)
        fold = Fold(connection)
        # Where nothing was ever redacted, nothing can be brought back.
        guard = redacting.Guard(repository, fold.record) if fold.redacted and not rules.get("allow_redacted") else None
        work = Work(Draft(connection, guard or fold.record), fold, repository, Tally(), message)
        fold.records_first = work.draft.flush
        yield work
        if guard:
            guard.check()
        if work.draft.empty:
            # A text whose hash the ledger had already is kept without a record.
            if (created or work.tally.kept) and not dry_run:
                connection.commit()
            else:
                connection.rollback()
            work._committed = Committed(None, created, work.tally, 0, changes=() if dry_run else None)
            return
        position = work.draft.next
        work.draft.close(by, work.message)
        outcome = fold.finish(position)
        if outcome.set_aside and not rules.get("allow_conflict"):
            raise _contradiction(connection, outcome.set_aside)
        aside = tuple(repository.name_of(thing_of(held.item)) for held in outcome.set_aside)
        before = Repository(connection, repository.at, now=False, zone=repository.zone)
        after = Repository(connection, position, now=True, zone=repository.zone)
        left = [] if rules.get("allow_unsupported", True) else diff.unsupported(before, after, outcome.placed)
        if left:
            raise _unsupported(left)
        if dry_run:
            found = tuple(diff.between(before, after))
            connection.rollback()
            work._committed = Committed(None, created, work.tally, len(outcome.placed), aside, found)
        else:
            connection.commit()
            placed = len(outcome.placed)
            work._committed = Committed(position, created, work.tally, placed, aside, ahead=work.draft.ahead)


class _Shelf:
    """What a load compares its entries with."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._repository = work.repository
        self._positions: dict[str, int | None] = {}
        self._held: dict[int, Thing] = {}
        self._cited: dict[int, list[int]] = {}

    def expect(self, names: Iterable[str]) -> None:
        found = self._repository.find_all(names)
        self._positions |= found
        self._fetch(position for position in found.values() if position)

    def renew(self) -> None:
        work = self._work
        work.fold.flush()
        repository = work.repository
        self._repository = Repository(repository.connection, work.draft.next - 1, now=True, zone=repository.zone)
        self._positions.clear()
        self._held.clear()
        self._cited.clear()

    def _fetch(self, positions: Iterable[int]) -> None:
        wanted = list(positions)
        cited = self._repository.cited(wanted)
        every = [*wanted, *(one for several in cited.values() for one in several)]
        self._held |= self._repository.held(every, since_loaded=True)
        self._cited |= {position: cited.get(position, []) for position in wanted}

    def find(self, name: str) -> Thing | None:
        if name not in self._positions:
            self._positions[name] = self._repository.find(name)
        position = self._positions[name]
        held = self.at(position) if position else None
        return None if held and held.kind == "redacted" else held

    def at(self, position: int) -> Thing:
        if position not in self._held:
            self._fetch([position])
        return self._held[position]

    def redacted(self, name: str) -> int | None:
        return self._repository.redacted(name) if self._work.fold.redacted else None

    def citations(self, about: int) -> list[tuple[str, Thing]]:
        if about not in self._cited:
            self._fetch([about])
        return [(self._repository.name_of(position), self._held[position]) for position in self._cited[about]]

    def citing(self, source: int) -> list[tuple[str, Thing]]:
        held = self._repository.held(self._repository.citing(source))
        return [(self._repository.name_of(position), one) for position, one in held.items()]

    def filled(self, citations: Iterable[int]) -> dict[int, set[str]]:
        return self._repository.filled(citations)

    def name_of(self, position: int) -> str:
        return self._repository.name_of(position)

    def nearest(self, name: str, kind: str) -> list[str]:
        return self._repository.nearest(name, kind)


def initialise(file: Engine, zone: str, by: str | By | None) -> Head:
    """Make an empty ledger, or begin it in tables that hold none, such as Alembic's. Returns its head. Raises Refused."""
    if not file.exists():
        with file.made() as new:
            _make_tables(new.engine)
            head = _begin_alone(new.engine, zone, by)
            new.keep()
        return head
    if file.begun():
        raise Refused(f"{file.name} is there already")
    return _begin_alone(file, zone, by)


def _make_tables(file: Engine) -> None:
    with file.writing(checked=False) as connection:
        connection.dialect.create(connection)
        connection.commit()


def _begin_alone(file: Engine, zone: str, by: str | By | None) -> Head:
    with file.writing() as connection:
        if not _begin(connection, zone, who(by)):
            raise Refused(f"{file.name} has been begun by another program just now")
        head = chain.head(connection)
        connection.commit()
    return head


def _begin(connection: Connection, zone: str, by: By) -> bool:
    """Write a ledger's first commit where its tables are empty. Returns whether they were."""
    if chain.head(connection).position:
        return False
    fold = Fold(connection)
    draft = Draft(connection, fold.record)
    draft.create(zone)
    position = draft.next
    draft.close(by, "a new ledger")
    fold.finish(position)
    return True


def _contradiction(connection: Connection, aside: Sequence[SetAside]) -> Contradiction:
    repository = clocks.asking(connection)
    item, chain = aside[0]
    told = _ends(Questions(repository), item, chain)
    more = f" (and {len(aside) - 1} more)" if len(aside) > 1 else ""
    return Contradiction(
        f"{repository.name_of(thing_of(item))} contradicts what is there{more}; these cannot all hold:",
        chain=told,
    )


def _ends(questions: Questions, item: int, chain: list[int]) -> list[str]:
    """The steps of a chain from the item that is refused on; of a long one those at either end, and how many more."""
    place = chain.index(item)
    steps = questions.stating(chain[place:] + chain[:place] if len(chain) > 2 * _END + 1 else chain)
    left_out = len(steps) - 2 * _END if len(chain) > 2 * _END + 1 else 0
    numbered = [f"{number}. {step}" for number, step in enumerate(steps, start=1)]
    more = [f"and {left_out} more"] if left_out else []
    return [*numbered[:_END], *more, *numbered[_END + left_out :]]


def _unsupported(facts: Sequence[Fact]) -> Unsupported:
    count = f"{len(facts)} facts" if len(facts) > 1 else "a fact"
    listed = [f"  {fact.id}: {fact.title}" for fact in facts[:_MOST]]
    if len(facts) > _MOST:
        listed.append(f"  and {len(facts) - _MOST} more")
    return Unsupported(f"{count} would then stand on nothing:", lines=listed, facts=[fact.id for fact in facts])


def who(by: str | By | None) -> By:
    """Whoever commits: as given, else $FACTSTORE_BY, else the user of this machine. Raises InputError."""
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
