"""Questions: all answers agree with the naive reader's, now and on all earlier clocks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from factstore.errors import InputError, Refused, UnknownId
from factstore.evidence.stances import ANSWERED
from factstore.reasoning.constraints import Question
from factstore.repository.filter import Filter
from factstore.repository.questions import Questions
from factstore.store import Store
from tests.conftest import NewStore
from tests.support.checks import check_clock, check_rebuild, check_store
from tests.support.chronologies import EVIDENCE_CLOCKS, Step, documents, periods, steps, take
from tests.support.reference import Reference, commits_of, records_of

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=10, suppress_health_check=_SLOW)
@given(
    documents(),
    st.lists(steps(), max_size=4),
    st.lists(periods(), min_size=1, max_size=2),
    st.booleans(),
    st.lists(EVIDENCE_CLOCKS, min_size=1, max_size=3),
)
def test_every_question_has_the_naive_readers_answer_on_every_clock(
    new_store: NewStore,
    document: dict[str, Any],
    history: list[Step],
    xs: list[str],
    allow_conflict: bool,
    evidence: list[tuple[str | None, str | None]],
) -> None:
    store = new_store()
    store.load(document, allow_conflict=True)
    for step in history:
        take(store, step, allow_conflict=allow_conflict)
    check_store(store, xs, evidence=evidence)
    store.close()


class Histories(RuleBasedStateMachine):
    """A ledger with random commits, one after another, and now and then a question on some clock."""

    make: NewStore

    def __init__(self) -> None:
        super().__init__()
        self.store: Store = self.make()

    @initialize(document=documents())
    def begin(self, document: dict[str, Any]) -> None:
        self.store.load(document, allow_conflict=True)

    @rule(step=steps(), allow_conflict=st.booleans())
    def change(self, step: Step, allow_conflict: bool) -> None:
        take(self.store, step, allow_conflict=allow_conflict)

    @rule(several=st.lists(steps(), min_size=3, max_size=6))
    def change_much(self, several: list[Step]) -> None:
        for step in several:
            take(self.store, step, allow_conflict=True)

    @rule(back=st.integers(0, 5))
    def revert(self, back: int) -> None:
        head = self.store.head()
        commit = commits_of(records_of(self.store))[-1 - back :][0]
        try:
            self.store.revert(commit, allow_conflict=True)
        except Refused:
            assert self.store.head() == head

    @rule(back=st.integers(1, 12))
    def redact(self, back: int) -> None:
        head = self.store.head()
        try:
            self.store.redact(max(2, head.position - back), why="asked")
        except Refused:
            assert self.store.head() == head

    @rule()
    def rebuild(self) -> None:
        self.store.rebuild()

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store(self.store.path)

    @rule(back=st.integers(0, 5), x=periods(), out=st.one_of(st.just((None, None)), EVIDENCE_CLOCKS))
    def ask(self, back: int, x: str, out: tuple[str | None, str | None]) -> None:
        records = records_of(self.store)
        known = commits_of(records)[-1 - back :][0]
        published, held = out
        check_clock(self.store, Reference(records, known, published=published, held=held), known, [x])

    @rule(out=st.sampled_from([("2018-04-05", None), (None, "2018-04")]))
    def ask_again(self, out: tuple[str | None, str | None]) -> None:
        """Asks on the same clocks again and again, so that what they cached meets later changes."""
        records = records_of(self.store)
        published, held = out
        check_clock(self.store, Reference(records, records[-1].position, published=published, held=held), None)

    def teardown(self) -> None:
        records = records_of(self.store)
        check_clock(self.store, Reference(records, records[-1].position), None)
        check_rebuild(self.store)
        self.store.close()
        super().teardown()


@pytest.mark.hypothesis
def test_random_histories_keep_every_clock_answerable(new_store: NewStore) -> None:
    class Machine(Histories):
        make = staticmethod(new_store)

    run_state_machine_as_test(
        Machine, settings=settings(max_examples=5, stateful_step_count=8, suppress_health_check=_SLOW)
    )


def test_what_may_end_just_as_x_starts_is_possibly_before_it(store: Store) -> None:
    facts = [{"id": name, "title": name, "evidence": [{"source": "paper"}]} for name in ("inner", "outer", "x")]
    orderings = [
        {"fact": "inner", "relation": "during", "other": "outer"},
        {"fact": "inner", "relation": "meets", "other": "x"},
    ]
    store.load({"sources": [{"id": "paper"}], "facts": facts, "orderings": orderings})
    found = [(one.fact.id, one.certainty) for one in store.timeline.before("x")]
    assert found == [("inner", "certain"), ("outer", "possible")]
    store.relate("x", "intersects", "outer")
    assert [one.fact.id for one in store.timeline.before("x")] == ["inner"]
    check_store(store)


def test_of_facts_equally_near_the_lesser_id_comes_first(store: Store) -> None:
    dates = {"d": "2018", "b": "2018", "c": "2019", "a": "2018", "f": "2017", "e": "2017", "h": "2016/2017"}
    facts = [{"id": n, "title": n, "when": when, "evidence": [{"source": "paper"}]} for n, when in dates.items()]
    store.load({"sources": [{"id": "paper"}], "facts": facts})
    found = [(one.fact.id, one.certainty) for one in store.timeline.before("2018-06")]
    assert found == [
        ("e", "certain"),
        ("f", "certain"),
        ("h", "certain"),
        ("a", "possible"),
        ("b", "possible"),
        ("d", "possible"),
    ]
    check_store(store)


def _dated_facts(count: int) -> dict[str, Any]:
    return {
        "sources": [{"id": "paper"}],
        "facts": [
            {
                "id": f"fact-{number}",
                "title": f"Fact {number}",
                "when": f"{1000 + number}-04",
                "evidence": [{"source": "paper"}],
            }
            for number in range(count)
        ],
    }


#: For facts dated one per year: a question, its Y if it takes one, and the ten facts nearest to each year, by number.
_NEAREST: dict[Question, tuple[str | None, Callable[[int], range]]] = {
    "before": (None, lambda x: range(x - 1, x - 11, -1)),
    "after": (None, lambda x: range(x + 1, x + 11)),
    "between": ("3000", lambda x: range(x + 1, x + 11)),
}


def _work(store: Store, question: Question, x: int, known: int | None) -> int:
    """How many thousands of the engine's steps a question about a year takes, if it asks for ten facts."""
    y, nearest = _NEAREST[question]
    with store.at(known=known)._asking() as repository:
        driver: Any = repository.connection
        steps = []
        driver.set_progress_handler(lambda: steps.append(1), 1000)
        found = Questions(repository).ask(question, str(1000 + x), y, Filter(status=ANSWERED), limit=10)
    assert [one.fact.id for one in found] == [f"fact-{number}" for number in nearest(x)]
    return len(steps)


