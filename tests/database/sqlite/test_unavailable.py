"""Files and folders that cannot be written, read or found: each command says so in a sentence and leaves what is there."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest

from factstore.database.sqlite import connections
from factstore.errors import FactstoreError, Unavailable
from factstore.store import Store
from tests.ledger.test_chain import CHRONOLOGY
from tests.test_store import one_fact

# Nothing is read-only for the superuser, so another user runs the commands. Late imports are done while everything is
# still readable. Each command is a child process.
PROGRAM = """
    import json, os, sys, tempfile
    from factstore import cli
    from factstore.maintenance import upgrade, verifying
    from factstore.store import Store
    warm, commands = sys.argv[1], json.loads(sys.argv[2])
    with Store(warm) as store:
        store.verify(), store.facts("call"), store.log(), store.load({"sources": [{"id": "warm"}]}, dry_run=True)
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    told = []
    for words in commands:
        outputs = [tempfile.TemporaryFile(), tempfile.TemporaryFile()]
        child = os.fork()
        if child == 0:
            for number, output in enumerate(outputs, start=1):
                os.dup2(output.fileno(), number)
            sys.argv = ["factstore", *words]
            try:
                cli.main()
            except SystemExit as end:
                # At once: freeing all that the child shares with its parent takes longer than the command.
                sys.stdout.flush(), sys.stderr.flush(), os._exit(end.code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        for output in outputs:
            output.seek(0)
        told.append([code, *(output.read().decode() for output in outputs)])
    print(json.dumps(told))
"""
COMMANDS = {
    "add": ("add", "Something", "--source", "herald"),
    "withdraw": ("withdraw", "call"),
    "redact": ("redact", "5", "-m", "asked"),
    "rebuild": ("rebuild",),
    "verify": ("verify",),
    "facts": ("facts",),
    "head": ("head",),
    "backup": ("backup", "backup.db"),
}
READS = ("verify", "facts", "head")


def run(folder: Path, warm: Path) -> dict[str, tuple[int, str, str]]:
    """Runs each command there. Returns exit code, output and refusal."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("FACTSTORE")}
    done = subprocess.run(
        [sys.executable, "-c", dedent(PROGRAM), str(warm), json.dumps([*COMMANDS.values()])],
        cwd=folder,
        env=surroundings | {"FACTSTORE_BY": "Ann"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stderr == ""
    return {name: tuple(told) for name, told in zip(COMMANDS, json.loads(done.stdout), strict=True)}


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("warm") / "warm.db"
    with Store(path) as store:
        store.load(CHRONOLOGY)
    return path


@pytest.mark.parametrize("kept", ["file", "folder", "both"])
def test_a_read_only_file_is_read_and_not_written(warm: Path, kept: str) -> None:
    with TemporaryDirectory() as outer:
        os.chmod(outer, 0o755)
        folder = Path(outer) / "kept"
        folder.mkdir()
        path = Path(shutil.copyfile(warm, folder / "facts.db"))
        path.chmod(0o444 if kept != "folder" else 0o666)
        folder.chmod(0o555 if kept != "file" else 0o777)
        before = path.read_bytes()
        told = run(folder, warm)
        folder.chmod(0o755)
        assert path.read_bytes() == before
        for name, (code, said, refused) in told.items():
            if name in READS or (name == "backup" and kept == "file"):
                # Without a head, verify always says what it cannot detect.
                assert (code, refused) == (0, "") or (name == "verify" and code == 0 and "rewrite" in refused), name
                assert said
            else:
                assert code == 1, name
                assert re.fullmatch(r"factstore: \S+ (cannot be|could not be) [^\n]*\n", refused), (name, refused)
        assert (folder / "backup.db").exists() == (kept == "file")


def test_an_unreadable_file_is_reported(warm: Path) -> None:
    with TemporaryDirectory() as outer:
        os.chmod(outer, 0o777)
        path = Path(shutil.copyfile(warm, Path(outer) / "facts.db"))
        path.chmod(0)
        for name, (code, said, refused) in run(Path(outer), warm).items():
            assert (code, said) == (1, ""), name
            assert re.fullmatch(r"factstore: facts\.db cannot be opened[^\n]*\n", refused), (name, refused)
        assert [file.name for file in Path(outer).iterdir()] == ["facts.db"]


def test_a_file_that_vanishes_between_two_questions_is_reported_and_not_made_again(path: Path) -> None:
    with Store(path) as store:
        store.load(CHRONOLOGY)
        for end in ("", "-wal", "-shm"):
            path.with_name(path.name + end).unlink(missing_ok=True)
        for ask in (store.facts, store.head, store.rebuild, store.verify):
            with pytest.raises(FactstoreError, match="there is no ledger at"):
                ask()
        with pytest.raises(FactstoreError, match="there is no ledger at"):
            store.withdraw("call")
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("act", ["load", "redact", "rebuild"])
def test_a_writer_that_waited_in_vain_says_so_and_leaves_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    store = Store(path)
    store.load(CHRONOLOGY)
    head = store.head()
    monkeypatch.setattr(connections, "LOCK_TIMEOUT", 0.01)
    acts: dict[str, Callable[[], object]] = {
        "load": lambda: store.load(one_fact("more")),
        "redact": lambda: store.redact(5, why="asked"),
        "rebuild": store.rebuild,
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match=r"is being written by another program; it did not finish in 0 s"):
            acts[act]()
        assert store.backup(path.with_name("backup.db")) == store.head() == head
    assert store.verify().ok
