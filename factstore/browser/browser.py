"""Datasette on one ledger, through read-only connections of our own, which see what others commit.

Datasette keeps its own data in memory or, from version 1.0 on, in a temporary file: it puts nothing beside the ledger.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from factstore.browser import plugin
from factstore.browser.asking import alike_name, asked, since, words
from factstore.browser.limits import LATE, SECONDS, BoundedConnection, Deadline, TimedReader, limit
from factstore.browser.metadata import NAME, settings
from factstore.database.sqlite import connections
from factstore.errors import FactstoreError
from factstore.store import Store

#: What an SQL function of ours returns.
_Value = TypeVar("_Value", bound=str | int | None)

_HERE = Path(__file__).parent


class Ledger(Database):
    """A ledger as a Datasette database; SQL can ask Factstore's own questions through functions."""

    def __init__(self, datasette: Datasette, store: Store, copied: str = "") -> None:
        """`copied`: if the file is a copy, a sentence that says what it is a copy of, and from when."""
        super().__init__(datasette, path=str(store.path.absolute()), is_mutable=True)
        self.store = store
        self.copied = copied
        self.open_connections: list[sqlite3.Connection] = []
        self._deadline = Deadline()
        self._reader = TimedReader(str(store.path.absolute()), self._deadline)

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A read-only connection, even if Datasette asks for one that writes."""
        connection = connections.reader(Path(self.path), BoundedConnection)
        connection.deadline = self._deadline
        connection.create_function("ask", 2, self._refusing(connection, partial(asked, self._reader)))
        for function, arguments in ((words, 1), (since, 2), (alike_name, 1)):
            connection.create_function(
                function.__name__, arguments, self._refusing(connection, function), deterministic=True
            )
        limit(connection)
        self.open_connections.append(connection)
        return connection

    def close(self) -> None:
        """Close every connection."""
        super().close()
        while self.open_connections:
            self.open_connections.pop().close()
        self._reader.close()

    async def attached_databases(self) -> list[object]:
        """None at all: SQLite's own list would show the file's folder."""
        return []

    def without_folder(self, sentence: str) -> str:
        """A sentence with the ledger's file name in place of its path, since no page may show where the file is."""
        for where in (str(self.store.path.absolute()), self.store.name):
            sentence = sentence.replace(where, self.store.path.name)
        return sentence

    def _refusing(self, connection: BoundedConnection, function: Callable[..., _Value]) -> Callable[..., _Value | None]:
        """An SQL function for one connection, which keeps the message of a refusal in its `refusal`."""

        def answer(*given: object) -> _Value | None:
            try:
                return function(*given)
            except FactstoreError as error:
                connection.refusal = LATE if self._deadline.passed() else self.without_folder(str(error))
                return None

        return answer

    async def execute(self, sql: str, params: Any = None, **options: Any) -> Any:
        """Like Datasette's, but errors in somebody's SQL are shown on their page only, not on the terminal."""
        return await super().execute(sql, params, **options | {"log_sql_errors": False})


class Browser(Datasette):
    """Datasette that serves one ledger, and nothing else."""

    shows_ledger = True


def browser(store: Store, copied: str = "") -> Datasette:
    """Datasette for a ledger or a copy of one. `copied`: a sentence that says what it is a copy of, and from when."""
    if not pm.is_registered(plugin):
        pm.register(plugin, plugin.__name__)
    made = Browser(
        memory=False,
        **settings(store.path.name),
        template_dir=str(_HERE / "templates"),
        static_mounts=[("factstore", str(_HERE / "static"))],
        settings={
            "default_cache_ttl": 0,
            "suggest_facets": False,
            "allow_download": False,
            "sql_time_limit_ms": int(SECONDS * 1000),
        },
    )
    made.remove_database("_memory")
    made.add_database(Ledger(made, store, copied), name=NAME)
    return made
