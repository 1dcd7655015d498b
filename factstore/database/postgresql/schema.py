"""A ledger's schema on PostgreSQL: the same tables, indexes and views as on SQLite, with bigint and text sorted by bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from factstore.database import names
from factstore.database.engine import Connection
from factstore.database.postgresql import triggers, views
from factstore.database.postgresql.words import identifier
from factstore.database.statements import column, fetch, run, value
from factstore.database.views import VIEWS
from factstore.errors import NoLedger, SchemaVersion

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

#: The full-text index, which is a virtual table on SQLite: the words of a fact, and its texts one after the other.
SEARCH = """CREATE TABLE search (
    fact BIGINT NOT NULL,
    words TSVECTOR,
    texts TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (fact)
)"""
SEARCH_INDEXES = (
    "CREATE INDEX search_words ON search USING gin (words) WITH (fastupdate = off)",
    "CREATE INDEX search_without_words ON search (fact) WHERE words IS NULL",
    "COMMENT ON TABLE search IS 'The words of facts and of their live quotes, for full text.'",
)
#: The comment of a schema while redacted bytes may be in its files.
_UNSCRUBBED = "Redacted bytes may still lie in the files of this ledger."

_OBJECTS = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"""
_STRANGE = """SELECT t.tgname, c.relname FROM pg_trigger t
              JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_proc f ON f.oid = t.tgfoid
              WHERE n.nspname = ? AND NOT t.tgisinternal
                AND NOT (f.pronamespace = n.oid AND f.proname = t.tgname AND t.tgname @among_texts(?))
              ORDER BY 1 LIMIT 1"""
_COLUMNS = """SELECT attname FROM pg_attribute
              WHERE attrelid = CAST(? AS regclass) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""
_KEYS = """SELECT a.attname FROM pg_index i
           CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS part(number, turn)
           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = part.number
           WHERE i.indrelid = CAST(? AS regclass) AND i.indisprimary ORDER BY part.turn"""


# --- making it --------------------------------------------------------------------------------------------------


def create(connection: Connection) -> None:
    """Make all tables, triggers and views, in an empty schema."""
    create_tables(connection)
    guard(connection)


def create_tables(connection: Connection) -> None:
    """Make only the tables: a copy of a ledger with redactions has gaps in its payloads, which triggers would refuse."""
    _run_all(
        connection,
        (*definitions(), SEARCH, *SEARCH_INDEXES, f"INSERT INTO {names.VERSION} VALUES ('{names.REVISION}')"),
    )


def guard(connection: Connection) -> None:
    """Make the triggers and views over the tables."""
    # References of copied rows are checked now, because a table cannot be altered while some are pending.
    checked = ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED")
    _run_all(connection, (*checked, *triggers.statements(schema_of(connection)), *view_statements()))


def _run_all(connection: Connection, statements: Iterable[str]) -> None:
    # All at once, since with the comments there are hundreds.
    connection.cursor().execute(";\n".join(statements), prepare=False)


def schema_of(connection: Connection) -> str:
    """The schema of a connection's ledger."""
    schema: str = connection.schema  # type: ignore[attr-defined]
    return schema


def _dialect() -> Dialect:
    from sqlalchemy.dialects.postgresql.base import PGDialect, PGTypeCompiler

    class Types(PGTypeCompiler):
        def visit_INTEGER(self, type_: object, **_: object) -> str:  # noqa: N802
            return "BIGINT"

        def visit_TEXT(self, type_: object, **_: object) -> str:  # noqa: N802
            return 'TEXT COLLATE "C"'

    found: PGDialect = PGDialect()  # type: ignore[no-untyped-call]
    found.type_compiler_instance = Types(found)
    return found


@cache
def definitions() -> tuple[str, ...]:
    """The statements that make each table, its indexes and comments."""
    from factstore.database.tables import metadata

    return tuple(statement for table in metadata.sorted_tables for statement in of_table(table.name))


def of_table(name: str) -> Iterator[str]:
    """The statements that make one table, its indexes and comments."""
    from sqlalchemy.schema import CreateIndex, CreateTable, SetColumnComment, SetTableComment

    from factstore.database.tables import metadata

    table, dialect = metadata.tables[name], _dialect()
    yield str(CreateTable(table).compile(dialect=dialect))
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        yield str(CreateIndex(index).compile(dialect=dialect))
    if table.comment:
        yield str(SetTableComment(table).compile(dialect=dialect))
        for one in table.columns:
            yield str(SetColumnComment(one).compile(dialect=dialect))


