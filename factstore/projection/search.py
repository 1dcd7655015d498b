"""Full text: the words of a query, and their index, which each engine keeps with the projection.

A word of a query matches words that begin with it, regardless of case and accents; a query of several words matches if
all of them do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from factstore.database.engine import Connection
from factstore.errors import InputError
from factstore.projection.live import chunks
from factstore.units import Position

#: The most words of a query, since FTS5 takes time that grows with their square.
MOST_WORDS = 500


def update(connection: Connection, facts: Iterable[Position], prior: Position, at: Position) -> None:
    """Index the facts whose words changed from position `prior`, for which the index was last correct, to position `at`."""
    for chunk in chunks(facts):
        connection.dialect.words.update(connection, chunk, prior, at)


def clear(connection: Connection) -> None:
    """Empty the index."""
    connection.dialect.words.clear(connection)


def words_of(text: str) -> list[str]:
    """The words of a query, each once: texts between spaces that have a letter or digit in them.

    Raises InputError if there are more than a query may have.
    """
    apart = dict.fromkeys(text.replace("\0", " ").split())
    asked = [word for word in apart if re.search(r"[^\W_]", word)]
    if len(asked) > MOST_WORDS:
        raise InputError(f"a query may have {MOST_WORDS} words at most, and this has {len(asked)}")
    return asked


def asked_words(text: str) -> list[str]:
    """The words that somebody asks for. Raises InputError if there are none, which would be found in nothing or in all."""
    asked = words_of(text)
    if not asked:
        raise InputError(f"{text!r} has no letter or digit to look for")
    return asked


def beginnings(words: str) -> list[str]:
    """Each word cut to its beginning, so that "retaliation" also finds "retaliated"."""
    return [word[: max(4, len(word) * 2 // 3)] for word in re.findall(r"\w+", words)]


def found(
    connection: Connection, words: Sequence[str], column: str | None = None, *, then: bool = False
) -> tuple[str, dict[str, object]]:
    """An SQL condition that the fact of a placement `p` has words that match, in one column or any; and its parameters.

    With `then`, the words as of the position that the connection last prepared with `look_back`.
    """
    return connection.dialect.words.found(connection, words, column, then=then)


def look_back(connection: Connection, at: Position, others: Iterable[Position] = ()) -> None:
    """Prepare to search facts as of a position: those whose words may have changed since, and others, as they were."""
    connection.dialect.words.look_back(connection, at, others)
