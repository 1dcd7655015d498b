"""Dates on which sources disagree, such as registers of battles: starts are compared with starts, and ends with ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factstore.dates.edtf import Edtf
from factstore.errors import DateError
from factstore.repository.answers import Citation, Conflict
from factstore.repository.conflicts import _Agreed, _ends, _ends_apart, conflicts
from factstore.repository.dossier_answers import Dossier
from factstore.repository.reasons import Reasons
from factstore.repository.witnesses import Witnesses
from factstore.store import Store
from factstore.units import Seconds
from tests.support.strategies import days, edtf_texts, zones

SPAN = "1862-04-05/1862-05-04"


def dated(store: Store, when: str, *dates: str, zone: str | None = None) -> list[Conflict]:
    """What disagrees if a register dates a siege, and others date it differently."""
    evidence: list[dict[str, Any]] = [{"source": "register", "quote": f"dated {date}", "when": date} for date in dates]
    fact = {"id": "siege", "title": "The siege", "when": when, "zone": zone, "evidence": evidence}
    store.load({"sources": [{"id": "register"}], "facts": [fact]})
    return store.conflicts()


@pytest.mark.parametrize(
    ("when", "other", "said"),
    [
        (SPAN, "1862-04-15/1862-05-04", ["it starts 1862-04-05, here it starts 1862-04-15"]),
        (SPAN, "1862-04-05/1862-05-03", ["it ends 1862-05-04, here it ends 1862-05-03"]),
        (
            SPAN,
            "1862-04-04/1862-05-05",
            ["it starts 1862-04-05, here it starts 1862-04-04", "it ends 1862-05-04, here it ends 1862-05-05"],
        ),
        # A plain date says that it was over by then.
        (SPAN, "1862-04-05", ["it ends 1862-05-04, here it ends 1862-04-05"]),
        (SPAN, "1862-04", ["it ends 1862-05-04, here it ends 1862-04-01 … 1862-04-30"]),
        (
            "1862-04-05/1862-05",
            "1862-06",
            [
                "it starts 1862-04-05, here it starts 1862-06-01 … 1862-06-30",
                "it ends 1862-05-01 … 1862-05-31, here it ends 1862-06-01 … 1862-06-30",
            ],
        ),
        ("1862-12-20/1863-01-05", "1862", ["it ends 1863-01-05, here it ends 1862-01-01 … 1862-12-31"]),
        # Neither date distinguishes start and end, so the dates alone say it all.
        ("1862-04-05", "1862-04-06", []),
        ("1862-04", "1862-05-01", []),
        ("1862-04-05~", "1862-04-07", []),
        ("1862-04-05T06:00", "1862-04-05T18:00", []),
        ("1862-04-05/..", "1862-04-05/1862-05-04", ["it has no end, here it ends 1862-05-04"]),
        ("../1862-05-04", SPAN, ["it has no start, here it starts 1862-04-05"]),
        ("1862-04-05/", "1862-04-07/", ["it starts 1862-04-05, here it starts 1862-04-07"]),
        (SPAN, "[..1862-04-20]", ["it ends 1862-05-04, here it ends by 1862-04-20"]),
        (SPAN, "[1862-04-20..]", ["it starts 1862-04-05, here it starts no earlier than 1862-04-20"]),
        ("{1862-04-05,1862-05-04}", "{1862-04-05,1862-05-10}", ["it ends 1862-05-04, here it ends 1862-05-10"]),
        # Times are as they were given, and years beyond the range of ticks too.
        (
            "2018-03-20T15:05+03:00/2018-03-20T16:00+03:00",
            "2018-03-20T15:10+03:00/2018-03-20T16:00+03:00",
            ["it starts 2018-03-20T15:05+03:00, here it starts 2018-03-20T15:10+03:00"],
        ),
        ("Y-2000000/1900", "1850/1900", ["it starts Y-2000000, here it starts 1850-01-01 … 1850-12-31"]),
    ],
)
def test_sources_disagree_on_the_end_for_which_both_cannot_be_true(
    store: Store, when: str, other: str, said: list[str]
) -> None:
    (found,) = dated(store, when, other)
    assert (found.id, found.kind) == ("siege/register/1", "disagreement")
    assert found.text.split("; ") == [f"siege is dated {when}, here {other}", *said]
    assert [step.text for step in found.chain] == [f"siege is dated {when}", f"siege/register/1 says {other}"]


@pytest.mark.parametrize(
    ("when", "other"),
    [
        ("1862-04", "1862-04-05"),  # the day lies within the month
        ("1862-04-05", "1862-04"),
        (SPAN, "1862"),
        (SPAN, "1862-04/1862-05"),
        (SPAN, "1862-04-05/"),
        (SPAN, "/1862-05-04"),
        (SPAN, "1862-04-06~/1862-05-04"),
        (SPAN, "1862-04-05/1862-05-05?"),
        ("1862-04-05~", "1862-04-06"),
        ("1862-04-05/..", "1862-04-05/"),
        ("[1862-04-05..1862-05-04]", "1862-04-20"),
        ("{1862-04-05,1862-05-04}", SPAN),
        ("1862-04-05T06:00", "1862-04-05"),
        ("Y-17E7", "Y-16E7"),  # further back than the clock reaches
    ],
)
def test_a_coarser_date_is_no_disagreement(store: Store, when: str, other: str) -> None:
    assert dated(store, when, other) == []


def test_dates_are_compared_in_the_zone_of_the_fact(store: Store) -> None:
    (found,) = dated(store, "1862-04-05", "1862-04-05T04:00Z", "1862-04-05T06:00Z", zone="-05:00")
    assert found.id == "siege/register/1"


def test_a_date_that_is_impossible_in_the_zone_of_the_fact_disagrees_and_breaks_no_answer(store: Store) -> None:
    (found,) = dated(store, "1862-04-05", "1862-04-05T12:00/1862-04-05T13:00Z", zone="-10:00")
    assert found.text.endswith("; in the fact's zone, -10:00, that ends before it starts")


def cited(store: Store, *evidence: dict[str, Any], when: str | None = None) -> list[tuple[str, str]]:
    """What disagrees if some citations of papers published on 2016-09-18 date a vote."""
    sources = [{"id": name, "published": "2016-09-18"} for name in ("paper", "radio", "wire")]
    fact = {"id": "vote", "title": "The vote", "when": when, "evidence": [*evidence]}
    store.load({"sources": sources, "facts": [fact]})
    return [(found.id, found.text) for found in store.conflicts()]


@pytest.mark.parametrize("when", [None, "2016"])
def test_citations_disagree_where_their_fact_does_not_say_which_of_them_is_right(
    store: Store, when: str | None
) -> None:
    found = cited(
        store, {"source": "paper", "when": "2016-06-30"}, {"source": "radio", "when": "2016-07-11"}, when=when
    )
    assert found == [("vote/radio/1", "vote/paper/1 says 2016-06-30, here 2016-07-11")]
    (conflict,) = store.conflicts()
    assert conflict.kind == "disagreement"
    assert [step.text for step in conflict.chain] == ["vote/paper/1 says 2016-06-30", "vote/radio/1 says 2016-07-11"]
    for name in ("vote", "vote/paper/1", "vote/radio/1"):
        shown: Any = store.show(name)
        assert [one.id for one in shown.conflicts] == ["vote/radio/1"]


def test_a_date_that_names_both_days_settles_what_sources_disagree_on(store: Store) -> None:
    dates = ({"source": "paper", "when": "2016-06-30"}, {"source": "radio", "when": "2016-07-11"})
    assert cited(store, *dates, when="[2016-06-30,2016-07-11]") == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"when": "2016-06-30"}, {"when": "2016-06"}),
        ({"when": "2016-06-30"}, {}),
        ({"when": "2016-06-30"}, {"when": "2016-07-11", "stance": "denies"}),
        # What was planned is not what happened.
        ({"when": "2016-06-30", "stance": "foretells"}, {"when": "2016-07-11"}),
        ({"when": "2016-06-30T12:00+02:00"}, {"when": "2016-06-30T10:00Z"}),
    ],
)
def test_citations_that_agree_are_not_listed(store: Store, first: dict[str, Any], second: dict[str, Any]) -> None:
    assert cited(store, {"source": "paper"} | first, {"source": "radio"} | second) == []


def test_a_withdrawn_citation_disagrees_with_none(store: Store) -> None:
    cited(store, {"source": "paper", "when": "2016-06-30"}, {"source": "radio", "when": "2016-07-11"})
    store.withdraw("vote/paper/1")
    assert store.conflicts() == []


def test_nothing_is_said_after_its_source_was_published(store: Store) -> None:
    (found,) = cited(store, {"source": "paper", "said": "2016-09-19"}, {"source": "radio", "said": "2016-09-18T23:00"})
    assert found == ("vote/paper/1", "it was said 2016-09-19, but paper was published 2016-09-18")


@given(st.lists(edtf_texts(), max_size=6), zones())
def test_a_citation_is_listed_if_it_disagrees_with_any_earlier_one(dates: list[str], zone: Seconds) -> None:
    agreed = _Agreed()
    earlier: list[str] = []
    for date in dates:
        try:
            ends = _ends(date, zone)
        except DateError:
            continue
        found: Any = agreed.against(date, ends)
        assert bool(found) == any(_ends_apart(other, date, zone) is not None for other in earlier)
        assert found is None or _ends_apart(found, date, zone) is not None
        earlier.append(date)


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        ({"when": "2016-09-19"}, "2016-09-18"),
        ({"when": "2016-10", "said": "2016-09-17"}, "2016-09-17"),
        ({"when": "[2016-09-19..2016-09-20]"}, "2016-09-18"),
    ],
)
def test_what_is_reported_cannot_be_later_than_the_report(store: Store, evidence: dict[str, Any], told: str) -> None:
    (found,) = cited(store, {"source": "paper"} | evidence)
    assert found == ("vote/paper/1", f"it says {evidence['when']}, but had been reported by {told}")
    (conflict,) = store.conflicts()
    assert [step.kind for step in conflict.chain] == ["citation", "evidence"]


@pytest.mark.parametrize(
    "evidence",
    [
        {"when": "2016-09-18"},
        {"when": "2016"},
        {"when": "[2016-09-18,2016-09-25]"},
        {"when": "2016-10", "stance": "foretells"},
        {"when": "2016-10", "stance": "denies"},
    ],
)
def test_what_may_have_begun_when_it_was_reported_is_no_disagreement(store: Store, evidence: dict[str, Any]) -> None:
    assert cited(store, {"source": "paper"} | evidence) == []


@pytest.mark.parametrize("told", ["when", "said"], ids=["they disagree", "they are set aside"])
def test_each_citation_is_read_a_few_times_however_many_there_are(
    store: Store, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    as_it_is = Witnesses._read

    def counting(self: Witnesses, rows: Sequence[Any]) -> list[Citation]:
        read.append(len(rows))
        return as_it_is(self, rows)

    evidence = [{"source": "register", told: f"18{n:02}", "quote": f"page {n}"} for n in range(60)]
    fact = {"id": "siege", "title": "The siege", "when": "1900", "evidence": evidence}
    store.load({"sources": [{"id": "register"}], "facts": [fact]}, allow_conflict=True)
    monkeypatch.setattr(Witnesses, "_read", counting)
    assert len(store.conflicts()) == 60
    assert sum(read) <= 3 * 60


def test_a_date_that_a_clock_hides_disagrees_with_nothing_there(store: Store) -> None:
    """By then nobody had asserted it, neither as first given nor as corrected."""
    denial = {"source": "wire", "quote": "it was not on the 2nd", "when": "2020-01-02", "stance": "denies"}
    store.load(
        {
            "sources": [{"id": "wire", "published": "2020-01-04"}],
            "facts": [{"id": "talk", "title": "They talked", "evidence": [denial]}],
        }
    )
    store.correct("talk", {"when": "2020-01-03"}, allow_conflict=True)
    assert [one.id for one in store.conflicts()] == ["talk/wire/1"]
    then = store.at(published="2020-01-04")
    assert then.conflicts() == []
    shown = then.show("talk")
    assert isinstance(shown, Dossier)
    assert shown.bounds == ()


def test_what_disagrees_is_read_in_one_statement(store: Store) -> None:
    counts = []
    for many in (10, 100):
        evidence = [{"source": "register", "when": f"18{n:02}", "quote": f"page {n}"} for n in range(many)]
        fact = {"id": f"siege-{many}", "title": "The siege", "when": "1900", "evidence": evidence}
        store.load({"sources": [{"id": "register"}], "facts": [fact]})
        asked: list[str] = []
        with store._asking() as repository:
            siege = repository.position(f"siege-{many}")
            cited = {*repository.cited([siege])[siege]}
            driver: Any = repository.connection
            driver.set_trace_callback(asked.append)
            assert len(conflicts(repository, Reasons(repository), cited)) == many
            driver.set_trace_callback(None)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@given(days(), zones())
def test_a_day_agrees_with_its_month_its_year_and_itself_with_a_mark(day: str, zone: Seconds) -> None:
    for coarser in (day[:-3], day[:-6], f"{day}~", f"{day[:-3]}?", f"{day}/{day}", f"{day[:-3]}/{day[:-6]}"):
        assert _ends_apart(day, coarser, Seconds(zone)) is None
        assert _ends_apart(coarser, day, Seconds(zone)) is None


@given(edtf_texts(), edtf_texts(), zones())
def test_dates_disagree_both_ways_and_where_one_is_over_before_the_other(a: str, b: str, zone: Seconds) -> None:
    try:
        first, second = Edtf(a).corners(zone), Edtf(b).corners(zone)
    except DateError:
        return
    apart = _ends_apart(a, b, Seconds(zone)) is not None
    assert apart == (_ends_apart(b, a, Seconds(zone)) is not None)
    if first.end_max is not None and second.start_min is not None and first.end_max <= second.start_min:
        assert apart
