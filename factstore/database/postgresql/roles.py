"""Who may do what with a ledger on PostgreSQL: a reader, a writer, an owner.

A writer can only add to the end of the ledger. It must be able to change the tables that answer questions, so it can falsify
these until `verify` is run: they are derived, and `rebuild` computes them again. It cannot change, remove or truncate
records and payloads, nor the triggers that forbid it. The owner can remove triggers; `verify` reports that.
"""

from __future__ import annotations

from factstore.database import names
from factstore.database.postgresql.place import LONGEST
from factstore.database.postgresql.words import identifier
from factstore.errors import Refused

_ROLE = """DO $do$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{name}') THEN CREATE ROLE {quoted} NOLOGIN; END IF;
END $do$"""


def statements(schema: str) -> list[str]:
    """The statements that make the three roles of a ledger, to be granted to login roles, and give them their rights.

    Raises Refused if their names would be longer than the server allows.
    """
    if len(f"{schema}_reader".encode()) > LONGEST:
        raise Refused(
            f"ledger={schema}: with _reader behind it, its name is too long for that of a role ({LONGEST} bytes)"
        )
    own = identifier(schema)
    reader, writer, owner = (f"{schema}_{kind}" for kind in ("reader", "writer", "owner"))
    grown = ", ".join(f"{own}.{table}" for table in (*names.LEDGER, names.ARCHIVE))
    computed = ", ".join(f"{own}.{table}" for table in (*names.PROJECTION, "search"))
    made = [_ROLE.format(name=name.replace("'", "''"), quoted=identifier(name)) for name in (reader, writer, owner)]
    return [
        *made,
        f"GRANT USAGE ON SCHEMA {own} TO {identifier(reader)}, {identifier(writer)}, {identifier(owner)}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {own} TO {identifier(reader)}, {identifier(writer)}",
        f"GRANT INSERT ON {grown} TO {identifier(writer)}",
        f"GRANT INSERT, UPDATE, DELETE ON {computed} TO {identifier(writer)}",
        f"GRANT CREATE ON SCHEMA {own} TO {identifier(owner)}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA {own} TO {identifier(owner)}",
    ]
