"""A standby answers what it can, and refuses the rest in a sentence."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from factstore.errors import Unavailable
from factstore.store import Store
from tests.contracts.answers import answers, views
from tests.contracts.contract import DOCUMENT
from tests.support.postgresql import Server


@pytest.fixture
def leader(server: Server) -> Store:
    store = Store(server.ledger())
    store.load(DOCUMENT, by="Test")
    return store


@pytest.fixture
def standby(server: Server, leader: Store) -> Store:
    """The same ledger on a standby, once that has all of it."""
    store = Store(f"{leader.file.location}&port={server.standby()}")
    _await(store, leader)
    return store


def _await(standby: Store, leader: Store) -> None:
    """Wait until the standby has all that the leader has."""
    until = time.monotonic() + 60
    while not (standby.file.exists() and standby.head() == leader.head()):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_standby_answers_verifies_and_is_copied(standby: Store, leader: Store, tmp_path: object) -> None:
    assert [fact.json() for fact in standby.facts(evidence=True)] == [
        fact.json() for fact in leader.facts(evidence=True)
    ]
    assert standby.at(known=3).sources() == leader.at(known=3).sources()
    assert [found.json() for found in standby.timeline.before("2019", why=True)] == [
        found.json() for found in leader.timeline.before("2019", why=True)
    ]
    assert [fact.id for fact in standby.facts("osk rai")] == ["rain"]
    assert views(standby) == views(leader)
    assert standby.verify().problems == []
    assert standby.backup(f"{tmp_path}/copy.db") == leader.head()
    with Store(f"{tmp_path}/copy.db") as copy:
        assert copy.at(published="2018-04-02").facts() == leader.at(published="2018-04-02").facts()


def test_a_standby_answers_on_the_clocks_of_evidence_from_a_copy_of_now(standby: Store, leader: Store) -> None:
    clocks: tuple[dict[str, Any], ...] = (
        {"published": "2018-04-02"},
        {"published": "2019", "known": 12},
        {"held": "2019"},
    )
    for clock in clocks:
        assert answers(standby.at(**clock)) == answers(leader.at(**clock)), clock
    leader.correct("rain", {"title": "It poured"}, evidence=["rain/paper/1"], by="Test")
    leader.add("It cleared up", source="paper", by="Test")
    _await(standby, leader)
    with ThreadPoolExecutor(3) as pool:
        found = pool.map(lambda clock: standby.at(**clock).facts(evidence=True), (*clocks, *clocks))
        assert [*found] == [leader.at(**clock).facts(evidence=True) for clock in (*clocks, *clocks)]
    assert [fact.id for fact in standby.at(published="2018-04-02").facts("poured")] == ["rain"]


def test_what_a_standby_cannot_do_is_refused_in_one_sentence(standby: Store, server: Server) -> None:
    with pytest.raises(Unavailable, match=r"cannot be written: the server is a read-only standby$"):
        standby.withdraw("rain", allow_unsupported=True)
    with pytest.raises(Unavailable, match=r"cannot be written: the server is a read-only standby$"):
        Store(f"{server.ledger()}&port={server.standby()}").load(DOCUMENT)
    with pytest.raises(Unavailable, match=r"cannot be written: the server is a read-only standby$"):
        standby.rebuild()
