"""JSON Lines in batches: what is committed stays, an interrupted load is continued, and refused lines are left out."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from factstore.errors import Contradiction, DocumentError
from factstore.store import Store
from tests.conftest import NewStore
from tests.support.checks import check_rebuild

SOURCE = {"source": {"id": "paper", "published": "2018-04-02"}}


def fact(number: int, **fields: Any) -> dict[str, Any]:
    said = {"id": f"fact-{number}", "title": f"It happened {number} times", "evidence": [{"source": "paper"}]}
    return {"fact": said | fields}


def after(one: int, other: int) -> dict[str, Any]:
    evidence = [{"source": "paper"}]
    return {"ordering": {"fact": f"fact-{one}", "relation": "after", "other": f"fact-{other}", "evidence": evidence}}


LINES: list[Any] = [SOURCE, *map(fact, range(6)), after(5, 0), after(3, 5)]


def written(path: Path, lines: list[Any] = LINES) -> Path:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "facts.jsonl")


def test_each_batch_is_a_commit(store: Store, file: Path) -> None:
    done = [*store.load_in_batches(file, 4)]
    assert [one.tally.count for one in done] == [
        {"source": 1, "fact": 3, "citation": 3},
        {"fact": 3, "citation": 4, "ordering": 1},
        {"citation": 1, "ordering": 1},
    ]
    assert [one.position for one in done] == [10, 19, 22]
    assert store.verify().ok


def test_an_interrupted_load_is_continued_without_gaps_or_duplicates(
    store: Store, new_store: NewStore, file: Path
) -> None:
    assert len([*islice(store.load_in_batches(file, 2), 2)]) == 2
    done = [*store.load_in_batches(file, 2)]
    assert [one.position is None for one in done] == [True, True, False, False, False]
    assert sum(one.tally.unchanged for one in done) == 1 + 2 * 3
    assert [one.tally.gone for one in done] == [[]] * 5, "what another batch holds has not disappeared"
    other = new_store()
    other.load(file)
    assert store.dump("jsonl") == other.dump("jsonl")
    check_rebuild(store)


def test_without_skip_the_first_batch_that_is_refused_ends_it(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path / "facts.jsonl", [SOURCE, fact(1), fact(2, when="20188"), fact(3)])
    done = store.load_in_batches(file, 2)
    assert next(done).position == 6
    with pytest.raises(DocumentError, match=r"facts\.jsonl:3: .*20188"):
        next(done)
    assert store.head().position == 6


def test_refused_lines_are_reported_by_number_and_reason_and_the_rest_is_loaded(store: Store, tmp_path: Path) -> None:
    store.load({"sources": [SOURCE["source"]], "facts": [fact(9)["fact"]]})
    lines = [SOURCE, fact(1), "{", fact(2, when="20188"), fact(3), fact(4, evidence=[{"source": "radio"}])]
    lines += [after(3, 2), after(3, 1), "[]", '{"fact": {"id": "\\ud800"}}', fact(9, title="Another"), fact(1), fact(5)]
    skipped: dict[str, tuple[bytes, list[str]]] = {}
    file = written(tmp_path / "facts.jsonl", lines)

    def skip(where: str, line: bytes, reasons: list[str]) -> None:
        assert where not in skipped
        skipped[where] = line, reasons

    done = [*store.load_in_batches(file, 100, skip=skip)]
    assert [one.tally.count for one in done] == [{"fact": 3, "citation": 4, "ordering": 1}]
    content = file.read_bytes().splitlines(keepends=True)
    assert {where: content.index(line) + 1 for where, (line, _) in skipped.items() if not where.endswith(":12")} == {
        f"{file}:{number}": number for number in (3, 4, 6, 7, 9, 10, 11)
    }
    reasons = {int(where.rpartition(":")[2]): "; ".join(why) for where, (_, why) in skipped.items()}
    for number, words in {
        3: "not JSON",
        4: "20188",
        6: "there is no source with that id",
        7: "fact-2: there is no fact with that id",
        9: "an object with one key",
        10: "surrogate",
        11: 'title: "It happened 9 times" -> "Another"',
        12: "the id fact-1 is taken",
    }.items():
        assert words in reasons.pop(number)
    assert not reasons
    assert store.verify().ok
    assert {fact.id for fact in store.facts()} == {"fact-1", "fact-3", "fact-5", "fact-9"}


def test_a_contradiction_ends_it_since_no_one_line_is_at_fault(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path / "facts.jsonl", [SOURCE, fact(1), fact(2), after(1, 2), after(2, 1)])
    with pytest.raises(Contradiction):
        [*store.load_in_batches(file, 100, skip=lambda *_: None)]
    assert not store.file.exists() or not store.facts()
