"""The log of commits: who did what and why, a line each; and what rested on things that are withdrawn."""

from __future__ import annotations

import pytest

from factstore.ledger.payloads import By
from factstore.repository.resting import Resting
from factstore.store import Store
from tests.cli.test_cli import run

DOCUMENT = {
    "sources": [{"id": "paper", "title": "Paper"}, {"id": "wire", "title": "Wire", "seen_through": "paper"}],
    "speakers": [{"id": "town", "name": "Town"}, {"id": "mayor", "name": "Mayor", "of": "town"}],
    "facts": [
        {"id": "a", "title": "A", "evidence": [{"source": "paper"}]},
        {"id": "b", "title": "B", "evidence": [{"source": "paper"}, {"source": "wire"}]},
        {"id": "c", "title": "C", "evidence": [{"source": "wire"}]},
        {"id": "d", "title": "D", "evidence": [{"source": "wire"}]},
    ],
    "orderings": [{"fact": "a", "relation": "before", "other": "b", "evidence": [{"source": "paper"}]}],
}


@pytest.fixture
def told(store: Store) -> Store:
    store.load(DOCUMENT, message="first reading", by="Ann")
    store.correct("a", {"title": "A, of course", "place": "Bonn"}, message="misread", by="Ann")
    store.withdraw("c", by="Bob")
    store.restore("c", message="after all", by=By(name="bot", kind="program"))
    store.cite("a", source="wire", by="Ann")
    return store


def test_a_line_for_each_commit_says_who_did_what_and_why(told: Store) -> None:
    position = told.head().position
    told.redact(position - 1, why="asked for", by="Ann")
    assert run("log", "--limit", "1", db=told.path).out.count("\n") == 1
    found = told.commits()
    assert [(one.recorded_by, [deed.act for deed in one.deeds]) for one in found][:5] == [
        ("Ann", ["redacted"]),
        ("Ann", ["recorded"]),
        ("bot", ["restored"]),
        ("Bob", ["withdrawn"]),
        ("Ann", ["corrected"]),
    ]
    assert found[4].deeds[0].names == ("a",)
    assert set(found[4].deeds[0].fields) == {"title", "place"}
    assert [(deed.thing, deed.times) for deed in found[5].deeds] == [
        ("source", 2),
        ("speaker", 2),
        ("fact", 4),
        ("citation", 6),
        ("ordering", 1),
    ]


def test_the_command_shows_commits_and_with_records_each_record(told: Store) -> None:
    commits = run("log", db=told.path).out
    assert "Ann corrected a (place, title): misread" in " ".join(commits.split())
    assert "bot (a program) brought back c: after all" in " ".join(commits.split())
    assert "recorded 2 sources, 2 speakers, 4 facts, 6 citations, 1 ordering: first reading" in " ".join(
        commits.split()
    )
    assert "made the ledger" in commits
    assert "record 3" not in commits
    records = run("log", "--records", db=told.path).out
    assert records.count("\n") == told.head().position
    assert len(run("log", "--json", db=told.path).json) == told.head().position
    early = run("log", "--known-at", "2", db=told.path).out
    assert early.count("\n") == 1


def test_what_rests_on_a_thing_is_listed_with_the_evidence_that_is_left(told: Store) -> None:
    assert told.resting_on("wire") == [
        Resting("a", "fact", 1),
        Resting("b", "fact", 1),
        Resting("c", "fact", 0),
        Resting("d", "fact", 0),
    ]
    assert told.resting_on("paper")[-1] == Resting("wire", "source", None)
    assert told.resting_on("a") == [Resting("a.before.b", "ordering", None)]
    assert told.resting_on("town") == [Resting("mayor", "speaker", None)]
    assert told.resting_on("c/wire/1") == [Resting("c", "fact", 0)]


def test_a_withdrawal_shows_what_rested_on_it(told: Store) -> None:
    done = run("withdraw", "wire", "--allow-unsupported", db=told.path)
    assert done.code == 0
    assert "what rested on it: a (1 more), b (1 more), c (nothing else), d (nothing else)" in done.err
    assert "what rested on it" not in run("withdraw", "c", db=told.path).err
