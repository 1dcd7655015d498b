"""Compares a file's schema with the one that it was made with, and repairs what differs.

Names, and the tables they belong to, are compared without case, as in SQLite. No foreign object is left that could alter a
write; foreign tables and views that stand alone are only reported.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from factstore.database import names
from factstore.database.engine import Driven, SchemaDifferences, SchemaPart
from factstore.database.sqlite import pages, schema
from factstore.database.sqlite.connections import SqliteConnection, scratch
from factstore.database.statements import fetch, run, run_many
from factstore.database.views.search import SEARCH
from factstore.errors import Corrupt

#: In this order each is made after what it depends on.
_TYPES = ("table", "index", "trigger", "view")
#: Tables that SQLite itself makes, for ANALYZE and AUTOINCREMENT.
_SQLITES = ("sqlite_sequence", "sqlite_stat1", "sqlite_stat3", "sqlite_stat4")


def schema_differences(connection: Driven) -> SchemaDifferences:
    """The parts of the schema that are not as they were made."""
    wanted, found = _wanted(part=schema.is_part(connection)), {part.key: part for part in _parts(connection)}
    wrong = [(part, key in found) for key, part in wanted.items() if found.get(key) != part]
    strange = [
        part
        for key, part in found.items()
        if key not in wanted and part.sql is not None and not (part.type == "table" and part.name in _SQLITES)
    ]
    return SchemaDifferences(sorted(wrong, key=lambda one: _TYPES.index(one[0].type)), sorted(strange))


@cache
def _wanted(*, part: bool) -> Mapping[tuple[str, str], SchemaPart]:
    with scratch(SqliteConnection) as fresh:
        schema.create(fresh)
        if part:
            schema.mark_part(fresh)
        return {part.key: part for part in _parts(fresh)}


def _parts(connection: Driven) -> list[SchemaPart]:
    return [SchemaPart(*row) for row in fetch(connection, "SELECT type, name, tbl_name, sql FROM sqlite_master")]


# --- repair -----------------------------------------------------------------------------------------------------


def mend(connection: Driven) -> None:
    """Make missing or changed parts of the schema again; if that includes a table, the projection is emptied.

    The ledger's own tables stay as they are, without foreign objects on them. The full-text index is left empty. Raises
    sqlite3.DatabaseError if something cannot be made again here.
    """
    _take_out(connection)
    _empty_index(connection)
    wrong, _ = schema_differences(connection)
    mendable = {*names.PROJECTION}
    if any(part.type == "table" and changed for part, changed in wrong):
        for table in reversed(names.PROJECTION):
            run(connection, f"DELETE FROM {table}")  # otherwise references to a table would prevent dropping it
    for part, changed in wrong:
        if part.sql and (part.type != "table" or part.name in mendable or part.sql == SEARCH):
            if changed:
                _drop(connection, part)
            run(connection, part.sql.replace(" INDEX ", " INDEX IF NOT EXISTS ", 1))
    for part, _ in schema_differences(connection).wrong:  # the indexes of a table were dropped with it
        if part.type == "index" and part.sql:
            run(connection, part.sql)
    for words in SchemaDifferences(schema_differences(connection).wrong, []).in_words():
        raise sqlite3.DatabaseError(words)


def _take_out(connection: Driven) -> None:
    """Remove all foreign triggers, and other foreign objects on our tables or with our names."""
    ours = {name for _, name in _wanted(part=True)}
    for part in sorted(schema_differences(connection).strange, key=lambda part: -_TYPES.index(part.type)):
        if part.type == "trigger" or ours & {part.table.lower(), part.name.lower()}:
            _drop(connection, part)


def _drop(connection: Driven, part: SchemaPart) -> None:
    run(connection, 'DROP {} IF EXISTS "{}"'.format(part.type, part.name.replace('"', '""')))


def _empty_index(connection: Driven) -> None:
    """Make the tables beneath the full-text index those of an empty one; without an index, remove them.

    Not through the index, which cannot be opened if they are too damaged.
    """
    found = {part.key: part for part in _parts(connection)}
    indexed = ("table", "search") in found
    with scratch(SqliteConnection) as fresh:
        schema.create(fresh)
        for part in _parts(fresh):
            if part.type != "table" or not part.name.startswith("search_"):
                continue
            fits = found.get(part.key) == part
            if part.key in found and not (indexed and fits):
                _drop(connection, found[part.key])
            if indexed:
                run(connection, f"DELETE FROM {part.name}" if fits else part.sql or "")
                for row in fetch(fresh, f"SELECT * FROM {part.name}"):
                    run_many(connection, f"INSERT INTO {part.name} VALUES ({', '.join('?' for _ in row)})", [row])


@contextmanager
def mending(connection: Driven, where: str) -> Iterator[None]:
    """Around rewriting tables: indexes are made anew before it, and damage found afterwards is reported.

    Raises Corrupt, with advice, if pages or tables are too damaged to be written.
    """
    try:
        damaged = any(pages.damage(connection))
        if damaged:
            run(connection, "REINDEX")
        yield
        for words in pages.damage(connection) if damaged else ():
            raise sqlite3.DatabaseError(words)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in (
            sqlite3.SQLITE_CORRUPT,
            sqlite3.SQLITE_CONSTRAINT,
            sqlite3.SQLITE_ERROR,
        ):
            raise Corrupt(
                f"{where} cannot be repaired in place: {error}; "
                "`factstore rebuild --into FILE` copies the ledger into a new file"
            ) from None
        raise
