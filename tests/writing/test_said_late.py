"""A write says which citations were said after their source was published, whatever way they come in."""

from __future__ import annotations

from typing import Any

import pytest

from factstore.store import Store

PAPER = {"id": "paper", "published": "2018-04-02"}


def cited(said: str, **more: str) -> dict[str, Any]:
    return {"id": "met", "title": "They met", "evidence": [{"source": "paper", "quote": "so", "said": said}], **more}


@pytest.fixture
def made(store: Store) -> Store:
    store.load({"sources": [PAPER], "facts": [cited("2018-04-01")]})
    return store


@pytest.mark.parametrize(
    ("said", "late"),
    [
        ("2018-04-02", False),
        ("2018-04-03", True),
        ("2018-04", False),  # perhaps before
        ("2018-05", True),
        ("2018-04-02T23:30-01:00", True),
        ("2018-04-02T23:30Z", False),
    ],
)
def test_a_day_that_is_certainly_later_is_told_when_it_is_loaded(store: Store, said: str, late: bool) -> None:
    done = store.load({"sources": [PAPER], "facts": [cited(said)]})
    told = [f"met/paper/1 was said {said}, but paper was published 2018-04-02"]
    assert done.tally.late == (told if late else [])
    assert [one.id for one in store.conflicts()] == (["met/paper/1"] if late else [])
    # It bounds by the later day: which of the two is wrong is not known, and nothing must become certain by it.
    assert store.fact("met").begun_by == (said if late and len(said) == 10 else store.fact("met").begun_by)


def test_in_the_zone_of_the_fact_it_may_still_be_the_day_of_publication(store: Store) -> None:
    fact = cited("2018-04-03T01:00Z", zone="-05:00", when="2018-04-01T10:00")
    assert store.load({"sources": [PAPER], "facts": [fact]}).tally.late == []


def test_it_is_told_when_evidence_is_added_by_hand_or_corrected(made: Store) -> None:
    told = "{} was said 2019, but paper was published 2018-04-02"
    assert made.cite("met", source="paper", evidence={"said": "2019"}).tally.late == [told.format("met/paper/2")]
    _, done = made.add("They sang", source="paper", evidence={"said": "2019"})
    assert done.tally.late == [told.format("they-sang/paper/1")]
    assert made.correct("met/paper/1", {"said": "2019"}).tally.late == [told.format("met/paper/1")]
    assert made.correct("met/paper/1", {"hedge": "reportedly"}).tally.late == []
    assert made.load({"sources": [PAPER], "facts": [cited("2018-04-01")]}).tally.late == []


def test_it_is_told_when_another_source_or_another_day_of_publication_makes_it_so(made: Store) -> None:
    made.add_source(id="early", title="Early", published="2018-03-01")
    done = made.correct("met/paper/1", {"source": "early"})
    assert done.tally.late == ["met/paper/1 was said 2018-04-01, but early was published 2018-03-01"]
    assert made.correct("early", {"published": "2018-05"}).tally.late == []
    done = made.correct("early", {"published": "2017"})
    assert done.tally.late == ["met/paper/1 was said 2018-04-01, but early was published 2017"]


def test_each_call_of_a_commit_tells_what_it_recorded(made: Store) -> None:
    with made.commit() as commit:
        commit.cite("met", source="paper", evidence={"said": "2019"})
        commit.correct("met/paper/2", {"said": "2018-04-01"})
    assert commit.committed.tally.late == ["met/paper/2 was said 2019, but paper was published 2018-04-02"]
    assert made.conflicts() == []


def test_what_is_silent_or_withdrawn_is_not_told(made: Store) -> None:
    fact = {"id": "gone", "title": "Gone", "withdrawn": "true", "evidence": [{"source": "paper", "said": "2019"}]}
    assert made.load({"facts": [fact]}).tally.late == []
