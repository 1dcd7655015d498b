"""Commands repeated under a request id: the same again is a no-op, anything else is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from factstore.store import Store
from factstore.writing import digests
from tests.cli.test_cli import refused, run

ADD = ("add", "Bells rang", "--when", "2018-04-01", "--publisher", "The Gazette", "--request", "bells")


@pytest.fixture
def db(path: Path) -> Path:
    Store(path).init(by="Test")
    return path


def test_a_command_that_made_its_source_then_finds_it_now_and_is_the_same(db: Path) -> None:
    assert run(*ADD, db=db).code == 0
    head = Store(db).head()
    again = run(*ADD, "--by", "Bob", "-m", "again", db=db)
    assert (again.code, again.out) == (0, "bells-rang\n")
    assert "was committed before" in again.err
    assert Store(db).head() == head


@pytest.mark.parametrize("other", [("--place", "Oslo"), ("--phrase", "on Sunday"), ("--participant", "Ann")])
def test_a_command_with_other_words_is_refused(db: Path, other: tuple[str, ...]) -> None:
    assert run(*ADD, db=db).code == 0
    refused(run(*ADD, *other, db=db), "the request bells was committed before", "with other content")


def test_the_last_commit_is_the_same_words_whichever_it_is(db: Path) -> None:
    run(*ADD, db=db)
    for _ in range(2):
        assert run("revert", "last", "--allow-unsupported", "--request", "back", db=db).code == 0
    refused(run("revert", "3", "--request", "back", db=db), "with other content")


def test_a_file_with_other_content_is_refused(db: Path, tmp_path: Path) -> None:
    file = tmp_path / "notes.yaml"
    file.write_text("sources: [{id: gazette}]")
    for _ in range(2):
        assert run("load", str(file), "--request", "notes", db=db).code == 0
    file.write_text("sources: [{id: herald}]")
    refused(run("load", str(file), "--request", "notes", db=db), "with other content")


def test_no_file_is_read_for_a_digest_without_a_request(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def noted(path: Path) -> str:
        read.append(path)
        return ""

    monkeypatch.setattr(digests, "_file", noted)
    file = tmp_path / "notes.yaml"
    file.write_text("sources: [{id: gazette}]")
    assert run("load", str(file), db=db).code == 0
    assert read == []
    assert run("load", str(file), "--request", "notes", db=db).code == 0
    assert read == [file]
