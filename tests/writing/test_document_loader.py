"""What a document is compared with, step by step; how evidence is matched; references, circles, and ids."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from factstore.database.statements import column
from factstore.documents.reading import parse
from factstore.errors import Changed, DocumentError, InputError
from factstore.ledger.canonical import canonical
from factstore.ledger.payloads import decode_record
from factstore.store import Store
from tests.conftest import NewStore
from tests.support.reference import records_of
from tests.support.strategies import edtf_texts, ledger_texts

BASE: dict[str, Any] = {
    "sources": [{"id": "paper"}, {"id": "radio"}],
    "facts": [{"id": "call", "title": "They spoke", "place": "A", "evidence": [{"source": "paper", "quote": "one"}]}],
}


def saying(**fields: Any) -> dict[str, Any]:
    """The document with other fields of its fact."""
    document = copy.deepcopy(BASE)
    document["facts"][0] |= fields
    return document


def citing(*evidence: dict[str, Any]) -> dict[str, Any]:
    return saying(evidence=[{"source": "paper"} | one for one in evidence])


def quotes(store: Store, name: str = "call") -> list[str | None]:
    return [cited.quote for cited in store.who_says(name)]


# --- what was last loaded ---------------------------------------------------------------------------------------

#: Steps (`hand` is a correction by hand, `correct` a load that may correct), the result of the last one (`same`: nothing is
#: recorded; `differs`: refused; `new`: corrected), and the value after it.
SEQUENCES = [
    ("load A, load A", "same", "A"),
    ("load A, load B", "differs", "A"),
    ("load A, correct B", "new", "B"),
    ("load A, correct B, load A", "differs", "B"),
    ("load A, correct B, correct A", "new", "A"),
    ("load A, hand B, load A", "same", "B"),
    ("load A, hand B, correct A", "same", "B"),
    ("load A, hand B, load B", "same", "B"),
    ("load A, hand B, load B, hand C, load B", "same", "C"),
    ("load A, hand B, load B, hand C, load A", "same", "C"),
    ("load A, hand B, load B, hand C, load C", "same", "C"),
    ("load A, hand B, load B, hand C, load D", "differs", "C"),
    ("load A, hand B, correct C, load B", "differs", "C"),
    ("load A, hand B, correct C, load A", "differs", "C"),
    ("load A, hand B, hand A, load A", "same", "A"),
    ("load A, hand B, correct C, hand D, load C", "same", "D"),
    ("load A, hand -, load A", "same", "-"),
    ("load A, hand -, load -", "same", "-"),
    ("load A, load -", "differs", "A"),
    ("load -, hand A, load -", "same", "A"),
]


@pytest.mark.parametrize(("steps", "outcome", "value"), SEQUENCES, ids=[steps for steps, *_ in SEQUENCES])
def test_a_document_differs_where_it_says_what_was_never_said_since_it_was_loaded(
    store: Store, steps: str, outcome: str, value: str
) -> None:
    for step in steps.split(", "):
        how, place = step.split()
        said = None if place == "-" else place
        head, came = store.head(), "new"
        if how == "hand":
            store.correct("call", {"place": said})
        else:
            try:
                store.load(saying(place=said), correct="other" if how == "correct" else None)
            except Changed:
                came = "differs"
        if store.head() == head and came == "new":
            came = "same"
    assert (came, store.fact("call").place) == (outcome, None if value == "-" else value)


@settings(max_examples=6)
@given(st.lists(st.tuples(st.sampled_from(["hand", "correct"]), st.sampled_from("ABCD")), min_size=2, max_size=5))
def test_what_was_loaded_or_said_since_is_never_a_difference(new_store: NewStore, steps: list[tuple[str, str]]) -> None:
    store = new_store()
    store.load(BASE)
    said, now = {"A"}, "A"
    for how, place in steps:
        if how == "hand":
            store.correct("call", {"place": place})
            said, now = said | {place}, place
        else:
            store.load(saying(place=place), correct="other")
            said, now = (said, now) if place in said else ({place}, place)
        assert store.fact("call").place == now
    head = store.head()
    for place in "ABCD":
        if place in said:
            done = store.load(saying(place=place))
            assert done.tally.behind == ([] if place == now else ["call"])
        else:
            with pytest.raises(Changed, match=f'-> "{place}"'):
                store.load(saying(place=place))
    assert store.head() == head
    assert store.verify().ok


def test_a_difference_is_measured_from_what_was_last_loaded(store: Store) -> None:
    store.load(BASE)
    store.correct("call", {"place": "B"})
    with pytest.raises(Changed, match='place: "A" -> "D"'):
        store.load(saying(place="D"))


def test_restoring_by_hand_is_not_undone_by_the_document_that_withdrew(store: Store) -> None:
    store.load(BASE)
    store.load(saying(withdrawn=True), correct="other")
    store.restore("call")
    head = store.head()
    assert store.load(saying(withdrawn=True)).position is None
    assert store.load(saying(withdrawn=True), correct="other").position is None
    assert store.head() == head


def test_withdrawing_and_restoring_by_hand_leave_a_document_that_followed_behind(store: Store) -> None:
    store.load(BASE)
    store.withdraw("call")
    assert store.load(saying(withdrawn=True)).position is None
    store.restore("call")
    assert store.load(saying(withdrawn=True)).position is None
    assert store.load(BASE).position is None


def test_an_order_that_was_corrected_elsewhere_keeps_its_gap(store: Store) -> None:
    facts = [{"id": name, "title": name, "evidence": [{"source": "paper"}]} for name in "ab"]
    document = {"sources": [{"id": "paper"}], "facts": facts}
    document["orderings"] = [{"id": "o", "fact": "a", "relation": "during", "other": "b"}]
    store.load(document)
    store.correct("o", {"relation": "before", "gap": {"min": "P1D"}})
    assert store.load(document).position is None


def test_the_same_correction_in_two_documents_is_made_once_and_two_are_refused(store: Store) -> None:
    store.load(BASE)
    store.load(saying(place="B"), saying(place="B"), correct="other")
    assert len([entry for entry in store.history("call") if entry.kind == "fact.corrected"]) == 1
    with pytest.raises(DocumentError, match="both are in what is being loaded"):
        store.load(saying(place="C"), saying(place="D"), correct="other")


# --- evidence ---------------------------------------------------------------------------------------------------


def test_a_new_quote_is_not_taken_for_evidence_that_was_added_by_hand(store: Store) -> None:
    store.load(saying(evidence=[{"source": "radio"}]))
    store.cite("call", source="paper", quote="by hand")
    document = saying(evidence=[{"source": "radio"}, {"source": "paper", "quote": "by document"}])
    assert store.load(document).tally.recorded == {"citation": ["call/paper/2"]}
    assert quotes(store) == [None, "by hand", "by document"]
    assert store.load(document).position is None
    document["facts"][0]["evidence"][1]["quote"] = "by another"
    store.load(document, correct="other")
    assert quotes(store) == [None, "by hand", "by another"]


def test_what_was_cited_by_hand_says_so_in_the_ledger(store: Store) -> None:
    store.load(BASE)
    store.cite("call", source="paper", quote="by hand")
    with store.file.reading() as connection:
        rows = column(connection, "SELECT quote FROM citation WHERE by_hand = 1 ORDER BY position")
    assert rows == ["by hand"]


def test_relating_again_with_another_quote_adds_it_beside(store: Store) -> None:
    document = copy.deepcopy(BASE)
    document["facts"].append({"id": "visit", "title": "They met", "evidence": [{"source": "paper"}]})
    document["orderings"] = [
        {
            "fact": "call",
            "relation": "before",
            "other": "visit",
            "phrase": "then",
            "evidence": [{"source": "paper", "quote": "then they met"}],
        }
    ]
    store.load(document)
    store.relate("visit", "after", "call", source="paper", quote="after they had spoken")
    assert quotes(store, "call.before.visit") == ["then they met", "after they had spoken"]
    assert store.relate("call", "before", "visit", source="paper", quote="then they met").position is None
    assert store.load(document).position is None
    with pytest.raises(Changed, match='phrase: "then" -> "later"'):
        store.relate("call", "before", "visit", phrase="later")


def test_quotes_are_matched_by_what_they_say_before_any_is_matched_by_order(store: Store) -> None:
    store.load(citing({"quote": "one"}, {"quote": "two"}))
    with pytest.raises(Changed) as refused:
        store.load(citing({"quote": "three"}, {"quote": "one"}))
    assert refused.value.differences == ['document: facts.1: call/paper/2: quote: "two" -> "three"']


def test_an_entry_is_what_the_ledger_says_now_rather_than_what_it_said(store: Store) -> None:
    store.load(citing({"quote": "one"}, {"quote": "two"}))
    store.correct("call/paper/1", {"quote": "two and a half"})
    store.correct("call/paper/2", {"quote": "one"})
    assert store.load(citing({"quote": "one"}, {"quote": "two and a half"})).position is None
    assert store.load(citing({"quote": "one"}, {"quote": "two"})).position is None


# --- ids --------------------------------------------------------------------------------------------------------


def test_a_derived_name_given_to_evidence_of_another_fact_is_refused(store: Store) -> None:
    with pytest.raises(
        DocumentError, match="evidence 1 of call: visit/paper/1 has the form of an id for evidence of visit"
    ):
        store.load(citing({"id": "visit/paper/1"}))


def test_derived_ids_make_way_for_given_ones(store: Store) -> None:
    store.load(citing({"quote": "first"}, {"quote": "second", "id": "call/paper/1"}, {"quote": "third"}))
    assert [(cited.id, cited.quote) for cited in store.who_says("call")] == [
        ("call/paper/2", "first"),
        ("call/paper/1", "second"),
        ("call/paper/3", "third"),
    ]


# --- references -------------------------------------------------------------------------------------------------


def test_a_name_that_becomes_a_speakers_id_later_is_no_difference(store: Store) -> None:
    document = citing({"quote": "one", "attribution": ["aide", "Somebody"]})
    store.load(document)
    store.load({"speakers": [{"id": "aide", "name": "An aide"}]})
    assert store.load(document).position is None
    assert store.load(parse(store.dump(), "dump.yaml")).position is None
    document["facts"][0]["evidence"][0]["attribution"] = ["aide"]
    with pytest.raises(Changed, match="attribution"):
        store.load(document)


def test_a_correction_resolves_the_names_of_an_attribution(store: Store) -> None:
    store.load(BASE | {"speakers": [{"id": "aide", "name": "An aide"}]})
    store.correct("call/paper/1", {"attribution": ["aide", "radio", "call", "Aide"]})
    (cited,) = store.who_says("call")
    assert cited.attribution == ("An aide", "radio", "call", "Aide")
    assert cited.origin == "An aide"


def test_circles_are_refused_wherever_they_close(store: Store) -> None:
    def speakers(**of: str | None) -> dict[str, Any]:
        return {"speakers": [{"id": name, "name": name.title(), "of": above} for name, above in of.items()]}

    for document in (speakers(a="b", b="c", c="a"), speakers(x="a", a="b", b="a"), speakers(a="a")):
        with pytest.raises(DocumentError) as refused:
            store.load(document)
        (problem,) = refused.value.problems
        assert "this leads in a circle back to" in problem
    store.load(speakers(a=None, b="a", c="b"))
    with pytest.raises(DocumentError, match=r"speakers.1: of c: this leads in a circle back to a"):
        store.load(speakers(a="c"), correct="other")
    with pytest.raises(DocumentError, match="this leads in a circle back to"):
        store.load({"sources": [{"id": "s", "seen_through": "t"}, {"id": "t", "seen_through": "s"}]})
    # Two corrections, neither of which closes a circle alone.
    store.load(speakers(d=None, e=None))
    with pytest.raises(DocumentError, match="this leads in a circle back to"):
        store.load(speakers(d="e"), speakers(e="d"), correct="other")
    with pytest.raises(InputError, match="this leads in a circle back to"):
        store.correct("a", {"of": "c"})


def test_a_long_chain_of_sources_is_loaded(store: Store) -> None:
    chain = [{"id": f"s-{number}", "seen_through": f"s-{number + 1}"} for number in range(1200)]
    store.load({"sources": [*chain, {"id": "s-1200"}]})
    assert len(store.sources()) == 1201


# --- columns ----------------------------------------------------------------------------------------------------


def test_a_missing_column_removes_nothing(store: Store) -> None:
    full = (
        "id,title,when,place,tags,source,quote,locator,stance\n"
        'call,They spoke,2018,A,"[""x"", ""y""]",paper,one,p. 1,denies\n'
    )
    store.load(BASE | {"facts": []})
    store.load(parse(full, "full.csv"))
    store.correct("call", {"attributes": {"a": "b"}})
    for fewer in (
        "id,title,source,quote\ncall,They spoke,paper,one\n",
        "id,title,when\ncall,They spoke,2018\n",
        'id;title;tags;source\ncall;They spoke;"[""x"", ""y""]";paper\n',
        "id\ttitle\tplace\tsource\ncall\tThey spoke\tA\tpaper\n",
    ):
        assert store.load(parse(fewer, "fewer.csv")).position is None, fewer
    with pytest.raises(Changed, match=r'fewer.csv:2: call: place: "A" -> nothing'):
        store.load(parse("id,title,place,source\ncall,They spoke,,paper\n", "fewer.csv"))
    with pytest.raises(DocumentError, match="new has no evidence"):
        store.load(parse("id,title,when\nnew,It is new,2018\n", "fewer.csv"))


def test_the_first_of_many_unknown_ids_are_listed_with_similar_ones(store: Store) -> None:
    store.load({"sources": [{"id": "paper"}]})
    facts = [{"id": f"f{n}", "title": "T", "evidence": [{"source": "papers"}]} for n in range(25)]
    with pytest.raises(DocumentError) as refused:
        store.load({"facts": facts})
    assert len(refused.value.problems) == 25
    assert [problem.endswith("did you mean paper?") for problem in refused.value.problems] == [True] * 20 + [False] * 5


def test_a_refusal_of_a_row_without_an_id_names_ids_as_the_way_out(store: Store) -> None:
    rows = "title,when,source\nThey spoke,2018,paper\nThey spoke,2019,paper\n"
    store.load({"sources": BASE["sources"]})
    assert store.load(parse(rows, "a.csv")).tally.count["fact"] == 2
    assert store.load(parse(rows, "a.csv")).position is None
    hint = r"\(they-spoke is made of the title; a row about something else needs an id\)"
    for content in ("title,when,source\nThey spoke,2020,paper\n", "id,title,when,source\n,They spoke,2020,paper\n"):
        with pytest.raises(Changed, match=hint):
            store.load(parse(content, "b.csv"))
    with pytest.raises(Changed) as refused:
        store.load(parse("id,title,when,source\nthey-spoke,They spoke,2020,paper\n", "b.csv"))
    assert "made of the title" not in str(refused.value)
    with pytest.raises(DocumentError, match=r"\(they-met is made of the title"):
        store.load(
            parse(rows.replace("spoke", "met"), "c.csv"), parse(rows.replace("spoke", "met").replace("8", "7"), "d.csv")
        )


# --- what a document brings is what a record may say --------------------------------------------------------------


def _maybe(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


_words = st.one_of(st.sampled_from(["", " ", "a", " a ", "a\n", "\x01", "\u2028", "é", "😀"]), ledger_texts())
_dates = st.one_of(edtf_texts(), st.sampled_from(["2018", "2018-04-01?", "", "2018-03-29/2018-04-01"]))
_evidence = st.builds(
    lambda more: {"source": "paper"} | more,
    _maybe(
        source=st.sampled_from(["paper", "radio", ""]),
        quote=_words,
        prefix=_words,
        suffix=_words,
        locator=_words,
        stance=st.sampled_from(["asserts", "denies", ""]),
        attribution=st.lists(st.one_of(st.sampled_from(["paper", "ann"]), ledger_texts()), max_size=2),
        when=_dates,
        phrase=_words,
        said=st.sampled_from(["2018", "2018-04", ""]),
        hedge=_words,
        unnamed=_words,
        withdrawn=st.sampled_from(["true", ""]),
    ),
)
_attributes = st.dictionaries(ledger_texts(), ledger_texts(), max_size=2)
_facts = st.builds(
    lambda more, evidence: {"title": "A title", "evidence": evidence} | more,
    _maybe(
        title=ledger_texts(),
        when=_dates,
        phrase=_words,
        anchor=st.sampled_from(["2018-04-01", ""]),
        zone=st.sampled_from(["+02:00", ""]),
        place=_words,
        participants=st.lists(_maybe(role=_words).map(lambda one: {"name": "Ann"} | one), max_size=2),
        tags=st.lists(ledger_texts(), max_size=2),
        attributes=_attributes,
        withdrawn=st.sampled_from(["true", ""]),
    ),
    st.lists(_evidence, min_size=1, max_size=2),
)
_sources = _maybe(
    title=_words,
    publisher=_words,
    url=_words,
    published=_dates,
    retrieved=_dates,
    text=_words,
    seen_through=st.sampled_from(["radio", ""]),
    attributes=_attributes,
    files=st.sampled_from(
        [[], [{"name": "a.pdf", "sha256": "0" * 64}, {"name": "b", "sha256": "1" * 64, "type": "x"}]]
    ),
)
_orderings = _maybe(
    id=st.sampled_from(["order", ""]),
    phrase=_words,
    gap=st.sampled_from([{}, {"min": "P1D"}, {"min": "P1D", "max": "P9D"}, {"min": ""}]),
    evidence=st.lists(_evidence, max_size=2),
    withdrawn=st.sampled_from(["true", ""]),
)


@given(_sources, _facts, _orderings, st.sampled_from([{}, {"min": "P1D"}, "P2D"]), st.booleans())
def test_records_written_from_entries_equal_checked_payloads(
    new_store: NewStore,
    source: dict[str, Any],
    fact: dict[str, Any],
    ordering: dict[str, Any],
    lasts: Any,
    by_hand: bool,
) -> None:
    store = new_store()
    document = {
        "sources": [{"id": "radio"}, {"id": "paper"} | source],
        "speakers": [{"id": "ann", "name": "Ann", "aliases": ["Anna"]}],
        "facts": [{"id": "a"} | fact, {"id": "b", "title": "B", "lasts": lasts, "evidence": [{"source": "paper"}]}],
        "orderings": [{"fact": ["a"], "relation": "before", "other": ["b"]} | ordering],
    }
    try:
        store.load(document, allow_conflict=True, allow_missing=True)
    except DocumentError:
        reject()
    if by_hand:
        store.cite("b", source="paper", quote="said by hand", allow_missing=True)
    for record in records_of(store):
        said = decode_record(record)
        assert said is not None
        assert canonical(said.plain()) == record.payload


def test_an_id_made_for_evidence_is_no_longer_than_any(store: Store) -> None:
    paper, order = "s" * 200, "o" * 600
    ordering = {"id": order, "fact": "a", "relation": "before", "other": "b", "evidence": [{"source": paper}]}
    facts = [{"id": name, "title": name, "evidence": [{"source": paper}]} for name in "ab"]
    document = {"sources": [{"id": paper}], "facts": facts, "orderings": [ordering]}
    with pytest.raises(DocumentError) as refused:
        store.load(document)
    assert refused.value.problems == [
        f"document: orderings.1: evidence 1 of {order}: the id made for it has 803 characters; give a shorter one"
    ]
    ordering["evidence"] = [{"source": paper, "id": "said"}]
    store.load(document)


def test_a_difference_names_things_by_id(new_store: NewStore) -> None:
    store = new_store()
    above: dict[str, Any] = {"sources": [{"id": "wire"}, {"id": "paper", "seen_through": "wire"}]}
    store.load(above)
    with pytest.raises(Changed, match=r'paper: seen_through: "wire" -> "radio"'):
        store.load({"sources": [{"id": "radio"}, {"id": "paper", "seen_through": "radio"}]})
