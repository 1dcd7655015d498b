"""Commands pass through the code as docs/architecture.md describes."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import FrameType

import pytest

from tests.cli.test_cli import SEED, run

ROOT = Path(__file__).parents[2]
PACKAGE = f"{ROOT / 'factstore'}/"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

#: Files that are only used at times: for a date, for reasons, for output to programs, to undo a commit.
AT_TIMES = {"dates/written.py", "repository/reasons.py", "rendering/data.py", "writing/reverting.py"}


def described(heading: str) -> set[str]:
    """The files that a section of the page names."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return {*re.findall(r"`(\w[\w/]*\.py)`", section)} - {"tests/system/test_ways.py", "tests/cli/test_start.py"}


def passed_through(*words: str, db: Path) -> set[str]:
    """The files of the package in which a command calls something."""
    found = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(PACKAGE):
            found.add(frame.f_code.co_filename.removeprefix(PACKAGE))

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        done = run(*words, db=db)
    finally:
        sys.setprofile(before)
    assert done.code == 0
    return found


@pytest.mark.parametrize(
    ("heading", "words", "most"),
    [
        ("A document's way in", ["load", str(SEED)], 17),
        ("A question's way out", ["before", "russia-expels-60-us-diplomats", "--why"], 13),
        ("A correction", ["correct", "trump-putin-call", "--set", "place=Washington"], 13),
    ],
)
def test_a_command_passes_through_the_files_described(path: Path, heading: str, words: list[str], most: int) -> None:
    if words[0] != "load":
        assert run("load", str(SEED), db=path).code == 0
    named = described(heading)
    assert 5 <= len(named) <= most
    assert named - passed_through(*words, db=path) <= AT_TIMES
