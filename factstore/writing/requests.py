"""Request ids: a writer's own id for a commit, so that repeating the request does not commit it twice.

Earlier requests are looked up under the writer's lock, so that a repeated request waits for a first one that is still being
committed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from secrets import token_hex
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from factstore.database.engine import Connection, Engine
from factstore.database.statements import column, fetch, value
from factstore.errors import InputError, NoLedger, Refused, Repeated, Unavailable, Uncertain
from factstore.ledger.fields import RequestId
from factstore.repository import clocks
from factstore.units import Position
from factstore.writing.digests import RequestDigest
from factstore.writing.rules import Request, Rules
from factstore.writing.tally import Tally

#: How long a lost server is asked what became of a commit, and the pause between two attempts, in seconds.
PATIENCE, PAUSE = 30.0, 0.5

_FOUND = "SELECT position, first, recorded_at FROM committed WHERE request = ?"
_DONE = """SELECT r.kind, t.id FROM record r JOIN thing t ON t.position = r.subject
           WHERE r.position >= ? AND r.position < ? ORDER BY r.position"""
_ASKED = "SELECT @member(payload; asked) FROM payload WHERE position = ?"
_SALTS = "SELECT salt FROM payload WHERE position >= ? AND position < ? ORDER BY position"
_REDACTED = "SELECT subject FROM record WHERE position >= ? AND position < ? AND kind = 'redacted'"
_ID: TypeAdapter[str] = TypeAdapter(RequestId)


class Earlier(NamedTuple):
    """The commit with a request: its position, when it was recorded, what it did, and whether it asked for something else."""

    request: str
    position: Position
    first: Position
    recorded_at: str
    tally: Tally
    differs: Callable[[RequestDigest], bool]


def request_of(rules: Rules) -> Request:
    """The request of a commit with these rules, in which both parts may be None."""
    request = rules.get("request")
    return request if isinstance(request, Request) else Request(request)


def made_for(file: Engine) -> str | None:
    """A new unique id, for a commit whose answer may be lost; None if answers cannot be lost."""
    return token_hex(16) if file.is_remote else None


def check_request(request: str) -> None:
    """Raises InputError if a text cannot be a request id."""
    try:
        _ID.validate_python(request)
    except ValidationError:
        raise InputError(f"{request!r} is not a request id: it must be 1 to 128 visible ASCII characters") from None


def earlier(connection: Connection, request: str) -> Earlier | None:
    """The commit with a request, None if there is none. Raises Refused if the request's id has been redacted."""
    found = next(fetch(connection, _FOUND, (request,)), None)
    if found is None:
        position = clocks.asking(connection).redacted(request)
        if position:
            raise Refused(f"the request {request} was already committed, at {position}, and redacted since")
        return None
    position, first, recorded_at = found
    tally = Tally()
    for kind, name in fetch(connection, _DONE, (first, position)):
        what, _, act = kind.partition(".")
        if act == "recorded":
            tally.count[what] += 1
            tally.recorded.setdefault(what, []).append(name)
        elif kind != "ledger.created" and name not in tally.corrected:
            tally.corrected.append(name)
    return Earlier(request, position, first, recorded_at, tally, _comparison(connection, first, position))


def _comparison(connection: Connection, first: Position, position: Position) -> Callable[[RequestDigest], bool]:
    """Whether a request asks for something else than the commit from `first` to `position` did.

    It does not if the commit kept no digest, or if one of its records has been redacted since.
    """
    kept = value(connection, _ASKED, (position,))
    salts = column(connection, _SALTS, (first, position))
    key = sha256("".join(salts).encode()).hexdigest()
    is_known = kept is not None and len(salts) == position - first
    return lambda asked: is_known and asked.keyed(key) != kept


def check_same(repeated: Repeated, asked: RequestDigest) -> None:
    """Raises Refused if a request that was committed before asks for something else now."""
    if repeated.differs(asked):
        done = repeated.committed
        raise _other(done.request, done.position, done.repeated) from None


def check_redacted(connection: Connection, done: Earlier, what: Sequence[int | str]) -> None:
    """Raises Refused unless a request that was committed before redacted these positions; ids went with their records."""
    redacted = {*column(connection, _REDACTED, (done.first, done.position))}
    if not redacted or not redacted.issuperset(one for one in what if isinstance(one, int)):
        raise _other(done.request, done.position, done.recorded_at)


def _other(request: str, position: Position, recorded_at: str) -> Refused:
    return Refused(
        f"the request {request} was committed before, as {position} at {recorded_at}, with other content, so nothing was "
        "written now; give each piece of work an id of its own"
    )


def first(tally: Tally, kind: str) -> str:
    """The id of the first thing of a kind that a commit recorded or, if none, corrected. Raises Refused if it did neither."""
    names: list[str] = [*tally.recorded.get(kind, ()), *tally.corrected]
    if not names:
        raise Refused(
            f"the request was committed before, and that commit recorded no {kind}: use a request id for one write only"
        )
    return names[0]


@contextmanager
def confirmed(file: Engine, request: str | None) -> Iterator[None]:
    """Around a commit: if its answer is lost, find out what became of it. Returning means that it was committed."""
    try:
        yield
    except Uncertain as lost:
        confirm(file, request or "", lost)


def confirm(file: Engine, request: str, lost: Uncertain) -> None:
    """Find out whether a request whose answer was lost was committed; if this returns, it was.

    Raises Unavailable if it was not, and Uncertain if that cannot be found out.
    """
    committed = _was_committed(file, request) if lost.lost else None
    if committed is None:
        raise Uncertain(
            f"{lost}; `factstore log --request {request}` shows it if it did, and repeating the command with "
            f"--request {request} commits it only once in any case",
            request=request,
            lost=lost.lost,
        ) from None
    if not committed:
        raise Unavailable(
            f"{file.name}: the connection was lost before the server had committed, and nothing was written; try again"
        ) from None


def _was_committed(file: Engine, request: str) -> bool | None:
    """Whether a request was committed; None if the database cannot be asked for the time being."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            # We get the lock only when the lost commit has ended, so a request that is not there then never will be.
            with file.writing() as connection:
                return earlier(connection, request) is not None
        except NoLedger:
            return False
        except Unavailable:
            if time.monotonic() >= until:
                return None
            time.sleep(PAUSE)
