"""The work that is done on a ledger during a test. It reports the head after each acknowledged commit."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from factstore.store import Store

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seeds" / "moscow-times-2018-04-02.yaml"
OLDEST = ROOT / "tests" / "frozen" / "0001.db.gz"

#: A word that is redacted, and occurs in no other record.
SECRET = "quibblesnatch"
#: Files beside the ledger: a backup that is made, and a document that is loaded.
BACKUP = "backup.db"
LINES = "lines.jsonl"

Tell = Callable[[str], None]


def document(name: str, facts: int) -> dict[str, Any]:
    """A document of some facts with a citation each; one in ten is undated, and after the one before it."""
    ids = [f"{name}-{number}" for number in range(facts)]
    return {
        "sources": [{"id": name, "title": f"The {name}", "published": "2019-01-01"}],
        "facts": [
            {
                "id": id_,
                "title": f"What {name} says happened as number {number}",
                **({"when": f"2018-{1 + number % 12:02}-{1 + number % 28:02}"} if number % 10 else {}),
                "evidence": [{"source": name, "quote": f"number {number} of {name} happened"}],
            }
            for number, id_ in enumerate(ids)
        ],
        "orderings": [
            {"fact": ids[number], "relation": "after", "other": ids[number - 1], "evidence": [{"source": name}]}
            for number in range(10, facts, 10)
        ],
    }


def make_base(path: Path) -> None:
    """The seed's chronology; a second source in a commit of its own; a fact that is going to be redacted."""
    with Store(path) as store:
        store.load(SEED, by="Ann")
        store.load(document("herald", 40), by="Ann")
        store.add(f"The {SECRET} was seen", source="herald", id="secret", quote=f"saw the {SECRET}", by="Ann")


def thaw(path: Path) -> None:
    """A file of the first schema."""
    path.write_bytes(gzip.decompress(OLDEST.read_bytes()))


def base_of(make: Callable[[Path], None], folder: Path) -> Path:
    """The ledger that a work begins with: one complete file, made once in a folder."""
    path = folder / f"{make.__name__}.db"
    if not path.exists():
        make(path)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def head_of(store: Store) -> str:
    return "{}:{}".format(*store.head())


def _single(path: Path, tell: Tell) -> None:
    store = Store(path)
    for number in range(4):
        store.add(f"It happened in {2000 + number}", source="herald", when=str(2000 + number), quote="happened")
        tell(head_of(store))


def _load(path: Path, tell: Tell) -> None:
    store = Store(path)
    store.load(document("gazette", 150))
    tell(head_of(store))


def _load_in_batches(path: Path, tell: Tell) -> None:
    """Load one file in five commits; a second run continues where the first was interrupted."""
    lines = path.with_name(LINES)
    said = document("gazette", 150)
    entries = [("source", one) for one in said["sources"]] + [("fact", one) for one in said["facts"]]
    entries += [("ordering", one) for one in said["orderings"]]
    lines.write_text("".join(json.dumps({kind: entry}) + "\n" for kind, entry in entries))
    store = Store(path)
    for done in store.load_in_batches(lines, 40):
        if done.position:
            tell(head_of(store))


def _correct(path: Path, tell: Tell) -> None:
    store = Store(path)
    for day in (19, 23, 31):
        store.correct("trump-putin-call", {"when": f"2018-03-{day}"}, message="misread", allow_conflict=True)
        tell(head_of(store))
    store.withdraw("herald", allow_unsupported=True)
    tell(head_of(store))


def _revert(path: Path, tell: Tell) -> None:
    store = Store(path)
    for _ in range(2):
        store.revert(store.head().position)
        tell(head_of(store))


def _redact(path: Path, tell: Tell) -> None:
    store = Store(path)
    there = [entry.position for entry in store.log() if entry.subject in ("secret", "secret/herald/1")]
    store.redact(*there, why="asked for")
    tell(head_of(store))


def _rebuild(path: Path, tell: Tell) -> None:
    store = Store(path)
    store.rebuild()
    tell(head_of(store))


def _upgrade(path: Path, tell: Tell) -> None:
    store = Store(path)
    store.upgrade()
    tell(head_of(store))


def _backup(path: Path, tell: Tell) -> None:
    tell("{}:{}".format(*Store(path).backup(path.with_name(BACKUP))))


class Work(NamedTuple):
    """Something that is done to a ledger, how the ledger is made first (None: not at all), and how many commits it takes.

    `goes_on`: how many facts there are once it is run again, whatever happened to the first run.
    """

    do: Callable[[Path, Tell], None]
    base: Callable[[Path], None] | None
    commits: int
    goes_on: int = 0


WORKS = {
    "single commits": Work(_single, make_base, 4),
    "bulk load": Work(_load, make_base, 1),
    "load in batches": Work(_load_in_batches, make_base, 5, goes_on=150),
    "first load": Work(_load, None, 1),
    "correct, withdraw": Work(_correct, make_base, 4),
    "revert": Work(_revert, make_base, 2),
    "redact": Work(_redact, make_base, 1),
    "rebuild": Work(_rebuild, make_base, 0),
    "upgrade": Work(_upgrade, thaw, 0),
    "backup": Work(_backup, make_base, 0),
}
