"""Loading: what is new is recorded, what is as last loaded is left alone, and what differs is refused or corrected."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factstore.documents import DocumentKind
from factstore.documents.reading import line_parts, parse
from factstore.errors import Changed, DocumentError
from factstore.store import Store
from tests.conftest import NewStore
from tests.support.checks import check_rebuild, rows_of
from tests.support.chronologies import Step, documents, steps, take

PAPER: dict[str, Any] = {
    "sources": [{"id": "paper", "title": "The paper", "published": "2018-04-02"}, {"id": "radio"}],
    "speakers": [{"id": "office", "name": "The office"}, {"id": "aide", "name": "An aide", "of": "office"}],
    "facts": [
        {
            "id": "call",
            "title": "They spoke",
            "when": "2018-03-20",
            "place": "Moscow",
            "tags": ["talks"],
            "evidence": [{"source": "paper", "quote": "they spoke"}, {"source": "paper", "quote": "a call was made"}],
        },
        {"id": "visit", "title": "They met", "evidence": [{"source": "radio", "attribution": ["aide", "Somebody"]}]},
    ],
    "orderings": [{"fact": "call", "relation": "before", "other": "visit", "evidence": [{"source": "paper"}]}],
}


def changed(**fields: Any) -> dict[str, Any]:
    """The document with other fields of its first fact."""
    document = copy.deepcopy(PAPER)
    document["facts"][0] |= fields
    return document


def kinds(store: Store) -> list[str]:
    """The kinds of the last commit's records, without its commit record."""
    last = store.log()[0].commit
    return [entry.kind for entry in store.log() if entry.commit == last][:0:-1]


def test_a_document_loaded_again_is_a_no_op(store: Store) -> None:
    first = store.load(PAPER)
    head = store.head()
    again = store.load(PAPER)
    assert first.tally.recorded == {
        "source": ["paper", "radio"],
        "speaker": ["office", "aide"],
        "fact": ["call", "visit"],
        "citation": ["call/paper/1", "call/paper/2", "visit/radio/1", "call.before.visit/paper/1"],
        "ordering": ["call.before.visit"],
    }
    assert (again.position, again.tally.recorded, again.tally.unchanged) == (None, {}, 11)
    assert store.head() == head


def test_two_documents_that_say_the_same_are_loaded_as_one(store: Store) -> None:
    done = store.load(PAPER, PAPER, {"facts": PAPER["facts"]})
    assert len(done.tally.recorded["citation"]) == 4
    assert store.load(PAPER).position is None


def test_two_documents_that_say_different_things_of_one_fact_are_refused(store: Store) -> None:
    head = store.head()
    with pytest.raises(DocumentError) as refused:
        store.load(PAPER, changed(when="2018-03-21"), correct="other")
    assert refused.value.problems == [
        'document: facts.1: call: when: "2018-03-20" -> "2018-03-21", and both are in what is being loaded'
    ]
    assert store.head() == head


def test_a_differing_document_is_refused_with_all_differences_and_nothing_is_written(store: Store) -> None:
    store.load(PAPER)
    head = store.head()
    document = changed(when="2018-03-21", place=None, tags=["talks", "phone"])
    document["facts"][0]["evidence"][1]["quote"] = "a call took place"
    document["sources"][0]["title"] = "The newspaper"
    document["facts"].append({"id": "new", "title": "New", "evidence": [{"source": "radio"}]})
    with pytest.raises(Changed) as refused:
        store.load(document)
    assert refused.value.differences == [
        'document: sources.1: paper: title: "The paper" -> "The newspaper"',
        'document: facts.1: call: place: "Moscow" -> nothing',
        'document: facts.1: call: tags: ["talks"] -> ["talks", "phone"]',
        'document: facts.1: call: when: "2018-03-20" -> "2018-03-21"',
        'document: facts.1: call/paper/2: quote: "a call was made" -> "a call took place"',
    ]
    assert str(refused.value).startswith("5 fields differ from what was last loaded:\n")
    assert store.head() == head


