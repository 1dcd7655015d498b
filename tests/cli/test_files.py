"""What commands write is written completely or not at all, and never over a ledger or over what they read."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

from factstore.cli import cli
from factstore.cli.files import Input, NewOutput, Output
from factstore.store import Store
from tests.cli.test_cli import INSTALLED, process, refused, run
from tests.support.imports import SOURCES, tree

#: What a command needs besides the file that it writes.
MORE = {
    "copy": ["f.svg"],
    "export": ["--format", "docx"],
    "import": ["c.csv"],
    "load": ["l.jsonl", "--batch", "1"],
}
#: Names of the ledger in use and of another one; `f.svg` so that a picture may be asked for.
LEDGERS = ("f.svg", "./down/../f.svg", "link.svg", "hard.svg", "other.svg")
BESIDE = ("f.svg-wal", "f.svg-shm", "f.svg-journal", "other.svg-wal")


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


#: Each argument and option that names a file to be written, with its command.
NAMED = [(path, param) for path, command in commands() for param in command.params if isinstance(param.type, Output)]
WRITTEN = [pytest.param(path, param, id=f"{' '.join(path)} {param.opts[0]}") for path, param in NAMED]


def asked(path: tuple[str, ...], param: click.Parameter, file: str) -> list[str]:
    """The words of a command that is to write a file."""
    named = [param.opts[0], file] if isinstance(param, click.Option) else [file]
    return [*path, *MORE.get(path[0], []), *named]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two ledgers."""
    folder = tmp_path_factory.mktemp("files")
    assert run("add", "A fire", "--when", "2018", "--publisher", "Gazette", db=folder / "f.svg").code == 0
    with Store(folder / "other.svg") as other:
        other.init(by="Test")
    return folder


