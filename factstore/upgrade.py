"""Bringing an older file's schema up to date. The only module that imports Alembic: most openings need none of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from factstore import projection, schema, sqlite
from factstore.errors import SchemaVersion


def migrations() -> Path:
    """The folder of migrations: inside an installed package, beside the package in a checkout."""
    inside = Path(__file__).with_name("migrations")
    return inside if inside.is_dir() else Path(__file__).parent.parent / "migrations"


def config() -> Config:
    """Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(migrations()).replace("%", "%%"))
    return made


def run(path: Path, revision: str = "head") -> None:
    """Migrate a file, all of it or not at all. What this version computes otherwise than an older one is folded afresh."""
    settings = config()
    engine = sqlite.engine(path, writable=True)
    try:
        with sqlite.taking_back(path), engine.connect() as connection:
            settings.attributes["connection"] = connection
            older = sqlite.revision(connection, str(path)) not in (None, schema.REVISION)
            command.upgrade(settings, revision)
            if older:
                projection.rebuild(connection)
            connection.commit()
    except CommandError as error:
        raise SchemaVersion(f"{path}: its schema is of no known version: {error}") from None
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise sqlite.in_words(error.orig, str(path)) from None
        raise
    finally:
        engine.dispose()