@pytest.mark.parametrize("earlier", [False, True], ids=["now", "earlier"])
@pytest.mark.parametrize("question", _NEAREST)
def test_the_facts_nearest_to_a_date_cost_no_more_in_a_larger_ledger(
    new_store: NewStore, question: Question, earlier: bool
) -> None:
    work = []
    for count in (200, 1200):
        store = new_store()
        position = store.load(_dated_facts(count)).position
        store.correct("fact-0", {"when": "0990"})
        work.append(_work(store, question, count // 2, position if earlier else None))
    small, large = work
    assert large <= small + 1


@pytest.fixture
def asked(store: Store) -> Store:
    """A store of one fact."""
    fact = {"id": "a", "title": "A", "place": "At 100%_\\ O'Hare", "evidence": [{"source": "paper"}]}
    store.load({"sources": [{"id": "paper"}], "facts": [fact | {"participants": [{"name": "Ann Lee"}]}]})
    return store


_QUESTIONS: list[Callable[[Store, str], object]] = [
    lambda store, text: store.facts(text),
    lambda store, text: store.facts(place=text),
    lambda store, text: store.facts(participant=text),
    lambda store, text: store.facts(tag=text),
    lambda store, text: store.facts(source=text),
    lambda store, text: store.fact(text),
    lambda store, text: store.find(text),
    lambda store, text: store.said_by(text),
    lambda store, text: store.timeline.before(text),
    lambda store, text: store.beginning_with(text),
    lambda store, text: store.withdraw(text),
    lambda store, text: store.cite(text, source="paper"),
]


@pytest.mark.parametrize("question", _QUESTIONS)
def test_half_of_a_surrogate_pair_finds_nothing(asked: Store, question: Callable[[Store, str], object]) -> None:
    with pytest.raises(InputError, match="surrogate"):
        question(asked, "a\ud800")


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'", "100%_\\ o'hare"])
def test_a_place_is_found_to_the_letter(asked: Store, sign: str) -> None:
    assert [fact.id for fact in asked.facts(place=sign)] == ["a"]
    assert asked.facts(participant=sign) == asked.facts(place=f"{sign}x") == []


@pytest.mark.parametrize("part", ["Łukasz Żak", "lukasz zak", "ZAK", "z\u0307ak", "kasz"])
def test_people_and_places_are_found_by_a_part_of_a_name_whatever_its_case_and_accents(store: Store, part: str) -> None:
    facts: list[dict[str, Any]] = [
        {"id": "zak", "title": "A", "participants": ["Łukasz Żak", "Ann"], "place": "Łukasz Żak Street"},
        {"id": "ann", "title": "B", "participants": ["Ann"], "place": "Rome"},
        {"id": "nobody", "title": "C"},
    ]
    evidence = [{"source": "paper"}]
    store.load({"sources": [{"id": "paper"}], "facts": [fact | {"evidence": evidence} for fact in facts]})
    before = store.head().position
    assert [fact.id for fact in store.facts(participant=part)] == ["zak"]
    assert [fact.id for fact in store.facts(place=part)] == ["zak"]
    assert [found.fact.id for found in store.timeline.all(participant=part, place=part)] == ["zak"]
    store.correct("zak", {"participants": None, "place": None})
    assert list(store.facts(participant=part)) == list(store.facts(place=part)) == []
    assert [fact.id for fact in store.at(known=before).facts(participant=part, place=part)] == ["zak"]


@pytest.mark.parametrize("text", ["O'Hare\0", "At\0x", "\0", "x" * 60_000])
def test_a_place_or_a_person_that_no_ledger_can_hold_is_not_found(asked: Store, text: str) -> None:
    assert asked.facts(place=text) == asked.facts(participant=text) == []


def test_an_id_of_any_length_is_unknown(asked: Store) -> None:
    for ask in (asked.fact, asked.find, asked.said_by):
        with pytest.raises(UnknownId):
            ask("a" * 60_000)


@pytest.mark.parametrize("number", [-1, 2**53, 2**63, 2**70])
def test_an_impossible_page_is_refused(asked: Store, number: int) -> None:
    pages: list[Callable[[], object]] = [
        lambda: asked.facts(limit=number),
        lambda: asked.facts(offset=number),
        lambda: asked.timeline.all(offset=number),
        lambda: asked.timeline.before("2018", limit=number),
        lambda: asked.timeline.before("2018", offset=number),
        lambda: asked.log(limit=number),
        lambda: asked.history("a", limit=number),
        lambda: asked.sources(limit=number),
        lambda: asked.diff(2, limit=number),
    ]
    for page in pages:
        with pytest.raises(InputError, match=r"must be a whole number from 0 on, not"):
            page()


def _paged(asked: Store) -> dict[str, Callable[..., Sequence[object]]]:
    """Every public call with a limit, by its name."""
    first = {"history": "a", "log_after": 1, "diff": 2, "beginning_with": "", "between": ("2017", "2019")}
    found: dict[str, Callable[..., Sequence[object]]] = {}
    for face in (asked, asked.timeline):
        for name, call in inspect.getmembers(face, inspect.ismethod):
            parameters = inspect.signature(call).parameters
            if name[0] != "_" and ("limit" in parameters or "QuestionOptions" in str(parameters.get("options"))):
                given = first.get(name, "2018-04-02" if name in ("before", "after", "overlapping") else ())
                found[name] = partial(call, *(given if isinstance(given, tuple) else (given,)))
    return found


def test_each_listing_gives_all_without_a_limit_or_with_one_of_zero(asked: Store) -> None:
    paged = _paged(asked)
    assert len(paged) >= 12
    for name, call in paged.items():
        every = call()
        assert call(limit=None) == every, name
        assert call(limit=len(every) + 1) == every
        assert call(limit=1) == every[:1]
        assert call(limit=0) == every, name
        with pytest.raises(InputError, match="a limit must be a whole number from 0 on, not -1; 0 is for all"):
            call(limit=-1)


def test_a_position_beyond_any_database_is_refused(asked: Store) -> None:
    for undo in (lambda: asked.revert(2**70), lambda: asked.redact(2**70, why="it was asked for")):
        with pytest.raises(InputError, match="larger than any in a ledger"):
            undo()


def test_an_empty_filter_is_refused_in_every_listing(asked: Store) -> None:
    for name in ("text", "place", "participant", "tag", "source", "since", "until"):
        narrowed: dict[str, Any] = {name: " "}
        for ask in (asked.facts, asked.timeline.all, partial(asked.timeline.overlapping, "2018")):
            with pytest.raises(InputError, match=f"{name} is empty"):
                ask(**narrowed)
