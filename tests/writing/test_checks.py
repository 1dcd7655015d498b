"""Archived texts of sources, and quotes, which are checked against them whenever either is recorded or corrected."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factstore.database.sqlite import schema
from factstore.database.statements import run, value
from factstore.documents import DocumentKind
from factstore.documents.reading import parse
from factstore.documents.writing import write_json, write_jsonl, write_yaml
from factstore.errors import Changed, DocumentError, InputError, UnknownId, Unlocated
from factstore.evidence.quotes import ArchivedText, find
from factstore.store import Store
from factstore.writing.checks import examine, nearest, reexamine
from tests.conftest import NewStore
from tests.support.checks import check_rebuild

TEXT = "They spoke on Monday.\r\nOn Tuesday the “envoy” left. They spoke again, and the envoy came back.\n"
OTHER = 'On Tuesday the "envoy" left.\n'


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def document(*evidence: dict[str, Any], **source: Any) -> dict[str, Any]:
    return {
        "sources": [{"id": "paper", "title": "The paper"} | source],
        "facts": [{"id": "call", "title": "They spoke", "evidence": [{"source": "paper"} | one for one in evidence]}],
    }


LEFT = {"quote": 'the "envoy" left'}


def found(store: Store, name: str = "call/paper/1") -> dict[str, Any]:
    """What the ledger says about a quote now."""
    with store._asking() as repository:
        fields = repository.fields(repository.position(name))
    return {key: fields[key] for key in ("check", "start", "end", "prefix", "suffix") if key in fields}


def place(quote: str, **around: str) -> dict[str, Any]:
    """What should be recorded for a quote that occurs once in a text."""
    (match,) = find(quote, TEXT, prefix=around.get("prefix"), suffix=around.get("suffix"))
    selected = {"start": match.start, "end": match.end, "prefix": match.prefix, "suffix": match.suffix}
    return {"check": match.check} | selected | around


AT_LEFT = place(LEFT["quote"])


def archived(store: Store) -> int:
    with store.file.reading() as connection:
        return int(value(connection, "SELECT count(*) FROM archived_text"))


# --- texts ------------------------------------------------------------------------------------------------------


def test_a_new_source_keeps_its_text_to_the_letter(store: Store) -> None:
    name, done = store.add_source(TEXT, title="The paper", published="2018-04-02", message="from the archive")
    assert (name, done.tally.kept) == ("the-paper", ["the-paper"])
    (source,) = store.sources()
    assert (source.text, source.published, source.title) == (sha(TEXT), "2018-04-02", "The paper")
    assert store.text("the-paper") == TEXT
    check_rebuild(store)


def test_a_files_name_names_a_source_and_its_hash_is_that_of_its_bytes(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "Second report.txt"
    file.write_bytes("\ufeffOne\r\ntwo\rthree\n".encode())
    assert store.add_source(file)[0] == "second-report"
    assert store.sources()[0].text == hashlib.sha256(file.read_bytes()).hexdigest()
    assert store.text("second-report") == "\ufeffOne\r\ntwo\rthree\n"


def test_adding_the_same_text_again_is_a_no_op_and_another_gets_a_name_of_its_own(store: Store) -> None:
    store.add_source(TEXT, title="The paper")
    again = store.add_source(TEXT, title="The paper")
    assert (again[0], again[1].position) == ("the-paper", None)
    assert store.add_source(OTHER, title="The paper")[0] == "the-paper-2"


def test_a_text_that_comes_later_is_attached_and_the_quotes_are_checked_again(store: Store) -> None:
    store.load(document(LEFT, {"quote": "They spoke again"}))
    assert found(store) == {"check": "unchecked"}
    _, done = store.add_source(TEXT, id="paper")
    assert [entry.kind for entry in store.log() if entry.commit == done.position][::-1] == [
        "source.corrected",
        "citation.corrected",
        "citation.corrected",
        "commit",
    ]
    assert found(store) == AT_LEFT
    assert found(store, "call/paper/2")["check"] == "verbatim"
    assert store.load(document(LEFT, {"quote": "They spoke again"})).position is None


def test_another_text_is_refused_unless_it_is_a_correction(store: Store) -> None:
    store.load(document(LEFT, text=TEXT))
    with pytest.raises(Changed, match=f'paper: text: "{sha(TEXT)}" -> "{sha(OTHER)}"'):
        store.add_source(OTHER, id="paper")
    assert archived(store) == 1
    store.add_source(OTHER, id="paper", correct="source-corrected")
    assert store.text("paper") == OTHER
    assert store.at(known=7).text("paper") == TEXT
    assert (found(store)["start"], found(store)["prefix"]) == (OTHER.index('the "'), "On Tuesday ")
    check_rebuild(store)


def test_differing_fields_of_a_source_are_refused_and_omitted_ones_stay(store: Store) -> None:
    store.load(document(LEFT))
    with pytest.raises(Changed, match='title: "The paper" -> "A paper"'):
        store.add_source(TEXT, id="paper", title="A paper")
    store.add_source(TEXT, id="paper", publisher="The Press", correct="other")
    (source,) = store.sources()
    assert (source.title, source.publisher, source.text) == ("The paper", "The Press", sha(TEXT))


def test_only_the_hash_is_kept_on_request_and_quotes_are_still_checked(store: Store) -> None:
    store.load(document(LEFT), texts={"paper": TEXT}, hash_only=True)
    assert (store.sources()[0].text, store.text("paper"), archived(store)) == (sha(TEXT), None, 0)
    assert found(store) == AT_LEFT
    store.cite("call", source="paper", quote="They spoke again")
    assert found(store, "call/paper/2") == {"check": "unchecked"}
    # No quote becomes unchecked because a text that was once available is missing.
    assert store.check_quotes()[1].position is None
    assert found(store) == AT_LEFT


def test_a_text_whose_hash_is_there_is_kept_without_a_record(store: Store) -> None:
    store.load(document(LEFT), texts={"paper": TEXT}, hash_only=True)
    head = store.head()
    assert store.add_source(TEXT, id="paper", dry_run=True)[1].tally.kept == ["paper"]
    assert store.text("paper") is None
    store.add_source(TEXT, id="paper")
    assert (store.text("paper"), store.head()) == (TEXT, head)


def test_one_text_of_two_sources_is_kept_once(store: Store) -> None:
    store.load({"sources": [{"id": name, "text": TEXT} for name in ("a", "b")]})
    assert (store.text("a"), store.text("b"), archived(store)) == (TEXT, TEXT, 1)


def test_a_document_gives_a_text_as_itself_or_as_its_hash_and_never_as_a_path(store: Store, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    store.load(
        parse(f"sources:\n  - id: paper\n    text: |\n      One.\n      Two.\n  - {{id: b, text: {sha(TEXT)}}}", "d")
    )
    assert (store.text("paper"), store.text("b")) == ("One.\nTwo.\n", None)
    for path in (
        str(tmp_path / "secret.txt"),
        "secret.txt",
        "notes/My secret.PDF",
        "file:///etc/passwd",
        "https://a.b/c",
    ):
        with pytest.raises(DocumentError, match="it must be the text itself or its SHA-256"):
            store.load({"sources": [{"id": "c", "text": path}]})
    with pytest.raises(DocumentError, match="a SHA-256 has 64 hexadecimal digits, and this has 63"):
        store.load({"sources": [{"id": "c", "text": "0" * 63}]})
    store.load({"sources": [{"id": "c", "text": "Covfefe"}, {"id": "d", "text": sha(TEXT).upper()}]})
    assert (store.text("c"), store.text("d")) == ("Covfefe", None)


def test_a_file_that_is_not_text_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"a\.bin: it is not UTF-8 text"):
        store.add_source(tmp_path / "a.bin")
    with pytest.raises(InputError, match=r"gone\.txt: no such file"):
        store.add_source(tmp_path / "gone.txt")
    for words, problem in ((" \n", "it is empty"), ("a\0b", "U\\+0000"), ("a\ud800", "surrogate")):
        with pytest.raises(InputError, match=problem):
            store.add_source(words, id="paper")
    with pytest.raises(InputError, match="a source needs an id, or a title or a file's name"):
        store.add_source("words")


def test_a_text_of_a_source_that_no_document_brings_is_refused(store: Store) -> None:
    store.load(document(LEFT))
    with pytest.raises(DocumentError, match=r"text of papre: there is no source with that id; did you mean paper\?"):
        store.load(document(LEFT), texts={"papre": TEXT})
    with pytest.raises(DocumentError, match="text of call: there is no source with that id"):
        store.load(document(LEFT), texts={"call": TEXT})


def test_a_text_beside_the_document_must_be_the_documents(store: Store) -> None:
    with pytest.raises(DocumentError, match=r"sources\.1: text of paper: it differs from the text given beside"):
        store.load(document(LEFT, text=sha(OTHER)), texts={"paper": TEXT})
    store.load(document(LEFT, text=sha(TEXT)), texts={"paper": TEXT})
    assert store.text("paper") == TEXT


def test_a_document_that_leaves_the_text_out_does_not_remove_it(store: Store) -> None:
    store.load(document(LEFT), texts={"paper": TEXT})
    assert store.load(document(LEFT)).position is None
    assert store.load(document(LEFT), texts={"paper": TEXT}).position is None
    assert store.load(document(LEFT, text=TEXT)).position is None
    store.correct("paper", {"text": None})
    assert found(store) == {"check": "unchecked", "prefix": AT_LEFT["prefix"], "suffix": AT_LEFT["suffix"]}
    assert store.load(document(LEFT, text=TEXT)).position is None, "it was taken away elsewhere"


@pytest.mark.on_a_file("a trigger is taken out of it and put back in its own words")
def test_verify_reports_a_text_that_is_not_the_one_kept(store: Store) -> None:
    store.add_source(TEXT, id="paper")
    with store.file.writing() as connection:
        run(connection, "DROP TRIGGER archived_text_update")
        run(connection, "UPDATE archived_text SET deflated = x'0000'")
        run(connection, schema.TRIGGERS["archived_text_update"])
        connection.commit()
    assert [problem.text for problem in store.verify().problems] == [
        f"the archived text {sha(TEXT)} is not the one that was kept"
    ]
    assert store.verify(ledger_only=True).ok


def test_an_unknown_source_has_no_text(store: Store) -> None:
    store.load(document(LEFT))
    assert store.text("paper") is None
    with pytest.raises(UnknownId):
        store.text("call")


# --- quotes -----------------------------------------------------------------------------------------------------


def test_the_result_is_recorded_with_the_citation(store: Store) -> None:
    done = store.load(document(LEFT, {"quote": "They spoke again"}, {}, text=TEXT))
    assert found(store) == AT_LEFT
    assert found(store, "call/paper/2")["check"] == "verbatim"
    assert found(store, "call/paper/3") == {}
    assert done.tally.checks == {"normalised": 1, "verbatim": 1}
    assert [cited.check for cited in store.who_says("call")] == ["normalised", "verbatim", None]


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("On Tuesday ... he came", True),
        ("On Tuesday . . . he came", True),
        ("On Tuesday… he came", True),
        ("On Tuesday [...] he came", False),
        ("On Tuesday […] he came", False),
        ("On Tuesday. He came.", False),
    ],
)
def test_dots_without_brackets_are_not_an_elision_and_the_refusal_says_so(store: Store, quote: str, told: bool) -> None:
    store.add_source(TEXT, id="paper")
    with pytest.raises(Unlocated) as refused:
        store.add("They spoke", source="paper", quote=quote)
    assert ("words left out are marked […] or [...]" in str(refused.value)) is told


def test_a_missing_quote_is_refused_with_its_place_and_the_nearest_words(store: Store) -> None:
    content = f"""\
