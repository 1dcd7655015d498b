"""Our TimelineJS JSON, read by TimelineJS's own loader.

It needs Node (20.6 or later) and two npm packages; the test downloads nothing and is skipped without them. To install
them: `npm install --prefix FOLDER @knight-lab/timelinejs jsdom`, then `TIMELINEJS=FOLDER/node_modules`; a
`tests/node_modules` needs no variable.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from factstore.exchange import timelinejs
from factstore.exchange.extract import Extract

HERE = Path(__file__).parent
LOADER = HERE / "timelinejs_loader.mjs"


@pytest.fixture(scope="module")
def modules() -> Path:
    """The folder of Node's packages."""
    folder = Path(os.environ.get("TIMELINEJS", HERE.parent / "node_modules"))
    if shutil.which("node") is None:
        pytest.skip("there is no Node here")
    for package in ("@knight-lab/timelinejs", "jsdom"):
        if not (folder / package).is_dir():
            pytest.skip(f"there is no {package} here")
    return folder.resolve()


def loaded(modules: Path, content: bytes, folder: Path) -> dict[str, Any]:
    """What the loader makes of a timeline, with its days as they are placed on its axis."""
    path = folder / "timeline.json"
    path.write_bytes(content)
    command = ["node", "--no-warnings", str(LOADER), str(modules), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    value: dict[str, Any] = json.loads(done.stdout)
    return value


def as_written(date: dict[str, int] | None) -> list[int] | None:
    """One of our dates as the loader keeps it: a missing part is the first of its kind."""
    if date is None:
        return None
    parts = {"month": 1, "day": 1, "hour": 0, "minute": 0} | date
    return [parts[name] for name in ("year", "month", "day", "hour", "minute")]


@pytest.mark.parametrize("name", ["seed", "hard"])
def test_the_loader_takes_every_slide_and_date_without_an_error(
    name: str, modules: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    extract: Extract = request.getfixturevalue(name)
    content = timelinejs.write(extract).content
    ours, theirs = json.loads(content), loaded(modules, content, tmp_path)
    assert theirs["errors"] == []
    assert (theirs["scale"], theirs["title"]["headline"]) == (ours["scale"], ours["title"]["text"]["headline"])
    slides = {slide["id"]: slide for slide in theirs["slides"]}
    assert slides.keys() == {slide["unique_id"] for slide in ours["events"]}
    assert len(slides) == len(theirs["slides"])
    for slide in ours["events"]:
        found = slides[slide["unique_id"]]
        assert found["start"] == as_written(slide["start_date"]), slide
        assert found["end"] == as_written(slide.get("end_date")), slide
        assert found["shown"] == slide["display_date"]
        assert found["headline"] == slide["text"]["headline"]
    starts = [slide["start"] for slide in theirs["slides"]]
    assert starts == sorted(starts)


def test_the_loader_keeps_the_evidence(seed: Extract, modules: Path, tmp_path: Path) -> None:
    """Its sanitiser removes nothing that a slide says."""
    content = timelinejs.write(seed).content
    theirs = {slide["id"]: slide["text"] for slide in loaded(modules, content, tmp_path)["slides"]}
    for slide in json.loads(content)["events"]:
        assert theirs[slide["unique_id"]].count("<blockquote>") == slide["text"]["text"].count("<blockquote>")
        assert theirs[slide["unique_id"]].count("<a ") == slide["text"]["text"].count("<a ")


def test_the_loader_reports_an_invalid_date(modules: Path, tmp_path: Path) -> None:
    """So the absence of reported errors means something."""
    slide = {"unique_id": "a", "start_date": {"year": "soon"}, "text": {"headline": "A", "text": ""}}
    assert loaded(modules, json.dumps({"scale": "human", "events": [slide], "title": {"text": {}}}).encode(), tmp_path)[
        "errors"
    ]
