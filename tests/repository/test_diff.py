"""What changed between two positions: all that differs, nothing else, and at a cost that depends on what happened."""

from __future__ import annotations

import copy
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factstore.errors import InputError, Unsupported
from factstore.evidence.stances import STATUSES
from factstore.repository.dossier_answers import Dossier
from factstore.repository.log_answers import Change
from factstore.repository.repository import Repository
from factstore.store import Store
from tests.conftest import NewStore
from tests.support.chronologies import Step, documents, steps, take
from tests.support.reference import commits_of, records_of

PAPER: dict[str, Any] = {
    "sources": [{"id": "paper", "title": "The paper", "published": "2018-04-02"}, {"id": "radio"}],
    "speakers": [{"id": "aide", "name": "An aide"}],
    "facts": [
        {
            "id": "call",
            "title": "They spoke",
            "when": "2018-03-20",
            "evidence": [{"source": "paper", "quote": "spoke"}],
        },
        {"id": "visit", "title": "They met", "evidence": [{"source": "paper"}, {"source": "radio"}]},
        {"id": "lunch", "title": "They ate", "evidence": [{"source": "radio"}]},
    ],
    "orderings": [{"fact": "call", "relation": "before", "other": "visit", "evidence": [{"source": "paper"}]}],
}


@pytest.fixture
def paper(store: Store) -> Store:
    store.load(PAPER)
    return store


def told(changes: list[Change] | tuple[Change, ...] | None) -> list[tuple[Any, ...]]:
    """Each change in short."""
    assert changes is not None
    return [(change.id, change.change, change.field, change.old, change.new) for change in changes]


def reasons(changes: list[Change]) -> list[list[str]]:
    return [[step.text for step in change.why] for change in changes]


# --- what is told -----------------------------------------------------------------------------------------------


def test_a_first_document_is_all_new_sources_first_and_each_facts_evidence_with_it(store: Store) -> None:
    before = store.head().position
    store.load(PAPER)
    found = store.diff(before)
    assert {change.change for change in found} == {"added"}
    assert [change.id for change in found] == [
        *("paper", "radio", "aide", "call", "call/paper/1", "visit", "visit/paper/1", "visit/radio/1", "lunch"),
        *("lunch/radio/1", "call.before.visit", "call.before.visit/paper/1"),
    ]
    assert found[3].new == {"id": "call", "title": "They spoke", "when": "2018-03-20"}
    assert found[-2].new == {"id": "call.before.visit", "fact": "call", "relation": "before", "other": "visit"}
    assert [(change.kind, change.of) for change in found[3:5]] == [("fact", "call"), ("citation", "call")]


def test_a_correction_is_listed_field_by_field_with_its_reason_and_what_it_moves(paper: Store) -> None:
    before = paper.head().position
    paper.correct(
        "call",
        {"when": "2018-03-22", "place": "Moscow"},
        reason="source-corrected",
        evidence=["call/paper/1"],
        message="they rang back",
        by="Ann",
    )
    found = paper.diff(before)
    assert told(found) == [
        ("call", "corrected", "when", "2018-03-20", "2018-03-22"),
        ("call", "corrected", "place", None, "Moscow"),
        ("call", "moved", "earliest", "2018-03-20", "2018-03-22"),
        ("call", "moved", "latest", "2018-03-20", "2018-03-22"),
        ("visit", "moved", "earliest", "2018-03-20", "2018-03-22"),
    ]
    why = "corrected by Ann, because the source corrected itself: they rang back"
    assert reasons(found)[:2] == [[why], [why]]
    (step,) = found[0].why
    assert (step.source, step.quote) == ("paper", "spoke")
    assert reasons(found)[4] == ["call before visit"]


def test_references_are_shown_by_id(paper: Store) -> None:
    before = paper.head().position
    paper.correct("visit/radio/1", {"source": "paper", "attribution": ["An aide"]})
    paper.load({"sources": [{"id": "web", "seen_through": "paper"}]})
    found = {(change.id, change.field): change for change in paper.diff(before)}
    assert (found["visit/radio/1", "source"].old, found["visit/radio/1", "source"].new) == ("radio", "paper")
    assert found["visit/radio/1", "source"].of == "visit"
    assert found["web", None].new == {"id": "web", "seen_through": "paper"}


def test_what_was_changed_back_is_not_listed(paper: Store) -> None:
    before = paper.head().position
    paper.correct("call", {"when": "2018-03-22"})
    paper.correct("call", {"when": "2018-03-20"})
    paper.withdraw("lunch")
    paper.restore("lunch")
    paper.load({"sources": [{"id": "web"}]})
    paper.withdraw("web")
    assert paper.diff(before) == []


