"""How a failed page is answered: 400 if the request cannot be answered, 500 for a bug of ours.

Neither prints a traceback on the terminal; a bug prints one line there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple

from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError
from markupsafe import Markup

from factstore.errors import FactstoreError

#: SQLite's errors that the request causes, rather than the file or the disk.
_ASKED = {
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_RANGE,
}
#: The errors that Datasette's own code raises when an address is not as it expects.
_READING = (ValueError, LookupError, TypeError, OverflowError, AssertionError)


class Mishap(NamedTuple):
    """The answer in place of a page. `fault`: a bug of ours, which gets a line on the terminal."""

    status: int
    said: str | Markup
    title: str | None = None
    fault: bool = False


def mishap(error: BaseException) -> Mishap:
    """The answer for an exception that a page raised."""
    if isinstance(error, Base400):
        return Mishap(error.status, str(error.args[0]) if error.args else "There is no such page.")
    if isinstance(error, DatasetteError):
        said = Markup(error.message) if error.message_is_html else str(error.message)
        return Mishap(error.status if error.status < 500 else 400, said, error.title)
    if isinstance(error, FactstoreError):
        return Mishap(400, str(error))
    if isinstance(error, sqlite3.Error) and _was_asked(error):
        return Mishap(400, f"This cannot be answered: {error}.")
    if isinstance(error, MemoryError):  # how Python reports SQLITE_NOMEM
        return Mishap(400, "This needs more memory than a query may have.")
    if isinstance(error, _READING) and _reading_an_address(error.__traceback__):
        return Mishap(400, f"This address cannot be read: {error}.")
    return Mishap(500, f"This page failed: {type(error).__name__}. The line on the terminal says more.", fault=True)


def _was_asked(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", None)  # None: raised by the driver itself, before SQLite ran
    return code is None or code & 0xFF in _ASKED


def _reading_an_address(trace: TracebackType | None) -> bool:
    """Whether Datasette's own pages raised it, rather than a page of ours or a template."""
    modules = [name.partition(".")[0] for name in _modules(trace)]
    return "datasette" in modules and not {"factstore", "jinja2"} & {*modules}


def _modules(trace: TracebackType | None) -> Iterator[str]:
    while trace:
        name = trace.tb_frame.f_globals.get("__name__", "")
        if not name.startswith(("factstore.browser.browser", "factstore.browser.policy", "factstore.browser.limits")):
            yield name
        trace = trace.tb_next
