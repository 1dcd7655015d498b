"""Details of the cells of an .xlsx besides their values."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import xlsxwriter

from factstore.exchange.cell_details import NO_DETAILS
from factstore.exchange.grids import Value, read_grids
from factstore.exchange.xlsx_details import details, farthest

NO_RESULT = "a formula whose result is not in the file: open and save it in a spreadsheet program"


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


def test_formats_of_months_and_years_are_distinguished_from_those_of_days() -> None:
    content = workbook("mmm-yy", "yyyy", '"in" mmmm yyyy', "dd/mm/yyyy", "mm:ss", "[$-409]mmm yy;@", "yyyy-mm-dd hh:mm")
    assert details(content, "Days & months").meant == {(1, 1): 7, (2, 1): 4, (3, 1): 7, (6, 1): 7}


def test_links_keep_their_target_and_fragment() -> None:
    assert details(workbook("yyyy"), "Days & months").links == {(1, 2): "https://a.example/x#part"}


def test_comments_are_read_and_those_of_a_thread_together() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("Facts")
        page.write_comment("B2", "Check this")
        page.write_comment("A3", "[Threaded comment] Your version cannot show it")
    assert details(out.getvalue(), "Facts").comments[2, 2] == "Check this"
    thread = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="A3"><text>Is it?</text></threadedComment>'
        '<threadedComment ref="A3"><text>It is.</text></threadedComment></ThreadedComments>'
    )
    related = '<Relationship Id="rIdT" Type="t" Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    threaded = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(threaded, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == "xl/worksheets/_rels/sheet1.xml.rels":
                text = text.replace(b"</Relationships>", related.encode())
            new.writestr(part, text)
        new.writestr("xl/threadedComments/threadedComment1.xml", thread)
    assert details(threaded.getvalue(), "Facts").comments == {(2, 2): "Check this", (3, 1): "Is it?\nIt is."}


def with_cells(content: bytes, cells: str) -> bytes:
    """A workbook with more cells, as XML, in row 9 of each sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            row = f'<row r="9">{cells}</row></sheetData>'
            new.writestr(part, old.read(part).replace(b"</sheetData>", row.encode()))
    return out.getvalue()


def test_a_formula_without_its_result_and_an_error_are_noticed() -> None:
    cells = (
        '<c r="A9" t="str"><f>""</f><v></v></c><c r="B9"><f>1+1</f></c><c r="C9"><f>2</f><v>2</v></c>'
        '<c r="D9"><f>HYPERLINK("https://a.example")</f><v></v></c><c r="E9" t="e"><v>#REF!</v></c>'
    )
    assert details(with_cells(workbook("dd/mm/yyyy"), cells), "Days & months").doubtful == {
        (9, 2): ("=1+1", NO_RESULT),
        (9, 4): ('=HYPERLINK("https://a.example")', NO_RESULT),
        (9, 5): ("#REF!", "an error in place of a value"),
    }


def early(*numbers: float, shown: str = "yyyy-mm-dd", from_1904: bool = False) -> list[Value]:
    """The values of cells with numbers that are shown as days."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"date_1904": from_1904}) as book:
        form, page = book.add_format({"num_format": shown}), book.add_worksheet("Days")
        page.write_string(0, 0, "Date")
        for row, number in enumerate(numbers, 1):
            page.write_number(row, 0, number, form)
    (grid,) = read_grids(out.getvalue(), "a.xlsx")
    return [row[0] for row in grid.rows[1:]]


def test_numbers_before_the_days_that_excel_and_the_calendar_agree_on() -> None:
    assert early(59, 60, 61, 0, -5) == [date(1900, 2, 28), "1900-02-29", date(1900, 3, 1), 0, -5]
    assert early(60, 0, -5, from_1904=True) == [date(1904, 3, 1), date(1904, 1, 1), -5]
    assert early(0, 0.5, shown="hh:mm") == [time(0), time(12)]


def test_a_file_that_is_not_a_workbook_has_no_details() -> None:
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
