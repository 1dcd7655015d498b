"""Recognizes files that must not be written over: databases, and what SQLite keeps beside them."""

from __future__ import annotations

from pathlib import Path

from factstore.database.paths import real, same

#: What SQLite adds to the name of a database for its log, the log's index, and its journal.
_ENDS = ("-wal", "-shm", "-journal")
#: The first bytes of each SQLite file.
_MAGIC = b"SQLite format 3\0"


def is_database(path: Path) -> bool:
    """Whether a file is an SQLite database. One without our application id may be a ledger, loaded from a dump."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def owner(path: Path) -> Path | None:
    """The database beside which SQLite keeps, or would keep, a file of this name; None if there is none."""
    place = real(path)
    names = [place.name.removesuffix(end) for end in _ENDS if place.name.endswith(end) and place.name != end]
    return next(filter(is_database, map(place.with_name, names)), None)


def belongs(path: Path, database: Path) -> bool:
    """Whether a path is of what SQLite keeps beside a database, whatever either is called."""
    places = {database, real(database)}
    return any(same(path, place.with_name(place.name + end)) for place in places for end in _ENDS)
