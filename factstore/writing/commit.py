"""One commit around what a caller appends: ledger and projection in one transaction.

It is durable when the block ends, and leaves no trace when the block raises.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from factstore.database.buffer import Buffer
from factstore.database.engine import Connection, Engine
from factstore.database.idle import check_own
from factstore.dates.ticks import parse_zone
from factstore.errors import Contradiction, FactstoreError, Refused, Repeated, Uncertain, Unsupported
from factstore.evidence.quotes import ArchivedText
from factstore.garbage import uncollected
from factstore.ledger import chain
from factstore.ledger.append import Draft, Sealed
from factstore.ledger.canonical import canonical
from factstore.ledger.chain import Head
from factstore.ledger.payloads import By, Corrected, Payload, Withdrawn
from factstore.maintenance.faults import explained
from factstore.plain import JsonObject
from factstore.projection.fold import Fold
from factstore.projection.placing import SetAside
from factstore.reasoning.constraints import thing_of
from factstore.repository import cautions, clocks, diff
from factstore.repository.answers import Fact
from factstore.repository.log_answers import Change
from factstore.repository.reasons import Reasons
from factstore.repository.repository import Repository
from factstore.units import Position
from factstore.writing import redacting, requests
from factstore.writing.digests import RequestDigest
from factstore.writing.rules import Rules, who
from factstore.writing.tally import Tally
from factstore.writing.turns import turn

#: How many contradictions of a refused commit are explained; the rest are counted.
_CHAINS = 5
#: Facts listed in a refusal; the rest are counted.
_MOST = 20
#: Steps of a long chain that are shown at each end.
_END = 5


class Committed(NamedTuple):
    """What a write did. `position` is the commit's, None if there was nothing to do or it was a dry run.

    `changes`: what a dry run would change; None if it was committed, since `diff(position - 1, position)` lists that.
    `ahead`: the time of the commit before, if it is ahead of the clock, so that this commit has it too. `request`: the
    commit's request id. `repeated`: when the request was committed, if that was before and nothing was written now; then
    `position` and `tally` describe that commit, as far as the ledger shows it.
    """

    position: Position | None
    created: bool
    tally: Tally
    placed: int
    set_aside: tuple[str, ...] = ()
    changes: tuple[Change, ...] | None = None
    ahead: str | None = None
    request: str | None = None
    repeated: str | None = None


class Abandoned(FactstoreError):
    """Raised in a commit's block to abandon the whole commit."""


