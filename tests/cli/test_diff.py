"""What changed, on the command line: `diff`, `history`, and what a dry run says would change."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_cli import LOGGED, SEED, refused, row_count, run

DIFF = ["id", "change", "field", "from", "to", "kind"]

PAPER: dict[str, Any] = {
    "sources": [{"id": "paper", "title": "The paper", "published": "2018-04-02"}, {"id": "radio"}],
    "facts": [
        {
            "id": "call",
            "title": "They spoke",
            "when": "2018-03-20",
            "evidence": [{"source": "paper", "quote": "spoke"}],
        },
        {"id": "visit", "title": "They met", "evidence": [{"source": "radio"}]},
    ],
    "orderings": [{"fact": "call", "relation": "before", "other": "visit", "evidence": [{"source": "radio"}]}],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The paper's ledger, at commit 11, which no test writes to."""
    path = tmp_path_factory.mktemp("diff") / "facts.db"
    assert run("load", "-", db=path, stdin=json.dumps(PAPER)).err.endswith("; commit 11\n")
    return path


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(made, tmp_path / "facts.db"))


class TestDiff:
    def test_a_state_that_is_still_to_come_is_told_as_on_a_clock(self, db: Path) -> None:
        words = run("facts", "--known-at", "2999", db=db).err.splitlines()[0]
        assert words == "known at 2999: that is still to come; the ledger is asked as it is now"
        told = run("diff", "2", "2999", db=db)
        assert (told.code, told.err.splitlines()) == (0, [words])
        assert told.out == run("diff", "2", db=db).out
        assert "no commit by then" in run("diff", "2001", db=db).err
        assert run("diff", "2", "11", db=db).err == ""

    def test_in_words_grouped_by_fact_with_the_reasons(self, db: Path) -> None:
        words = ("correct", "call", "--set", "when=2018-03-21", "-m", "misheard", "--evidence", "call/paper/1")
        run(*words, "--reason", "extraction-error", db=db)
        run("cite", "call", "--source", "radio", "--quote", "a call", db=db)
        run("withdraw", "visit/radio/1", "--allow-unsupported", "--reason", "source-corrected", db=db)
        run("add", "They ate", "--when", "2018-04", "--source", "paper", db=db)
        told = run("diff", "11", db=db)
        assert (told.code, told.err) == (0, "")
        assert told.out.splitlines() == [
            "call",
            "  when: 2018-03-20 → 2018-03-21",
            "    corrected by ann, because we had misread: misheard",
            "      “spoke” [paper]",
            "  call/radio/1 added: asserts: “a call” [radio]",
            "  earliest: 2018-03-20 → 2018-03-21",
            "    because call is dated 2018-03-21 (corrected by ann: misheard)",
            "      “spoke” [paper]",
            "  latest: 2018-03-20 → 2018-03-21",
            "    because call is dated 2018-03-21 (corrected by ann: misheard) [paper]",
            "visit",
            "  visit/radio/1 withdrawn by ann, because the source corrected itself",
            "  earliest: 2018-03-20 → 2018-03-21",
            "    because call before visit [radio]",
            "  status: stands → unsupported",
            "they-ate",
            "  added: They ate (2018-04)",
            "  they-ate/paper/1 added: asserts: (no quote) [paper]",
        ]

    def test_a_time_that_bounds_a_fact_is_shown_as_it_was_given(self, db: Path) -> None:
        run("correct", "call", "--set", "when=2018-03-20T15:05+03:00", "-m", "the minute", db=db)
        assert "  earliest: 2018-03-20 → 2018-03-20 15:05+03:00" in run("diff", "11", db=db).out.splitlines()

    def test_a_conflict_comes_with_its_chain_and_goes(self, db: Path) -> None:
        run("relate", "visit", "before", "call", "--source", "paper", "--allow-conflict", db=db)
        there = run("head", "--json", db=db).json["position"]
        out = run("diff", "11", db=db).out
        assert "visit.before.call is set aside: visit before call. These cannot all hold:\n    1. " in out
        assert "  conflicting: no → yes\n" in out
        run("withdraw", "call.before.visit", db=db)
        assert "  visit.before.call counts again: visit before call\n" in run("diff", str(there), db=db).out

    def test_for_scripts(self, db: Path) -> None:
        run("correct", "call", "--set", "tags=a", "--set", "tags=b", "-m", "why", db=db)
        run("load", "-", db=db, stdin='{"speakers": [{"id": "aide", "name": "An aide"}]}')
        changed, added = run("diff", "11", "--json", db=db).json
        assert list(changed) == [*DIFF, "why"]
        assert list(added) == DIFF
        assert list(changed.values())[:6] == ["call", "corrected", "tags", None, ["a", "b"], "fact"]
        assert [list(step) for step in changed["why"]] == [["kind", "text", "source", "quote"]]
        assert added["to"] == {"id": "aide", "name": "An aide"}
        lines = run("diff", "11", "--jsonl", db=db).out.splitlines()
        assert [json.loads(line) for line in lines] == [changed, added]
        rows = list(csv.DictReader(io.StringIO(run("diff", "11", "--csv", db=db).out)))
        assert [(row["id"], json.loads(row["to"])) for row in rows] == [("call", ["a", "b"]), ("aide", added["to"])]
        assert run("diff", "11", "--json", "--limit", "1", db=db).json == [changed]

    def test_between_two_moments_and_up_to_one(self, db: Path) -> None:
        run("correct", "call", "--set", "place=Rome", db=db)
        run("correct", "call", "--set", "place=Paris", db=db)
        assert [item["to"] for item in run("diff", "11", "13", "--json", db=db).json] == ["Rome"]
        assert [item["from"] for item in run("diff", "13", "9999-12-30", "--json", db=db).json] == ["Rome"]
        assert run("diff", "15", db=db) == (0, "", "Nothing changed.\n")
        assert run("diff", "15", "--json", db=db) == (0, "[]\n", "")
        refused(run("diff", "15", "11", db=db), "an earlier and a later state", "15 is later than 11", code=2)
        refused(run("diff", "nonsense", db=db), "nonsense", code=2)
        refused(run("diff", "11", "2018-13-01", db=db), "2018-13-01", code=2)
        refused(run("diff", db=db), "FROM", code=2)

    def test_texts_of_sources_cannot_control_the_terminal(self, db: Path) -> None:
        run("correct", "call", "--set", "place=\x1b]0;owned\x07", "-m", "\x9b31m", db=db)
        out = run("diff", "11", db=db).out
        assert "\\u001b" in out
        assert not set(out) & set("\x1b\x07\x9b")


