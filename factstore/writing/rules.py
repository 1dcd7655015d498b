"""How a commit is made, as every call that writes takes it."""

from __future__ import annotations

import os
from getpass import getuser
from typing import TypedDict

from pydantic import ValidationError

from factstore.errors import InputError
from factstore.ledger.canonical import canonical
from factstore.ledger.payloads import By


class Rules(TypedDict, total=False):
    """How a commit is made, as keywords of every call that writes.

    `message` says why, `by` who (left out: $FACTSTORE_BY, else the user). `dry_run` is a rehearsal that leaves no trace.
    `request` is an id of the caller's for this piece of work, of 1 to 128 visible ASCII characters: however often the work
    is done under that id, it is committed once, and what it did then is returned.

    Some things are refused unless allowed: `allow_conflict`, what contradicts the chronology; `allow_missing`, quotes that
    are not in their source's text; `allow_redacted`, texts that were redacted; `allow_unsupported`, to leave facts without
    evidence. The last is allowed by itself in calls that withdraw nothing.
    """

    message: str
    by: str | By | None
    dry_run: bool
    request: str | None
    allow_conflict: bool
    allow_missing: bool
    allow_redacted: bool
    allow_unsupported: bool


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