class Commit:
    """A commit being written.

    Appended records are sealed as the next ones in the ledger and folded into the projection; the rows of both wait in one
    buffer. Nothing is in the ledger before `end` and the end of the transaction.
    """

    def __init__(
        self,
        file: Engine,
        connection: Connection,
        rules: Rules,
        by: By,
        request: str | None,
        asked: RequestDigest | None,
    ) -> None:
        self.file = file
        self.connection = connection
        self.rules = rules
        self.message = rules.get("message", "")
        #: The commit's request id; made if its answer may be lost.
        self.request = request
        #: What the request asks for, as far as that is known; a repeat that asks for something else is refused.
        self.asked = asked
        self.tally = Tally()
        #: Whether a call in the block failed: then nothing is committed, even if the exception was caught.
        self.failed = False
        # Things of the ledger before that were withdrawn, and those corrected on evidence.
        self._withdrawn: set[Position] = set()
        self._corrected: set[Position] = set()
        self._by = by
        self._committed: Committed | None = None
        #: What the commit did, once the database has been asked to commit it; only the answer shows whether it has.
        self.sent: Committed | None = None
        self._buffer = Buffer(connection)
        self._draft = Draft(connection, self._buffer)
        zone = parse_zone(self._draft.zone or chain.created(connection).zone)
        #: The ledger as it was before.
        self.before = Repository(connection, Position(self._draft.first - 1), now=True, zone=zone)
        #: The archived texts that were read last: levelling a text for its quotes takes longer than reading it.
        self.read_texts: OrderedDict[str, ArchivedText | None] = OrderedDict()
        self._repository = self.before
        self._fold = Fold(connection, self._buffer, zone)
        # If nothing was ever redacted, nothing redacted can come back.
        guarded = self.has_redactions and not rules.get("allow_redacted")
        self._guard = redacting.Guard(self.before) if guarded else None
        self._watched = guarded

    @property
    def has_redactions(self) -> bool:
        """Whether anything was ever redacted from this ledger."""
        return bool(self._fold.redacted)

    @property
    def next(self) -> Position:
        """The position of the next record."""
        return self._draft.next

    @property
    def repository(self) -> Repository:
        """The ledger with what has been appended so far. Facts are placed in time when the commit ends."""
        at = self._draft.next - 1
        if self._repository.at != at:
            self._buffer.flush()
            self._repository = Repository(self.connection, Position(at), now=True, zone=self.before.zone)
        return self._repository

    def require_open(self) -> None:
        """Raises Refused if the commit has ended, a call in it has failed, or another process began it."""
        check_own(self.connection)
        if self.failed:
            raise Refused("a call in this commit failed, so nothing of it is committed")
        if self._committed is not None:
            raise Refused("this commit has ended")

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """In the block, redacted texts and ids are allowed to come back."""
        watched, self._watched = self._watched, False
        try:
            yield
        finally:
            self._watched = watched

    def check_redacted(self) -> None:
        """Raises BroughtBack with the redacted texts and ids that have come back, unless the rules allow that."""
        if self._guard:
            self._guard.check()

    def append(self, payload: Payload, subject: Position | None = None) -> Position:
        """Appends a record about the thing introduced at `subject` (left out: by this record). Returns its position."""
        if subject is not None and subject <= self.before.at:
            if isinstance(payload, Withdrawn):
                self._withdrawn.add(subject)
            elif isinstance(payload, Corrected) and payload.evidence:
                self._corrected.add(subject)
        return self._take_in(self._draft.append(payload, subject))

    def introduce(self, kind: str, said: JsonObject) -> Position:
        """Appends the record that introduces a thing of a kind. Returns its position.

        `said`: the fields of an entry, with positions for ids. They are not checked again, since entries accept no more than
        payloads do.
        """
        return self._take_in(self._draft.add(f"{kind}.recorded", said))

    def _take_in(self, sealed: Sealed) -> Position:
        if self._guard and self._watched:
            self._guard.look(*sealed)
        self._fold.record(*sealed)
        return sealed.position

    @property
    def committed(self) -> Committed:
        """What the commit did, once its block has ended."""
        if self._committed is None:
            raise Refused("the commit has not ended yet")
        return self._committed

    def end(self, *, created: bool) -> None:
        """Ends the commit and its transaction. Raises what is refused, unless the rules allow it."""
        with uncollected():
            self._committed = self._end(created)

    def confirm(self) -> None:
        """Records that a commit whose answer was lost is in fact committed."""
        self._committed = self.sent

    def _end(self, created: bool) -> Committed:
        self.require_open()
        self.check_redacted()
        dry_run = self.rules.get("dry_run", False)
        if self._draft.empty:
            # A text whose hash was already in the ledger is archived without a record.
            if (created or self.tally.kept) and not dry_run:
                self.connection.commit()
            else:
                self.connection.rollback()
            return Committed(None, created, self.tally, 0, changes=() if dry_run else None)
        # What was in the ledger before is no part of this commit, so that its salts would not protect the digest.
        keeps = self.request and self.asked and not self.tally.unchanged
        asked = self.asked.keyed(self._draft.key) if keeps and self.asked else None
        position = _close(self._draft, self._fold, self._by, self.message, self.request, asked)
        outcome = self._fold.finish(position)
        if outcome.set_aside and not self.rules.get("allow_conflict"):
            raise _contradiction(self.connection, outcome.set_aside, self._draft.first)
        zone = self.before.zone
        aside = tuple(self.before.name_of(thing_of(held.item)) for held in outcome.set_aside)
        before = Repository(self.connection, self.before.at, now=False, zone=zone)
        after = Repository(self.connection, position, now=True, zone=zone)
        left = [] if self.rules.get("allow_unsupported", True) else diff.unsupported(before, after, outcome.placed)
        if left:
            raise _unsupported(left)
        if self._withdrawn or self._corrected:
            self.tally.outlived += cautions.since(after, before.at, self._withdrawn, self._corrected)
        found = tuple(diff.between(before, after)) if dry_run else None
        placed = len(outcome.placed)
        if dry_run:
            self.connection.rollback()
            return Committed(None, created, self.tally, placed, aside, found)
        done = Committed(position, created, self.tally, placed, aside, None, self._draft.ahead, self.request)
        self.sent = done
        self.connection.commit()
        return done


def _close(
    draft: Draft, fold: Fold, by: By, message: str, request: str | None = None, asked: str | None = None
) -> Position:
    """Appends the commit's last record, and writes what waits. Returns its position."""
    sealed = draft.end(by, message, request, asked)
    fold.record(*sealed)
    draft.check()
    return sealed.position


@contextmanager
def committing(file: Engine, rules: Rules, *, new: bool = False) -> Iterator[Commit]:
    """A commit around the caller's appends; with `new`, the ledger is made, or begun, if there is none.

    After the block, its `committed` says what it did. Raises Repeated, before the block, if its request was
    committed before; Uncertain if the database was lost during the commit and cannot be asked whether it succeeded.
    """
    commit: Commit | None = None
    try:
        with turn(file), _written(file, rules, new=new) as commit:
            yield commit
    except Uncertain as error:
        if commit is None or commit.sent is None:
            raise
        requests.confirm(file, commit.request or "", error)
        commit.confirm()


