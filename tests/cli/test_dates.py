"""Wherever a person types a date, EDTF and words are accepted, and stderr says how words were read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_cli import Told, refused, run

DOCUMENT = """
sources:
  - {id: paper, title: Paper, published: 2018-04-02}
  - {id: book, title: Book}
facts:
  - {id: budget-passed, title: The March 2018 budget passed, when: 2018-03-15, evidence: [{source: paper}]}
  - {id: yesterday, title: A song came out, when: 2018-03-25, evidence: [{source: paper}]}
  - {id: caesar-murdered, title: Caesar was murdered, when: -0043-03-15, evidence: [{source: book}]}
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dates") / "facts.db"
    assert run("load", "-", db=path, stdin=DOCUMENT).code == 0
    return path


@pytest.fixture
def db(loaded: Path, path: Path) -> Path:
    return Path(shutil.copyfile(loaded, path))


def add(db: Path, *words: str, source: str = "paper") -> Told:
    return run("add", "It rained", "--source", source, *words, db=db)


def shown(db: Path, name: str = "it-rained") -> tuple[str | None, str | None, str | None]:
    found = run("show", name, "--json", db=db).json
    return found["when"], found["phrase"], found["anchor"]


class TestAdd:
    def test_absolute_words(self, db: Path) -> None:
        told = add(db, "--when", "20 March 2018", source="book")
        assert "read as 2018-03-20: " in told.err
        assert shown(db) == ("2018-03-20", "20 March 2018", None)

    def test_relative_words_are_read_from_the_source_s_day(self, db: Path) -> None:
        assert add(db, "--when", "late last week").code == 0
        assert shown(db) == ("[2018-03-29..2018-04-01]", "late last week", "2018-04-02")

    def test_or_from_the_anchor(self, db: Path) -> None:
        assert add(db, "--when", "the day before", "--anchor", "2018-01-02", "--phrase", "on New Year's Day").code == 0
        assert shown(db) == ("2018-01-01", "on New Year's Day", "2018-01-02")

    def test_what_counts_from_another_event_is_only_read_from_an_anchor_that_is_given(self, db: Path) -> None:
        refused(add(db, "--when", "two days later"), "--when", "relate the fact to that one", code=2)
        assert add(db, "--when", "two days later", "--anchor", "2018-03-26").code == 0
        assert shown(db) == ("2018-03-28", "two days later", "2018-03-26")

    def test_or_from_the_new_source_s(self, db: Path) -> None:
        told = add(db, "--when", "yesterday", "--published", "3 May 2018", "--publisher", "Wire", source="wire")
        assert told.err.count("read as") == 2
        assert shown(db) == ("2018-05-02", "yesterday", "2018-05-03")

    def test_and_are_refused_if_there_is_none(self, db: Path) -> None:
        refused(add(db, "--when", "yesterday", source="book"), "--when", "anchor", code=2)
        refused(add(db, "--when", "yesterday", source="nobody"), "there is no source 'nobody'")
        refused(add(db, "--when", "once upon a time"), "--when", "once upon a time", code=2)
        refused(add(db, "--when", "yesterday", "--anchor", "May"), "--anchor", code=2)

    def test_figures_are_read_both_ways_or_as_is_said(self, db: Path) -> None:
        add(db, "--when", "3/4/2018")
        add(db, "--when", "3/4/2018", "--dates", "month-first", "--id", "month-first")
        assert shown(db)[0] == "[2018-03-04,2018-04-03]"
        assert shown(db, "month-first")[0] == "2018-03-04"

    def test_edtf_is_not_kept_as_a_phrase_and_a_season_warns(self, db: Path) -> None:
        told = add(db, "--when", "1921-22")
        assert "1921/1922" in told.err
        assert shown(db) == ("1921-22", None, None)
        assert "read as" not in add(db, "--when", "-0043").err

    def test_without_a_date_only_the_words_are_kept(self, db: Path) -> None:
        add(db, "--phrase", "one day")
        assert shown(db) == (None, "one day", None)


