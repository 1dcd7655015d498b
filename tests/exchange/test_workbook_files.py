"""A workbook that cannot be read is refused in one sentence that names the file, whatever is wrong with it."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from struct import pack, pack_into
from unittest import mock

import pytest
import xlsxwriter

from factstore.errors import InputError
from factstore.exchange import incoming, workbook_files
from factstore.exchange.arrivals import Holdings
from factstore.exchange.compound_files import is_encrypted
from factstore.exchange.grids import first_rows, read_grids
from factstore.exchange.headers import SheetOptions
from factstore.exchange.workbook_files import workbook
from tests.exchange.compound import SECTOR, compound, record, xls

DAMAGED = "this is not a workbook that can be read; it is damaged or cut short"
LOCKED = "it is protected with a password; save it without one"


def xlsx() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Date", "Event"])
        page.write_row(1, 0, ["2018-03-20", "A call was made"])
    return out.getvalue()


def refusal(content: bytes, name: str) -> str:
    """The sentence in which an import of a file is refused, however its format is found out; "" if it is not."""
    assert isinstance(first_rows(content), list)
    try:
        form = incoming.format_of(name, content)
        incoming.FORMATS[form].read(content, name, SheetOptions(), Holdings())
    except InputError as error:
        return str(error)
    return ""


def test_the_files_that_these_tests_damage_are_read() -> None:
    assert read_grids(xls(), "a.xls")[0].rows == [["Date", "Event"]]
    assert read_grids(xlsx(), "a.xlsx")[0].rows[0] == ["Date", "Event"]
    assert refusal(xlsx(), "a.xlsx") == ""


@pytest.mark.parametrize("made", [xls, xlsx])
def test_a_workbook_that_is_cut_short_is_said_to_be_damaged(
    made: Callable[[], bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    content, name = made(), f"a.{made.__name__}"
    for size in (4, 8, 100, SECTOR, SECTOR + 100, 2 * SECTOR, 3 * SECTOR, len(content) - SECTOR - 1):
        assert refusal(content[:size], name) == f"{name}: {DAMAGED}"
    assert refusal(b"", name) == f"{name}: it is empty"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("made", [xls, xlsx])
def test_a_damaged_workbook_is_read_or_refused(made: Callable[[], bytes], capfd: pytest.CaptureFixture[str]) -> None:
    content, name, chance = made(), f"a.{made.__name__}", random.Random(1)
    for _ in range(200):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 5, 40))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert re.fullmatch(rf"({name}: [^\n]+)?", refusal(bytes(damaged), name))
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("at", "number"),
    [
        (SECTOR + 4 * 3, 3),  # a sector of the stream follows itself
        (SECTOR + 4 * 3, 2),  # a circle
        (SECTOR + 4 * 3, 999),  # beyond the table
        (SECTOR + 4 * 3, 0xFFFF_FFFE),  # it ends early
        (SECTOR + 4 * 1, 1),  # the directory follows itself
        (2 * SECTOR + 128 + 116, 900),  # the stream begins outside the file
        (2 * SECTOR + 128 + 120, 2**31),  # it is longer than the file
        (76, 5000),  # the table is outside the file
        (30, 99),  # sectors of an impossible size
    ],
)
def test_a_chain_that_leads_out_of_a_file_or_in_a_circle_is_never_followed(at: int, number: int) -> None:
    content = bytearray(xls())
    pack_into("<I", content, at, number)
    assert refusal(bytes(content), "a.xls") == f"a.xls: {DAMAGED}"


def test_lists_of_sectors_in_a_circle_are_never_followed() -> None:
    content = bytearray(xls())
    pack_into("<I", content, 68, 0)
    pack_into("<I", content, 2 * SECTOR - 4, 0)
    assert refusal(bytes(content), "a.xls") == f"a.xls: {DAMAGED}"


@pytest.mark.parametrize(
    "claim",
    [
        record(0x0204, pack("<3HHB", 0, 256, 0, 1, 0) + b"x"),  # a cell beyond the last column
        record(0xBD, pack("<2HHIHIH", 0, 0, 0, 0, 0, 0, 60_000)),  # a run of them
        record(0x0200, pack("<IIHHH", 0, 2**31, 0, 1, 0)),  # an extent of more rows than there are
        record(0x0200, pack("<IIHHH", 9, 1, 0, 1, 0)),  # one that ends before it begins
        record(0xFC, pack("<II", 1, 2**31)),  # more texts than the file has room for
        record(0x85, pack("<IHBB", 2**31, 0, 1, 0) + b"x"),  # a sheet outside the file
    ],
)
def test_a_record_for_which_no_memory_has_room_is_never_read(claim: bytes) -> None:
    assert refusal(xls(claim), "a.xls") == f"a.xls: {DAMAGED}"


def test_a_workbook_that_is_protected_says_so() -> None:
    encrypted = compound({"EncryptionInfo": b"", "EncryptedPackage": b""})
    assert is_encrypted(encrypted)
    for name in ("a.xlsx", "a.xlsb", "a.xls"):
        assert refusal(encrypted, name) == f"{name}: {LOCKED}"
    # Of an .xls, the record FilePass comes first.
    old = xls().replace(record(0x85, b"")[:2], record(0x2F, b"")[:2], 1)
    assert refusal(old, "a.xls") == f"a.xls: {LOCKED}"
    assert refusal(_packed({"META-INF/manifest.xml": b"<manifest:encryption-data/>"}), "a.ods") == f"a.ods: {LOCKED}"
    zipped = bytearray(_packed({"xl/workbook.xml": b"<workbook/>"}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        zipped[zipped.index(mark) + (6 if mark[2] == 3 else 8)] |= 1
    assert refusal(bytes(zipped), "a.xlsx") == f"a.xlsx: {LOCKED}"


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def test_what_is_no_workbook_is_said_to_be_none() -> None:
    for content in (b"<html><table></table></html>", b"hello", _packed({"a.txt": b"a"})):
        said = refusal(content, "a.xls")
        assert said == "a.xls: this is not a workbook that can be read; save it as .xlsx or .csv"


def test_a_failure_of_the_reader_itself_is_a_sentence_too() -> None:
    class PanicException(BaseException):
        pass

    with pytest.raises(InputError, match=f"^a.xlsx: {DAMAGED}$"), workbook(xlsx(), "a.xlsx"):
        raise PanicException
    with pytest.raises(KeyboardInterrupt), workbook(xlsx(), "a.xlsx"):
        raise KeyboardInterrupt


def _xlsb(row: int = 1, column: int = 1) -> bytes:
    """An .xlsb with one sheet, whose last cell is in this row and column, counted from 0."""
    cells = [(0, pack("<I13x", 0)), (6, _cell(0, "Date")), (6, _cell(1, "Event"))]
    cells += [(0, pack("<I13x", row)), (6, _cell(column, "x"))]
    sheet = [(129, b""), (148, pack("<4I", 0, row, 0, column)), (145, b""), *cells, (146, b""), (130, b"")]
    listed = [(131, b""), (143, b""), (156, pack("<II", 0, 1) + _wide("rId1") + _wide("S")), (144, b""), (132, b"")]
    of = "http://schemas.openxmlformats.org"
    relation = (
        f'<Relationships xmlns="{of}/package/2006/relationships"><Relationship Id="rId1"'
        f' Type="{of}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    return _packed(
        {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.bin": _records(listed),
            "xl/worksheets/sheet1.bin": _records(sheet),
            "xl/_rels/workbook.bin.rels": relation.encode(),
        }
    )


def _records(several: list[tuple[int, bytes]]) -> bytes:
    return b"".join(
        (bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])) + bytes([len(held)]) + held
        for kind, held in several
    )


def _cell(column: int, text: str) -> bytes:
    return pack("<II", column, 0) + _wide(text)


def _wide(text: str) -> bytes:
    return pack("<I", len(text)) + text.encode("utf-16-le")


def test_an_xlsb_is_read_unless_it_reaches_too_far_or_is_damaged() -> None:
    assert read_grids(_xlsb(), "a.xlsb")[0].rows == [["Date", "Event"], ["", "x"]]
    assert refusal(_xlsb(1_048_575, 16_383), "a.xlsb").startswith(
        "a.xlsb: its cells reach as far as XFD1048576, and most"
    )
    content, chance = _xlsb(), random.Random(1)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    book, sheet = parts["xl/workbook.bin"], parts["xl/worksheets/sheet1.bin"]
    for _ in range(100):
        damaged = bytearray(book)
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        found = refusal(_packed(parts | {"xl/workbook.bin": bytes(damaged)}), "a.xlsb")
        assert re.fullmatch(r"(a.xlsb[:,] [^\n]+)?", found)
    cut = _packed(parts | {"xl/worksheets/sheet1.bin": sheet[:60]})
    assert refusal(cut, "a.xlsb") == f"a.xlsb: {DAMAGED}"
    for size in (4, 100, len(content) - 30):
        assert refusal(content[:size], "a.xlsb") == f"a.xlsb: {DAMAGED}"


def test_a_workbook_that_is_too_large_says_so() -> None:
    content = xlsx()
    with mock.patch.object(workbook_files, "UNPACKED", 100):
        workbook_files._fault.cache_clear()
        assert "unpacked it is larger than" in refusal(content, "a.xlsx")
    workbook_files._fault.cache_clear()
