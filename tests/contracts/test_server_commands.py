"""Commands that make files or pages from a ledger, for a ledger on a server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from factstore.cli import cli
from factstore.store import Store
from tests.contracts.contract import SEED
from tests.support.postgresql import Server


@pytest.fixture(scope="module")
def place(server: Server) -> str:
    made = server.ledger()
    Store(made).load(SEED, message="the article", by="Test")
    return made


def _run(place: str, *words: str) -> Result:
    done = CliRunner().invoke(cli, [words[0], "--db", place, *words[1:]])
    assert done.exit_code in (0, 1), done.output
    return done


def test_a_picture_is_the_same_as_of_a_file(place: str, tmp_path: Path) -> None:
    file = str(tmp_path / "same.db")
    Store(place).copy(file)
    for ending in ("svg", "html"):
        for name, ledger in (("server", place), ("file", file)):
            drawn = _run(ledger, "picture", str(tmp_path / f"{name}.{ending}"), "--title", "The expulsions")
            assert drawn.exit_code == 0, drawn.output
    assert (tmp_path / "server.svg").read_text() == (tmp_path / "file.svg").read_text()
    assert len((tmp_path / "server.html").read_text()) == len((tmp_path / "file.html").read_text())


def test_a_part_that_is_shared_is_a_file_under_the_head_of_the_whole(place: str, tmp_path: Path) -> None:
    part = str(tmp_path / "part.db")
    shared = _run(place, "share", part, "--tag", "expulsion")
    assert shared.exit_code == 0, shared.output
    with Store(part) as handed_over:
        assert handed_over.head() == Store(place).head()
        assert handed_over.verify(part=True).problems == []
    against = _run(place, "verify", "--against", part)
    assert against.exit_code == 0, against.output
    assert f"the same as {part}, a part of it (" in " ".join(against.output.split())
    for option, code in ((["--part"], 0), ([], 1)):
        back = _run(part, "verify", *option, "--against", place)
        assert back.exit_code == code, back.output
        assert "a part of a ledger (" in " ".join(back.stdout.split())
    told = json.loads(_run(part, "verify", "--part", "--against", place, "--json").stdout)
    assert told["against"]["own_part"] == told["part"]
    assert "part" not in told["against"]


def test_verify_does_not_mention_a_file(place: str) -> None:
    told = _run(place, "verify")
    assert told.exit_code == 0, told.output
    assert "a complete rewrite of the ledger would pass" in told.output
    assert "file" not in told.output.replace(place, "")


def test_verify_against_a_copy_that_went_on_says_by_whom(place: str, server: Server) -> None:
    other = server.ledger()
    Store(place).copy(other)
    Store(other).load({"sources": [{"id": "extra"}]}, message="one more", by="Bob")
    told = _run(place, "verify", "--against", other)
    assert told.exit_code == 0, told.output
    assert "behind" in told.output
    assert "one more" in told.output


@pytest.fixture
def address(place: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address at which `browse` shows the ledger, and its process."""
    pytest.importorskip("datasette")
    command = [sys.executable, "-m", "factstore", "browse", "--db", place, "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"}
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_the_browser_shows_a_verified_copy_that_says_from_when_it_is(
    place: str, address: tuple[str, subprocess.Popen[str]]
) -> None:
    url, _ = address
    with urlopen(url, timeout=30) as answer:
        page = answer.read().decode()
    assert f"as of record {Store(place).head().position}" in page
    assert "it does not contain what was recorded since" in page
