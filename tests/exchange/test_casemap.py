"""Facts of case chronologies: fuzzy dates, issues and sources in sheets of CaseMap and CaseFleet."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter

from factstore.exchange.headers import SheetOptions
from factstore.exchange.incoming import format_of
from factstore.store import Store
from tests.exchange.arriving import arrived, facts, loaded, sources

CASEMAP = """Date & Time,Fact Text,Source(s),Key,Status +,Linked Issues,Potential Source(s)
07/??/97,Hired as an engineer,Deposition of A. Müller; Hansen Letter,Yes,Undisputed,Hiring,
<06/15/97,Met Hansen,Hansen Letter,,Disputed by Us,Hiring; Age,A. Müller
06/15/1997 #1,Meeting at the plant,Memo,,,,
06/15/1997 #2,Talk about layoffs,Memo,,,,
7/1/2008 - 7/4/2008,Conference,,,,,
~9/??/2001,Promotion,Memo,,,,
??/??/1999,Review,Memo,,,,
>3/4/2002,Transfer,Memo,,,,
TBD,Severance paid,,,,,
"""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_fuzzy_dates_are_read_as_far_as_they_are_known(encoding: str) -> None:
    content = CASEMAP.encode(encoding)
    assert format_of("case.csv", content) == "casemap"
    found = facts(arrived(content, "case.csv", SheetOptions(pivot=1950)))
    assert {title: fact.get("when") for title, fact in found.items()} == {
        "Hired as an engineer": "1997-07",
        "Met Hansen": "[..1997-06-14]",
        "Meeting at the plant": "1997-06-15",
        "Talk about layoffs": "1997-06-15",
        "Conference": "2008-07-01/2008-07-04",
        "Promotion": "2001-09~",
        "Review": "1999",
        "Transfer": "[2002-03-05..]",
        "Severance paid": None,
    }
    assert found["Met Hansen"]["phrase"] == "<06/15/97"
    assert found["Met Hansen"]["tags"] == ["Hiring", "Age"]
    assert found["Met Hansen"]["attributes"] == {"Status +": "Disputed by Us", "Potential Source(s)": "A. Müller"}


def test_two_figures_of_a_year_belong_to_no_century_until_an_option_says_so() -> None:
    arrival = arrived(CASEMAP.encode(), "case.csv")
    assert [doubt.place for doubt in arrival.doubts if "--pivot" in doubt.why] == ["A2", "A3"]
    assert facts(arrival)["Hired as an engineer"].get("when") is None
    assert facts(arrival)["Hired as an engineer"]["phrase"] == "07/??/97"


def test_sources_are_those_that_a_fact_names_and_never_potential_ones() -> None:
    assert sources(arrived(CASEMAP.encode(), "case.csv")).keys() == {
        "deposition-of-a-muller",
        "hansen-letter",
        "memo",
        "case",
    }


def test_numbers_after_dates_sort_and_order_nothing() -> None:
    arrival = arrived(CASEMAP.encode(), "case.csv")
    assert any("#1, #2" in note for note in arrival.notes)
    assert facts(arrival)["Talk about layoffs"]["phrase"] == "06/15/1997 #2"


CASEFLEET: list[list[Any]] = [
    ["Date Type", "Date", "End Date", "Fact", "Issues", "Contacts", "Sources"],
    ["On", "12/13/2015", "", "Contract signed", "Breach", "Ann Lee, Bo Núñez", "Exhibit 4"],
    ["Around", "3/2012", "", "Talks begin", "", "", ""],
    ["Before", "5/16/2016", "", "Files destroyed", "", "", ""],
    ["After", "2011", "", "Office moved", "", "", ""],
    ["From To", "1/1/2018", "3/31/2018", "Strike", "", "", ""],
    ["Between", "1/2/2018", "3/30/2018", "Letter sent", "", "", ""],
]


def workbook(rows: list[list[Any]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet("Facts")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return content.getvalue()


def test_the_kind_of_a_date_in_a_column_of_its_own_counts() -> None:
    content = workbook(CASEFLEET)
    assert format_of("facts.xlsx", content) == "casemap"
    found = facts(arrived(content, "facts.xlsx"))
    assert {title: fact["when"] for title, fact in found.items()} == {
        "Contract signed": "2015-12-13",
        "Talks begin": "2012-03~",
        "Files destroyed": "[..2016-05-15]",
        "Office moved": "[2011..]",
        "Strike": "2018-01-01/2018-03-31",
        "Letter sent": "[2018-01-02..2018-03-30]",
    }
    assert found["Contract signed"]["participants"] == [{"name": "Ann Lee"}, {"name": "Bo Núñez"}]
    assert found["Talks begin"]["attributes"] == {"Date Type": "Around"}


def test_the_same_again_changes_nothing_and_an_edited_one_corrects(store: Store) -> None:
    assert loaded(store, CASEMAP.encode(), "case.csv")["fact"] == 9
    assert loaded(store, CASEMAP.encode(), "case.csv")["changed"] == 0
    edited = CASEMAP.replace("??/??/1999,Review", "05/??/1999,Review").encode()
    assert loaded(store, edited, "case.csv", correct="other")["changed"] == 1


def test_a_field_given_for_a_column_overrides_its_header() -> None:
    arrival = arrived(CASEMAP.encode(), "case.csv", SheetOptions({"Linked Issues": "attribute", "Key": "tags"}))
    assert facts(arrival)["Hired as an engineer"]["tags"] == ["Yes"]
