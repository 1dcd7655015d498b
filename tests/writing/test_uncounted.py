"""What is recorded about something that is withdrawn is recorded, and whoever records it is told that it does not count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from factstore.store import Store
from tests.cli.test_cli import run


@pytest.fixture
def withdrawn(store: Store) -> Store:
    """A ledger in which a source and a fact are withdrawn."""
    evidence = [{"source": "paper"}]
    store.load(
        {
            "sources": [{"id": "paper", "title": "The paper"}, {"id": "hoax", "title": "A hoax"}],
            "facts": [
                {"id": name, "title": name, "when": "2018", "evidence": evidence} for name in ("one", "two", "gone")
            ],
        }
    )
    store.withdraw("gone")
    store.withdraw("hoax")
    return store


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (lambda s: s.add("New", source="hoax", id="new")[1], "new/hoax/1 does not count while hoax is withdrawn"),
        (lambda s: s.cite("gone", source="paper", quote="gone"), "gone/paper/2 does not count while gone is withdrawn"),
        (lambda s: s.relate("one", "before", "gone"), "one.before.gone does not count while gone is withdrawn"),
        (lambda s: s.correct("one/paper/1", {"source": "hoax"}), "one/paper/1 does not count while hoax is withdrawn"),
        (
            lambda s: s.load({"facts": [{"id": "x", "title": "X", "evidence": [{"source": "hoax"}]}]}),
            "x/hoax/1 does not count while hoax is withdrawn",
        ),
    ],
)
def test_evidence_and_orderings_of_what_is_withdrawn_are_named(
    withdrawn: Store, record: Callable[[Store], Any], said: str
) -> None:
    assert record(withdrawn).tally.uncounted == [said]


def test_nothing_is_said_of_what_counts(withdrawn: Store) -> None:
    assert withdrawn.add("New", source="paper")[1].tally.uncounted == []
    withdrawn.restore("gone")
    assert withdrawn.relate("one", "before", "gone").tally.uncounted == []
    loaded = withdrawn.load(
        {
            "sources": [{"id": "other", "title": "O"}],
            "facts": [{"id": "y", "title": "Y", "evidence": [{"source": "other"}, {"source": "paper"}]}],
        }
    )
    assert loaded.tally.uncounted == []


def test_the_command_line_says_it_beside_what_was_done(withdrawn: Store) -> None:
    done = run("add", "New", "--source", "hoax", db=withdrawn.path)
    assert done.code == 0
    assert "new/hoax/1 does not count while hoax is withdrawn; `factstore restore` brings it back" in done.err