sources:
  - {{id: paper, text: "{TEXT.encode("unicode_escape").decode()}"}}
facts:
  - id: call
    title: They spoke
    evidence:
      - {{source: paper, quote: On Tuesday the envoy came}}
      - {{source: paper, quote: nothing of the sort}}
"""
    with pytest.raises(Unlocated) as refused:
        store.load(parse(content, "notes.yaml"))
    assert refused.value.problems == [
        "notes.yaml:7: evidence 1 of call: the quote is not in the text of paper: “On Tuesday the envoy came”; "
        "the nearest there: “On Tuesday the “envoy” left.”",
        "notes.yaml:8: evidence 2 of call: the quote is not in the text of paper: “nothing of the sort”",
    ]
    assert store.sources() == []
    done = store.load(parse(content, "notes.yaml"), allow_missing=True)
    assert done.tally.checks == {"missing": 2}
    assert found(store) == {"check": "missing"}
    assert store.load(parse(content, "notes.yaml")).position is None


def test_a_quote_that_occurs_twice_is_refused_unless_its_surroundings_decide(store: Store) -> None:
    twice = {"quote": "They spoke"}
    with pytest.raises(Unlocated) as refused:
        store.load(document(twice, text=TEXT))
    assert str(refused.value).splitlines() == [
        "document: facts.1: evidence 1 of call: the text of paper has the quote 2 times, “They spoke”; "
        "say which with prefix or suffix:",
        "    1. …[They spoke] on Monday. On Tuesday the “…",
        "    2. …. On Tuesday the “envoy” left. [They spoke] again, and the envoy came back.…",
    ]
    store.load(document(twice | {"suffix": " again"}, text=TEXT))
    assert found(store) == place("They spoke", suffix=" again")
    assert found(store)["start"] == TEXT.rindex("They")
    with pytest.raises(Unlocated, match="has the quote, but not with that prefix"):
        store.cite("call", source="paper", quote="They spoke", evidence={"prefix": "Monday"})
    store.cite("call", source="paper", quote="They spoke", evidence={"prefix": "envoy” left."})
    store.cite("call", source="paper", quote="They spoke", evidence={"locator": "p. 1"}, allow_missing=True)
    assert found(store, "call/paper/3") == {"check": "verbatim"}


def test_every_way_of_citing_checks_the_quote(store: Store) -> None:
    store.load(document(LEFT, text=TEXT))
    with pytest.raises(Unlocated, match="evidence 1 of it-rained"):
        store.add("It rained", source="paper", quote="it rained")
    store.add("It rained", source="paper", quote="it rained", allow_missing=True)
    with pytest.raises(Unlocated, match=r"evidence 1 of call\.before\.it-rained"):
        store.relate("call", "before", "it-rained", source="paper", quote="it rained")
    store.relate("call", "before", "it-rained", source="paper", quote="They spoke", evidence={"suffix": " again"})
    assert found(store, "call.before.it-rained/paper/1")["start"] == TEXT.rindex("They")


def test_surroundings_that_were_filled_in_are_no_difference_and_given_ones_are(store: Store) -> None:
    store.load(document(LEFT, text=TEXT))
    for kind in ("yaml", "json", "jsonl"):
        for texts in (False, True):
            assert store.load(parse(store.dump(kind, texts=texts), f"dump.{kind}", kind)).position is None
    assert store.load(document(LEFT | {"prefix": AT_LEFT["prefix"]}, text=TEXT)).position is None
    with pytest.raises(Changed, match=r'prefix: .* -> "On Tuesday "'):
        store.load(document(LEFT | {"prefix": "On Tuesday "}))
    store.load(document(LEFT | {"prefix": "On Tuesday "}), correct="other")
    assert found(store) == AT_LEFT | {"prefix": "On Tuesday "}
    assert store.load(document(LEFT)).position is None


def test_a_corrected_quote_is_looked_for_in_the_text_again(store: Store) -> None:
    store.load(document(LEFT, text=TEXT))
    with pytest.raises(Unlocated, match="call/paper/1: the quote is not in the text of paper"):
        store.correct("call/paper/1", {"quote": "the envoy stayed"})
    store.correct("call/paper/1", {"quote": "envoy came back"})
    assert found(store) == place("envoy came back")
    store.load(document({"quote": "on Monday"}), correct="other")
    assert found(store) == place("on Monday")
    store.correct("call/paper/1", {"quote": None})
    assert not found(store).keys() & {"check", "start", "end"}


def test_a_quote_of_another_source_is_looked_for_there(store: Store) -> None:
    store.load(document(LEFT, text=TEXT))
    store.add_source(OTHER, id="radio")
    store.add_source(None, id="wire", title="The wire")
    store.correct("call/paper/1", {"source": "radio"})
    assert (found(store)["start"], found(store)["suffix"]) == (11, ".\n")
    store.correct("call/paper/1", {"source": "wire"})
    assert found(store) == {"check": "unchecked"}


def test_results_of_checks_cannot_be_given(store: Store) -> None:
    store.load(document(LEFT, text=TEXT))
    for field, told in (("check", "verbatim"), ("start", 3), ("end", None)):
        with pytest.raises(InputError, match="it is a result and cannot be set"):
            store.correct("call/paper/1", {field: told})
    with pytest.raises(DocumentError, match="there is no field 'check'"):
        store.load(document(LEFT | {"check": "verbatim"}))


def test_a_quote_corrected_in_the_same_load_as_the_text_is_judged_as_corrected(store: Store) -> None:
    store.load(document({"quote": "the envoy stayed"}))
    with pytest.raises(Unlocated):
        store.load(document({"quote": "the envoy stayed"}), texts={"paper": TEXT})
    store.load(document(LEFT), texts={"paper": TEXT}, correct="extraction-error")
    assert found(store) == AT_LEFT


def test_quotes_of_an_earlier_document_are_checked_against_the_text_that_a_later_one_brings(store: Store) -> None:
    store.load(document(LEFT), {"sources": [{"id": "paper", "title": "The paper", "text": TEXT}]})
    assert found(store) == AT_LEFT
    check_rebuild(store)


def test_a_quote_is_checked_against_the_text_that_its_source_has_in_the_end(store: Store) -> None:
    store.load({"sources": [{"id": "paper", "title": "The paper", "text": "Nothing of it."}]})
    second = {"sources": [{"id": "paper", "title": "The paper", "text": TEXT}]}
    facts = {"facts": document(LEFT)["facts"]}
    done = store.load(facts, second, correct="source-corrected")
    assert found(store) == AT_LEFT
    assert done.tally.checks == {"normalised": 1}


def test_check_quotes_records_new_results_and_lists_quotes_that_are_not_at_one_place(store: Store) -> None:
    store.load(document(LEFT, {"quote": "They spoke"}, {"quote": "nothing"}, text=TEXT), allow_missing=True)
    done: list[tuple[int, int]] = []
    listed, committed = store.check_quotes(progress=lambda *counts: done.append(counts))
    assert committed.position is None
    assert [(one.citation, one.check, len(one.places)) for one in listed] == [
        ("call/paper/2", "ambiguous", 2),
        ("call/paper/3", "missing", 0),
    ]
    assert done == [(3, 3)]
    # A check that an older version did not make.
    store.load({"sources": [{"id": "radio"}]})
    store.cite("call", source="radio", quote='the "envoy" left')
    store.correct("radio", {"text": sha(OTHER)})
    store.add_source(OTHER, id="wire")
    assert found(store, "call/radio/1") == {"check": "unchecked"}
    store.check_quotes(dry_run=True)
    assert found(store, "call/radio/1") == {"check": "unchecked"}
    _, committed = store.check_quotes(message="with the text of the wire")
    assert committed.tally.checks == {"normalised": 1, "verbatim": 1, "ambiguous": 1, "missing": 1}
    assert found(store, "call/radio/1")["check"] == "verbatim"
    store.withdraw("call/paper/3")
    assert [one.citation for one in store.check_quotes()[0]] == ["call/paper/2"]


# --- what a document gave for a quote is never dropped --------------------------------------------------------------

NORTH = {"quote": "the bridge held", "prefix": "The north crew said that "}
# Here the given prefix and suffix are those that would be filled in, so that the text alone cannot distinguish them.
ONE_CREW = "The north crew said that the bridge held."
OTHER_CREW = "The north crew left.\nThe south crew said that the bridge held."
GIVEN_UP = "the text of paper has the quote, but not with that prefix: “the bridge held”"


def test_a_quote_is_not_moved_to_another_place_than_its_document_gave(store: Store) -> None:
    store.load(document(NORTH, text=ONE_CREW))
    was, head = found(store), store.head()
    for again in (document(NORTH, text=OTHER_CREW), document({"quote": "the bridge held"}, text=OTHER_CREW)):
        with pytest.raises(Unlocated) as refused:
            store.load(again, correct="source-corrected")
        assert refused.value.problems == [f"document: facts.1: evidence 1 of call: {GIVEN_UP}"]
    with pytest.raises(Unlocated) as refused:
        store.add_source(OTHER_CREW, id="paper", correct="source-corrected")
    assert refused.value.problems == [f"call/paper/1: {GIVEN_UP}"]
    with pytest.raises(Unlocated, match="not with that prefix"):
        store.correct("paper", {"text": store.add_source(OTHER_CREW, id="wire")[0] and sha(OTHER_CREW)})
    assert (found(store), store.head().position) == (was, head.position + 2)
    store.add_source(OTHER_CREW, id="paper", correct="source-corrected", allow_missing=True)
    assert found(store) == {"check": "missing", "prefix": NORTH["prefix"], "suffix": "."}
    assert [one.check for one in store.check_quotes()[0]] == ["missing"]
    store.add_source(ONE_CREW, id="paper", correct="source-corrected")
    assert found(store) == was
    check_rebuild(store)


def test_a_line_is_named_where_the_document_of_a_replaced_text_cites_it(store: Store) -> None:
    content = """\
