"""Alembic's surroundings. A migration and its version number are one transaction: all of it happens or none of it.

The driver would commit before each DDL statement by itself; our engines take that over from it and say BEGIN themselves
(see `factstore.sqlite.engine`).
"""

from __future__ import annotations

from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from factstore import schema, sqlite


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=schema.metadata,
        version_table="_alembic_version",
        transactional_ddl=True,
        render_as_batch=False,  # batch mode silently drops triggers
    )
    context.run_migrations()


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
