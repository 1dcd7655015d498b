"""The writer's role can only add to the end of a ledger's history; what its owner does to the rest is found."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from factstore.database.engine import SchemaPart
from factstore.database.names import ARCHIVE, LEDGER, PROJECTION
from factstore.database.postgresql import repair
from factstore.database.statements import Row, fetch
from factstore.store import Store
from tests.contracts.contract import DOCUMENT
from tests.support.postgresql import Server

#: Attacks on what must stay as it is: `{own}` is the ledger's schema, `{last}` its last position, `{me}` the writer's role.
_ROW = "kind, version, subject, recorded_at, payload_hash, hash FROM {own}.record WHERE position = 1"
_GROWN = (*LEDGER, ARCHIVE)
ATTACKS = (
    # To change, remove, empty or replace what is there.
    *(f"{act} {{own}}.{table}" for table in _GROWN for act in ("DELETE FROM", "TRUNCATE", "DROP TABLE")),
    *(f"DROP TABLE {{own}}.{table} CASCADE" for table in _GROWN),
    *(f"TRUNCATE {{own}}.{table} CASCADE" for table in PROJECTION),
    "UPDATE {own}.record SET kind = 'x'",
    "UPDATE {own}.record SET position = position + 1000",
    "UPDATE {own}.payload SET payload = '{{}}'",
    "UPDATE {own}.payload SET salt = '' WHERE position = 5",
    "UPDATE {own}.archived_text SET deflated = ''",
    "UPDATE {own}.log SET message = 'x'",
    "UPDATE {own}.sources SET title = 'x'",
    "DELETE FROM {own}.log",
    "WITH gone AS (DELETE FROM {own}.payload RETURNING *) SELECT * FROM gone",
    "MERGE INTO {own}.payload p USING {own}.record r ON r.position = p.position WHEN MATCHED THEN UPDATE SET salt = ''",
    "MERGE INTO {own}.payload p USING {own}.record r ON r.position = p.position WHEN MATCHED THEN DELETE",
    "INSERT INTO {own}.payload SELECT * FROM {own}.payload ON CONFLICT (position) DO UPDATE SET salt = ''",
    "INSERT INTO {own}.record SELECT * FROM {own}.record ON CONFLICT (position) DO UPDATE SET kind = 'x'",
    "DO $$ BEGIN DELETE FROM {own}.payload; END $$",
    "SELECT 1 FROM {own}.record FOR UPDATE",
    "PREPARE gone AS DELETE FROM {own}.payload; EXECUTE gone",
    "BEGIN; DECLARE here CURSOR FOR SELECT * FROM {own}.payload FOR UPDATE; FETCH here; "
    "DELETE FROM {own}.payload WHERE CURRENT OF here; COMMIT",
    # To add elsewhere than at the end, or with a gap.
    *(
        f"INSERT INTO {{own}}.record SELECT {at}, {_ROW}"
        for at in ("0", "-1", "1", "{last}", "{last} + 2", "2^62", "NULL")
    ),
    f"INSERT INTO {{own}}.record SELECT n, {_ROW.replace(' WHERE', ', unnest(ARRAY[{last} + 1, {last} + 3]) n WHERE')}",
    f"INSERT INTO {{own}}.record SELECT n, {_ROW.replace(' WHERE', ', unnest(ARRAY[{last} + 1, {last} + 1]) n WHERE')}",
    *(
        f"INSERT INTO {{own}}.payload SELECT {at}, salt, payload FROM {{own}}.payload WHERE position = 1"
        for at in ("0", "1", "{last}", "{last} + 1", "{last} + 2", "NULL")
    ),
    f"SET CONSTRAINTS ALL DEFERRED; INSERT INTO {{own}}.record SELECT {{last}} + 2, {_ROW}",
    "COPY {own}.record FROM '/etc/passwd'",
    "COPY {own}.record FROM PROGRAM 'echo 1'",
    "COPY {own}.payload TO PROGRAM 'cat'",
    # To take away what guards it.
    *(f"ALTER TABLE {{own}}.{table} DISABLE TRIGGER {which}" for table in _GROWN for which in ("ALL", "USER")),
    *(f"ALTER TABLE {{own}}.{table} ENABLE REPLICA TRIGGER {table}_update" for table in LEDGER),
    *(
        f"DROP TRIGGER {table}_{event} ON {{own}}.{table}"
        for table in LEDGER
        for event in ("insert", "update", "delete")
    ),
    "DROP FUNCTION {own}.record_update() CASCADE",
    "ALTER FUNCTION {own}.record_update() RESET search_path",
    "ALTER FUNCTION {own}.record_update() SET search_path = pg_temp",
    "ALTER FUNCTION {own}.record_update() RENAME TO other",
    "ALTER FUNCTION {own}.record_update() OWNER TO CURRENT_USER",
    "ALTER TRIGGER record_update ON {own}.record RENAME TO other",
    "CREATE OR REPLACE FUNCTION {own}.record_update() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE TRIGGER bend BEFORE INSERT ON {own}.record EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE bend AS ON INSERT TO {own}.payload DO INSTEAD NOTHING",
    "CREATE POLICY bend ON {own}.record USING (FALSE)",
    "ALTER TABLE {own}.record ENABLE ROW LEVEL SECURITY",
    "SET session_replication_role = replica",
    "SET LOCAL session_replication_role = replica",
    "SELECT set_config('session_replication_role', 'replica', false)",
    "ALTER ROLE {me} SET session_replication_role = replica",
    "UPDATE pg_catalog.pg_trigger SET tgenabled = 'D'",
    "CREATE EVENT TRIGGER bend ON ddl_command_start EXECUTE FUNCTION {own}.record_update()",
    # To make another of the table, its schema or its keys.
    "ALTER TABLE {own}.record RENAME TO other",
    "ALTER TABLE {own}.record SET SCHEMA pg_temp",
    "ALTER TABLE {own}.record ALTER COLUMN kind TYPE text USING 'x'",
    "ALTER TABLE {own}.record ADD COLUMN more text",
    "ALTER TABLE {own}.payload DROP COLUMN payload",
    "ALTER TABLE {own}.payload DROP CONSTRAINT payload_pkey",
    "ALTER TABLE {own}.record OWNER TO CURRENT_USER",
    "ALTER SCHEMA {own} RENAME TO other",
    "ALTER SCHEMA {own} OWNER TO CURRENT_USER",
    "DROP SCHEMA {own} CASCADE",
    "CREATE TABLE {own}.more (x int)",
    "CREATE FUNCTION {own}.max(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'",
    "CREATE TEMPORARY TABLE child () INHERITS ({own}.record)",
    "CREATE TEMPORARY TABLE part (x bigint REFERENCES {own}.record ON DELETE CASCADE)",
    "CREATE INDEX bend ON {own}.record (kind)",
    "CREATE STATISTICS {own}.bend ON kind, version FROM {own}.record",
    "CLUSTER {own}.record USING record_pkey",
    "REINDEX TABLE {own}.record",
    "CREATE PUBLICATION bend FOR TABLE {own}.record",
    # To become somebody who may.
    "GRANT {owner} TO CURRENT_USER",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION factstore",
    "ALTER ROLE {me} SUPERUSER",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT ALL ON TABLES TO {me}",
    "CREATE EXTENSION dblink",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'factstore' AND pid <> pg_backend_pid()",
    # To have the guards look at something else.
    f"CREATE TEMPORARY TABLE record AS SELECT {{last}} + 8 AS position, {_ROW}; SET search_path = pg_temp, {{own}}; "
    f"INSERT INTO {{own}}.record SELECT {{last}} + 9, {_ROW}",
    "CREATE TEMPORARY VIEW record AS SELECT 99999::bigint AS position; SET search_path = pg_temp, {own}; "
    "INSERT INTO {own}.payload SELECT 99999, salt, payload FROM {own}.payload WHERE position = 1",
    "CREATE FUNCTION pg_temp.max(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'; "
    f"SET search_path = pg_temp, {{own}}; INSERT INTO {{own}}.record SELECT {{last}} + 9, {_ROW}",
    "CREATE FUNCTION pg_temp.eq(bigint, bigint) RETURNS bool LANGUAGE sql AS 'SELECT TRUE'; "
    "CREATE OPERATOR pg_temp.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = pg_temp.eq); "
    f"SET search_path = pg_temp, {{own}}; INSERT INTO {{own}}.record SELECT {{last}} + 9, {_ROW}",
    "CREATE DOMAIN pg_temp.jsonb AS text; CREATE DOMAIN pg_temp.bigint AS text; SET search_path = pg_temp, {own}; "
    f"INSERT INTO {{own}}.record SELECT {{last}} + 9, {_ROW}",
)


#: Errors that show that the server did not understand an attack, so that it tested nothing.
_MISTAKEN = (
    psycopg.errors.SyntaxError,
    psycopg.errors.UndefinedColumn,
    psycopg.errors.UndefinedTable,
    psycopg.errors.UndefinedFunction,
    psycopg.errors.UndefinedObject,
)


@pytest.fixture(scope="module")
def ledger(server: Server) -> tuple[str, Store]:
    """A ledger and its schema, with a role for each of its three."""
    place = server.ledger()
    schema = place.rpartition("=")[2]
    store = Store(place)
    store.load(DOCUMENT, by="Test")
    store.add_source("What it says in full", id="full", by="Test")
    store.file.roles(apply=True)
    with psycopg.connect(place.partition("&ledger=")[0], autocommit=True) as connection:
        for kind in ("reader", "writer", "owner"):
            connection.execute(f"CREATE ROLE {kind}_{schema} LOGIN IN ROLE {schema}_{kind}".encode())
    return schema, store


@pytest.fixture
def writer(server: Server, ledger: tuple[str, Store]) -> Iterator[psycopg.Connection]:
    schema, _ = ledger
    url = server.url(schema, user=f"writer_{schema}").partition("&ledger=")[0]
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def _state(store: Store) -> tuple[list[Row], list[SchemaPart]]:
    """All bytes of the tables that only grow, as their owner sees them; and all tables, indexes, functions, triggers and
    rights of its schema, as the server has them."""
    with store.file.reading() as connection:
        rows = [row for table in _GROWN for row in fetch(connection, f"SELECT t::text FROM {table} t ORDER BY 1")]
        return rows, sorted(repair._parts(connection, store.file.location.rpartition("=")[2]))


@pytest.fixture(scope="module")
def before(ledger: tuple[str, Store]) -> tuple[list[Row], list[SchemaPart]]:
    """Its state before any attack."""
    return _state(ledger[1])


def test_everything_is_as_it_was_made_before_anybody_attacks_it(ledger: tuple[str, Store]) -> None:
    with ledger[1].file.reading() as connection:
        assert [*connection.dialect.schema_differences(connection).in_words()] == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_role_that_writes_cannot_change_history(
    ledger: tuple[str, Store],
    before: tuple[list[Row], list[SchemaPart]],
    writer: psycopg.Connection,
    attack: str,
) -> None:
    schema, store = ledger
    given = {"own": schema, "last": store.head().position, "me": f"writer_{schema}", "owner": f"{schema}_owner"}
    with pytest.raises(psycopg.Error) as refused:
        writer.execute(attack.format(**given).encode())
    assert not isinstance(refused.value, _MISTAKEN), refused.value
    assert _state(store) == before


@pytest.mark.parametrize(
    "attack", ["GRANT UPDATE ON {own}.payload TO CURRENT_USER", "REVOKE ALL ON {own}.record FROM {owner}"]
)
def test_attacks_that_only_cause_a_warning_change_nothing(
    ledger: tuple[str, Store], writer: psycopg.Connection, attack: str
) -> None:
    schema, store = ledger
    writer.execute(attack.format(own=schema, owner=f"{schema}_owner").encode())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        writer.execute(f"UPDATE {schema}.payload SET salt = ''".encode())
    assert store.verify().problems == []


def test_the_role_that_reads_cannot_add_anything(
    ledger: tuple[str, Store], before: tuple[list[Row], list[SchemaPart]], server: Server
) -> None:
    schema, store = ledger
    url = server.url(schema, user=f"reader_{schema}").partition("&ledger=")[0]
    with psycopg.connect(url, autocommit=True) as reader:
        for table in (*_GROWN, *PROJECTION, "search"):
            for attack in (
                f"INSERT INTO {schema}.{table} SELECT * FROM {schema}.{table} LIMIT 1",
                f"DELETE FROM {schema}.{table}",
                f"TRUNCATE {schema}.{table} CASCADE",
                f"LOCK TABLE {schema}.{table} IN ACCESS EXCLUSIVE MODE",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), reader.transaction():
                    reader.execute(attack.encode())
    assert _state(store) == before


def test_rights_granted_beside_the_roles_are_found_and_revoked(
    ledger: tuple[str, Store], writer: psycopg.Connection
) -> None:
    schema, store = ledger
    assert store.verify().problems == []
    with psycopg.connect(store.file.location.partition("&ledger=")[0], autocommit=True) as owner:
        owner.execute(f"GRANT DELETE ON {schema}.payload TO {schema}_writer".encode())
        owner.execute(f"GRANT UPDATE (salt) ON {schema}.payload TO PUBLIC".encode())
    problems = [str(problem) for problem in store.verify().problems]
    assert f"the grant DELETE to {schema}_writer on payload is not ours" in problems
    assert "the grant UPDATE to PUBLIC on payload is not ours" in problems
    # The triggers still refuse.
    with pytest.raises(psycopg.errors.RestrictViolation):
        writer.execute(f"DELETE FROM {schema}.payload".encode())
    with pytest.raises(psycopg.errors.RestrictViolation):
        writer.execute(f"UPDATE {schema}.payload SET salt = ''".encode())
    store.rebuild()
    assert store.verify().problems == []


@pytest.fixture
def own(server: Server) -> Iterator[tuple[Store, psycopg.Connection, str]]:
    """A ledger, its owner's connection to it, and its schema."""
    store = Store(server.ledger())
    store.load(DOCUMENT, by="Test")
    place, _, schema = store.file.location.partition("&ledger=")
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute(f"SET search_path = {schema}".encode())
        yield store, connection, schema


