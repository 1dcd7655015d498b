"""Questions about time, beyond what the naive reader checks: filters, pages, reasons, histories, disagreements."""

from __future__ import annotations

from typing import Any

import pytest

from factstore.dates.edtf import Edtf
from factstore.errors import InputError, Refused
from factstore.store import Store
from tests.conftest import NewStore


def fact(name: str, when: str | None = None, **more: Any) -> dict[str, Any]:
    said = more.pop("evidence", [{"source": "paper", "quote": f"of {name}"}])
    return {"id": name, "title": f"{name.title()} happened", "when": when, "evidence": said, **more}


CHRONOLOGY = {
    "sources": [{"id": "paper", "publisher": "The Paper", "published": "2018-05-01"}, {"id": "radio"}],
    "facts": [
        fact("march", "2018-03-01", place="Old Town", tags=["strike"], participants=[{"name": "Ann Smith"}]),
        fact("april", "2018-04", tags=["strike", "vote"], evidence=[{"source": "radio"}]),
        fact("undated"),
        fact("later"),
        fact("masked", "[2018-02-01,2018-04-20]"),
    ],
    "orderings": [
        {
            "fact": "march",
            "relation": "before",
            "other": "undated",
            "phrase": "then",
            "evidence": [{"source": "paper"}],
        },
        {"fact": "undated", "relation": "before", "other": "later", "gap": {"min": "P2D"}},
    ],
}


@pytest.fixture
def loaded(new_store: NewStore) -> Store:
    store = new_store()
    store.load(CHRONOLOGY)
    return store


def ids(found: list[Any]) -> list[str]:
    return [one.fact.id for one in found]


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"tag": "strike"}, ["march", "april"]),
        ({"tag": "vote"}, ["april"]),
        ({"tag": "vot"}, []),
        ({"place": "old"}, ["march"]),
        ({"participant": "ann"}, ["march"]),
        ({"source": "radio"}, ["april"]),
        ({"text": "APRIL happened"}, ["april"]),
        ({"text": "of march"}, ["march"]),
        ({"text": "100%"}, []),
        ({"status": ["denied"]}, []),
        ({"tag": "strike", "source": "paper"}, ["march"]),
    ],
)
def test_a_listing_is_narrowed(loaded: Store, narrowed: dict[str, Any], expected: list[str]) -> None:
    assert ids(loaded.timeline.all(**narrowed)) == expected
    assert ids(loaded.timeline.before("2018-06-01", **narrowed)) == expected[::-1]
    assert {one.id for one in loaded.facts(**narrowed)} == set(expected)


@pytest.mark.parametrize("question", ["before", "after", "overlapping"])
def test_pages_put_together_are_the_whole(loaded: Store, question: str) -> None:
    ask = getattr(loaded.timeline, question)
    for x in ("march", "undated", "later", "2018-04-10", "april"):
        whole = ask(x)
        for size in (1, 2, 3):
            pages = [ask(x, limit=size, offset=offset) for offset in range(0, len(whole) + 1, size)]
            assert [one for page in pages for one in page] == whole
        assert ask(x, certain=True) == [one for one in whole if one.certainty == "certain"]


def test_what_only_a_path_decides_is_certain_and_says_why(loaded: Store) -> None:
    (nearest, *_) = loaded.timeline.before("later", why=True)
    assert (nearest.fact.id, nearest.certainty) == ("undated", "certain")
    assert [(step.kind, step.text) for step in nearest.why or ()] == [
        ("ordering", "undated before later, at least P2D after")
    ]


def test_a_reason_runs_over_dates_evidence_and_orderings(loaded: Store) -> None:
    (found,) = [one for one in loaded.timeline.before("2018-06-01", why=True) if one.fact.id == "undated"]
    # Nothing dates it; but it was over when something started that the paper of 1 May reported.
    assert found.certainty == "certain"
    assert [(step.kind, step.source) for step in found.why or ()] == [("evidence", "paper"), ("ordering", None)]
    assert [step.kind for step in loaded.timeline.order("march", "later").why] == ["date", "ordering", "ordering"]


