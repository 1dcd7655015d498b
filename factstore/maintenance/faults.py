"""If an answer fails because a table disagrees with the ledger, the error names that table and the command that mends it.

A damaged value can break anything that reads it, so the kind of error says nothing. Instead the file is verified, and only
what that finds is blamed; if it finds nothing, the error is a fault of ours and is raised unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from factstore.database.engine import Engine
from factstore.database.statements import fetch
from factstore.errors import Corrupt, DateError, FactstoreError, InputError
from factstore.plain import JsonObject

#: The columns with dates, offsets and durations; all values were readable when they were written.
_DATES = {
    "fact": ("edtf", "zone", "anchor"),
    "citation": ("edtf", "said"),
    "source": ("published", "retrieved"),
    "ordering": ("gap_min", "gap_max"),
    "tie": ("gap_min", "gap_max"),
}
_STORED = " UNION ALL ".join(
    f"SELECT 1 FROM {table} WHERE {column} @among_texts(:texts)"
    for table, columns in _DATES.items()
    for column in columns
)


@contextmanager
def explained(file: Engine) -> Iterator[None]:
    """Wrap code that reads the projection: if damage makes it fail, raise Corrupt with the first problem found."""
    try:
        yield
    except FactstoreError as error:
        if isinstance(error, InputError) and _is_stored(file, _unread(error)):
            _blame(file)
        raise
    except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError):
        _blame(file)
        raise


def _unread(error: InputError) -> list[str]:
    """The texts that could not be read: that of a date, or those that a model refused."""
    if isinstance(error, DateError):
        return [error.text, error.part]
    refused: list[JsonObject] = getattr(error.__context__, "errors", list)()
    return [str(one["input"]) for one in refused]


def _is_stored(file: Engine, texts: list[str]) -> bool:
    """Whether one of the texts is in a table, and so was not the caller's."""
    if not texts or not file.exists():
        return False
    with file.reading() as connection:
        return next(fetch(connection, _STORED, {"texts": json.dumps(texts)}), None) is not None


def _blame(file: Engine) -> None:
    if not file.exists() or not file.begun():
        return
    # Imported here, since it is only needed when something is broken.
    from factstore.maintenance import verifying

    with file.reading() as connection:
        problems = verifying.verify(connection).problems
    if problems:
        raise Corrupt(f"{file.name} is damaged: {problems[0]}; `factstore rebuild` computes it again") from None
