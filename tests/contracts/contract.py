"""The contract. An engine's tests inherit `LedgerContract`, or `AnswersOfAFile`, and replace only the fixture `places`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factstore
from factstore.chronology import Chronology
from factstore.cli.following import following
from factstore.database.statements import column, run, value
from factstore.documents.reading import read_parts
from factstore.errors import Changed, FactstoreError, InputError, NoLedger, Refused, Repeated
from factstore.store import Store
from factstore.writing.by_hand import OpenCommit
from tests.contracts.answers import answers, views
from tests.support.checks import check_store
from tests.support.chronologies import Step, documents, steps, take

SEED = Path(__file__).parents[2] / "seeds" / "moscow-times-2018-04-02.yaml"
DOCUMENT: dict[str, Any] = {
    "sources": [
        {
            "id": "paper",
            "publisher": "The Paper",
            "published": "2018-04-02",
            "text": "It rained. Ann was at ann@example.org.",
        },
        {"id": "late", "title": "Later", "published": "2020", "seen_through": "paper"},
    ],
    "speakers": [{"id": "ann", "name": "Ann Ösk", "aliases": ["Ann"]}],
    "facts": [
        {
            "id": "rain",
            "title": "It rained",
            "when": "2018-03-20",
            "place": "Oslo",
            "tags": ["x", "wet"],
            "participants": [{"name": "Ann Ösk", "role": "wet"}],
            "evidence": [
                {"source": "paper", "quote": "It rained", "attribution": ["ann", "The Paper"]},
                {"source": "late", "quote": "rain"},
            ],
        },
        {"id": "call", "title": "Ann wrote", "evidence": [{"source": "paper", "quote": "Ann was at ann@example.org"}]},
        {"id": "far", "title": "Something long ago", "when": "Y-300000", "evidence": [{"source": "paper"}]},
        {"id": "set", "title": "Now and then", "when": "{2018-01-05,2018-02-09}", "evidence": [{"source": "late"}]},
    ],
    "orderings": [{"fact": "call", "relation": "after", "other": "rain", "evidence": [{"source": "late"}]}],
}

Places = Callable[[], str]
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


class LedgerContract:
    """What holds for a ledger on any engine."""

    @pytest.fixture
    def places(self) -> Places:
        """Free places for ledgers."""
        raise NotImplementedError

    @pytest.fixture
    def store(self, places: Places) -> Iterator[Store]:
        """A ledger that holds `DOCUMENT`."""
        with Store(places()) as made:
            made.load(DOCUMENT, message="first", by="Test")
            yield made

    # --- it is there, or it is not ---

    def test_without_a_ledger_one_sentence_says_so(self, places: Places) -> None:
        store = Store(places())
        assert not store.file.exists()
        assert not store.file.begun()
        with pytest.raises(NoLedger, match="there is no ledger at"):
            store.facts()
        with pytest.raises(NoLedger, match="there is no ledger at"):
            store.withdraw("rain")

    def test_a_ledger_is_made_once(self, places: Places) -> None:
        store = Store(places())
        head = store.init(by="Test")
        assert head.position == 2
        with pytest.raises(Refused, match="already exists"):
            store.init()
        assert store.head() == head

    def test_a_failure_while_a_ledger_is_made_leaves_none(self, places: Places) -> None:
        store = Store(places())
        with pytest.raises(FactstoreError):
            store.load({"facts": [{"id": "x", "title": "x"}]})
        assert not store.file.exists()
        store.load(DOCUMENT, dry_run=True)
        assert not store.file.exists()

    # --- answers ---

    def test_questions_have_the_naive_readers_answers_also_after_a_rebuild(self, store: Store) -> None:
        store.correct("rain", {"when": "2018-03-21"}, by="Test")
        check_store(store, ["2018-03"], evidence=[("2018-04-02", None), ("2019", None)])

    def test_words_are_found_whatever_their_case_and_accents_and_side_by_side(self, store: Store) -> None:
        def found(words: str, **clock: Any) -> list[str]:
            return sorted(fact.id for fact in store.at(**clock).facts(words))

        assert found("osk") == found("ÖSK RAI") == ["rain"]
        assert found("ann@example.org") == ["call"]
        assert found("example@ann.org") == found("-") == []
        before = store.head().position
        store.correct("rain", {"title": "It poured"}, by="Test")
        assert found("poured") == ["rain"]
        assert found("poured", known=before) == []
        assert found("osk", known=before) == ["rain"]
        assert found("poured", published="2018-04-02") == ["rain"]

    # --- one state, one writer ---

    def test_a_question_sees_one_state_whatever_is_committed_meanwhile(self, store: Store) -> None:
        with store.held() as held:
            before = [fact.id for fact in held.facts()]
            store.add("Later still", source="paper", by="Test")
            assert [fact.id for fact in held.facts()] == before
        assert len(store.facts()) == len(before) + 1

    @pytest.mark.parametrize(
        "query",
        [
            "SELECT 1; COMMIT; DELETE FROM fact",
            "COMMIT; DROP TABLE record",
            "COMMIT; BEGIN READ WRITE; CREATE TABLE evil (x integer); COMMIT",
            "ROLLBACK; CREATE TABLE evil (x integer)",
            "SELECT 1; SELECT 2",
            "DELETE FROM fact",
            "CREATE TABLE evil (x integer)",
        ],
    )
    def test_a_custom_query_only_reads(self, store: Store, query: str) -> None:
        before = len(store.facts())
        with pytest.raises(InputError, match="this query is refused"):
            store.sql(query)
        assert store.sql("SELECT count(*) AS facts FROM facts")[0].facts == before
        assert store.verify().ok

    def test_what_a_custom_query_sets_ends_with_it(self, store: Store) -> None:
        engine = type(store.file).__name__
        set_it, read_it = {
            "LedgerFile": ("PRAGMA case_sensitive_like = 1", "SELECT 'A' LIKE 'a'"),
            "LedgerSchema": (
                "SELECT set_config('search_path', 'pg_catalog', false)",
                "SELECT current_schema() <> 'pg_catalog'",
            ),
        }[engine]
        facts = len(store.facts())
        store.sql(set_it)
        assert store.sql(read_it)[0][0]
        assert len(store.facts()) == facts

    def test_words_are_found_in_attributes_too_and_on_every_clock(self, store: Store) -> None:
        store.correct("rain", {"attributes": {"Exhibit": "EX-4471", "Notes": "told by Zoë"}})
        before = store.head().position
        store.correct("rain", {"attributes": {"Exhibit": "EX-9"}})
        for words in ("ex-4471", "exhibit 4471", "zoe", "rain zoe"):
            assert [one.id for one in store.facts(words)] == []
            assert [one.id for one in store.at(known=before).facts(words)] == ["rain"], words
        assert [one.id for one in store.facts("EX-9")] == ["rain"]
        assert store.verify().problems == []

    @pytest.mark.parametrize("wrong", [{"source": 5}, {"source": "nobody"}, {"source": "paper", "sorce": "late"}])
    def test_a_call_that_raises_ends_its_block_even_if_the_exception_is_caught(
        self, store: Store, wrong: dict[str, Any]
    ) -> None:
        def block() -> None:
            with store.commit() as commit:
                with suppress(FactstoreError, TypeError):
                    commit.add("First", **wrong)
                commit.add("Second", source="paper")

        head = store.head()
        with pytest.raises(Refused, match="a call in this commit failed"):
            block()
        assert store.head() == head

    def test_a_block_that_raises_leaves_no_trace(self, store: Store) -> None:
        head, before = store.head(), answers(store)
        with pytest.raises(Changed):
            store.load({"facts": [{"id": "new", "title": "New", "evidence": [{"source": "paper"}]}, *_changed()]})
        store.correct("rain", {"title": "Never"}, dry_run=True)
        assert (store.head(), answers(store)) == (head, before)

    def test_writers_wait_for_one_another_and_positions_have_no_gap(self, store: Store) -> None:
        first = store.head().position

        def write(writer: int) -> None:
            with Store(store.file.location) as own:
                for turn in range(5):
                    own.add(f"Fact {turn} of {writer}", source="paper", by=f"Writer {writer}")

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(4)))
        assert store.head().position == first + 4 * 5 * 3
        assert store.verify().problems == []

    def test_a_follower_gets_each_record_once_and_in_order(self, store: Store) -> None:
        first, writers, turns = store.head().position, 3, 4
        count = writers * turns * 3

        def write(writer: int) -> None:
            with Store(store.file.location) as own:
                for turn in range(turns):
                    own.add(f"Fact {turn} of {writer}", source="paper", by=f"Writer {writer}")
                    self.meanwhile(store)

        with ThreadPoolExecutor(writers + 1) as pool:
            followed = pool.submit(
                lambda: [one.position for one in following(Store(store.file.location), first, count)]
            )
            list(pool.map(write, range(writers)))
            assert followed.result(timeout=60) == [*range(first + 1, first + count + 1)]

    def meanwhile(self, store: Store) -> None:
        """What else an engine's tests do while others write and follow."""

    # --- requests ---

    def test_a_request_is_committed_once_and_says_what_it_did_then(self, store: Store) -> None:
        name, done = store.add("Once more", source="paper", by="Test", request="sheet-7/row1")
        head = store.head()
        assert (done.request, done.repeated, done.position) == ("sheet-7/row1", None, head.position)
        again, repeated = store.add("Once more", source="paper", by="Test", request="sheet-7/row1")
        assert (again, repeated.position, repeated.request) == (name, done.position, done.request)
        assert repeated.repeated == store.log(limit=1)[0].recorded_at
        assert repeated.tally.recorded == {"fact": [name], "citation": [f"{name}/paper/1"]}
        assert store.head() == head
        [commit] = store.commits(request="sheet-7/row1")
        assert commit.position == done.position
        assert store.commits(request="sheet-7/row2") == []

    def test_every_call_that_writes_is_a_no_op_under_a_request_that_was_committed(self, store: Store) -> None:
        done: dict[str, Any] = {}
        calls: dict[str, Callable[[str], Any]] = {
            "load": lambda one: store.load({"sources": [{"id": "more"}]}, request=one),
            "add": lambda one: store.add("More", source="paper", request=one),
            "add_all": lambda one: store.add_all([{"title": "Most", "evidence": [{"source": "paper"}]}], request=one),
            "add_source": lambda one: store.add_source(title="A book", request=one),
            "cite": lambda one: store.cite("rain", source="late", quote="wet", request=one),
            "relate": lambda one: store.relate("far", "before", "rain", source="paper", request=one),
            "correct": lambda one: store.correct("rain", {"place": "Bergen"}, request=one),
            "withdraw": lambda one: store.withdraw("set", request=one, allow_unsupported=True),
            "restore": lambda one: store.restore("set", request=one),
            "revert": lambda one: store.revert(done["restore"].position, request=one),
            "redact": lambda one: store.redact("far", why="asked", request=one),
        }
        for name, call in calls.items():
            first = done[name] = call(name)
            head = store.head()
            second = call(name)
            assert store.head() == head, name
            if isinstance(first, tuple) and isinstance(first[0], str | list):
                assert second[0] == first[0], name
        with pytest.raises(Repeated) as told, store.commit(request="load"):
            raise AssertionError("the block does not run")
        assert told.value.committed.tally.recorded == {"source": ["more"]}
        assert store.verify().problems == []
        store.rebuild()
        assert store.load({"sources": [{"id": "more"}]}, request="load").repeated

    def test_a_request_that_was_committed_with_other_content_is_refused(self, store: Store) -> None:
        calls: dict[str, Sequence[Callable[[str], Any]]] = {
            "load": [
                lambda one: store.load({"sources": [{"id": "more"}]}, request=one),
                lambda one: store.load({"sources": [{"id": "most"}]}, request=one),
                lambda one: store.load({"sources": [{"id": "more"}]}, {"sources": [{"id": "most"}]}, request=one),
                lambda one: store.load({"sources": [{"id": "more"}]}, texts={"more": "It hailed"}, request=one),
            ],
            "add": [
                lambda one: store.add("More", source="paper", request=one),
                lambda one: store.add("More", source="late", request=one),
                lambda one: store.add("More", source="paper", when="2018", request=one),
                lambda one: store.withdraw("set", request=one, allow_unsupported=True),
            ],
            "add_all": [
                lambda one: store.add_all(iter([{"title": "Most", "evidence": [{"source": "paper"}]}]), request=one),
                lambda one: store.add_all(iter([{"title": "Most", "evidence": [{"source": "late"}]}]), request=one),
            ],
            "add_source": [
                lambda one: store.add_source(title="A book", request=one),
                lambda one: store.add_source(title="A book", published="1999", request=one),
            ],
            "cite": [
                lambda one: store.cite("rain", source="late", quote="wet", request=one),
                lambda one: store.cite("rain", source="late", quote="dry", request=one),
            ],
            "correct": [
                lambda one: store.correct("rain", {"place": "Bergen"}, request=one),
                lambda one: store.correct("rain", {"place": "Berlin"}, request=one),
            ],
            "withdraw": [
                lambda one: store.withdraw("set", request=one, allow_unsupported=True),
                lambda one: store.withdraw("rain", request=one, allow_unsupported=True),
                lambda one: store.restore("set", request=one),
            ],
            "redact": [
                lambda one: store.redact(4, why="asked", request=one),
                lambda one: store.redact(5, why="asked", request=one),
            ],
        }
        for name, (call, *others) in calls.items():
            call(name)
            head = store.head()
            for other in others:
                with pytest.raises(
                    Refused, match=f"the request {name} was committed before, as .* with other content"
                ) as told:
                    other(name)
                assert not isinstance(told.value, Repeated)
            call(name)
            assert store.head() == head, name
        with pytest.raises(Refused, match="with other content"):
            store.redact(4, why="asked", request="withdraw")
        assert store.verify().problems == []

    def test_content_is_the_same_in_every_order_of_a_set_and_mapping_and_no_other(self, store: Store) -> None:
        def write(content: object) -> None:
            with store.commit(request=factstore.Request("bells", content)) as commit:
                commit.add("Bells rang", source="paper")

        write({"tags": {"a", "b"}, "people": ["Ann"]})
        with pytest.raises(Repeated):
            write({"people": ["Ann"], "tags": frozenset(["b", "a"])})
        for other in ({"tags": set(), "people": ["a", "b", "Ann"]}, [["tags", "a"], "b", "people", "Ann"]):
            with pytest.raises(Refused, match="with other content"):
                write(other)
        for unstable in (object(), len, {"row": object()}):
            with pytest.raises(InputError, match="a request cannot be compared by"):
                write(unstable)

    def test_a_block_is_compared_if_its_request_says_what_it_is_for(self, store: Store) -> None:
        def bells(content: object) -> str:
            with store.commit(request=factstore.Request("bells", content)) as commit:
                return commit.add("Bells rang", source="paper")

        assert bells({"row": 7}) == "bells-rang"
        head = store.head()
        with pytest.raises(Repeated):
            bells({"row": 7})
        with pytest.raises(Refused, match=r"the request bells was committed before, as .* with other content") as told:
            bells({"row": 8})
        assert not isinstance(told.value, Repeated)
        with pytest.raises(Repeated):
            bells(None)
        assert store.head() == head

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
    @pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
    def test_a_forked_process_asks_and_writes_for_itself_and_leaves_its_parents_commit_and_chronology_alone(
        self, store: Store
    ) -> None:
        def forked(work: Callable[[], None]) -> int:
            child = os.fork()
            if not child:
                with suppress(BaseException):
                    work()
                    os._exit(0)
                os._exit(1)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

        def ask_and_write() -> None:
            assert [one.id for one in store.facts()] == facts
            store.add("Told by the child", source="paper", id="child")

        def use(commit: OpenCommit, chronology: Chronology) -> None:
            for call in (lambda: commit.add("Meddling", source="paper"), chronology.facts):
                with pytest.raises(Refused, match=r"by the (process|thread) that"):
                    call()
            assert [one.id for one in store.facts()] == [*facts, "child"]

        def leave(block: AbstractContextManager[OpenCommit]) -> None:
            with pytest.raises(Refused, match="this one was forked from it, and wrote nothing"):
                block.__exit__(None, None, None)

        facts = [one.id for one in store.facts()]
        assert forked(ask_and_write) == 0
        block = store.commit()
        with store.held() as chronology, block as commit:
            commit.add("Told by the parent", source="paper", id="parent")
            assert forked(lambda: use(commit, chronology)) == 0
            assert forked(lambda: use(commit, chronology)) == 0
            assert forked(lambda: leave(block)) == 0
            assert len(chronology.facts()) == len(facts) + 1
        assert {one.id for one in store.facts()} == {*facts, "child", "parent"}
        assert store.verify().problems == []

    def test_a_long_document_in_parts_is_compared_too(self, store: Store, tmp_path: Path) -> None:
        path = tmp_path / "long.jsonl"
        lines = [f'{{"source": {{"id": "s{n}", "title": "Number {n}"}}}}\n' for n in range(2500)]
        path.write_text("".join(lines))
        head = store.load(path, request="long").position
        assert store.load(path, request="long").repeated
        assert store.load(read_parts(path, "jsonl", lines=700), request="long").repeated
        path.write_text("".join(lines).replace("Number 2400", "Number 7"))
        with pytest.raises(Refused, match="with other content"):
            store.load(path, request="long")
        assert store.head().position == head

    def test_no_guess_can_be_confirmed_once_a_record_of_the_request_is_redacted(self, store: Store) -> None:
        store.add("Ann was seen", source="paper", id="seen", request="seen")
        with store.file.reading() as connection:
            position = value(connection, "SELECT position FROM thing WHERE id = 'seen'")
        store.redact(position, why="asked")
        assert store.add("Ann was not seen", source="paper", id="seen", request="seen")[1].repeated

    def test_no_digest_is_kept_of_what_other_commits_recorded(self, store: Store) -> None:
        store.load({**DOCUMENT, "sources": [*DOCUMENT["sources"], {"id": "more"}]}, request="again")
        with store.file.reading() as connection:
            said = value(connection, "SELECT payload FROM payload ORDER BY position DESC LIMIT 1")
        assert '"request":"again"' in said
        assert '"asked"' not in said

    def test_writers_at_the_same_time_commit_one_request_once(self, store: Store) -> None:
        first = store.head().position

        def write(_: int) -> int | None:
            with Store(store.file.location) as own:
                return own.add("The same", source="paper", by="Test", request="the-same")[1].position

        with ThreadPoolExecutor(6) as pool:
            assert {*pool.map(write, range(12))} == {first + 3}
        assert store.head().position == first + 3

    def test_a_request_whose_commit_was_redacted_is_refused(self, store: Store) -> None:
        done = store.withdraw("set", allow_unsupported=True, message="Ann", request="by-ann")
        assert done.position is not None
        store.redact(done.position, why="a name")
        with pytest.raises(Refused, match="the request by-ann was already committed"):
            store.restore("set", request="by-ann")

    @pytest.mark.parametrize("request_", ["", "two words", "x" * 129, "Zürich"])
    def test_an_impossible_request_id_is_refused(self, store: Store, request_: str) -> None:
        with pytest.raises(InputError, match="not a request id"):
            store.withdraw("rain", request=request_)

    def test_a_dry_run_takes_no_request(self, store: Store) -> None:
        store.withdraw("set", allow_unsupported=True, request="r", dry_run=True)
        assert store.withdraw("set", allow_unsupported=True, request="r").repeated is None
        assert store.withdraw("set", allow_unsupported=True, request="r", dry_run=True).repeated

    # --- append-only ---

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE record SET kind = 'x' WHERE position = 1",
            "UPDATE payload SET payload = '{}'",
            "DELETE FROM record WHERE position = 2",
            "DELETE FROM payload WHERE position = 2",
            "DELETE FROM archived_text",
            "UPDATE archived_text SET characters = 0",
            "INSERT INTO record SELECT position + 2, kind, version, subject, recorded_at, payload_hash, hash FROM record",
            "INSERT INTO record SELECT 0, kind, version, subject, recorded_at, payload_hash, hash FROM record "
            "WHERE position = 1",
            "INSERT INTO payload SELECT (SELECT max(position) + 1 FROM record), salt, payload FROM payload "
            "WHERE position = 1",
        ],
    )
    def test_the_database_refuses_to_change_history(self, store: Store, statement: str) -> None:
        head = store.head()
        with store.file.writing() as connection, pytest.raises(connection.dialect.Error):
            run(connection, statement)
        assert store.head() == head
        assert store.verify().problems == []

    # --- moved ---

    def test_a_ledger_moves_to_a_file_and_back_with_the_same_head_and_answers(
        self, store: Store, places: Places, tmp_path: Path
    ) -> None:
        store.load(SEED, by="Test")
        store.redact(store.head().position, why="a name in it", by="Test")
        file, again = str(tmp_path / "moved.db"), places()
        head = store.head()
        assert store.copy(file) == head
        with Store(file) as moved, Store(again) as back:
            assert moved.copy(again) == head
            for one in (moved, back):
                assert one.verify().problems == []
                assert answers(one) == answers(store)
                assert views(one) == views(store)
            back.add("Something more", source="paper", by="Test")
            with pytest.raises(Refused, match="already exists"):
                store.copy(again)

    def test_a_backup_is_a_file_with_the_same_head(self, store: Store, tmp_path: Path) -> None:
        head = store.backup(tmp_path / "backup.db")
        with Store(tmp_path / "backup.db") as backup:
            assert backup.head() == head == store.head()
            assert backup.verify().problems == []
            assert answers(backup) == answers(store)

    # --- verified, mended, redacted ---

    def test_verify_names_what_was_falsified_and_rebuild_mends_it(self, store: Store) -> None:
        right = answers(store)
        with store.file.writing() as connection:
            run(connection, "UPDATE fact SET title = 'It snowed' WHERE title = 'It rained'")
            run(connection, "DELETE FROM placement WHERE id = 'call'")
            connection.commit()
        problems = " ".join(str(problem) for problem in store.verify().problems)
        assert "fact: title is not as recorded" in problems
        assert "placement: a row is missing" in problems
        store.rebuild()
        assert store.verify().problems == []
        assert answers(store) == right

    def test_redacted_content_is_gone_and_the_chain_holds(self, store: Store) -> None:
        with store.file.reading() as connection:
            position = value(connection, "SELECT position FROM thing WHERE id = 'call'")
        done = store.redact(position, why="a court said so", by="Test")
        assert done.unscrubbed is None
        assert store.verify().problems == []
        with store.file.reading() as connection:
            assert not [text for text in column(connection, "SELECT payload FROM payload") if "Ann wrote" in text]
        assert [fact.id for fact in store.facts("wrote")] == []
        with pytest.raises(FactstoreError, match="redacted"):
            store.load({"facts": [{"id": "call", "title": "Ann wrote", "evidence": [{"source": "paper"}]}]})

    def test_a_source_whose_archived_text_is_redacted_stays_and_the_text_does_not_come_back(self, store: Store) -> None:
        text = "Nobody came. It was told that Zebulon Quixotry was there."
        store.add_source(text, id="report", title="A report", by="Test")
        done = store.redact(texts=["Zebulon Quixotry"], why="a court said so", by="Test")
        assert [(place.kind, place.id) for place in done.redacted] == [("archived text", "report")]
        assert (done.unscrubbed, done.stored, done.mentions) == (None, (), ())
        assert store.text("report") is None
        assert [source.title for source in store.sources() if source.id == "report"] == ["A report"]
        assert store.verify().problems == []
        with pytest.raises(FactstoreError, match="redacted"):
            store.add_source(text, id="again", by="Test")
        store.add_source(text, id="report", by="Test", allow_redacted=True)
        assert store.text("report") == text
        with pytest.raises(FactstoreError), store.file.writing() as connection:
            run(connection, "DELETE FROM archived_text")