def test_for_several_corrections_of_a_field_the_last_reason_is_shown(paper: Store) -> None:
    before = paper.head().position
    paper.correct("call", {"place": "Paris"}, message="first")
    paper.correct("call", {"place": "Rome"}, reason="other", message="second", by="Bo")
    (change,) = paper.diff(before)
    assert (change.old, change.new, reasons([change])) == (None, "Rome", [["corrected by Bo: second"]])


@pytest.mark.parametrize("name", ["call", "visit/radio/1", "call.before.visit", "aide"])
def test_what_is_withdrawn_and_restored(paper: Store, name: str) -> None:
    start = paper.head().position
    paper.withdraw(name, reason="other", message="no", by="Ann")
    gone = paper.head().position
    paper.restore(name, by="Bo")
    assert (name, "withdrawn", None, None, None) in told(paper.diff(start, gone))
    assert (name, "restored", None, None, None) in told(paper.diff(gone))
    assert ["withdrawn by Ann: no"] in reasons(paper.diff(start, gone))
    assert ["restored by Bo"] in reasons(paper.diff(gone))


def test_a_withdrawn_source_moves_what_rested_on_it_and_changes_its_standing(paper: Store) -> None:
    before = paper.head().position
    paper.withdraw("paper", allow_unsupported=True)
    assert told(paper.diff(before)) == [
        ("paper", "withdrawn", None, None, None),
        ("call", "moved", "status", "stands", "unsupported"),
        ("visit", "moved", "earliest", "2018-03-20", None),
        ("visit", "moved", "begun_by", "2018-04-02", None),
    ]


def test_facts_tied_by_many_orderings_are_found_however_far_away(store: Store) -> None:
    names = [f"f{n}" for n in range(20)]
    facts = [{"id": name, "title": name, "evidence": [{"source": "s"}]} for name in names]
    orderings = [{"fact": a, "relation": "before", "other": b} for a, b in pairwise(names)]
    store.load({"sources": [{"id": "s"}], "facts": facts, "orderings": orderings})
    before = store.head().position
    store.correct("f0", {"when": "2018-03-20"})
    moved = [change.id for change in store.diff(before) if (change.change, change.field) == ("moved", "earliest")]
    assert moved == names


def test_a_conflict_is_listed_with_its_chain_and_so_is_its_end(paper: Store) -> None:
    paper.correct("visit", {"when": "2018-03-01"}, allow_conflict=True)
    paper.withdraw("visit")
    start = paper.head().position
    paper.restore("visit", allow_conflict=True)
    middle = paper.head().position
    paper.withdraw("call.before.visit")
    (conflict,) = [change for change in paper.diff(start, middle) if change.change == "conflict"]
    assert (conflict.id, conflict.kind, conflict.of) == ("visit", "fact", "visit")
    assert (conflict.old, conflict.new) == (
        None,
        "visit is dated 2018-03-01 (corrected by " + paper.log()[0].recorded_by + ")",
    )
    assert {"call before visit", "call is dated 2018-03-20"} <= {step.text for step in conflict.why}
    (resolved,) = [change for change in paper.diff(middle) if change.change == "resolved"]
    assert (resolved.id, resolved.old, resolved.new) == ("visit", conflict.new, None)
    assert ("visit", "moved", "conflicting", True, False) in told(paper.diff(middle))


def test_each_end_is_a_position_a_moment_or_a_day_and_time_runs_forward(paper: Store) -> None:
    before = paper.head().position
    moment = paper.log()[0].recorded_at
    done = paper.correct("call", {"place": "Moscow"})
    assert done.position is not None
    for since, until in (
        (before, None),
        (moment, None),
        (str(before), done.position),
        (done.position - 1, "9999-12-30"),
    ):
        assert [change.field for change in paper.diff(since, until)] == ["place"], (since, until)
    assert paper.diff(done.position) == paper.diff(1, 1) == paper.diff("2001-01-01", "2001-01-02") == []
    with pytest.raises(InputError, match="an earlier and a later state"):
        paper.diff(done.position, before)
    with pytest.raises(InputError, match="yesterday"):
        paper.diff("yesterday")


def test_a_new_place_of_a_quote_in_a_replaced_text_is_not_a_correction(paper: Store) -> None:
    source = {"id": "book", "text": "In spring he said that they did meet."}
    evidence = {"source": "book", "quote": "they did meet", "when": "2018-03"}
    paper.load({"sources": [source], "facts": [{"id": "met", "title": "They met", "evidence": [evidence]}]})
    before = paper.history("met")
    paper.load({"sources": [source | {"text": "In early spring he said that they did meet."}]}, correct="other")
    assert paper.history("met") == before
    shown = paper.show("met")
    assert isinstance(shown, Dossier)
    assert shown.corrections == ()
    assert not {"start", "end"} & {name for entry in before for name in entry.changes or {}}


