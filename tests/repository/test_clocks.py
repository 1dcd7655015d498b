"""Published by and held by: only what rests on sources certainly published, or held, by then counts, with what follows."""

from __future__ import annotations

import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from factstore.chronology import Chronology
from factstore.errors import InputError, NoLedger, SchemaVersion, UnknownId
from factstore.repository import clocks
from factstore.repository.dossier_answers import Dossier, Sheet
from factstore.store import Store
from tests.cli.test_cli import Told, refused, run
from tests.projection.test_search import expected, found
from tests.support.checks import check_clock
from tests.support.reference import Reference, records_of

EARLY, LATE = "2018-03-01", "2018-04-01"


def cited(name: str, *sources: str, when: str | None = None, **more: Any) -> dict[str, Any]:
    """A fact with a citation from each source: `paper` asserts it, `paper:denies` denies it."""
    evidence = [dict(zip(("source", "stance"), source.split(":"), strict=False)) for source in sources]
    return {"id": name, "title": f"It was {name}", "when": when, "evidence": evidence, **more}


def chronology(*facts: dict[str, Any], orderings: list[dict[str, Any]] | None = None, **more: Any) -> dict[str, Any]:
    """A document of facts that cite an early and a late source."""
    sources = [{"id": "early", "published": EARLY}, {"id": "late", "publisher": "The Late", "published": LATE}]
    return {"sources": [*sources, *more.pop("sources", [])], "facts": [*facts], "orderings": orderings or [], **more}


def ids(view: Chronology) -> set[str]:
    return {fact.id for fact in view.facts()}


def check(store: Store, *, known: int | None = None, published: str | None = None, held: str | None = None) -> None:
    """Asserts that a clock gives the naive reader's answers."""
    records = records_of(store)
    reference = Reference(records, known or records[-1].position, published=published, held=held)
    check_clock(store, reference, known, ["2018-03-15"])


# --- which sources count --------------------------------------------------------------------------------------


#: The date of a source, the day of the clock, and whether the source counts then, at +03:00.
DATES = [
    ("2018-03-31", "2018-03-31", True),
    ("2018-03-31", "2018-03-30", False),
    ("2018-03", "2018-03", True),
    ("2018-03", "2018-03-31", True),
    ("2018-03", "2018-03-30", False),
    ("2018-03-31", "2018", True),
    ("2018-03-31~", "2018-03-31", False),
    ("2018-03-31~", "2018-04-01", True),
    ("2018-03-30/2018-03-31", "2018-03-31", True),
    ("[..2018-03-31]", "2018-03-31", True),
    ("[2018-03-01,2018-04-02]", "2018-04-01", False),
    ("2018-03-31/..", "9999", False),
    ("2018-03-31/", "9999", False),
    (None, "9999", False),
    ("2018-03-31T20:59:59Z", "2018-03-31", True),
    ("2018-03-31T21:00:00Z", "2018-03-31", False),
    ("2018-03-31T23:59", "2018-03-31", True),
    ("-0043-03-15", "-0043-03-15", True),
]


@pytest.mark.parametrize(("clock", "field"), [("published", "published"), ("held", "retrieved")])
def test_a_source_counts_once_its_date_lies_entirely_before_the_end_of_the_day_in_the_ledgers_zone(
    path: Path, clock: str, field: str
) -> None:
    store = Store(path)
    store.init(zone="+03:00")
    sources = [{"id": f"s{n}", field: date} for n, (date, _, _) in enumerate(DATES)]
    store.load({"sources": sources, "facts": [cited(f"f{n}", f"s{n}") for n in range(len(DATES))]})
    for n, (date, by, there) in enumerate(DATES):
        view = store.at(**{clock: by})
        assert (f"f{n}" in ids(view), f"s{n}" in {source.id for source in view.sources()}) == (there, there), (date, by)
    store.close()


def test_a_source_seen_through_another_was_published_by_the_time_that_other_was(store: Store) -> None:
    sources = [
        {"id": "paper", "published": EARLY},
        {"id": "wire", "seen_through": "paper"},
        {"id": "briefing", "seen_through": "wire", "published": LATE},
    ]
    store.load({"sources": sources, "facts": [cited("call", "briefing"), cited("visit", "wire")]})
    assert ids(store.at(published=EARLY)) == {"call", "visit"}
    assert ids(store.at(published="2018-02")) == set()
    store.withdraw("wire", allow_unsupported=True)
    assert ids(store.at(published=EARLY)) == set()
    assert ids(store.at(published=LATE)) == {"call"}
    check(store, published=EARLY)


