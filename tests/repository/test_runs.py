"""Sets of days: what is certain about a fact that happens in runs, compared with all ways in which it may have happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, permutations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factstore.database.statements import fetch
from factstore.errors import Contradiction
from factstore.reasoning.relations import MIRRORS, RELATIONS
from factstore.store import Store
from tests.conftest import NewStore

# A way in which a fact may have happened is the set of half-days on which it was going on, within five days.
DAYS = 5
EVERY = range(2 * DAYS)
Way = frozenset[int]


def _name(day: int) -> str:
    return f"2018-01-0{day + 1}"


def _halves(first: int, last: int) -> range:
    """The half-days from one day to another, both of them included."""
    return range(2 * first, 2 * last + 2)


def within(first: int, last: int) -> list[Way]:
    """All ways of happening at some time between the first day and the last."""
    halves = _halves(first, last)
    return [frozenset(range(start, end)) for start in halves for end in range(start + 1, halves.stop + 1)]


def throughout(first: int, last: int) -> list[Way]:
    """All ways of beginning on the first day and ending on the last."""
    return [way for way in within(first, last) if way & {*_halves(first, first)} and way & {*_halves(last, last)}]


def at_all(runs: Sequence[tuple[int, int]]) -> list[Way]:
    """All ways of happening in each of some runs of days, whether or not in between."""
    found = {frozenset[int]().union(*ways) for ways in product(*(throughout(*run) for run in runs))}
    return [*found, *(frozenset(range(min(way), max(way) + 1)) for way in found)]


#: A date, and all ways in which a fact with that date may have happened.
Dated = tuple[str | None, list[Way]]


@st.composite
def sets_of_days(draw: st.DrawFn) -> Dated:
    days = sorted(draw(st.sets(st.integers(0, DAYS - 1), min_size=2, max_size=4)))
    runs: list[tuple[int, int]] = []
    for day in days:
        if runs and runs[-1][1] == day - 1:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    members = [_name(day) for day in days]
    if draw(st.booleans()):  # the same, with runs as ranges
        members = [_name(first) if first == last else f"{_name(first)}..{_name(last)}" for first, last in runs]
    return "{" + ",".join(draw(st.permutations(members))) + "}", at_all(runs)


@st.composite
def dates(draw: st.DrawFn) -> Dated:
    first, last = sorted(draw(st.tuples(st.integers(0, DAYS - 1), st.integers(0, DAYS - 1))))
    form = draw(st.sampled_from(["day", "span", "some time", "none"]))
    if form == "none":
        return None, within(0, DAYS - 1)
    if form == "day" or first == last:
        return _name(first), within(first, first)
    if form == "span":
        return f"{_name(first)}/{_name(last)}", throughout(first, last)
    return f"[{_name(first)}..{_name(last)}]", within(first, last)


HOLDS: dict[str, Callable[[Way, Way], bool]] = {
    "before": lambda a, b: max(a) < min(b),
    "starts-before": lambda a, b: min(a) < min(b),
    "during": lambda a, b: a <= b,
    "intersects": lambda a, b: bool(a & b),
    "equals": lambda a, b: a == b,
    "meets": lambda a, b: max(a) + 1 == min(b),
    "overlaps": lambda a, b: min(a) < min(b) and bool(a & b) and max(a) < max(b),
    "starts": lambda a, b: a <= b and min(a) == min(b) and max(a) < max(b),
    "finishes": lambda a, b: a <= b and max(a) == max(b) and min(a) > min(b),
}


def holds(relation: str, a: Way, b: Way) -> bool:
    return HOLDS[MIRRORS[relation]](b, a) if relation in MIRRORS else HOLDS[relation](a, b)


Orders = Sequence[tuple[int, str, int]]
_orders: st.SearchStrategy[Orders] = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([*HOLDS, "during", "during"]), st.integers(0, 2)).filter(
        lambda order: order[0] != order[2]
    ),
    max_size=3,
    unique=True,
)


def histories(facts: Sequence[Dated], orders: Orders) -> Iterator[tuple[Way, ...]]:
    """All combinations of the facts' ways that the orders allow."""
    for ways in product(*(ways for _, ways in facts)):
        if all(holds(relation, ways[a], ways[b]) for a, relation, b in orders):
            yield ways


def kept(new_store: NewStore, facts: Sequence[Dated], orders: Orders = ()) -> Store:
    """A store of facts with the ids a, b, c …, in order."""
    store = new_store()
    entries = [
        {"id": name, "title": name, "when": when, "evidence": [{"source": "diary"}]}
        for name, (when, _) in zip("abc", facts, strict=False)
    ]
    stated = [{"fact": "abc"[a], "relation": relation, "other": "abc"[b]} for a, relation, b in orders]
    store.load({"sources": [{"id": "diary"}], "facts": entries, "orderings": stated})
    return store