def test_a_history_shows_what_is_possible_and_fits_what_is_known(loaded: Store) -> None:
    order = loaded.timeline.order("undated", "april")
    assert order.relations["before"] == "possible"
    holds, fails = order.histories["before"]
    assert str(holds["undated"][1]) < str(holds["april"][0])
    assert str(fails["undated"][1]) >= str(fails["april"][0])
    for history in (holds, fails):
        assert str(history["undated"][0]) >= "2018-03-01"
        assert str(history["april"][0])[:7] == str(history["april"][1])[:7] == "2018-04"
    assert set(order.histories) == {name for name, held in order.relations.items() if held == "possible"}


def test_a_date_with_holes_is_said_to_be_generous(loaded: Store) -> None:
    assert loaded.timeline.order("masked", "march").generous == ("masked",)
    assert loaded.timeline.order("april", "march").generous == ()


def test_gaps_are_not_mentioned_if_nothing_is_only_possible(store: Store) -> None:
    dates = {"masked": "2018-01-1X", "later": "2018-03-01"}
    facts = [
        {"id": name, "title": name, "when": when, "evidence": [{"source": "paper"}]} for name, when in dates.items()
    ]
    store.load({"sources": [{"id": "paper"}], "facts": facts})
    order = store.timeline.order("masked", "later")
    assert "possible" not in order.relations.values()
    assert order.generous == ()


def test_between_leaves_out_what_is_too_long_for_the_room(new_store: NewStore) -> None:
    store = new_store()
    store.load(
        {
            "sources": [{"id": "paper"}],
            "facts": [
                fact("x", "2018-03-01"),
                fact("y", "2018-03-04"),
                fact("short", "[2018-02-01..2018-04-01]"),
                fact("long", "2018-01/2018-04"),
                {"id": "lasting", "title": "lasting", "lasts": {"min": "P9D"}, "evidence": [{"source": "paper"}]},
            ],
        }
    )
    assert ids(store.timeline.between("x", "y")) == ["short"]


def test_dates_on_which_sources_disagree_are_listed_and_set_nothing_aside(loaded: Store) -> None:
    assert loaded.conflicts() == []
    loaded.cite("march", source="radio", quote="in May", evidence={"when": "2018-05"})
    loaded.cite("april", source="paper", quote="in mid-April", evidence={"when": "2018-04-15"})
    (found,) = loaded.conflicts()
    assert (found.id, found.kind) == ("march/radio/1", "disagreement")
    assert "2018-03-01" in found.text
    assert "2018-05" in found.text
    assert loaded.fact("march").conflicting is False
    assert loaded.verify().ok


@pytest.mark.parametrize("x", ["1984~", "201X", "2014/..", "[1667,1668]", "2014/", "nonsense date"])
def test_x_is_a_plain_date_or_nothing(loaded: Store, x: str) -> None:
    with pytest.raises(InputError):
        loaded.timeline.before(x if not x.islower() else x.upper())


def test_a_plain_interval_is_a_period_with_known_ends(loaded: Store) -> None:
    assert Edtf("2018-03-02/2018-03-31").is_plain
    assert ids(loaded.timeline.before("2018-03-02/2018-03-31", certain=True)) == ["march"]
    assert ids(loaded.timeline.after("2018-03-02/2018-03-31", certain=True)) == ["april"]


def test_a_withdrawn_source_disagrees_with_nobody_and_is_found_by_nothing(loaded: Store) -> None:
    loaded.cite("march", source="radio", quote="zebra crossing", evidence={"when": "2018-05"})
    assert len(loaded.conflicts()) == 1
    assert [one.id for one in loaded.facts("zebra")] == ["march"]
    loaded.withdraw("radio", allow_unsupported=True)
    assert loaded.conflicts() == []
    assert loaded.facts("zebra") == []
    assert loaded.facts(source="radio") == []


def test_words_are_searched_in_texts_not_in_how_they_are_stored(loaded: Store) -> None:
    assert loaded.facts("name") == []
    assert [one.id for one in loaded.facts("smith")] == ["march"]