def test_one_source_has_to_be_both_published_and_held(store: Store) -> None:
    sources = [
        {"id": "found-late", "published": EARLY, "retrieved": LATE},
        {"id": "found-early", "published": LATE, "retrieved": EARLY},
        {"id": "both", "published": EARLY, "retrieved": EARLY},
    ]
    facts = [cited("leak", "found-late", "found-early"), cited("call", "both")]
    store.load({"sources": sources, "facts": facts})
    assert ids(store.at(published=EARLY)) == ids(store.at(held=EARLY)) == {"leak", "call"}
    assert ids(store.at(published=EARLY, held=EARLY)) == {"call"}
    assert ids(store.at(published=LATE, held=LATE)) == {"leak", "call"}


def test_dates_of_sources_are_those_known_on_the_clock(store: Store) -> None:
    first = store.load(chronology(cited("call", "late"))).position
    store.correct("late", {"published": EARLY, "title": "Late"}, evidence=["call/late/1"])
    assert ids(store.at(published=EARLY)) == {"call"}
    assert ids(store.at(published=EARLY, known=first)) == set()
    store.correct("late", {"published": LATE, "title": "Early"}, evidence=["call/late/1"])
    (source,) = [one for one in store.at(published=LATE).sources() if one.id == "late"]
    assert (source.published, source.title) == (LATE, "Early")
    for known in (None, first):
        check(store, known=known, published=EARLY)


# --- what counts then -----------------------------------------------------------------------------------------


def test_a_fact_has_the_evidence_and_the_status_that_it_had_then(store: Store) -> None:
    store.load(chronology(cited("call", "early:denies", "late"), cited("visit", "late")))
    then = store.at(published="2018-03")
    assert [(fact.id, fact.status) for fact in then.facts()] == [("call", "denied")]
    assert [citation.id for citation in then.who_says("call")] == ["call/early/1"]
    assert store.at(published="2018-04").fact("call").status == "disputed"
    store.withdraw("call/early/1", allow_unsupported=True)
    assert ids(then) == set()
    check(store, published="2018-03")


def test_a_date_bounds_only_while_counting_evidence_supports_it(store: Store) -> None:
    facts = (cited("call", "early:denies", "late", when="2018-02"), cited("visit", "early", "late", when="2018-02"))
    store.load(chronology(*facts, cited("party", "early:denies", when="2018-02")))
    store.withdraw("visit")
    store.correct("visit/early/1", {"stance": "silent"})
    then = store.at(published="2018-03")
    for name in ("call", "visit", "party"):
        fact = then.fact(name)
        assert (fact.when, fact.earliest, fact.latest) == ("2018-02", None, None)
        assert store.fact(name).earliest == "2018-02-01"
    check(store, published="2018-03")


def test_an_ordering_holds_only_while_counting_evidence_supports_it(store: Store) -> None:
    facts = [cited(name, "early") for name in "abcd"]
    orderings: list[dict[str, Any]] = [
        {"id": "early-one", "fact": "a", "relation": "before", "other": "b", "evidence": [{"source": "early"}]},
        {"id": "late-one", "fact": "b", "relation": "before", "other": "c", "evidence": [{"source": "late"}]},
        {"id": "uncited", "fact": "c", "relation": "before", "other": "d"},
        {
            "id": "denied",
            "fact": "a",
            "relation": "before",
            "other": "d",
            "evidence": [{"source": "early", "stance": "denies"}, {"source": "late"}],
        },
    ]
    store.load(chronology(*facts, orderings=orderings))

    def before(view: Chronology) -> set[str]:
        return {a + b for a in "abcd" for b in "abcd" if a < b and certainly(view, a, b)}

    def certainly(view: Chronology, a: str, b: str) -> bool:
        return view.timeline.order(a, b).relations["before"] == "certain"

    assert before(store) == {"ab", "ac", "ad", "bc", "bd", "cd"}
    assert before(store.at(published="2018-03")) == {"ab"}
    assert before(store.at(published="2018-04")) == {"ab", "ac", "ad", "bc"}
    listed = {entry["id"] for kind, entry in store.at(published="2018-03").entries() if kind == "ordering"}
    assert listed == {"early-one", "denied"}
    check(store, published="2018-03")
    check(store, published="2018-04")