def _changed() -> list[dict[str, Any]]:
    return [{"id": "rain", "title": "It snowed", "evidence": [{"source": "paper", "quote": "It rained"}]}]


class AnswersOfAFile(LedgerContract):
    """What other engines than SQLite promise besides: whatever is recorded, all is answered as by a file."""

    @pytest.fixture
    def on_a_file(self, tmp_path: Path) -> Iterator[Store]:
        """The same on SQLite."""
        with Store(tmp_path / "same.db") as made:
            made.load(DOCUMENT, message="first", by="Test")
            yield made

    def test_everything_is_answered_as_on_a_file(self, store: Store, on_a_file: Store) -> None:
        for one in (store, on_a_file):
            one.load(SEED, message="the article", by="Test")
            one.correct("rain", {"when": "2018-03-21"}, message="misread", by="Test")
            one.cite("rain", source="late", quote="it did rain", by="Test")
            one.withdraw("set", message="another was meant", by="Test")
            one.relate("far", "before", "rain", source="paper", gap={"min": "P1D"}, by="Test")
            one.correct("ann", {"aliases": ["Ann", "A. Ö."]}, evidence=["rain/paper/1"], by="Test")
        assert answers(store) == answers(on_a_file)
        shown = views(on_a_file)
        for name, rows in views(store).items():
            assert rows == shown[name], name
        for clock in ({"known": 2}, {"known": 20}, {"published": "2018-04-02"}, {"published": "2019", "known": 25}):
            assert answers(store.at(**clock)) == answers(on_a_file.at(**clock)), clock
        assert [one.json() for one in store.diff(2)] == [one.json() for one in on_a_file.diff(2)]
        assert store.verify().problems == []

    @pytest.mark.hypothesis
    def test_random_histories_are_answered_as_on_a_file(
        self, places: Places, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        @settings(max_examples=5, suppress_health_check=_SLOW)
        @given(document=documents(), history=st.lists(steps(), max_size=5))
        def answered_alike(document: dict[str, Any], history: list[Step]) -> None:
            with Store(places()) as one, Store(tmp_path_factory.mktemp("same") / "same.db") as other:
                for each in (one, other):
                    each.load(document, allow_conflict=True, by="Test")
                    for step in history:
                        take(each, step, allow_conflict=True)
                assert answers(one) == answers(other)
                known = one.head().position // 2
                assert answers(one.at(known=known)) == answers(other.at(known=known))
                assert answers(one.at(published="2018-04")) == answers(other.at(published="2018-04"))

        answered_alike()