def check(certainty: str, relation: str, ways: Iterable[tuple[Way, Way]], told: Any) -> None:
    """Asserts that what is certain holds in all histories of two facts, and what is impossible in none."""
    if certainty in ("certain", "impossible"):
        assert all(holds(relation, a, b) == (certainty == "certain") for a, b in ways), told


@settings(max_examples=40)
@given(facts=st.tuples(sets_of_days(), st.one_of(sets_of_days(), dates()), dates()), orders=_orders)
def test_what_is_certain_of_sets_of_days_is_so_in_every_history(
    new_store: NewStore, facts: Sequence[Dated], orders: Orders
) -> None:
    every = [*histories(facts, orders)]
    try:
        store = kept(new_store, facts, orders)
    except Contradiction:
        assert not every
        return
    told = [when for when, _ in facts], orders
    pairs = {(a, b): {(ways[a], ways[b]) for ways in every} for a, b in permutations(range(3), 2)}
    for a, b in combinations(range(3), 2):
        relations = store.timeline.order("abc"[a], "abc"[b]).relations
        assert set(relations) == set(RELATIONS)
        for relation, certainty in relations.items():
            check(certainty, relation, pairs[a, b], (told, a, relation, b))
    with store.file.reading() as connection:
        shown = [*fetch(connection, "SELECT id, x FROM came_before")]
    for first, later in shown:
        check("certain", "before", pairs["abc".index(first), "abc".index(later)], told)
    asked = {"before": store.timeline.before, "after": store.timeline.after, "overlapping": store.timeline.overlapping}
    days = {_name(day): frozenset(_halves(day, day)) for day in range(DAYS)}
    for question, x in product(asked, ["a", "b", "c", *days]):
        found = {one.fact.id: one.certainty or "" for one in asked[question](x)}
        relation = "intersects" if question == "overlapping" else question
        for fact, name in enumerate("abc"):
            if name != x:
                of_both = pairs[fact, "abc".index(x)] if x in "abc" else {(ways[fact], days[x]) for ways in every}
                check(found.get(name, "impossible"), relation, of_both, (told, question, x, name))


# --- by example -----------------------------------------------------------------------------------------------

# A hearing on 5 January and 9 February, a festival from 5 to 20 January and all of March.
HEARING, FESTIVAL = "{2010-01-05,2010-02-09}", "{2010-01-05..2010-01-20,2010-03-01..2010-03-31}"


def facts(store: Store, **dates: str | None) -> None:
    entries = [
        {"id": name, "title": name.title(), "when": when, "evidence": [{"source": "diary"}]}
        for name, when in dates.items()
    ]
    store.load({"sources": [{"id": "diary"}], "facts": entries})


@pytest.mark.parametrize(
    ("x", "certainty"),
    [
        ("2010-01-05", "certain"),
        ("2010-02-09", "certain"),
        ("2010-01", "certain"),
        ("2010-01-20", "possible"),
        ("2010-01-06/2010-02-08", "possible"),
        ("2010-01-04", None),
    ],
)
def test_nothing_is_certain_in_the_gap_of_a_set_of_days(store: Store, x: str, certainty: str | None) -> None:
    facts(store, hearing=HEARING)
    assert [one.certainty for one in store.timeline.overlapping(x)] == ([certainty] if certainty else [])
    assert [one.certainty for one in store.timeline.overlapping(x, certain=True)] == ["certain"] * (
        certainty == "certain"
    )


def test_what_lies_in_the_gap_is_neither_inside_nor_at_the_same_time(store: Store) -> None:
    facts(store, hearing=HEARING, strike="2010-01-20", walk="2010-01-05", january="2010-01-01/2010-01-31")
    order = store.timeline.order("strike", "hearing")
    assert not {name for name, held in order.relations.items() if held == "certain"} & {"during", "intersects"}
    assert order.relations["starts-after"] == "certain"
    assert order.generous == ("hearing",)
    assert not {"during", "intersects", "overlaps"} & set(order.histories)
    assert store.timeline.order("hearing", "walk").relations["intersects"] == "possible"
    assert store.timeline.order("hearing", "january").relations["overlapped-by"] == "certain"
    found = {one.fact.id: one.certainty for one in store.timeline.overlapping("hearing")}
    assert found == {"january": "certain", "strike": "possible", "walk": "possible"}


