"""Table files as cells: delimiters, encodings, invisible characters, and files that are not tables."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter

from factstore.errors import InputError
from factstore.exchange.cell_details import letters
from factstore.exchange.grids import Value, read_grids, text_of, tidy
from factstore.exchange.placeholders import says_nothing


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2017.0, "2017"),
        (51.5, "51.5"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (date(2018, 3, 20), "2018-03-20"),
        (datetime(2018, 3, 20), "2018-03-20"),
        (datetime(2018, 3, 20, 14, 30), "2018-03-20 14:30"),
        (time(14, 29, 59, 999_900), "14:30"),
        (timedelta(hours=30, minutes=5), "30:05"),
        ("as it is", "as it is"),
    ],
)
def test_a_cell_is_what_it_shows(value: Value, text: str) -> None:
    assert text_of(value) == text


def test_invisible_characters_are_not_kept() -> None:
    assert tidy(" 20\xa0March\u2009 2018\u200b ") == "20 March 2018"
    assert tidy("one \r\n two\rthree") == "one\ntwo\nthree"
    assert tidy("a\x00b") == "ab"
    assert says_nothing("N/A")
    assert says_nothing("–")
    assert not says_nothing("none")


def test_columns_have_letters() -> None:
    assert [letters(number) for number in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_delimiters_and_encodings_are_found_out(delimiter: str, encoding: str) -> None:
    rows = [["Date", "Event"], ["2018", "Café, closed"], ["2019", "“Fire”; flood\tand | wind"]]
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    (grid,) = read_grids(text.encode(encoding), "a.csv")
    assert grid.rows == [["Date", "Event"], ["2018", "Café, closed"], ["2019", tidy("“Fire”; flood\tand | wind")]]
    assert ("guessed" in grid.notes[0]) == (encoding in ("utf-16-le", "cp1252"))


def test_a_row_has_the_number_that_a_spreadsheet_gives_it() -> None:
    (grid,) = read_grids(b'Date,Event\n\n2018,"one\ntwo"\n2019,last\n', "a.csv")
    assert grid.rows == [["Date", "Event"], [], ["2018", "one\ntwo"], ["2019", "last"]]


def test_the_line_that_names_the_separator_is_not_data() -> None:
    (grid,) = read_grids(b"sep=;\r\nDate;Event\r\n2018;a,b,c\r\n", "a.csv")
    assert grid.rows == [[], ["Date", "Event"], ["2018", "a,b,c"]]


def listed(text: str | bytes) -> dict[tuple[int, int], str]:
    """The cells of a .csv that are listed, with what was read there."""
    (grid,) = read_grids(text if isinstance(text, bytes) else text.encode(), "a.csv")
    return {place: cell.text for place, cell in grid.doubtful.items()}


def test_a_cell_that_spans_lines_of_which_one_looks_like_a_row_is_listed() -> None:
    head = "Date,Event,Source\n"
    assert listed(f'{head}2018,"He came, saw\nand went, home",A\n') == {}
    swallowed = "wall,A\n2019,Roof,A\n2020,Floor"
    assert listed(f'{head}2018,"{swallowed}",A\n') == {(2, 2): swallowed}
    # Even if the rest of the row is shorter.
    assert listed(f'{head}2018,"{swallowed}"\n') == {(2, 2): swallowed}
    assert listed(f'{head}2018,"wall,A\n2019,roof",A\n') == {(2, 2): "wall,A\n2019,roof"}
    # At the edge of the row.
    assert listed(f'{head}2018,Wall,"A\n2019,Roof,A"\n') == {(2, 3): "A\n2019,Roof,A"}
    assert listed(f'{head}"2018,Wall,A\n2019",Roof,A\n') == {(2, 1): "2018,Wall,A\n2019"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_what_a_cell_itself_has_makes_its_lines_look_like_rows(end: str) -> None:
    head = f"Date,Event,Source,Notes{end}"
    assert listed(f'{head}2018,Wall,A,"one{end}two"{end}') == {}
    assert listed(f'{head}"20{end}18",Wall,A,x{end}') == {}
    assert listed(f'{head}"20{end}18",Wall,"A{end}B","one{end}{end}two"{end}') == {}
    swallowed = f"one{end}2019,Roof,A,x"
    assert listed(f'{head}2018,"Wall{end}fell",A,"{swallowed}"{end}') == {(2, 4): swallowed}


def test_a_byte_that_is_not_utf_8_changes_and_lists_its_own_cell_alone() -> None:
    content = "Date,Event\n2018,Café à Örnvik\n2019,Fête\n".encode() + "2020,Café ‘x’\n".encode("cp1252")
    (grid,) = read_grids(content, "a.csv")
    assert [row[1] for row in grid.rows] == ["Event", "Café à Örnvik", "Fête", "Café ‘x’"]
    assert listed(content) == {(4, 2): "Café ‘x’"}
    assert listed("Date,Event\n2018,Café\n2019,Fête\n".encode("cp1252")) == {}


def test_a_cell_with_control_characters_is_listed_with_them() -> None:
    content = b"Date,Event,Notes\n2018,A th\x00ing,a\tb\n2019,\x1b[31mred\x1b\x0b,x\n"
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for number, line in enumerate(content.decode().strip().split("\n")):
            page.write_row(number, 0, line.split(","))
    for file, name in ((content, "a.csv"), (out.getvalue(), "a.xlsx")):
        (grid,) = read_grids(file, name)
        assert grid.rows[1][1:] == ["A thing", "a b"]
        assert {place: tuple(cell) for place, cell in grid.doubtful.items()} == {
            (2, 2): ("A thing", "left out of it: control characters (U+0000)"),
            (3, 2): ("[31mred", "left out of it: control characters (U+001B, U+000B)"),
        }


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b'Date,Event\n2018,"never closed\n2019,next\n', "a.csv", "a.csv: B2 .* none closes it"),
        (b'Date,Event,By\n2018,Fire,A\n2019,"unclosed,A\n', "a.csv", "a.csv: B3 .* none closes it"),
        (b'Date,Event,By\n2018,"Wall,A\n2019,Roof,A\n2020,The "big" floor,A\n', "a.csv", "a.csv: B2 .* text follows"),
        (b'Date,Event\n2018,"a ""b"" c"d\n', "a.csv", "a.csv: B2 .* text follows"),
        (b"Date,Event,By\n2018," + b"x" * 140_000 + b",A\n", "a.csv", "a.csv: B2 .* too long"),
        (b"PK\x03\x04rubbish", "a.xlsx", "it is damaged or cut short"),
        (b"", "a.xlsx", "a.xlsx: it is empty"),
        (b"\xd0\xcf\x11\xe0rubbish", "a.xls", "not a workbook that can be read"),
    ],
)
def test_a_file_that_is_not_a_table_is_refused(content: bytes, name: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_grids(content, name)
