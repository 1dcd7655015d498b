"""Verification, from the bytes up: the file's pages, the ledger, the schema, the archived texts, the projection.

Everything is read again. What cannot be read is reported as a problem, and verification goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from factstore.database.engine import Connection
from factstore.database.statements import fetch
from factstore.errors import Corrupt
from factstore.garbage import uncollected
from factstore.ledger import chain, texts
from factstore.ledger.chain import Head
from factstore.ledger.part import Portion, counted_part, read_part, withheld
from factstore.ledger.record import NO_HASH
from factstore.ledger.verify import NOWHERE, Problem, verify_records, whole_until
from factstore.maintenance.statements import Statement
from factstore.plain import JsonObject
from factstore.progress import Progress, counted
from factstore.projection.replay import differences, replay
from factstore.units import Position

_RECORDED = "SELECT hash, recorded_at FROM record WHERE position = ?"


class Verified(NamedTuple):
    """What `verify` found, and the head that it reached. `notes` are not problems, but worth knowing."""

    ok: bool
    position: Position
    hash: str
    problems: list[Problem]
    notes: tuple[str, ...] = ()
    #: How much of the ledger was there to be verified, if a part was accepted.
    part: Portion | None = None

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        found: JsonObject = {
            "ok": self.ok,
            "position": self.position,
            "hash": self.hash,
            "problems": [{"position": p.position or None, "text": p.text} for p in self.problems],
        }
        found |= {"part": self.part.json()} if self.part else {}
        return found | ({"notes": list(self.notes)} if self.notes else {})


def verify(
    connection: Connection,
    *,
    ledger_only: bool = False,
    head: Head | Statement | None = None,
    part: bool = False,
    progress: Progress | None = None,
) -> Verified:
    """Find everything that is not as it was written; with `ledger_only`, just in the ledger. `part`: accept a part of one.

    `head`: one that was published or signed before, which the ledger must contain.
    """
    asked = _Asked(ledger_only, head, part, progress)
    damaged: list[Problem] = []
    if not ledger_only:
        damaged = [Problem(NOWHERE, words) for words in connection.dialect.damage(connection)]
    try:
        with uncollected():
            return _verify(connection, damaged, asked)
    except connection.dialect.Error as first:
        damaged = damaged or [Problem(NOWHERE, words) for words in connection.dialect.damage(connection)]
        with connection.dialect.undecoded_text(connection):
            try:
                return _verify(connection, damaged, asked)
            except connection.dialect.Error as error:
                if not damaged:
                    raise first from None  # a server refuses every statement after one that failed
                words = f"the ledger cannot be read to its end: {error}"
                return Verified(False, Position(0), NO_HASH, [*damaged, Problem(NOWHERE, words)])


class _Asked(NamedTuple):
    ledger_only: bool
    head: Head | Statement | None
    part: bool
    progress: Progress | None


def _verify(connection: Connection, damaged: list[Problem], asked: _Asked) -> Verified:
    partial = read_part(connection)
    problems = [*damaged, *verify_records(connection, asked.progress, part=asked.part or partial is not None)]
    head = asked.head
    if isinstance(head, Statement) and head.ledger != chain.created(connection).ledger:
        problems.append(Problem(NOWHERE, f"the statement is of another ledger, {head.ledger}"))
    elif head is not None:
        held, moment = next(iter(fetch(connection, _RECORDED, (head.position,))), (None, None))
        if held != head.hash:
            problems.append(Problem(Position(head.position), _unlike_published(connection, head, held)))
        elif isinstance(head, Statement) and head.recorded_at != moment:
            words = f"the statement says that this was recorded at {head.recorded_at}, the ledger says {moment}"
            problems.append(Problem(Position(head.position), words))
    if not asked.ledger_only:
        amiss = connection.dialect.schema_differences(connection)
        if not problems and not any(part.type == "table" for part, _ in amiss.wrong):
            try:
                problems += [Problem(NOWHERE, words) for words in _unlike_fresh(connection, asked.progress)]
            except Corrupt as error:
                problems.append(Problem(NOWHERE, str(error)))
        problems += [Problem(NOWHERE, words) for words in amiss.in_words()]
        problems += [Problem(NOWHERE, words) for words in texts.damaged(connection)]
        if connection.dialect.unscrubbed(connection):
            words = "what was redacted may still lie in the file's free pages; `factstore redact` clears them"
            problems.append(Problem(NOWHERE, words))
    if partial and not asked.part:
        words = (
            f"this is a part of a ledger, {partial}, and the rest cannot be verified; `--part` verifies what is here"
        )
        problems.append(Problem(NOWHERE, words))
    last = chain.head(connection)
    ahead = chain.ahead(connection)
    notes = (ahead,) if ahead else ()
    return Verified(
        not problems,
        Position(last.position),
        last.hash,
        problems,
        notes,
        counted_part(connection) if asked.part else None,
    )


def _unlike_published(connection: Connection, head: Head | Statement, held: str | None) -> str:
    """Why a ledger does not have the record at a published head; `held`: the hash that it has at that position."""
    ends = chain.head(connection).position
    if held is not None:
        return "the record at the published head has another hash"
    if head.position <= ends:
        return "the record at the published head is gone"
    what = "part" if read_part(connection) else "ledger"
    return f"this {what} ends at record {ends}, before the published head: it is older, or its end is gone"


def _unlike_fresh(connection: Connection, progress: Progress | None) -> Iterator[str]:
    with connection.dialect.scratch() as fresh:
        fresh.dialect.create(fresh)
        records = counted(chain.read(connection), progress, chain.head(connection).position)
        replay(fresh, records, withheld(connection))
        for what, key in differences(connection, fresh):
            yield f"the projection is not what the ledger says: {what}, at {key}"
        yield from _of_words(connection, fresh)


def _of_words(connection: Connection, fresh: Connection) -> Iterator[str]:
    wrong: list[Position] = []
    with suppress(connection.dialect.Error):  # raised if the index cannot be read
        wrong = list(connection.dialect.words.differences(connection, fresh))
    for fact in wrong:
        yield f"the words of the fact at {fact} are not indexed as the ledger has them"
    if not wrong and not connection.dialect.words.is_whole(connection, fresh):
        yield "the index of words is damaged: it does not find all that it holds"


def require_ledger(connection: Connection, otherwise: str) -> None:
    """Raises Corrupt if the ledger is not as it was written. The message begins with `otherwise`: what is then not done."""
    upto, wrong = _saved(connection, otherwise)
    if wrong:
        way_out = f"; `factstore rebuild --into FILE` copies what is whole, up to record {upto}" if upto else ""
        raise Corrupt(f"{wrong}{way_out}")


def saved_until(connection: Connection, otherwise: str) -> tuple[Position, str]:
    """The last position up to which a ledger can be saved, and a message about the rest; "" if there is none.

    Raises Corrupt if a record that was once acknowledged would be left out; the message begins with `otherwise`.
    """
    upto, wrong = _saved(connection, otherwise)
    if wrong and not upto:
        raise Corrupt(wrong)
    return upto, wrong and f"what follows record {upto} was left behind, since no sound commit ends it"


def _saved(connection: Connection, otherwise: str) -> tuple[Position, str]:
    found = verify(connection, ledger_only=True, part=read_part(connection) is not None)
    if found.ok:
        return found.position, ""
    more = f" (and {len(found.problems) - 1} more, which `factstore verify` lists)" if found.problems[1:] else ""
    return (
        whole_until(connection, found.problems),
        f"{otherwise}, since the ledger itself cannot be repaired: {found.problems[0]}{more}",
    )
