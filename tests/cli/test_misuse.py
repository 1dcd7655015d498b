"""What a newcomer types that cannot be meant: each is refused in a sentence that shows a way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from factstore.store import Store
from tests.cli.test_cli import refused, run

DOCUMENT: dict[str, Any] = {
    "sources": [{"id": "gazette", "publisher": "Gazette", "published": "1985-01-01"}],
    "facts": [
        {"id": name, "title": title, "when": when, "evidence": [{"source": "gazette"}]}
        for name, title, when in (
            ("strike-begins", "The strike begins", "1984-03-06"),
            ("strike-ends", "The strike ends", "1984-06-03"),
            ("fire", "A fire", "1984~"),
            ("dawn", "The dawn", None),
            ("dusk", "The dusk", None),
        )
    ],
    "orderings": [{"fact": "dawn", "relation": "before", "other": "dusk"}],
}


@pytest.fixture
def db(path: Path) -> Path:
    Store(path).load(DOCUMENT, by="Test")
    return path


@pytest.mark.parametrize(("x", "y"), [("1990", "1980"), ("strike-ends", "strike-begins"), ("dusk", "dawn")])
def test_the_ends_of_between_are_refused_where_they_are_certainly_reversed(db: Path, x: str, y: str) -> None:
    refused(run("between", x, y, db=db), f"{y} is over when {x} begins", f"only between {y} and {x}", code=2)
    assert run("between", y, x, db=db).code == 0


def test_an_answer_that_holds_nothing_certain_says_so(db: Path) -> None:
    told = run("after", "strike-ends", "--certain", db=db)
    assert told.err == "Nothing is certainly after strike-ends, as far as is known.\n"
    assert run("after", "strike-ends", db=db).out


@pytest.mark.parametrize("group", ["source", "speaker"])
def test_a_group_without_a_command_shows_its_help(db: Path, group: str) -> None:
    told = run(group, db=db)
    assert told.code == 2
    assert told.err.rstrip() == run(group, "--help", db=db).out.rstrip()


@pytest.mark.parametrize("words", ["'", "   ", "_ -"])
def test_a_search_for_no_word_is_refused_on_every_listing(db: Path, words: str) -> None:
    for asked in (
        ["facts", words],
        ["facts", "--text", words],
        ["timeline", "--text", words],
        ["dump", "--text", words],
    ):
        refused(run(*asked, db=db), "has no letter or digit to look for", code=2)


def test_a_dump_into_a_folder_that_is_not_there_names_the_folder(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(db.parent)
    for name in ("x.yaml", "x.csv"):
        refused(run("dump", "-o", f"nowhere/{name}", db=db), f"nowhere/{name}: no such file or directory")


def test_facts_for_scripts_lie_where_their_text_says(db: Path) -> None:
    [strike] = run("facts", "begins", "--json", db=db).json
    assert (strike["earliest"], strike["latest"]) == ("1984-03-06", "1984-03-06")
    [dusk] = run("facts", "dusk", "--json", db=db).json
    assert (dusk["latest"], dusk["begun_by"]) == (None, "1985-01-01")
    assert "1985-01-01" in run("timeline", "--text", "dusk", "--csv", db=db).out
    assert run("timeline", "--text", "dusk", "--json", db=db).json == run("facts", "dusk", "--json", db=db).json
