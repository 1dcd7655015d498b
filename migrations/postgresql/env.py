"""Alembic's environment for a ledger on PostgreSQL: its schema and version number change in a transaction of ours.

`factstore upgrade` lends the connection, which holds the ledger's lock; there is no other way to run these migrations.
"""

from __future__ import annotations

from alembic import context
from alembic.util import CommandError

from factstore.database import tables
from factstore.maintenance.upgrade import migrate

lent = context.config.attributes.get("connection")
if lent is None:
    raise CommandError("`factstore upgrade --db URL` brings a ledger on PostgreSQL up to date")
context.configure(connection=lent, version_table=tables.alembic_version.name, transactional_ddl=True)
migrate(context.config.attributes["ledger"])