@pytest.mark.parametrize(
    ("stance", "certain"), [("asserts", True), ("foretells", True), ("denies", False), ("silent", False)]
)
def test_an_order_counts_if_somebody_supports_it(new_store: NewStore, stance: str, certain: bool) -> None:
    store = new_store()
    said = {"source": "paper", "stance": stance}
    store.load(
        {
            "sources": [{"id": "paper"}],
            "facts": [fact("a"), fact("b")],
            "orderings": [{"fact": "a", "relation": "before", "other": "b", "evidence": [said]}],
        }
    )
    assert (store.timeline.order("a", "b").relations["before"] == "certain") is certain


def test_the_day_of_saying_belongs_to_the_speaker(new_store: NewStore) -> None:
    store = new_store()
    said = {"source": "paper", "said": "2018-03-30", "attribution": ["Ann", "The Paper"]}
    store.load({"sources": [{"id": "paper"}], "facts": [fact("a", evidence=[said]), fact("b", "2018-04-05")]})
    (step, *_) = store.timeline.order("a", "b").why
    assert step.text == "a had begun by 2018-03-30, when Ann told of it"


def test_a_corrected_date_rests_on_the_evidence_of_the_correction(loaded: Store) -> None:
    loaded.cite("march", source="radio", quote="on the second")
    loaded.correct("march", {"when": "2018-03-02"}, evidence=["march/radio/1"], message="heard it", by="Ann")
    (found, *_) = loaded.timeline.before("2018-03-10", why=True)
    assert [(step.text, step.source, step.quote) for step in found.why or ()] == [
        ("march is dated 2018-03-02 (corrected by Ann: heard it)", "radio", "on the second")
    ]
    loaded.correct("march", {"when": "2018-03-03"}, message="a guess", by="Ann")
    (found, *_) = loaded.timeline.before("2018-03-10", why=True)
    assert [(step.source, step.quote) for step in found.why or ()] == [(None, None)]


def test_a_hub_is_walked_once(new_store: NewStore) -> None:
    store = new_store()
    leaves = [fact(f"leaf-{n}", evidence=[{"source": "paper"}]) for n in range(600)]
    orders = [{"fact": leaf["id"], "relation": "before", "other": "hub"} for leaf in leaves]
    store.load({"sources": [{"id": "paper"}], "facts": [fact("hub"), *leaves], "orderings": orders})
    statements: list[str] = []
    with store._asking() as repository:
        raw: Any = repository.connection
        raw.set_trace_callback(statements.append)
    assert len(store.timeline.before("hub", certain=True, limit=10)) == 10
    assert len(statements) < 60


@pytest.mark.parametrize("earlier", [False, True])
def test_what_is_before_x_comes_from_indexes_in_order_and_is_sorted_nowhere(loaded: Store, earlier: bool) -> None:
    known = loaded.head().position if earlier else None
    loaded.correct("april", {"when": "2018-03"})
    statements: list[str] = []
    with loaded._asking() as repository:
        raw: Any = repository.connection
        raw.set_trace_callback(statements.append)
    assert len(loaded.at(known=known).timeline.before("2018-04-10")) > 3
    raw.set_trace_callback(None)
    asked = [
        one for one in statements if "ORDER BY" in one and "FROM committed" not in one
    ]  # of which the clock is found
    steps = [step for statement in asked for *_, step in raw.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert len(asked) == 2
    assert "MERGE (UNION ALL)" in steps
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps


def test_an_ordering_that_was_withdrawn_is_restored_not_stated_again(loaded: Store) -> None:
    loaded.withdraw("march.before.undated")
    with pytest.raises(Refused, match="restore"):
        loaded.relate("undated", "after", "march")


def test_the_day_by_which_a_fact_had_begun_is_known_if_its_end_is_not(loaded: Store) -> None:
    assert loaded.fact("later").begun_by == "2018-05-01"
    assert loaded.fact("march").begun_by is None