def test_correct_turns_differences_into_corrections_of_just_those_fields(store: Store) -> None:
    store.load(PAPER)
    store.correct("call", {"title": "They spoke by telephone"})
    done = store.load(changed(when="2018-03-21"), correct="source-corrected")
    assert done.tally.corrected == ["call"]
    assert kinds(store) == ["fact.corrected"]
    entry = store.history("call")[-1]
    assert (entry.changes, entry.reason) == ({"when": ("2018-03-20", "2018-03-21")}, "source-corrected")
    assert store.fact("call").title == "They spoke by telephone"
    assert store.load(changed(when="2018-03-21")).position is None


def test_a_correction_made_elsewhere_is_not_undone_by_the_old_document(store: Store) -> None:
    store.load(PAPER)
    store.correct("call", {"when": "2018-03-19", "place": None})
    store.withdraw("visit/radio/1", allow_unsupported=True)
    head = store.head()
    store.load(PAPER)
    store.load(PAPER, correct="other")
    assert store.head() == head


def test_a_document_that_takes_over_a_correction_made_elsewhere_changes_nothing(store: Store) -> None:
    store.load(PAPER)
    store.correct("call", {"when": "2018-03-19"})
    head = store.head()
    store.load(changed(when="2018-03-19"))
    assert store.head() == head


def test_evidence_that_is_new_is_added(store: Store) -> None:
    store.load(PAPER)
    document = copy.deepcopy(PAPER)
    document["facts"][0]["evidence"].insert(0, {"source": "paper", "quote": "the line was open"})
    document["facts"][0]["evidence"].append({"source": "radio", "id": "heard"})
    document["orderings"][0]["evidence"].append({"source": "radio"})
    done = store.load(document)
    assert done.tally.recorded == {"citation": ["call/paper/3", "heard", "call.before.visit/radio/1"]}
    assert store.load(document).position is None


def test_evidence_given_by_hand_is_added_to_what_is_there(store: Store) -> None:
    store.load(PAPER)
    done = store.cite("call", source="paper", quote="they never spoke", evidence={"stance": "denies"})
    assert done.tally.recorded == {"citation": ["call/paper/3"]}
    assert store.cite("call", source="paper", quote="they spoke").position is None
    assert store.load(PAPER).position is None


def test_withdrawn_evidence_is_not_what_new_words_are_compared_with(store: Store) -> None:
    store.load(PAPER)
    store.withdraw("visit/radio/1", allow_unsupported=True)
    document = copy.deepcopy(PAPER)
    document["facts"][1]["evidence"] = [{"source": "radio", "quote": "they did meet"}]
    assert store.load(document).tally.recorded == {"citation": ["visit/radio/2"]}


def test_an_id_of_evidence_that_another_fact_has_is_refused(store: Store) -> None:
    store.load(PAPER)
    document = {"facts": [PAPER["facts"][1] | {"evidence": [{"source": "paper", "id": "call/paper/1"}]}]}
    with pytest.raises(DocumentError, match="the id call/paper/1 is taken by another citation"):
        store.load(document)
    document["facts"][0]["evidence"] = [{"source": "paper", "id": "call"}]
    with pytest.raises(DocumentError, match="the id call is taken by another fact"):
        store.load(document)


def test_defaults_are_filled_in_where_an_entry_leaves_them_out(store: Store) -> None:
    defaults = {"source": "paper", "stance": "denies", "attribution": ["An aide", "The paper"], "said": "2018-04-01"}
    defaults |= {"hedge": "reportedly", "zone": "+03:00", "place": "Moscow", "tags": ["a"], "locator": "p. 1"}
    document = {
        "defaults": defaults,
        "sources": [{"id": "paper"}],
        "facts": [
            {"id": "one", "title": "One"},
            {"id": "two", "title": "Two", "place": "Paris", "evidence": [{"stance": "asserts", "hedge": "it is said"}]},
        ],
        "orderings": [{"fact": "one", "relation": "before", "other": "two"}],
    }
    store.load(document)
    one, two = store.fact("one"), store.fact("two")
    assert (one.place, one.zone, one.tags, one.status) == ("Moscow", "+03:00", ("a",), "denied")
    assert (two.place, two.status) == ("Paris", "stands")
    assert one.citations is not None
    assert two.citations is not None
    (cited,) = one.citations
    assert (cited.attribution, cited.said, cited.hedge, cited.locator) == (
        ("An aide", "The paper"),
        "2018-04-01",
        "reportedly",
        "p. 1",
    )
    assert (two.citations[0].hedge, two.citations[0].said) == ("it is said", "2018-04-01")
    assert [cited.source for cited in store.who_says("one.before.two")] == ["paper"]


