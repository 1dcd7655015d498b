"""A ledger's schema on SQLite: tables, triggers that guard the ledger, views, and the migration that a file is at.

The triggers need no code of ours, so the ledger is guarded from all clients.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from factstore.database import names
from factstore.database.engine import Driven
from factstore.database.sqlite.words import NAMED_TEXTS
from factstore.database.statements import column, fetch, run, value
from factstore.database.views import VIEWS
from factstore.database.views.search import SEARCH
from factstore.errors import NoLedger, SchemaVersion

#: `PRAGMA application_id` of our files: "fact" in ASCII.
APPLICATION_ID = 0x66616374

# Most clients do not enforce foreign keys, so the trigger also checks that a payload has a record.
_NEXT = {
    "record": "NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM record)",
    "payload": "NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM payload)\n"
    "    OR NEW.position NOT IN (SELECT position FROM record)",
}

# A record of a redaction is not enough, since anybody can insert one: its payload and a commit that counts it are needed.
_REDACTED = """SELECT 1 FROM record r
    JOIN payload said ON said.position = r.position
    JOIN record c ON c.kind = 'commit' AND c.position > r.position
    JOIN payload p ON p.position = c.position
    JOIN json_each(p.payload) counted ON counted.key = 'records' AND c.position - counted.value <= r.position
    WHERE r.kind = 'redacted' AND r.subject = OLD.position AND r.position > OLD.position AND OLD.position > 1"""

TRIGGERS: dict[str, str] = {
    # The check on insert also stops INSERT OR REPLACE, which bypasses the others in most clients.
    f"{table}_{event_}": f"CREATE TRIGGER {table}_{event_} BEFORE {event_.upper()} ON {table}\n"
    f"{condition}BEGIN\n    SELECT RAISE(ABORT, '{words}');\nEND"
    for table in ("record", "payload")
    for event_, condition, words in (
        (
            "insert",
            f"WHEN {_NEXT[table]}\n",
            f"the ledger only grows at its end: {table} takes the next position and no other",
        ),
        ("update", "", f"the ledger is append-only: a {table} is never changed"),
        (
            "delete",
            f"WHEN NOT EXISTS (\n    {_REDACTED}\n)\n" if table == "payload" else "",
            f"the ledger is append-only: a {table} is never removed"
            + (" unless a redaction that was committed names it" if table == "payload" else ""),
        ),
    )
}

TRIGGERS |= {
    # Otherwise INSERT OR REPLACE would put another text in its place.
    "archived_text_insert": """CREATE TRIGGER archived_text_insert BEFORE INSERT ON archived_text
WHEN EXISTS (SELECT 1 FROM archived_text WHERE sha256 = NEW.sha256)
BEGIN
    SELECT RAISE(ABORT, 'an archived text is never changed');
END""",
    "archived_text_update": """CREATE TRIGGER archived_text_update BEFORE UPDATE ON archived_text
BEGIN
    SELECT RAISE(ABORT, 'an archived text is never changed');
END""",
    "archived_text_delete": f"""CREATE TRIGGER archived_text_delete BEFORE DELETE ON archived_text
WHEN OLD.sha256 IN (
    {NAMED_TEXTS}
)
BEGIN
    SELECT RAISE(ABORT, 'an archived text stays while the ledger names it');
END""",
}


#: A trigger that only a part of a ledger has: it refuses all writes.
PART = "part_of_a_ledger"
_PART_SQL = f"""CREATE TRIGGER {PART} BEFORE INSERT ON record
BEGIN
    SELECT RAISE(ABORT, 'this file is a part of a ledger, to which nothing is added');
