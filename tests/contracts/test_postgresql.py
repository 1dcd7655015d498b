"""The contract on PostgreSQL, and tests that only a server allows."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

import psycopg
import pytest
from click.testing import CliRunner

from factstore.cli import cli
from factstore.cli.following import following
from factstore.database.engine import Connection
from factstore.database.postgresql import ledger
from factstore.database.postgresql.dialect import PostgresqlDialect
from factstore.database.statements import fetch, run, value
from factstore.errors import Corrupt, InputError, NoLedger, Refused, Unavailable
from factstore.evidence.stances import ANSWERED
from factstore.ledger import chain
from factstore.maintenance import verifying
from factstore.repository.filter import Filter
from factstore.repository.questions import Questions
from factstore.repository.time_search import TimeSearch
from factstore.store import Store
from tests.contracts.answers import answers
from tests.contracts.contract import DOCUMENT, AnswersOfAFile, Places
from tests.support.postgresql import USER, Server


class TestOnPostgresql(AnswersOfAFile):
    @pytest.fixture
    def places(self, server: Server) -> Places:
        return server.ledger

    def meanwhile(self, store: Store) -> None:
        with psycopg.connect(store.file.location.partition("&ledger=")[0], autocommit=True) as other:
            # Ends the connections of current readers, except those that run this statement, which has the same words.
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query NOT LIKE '%pg_terminate_backend%' "
                "AND query LIKE '%JOIN committed c%ORDER BY r.position LIMIT%'"
            )

    def test_a_commit_that_is_slow_between_its_record_and_its_end_is_skipped_by_no_follower(self, store: Store) -> None:
        first = store.head().position
        with store.file.writing(mending=True) as connection:
            # The trigger on records is ours by name, and sleeps before it looks.
            [(body,)] = fetch(connection, "SELECT pg_get_functiondef('record_insert'::regproc)")
            sleeping = "BEGIN PERFORM pg_sleep(0.5) FROM added WHERE kind = 'source.recorded';"
            run(connection, body.replace("BEGIN", sleeping, 1))
            connection.commit()

        def write(name: str) -> None:
            with Store(store.file.location) as own:
                if name == "slow":
                    own.add_source(id="slow", by="Test")
                else:
                    own.add(f"By {name}", source="paper", by="Test")

        with ThreadPoolExecutor(6) as pool:
            followed = pool.submit(
                lambda: [entry.position for entry in following(Store(store.file.location), first, 14)]
            )
            list(pool.map(write, ["slow", *(f"writer {n}" for n in range(4))]))
            assert followed.result(timeout=60) == [*range(first + 1, first + 15)]

    @pytest.mark.parametrize(
        "statement",
        [
            "TRUNCATE record CASCADE",
            "TRUNCATE payload",
            "TRUNCATE archived_text",
            "SET LOCAL session_replication_role = replica; DELETE FROM payload",
            "INSERT INTO record SELECT * FROM record ON CONFLICT (position) DO UPDATE SET kind = 'x'",
            "CREATE TEMPORARY TABLE record (LIKE @own.record); INSERT INTO @own.record SELECT position + 9, kind, version, "
            "subject, recorded_at, payload_hash, hash FROM @own.record",
        ],
    )
    def test_a_server_offers_no_other_way_to_change_history(self, store: Store, statement: str) -> None:
        self.test_the_database_refuses_to_change_history(store, statement)

    def test_foreign_triggers_stop_every_writer_until_they_are_removed(self, store: Store) -> None:
        with store.file.writing(mending=True) as connection:
            function = "CREATE FUNCTION @own.bend() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
            run(connection, function)
            run(connection, "CREATE TRIGGER bend BEFORE INSERT ON fact FOR EACH ROW EXECUTE FUNCTION @own.bend()")
            connection.commit()
        with pytest.raises(Corrupt, match="the trigger bend on fact is not ours"):
            store.withdraw("rain", allow_unsupported=True)
        assert "the trigger bend on fact is not ours" in map(str, store.verify().problems)
        store.rebuild()
        store.withdraw("rain", allow_unsupported=True)

    @pytest.mark.parametrize(
        ("statement", "found"),
        [
            ("ALTER TABLE payload DISABLE TRIGGER payload_update", "the trigger payload_update is not the one"),
            ("DROP TRIGGER record_insert ON record", "the trigger record_insert is missing"),
            (
                "CREATE OR REPLACE FUNCTION @own.record_delete() RETURNS trigger LANGUAGE plpgsql AS "
                "'BEGIN RETURN NULL; END'",
                "the function record_delete is not the one",
            ),
            ("DROP INDEX citation_about", "the index citation_about is missing"),
            ("DROP VIEW conflicts; CREATE VIEW conflicts AS SELECT id FROM thing", "the view conflicts is not the one"),
            ("CREATE RULE quiet AS ON UPDATE TO payload DO INSTEAD NOTHING", "the rule quiet on payload is not ours"),
        ],
    )
    def test_changes_by_the_owner_are_found_and_repaired(self, store: Store, statement: str, found: str) -> None:
        with store.file.writing(mending=True) as connection:
            run(connection, statement)
            connection.commit()
        assert any(found in str(problem) for problem in store.verify().problems)
        store.rebuild()
        assert store.verify().problems == []

    def test_the_role_that_writes_adds_and_changes_no_history(self, server: Server, store: Store) -> None:
        schema = store.file.location.rpartition("=")[2]
        assert store.file.roles(apply=False) == store.file.roles(apply=True)
        for kind in ("reader", "writer"):
            with store.file.writing() as connection:
                run(connection, f"CREATE ROLE {kind}_{schema} LOGIN IN ROLE {schema}_{kind}")
                connection.commit()
        with Store(server.url(schema, user=f"writer_{schema}")) as writer:
            writer.add("By the writer", source="paper", by="Writer")
            head = writer.head()
            for statement in (
                "UPDATE payload SET payload = '{}'",
                "DELETE FROM record",
                "TRUNCATE payload",
                "ALTER TABLE payload DISABLE TRIGGER ALL",
                "DROP TRIGGER record_update ON record",
                "DROP TABLE payload",
                "SET LOCAL session_replication_role = replica",
                "CREATE RULE quiet AS ON INSERT TO record DO INSTEAD NOTHING",
                "ALTER FUNCTION @own.record_update() OWNER TO CURRENT_USER",
                "INSERT INTO record SELECT position + 9, kind, version, subject, recorded_at, payload_hash, hash FROM record",
            ):
                with writer.file.writing() as connection, pytest.raises(psycopg.Error):
                    run(connection, statement)
            assert writer.head() == head
        with Store(server.url(schema, user=f"reader_{schema}")) as reader:
            assert reader.facts("writer")
            assert reader.at(published="2018-04-02").facts() == store.at(published="2018-04-02").facts()
            assert reader.verify().problems == []
            with pytest.raises(Refused, match="the role may not do that"):
                reader.withdraw("rain", allow_unsupported=True)
        assert store.verify().problems == []

    def test_deleting_waits_for_readers_of_an_earlier_state_wherever_they_read(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ledger, "PATIENCE", 1)
        with psycopg.connect(store.file.location.partition("&ledger=")[0]) as other:
            other.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            other.execute("SELECT 1")
            store.add("Another happened", source="paper", by="Test")
            assert store.file.scrub() == "another program is still reading the earlier state"
        assert store.file.scrub() is None

    def test_redacted_bytes_are_left_in_no_file_but_the_write_ahead_log(self, server: Server, store: Store) -> None:
        def holding(name: str) -> set[str]:
            with psycopg.connect(store.file.location.partition("&ledger=")[0], autocommit=True) as connection:
                connection.execute("CHECKPOINT")
            data = server.folder / "data"
            return {
                str(path.relative_to(data).parent)
                for path in data.rglob("*")
                if path.is_file() and name.encode() in path.read_bytes()
            }

        name = "Zebulon Quixotry"
        told = [
            {
                "id": f"z{n}",
                "title": f"{name} was seen {n}",
                "evidence": [{"source": "paper", "quote": f"It rained {n}"}],
            }
            for n in range(30)
        ]
        store.load({"facts": told}, by="Test", allow_missing=True)
        with store.file.writing() as connection:
            for table in ("fact", "payload", "search"):
                run(connection, f"ANALYZE {table}")
            connection.commit()
        assert len(holding(name)) > 1
        done = store.redact(texts=[name], why="a court said so", by="Test")
        assert (done.unscrubbed, done.stored, len(done.redacted)) == (None, (), 30)
        assert holding(name) == {"pg_wal"}
        assert "write-ahead log keeps what was redacted" in store.file.beyond_scrubbing
        assert store.verify().problems == []

    def test_ledgers_of_one_database_are_listed_and_know_nothing_of_each_other(self, places: Places) -> None:
        with Store(places()) as one, Store(places()) as other:
            for store in (one, other):
                store.load(DOCUMENT, by="Test")
            one.withdraw("rain", allow_unsupported=True, by="Test")
            assert len(other.facts()) == len(one.facts()) + 1
            names = [store.file.location.rpartition("=")[2] for store in (one, other)]
            assert {*names} <= {*one.file.ledgers()}

    def test_sentences_for_what_goes_wrong(self, server: Server, store: Store) -> None:
        for url, words in (
            (server.url("x").replace("/postgres?", "/nowhere?"), "no connection to the server"),
            (server.url("x", host="/nowhere"), "no connection to the server"),
        ):
            with pytest.raises(Unavailable, match=words):
                Store(url).facts()
        for schema, words in (("pg_x", "reserved for the server"), ("x" * 64, "1 to 63 bytes"), ("", "1 to 63 bytes")):
            with pytest.raises(InputError, match=words):
                Store(server.url(schema))
        with store.file.writing() as connection:
            run(connection, "CREATE SCHEMA elsewhere")
            run(connection, "CREATE TABLE elsewhere.something (x int)")
            connection.commit()
        with pytest.raises(NoLedger, match="not a Factstore ledger"):
            Store(server.url("elsewhere")).facts()

    def test_no_sentence_names_a_password(self, server: Server) -> None:
        store = Store(server.url("nothing", password="secret"))
        with pytest.raises(NoLedger) as told:
            store.facts()
        assert "secret" not in str(told.value)

    def test_a_comparison_names_no_password(self, server: Server, places: Places) -> None:
        place = places()
        Store(place).load(DOCUMENT, by="Test")
        typed = f"{place}&password=secret"
        told = CliRunner().invoke(cli, ["verify", "--db", str(place), "--against", typed])
        assert told.exit_code == 0, told.output
        assert "the same as" in told.output
        assert "secret" not in told.output

    def test_a_connection_that_the_server_ended_is_replaced(self, server: Server, store: Store) -> None:
        assert store.facts()
        with psycopg.connect(store.file.location.partition("&ledger=")[0], autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        assert store.facts()

    def test_a_server_that_crashed_and_came_back_has_what_was_acknowledged(
        self, server: Server, places: Places
    ) -> None:
        with Store(places()) as store:
            store.load(DOCUMENT, by="Test")
            head = store.head()
            server.stop("immediate")
            with pytest.raises(Unavailable, match="no connection to the server"):
                store.withdraw("rain", allow_unsupported=True)
            server.start()
            assert store.head() == head
            assert store.verify().problems == []
            store.withdraw("rain", allow_unsupported=True)

    def test_a_connection_lost_while_the_server_commits_leaves_it_unknown_in_words(self, store: Store) -> None:
        body = "'BEGIN PERFORM pg_sleep(30); RETURN NULL; END'"
        sleeping = f"CREATE FUNCTION @own.sleep() RETURNS trigger LANGUAGE plpgsql AS {body}"
        late = "CREATE CONSTRAINT TRIGGER sleep AFTER UPDATE ON thing DEFERRABLE INITIALLY DEFERRED"
        database = store.file.location.partition("&ledger=")[0]

        def cut() -> None:
            with psycopg.connect(database, autocommit=True) as other:
                query = (
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'"
                )
                while not other.execute(query).rowcount:
                    time.sleep(0.05)

        with ThreadPoolExecutor(1) as pool, store.file.writing() as connection:
            run(connection, sleeping)
            run(connection, f"{late} FOR EACH ROW EXECUTE FUNCTION @own.sleep()")
            run(connection, "UPDATE thing SET loaded = NULL WHERE id = 'rain'")
            cutting = pool.submit(cut)
            with pytest.raises(Unavailable, match="it is unknown whether it did"):
                connection.commit()
            cutting.result(timeout=30)
        assert store.verify().problems == []

    def test_the_nearest_facts_come_from_indexes_in_order_and_are_sorted_nowhere(self, store: Store) -> None:
        told = [
            {"id": f"f{n}", "title": "It happened", "when": f"{1500 + n}", "evidence": [{"source": "paper"}]}
            for n in range(400)
        ]
        store.load({"facts": told}, by="Test")
        with store.file.writing() as connection:
            for table in ("placement", "fact", "thing"):
                run(connection, f"ANALYZE {table}")
            connection.commit()
        with store.at()._asking() as repository:
            questions = Questions(repository)
            search = TimeSearch(repository, "before", [questions.anchor("1800")], Filter(status=ANSWERED), 10)
            asked = []
            patched = search._repository.fetch
            search._repository.fetch = lambda query, **given: asked.append((query, given)) or patched(query, **given)  # type: ignore
            assert len(list(islice(search.certain(), 10))) == 10
            [(query, given)] = [one for one in asked if one[1].pop("lazily", False)]
            run(repository.connection, "SET LOCAL enable_sort = off; SET LOCAL enable_hashjoin = off")
            plan = " ".join(line for (line,) in patched(f"EXPLAIN {query}", **given))
        assert "placement_end_max" in plan
        assert "Sort  (" not in plan

    def test_the_server_knows_how_many_rows_a_commit_has_added_even_to_a_small_table(self, store: Store) -> None:
        store.load({"sources": [{"id": f"source-{n}"} for n in range(60)]}, by="Test")
        with store.file.reading() as connection:
            known = value(connection, "SELECT reltuples FROM pg_class WHERE oid = CAST('source' AS regclass)")
        assert known >= 60

    def test_a_statement_that_takes_too_long_changes_nothing(self, store: Store) -> None:
        head = store.head()
        with pytest.raises(Unavailable, match="took too long"), store.file.writing() as connection:
            run(connection, "SET LOCAL statement_timeout = 10; SELECT pg_sleep(5)")
        assert store.head() == head

    def test_verify_reports_the_statement_that_took_too_long_and_not_those_after_it(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def slow(connection: Connection, *_: object) -> None:
            run(connection, "SET LOCAL statement_timeout = 10; SELECT pg_sleep(5)")

        monkeypatch.setattr(verifying, "_verify", slow)
        with pytest.raises(Unavailable, match="took too long"):
            store.verify()

    # --- when it was recorded ---

    @pytest.mark.parametrize("year", [1999, 2099])
    def test_the_servers_clock_dates_records_however_wrong_the_clients_is(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, year: int
    ) -> None:
        class WrongClock:
            @staticmethod
            def now(zone: tzinfo) -> datetime:
                return datetime(year, 1, 1, tzinfo=zone)

        start = datetime.now(UTC)
        monkeypatch.setattr(chain, "datetime", WrongClock)
        done = store.load({"sources": [{"id": "dated"}]}, by="Test")
        monkeypatch.undo()
        assert start - timedelta(seconds=1) <= _recorded(store) <= datetime.now(UTC) + timedelta(seconds=1)
        assert done.ahead is None
        assert store.verify().notes == ()

    def test_a_writer_that_waited_for_another_bears_the_time_after_the_wait(self, store: Store) -> None:
        with ThreadPoolExecutor(1) as pool:
            with store.file.writing() as connection:
                waiting = pool.submit(store.load, {"sources": [{"id": "waited"}]}, by="Test")
                time.sleep(0.3)
                until = connection.dialect.now(connection)
            waiting.result(timeout=30)
        assert until is not None
        assert _recorded(store) >= until

    def test_time_does_not_go_back_if_the_servers_clock_does(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        late = datetime(2099, 1, 1, tzinfo=UTC)
        monkeypatch.setattr(PostgresqlDialect, "now", staticmethod(lambda connection: late))
        store.load({"sources": [{"id": "early"}]}, by="Test")
        monkeypatch.undo()
        assert store.load({"sources": [{"id": "later"}]}, by="Test").ahead == "2099-01-01T00:00:00.000000Z"
        assert _recorded(store) == late
        found = store.verify()
        assert found.ok
        assert "ahead of the server's clock" in found.notes[0]


def _recorded(store: Store) -> datetime:
    """When the last record was recorded."""
    return datetime.fromisoformat(store.log(limit=1)[0].recorded_at)


def test_a_ledger_that_the_servers_own_tools_dumped_and_restored_is_the_same(server: Server) -> None:
    url, at = server.ledger(), ["-h", str(server.folder), "-U", USER]
    schema = url.rpartition("=")[2]
    with Store(url) as store:
        store.load(DOCUMENT, by="Test")
        store.redact("far", why="asked", by="Test")
        dump = subprocess.run(
            [server.binaries / "pg_dump", *at, "-n", schema, "postgres"], check=True, capture_output=True
        ).stdout
        subprocess.run([server.binaries / "createdb", *at, "restored"], check=True)
        subprocess.run(
            [server.binaries / "psql", *at, "-q", "-v", "ON_ERROR_STOP=1", "restored"],
            check=True,
            input=dump,
            stdout=subprocess.DEVNULL,
        )
        with Store(url.replace("/postgres?", "/restored?")) as restored:
            assert restored.verify(head=store.head()).problems == []
            assert answers(restored) == answers(store)
            restored.add("Something more", source="paper", by="Test")
            assert restored.verify().problems == []


@pytest.fixture
def on_a_small_disk(server: Server) -> Iterator[str]:
    """A place for a ledger, on a separate server whose disk is almost full."""
    alone = Server(server.binaries, server.base)
    try:
        disk = alone.small_disk()
        if disk is None:
            pytest.skip("this user may mount no small disk")
        yield f"{alone.ledger()}&options=-c%20default_tablespace%3D{disk}"
    finally:
        alone.close()


def test_a_full_disk_is_reported_in_one_sentence_and_leaves_everything_as_it_was(on_a_small_disk: str) -> None:
    store = Store(on_a_small_disk)
    store.load(DOCUMENT, by="Test")
    head = store.head()
    long = [
        {"id": f"f{n}", "title": f"It happened {n} " * 20, "evidence": [{"source": "paper"}]} for n in range(20_000)
    ]
    with pytest.raises(Unavailable, match=r"could not be written: the server's disk is full; nothing was changed$"):
        store.load({"facts": long}, by="Test")
    assert store.head() == head
    assert store.verify().problems == []