def test_what_is_about_a_missing_fact_is_missing_too(store: Store) -> None:
    order = {"id": "o", "fact": "a", "relation": "before", "other": "b", "evidence": [{"source": "early"}]}
    store.load(chronology(cited("a", "early"), cited("b", "early", "late"), orderings=[order]))
    store.withdraw("b/early/1", allow_unsupported=True)
    then = store.at(published="2018-03")
    for name in ("b", "b/early/1", "o", "o/early/1"):
        assert store.history(name)
        with pytest.raises(UnknownId, match=f"^{name} does not exist"):
            then.history(name)
    assert {entry["id"] for _, entry in then.entries()} == {"early", "a"}
    check(store, published="2018-03")


def test_a_correction_counts_once_its_evidence_does_and_one_without_always(store: Store) -> None:
    first = store.load(chronology(cited("call", "early", "late", when="2018-02-01", place="Rome"))).position
    store.correct("call", {"place": "Paris"})
    store.correct("call", {"when": "2018-02-02", "place": "Oslo"}, evidence=["call/late/1"])
    store.correct("call", {"title": "They called"})
    then, later = store.at(published="2018-03").fact("call"), store.at(published="2018-04").fact("call")
    assert (then.title, then.when, then.place, then.latest) == ("They called", "2018-02-01", "Paris", "2018-02-01")
    assert (later.title, later.when, later.place, later.latest) == ("They called", "2018-02-02", "Oslo", "2018-02-02")
    assert store.at(published="2018-04", known=first).fact("call").place == "Rome"
    store.withdraw("call/late/1", allow_unsupported=True)
    assert store.fact("call").place == "Oslo"
    assert store.at(published="2018-04").fact("call").place == "Paris"
    check(store, published="2018-04")


def test_one_screen_shows_only_what_counts(store: Store) -> None:
    store.load(chronology(cited("call", "early", "late", when="2018-02-01"), cited("visit", "late", when="2018-01")))
    store.correct("call", {"when": "2018-02-02"}, evidence=["call/late/1"])
    store.correct("call", {"place": "Oslo"})
    store.correct("call/late/1", {"stance": "denies"})
    store.correct("early", {"published": EARLY[:-1] + "2"}, evidence=["call/late/1"])
    shown, then = store.show("call"), store.at(published="2018-03").show("call")
    assert isinstance(shown, Dossier)
    assert isinstance(then, Dossier)
    assert [list(entry.changes or ()) for entry in shown.corrections] == [["when"], ["place"], ["stance"]]
    assert [list(entry.changes or ()) for entry in then.corrections] == [["place"]]
    assert [citation.id for citation in then.evidence] == ["call/early/1"]
    assert [bound.day for bound in then.bounds] == ["2018-02-01", "2018-02-01"]
    assert (len(shown.before), len(then.before)) == (1, 0)
    source = store.at(published="2018-03").show("early")
    assert isinstance(source, Sheet)
    assert len(source.corrections) == 1
    check(store, published="2018-03")


def test_a_correction_that_rests_on_either_of_two_counts_with_the_first(store: Store) -> None:
    store.load(chronology(cited("call", "early", "late", when="2018-02-01")))
    store.correct("call", {"when": "2018-02-02"}, evidence=["call/late/1", "call/early/1"])
    assert store.at(published="2018-03").fact("call").when == "2018-02-02"


def test_a_value_has_the_rank_of_the_last_correction_that_counts(store: Store) -> None:
    order = {"id": "o", "fact": "a", "relation": "before", "other": "b", "evidence": [{"source": "early"}]}
    facts = (cited("a", "early", "late", when="2018-01-01"), cited("b", "early", when="2018-01-02"))
    store.load(chronology(*facts, orderings=[order]))
    store.correct("a", {"when": "2018-01-03"}, allow_conflict=True)
    store.correct("a", {"when": "2018-01-01"}, evidence=["a/late/1"])
    assert store.conflicts() == []
    assert [conflict.id for conflict in store.at(published="2018-03").conflicts()] == ["a"]
    check(store, published="2018-03")