def test_a_limit_keeps_the_first(paper: Store) -> None:
    assert paper.diff(2, limit=3) == paper.diff(2)[:3]


# --- all of it, and nothing else --------------------------------------------------------------------------------


def _entries(store: Store, known: int) -> dict[str, dict[str, Any]]:
    """All things as a dump on that clock has them, with evidence beside what it supports."""
    found = {}
    for _, entry in store.at(known=known).entries():
        entry = copy.deepcopy(entry)
        for cited in entry.pop("evidence", ()):
            found[cited["id"]] = cited
        found[entry["id"]] = entry
    return found


def _placed(store: Store, known: int) -> dict[str, dict[str, Any]]:
    return {
        fact.id: {name: getattr(fact, name) for name in ("earliest", "latest", "begun_by", "open_end", "conflicting")}
        | {"status": fact.status}
        for fact in store.at(known=known).facts(status=STATUSES)
    }


def _aside(store: Store, known: int) -> set[str]:
    return {conflict.id for conflict in store.at(known=known).conflicts() if conflict.kind == "contradiction"}


def _expected(store: Store, since: int, until: int) -> set[tuple[Any, ...]]:
    """The differences between two whole readings of the ledger."""
    found: set[tuple[Any, ...]] = set()
    was, now = _entries(store, since), _entries(store, until)
    for name, entry in now.items():
        if name not in was:
            found |= set() if "withdrawn" in entry else {(name, "added", None, "None", str(entry))}
            continue
        old = was[name]
        if ("withdrawn" in old) != ("withdrawn" in entry):
            found.add((name, "withdrawn" if "withdrawn" in entry else "restored", None, "None", "None"))
        for field in (old.keys() | entry.keys()) - {"withdrawn"}:
            if old.get(field) != entry.get(field):
                called = {"fact": "a", "other": "b"}.get(field, field) if "relation" in entry else field
                found.add((name, "corrected", called, str(old.get(field)), str(entry.get(field))))
    lay, lies = _placed(store, since), _placed(store, until)
    for name in lay:
        if "withdrawn" not in (lay[name]["status"], lies[name]["status"]):
            for field in lay[name]:
                if lay[name][field] != lies[name][field]:
                    found.add((name, "moved", field, str(lay[name][field]), str(lies[name][field])))
    return found


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents(), st.lists(steps(), min_size=1, max_size=8), st.booleans())
def test_the_differences_are_those_of_two_whole_readings(
    new_store: NewStore, document: dict[str, Any], history: list[Step], allow_conflict: bool
) -> None:
    store = new_store()
    store.load(document, allow_conflict=True)
    for step in history:
        take(store, step, allow_conflict=allow_conflict)
    clocks = commits_of(records_of(store))
    for since, until in combinations(clocks[-4:], 2):
        found = store.diff(since, until)
        plain = {(c.id, c.change, c.field, str(c.old), str(c.new)) for c in found}
        turned = {change for change in plain if change[1] in ("conflict", "resolved")}
        assert plain - turned == _expected(store, since, until)
        assert len(found) == len(plain)
        was, now = _aside(store, since), _aside(store, until)
        assert {c[0] for c in turned if c[1] == "conflict"} == now - was
        assert {c[0] for c in turned if c[1] == "resolved"} == was - now


def _work(store: Store, since: int) -> int:
    """How many hundreds of SQLite's instructions a diff takes."""
    ticks: list[int] = []
    with store.file.reading() as connection:
        from factstore.repository import diff
        from factstore.repository.clocks import asking, read_clock

        driver: Any = connection
        before, after = asking(connection, read_clock(since)), asking(connection)
        driver.set_progress_handler(lambda: ticks.append(1), 100)
        try:
            assert len(list(diff.between(before, after))) == 6
        finally:
            driver.set_progress_handler(None, 0)
    return len(ticks)


def test_a_diff_costs_no_more_in_a_larger_ledger(new_store: NewStore) -> None:
    work = []
    for count in (50, 300):
        store = new_store()
        facts = [
            {"id": f"f{n}", "title": "F", "when": f"{1000 + n}", "evidence": [{"source": "s"}]} for n in range(count)
        ]
        orderings = [{"fact": "f1", "relation": "before", "other": "f2"}]
        store.load({"sources": [{"id": "s"}], "facts": facts, "orderings": orderings})
        before = store.head().position
        store.correct("f1", {"when": "1001-05", "place": "Rome"})
        store.cite("f2", source="s", quote="so it was")
        store.correct("s", {"title": "S"})
        work.append(_work(store, before))
    small, large = work
    assert large <= small + 5


# --- rehearsals -------------------------------------------------------------------------------------------------


