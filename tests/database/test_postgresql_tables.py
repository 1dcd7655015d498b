"""A ledger's schema on PostgreSQL is the same however it was made, and changes as a whole or not at all."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from factstore.database import names
from factstore.database.opening import open_engine
from factstore.database.statements import fetch, run, value
from factstore.errors import Corrupt, SchemaVersion
from factstore.maintenance import upgrade
from factstore.store import Store
from tests.support.postgresql import Server
from tests.system.test_frozen import FROZEN, answers, thawed

_TABLES = (*names.LEDGER, names.ARCHIVE)


@pytest.fixture
def place(server: Server) -> str:
    """An empty schema."""
    made = server.ledger()
    engine = open_engine(made)
    with engine.writing(checked=False) as connection:
        run(connection, "CREATE SCHEMA @own")
        connection.commit()
    engine.close()
    return made


def _comments(store: Store) -> list[tuple[str, ...]]:
    query = """SELECT c.relname, coalesce(a.attname, ''), obj.description FROM pg_description obj
               JOIN pg_class c ON c.oid = obj.objoid AND obj.classoid = 'pg_class'::regclass
               LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = obj.objsubid AND obj.objsubid > 0
               WHERE c.relnamespace = current_schema()::regnamespace ORDER BY 1, 2"""
    with store.file.reading() as connection:
        return [tuple(row) for row in fetch(connection, query)]


def test_a_schema_from_the_migrations_is_one_that_was_made(place: str, server: Server) -> None:
    migrated, made = Store(place), Store(server.ledger())
    upgrade.run(migrated.file)
    made.init(by="Test")
    for store in (migrated, made):
        with store.file.reading() as connection:
            assert store.file.revision(connection) == names.REVISION
            found = connection.dialect.schema_differences(connection)
            assert [*found.in_words()] == []
    assert _comments(migrated) == _comments(made)
    migrated.init(by="Test")
    migrated.load({"sources": [{"id": "wire"}]}, by="Test")
    assert migrated.verify().problems == []


def _filled(place: str, tmp_path: Path) -> Store:
    """A ledger as version 0006 had it, with the records of a file of that time."""
    old, store = thawed("0006", tmp_path), Store(place)
    upgrade.run(store.file, "0006")
    with store.file.writing(checked=False, mending=True) as connection, closing(sqlite3.connect(old.path)) as file:
        # A redacted ledger has gaps among its payloads, which the triggers would not let in.
        for table in _TABLES:
            run(connection, f"ALTER TABLE {table} DISABLE TRIGGER USER")
            read = file.execute(f"SELECT * FROM {table} ORDER BY 1")
            connection.insert(table, [column[0] for column in read.description], read.fetchall())
        run(connection, "SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in fetch(
            connection,
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal "
            "AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)",
        ):
            run(connection, f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")
        connection.commit()
    return store


def test_a_ledger_of_the_first_schema_is_refused_until_it_is_upgraded_and_then_says_what_it_said(
    place: str, tmp_path: Path
) -> None:
    store = _filled(place, tmp_path)
    with pytest.raises(SchemaVersion, match="factstore upgrade"):
        store.head()
    assert store.upgrade() == ("0006", names.REVISION)
    assert store.upgrade() == (names.REVISION, names.REVISION)
    assert answers(store) == json.loads((FROZEN / "0006.json").read_text(encoding="utf-8"))
    assert store.verify().problems == []
    store.withdraw("trump-putin-call", allow_unsupported=True, by="Test", request="after")
    assert store.withdraw("trump-putin-call", by="Test", request="after").repeated


def test_a_failed_upgrade_changes_nothing(place: str, tmp_path: Path) -> None:
    store = _filled(place, tmp_path)
    with store.file.writing(checked=False, mending=True) as connection:
        run(connection, "ALTER TABLE payload DISABLE TRIGGER USER")
        run(connection, "UPDATE payload SET payload = '{}' WHERE position = 5")
        connection.commit()
    with pytest.raises(Corrupt):
        store.upgrade()
    with store.file.reading(checked=False) as connection:
        assert store.file.revision(connection) == "0006"
        assert value(connection, "SELECT count(*) FROM fact") == 0
