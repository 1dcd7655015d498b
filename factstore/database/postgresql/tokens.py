"""Splits texts into words as SQLite's full text does (`unicode61 remove_diacritics 2`): the same on all engines.

That tokenizer takes each code point by itself: it folds letters and digits, drops marks, and takes all else to separate
words. SQLite itself is asked which of these a code point is, once for each.
"""

from __future__ import annotations

import sqlite3
from threading import Lock

from factstore.database.views.search import TOKENS


class _Signs(dict[int, str]):
    """Maps each code point to what the tokenizer makes of it."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None

    def __missing__(self, code: int) -> str:
        with self._lock:
            found = self[code] = self._ask(chr(code))
        return found

    def _ask(self, sign: str) -> str:
        """A space if it separates words, else what is left of it."""
        if self._connection is None:
            self._connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
            self._connection.execute(f"CREATE VIRTUAL TABLE part USING fts5(text, content='', {TOKENS})")
            self._connection.execute("CREATE VIRTUAL TABLE word USING fts5vocab(part, row)")
        self._connection.execute("INSERT INTO part (rowid, text) VALUES (1, ?)", (f"a{sign}b",))
        terms = [term for (term,) in self._connection.execute("SELECT term FROM word")]
        self._connection.execute("INSERT INTO part (part) VALUES ('delete-all')")
        return str(terms[0][1:-1]) if len(terms) == 1 else " "


_SIGNS = _Signs()


def words_of(text: str | None) -> list[str]:
    """The words of a text, in order; none if there is no text."""
    return text.translate(_SIGNS).split() if text else []
