"""Commands about sources, texts, speakers and quotes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.test_cli import process, refused, row_count, run

TEXT = "They spoke on Monday.\r\nOn Tuesday the “envoy” left. They spoke again.\n"
NOTES = """\
sources: [{id: paper, title: The paper}]
facts:
  - id: call
    title: They spoke
    evidence:
      - {source: paper, quote: 'the "envoy" left'}
"""


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "The article.txt"
    path.write_bytes(TEXT.encode())
    return path


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.yaml"
    path.write_text(NOTES)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "facts.db"


class TestSourceAdd:
    def test_a_new_source_is_called_by_its_file(self, path: Path, article: Path) -> None:
        told = run("source", "add", str(article), "--published", "2018-04-02", db=path)
        assert told == (
            0,
            "the-article\n",
            "made a new ledger; recorded 1 source; kept the text of the-article; commit 4\n",
        )
        (source,) = run("sources", "--json", db=path).json
        assert (source["text"], source["published"]) == (hashlib.sha256(TEXT.encode()).hexdigest(), "2018-04-02")
        again = run("source", "add", str(article), "--published", "2018-04-02", db=path)
        assert again == (0, "the-article\n", "1 as it was; nothing was written\n")

    def test_an_existing_source_gets_the_text_and_its_quotes_are_checked(
        self, path: Path, article: Path, notes: Path
    ) -> None:
        run("load", str(notes), db=path)
        told = run("source", "add", "-", "--id", "paper", "-m", "from the archive", db=path, stdin=TEXT.encode())
        assert told == (0, "paper\n", "changed paper; kept the text of paper; quotes: 1 normalised; commit 9\n")
        assert run("source", "text", "paper", db=path).out.encode() == TEXT.encode()
        assert run("who-says", "call", "--json", db=path).json[0]["check"] == "normalised"

    def test_another_text_needs_correct(self, path: Path, article: Path, notes: Path) -> None:
        run("load", str(notes), "--archive", f"paper={article}", db=path)
        refused(run("source", "add", str(notes), "--id", "paper", db=path), "paper: text", "--correct")
        told = run("source", "add", str(notes), "--id", "paper", "--correct", "--allow-missing", db=path)
        assert (told.code, told.err.partition("quotes: ")[2]) == (0, "1 verbatim; commit 9\n")

    def test_a_text_is_still_given_under_the_former_name(self, path: Path, article: Path, notes: Path) -> None:
        assert run("load", str(notes), "--text", f"paper={article}", db=path).code == 0
        assert run("source", "text", "paper", db=path).out.encode() == article.read_bytes()
        shown = run("load", "--help", db=path).out
        assert ("--archive ID=FILE" in shown, "--text" in shown) == (True, False)

    def test_a_file_that_is_not_text_is_misuse(self, path: Path, tmp_path: Path) -> None:
        (tmp_path / "page.pdf").write_bytes(b"%PDF-1.7 \xff")
        refused(run("source", "add", str(tmp_path / "page.pdf"), db=path), "page.pdf: it is not UTF-8 text", code=2)
        refused(run("source", "add", str(tmp_path / "gone.txt"), db=path), "gone.txt: no such file", code=2)
        assert not path.exists()

    def test_a_text_that_is_not_kept_is_reported(self, path: Path, article: Path, notes: Path) -> None:
        run("load", str(notes), "--archive", f"paper={article}", "--hash-only", db=path)
        refused(
            run("source", "text", "paper", db=path), "the text of paper is not archived", "source add FILE --id paper"
        )
        assert run("source", "add", str(article), "--id", "paper", db=path).err == (
            "1 as it was; kept the text of paper; nothing else was written\n"
        )


class TestLoad:
    def test_a_missing_quote_is_refused_with_file_and_line_unless_allowed(
        self, path: Path, article: Path, notes: Path
    ) -> None:
        notes.write_text(NOTES.replace('the "envoy" left', "the envoys left"))
        told = run("load", str(notes), "--archive", f"paper={article}", db=path)
        refused(told, "notes.yaml:6: evidence 1 of call: the quote is not in the text of paper", "--allow-missing")
        assert not path.exists()
        told = run("load", str(notes), "--archive", f"paper={article}", "--allow-missing", db=path)
        assert told.err.endswith("kept the text of paper; quotes: 1 missing; commit 6\n")

    def test_a_text_names_its_source_and_its_file(self, path: Path, article: Path, notes: Path) -> None:
        refused(run("load", str(notes), "--archive", "paper", db=path), "--archive 'paper': it must be ID=FILE", code=2)
        refused(run("load", str(notes), "--archive", "paper=gone", db=path), "gone: no such file", code=2)
        refused(
            run("load", str(notes), "--archive", f"papre={article}", db=path), "text of papre", "did you mean paper?"
        )

    def test_a_document_that_is_behind_is_reported(self, path: Path, notes: Path) -> None:
        run("load", str(notes), db=path)
        run("correct", "call", "--set", "title=They talked", db=path)
        assert run("load", str(notes), db=path).err == (
            "3 as they were; as corrected since, not as the document says: call; nothing was written\n"
        )

    def test_a_ledger_moves_whole(self, path: Path, article: Path, notes: Path, tmp_path: Path) -> None:
        run("load", str(notes), "--archive", f"paper={article}", db=path)
        dump = run("dump", "--texts", db=path).out
        assert run("load", "-", db=tmp_path / "other.db", stdin=dump).code == 0
        assert run("dump", "--texts", db=tmp_path / "other.db").out == dump
        assert run("load", "-", db=path, stdin=dump).err == "3 as they were; nothing was written\n"


class TestCite:
    def test_the_text_around_it_decides_which_place_of_a_repeated_quote_is_meant(
        self, path: Path, article: Path, notes: Path
    ) -> None:
        run("load", str(notes), "--archive", f"paper={article}", db=path)
        quoting = ("--source", "paper", "--quote", "They spoke")
        for command in (("cite", "call"), ("add", "They met"), ("relate", "call", "before", "it")):
            if command[0] == "relate":
                run("add", "It was", "--id", "it", "--source", "paper", db=path)
            refused(
                run(*command, *quoting, db=path),
                "has the quote 2 times",
                "1. …[They spoke] on Monday",
                "prefix or suffix",
            )
            told = run(*command, *quoting, "--suffix", " again", db=path)
            assert (told.code, "quotes: 1 verbatim" in told.err) == (0, True)
            assert run(*command, *quoting, "--allow-missing", db=path).code == 0

    def test_a_corrected_quote_is_checked_too(self, path: Path, article: Path, notes: Path) -> None:
        run("load", str(notes), "--archive", f"paper={article}", db=path)
        wrong = ("correct", "call/paper/1", "--set", "quote=the envoy stayed")
        refused(run(*wrong, db=path), "call/paper/1: the quote is not in the text of paper", "--allow-missing")
        assert run(*wrong, "--allow-missing", db=path).err.startswith("changed call/paper/1; quotes: 1 missing")


class TestCheckQuotes:
    def test_missing_quotes_are_listed_and_shown_by_the_exit_code(self, path: Path, article: Path, notes: Path) -> None:
        run("load", str(notes), "--archive", f"paper={article}", db=path)
        told = run("check-quotes", db=path)
        assert told == (
            0,
            "",
            "Every quote that can be checked is in its source's text.\nquotes: 1 normalised; nothing was written\n",
        )
        run("cite", "call", "--source", "paper", "--quote", "They spoke", "--allow-missing", db=path)
        told = run("check-quotes", db=path)
        assert (told.code, told.out.splitlines()[0]) == (0, "ambiguous: call/paper/2")
        run("cite", "call", "--source", "paper", "--quote", "Nothing", "--allow-missing", db=path)
        before = row_count(path)
        told = run("check-quotes", "--json", db=path)
        assert (told.code, [one["check"] for one in told.json]) == (1, ["ambiguous", "missing"])
        assert list(told.json[0]) == ["citation", "source", "quote", "check", "places"]
        assert told.json[0]["places"][1]["prefix"].endswith("left. ")
        assert row_count(path) == before
        assert [
            json.loads(line)["check"]
            for line in run("check-quotes", "--jsonl", "--limit", "1", db=path).out.splitlines()
        ]

    def test_progress_is_for_terminals(self, path: Path, article: Path, notes: Path) -> None:
        run("load", str(notes), "--archive", f"paper={article}", db=path)
        assert "of 1 quotes" not in process("check-quotes", db=path).err


def test_a_phrase_given_as_a_date_is_refused_with_where_it_belongs(path: Path) -> None:
    told = run("load", "-", db=path, stdin="facts: [{id: it, title: It, when: last week, evidence: [{source: s}]}]")
    refused(told, "stdin:1: when of it: 'last week'", "phrase", "anchor", "factstore date --anchor DAY 'last week'")
    told = run("add", "It", "--when", "last week", "--publisher", "S", db=path)
    refused(told, "--when", "'last week'", "anchor", code=2)
    told = run("load", "-", db=path, stdin="facts: [{id: it, title: It, when: 2018-02-30, evidence: [{source: s}]}]")
    assert "factstore date" not in told.err


def test_there_is_a_question_about_a_new_name_that_resembles_a_known_one(tmp_path: Path) -> None:
    path = tmp_path / "facts.db"
    hint = "'Courier' is a new name; did you mean Örnvik Courier?"
    first = run("add", "They met", "--publisher", "Örnvik Courier", "--attribution", "Courier", db=path)
    assert (first.code, "did you mean" in first.err) == (0, False)  # there was no ledger yet
    told = run("cite", "they-met", "--publisher", "Blog", "--attribution", "Courier → Blog", db=path)
    assert (told.code, hint in told.err) == (0, True)
    assert hint in run("add", "They ate", "--publisher", "Courier", db=path).err
    for known in ("the ornvik courier", "ornvik-courier", "blog", "Somebody else"):
        told = run("cite", "they-met", "--source", "blog", "--attribution", known, db=path)
        assert (told.code, "did you mean" in told.err) == (0, False), known


def test_a_quote_that_was_missing_from_a_text_that_is_gone_is_not_said_to_be_found(path: Path, article: Path) -> None:
    run("source", "add", str(article), "--id", "paper", "--title", "The paper", db=path)
    run("add", "They sang", "--source", "paper", "--quote", "they sang", "--allow-missing", db=path)
    assert run("check-quotes", db=path).code == 1
    assert run("redact", "--text", "envoy", "-m", "asked for", "--yes", db=path).code == 0
    done = run("check-quotes", db=path)
    assert done.code == 0
    assert "1 quote that was missing cannot be checked again: the text is no longer kept" in done.err


def test_a_source_that_is_named_again_with_other_fields_is_corrected_as_the_refusal_says(tmp_path: Path) -> None:
    db = tmp_path / "facts.db"
    assert run("add", "A fire", "--source", "gazette", "--publisher", "Gazette", db=db).code == 0
    told = run("cite", "a-fire", "--source", "gazette", "--url", "https://gazette.example", db=db)
    refused(told, 'gazette: url: nothing -> "https://gazette.example"', "`factstore correct ID --set FIELD=VALUE`")
    assert "--correct " not in told.err
    assert run("correct", "gazette", "--set", "url=https://gazette.example", "-m", "found", db=db).code == 0
    assert run("cite", "a-fire", "--source", "gazette", "--url", "https://gazette.example", db=db).code == 0
