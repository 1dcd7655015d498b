"""Chronologies that several questions are asked of: `held`, and one state for a command."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from factstore.chronology import Chronology
from factstore.cli import cli
from factstore.database.sqlite.connections import Pool, SqliteConnection
from factstore.errors import Corrupt, NoLedger, Refused, UnknownId
from factstore.store import Store

DOCUMENT = {
    "sources": [{"id": "paper", "published": "2018-04-03"}],
    "facts": [
        {"id": "call", "title": "They spoke", "when": "2018-03-20", "evidence": [{"source": "paper"}]},
        {"id": "visit", "title": "He came", "when": "2018-04-01", "evidence": [{"source": "paper"}]},
    ],
}


@pytest.fixture
def filled(store: Store) -> Store:
    store.load(DOCUMENT)
    return store


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by a word with each transaction that begins."""
    words: list[str] = []
    transaction = Pool.transaction

    def counting(pool: Pool[SqliteConnection], *, kept: bool = True) -> object:
        words.append(pool._begin)
        return transaction(pool, kept=kept)

    monkeypatch.setattr(Pool, "transaction", counting)
    return words


CLOCKS: dict[str, Callable[[Store], Chronology]] = {
    "now": lambda store: store,
    "known at": lambda store: store.at(known=store.head().position),
    "published by": lambda store: store.at(published="2018-04"),
}


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_held_chronology_answers_from_one_state_whatever_is_committed_meanwhile(filled: Store, clock: str) -> None:
    asked = CLOCKS[clock](filled)
    with asked.held() as chronology:
        before = chronology.fact("call"), chronology.overview(), len(chronology.log())
        with closing(Store(filled.path)) as other:
            other.correct("call", {"title": "They met"})
        assert (chronology.fact("call"), chronology.overview(), len(chronology.log())) == before
    assert filled.fact("call").title == "They met"


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_held_chronology_is_one_transaction_and_so_is_one_held_within(
    filled: Store, clock: str, begun: list[str]
) -> None:
    asked = CLOCKS[clock](filled)
    begun.clear()
    with asked.held() as chronology, chronology.held() as within:
        assert [found.fact.id for found in chronology.timeline.before("visit")] == ["call"]
        assert within.facts("spoke", limit=1)[0].id == "call"
        assert within.show("visit").json()["id"] == "visit"
    assert begun == ["BEGIN"]


def test_a_held_chronology_refuses_questions_after_its_block(filled: Store) -> None:
    with filled.held() as chronology:
        assert chronology.fact("call").id == "call"
    with pytest.raises(Refused, match="inside its block"):
        chronology.fact("call")


def test_held_needs_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(NoLedger), Store(tmp_path / "none.db").held():
        raise AssertionError("not reached")


def test_a_refusal_leaves_a_held_chronology_usable_and_the_block_raises_its_own_errors(filled: Store) -> None:
    with filled.held() as chronology:
        with pytest.raises(UnknownId):
            chronology.fact("nothing")
        assert chronology.fact("call").id == "call"
    fault = sqlite3.OperationalError("of another database")
    with pytest.raises(sqlite3.OperationalError), filled.held():
        raise fault


def test_damage_that_breaks_a_held_question_is_named(filled: Store) -> None:
    with filled.file.writing() as connection:
        connection.cursor().execute("UPDATE fact SET participants = 'no JSON' WHERE title = 'They spoke'")
        connection.commit()
    with filled.held() as chronology, pytest.raises(Corrupt, match="rebuild"):
        chronology.fact("call")


def test_threads_take_turns_with_a_held_chronology(filled: Store) -> None:
    with filled.held() as chronology, ThreadPoolExecutor(4) as pool:
        names = [*pool.map(lambda name: chronology.fact(name).id, ["call", "visit"] * 20)]
    assert names == ["call", "visit"] * 20


@pytest.mark.parametrize(
    "question",
    [["before", "vis"], ["show", "call"], ["facts", "nothing"], ["export", "-", "--to", "timelinejs"], ["timeline"]],
)
def test_a_command_reads_one_state(filled: Store, question: list[str], begun: list[str]) -> None:
    filled.close()
    begun.clear()
    result = CliRunner().invoke(cli, [*question, "--db", str(filled.path)])
    assert result.exit_code == 0, result.output
    assert begun == ["BEGIN"]
