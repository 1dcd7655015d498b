"""`factstore share`: what it says it hands over, and how a part is distinguished from a whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_cli import run

SEED = Path(__file__).parents[2] / "seeds" / "moscow-times-2018-04-02.yaml"
IS_A_PART = "is a part of a ledger"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "facts.db"
    assert run("load", str(SEED), "-m", "first reading", db=path).code == 0
    return path


def test_a_part_is_chosen_like_a_listing_and_shown_before_it_is_written(db: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.db"
    told = run("share", str(part), "--tag", "election", "--dry-run", db=db)
    assert told.code == 0
    assert "fact putin-wins-fourth-term\n" in told.out
    assert "commit 176, by ann: first reading\n" in told.out
    assert "it would include who made its commits" in told.err
    assert not part.exists()
    done = run("share", str(part), "--tag", "election", "--json", db=db)
    held = done.json
    listed = [fact["id"] for fact in json.loads(run("facts", "--tag", "election", "--json", db=db).out)]
    assert {*held["facts"]} == {*listed}
    assert {*held["cited"].values()} == {*held["sources"]}
    for citation, source in held["cited"].items():
        assert f"citation {citation}, of {source}\n" in told.out
    assert (held["of"], held["position"]) == (176, 176)
    assert "--without-messages" in done.err
    again = run("share", str(part), db=db)
    assert (again.code, again.out) == (1, "")


CASE = """
sources:
  - {id: memo, title: A memo, published: 2018-04-09}
  - {id: diary, title: A diary}
facts:
  - {id: sale, title: The house was sold, when: 2018-04-03, evidence: [{source: memo}, {source: diary}]}
  - {id: advice, title: Counsel advised against it, when: 2021-05-01, evidence: [{source: diary}]}
  - {id: offer, title: An offer was made, when: 2018-03-01, evidence: [{source: memo}]}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.db"
    document = tmp_path / "case.yaml"
    document.write_text(CASE)
    assert run("load", str(document), db=path).code == 0
    assert run("withdraw", "offer", db=path).code == 0
    return path


@pytest.mark.parametrize(
    ("options", "facts"),
    [
        ("--fact sale", "sale"),
        ("--fact sale --status stands", "sale"),
        ("--fact sale --fact advice --from 2021", "advice"),
        ("--fact sale --fact advice --source memo", "sale"),
        ("--fact sale --fact advice --published-by 2019", "sale"),
        ("--fact offer", "offer"),
        ("--fact offer --status all", "offer"),
        ("--fact sale --fact offer --status withdrawn", "offer"),
        ("--fact sale --from 2021", ""),
        ("--fact offer --status stands", ""),
        ("--fact advice --published-by 2019", ""),
        ("--status stands", "sale advice"),
        ("--status all", "sale advice offer"),
        ("", "sale advice"),
    ],
)
def test_facts_are_shared_that_pass_all_options(case: Path, tmp_path: Path, options: str, facts: str) -> None:
    told = run("share", str(tmp_path / "part.db"), *options.split(), "--dry-run", "--json", db=case)
    if facts:
        assert told.json["facts"] == facts.split()
    else:
        assert (told.code, told.out) == (1, "")
    for name in {"sale", "advice", "offer"} & {*options.split()} - {*facts.split()}:
        assert f"{name} is not shared" in told.err


def test_a_fact_is_shared_with_all_its_citations_and_never_as_of_a_position(case: Path, tmp_path: Path) -> None:
    words = ("share", str(tmp_path / "part.db"), "--fact", "sale")
    told = run(*words, "--published-by", "2019", "--dry-run", "--without-messages", db=case)
    assert "citation sale/diary/1, of diary\n" in told.out
    assert "commit" not in told.out
    assert "who made its commits, and why, is left out" in told.err
    refused = run(*words, "--known-at", "5", db=case)
    assert (refused.code, refused.out) == (2, "")
    assert "takes no --known-at" in refused.err
    assert not (tmp_path / "part.db").exists()
    assert "--known-at" not in run("share", "--help", db=case).out


@pytest.mark.parametrize("command", ["timeline", "facts", "log", "before 2019"])
def test_there_is_a_remark_on_a_clock_before_the_first_commit_or_still_to_come(case: Path, command: str) -> None:
    words = command.split()
    early = run(*words, "--known-at", "2001-03-09", db=case)
    assert early.code == 0
    assert "known at 2001-03-09: there was no commit by then\n" in early.err
    late = run(*words, "--known-at", "9998", db=case)
    assert "known at 9998: that is still to come" in late.err
    assert late.out == run(*words, db=case).out
    today = run("head", "--statement", db=case).json["recorded_at"]
    for known in ("3", today, today[:10], today[:7], today[:4]):
        assert "known at" not in run(*words, "--known-at", known, db=case).err


def test_a_part_says_so_beside_every_answer(db: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.db"
    run("share", str(part), "--fact", "trump-putin-call", db=db)
    for words in (["facts"], ["timeline", "--json"], ["log", "--limit", "1"], ["diff", "0"], ["head"]):
        told = run(*words, db=part)
        assert told.code == 0
        assert IS_A_PART in told.err, words
        assert IS_A_PART not in told.out
        assert IS_A_PART not in run(*words, db=db).err
    assert json.loads(run("head", "--json", db=part).out)["part"]["of"] == 176
    assert json.loads(run("facts", "--json", db=part).out)[0]["id"] == "trump-putin-call"
    assert "a part of a ledger" in run(db=part).err.replace("\n  ", " ")


def test_a_part_is_never_called_verified_as_a_whole(db: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.db"
    run("share", str(part), "--fact", "trump-putin-call", db=db)
    head = run("head", db=db).out.strip()
    refused = run("verify", db=part)
    assert (refused.code, refused.out) == (1, "")
    assert "--part" in refused.err
    told = run("verify", "--part", "--head", head, db=part)
    assert told.code == 0
    assert told.out.startswith("part verified: ")
    assert told.out.endswith(f" of 176 payloads, head {head}\n")
    assert run("verify", "--part", "--head", f"176:{'0' * 64}", db=part).code == 1
    assert json.loads(run("verify", "--part", "--json", db=part).out)["part"]["of"] == 176


def test_a_part_takes_no_command_that_writes(db: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.db"
    run("share", str(part), "--fact", "trump-putin-call", db=db)
    for words in (
        ["correct", "trump-putin-call", "--set", "place=Moscow"],
        ["load", str(SEED)],
        ["withdraw", "trump-putin-call"],
    ):
        told = run(*words, db=part)
        assert (told.code, told.out) == (1, "")
        assert "only the whole ledger can be written" in told.err


def test_the_log_of_a_part_counts_each_kind_once(db: Path, tmp_path: Path) -> None:
    part = tmp_path / "part.db"
    run("share", str(part), "--fact", "trump-putin-call", "--without-messages", db=db)
    deeds = [run("log", db=ledger).out.partition(" recorded ")[2].partition(":")[0].split() for ledger in (db, part)]
    assert deeds[0] == deeds[1]
    assert len([word for word in deeds[1] if word.startswith("fact")]) == 1
