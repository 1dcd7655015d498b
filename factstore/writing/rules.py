"""The rules of a commit, which all calls that write take."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from getpass import getuser
from inspect import Parameter, signature
from typing import ParamSpec, TypedDict, TypeVar

from pydantic import ValidationError

from factstore.errors import InputError
from factstore.ledger.canonical import canonical
from factstore.ledger.payloads import By

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Rules(TypedDict, total=False):
    """How a commit is made: why, by whom (left out: $FACTSTORE_BY, else the user), or as a dry run that leaves no trace.

    `request` is the caller's own id for this write, of 1 to 128 visible ASCII characters: if it is repeated under that id, it
    is committed only once, and what it did then is returned.

    Some things are refused unless allowed: contradictions, quotes that are not in their source's text, redacted texts, and
    leaving facts without evidence.
    """

    message: str
    by: str | By | None
    dry_run: bool
    request: str | None
    allow_conflict: bool
    allow_missing: bool
    allow_redacted: bool
    allow_unsupported: bool


def ruled(method: Callable[Given, Result]) -> Callable[Given, Result]:
    """A method that takes `Rules`; any other unknown keyword is a TypeError, raised before anything is done."""
    parameters = signature(method).parameters.values()
    known = {one.name for one in parameters if one.kind is not Parameter.VAR_KEYWORD} | Rules.__annotations__.keys()

    @wraps(method)
    def called(*args: Given.args, **given: Given.kwargs) -> Result:
        for name in given.keys() - known:
            raise TypeError(f"{method.__qualname__}() got an unexpected keyword argument {name!r}")
        return method(*args, **given)

    return called


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
    except ValidationError:
        raise InputError(f"{by!r} cannot be the name of a committer") from None
