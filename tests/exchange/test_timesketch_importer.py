"""Our Timesketch JSON Lines, read by Timesketch's own importer.

It needs an interpreter with `timesketch-import-client`, which brings pandas and so is best kept separate; the test is
skipped without one. To make one: `python -m venv FOLDER`, `FOLDER/bin/pip install timesketch-import-client six` (it needs
six without declaring it), then `TIMESKETCH=FOLDER/bin/python`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from factstore.exchange import timesketch
from factstore.exchange.extract import Extract

IMPORTER = Path(__file__).parent / "timesketch_importer.py"


@pytest.fixture(scope="module")
def python() -> str:
    """An interpreter that has the importer."""
    found = os.environ.get("TIMESKETCH", sys.executable)
    looking = [found, "-c", "import timesketch_import_client.importer"]
    if subprocess.run(looking, capture_output=True, check=False).returncode:
        pytest.skip("there is no timesketch-import-client here")
    return found


def imported(python: str, content: bytes, folder: Path) -> list[dict[str, Any]]:
    """The events that the importer makes from a file, in the file's order."""
    path = folder / "chronology.timesketch.jsonl"
    path.write_bytes(content)
    done = subprocess.run(
        [python, str(IMPORTER), str(path)], capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    events: list[dict[str, Any]] = json.loads(done.stdout)
    return events


@pytest.mark.parametrize("name", ["seed", "hard"])
def test_the_importer_takes_each_event_as_it_is(
    name: str, python: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    extract: Extract = request.getfixturevalue(name)
    content = timesketch.write(extract).content
    assert imported(python, content, tmp_path) == [json.loads(line) for line in content.decode().splitlines()]


def test_the_importer_rewrites_what_it_cannot_use(python: str, tmp_path: Path) -> None:
    """So it means something that it leaves ours unchanged."""
    event = {"message": "Some day", "datetime": "some day", "timestamp_desc": "Happened", "_private": "x"}
    found = imported(python, json.dumps(event).encode(), tmp_path)
    assert found == [{"message": "Some day", "datetime": "", "timestamp_desc": "Happened"}]