def test_corrections_of_citations_and_orderings_are_undone_too(store: Store) -> None:
    order = {"id": "o", "fact": "a", "relation": "before", "other": "b", "evidence": [{"source": "early"}]}
    store.load(chronology(*(cited(name, "early") for name in "abcde"), cited("f", "late"), orderings=[order]))
    store.correct("o", {"a": "c", "b": "d"}, evidence=["f/late/1"])
    store.correct("e/early/1", {"stance": "denies"}, evidence=["f/late/1"])
    then = store.at(published="2018-03")
    assert then.timeline.order("a", "b").relations["before"] == "certain"
    assert then.timeline.order("c", "d").relations["before"] == "possible"
    assert then.fact("e").status == "stands"
    assert store.at(published="2018-04").fact("e").status == "denied"
    check(store, published="2018-03")


def test_which_source_a_citation_rests_on_is_as_known(store: Store) -> None:
    store.load(chronology(cited("call", "early"), cited("visit", "late")))
    store.correct("call/early/1", {"source": "late", "said": "2018-02"}, evidence=["visit/late/1"])
    store.correct("visit/late/1", {"source": "early"}, evidence=["call/early/1"])
    assert ids(store.at(published="2018-03")) == {"visit"}
    check(store, published="2018-03")


def test_what_contradicted_only_hidden_evidence_counts(store: Store) -> None:
    a_first = {"id": "a-first", "fact": "a", "relation": "before", "other": "b", "evidence": [{"source": "late"}]}
    b_first = {"id": "b-first", "fact": "b", "relation": "before", "other": "a", "evidence": [{"source": "early"}]}
    store.load(chronology(cited("a", "early"), cited("b", "early"), orderings=[a_first, b_first]), allow_conflict=True)
    assert [conflict.id for conflict in store.conflicts()] == ["b-first"]
    then = store.at(published="2018-03")
    assert then.conflicts() == []
    assert then.timeline.order("a", "b").relations["after"] == "certain"
    assert not then.fact("a").conflicting
    check(store, published="2018-03")
    check(store, published="2018-04")


def test_a_conflict_unconnected_with_hidden_evidence_stays_as_it_was(store: Store) -> None:
    facts = (cited("a", "early", when="2018-02"), cited("b", "early", when="2018-01"), cited("c", "late"))
    order = {"id": "o", "fact": "a", "relation": "before", "other": "b", "evidence": [{"source": "early"}]}
    store.load(chronology(*facts, orderings=[order]), allow_conflict=True)
    assert [conflict.id for conflict in store.at(published="2018-03").conflicts()] == ["o"]
    check(store, published="2018-03")


# --- answers other than about time ----------------------------------------------------------------------------


def test_the_refusal_of_a_fact_missing_on_a_clock_names_the_clock(store: Store) -> None:
    first = store.log()[0].position
    store.load(chronology(cited("call", "late"), cited("visit", "early")))
    asked: list[tuple[dict[str, Any], str]] = [
        ({"published": "2018-03"}, "published by 2018-03"),
        ({"held": "2018-03-05"}, "held by 2018-03-05"),
        ({"known": first}, f"known at {first}"),
        ({"known": "9999-01-01", "published": "2018-03"}, "known at 9999-01-01, published by 2018-03"),
    ]
    for clock, words in asked:
        then = store.at(**clock)
        for ask in (then.fact, then.history, then.who_says, then.timeline.before):
            with pytest.raises(UnknownId, match=f"^call does not exist on this clock: {words}$"):
                ask("call")
    with pytest.raises(UnknownId, match="there is no fact 'cal'") as unknown:
        store.at(published="2018-03").fact("cal")
    assert unknown.value.nearest == []
    with pytest.raises(UnknownId, match="did you mean call"):
        store.at(published="2018-04").fact("cal")


def test_the_log_and_the_history_hold_every_record_known_there(store: Store) -> None:
    first = store.load(chronology(cited("call", "early", "late"), cited("visit", "late"))).position
    store.correct("call", {"place": "Oslo"}, evidence=["call/late/1"])
    then, earlier = store.at(published="2018-03"), store.at(published="2018-03", known=first)
    assert then.log() == store.log()
    assert earlier.log() == store.at(known=first).log()
    assert then.history("call") == store.history("call")
    assert earlier.history("call") == store.at(known=first).history("call")
    with pytest.raises(UnknownId):
        then.history("visit")


