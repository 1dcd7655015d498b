"""Compares a ledger's schema with one made for that purpose, and repairs what differs.

The database spells definitions in its own way, which differs between versions: so a second schema is made beside the
ledger's, read, and rolled back. If none can be made, only what keeps the ledger append-only is compared, and which tables
and views there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg

from factstore.database import names
from factstore.database.engine import Connection, SchemaDifferences, SchemaPart
from factstore.database.postgresql import schema, triggers, views
from factstore.database.postgresql.connections import PostgresqlConnection
from factstore.database.postgresql.words import identifier
from factstore.database.statements import fetch, run

#: In this order each is made after what it depends on.
_TYPES = ("table", "index", "function", "trigger", "rule", "policy", "grant", "view")

#: The relations of a schema: tables with their columns and constraints, indexes not made by a constraint, views.
_RELATIONS = """SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'i' THEN 'index' ELSE 'table' END,
    c.relname, coalesce(t.relname, c.relname),
    CASE c.relkind
      WHEN 'v' THEN pg_get_viewdef(c.oid)
      WHEN 'i' THEN pg_get_indexdef(c.oid)
      ELSE (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull
                              || ' ' || coalesce(l.collname, ''), ', ' ORDER BY a.attnum)
              FROM pg_attribute a LEFT JOIN pg_collation l ON l.oid = a.attcollation
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
        || coalesce((SELECT string_agg(pg_get_constraintdef(o.oid), ', ' ORDER BY o.conname)
                       FROM pg_constraint o WHERE o.conrelid = c.oid), '')
      END
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_class t ON t.oid = i.indrelid
    WHERE n.nspname = ? AND c.relkind IN ('r', 'p', 'f', 'm', 'v', 'i')
      AND NOT EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conindid = c.oid AND o.contype IN ('p', 'u', 'x'))"""
_FUNCTIONS = """SELECT 'function', p.proname, p.proname,
    l.lanname || ' ' || p.prosecdef || ' ' || coalesce(array_to_string(p.proconfig, ','), '') || p.prosrc
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
    WHERE n.nspname = ?"""
_TRIGGERS = """SELECT 'trigger', t.tgname, c.relname, t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ? AND NOT t.tgisinternal"""
_RULES = """SELECT 'rule', r.rulename, c.relname, pg_get_ruledef(r.oid)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ? AND NOT (c.relkind = 'v' AND r.rulename = '_RETURN')"""
_POLICIES = """SELECT 'policy', p.polname, c.relname, coalesce(pg_get_expr(p.polqual, p.polrelid), '')
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ?"""
#: Rights to change what only grows, held by anybody but its owner and the role made for that.
_GRANTS = f"""SELECT 'grant', held.privilege_type || ' to ' || coalesce(r.rolname, 'PUBLIC'), held.relname, NULL
    FROM (
      SELECT c.relname, c.relowner, c.relnamespace, a.privilege_type, a.grantee
        FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
      UNION
      SELECT c.relname, c.relowner, c.relnamespace, a.privilege_type, a.grantee
        FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid CROSS JOIN LATERAL aclexplode(t.attacl) a) held
    JOIN pg_namespace n ON n.oid = held.relnamespace
    LEFT JOIN pg_roles r ON r.oid = held.grantee
    WHERE n.nspname = ? AND held.relname IN ({", ".join(f"'{table}'" for table in (*names.LEDGER, names.ARCHIVE))})
      AND held.privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER')
      AND held.grantee <> held.relowner AND coalesce(r.rolname, '') <> n.nspname || '_owner'"""
_CATALOGUES = (_RELATIONS, _FUNCTIONS, _TRIGGERS, _RULES, _POLICIES, _GRANTS)

#: Why no schema can be made beside the ledger's: the role's rights, a standby, a full disk.
_NONE_MADE = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.DiskFull,
)
#: The schema that is made for the comparison.
_REFERENCE = "factstore_reference"


def schema_differences(connection: Connection, connect: Callable[[], PostgresqlConnection]) -> SchemaDifferences:
    """The parts of the schema that are not as they were made; `connect` makes another connection."""
    found = {part.key: part for part in _parts(connection, schema.schema_of(connection))}
    reference = connect()
    try:
        wanted = _made(reference)
    except _NONE_MADE:
        wanted = _known(schema.schema_of(connection), found)
    finally:
        reference.close()
    wrong = [(part, key in found) for key, part in wanted.items() if found.get(key) != part]
    strange = [part for key, part in found.items() if key not in wanted]
    return SchemaDifferences(sorted(wrong, key=lambda one: _TYPES.index(one[0].type)), sorted(strange))


def _made(connection: PostgresqlConnection) -> dict[tuple[str, str], SchemaPart]:
    """The parts of a schema that is made beside the ledger's, and rolled back."""
    place = identifier(_REFERENCE)
    connection.execute(
        f"BEGIN; SET LOCAL lock_timeout = '60s'; CREATE SCHEMA {place}; SET LOCAL search_path = {place}", prepare=False
    )
    held, connection.schema = connection.schema, _REFERENCE
    try:
        schema.create(connection)
        return {part.key: part for part in _parts(connection, _REFERENCE)}
    finally:
        connection.schema = held
        connection.rollback()


