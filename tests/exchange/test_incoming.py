"""Which format a file is in."""

from __future__ import annotations

import pytest

from factstore.errors import InputError
from factstore.exchange import workbook, workbook_reading
from factstore.exchange.arrivals import Holdings
from factstore.exchange.extract import Extract
from factstore.exchange.headers import SheetOptions
from factstore.exchange.incoming import FORMATS, Incoming, format_of


def test_a_sheet_is_recognized_by_its_ending_or_its_first_bytes() -> None:
    assert [format_of(f"a{ending}", b"") for ending in (".csv", ".TSV", ".xlsx", ".ods")] == ["sheet"] * 4
    assert format_of("no ending", b"PK\x03\x04") == "sheet"


def test_a_files_content_counts_before_its_ending() -> None:
    formats = {**FORMATS, "other": Incoming(FORMATS["sheet"].read, (), lambda content: content.startswith(b"other"))}
    assert format_of("a.csv", b"other", None, formats) == "other"
    assert format_of("a.csv", b"other", "sheet", formats) == "sheet"


def test_a_format_that_is_not_known_is_refused() -> None:
    with pytest.raises(InputError, match=r"name it with --format: workbook, timelinejs, .*, sheet"):
        format_of("a.png", b"")
    with pytest.raises(InputError, match="did you mean sheet"):
        format_of("a.csv", b"", "sheets")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b'{"a":', "a.json", "a.json:1: the JSON breaks off; the file may be cut short"),
        (b'[{"id": "a",\n"title": "x"},\n', "a.json", "a.json:2: the JSON breaks off"),
        (b'\n[{"title": "x', "stdin", "stdin:2: the JSON breaks off"),
        ('{"a":'.encode("utf-16"), "a", "a:1: the JSON breaks off"),
        (b'{"a": 1}\n{"a":\n', "a.jsonl", "a.jsonl:2: the JSON breaks off"),
        (b'{"a": 1}\n{"a" 1}\n{"a": 2}', "a", "a:2: this is not JSON"),
        (b'[{"a": 1,\n"b" 2}]', "a", "a:2: this is not JSON"),
        (b"a = 1", "a.json", "a.json:1: this is not JSON"),
        (b'{"a": 1}', "a.json", "a.json: its format is not known"),
        (b"[a note](b.html)", "a.md", "a.md: its format is not known"),
    ],
)
def test_where_json_is_wrong_is_said_before_its_format(content: bytes, name: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        format_of(name, content, otherwise="sheet" if name == "stdin" else "")


def test_a_workbook_that_we_wrote_is_read_as_what_it_was_made_from(seed: Extract) -> None:
    content = workbook.write(seed).content
    assert format_of("a.xlsx", content) == "workbook"
    [arrival] = FORMATS["workbook"].read(content, "a.xlsx", SheetOptions(), Holdings())
    assert arrival.value == workbook_reading.read(content, "a.xlsx").value
