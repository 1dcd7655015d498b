"""The projection: what contradicts is set aside in rank order, and comes back when its cause is gone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from factstore.database.buffer import Buffer
from factstore.database.engine import Connection
from factstore.database.sqlite import connections
from factstore.database.statements import fetch
from factstore.errors import Contradiction
from factstore.ledger import chain
from factstore.ledger.record import Record
from factstore.projection import live, placing
from factstore.projection.fold import Fold
from factstore.projection.live import Constraints, live_constraints
from factstore.store import Store
from factstore.units import Position
from tests.support.checks import check_store, rows_of


def chronology(when: dict[str, str | None], *orderings: tuple[str, str, str]) -> dict[str, Any]:
    """A document of facts from one undated source, and orderings with ids such as `a.before.b`."""
    return {
        "sources": [{"id": "paper", "title": "The paper"}],
        "facts": [
            {"id": name, "title": f"{name} happened", "when": date, "evidence": [{"source": "paper"}]}
            for name, date in when.items()
        ],
        "orderings": [{"fact": a, "relation": relation, "other": b} for a, relation, b in orderings],
    }


LOOP = chronology({"a": None, "b": None, "c": None}, ("a", "before", "b"), ("b", "before", "c"), ("c", "before", "a"))


def test_a_record_of_a_kind_that_nothing_folds_is_not_skipped(store: Store) -> None:
    store.load(chronology({"a": None}))
    with store.file.reading() as connection:
        record = next(chain.read(connection, after=Position(1), upto=Position(2)))
        strange = replace_kind(record, "proposal.decided")
        with pytest.raises(AssertionError, match=r"proposal\.decided"):
            Fold(connection, Buffer(connection)).record(strange, {})


def replace_kind(record: Record, kind: str) -> Record:
    """The same record with another kind."""
    return record._replace(header=record.header._replace(kind=kind))


def conflicting(store: Store) -> list[str]:
    """What is set aside."""
    return [conflict.id for conflict in store.conflicts() if conflict.kind == "contradiction"]


def in_force(store: Store, a: str, b: str) -> bool:
    return store.timeline.order(a, b).relations["before"] == "certain"


def test_a_commit_that_contradicts_is_refused_with_its_chain_and_leaves_no_trace(store: Store) -> None:
    store.load(chronology({"a": None, "b": None}, ("a", "before", "b")))
    before, rows = store.head(), rows_of(store)
    with pytest.raises(Contradiction, match=r"b\.before\.a contradicts") as refused:
        store.relate("b", "before", "a")
    assert refused.value.chain == ["1. b before a", "2. a before b"]
    assert store.head() == before
    assert rows_of(store) == rows


def test_a_refusal_shows_the_ends_of_a_long_chain_and_counts_the_rest(store: Store) -> None:
    store.load(links(40))
    with pytest.raises(Contradiction, match=r"f39\.before\.f0 contradicts") as refused:
        store.relate("f39", "before", "f0")
    told = refused.value.chain
    assert (told[0], told[5], told[-1]) == ("1. f39 before f0", "and 30 more", "40. f0 before f1")
    assert [line.split(". ")[0] for line in told[6:]] == ["36", "37", "38", "39", "40"]
    # A single step is never left out, since it takes no more room than saying so.
    store.load(chronology({"x": "2001", **{f"x{n}": None for n in range(9)}, "y": "2000"}))
    for a, b in pairwise(["x", *(f"x{n}" for n in range(8))]):
        store.relate(a, "before", b)
    with pytest.raises(Contradiction) as refused:
        store.relate("x7", "before", "y")
    assert [line.split(". ")[0] for line in refused.value.chain] == [str(n) for n in range(1, 12)]


def test_a_refused_first_load_contradicting_itself_leaves_no_file(path: Any) -> None:
    with pytest.raises(Contradiction):
        Store(path).load(LOOP)
    assert list(path.parent.iterdir()) == []


def test_in_an_allowed_contradiction_the_last_in_rank_is_set_aside(store: Store) -> None:
    store.load(LOOP, allow_conflict=True)
    assert conflicting(store) == ["c.before.a"]
    (conflict,) = store.conflicts()
    assert {step.text for step in conflict.chain} == {"a before b", "b before c", "c before a"}
    assert in_force(store, "a", "c")
    assert {fact.id for fact in store.facts() if fact.conflicting} == {"a", "c"}
    check_store(store)


@pytest.mark.parametrize("cause", ["a.before.b", "b.before.c", "b"])
def test_what_was_set_aside_comes_back_in_force_when_the_cause_is_withdrawn(store: Store, cause: str) -> None:
    store.load(LOOP, allow_conflict=True)
    store.withdraw(cause)
    assert conflicting(store) == []
    assert in_force(store, "c", "a")
    assert not any(fact.conflicting for fact in store.facts())
    check_store(store)


@pytest.mark.parametrize("aside", ["c.before.a", "c", "a"])
def test_what_was_set_aside_can_itself_be_withdrawn(store: Store, aside: str) -> None:
    store.load(LOOP, allow_conflict=True)
    store.withdraw(aside)
    assert conflicting(store) == []
    check_store(store)


def test_restoring_keeps_the_rank_so_that_what_came_later_is_unseated_again(store: Store) -> None:
    store.load(LOOP, allow_conflict=True)
    store.withdraw("a.before.b")
    with pytest.raises(Contradiction):
        store.restore("a.before.b")
    store.restore("a.before.b", allow_conflict=True)
    assert conflicting(store) == ["c.before.a"]
    check_store(store)


def test_a_correction_takes_a_rank_of_its_own(store: Store) -> None:
    store.load(chronology({"a": "2018-04-01", "b": "2018-04-03"}, ("a", "before", "b")))
    with pytest.raises(Contradiction):
        store.correct("a", {"when": "2018-04-05"})
    store.correct("a", {"when": "2018-04-05"}, allow_conflict=True)
    assert conflicting(store) == ["a"]
    assert store.fact("a").latest == "2018-04-03", "a date set aside leaves its fact placed by the rest"
    check_store(store)


def test_evidence_takes_the_rank_of_its_sources_date_where_that_came_last(store: Store) -> None:
    store.load(chronology({"a": None}))
    store.correct("a", {"when": "2018-04-03"})
    store.correct("paper", {"published": "2018-04-02"}, allow_conflict=True)
    assert conflicting(store) == ["a/paper/1"]
    assert store.fact("a").earliest == "2018-04-03"
    store.correct("a/paper/1", {"said": "2018-04-04"})
    assert conflicting(store) == []
    check_store(store)


def test_a_corrected_gap_takes_a_rank_of_its_own(store: Store) -> None:
    store.load(chronology({"a": None, "b": None}, ("a", "before", "b")))
    store.correct("a", {"when": "2018-04-01"})
    store.correct("b", {"when": "2018-04-03"})
    store.correct("a.before.b", {"gap": {"min": "P9D"}}, allow_conflict=True)
    assert conflicting(store) == ["a.before.b"]
    check_store(store)


def test_a_corrected_phrase_or_title_keeps_the_rank(store: Store) -> None:
    store.load(chronology({"a": None, "b": None}, ("a", "before", "b")))
    store.relate("b", "before", "a", allow_conflict=True)
    store.correct("a.before.b", {"phrase": "earlier"})
    assert conflicting(store) == ["b.before.a"]
    check_store(store)


def test_a_date_after_the_day_on_which_it_was_reported_contradicts_the_report(store: Store) -> None:
    document = chronology({"a": "2018-04-03"})
    document["sources"][0]["published"] = "2018-04-02"
    with pytest.raises(Contradiction):
        store.load(document)
    store.load(document, allow_conflict=True)
    assert len(conflicting(store)) == 1
    check_store(store)


def test_a_commit_about_a_part_that_contradicts_already_is_no_new_contradiction(store: Store) -> None:
    store.load(LOOP, allow_conflict=True)
    store.load(chronology({"d": None}, ("c", "before", "d"), ("a", "starts-before", "d")))
    store.correct("b", {"when": "2018-04-01"})
    store.cite("a.before.b", source="paper", quote="first one, then the other")
    assert conflicting(store) == ["c.before.a"]
    check_store(store)


def test_withdrawing_one_of_two_causes_is_no_new_contradiction(store: Store) -> None:
    facts: dict[str, str | None] = {"a": None, "b": None, "c": None}
    pairs = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "a")]
    store.load(chronology(facts, *((a, "before", b) for a, b in pairs)), allow_conflict=True)
    for cause, links in (("a.before.c", 3), ("b", 2)):
        store.withdraw(cause)
        assert [(conflict.id, len(conflict.chain)) for conflict in store.conflicts()] == [("c.before.a", links)]
        store.restore(cause)
        check_store(store)


def test_a_correction_that_unseats_another_ordering_is_refused_unless_allowed(store: Store) -> None:
    store.load(LOOP, allow_conflict=True)
    store.relate("a", "before", "c")
    with pytest.raises(Contradiction, match=r"a\.before\.c contradicts"):
        store.withdraw("b")
    store.withdraw("b", allow_conflict=True)
    assert conflicting(store) == ["a.before.c"]
    check_store(store)


def test_a_fact_that_moves_because_another_did_keeps_its_orderings(store: Store) -> None:
    facts: dict[str, str | None] = {"a": "2018-04-01", "b": None, "c": None}
    store.load(chronology(facts, ("a", "before", "b"), ("b", "before", "c")))
    store.correct("a", {"when": "2018-04-05"})
    with store.file.reading() as connection:
        kept = [*fetch(connection, "SELECT id, in_force FROM orderings ORDER BY id")]
    assert [tuple(row) for row in kept] == [("a.before.b", 1), ("b.before.c", 1)]
    check_store(store)


def test_a_withdrawn_fact_is_placed_by_its_own_date_and_zone(store: Store) -> None:
    document = chronology({"a": "2018-04-01", "b": None, "c": "2018-04-03"}, ("b", "before", "a"), ("c", "before", "b"))
    document["facts"][0]["zone"] = "+03:00"
    store.load(document, allow_conflict=True)
    store.withdraw("a")
    assert (store.fact("a").earliest, store.fact("a").latest) == ("2018-04-01", "2018-04-01")
    assert in_force(store, "a", "c")
    assert [found.fact.id for found in store.timeline.after("a", certain=True)] == ["c", "b"]
    check_store(store)


def links(count: int, *more: tuple[int, int]) -> dict[str, Any]:
    """A document of facts in a chain, each after the one before it, and more orderings: in each pair, the second after the
    first."""
    pairs = [*pairwise(range(count)), *more]
    return chronology({f"f{n}": None for n in range(count)}, *((f"f{a}", "before", f"f{b}") for a, b in pairs))


def facts_read(store: Store, monkeypatch: pytest.MonkeyPatch, change: Callable[[Store], Any]) -> int:
    """How many facts' constraints a change reads."""
    read: set[int] = set()

    def reading(connection: Connection, facts: Iterable[int], *given: Any) -> Constraints:
        read.update(facts := list(facts))
        return live_constraints(connection, facts, *given)

    with monkeypatch.context() as patched:
        for module in (live, placing):
            patched.setattr(module, "live_constraints", reading)
        change(store)
    return len(read)


