"""Upgrades an older ledger's schema. Only this module imports Alembic, since opening a ledger rarely needs it."""

from __future__ import annotations

from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationInfo
from alembic.util import CommandError

from factstore.database.engine import Connection, Engine
from factstore.database.statements import value
from factstore.errors import Corrupt, SchemaVersion
from factstore.projection.replay import refold

#: Among the attributes of a configuration: whether all migrations ran.
_MIGRATED = "migrated"


def migrations() -> Path:
    """The folder of migrations: inside the package if installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "migrations"
    return inside if inside.is_dir() else package.with_name("migrations")


def config(folder: str = "") -> Config:
    """Alembic's configuration, which needs no file, for the migrations in an engine's folder."""
    made = Config()
    made.set_main_option("script_location", str(migrations() / folder).replace("%", "%%"))
    return made


def run(engine: Engine, revision: str = "head") -> None:
    """Migrate a ledger to a revision, completely or not at all.

    Raises SchemaVersion if its own is unknown, and Corrupt if its tables are not those of the one that it names.
    """
    settings = config()
    try:
        with engine.writing(checked=False) as connection, connection.dialect.as_sqlalchemy(connection) as lent:
            settings = config(connection.dialect.migrations)
            settings.attributes.update(connection=lent, ledger=connection)
            command.upgrade(settings, revision)
            connection.commit()
    except CommandError as error:
        raise SchemaVersion(f"{engine.name}: the version of its schema is unknown: {error}") from None
    except Corrupt as error:
        if settings.attributes.get(_MIGRATED):
            raise
        # `verify` and `rebuild`, which the database's error recommends, refuse an older schema.
        raise Corrupt(
            f"{engine.name} was not upgraded: its tables are not those of the schema that it names "
            f"({error.__context__ or error}); `factstore rebuild --into FILE` copies the ledger into a new file"
        ) from None


def migrate(connection: Connection) -> None:
    """Run the migrations that Alembic's context is configured for, then fold the ledger, since they may empty its tables."""
    refuse_to_go_back()
    before = context.get_context().get_current_revision()
    context.run_migrations()
    context.config.attributes[_MIGRATED] = True
    moved = before not in (None, context.get_context().get_current_revision())
    if moved and value(connection, "SELECT position FROM record LIMIT 1"):
        refold(connection)


def refuse_to_stamp(*, step: MigrationInfo, **_: object) -> None:
    """Refuse to say that a ledger has another schema than it has, after which nothing could read it."""
    if step.is_stamp:
        raise CommandError(
            "a ledger is not stamped: the schema that it has is the one that it names; "
            "`factstore upgrade` brings an older one up to date"
        )


def refuse_to_go_back() -> None:
    """Give all migrations a downgrade that refuses, and says why."""

    def downgrade(**_: object) -> None:
        raise CommandError(
            "a ledger's schema cannot be downgraded: an older one could not hold all that was recorded since; "
            "with an older version of Factstore, use a copy that was made before the upgrade"
        )

    for script in context.script.walk_revisions():
        vars(script.module).setdefault("downgrade", downgrade)
