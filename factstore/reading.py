"""A ledger's file, for whoever only asks: every question on every clock, and nothing of what writing takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Self

from factstore.chronology import View
from factstore.database.sqlite.file import LedgerFile
from factstore.maintenance.faults import explained
from factstore.repository import clocks
from factstore.repository.repository import Repository


class Reader(View):
    """A ledger in an SQLite file, to be asked. `Store` writes it too."""

    def __init__(self, where: str | os.PathLike[str]) -> None:
        super().__init__(self._asking_at)
        self.file = LedgerFile(where)
        self._narrowed = clocks.Narrowed(self.file)
        self.path = self.file.path
        self.name = self.file.name

    def at(self, *, known: str | int | None = None, published: str | None = None, held: str | None = None) -> View:
        """The same questions on another clock.

        `known`: the ledger as of a position, or of the end in UTC of a moment, day, month or year; as text, four digits are a
        year where they are no position of the ledger. `published`, `held`: only what rests on sources that were certainly
        published, or retrieved, by the end of a day, month or year. Raises InputError; for a position beyond the ledger's
        head, once it is asked.
        """
        return View(partial(self._asking_at, clocks.read_clock(known, published, held)))

    @contextmanager
    def _asking_at(self, clock: clocks.Clock = clocks.NOW) -> Iterator[Repository]:
        with (
            explained(self.file),
            self._narrowed.reading(clock) if clock.hides else self.file.reading() as connection,
        ):
            yield clocks.asking(connection, clock)

    def close(self) -> None:
        """Close the connections that are kept; the next question opens one again."""
        self.file.close()
        self._narrowed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