def _parts(connection: Connection, name: str) -> Iterator[SchemaPart]:
    """The parts of a schema, without its own name in them."""
    own = identifier(name)
    for query in _CATALOGUES:
        for type_, called, table, sql in fetch(connection, query, (name,)):
            said = str(sql).replace(f"{own}.", "").replace(own, "").replace(f"{name}.", "").replace(name, "")
            yield SchemaPart(type_, called, table, said)


def _known(name: str, found: dict[tuple[str, str], SchemaPart]) -> dict[tuple[str, str], SchemaPart]:
    """What is known without making a schema: the triggers and their functions, and which tables and views there are."""
    wanted = dict(found)
    for key in found:
        if key[0] in ("trigger", "rule", "policy", "function", "grant"):
            del wanted[key]
    tables = (*names.LEDGER, names.ARCHIVE, *names.PROJECTION, names.VERSION, "search")
    for part in (
        *(SchemaPart("table", table, table, "") for table in tables),
        *(SchemaPart("view", view, view, "") for view in views.STATEMENTS),
    ):
        wanted.setdefault(part.key, part)
    own = identifier(name)
    for guard in triggers.GUARDS:
        for key, mark in ((("function", guard.name), triggers.body(guard, name)), (("trigger", guard.name), "A ")):
            there = found.get(key)
            mark = mark.replace(f"{own}.", "").replace(f"{name}.", "")
            as_made = there is not None and (there.sql or "").find(mark) >= 0
            wanted[key] = there if as_made and there else SchemaPart(key[0], key[1], guard.table, "")
    return wanted


# --- repair -----------------------------------------------------------------------------------------------------


def mend(connection: Connection) -> None:
    """Make missing or changed parts of the schema again; if that includes a table, the projection is emptied."""
    found = connection.dialect.schema_differences(connection)
    for part in found.strange:
        if part.type in ("trigger", "rule", "policy"):
            run(connection, f"DROP {part.type} {identifier(part.name)} ON @own.{identifier(part.table)}")
        elif part.type == "grant":
            right, _, role = part.name.partition(" to ")
            whom = role if role == "PUBLIC" else identifier(role)
            run(connection, f"REVOKE {right} ON @own.{identifier(part.table)} FROM {whom} CASCADE")
    wrong: dict[str, list[SchemaPart]] = {
        type_: [part for part, _ in found.wrong if part.type == type_] for type_ in _TYPES
    }
    if any(part.name in (*names.PROJECTION, "search") for part in wrong["table"]):
        _tables_anew(connection)
    if wrong["function"] or wrong["trigger"]:
        for guard in triggers.GUARDS:
            run(connection, f"DROP FUNCTION IF EXISTS @own.{guard.name}() CASCADE")
        for statement in triggers.statements(schema.schema_of(connection)):
            run(connection, statement)
    for part in wrong["index"]:
        run(connection, f"DROP INDEX IF EXISTS @own.{identifier(part.name)}")
        for statement in (*schema.definitions(), *schema.SEARCH_INDEXES):
            if f"INDEX {part.name} ON " in statement:
                run(connection, statement)
    if wrong["view"] or wrong["table"]:
        for view in reversed(views.STATEMENTS):
            run(connection, f"DROP VIEW IF EXISTS @own.{view} CASCADE")
        for statement in schema.view_statements():
            run(connection, statement)
    left = connection.dialect.schema_differences(connection).wrong
    for words in SchemaDifferences(left, []).in_words():
        raise psycopg.ProgrammingError(words)


def _tables_anew(connection: Connection) -> None:
    """Make all tables of the projection anew, empty."""
    for table in (*reversed(names.PROJECTION), "search"):
        run(connection, f"DROP TABLE IF EXISTS @own.{table} CASCADE")
    for table in names.PROJECTION:
        for statement in schema.of_table(table):
            run(connection, statement)
    for statement in (schema.SEARCH, *schema.SEARCH_INDEXES):
        run(connection, statement)