sources:
  - {id: paper, text: %s}
facts:
  - id: call
    title: They spoke
    evidence:
      - {source: paper, quote: the bridge held, prefix: "The north crew said that "}
"""
    store.load(parse(content % f'"{ONE_CREW}"', "notes.yaml"))
    with pytest.raises(Unlocated) as refused:
        store.load(parse(content % '"The south crew said that the bridge held."', "notes.yaml"), correct="other")
    assert refused.value.problems == [f"notes.yaml:7: evidence 1 of call: {GIVEN_UP}"]


def test_what_is_given_stays_through_every_correction_of_a_citation(store: Store) -> None:
    store.load(document(NORTH, text=ONE_CREW))
    with pytest.raises(Unlocated, match="but not with that prefix"):
        store.correct("call/paper/1", {"quote": "crew said"})
    store.add_source(OTHER_CREW, id="radio")
    with pytest.raises(Unlocated, match="the text of radio has the quote, but not with that prefix"):
        store.correct("call/paper/1", {"source": "radio"})
    store.load({"sources": [{"id": "wire"}]})
    store.correct("call/paper/1", {"source": "wire"})
    assert found(store) == {"check": "unchecked", "prefix": NORTH["prefix"]}
    store.correct("call/paper/1", {"source": "radio", "prefix": None})
    assert found(store)["prefix"].endswith("The south crew said that ")


def test_surroundings_that_were_filled_in_move_with_the_quote_and_may_be_given_later(store: Store) -> None:
    store.load(document({"quote": NORTH["quote"]}, text=ONE_CREW))
    store.add_source(OTHER_CREW, id="paper", correct="source-corrected")
    assert found(store)["prefix"].endswith("The south crew said that ")
    store.add_source(ONE_CREW, id="paper", correct="source-corrected")
    store.correct("call/paper/1", {"prefix": "crew said that "})
    with pytest.raises(Unlocated, match="not with that prefix"):
        store.add_source("The bridge held, it said: the bridge held.", id="paper", correct="source-corrected")
    assert found(store)["prefix"] == "crew said that "


def test_what_is_undone_is_given_or_filled_in_as_it_was(store: Store) -> None:
    store.load(document({"quote": NORTH["quote"]}, NORTH, text=ONE_CREW))
    filled, given_ = found(store), found(store, "call/paper/2")
    store.correct("call/paper/1", {"prefix": "that "})
    store.revert(store.head().position)
    store.correct("call/paper/2", {"prefix": None})
    store.revert(store.head().position)
    assert (found(store), found(store, "call/paper/2")) == (filled, given_)
    with pytest.raises(Unlocated) as refused:
        store.add_source(OTHER_CREW, id="paper", correct="source-corrected")
    assert refused.value.problems == [f"call/paper/2: {GIVEN_UP}"]
    done = store.add_source(OTHER_CREW, id="paper", correct="source-corrected", allow_missing=True)[1]
    store.revert(done.position or 0)
    assert (found(store), found(store, "call/paper/2")) == (filled, given_)
    with pytest.raises(Unlocated) as refused:
        store.add_source(OTHER_CREW, id="paper", correct="source-corrected")
    assert refused.value.problems == [f"call/paper/2: {GIVEN_UP}"]


def test_what_is_redone_gives_the_same_and_moves_whole(store: Store, new_store: NewStore) -> None:
    store.load(
        document(LEFT, {"quote": "They spoke", "suffix": " on"}, {"quote": "nothing"}, text=TEXT), allow_missing=True
    )
    other = new_store()
    other.load(parse(store.dump(texts=True), "dump.yaml"), allow_missing=True)
    assert other.text("paper") == TEXT
    assert other.dump(texts=True) == store.dump(texts=True)
    for name in ("call/paper/1", "call/paper/2", "call/paper/3"):
        assert found(other, name) == found(store, name)


# --- the functions ----------------------------------------------------------------------------------------------


_signs = st.one_of(
    st.sampled_from(" \n\r\t\x85\u2028\ufeff-#:|>'\"\\a"),
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
)


@given(st.text(_signs, min_size=1).filter(str.strip))
def test_a_text_is_written_out_to_the_letter(text: str) -> None:
    entries = [("source", {"id": "a", "text": f"{text}\nand {text}"})]
    written: dict[DocumentKind, str] = {
        "yaml": write_yaml(entries),
        "json": write_json(entries),
        "jsonl": "".join(write_jsonl(entries)),
    }
    for kind, content in written.items():
        (entry,) = parse(content, f"dump.{kind}", kind).entries
        assert entry.said.text == entries[0][1]["text"], kind


def test_surroundings_that_were_found_only_help_to_choose() -> None:
    text = ArchivedText("a b c b d")
    first = examine({"quote": "b", "prefix": "a "}, text)
    assert (first.fields["start"], first.fields["prefix"]) == (2, "a ")
    changed = ArchivedText("x b y")
    assert examine(first.fields, changed).fields["prefix"] == "x "
    assert examine(first.fields, changed, ["prefix"]).result == "missing"
    assert examine(first.fields, ArchivedText("x b y b")).result == "ambiguous"


def test_nothing_changes_if_no_result_is_new() -> None:
    text = ArchivedText("a b c")
    fields = examine({"quote": "b"}, text).fields
    assert reexamine(fields, {}, text) == ({}, examine(fields, text))


@pytest.mark.parametrize(
    ("quote", "near"),
    [
        ("one two three five", "one two three four"),
        ("zero two three four", "two three four"),
        ("quite something else", None),
        ("nothing", None),
    ],
)
def test_the_nearest_words_are_those_of_the_longest_beginning_or_end(quote: str, near: str | None) -> None:
    found = nearest(quote, ArchivedText("one two three four five six"))
    assert found == near if near is None else found is not None and found.strip().endswith(near)