def test_lists_in_an_ordering_state_every_pair(store: Store) -> None:
    facts = [{"id": name, "title": name, "evidence": [{"source": "paper"}]} for name in "abcd"]
    document = {"sources": [{"id": "paper"}], "facts": facts}
    done = store.load(document | {"orderings": [{"fact": ["c", "d"], "relation": "after", "other": ["a", "b"]}]})
    assert done.tally.recorded["ordering"] == ["a.before.c", "b.before.c", "a.before.d", "b.before.d"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("call", "before", "visit"), ("visit", "after", "call")),
        (("call", "during", "visit"), ("visit", "contains", "call")),
        (("call", "intersects", "visit"), ("visit", "intersects", "call")),
        (("call", "equals", "visit"), ("visit", "equals", "call")),
    ],
)
def test_mirrored_orderings_are_one_ordering(
    store: Store, one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    document = {key: value for key, value in PAPER.items() if key != "orderings"}
    stated = [dict(zip(("fact", "relation", "other"), said, strict=True)) for said in (one, other)]
    done = store.load(document | {"orderings": stated})
    assert len(done.tally.recorded["ordering"]) == 1
    store.relate(*other)
    assert len(store.entries()) == 7


def test_an_attribution_names_speakers_and_sources_by_id(store: Store) -> None:
    store.load(PAPER)
    (cited,) = store.who_says("visit")
    assert (cited.attribution, cited.origin) == (("An aide", "Somebody"), "The office")


def test_a_speakers_aliases_are_one_origin(store: Store) -> None:
    names = ["Kremlin", "The Kremlin", "the aide", "kremlin"]
    store.load(
        {
            "sources": [{"id": "paper"}],
            "speakers": [
                {"id": "kremlin", "name": "The Kremlin", "aliases": ["Kremlin"]},
                {"id": "aide", "name": "An aide", "aliases": ["the aide"], "of": "kremlin"},
            ],
            "facts": [
                {"id": "it", "title": "It", "evidence": [{"source": "paper", "attribution": [name]} for name in names]}
            ],
        }
    )
    assert [cited.origin for cited in store.who_says("it")] == ["The Kremlin"] * 4


def test_all_problems_of_all_documents_are_reported_at_once_and_nothing_is_written(
    store: Store, tmp_path: Path
) -> None:
    head = store.head()
    first = tmp_path / "first.yaml"
    first.write_text(
        "sources:\n  - {id: paper}\nfacts:\n  - {id: a, title: A, evidence: [{source: papr}]}\n  - {id: b, title: B}\n"
    )
    second = parse(
        "orderings:\n"
        "  - {fact: paper, relation: before, other: a}\n"
        "  - {fact: a, relation: before, other: a}\n"
        "  - {fact: a, relation: during, other: b, gap: {min: P1D}}\n"
        "  - {id: several, fact: [a, b], relation: before, other: a}\n"
        "sources:\n  - {id: web, seen_through: wbe}\n",
        "second.yaml",
    )
    with pytest.raises(DocumentError) as refused:
        store.load(first, second)
    assert refused.value.problems == [
        f"{first}:4: evidence 1 of a: source papr: there is no source with that id; did you mean paper?",
        f"{first}:5: b has no evidence; a fact needs at least one source",
        "second.yaml:7: seen_through wbe: there is no source with that id",
        "second.yaml:2: fact paper: it is a source, not a fact",
        "second.yaml:3: a cannot be ordered with itself",
        "second.yaml:4: fact b: there is no fact with that id",
        "second.yaml:5: several is the id of several orderings; an id needs exactly one pair",
    ]
    assert store.head() == head


def test_an_unknown_id_in_a_document_suggests_the_nearest(store: Store) -> None:
    store.load(PAPER)
    with pytest.raises(DocumentError, match=r"there is no fact with that id; did you mean visit\?"):
        store.relate("call", "before", "visti")


# --- dumps ----------------------------------------------------------------------------------------------------


def test_the_dump_of_what_is_withdrawn_says_so(store: Store) -> None:
    store.load(PAPER)
    for name in ("visit", "radio", "call/paper/2", "call.before.visit", "aide"):
        store.withdraw(name)
    withdrawn = {entry["id"] for _, entry in store.entries() if entry.get("withdrawn")}
    assert withdrawn == {"visit", "radio", "call.before.visit", "aide"}
    dump = store.dump()
    assert dump.count("withdrawn: true") == 5
    head = store.head()
    assert store.load(parse(dump, "dump.yaml")).position is None
    assert store.head() == head


def test_withdrawn_in_a_document_is_a_difference_and_with_correct_a_withdrawal(store: Store) -> None:
    store.load(PAPER)
    document = changed(withdrawn=True)
    with pytest.raises(Changed) as refused:
        store.load(document)
    assert refused.value.differences == ['document: facts.1: call: withdrawn: nothing -> "true"']
    store.load(document, correct="extraction-error")
    assert kinds(store) == ["withdrawn"]
    assert store.fact("call").status == "withdrawn"
    assert store.load(PAPER).position is None, "a document that does not say so brings nothing back"


def _answers(store: Store) -> list[Any]:
    found: list[Any] = [fact.json() for fact in store.timeline]
    for x in ("alpha", "2018-04-05"):
        for question in (store.timeline.before, store.timeline.after, store.timeline.overlapping):
            found += [one.json() for one in question(x, evidence=True)]
    return [*found, [source.json() for source in store.sources()]]


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents(), st.lists(steps(), max_size=8), st.sampled_from(["yaml", "json", "jsonl"]))
def test_a_dump_is_a_no_op_where_it_comes_from_and_makes_the_same_store_elsewhere(
    new_store: NewStore, document: dict[str, Any], history: list[Step], kind: DocumentKind
) -> None:
    store, other = new_store(), new_store()
    store.load(document, allow_conflict=True)
    for step in history:
        take(store, step, allow_conflict=False)
    dump = store.dump(kind)
    head = store.head()
    assert store.load(parse(dump, f"dump.{kind}", kind)).position is None
    assert store.head() == head
    other.load(parse(dump, f"dump.{kind}", kind), allow_conflict=True)
    assert other.dump(kind) == dump
    if not store.conflicts() and not other.conflicts():
        assert _answers(other) == _answers(store)
    check_rebuild(other)


