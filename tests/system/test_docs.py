"""The docs show what happens."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.docs import documents, needs, rewritten


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_a_document_shows_what_its_commands_print(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    missing = [program for program in needs(text) if shutil.which(program) is None]
    if missing:
        pytest.skip(f"this machine has no {', '.join(missing)}")
    assert rewritten(text) == text, "run `make docs` and look at what changed"
