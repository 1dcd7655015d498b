"""A chronology as a workbook: read by calamine and as XML, and read back without a difference."""

from __future__ import annotations

import datetime
import io
import json
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from factstore.errors import Changed, DocumentError
from factstore.evidence.stances import Status
from factstore.exchange import workbook, workbook_reading
from factstore.exchange.arrivals import Arrival, Holdings
from factstore.exchange.extract import Asked, Extract, extract
from factstore.exchange.workbook_layout import ABOUT, CHECK, MARK, SHEETS, to_cells, to_entry
from factstore.store import Store
from tests.conftest import NewStore
from tests.exchange.conftest import EVIL
from tests.support.strategies import ledger_texts

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows(content: bytes, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by its headers."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, *more = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [dict(zip(map(str, head), row, strict=True)) for row in more]


def parts(content: bytes, pattern: str) -> list[ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [
            ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if re.fullmatch(pattern, name)
        ]


@pytest.fixture(scope="module")
def hard_file(hard: Extract) -> bytes:
    return workbook.write(hard).content


def test_a_row_for_each_thing(seed: Extract) -> None:
    content = workbook.write(seed).content
    facts = rows(content, "Facts")
    assert [row["ID"] for row in facts] == [fact.id for fact in seed.facts]
    [call] = [row for row in facts if row["ID"] == "trump-putin-call"]
    assert call["Date"] == "2018-03-20"
    assert call["Date in words"] == "20 March 2018"
    assert call["Who"] == "Donald Trump (caller); Vladimir Putin (called)"
    assert call["Independent origins"] == "2"
    assert len(rows(content, "Citations")) == sum(1 for _ in seed.citations()) + sum(
        len(ordering.evidence) for ordering in seed.orderings
    )
    assert len(rows(content, "Orderings")) == len(seed.orderings)
    assert {row["ID"] for row in rows(content, "Sources")} == {*seed.sources}


def test_every_cell_is_text(hard_file: bytes) -> None:
    """No formula, no number, no link: what a cell holds is what the ledger says, to the letter."""
    sheets = parts(hard_file, r"xl/worksheets/sheet\d+\.xml")
    assert len(sheets) == len(SHEETS) + 1
    for sheet in sheets:
        assert {cell.get("t") for cell in sheet.iter(f"{M}c") if len(cell)} == {"s"}
        assert not [*sheet.iter(f"{M}f")]
        assert not [*sheet.iter(f"{M}hyperlink")]
    [evil] = [row for row in rows(hard_file, "Facts") if row["ID"] == "evil"]
    assert evil["What happened"] == evil["Place"] == EVIL


def test_headers_are_frozen_and_filters_are_on(hard_file: bytes) -> None:
    for sheet in parts(hard_file, r"xl/worksheets/sheet[1-5]\.xml"):
        pane = sheet.find(f".//{M}pane")
        assert pane is not None
        assert (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")
        filters = sheet.find(f"{M}autoFilter")
        assert filters is not None
        last = sheet.findall(f"{M}sheetData/{M}row")[0][-1].get("r", "")
        assert filters.get("ref", "").partition(":")[2].rstrip("0123456789") == last.rstrip("0123456789")
        assert all(float(column.get("width", 0)) >= 9 for column in sheet.iter(f"{M}col"))


def test_it_says_what_it_was_made_from(hard: Extract, hard_file: bytes) -> None:
    about = CalamineWorkbook.from_filelike(io.BytesIO(hard_file)).get_sheet_by_name(ABOUT).to_python()
    lines = [row[0] for row in about]
    assert lines[0] == MARK
    assert hard.made_from() in lines
    assert "Left out: 1 withdrawn fact." in lines


@pytest.mark.parametrize("status", [(), ("stands", "disputed", "denied", "foretold", "unsupported")])
@pytest.mark.parametrize("name", ["seed_store", "hard_store"])
def test_reading_it_back_makes_no_difference(
    request: pytest.FixtureRequest, tmp_path: Path, name: str, status: tuple[Status, ...]
) -> None:
    store: Store = request.getfixturevalue(name)
    path = tmp_path / "chronology.xlsx"
    path.write_bytes(workbook.write(extract(store, Asked("x", status=status))).content)
    assert workbook_reading.is_ours(path.read_bytes())
    head = store.head()
    arrival = workbook_reading.read(path.read_bytes(), path.name, ledger=Holdings(store.entries()))
    assert arrival.doubts == []
    done = store.load(arrival.document, by="Test")
    assert not done.tally.corrected
    assert not done.tally.count
    assert store.head() == head


def test_sources_without_title_and_link_are_not_named_by_empty_cells(store: Store, tmp_path: Path) -> None:
    """A fact that is added with a publisher alone has such a source."""
    store.load(
        {
            "sources": [{"id": "p", "publisher": "P"}, {"id": "q", "publisher": "Q"}, {"id": "r"}],
            "facts": [{"id": "a", "title": "A", "evidence": [{"source": one} for one in "pqr"]}],
        },
        by="Test",
    )
    assert store.load(rewritten(store, tmp_path / "a.xlsx").document, by="Test").position is None


def test_it_brings_the_same_elsewhere(hard_store: Store, hard_file: bytes, new_store: NewStore, tmp_path: Path) -> None:
    path = tmp_path / "chronology.xlsx"
    path.write_bytes(hard_file)
    other = new_store()
    other.load(workbook_reading.read(path.read_bytes(), path.name).value, by="Test")
    here = {entry["id"]: entry for _, entry in hard_store.entries() if entry["id"] != "gone"}
    assert {entry["id"]: entry for _, entry in other.entries()} == here


def test_an_edited_cell_is_a_correction_of_that_field(seed: Extract, new_store: NewStore, tmp_path: Path) -> None:
    """Even if a spreadsheet turned what was typed into a day, a moment or a number of its own."""
    store = new_store()
    document = {kind: [] for kind in ("sources", "facts")} | {
        "sources": [{"id": "paper", "title": "Paper"}],
        "facts": [
            {"id": "call", "title": "They spoke", "when": "2018", "evidence": [{"source": "paper", "locator": "1"}]}
        ],
    }
    store.load(document, by="Test")
    path = tmp_path / "edited.xlsx"
    path.write_bytes(workbook.write(extract(store, Asked("x"))).content)
    edited = edit(
        path, tmp_path / "again.xlsx", {("Facts", "Date"): datetime.date(2018, 3, 20), ("Citations", "Page"): 2}
    )
    assert workbook_reading.is_ours(edited.read_bytes())
    read = workbook_reading.read(edited.read_bytes(), edited.name).value
    assert read["facts"][0]["when"] == "2018-03-20"
    assert read["facts"][0]["evidence"][0]["locator"] == "2"
    assert sorted(store.load(read, correct="other", by="Test").tally.corrected) == ["call", "call/paper/1"]


def test_an_edit_back_to_an_older_value_is_one_and_a_workbook_that_lags_is_not(
    small: Store, new_store: NewStore, tmp_path: Path
) -> None:
    """What was corrected after the export stays, also if the cell was edited to what the ledger had in between."""
    path, elsewhere = tmp_path / "a.xlsx", new_store()
    elsewhere.load(rewritten(small, path).value, by="Test")
    small.correct("call", {"title": "They met", "place": "Leeds", "when": "2018-05-02"}, by="Test")
    unedited = rewritten(small, path)
    edits = (("Facts", 2, "What happened", "They spoke"), ("Facts", 2, "Place", ""), ("Facts", 2, "Date", "2018-05-01"))
    edited = rewritten(small, path, *edits)
    with pytest.raises(Changed) as refused:
        small.load(edited.document, by="Test")
    assert [line.partition("call: ")[2] for line in refused.value.differences] == [
        'place: "Leeds" -> nothing',
        'title: "They met" -> "They spoke"',
        'when: "2018-05-02" -> "2018-05-01"',
    ]
    elsewhere.correct("call", {"title": "They quarrelled"}, by="Test")
    assert elsewhere.load(edited.document, by="Test").tally.behind == ["call"]
    assert small.load(edited.document, correct="other", by="Test").tally.corrected == ["call"]
    assert (small.fact("call").title, small.fact("call").place) == ("They spoke", None)
    assert small.load(edited.document, by="Test").tally.behind == []
    small.correct("call", {"title": "They quarrelled"}, by="Test")
    for lagging in (edited, unedited):
        assert small.load(lagging.document, correct="other", by="Test").tally.behind == ["call"]
    assert small.fact("call").title == "They quarrelled"


def edit(path: Path, to: Path, cells: dict[tuple[str, str], Any]) -> Path:
    """A copy of a workbook with some cells of its second row overwritten, as a spreadsheet would do it."""
    book = CalamineWorkbook.from_path(path)
    copy = xlsxwriter.Workbook(str(to))
    day = copy.add_format({"num_format": "yyyy-mm-dd"})
    for name in book.sheet_names:
        sheet = copy.add_worksheet(name)
        table = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for number, row in enumerate(table):
            for place, value in enumerate(row):
                new = cells.get((name, str(table[0][place]))) if number == 1 else None
                if isinstance(new, datetime.date):
                    sheet.write_datetime(number, place, datetime.datetime.combine(new, datetime.time()), day)
                elif new is not None:
                    sheet.write_number(number, place, new)
                else:
                    sheet.write_string(number, place, str(value))
    copy.close()
    return to


@pytest.mark.parametrize(
    ("sheet", "column", "cell", "words"),
    [
        ("Facts", "What happened", " ", ".xlsx:Facts!E2: title of skripal-poisoning: it is missing"),
        ("Facts", "Date", "the day that never was", "Facts!B2: 'the day that never was': it cannot be read as a date"),
        (
            "Facts",
            "Date",
            "late last week",
            "Facts!B2: 'late last week': its words need a day to be read against: fill in Read",
        ),
        ("Facts", "Attributes (JSON)", "an hour", ".xlsx:Facts!R2: it is not JSON"),
        ("Citations", "About", "elsewhere", ".xlsx:Citations!B2: About names elsewhere"),
        (
            "Citations",
            "Source",
            "Gazzete",
            ".xlsx:Citations!G2: 'Gazzete' is neither the ID nor the title of a row in Sources",
        ),
        (
            "Citations",
            "Stance",
            "shouts",
            ".xlsx:Citations!E2: evidence.1.stance of skripal-poisoning: shouts is not one",
        ),
        ("Sources", "Published", "31 April 2018", ".xlsx:Sources!E2: '31 April 2018': the calendar has no such date"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_cell(
    seed: Extract, tmp_path: Path, sheet: str, column: str, cell: str, words: str
) -> None:
    path = tmp_path / "chronology.xlsx"
    path.write_bytes(workbook.write(seed).content)
    book = CalamineWorkbook.from_path(path)
    copy = xlsxwriter.Workbook(str(path))
    for name in book.sheet_names:
        made = copy.add_worksheet(name)
        table = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for number, row in enumerate(table):
            for place, value in enumerate(row):
                here = number == 1 and (name, table[0][place]) == (sheet, column)
                made.write_string(number, place, cell.strip() if here else str(value))
    copy.close()
    with pytest.raises(DocumentError) as refused:
        workbook_reading.read(path.read_bytes(), path.name)
    assert words in str(refused.value)


Tables = dict[str, list[list[Any]]]


def remade(store: Store, path: Path, change: Callable[[Tables], object], comments: Sequence[str] = ()) -> Arrival:
    """What a ledger's workbook brings after its tables were changed, with comments on some cells of its Facts."""
    tables = tables_of(store, path)
    change(tables)
    return brought(store, path, tables, comments)


def tables_of(store: Store, path: Path) -> Tables:
    """The tables of a ledger's workbook, which is written to the path."""
    path.write_bytes(workbook.write(extract(store, Asked("x"))).content)
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def brought(store: Store, path: Path, tables: Tables, comments: Sequence[str] = ()) -> Arrival:
    """What a workbook with these tables brings to a ledger."""
    copy = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    for name, table in tables.items():
        made = copy.add_worksheet(name)
        for number, row in enumerate(table):
            made.write_row(number, 0, list(map(str, row)))
        for cell in comments if name == "Facts" else ():
            made.write_comment(cell, "ask again")
    copy.close()
    return workbook_reading.read(path.read_bytes(), "a.xlsx", ledger=Holdings(store.entries()))


def rewritten(store: Store, path: Path, *edits: tuple[str, int, str, str]) -> Arrival:
    """What a ledger's workbook brings after edits, each given as sheet, row, header and new text."""

    def change(tables: Tables) -> None:
        for sheet, number, header, text in edits:
            table = tables[sheet]
            while len(table) < number:
                table.append([""] * len(table[0]))
            table[number - 1][table[0].index(header)] = text

    return remade(store, path, change)


@pytest.fixture
def small(store: Store) -> Store:
    evidence = [{"source": "paper"}]
    fact = {"id": "call", "title": "They spoke", "when": "2018-05-01", "phrase": "1 May 2018", "evidence": evidence}
    store.load({"sources": [{"id": "paper", "title": "Paper", "publisher": "The Paper"}], "facts": [fact]}, by="Test")
    return store


def test_edits_that_are_not_read_are_listed_with_what_to_edit_instead(small: Store, tmp_path: Path) -> None:
    edits = (("Facts", 2, "Status", "denied"), ("Citations", 2, "Outlet", "The Herald"))
    arrival = rewritten(small, tmp_path / "a.xlsx", *edits)
    assert [(doubt.place, doubt.text, doubt.why.partition("; ")[2]) for doubt in arrival.doubts] == [
        ("Facts!I2", "denied", "edit Stance in Citations"),
        ("Citations!H2", "The Herald", "edit Publisher in Sources"),
    ]
    arrival = rewritten(small, tmp_path / "a.xlsx", ("Facts", 2, "Date as written", "2 May 2018"))
    assert [(doubt.place, doubt.text) for doubt in arrival.doubts] == [("Facts!D2", "2 May 2018")]
    edits = (("Facts", 2, "Date as written", "2 May 2018"), ("Facts", 2, "Date", "as-written"))
    assert rewritten(small, tmp_path / "a.xlsx", *edits).doubts == []


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2 May 2016", "2016-05-02"),
        ("in May 2016", "2016-05"),
        ("2016-05/2016-06", "2016-05/2016-06"),
        ("[2016-05-02..2016-05-04]", "[2016-05-02..2016-05-04]"),
    ],
)
def test_a_date_is_read_as_people_write_it(small: Store, tmp_path: Path, text: str, when: str) -> None:
    (fact,) = rewritten(small, tmp_path / "a.xlsx", ("Facts", 2, "Date", text)).value["facts"]
    assert (fact["when"], fact["phrase"]) == (when, "1 May 2018")
    edits = (("Facts", 2, "Date", text), ("Facts", 2, "Date as written", ""))
    (fact,) = rewritten(small, tmp_path / "a.xlsx", *edits).value["facts"]
    assert (fact["when"], fact.get("phrase")) == (when, None if text == when else text)


def test_new_rows_need_no_ids_and_are_named_by_their_words(small: Store, tmp_path: Path) -> None:
    edits = (
        ("Facts", 3, "What happened", "They spoke"),
        ("Facts", 3, "Date", "3/2017"),
        ("Facts", 4, "What happened", "They met"),
        ("Citations", 3, "About", "They met"),
        ("Citations", 3, "Source", "Herald"),
        ("Citations", 4, "About", "they-spoke"),
        ("Citations", 4, "Source", "paper"),
        ("Sources", 3, "Title", "Herald"),
        ("Sources", 4, "Link", "https://post.example/1"),
        ("Orderings", 2, "Fact", "They met"),
        ("Orderings", 2, "Relation", "after"),
        ("Orderings", 2, "Other", "call"),
    )
    arrival = rewritten(small, tmp_path / "a.xlsx", *edits)
    tally = small.load(arrival.document, by="Test").tally
    assert (dict(tally.count), tally.corrected) == ({"source": 2, "fact": 2, "citation": 2, "ordering": 1}, [])
    assert {entry["id"] for kind, entry in small.entries() if kind == "fact"} == {"call", "they-spoke", "they-met"}
    again = workbook_reading.read((tmp_path / "a.xlsx").read_bytes(), "a.xlsx", ledger=Holdings(small.entries()))
    assert again.doubts == []
    assert small.load(again.document, by="Test").position is None


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_column_that_is_missing_says_nothing(hard_store: Store, tmp_path: Path, sheet: str) -> None:
    """Whether it is computed or not, and even if an entry needs its field, or it has one half of a field."""
    tables = tables_of(hard_store, tmp_path / "a.xlsx")
    for column in [*SHEETS[sheet][1][1:], None]:
        header = column.header if column else CHECK
        place = tables[sheet][0].index(header)
        without = [[*row[:place], *row[place + 1 :]] for row in tables[sheet]]
        arrival = brought(hard_store, tmp_path / "a.xlsx", tables | {sheet: without})
        said = [f"{sheet} has no column {header}; what the ledger has there stays"]
        assert (arrival.notes, arrival.doubts) == (said if column and column.field else [], [])
        assert hard_store.load(arrival.document, by="Test").position is None, header


def test_headers_are_known_without_regard_to_case_and_spaces(small: Store, tmp_path: Path) -> None:
    def change(tables: Tables) -> None:
        for name in SHEETS:
            tables[name][0] = [f" {header.upper()} " for header in tables[name][0]]
        tables["Facts"][1][tables["Facts"][0].index(" PLACE ")] = "Leeds"

    arrival = remade(small, tmp_path / "a.xlsx", change)
    assert (arrival.notes, arrival.doubts) == ([], [])
    assert small.load(arrival.document, correct="other", by="Test").tally.corrected == ["call"]
    assert small.fact("call").place == "Leeds"


def test_a_column_that_was_added_is_an_attribute(small: Store, tmp_path: Path) -> None:
    small.correct("call", {"attributes": {"exhibit": "7"}}, by="Test")
    small.correct("paper", {"attributes": {"docket": "9"}}, by="Test")

    def change(tables: Tables) -> None:
        for name in ("Facts", "Sources"):
            tables[name][0].append("My  notes")
            tables[name][1].append("ask again")

    arrival = remade(small, tmp_path / "a.xlsx", change)
    assert arrival.notes == ["Facts: kept as attributes: My notes", "Sources: kept as attributes: My notes"]
    assert small.load(arrival.document, correct="other", by="Test").tally.corrected == ["paper", "call"]
    held = {entry["id"]: entry["attributes"] for _, entry in small.entries()}
    assert held == {
        "call": {"exhibit": "7", "My notes": "ask again"},
        "paper": {"docket": "9", "My notes": "ask again"},
    }

    def twice(tables: Tables) -> None:
        tables["Facts"][0].append("exhibit")
        tables["Facts"][1].append("8")

    with pytest.raises(DocumentError, match=r"a\.xlsx:Facts!U2: exhibit has another value among the row's attributes"):
        remade(small, tmp_path / "a.xlsx", twice)


def test_what_is_not_read_is_listed(small: Store, tmp_path: Path) -> None:
    def change(tables: Tables) -> None:
        tables["Citations"][0] += ["Seen by", "place of it"]
        tables["Citations"][1] += ["me", ""]
        tables["Facts"][0] += ["", "Tags"]
        tables["Facts"][1] += ["loose", "war"]
        tables["Facts"].append([""] * len(tables["Facts"][0]))
        tables["Facts"][0].append("Why")
        tables["Facts"][2].append("no such row")
        tables["To do"] = [["ask again"]]

    arrival = remade(small, tmp_path / "a.xlsx", change, comments=["B2"])
    assert arrival.notes == [
        "Facts: kept as attributes: Why",
        "not read, since a workbook that was exported has no such sheet: To do",
    ]
    assert [(doubt.place, doubt.text, doubt.why) for doubt in arrival.doubts] == [
        ("Facts!U1", "", "this column is not read: it has no header"),
        ("Facts!V1", "Tags", "this column is not read: another column has the same header"),
        ("Facts!W3", "no such row", "it is not read, since the row has nothing in other columns"),
        ("Citations!V1", "Seen by", "this column is not read: Citations has no room for it"),
        ("Facts!B2", "ask again", "a comment, which is not read"),
    ]
    assert small.load(arrival.document, by="Test").position is None


def test_words_that_are_in_several_rows_name_none(small: Store, tmp_path: Path) -> None:
    edits = (("Facts", 3, "What happened", "They spoke"), ("Citations", 3, "About", "They spoke"))
    with pytest.raises(
        DocumentError, match=r"a\.xlsx:Citations!B3: 'They spoke' is in several rows; write the ID of one"
    ):
        rewritten(small, tmp_path / "a.xlsx", *edits)


def write_sheets(path: Path, sheets: dict[str, list[list[Any]]]) -> bytes:
    """A workbook with some of our sheets, and only the headers of the others."""
    book = xlsxwriter.Workbook(str(path))
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for name in SHEETS:
        made = book.add_worksheet(name)
        for number, row in enumerate(sheets.get(name, [["ID"]])):
            for place, value in enumerate(row):
                if isinstance(value, datetime.datetime):
                    made.write_datetime(number, place, value, moment)
                else:
                    made.write_string(number, place, value)
    book.close()
    return path.read_bytes()


def test_rows_are_read_by_their_headers_and_empty_ones_are_none(tmp_path: Path) -> None:
    """Columns may be moved and left out."""
    content = write_sheets(
        tmp_path / "a.xlsx",
        {
            "Facts": [
                ["", "Date", "What happened", "ID"],
                ["", "", "", ""],
                ["", datetime.datetime(2018, 3, 20, 15, 4), "They spoke", "call"],
            ]
        },
    )
    held = Holdings([("fact", {"id": "call", "title": "They spoke"})])
    assert workbook_reading.read(content, "a.xlsx", ledger=held).value == {
        "facts": [{"id": "call", "title": "They spoke", "when": "2018-03-20T15:04"}]
    }


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({"Facts": [["Date"], ["2018"]]}, "a.xlsx:Facts!1: there is no header ID"),
        ({"Facts": []}, "a.xlsx:Facts!1: there is no header ID"),
        ({"Citations": [["ID", "Source"], ["a/b/1", "b"]]}, "a.xlsx:Citations!A2: About is empty"),
        ({"Facts": [["ID", "Attributes (JSON)"], ["a", "[1]"]]}, "a.xlsx:Facts!B2: it is not JSON"),
        (
            {"Facts": [["ID", "What happened"], ["", "Fire"]]},
            "a.xlsx:Facts!A2: a new fact needs evidence: add a row to Citations",
        ),
        ({"Sources": [["Publisher", "ID"], ["Gazette", ""]]}, "a.xlsx:Sources!B2: a new row needs Title"),
    ],
)
def test_what_a_sheet_must_have(tmp_path: Path, sheets: dict[str, list[list[Any]]], words: str) -> None:
    with pytest.raises(DocumentError) as refused:
        workbook_reading.read(write_sheets(tmp_path / "a.xlsx", sheets), "a.xlsx")
    assert words in str(refused.value)


def test_other_files_are_not_ours(tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    book = xlsxwriter.Workbook(str(other))
    book.add_worksheet(ABOUT).write_string(0, 0, "Something else")
    book.close()
    assert not workbook_reading.is_ours(other.read_bytes())
    assert not workbook_reading.is_ours(b"no workbook")
    assert not workbook_reading.is_ours(b"PK\x03\x04 no workbook")
    with pytest.raises(DocumentError, match="no sheet Facts"):
        workbook_reading.read(other.read_bytes(), other.name)


def test_what_excel_has_no_room_for_is_counted(new_store: NewStore) -> None:
    store = new_store()
    evidence = [{"source": "paper", "quote": "x" * 32_768}]
    store.load({"sources": [{"id": "paper"}], "facts": [{"id": "a", "title": "A", "evidence": evidence}]}, by="Test")
    written = workbook.write(extract(store, Asked("x")))
    assert sum(written.lost.values()) == 1
    assert len(rows(written.content, "Citations")[0]["Quote"]) == 32_767


@given(
    st.lists(ledger_texts(), max_size=3, unique=True),
    st.lists(st.fixed_dictionaries({"name": ledger_texts()}, optional={"role": ledger_texts()}), max_size=3),
    st.lists(ledger_texts(), max_size=3),
    ledger_texts(),
)
def test_any_entry_comes_back_from_its_cells(
    tags: list[str], people: list[dict[str, str]], chain: list[str], words: str
) -> None:
    """Even fields for which the sheets have no column."""
    for name, entry in (
        (
            "Facts",
            {"id": "a", "title": words, "tags": tags, "participants": people, "lasts": {"min": "P1D"}, "new": [words]},
        ),
        ("Citations", {"id": "a/b/1", "about": "a", "source": "b", "attribution": chain, "quote": words}),
    ):
        columns = SHEETS[name][1]
        kept = {field: value for field, value in entry.items() if value != []}
        assert to_entry(to_cells(entry, columns), columns) == kept


@given(st.lists(ledger_texts(), min_size=1, max_size=4))
def test_any_text_comes_back_from_a_file(texts: list[str]) -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("A")
    for number, text in enumerate(texts):
        sheet.write_string(number, 0, text)
    book.close()
    found = (
        CalamineWorkbook.from_filelike(io.BytesIO(out.getvalue()))
        .get_sheet_by_name("A")
        .to_python(skip_empty_area=False)
    )
    assert [row[0] for row in found] == texts


def test_columns_have_one_header_each() -> None:
    for _, columns in SHEETS.values():
        headers = [column.header for column in columns]
        assert len(headers) == len({*headers})
    assert json.loads(to_cells({"id": "a", "new": 1}, SHEETS["Facts"][1])["Other fields (JSON)"]) == {"new": 1}