def test_one_run_alone_contains_what_happened_within_it(store: Store) -> None:
    facts(store, festival=FESTIVAL, concert="2010-01-10", strike="2010-02-01", opening="2010-01-05")
    inside = {
        name: store.timeline.order(name, "festival").relations["during"] for name in ("concert", "strike", "opening")
    }
    assert inside == {"concert": "certain", "strike": "possible", "opening": "possible"}
    assert store.timeline.order("festival", "concert").relations["contains"] == "certain"
    why = [step.text for step in store.timeline.order("concert", "festival").why]
    assert why == [f"festival is dated {FESTIVAL}", "concert is dated 2010-01-10"]
    (found,) = store.timeline.overlapping("2010-03-10", why=True)
    assert [step.text for step in found.why or ()] == [f"festival is dated {FESTIVAL}"]


def test_a_run_without_end_shares_time_with_any_later_one_however_far(store: Store) -> None:
    facts(store, feud="{2010-01-05,2010-02-09..}", doom="Y1E9", dawn="Y-1E9", myth="{..2009-12-01,2010-01-05}")
    assert {one.id for one in store.timeline.overlapping("doom", certain=True)} == {"feud"}
    assert {one.id for one in store.timeline.overlapping("dawn", certain=True)} == {"myth"}
    for endless, far in (("feud", "doom"), ("myth", "dawn")):
        assert store.timeline.order(endless, far).relations["intersects"] == "certain"
        assert store.timeline.order(endless, far).relations["contains"] == "certain"
    assert store.timeline.order("feud", "dawn").relations["intersects"] == "impossible"


def test_members_that_touch_leave_no_gap(store: Store) -> None:
    facts(store, fair="{2010-01-05,2010-01-06,2010-01-07}")
    (found,) = store.timeline.overlapping("2010-01-06")
    assert found.certainty == "certain"
    assert store.timeline.overlapping("2010-01-06", certain=True) == [found]


def test_what_orders_state_or_imply_is_certain_in_spite_of_gaps(store: Store) -> None:
    facts(store, hearing=HEARING, testimony=None, remark=None, session="2010-01-20/2010-01-21", riot=None)
    for a, relation, b in (
        ("testimony", "during", "hearing"),
        ("remark", "during", "testimony"),
        ("riot", "intersects", "remark"),
    ):
        store.relate(a, relation, b)
    assert store.timeline.order("remark", "hearing").relations["during"] == "certain"
    order = store.timeline.order("riot", "hearing")
    assert order.relations["intersects"] == "certain"
    assert [step.kind for step in order.why] == ["ordering"] * 3
    found = {one.fact.id: one for one in store.timeline.overlapping("hearing", why=True)}
    assert {name: one.certainty for name, one in found.items()} == {
        "remark": "certain",
        "testimony": "certain",
        "riot": "certain",
        "session": "possible",
    }
    assert len(found["riot"].why or ()) == 3
    assert store.timeline.order("session", "hearing").relations["during"] == "possible"


def appealed(store: Store, hearing: str | None) -> None:
    """Adds an appeal that began after the hearing began, and before a verdict that ended it."""
    facts(store, hearing=hearing, appeal=None, verdict=None, march="2010-03-01")
    for a, relation, b in (
        ("hearing", "starts-before", "appeal"),
        ("appeal", "starts-before", "verdict"),
        ("verdict", "finishes", "hearing"),
    ):
        store.relate(a, relation, b)


def test_an_order_that_only_hulls_imply_decides_nothing_in_a_gap(store: Store) -> None:
    appealed(store, HEARING)
    assert store.timeline.order("appeal", "hearing").relations["intersects"] == "possible"
    assert store.timeline.order("verdict", "hearing").relations["during"] == "certain"
    assert [one.certainty for one in store.timeline.overlapping("appeal")] == ["possible"] * 3


def test_a_set_of_days_that_is_set_aside_leaves_no_gap(store: Store) -> None:
    appealed(store, None)
    store.relate("hearing", "after", "march")
    store.correct("hearing", {"when": HEARING}, allow_conflict=True)
    assert [conflict.id for conflict in store.conflicts()] == ["hearing"]
    assert store.timeline.order("appeal", "hearing").relations["intersects"] == "certain"
    assert store.timeline.overlapping("appeal")[0].certainty == "certain"


def test_the_clocks_have_the_gaps_that_they_know_of(store: Store) -> None:
    facts(store, hearing="2010-01-05/2010-02-09")
    before = store.head().position
    store.correct("hearing", {"when": HEARING})
    assert [one.certainty for one in store.timeline.overlapping("2010-01-20")] == ["possible"]
    assert [one.certainty for one in store.at(known=before).timeline.overlapping("2010-01-20")] == ["certain"]