def test_a_commit_elsewhere_in_a_ring_reads_what_it_would_read_without_the_contradiction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, ring = Store(tmp_path / "plain.db"), Store(tmp_path / "ring.db")
    plain.load(links(60))
    ring.load(links(60, (59, 0)), allow_conflict=True)
    for change, most in (
        (lambda store: store.cite("f30", source="paper", evidence={"stance": "denies"}), 60),
        (lambda store: store.relate("f30", "starts-before", "f31"), 60),
        (lambda store: store.withdraw("f30.starts-before.f31"), 60),
    ):
        read = facts_read(plain, monkeypatch, change)
        assert facts_read(ring, monkeypatch, change) == read < most
    assert conflicting(ring) == ["f59.before.f0"]
    assert ring.verify().ok


def test_what_an_older_rank_contradicts_gives_way_to_it(store: Store) -> None:
    store.load(links(6))
    store.withdraw("f2.before.f3")
    store.load(links(6, (5, 0), (4, 1)))
    with pytest.raises(Contradiction, match=r"f5\.before\.f0 contradicts the ledger \(and 1 more\)"):
        store.restore("f2.before.f3")
    store.restore("f2.before.f3", allow_conflict=True)
    assert conflicting(store) == ["f5.before.f0", "f4.before.f1"]
    check_store(store)


