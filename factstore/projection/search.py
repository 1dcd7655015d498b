"""Full text: which words a question looks for, and the index of them, which each engine keeps with the projection.

A word of a query is found where a word of the text begins with it, whatever its case and accents; of several words, every
one has to be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from factstore.database.engine import Connection
from factstore.errors import InputError
from factstore.projection.live import chunks

#: A query has at most so many words: the time that FTS5 takes grows with their square.
MOST_WORDS = 500


def update(connection: Connection, facts: Iterable[int], prior: int, at: int) -> None:
    """Index the facts whose words are others as of position `at` than as of `prior`, to which the index was true."""
    for chunk in chunks(facts):
        connection.dialect.words.update(connection, chunk, prior, at)


def clear(connection: Connection) -> None:
    """Forget every word."""
    connection.dialect.words.clear(connection)


def words_of(text: str) -> list[str]:
    """The words of a query, each once: what blanks part and has a letter or digit in it.

    Raises InputError for more words than a question has.
    """
    apart = dict.fromkeys(text.replace("\0", " ").split())
    asked = [word for word in apart if re.search(r"[^\W_]", word)]
    if len(asked) > MOST_WORDS:
        raise InputError(f"{len(asked)} words are looked for at once; {MOST_WORDS} is the most")
    return asked


def beginnings(words: str) -> list[str]:
    """Each word shortened to its beginning, so that "retaliation" also finds "retaliated"."""
    return [word[: max(4, len(word) * 2 // 3)] for word in re.findall(r"\w+", words)]


def found(
    connection: Connection, words: Sequence[str], column: str | None = None, *, then: bool = False
) -> tuple[str, dict[str, Any]]:
    """The condition on a placement `p` that its fact holds each of some words, in one column or any; what it binds.

    With `then` as the facts stood where the connection last looked back.
    """
    return connection.dialect.words.found(connection, words, column, then=then)


def look_back(connection: Connection, at: int, others: Iterable[int] = ()) -> None:
    """Prepare to search facts as of a position: those whose words may have changed since, and others, as they were."""
    connection.dialect.words.look_back(connection, at, others)
