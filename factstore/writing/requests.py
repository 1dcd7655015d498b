"""Request ids: a writer's own id for a commit, so that repeating the request does not commit it twice.

Earlier requests are looked up under the writer's lock, so that a repeated request waits for a first one that is still being
committed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from factstore.database.engine import Connection, Engine
from factstore.database.statements import fetch
from factstore.errors import InputError, NoLedger, Refused, Unavailable, Uncertain
from factstore.ledger.fields import RequestId
from factstore.repository import clocks
from factstore.writing.tally import Tally

#: How long a lost server is asked what became of a commit, and the pause between two attempts, in seconds.
PATIENCE, PAUSE = 30.0, 0.5

_FOUND = "SELECT position, first, recorded_at FROM committed WHERE request = ?"
_DONE = """SELECT r.kind, t.id FROM record r JOIN thing t ON t.position = r.subject
           WHERE r.position >= ? AND r.position < ? ORDER BY r.position"""
_ID: TypeAdapter[str] = TypeAdapter(RequestId)


class Earlier(NamedTuple):
    """The commit with a request: its position, when it was recorded, and what it did."""

    position: int
    recorded_at: str
    tally: Tally


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
    """The commit with a request, None if there is none. Raises Refused if what it was called has been redacted."""
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
    return Earlier(position, recorded_at, tally)


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
            # We get the lock only when the lost commit has ended, so a request that is not there now never will be.
            with file.writing() as connection:
                return earlier(connection, request) is not None
        except NoLedger:
            return False
        except Unavailable:
            if time.monotonic() >= until:
                return None
            time.sleep(PAUSE)
