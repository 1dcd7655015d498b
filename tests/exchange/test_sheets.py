"""Whole sheets: nothing in a row is lost, whatever it contains, and importing the same sheet again changes nothing."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factstore.documents.entries import Document
from factstore.errors import InputError
from factstore.exchange.arrivals import Arrival, Holdings
from factstore.exchange.grids import tidy
from factstore.exchange.headers import SheetOptions
from factstore.exchange.placeholders import says_nothing
from factstore.exchange.sheets import read_sheet
from factstore.exchange.synonyms import SYNONYMS
from factstore.store import Store
from tests.conftest import NewStore
from tests.exchange.arriving import loaded

HEADERS = [words[0] for words in SYNONYMS.values()] + [
    "Source 2",
    "Link 2",
    "Weapons",
    "Casualties (US)",
    "",
    "End date",
]
CELLS = [
    *(
        "2017",
        "2017.0",
        "c. 2017",
        "3/4/2018",
        "22/04/2018",
        "2018-03-20",
        "2018-03-20 14:30",
        "43179",
        "late last week",
    ),
    *(
        "Gazette",
        "Gazette; court file",
        "https://x.example/a",
        "https://x.example/a https://y.example/b",
        "www.x.example/1",
    ),
    *("one\ntwo", "a\xa0b", "“quoted”", "n/a", "-", "?", "unknown", "present", "14:30", "Total", "12", "TRUE", "p. 4"),
    *(
        "Smith, John",
        "Ann Lee, Bo Ray",
        "日本",
        "=1+1",
        "https://[bad",
        "2018-13-45",
        "44 BC",
        "a → b",
        "asserts",
        "+03:00",
    ),
    "A long story. " * 30,
]
ROWS = st.integers(2, 6).flatmap(
    lambda wide: st.tuples(
        st.lists(st.sampled_from(HEADERS), min_size=wide, max_size=wide),
        st.lists(st.lists(st.sampled_from(["", "", *CELLS]), min_size=wide, max_size=wide), min_size=1, max_size=5),
    )
)


def content(headers: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headers, *rows])
    return out.getvalue().encode()


def read(headers: list[str], rows: list[list[str]], ledger: Holdings | None = None, name: str = "a.csv") -> Arrival:
    (arrival,) = read_sheet(content(headers, rows), name, SheetOptions(), ledger or Holdings())
    return arrival


def words(value: Any) -> set[str]:
    return set(re.findall(r"\w+", json.dumps(value, ensure_ascii=False).replace("\\n", " ").casefold()))


def problems(document: Document) -> list[str]:
    return document.problems


@given(ROWS)
def test_every_word_of_every_row_is_in_the_document_or_listed(table: tuple[list[str], list[list[str]]]) -> None:
    headers, rows = table
    try:
        arrival = read(headers, rows)
    except InputError:
        return  # no header among them
    assert problems(arrival.document) == []
    held = words([arrival.value, arrival.doubts, arrival.left_out])
    for cell in (tidy(cell) for row in rows for cell in row):
        if not says_nothing(cell) and not re.search(r"\d[-/:.]|\d{5}", cell):
            assert words(cell) - {"the"} <= held, cell


@settings(max_examples=15)
@given(ROWS)
def test_the_same_sheet_again_changes_nothing(new_store: NewStore, table: tuple[list[str], list[list[str]]]) -> None:
    headers, rows = table
    store = new_store()
    try:
        first = read(headers, rows)
    except InputError:
        return
    store.load(first.document, allow_conflict=True)
    again = read(headers, rows, Holdings(store.entries()))
    assert store.load(again.document, allow_conflict=True).position is None
    assert again.gone == []


def test_rows_that_say_the_same_are_facts_of_their_own_and_listed() -> None:
    arrival = read(["Date", "Event"], [["2018", "Fire"], ["2018", "Fire"], ["2019", "Fire"]])
    assert [fact["id"] for fact in arrival.value["facts"]] == ["fire", "fire-2", "fire-3"]
    assert [(doubt.place, doubt.why) for doubt in arrival.doubts] == [
        ("row 3", "says all that row 2 says; facts of their own: 3")
    ]


def test_rows_with_one_id_and_one_title_are_one_fact_whose_citations_keep_their_dates() -> None:
    rows = [
        ["B-1", "Bemis", "1777-09-19", "Ward", "100"],
        ["B-1", "Bemis", "1777-09-20", "Boatner", "120"],
        ["B-2", "Quebec", "1775-12-31", "Ward", "80"],
    ]
    arrival = read(["Battle ID", "Battle", "Date", "Source", "Casualties"], rows)
    bemis, quebec = arrival.value["facts"]
    assert (bemis["id"], quebec["id"]) == ("b-1", "b-2")
    assert [(one["source"], one["when"]) for one in bemis["evidence"]] == [
        ("ward", "1777-09-19"),
        ("boatner", "1777-09-20"),
    ]
    assert bemis["attributes"] == {"Battle ID": "B-1", "Casualties": "100", "Casualties (row 3)": "120"}
    assert [doubt.place for doubt in arrival.doubts] == ["A3"]


def test_a_date_that_only_a_later_row_of_a_fact_has_is_the_facts() -> None:
    rows = [["B-1", "Bemis", "once", "Ward"], ["B-1", "Bemis", "1777-09-20", "Boatner"]]
    (bemis,) = read(["Battle ID", "Battle", "Date", "Source"], rows).value["facts"]
    assert (bemis["when"], bemis.get("phrase")) == ("1777-09-20", None)
    assert [(one.get("when"), one.get("phrase")) for one in bemis["evidence"]] == [(None, "once"), ("1777-09-20", None)]


def test_numbers_alone_distinguish_rows_without_making_ids() -> None:
    rows = [["17", "Fire"], ["4", "Flood"]]
    arrival = read(["ID", "Event"], rows)
    assert [(fact["id"], fact["attributes"]) for fact in arrival.value["facts"]] == [
        ("fire", {"ID": "17"}),
        ("flood", {"ID": "4"}),
    ]
    ledger = Holdings([("fact", fact) for fact in arrival.value["facts"]])
    edited = read(["ID", "Event"], [["4", "High water in the lower town"], ["17", "Fire"]], ledger)
    assert [fact["id"] for fact in edited.value["facts"]] == ["flood", "fire"]


def test_an_id_that_a_source_has_is_not_taken_from_it() -> None:
    ledger = Holdings([("source", {"id": "b-1", "title": "B 1"})])
    arrival = read(["ID", "Event", "Source"], [["B-1", "Fire", "B 1"]], ledger)
    (fact,) = arrival.value["facts"]
    assert (fact["id"], fact["evidence"][0]["source"]) == ("fire", "b-1")


def test_a_long_text_is_cut_after_its_first_sentence_and_kept_whole() -> None:
    story = "The harbour burned for two nights. " + "Nobody knew who had lit it, nor why. " * 8
    (fact,) = read(["Event"], [[story]]).value["facts"]
    assert fact["title"].startswith("The harbour burned for two nights.")
    assert len(fact["title"]) <= 240
    assert fact["attributes"]["Event"] == story.strip()


def test_a_quote_belongs_to_the_only_source_and_loses_its_quotation_marks() -> None:
    (fact,) = read(["Event", "Source", "Quote"], [["Fire", "Gazette", "“it burned”"]]).value["facts"]
    assert [one.get("quote") for one in fact["evidence"]] == ["it burned"]
    (fact,) = read(["Event", "Source", "Quote"], [["Fire", "", "“it burned”"]]).value["facts"]
    assert [one.get("quote") for one in fact["evidence"]] == ["it burned"]


def test_a_row_without_a_title_gets_one_from_what_else_it_says() -> None:
    arrival = read(["Date", "Event", "Notes"], [["2018", "", "nobody wrote what happened"]])
    assert arrival.value["facts"][0]["title"] == "nobody wrote what happened"
    assert arrival.doubts[0].place == "B2"


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(InputError, match=r"a\.csv: it is empty"):
        read_sheet(b"\n\n", "a.csv", SheetOptions(), Holdings())


def test_a_row_that_was_edited_gets_its_new_place_and_one_that_only_moved_keeps_its_old_one(store: Store) -> None:
    head = "Date,Event,Source,Page\n"
    rows = ["2018,Fire,Gazette,3\n", "2019,Flood,Gazette,3\n", "2020,Storm,Gazette,3\n"]
    loaded(store, (head + "".join(rows)).encode(), "a.csv")
    edited = head + "2017,Hail,Gazette,\n" + rows[0] + "2019-05,Flood,Gazette,3\n" + rows[2].replace("3", "4")
    loaded(store, edited.encode(), "a.csv", correct="source-corrected")
    assert {entry["title"]: entry["evidence"][0]["locator"] for kind, entry in store.entries() if kind == "fact"} == {
        "Fire": "p. 3 (a.csv, row 2)",
        "Flood": "p. 3 (a.csv, row 4)",
        "Storm": "p. 4 (a.csv, row 5)",
        "Hail": "a.csv, row 2",
    }
    assert loaded(store, edited.encode(), "a.csv")["changed"] == 0


def numbered(*numbers: str) -> list[str]:
    arrival = read(["#", "Date", "Event"], [[number, "2018", f"Event {turn}"] for turn, number in enumerate(numbers)])
    assert arrival.saved.splitlines()[-3] in ('  "#": "-"', '  "#": id')
    left_out = arrival.saved.splitlines()[-3].endswith('"-"')
    assert left_out == any("only numbers the rows" in note for note in arrival.notes)
    assert left_out == all("attributes" not in fact for fact in arrival.value["facts"])
    return ["left out"] if left_out else [fact["attributes"]["#"] for fact in arrival.value["facts"]]


def test_running_numbers_are_left_out_even_if_rows_were_inserted_or_removed() -> None:
    assert numbered("1", "2", "3", "4") == ["left out"]
    assert numbered("1", "2", "4", "5") == ["left out"]
    assert numbered("5.", "6.", "6a", "7.", "8.") == ["left out"]
    assert numbered("205", "301", "302a", "417") == ["205", "301", "302a", "417"]
    assert numbered("205", "206", "207") == ["205", "206", "207"]
    assert numbered("1") == ["left out"]
    assert numbered("205") == ["205"]


def test_a_numbered_total_is_a_total_and_a_number_alone_is_not_a_fact() -> None:
    rows = [["1", "2018", "Fire"], ["2", "2019", "Flood"], ["3", "", ""], ["4", "", "TOTAL 33 ROWS"]]
    arrival = read(["#", "Date", "Event"], rows)
    assert [fact["title"] for fact in arrival.value["facts"]] == ["Fire", "Flood"]
    assert [(one.place, one.why) for one in arrival.left_out] == [
        ("row 4", "nothing but its number"),
        ("row 5", "a total"),
    ]
