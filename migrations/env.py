"""Alembic's environment. A migration and its version number are one transaction: all of it happens or none.

The driver by itself would commit before each DDL statement, so our engines begin transactions themselves (see
`factstore.database.sqlite.connections`). The projection is folded afresh in the same transaction, since a migration may
leave its tables empty.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite as dialects
from sqlalchemy.schema import CreateTable

from factstore.database import tables
from factstore.database.opening import open_engine
from factstore.database.sqlite.alchemy import as_sqlalchemy
from factstore.database.sqlite.file import LedgerFile
from factstore.errors import FactstoreError
from factstore.maintenance.upgrade import migrate, refuse_to_go_back, refuse_to_stamp

OPTIONS: dict[str, Any] = {
    "target_metadata": tables.metadata,
    "version_table": tables.alembic_version.name,
    "transactional_ddl": True,
    "render_as_batch": False,  # batch mode silently drops triggers
    "on_version_apply": refuse_to_stamp,
}


def ours(name: str | None, kind: str, _: object) -> bool:
    """Whether `alembic check` compares a table: not the tables beneath the full-text index, nor Alembic's own."""
    return kind != "table" or not (name or "").startswith(("search", tables.alembic_version.name))


def compared(_: object, name: str | None, kind: str, reflected: bool, __: object) -> bool:
    return ours(name, kind, reflected)


def configured(lent: Connection) -> None:
    context.configure(connection=lent, include_name=ours, include_object=compared, **OPTIONS)


def named() -> str:
    """The ledger: `-x db=`, else `sqlalchemy.url` if it is set, else as for the command line."""
    given = context.get_x_argument(as_dictionary=True).get("db") or context.config.get_main_option("sqlalchemy.url")
    return str(given or os.environ.get("FACTSTORE_DB") or "facts.db")


def migrate_file() -> None:
    file = open_engine(named())
    if not isinstance(file, LedgerFile):
        raise CommandError("`factstore upgrade --db URL` brings a ledger on PostgreSQL up to date")
    if file.exists():
        with file.writing(checked=False) as connection, as_sqlalchemy(connection) as lent:
            file.revision(connection)  # refuses what is not ours
            configured(lent)
            migrate(connection)
            made = file.revision(connection)
            connection.commit()
        if made:
            file.mark_as_ledger()
        return
    with file.made() as new, new.engine.writing(checked=False) as connection, as_sqlalchemy(connection) as lent:
        configured(lent)
        migrate(connection)
        if new.engine.revision(connection) is not None:
            new.keep()
        connection.commit()


def write_script() -> None:
    """Print the statements for the sqlite3 shell, with those that give the file its write-ahead log."""
    printed = io.StringIO()
    context.configure(dialect_name="sqlite", output_buffer=printed, **OPTIONS)
    refuse_to_go_back()
    there = context.get_context().impl
    # Migrations pass their statements to the driver unchanged.
    vars(context.get_bind())["exec_driver_sql"] = lambda statement: there.static_output(f"{statement};")
    with context.begin_transaction():
        context.run_migrations()
    # Alembic prints spaces for tabs, but a ledger's tables are compared to the letter.
    table = str(CreateTable(tables.alembic_version).compile(dialect=dialects.dialect())).strip()
    script = printed.getvalue().replace(table.expandtabs(4), table)
    print(f"PRAGMA journal_mode = WAL;\n\n{script}", end="", file=context.config.output_buffer or sys.stdout)


given: Connection | None = context.config.attributes.get("connection")
try:
    if given is not None:
        configured(given)
        migrate(context.config.attributes["ledger"])
    elif context.is_offline_mode():
        write_script()
    else:
        migrate_file()
except FactstoreError as error:
    raise CommandError(str(error)) from None
