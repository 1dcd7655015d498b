"""Runs one server on one socket, opened before the URL is announced and closed when the server ends."""

from __future__ import annotations

import errno
import socket
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn

from factstore.browser.browser import browser
from factstore.browser.guard import guarded, is_local
from factstore.browser.limits import limit_memory
from factstore.browser.metadata import NAME
from factstore.database.sqlite.file import LedgerFile
from factstore.errors import InputError, Refused
from factstore.rendering.text import moment
from factstore.store import Store


@contextmanager
def _on_file(store: Store) -> Iterator[tuple[Store, str]]:
    """The ledger and "", if it is an SQLite file; else a verified copy of it, and a sentence that says from when it is."""
    if isinstance(store.file, LedgerFile):
        yield store, ""
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{NAME}.db"
        head = store.backup(path)
        with closing(Store(path)) as copy:
            at = moment(copy.log(limit=1)[0].recorded_at)
            told = f"A verified copy of {store.name} as of record {head.position} ({at})"
            yield copy, f"{told}; it does not contain what was recorded since."


def serve(store: Store, host: str, port: int, ready: Callable[[str], None]) -> None:
    """See `factstore.browser.serve`."""
    with _on_file(store) as (there, copied):
        _serve(there, copied, host, port, ready)


def _serve(store: Store, copied: str, host: str, port: int, ready: Callable[[str], None]) -> None:
    with store.file.reading() as connection:  # refuses a file that cannot be read, with our own message
        assert isinstance(connection, sqlite3.Connection)
        limit_memory(connection)
    with _listening(host, port) as listening:
        address = f"[{host}]" if ":" in host else host
        names = ("localhost", "127.0.0.1", "[::1]", address) if is_local(host) else None
        app = guarded(browser(store, copied).app(), names)
        ready(f"http://{address}:{listening.getsockname()[1]}/")
        config = uvicorn.Config(app, log_level="warning", lifespan="on", timeout_graceful_shutdown=2)
        with suppress(KeyboardInterrupt), warnings.catch_warnings():
            # If one part of a page fails, Datasette drops the others before they begin, and Python would print a warning.
            warnings.simplefilter("ignore", RuntimeWarning)
            uvicorn.Server(config).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family)
    except OSError as error:
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise InputError(f"--host {host} is not an address of this machine") from None
        if error.errno == errno.EADDRINUSE:
            raise Refused(f"port {port} is taken; --port 0 finds one that is free") from None
        raise Refused(f"port {port} of {host} cannot be opened: {(error.strerror or str(error)).lower()}") from None
