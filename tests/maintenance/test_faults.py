"""If an answer fails on a damaged table, one sentence names the damage and what repairs it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from factstore.cli import cli
from factstore.database.sqlite import schema
from factstore.errors import Corrupt
from factstore.maintenance import verifying
from factstore.store import Store
from tests.ledger.test_chain import CHRONOLOGY, filled, kept, stranger

__all__ = ["filled", "kept"]


def told(store: Store, *words: str) -> tuple[int, str]:
    found = CliRunner().invoke(cli, [*words, "--db", str(store.path)], prog_name="factstore")
    assert not found.exception or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, found.stderr


@pytest.mark.parametrize(
    ("damage", "command", "named"),
    [
        ("UPDATE fact SET tags = '{nope'", "show call", "fact: tags"),
        ("UPDATE fact SET tags = '{nope'", "timeline", "fact: tags"),
        ("UPDATE fact SET participants = '[{]'", "dump", "fact: participants"),
        ("UPDATE fact SET attributes = '7x'", "facts", "fact: attributes"),
        ("UPDATE fact SET tags = '{nope'", "correct call --set place=Moscow", "fact: tags"),
        ("UPDATE fact SET edtf = 'nonsense'", "show call", "fact: edtf"),
        ("UPDATE fact SET edtf = 'nonsense'", "correct call --set place=Moscow", "fact: edtf"),
        ("UPDATE fact SET zone = 'nowhere'", "show call", "fact: zone"),
        ("UPDATE source SET published = 'nonsense'", "show call", "source: published"),
        ("UPDATE citation SET attribution = '[999]'", "dump", "citation: attribution"),
        ("DELETE FROM thing WHERE kind = 'source'", "show call", "thing: a row is missing"),
    ],
)
def test_damage_is_named_in_one_sentence(kept: Store, damage: str, command: str, named: str) -> None:
    with stranger(kept) as connection:
        connection.execute(damage)
    code, said = told(kept, *command.split())
    assert code == 1
    assert named in said
    assert "`factstore rebuild` computes it again" in said
    assert said.count("\n") == 1
    assert told(kept, "rebuild")[0] == 0
    assert told(kept, *command.split())[0] == 0


@pytest.mark.parametrize("statement", ["DROP TABLE placement", "UPDATE fact SET tags = '{nope'"])
def test_a_value_that_the_database_cannot_read_is_not_a_damaged_file(kept: Store, statement: str) -> None:
    with stranger(kept) as connection:
        connection.execute(statement)
    code, said = told(kept, "facts", "--tag", "talks")
    assert code == 1
    assert "`factstore rebuild` computes it again" in said


def test_an_unreadable_argument_is_not_called_damage(kept: Store) -> None:
    assert told(kept, "correct", "call", "--set", "when=nonsense")[0] == 2
    assert told(kept, "facts", "--known-at", "nonsense")[0] == 2


def test_a_bug_is_not_called_damage(kept: Store) -> None:
    with pytest.raises(KeyError, match="ours"), kept._asking():
        raise KeyError("ours")


def test_a_write_that_the_database_skips_is_not_acknowledged(kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the trigger that causes it goes unnoticed."""

    head = kept.head()
    for table in ("THING", "fact", "placement", "record", "committed"):
        copy = Store(shutil.copyfile(kept.path, kept.path.with_name(f"{table}.db")))
        with stranger(copy) as connection:
            connection.execute(f"CREATE TRIGGER t BEFORE INSERT ON {table} BEGIN SELECT RAISE(IGNORE); END")
        with pytest.raises(Corrupt, match=r"the trigger t on .* is not ours and could alter what is written"):
            copy.add("They spoke again", source="herald")
        with monkeypatch.context() as patch:
            patch.setattr(schema, "strange_trigger", lambda connection: None)
            with pytest.raises(Corrupt, match="did not keep what was written"):
                copy.add("They spoke again", source="herald")
        assert copy.head() == head
        copy.rebuild()
        copy.add("They spoke again", source="herald")
        assert copy.verify().ok


def test_foreign_tables_and_views_are_named_and_kept(kept: Store) -> None:
    with stranger(kept) as connection:
        connection.execute("CREATE TABLE notes (note UNIQUE)")
        connection.execute("INSERT INTO notes VALUES ('mine')")
        connection.execute("CREATE VIEW noted AS SELECT * FROM notes")
        connection.execute("ANALYZE")
    wanted = ["the table notes is not ours", "the view noted is not ours"]
    assert [problem.text for problem in kept.verify().problems] == wanted
    kept.rebuild()
    assert [problem.text for problem in kept.verify().problems] == wanted
    with stranger(kept) as connection:
        assert connection.execute("SELECT note FROM noted").fetchall() == [("mine",)]


def test_a_foreign_table_that_refers_to_ours_is_not_dropped_but_left_behind(kept: Store, tmp_path: Path) -> None:
    with stranger(kept) as connection:
        connection.execute("CREATE TABLE holds (thing REFERENCES thing (position))")
        connection.execute("INSERT INTO holds SELECT position FROM thing")
    with pytest.raises(Corrupt, match="rebuild --into FILE"):
        kept.rebuild()
    kept.rebuild_into(tmp_path / "new.db")
    assert Store(tmp_path / "new.db").verify(head=kept.head()).ok


def test_words_that_a_large_index_fails_to_find_are_reported(path: Path) -> None:
    with Store(path) as store:
        facts = [
            {"id": f"n{n}", "title": f"word{n * 7919:x} other{n:x}", "evidence": [{"source": "s"}]} for n in range(900)
        ]
        store.load({"sources": [{"id": "s"}], "facts": facts})
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM search_idx WHERE pgno >> 1 > 1")
        assert connection.total_changes > 0
    assert "the index of words is damaged" in Store(path).verify().problems[0].text
    Store(path).rebuild()
    assert Store(path).verify().ok


def test_verification_says_the_same_of_a_sound_file_that_grew_in_small_steps(path: Path) -> None:
    with Store(path) as store:
        store.load(CHRONOLOGY)
        for n in range(40):
            store.add(f"Bells rang {n}", source="herald")
    with Store(path).file.reading() as connection:
        assert verifying.verify(connection).problems == []