END"""


# --- making it --------------------------------------------------------------------------------------------------


def create(connection: Driven) -> None:
    """Make all tables, triggers and views, in an empty database."""
    create_tables(connection)
    guard(connection)


def create_tables(connection: Driven) -> None:
    """Make only the tables: a copy of a ledger with redactions has gaps in its payloads, which triggers would refuse."""
    run(connection, f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in definitions():
        run(connection, statement)
    run(connection, f"INSERT INTO {names.VERSION} VALUES (?)", (names.REVISION,))


@cache
def definitions() -> tuple[str, ...]:
    """The statements that make each table and its indexes."""
    from sqlalchemy.dialects import sqlite
    from sqlalchemy.schema import CreateIndex, CreateTable

    from factstore.database.tables import metadata

    made: list[CreateTable | CreateIndex] = []
    for table in metadata.sorted_tables:
        made += [CreateTable(table), *map(CreateIndex, sorted(table.indexes, key=lambda index: str(index.name)))]
    return tuple(str(one.compile(dialect=sqlite.dialect())) for one in made)


def guard(connection: Driven) -> None:
    """Make the triggers and views over the tables."""
    for statement in (*TRIGGERS.values(), *(view.sql for view in VIEWS.values()), SEARCH):
        run(connection, statement)


def mark_part(connection: Driven) -> None:
    """Mark a ledger as a part of another, which is read-only."""
    run(connection, _PART_SQL)


# --- reading it -------------------------------------------------------------------------------------------------


def strange_trigger(connection: Driven) -> str | None:
    """The first trigger that is not as we make them, in words, since writes may pass through it."""
    query = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    found = (
        (name, table) for name, table, sql in fetch(connection, query) if {**TRIGGERS, PART: _PART_SQL}.get(name) != sql
    )
    return next((f"the trigger {name} on {table}" for name, table in found), None)


def is_part(connection: Driven) -> bool:
    """Whether a ledger is a part of another: it has the trigger that refuses additions."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = ? AND sql = ?"
    return bool(value(connection, query, (PART, _PART_SQL)))


def revision(connection: Driven, where: str, *, lost: bool = False) -> str | None:
    """The migration that the file is at, None for an empty file. Raises NoLedger for a file that is not ours.

    If the migration's name was removed, SchemaVersion says how to save the ledger; with `lost`, "" is returned.
    """
    held = {*column(connection, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    marked = value(connection, "PRAGMA application_id")
    if not held and not marked:
        return None
    # A dump that was loaded again is a ledger, but has no application id.
    if not held >= {*names.LEDGER} or marked not in (0, APPLICATION_ID) or (not marked and names.VERSION not in held):
        raise NoLedger(f"{where} is an SQLite database, but not a Factstore ledger")
    found = column(connection, f"SELECT version_num FROM {names.VERSION}") if names.VERSION in held else []
    if len(found) == 1 and found[0].isdigit():
        return str(found[0])
    if lost:
        return ""
    raise SchemaVersion(
        f"{where} does not say which schema it has: its table {names.VERSION} was changed or removed; "
        "`factstore rebuild --into FILE` copies the ledger into a new file"
    )


def has_table(connection: Driven, name: str) -> bool:
    """Whether a table is in the file: older schemas have fewer."""
    return bool(value(connection, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)))


def columns(connection: Driven, table: str) -> tuple[str, ...]:
    """The names of a table's columns, in their order."""
    return tuple(name for _, name, *_ in fetch(connection, f"PRAGMA main.table_info({table})"))


def keys(connection: Driven, table: str) -> tuple[str, ...]:
    """The names of the columns of a table's primary key, in the key's order."""
    parts = sorted((place, name) for _, name, _, _, _, place in fetch(connection, f"PRAGMA main.table_info({table})"))
    return tuple(name for place, name in parts if place)


# --- temporary tables that shadow it ----------------------------------------------------------------------------


def shadow(connection: Driven, tables: Iterable[str]) -> None:
    """Make empty temporary tables like these, without indexes and references, that shadow the ledger's own."""
    for table in tables:
        run(connection, f"DROP TABLE IF EXISTS temp.{table}")
        [sql] = column(connection, "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?", (table,))
        run(connection, _REFERENCE.sub("", sql).replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1))


def temporary(connection: Driven, table: str, name: str) -> None:
    """Make an empty temporary table with one column, a whole number that is its key."""
    run(connection, f"DROP TABLE IF EXISTS temp.{table}")
    run(connection, f"CREATE TEMPORARY TABLE {table} ({name} INTEGER PRIMARY KEY)")


def index_shadows(connection: Driven, tables: Iterable[str]) -> None:
    """Make the indexes of temporary tables, which is faster once the rows are there."""
    query = """SELECT sql FROM main.sqlite_master
               WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL ORDER BY name"""
    for table in tables:
        for sql in column(connection, query, (table,)):
            run(connection, sql.replace(" INDEX ", " INDEX temp.", 1))


#: A foreign key in the definition of a table, as SQLAlchemy writes it.
_REFERENCE = re.compile(r',\s*FOREIGN KEY\s*\("?\w+"?\) REFERENCES \w+ \(\w+\)( DEFERRABLE INITIALLY DEFERRED)?')
