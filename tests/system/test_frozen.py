"""Files of earlier schemas open today and give the same answers: tests/frozen has them, with the answers beside them.

`python -m tests.system.test_frozen` writes the answers of the newest file again, if they are meant to change.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from factstore.database import names
from factstore.database.sqlite import pages
from factstore.errors import SchemaVersion, Unavailable
from factstore.repository.answers import Found
from factstore.store import Store

FROZEN = Path(__file__).parents[1] / "frozen"
NEWEST = "0006"
RETALIATION = "russia-expels-60-us-diplomats"


def thawed(revision: str, folder: Path) -> Store:
    """A file as an earlier schema had it."""
    path = folder / f"{revision}.db"
    path.write_bytes(gzip.decompress((FROZEN / f"{revision}.db.gz").read_bytes()))
    return Store(path)


def _then(found: Found) -> dict[str, Any]:
    """An answer without the keys that did not exist yet when the files were frozen."""
    return {key: value for key, value in found.json().items() if key != "begun_by"}


def answers(store: Store) -> dict[str, Any]:
    """What a chronology answers to all kinds of questions."""
    clocks: list[dict[str, Any]] = [{}, {"known": 176}, {"published": "2018-03-31"}, {"held": "2018-04-05"}]
    found: dict[str, Any] = {"head": store.head().hash, "log": [entry.json() for entry in store.log()]}
    found["diff"] = [change.json() for change in store.diff(176)]
    found["conflicts"] = [conflict.json() for conflict in store.conflicts()]
    for clock in clocks:
        view = store.at(**clock)
        name = " ".join(f"{key} {value}" for key, value in clock.items()) or "now"
        found[name] = {
            "timeline": [_then(one) for one in view.timeline],
            "before": [_then(one) for one in view.timeline.before("2018-03-27", why=True, evidence=True)],
            "expelled": [fact.id for fact in view.facts("expelled 60")],
            "sources": [source.json() for source in view.sources()],
        }
    found["order"] = store.timeline.order("us-expels-60-russian-diplomats", RETALIATION).json()
    found["text"] = store.text("white-house-2018-03-26")
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


def test_a_file_of_the_first_schema_is_refused_until_it_is_upgraded_and_then_says_what_it_said(tmp_path: Path) -> None:
    store = thawed("0001", tmp_path)
    with pytest.raises(SchemaVersion, match="factstore upgrade"):
        store.head()
    assert store.upgrade() == ("0001", names.REVISION)
    assert store.head() == (184, "37915adeea860c7e092a1206bb7966ded238f0ee4178e9c1a152b7de6f26021d")
    assert store.verify().ok
    assert len(store.facts()) == 27
    assert store.fact("us-expels-60-russian-diplomats").when == "2018-03-26"
    assert len(store.who_says("trump-putin-call")) == 4


def test_a_refused_upgrade_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise error

    store = thawed("0001", tmp_path)
    monkeypatch.setattr(pages, "make_durable", fail)
    with pytest.raises(Unavailable, match="the disk reports an error"):
        store.upgrade()
    with pytest.raises(SchemaVersion, match="factstore upgrade"):
        store.head()


@pytest.mark.parametrize("revision", ["0003", "0005", NEWEST])
def test_a_file_with_corrections_texts_and_a_redaction_answers_as_it_did(tmp_path: Path, revision: str) -> None:
    store = thawed(revision, tmp_path)
    store.upgrade()
    expected = json.loads((FROZEN / f"{revision}.json").read_text(encoding="utf-8"))
    assert answers(store) == expected
    assert store.verify().ok
    store.rebuild()
    assert answers(store) == expected


# --- what the rules of that time said wrongly -------------------------------------------------------------------

PAIRS = (
    ("siege", "relief"),
    ("vote", "hearing"),
    ("sessions", "hearing"),
    ("tools", "fire"),
    ("find-a", "find-b"),
    ("us-expels-60-russian-diplomats", RETALIATION),
)
#: Answers that have changed, one for each rule of docs/guide/time.md: (question, fact, field) -> (then, now).
MENDED = {
    # A report of July 2020 cannot have meant June 2021.
    ("timeline", "vote", "latest"): ("2021-06-01", "2020-06-01"),
    # One instant has one text.
    ("timeline", "shot", "earliest"): ("2018-03-20T01:01:01.11986Z", "2018-03-20T01:01:01.119860Z"),
    ("before", "shot", "earliest"): ("2018-03-20T01:01:01.11986Z", "2018-03-20T01:01:01.119860Z"),
    # Where the clock ends is no bound.
    ("timeline", "tools", "latest"): ("Y-71100", None),
    ("timeline", "fire", "latest"): ("Y-71100", None),
    ("before", "tools", "latest"): ("Y-71100", None),
    ("before", "fire", "latest"): ("Y-71100", None),
    # Nothing is certain inside a gap.
    ("overlapping", "sessions", "certainty"): ("certain", "possible"),
}


def _by_id(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(one["id"]): one for one in found}


def test_an_older_file_gives_the_same_answers_except_for_corrected_errors(tmp_path: Path) -> None:
    store = thawed("0004", tmp_path)
    store.upgrade()
    then = json.loads((FROZEN / "0004.json").read_text(encoding="utf-8"))
    mended = set()
    for clock in ({}, {"known": 176}, {"published": "2018-03-31"}, {"held": "2018-04-05"}):
        view = store.at(**clock)
        asked: dict[str, Iterable[Found]] = {
            "timeline": view.timeline,
            "before": view.timeline.before("2018-03-27", why=True),
            "overlapping": view.timeline.overlapping("2010-01-20"),
        }
        said = then[" ".join(f"{key} {value}" for key, value in clock.items()) or "now"]
        for question, found in asked.items():
            was, now = _by_id(said[question]), _by_id(json.loads(json.dumps([_then(one) for one in found])))
            assert was.keys() == now.keys()
            for told, field in [(one, field) for one in was for field in was[one].keys() | now[one].keys()]:
                pair = was[told].get(field), now[told].get(field)
                if pair[0] != pair[1]:
                    assert MENDED[question, told, field] == pair
                    mended.add((question, told, field))
    assert mended == MENDED.keys()
    for a, b in PAIRS:
        order = json.loads(json.dumps(store.timeline.order(a, b).json()))
        differing = {
            name
            for name, certainty in order["relations"].items()
            if certainty != then[f"order {a} {b}"]["relations"][name]
        }
        if a == "tools":  # years millions of years back order their facts
            assert then[f"order {a} {b}"]["relations"]["before"] == "possible"
            assert order["relations"]["before"] == "certain"
        else:
            assert differing == ({"intersects", "contains"} if a == "sessions" else set())
    # Two citations that disagree on the start of a siege, though the whole of either overlaps the other.
    assert then["conflicts"] == []
    assert [conflict.id for conflict in store.conflicts()] == ["siege/wire/1"]
    assert store.verify().ok


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        newest = thawed(NEWEST, Path(folder))
        newest.upgrade()
        said = json.dumps(answers(newest), ensure_ascii=False, indent=1)
    (FROZEN / f"{NEWEST}.json").write_text(said + "\n", encoding="utf-8")
    sys.stderr.write("look at what changed before you keep it\n")