@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents(), st.lists(steps(), max_size=4), st.integers(1, 3))
def test_json_lines_read_in_parts_make_the_same_store_as_read_whole(
    new_store: NewStore, document: dict[str, Any], history: list[Step], lines: int
) -> None:
    store, whole, parts = new_store(), new_store(), new_store()
    store.load(document, allow_conflict=True)
    for step in history:
        take(store, step, allow_conflict=False)
    dump = store.dump("jsonl").encode()
    whole.load(parse(dump.decode(), "dump.jsonl"), allow_conflict=True)
    done = parts.load(line_parts(dump.splitlines(keepends=True), "dump.jsonl", lines), allow_conflict=True)
    assert done.set_aside == tuple(conflict.id for conflict in whole.conflicts() if conflict.kind == "contradiction")
    ours, theirs = rows_of(parts), rows_of(whole)
    assert {**ours, "committed": 0} == {**theirs, "committed": 0}
    check_rebuild(parts)
    again = parts.load(line_parts(dump.splitlines(keepends=True), "dump.jsonl", lines), allow_conflict=True)
    assert (again.position, again.tally.count) == (None, {})


def test_an_id_repeated_further_down_in_json_lines_is_refused_however_far(store: Store) -> None:
    source = b'{"source": {"id": "paper"}}'
    fact = b'{"fact": {"id": "bells", "title": "Bells rang", "evidence": [{"source": "paper"}]}}'
    for lines in (1, 4):
        with pytest.raises(DocumentError) as refused:
            store.load(line_parts([source, b"", fact, fact], "notes.jsonl", lines))
        assert refused.value.problems[0].startswith("notes.jsonl:4: the id bells is taken: ")
    assert store.log() == store.log(limit=2), "nothing was written"


