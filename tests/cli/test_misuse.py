"""Mistakes that newcomers make: each is refused in a sentence that says what to do instead."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from factstore.errors import InputError
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


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("misuse") / "facts.db"
    with Store(path) as store:
        store.load(DOCUMENT, by="Test")
    return path


@pytest.fixture
def db(loaded: Path, path: Path) -> Path:
    return Path(shutil.copyfile(loaded, path))


@pytest.mark.parametrize(("x", "y"), [("1990", "1980"), ("strike-ends", "strike-begins"), ("dusk", "dawn")])
def test_the_ends_of_between_are_refused_where_they_are_certainly_reversed(db: Path, x: str, y: str) -> None:
    refused(run("between", x, y, db=db), f"{y} ends before {x} begins", f"only between {y} and {x}", code=2)
    assert run("between", y, x, db=db).code == 0


def test_an_answer_with_nothing_certain_says_so(db: Path) -> None:
    told = run("after", "strike-ends", "--certain", db=db)
    assert told.err == "Nothing is certainly after strike-ends, as far as is known.\n"
    assert run("after", "strike-ends", db=db).out


@pytest.mark.parametrize("group", ["source", "speaker"])
def test_a_group_without_a_command_shows_its_help(db: Path, group: str) -> None:
    told = run(group, db=db)
    assert told.code == 2
    assert told.err.rstrip() == run(group, "--help", db=db).out.rstrip()


@pytest.mark.parametrize("words", ["'", "_ -"])
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


def test_facts_for_scripts_have_the_same_bounds_as_in_words(db: Path) -> None:
    [strike] = run("facts", "begins", "--json", db=db).json
    assert (strike["earliest"], strike["latest"]) == ("1984-03-06", "1984-03-06")
    [dusk] = run("facts", "dusk", "--json", db=db).json
    assert (dusk["latest"], dusk["begun_by"]) == (None, "1985-01-01")
    assert "1985-01-01" in run("timeline", "--text", "dusk", "--csv", db=db).out
    assert run("timeline", "--text", "dusk", "--json", db=db).json == run("facts", "dusk", "--json", db=db).json


def test_load_and_import_name_each_other(db: Path, tmp_path: Path) -> None:
    for name, content in (("case.xlsx", b"PK\x03\x04\xff"), ("sheet.csv", b"Date,What happened\n1984,It rained\n")):
        (tmp_path / name).write_bytes(content)
        told = run("load", str(tmp_path / name), db=db)
        assert told.code in (1, 2)
        assert f"`factstore import {tmp_path / name}`" in told.err
        assert told.err.count("attribution") <= 1
    (tmp_path / "chronology.yaml").write_text("facts: []\n")
    refused(run("import", str(tmp_path / "chronology.yaml"), db=db), "`factstore load ", code=2)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", "facts: [{id: a, title: A, participants: [the dockers], evidence: [{source: gazette}]}]"),
        (
            "a.json",
            '{"facts": [{"id": "a", "title": "A", "participants": ["the dockers"], "evidence": [{"source": "gazette"}]}]}',
        ),
        (
            "a.jsonl",
            '{"fact": {"id": "a", "title": "A", "participants": ["the dockers"], "evidence": [{"source": "gazette"}]}}',
        ),
        ("a.csv", 'id,title,source,participants\na,A,gazette,"[""the dockers""]"\n'),
    ],
)
def test_a_participant_may_be_a_bare_name_in_every_format(db: Path, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert run("load", str(tmp_path / name), db=db).code == 0
    assert Store(db).fact("a").participants == ({"name": "the dockers"},)
    Store(db).correct("a", {"participants": ["the miners"]})
    assert Store(db).fact("a").participants == ({"name": "the miners"},)
    assert run("correct", "a", "--set", "participants=the nurses", db=db).code == 0
    assert Store(db).fact("a").participants == ({"name": "the nurses"},)


@pytest.mark.parametrize(
    ("change", "words"),
    [("title=", "fire: title: a fact cannot be without it"), ("title= ", "fire: title: it is empty")],
)
def test_a_correction_is_refused_in_our_own_words(db: Path, change: str, words: str) -> None:
    refused(run("correct", "fire", "--set", change, db=db), words, code=2)
    with pytest.raises(InputError, match="perhaps is not one of asserts"):
        Store(db).correct("fire/gazette/1", {"stance": "perhaps"})


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["date", "2001-02-29"], "2001-02 has no day 29"),
        (["before", "2001-02-29"], "2001-02 has no day 29"),
        (["date", "Wed 4 May 2021"], "2021-05-04 is a Tuesday, not a Wednesday"),
        (["add", "", "--source", "gazette"], "it is empty"),
        (["add", "B", "--source", "gazette", "--id", "Bad Id"], "'--id': 'Bad Id' is not an id"),
        (["add", "B", "--source", "gazette", "--when", "2001-02-29"], "2001-02 has no day 29"),
        (["add", "B", "--source", "gazette", "--lasts-min", "3"], "'3' is not a duration"),
        (["add", "B", "--source", "gazette", "--lasts-min", "P3D", "--lasts-max", "P1D"], "at least P3D"),
        (
            ["add", "B", "--source", "gazette", "--lasts", "P3D", "--lasts-max", "P4D"],
            "--lasts is both the least and the most",
        ),
        (["relate", "fire", "befor", "dawn"], "'befor' is not one of"),
        (["relate", "fire", "after", "dawn", "--gap-min", "3"], "'3' is not a duration"),
        (["speaker", "add", " "], "it is empty"),
        (["add", "B", "--source", ""], "'--source': it is empty"),
        (["cite", "fire", "--source", " "], "'--source': it is empty"),
        (["cite", "fire", "--publisher", " "], "'--publisher': it is empty"),
        (["add", "B", "--source", "g2", "--source-title", ""], "'--source-title': it is empty"),
        (["relate", "fire", "before", "dawn", "--source", ""], "'--source': it is empty"),
        (["show", ""], "it is empty"),
        (["before", ""], "it is empty"),
        (["facts", " "], "it is empty"),
        *((["export", "-", "--format", "ftm", name, ""], f"'{name}': it is empty") for name in ("--tag", "--text")),
        *((["dump", name, " "], "it is empty") for name in ("--participant", "--place", "--source")),
        *((["timeline", name, ""], "it is empty") for name in ("--from", "--to")),
        (["share", "part.db", "--text", ""], "'--text': it is empty"),
        (["speaker", "add", "Ann", "--id", "Ann"], "'Ann' is not an id"),
        (["source", "add", "--id", "The Gazette"], "'The Gazette' is not an id"),
    ],
)
def test_errors_in_the_arguments_end_with_2(db: Path, words: list[str], problem: str) -> None:
    refused(run(*words, db=db), problem, code=2)


@pytest.mark.parametrize(
    "words",
    [
        ["add", "B", "--source", "reuters"],
        ["cite", "fire", "--source", "reuters"],
        ["relate", "fire", "before", "dawn", "--source", "reuters"],
        ["relate", "fire", "before", "nothing"],
    ],
)
def test_refusals_by_the_ledger_end_with_1(db: Path, words: list[str]) -> None:
    refused(run(*words, db=db), "there is no ", code=1)


def test_the_refusal_of_an_unknown_source_says_how_to_record_one(db: Path, tmp_path: Path) -> None:
    for ledger in (db, tmp_path / "new.db"):
        told = run("add", "B", "--source", "reuters", db=ledger)
        refused(told, "there is no source 'reuters'", "--publisher", "`factstore source add --id reuters`")
    refused(run("add", "B", "--source", "gazete", db=db), "did you mean gazette?")


def test_the_refusal_of_ambiguous_figures_names_the_option_that_decides(db: Path) -> None:
    refused(run("before", "3/4/1984", db=db), "'3/4/1984' may be 3 April 1984 or 4 March 1984: --dates dmy", code=2)
    assert run("before", "3/4/1984", "--dates", "dmy", db=db).code == 0


@pytest.mark.parametrize(
    ("words", "unread"),
    [("the fortnight of 9 Juneish 1984", "'the fortnight of 9 juneish 1984'"), ("some week in may 84", "'may 84'")],
)
def test_words_like_a_date_that_cannot_be_read_do_not_name_a_fact(db: Path, words: str, unread: str) -> None:
    told = run("overlapping", words, db=db)
    refused(told, unread, code=2)
    assert "there is no fact" not in told.err


@pytest.mark.parametrize("words", ["an hour ago", "90 minutes ago", "half an hour ago", "1 second ago"])
def test_a_clock_in_words_is_a_moment_to_the_second(db: Path, words: str) -> None:
    told = run("facts", "--known-at", words, db=db)
    assert re.match(r"read as \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n", told.err), told
    assert told.code == 0


@pytest.mark.parametrize("words", ["this morning", "yesterday evening", "last night", "last week", "at 3pm"])
def test_a_clock_in_words_that_name_no_moment_is_refused_with_advice(db: Path, words: str) -> None:
    told = run("facts", "--known-at", words, db=db)
    refused(told, f"{words!r} is not a single moment, day, month or year", code=2)
    assert run("facts", "--known-at", told.err.split()[-1], db=db).code == 0
    refused(run("facts", "--published-by", words, db=db), f"{words!r} is not a single day, month or year", code=2)


@pytest.mark.parametrize("typed", [("timeline", "--tag", "a", "--tag", "b"), ("facts", "--limit", "3", "--limit=4")])
def test_an_option_with_one_value_is_not_given_twice(typed: tuple[str, ...], tmp_path: Path) -> None:
    refused(run(*typed, db=tmp_path / "none.db"), f"{typed[1]} is given 2 times, and has one value", code=2)
