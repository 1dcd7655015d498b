"""The contract on PostgreSQL, and what only a server can be tried with."""

from __future__ import annotations

import psycopg
import pytest

from factstore.database.statements import run
from factstore.errors import Corrupt, InputError, NoLedger, Unavailable
from factstore.store import Store
from tests.contracts.contract import DOCUMENT, LedgerContract, Places
from tests.support.postgresql import Server


class TestOnPostgresql(LedgerContract):
    @pytest.fixture
    def places(self, server: Server) -> Places:
        return server.ledger

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
    def test_nor_does_it_where_a_server_has_other_ways(self, store: Store, statement: str) -> None:
        self.test_the_database_refuses_to_change_history(store, statement)

    def test_triggers_that_are_not_ours_stop_every_writer_until_they_are_taken_out(self, store: Store) -> None:
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
    def test_what_the_owner_may_do_is_found_and_mended(self, store: Store, statement: str, found: str) -> None:
        with store.file.writing(mending=True) as connection:
            run(connection, statement)
            connection.commit()
        assert any(found in str(problem) for problem in store.verify().problems)
        store.rebuild()
        assert store.verify().problems == []

    def test_sentences_for_what_goes_wrong(self, server: Server, store: Store) -> None:
        for url, words in (
            (server.url("x").replace("/postgres?", "/nowhere?"), "no connection to the server"),
            (server.url("x", host="/nowhere"), "no connection to the server"),
        ):
            with pytest.raises(Unavailable, match=words):
                Store(url).facts()
        for ledger, words in (("pg_x", "the server's own"), ("x" * 64, "1 to 63 bytes"), ("", "1 to 63 bytes")):
            with pytest.raises(InputError, match=words):
                Store(server.url(ledger))
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

    def test_a_statement_that_takes_too_long_changes_nothing(self, store: Store) -> None:
        head = store.head()
        with pytest.raises(Unavailable, match="took too long"), store.file.writing() as connection:
            run(connection, "SET LOCAL statement_timeout = 10; SELECT pg_sleep(5)")
        assert store.head() == head
