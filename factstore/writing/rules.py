"""The rules of a commit, which all calls that write take."""

from __future__ import annotations

import os
from getpass import getuser
from typing import NamedTuple, TypedDict

from factstore.errors import DocumentError, InputError
from factstore.ledger.canonical import canonical
from factstore.ledger.payloads import By


class Request(NamedTuple):
    """A caller's own id for a write, of 1 to 128 visible ASCII characters, and what the write asks for.

    `content` is needed where that is not the arguments of one call: for a block of several, or where arguments depend on what
    is in the ledger. It is text, a number, a date, a mapping, a model of a document, a path (for what the file contains), or
    any number of these. Without an id the write has none, unless its answer may be lost: then it gets one.
    """

    id: str | None
    content: object = None


class Rules(TypedDict, total=False):
    """How a commit is made, as keywords of all calls that write.

    `message` says why, `by` who (left out: $FACTSTORE_BY, else the user). `dry_run` leaves no trace. `request` is the
    caller's own id for this write, alone or as a `Request`: if the write is repeated under that id, it is committed only
    once, and what it did then is returned.

    Some things are refused unless allowed: `allow_conflict`, what contradicts the chronology; `allow_missing`, quotes that
    are not in their source's text; `allow_redacted`, texts that were redacted; `allow_unsupported`, to leave facts without
    evidence. The last is always allowed in calls that withdraw nothing.
    """

    message: str
    by: str | By | None
    dry_run: bool
    request: str | Request | None
    allow_conflict: bool
    allow_missing: bool
    allow_redacted: bool
    allow_unsupported: bool


def who(by: str | By | None) -> By:
    """The committer: as given, else $FACTSTORE_BY, else the user of this machine. Raises InputError."""
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
    except DocumentError:
        raise InputError(f"{by!r} cannot be the name of a committer") from None
