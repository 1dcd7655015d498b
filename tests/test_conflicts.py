"""Dates on which sources disagree: each end of one against the same end of the other, as registers of battles have them."""

from __future__ import annotations

from typing import Any

import pytest

from factstore.answers import Conflict
from factstore.store import Store

SPAN = "1862-04-05/1862-05-04"


def cited(store: Store, when: str, *dates: str, zone: str | None = None) -> list[Conflict]:
    """What disagrees where a register dates a siege, and others date it too."""
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
        # Neither date knows more of the start than of the end, so the dates say it all.
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
    ],
)
def test_sources_disagree_on_the_end_that_cannot_be_both(store: Store, when: str, other: str, said: list[str]) -> None:
    (found,) = cited(store, when, other)
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
    assert cited(store, when, other) == []


def test_a_date_is_held_against_the_fact_in_the_zone_of_the_fact(store: Store) -> None:
    (found,) = cited(store, "1862-04-05", "1862-04-05T04:00Z", "1862-04-05T06:00Z", zone="-05:00")
    assert found.id == "siege/register/1"


def test_the_conflicts_of_a_fact_are_read_at_once_however_many_there_are(store: Store) -> None:
    asked: list[str] = []
    counts = []
    for many in (10, 100):
        more = [{"source": "register", "when": f"18{n:02}", "quote": f"{many} {n}"} for n in range(many)]
        fact = {"id": f"siege-{many}", "title": "Siege", "when": "1900", "evidence": more}
        store.load({"sources": [{"id": "register"}], "facts": [fact]})
        with store._asking() as there:
            driver: Any = there.connection.connection.driver_connection
        driver.set_trace_callback(asked.append)
        found = [conflict for conflict in store.conflicts() if conflict.id.startswith(f"siege-{many}/")]
        driver.set_trace_callback(None)
        assert len(found) == many
        counts.append(len(asked))
        asked.clear()
    assert counts[1] <= counts[0] + 8  # what the other fact's date rests on
