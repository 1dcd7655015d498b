"""Table files as cells: delimiters, encodings, what cannot be seen, and what is no table."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from factstore.errors import InputError
from factstore.exchange.grids import Value, letters, read_grids, says_nothing, text_of, tidy


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


def test_what_cannot_be_seen_is_not_kept() -> None:
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


def test_the_line_that_names_the_separator_is_no_data() -> None:
    (grid,) = read_grids(b"sep=;\r\nDate;Event\r\n2018;a,b,c\r\n", "a.csv")
    assert grid.rows == [[], ["Date", "Event"], ["2018", "a,b,c"]]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b'Date,Event\n2018,"never closed\n2019,next\n', "a.csv", "a.csv: row 2: a quotation mark"),
        (b"PK\x03\x04rubbish", "a.xlsx", "it is damaged or cut short"),
        (b"", "a.xlsx", "not a workbook that can be read"),
        (b"\xd0\xcf\x11\xe0rubbish", "a.xls", "not a workbook that can be read"),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, name: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_grids(content, name)
