"""Two copies of one ledger: the same, one ahead, or apart from a position on; and statements of their heads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from factstore.errors import InputError, NoLedger
from factstore.ledger.chain import Head
from factstore.maintenance.statements import Statement, read_head, read_statement
from factstore.store import Store
from factstore.units import Position
from tests.cli.test_cli import run
from tests.ledger.test_chain import CHRONOLOGY, damage, rechain, spoil
from tests.test_store import one_fact


@pytest.fixture
def ours(store: Store) -> Store:
    store.load(CHRONOLOGY, message="first reading", by="Ann")
    return store


@pytest.fixture
def theirs(ours: Store, tmp_path: Path) -> Store:
    return Store(shutil.copyfile(ours.path, tmp_path / "theirs.db"))


@pytest.fixture
def another(tmp_path: Path) -> Store:
    """A ledger with an id of its own."""
    store = Store(tmp_path / "another.db")
    store.load(CHRONOLOGY)
    return store


def told(ours: Store, theirs: Store) -> tuple[str, int, list[str], list[str]]:
    found = ours.compare(theirs.path)
    here, there = (
        [f"{one.first}-{one.commit} {one.recorded_by}: {one.message}" for one in side]
        for side in (found.here, found.there)
    )
    return found.standing, found.position, here, there


def test_copies_are_the_same_until_one_of_them_continues(ours: Store, theirs: Store) -> None:
    end = ours.head().position
    assert told(ours, theirs) == ("same", end, [], [])
    ours.load(one_fact("more"), message="a second", by="Ann")
    assert told(ours, theirs) == ("ahead", end, [f"{end + 1}-{end + 4} Ann: a second"], [])
    assert told(theirs, ours) == ("behind", end, [], [f"{end + 1}-{end + 4} Ann: a second"])


def test_copies_that_both_continued_diverge_from_there(ours: Store, theirs: Store) -> None:
    end = ours.head().position
    ours.correct("call", {"when": "2018-03-21"}, message="misread", by="Ann")
    theirs.correct("call", {"when": "2018-03-22"}, message="read again", by="Bob")
    theirs.withdraw("visit", message="another", by="Bob")
    found = ours.compare(theirs.path)
    assert not found.ok
    assert told(ours, theirs) == (
        "apart",
        end,
        [f"{end + 1}-{end + 2} Ann: misread"],
        [f"{end + 1}-{end + 2} Bob: read again", f"{end + 3}-{end + 4} Bob: another"],
    )


def test_a_rewritten_ledger_diverges_from_the_first_change(ours: Store, theirs: Store) -> None:
    damage(theirs, ("UPDATE payload SET payload = replace(payload, 'They spoke', 'Nobody spoke') WHERE position = 5",))
    rechain(theirs)
    assert theirs.verify(ledger_only=True).ok
    assert told(ours, theirs)[:2] == ("apart", 4)


def test_a_part_is_compared_with_the_whole(ours: Store, tmp_path: Path) -> None:
    ours.share(tmp_path / "part.db", ["call"])
    part = Store(tmp_path / "part.db")
    assert told(part, ours)[0] == told(ours, part)[0] == "same"
    assert ours.compare(part.path).part == part.part
    ours.withdraw("call", by="Ann", message="never was")
    assert told(part, ours)[0] == "behind"


def test_another_ledger_is_not_a_copy_and_a_damaged_one_proves_nothing(
    ours: Store, theirs: Store, another: Store, tmp_path: Path
) -> None:
    assert told(ours, another)[0] == "another"
    spoil(theirs, "UPDATE payload SET payload = replace(payload, 'spoke', 'spake') WHERE position = 5")
    found = ours.compare(theirs.path)
    assert (found.standing, found.ok) == ("same", False)
    assert [problem.position for problem in found.problems] == [5]
    with pytest.raises(NoLedger):
        ours.compare(tmp_path / "nothing.db")


def test_the_command_exits_with_1_if_they_diverge(ours: Store, theirs: Store) -> None:
    same = run("verify", "--against", str(theirs.path), db=ours.path)
    assert same.code == 0
    assert f"the same as {theirs.path}" in " ".join(same.out.split())
    ours.withdraw("call", by="Ann", message="never was")
    theirs.withdraw("visit", by="Bob", message="nor this")
    apart = run("verify", "--against", str(theirs.path), db=ours.path)
    assert apart.code == 1
    assert "Ann: never was" in apart.out
    assert "Bob: nor this" in apart.out
    assert run("verify", "--against", str(theirs.path), "--json", db=ours.path).json["against"]["standing"] == "apart"


@pytest.mark.parametrize("longer", [False, True])
@pytest.mark.parametrize("damaged", ["here", "there"])
def test_equal_hashes_do_not_make_a_damaged_copy_the_same(
    ours: Store, theirs: Store, damaged: str, longer: bool
) -> None:
    if longer:
        ours.withdraw("call", by="Ann", message="never was")
    spoiled = ours if damaged == "here" else theirs
    spoil(spoiled, "UPDATE payload SET payload = replace(payload, 'spoke', 'spake') WHERE position = 5")
    told = run("verify", "--against", str(theirs.path), db=ours.path)
    assert told.code == 1
    words = " ".join(told.out.split())
    assert "the same as" not in words
    assert "ahead" not in words
    assert "the hashes are those of" in words
    assert f"but record 5 {'here' if damaged == 'here' else f'of {theirs.path}'} does not verify" in words


# --- statements -----------------------------------------------------------------------------------------------------


def test_a_statement_follows_from_the_ledger_alone_at_any_clock(ours: Store, theirs: Store) -> None:
    before = ours.statement()
    ours.withdraw("call")
    assert ours.statement(before.position) == before == theirs.statement()
    assert ours.head(before.position) == before.head
    assert ours.statement(before.recorded_at) == before
    assert ours.statement().position == before.position + 2
    assert (
        json.loads(before.text())
        == before._asdict()
        == {"ledger": ours.ledger} | before.head._asdict() | {"recorded_at": before.recorded_at}
    )
    with pytest.raises(InputError, match="there was no commit by then"):
        ours.head("1999")


def test_verify_takes_a_statement_in_a_file(ours: Store, another: Store, tmp_path: Path) -> None:
    file = tmp_path / "head: of today.json"
    file.write_text(run("head", "--statement", db=ours.path).out)
    assert file.read_text() == ours.statement().text()
    assert run("verify", "--head", str(file), db=ours.path).code == 0
    ours.withdraw("call")
    assert run("verify", "--head", str(file), db=ours.path).code == 0
    other = run("verify", "--head", str(file), db=another.path)
    assert other.code == 1
    assert "another ledger" in other.err
    forged = ours.statement()._replace(hash="0" * 64)
    assert not ours.verify(head=forged).ok
    late = ours.statement()._replace(recorded_at="2016-01-01T00:00:00.000000Z")
    [problem] = ours.verify(head=late).problems
    assert problem.position == late.position
    assert "recorded at 2016-01-01T00:00:00.000000Z" in problem.text
    file.write_text("12:" + "0" * 64)
    assert run("verify", "--head", str(file), db=ours.path).code == 1


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "1", '{"ledger": 1, "position": "x", "hash": 2, "recorded_at": 3}', "[" * 9999]
)
def test_a_file_that_states_no_head_is_refused_by_name(text: str) -> None:
    with pytest.raises(InputError, match=r"^note\.txt: "):
        read_statement(text, "note.txt")


def test_a_head_is_read_as_it_is_printed() -> None:
    assert read_head(f" 12:{'a' * 64}\n") == read_statement(f"12:{'a' * 64}", "x") == Head(12, "a" * 64)
    assert read_head("12") is None
    assert read_head(f"12:{'A' * 64}") == Head(12, "a" * 64)
    said = Statement("0" * 32, Position(12), "a" * 64, "2026-11-23T09:00:00.000000Z")
    assert read_statement(said.text(), "x") == said


def test_without_a_head_verify_says_what_it_cannot_detect(ours: Store) -> None:
    told = run("verify", db=ours.path)
    assert told.code == 0
    assert "rewrite" in told.err
    assert told.err.count("\n") == 1
    assert run("verify", "--head", "{}:{}".format(*ours.head()), db=ours.path).err == ""