class TestRehearsals:
    def test_what_would_change_is_shown_on_stderr(self, db: Path) -> None:
        told = run("correct", "call", "--set", "when=2018-03-21", "-m", "misheard", "--dry-run", db=db)
        assert (told.code, told.out) == (0, "")
        assert told.err.splitlines() == [
            *run_diff(db, "correct", "call", "--set", "when=2018-03-21", "-m", "misheard"),
            "would have changed call; nothing was written",
        ]

    @pytest.mark.parametrize(
        "words",
        [
            ["add", "They ate", "--source", "paper"],
            ["cite", "call", "--source", "radio"],
            ["relate", "visit", "before", "call", "--allow-conflict"],
            ["withdraw", "call.before.visit"],
            ["withdraw", "radio", "--allow-unsupported"],
        ],
    )
    def test_a_dry_run_of_every_write_shows_what_it_then_does(self, db: Path, words: list[str]) -> None:
        told = run(*words, "--dry-run", db=db)
        assert row_count(db) == 11
        # For a withdrawal, what rested on the thing is listed as well.
        shown = [line for line in told.err.splitlines()[:-1] if not line.startswith("what rested on it: ")]
        assert shown == run_diff(db, *words)

    def test_of_a_large_load_the_first_are_shown_and_the_rest_counted(self, tmp_path: Path) -> None:
        told = run("load", str(SEED), "--dry-run", db=tmp_path / "new.db")
        assert "and 148 more added\n" in told.err
        assert len(told.err.splitlines()) < 100

    def test_a_no_op_shows_no_change(self, db: Path) -> None:
        told = run("load", "-", "--dry-run", db=db, stdin=json.dumps(PAPER))
        assert told == (0, "", "8 as they were; nothing was written\n")


