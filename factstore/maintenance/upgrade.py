"""Bringing an older file's schema up to date. The only module that imports Alembic: most openings need none of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from factstore.database.sqlite import connections
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


def run(path: Path, revision: str = "head") -> None:
    """Migrate a file, all of it or not at all."""
    settings = config()
    engine = connections.engine(path, writable=True)
    try:
        with connections.undo_failed_commit(path), engine.connect() as connection:
            settings.attributes["connection"] = connection
            command.upgrade(settings, revision)
            connection.commit()
    except CommandError as error:
        raise SchemaVersion(f"{path}: its schema is of no known version: {error}") from None
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise connections.in_words(error.orig, str(path)) from None
        raise
    finally:
        engine.dispose()
