"""The page on the ledger has real hashes, and verify_ledger.py finds what Factstore's own verification finds."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any

import pytest
from click.testing import CliRunner

from factstore.cli import cli
from factstore.ledger.payloads import PAYLOADS, Redacted, decode
from factstore.ledger.record import NO_HASH
from factstore.ledger.sealing import seal
from factstore.store import Store
from factstore.units import Position
from tests.conftest import NewStore
from tests.ledger.test_chain import CHRONOLOGY, DAMAGES, FORGERIES, append, damage, problems, rechain, spoil, stranger

DOCS = Path(__file__).parents[2] / "docs" / "reference"
TEXT = (DOCS / "ledger.md").read_text(encoding="utf-8")
SCRIPT = DOCS / "verify_ledger.py"
EXAMPLE = re.findall(r"```json\n(.*)\n```\n\nSHA-256: `([0-9a-f]{64})`", TEXT)


# --- the document -------------------------------------------------------------------------------------------


def test_the_hashes_of_the_example_are_those_of_its_bytes() -> None:
    assert len(EXAMPLE) == 4
    for block, digest in EXAMPLE:
        assert hashlib.sha256(block.encode()).hexdigest() == digest


def test_the_example_is_what_factstore_writes() -> None:
    prev = NO_HASH
    for position, (said, header) in enumerate((EXAMPLE[:2], EXAMPLE[2:]), start=1):
        given, fields = json.loads(said[0]), json.loads(header[0])
        payload = decode(fields["kind"], fields["version"], json.dumps(given["payload"]), position=Position(position))
        record = seal(
            payload.KIND,
            payload.plain(),
            ledger=fields["ledger"],
            position=Position(position),
            subject=Position(position),
            recorded_at=fields["recorded_at"],
            prev=prev,
            salt=given["salt"],
        )
        assert record.header.canonical() == header[0]
        assert (record.header.payload_hash, record.hash) == (said[1], header[1])
        prev = record.hash


def test_the_document_names_every_kind_and_every_field() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("| `")]
    for kind, model in PAYLOADS.items():
        (line,) = (line for line in lines if f"`{kind}`" in line.split("|")[1])
        assert {*model.model_fields} <= {*re.findall(r"`([^`]+)`", line)}, kind


# --- the script ---------------------------------------------------------------------------------------------


def script_module() -> Any:
    spec = importlib.util.spec_from_file_location("verify_ledger", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify: Callable[..., str] = script_module().verify


@pytest.fixture(scope="module")
def filled(new_store: NewStore) -> Path:
    store = new_store()
    store.load(CHRONOLOGY, message="first reading")
    store.correct("call", {"when": "2018-03-21", "phrase": "the day before 🕰 \u2028 yesterday"}, message="misread")
    store.withdraw("visit", message="another visit was meant")
    return store.path


@pytest.fixture
def kept(filled: Path, tmp_path: Path) -> Store:
    return Store(shutil.copyfile(filled, tmp_path / "facts ü?#.db"))


def first_problem(store: Store, head: str = "") -> int:
    """The position that the script names; 0 if the ledger verifies."""
    try:
        verify(str(store.path), head)
    except ValueError as error:
        found = re.search(r"position ([0-9]+)", str(error))
        return int(found[1]) if found else -1
    return 0


def test_a_good_ledger_verifies_in_both_ways(kept: Store) -> None:
    assert verify(str(kept.path)) == "{}:{}".format(*kept.head())
    assert kept.verify().ok


@pytest.mark.parametrize("statements", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_is_found_in_both_ways(kept: Store, statements: tuple[str, ...]) -> None:
    damage(kept, statements)
    assert first_problem(kept) != 0
    assert problems(kept) != []


@pytest.mark.parametrize("column", ["kind", "recorded_at", "payload_hash", "hash", "salt", "payload"])
def test_a_changed_text_is_found_in_both_ways_at_the_same_position(kept: Store, column: str) -> None:
    table = "payload" if column in ("salt", "payload") else "record"
    spoil(kept, f"UPDATE {table} SET {column} = replace({column}, substr({column}, 5, 1), '¤') WHERE position = 6")
    assert first_problem(kept) == problems(kept)[0].position == 6


@pytest.mark.parametrize("column", ["version", "subject", "position"])
def test_a_changed_number_is_found_in_both_ways_at_the_same_position(kept: Store, column: str) -> None:
    spoil(kept, f"UPDATE record SET {column} = {column} + 1000 WHERE position = 6")
    assert first_problem(kept) == problems(kept)[0].position == 6


@pytest.mark.parametrize("name", [name for name, (_, words) in FORGERIES.items() if "kind" not in words])
def test_broken_rules_are_found_in_both_ways_though_every_hash_fits(kept: Store, name: str) -> None:
    damage(kept, FORGERIES[name][0])
    rechain(kept)
    assert problems(kept) != []
    assert first_problem(kept) != 0


def test_a_published_head_is_checked_in_both_ways(kept: Store) -> None:
    head = kept.head()
    append(kept, Redacted(why="asked for"), subject=Position(5))
    assert first_problem(kept, f"{head.position}:{head.hash}") == 0
    with stranger(kept) as connection:
        last = int(connection.execute("SELECT max(position) FROM record").fetchone()[0])
    published = "{}:{}".format(*kept.head())
    spoil(kept, f"DELETE FROM payload WHERE position > {last - 2}", f"DELETE FROM record WHERE position > {last - 2}")
    assert first_problem(kept) == 0
    assert first_problem(kept, published) == -1


def test_a_redaction_verifies_in_both_ways(kept: Store) -> None:
    append(kept, Redacted(why="asked for"), subject=Position(5))
    with stranger(kept) as connection:
        connection.execute("DELETE FROM payload WHERE position = 5")
    assert first_problem(kept) == 0
    assert problems(kept) == []


def test_a_text_that_is_not_utf_8_is_found(kept: Store) -> None:
    spoil(kept, "UPDATE payload SET payload = CAST(x'7bff7d' AS TEXT) WHERE position = 4")
    assert first_problem(kept) == 4


def test_the_script_prints_one_line_and_needs_nothing_but_python(kept: Store, tmp_path: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", "-W", "error", str(SCRIPT), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        return done.returncode, done.stdout + done.stderr

    head = "{}:{}".format(*kept.head())
    assert run(str(kept.path)) == run(str(kept.path), head) == (0, f"verified {head}\n")
    assert run(str(kept.path), f"1:{'0' * 64}") == (
        1,
        f"not verified: the published head 1:{'0' * 64} is not in this ledger\n",
    )
    spoil(kept, "UPDATE record SET subject = 1 WHERE position = 7")
    code, said = run(str(kept.path))
    assert code == 1
    assert said.startswith("not verified: position 7")
    assert said.count("\n") == 1
    assert run("no such file")[0] == 1
    assert run()[0] == 1
    code, said = run("--help")
    assert code == 0
    assert "python verify_ledger.py FILE [POSITION:HASH] [--part]" in said


@pytest.mark.parametrize(
    "changes",
    [
        {"ledger": "0" * 32},
        {"recorded_at": "2016-01-01T00:00:00.000000Z"},
        {"position": 1},
        {"hash": "0" * 64},
        {"by": "Ann"},
    ],
    ids=lambda changes: next(iter(changes)),
)
@pytest.mark.parametrize("part", [False, True], ids=["whole", "part"])
def test_every_field_of_a_statement_is_checked_in_both_ways(
    kept: Store, tmp_path: Path, changes: dict[str, object], part: bool
) -> None:
    if part:
        kept.share(tmp_path / "part.db", ["call"])
    ledger, statement = tmp_path / "part.db" if part else kept.path, tmp_path / "head.json"
    more = ["--part"] if part else []

    def codes() -> tuple[int, int]:
        command = [sys.executable, "-I", "-S", str(SCRIPT), str(ledger), str(statement), *more]
        by_script = subprocess.run(command, capture_output=True, check=False)
        ours = CliRunner().invoke(cli, ["verify", "--db", str(ledger), "--head", str(statement), *more])
        return by_script.returncode, ours.exit_code

    statement.write_text(kept.statement().text(), encoding="utf-8")
    assert codes() == (0, 0)
    statement.write_text(json.dumps(kept.statement()._asdict() | changes), encoding="utf-8")
    assert 0 not in codes()


def test_a_head_is_the_same_in_upper_case_in_both_ways(kept: Store) -> None:
    head = "{}:{}".format(*kept.head())
    assert verify(str(kept.path), head.upper()) == head
    assert CliRunner().invoke(cli, ["verify", "--db", str(kept.path), "--head", head.upper()]).exit_code == 0


@cache
def python(minor: int) -> str | None:
    """Python 3.`minor` if it is installed, found by its name or through pyenv."""
    kept = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    places = [shutil.which(f"python3.{minor}"), *map(str, sorted(kept.glob(f"3.{minor}.*/bin/python")))]
    for place in filter(None, places):
        told = subprocess.run([place, "--version"], capture_output=True, text=True, check=False)
        if told.stdout.startswith(f"Python 3.{minor}."):
            return place
    return None


@pytest.mark.parametrize("minor", range(8, 15))
def test_the_script_runs_on_every_python_from_3_8_on(kept: Store, minor: int) -> None:
    ast.parse(SCRIPT.read_text(encoding="ascii"), feature_version=(3, minor))
    place = python(minor)
    if place is None:
        pytest.skip(f"there is no Python 3.{minor} here")
    done = subprocess.run([place, "-I", "-S", str(SCRIPT), str(kept.path)], capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == "verified {}:{}\n".format(*kept.head())


@pytest.mark.parametrize(
    ("surroundings", "encoding"),
    [
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "utf-16"),
        ({"PYTHONIOENCODING": "cp1252"}, "utf-8-sig"),
        ({"PYTHONUTF8": "1"}, "utf-8"),
    ],
    ids=["ascii", "cp1252", "utf-8"],
)
def test_the_script_needs_no_encoding_of_the_platform(
    kept: Store, tmp_path: Path, surroundings: dict[str, str], encoding: str
) -> None:
    """As on Windows: lines end in CR LF, a shell writes its own encoding, and the terminal cannot show every letter."""
    script, head, folder = tmp_path / "verify.py", kept.head(), tmp_path / "exhibits, réf. 17"
    script.write_bytes(SCRIPT.read_bytes().replace(b"\n", b"\r\n"))
    folder.mkdir()
    copy = shutil.copyfile(kept.path, folder / "fäcts of the case.db")
    statement = tmp_path / "head.json"
    stated = json.dumps(kept.statement()._asdict(), indent=0).replace("\n", "\r\n")
    statement.write_bytes(f"{stated}\r\n".encode(encoding))

    def told(*words: object) -> str:
        done = subprocess.run(
            [python(8) or sys.executable, str(script), *map(str, words)],
            capture_output=True,
            check=False,
            env=os.environ | surroundings,
        )
        assert done.stderr == b""
        return done.stdout.decode("ascii", "replace").strip()

    assert told(copy, statement) == "verified {}:{}".format(*head)
    assert told(copy, "1:ł").startswith("not verified: the published head 1:")
    assert told(folder / "none.db").startswith("not verified: ")
    statement.write_text("no statement", encoding="utf-8")
    assert told(copy, statement).startswith("not verified: ")


@pytest.mark.parametrize(
    ("place", "address"),
    [
        (PurePosixPath("/exhibits 1/é?.db"), "file:///exhibits%201/%C3%A9%3F.db"),
        (PureWindowsPath(r"C:\exhibits 1\é.db"), "file:///C:/exhibits%201/%C3%A9.db"),
        (PureWindowsPath(r"\\server\shared\facts #1.db"), "file:////server/shared/facts%20%231.db"),
    ],
    ids=str,
)
def test_the_script_addresses_a_file_as_sqlite_reads_it_on_every_platform(place: PurePath, address: str) -> None:
    assert script_module().address(place) == address


def test_the_script_needs_no_particular_platform() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="ascii"))
    named = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert {name for name in named if name.startswith("os.")} == {"os.path", "os.path.exists", "os.path.isfile"}
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert imported == {"contextlib", "datetime", "hashlib", "json", "os", "pathlib", "re", "sqlite3", "sys"}


def test_the_script_comes_with_the_package() -> None:
    printed = CliRunner().invoke(cli, ["verify", "--script"])
    assert printed.exit_code == 0
    assert printed.stdout == SCRIPT.read_text(encoding="utf-8")


def test_the_script_reads_a_file_on_a_read_only_disk(kept: Store) -> None:
    folder, head = kept.path.parent, "{}:{}".format(*kept.head())
    kept.close()
    folder.chmod(0o555)
    try:
        assert verify(str(kept.path)) == head
    finally:
        folder.chmod(0o755)


def test_the_script_stays_short() -> None:
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) <= 150
