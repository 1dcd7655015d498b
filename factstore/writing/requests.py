"""Requests: what a writer calls a commit, so that the same work asked for again is committed once.

A request that was committed is found by its id under the writer's lock, so that whoever asks waits for one that is still
being committed.
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

#: How long a server that was lost is asked again what became of a commit, in seconds, and how long between.
PATIENCE, PAUSE = 30.0, 0.5

_FOUND = "SELECT position, first, recorded_at FROM committed WHERE request = ?"
_DONE = """SELECT r.kind, t.id FROM record r JOIN thing t ON t.position = r.subject
           WHERE r.position >= ? AND r.position < ? ORDER BY r.position"""
_ID: TypeAdapter[str] = TypeAdapter(RequestId)


class Earlier(NamedTuple):
    """The commit that bore a request: its position, when it was recorded, and what it did."""

    position: int
    recorded_at: str
    tally: Tally


def made_for(file: Engine) -> str | None:
    """An id that nobody else has, for a commit whose answer may be lost; None where none can be."""
    return token_hex(16) if file.is_remote else None


def check_request(request: str) -> None:
    """Raises InputError for what cannot be the id of a request."""
    try:
        _ID.validate_python(request)
    except ValidationError:
        raise InputError(f"{request!r} is no id of a request: it has 1 to 128 visible ASCII characters") from None


def earlier(connection: Connection, request: str) -> Earlier | None:
    """The commit that bore a request, None where there is none. Raises Refused where what it was called was redacted."""
    found = next(fetch(connection, _FOUND, (request,)), None)
    if found is None:
        position = clocks.asking(connection).redacted(request)
        if position:
            raise Refused(f"the request {request} was committed already, at {position}, and redacted since")
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
    """The id of the first thing of a kind that a commit recorded, else corrected. Raises Refused where it did neither."""
    names: list[str] = [*tally.recorded.get(kind, ()), *tally.corrected]
    if not names:
        raise Refused(
            f"the request was committed before, and that commit recorded no {kind}: an id is for one piece of work"
        )
    return names[0]


@contextmanager
def settled(file: Engine, request: str | None) -> Iterator[None]:
    """Around a commit: where its answer is lost, finds out what became of it. It was committed where this goes on."""
    try:
        yield
    except Uncertain as lost:
        settle(file, request or "", lost)


def settle(file: Engine, request: str, lost: Uncertain) -> None:
    """Find out whether a request was committed whose answer was lost: it was where this returns.

    Raises Unavailable where it was not, and Uncertain where nobody can tell.
    """
    there = _was_committed(file, request) if lost.lost else None
    if there is None:
        raise Uncertain(
            f"{lost}; `factstore log --request {request}` shows it if it did, and the same again with "
            f"--request {request} is committed once, whatever became of it",
            request=request,
            lost=lost.lost,
        ) from None
    if not there:
        raise Unavailable(
            f"{file.name}: the connection was lost before the server had committed, and nothing was written; "
            "do the same again"
        ) from None


def _was_committed(file: Engine, request: str) -> bool | None:
    """Whether a request was committed; None where the database cannot be asked for a while."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            # The lock is had once whoever committed has ended, so that what is not there then never will be.
            with file.writing() as connection:
                return earlier(connection, request) is not None
        except NoLedger:
            return False
        except Unavailable:
            if time.monotonic() >= until:
                return None
            time.sleep(PAUSE)