def test_a_dump_has_what_counts_on_the_clock_and_loads_anywhere(store: Store, path: Path) -> None:
    through = {"id": "copy", "published": EARLY, "seen_through": "late"}
    told = {"source": "copy", "attribution": ["late", "A reader"], "quote": "so it was"}
    speakers = [{"id": "reader", "name": "A reader"}]
    store.load(
        chronology(cited("call", "late", evidence=[told, {"source": "late"}]), sources=[through], speakers=speakers)
    )
    then = store.at(published="2018-03")
    (citation,) = then.who_says("call")
    assert citation.attribution == ("The Late", "A reader")
    other = Store(path)
    other.load(dict(_grouped(then)))
    assert [entry["id"] for _, entry in other.entries()] == ["early", "copy", "reader", "call"]
    assert other.who_says("call") == [citation]
    other.close()


def _grouped(view: Chronology) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    entries = view.entries()
    for kind in ("source", "speaker", "fact", "ordering"):
        yield f"{kind}s", [entry for kind_, entry in entries if kind_ == kind]


def test_words_are_found_as_they_count_on_the_clock(store: Store) -> None:
    quotes = [{"source": "early", "quote": "expelled sixty"}, {"source": "late", "quote": "closed a consulate"}]
    first = store.load(chronology(cited("call", evidence=quotes), cited("visit", "early", place="Rome"))).position
    store.correct("visit", {"place": "Oslo"}, evidence=["call/late/1"])
    store.cite("visit", source="early", quote="in the consulate")
    store.cite("call", source="late", quote="in the embassy")
    asked: list[tuple[dict[str, Any], list[set[str]]]] = [
        ({"published": "2018-03"}, [{"call"}, {"visit"}, {"visit"}, set(), set()]),
        ({"published": "2018-03", "known": first}, [{"call"}, set(), {"visit"}, set(), set()]),
        ({"published": "2018-04"}, [{"call"}, {"call", "visit"}, set(), {"visit"}, {"call"}]),
        ({"published": "2018-04", "known": first}, [{"call"}, {"call"}, {"visit"}, set(), set()]),
    ]
    for clock, answers in asked:
        then = store.at(**clock)
        for query, answer in zip(("sixty", "consulate", "rome", "oslo", "embassy"), answers, strict=True):
            assert found(then, query) == expected(then, query) == answer, (clock, query)
    assert found(store, "consulate") == {"call", "visit"}


@pytest.mark.parametrize(
    "day", ["", "soon", "2018-03/2018-04", "2018-13", "2018-21", "2018~", "201X", "2018-03-31T12:00"]
)
@pytest.mark.parametrize(("clock", "words"), [("published", "published by"), ("held", "held by")])
def test_what_is_not_a_day_month_or_year_is_refused(path: Path, clock: str, words: str, day: str) -> None:
    store = Store(path)
    with pytest.raises(InputError, match=words):
        store.at(**{clock: day})
    with pytest.raises(InputError, match="no day 30"):
        store.at(**{clock: "2018-02-30"})


def test_a_position_of_any_length_is_read_and_one_beyond_the_head_refused(path: Path) -> None:
    store = Store(path)
    store.init()
    assert store.at(known="0" * 5000 + "2").log() == store.at(known=2).log() == store.log()
    assert store.at(known=0).log() == store.at(known="0000").log() == []
    for known in (3, "3", "999", 2018, "99999", "9" * 5000):
        with pytest.raises(InputError, match=r"known at [0-9]+…?: the ledger ends at position 2$"):
            store.at(known=known).log()
        with pytest.raises(InputError, match="the ledger ends at position 2"):
            store.diff(known)
    with pytest.raises(InputError, match="known at '-1'"):
        store.at(known=-1)


def test_four_digits_that_are_no_position_are_a_year(path: Path) -> None:
    store = Store(path)
    store.init()
    assert store.at(known="2018").log() == store.at(known="2018-12").log() == []
    assert store.at(known="9998").log() == store.at(known="9999-12").log() == store.log()
    with store.file.writing() as connection:
        assert clocks.asking(connection, clocks.Clock("0002")).at == 2