class TestSaid:
    """Nobody can be quoted after the source was published: the paper is of Monday 2018-04-02."""

    def test_readings_after_the_publication_are_left_out(self, db: Path) -> None:
        told = add(db, "--said", "on Saturday")
        assert "read as 2018-03-31: " in told.err
        assert "by 2018-04-02, when its source was published" in told.err
        assert run("show", "it-rained/paper/1", "--json", db=db).json["said"] == "2018-03-31"
        assert add(db, "--said", "3/4/2018", "--id", "figures").code == 0
        assert run("show", "figures/paper/1", "--json", db=db).json["said"] == "2018-03-04"

    def test_and_from_a_correction(self, db: Path) -> None:
        add(db)
        assert "read as 2018-03-31: " in run("correct", "it-rained/paper/1", "--set", "said=on Saturday", db=db).err

    def test_there_is_a_warning_about_a_day_after_it_and_it_is_listed(self, db: Path) -> None:
        told = add(db, "--said", "2018-04-03")
        assert (told.code, "published 2018-04-02: one of the days is wrong" in told.err) == (0, True)
        assert "it-rained/paper/1" in run("conflicts", db=db).out

    def test_so_there_is_when_documents_are_loaded_and_many_are_counted(self, db: Path, tmp_path: Path) -> None:
        evidence = [{"source": "paper", "quote": f"so {number}", "said": "2019"} for number in range(12)]
        fact = {"id": "late", "title": "It was late", "evidence": evidence}
        document = tmp_path / "late.json"
        document.write_text(json.dumps({"facts": [fact]}))
        told = run("load", str(document), db=db).err
        assert told.count(" was said 2019, but paper was published 2018-04-02: one of the days is wrong\n") == 10
        assert "and 2 more were said after their source was published (factstore conflicts)\n" in told

    def test_other_days_are_as_they_were_given(self, db: Path) -> None:
        for said in ("2018-04-02", "[2018-03-31,2018-04-01]", "2018", "2018-04-02T12:00"):
            assert "when its source" not in add(db, "--said", said, "--id", f"f-{len(said)}").err
        assert "when its source" not in add(db, "--said", "3/4/2018", source="book").err


def test_a_question_about_last_week_is_answered_on_a_sunday_as_on_other_days(db: Path) -> None:
    asked = [run("before", "last", "week", "--anchor", day, db=db) for day in ("2018-03-31", "2018-04-01")]
    assert [told.code for told in asked] == [0, 0]
    assert all(told.err.startswith("read as 2018-03-19/2018-03-25: ") for told in asked)
    assert asked[0].out == asked[1].out


def test_evidence_is_dated_in_words_too(db: Path) -> None:
    told = run("cite", "yesterday", "--source", "paper", "--when", "last Sunday", "--said", "1 April 2018", db=db)
    assert (told.code, told.err.count("read as")) == (0, 2)
    cited = run("show", "yesterday/paper/2", "--json", db=db).json
    assert (cited["when"], cited["phrase"], cited["said"]) == ("2018-04-01", "last Sunday", "2018-04-01")
    told = run("correct", "yesterday/paper/2", "--set", "when=yesterday", "-m", "x", db=db)
    assert told.code == 0


def test_a_source_is_dated_in_words_too(db: Path) -> None:
    told = run("source", "add", "-", "--id", "wire", "--published", "3 May 2018", db=db, stdin="It rained.")
    assert told.code == 0
    assert run("show", "wire", "--json", db=db).json["published"] == "2018-05-03"


class TestCorrect:
    def test_the_words_and_their_anchor_are_corrected_with_the_date(self, db: Path) -> None:
        told = run("correct", "yesterday", "--set", "when=late last week", db=db)
        assert told.err.startswith("read as [2018-03-29..2018-04-01]: Late")
        assert shown(db, "yesterday") == ("[2018-03-29..2018-04-01]", "late last week", "2018-04-02")

    def test_unless_they_are_given(self, db: Path) -> None:
        run("correct", "yesterday", "--set", "when=20 March 2018", "--set", "phrase=that Tuesday", db=db)
        assert shown(db, "yesterday") == ("2018-03-20", "that Tuesday", None)

    def test_an_anchor_that_is_set_with_them_is_the_day_from_which_they_are_read(self, db: Path) -> None:
        refused(
            run("correct", "yesterday", "--set", "when=two days later", db=db), "relate the fact to that one", code=2
        )
        run("correct", "yesterday", "--set", "when=two days later", "--set", "anchor=2018-03-26", db=db)
        assert shown(db, "yesterday") == ("2018-03-28", "two days later", "2018-03-26")

    def test_a_date_can_still_be_removed(self, db: Path) -> None:
        assert run("correct", "yesterday", "--set", "when=", db=db).code == 0
        assert shown(db, "yesterday")[0] is None


