"""The import command: sheets as people make them; the same sheet again, edited sheets, and files of other tools."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from factstore.store import Store
from tests.cli.test_cli import Told, process, refused, run

HEADERS = ["Date", "What happened", "Source", "Link", "Notes", "Confidence", "", ""]
G, H = "https://gazette.example", "https://herald.example"
#: A reporter's sheet, from row 4 on: date, what happened, source, link, notes, confidence.
REPORTED: list[list[Any]] = [
    [2017, "County issues the first permit", "County records", "", "box 4", "high"],
    ["March 2017", "Quarry opens", "Gazette", f"{G}/2017/quarry-opens", "", "high"],
    ["c. 2017", "Dust complaints begin", "Interview with R. Vale", "", "she isn’t sure\nof the year", "low"],
    ["spring 2018?", "Owner “promises” a wall", "Gazette; court file", "", "", "medium"],
    ["22/04/2018", "Wall collapses", "Gazette", f"{G}/2018/wall", "", "high"],
    ["3/5/2018", "Hearing set", "court file", "", "", "high"],
    ["late last week", "Inspector resigns", "", f"{H}/news/inspector-resigns?id=4", "", ""],
    ["", "Second wall collapses", "Gazette", "", "date missing", "low"],
    ["n/a", "Owner leaves the country", "n/a", "", "", "n/a"],
    ["12\xa0June\xa02018", "Council votes 5–4", "Minutes, p. 3", "", "", "high"],
    ["12 June 2018", "Council votes 5–4", "Minutes, p. 3", "", "", "high"],
    ["2018-06-13", "Appeal filed", "court file", "", "", ""],
    ["14 June", "Appeal heard", "court file", "", "no year", ""],
    ["mid-June 2018", "Protest at\nthe gate", "Gazette", "www.gazette.example/2018/protest", "", "medium"],
    [],
    ["Summer 2018", "Closure", "Gazette;Herald", f"{G}/2018/close; {H}/close", "", ""],
    ["2018-09-07 14:30", "Auction ends", "Herald", "", "", ""],
    ["before 2019", "Records destroyed", "anonymous tip", "", "", "low"],
    ["25/12/18", "Gate locked", "Herald", "", "", ""],
    ["TBC", "Verdict", "", "", "", ""],
    ["2019-03-20 to 2019-03-22", "Cleanup pauses", "County records", "", "", ""],
    ["Total", 20, "", "", "", ""],
    [],
    [" ", "", "", "", "", "", "", " "],
]
REPORT: list[list[Any]] = [["The quarry: what we know"], [], HEADERS, *REPORTED]

Sheet = Callable[..., Path]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Writes rows as a .csv or an .xlsx and returns its path."""

    def make(rows: list[list[Any]], name: str = "quarry.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        if path.suffix == ".xlsx":
            _write_xlsx(path, rows)
        else:
            out = io.StringIO()
            csv.writer(out, delimiter="\t" if path.suffix == ".tsv" else ",").writerows(rows)
            path.write_bytes(out.getvalue().encode(encoding))
        return path

    return make


def _write_xlsx(path: Path, rows: list[list[Any]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Chronology")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, datetime):
                    page.write_datetime(row, column, value, moment)
                elif isinstance(value, date):
                    page.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
                else:
                    page.write(row, column, value)
        book.add_worksheet("Contacts").write("A1", "Name")


def taken_in(path: Path, db: Path, *options: str) -> Told:
    told = run("import", str(path), *options, db=db)
    assert told.code == 0, told.err
    return told


def facts(db: Path) -> dict[str, dict[str, Any]]:
    return {entry["title"]: entry for kind, entry in Store(db).entries() if kind == "fact"}


def sources(db: Path) -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for kind, entry in Store(db).entries() if kind == "source"}


def cited(entry: dict[str, Any]) -> list[str]:
    return [one["source"] for one in entry["evidence"]]


@pytest.mark.parametrize("name", ["quarry.csv", "quarry.tsv", "quarry.xlsx"])
def test_a_reporters_sheet_loads_with_one_command_and_no_mapping(sheet: Sheet, path: Path, name: str) -> None:
    told = taken_in(sheet(REPORT, name), path)
    place = f"{name}, Chronology" if name == "quarry.xlsx" else name
    held = facts(path)
    assert sum(kind == "fact" for kind, _ in Store(path).entries()) == 20
    assert {title: entry.get("when") for title, entry in held.items()} == {
        "County issues the first permit": "2017",
        "Quarry opens": "2017-03",
        "Dust complaints begin": "2017~",
        "Owner “promises” a wall": "[2018-03-01?..2018-06-22?]",
        "Wall collapses": "2018-04-22",
        "Hearing set": "2018-05-03",
        "Inspector resigns": None,
        "Second wall collapses": None,
        "Owner leaves the country": None,
        "Council votes 5–4": "2018-06-12",
        "Appeal filed": "2018-06-13",
        "Appeal heard": None,
        "Protest at the gate": "[2018-06-08..2018-06-23]",
        "Closure": "[2018-06-01..2018-09-22]",
        "Auction ends": "2018-09-07T14:30",
        "Records destroyed": "[..2019]",
        "Gate locked": None,
        "Verdict": None,
        "Cleanup pauses": "2019-03-20/2019-03-22",
    }
    assert held["Inspector resigns"]["phrase"] == "late last week"
    assert held["Dust complaints begin"]["phrase"] == "c. 2017"
    assert held["Dust complaints begin"]["attributes"] == {"Notes": "she isn’t sure\nof the year", "Confidence": "low"}
    assert cited(held["Owner “promises” a wall"]) == ["gazette", "court-file"]
    assert cited(held["Inspector resigns"]) == ["herald-example-inspector-resigns"]
    assert cited(held["Owner leaves the country"]) == ["quarry"]
    assert cited(held["Closure"]) == ["gazette-close", "herald-close"]
    assert held["Council votes 5–4"]["evidence"][0]["locator"] in (
        f"p. 3 ({place}, row 13)",
        f"p. 3 ({place}, row 14)",
    )
    assert held["Wall collapses"]["evidence"][0]["locator"] == f"{place}, row 8"
    assert sources(path)["gazette-wall"]["url"] == f"{G}/2018/wall"
    assert "headers in row 3" in told.err
    for cell, text in (("A10", "late last week"), ("A16", "14 June"), ("A22", "25/12/18")):
        assert f"  {cell:<5} {text}" in told.err
    assert "row 25 Total | 20: a total" in told.err


def test_the_same_sheet_again_changes_nothing(sheet: Sheet, path: Path) -> None:
    file = sheet(REPORT)
    taken_in(file, path)
    assert "nothing was written" in taken_in(file, path).err


def edited() -> list[list[Any]]:
    """The sheet with a row inserted above, three rows changed, one source more, and the verdict removed."""
    rows = [[*row] for row in REPORTED if row[1:2] != ["Verdict"]]
    by_title = {row[1]: row for row in rows if len(row) > 1}
    by_title["Closure"][0] = "August 2018"
    by_title["Gate locked"][1] = "Gate locked by the owner"
    by_title["Appeal filed"][2] = "court file; Herald"
    return [["The quarry"], [], HEADERS, [2016, "Survey drawn", "County records"], *rows]


def test_an_edited_sheet_is_refused_with_the_differences_or_becomes_corrections(sheet: Sheet, path: Path) -> None:
    taken_in(sheet(REPORT), path)
    told = run("import", str(sheet(edited())), db=path)
    refused(
        told,
        "quarry.csv:20: closure: when",
        '"[2018-06-01..2018-09-22]" -> "2018-08"',
        "--correct records",
        "row 23 is taken for gate-locked",
    )
    assert len(facts(path)) == 19
    told = taken_in(sheet(edited()), path, "--correct=source-corrected")
    assert " closure, closure/gazette-close/1, closure/herald-close/1, gate-locked, gate-locked/herald/1;" in told.err
    assert "quarry.csv, but still in the ledger: verdict" in told.err
    assert cited(facts(path)["Appeal filed"]) == ["court-file", "herald"]
    assert facts(path)["Closure"]["when"] == "2018-08"
    assert "because the source corrected itself" in run("history", "closure", db=path).out
    assert "nothing was written" in taken_in(sheet(edited()), path).err


def test_what_was_corrected_by_hand_is_not_undone_by_the_sheet(sheet: Sheet, path: Path) -> None:
    file = sheet(REPORT)
    taken_in(file, path)
    assert run("correct", "closure", "--set", "title=The quarry closes", "--set", "when=2018-07", db=path).code == 0
    assert "as corrected since" in taken_in(file, path).err
    assert facts(path)["The quarry closes"]["when"] == "2018-07"


INCIDENTS = """\
Incident ID;Date (dd/mm/yyyy);Time;City;State;Latitude;Longitude;Category;Weapons;Summary;Victims;Source URL
2018-017;03/04/2018;14:30;Leeds;West Yorkshire;53.7997;-1.5492;assault;knife;A man was attacked near the station;2;{0}/a
2018-018;22/04/2018;;Zürich;;47.37;8.54;assault, robbery;knife, handgun;Two masked men robbed a café;0;{0}/b
2018-019;01/05/2018;00:10;Hull;East Yorkshire;53.7;-0.33;arson;petrol, lighter;A car was burnt;;
"""


def test_incidents_with_places_in_figures_and_the_day_first(tmp_path: Path, path: Path) -> None:
    file = tmp_path / "incidents.csv"
    file.write_bytes(INCIDENTS.format(G).encode("cp1252"))
    told = taken_in(file, path)
    assert "cp1252 (guessed), cells separated by semicolons" in told.err
    held = facts(path)
    assert [entry["when"] for entry in held.values()] == ["2018-04-03T14:30", "2018-04-22", "2018-05-01T00:10"]
    robbery = held["Two masked men robbed a café"]
    assert robbery["tags"] == ["assault", "robbery"]
    assert robbery["place"] == "Zürich"
    assert robbery["attributes"] == {
        "Incident ID": "2018-018",
        "Latitude": "47.37",
        "Longitude": "8.54",
        "Weapons": "knife, handgun",
        "Victims": "0",
    }
    assert robbery["id"] == "incident-2018-018"
    assert cited(held["A car was burnt"]) == ["incidents"]


def test_cases_with_several_sources_a_row_under_merged_headers(tmp_path: Path, path: Path) -> None:
    file = tmp_path / "cases.xlsx"
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet("Cases")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page.merge_range("A1:H1", "Misconduct cases")
        for column, header in zip("ABCD", ("Case No.", "Officer(s)", "Allegation", "Date"), strict=True):
            page.merge_range(f"{column}2:{column}3", header)
        page.merge_range("E2:F2", "Source 1")
        page.merge_range("G2:H2", "Source 2")
        page.write_row("E3", ["Name", "Link", "Name", "Link"])
        page.write("I2", "Sustained?")
        page.write_row(
            "A4", ["2015-001", "Smith, John", "Force at an arrest", "", "Gazette", f"{G}/1", "Board minutes", "", True]
        )
        page.write_datetime("D4", datetime(2015, 3, 2), day)
        page.write_row(
            "A5", ["2015-002", "Ann Lee, Bo Ray", "False report", 2015, "Board minutes", "", "Herald", f"{H}/2", False]
        )
        page.write_row("A6", ["2016-001", "unknown", "Theft of evidence", "Summer 2016", "", "", "", f"{H}/3"])
    assert "headers in rows 2 and 3" in taken_in(file, path).err
    held = facts(path)
    assert cited(held["Force at an arrest"]) == ["gazette", "board-minutes"]
    assert sources(path)["gazette"]["url"] == f"{G}/1"
    assert held["Force at an arrest"]["participants"] == [{"name": "Smith, John", "role": "officer"}]
    assert [one["name"] for one in held["False report"]["participants"]] == ["Ann Lee", "Bo Ray"]
    assert cited(held["False report"]) == ["board-minutes", "herald"]
    assert cited(held["Theft of evidence"]) == ["herald-example-3"]
    assert held["Force at an arrest"]["attributes"] == {"Case No.": "2015-001", "Sustained?": "TRUE"}
    assert [held[title]["when"] for title in ("Force at an arrest", "False report", "Theft of evidence")] == [
        "2015-03-02",
        "2015",
        "[2016-06-01..2016-09-22]",
    ]


BATTLES = """\
Battle,War,Start date,End date,Location,Belligerents,Casualties,Source,Casualties (other source),Other source
Lexington,ARW,19 April 1775,19 April 1775,Massachusetts,Britain; Colonies,122,Ward 1952,,
Quebec,ARW,31 December 1775,1 January 1776,Quebec,Britain; Colonies,about 80,Ward 1952,120,Boatner
Bemis Heights,ARW,1777-09-19,1777-10-07,New York,,"1,000",Boatner; Ward 1952,,
Coast raid,ARW,c. 1780,,,,,,,
Gibraltar,ARW,1779-06-24,1783-02,,,,Ward 1952,,
Backwards,ARW,1779-06-24,1778,,,,Ward 1952,,
"""


def test_a_register_of_battles_with_starts_ends_and_sources_that_disagree(tmp_path: Path, path: Path) -> None:
    file = tmp_path / "battles.csv"
    file.write_text(BATTLES, encoding="utf-8")
    told = taken_in(file, path)
    held = facts(path)
    assert {title: entry.get("when") for title, entry in held.items()} == {
        "Lexington": "1775-04-19",
        "Quebec": "1775-12-31/1776-01-01",
        "Bemis Heights": "1777-09-19/1777-10-07",
        "Coast raid": "1780~/",
        "Gibraltar": "1779-06-24/1783-02",
        "Backwards": None,
    }
    assert cited(held["Quebec"]) == ["ward-1952", "boatner"]
    assert held["Quebec"]["attributes"]["Casualties (other source)"] == "120"
    assert held["Backwards"]["phrase"] == "1779-06-24 to 1778"
    assert "D7    1779-06-24 to 1778: it ends before it starts" in told.err


def test_a_dry_run_shows_the_first_facts_and_writes_nothing(sheet: Sheet, path: Path) -> None:
    told = taken_in(sheet(REPORT), path, "--dry-run")
    assert "- id: county-issues-the-first-permit" in told.out
    assert "would have recorded" in told.err
    assert not path.exists()


def test_a_document_instead_of_a_commit_loads_as_the_sheet_does(sheet: Sheet, tmp_path: Path, path: Path) -> None:
    file, document = sheet(REPORT), tmp_path / "chronology.yaml"
    told = taken_in(file, path, "-o", str(document))
    assert "nothing was recorded" in told.err
    assert not path.exists()
    assert run("load", str(document), db=path).code == 0
    assert "nothing was written" in taken_in(file, path).err


def test_a_mapping_is_saved_edited_and_given_back(sheet: Sheet, tmp_path: Path, path: Path) -> None:
    rows = [["Tag des Vorfalls", "Beschreibung", "Quelle"], ["1.2.2018", "Es brannte", "Zeitung"]]
    saved = tmp_path / "mapping.yaml"
    options = ("--map", "Tag des Vorfalls=when", "--map", "C=source", "--map", "beschreibung=title", "--dates", "dmy")
    taken_in(sheet(rows), path, *options, "--save-mapping", str(saved))
    assert "Tag des Vorfalls: when" in saved.read_text(encoding="utf-8")
    entry = facts(path)["Es brannte"]
    assert (entry["when"], cited(entry)) == ("2018-02-01", ["zeitung"])
    assert "nothing was written" in taken_in(sheet(rows), path, "--mapping", str(saved)).err


def test_a_sheet_without_headers_is_read_by_the_letters_of_its_columns(
    sheet: Sheet, tmp_path: Path, path: Path
) -> None:
    file, saved = sheet([["2018-01-02", "Fire", 5], ["2019", "Flood", 7]]), tmp_path / "mapping.yaml"
    refused(run("import", str(file), db=path), "no row of headers", code=2)
    told = taken_in(file, path, "--map", "A=when", "--map", "B=title", "--save-mapping", str(saved))
    assert "no headers, 2 rows" in told.err
    assert facts(path)["Fire"]["attributes"] == {"column C": "5"}
    assert "nothing was written" in taken_in(file, path, "--mapping", str(saved)).err


def test_workbooks_need_an_extra_which_is_named(sheet: Sheet, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    refused(run("import", str(sheet(REPORT, "a.xlsx")), db=path), "pip install 'factstore-timeline[sheets]'", code=2)
    assert run("import", str(sheet(REPORT, "a.csv")), db=path).code == 0


def test_a_sheet_by_name_or_number_and_which_were_not_read(sheet: Sheet, path: Path) -> None:
    file = sheet(REPORT, "quarry.xlsx")
    assert "sheet Contacts was not read" in taken_in(file, path, "--dry-run").err
    refused(run("import", str(file), "--sheet", "Nowhere", db=path), "Chronology, Contacts", code=2)
    assert "20 facts" in taken_in(file, path, "--sheet", "1").err


def workbook(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate([["Date", "Event", "Source"], *rows]):
                page.write_row(number, 0, row)
    return path


YEARS = {
    "2018": [
        ["2018-01-05", "Mayor met the contractor in Ghent", "Gazette"],
        ["2018-02-07", "Council voted on the bridge", "Gazette"],
        ["2018-03-09", "Bridge closed to traffic", "Gazette"],
    ],
    "2019": [
        ["2019-01-05", "Mayor met the auditor in Ghent", "Gazette"],
        ["2019-02-07", "Council voted on the report", "Gazette"],
    ],
}


def test_the_sheets_of_a_workbook_are_imported_one_by_one_without_regard_to_each_other(
    tmp_path: Path, path: Path
) -> None:
    book = workbook(tmp_path / "ev.xlsx", YEARS)
    told = [taken_in(book, path, *options) for options in ((), ("--sheet", "2019"), (), ("--sheet", "2019"))]
    assert "recorded 2 facts" in told[1].err
    assert [one for one in told if "taken for" in one.err or "no longer" in one.err] == []
    assert ["nothing was written" in one.err for one in told] == [False, False, True, True]
    assert cited_rows(path) == [
        *(f"ev.xlsx, 2018, row {number}" for number in (2, 3, 4)),
        *(f"ev.xlsx, 2019, row {number}" for number in (2, 3)),
    ]
    workbook(book, YEARS | {"2019": [["2019-01-06", "The mayor met the auditor in Ghent", "Gazette"]]})
    again = run("import", str(book), "--sheet", "2019", db=path)
    refused(
        again, "2019, row 2 is taken for mayor-met-the-auditor", "ev.xlsx, 2019:2:", "2019, but still in the ledger"
    )


def cited_rows(db: Path) -> list[str]:
    return sorted(re.findall("locator: (.+)", run("dump", db=db).out))


def test_a_sheet_is_found_again_if_others_are_added_to_its_workbook_or_taken_out(tmp_path: Path, path: Path) -> None:
    alone = {"2018": YEARS["2018"]}
    edited = {"2018": [*YEARS["2018"][:2], ["2018-03-10", "Bridge closed to traffic", "Gazette"]]}
    book = workbook(tmp_path / "ev.xlsx", alone)
    assert taken_in(book, path).err.count("3 facts") == 1
    assert cited_rows(path) == [f"ev.xlsx, row {number}" for number in (2, 3, 4)]
    workbook(book, YEARS | edited)
    refused(run("import", str(book), "--sheet", "2018", db=path), "2 fields differ", '"2018-03-09" -> "2018-03-10"')
    assert "recorded 2 facts" in taken_in(book, path, "--sheet", "2019").err
    workbook(book, {"2019": [["2019-01-06", *YEARS["2019"][0][1:]], YEARS["2019"][1]]})
    refused(run("import", str(book), db=path), "2 fields differ", '"2019-01-05" -> "2019-01-06"')


VERSION = [["Date", "Event", "Source"], ["Summer 2018", "Meetings", ""], ["2018-03-05", "Protest", "Gazette"]]
ADDED = ["2018-05-05", "Strike", ""]


def test_a_later_version_of_a_sheet_under_another_name_is_refused_until_it_is_said_what_it_is(
    sheet: Sheet, path: Path
) -> None:
    taken_in(sheet(VERSION, "sy.csv"), path)
    copy = sheet(VERSION, "sy-v2.csv")
    words = "sy-v2.csv has 2 of its 2 rows in common with sy.csv, imported before: --as sy.csv imports it as"
    refused(run("import", str(copy), db=path), words, "--as sy-v2.csv as another file")
    assert "nothing was written" in taken_in(copy, path, "--as", "sy.csv").err
    later = sheet([*VERSION, ADDED], "sy-v2.csv")
    refused(run("import", str(later), "--as", "sy.cvs", db=path), "2 of its 3 rows in common with sy.csv")
    assert "recorded 1 fact, 1 citation" in taken_in(later, path, "--as", "sy.csv").err
    assert cited_rows(path) == ["sy.csv, row 2", "sy.csv, row 3", "sy.csv, row 4"]
    assert list(sources(path)) == ["sy", "gazette"]


def test_a_copy_that_is_said_to_be_another_sheet_corroborates_no_row_of_the_first(sheet: Sheet, path: Path) -> None:
    taken_in(sheet(VERSION, "sy.csv"), path)
    copy = sheet([*VERSION, ADDED], "sy-v2.csv")
    for words in ("recorded 1 source, 2 facts, 2 citations", "nothing was written"):
        assert words in taken_in(copy, path, "--as", "sy-v2.csv").err
    assert cited_rows(path) == ["sy-v2.csv, row 2", "sy-v2.csv, row 4", "sy.csv, row 2", "sy.csv, row 3"]
    alone = run("facts", "--single-origin", db=path).out
    assert [word in alone for word in ("meetings [sy]", "meetings-2 [sy-v2]")] == [True, True]


def test_a_copy_with_ids_is_refused_and_one_that_changes_nothing_is_not(sheet: Sheet, path: Path) -> None:
    ids = [["ID", *VERSION[0]], ["M-1", *VERSION[1]], ["P-1", *VERSION[2]]]
    taken_in(sheet(ids, "a.csv"), path)
    refused(run("import", str(sheet(ids, "b.csv")), db=path), "b.csv has 2 of its 2 rows in common with a.csv")
    assert "nothing was written" in taken_in(sheet([ids[0], ids[2]], "b.csv"), path).err
    both = [str(sheet(ids, name)) for name in ("b.csv", "c.csv")]
    refused(run("import", *both, "--as", "a.csv", db=path), "--as a.csv: it names one file, but 2 are given", code=2)


def test_a_sheet_of_a_workbook_that_was_saved_as_text_is_a_version_of_that_sheet(
    sheet: Sheet, tmp_path: Path, path: Path
) -> None:
    taken_in(workbook(tmp_path / "ev.xlsx", YEARS | {"2018": VERSION[1:]}), path, "--sheet", "2018")
    text = sheet(VERSION, "ev.csv")
    refused(run("import", str(text), db=path), "--as 'ev.xlsx, 2018' imports it")
    assert "nothing was written" in taken_in(text, path, "--as", "ev.xlsx, 2018").err
    copy = workbook(tmp_path / "ev2.xlsx", YEARS | {"2018": VERSION[1:]})
    refused(
        run("import", str(copy), db=path), "ev2.xlsx has 2 of its 2 rows in common with ev.xlsx, 2018", "--as ev.xlsx"
    )
    assert "nothing was written" in taken_in(copy, path, "--sheet", "2018", "--as", "ev.xlsx").err


def test_an_excel_day_moment_serial_and_year(sheet: Sheet, path: Path) -> None:
    rows = [
        ["Date", "Event"],
        [date(2018, 3, 20), "day"],
        [datetime(2018, 3, 20, 14, 30), "moment"],
        [2017, "year"],
        [43179, "serial"],
    ]
    told = taken_in(sheet(rows, "days.xlsx"), path)
    assert {title: entry["when"] for title, entry in facts(path).items()} == {
        "day": "2018-03-20",
        "moment": "2018-03-20T14:30",
        "year": "2017",
        "serial": "2018-03-20",
    }
    assert "A5    43179" in told.err


def test_days_in_figures_that_no_date_settles_are_both_readings_and_listed(sheet: Sheet, path: Path) -> None:
    rows = [["Date", "Event"], ["3/4/2018", "Hearing"]]
    told = taken_in(sheet(rows), path)
    assert facts(path)["Hearing"]["when"] == "[2018-03-04,2018-04-03]"
    assert "A2    3/4/2018: the day or the month may come first" in told.err
    taken_in(sheet(rows), path, "--dates", "dmy", "--correct")
    assert facts(path)["Hearing"]["when"] == "2018-04-03"


def test_words_are_read_from_the_day_on_which_their_source_was_published(sheet: Sheet, path: Path) -> None:
    rows = [["Date", "Event", "Source", "Published"], ["yesterday", "Hearing", "Gazette", "2018-04-03"]]
    taken_in(sheet(rows), path)
    entry = facts(path)["Hearing"]
    assert (entry["when"], entry["phrase"], entry["anchor"]) == ("2018-04-02", "yesterday", "2018-04-03")
    assert sources(path)["gazette-2018-04-03"]["published"] == "2018-04-03"


def test_a_source_of_the_ledger_is_used_again(sheet: Sheet, path: Path) -> None:
    run("load", "-", db=path, stdin='{"sources": [{"id": "gaz", "title": "The Gazette", "publisher": "Gazette Ltd"}]}')
    taken_in(sheet([["Date", "Event", "Source"], ["2018", "Fire", "Gazette"]]), path)
    assert cited(facts(path)["Fire"]) == ["gaz"]
    assert sources(path)["gaz"]["publisher"] == "Gazette Ltd"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--map", "Nope=title"), "there is no column 'Nope'"),
        (("--map", "Date=whenn"), "did you mean when?"),
        (("--map", "Date"), "COLUMN=FIELD"),
        (("--format", "shet"), "did you mean sheet?"),
        (("--from", "shet"), "did you mean sheet?"),
        (("--sheet", "A"), "it is text and has no sheets"),
        (("--mapping", "nowhere.yaml"), "no such file"),
        (("--anchor", "last week"), "is not a day"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(sheet: Sheet, path: Path, options: tuple[str, ...], words: str) -> None:
    refused(run("import", str(sheet(REPORT)), *options, db=path), words, code=2)


def test_a_file_of_no_known_format_or_none_at_all(tmp_path: Path, path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    refused(run("import", str(picture), db=path), "its format is not known", code=2)
    refused(run("import", str(tmp_path / "no.csv"), db=path), "no such file", code=2)


def test_a_sheet_from_stdin(path: Path) -> None:
    assert run("import", "-", db=path, stdin="Date,Event\n2018,Fire\n").code == 0
    assert cited(facts(path)["Fire"]) == ["stdin"]


def test_an_invalid_workbook_is_refused(tmp_path: Path, path: Path) -> None:
    for content in (b"PK\x03\x04broken", b"", b"\xd0\xcf\x11\xe0rubbish"):
        file = tmp_path / "broken.xlsx"
        file.write_bytes(content)
        refused(run("import", str(file), db=path), "broken.xlsx", code=2)


def test_a_day_that_excel_shows_as_a_month_or_a_year_is_that_month_or_year(tmp_path: Path, path: Path) -> None:
    file = tmp_path / "months.xlsx"
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        page.write_row("A1", ["Date", "Event"])
        for row, shown in enumerate(("mmm-yy", "yyyy", "mmmm yyyy", "d mmm yyyy"), start=1):
            page.write_datetime(row, 0, datetime(2018, 3, 1), book.add_format({"num_format": shown}))
            page.write(row, 1, f"as {shown}")
    taken_in(file, path)
    assert [entry["when"] for entry in facts(path).values()] == ["2018", "2018-03", "2018-03", "2018-03-01"]


def test_links_behind_the_text_of_cells_are_kept(tmp_path: Path, path: Path) -> None:
    file = tmp_path / "links.xlsx"
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        page.write_row("A1", ["Date", "Event", "Source", "Link"])
        page.write_row("A2", ["2018", "", "", ""])
        page.write_url("B2", f"{H}/more", string="Fire")
        page.write_url("C2", f"{G}/fire", string="Gazette")
        page.write_row("A3", ["2019", "Flood", "Herald", ""])
        page.write_url("D3", f"{H}/flood", string="here")
    taken_in(file, path)
    assert facts(path)["Fire"]["attributes"] == {"Event (link)": f"{H}/more"}
    assert {name: entry["url"] for name, entry in sources(path).items()} == {
        "gazette": f"{G}/fire",
        "herald": f"{H}/flood",
    }
    assert facts(path)["Flood"]["attributes"] == {"Link": "here"}


RIS = "TY  - NEWS\nTI  - The wall – at last\nT2  - Café Gazette\nPY  - 2018/04/22/\nC1  - stone\nER  - \n".encode(
    "cp1252"
)


def test_a_bibliography_is_tried_written_as_a_document_and_recorded(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "library.ris"
    file.write_bytes(RIS)
    told = taken_in(file, path, "--dry-run")
    assert "- id: the-wall-at-last" in told.out
    assert "1 thing left out, since a source has no field for it:\n  item 1, C1 stone\n" in told.err
    assert not path.exists()
    taken_in(file, path, "-o", str(tmp_path / "library.yaml"))
    assert "publisher: Café Gazette" in (tmp_path / "library.yaml").read_text(encoding="utf-8")
    taken_in(file, path)
    assert sources(path)["the-wall-at-last"]["published"] == "2018-04-22"
    assert "nothing was written" in taken_in(file, path).err


def test_the_format_of_stdin_is_recognized(path: Path) -> None:
    assert process("import", "-", db=path, stdin=RIS).code == 0
    assert process("import", "-", db=path, stdin=b"Date,What happened\n2018,Wall falls\n").code == 0
    assert [*sources(path)] == ["the-wall-at-last", "stdin"]
    assert [*facts(path)] == ["Wall falls"]


def test_import_of_our_own_document_points_to_load(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"sources": [{"id": "gazette"}]}')
    told = run("import", str(file), db=path)
    assert told.code == 2
    assert f"it looks like a Factstore document; `factstore load {file}` reads those" in told.err


def test_a_sheet_with_only_headers_makes_no_ledger(sheet: Sheet, path: Path) -> None:
    refused(run("import", str(sheet([HEADERS])), db=path), "quarry.csv: there is no row of a fact or a source")
    assert not path.exists()


def test_each_contradiction_is_explained_and_its_row_named(sheet: Sheet, path: Path) -> None:
    rows = [[f"2018-06-0{day}", f"Event {day}", "Gazette", "", "2018-05-01"] for day in range(1, 8)]
    file = sheet([["Date", "What happened", "Source", "Link", "Published"], *rows])
    for dry in ((), ("--dry-run",)):
        told = run("import", str(file), *dry, db=path)
        assert told.code == 1
        assert "event-1/gazette-2018-05-01/1 contradicts what is recorded with it (and 6 more)" in told.err
        assert "  2. event-5 is dated 2018-06-05 [gazette-2018-05-01]" in told.err
        assert "event-6 is dated" not in told.err
        assert f"what contradicts is in {file}:2 (event-1), {file}:3 (event-2)" in told.err