@pytest.fixture
def db(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ledger `f.svg` in the present folder, with links to it, another ledger, and files to be read."""
    monkeypatch.chdir(tmp_path)
    for name in ("f.svg", "other.svg"):
        shutil.copyfile(made / name, name)
    os.symlink("f.svg", "link.svg")
    os.link("f.svg", "hard.svg")
    Path("down").mkdir()
    Path("c.csv").write_text("when,title,source\n2018-01-02,Flood,Gazette\n")
    Path("l.jsonl").write_text(json.dumps({"source": {"id": "gazette", "title": "Gazette"}}) + "\n")
    return tmp_path / "f.svg"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_there_are_commands_that_write() -> None:
    assert {"dump", "export", "picture", "import", "load", "backup", "share"} <= {path[0] for path, _ in NAMED}


@pytest.mark.parametrize("file", [*LEDGERS, *BESIDE])
@pytest.mark.parametrize(("path", "param"), WRITTEN)
def test_no_command_writes_over_a_ledger(db: Path, path: tuple[str, ...], param: click.Parameter, file: str) -> None:
    before = contents(db.parent)
    told = run(*asked(path, param, file), db="f.svg")
    refused(told, Path(file).name)
    assert re.search(
        "is not overwritten|already exists|file exists|would be taken for a part of the database", told.err
    )
    after = contents(db.parent)
    assert {name: after[name] for name in before} == before
    # Whoever reads a ledger makes its log, which is empty.
    assert after.keys() - before.keys() <= {"f.svg-wal", "f.svg-shm"}
    assert not after.get("f.svg-wal")


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_the_log_of_a_ledger_in_use_is_not_written_over(db: Path, end: str) -> None:
    with closing(sqlite3.connect(db)) as other:
        other.execute("SELECT * FROM record").fetchall()
        log = Path(f"f.svg{end}")
        os.link(log, "log") if log.exists() else os.symlink(log, "log")
        refused(run("dump", "-o", "log", db=db), "log is a part of the ledger in use, and is not overwritten")


@pytest.mark.parametrize("wal", ["file", "link"])
def test_a_ledger_that_is_not_there_yet_keeps_its_place(db: Path, wal: str) -> None:
    if wal == "link":
        os.symlink("new.db", "later.db")
    file = "new.db" if wal == "file" else "later.db"
    refused(run("import", "c.csv", "-o", file, db="new.db"), f"{file} is the ledger in use, and is not overwritten")
    assert not Path("new.db").exists()


def test_a_ledger_that_was_loaded_from_a_dump_is_not_written_over(db: Path) -> None:
    with closing(sqlite3.connect("plain.db")) as made:
        made.execute("CREATE TABLE record (position INTEGER)")
    refused(run("dump", "-o", "plain.db", db=db), "plain.db is a ledger or another database, and is not overwritten")


def test_a_ledger_is_not_made_where_a_link_leads_to_nothing(db: Path) -> None:
    os.symlink("nowhere/f.db", "d.db")
    for words in (["init"], ["load", "l.jsonl"]):
        refused(run(*words, db="d.db"), "d.db is a link to nowhere/f.db, where nothing is; name that place, or remove")
    assert Path("d.db").is_symlink()


@pytest.mark.parametrize("option", ["-o", "--save-mapping"])
@pytest.mark.parametrize("file", ["c.csv", "./down/../c.csv", "link.csv", "hard.csv", "m.yaml"])
def test_a_command_does_not_write_over_what_it_reads(db: Path, option: str, file: str) -> None:
    os.symlink("c.csv", "link.csv")
    os.link("c.csv", "hard.csv")
    Path("m.yaml").write_text("columns:\n  title: title\n")
    before = contents(db.parent)
    told = run("import", "c.csv", "--mapping", "m.yaml", option, file, db=db)
    refused(told, f"{Path(file)} is what the command reads, and is not overwritten")
    assert contents(db.parent) == before


def test_a_sheet_on_stdin_is_not_written_over(db: Path) -> None:
    before = Path("c.csv").read_bytes()
    told = process("import", "-", "-o", "c.csv", db=db, command=["sh", "-c", 'exec "$0" "$@" < c.csv', str(INSTALLED)])
    refused(told, "c.csv is what the command reads")
    assert Path("c.csv").read_bytes() == before


def test_nothing_is_written_if_one_of_two_files_must_not_be(db: Path) -> None:
    before = contents(db.parent)
    words = ("import", "c.csv", "--save-mapping", "m.yaml", "-o")
    refused(run(*words, "f.svg", db=db), "is the ledger in use")
    refused(run(*words, "./m.yaml", db=db), "m.yaml is named for two things")
    shutil.copyfile("f.svg", "d-sources.csv")
    refused(run("dump", "-o", "d.csv", db=db), "d-sources.csv is a ledger or another database")
    assert {"m.yaml", "d.csv"}.isdisjoint(contents(db.parent))
    assert {name: Path(name).read_bytes() for name in before} == before


@pytest.mark.parametrize("words", [["dump", "-o"], ["export"], ["import", "c.csv", "-o"]])
def test_a_file_that_is_written_anew_keeps_its_permissions_and_links_to_it(db: Path, words: list[str]) -> None:
    Path("a.jsonld").write_text("before")
    Path("a.jsonld").chmod(0o600)
    os.symlink("a.jsonld", "b.jsonld")
    assert run(*words, "b.jsonld", db=db).code == 0
    assert Path("b.jsonld").is_symlink()
    assert Path("a.jsonld").read_text() != "before"
    assert Path("a.jsonld").stat().st_mode & 0o777 == 0o600


def test_what_names_a_file_says_what_becomes_of_it() -> None:
    """Only then is it checked."""
    untold = [
        (*path, param.opts[0])
        for path, command in commands()
        for param in command.params
        if (param.metavar or param.name or "").strip("[").upper().startswith("FILE")
        and not isinstance(param.type, Input | Output | click.Path)
    ]
    assert untold == []
    assert issubclass(NewOutput, Output)


#: A call that opens a file to write it, or writes one.
_WRITING = re.compile(
    r"^[^(]*(\.write_bytes\(|\.write_text\([^)]+, encoding|mkstemp\(|TemporaryFile\("
    r"|open\((.*, )?(mode=)?'[bt+]*[wxa][bt+]*'[,)])"
)


def test_files_are_opened_to_be_written_in_one_place() -> None:
    """Ledgers themselves are made by their engine; and what is printed nowhere, on a closed stderr, goes to /dev/null."""
    writing = set()
    for module in (
        name
        for name, text in SOURCES.items()
        if re.search(r"write_bytes|write_text|mkstemp|TemporaryFile|open\(", text)
    ):
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call) and _WRITING.search(ast.unparse(node)):
                writing.add(module)
    assert writing == {"cli.files", "cli.refusals"}