class TestQuestions:
    def test_x_is_a_date_in_words(self, db: Path) -> None:
        told = run("before", "20 March 2018", "--certain", "--json", db=db)
        assert [found["id"] for found in told.json] == ["budget-passed", "caesar-murdered"]
        assert told.err.startswith("read as 2018-03-20: ")

    def test_words_that_read_as_a_date_are_one_rather_than_those_of_a_title(self, db: Path) -> None:
        assert "read as 2018-03: " in run("overlapping", "march 2018", db=db).err
        assert "read as 2018-03: " in run("overlapping", "March 2018", db=db).err

    def test_an_id_is_an_id_even_if_it_looks_like_words(self, db: Path) -> None:
        told = run("before", "yesterday", "--anchor", "2018-04-02", "--json", db=db)
        assert [found["id"] for found in told.json] == ["budget-passed", "caesar-murdered"]
        assert told.err == ""

    def test_relative_words_need_an_anchor(self, db: Path) -> None:
        refused(run("before", "last Tuesday", db=db), "anchor", code=2)
        assert run("before", "last Tuesday", "--anchor", "2018-04-02", db=db).code == 0

    def test_a_week_is_the_period_of_its_days(self, db: Path) -> None:
        told = run("overlapping", "the week before last", "--anchor", "2018-04-02", "--json", "--certain", db=db)
        assert told.err.startswith("read as 2018-03-19/2018-03-25: ")
        assert [found["id"] for found in told.json] == ["yesterday"]
        told = run("overlapping", "late", "last", "week", "--anchor", "2018-04-02", "--json", db=db)
        assert told.err.startswith("read as 2018-03-29/2018-04-01: ")

    def test_words_that_do_not_mean_an_exact_period_are_refused(self, db: Path) -> None:
        refused(run("before", "on Tuesday", "--anchor", "2018-04-02", db=db), "not a period known exactly", code=2)

    @pytest.mark.parametrize("x", ["-0043-03-16", "-0042", "43 BC"])
    def test_a_year_before_0_needs_no_dashes(self, db: Path, x: str) -> None:
        told = run("before", x, "--json", "--certain", db=db)
        assert [found["id"] for found in told.json] == ["caesar-murdered"]

    def test_and_options_are_still_options(self, db: Path) -> None:
        refused(run("before", "-0042", "--bogus", db=db), code=2)
        refused(run("before", "--bogus", db=db), "--bogus", code=2)
        refused(run("before", "-43", db=db), code=2)
        assert run("date", "-0043", db=db).out.startswith("-0043")
        assert run("between", "-0050", "-0042", "--certain", "--jsonl", db=db).out.count("\n") == 1


class TestWindow:
    @pytest.mark.parametrize("command", ["timeline", "facts"])
    def test_from_and_to_in_words(self, db: Path, command: str) -> None:
        told = run(
            command, "--from", "20 March 2018", "--to", "the day before", "--anchor", "2018-04-01", "--json", db=db
        )
        assert [found["id"] for found in told.json] == ["yesterday"]
        assert told.err.count("read as") == 2

    def test_a_year_before_0(self, db: Path) -> None:
        told = run("timeline", "--to", "-0043", "--json", db=db)
        assert [found["id"] for found in told.json] == ["caesar-murdered"]

    def test_a_picture_of_them(self, db: Path, tmp_path: Path) -> None:
        told = run("picture", str(tmp_path / "a.svg"), "--from", "2018", db=db)
        assert "drew 2 facts" in told.err

    def test_what_cannot_be_read(self, db: Path) -> None:
        refused(run("timeline", "--from", "once", db=db), "--from", code=2)
        refused(run("timeline", "--from", "2019", "--to", "2018", db=db), "2018 ends before 2019 begins", code=2)


class TestClocks:
    def test_words_are_read_from_today(self, db: Path) -> None:
        told = run("timeline", "--known-at", "yesterday", db=db)
        assert (told.code, told.out) == (0, "")
        assert "read as 20" in told.err
        assert run("timeline", "--known-at", "today", "--jsonl", db=db).out.count("\n") == 3
        assert "read as" in run("diff", "2 days ago", db=db).err

    def test_a_month_in_words(self, db: Path) -> None:
        told = run("timeline", "--published-by", "April 2018", "--jsonl", db=db)
        assert told.out.count("\n") == 2
        assert told.err.startswith("read as 2018-04: ")

    def test_a_position_and_a_moment_are_not_read_as_words(self, db: Path) -> None:
        for known in ("3", "2018", "2018-04-02T15:00:00Z"):
            assert "read as" not in run("timeline", "--known-at", known, db=db).err

    @pytest.mark.parametrize("words", ["early 2018", "since 2018", "c. 2018"])
    def test_a_single_day_month_or_year_is_asked_for(self, db: Path, words: str) -> None:
        refused(run("timeline", "--published-by", words, db=db), words, "not a single day, month or year", code=2)
        refused(run("timeline", "--published-by", "once upon a time", db=db), "once upon a time", code=2)


def test_a_dump_and_an_export_are_narrowed_too(db: Path, tmp_path: Path) -> None:
    dumped = run("dump", "--from", "20 March 2018", "--to", "the day before", "--anchor", "2018-04-01", db=db)
    assert "id: yesterday" in dumped.out
    assert "budget-passed" not in dumped.out
    told = run("export", str(tmp_path / "out.xlsx"), "--since", "2018", "--until", "20 March 2018", db=db)
    assert "wrote 1 fact " in told.err
    refused(run("export", str(tmp_path / "out.xlsx"), "--since", "once", db=db), "--from", code=2)
