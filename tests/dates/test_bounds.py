"""Lengths, readings that evidence excludes, and bounds that rest on nothing: by example, then against brute force."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factstore.dates.edtf import Edtf
from factstore.dates.ticks import DAY, length_bounds
from factstore.errors import Contradiction, DateError, DocumentError, InputError
from factstore.reasoning.constraints import Constraint, lasting_constraint, place_alone, recalled, stored
from factstore.reasoning.edges import BEYOND, Edge, at_least, at_most, end_of, start_of
from factstore.reasoning.network import Network
from factstore.reasoning.relations import relation_edges
from tests.conftest import NewStore
from tests.support.networks import bounds_at, is_bound

HOUR = DAY // 24


def document(*facts: dict[str, Any], orderings: tuple[dict[str, Any], ...] = (), **source: str) -> dict[str, Any]:
    """A document of facts that one undated source asserts, each with its id as its title."""
    evidence = [{"source": "register"}]
    return {
        "sources": [{"id": "register", "title": "Register", **source}],
        "facts": [{"title": str(fact["id"]), "evidence": evidence} | fact for fact in facts],
        "orderings": list(orderings),
    }


def chain(*names: str, **gap: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"fact": a, "relation": "before", "other": b, **({"gap": gap} if gap else {})} for a, b in pairwise(names)
    )


# --- how long something lasted --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("least", "greatest", "low", "high"),
    [
        # Three days, from an evening to a morning, are more than one day and less than four.
        ("P3D", "P3D", DAY + 1, 4 * DAY - 1),
        ("P1D", None, 1, None),
        (None, "P1D", 1, 2 * DAY - 1),
        ("PT2H", "PT3H", 2 * HOUR, 3 * HOUR),
        ("P1M", "P1M", 26 * DAY + 1, 32 * DAY - 1),
        ("PT0S", None, 1, None),
    ],
)
def test_counted_days_may_be_counted_inclusively_and_hours_are_exact(
    least: str | None, greatest: str | None, low: int, high: int | None
) -> None:
    assert length_bounds(least, greatest) == (low, high)


@pytest.mark.parametrize(("least", "greatest"), [("P4D", "P3D"), ("PT2H", "PT1H"), (None, "PT0S"), ("P80000Y", None)])
def test_an_impossible_length_is_refused(least: str | None, greatest: str | None) -> None:
    with pytest.raises(DateError):
        length_bounds(least, greatest)


def test_a_siege_of_at_most_a_day_that_began_within_a_day_of_another_is_certainly_over(new_store: NewStore) -> None:
    store = new_store()
    late = {"fact": "relief", "relation": "after", "other": "siege", "gap": {"max": "P1D"}}
    store.load(document({"id": "siege", "when": "1862-04-05"}, {"id": "relief"}, orderings=(late,)))
    assert store.timeline.order("relief", "siege").relations["after"] == "certain"
    assert [found.certainty for found in store.timeline.before("1863")] == ["certain", "possible"]
    store.correct("relief", {"lasts": {"max": "P2D"}})
    assert [found.certainty for found in store.timeline.before("1863", why=True)] == ["certain", "certain"]
    relief = next(found for found in store.timeline.before("1863", why=True) if found.fact.id == "relief")
    assert [step.text for step in relief.why or ()][-1] == "relief lasted at most P2D"
    assert store.at(known=store.log()[0].position - 2).fact("relief").lasts == {}
    assert store.verify().ok


def test_a_contradicting_length_is_set_aside_alone(new_store: NewStore) -> None:
    store = new_store()
    siege = {"id": "siege", "when": "1862-04-05/1862-05-04", "lasts": {"max": "P7D"}}
    with pytest.raises(Contradiction, match="siege lasted at most P7D"):
        store.load(document(siege))
    done = store.load(document(siege), allow_conflict=True)
    assert done.set_aside == ("siege",)
    (conflict,) = store.conflicts()
    assert (conflict.id, conflict.text) == ("siege", "siege lasted at most P7D")
    assert {step.kind for step in conflict.chain} == {"date", "length"}
    fact = store.fact("siege")
    assert (fact.earliest, fact.latest, fact.conflicting) == ("1862-04-05", "1862-05-04", True)
    store.correct("siege", {"lasts": {"max": "P31D"}})
    assert store.conflicts() == []
    assert store.verify().ok


@pytest.mark.parametrize(
    ("when", "lasts"),
    [("{1862-04-05,1862-04-09}", {"min": "P1D"}), ("1862/..", {"max": "P1D"}), ("../1862", {"max": "P1D"})],
)
def test_a_length_goes_with_one_stretch_of_time_and_a_greatest_one_with_both_ends(
    new_store: NewStore, when: str, lasts: dict[str, str]
) -> None:
    store = new_store()
    with pytest.raises(DocumentError, match="lasts"):
        store.load(document({"id": "siege", "when": when, "lasts": lasts}))
    store.load(document({"id": "siege", "lasts": lasts}))
    with pytest.raises(InputError, match="lasts"):
        store.correct("siege", {"when": when})


def test_a_length_comes_back_from_a_dump_and_from_a_bare_duration(new_store: NewStore) -> None:
    store = new_store()
    store.load(document({"id": "siege", "lasts": "P3D"}))
    entries = [entry for kind, entry in store.entries() if kind == "fact"]
    assert entries[0]["lasts"] == {"min": "P3D", "max": "P3D"}
    assert store.load({"facts": entries}).position is None


# --- readings that evidence excludes --------------------------------------------------------------------------


def test_a_report_of_july_2020_cannot_have_meant_june_2021(new_store: NewStore) -> None:
    store = new_store()
    vote = {"id": "vote", "when": "[2020-06-01,2021-06-01]"}
    store.load(document(vote, published="2020-07-31"))
    (found,) = store.timeline.before("2020-07-03", why=True)
    assert (found.certainty, found.fact.latest) == ("certain", "2020-06-01")
    assert [(step.kind, step.text) for step in found.why or ()] == [
        ("date", "vote is dated [2020-06-01,2021-06-01]"),
        (
            "reading",
            "vote had begun by 2020-07-31, when Register told of it, which excludes the later readings of "
            "[2020-06-01,2021-06-01]",
        ),
    ]
    # The text of the date stays; without the evidence, both readings do.
    assert found.fact.when == "[2020-06-01,2021-06-01]"
    store.correct("register", {"published": None})
    assert store.fact("vote").latest == "2021-06-01"
    assert store.verify().ok


def test_a_range_is_one_reading_and_is_never_cut(new_store: NewStore) -> None:
    store = new_store()
    store.load(document({"id": "vote", "when": "[2020-06-01..2021-06-01]"}, published="2020-07-31"))
    assert store.fact("vote").latest == "2021-06-01"


def test_if_evidence_excludes_every_reading_date_and_evidence_contradict(new_store: NewStore) -> None:
    store = new_store()
    with pytest.raises(Contradiction) as refused:
        store.load(document({"id": "vote", "when": "[2021-06-01,2022-06-01]"}, published="2020-07-31"))
    assert len(refused.value.chain) == 2


def test_a_reading_that_contradicts_an_order_names_date_and_citation(new_store: NewStore) -> None:
    store = new_store()
    store.load(
        document({"id": "vote", "when": "[2020-06-01,2021-06-01]"}, {"id": "rally", "when": "2020-06-15"}),
    )
    store.relate("vote", "after", "rally", source="register")
    told = {"id": "wire", "title": "Wire", "published": "2020-07-31"}
    again = {"id": "vote", "title": "vote", "when": "[2020-06-01,2021-06-01]", "evidence": [{"source": "wire"}]}
    with pytest.raises(Contradiction) as refused:
        store.load({"sources": [told], "facts": [again]})
    said = "\n".join(refused.value.chain)
    assert "vote is dated [2020-06-01,2021-06-01]" in said
    assert "2020-07-31" in said
    assert "rally before vote" in said


@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=4, unique=True).map(sorted),
    st.integers(0, 12),
)
def test_readings_left_are_those_that_can_have_begun_by_the_bound(days: list[int], bound: int) -> None:
    text = f"[{','.join(f'2018-04-{day + 1:02}' for day in days)}]"
    readings = Edtf(text).readings()
    first = Edtf("2018-04-01").corners().start_min or 0
    assert [(one.start_min or 0) - first for one in readings] == [day * DAY for day in days]


# --- what rests on nothing --------------------------------------------------------------------------------------


def test_undated_facts_stay_undated_however_many_gaps_lie_between(new_store: NewStore) -> None:
    store = new_store()
    names = ("one", "two", "three", "four")
    store.load(document(*({"id": name} for name in names), orderings=chain(*names, min="P40000Y")))
    assert [found.certainty for found in store.timeline.after("-9999")] == ["possible"] * 4
    assert {store.fact(name).earliest for name in names} == {None}
    assert store.timeline.order("one", "four").relations["before"] == "certain"
    assert store.verify().ok


def test_a_sum_of_gaps_that_rests_on_nothing_does_not_override_a_date() -> None:
    network = Network()
    for number in (1, 2, 3):
        assert network.add(relation_edges(number, "before", number + 1, number, gap=(2**61, None))) is None
    assert network.add([at_least(start_of(4), -(2**60), 9)]) is None
    assert network.bounds(4).start_min == -(2**60)
    assert not is_bound(network.bounds(3).start_min)
    network.remove([at_least(start_of(4), -(2**60), 9)])
    assert not is_bound(network.bounds(4).start_min)


def test_gaps_that_lead_beyond_the_range_of_ticks_are_refused(new_store: NewStore) -> None:
    store = new_store()
    names = tuple(f"fact-{letter}" for letter in "abcdef")
    with pytest.raises(InputError, match="further than the clock reaches"):
        store.load(document(*({"id": name} for name in names), orderings=chain(*names, min="P70000Y")))
    with pytest.raises(DocumentError, match="is too long"):
        store.load(document({"id": "a"}, {"id": "b"}, orderings=chain("a", "b", min="P80000Y")))


@given(
    st.lists(st.integers(-(2**62), 2**62), min_size=4, max_size=4),
    st.lists(st.integers(0, 2**62 - 2), min_size=4, max_size=4),
)
def test_bounds_are_recalled_as_they_were_and_keep_their_order(known: list[int], offsets: list[int]) -> None:
    unknown = [offsets[0] - BEYOND, offsets[1] - BEYOND, BEYOND - offsets[2], BEYOND - offsets[3]]
    for bounds in (bounds_at(*known), bounds_at(*unknown)):
        kept = stored(bounds)
        assert recalled(kept) == bounds
        assert all(-(2**63) <= bound < 2**63 for bound in kept)
    every = sorted({*known, *unknown})
    assert every == sorted(every, key=lambda bound: stored(bounds_at(bound, bound, bound, bound)).start_min)
    assert {is_bound(bound) for bound in known} == {True}
    assert {is_bound(bound) for bound in unknown} == {False}


# --- brute force -------------------------------------------------------------------------------------------------


@given(
    st.integers(1, 4),
    st.one_of(st.none(), st.integers(1, 6)),
    st.tuples(*[st.one_of(st.none(), st.integers(0, 8))] * 4),
)
def test_a_fact_alone_lies_where_some_length_and_some_date_put_it(
    shortest: int, longest: int | None, corners: tuple[int | None, ...]
) -> None:
    said = [Constraint(1, 1, tuple(_edges(corners)))]
    length = f"PT0.00000{shortest}S", None if longest is None else f"PT0.00000{longest}S"
    if longest is not None and longest < shortest:
        return
    said.append(lasting_constraint(1, 1, *length))
    low_start, high_start, low_end, high_end = corners
    models = [
        (start, end)
        for start, end in product(range(-20, 30), repeat=2)
        if shortest <= end - start <= (longest or 99)
        and (low_start is None or start >= low_start)
        and (high_start is None or start <= high_start)
        and (low_end is None or end >= low_end)
        and (high_end is None or end <= high_end)
    ]
    found = place_alone(said)
    if not models:
        assert found is None
        return
    assert found is not None
    for place, bound in zip((0, 0, 1, 1), found[0], strict=True):
        if is_bound(bound):
            assert bound in {model[place] for model in models}
    starts, ends = zip(*models, strict=True)
    expected = (min(starts), max(starts), min(ends), max(ends))
    # At the edge of the window nothing bounds them.
    assert [b for b, inside in zip(found[0], expected, strict=True) if is_bound(b)] == [
        inside for b, inside in zip(found[0], expected, strict=True) if is_bound(b)
    ]


def _edges(corners: tuple[int | None, ...]) -> Iterator[Edge]:
    for corner, (make, node) in zip(
        corners,
        ((at_least, start_of(1)), (at_most, start_of(1)), (at_least, end_of(1)), (at_most, end_of(1))),
        strict=True,
    ):
        if corner is not None:
            yield make(node, corner, 1)