def index_definitions(table: str) -> list[str]:
    """The statements that make the key of a table and its indexes, if it has none."""
    from sqlalchemy.schema import CreateIndex

    from factstore.database.tables import metadata

    made, dialect = metadata.tables[table], _dialect()
    keys = ", ".join(one.name for one in made.primary_key.columns)
    return [
        f"ALTER TABLE {table} ADD PRIMARY KEY ({keys})",
        *(
            str(CreateIndex(index).compile(dialect=dialect))
            for index in sorted(made.indexes, key=lambda i: str(i.name))
        ),
    ]


def view_statements() -> Iterator[str]:
    """The statements that make the views, each after those that it reads, with descriptions of them and their columns."""
    for name, statement in views.STATEMENTS.items():
        yield statement
        shown = VIEWS[name]
        yield f"COMMENT ON VIEW {name} IS {_literal(shown.says)}"
        for one, says in shown.columns.items():
            yield f"COMMENT ON COLUMN {name}.{identifier(one)} IS {_literal(says)}"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# --- reading it -------------------------------------------------------------------------------------------------


def objects(connection: Connection) -> set[str]:
    """The names of the tables and views in the ledger's schema."""
    return {*column(connection, _OBJECTS, (schema_of(connection),))}


def strange_trigger(connection: Connection) -> str | None:
    """The first trigger that is not one of ours, in words, since writes may pass through it."""
    ours = "[" + ", ".join(f'"{guard.name}"' for guard in triggers.GUARDS) + "]"
    found = next(fetch(connection, _STRANGE, (schema_of(connection), ours)), None)
    return f"the trigger {found[0]} on {found[1]}" if found else None


def revision(connection: Connection, where: str, *, lost: bool = False) -> str | None:
    """The migration that the schema is at, None if there is nothing. Raises NoLedger for a schema that is not ours.

    If the migration's name was removed, SchemaVersion says how to save the ledger; with `lost`, "" is returned.
    """
    held = objects(connection)
    if not held:
        return None
    if not held >= {*names.LEDGER}:
        raise NoLedger(f"{where} is a schema of a database, but not a Factstore ledger")
    found = column(connection, f"SELECT version_num FROM {names.VERSION}") if names.VERSION in held else []
    if len(found) == 1 and found[0].isdigit():
        return str(found[0])
    if lost:
        return ""
    raise SchemaVersion(
        f"{where} does not say which schema it has: its table {names.VERSION} was changed or removed; "
        "`factstore rebuild --into FILE` copies the ledger into a new file"
    )


def has_table(connection: Connection, name: str) -> bool:
    """Whether a table is in the schema: older ones have fewer."""
    return name in objects(connection)


def columns(connection: Connection, table: str) -> tuple[str, ...]:
    """The names of a table's columns, in their order."""
    return tuple(column(connection, _COLUMNS, (f"{identifier(schema_of(connection))}.{table}",)))


def keys(connection: Connection, table: str) -> tuple[str, ...]:
    """The names of the columns of a table's primary key, in the key's order."""
    return tuple(column(connection, _KEYS, (f"{identifier(schema_of(connection))}.{table}",)))


# --- temporary tables that shadow it ----------------------------------------------------------------------------


def shadow(connection: Connection, tables: Iterable[str]) -> None:
    """Make empty temporary tables like these, without indexes and references, that shadow the ledger's own."""
    for table in tables:
        run(connection, f"DROP TABLE IF EXISTS pg_temp.{table}")
        run(connection, f"CREATE TEMPORARY TABLE {table} (LIKE @own.{table})")


def index_shadows(connection: Connection, tables: Iterable[str]) -> None:
    """Make the indexes of temporary tables, which is faster once the rows are there; and analyze them."""
    for table in tables:
        for statement in index_definitions(table):
            run(connection, statement)
        run(connection, f"ANALYZE {table}")


def temporary(connection: Connection, table: str, name: str) -> None:
    """Make an empty temporary table with one column, a whole number that is its key."""
    run(connection, f"DROP TABLE IF EXISTS pg_temp.{table}")
    run(connection, f"CREATE TEMPORARY TABLE {table} ({name} BIGINT PRIMARY KEY)")


# --- redacted bytes ---------------------------------------------------------------------------------------------


def mark_unscrubbed(connection: Connection) -> None:
    """Note, with the transaction that deletes them, that redacted bytes may still be in the ledger's files."""
    run(connection, f"COMMENT ON SCHEMA @own IS {_literal(_UNSCRUBBED)}")


def mark_scrubbed(connection: Connection) -> None:
    """Remove the note of `mark_unscrubbed`."""
    run(connection, "COMMENT ON SCHEMA @own IS NULL")


def unscrubbed(connection: Connection) -> bool:
    """Whether redacted bytes may still be in the ledger's files."""
    query = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = ?"
    return bool(value(connection, query, (schema_of(connection),)) == _UNSCRUBBED)
