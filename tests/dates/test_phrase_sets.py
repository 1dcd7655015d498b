"""The script that counts phrases agrees with the reader, and our own set shows what is not read yet."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from tests.support import phrase_sets
from tests.support.phrase_sets import ANCHOR, counted, lines_of, own

#: What people write that is not a date, or cannot be read without knowing more.
UNREAD = """
20 Mar 18; eighteen hundred and fifty; FY2018; the turn of the century; every Tuesday; shortly before midnight;
throughout 2017; not yet in 2017; date unknown; n.d.; undated; the Bronze Age; Diwali 2018; Independence Day
"""


def test_all_of_our_own_set_is_read_except_what_says_too_little() -> None:
    assert counted(own()).refused == [phrase.strip() for phrase in UNREAD.split(";")]


def test_lines_have_the_expected_days_and_an_anchor() -> None:
    text = (
        "yesterday\t2018-04-01\n\non Tuesday\t2018-03-20\nyesterday evening\t2018-03-01/2018-03-02\t2018-03-02\nsoon\n"
    )
    count = counted(lines_of(text, ANCHOR))
    assert count.read == {
        "yesterday": "2018-04-01",
        "on Tuesday": "[2018-03-27,2018-04-03]",
        "yesterday evening": "2018-03-01",
    }
    assert count.refused == ["soon"]
    assert [*count.otherwise] == ["on Tuesday"]
    assert [line.anchor for line in lines_of(text, ANCHOR)] == [ANCHOR, ANCHOR, date(2018, 3, 2), ANCHOR]


def test_the_command_counts_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "phrases.txt"
    file.write_text("yesterday\t2018-04-01\non Tuesday\t2018-03-20\nsoon\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["phrase_sets", str(file), "--show"])
    phrase_sets.main()
    assert capsys.readouterr().out == (
        "3 phrases: 2 read, 1 refused; 2 with what is meant, 1 read otherwise\n"
        "otherwise\ton Tuesday\t[2018-03-27,2018-04-03], not 2018-03-20/2018-03-20\n"
        "refused\tsoon\n"
    )
