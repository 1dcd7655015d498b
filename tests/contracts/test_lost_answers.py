"""Connections that are cut between a commit and its answer: nothing is lost, and nothing is written twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner

from factstore.cli import cli
from factstore.errors import Unavailable, Uncertain
from factstore.store import Store
from factstore.writing import requests
from tests.contracts.contract import DOCUMENT
from tests.support.cutting import Proxy
from tests.support.postgresql import Server


@pytest.fixture
def folder() -> Iterator[str]:
    """A folder whose path is short enough for a socket."""
    with TemporaryDirectory(prefix="cut-") as made:
        yield made


@pytest.fixture
def proxy(server: Server, folder: str) -> Iterator[Proxy]:
    made = Proxy(Path(folder), server.folder)
    yield made
    made.close()


@pytest.fixture
def place(server: Server, folder: str, proxy: Proxy) -> str:
    """A ledger, reached through the proxy."""
    direct = server.ledger()
    Store(direct).load(DOCUMENT, by="Test")
    return direct.replace(f"host={str(server.folder).replace('/', '%2F')}", f"host={folder.replace('/', '%2F')}")


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    with Store(place) as opened:
        yield opened


def _titles(store: Store) -> list[str]:
    return [fact.title for fact in store.facts("later")]


def test_a_lost_answer_is_found_out(store: Store, proxy: Proxy) -> None:
    before = store.head().position
    proxy.after_commit = True
    name, done = store.add("A later one", source="paper", by="Test")
    assert (proxy.cuts, name) == (1, "a-later-one")
    assert done.position == store.head().position == before + 3
    assert _titles(store) == ["A later one"]
    assert store.verify().problems == []


def test_a_commit_that_never_reached_the_server_is_reported_and_may_be_repeated(store: Store, proxy: Proxy) -> None:
    head = store.head()
    proxy.before_commit = True
    with pytest.raises(Unavailable, match="nothing was written; try again") as told:
        store.add("A later one", source="paper", by="Test")
    assert not isinstance(told.value, Uncertain)
    assert store.head() == head
    store.add("A later one", source="paper", by="Test")
    assert _titles(store) == ["A later one"]


@pytest.mark.parametrize("committed", [True, False], ids=["it had committed", "it had not"])
def test_if_the_server_is_gone_the_outcome_is_unknown_and_the_same_request_is_committed_once(
    store: Store, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    monkeypatch.setattr(requests, "PATIENCE", 0.0)
    store.head()  # so that there is a connection
    proxy.after_commit, proxy.before_commit = committed, not committed
    proxy.closed = True
    with pytest.raises(Uncertain, match="it is unknown whether it did") as told:
        store.add("A later one", source="paper", by="Test")
    assert f"--request {told.value.request}" in str(told.value)
    proxy.closed = False
    name, done = store.add("A later one", source="paper", by="Test", request=told.value.request)
    assert name == "a-later-one"
    assert (done.repeated is not None) is committed
    assert _titles(store) == ["A later one"]
    assert store.verify().problems == []


def test_the_command_says_what_to_do(place: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    monkeypatch.setattr(requests, "PATIENCE", 0.0)
    monkeypatch.setattr(requests, "_was_committed", lambda *_: None)
    proxy.after_commit = True
    typed = ["withdraw", "--db", place, "far", "--by", "Test", "--allow-unsupported"]
    told = CliRunner().invoke(cli, typed)
    assert told.exit_code == 1
    request = told.output.partition("--request ")[2][:32]
    shown = CliRunner().invoke(cli, ["log", "--db", place, "--request", request])
    assert shown.exit_code == 0, shown.output
    assert "withdrew far" in shown.output
    again = CliRunner().invoke(cli, [*typed, "--request", request])
    assert again.exit_code == 0, again.output
    assert "was committed before" in again.output
    assert "nothing was written now" in again.output
    missing = CliRunner().invoke(cli, ["log", "--db", place, "--request", "other"])
    assert (missing.exit_code, missing.output) == (1, "factstore: no commit has the request other\n")


def test_an_answer_lost_while_a_ledger_is_made(server: Server, place: str, proxy: Proxy) -> None:
    other = Store(place.replace("ledger=", "ledger=other_"))
    proxy.after_commit = True
    done = other.load(DOCUMENT, by="Test")
    assert proxy.cuts == 1
    assert done.position == other.head().position
    assert other.verify().problems == []


def test_an_answer_lost_while_something_is_redacted(store: Store, proxy: Proxy) -> None:
    store.head()
    proxy.after_commit = True
    done = store.redact("far", why="a court said so", by="Test", request="court-1")
    assert proxy.cuts == 1
    assert done.redacted
    again = store.redact("far", why="a court said so", by="Test", request="court-1")
    assert (again.position, again.redacted) == (done.position, ())
    assert store.verify().problems == []


def test_wherever_a_connection_is_cut_repeated_work_is_done_once(
    store: Store, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "PATIENCE", 0.0)
    for turn in range(1, 40):
        proxy.count_down = turn
        done = None
        while done is None:
            try:
                _, done = store.add(f"A later one {turn}", source="paper", by="Test", request=f"turn-{turn}")
            except Unavailable:
                proxy.count_down = None
        assert done.tally.recorded["fact"] == [f"a-later-one-{turn}"]
    proxy.count_down = None
    assert proxy.cuts > 10
    assert len(_titles(store)) == 39
    assert store.verify().problems == []