def test_what_gave_way_to_an_older_rank_is_back_if_that_is_set_aside_itself(store: Store) -> None:
    # f0 before f3 is restored: it contradicts what came before it and what came after; only the former counts.
    store.load(chronology({"f0": None, "f3": None}, ("f0", "before", "f3")))
    store.withdraw("f0.before.f3")
    store.correct("f3", {"when": "2001"})
    store.relate("f3", "before", "f0")
    store.restore("f0.before.f3", allow_conflict=True)
    assert conflicting(store) == ["f3.before.f0"]
    store.withdraw("f0.before.f3")
    store.correct("f3", {"when": None})
    assert conflicting(store) == []
    check_store(store)


def test_many_contradictions_of_one_commit_are_judged_in_rank_order(store: Store) -> None:
    store.load(links(10, *((9 - n, n) for n in range(5)), *((n + 2, n) for n in range(7))), allow_conflict=True)
    assert len(conflicting(store)) == 12
    for change in (store.withdraw, partial(store.restore, allow_conflict=True)):
        change("f4.before.f5")
        check_store(store, clocks=1)


def test_a_fact_withdrawn_and_restored_is_tied_again(store: Store) -> None:
    store.load(chronology({"a": None, "b": None}, ("a", "before", "b")))
    store.withdraw("a")
    store.correct("b", {"title": "b happened, they say", "when": "2018-04-01"})
    store.correct("b", {"when": None})
    store.restore("a")
    assert in_force(store, "a", "b")
    with store.file.reading() as connection:
        tied = [*fetch(connection, "SELECT id, tied FROM placement ORDER BY id")]
    assert [tuple(row) for row in tied] == [("a", 1), ("b", 1)]
    check_store(store)


def test_a_record_is_written_before_the_rows_that_refer_to_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While references are unresolved, SQLite searches for each inserted row all rows that may refer to it."""
    written: list[tuple[str, int]] = []

    def note(statement: str) -> None:
        if found := re.match(r"INSERT INTO (record|thing) .* VALUES \((\d+),", statement, re.DOTALL):
            written.append((found[1], int(found[2])))

    opened = connections.opened

    def listening(*given: Any) -> Any:
        connection = opened(*given)
        connection.set_trace_callback(note)
        return connection

    monkeypatch.setattr(connections, "opened", listening)
    facts = [{"id": f"fact-{n}", "title": "It happened", "evidence": [{"source": "paper"}]} for n in range(600)]
    Store(path).load({"sources": [{"id": "paper"}], "facts": facts})
    last = 0
    for table, position in written:
        if table == "record":
            last = position
        assert position <= last
    assert len([table for table, _ in written if table == "thing"]) == 1201
