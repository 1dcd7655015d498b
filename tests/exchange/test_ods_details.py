"""Details of the cells of an .ods besides their values; its sheet is read like the same sheet in an .xlsx."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

from factstore.exchange.cell_details import NO_DETAILS
from factstore.exchange.grids import read_grids
from factstore.exchange.ods_details import details

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in (
        ("office", "office"),
        ("style", "style"),
        ("table", "table"),
        ("text", "text"),
        ("number", "datastyle"),
    )
)
_NAMES += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_STYLES = """
<number:date-style style:name="N1"><number:month/><number:year/></number:date-style>
<number:date-style style:name="N2"><number:day/><number:month/><number:year/></number:date-style>
<number:date-style style:name="N3"><number:year/></number:date-style>
<style:style style:name="month" style:data-style-name="N1"/><style:style style:name="day" style:data-style-name="N2"/>
<style:style style:name="year" style:data-style-name="N3"/>
"""
_DAY = 'office:value-type="date" office:date-value="2018-03-01"'
_ROWS = f"""
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/></table:table-row>
<table:table-row><table:table-cell table:style-name="month" {_DAY}/><table:table-cell table:style-name="day" {_DAY}/>
<table:table-cell table:style-name="year" {_DAY}><office:annotation><text:p>Not sure.</text:p><text:p>Ask Bo.</text:p>
</office:annotation></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:style-name="day" {_DAY} table:number-rows-spanned="2"/><table:table-cell
table:number-columns-repeated="2"/><table:table-cell office:value-type="string"><text:p><text:a
xlink:href="https://a.example/x">here</text:a></text:p></table:table-cell></table:table-row>
<table:table-row><table:covered-table-cell/><table:table-cell office:value-type="string"><text:p>B</text:p>
</table:table-cell></table:table-row>
"""


def workbook(rows: str = _ROWS, before: str = "") -> bytes:
    """An .ods with two sheets; the second has the rows."""
    content = (
        f'{before}<office:document-content {_NAMES} xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3">'
        f"<office:automatic-styles>{_STYLES}</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="First"><table:table-row><table:table-cell table:style-name="month" {_DAY}/>'
        f'</table:table-row></table:table><table:table table:name="Facts">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", f"<manifest:manifest xmlns:manifest='{_MANIFEST}'/>")
        packed.writestr("content.xml", re.sub(r">\n\s*<", "><", content).replace("\n", " "))
    return out.getvalue()


def test_each_detail_is_found_at_its_cell() -> None:
    found = details(workbook(), "Facts")
    assert found.meant == {(3, 1): 7, (3, 3): 4}
    assert found.links == {(4, 4): "https://a.example/x"}
    assert found.comments == {(3, 3): "Not sure.\nAsk Bo."}
    assert found.merged == ((4, 5, 1, 1),)


def test_days_are_counted_from_the_workbooks_own() -> None:
    counting = (
        '<table:calculation-settings><table:null-date table:date-value="1904-01-01"/></table:calculation-settings>'
    )
    content = workbook()
    assert details(content, "Facts").day_zero == date(1899, 12, 30)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        text = packed.read("content.xml").decode().replace("<office:spreadsheet>", f"<office:spreadsheet>{counting}")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("content.xml", text)
    assert details(out.getvalue(), "Facts").day_zero == date(1904, 1, 1)


def test_the_cells_are_those_of_the_same_sheet_elsewhere() -> None:
    [grid] = read_grids(workbook(), "facts.ods", ["Facts"])
    assert grid.rows[2][:3] == ["2018-03", date(2018, 3, 1), "2018"]
    assert [row[0] for row in grid.rows[3:]] == [date(2018, 3, 1)] * 2
    assert grid.links == {(4, 4): "https://a.example/x"}


def test_each_cell_of_a_run_of_equal_ones_has_its_details() -> None:
    rows = f"""
    <table:table-row table:number-rows-repeated="2"><table:table-cell table:style-name="month" {_DAY}
    table:number-columns-repeated="2"/></table:table-row>
    <table:table-row table:number-rows-repeated="1048574"><table:table-cell table:style-name="month"
    table:number-columns-repeated="16384"/></table:table-row>
    """
    assert details(workbook(rows), "Facts").meant == dict.fromkeys(((1, 1), (1, 2), (2, 1), (2, 2)), 7)
    [grid] = read_grids(workbook(rows), "facts.ods", ["Facts"])
    assert grid.rows == [["2018-03", "2018-03"]] * 2


def test_errors_and_formulas_without_results_are_listed() -> None:
    text = 'office:value-type="string"'
    rows = f"""
    <table:table-row><table:table-cell table:formula="of:=[.#REF!]" {text} office:string-value=""
    calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>
    <table:table-cell table:formula="of:=1/0" office:value-type="float" office:value="0"><text:p>#DIV/0!</text:p>
    </table:table-cell><table:table-cell table:formula="of:=[.B1]"/>
    <table:table-cell table:formula="of:=&quot;&quot;" {text} office:string-value=""/>
    <table:table-cell {text}><text:p>#REF!</text:p></table:table-cell></table:table-row>
    """
    error = "an error in place of a value"
    [grid] = read_grids(workbook(rows), "facts.ods", ["Facts"])
    assert {place: tuple(cell) for place, cell in grid.doubtful.items()} == {
        (1, 1): ("#REF!", error),
        (1, 2): ("#DIV/0!", error),
        (1, 3): ("=[.B1]", "a formula whose result is not in the file: open and save it in a spreadsheet program"),
    }


def test_a_file_that_is_not_a_workbook_has_no_details() -> None:
    assert details(b"rubbish", "Facts") == NO_DETAILS
    assert details(workbook(), "Nowhere") == NO_DETAILS
    assert details(workbook(before='<!DOCTYPE a [<!ENTITY b "c">]>'), "Facts") == NO_DETAILS
    assert details(workbook("<table:table-row>"), "Facts") == NO_DETAILS