@pytest.mark.parametrize(
    ("done", "found"),
    [
        ("UPDATE payload SET payload = replace(payload, 'Ann', 'Bob')", "the payload is not the one that was hashed"),
        (
            "UPDATE record SET recorded_at = '2001-01-01T00:00:00.000000Z' WHERE position = 5",
            "not the one that was hashed",
        ),
        ("DELETE FROM payload WHERE position = 5", "the payload is missing, and no redaction names it"),
        (
            "DELETE FROM payload WHERE position >= (SELECT max(position) FROM record); "
            "DELETE FROM record WHERE position >= (SELECT max(position) FROM record)",
            "the ledger ends in the middle of a commit",
        ),
    ],
)
def test_changes_that_the_owner_makes_to_history_are_found(
    own: tuple[Store, psycopg.Connection, str], done: str, found: str
) -> None:
    store, owner, _ = own
    with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
        owner.execute(f"SET LOCAL session_replication_role = replica; {done}".encode())
    assert store.verify().problems == []
    behind = " ".join(f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in LEDGER)
    owner.execute(f"{behind} SET session_replication_role = replica; {done}".encode())
    problems = " ".join(str(problem) for problem in store.verify().problems)
    assert found in problems
    assert "the trigger payload_update is not the one that was made" in problems


def test_a_published_head_reveals_a_commit_that_the_owner_removed_from_the_end(
    own: tuple[Store, psycopg.Connection, str],
) -> None:
    store, owner, _ = own
    before = store.head().position
    store.load({"sources": [{"id": "last"}]}, by="Test")
    published = store.head()
    for table in LEDGER:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
    owner.execute("SET session_replication_role = replica")
    for table in ("payload", "committed", "source", "thing", "record"):
        owner.execute(f"DELETE FROM {table} WHERE position > {before}".encode())
    for table in LEDGER:
        for trigger in owner.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", (table,)
        ).fetchall():
            owner.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger[0]}".encode())
    assert store.verify().problems == []
    assert not store.verify(head=published).ok
