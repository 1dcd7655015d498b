"""Corrections: what undoes a commit, what stands in the way, and what happens if two writers correct the same thing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click import Command, Group
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from factstore.cli import cli
from factstore.errors import BuiltUpon, Changed, Contradiction, FactstoreError, Refused, Stale, Unsupported
from factstore.ledger.payloads import By
from factstore.repository.answers import Thing
from factstore.store import Store
from tests.conftest import NewStore
from tests.support.checks import check_rebuild, check_store

CALL: dict[str, Any] = {
    "id": "call",
    "title": "They spoke",
    "when": "2018-03-20",
    "tags": ["talks"],
    "evidence": [{"source": "paper", "quote": "spoke"}],
}
SMALL: dict[str, Any] = {
    "sources": [{"id": "paper", "title": "The paper"}, {"id": "radio", "title": "The radio"}],
    "speakers": [{"id": "ann", "name": "Ann Smith"}],
    "facts": [
        CALL,
        {"id": "visit", "title": "They met", "evidence": [{"source": "paper", "attribution": ["ann", "radio"]}]},
    ],
}


@pytest.fixture
def small(store: Store) -> Store:
    store.load(SMALL, message="first reading", by="Ann")
    return store


def with_call(**changes: Any) -> dict[str, Any]:
    """The document, with other fields of the call."""
    return SMALL | {"facts": [CALL | changes, SMALL["facts"][1]]}


def done(store: Store) -> int:
    """The last commit."""
    return store.head().position


def state(store: Store) -> dict[str, Any]:
    """What each thing says, what was last loaded for it, and whether it counts."""
    with store._asking() as repository:
        every = repository.rows("SELECT position, id FROM thing")
        held = repository.held((row.position for row in every), since_loaded=True)
        return {row.id: _told(held[row.position]) for row in every}


def _told(held: Thing) -> tuple[dict[str, Any], dict[str, Any], bool]:
    loaded = {name: held.values(name)[0] for name in (held.fields.keys() | held.since_loaded.keys()) - {"withdrawn"}}
    return held.fields, {name: value for name, value in loaded.items() if value is not None}, held.withdrawn


def blocked(store: Store, commit: int) -> list[str]:
    """The records that stand in the way of a revert; asserts that its refusal leaves no trace."""
    head = store.head()
    with pytest.raises(BuiltUpon, match=f"commit {commit} cannot be reverted before") as refused:
        store.revert(commit)
    assert store.head() == head
    assert all(record in str(refused.value) for record in refused.value.records)
    return refused.value.records


def test_a_correction_names_speakers_and_sources_as_documents_do(small: Store) -> None:
    small.correct("call/paper/1", {"attribution": ["ann", "Somebody", "radio"]})
    assert small.who_says("call")[0].attribution == ("Ann Smith", "Somebody", "The radio")
    evidence = [{"source": "paper", "quote": "spoke", "attribution": ["ann", "Somebody", "radio"]}]
    assert small.load(with_call(evidence=evidence)).position is None


def test_an_ordering_that_becomes_one_without_a_direction_is_kept_the_one_way_round(small: Store) -> None:
    small.relate("visit", "before", "call", id="both")
    commit = small.correct("both", {"relation": "equals"}).position
    document = {"orderings": [{"id": "both", "fact": "visit", "relation": "equals", "other": "call"}]}
    assert small.load(document).position is None
    assert commit
    small.revert(commit)
    assert small.timeline.order("visit", "call").relations["before"] == "certain"


# --- what undoes what -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "write",
    [
        lambda store: store.correct("call", {"when": "2017-03-20", "place": "Moscow", "tags": None}),
        lambda store: store.correct("call/paper/1", {"source": "radio", "attribution": ["Bob"], "quote": None}),
        lambda store: store.correct("visit/paper/1", {"attribution": ["paper"]}),
        lambda store: store.correct("ann", {"name": "Ann Jones", "aliases": ["Ann"]}),
        lambda store: store.withdraw("call"),
        lambda store: store.withdraw("paper", allow_unsupported=True),
        lambda store: store.load(with_call(when="2017-03-20", zone="+03:00"), correct="other"),
        lambda store: store.load(with_call(when="2017", withdrawn="true"), correct="other"),
    ],
)
def test_a_revert_brings_back_what_was_just_before(small: Store, write: Callable[[Store], Any]) -> None:
    before = state(small)
    write(small)
    after, commit = state(small), done(small)
    assert after != before
    reverted = small.revert(commit)
    assert state(small) == before
    assert reverted.position == done(small)
    with pytest.raises(Refused, match=f"commit {commit} has nothing left to undo"):
        small.revert(commit)
    small.revert(done(small), allow_unsupported=True)
    assert state(small) == after, "a revert of a revert is the commit again"
    check_rebuild(small)


def test_what_a_commit_recorded_is_withdrawn_and_a_revert_of_that_restores_it(small: Store) -> None:
    document = {
        "sources": [{"id": "tv"}],
        "facts": [{"id": "meal", "title": "They ate", "when": "2018-04-01", "evidence": [{"source": "tv"}]}],
        "orderings": [{"fact": "call", "relation": "before", "other": "meal"}],
    }
    commit = small.load(document).position
    assert commit
    before, now = [found.json() for found in small.timeline], state(small)
    small.revert(commit - 2)
    assert [found.fact.id for found in small.timeline] == ["call", "visit"]
    assert [fact.id for fact in small.facts(status=["withdrawn"])] == ["meal"]
    records = small.log()[1:5]
    assert [(entry.kind, entry.subject) for entry in records[::-1]] == [
        ("withdrawn", "call.before.meal"),
        ("withdrawn", "meal/tv/1"),
        ("withdrawn", "meal"),
        ("withdrawn", "tv"),
    ]
    assert small.load(document).position is None, "loading the document brings nothing back"
    small.revert(done(small))
    assert [found.json() for found in small.timeline] == before
    assert state(small) == now
    check_store(small)


def test_an_attached_text_is_removed_with_the_results_of_its_checks(small: Store) -> None:
    before = state(small)
    small.add_source("Then, at last, they spoke for an hour.", id="paper")
    after = state(small)
    assert after["call/paper/1"][0]["check"] == "verbatim"
    small.revert(done(small))
    assert state(small) == before
    small.revert(done(small))
    assert state(small) == after


def test_a_quote_that_comes_back_is_looked_for_in_the_text_that_its_source_has_by_now(small: Store) -> None:
    commit = small.correct("call/paper/1", {"quote": "they talked"}).position
    small.add_source("Then, at last, they spoke for an hour.", id="paper", allow_missing=True)
    assert commit
    small.revert(commit)
    (citation,) = small.who_says("call")
    assert (citation.quote, citation.check) == ("spoke", "verbatim")


def test_a_restored_thing_is_withdrawn_again(small: Store) -> None:
    small.withdraw("call")
    small.restore("call")
    small.revert(done(small))
    assert [fact.id for fact in small.facts()] == ["visit"]


def test_a_revert_has_a_default_message(small: Store) -> None:
    commit = small.correct("call", {"when": "2017"}, message="misread").position
    assert commit
    small.revert(commit, by=By(name="Bob"))
    entry = small.history("call")[-1]
    assert (entry.message, entry.recorded_by, entry.reason) == (f"revert of commit {commit}: misread", "Bob", "other")
    commit = small.correct("call", {"when": "2016"}).position
    assert commit
    small.revert(commit)
    assert small.log()[0].message == f"revert of commit {commit}"
    small.revert(done(small), message="back to it", reason="extraction-error")
    assert small.log()[0].message == "back to it"
    assert small.history("call")[-1].reason == "extraction-error"


def test_only_what_is_not_undone_already_is_undone(small: Store) -> None:
    commit = small.load(with_call(when="2017", place="Moscow", title="They shouted"), correct="other").position
    small.correct("call", {"place": None})
    assert commit
    small.revert(commit)
    assert small.history("call")[-1].changes == {
        "title": ("They shouted", "They spoke"),
        "when": ("2017", "2018-03-20"),
    }


def test_what_was_withdrawn_and_has_been_restored_is_undone_already(small: Store) -> None:
    commit = small.withdraw("call").position
    small.restore("call")
    assert commit
    with pytest.raises(Refused, match="nothing left to undo"):
        small.revert(commit)


def test_a_revert_that_would_contradict_is_refused_with_the_chain_or_kept_aside(small: Store) -> None:
    small.correct("visit", {"when": "2018-03-19"})
    commit = small.correct("visit", {"when": "2018-03-21"}).position
    small.relate("call", "before", "visit")
    assert commit
    with pytest.raises(Contradiction, match=r"contradicts the ledger"):
        small.revert(commit)
    assert small.revert(commit, allow_conflict=True).set_aside == ("visit",)


def test_a_dry_run_of_a_revert_leaves_no_trace(small: Store) -> None:
    small.correct("call", {"when": "2017"})
    head = small.head()
    rehearsed = small.revert(head.position, dry_run=True)
    assert (rehearsed.position, rehearsed.tally.corrected) == (None, ["call"])
    assert small.head() == head


@pytest.mark.parametrize(
    ("commit", "words"),
    [(1, "the ledger's first commit"), (2, "the ledger's first commit"), (999, "no record 999"), (0, "no record 0")],
)
def test_what_cannot_be_reverted_is_refused(small: Store, commit: int, words: str) -> None:
    with pytest.raises(Refused, match=words):
        small.revert(commit)


def test_no_reason_is_kept_but_one_that_somebody_stated(small: Store) -> None:
    undone = small.correct("call", {"when": "2017"}).position or 0
    small.revert(undone)
    small.withdraw("call")
    small.restore("call")
    small.load(with_call(place="Rome"), correct="new-evidence")
    entries = [entry for entry in small.history("call") if entry.kind in ("fact.corrected", "withdrawn", "restored")]
    assert [entry.reason for entry in entries] == ["other"] * 4 + ["new-evidence"]
    assert [entry.stated_reason for entry in entries] == [""] * 4 + ["(new-evidence)"]
    for command in ("correct", "withdraw", "restore", "revert", "load", "source add"):
        (option,) = (one for one in _command(command).params if one.name == "reason")
        assert option.default == "other", command


def _command(words: str) -> Command:
    found: Command = cli
    for word in words.split():
        assert isinstance(found, Group)
        found = found.commands[word]
    return found


# --- what stands in the way -----------------------------------------------------------------------------------


def test_a_later_correction_of_the_same_field_stands_in_the_way_and_of_another_does_not(small: Store) -> None:
    commit = small.correct("call", {"when": "2017", "title": "They shouted"}, by="Ann").position
    assert commit
    small.correct("call", {"place": "Moscow"})
    later = small.correct("call", {"when": "2016", "tags": None}, by="Bob").position
    assert later
    assert blocked(small, commit) == [f"{later - 1} fact.corrected call, by Bob (commit {later})"]
    small.revert(later)
    small.revert(commit)
    fact = small.fact("call")
    assert (fact.when, fact.title, fact.place) == ("2018-03-20", "They spoke", "Moscow")


def correcting(name: str, **changes: Any) -> Callable[[Store], Any]:
    return lambda store: store.correct(name, changes)


@pytest.mark.parametrize(
    ("earlier", "later", "subject"),
    [
        (correcting("order", relation="before"), correcting("order", gap={"min": "P3D"}), "ordering.corrected order"),
        (correcting("gapped", gap=None), correcting("gapped", relation="during"), "ordering.corrected gapped"),
        (
            correcting("gapped", gap=None),
            correcting("gapped", relation="meets", a="visit"),
            "ordering.corrected gapped",
        ),
        (correcting("order", a="meal"), correcting("order", b="call"), "ordering.corrected order"),
        (correcting("order", a="meal"), correcting("order", b="call", phrase="as"), "ordering.corrected order"),
        (correcting("ann", of=None), correcting("bob", of="ann"), "speaker.corrected bob"),
        (correcting("tv", seen_through=None), correcting("wire", seen_through="tv"), "source.corrected wire"),
        (
            correcting("ann", of=None),
            lambda store: (
                store.load({"speakers": [{"id": "eve", "name": "Eve", "of": "ann"}]})
                and store.correct("bob", {"of": "eve"})
            ),
            "speaker.corrected bob",
        ),
    ],
)
def test_what_was_built_on_an_earlier_value_by_a_rule_stands_in_its_way(
    store: Store, earlier: Callable[[Store], Any], later: Callable[[Store], Any], subject: str
) -> None:
    store.load(BUILT)
    before, commit = state(store), earlier(store).position
    last = later(store).position
    told = blocked(store, commit)
    assert [line.partition(" ")[2].partition(",")[0] for line in told][-1:] == [subject]
    assert told[-1].endswith(f"(commit {last})")
    for made in [entry.position for entry in store.log() if entry.kind == "commit" and entry.position >= commit]:
        store.revert(made)
    assert {name: state(store)[name] for name in before} == before


BUILT: dict[str, Any] = SMALL | {
    "sources": [*SMALL["sources"], {"id": "wire"}, {"id": "tv", "seen_through": "wire"}],
    "speakers": [{"id": "bob", "name": "Bob"}, {"id": "ann", "name": "Ann", "of": "bob"}],
    "facts": [
        *SMALL["facts"],
        {"id": "meal", "title": "They ate", "evidence": [{"source": "paper"}]},
        {"id": "toast", "title": "They drank", "evidence": [{"source": "paper"}]},
    ],
    "orderings": [
        {"id": "order", "fact": "call", "relation": "during", "other": "visit"},
        {"id": "gapped", "fact": "meal", "relation": "before", "other": "toast", "gap": {"max": "P3D"}},
    ],
}


def test_values_of_one_commit_that_need_each_other_go_back_together(store: Store) -> None:
    store.load(BUILT)
    before = state(store)
    turned = {"speakers": [{"id": "ann", "name": "Ann"}, {"id": "bob", "name": "Bob", "of": "ann"}]}
    orders = {"orderings": [{"id": "gapped", "fact": "meal", "relation": "meets", "other": "toast"}]}
    commit = store.load(turned | orders, correct="other").position
    assert commit
    assert state(store) != before
    store.revert(commit)
    assert {name: one[0] for name, one in state(store).items()} == {name: one[0] for name, one in before.items()}
    check_rebuild(store)


def test_unrelated_values_do_not_stand_in_the_way(store: Store) -> None:
    store.load(BUILT)
    commit = store.correct("order", {"relation": "before"}).position
    store.correct("order", {"phrase": "as they spoke"})
    store.correct("gapped", {"gap": {"max": "P1D"}})
    assert commit
    store.revert(commit)
    with store._asking() as repository:
        assert repository.fields(repository.position("order"))["relation"] == "during"


def test_a_revert_that_leaves_a_fact_without_evidence_is_refused_unless_allowed(small: Store) -> None:
    commit = small.correct("visit/paper/1", {"source": "radio"}).position
    small.withdraw("paper", allow_unsupported=True)
    assert commit
    head = small.head()
    with pytest.raises(Unsupported, match="a fact would be left without evidence:\n  visit: They met") as refused:
        small.revert(commit)
    assert (refused.value.facts, small.head()) == (["visit"], head)
    small.revert(commit, allow_unsupported=True)
    assert small.fact("visit").status == "unsupported"


def test_two_commits_are_undone_from_the_last_one_on(small: Store) -> None:
    first, second = (small.correct("call", {"when": when}).position for when in ("2017", "2016"))
    assert first
    assert second
    assert len(blocked(small, first)) == 1
    small.revert(second)
    small.revert(first)
    assert small.fact("call").when == "2018-03-20"


NEW: dict[str, Any] = {
    "sources": [{"id": "tv"}],
    "speakers": [{"id": "bob", "name": "Bob"}],
    "facts": [{"id": "meal", "title": "They ate", "evidence": [{"source": "tv", "quote": "ate"}]}],
    "orderings": [{"fact": "call", "relation": "before", "other": "meal"}],
}


@pytest.mark.parametrize(
    ("kind", "subject", "build", "undo"),
    [
        (
            "citation.recorded",
            "meal/paper/1",
            lambda s: s.cite("meal", source="paper"),
            lambda s: s.withdraw("meal/paper/1", allow_unsupported=True),
        ),
        (
            "citation.recorded",
            "call.before.meal/paper/1",
            lambda s: s.cite("call.before.meal", source="paper"),
            lambda s: s.withdraw("call.before.meal/paper/1"),
        ),
        ("citation.recorded", "call/tv/1", lambda s: s.cite("call", source="tv"), lambda s: s.withdraw("call")),
        (
            "citation.corrected",
            "call/paper/1",
            lambda s: s.correct("call/paper/1", {"source": "tv"}),
            lambda s: s.correct("call/paper/1", {"source": "radio"}),
        ),
        (
            "citation.recorded",
            "call/radio/1",
            lambda s: s.cite("call", source="radio", evidence={"attribution": ["bob"]}),
            lambda s: s.correct("call/radio/1", {"attribution": None}),
        ),
        (
            "ordering.recorded",
            "meal.before.visit",
            lambda s: s.relate("meal", "before", "visit"),
            lambda s: s.withdraw("visit"),
        ),
        (
            "source.recorded",
            "reader",
            lambda s: s.load({"sources": [{"id": "reader", "seen_through": "tv"}]}),
            lambda s: s.withdraw("reader"),
        ),
        (
            "speaker.corrected",
            "ann",
            lambda s: s.correct("ann", {"of": "bob"}),
            lambda s: s.correct("ann", {"of": None}),
        ),
        (
            "fact.corrected",
            "meal",
            lambda s: s.correct("meal", {"when": "2018"}),
            lambda s: s.correct("meal", {"when": None}),
        ),
        (
            "fact.corrected",
            "call",
            lambda s: s.correct("call", {"when": "2017"}, evidence=["meal/tv/1"]),
            lambda s: s.correct("call", {"when": "2018"}),
        ),
    ],
)
def test_what_rests_on_what_a_commit_recorded_stands_in_the_way_until_it_counts_no_more(
    small: Store, kind: str, subject: str, build: Callable[[Store], Any], undo: Callable[[Store], Any]
) -> None:
    commit = small.load(NEW).position
    assert commit
    build(small)
    (line,) = blocked(small, commit)
    assert line.split()[1:3] == [kind, f"{subject},"]
    undo(small)
    small.revert(commit)
    assert {"meal", "tv", "bob"} <= {name for name, (_, _, withdrawn) in state(small).items() if withdrawn}
    check_rebuild(small)


def test_what_rests_on_what_a_commit_restored_stands_in_the_way(small: Store) -> None:
    small.withdraw("paper", allow_unsupported=True)
    commit = small.restore("paper").position
    assert commit
    small.correct("call/paper/1", {"quote": "they spoke"})
    small.cite("visit", source="paper", quote="met")
    assert [line.split()[2] for line in blocked(small, commit)] == ["visit/paper/2,"], "not what rested on it before"


# --- documents -------------------------------------------------------------------------------------------------


def thousand(year: int) -> dict[str, Any]:
    return {
        "sources": [{"id": "paper"}],
        "facts": [
            {"id": f"fact-{n}", "title": f"Fact {n}", "when": f"{year}-03-20", "evidence": [{"source": "paper"}]}
            for n in range(1000)
        ],
    }


def test_a_thousand_dates_corrected_by_one_file_are_undone_by_one_revert(path: Path) -> None:
    store = Store(path)
    store.load(thousand(2018))
    mended = store.load(thousand(2017), correct="other").position
    assert mended
    reverted = store.revert(mended)
    assert len(reverted.tally.corrected) == 1000
    assert {fact.when for fact in store.facts()} == {"2018-03-20"}
    assert store.load(thousand(2018)).position is None, "the first document is again what was last loaded"
    with pytest.raises(Changed) as changed:
        store.load(thousand(2017))
    assert len(changed.value.differences) == 1000, "as before the commit, the other shows how it differs"


def test_a_correction_by_hand_beneath_a_load_comes_back_and_so_does_what_was_last_loaded(small: Store) -> None:
    small.correct("call", {"when": "2016"})
    before = state(small)
    commit = small.load(with_call(when="2017", place="Moscow"), correct="other").position
    assert commit
    small.revert(commit)
    assert state(small) == before
    assert small.fact("call").when == "2016"
    assert small.load(SMALL).position is None, "what is corrected by hand is not undone by loading the old document"
    check_rebuild(small)


# --- never lost -----------------------------------------------------------------------------------------------


def test_a_withdrawn_fact_can_be_corrected_and_comes_back_so_corrected(small: Store) -> None:
    small.withdraw("call")
    small.correct("call", {"when": "2017"})
    assert [fact.id for fact in small.facts()] == ["visit"]
    small.restore("call")
    assert small.fact("call").when == "2017"
    assert [entry.kind for entry in small.history("call")][-3:] == ["withdrawn", "fact.corrected", "restored"]
    check_store(small)


def test_of_two_writers_corrections_both_are_kept_and_the_last_counts(small: Store) -> None:
    ann, bob = Store(small.file.location), Store(small.file.location)
    ann.correct("call", {"when": "2017"}, by="Ann")
    bob.correct("call", {"when": "2016", "place": "Moscow"}, by="Bob")
    assert [
        (entry.recorded_by, entry.changes and entry.changes.get("when")) for entry in small.history("call")[-2:]
    ] == [
        ("Ann", ("2018-03-20", "2017")),
        ("Bob", ("2017", "2016")),
    ]
    assert small.fact("call").when == "2016"


def test_of_two_writers_who_expect_one_version_the_second_learns_what_the_first_did(small: Store) -> None:
    ann, bob = Store(small.file.location), Store(small.file.location)
    seen = small.fact("call").version
    ann.correct("call", {"when": "2017"}, by="Ann", expect=seen)
    with pytest.raises(Stale, match=r"since then \d+: fact\.corrected by Ann \(when\)"):
        bob.correct("call", {"when": "2016"}, by="Bob", expect=seen)
    assert small.fact("call").when == "2017"


# --- any history ----------------------------------------------------------------------------------------------

_WRITES: list[Callable[[Store], Any]] = [
    lambda store: store.load(SMALL, correct="other", allow_conflict=True),
    lambda store: store.load(with_call(when="2017", place="Moscow"), correct="other", allow_conflict=True),
    lambda store: store.correct("call", {"when": "2016"}, allow_conflict=True),
    lambda store: store.correct("call", {"when": "2018-03-20", "place": None}, allow_conflict=True),
    lambda store: store.withdraw("call", allow_conflict=True),
    lambda store: store.restore("call", allow_conflict=True),
    lambda store: store.withdraw("paper", allow_conflict=True, allow_unsupported=True),
    lambda store: store.restore("paper", allow_conflict=True),
    lambda store: store.cite("call", source="radio", allow_conflict=True),
    lambda store: store.relate("visit", "before", "call", allow_conflict=True),
    lambda store: store.load(NEW, allow_conflict=True),
]


@settings(max_examples=10)
@given(
    st.lists(st.one_of(st.sampled_from(_WRITES), st.integers(0, 5)), max_size=5),
    st.sampled_from(_WRITES),
)
def test_whatever_was_written_last_is_undone_to_the_letter(
    new_store: NewStore, history: list[Callable[[Store], Any] | int], last: Callable[[Store], Any]
) -> None:
    with new_store() as store:
        store.load(SMALL)
        for step in history:
            try:
                if callable(step):
                    step(store)
                else:
                    store.revert(max(done(store) - step, 1), allow_conflict=True)
            except FactstoreError:
                continue
        before, head = state(store), done(store)
        try:
            last(store)
        except FactstoreError:
            return
        if done(store) == head:
            return
        after = state(store)
        store.revert(done(store), allow_conflict=True)
        undone = state(store)
        assert {name: undone[name] for name in before} == before
        assert all(undone[name][2] for name in undone.keys() - before.keys())
        store.revert(done(store), allow_conflict=True, allow_unsupported=True)
        assert state(store) == after
        assert store.verify().ok


# --- the command ----------------------------------------------------------------------------------------------


def run(place: str, *words: str) -> tuple[int, str]:
    told = CliRunner().invoke(cli, [*words, "--db", place])
    return told.exit_code, told.output


def test_the_command_says_what_it_changed_or_what_stands_in_the_way(small: Store) -> None:
    commit = small.correct("call", {"when": "2017"}, message="misread").position
    assert commit
    small.correct("call", {"when": "2016"}, by="Bob")
    code, said = run(small.file.location, "revert", str(commit))
    assert code == 1
    assert f"{commit + 1} fact.corrected call, by Bob (commit {commit + 2})" in said
    code, said = run(small.file.location, "revert", str(commit + 2), "--dry-run")
    assert code == 0
    assert "when: 2016 → 2017" in said
    assert said.endswith("would have changed call; nothing was written\n")
    assert run(small.file.location, "revert", str(commit + 1), "-m", "no")[0] == 0
    assert run(small.file.location, "revert", str(commit)) == (0, f"changed call; commit {commit + 6}\n")
    assert [entry.message for entry in small.log() if entry.kind == "commit"][:2] == [
        f"revert of commit {commit}: misread",
        "no",
    ]
    assert run(small.file.location, "revert", "x")[0] == 2
