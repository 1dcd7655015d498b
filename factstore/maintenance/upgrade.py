"""Bringing an older file's schema up to date. The only module that imports Alembic: most openings need none of it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from factstore.database.engine import Engine
from factstore.errors import SchemaVersion


def migrations() -> Path:
    """The folder of migrations: inside an installed package, beside the package in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "migrations"
    return inside if inside.is_dir() else package.with_name("migrations")


def config() -> Config:
    """Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    return made


def run(engine: Engine, revision: str = "head") -> None:
    """Migrate a ledger, all of it or not at all."""
    settings = config()
    try:
        with engine.writing(checked=False) as connection, connection.dialect.as_sqlalchemy(connection) as lent:
            settings.attributes["connection"] = lent
            command.upgrade(settings, revision)
            connection.commit()
    except CommandError as error:
        raise SchemaVersion(f"{engine.name}: its schema is of no known version: {error}") from None