def run_diff(db: Path, *words: str) -> list[str]:
    """What `diff` says about a write that is really done, in a copy."""
    copy = Path(shutil.copyfile(db, db.with_name("copy.db")))
    position = run("head", "--json", db=copy).json["position"]
    assert run(*words, db=copy).code == 0
    return run("diff", str(position), db=copy).out.splitlines()


class TestStandingOnNothing:
    @pytest.mark.parametrize("more", [[], ["--dry-run"]])
    def test_the_only_evidence_is_withdrawn_only_if_that_is_allowed(self, db: Path, more: list[str]) -> None:
        told = run("withdraw", "paper", *more, db=db)
        refused(told, "a fact would be left without evidence:\n  call: They spoke\n", "--allow-unsupported")
        refused(run("withdraw", "visit/radio/1", *more, db=db), "visit: They met")
        assert row_count(db) == 11
        told = run("withdraw", "paper", "--allow-unsupported", *more, db=db)
        assert told.code == 0
        assert ("  status: stands → unsupported\n" in told.err) == bool(more)


class TestHistory:
    def test_of_a_fact_with_its_citations_and_orderings(self, db: Path) -> None:
        words = ("--reason", "extraction-error", "--evidence", "call/paper/1", "-m", "misheard")
        run("correct", "call", "--set", "when=2018-03-21", *words, db=db)
        run("withdraw", "call.before.visit", "--reason", "source-corrected", "-m", "it took that back", db=db)
        run("restore", "call.before.visit", "-m", "it did not", "--by", "bo", db=db)
        told = run("history", "call", db=db).out.splitlines()
        plain = [line.partition("  ")[2] if line[:2] == "20" else line for line in told]
        assert plain == [
            "ann (commit 11)",
            "   5  fact recorded",
            "      title: They spoke",
            "      when: 2018-03-20",
            "   6  citation call/paper/1 recorded: asserts: “spoke” [paper]",
            "   9  ordering call.before.visit recorded: call before visit",
            "  10  citation call.before.visit/radio/1 recorded: asserts: (no quote) [radio]",
            "ann: misheard (commit 13)",
            "  12  fact corrected, because we had misread; evidence: call/paper/1",
            "      when: 2018-03-20 → 2018-03-21",
            "ann: it took that back (commit 15)",
            "  14  call.before.visit withdrawn, because the source corrected itself",
            "bo: it did not (commit 17)",
            "  16  call.before.visit restored",
        ]

    def test_for_scripts_every_record_is_complete(self, db: Path) -> None:
        run("correct", "call", "--set", "when=", "--evidence", "call/paper/1", "-m", "misheard", db=db)
        entries = run("history", "call", "--json", db=db).json
        logged = {entry["position"]: entry for entry in run("log", "--json", db=db).json}
        for entry in entries:
            assert list(entry)[:10] == [*LOGGED, "changes", "reason"]
            assert logged[entry["position"]].items() <= entry.items()
        assert entries[-1]["changes"] == {"when": {"from": "2018-03-20", "to": None}}
        assert (entries[-1]["reason"], entries[-1]["evidence"]) == ("other", ["call/paper/1"])

    def test_of_a_source_alone(self, db: Path) -> None:
        assert [entry["position"] for entry in run("history", "paper", "--json", db=db).json] == [3]
