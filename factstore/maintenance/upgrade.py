"""Upgrade the schema of an older ledger. Only this module imports Alembic, since opening a ledger rarely needs it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from factstore.database.engine import Engine
from factstore.errors import SchemaVersion


def migrations() -> Path:
    """The folder of migrations: inside the package if installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "migrations"
    return inside if inside.is_dir() else package.with_name("migrations")


def config() -> Config:
    """Alembic's configuration, which needs no file."""
    made = Config()
    made.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    return made


def run(engine: Engine, revision: str = "head") -> None:
    """Migrate a ledger to a revision, completely or not at all. Raises SchemaVersion if its own is unknown."""
    settings = config()
    try:
        with engine.writing(checked=False) as connection, connection.dialect.as_sqlalchemy(connection) as lent:
            settings.attributes["connection"] = lent
            command.upgrade(settings, revision)
            connection.commit()
    except CommandError as error:
        raise SchemaVersion(f"{engine.name}: the version of its schema is unknown: {error}") from None