def rehearsed(store: Store, method: str, *given: Any, **options: Any) -> None:
    """Asserts that a dry run reports what the real call then does, and leaves no trace."""
    head = store.head()
    rehearsal = getattr(store, method)(*given, **options, dry_run=True)
    rehearsal = rehearsal[1] if method == "add" else rehearsal
    assert store.head() == head
    assert rehearsal.changes
    done = getattr(store, method)(*given, **options)
    done = done[1] if method == "add" else done
    assert done.changes is None
    assert told(rehearsal.changes) == told(store.diff(head.position))
    assert told(rehearsal.changes) == told(store.diff(done.position - 1, done.position))


@pytest.mark.parametrize(
    ("method", "given", "options"),
    [
        ("load", ({"facts": [{"id": "new", "title": "N", "evidence": [{"source": "radio"}]}]},), {}),
        ("load", (PAPER | {"sources": [{"id": "paper", "published": "2018-04-03"}]},), {"correct": "other"}),
        ("add", ("It rained",), {"source": "radio", "when": "2018"}),
        ("cite", ("lunch",), {"source": "paper", "quote": "they ate"}),
        ("relate", ("visit", "before", "lunch"), {"source": "radio"}),
        ("relate", ("visit", "before", "call"), {"allow_conflict": True}),
        ("correct", ("call", {"when": "2018-03-25", "place": "Moscow"}), {"message": "so it was"}),
        ("withdraw", ("call",), {}),
        ("withdraw", ("paper",), {"allow_unsupported": True}),
    ],
)
def test_a_dry_run_shows_what_would_change(paper: Store, method: str, given: Any, options: dict[str, Any]) -> None:
    rehearsed(paper, method, *given, **options)


def test_a_dry_run_of_a_restoration_and_of_a_first_load(paper: Store, new_store: NewStore) -> None:
    paper.withdraw("call")
    rehearsed(paper, "restore", "call")
    rehearsed(new_store(), "load", PAPER)
    assert paper.load(PAPER, dry_run=True).changes == ()


# --- what would stand on nothing --------------------------------------------------------------------------------


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize(("name", "facts"), [("paper", ["call"]), ("call/paper/1", ["call"]), ("radio", ["lunch"])])
def test_withdrawing_the_only_evidence_of_facts_is_refused_with_a_list(
    paper: Store, name: str, facts: list[str], dry_run: bool
) -> None:
    head = paper.head()
    with pytest.raises(Unsupported, match=rf"would be left without evidence:\n  {facts[0]}: They ") as refused:
        paper.withdraw(name, dry_run=dry_run)
    assert refused.value.facts == facts
    assert paper.head() == head
    paper.withdraw(name, allow_unsupported=True)
    assert paper.fact(facts[0]).status == "unsupported"


@pytest.mark.parametrize("name", ["visit/paper/1", "call", "call.before.visit", "call.before.visit/paper/1", "aide"])
def test_a_withdrawal_that_leaves_every_fact_evidence_is_not_refused(paper: Store, name: str) -> None:
    assert paper.withdraw(name).position


def test_a_fact_without_evidence_before_is_not_listed_again(paper: Store) -> None:
    paper.withdraw("call/paper/1", allow_unsupported=True)
    assert paper.withdraw("paper").position


def test_a_long_list_is_cut(store: Store) -> None:
    facts = [{"id": f"f{n}", "title": "F", "evidence": [{"source": "s"}]} for n in range(25)]
    store.load({"sources": [{"id": "s"}], "facts": facts})
    with pytest.raises(Unsupported, match="25 facts would be left without evidence:") as refused:
        store.withdraw("s")
    assert str(refused.value).endswith("\n  and 5 more")
    assert len(refused.value.facts) == 25


# --- history ----------------------------------------------------------------------------------------------------


def test_a_history_looks_up_its_records_and_reads_no_others(paper: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    plans: list[str] = []
    rows = Repository.rows

    def explained(self: Repository, template: str, **given: Any) -> Any:
        plans.extend(row[3] for row in rows(self, f"EXPLAIN QUERY PLAN {template}", **given))
        return rows(self, template, **given)

    monkeypatch.setattr(Repository, "rows", explained)
    there = paper.head().position
    paper.load({"sources": [{"id": "web"}]})
    for view in (paper, paper.at(known=there)):
        assert view.history("call", limit=2)
    read = [plan for plan in plans if plan.startswith("SCAN") and "json_each" not in plan]
    assert [plan for plan in read if plan != "SCAN CONSTANT ROW"] == []
    assert any("record_subject" in plan for plan in plans)


def test_a_limit_keeps_the_first_of_a_history(paper: Store) -> None:
    assert paper.history("call", limit=2) == paper.history("call")[:2]
    assert len(paper.history("call")) == 4
