"""Alembic's surroundings. A migration and its version number are one transaction: all of it happens or none of it.

The driver would commit before each DDL statement by itself; our engines take that over from it and say BEGIN themselves
(see `factstore.sqlite.engine`). What the tables tell of a ledger is folded afresh in the same transaction, for a migration
may leave them empty.
"""

from __future__ import annotations

from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from factstore import projection, schema, sqlite


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=schema.metadata,
        version_table="_alembic_version",
        transactional_ddl=True,
        render_as_batch=False,  # batch mode silently drops triggers
    )
    before = context.get_context().get_current_revision()
    context.run_migrations()
    if before not in (None, context.get_context().get_current_revision()):
        projection.rebuild(connection)


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    path = context.get_x_argument(as_dictionary=True).get("file")
    if not path:
        raise SystemExit("name the file: alembic -x file=facts.db …")
    with sqlite.engine(Path(path), writable=True).connect() as connection:
        migrate(connection)
        connection.commit()
