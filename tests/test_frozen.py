"""Files of earlier schemas open today and say what they said: tests/frozen holds them, with their answers beside them.

`python -m tests.test_frozen` writes the answers of the newest file again, where that is meant.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from factstore import schema, sqlite
from factstore.errors import SchemaVersion, Unavailable
from factstore.store import Store

FROZEN = Path(__file__).parent / "frozen"
NEWEST = "0003"
RETALIATION = "russia-expels-60-us-diplomats"


def thawed(revision: str, folder: Path) -> Store:
    """A file as an earlier schema had it."""
    path = folder / f"{revision}.db"
    path.write_bytes(gzip.decompress((FROZEN / f"{revision}.db.gz").read_bytes()))
    return Store(path)


def answers(store: Store) -> dict[str, Any]:
    """What a chronology says to every sort of question."""
    clocks: list[dict[str, Any]] = [{}, {"known": 176}, {"published": "2018-03-31"}, {"held": "2018-04-05"}]
    found: dict[str, Any] = {"head": store.head().hash, "log": [entry.json() for entry in store.log()]}
    found["diff"] = [change.json() for change in store.diff(176)]
    found["conflicts"] = [conflict.json() for conflict in store.conflicts()]
    for clock in clocks:
        view = store.at(**clock)
        name = " ".join(f"{key} {value}" for key, value in clock.items()) or "now"
        found[name] = {
            "timeline": [one.json() for one in view.timeline],
            "before": [one.json() for one in view.timeline.before("2018-03-27", why=True, evidence=True)],
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
    assert store.upgrade() == ("0001", schema.REVISION)
    assert store.head() == (184, "37915adeea860c7e092a1206bb7966ded238f0ee4178e9c1a152b7de6f26021d")
    assert store.verify().ok
    assert len(store.facts()) == 27
    assert store.fact("us-expels-60-russian-diplomats").when == "2018-03-26"
    assert len(store.who_says("trump-putin-call")) == 4


def test_an_upgrade_that_is_refused_has_not_been_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    store = thawed("0001", tmp_path)
    monkeypatch.setattr(sqlite, "make_durable", fail)
    with pytest.raises(Unavailable, match="the disk reports an error"):
        store.upgrade()
    with pytest.raises(SchemaVersion, match="factstore upgrade"):
        store.head()


def test_a_file_with_corrections_texts_and_a_redaction_answers_as_it_did(tmp_path: Path) -> None:
    store = thawed(NEWEST, tmp_path)
    store.upgrade()
    expected = json.loads((FROZEN / f"{NEWEST}.json").read_text(encoding="utf-8"))
    assert answers(store) == expected
    assert store.verify().ok
    store.rebuild()
    assert answers(store) == expected


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        newest = thawed(NEWEST, Path(folder))
        newest.upgrade()
        said = json.dumps(answers(newest), ensure_ascii=False, indent=1)
    (FROZEN / f"{NEWEST}.json").write_text(said + "\n", encoding="utf-8")
    sys.stderr.write("look at what changed before you keep it\n")