@pytest.mark.parametrize(
    ("word", "last"),
    [
        ("2018", "2018-12-31T23:59:59.999999Z"),
        ("2016-02", "2016-02-29T23:59:59.999999Z"),
        ("2018-04-02", "2018-04-02T23:59:59.999999Z"),
        ("2018-04-02T15", "2018-04-02T15:59:59.999999Z"),
        ("2018-04-02 15:04", "2018-04-02T15:04:59.999999Z"),
        ("2018-04-02T15:04Z", "2018-04-02T15:04:59.999999Z"),
        ("2018-04-02T15:04:05", "2018-04-02T15:04:05.999999Z"),
        ("2018-04-02T15:04:05.12Z", "2018-04-02T15:04:05.129999Z"),
        ("2018-04-02T15:04:05.123456Z", "2018-04-02T15:04:05.123456Z"),
        ("2018-04-02T15:04+03:00", "2018-04-02T12:04:59.999999Z"),
        ("2018-04-02T00:30:00-05:30", "2018-04-02T06:00:00.999999Z"),
        ("9999-12-31T23:59", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_known_at_a_moment_means_its_end(word: str, last: str) -> None:
    assert clocks._moment(word) == last


def test_a_commit_counts_at_its_own_moment_as_it_is_shown(store: Store) -> None:
    store.load({"sources": [{"id": "s"}]})
    recorded = store.log()[0].recorded_at
    for shown in (recorded, recorded[:19], recorded[:19].replace("T", " "), recorded[:16], recorded[:10]):
        assert store.at(known=shown).log() == store.log()


# --- what is kept from one question to the next ---------------------------------------------------------------


@pytest.fixture
def narrowings(monkeypatch: pytest.MonkeyPatch) -> list[clocks.Clock]:
    """The clocks for which tables were made, one for each time."""
    made: list[clocks.Clock] = []
    narrow = clocks.narrow

    def counted(connection: Any, clock: clocks.Clock) -> None:
        made.append(clock)
        narrow(connection, clock)

    monkeypatch.setattr(clocks, "narrow", counted)
    return made


def test_later_questions_reuse_tables_until_the_ledger_changes(store: Store, narrowings: list[clocks.Clock]) -> None:
    store.load(chronology(cited("call", "early")))
    for _ in range(3):
        assert ids(store.at(published="2018-03")) == {"call"}
        with pytest.raises(UnknownId):
            store.at(published="2018-03").fact("none")
    assert len(narrowings) == 1
    for name in ("visit", "party"):
        Store(store.path).load({"facts": [cited(name, "early")]})
        assert name in ids(store.at(published="2018-03"))
        assert name not in ids(store.at(published="2018-03", known=store.log()[-1].position))
    store.withdraw("early", allow_unsupported=True)
    assert ids(store.at(published="2018-03")) == set()
    assert len({*narrowings}) == 2


def test_redacted_content_disappears_from_a_clock_that_was_used_before(store: Store) -> None:
    known = store.load(chronology(cited("call", "early"), cited("visit", "early", place="Rome"))).position
    assert known is not None
    then = store.at(published="2018-03", known=known)
    assert ids(then) == found(then, "was") == {"call", "visit"}
    store.redact(then.fact("call").position, why="asked")
    assert ids(then) == found(then, "was") == {"visit"}
    check(store, known=known, published="2018-03")


def test_a_failed_question_leaves_its_tables_for_the_next(store: Store, narrowings: list[clocks.Clock]) -> None:
    store.load(chronology(cited("call", "late")))
    for _ in range(2):
        with pytest.raises(UnknownId):
            store.at(published="2018-03").fact("call")
    assert len(narrowings) == 1


def test_interrupted_work_is_done_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.load(chronology(cited("call", "early"), cited("visit", "late")))
    then = store.at(published="2018-03")
    assert ids(then) == {"call"}
    store.correct("call", {"place": "Oslo"})
    with monkeypatch.context() as patch:
        patch.setattr(clocks, "_parts_to_judge", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            then.facts()
    assert [(fact.id, fact.place, fact.earliest) for fact in then.facts()] == [("call", "Oslo", None)]


def test_another_file_in_its_place_is_read_afresh(store: Store, path: Path) -> None:
    store.load(chronology(cited("call", "early")))
    assert ids(store.at(published="2018-03")) == {"call"}
    other = Store(path)
    other.load(chronology(cited("visit", "early")))
    other.close()
    shutil.move(path, store.path)
    assert ids(store.at(published="2018-03")) == {"visit"}
    store.path.unlink()
    with pytest.raises(NoLedger):
        store.at(published="2018-03").facts()


def test_between_questions_nothing_is_read_so_that_the_log_of_writes_can_be_emptied(store: Store) -> None:
    store.load(chronology(cited("call", "early")))
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for _ in range(2):
            assert ids(store.at(published="2018-03")) == {"call"}
            store.correct("call", {"place": str(store.head().position)})
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            assert not busy


def test_few_clocks_are_kept_and_closing_releases_all_of_them(store: Store, narrowings: list[clocks.Clock]) -> None:
    store.load(chronology(cited("call", "early")))
    for _ in range(2):
        for month in range(1, 10):
            assert ids(store.at(published=f"2018-0{month}")) == ({"call"} if month > 2 else set())
    assert len(narrowings) == 18
    store.close()
    assert ids(store.at(published="2018-09")) == {"call"}
    assert len(narrowings) == 19


def test_a_refusal_names_the_file_as_it_was_given(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(store.path.parent)
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("UPDATE _alembic_version SET version_num = '9999'")
        connection.commit()
    with Store(store.path.name) as given:
        for chronology in (given, given.at(published="2019")):
            with pytest.raises(SchemaVersion, match=rf"^{re.escape(store.path.name)} has schema 9999"):
                chronology.facts()


def test_the_file_is_never_written(store: Store) -> None:
    store.load(chronology(cited("call", "early"), cited("visit", "late")))
    before = store.path.read_bytes()
    assert ids(store.at(published="2018-03")) == {"call"}
    assert store.path.read_bytes() == before
    assert store.verify().ok


def test_threads_ask_the_same_and_other_clocks_while_somebody_writes(
    store: Store, narrowings: list[clocks.Clock]
) -> None:
    store.load(chronology(cited("call", "early"), cited("visit", "late")))
    faults: list[object] = []
    writing = threading.Event()

    def ask(day: str, there: set[str]) -> None:
        seen = 0
        try:
            while not writing.is_set():
                places = {fact.id: int(fact.place or 0) for fact in store.at(published=day).facts()}
                if places.keys() != there or places["call"] < seen:
                    faults.append((day, places))
                seen = places["call"]
        except BaseException as error:
            faults.append(error)
            raise

    asked = [("2018-03", {"call"}), ("2018-04", {"call", "visit"})] * 2 + [
        (f"2018-0{n}", {"call", "visit"}) for n in (5, 6, 7)
    ]
    threads = [threading.Thread(target=ask, args=each) for each in asked]
    for thread in threads:
        thread.start()
    for number in range(5):
        store.correct("call", {"place": str(number + 1)})
    writing.set()
    for thread in threads:
        thread.join(60)
    assert faults == []
    for day, there in asked:
        assert {fact.id: fact.place for fact in store.at(published=day).facts()}["call"] == "5"
        assert ids(store.at(published=day)) == there


def test_if_several_threads_ask_one_clock_at_once_only_one_fills_its_tables(
    store: Store, narrowings: list[clocks.Clock]
) -> None:
    store.load(chronology(cited("call", "early")))
    together = threading.Barrier(4)
    answers = []

    def ask() -> None:
        together.wait()
        answers.append(ids(store.at(published="2018-03")))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [{"call"}] * 4
    assert len(narrowings) == 1


# --- the command line -----------------------------------------------------------------------------------------


@pytest.fixture
def db(path: Path) -> Path:
    store = Store(path)
    facts = (cited("call", "early", "late", when="2018-02-01"), cited("visit", "early", "late", when="2018-02-03"))
    order = {"id": "o", "fact": "call", "relation": "before", "other": "visit", "evidence": [{"source": "late"}]}
    store.load(chronology(*facts, cited("party", "late", when="2018-02-02"), orderings=[order]))
    store.correct("call", {"when": "2018-02-02"}, evidence=["call/late/1"])
    store.correct("late", {"retrieved": "2018-05"})
    store.correct("early", {"retrieved": "2018-05"})
    store.close()
    return path


@pytest.mark.parametrize(
    "words",
    [
        ("facts",),
        ("show", "call"),
        ("who-says", "call"),
        ("sources",),
        ("timeline",),
        ("before", "2018-03"),
        ("after", "2018-01"),
        ("between", "2018-01", "2018-03"),
        ("overlapping", "2018-02"),
        ("order", "call", "visit"),
        ("dump", "--format", "json"),
    ],
    ids=" ".join,
)
def test_every_question_takes_the_clocks_alone_and_together(db: Path, words: tuple[str, ...]) -> None:
    def asked(*clock: str) -> Told:
        return run(*words, *(() if words[0] == "dump" else ("--json",)), *clock, db=db)

    now = asked()
    assert now.code == 0
    then = asked("--published-by", "2018-03")
    assert then.code == 0
    assert then.out != now.out
    assert "party" not in then.out
    assert asked("--published-by", "2018-04-01").out == now.out
    assert asked("--held-by", "2018-05").out == now.out
    assert asked("--published-by", "2018-03", "--held-by", "2018-05").out == then.out
    assert asked("--published-by", "2018-03", "--known-at", "9999-01-01").out == then.out
    assert asked("--held-by", "2018-05", "--known-at", "9000").out == now.out
    nothing = asked("--held-by", "2018-04")
    assert "call" not in nothing.out
    assert nothing.code == (1 if "call" in words else 0)


def test_somebody_speaks_only_if_a_source_of_theirs_counts(db: Path) -> None:
    for name in ("late", "The Late"):
        now = run("said-by", name, "--json", db=db)
        assert len(now.json) == 4
        assert run("said-by", name, "--json", "--published-by", "2018-04", db=db) == now
        refused(
            run("said-by", name, "--published-by", "2018-03", db=db), f"nobody called '{name}' speaks here, or relays\n"
        )


def test_log_history_and_conflicts_take_the_clocks_too(db: Path) -> None:
    clock = ("--published-by", "2018-03", "--held-by", "2018-05", "--json")
    assert run("log", *clock, db=db).out == run("log", "--json", db=db).out
    assert run("history", "call", *clock, db=db).out == run("history", "call", "--json", db=db).out
    assert run("conflicts", *clock, db=db).out == "[]\n"


def test_a_day_that_cannot_be_read_is_misuse_and_a_fact_that_is_not_there_a_refusal(db: Path) -> None:
    refused(
        run("timeline", "--published-by", "soon", db=db),
        "published by 'soon': it must be a day, a month or a year",
        code=2,
    )
    refused(run("timeline", "--held-by", "", db=db), "held by ''", code=2)
    refused(
        run("show", "party", "--published-by", "2018-03", db=db),
        "party does not exist on this clock: published by 2018-03",
    )


# --- what a clock cannot count --------------------------------------------------------------------------------


def test_each_answer_says_what_is_left_out_for_lack_of_a_date(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    with Store(path) as store:
        store.load(
            {
                "sources": [
                    {"id": "a"},
                    {"id": "b", "seen_through": "a"},
                    {"id": "c", "retrieved": "2018-05"},
                    {"id": "gone"},
                ],
                "facts": [
                    {
                        "id": "call",
                        "title": "They spoke",
                        "when": "2018",
                        "evidence": [{"source": "a"}, {"source": "b"}],
                    },
                    {"id": "party", "title": "They met", "evidence": [{"source": "a"}, {"source": "c"}]},
                ],
            }
        )
        loaded = store.withdraw("gone").position
        assert store.undated() == {"published": (3, 3, 2), "retrieved": (2, 3, 1)}
        assert store.at(published="2019").undated() == store.undated()
    without = "3 of 3 sources have no date published: 2 facts that rest only on them are left out\n"
    for words in (
        ("timeline",),
        ("timeline", "--markdown"),
        ("facts",),
        ("before", "2019"),
        ("sources",),
        ("conflicts",),
        ("status",),
        ("dump",),
    ):
        told = run(*words, "--published-by", "2019", db=path)
        assert told.code == 0
        assert without in told.err, words
        assert run(*words, db=path).err.count("no date") == 0
    assert run("facts", "--json", "--published-by", "2019", db=path) == (0, "[]\n", without)
    held = run("facts", "--held-by", "2018", db=path)
    assert held.err == "2 of 3 sources have no date retrieved: 1 fact that rests only on them is left out\n"
    assert "They met" in held.out
    with Store(path) as store:
        store.correct("a", {"published": "2018"})
        assert store.undated() == {"published": (1, 3, 0), "retrieved": (2, 3, 1)}
    one = "1 of 3 sources have no date published: what rests only on them is left out\n"
    assert run("timeline", "--published-by", "2019", db=path).err == one
    with Store(path) as store:
        store.correct("c", {"published": "2018"})
        assert store.undated()["published"] == (0, 3, 0)
        assert store.at(known=loaded).undated()["published"][0] == 3
    assert run("timeline", "--published-by", "2019", db=path).err == ""
    assert run("timeline", "--published-by", "2017", db=path).err == "No facts.\n"
