"""What keeps a ledger on PostgreSQL append-only, from any client: triggers, whose functions name every table in full.

They look at all rows of a statement at once. Their search path is the ledger's schema and then temporary tables, so that no
temporary table called `record` is taken for the ledger's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from factstore.database.postgresql.words import NAMED_TEXTS, identifier

# A record of a redaction is not enough, since anybody can insert one: its payload and a commit that counts it are needed.
_REDACTED = """SELECT 1 FROM {own}.record r
        JOIN {own}.payload said ON said.position = r.position
        JOIN {own}.record c ON c.kind = 'commit' AND c.position > r.position
        JOIN {own}.payload p ON p.position = c.position
            AND c.position - (p.payload::jsonb ->> 'records')::bigint <= r.position
        WHERE r.kind = 'redacted' AND r.subject = gone.position AND r.position > gone.position AND gone.position > 1"""


class AppendOnly(NamedTuple):
    """A trigger and its function: when it fires, and what it runs, with the words with which it refuses."""

    table: str
    event: str
    condition: str
    words: str
    #: The name of the statement's rows in the condition; "": it is always refused.
    rows: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}_{self.event.lower()}"


def _next(table: str) -> str:
    """A condition that rows are not the next positions, without a gap from the first free one on."""
    beside = (
        ""
        if table == "record"
        else (
            " OR EXISTS (SELECT 1 FROM added WHERE NOT EXISTS ("
            "SELECT 1 FROM {own}.record r WHERE r.position = added.position))"
        )
    )
    return f"""EXISTS (SELECT 1 FROM added HAVING count(*) > 0 AND (
            max(position) - min(position) + 1 <> count(*)
            OR max(position) <> (SELECT max(position) FROM {{own}}.{table})
            OR min(position) <> 1 AND NOT EXISTS (
                SELECT 1 FROM {{own}}.{table} WHERE position = (SELECT min(position) - 1 FROM added)))){beside}"""


def _guards() -> Iterator[AppendOnly]:
    for table in ("record", "payload"):
        words = f"the ledger only grows at its end: {table} takes the next position and no other"
        yield AppendOnly(table, "INSERT", _next(table), words, "added")
        yield AppendOnly(table, "UPDATE", "TRUE", f"the ledger is append-only: a {table} is never changed")
        yield AppendOnly(table, "TRUNCATE", "TRUE", f"the ledger is append-only: a {table} is never removed")
    yield AppendOnly("record", "DELETE", "TRUE", "the ledger is append-only: a record is never removed")
    yield AppendOnly(
        "payload",
        "DELETE",
        f"EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS ({_REDACTED}))",
        "the ledger is append-only: a payload is never removed unless a redaction that was committed names it",
        "gone",
    )
    yield AppendOnly("archived_text", "UPDATE", "TRUE", "an archived text is never changed")
    yield AppendOnly("archived_text", "TRUNCATE", "TRUE", "an archived text is never removed")
    yield AppendOnly(
        "archived_text",
        "DELETE",
        f"EXISTS (SELECT 1 FROM gone WHERE gone.sha256 IN ({NAMED_TEXTS}))",
        "an archived text stays while the ledger names it",
        "gone",
    )


GUARDS = tuple(_guards())


def statements(schema: str) -> Iterator[str]:
    """The statements that make the functions and triggers of a ledger in a schema."""
    own = identifier(schema)
    for guard in GUARDS:
        yield function(guard, schema)
        when = "AFTER" if guard.rows else "BEFORE"
        held = f" REFERENCING {'NEW' if guard.rows == 'added' else 'OLD'} TABLE AS {guard.rows}" if guard.rows else ""
        yield (
            f"CREATE TRIGGER {guard.name} {when} {guard.event} ON {own}.{guard.table}{held} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {own}.{guard.name}()"
        )
        # Also in sessions that claim to replicate another server.
        yield f"ALTER TABLE {own}.{guard.table} ENABLE ALWAYS TRIGGER {guard.name}"


def function(guard: AppendOnly, schema: str) -> str:
    """The statement that makes a trigger's function."""
    own = identifier(schema)
    return (
        f"CREATE FUNCTION {own}.{guard.name}() RETURNS trigger LANGUAGE plpgsql "
        f"SET search_path = {own}, pg_temp AS $guard${body(guard, schema)}$guard$"
    )


def body(guard: AppendOnly, schema: str) -> str:
    """The code of a trigger's function, as the database keeps it."""
    return f"""
BEGIN
    IF {guard.condition.format(own=identifier(schema))} THEN
        RAISE EXCEPTION '{guard.words}' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
"""
