"""What dates, evidence and orderings say about time, and what a question requires of placements."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factstore.dates.edtf import Edtf
from factstore.dates.ticks import FOREVER, gap_bounds, last_day
from factstore.reasoning.constraints import (
    Anchor,
    Constraint,
    Question,
    canonical_order,
    class_width,
    date_constraint,
    days_of,
    evidence_constraint,
    ordering_constraint,
    period,
    place_alone,
    plan,
    width_class,
)
from factstore.reasoning.edges import (
    BEYOND,
    LENGTH,
    TIME,
    UNBOUNDED,
    Bounds,
    Edge,
    Support,
    at_least,
    at_most,
    end_of,
    start_of,
)
from factstore.reasoning.network import Network
from factstore.reasoning.relations import MIRRORS, RELATIONS, SYMMETRIC, relation_edges
from factstore.units import UTC, Seconds, Ticks
from tests.support.networks import bounds_at, relations_of
from tests.support.strategies import days, edtf_texts, narrow_dates, plain_dates, zones

DAY = 86_400 * 1_000_000
#: The support of fact 1 that nothing but its own date places.
ITS_OWN = Support(1, 1, 1, 1)


def tick(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    moment = datetime.datetime(year, month, day, hour, minute, tzinfo=datetime.UTC)
    return (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(microseconds=1)


def placed(text: str, zone: Seconds = UTC) -> Bounds:
    found = place_alone([date_constraint(1, 1, text, zone)])
    assert found is not None
    return found[0]


# --- constraints --------------------------------------------------------------------------------------------


def test_a_day_contains_start_and_end() -> None:
    rank, by, edges, _ = date_constraint(7, 9, "2018-03-20", UTC)
    assert (rank, by) == (9, 7)
    first, last = tick(2018, 3, 20), tick(2018, 3, 21)
    assert {*edges} == {
        at_least(start_of(7), first, 7),
        at_most(start_of(7), last - 1, 7),
        at_least(end_of(7), first + 1, 7),
        at_most(end_of(7), last, 7),
    }


def test_a_zone_moves_a_floating_date() -> None:
    assert placed("2018-03-20", Seconds(3 * 3600)).start_min == tick(2018, 3, 19, 21)
    assert placed("2018-03-20T12:00Z", Seconds(3 * 3600)).start_min == tick(2018, 3, 20, 12)


def test_an_absent_corner_gives_no_edge() -> None:
    assert [edge.head for edge in date_constraint(1, 1, "../2018", UTC).edges if edge.tail == 0] == [
        start_of(1),
        end_of(1),
    ]


@given(edtf_texts(), zones())
def test_a_date_gives_its_corners_and_no_more(text: str, zone: Seconds) -> None:
    corners = Edtf(text).corners(zone)
    edges = date_constraint(1, 1, text, zone).edges
    said = {
        "start_min": [-e.weight for e in edges if (e.tail, e.head) == (2, 0)],
        "start_max": [e.weight for e in edges if (e.tail, e.head) == (0, 2)],
        "end_min": [-e.weight for e in edges if (e.tail, e.head) == (3, 0)],
        "end_max": [e.weight for e in edges if (e.tail, e.head) == (0, 3)],
    }
    never = {FOREVER: BEYOND, -FOREVER: -BEYOND}
    assert said == {
        name: [] if value is None else [never.get(value, value)] for name, value in corners._asdict().items()
    }


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2018-04-02", "2018-04-02"),
        ("2018-04", "2018-04-30"),
        ("2018-04-02T15:00", "2018-04-02"),
        ("2018-04-02T23:30-04:00", "2018-04-03"),
        ("2018-04-01/2018-04-03", "2018-04-03"),
        ("[2018-04-01,2018-04-05]", "2018-04-05"),
        ("2018~", "2019-12-31"),
        ("../2018", "2018-12-31"),
    ],
)
def test_what_evidence_asserts_had_begun_by_the_end_of_its_day(told: str, day: str) -> None:
    found = evidence_constraint(1, 5, 6, told, [0])
    assert found is not None
    after = datetime.date.fromisoformat(day) + datetime.timedelta(days=1)
    last = tick(after.year, after.month, after.day) - 1
    assert found == Constraint(6, 5, (at_most(start_of(1), last, 5),))


@given(days(), zones())
def test_the_day_of_evidence_is_a_day_where_the_ledger_is(day: str, zone: int) -> None:
    found = evidence_constraint(1, 5, 6, day, [zone])
    if found is not None:
        assert last_day(Ticks(found.edges[0].weight + 1), zone) == day


def test_the_day_of_evidence_ends_where_it_ends_last_so_a_local_paper_is_no_contradiction() -> None:
    hawaii = Seconds(-10 * 3600)
    found = evidence_constraint(1, 5, 6, "2018-04-02", [0, hawaii])
    assert found == evidence_constraint(1, 5, 6, "2018-04-02", [hawaii])
    assert found is not None
    assert place_alone([date_constraint(1, 1, "2018-04-02T20:00", hawaii), found]) is not None


@pytest.mark.parametrize("told", ["2018-04-02/..", "2018-04-02/", "[2018-04-02..]"])
def test_evidence_of_a_day_without_end_bounds_nothing(told: str) -> None:
    assert evidence_constraint(1, 5, 6, told, [0]) is None


def test_a_report_of_the_same_day_contradicts_nothing_and_one_of_the_day_before_does() -> None:
    date = date_constraint(1, 1, "2018-04-02", UTC)
    same, earlier = (evidence_constraint(1, 5, 6, told, [0]) for told in ("2018-04-02", "2018-04-01"))
    assert same is not None
    assert earlier is not None
    assert place_alone([date, same]) is not None
    assert place_alone([date, earlier]) is None


def test_an_ordering_gives_its_relation_with_its_gap() -> None:
    assert ordering_constraint(9, 10, 1, "during", 2, None, None) == Constraint(
        10, 9, relation_edges(1, "during", 2, 9)
    )
    least, most = gap_bounds("P3D", "P3D")
    assert ordering_constraint(9, 10, 1, "before", 2, "P3D", "P3D").edges == (
        Edge(start_of(2), end_of(1), -least, 9),
        Edge(end_of(1), start_of(2), most or 0, 9),
    )
    assert (least, most) == (2 * DAY, 4 * DAY)


@given(st.sampled_from("pqr"), st.sampled_from(RELATIONS), st.sampled_from("pqr"))
def test_an_order_is_kept_in_one_way_only(a: str, relation: str, b: str) -> None:
    kept = canonical_order(a, relation, b)
    assert canonical_order(*kept) == kept
    assert kept[1] not in MIRRORS
    mirrored = next((one for one, other in MIRRORS.items() if other == relation), MIRRORS.get(relation))
    if mirrored is not None:
        assert canonical_order(b, mirrored, a) == kept
    if relation in SYMMETRIC:
        assert canonical_order(b, relation, a) == kept
    number = {"p": 1, "q": 2, "r": 3}
    if a != b:
        said = relation_edges(number[a], relation, number[b], 9)
        assert {*said} == {*relation_edges(number[kept[0]], kept[1], number[kept[2]], 9)}


# --- placements ---------------------------------------------------------------------------------------------


@st.composite
def own_constraints(draw: st.DrawFn) -> list[Constraint]:
    """What the date of fact 1 and its evidence may say."""
    found = []
    for by in range(1, 1 + draw(st.integers(0, 4))):
        rank = draw(st.integers(1, 9))
        kind = draw(st.sampled_from(["narrow", "narrow", "date", "evidence"]))
        if kind == "narrow":
            found.append(Constraint(rank, by, draw(narrow_dates(1, by))))
        elif kind == "date":
            edges = date_constraint(1, rank, draw(edtf_texts()), draw(zones())).edges
            found.append(Constraint(rank, by, tuple(edge._replace(by=by) for edge in edges)))
        else:
            evidence = evidence_constraint(1, by, rank, draw(edtf_texts()), [draw(zones())])
            if evidence:
                found.append(evidence)
    return found


@given(own_constraints())
def test_a_fact_without_orderings_is_placed_as_a_network_of_it_alone_places_it(constraints: list[Constraint]) -> None:
    network = Network()
    refused = [constraint for constraint in sorted(constraints) if network.add(constraint.edges) is not None]
    found = place_alone(constraints)
    assert (found is None) == bool(refused)
    if found is not None:
        assert found[0] == network.bounds(1)


@given(own_constraints())
def test_each_bound_of_a_placement_follows_from_its_support(constraints: list[Constraint]) -> None:
    found = place_alone(constraints)
    assume(found)
    assert found is not None
    bounds, support = found
    said = {edge for constraint in constraints for edge in constraint.edges}
    by = support
    edges = {
        "start_min": at_least(start_of(1), bounds.start_min, by.start_min),
        "start_max": at_most(start_of(1), bounds.start_max, by.start_max),
        "end_min": at_least(end_of(1), bounds.end_min, by.end_min),
        "end_max": at_most(end_of(1), bounds.end_max, by.end_max),
    }
    by_length = {"start_max": bounds.end_max - 1, "end_min": bounds.start_min + 1}
    for corner, edge in edges.items():
        if edge.by == TIME:
            assert getattr(bounds, corner) == getattr(UNBOUNDED, corner)
        elif edge.by == LENGTH:
            assert getattr(bounds, corner) == by_length[corner]
        else:
            assert edge in said


def test_of_two_equal_bounds_the_one_of_lower_rank_counts() -> None:
    older, newer = (Constraint(rank, by, (at_least(start_of(1), 5, by),)) for rank, by in ((3, 9), (4, 2)))
    for order in ([older, newer], [newer, older]):
        assert place_alone(order) == (bounds_at(5, BEYOND - 1, 6, BEYOND), Support(9, TIME, LENGTH, TIME))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018-03-20", "2018-03-20", "2018-03-20"),
        ("2018-03", "2018-03-01", "2018-03-31"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("1984~", "1983-01-01", "1985-12-31"),
        ("2018-03-29/2018-04-01", "2018-03-29", "2018-04-01"),
        ("{1667,1668}", "1667-01-01", "1668-12-31"),
        ("2018-03-20T15:04", "2018-03-20T15:04:00.000000Z", "2018-03-20T15:04:59.999999Z"),
        ("2014/..", "2014-01-01", None),
        ("2014/", "2014-01-01", None),
        ("[..2018-04-01]", None, "2018-04-01"),
        ("-0044-03-15", "-0044-03-15", "-0044-03-15"),
    ],
)
def test_a_placement_is_shown_by_its_first_and_last_day(text: str, first: str | None, last: str | None) -> None:
    assert days_of(1, placed(text), ITS_OWN, UTC) == (first, last)


@given(days(), zones())
def test_a_day_is_shown_as_itself_where_it_was_read(day: str, zone: Seconds) -> None:
    bounds = placed(day, zone)
    assert days_of(1, bounds, ITS_OWN, zone) == (day, day)


def test_unknown_bounds_are_not_shown() -> None:
    assert days_of(1, UNBOUNDED, ITS_OWN, UTC) == (None, None)


@pytest.mark.parametrize("text", ["Y-2000000", "Y5000000", "[..Y-100000]", "Y-100000/Y-80000"])
def test_where_the_clock_ends_is_no_bound(text: str) -> None:
    assert days_of(1, placed(text), ITS_OWN, UTC) == (None, None)


@pytest.mark.parametrize(
    ("pushed", "first", "last"),
    [
        (0, "2018-03-20T15:04:00.000000Z", "2018-03-20T15:04:59.999999Z"),
        (7, "2018-03-20T15:04:00.000000Z", "2018-03-20T15:04:59.999999Z"),
        (999, "2018-03-20T15:04:00.000000Z", "2018-03-20T15:04:59.999999Z"),
    ],
)
def test_the_ticks_by_which_orders_push_a_bound_are_not_shown(pushed: int, first: str, last: str) -> None:
    start_min, start_max, end_min, end_max = placed("2018-03-20T15:04")
    bounds = Bounds(Ticks(start_min + pushed), start_max, end_min, Ticks(end_max - pushed))
    assert days_of(1, bounds, Support(9, 1, 1, 9), UTC) == (first, last)


def test_a_microsecond_that_a_source_stated_is_shown() -> None:
    moment = "2018-03-20T15:04:00.000312Z"
    assert days_of(1, placed(moment), ITS_OWN, UTC) == (moment, moment)


@pytest.mark.parametrize(("text", "never"), [("2014/..", True), ("2014/", False), ("2014", False), ("[2014..]", False)])
def test_only_an_open_end_lasts_for_ever(text: str, never: bool) -> None:
    assert (placed(text).end_min >= BEYOND) is never


@given(st.integers(0, 2**63))
def test_a_width_class_is_the_least_that_contains_a_width(width: int) -> None:
    found = width_class(bounds_at(0, 0, 100, 100 + width))
    assert width < class_width(found)
    assert found == 0 or width >= class_width(found - 1)


# --- questions ----------------------------------------------------------------------------------------------

Span = tuple[int, int]

ASKED: dict[Question, Callable[[Span, Span, Span], bool]] = {
    "before": lambda c, x, y: c[1] <= x[0],
    "after": lambda c, x, y: c[0] >= x[1],
    "between": lambda c, x, y: c[0] >= x[1] and c[1] <= y[0],
    "overlapping": lambda c, x, y: max(c[0], x[0]) < min(c[1], x[1]),
}


def by_thresholds(question: Question, candidate: Bounds, x: Anchor, y: Anchor) -> tuple[bool, bool]:
    """Whether every condition is certain, and whether each is possible."""
    certain = possible = True
    for condition in plan(question, x, y if question == "between" else None):
        ends = {"start": (candidate.start_min, candidate.start_max), "end": (candidate.end_min, candidate.end_max)}
        least, most = ends[condition.end]
        if condition.at_most:
            certain, possible = certain and most <= condition.certain, possible and least <= condition.possible
        else:
            certain, possible = certain and least >= condition.certain, possible and most >= condition.possible
    return certain, possible


@st.composite
def small_bounds(draw: st.DrawFn) -> Bounds:
    """The tightest bounds of something within a few ticks."""
    start_min, end_max = sorted(draw(st.lists(st.integers(0, 9), min_size=2, max_size=2, unique=True)))
    start_max = draw(st.integers(start_min, end_max - 1))
    return bounds_at(start_min, start_max, draw(st.integers(start_min + 1, end_max)), end_max)


def spans(bounds: Bounds) -> list[Span]:
    starts, ends = range(bounds.start_min, bounds.start_max + 1), range(bounds.end_min, bounds.end_max + 1)
    return [(start, end) for start, end in product(starts, ends) if start < end]


@pytest.mark.parametrize("question", [*ASKED])
@given(small_bounds(), small_bounds(), st.tuples(st.integers(0, 9), st.integers(0, 9)))
def test_thresholds_are_right_for_every_way_in_which_things_may_lie(
    question: Question, candidate: Bounds, x: Bounds, days_of_y: Span
) -> None:
    y = (Ticks(min(days_of_y)), Ticks(max(days_of_y) + 1))
    lies = [ASKED[question](c, one, y) for c in spans(candidate) for one in spans(x)]
    certain, possible = by_thresholds(question, candidate, Anchor(2, x), period(*y))
    assert certain == all(lies)
    if question == "between":  # whether the candidate is too long for the gap depends on both conditions together
        assert possible or not any(lies)
    else:
        assert possible == any(lies)


@given(edtf_texts(), plain_dates(), st.booleans())
def test_thresholds_are_right_for_dates_of_every_form(text: str, x: str, as_fact: bool) -> None:
    start, end = Edtf(x).period()
    anchor = Anchor(2, placed(x)) if as_fact else period(start, end)
    network = Network()
    assert network.add(date_constraint(1, 1, text, UTC).edges) is None
    fixed = [edge(node, at, 2) for node, at in ((start_of(2), start), (end_of(2), end)) for edge in (at_least, at_most)]
    assert network.add(date_constraint(2, 2, x, UTC).edges if as_fact else fixed) is None
    relations = relations_of(network, 1, 2)
    questions: dict[Question, str] = {"before": "before", "after": "after", "overlapping": "intersects"}
    for question, relation in questions.items():
        certain, possible = by_thresholds(question, placed(text), anchor, anchor)
        assert relations[relation] == ("certain" if certain else "possible" if possible else "impossible")


def test_a_condition_on_a_fact_names_the_end_that_paths_start_from() -> None:
    x, y = Anchor(4, bounds_at(10, 12, 14, 16)), Anchor(5, bounds_at(30, 32, 34, 36))
    assert [(c.node, c.slack) for c in plan("before", x)] == [(start_of(4), 0)]
    assert [(c.node, c.slack) for c in plan("after", x)] == [(end_of(4), 0)]
    assert [(c.node, c.slack) for c in plan("between", x, y)] == [(end_of(4), 0), (start_of(5), 0)]
    assert [(c.node, c.slack) for c in plan("overlapping", x)] == [(end_of(4), 1), (start_of(4), 1)]
    assert [c.node for c in plan("overlapping", period(Ticks(10), Ticks(20)))] == [0, 0]


def test_between_takes_two_and_the_others_one() -> None:
    with pytest.raises(ValueError, match="between takes a Y"):
        plan("between", period(Ticks(1), Ticks(2)))
    with pytest.raises(ValueError, match="before takes no Y"):
        plan("before", period(Ticks(1), Ticks(2)), period(Ticks(3), Ticks(4)))