@contextmanager
def _written(file: Engine, rules: Rules, *, new: bool) -> Iterator[Commit]:
    if new and not file.exists():
        with file.made() as new_ledger:
            _make_tables(new_ledger.engine)
            with _transaction(new_ledger.engine, rules, new=True) as commit:
                yield commit
            if not rules.get("dry_run"):
                new_ledger.keep()
    else:
        file.identity()
        with _transaction(file, rules, new=new) as commit:
            yield commit


@contextmanager
def _transaction(file: Engine, rules: Rules, *, new: bool) -> Iterator[Commit]:
    by, (request, content) = who(rules.get("by")), requests.request_of(rules)
    canonical(rules.get("message", ""))
    if request is not None:
        requests.check_request(request)
    with explained(file), file.writing() as connection:
        created = new and _begin(connection, "+00:00", by)
        earlier = requests.earlier(connection, request) if request and not created else None
        called = request or requests.made_for(file)
        asked = RequestDigest(content) if called and content is not None else None
        if earlier:
            repeated = _repeated(earlier)
            if asked:
                requests.check_same(repeated, asked)
            raise repeated
        commit = Commit(file, connection, rules, by, called, asked)
        yield commit
        commit.end(created=created)


def _repeated(earlier: requests.Earlier) -> Repeated:
    position, at = earlier.position, earlier.recorded_at
    return Repeated(
        f"the request {earlier.request} was committed before, as {position} at {at}, and nothing was written now",
        committed=Committed(position, False, earlier.tally, 0, request=earlier.request, repeated=at),
        differs=earlier.differs,
    )


def initialise(file: Engine, zone: str, by: str | By | None) -> Head:
    """Make an empty ledger, or begin one in empty tables, such as Alembic's. Returns its head. Raises Refused."""
    with turn(file):
        if not file.exists():
            with file.made() as new:
                _make_tables(new.engine)
                head = _begin_alone(new.engine, zone, by)
                new.keep()
            return head
        if file.begun():
            raise Refused(f"{file.name} already exists")
        return _begin_alone(file, zone, by)


def _make_tables(file: Engine) -> None:
    with file.writing(checked=False) as connection:
        connection.dialect.create(connection)
        connection.commit()


def _begin_alone(file: Engine, zone: str, by: str | By | None) -> Head:
    with file.writing() as connection:
        if not _begin(connection, zone, who(by)):
            raise Refused(f"{file.name} has just been begun by another program")
        head = chain.head(connection)
        connection.commit()
    return head


def _begin(connection: Connection, zone: str, by: By) -> bool:
    """Write a ledger's first commit if its tables are empty. Returns whether they were."""
    if chain.head(connection).position:
        return False
    buffer = Buffer(connection)
    draft, fold = Draft(connection, buffer), Fold(connection, buffer)
    fold.record(*draft.create(zone))
    fold.finish(_close(draft, fold, by, "a new ledger"))
    return True


def _contradiction(connection: Connection, aside: Sequence[SetAside], first: Position) -> Contradiction:
    """The error for what a commit, whose first record has the position `first`, would set aside."""
    repository = clocks.asking(connection)
    reasons = Reasons(repository)
    names = [repository.name_of(thing_of(item)) for item, _ in aside]
    chains = [_ends(reasons, item, chain) for item, chain in aside[:_CHAINS]]
    more = f" (and {len(aside) - 1} more)" if len(aside) > 1 else ""
    alone = all(thing_of(one) >= first for one in aside[0].chain)
    against = "what is recorded with it" if alone else "the ledger"
    return Contradiction(
        f"{names[0]} contradicts {against}{more}; these cannot all hold:",
        chain=chains[0],
        others=dict(zip(names[1:], chains[1:], strict=False)),
        things=names,
    )


def _ends(reasons: Reasons, item: int, chain: list[int]) -> list[str]:
    """The steps of a chain, beginning with the refused item; for a long chain, both ends, and how many steps are left out."""
    place = chain.index(item)
    steps = reasons.stating(chain[place:] + chain[:place] if len(chain) > 2 * _END + 1 else chain)
    left_out = len(steps) - 2 * _END if len(chain) > 2 * _END + 1 else 0
    numbered = [f"{number}. {step}" for number, step in enumerate(steps, start=1)]
    more = [f"and {left_out} more"] if left_out else []
    return [*numbered[:_END], *more, *numbered[_END + left_out :]]


def _unsupported(facts: Sequence[Fact]) -> Unsupported:
    count = f"{len(facts)} facts" if len(facts) > 1 else "a fact"
    listed = [f"  {fact.id}: {fact.title}" for fact in facts[:_MOST]]
    if len(facts) > _MOST:
        listed.append(f"  and {len(facts) - _MOST} more")
    return Unsupported(f"{count} would be left without evidence:", lines=listed, facts=[fact.id for fact in facts])
