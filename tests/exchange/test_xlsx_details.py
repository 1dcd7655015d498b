"""What an .xlsx says of cells beside their values."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import xlsxwriter

from factstore.exchange.xlsx_details import NO_DETAILS, details, farthest


def workbook(*formats: str) -> bytes:
    """A sheet named `Days & months` with a date in each format, from A1 down, and a link in B1."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("First")
        page = book.add_worksheet("Days & months")
        for row, shown in enumerate(formats):
            page.write_datetime(row, 0, datetime(2018, 3, 1), book.add_format({"num_format": shown}))
        page.write_url("B1", "https://a.example/x#part", string="here")
    return out.getvalue()


def test_formats_of_months_and_years_are_told_from_those_of_days() -> None:
    content = workbook("mmm-yy", "yyyy", '"in" mmmm yyyy', "dd/mm/yyyy", "mm:ss", "[$-409]mmm yy;@", "yyyy-mm-dd hh:mm")
    assert details(content, "Days & months").meant == {(1, 1): 7, (2, 1): 4, (3, 1): 7, (6, 1): 7}


def test_links_lead_where_they_lead_with_their_part_of_the_page() -> None:
    assert details(workbook("yyyy"), "Days & months").links == {(1, 2): "https://a.example/x#part"}


def test_what_is_no_workbook_says_nothing() -> None:
    assert details(b"rubbish", "A") == NO_DETAILS
    assert details(workbook("yyyy"), "Nowhere") == NO_DETAILS
    assert details(workbook("yyyy"), "First") == NO_DETAILS
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert details(out.getvalue(), "A") == NO_DETAILS


def test_a_cell_far_from_the_rest_is_found() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook("yyyy", "yyyy"))) as packed:
        assert farthest(packed, 4) == ""
        assert farthest(packed, 3) == "B2"
