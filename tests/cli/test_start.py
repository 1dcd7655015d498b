"""First steps: what `factstore` alone prints, and what a shell completes."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from factstore.cli import cli, commands, main
from factstore.cli.commands import MODULES
from factstore.store import Store
from tests.support import forks

FACTS = [
    {"id": name, "title": f"It was {name}", "evidence": [{"source": "paper"}]} for name in ("alpha", "alpine", "beta")
]
DOCUMENT = {
    "sources": [{"id": "paper"}, {"id": "pamphlet"}],
    "facts": FACTS,
    "orderings": [
        {"fact": "alpha", "relation": "before", "other": ["alpine", "beta"], "evidence": [{"source": "paper"}]},
    ],
}


def alone(path: Path) -> Result:
    return CliRunner().invoke(cli, [], env={"FACTSTORE_DB": str(path), "COLUMNS": None})


class TestAlone:
    def test_without_a_ledger_it_says_how_to_make_one(self, path: Path) -> None:
        told = alone(path)
        assert (told.exit_code, told.stdout) == (2, "")
        assert f"There is no ledger at {path} yet" in told.stderr
        assert "\n  factstore load chronology.yaml" in told.stderr
        assert not path.exists()

    def test_with_one_it_says_what_is_there_and_what_to_try(self, store: Store) -> None:
        store.load(DOCUMENT, message="first reading", by="ann")
        told = alone(store.path).stderr
        assert "holds 3 facts from 2 sources. Last: " in told
        assert "ann: first reading" in told
        tried = [line.split()[1:] for line in told.splitlines() if line.startswith("  factstore ")]
        assert tried == [["timeline"], ["before", "alpha"], ["show", "alpha"], ["--help"]]
        for words in tried:
            assert CliRunner().invoke(cli, words, env={"FACTSTORE_DB": str(store.path)}).exit_code == 0

    def test_with_an_empty_one_it_says_what_to_load(self, store: Store) -> None:
        told = alone(store.path).stderr
        assert "holds 0 facts from 0 sources" in told
        assert "factstore load" in told

    def test_what_is_set_aside_is_counted(self, store: Store) -> None:
        store.load(DOCUMENT)
        store.relate("beta", "before", "alpha", source="paper", allow_conflict=True)
        assert "1 contradiction set aside" in alone(store.path).stderr

    def test_a_file_that_is_not_a_ledger_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "letter.txt").write_text("Dear Sir or Madam")
        assert alone(tmp_path / "letter.txt").exit_code == 1


class TestCompletion:
    def complete(self, words: str, path: Path) -> list[str]:
        """The completions for bash after some words."""
        environment = os.environ | {
            "COMP_WORDS": f"factstore {words}",
            "COMP_CWORD": str(len(words.split(" "))),
            "_FACTSTORE_COMPLETE": "bash_complete",
            "FACTSTORE_DB": str(path),
        }
        done = forks.run(main, env=environment)
        assert done.stderr == b""
        return [line.partition(",")[2] for line in done.stdout.decode().split()]

    def test_ids_come_from_the_ledger_where_a_thing_is_expected(self, store: Store) -> None:
        store.load(DOCUMENT)
        assert self.complete("before al", store.path) == ["alpha", "alpine"]
        assert self.complete("order alpha b", store.path) == ["beta"]
        assert self.complete(f"show --db {store.path} p", Path("none.db")) == ["pamphlet", "paper"]
        assert self.complete("cite alpha --source pap", store.path) == ["paper"]

    def test_tags_people_and_relations_are_completed(self, store: Store) -> None:
        fact = {"tags": ["strike", "harbour"], "participants": ["Ann", {"name": "Anton", "role": "clerk"}, "Bo"]}
        store.load(DOCUMENT | {"facts": [FACTS[0] | fact, *FACTS[1:]]})
        assert self.complete("facts --tag s", store.path) == ["strike"]
        assert self.complete("timeline --participant an", store.path) == ["Ann", "Anton"]
        assert self.complete("add A --tag h", store.path) == ["harbour"]
        assert self.complete("relate alpha bef", store.path) == ["before"]
        store.withdraw("alpha", allow_unsupported=True)
        assert self.complete("facts --tag s", store.path) == []

    def test_commands_and_options_are_completed_too(self, path: Path) -> None:
        assert self.complete("wh", path) == ["who-says"]
        assert "--known-at" in self.complete("before --kn", path)

    def test_errors_during_completion_are_silent(self, path: Path) -> None:
        assert self.complete("before al", path) == []
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE theirs (x)")
        assert self.complete("before al", path) == []
        assert not list(path.parent.glob("*-wal"))


@pytest.mark.parametrize(
    ("text", "kind", "names"), [("al", "fact", ["alpha", "alpine"]), ("", "source", ["pamphlet", "paper"])]
)
def test_the_library_lists_what_begins_with_a_text(store: Store, text: str, kind: str, names: list[str]) -> None:
    store.load(DOCUMENT)
    assert store.beginning_with(text, kind) == names
    assert store.beginning_with(text, kind, limit=1) == names[:1]


def test_a_question_imports_nothing_that_writes_or_reads_documents(store: Store) -> None:
    store.load(DOCUMENT)
    code = """
import sys
from factstore.cli import cli
cli(["before", "beta"], standalone_mode=False)
print(*sorted(sys.modules), sep="\\n", file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"FACTSTORE_DB": str(store.path)},
        check=True,
    )
    assert "It was alpha" in done.stdout
    imported = set(done.stderr.split())
    assert "factstore.chronology" in imported
    unwanted = "store writing documents exchange evidence.quotes maintenance.upgrade picture dates.phrases"
    assert not imported & {f"factstore.{name}" for name in [*unwanted.split(), "rendering.markdown"]}
    assert not imported & {"yaml", "alembic", "anyascii", "typst", "datasette", "uvicorn"}


def test_a_command_imports_no_other_commands(store: Store) -> None:
    store.load(DOCUMENT)
    code = """
import sys
from factstore.cli import cli
cli(["head"], standalone_mode=False)
print(*sorted(name for name in sys.modules if name.startswith("factstore.cli.")), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"FACTSTORE_DB": str(store.path)},
        check=True,
    )
    assert {f"factstore.cli.{name}" for name in MODULES}.intersection(done.stderr.split()) == {"factstore.cli.proof"}


def test_every_command_is_in_the_module_that_is_named_for_it() -> None:
    here = Path(commands.__file__).parent
    holding = [path.stem for path in here.glob("*.py") if re.search(r"^@cli\.(command|group)", path.read_text(), re.M)]
    assert sorted(holding) == sorted(MODULES)
    for name, command in cli.commands.items():
        assert command.callback is not None
        assert name in MODULES[command.callback.__module__.rpartition(".")[2]].split()


_IMPORTED = """
import shlex, sys
from factstore.cli import cli
for words in sys.argv[1:]:
    cli.main(shlex.split(words), standalone_mode=False)
    print(words, *{"alembic", "msgspec", "pydantic", "sqlalchemy", "yaml"}.intersection(sys.modules), file=sys.stderr)
"""


def test_a_question_imports_nothing_that_only_writing_needs(store: Store) -> None:
    store.load(DOCUMENT)
    questions = [
        "before 2018-04-01",
        "after alpha --why",
        "order alpha beta",
        "timeline",
        "facts --json",
        "show alpha",
        "log",
        "facts --published-by 2019",
    ]
    command = [sys.executable, "-c", _IMPORTED, *questions]
    surroundings = os.environ | {"FACTSTORE_DB": str(store.path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=surroundings)
    assert [line for line in done.stderr.splitlines() if line in questions] == questions, done.stderr