def test_what_json_lines_state_twice_without_a_name_is_stated_once_however_far_apart(store: Store) -> None:
    lines = [b'{"source": {"id": "%s"}}' % name for name in (b"paper", b"radio")]
    for name in (b"a", b"b"):
        lines.append(b'{"fact": {"id": "%s", "title": "It happened", "evidence": [{"source": "paper"}]}}' % name)
    order = b'{"ordering": {"fact": "a", "relation": "before", "other": "b", "evidence": [{"source": "%s"}]}}'
    done = store.load(line_parts([*lines, order % b"paper", order % b"radio"], "notes.jsonl", 1))
    assert done.tally.recorded["ordering"] == ["a.before.b"]
    assert [cited.source for cited in store.who_says("a.before.b")] == ["paper", "radio"]


def test_a_dump_has_referents_first_even_if_they_were_recorded_later(store: Store, new_store: NewStore) -> None:
    store.load(
        {"sources": [{"id": name} for name in "abc"], "speakers": [{"id": name, "name": name} for name in "xyz"]}
    )
    for name, link, other in (("a", "seen_through", "b"), ("b", "seen_through", "c"), ("x", "of", "z")):
        store.correct(name, {link: other})
    dump = store.dump("jsonl")
    other_store = new_store()
    other_store.load(line_parts(dump.encode().splitlines(keepends=True), "dump.jsonl", 1))
    assert other_store.dump("jsonl") == dump
    assert [line.split('"')[5] for line in dump.splitlines()] == ["c", "b", "a", "z", "x", "y"]


def test_a_dump_keeps_every_field_to_the_letter(store: Store, new_store: NewStore) -> None:
    hard = [
        "2018-03-20",
        "12:30",
        "NO",
        "0044",
        "null",
        "~",
        "1e3",
        "a: b",
        "# a",
        "é\u2028x",
        "line\nline",
        "{a}",
        "…",
    ]
    facts = [
        {
            "id": f"fact-{number}",
            "title": words,
            "phrase": words,
            "anchor": "2018-04-02",
            "zone": "-04",
            "when": "{1667,1668}",
            "participants": [{"name": words, "role": words}],
            "tags": [words],
            "attributes": {words: words},
            "evidence": [
                {"source": "paper", "quote": words, "prefix": words, "suffix": words, "locator": words}
                | {"stance": "foretells", "attribution": [words], "when": "2018?", "phrase": words}
                | {"said": "2018-04-01", "hedge": words, "unnamed": words}
            ],
        }
        for number, words in enumerate(hard)
    ]
    source = {
        "id": "paper",
        "title": "NO",
        "publisher": "Yes",
        "url": "a:b",
        "published": "2018",
        "retrieved": "2019-01",
    }
    ordering = {"fact": "fact-0", "relation": "before", "other": "fact-1", "gap": {"min": "P1D", "max": "P9D"}}
    store.load({"sources": [source | {"text": "0" * 64}], "facts": facts, "orderings": [ordering]}, allow_conflict=True)
    for kind in ("yaml", "json", "jsonl"):
        other = new_store()
        other.load(parse(store.dump(kind), f"dump.{kind}"), allow_conflict=True)
        assert other.entries() == store.entries()
        assert [fact.title for fact in other.facts()].count("line\nline") == 1


def test_what_an_entry_says_and_what_it_refers_to_are_refused_together(store: Store) -> None:
    document = {
        "sources": [{"id": "paper", "published": "2018-02-30"}],
        "facts": [
            {"id": "a", "title": "A", "evidence": [{"source": "paper"}]},
            {"id": "b", "title": "B", "evidence": [{"source": "nowhere"}]},
        ],
        "orderings": [{"fact": "a", "relation": "before", "other": "zzz"}],
    }
    with pytest.raises(DocumentError) as refused:
        store.load(document)
    assert [problem for problem in refused.value.problems if "2018-02-30" in problem]
    assert [problem for problem in refused.value.problems if "nowhere" in problem]
    assert [problem for problem in refused.value.problems if "zzz" in problem]
    # An entry that refers to a faulty one is not reported in addition.
    assert not [problem for problem in refused.value.problems if "source paper" in problem]
