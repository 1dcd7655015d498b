"""The command line as people and scripts use it: what goes to stdout, what to stderr, and with which exit code.

Real processes if the process matters (streams, limits, the installed command); click's runner otherwise.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from click.testing import CliRunner

from factstore.cli import cli
from factstore.database.sqlite import connections

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "moscow-times-2018-04-02.yaml"
INSTALLED = Path(sys.executable).with_name("factstore")

ESCAPES = "a\x1b]0;owned\x07 b\x9b31m \u202eevil"


class Told(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def process(*words: str, db: Path | None = None, stdin: bytes | None = b"", **more: Any) -> Told:
    """Runs a command in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FACTSTORE")}
    environment = kept | {"FACTSTORE_BY": "ann", "COLUMNS": "80"} | more.pop("env", {})
    if db is not None:
        environment["FACTSTORE_DB"] = str(db)
    command = more.pop("command", [str(INSTALLED)])
    done = subprocess.run(
        [*command, *words], input=stdin, capture_output=True, env=environment, timeout=60, check=False, **more
    )
    told = Told(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in told.err
    return told


def run(*words: str, db: Path | str, stdin: str | bytes | None = None) -> Told:
    """Runs a command in this process."""
    done = CliRunner().invoke(
        cli,
        words,
        prog_name="factstore",
        input=stdin,
        env={"FACTSTORE_DB": str(db), "FACTSTORE_BY": "ann", "COLUMNS": "80"},
    )
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Told(done.exit_code, done.stdout_bytes.decode(), done.stderr)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed in a ledger that no test writes to."""
    path = tmp_path_factory.mktemp("cli") / "facts.db"
    told = process("load", str(SEED), "-m", "first reading", db=path)
    assert told == (
        0,
        "",
        "made a new ledger; recorded 4 sources, 5 speakers, 28 facts, 90 citations, 46 orderings; commit 176\n",
    )
    return path


@pytest.fixture
def db(loaded: Path, tmp_path: Path) -> Path:
    """A copy of the seed's ledger to write to."""
    return Path(shutil.copyfile(loaded, tmp_path / "facts.db"))


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Path]:
    """A ledger of a few facts, given as keyword arguments: id to `when`."""

    def make(**facts: str | None) -> Path:
        path = tmp_path / "small.db"
        document = {
            "sources": [{"id": "s", "title": "S", "publisher": "P", "published": "2030-01-01"}],
            "facts": [
                {"id": name, "title": f"It was {name}", "when": when, "evidence": [{"source": "s"}]}
                for name, when in facts.items()
            ],
        }
        assert run("load", "-", db=path, stdin=json.dumps(document)).code == 0
        return path

    return make


def refused(told: Told, *words: str, code: int = 1) -> None:
    """Asserts one sentence on stderr with these words in it, and nothing on stdout."""
    assert told.code == code, told
    assert told.out == ""
    for word in words:
        assert word in told.err


def row_count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection, connection:
        return int(connection.execute("SELECT count(*) FROM record").fetchone()[0])


# --- what every listing and every command shares ---------------------------------------------------------------

PLACED = ["id", "title", "when", "earliest", "latest", "status"]
LOGGED = ["position", "commit", "kind", "subject", "recorded_at", "recorded_by", "message", "hash"]
LISTINGS: dict[str, list[str]] = {
    "facts": PLACED,
    "facts consulate": PLACED,
    "timeline": PLACED,
    "before russia-expels-60-us-diplomats": [*PLACED, "certainty"],
    "after 2018-03-20": [*PLACED, "certainty"],
    "between trump-putin-call ushakov-briefing": [*PLACED, "certainty"],
    "overlapping ushakov-briefing": [*PLACED, "certainty"],
    "sources": ["id", "title", "publisher", "url", "published", "retrieved", "text", "citations"],
    "log": LOGGED,
    "history trump-putin-call": [*LOGGED, "changes"],
    "diff 2 176": ["id", "change", "field", "from", "to", "kind"],
    "who-says trump-putin-call": [
        *("citation", "stance", "quote", "check", "attribution", "origin", "source", "published"),
    ],
    "said-by kremlin": [
        *("citation", "stance", "quote", "check", "attribution", "origin", "source", "published", "about", "role"),
    ],
}


@pytest.mark.parametrize("command", LISTINGS)
class TestListings:
    def test_json_is_one_array_of_objects_with_the_keys_that_scripts_rely_on(self, loaded: Path, command: str) -> None:
        told = run(*command.split(), "--json", db=loaded)
        assert told.code == 0
        assert told.err == ""
        for item in told.json:
            assert list(item)[: len(LISTINGS[command])] == LISTINGS[command]
            assert set(item) - set(LISTINGS[command]) <= {
                "begun_by",
                "conflicting",
                "open_end",
                "reason",
                "seen_through",
                "withdrawn",
            }

    def test_jsonl_is_the_same_objects_one_a_line(self, loaded: Path, command: str) -> None:
        told = run(*command.split(), "--jsonl", db=loaded)
        assert [json.loads(line) for line in told.out.splitlines()] == run(*command.split(), "--json", db=loaded).json

    def test_csv_is_a_header_and_a_row_for_each(self, loaded: Path, command: str) -> None:
        rows = list(csv.reader(io.StringIO(run(*command.split(), "--csv", db=loaded).out)))
        assert rows[0][: len(LISTINGS[command])] == LISTINGS[command]
        assert len(rows) - 1 == len(run(*command.split(), "--json", db=loaded).json)
        assert {len(row) for row in rows} == {len(rows[0])}

    def test_limit_keeps_the_first_and_0_is_all(self, loaded: Path, command: str) -> None:
        everything = run(*command.split(), "--json", db=loaded).json
        assert run(*command.split(), "--json", "--limit", "2", db=loaded).json == everything[:2]
        assert run(*command.split(), "--json", "--limit", "0", db=loaded).json == everything
        refused(run(*command.split(), "--csv", "--json", db=loaded), "--json and --csv are two formats", code=2)

    def test_words_fit_the_terminal(self, loaded: Path, command: str) -> None:
        told = run(*command.split(), db=loaded)
        assert told.code == 0
        for line in told.out.splitlines():
            # Only what has no spaces, such as an id or a URL, may be longer.
            assert len(line) <= 80 or " " not in line[:80].strip() or len(line.split()[-1]) > 30


def commands() -> dict[str, click.Command]:
    """Every command by its words, those of groups too."""
    found: dict[str, click.Command] = {}
    for name, command in cli.commands.items():
        inner = command.commands if isinstance(command, click.Group) else {}
        found |= {f"{name} {word}": one for word, one in inner.items()} or {name: command}
    return found


def example_of(name: str) -> str:
    return str(commands()[name].help).partition("Example: ")[2].strip()


class TestHelp:
    @pytest.mark.parametrize("name", commands())
    def test_every_command_names_an_example_that_runs(
        self, db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "seeds").symlink_to(SEED.parent)
        (tmp_path / "article.txt").write_text("An article.")
        (tmp_path / "harbour.csv").write_text("Date,What happened,Source\n3 May 2018,The harbour closed,Gazette\n")
        if name == "source text":
            assert run(*shlex.split(example_of("source add"))[1:], db=db).code == 0
        if name == "restore":
            assert run("withdraw", shlex.split(example_of(name))[2], db=db).code == 0
        if name == "browse":  # it would go on until it is interrupted
            monkeypatch.setattr("factstore.browser.serve", lambda _store, host, port, ready: ready(f"{host}:{port}"))
            monkeypatch.setattr("click.launch", lambda _url: 0)
        example = example_of(name).replace("$(factstore head)", run("head", db=db).out.strip())
        program, *words = shlex.split(example)
        assert program == "factstore"
        assert words[: len(name.split())] == name.split()
        told = run(*words, db=tmp_path / "new.db" if name == "init" else db)
        assert told.code == 0, told

    @pytest.mark.parametrize("name", commands())
    def test_help_fits_80_columns_and_keeps_the_example_on_one_line(self, tmp_path: Path, name: str) -> None:
        told = run(*name.split(), "--help", db=tmp_path / "none.db")
        assert f"  Example: {example_of(name)}\n" in told.out
        assert all(len(line) <= 80 for line in told.out.splitlines() if "Example:" not in line)

    def test_the_overview_cuts_no_sentence_short(self, tmp_path: Path) -> None:
        for group in {(), *(tuple(name.split()[:-1]) for name in commands())}:
            told = run(*group, "--help", db=tmp_path / "none.db")
            assert "..." not in told.out.partition("\n")[2]
            _, _, after = told.out.partition("Show this message and exit.\n")
            listed = [line.split()[0] for line in after.splitlines() if re.match(r" {2}\S", line)]
            within = {name.split()[len(group)] for name in commands() if tuple(name.split()[: len(group)]) == group}
            assert sorted(listed) == sorted(within)

    def test_the_overview_lists_the_commands_in_the_order_of_use(self, tmp_path: Path) -> None:
        told = run("--help", db=tmp_path / "none.db").out
        met = [
            "\nMaking and filling a ledger:\n  init ",
            "\n  load ",
            "\nLooking:\n  status ",
            "\nSeeing:\n  picture ",
        ]
        places = [told.index(part) for part in met]
        assert places == sorted(places)

    def test_limits_of_numbers_are_stated_when_they_are_exceeded(self, tmp_path: Path) -> None:
        told = run("timeline", "--help", db=tmp_path / "none.db").out
        assert re.search(r"--limit N +At most N; 0, the default, for all\.\n", told)
        for given in ("-1", "10000000000"):
            refused(
                run("log", "--limit", given, db=tmp_path / "none.db"),
                f"{given} is not between 0 and 1000000000",
                code=2,
            )
        refused(run("log", "--limit", "few", db=tmp_path / "none.db"), "--limit", "'few'", code=2)

    def test_module_and_command_are_the_same(self, tmp_path: Path) -> None:
        as_module = process("--version", command=[sys.executable, "-m", "factstore"], cwd=tmp_path)
        assert as_module == process("--version", cwd=tmp_path)
        assert as_module.code == 0

    def test_an_unknown_command_or_none_is_misuse(self, tmp_path: Path) -> None:
        refused(run("befor", db=tmp_path / "none.db"), "'befor'", "'before'", code=2)
        refused(run("facts", "--limt", "2", db=tmp_path / "none.db"), "'--limt'", "'--limit'", code=2)
        assert run(db=tmp_path / "none.db").code == 2


class TestWhichDatabase:
    def test_db_comes_before_the_variable_which_comes_before_facts_db(
        self, loaded: Path, small: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = small(a="2018")
        assert len(run("facts", "--json", db=other).json) == 1
        assert len(run("--db", str(loaded), "facts", "--json", db=other).json) == 28
        assert len(run("facts", "--json", "--db", str(loaded), db=other).json) == 28
        monkeypatch.chdir(tmp_path)
        shutil.copyfile(other, "facts.db")
        unset = CliRunner().invoke(cli, ["facts", "--jsonl"], env={"FACTSTORE_DB": None})
        empty = CliRunner().invoke(cli, ["facts", "--jsonl"], env={"FACTSTORE_DB": ""})
        assert json.loads(unset.stdout)["id"] == json.loads(empty.stdout)["id"] == "a"

    @pytest.mark.parametrize("name", ["with space.db", "what?.db", "a#b.db", "50%41.db", "наоборот 🙂.db"])
    def test_any_name_is_possible_as_a_path_and_as_a_url(self, loaded: Path, tmp_path: Path, name: str) -> None:
        path = shutil.copyfile(loaded, tmp_path / name)
        head = run("head", db=loaded).out
        assert run("--db", str(path), "head", db=loaded).out == head
        assert run("--db", f"sqlite:///{path}", "head", db=loaded).out == head
        assert {left.name.removesuffix("-wal").removesuffix("-shm") for left in tmp_path.iterdir()} == {name}

    @pytest.mark.parametrize("name", ["", ":memory:", "sqlite://", "mysql://localhost/facts"])
    def test_a_path_that_is_not_a_file_is_misuse(self, loaded: Path, name: str) -> None:
        refused(run("--db", name, "head", db=loaded), code=2)

    def test_there_is_none(self, tmp_path: Path) -> None:
        refused(run("facts", db=tmp_path / "none.db"), "none.db", "factstore init")
        refused(run("facts", db=tmp_path), "is a folder")
        refused(run("init", db=tmp_path / "no" / "folder.db"), "folder.db")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("command", ["facts", "verify", "rebuild", f"load {SEED}", "upgrade"])
    def test_a_file_that_is_not_ours_is_left_alone(self, tmp_path: Path, command: str) -> None:
        text = tmp_path / "letter.txt"
        text.write_text("Dear Sir or Madam")
        refused(run(*command.split(), db=text), "letter.txt is not an SQLite database")
        assert text.read_text() == "Dear Sir or Madam"
        other = tmp_path / "other.db"
        with closing(sqlite3.connect(other)) as connection, connection:
            connection.execute("CREATE TABLE theirs (x)")
        refused(run(*command.split(), db=other), "other.db is an SQLite database, but not a Factstore ledger")

    @pytest.mark.parametrize("command", ["facts", f"load {SEED}", "upgrade"])
    def test_a_newer_schema_is_named(self, db: Path, command: str) -> None:
        with closing(sqlite3.connect(db)) as connection, connection:
            connection.execute("UPDATE _alembic_version SET version_num = '9999'")
        refused(run(*command.split(), db=db), "9999", "newer")

    def test_a_cut_off_file_is_said_to_be_damaged(self, db: Path) -> None:
        db.write_bytes(db.read_bytes()[:50_000])
        refused(run("facts", db=db), "facts.db", "damaged")

    def test_a_database_that_another_program_writes_to_can_be_read_and_not_written(
        self, db: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connections, "LOCK_TIMEOUT", 0.05)
        other = sqlite3.connect(db, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert run("head", db=db).code == 0
        refused(run("withdraw", "trump-putin-call", db=db), "another program")
        other.close()
        assert run("withdraw", "trump-putin-call", db=db).code == 0


class TestStreams:
    def test_a_reader_who_has_seen_enough_ends_it_quietly(self, loaded: Path) -> None:
        with subprocess.Popen(
            [INSTALLED, "--db", loaded, "log"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            running.stdout.close()
            assert running.stderr.read() == b""
        assert running.returncode == 0

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
    def test_a_full_disk_behind_stdout_is_reported(self, loaded: Path) -> None:
        with open("/dev/full", "wb") as full:
            done = subprocess.run([INSTALLED, "--db", loaded, "log"], stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 1
        assert done.stderr.decode() == f"factstore: the output: {os.strerror(errno.ENOSPC).lower()}\n"

    @pytest.mark.skipif(os.name == "nt", reason="streams that are closed beforehand are POSIX")
    def test_a_closed_stdout_is_reported_and_a_closed_stderr_does_no_harm(self, loaded: Path) -> None:
        def without(number: int) -> Told:
            return process("log", "--limit", "1", db=loaded, preexec_fn=lambda: os.close(number))

        assert without(1) == (1, "", "factstore: the output: not writable\n")
        assert without(2) == process("log", "--limit", "1", db=loaded)
        assert process("show", "nobody", db=loaded, preexec_fn=lambda: os.close(2)) == (1, "", "")

    @pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
    def test_ctrl_c_leaves_what_was_committed_and_says_so(self, db: Path) -> None:
        def heed() -> None:
            # If the tests run in the background, Ctrl-C may be ignored, which a child inherits.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.alarm(60)

        words = [str(INSTALLED), "--db", str(db), "load", "-", "--format", "jsonl", "--batch", "1"]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heed) as running:
            assert running.stdin is not None
            assert running.stderr is not None
            running.stdin.write(b'{"source": {"id": "first"}}\n{"source": {"id": "second"}}\n')
            running.stdin.flush()
            assert running.stderr.readline().startswith(b"recorded 1 source; commit ")
            running.send_signal(signal.SIGINT)
            assert running.stderr.read().endswith(b"\nfactstore: interrupted; only what was committed is kept\n")
        assert running.returncode == 130
        assert run("show", "first", db=db).code == run("verify", db=db).code == 0

    @pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
    def test_ctrl_c_while_a_command_is_imported_leaves_no_traceback(self, db: Path) -> None:
        interrupted = """if True:
            import os, signal, sys
            signal.signal(signal.SIGINT, signal.default_int_handler)
            class Interrupting:
                at = sys.argv.pop(1)
                def find_spec(self, name, *_):
                    if name == self.at:
                        os.kill(os.getpid(), signal.SIGINT)
            sys.meta_path.insert(0, Interrupting())
            from factstore.__main__ import main
            main()"""
        for module, code, said in (("factstore.cli", -signal.SIGINT, ""), ("factstore.cli.look", 130, "interrupted")):
            told = process(module, "facts", command=[sys.executable, "-c", interrupted], db=db)
            assert told.code == code
            assert "Traceback" not in told.err
            assert said in told.err

    @pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
    def test_ctrl_c_ends_a_command_that_follows_the_ledger(self, db: Path) -> None:
        def heed() -> None:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.alarm(60)

        words = [str(INSTALLED), "--db", str(db), "log", "--follow", "--after", "0"]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heed) as running:
            assert running.stdout is not None
            assert running.stdout.readline().startswith(b'{"position": 1')
            running.send_signal(signal.SIGINT)
            _, told = running.communicate()
        assert (running.returncode, told) == (0, b"")

    @pytest.mark.skipif(os.name == "nt", reason="limits of files are POSIX")
    def test_a_full_disk_under_the_ledger_leaves_it_as_it_was(self, db: Path, tmp_path: Path) -> None:
        import resource

        def little_room() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (350_000, 350_000))

        document = tmp_path / "many.json"
        facts = [{"id": f"f{n}", "title": "x" * 500, "evidence": [{"source": "interfax-report"}]} for n in range(1000)]
        document.write_text(json.dumps({"facts": facts}))
        refused(process("load", str(document), db=db, preexec_fn=little_room), "facts.db")
        refused(process("load", str(document), db=tmp_path / "new.db", preexec_fn=little_room))
        assert sorted(path.name for path in tmp_path.iterdir() if not path.name.endswith(("-wal", "-shm"))) == [
            "facts.db",
            "many.json",
        ]
        assert run("verify", db=db).code == 0
        assert row_count(db) == 176

    @pytest.mark.parametrize("command", ["load -", "date -"])
    def test_a_closed_stdin_is_reported(self, tmp_path: Path, command: str) -> None:
        done = subprocess.run(
            ["sh", "-c", f'exec "{INSTALLED}" {command} <&-'], cwd=tmp_path, capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (2, b"factstore: stdin is closed\n")

    def test_bytes_that_are_not_text_are_misuse(self, loaded: Path) -> None:
        done = subprocess.run(
            [os.fsencode(INSTALLED), b"--db", os.fsencode(loaded), b"show", b"\xff"], capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (2, b"factstore: argument 4 is not UTF-8 text\n")

    def test_a_pipe_gets_utf_8_whatever_the_locale(self, loaded: Path) -> None:
        plain = process("timeline", db=loaded)
        assert "…" in plain.out
        assert process("timeline", db=loaded, env={"LC_ALL": "C", "PYTHONIOENCODING": "latin-1"}) == plain

    @pytest.mark.parametrize(
        "command", ["show evil", "show s", "facts", "who-says evil", "said-by s", "history evil", "log", "timeline"]
    )
    def test_no_source_can_control_the_terminal(self, tmp_path: Path, command: str) -> None:
        path = tmp_path / "evil.db"
        fact = {
            "id": "evil",
            "title": ESCAPES,
            "phrase": ESCAPES,
            "tags": [ESCAPES],
            "evidence": [{"source": "s", "quote": ESCAPES, "attribution": [ESCAPES], "locator": ESCAPES}],
        }
        document = json.dumps({"sources": [{"id": "s", "title": ESCAPES}], "facts": [fact]})
        assert run("load", "-", "-m", ESCAPES, "--by", ESCAPES, db=path, stdin=document).code == 0
        words = run(*command.split(), db=path).out
        assert not set(words) & set("\x1b\x07\x9b\u202e")
        assert "\\u001b" in words
        for line in run(*command.split(), "--json", db=path).out.splitlines():
            assert not set(line) & set("\x1b\x07\x9b\u202e")

    def test_nor_can_a_refusal(self, tmp_path: Path) -> None:
        document = json.dumps({"facts": [{"id": "a", "title": "A", ESCAPES: "x"}], ESCAPES: []})
        told = run("load", "-", db=tmp_path / "none.db", stdin=document)
        refused(told, "stdin")
        assert not set(told.err) & set("\x1b\x07\x9b\u202e")


# --- documents ------------------------------------------------------------------------------------------------


class TestInit:
    def test_it_makes_an_empty_ledger(self, tmp_path: Path) -> None:
        told = run("init", "--zone", "+03:00", "--by", "ann", db=tmp_path / "new.db")
        assert told.code == 0
        assert told.out == ""
        assert "head 2:" in told.err
        assert run("verify", db=tmp_path / "new.db").code == 0

    def test_it_makes_none_over_another(self, db: Path) -> None:
        refused(run("init", db=db), "already exists")

    @pytest.mark.parametrize("words", [["--zone", "Moscow"], ["--by", " "]])
    def test_nonsense_is_misuse(self, tmp_path: Path, words: list[str]) -> None:
        refused(run("init", *words, db=tmp_path / "new.db"), words[0], code=2)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "command", ["facts", "timeline", "sources", "conflicts", "before 2018", "facts consulate", "log --known-at 0"]
    )
    def test_an_empty_ledger_answers_with_nothing(self, tmp_path: Path, command: str) -> None:
        run("init", db=tmp_path / "new.db")
        told = run(*command.split(), db=tmp_path / "new.db")
        assert (told.code, told.out) == (0, "")
        assert told.err.count("\n") == 1
        assert run(*command.split(), "--json", db=tmp_path / "new.db") == (0, "[]\n", "")
        assert run(*command.split(), "--csv", db=tmp_path / "new.db") == (0, "", "")


class TestLoad:
    def test_again_it_is_a_no_op(self, db: Path) -> None:
        assert run("load", str(SEED), db=db) == (0, "", "173 as they were; nothing was written\n")
        assert row_count(db) == 176

    def test_a_dry_run_writes_nothing(self, tmp_path: Path) -> None:
        told = run("load", str(SEED), "--dry-run", db=tmp_path / "new.db")
        assert told.code == 0
        assert "would have recorded 4 sources" in told.err
        assert told.err.endswith("nothing was written\n")
        assert list(tmp_path.iterdir()) == []

    def test_a_changed_entry_is_refused_with_its_difference_or_becomes_a_correction(
        self, db: Path, tmp_path: Path
    ) -> None:
        changed = tmp_path / "changed.yaml"
        changed.write_text(SEED.read_text().replace("Donald Trump telephoned Vladimir Putin", "Trump rang Putin"))
        refused(
            run("load", str(changed), db=db),
            "changed.yaml:69: trump-putin-call: title",
            '"Donald Trump telephoned Vladimir Putin" -> "Trump rang Putin"',
            "--correct",
        )
        assert row_count(db) == 176
        told = run("load", str(changed), "--correct", "--reason", "source-corrected", "-m", "shorter", db=db)
        assert told == (0, "", "changed trump-putin-call; 172 as they were; commit 178\n")
        assert run("history", "trump-putin-call", "--json", db=db).json[-1]["reason"] == "source-corrected"

    def test_several_documents_are_one_commit_and_all_or_none(self, tmp_path: Path) -> None:
        (tmp_path / "sources.json").write_text('{"sources": [{"id": "s", "title": "S"}]}')
        (tmp_path / "facts.csv").write_text("title,source,when\nIt rained,s,2018\n")
        (tmp_path / "bad.jsonl").write_text('{"fact": {"id": "b", "title": "B", "when": "20188"}}\n')
        names = [str(tmp_path / name) for name in ("sources.json", "facts.csv", "bad.jsonl")]
        refused(run("load", *names, db=tmp_path / "new.db"), "bad.jsonl:1", "when")
        assert not (tmp_path / "new.db").exists()
        assert run("load", *names[:2], db=tmp_path / "new.db").err.endswith("1 source, 1 fact, 1 citation; commit 6\n")

    def test_a_contradiction_shows_its_chain_and_can_be_kept(self, small: Callable[..., Path]) -> None:
        path = small(a="2018", b="2019")
        document = '{"orderings": [{"fact": "b", "relation": "before", "other": "a", "evidence": [{"source": "s"}]}]}'
        told = run("load", "-", db=path, stdin=document)
        refused(told, "b.before.a", "cannot all hold", "1. ", "a is dated 2018", "--allow-conflict")
        told = run("load", "-", "--allow-conflict", db=path, stdin=document)
        assert told.code == 0
        assert run("conflicts", db=path).out.startswith("b.before.a is set aside: ")
        assert {item["id"] for item in run("timeline", "--json", db=path).json if item.get("conflicting")}

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("a.yaml", b"facts: [", ["a.yaml:2", "not YAML"]),
            ("a.yaml", b"facts: 5", ["a.yaml:1", "facts must be a list"]),
            ("a.yaml", b"just words", ["a.yaml", "mapping"]),
            ("a.yaml", b"a\0b", ["a.yaml:1", "U+0000"]),
            ("a.yaml", b"[" * 100_000, ["a.yaml", "nested too deeply"]),
            ("a.yaml", b"facts:\n- {id: a, title: A, evidence: [{source: nobody}]}", ["a.yaml:2", "source nobody"]),
            ("a.yaml", b"facts:\n- {id: a, title: A}", ["a.yaml:2", "a has no evidence"]),
            ("a.yaml", b"facts:\n- {id: Bad Id, title: A}", ["a.yaml:2", "Bad Id"]),
            ("a.yaml", b"facts:\n- id: a\n  title: A\n  when: 2018-02-30", ["a.yaml:4", "2018-02-30"]),
            ("a.yaml", b"facts:\n- id: a\n  titel: A", ["a.yaml:3", "title"]),
            ("a.json", b"[" * 100_000 + b"]" * 100_000, ["a.json", "nested too deeply"]),
            ("a.json", b'{"facts": [{"id": "a", "title": "A", "when": NaN}]}', ["a.json", "NaN"]),
            ("a.json", b'{"sources": [{"id": "s", "title": "\\ud800"}]}', ["a.json", "title"]),
            ("a.json", b"null", ["a.json", "mapping"]),
            ("a.jsonl", b'{"fact": {"id": "a"}}\n{"fact"', ["a.jsonl:2", "not JSON"]),
            ("a.csv", b'title\n"a', ["a.csv", "not CSV"]),
            ("a.csv", b"titel\na", ["a.csv:1", "title"]),
        ],
    )
    def test_a_document_that_is_wrong_is_refused_whole(
        self, tmp_path: Path, name: str, content: bytes, words: list[str]
    ) -> None:
        (tmp_path / name).write_bytes(content)
        refused(run("load", str(tmp_path / name), db=tmp_path / "new.db"), *words)
        assert [path.name for path in tmp_path.iterdir()] == [name]

    def test_deep_yaml_does_not_kill_the_process(self, tmp_path: Path) -> None:
        refused(
            process("load", "-", db=tmp_path / "new.db", stdin=b"[" * 200_000 + b"]" * 200_000), "nested too deeply"
        )

    @pytest.mark.parametrize(
        ("name", "content"), [("none.yaml", None), ("binary.yaml", b"\xff\xfe\x00\x81"), (".", None)]
    )
    def test_a_file_that_is_not_text_is_named(self, tmp_path: Path, name: str, content: bytes | None) -> None:
        if content:
            (tmp_path / name).write_bytes(content)
        told = run("load", str(tmp_path / name), db=tmp_path / "new.db")
        assert told.code in (1, 2)
        assert str(tmp_path / name) in told.err
        assert not (tmp_path / "new.db").exists()

    def test_stdin_that_is_not_text_is_named(self, tmp_path: Path) -> None:
        refused(run("load", "-", db=tmp_path / "new.db", stdin=b"\xff\xfe"), "stdin")

    def test_an_empty_document_is_refused_and_makes_nothing(self, db: Path, tmp_path: Path) -> None:
        for content in (b"", b"\n", b"# nothing\n"):
            refused(run("load", "-", db=tmp_path / "new.db", stdin=content), "stdin: it is empty")
        for ending in ("yaml", "json", "jsonl", "csv"):
            (tmp_path / f"empty.{ending}").write_text("\n")
            told = run("load", str(tmp_path / f"empty.{ending}"), db=tmp_path / "new.db")
            refused(told, f"empty.{ending}: it is empty")
        assert not (tmp_path / "new.db").exists()
        assert run("load", "-", db=db, stdin=b"{}") == (0, "", "nothing was written\n")

    def test_stdin_is_read_in_the_format_that_it_looks_like(self, tmp_path: Path) -> None:
        source = {"id": "s", "title": "🙂", "publisher": None}
        for content in (
            json.dumps({"sources": [source]}),
            json.dumps({"sources": [source]}, indent=2),
            json.dumps({"source": source}),
            json.dumps({"source": source}) + "\n" + json.dumps({"speaker": {"id": "a", "name": "A"}}) + "\n",
            "sources: [{id: s, title: 🙂}]",
            "{sources: [{id: s, title: 🙂}]}",
        ):
            told = run("load", "-", db=tmp_path / "new.db", stdin=content)
            assert told.code == 0, (content, told)
        assert run("sources", "--json", db=tmp_path / "new.db").json[0]["publisher"] is None

    def test_format_overrides_the_ending(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text('{"source": {"id": "s", "title": "S"}}\n')
        assert run("load", str(tmp_path / "a.txt"), "--format", "jsonl", db=tmp_path / "new.db").code == 0
        refused(run("load", str(tmp_path / "a.txt"), "--format", "xml", db=tmp_path / "new.db"), "xml", code=2)

    def test_any_script_and_any_length_comes_back_as_it_was(self, tmp_path: Path) -> None:
        path = tmp_path / "new.db"
        titles = [
            "שלום עולם",
            "日本語の出来事" * 40,
            "🙂 e\u0301 <b>&amp;</b>",
            "=1+1",
            "x" * 100_000,
            "a\r\nb\tc\u2028d",
            ESCAPES,
        ]
        facts = [{"id": f"f{n}", "title": title, "evidence": [{"source": "s"}]} for n, title in enumerate(titles)]
        document = json.dumps({"sources": [{"id": "s", "title": "S"}], "facts": facts})
        assert run("load", "-", db=path, stdin=document).code == 0
        for form in ("--json", "--jsonl", "--csv"):
            out = run("facts", form, db=path).out
            if form == "--csv":
                found = [row["title"] for row in csv.DictReader(io.StringIO(out, newline=""))]
            else:
                found = [
                    item["title"]
                    for item in (json.loads(out) if form == "--json" else map(json.loads, out.splitlines()))
                ]
            assert sorted(found) == sorted(titles)
        assert run("timeline", db=path).code == 0

    def test_batches_are_commits_and_bad_lines_go_to_a_file(self, tmp_path: Path) -> None:
        lines = [
            '{"source": {"id": "paper"}}',
            '{"fact"',
            *(json.dumps({"fact": {"id": name, "title": name, "evidence": [{"source": "paper"}]}}) for name in "abc"),
        ]
        file, bad, db = tmp_path / "facts.jsonl", tmp_path / "bad.jsonl", tmp_path / "new.db"
        file.write_text("\n".join(lines))
        done = run("load", str(file), "--batch", "2", "--skip-bad", str(bad), db=db)
        assert (done.code, bad.read_text()) == (0, '{"fact"\n')
        assert [line for line in done.err.splitlines() if "facts.jsonl:2: this is not JSON" in line]
        assert done.err.endswith(f"1 line refused; see {bad}\n")
        assert [len(row["id"]) for row in json.loads(run("facts", "--json", db=db).out)] == [1, 1, 1]
        refused(
            run("load", str(file), "--batch", "2", "--skip-bad", str(bad), db=db),
            f"bad.jsonl: {os.strerror(errno.EEXIST).lower()}",
        )
        assert "as they were" in run("load", str(file), "--batch", "9", "--skip-bad", str(tmp_path / "b"), db=db).err
        through = run("load", "-", "--batch", "1", db=tmp_path / "stdin.db", stdin="\n".join([lines[0], *lines[2:]]))
        assert through.code == 0

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (["--batch", "2", "--prune"], "--prune"),
            (["--batch", "2", "--dry-run"], "--dry-run"),
            (["--batch", "2", "--format", "yaml"], "JSON Lines"),
            (["--skip-bad", "bad.jsonl"], "--batch"),
            (["--batch", "0"], "--batch"),
        ],
    )
    def test_options_that_exclude_batches_are_misuse(self, options: list[str], words: str, tmp_path: Path) -> None:
        (tmp_path / "facts.jsonl").write_text("")
        refused(run("load", str(tmp_path / "facts.jsonl"), *options, db=tmp_path / "new.db"), words, code=2)


class TestDump:
    @pytest.mark.parametrize("form", ["yaml", "json", "jsonl"])
    def test_loading_a_dump_is_a_no_op_and_makes_the_same_chronology_elsewhere(
        self, db: Path, tmp_path: Path, form: str
    ) -> None:
        dumped = run("dump", "--format", form, db=db)
        assert dumped.err == ""
        told = run("load", "-", "--format", form, db=db, stdin=dumped.out)
        assert told == (0, "", "173 as they were; nothing was written\n")
        again = tmp_path / "again.db"
        assert run("load", "-", "--format", form, db=again, stdin=dumped.out).code == 0
        assert run("dump", "--format", form, db=again).out == dumped.out
        assert run("timeline", "--json", db=again).out == run("timeline", "--json", db=db).out

    def test_from_process_to_process(self, db: Path) -> None:
        both = f'"{INSTALLED}" dump | "{INSTALLED}" load -'
        told = process(command=["sh", "-c", both], db=db)
        assert told == (0, "", "173 as they were; nothing was written\n")

    def test_texts_of_sources_come_back_and_do_not_control_the_terminal(self, tmp_path: Path) -> None:
        path = tmp_path / "evil.db"
        run("load", "-", db=path, stdin=json.dumps({"sources": [{"id": "s", "title": ESCAPES}]}))
        for form in ("yaml", "json", "jsonl"):
            out = run("dump", "--format", form, db=path).out
            assert not set(out) & set("\x1b\x07\x9b")
            assert run("load", "-", "--format", form, db=path, stdin=out).err.startswith("1 as it was")

    def test_into_a_file_whole_or_not_at_all(self, db: Path, tmp_path: Path) -> None:
        kept = tmp_path / "chronology.yaml"
        kept.write_text("an older dump")
        assert run("dump", "-o", str(kept), db=db) == (0, "", "wrote chronology.yaml as YAML\n")
        assert kept.read_text() == run("dump", db=db).out
        refused(run("dump", "-o", str(tmp_path / "no" / "folder.yaml"), db=db), "folder.yaml")
        refused(run("dump", "-o", str(tmp_path), db=db), os.strerror(errno.EISDIR).lower())
        assert {path.name for path in tmp_path.iterdir() if "db" not in path.name} == {"chronology.yaml"}

    @pytest.mark.parametrize(
        ("name", "kind", "said"),
        [
            ("a.yml", "yaml", "YAML"),
            ("a.JSON", "json", "JSON"),
            ("a.jsonl", "jsonl", "JSON Lines"),
            ("a.ndjson", "jsonl", "JSON Lines"),
            ("notes", "yaml", "YAML"),
        ],
    )
    def test_the_format_follows_the_name_and_is_reported(
        self, loaded: Path, tmp_path: Path, name: str, kind: str, said: str
    ) -> None:
        out = tmp_path / name
        assert run("dump", "-o", str(out), db=loaded) == (0, "", f"wrote {name} as {said}\n")
        assert out.read_text() == run("dump", "--format", kind, db=loaded).out
        told = run("dump", "--format", "json", "-o", str(out), db=loaded)
        assert told.err == f"wrote {name} as JSON\n"
        json.loads(out.read_text())

    def test_a_name_that_ends_in_csv_has_the_rest_beside_it(self, loaded: Path, tmp_path: Path) -> None:
        told = run("dump", "-o", str(tmp_path / "a.csv"), db=loaded)
        beside = "a.csv, a-sources.csv, a-speakers.csv, a-orderings.csv, a-citations.csv"
        assert told.err.startswith(f"wrote {beside} as CSV\n")
        assert {*beside.split(", ")} <= {path.name for path in tmp_path.iterdir()}

    @pytest.mark.skipif(os.name == "nt", reason="limits of files are POSIX")
    def test_a_full_disk_leaves_the_older_dump(self, loaded: Path, tmp_path: Path) -> None:
        import resource

        kept = tmp_path / "chronology.yaml"
        kept.write_text("an older dump")
        told = process(
            *("dump", "-o", str(kept)),
            db=loaded,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (35_000, 35_000)),
        )
        refused(told, "chronology.yaml")
        assert kept.read_text() == "an older dump"
        assert list(tmp_path.iterdir()) == [kept]

    def test_as_of_an_earlier_commit(self, db: Path) -> None:
        before = run("dump", db=db).out
        run("correct", "trump-putin-call", "--set", "place=Washington", db=db)
        assert run("dump", db=db).out != before
        assert run("dump", "--known-at", "176", db=db).out == before


class TestAdd:
    def test_a_fact_and_its_source_by_hand(self, tmp_path: Path) -> None:
        path = tmp_path / "new.db"
        told = run(
            *(
                "add",
                "Reuters confirmed the list",
                "--when",
                "2018-04-03",
                "--source",
                "reuters",
                "--quote",
                "confirmed",
            ),
            *(
                "--publisher",
                "Reuters",
                "--source-title",
                "The list",
                "--published",
                "2018-04-03",
                "--url",
                "https://r.example",
            ),
            *(
                "--attribution",
                "An aide → Reuters",
                "--stance",
                "asserts",
                "--locator",
                "line 2",
                "--said",
                "2018-04-03",
            ),
            *(
                "--hedge",
                "reportedly",
                "--phrase",
                "on Tuesday",
                "--place",
                "London",
                "--tag",
                "list",
                "-m",
                "why",
                "--by",
                "bo",
            ),
            db=path,
        )
        assert told == (
            0,
            "reuters-confirmed-the-list\n",
            "made a new ledger; recorded 1 source, 1 fact, 1 citation; commit 6\n",
        )
        shown = run("show", "reuters-confirmed-the-list", "--json", db=path).json
        assert (shown["when"], shown["phrase"], shown["place"], shown["tags"]) == (
            "2018-04-03",
            "on Tuesday",
            "London",
            ["list"],
        )
        assert shown["evidence"][0]["attribution"] == ["An aide", "Reuters"]
        assert run("log", "--json", "--limit", "1", db=path).json[0]["recorded_by"] == "bo"

    def test_the_same_words_again_are_another_fact(self, db: Path) -> None:
        words = ("add", "It rained", "--source", "interfax-report")
        assert run(*words, "--when", "2018-04-01", db=db).out == "it-rained\n"
        assert run(*words, "--when", "2018-04-02", db=db).out == "it-rained-2\n"
        assert run(*words, "--id", "rain", db=db).out == "rain\n"

    @pytest.mark.parametrize(
        ("words", "code", "said"),
        [
            (["A", "--source", "nobody"], 1, "nobody"),
            (["", "--source", "interfax-report"], 2, "TITLE"),
            (["A", "--source", "interfax-report", "--id", "Bad Id"], 2, "Bad Id"),
            (["A", "--source", "interfax-report", "--id", "interfax-report"], 1, "taken by a source"),
            (["A", "--source", "interfax-report", "--when", "yesterday"], 2, "--when"),
            (["A", "--source", "interfax-report", "--said", "2018-13"], 2, "--said"),
            (["A", "--source", "interfax-report", "--published", "x"], 2, "--published"),
            (["A", "--source", "interfax-report", "--stance", "doubts"], 2, "--stance"),
            (["A", "--source", "interfax-report", "--by", ""], 2, "--by"),
            (["A"], 2, "--source"),
        ],
    )
    def test_what_cannot_be_recorded(self, db: Path, words: list[str], code: int, said: str) -> None:
        refused(run("add", *words, db=db), said, code=code)
        assert row_count(db) == 176


# --- looking --------------------------------------------------------------------------------------------------


class TestFacts:
    def test_every_word_must_be_there(self, loaded: Path) -> None:
        found = run("facts", "seattle CONSULATE", "--json", db=loaded).json
        assert [fact["id"] for fact in found] == ["us-closes-seattle-consulate"]
        assert run("facts", "no such words", db=loaded) == (0, "", "No such facts.\n")
        assert run("facts", "Russian retaliation", db=loaded) == (0, "", "No such facts; try 'Russ retalia'.\n")
        assert len(run("facts", "Russ retalia", "--json", db=loaded).json) == 2
        refused(run("facts", "%", "--json", db=loaded), "'%' has no letter or digit to look for", code=2)

    def test_status_and_evidence(self, loaded: Path) -> None:
        found = run("facts", "--status", "foretold", "--status", "denied", "--evidence", "--json", db=loaded).json
        assert {fact["status"] for fact in found} == {"foretold", "denied"}
        assert all(fact["evidence"][0]["citation"].startswith(fact["id"]) for fact in found)
        everything = run("facts", "--status", "all", "--json", db=loaded).json
        assert len(everything) == 28
        refused(run("facts", "--status", "true", db=loaded), "--status", code=2)

    def test_evidence_in_words(self, loaded: Path) -> None:
        assert "“" not in run("facts", "seattle", db=loaded).out
        assert "“Since the phone call" in run("facts", "seattle", "--evidence", db=loaded).out


class TestShow:
    def test_in_words_and_as_one_object(self, loaded: Path) -> None:
        words = run("show", "trump-putin-call", db=loaded).out
        assert words.startswith("Donald Trump telephoned Vladimir Putin\ntrump-putin-call: stands, version ")
        assert "placed  2018-03-20, as it is dated\n" in words
        shown = run("show", "trump-putin-call", "--json", db=loaded).json
        assert (shown["id"], shown["earliest"], shown["latest"]) == ("trump-putin-call", "2018-03-20", "2018-03-20")
        assert shown["participants"][0] == {"name": "Donald Trump", "role": "caller"}
        assert len(shown["evidence"]) == 4

    def test_unknown_ids_come_with_those_most_like_them(self, loaded: Path) -> None:
        refused(run("show", "trump-puttin-call", db=loaded), "trump-puttin-call", "did you mean trump-putin-call")
        refused(run("who-says", "interfax-report", db=loaded), "interfax-report is a source")
        refused(run("show", "…", db=loaded), "…")


class TestHistory:
    def test_every_record_and_what_it_changed(self, db: Path) -> None:
        assert "why not" not in run("history", "trump-putin-call", db=db).out
        run("correct", "trump-putin-call", "--set", "place=Washington", "-m", "why not", db=db)
        entries = run("history", "trump-putin-call", "--json", db=db).json
        assert [entry["position"] for entry in entries if entry["subject"].startswith("trump-putin-call/")] == [
            20,
            21,
            22,
            23,
        ]
        assert (entries[0]["position"], entries[-1]["position"]) == (19, 177)
        assert entries[-1]["changes"] == {"place": {"from": None, "to": "Washington"}}
        assert run("history", "trump-putin-call", db=db).out.endswith(
            " ann: why not (commit 178)\n  177  fact corrected\n       place: nothing → Washington\n"
        )

    def test_of_a_source_a_citation_and_an_ordering(self, loaded: Path) -> None:
        for name in (
            "interfax-report",
            "trump-putin-call/moscow-times-2018-04-02/1",
            "us-expels-60-russian-diplomats.before.russia-expels-60-us-diplomats",
        ):
            assert run("history", name, "--json", db=loaded).json[0]["subject"] == name


class TestWhoSays:
    def test_of_a_fact_and_of_an_ordering(self, loaded: Path) -> None:
        said = run("who-says", "trump-putin-call", "--json", db=loaded).json
        assert said[0]["attribution"] == ["Yury Ushakov", "The Moscow Times"]
        assert said[0]["origin"] == "The Kremlin"
        ordering = "us-expels-60-russian-diplomats.before.russia-expels-60-us-diplomats"
        assert "retaliated" in run("who-says", ordering, db=loaded).out
        refused(run("who-says", "nobody", db=loaded), "nobody")


class TestLog:
    def test_the_newest_first_and_by_commit(self, loaded: Path) -> None:
        entries = run("log", "--json", db=loaded).json
        assert [entry["position"] for entry in entries] == list(range(176, 0, -1))
        assert (entries[0]["kind"], entries[0]["message"], entries[0]["recorded_by"]) == (
            "commit",
            "first reading",
            "ann",
        )
        assert run("log", "--records", "--limit", "1", db=loaded).out.endswith("commit  ann: first reading\n")
        assert run("log", db=loaded).out.splitlines()[0].startswith("176  ")


# --- time -----------------------------------------------------------------------------------------------------


class TestQuestionsAboutTime:
    def test_before_distinguishes_certain_and_possible_and_says_where_each_lies(self, loaded: Path) -> None:
        words = run("before", "russia-expels-60-us-diplomats", db=loaded).out
        certain, possible = words.split("\n\n")
        assert certain.startswith("Certainly before russia-expels-60-us-diplomats (2018-03-29 … 2018-04-01):\n")
        assert "2018-03-20 … 2018-04-01  The United States expelled 60 Russian diplomats\n" in certain
        assert "us-closes-seattle-consulate [moscow-times-2018-04-02]\n" in certain
        assert possible.startswith("Possibly before russia-expels-60-us-diplomats")

    def test_certain_alone(self, loaded: Path) -> None:
        everything = run("before", "russia-expels-60-us-diplomats", "--json", db=loaded).json
        alone = run("before", "russia-expels-60-us-diplomats", "--certain", "--json", db=loaded).json
        assert {item["certainty"] for item in everything} == {"certain", "possible"}
        assert alone == [item for item in everything if item["certainty"] == "certain"]

    def test_why(self, loaded: Path) -> None:
        words = run("before", "russia-expels-60-us-diplomats", "--why", db=loaded).out
        assert "“Russia retaliated late last week by announcing the closure […]" in words
        found = run("before", "russia-expels-60-us-diplomats", "--why", "--json", db=loaded).json
        for item in found:
            assert ("why" in item) == (item["certainty"] == "certain")
        assert list(found[0]["why"][0]) == ["kind", "text", "source", "quote"]

    def test_evidence_and_status(self, loaded: Path) -> None:
        found = run("after", "2018-03-20", "--evidence", "--status", "foretold", "--json", db=loaded).json
        assert {item["status"] for item in found} == {"foretold"}
        assert all(item["evidence"] for item in found)
        assert "foretells: " in run("after", "2018-03-20", "--evidence", "--status", "foretold", db=loaded).out

    def test_a_date_and_two_dates(self, small: Callable[..., Path]) -> None:
        path = small(a="2018", b="2019", c="2020")
        assert [item["id"] for item in run("before", "2019-06", "--json", db=path).json] == ["a", "b"]
        assert [item["id"] for item in run("between", "2018", "2020", "--certain", "--json", db=path).json] == ["b"]
        assert [item["id"] for item in run("overlapping", "2020", "--certain", "--json", db=path).json] == ["c"]
        assert [item["id"] for item in run("after", "b", "--json", db=path).json] == ["c"]
        assert run("after", "2021", db=path) == (0, "", "Nothing after 2021, as far as is known.\n")

    @pytest.mark.parametrize("x", ["2018-13", "2018~", "2018-0X", "{2018,2019}", "2018/..", "Trump"])
    def test_neither_an_id_nor_a_plain_date(self, loaded: Path, x: str) -> None:
        told = run("before", x, db=loaded)
        refused(told, code=2)
        assert repr(x) in told.err

    def test_an_unknown_fact(self, loaded: Path) -> None:
        for command in ("before nobody", "before nobody-нет", "between 2018 nobody", "order nobody trump-putin-call"):
            refused(run(*command.split(), db=loaded), "nobody")

    def test_spans_of_every_kind_in_a_timeline(self, small: Callable[..., Path]) -> None:
        path = small(a=None, b="2014/..", c="2018-03-20", d="2018-03-20T15:04Z", e="../2014", f="2014/")
        placed = {item["id"]: item for item in run("timeline", "--json", db=path).json}
        assert placed["b"]["open_end"] is True
        assert placed["b"]["latest"] is None
        assert "open_end" not in placed["f"]
        assert placed["d"]["earliest"] == "2018-03-20T15:04:00.000000Z"
        assert placed["d"]["latest"] == "2018-03-20T15:04:59.999999Z"
        assert (placed["c"]["earliest"], placed["c"]["latest"]) == ("2018-03-20", "2018-03-20")
        words = run("timeline", db=path).out
        for span in (
            "2014-01-01 and ever since",
            "2018-03-20 15:04Z",
            "by 2014-12-31",
            "2014-01-01 …, begun by 2014-12-31",
        ):
            assert span in words

    def test_instants_in_the_file_are_ordered_as_their_texts(self, small: Callable[..., Path]) -> None:
        second = "2018-03-20T01:01:01"
        path = small(
            a=f"{second}.001Z",
            b=f"{second}.119860Z",
            c=f"{second}.900Z",
            d=f"[{second}.11986Z..{second}.12000Z]",
            e="2018-03-20T15:04Z/2018-03-20",
            f="2018-03-20",
        )
        with closing(sqlite3.connect(path)) as file:
            rows = file.execute(
                "SELECT id, earliest, latest, start_min, end_max - 1 FROM placement ORDER BY earliest"
            ).fetchall()
        assert [row for row in rows if row[1] > row[2]] == []
        assert [row[3] for row in rows] == sorted(row[3] for row in rows)
        told = {row[0]: row[1:3] for row in rows}
        assert told["a"] == (f"{second}.001000Z", f"{second}.001999Z")
        assert told["b"] == (f"{second}.119860Z", f"{second}.119860Z")
        assert told["e"] == ("2018-03-20T15:04:00.000000Z", "2018-03-20T23:59:59.999999Z")
        assert told["f"] == ("2018-03-20", "2018-03-20")


class TestKnownAt:
    def test_the_same_questions_as_the_ledger_stood(self, db: Path) -> None:
        run("correct", "us-expels-60-russian-diplomats", "--set", "when=2018-03-26", db=db)
        for words in (
            ["before", "2018-03-28", "--certain"],
            ["show", "us-expels-60-russian-diplomats"],
            ["timeline"],
            ["facts", "expelled"],
        ):
            now = run(*words, "--json", db=db).out
            assert run(*words, "--json", "--known-at", "177", db=db).out != now
            assert run(*words, "--json", "--known-at", "178", db=db).out == now
            assert run(*words, "--json", "--known-at", "9998-12-31", db=db).out == now
            assert run(*words, "--json", "--known-at", "9998", db=db).out == now
            refused(run(*words, "--known-at", "179", db=db), "known at 179: the ledger ends at position 178", code=2)
            refused(run(*words, "--known-at", "9" * 30, db=db), "the ledger ends at position 178", code=2)
        assert run("timeline", "--json", "--known-at", "2018-04-02", db=db).out == "[]\n"
        assert run("timeline", "--json", "--known-at", "2018", db=db).out == "[]\n"
        refused(run("show", "us-expels-60-russian-diplomats", "--known-at", "2", db=db), "us-expels")

    @pytest.mark.parametrize("known", ["", "nonsense", "-5", "2018-13-40", "1.5", "NaN", "²"])
    def test_nonsense_is_misuse_and_never_the_present(self, loaded: Path, known: str) -> None:
        refused(run("timeline", "--known-at", known, db=loaded), repr(known), code=2)


class TestOrder:
    def test_relations_and_why(self, loaded: Path) -> None:
        pair = ("us-expels-60-russian-diplomats", "russia-expels-60-us-diplomats")
        found = run("order", *pair, "--json", db=loaded).json
        assert list(found)[:4] == ["a", "b", "relations", "why"]
        assert found["relations"]["before"] == "certain"
        assert found["relations"]["after"] == "impossible"
        assert list(found["why"][0]) == ["kind", "text", "source", "quote"]
        assert "retaliated" in run("order", *pair, "--why", db=loaded).out
        assert "retaliated" not in run("order", *pair, db=loaded).out

    def test_with_itself_is_misuse(self, loaded: Path) -> None:
        refused(run("order", "trump-putin-call", "trump-putin-call", db=loaded), "itself", code=2)


class TestDate:
    def run(self, *words: str, stdin: str | bytes | None = None) -> Told:
        return run("date", *words, db=Path("none.db"), stdin=stdin)

    def test_in_words(self) -> None:
        told = self.run("1984~")
        assert told.out.startswith("1984~\n  ")
        assert "approximate" in told.out

    def test_keys(self) -> None:
        found, bad = self.run("1984~", "2018-13", "--json").json
        assert list(found) == ["edtf", "earliest", "latest", "start_min", "start_max", "end_min", "end_max"]
        assert (found["earliest"], found["latest"]) == ("1984-01-01", "1984-12-31")
        assert list(bad) == ["edtf", "error"]

    def test_one_object_for_each_line_of_stdin(self) -> None:
        told = self.run("-", stdin=b"2018\n\n  2018-02-30 \nbad \xff\n2014/..")
        read = [json.loads(line) for line in told.out.splitlines()]
        assert [item["edtf"] for item in read] == ["2018", "", "2018-02-30", "bad \ufffd", "2014/.."]
        assert ["error" in item for item in read] == [False, True, True, True, False]
        assert read[-1]["open_end"] is True
        assert read[-1]["end_max"] is None
        assert (told.code, told.err) == (0, "")

    def test_phrases_are_read_as_said_on_a_day(self) -> None:
        found = self.run("--anchor", "2018-04-02", "late last week", "--json").json[0]
        assert (found["edtf"], found["rule"]) == ("[2018-03-29..2018-04-01]", "part")
        assert found["because"]
        refused(self.run("--anchor", "Monday", "late last week"), "--anchor", "Monday", code=2)

    def test_edtf_comes_first_then_words_with_and_without_an_anchor(self) -> None:
        for anchor in ((), ("--anchor", "2018-04-02")):
            found = self.run(*anchor, "2021?", "-0043", "March 20, 2018", "--json").json
            assert [one["edtf"] for one in found] == ["2021?", "-0043", "2018-03-20"]
            assert [one.get("rule") for one in found] == [None, None, "month-day"]
        refused(self.run("late last week"), "anchor", code=2)
        refused(self.run("--past-midnight", "2018"), "--past-midnight", code=2)

    def test_what_words_leave_open_is_settled_by_options(self) -> None:
        past, future = (
            self.run("--anchor", "2018-04-02", tense, "Tuesday", "--json").json[0]["edtf"]
            for tense in ("--past", "--future")
        )
        assert (past, future) == ("2018-03-27", "2018-04-03")
        assert self.run("--dates", "day-first", "3/4/2018", "--json").json[0]["edtf"] == "2018-04-03"
        assert self.run("--pivot", "1950", "--dates", "month-first", "3/4/49", "--json").json[0]["edtf"] == "2049-03-04"

    def test_a_season_that_may_be_years_is_shown_with_a_warning(self) -> None:
        assert "1921/1922" in self.run("1921-22").out
        assert "1921/1922" in self.run("1921-22", "--json").json[0]["warning"]

    def test_zone(self) -> None:
        moscow, utc = (
            self.run("--zone", zone, "2018-03-20T15:04", "--json").json[0]["start_min"] for zone in ("+03:00", "Z")
        )
        assert utc - moscow == 3 * 3600 * 10**6
        refused(self.run("--zone", "Mars", "2018"), "--zone", code=2)

    def test_an_unreadable_date_is_refused_and_the_rest_shown(self) -> None:
        told = self.run("2001-02-29", "2018")
        assert told.code == 2
        assert "2001-02-29" in told.err
        assert told.out.startswith("2018\n")
        assert self.run().code == 2


# --- correcting -----------------------------------------------------------------------------------------------


class TestCorrect:
    def test_fields_of_every_kind(self, db: Path) -> None:
        told = run(
            *(
                "correct",
                "trump-putin-call",
                "--set",
                "tags=call",
                "--set",
                "tags=Moscow",
                "--set",
                "phrase=",
                "--set",
                "when=2018-03-20T14:00Z",
            ),
            *("--set", 'participants=[{"name": "Donald Trump"}]', "--set", 'attributes={"length": "an hour"}'),
            *("--reason", "new-evidence", "--evidence", "trump-putin-call/moscow-times-2018-04-02/1", "-m", "why"),
            db=db,
        )
        assert told == (0, "", "changed trump-putin-call; commit 178\n")
        shown = run("show", "trump-putin-call", "--json", db=db).json
        assert (shown["tags"], shown["phrase"], shown["earliest"]) == (
            ["call", "Moscow"],
            None,
            "2018-03-20T14:00:00.000000Z",
        )
        assert shown["attributes"] == {"length": "an hour"}
        assert run("correct", "interfax-report", "--set", "published=2018-04-02", db=db).code == 0
        assert run("correct", "ushakov", "--set", 'aliases=["Ushakov", "the aide"]', db=db).code == 0
        citation = "trump-putin-call/moscow-times-2018-04-02/1"
        assert run("correct", citation, "--set", "attribution=Yury Ushakov → Interfax", db=db).code == 0
        assert run("verify", db=db).code == 0

    @pytest.mark.parametrize(
        ("sets", "field", "found"),
        [
            (["tags=a", "tags=b; "], "tags", None),
            (["tags=a", "tags=b"], "tags", ["a", "b"]),
            (['tags=["a;b", "c,d"]'], "tags", ["a;b", "c,d"]),
            (["participants=Ann", "participants=Bo"], "participants", [{"name": "Ann"}, {"name": "Bo"}]),
            (['participants={"name": "Ann", "role": "host"}'], "participants", [{"name": "Ann", "role": "host"}]),
            (['participants=["Ann", {"name": "Bo"}]'], "participants", [{"name": "Ann"}, {"name": "Bo"}]),
            (['attributes={"length": 3}'], "attributes", {"length": "3"}),
            (["place=Rome", "place=Oslo"], "place", None),
        ],
    )
    def test_several_values_have_one_grammar(self, db: Path, sets: list[str], field: str, found: Any) -> None:
        told = run("correct", "trump-putin-call", *(word for one in sets for word in ("--set", one)), db=db)
        assert told.code == (2 if found is None else 0)
        if found is not None:
            assert run("show", "trump-putin-call", "--json", db=db).json[field] == found

    def test_add_and_cite_have_the_same(self, db: Path) -> None:
        words = ("add", "Bells rang", "--source", "interfax-report")
        for wrong in (("--tag", "a;b"), ("--tag", "[a"), ("--attribution", "A; B"), ("--attribution", "A, B")):
            refused(
                run(*words, *wrong, db=db),
                wrong[0],
                "JSON" if "[" in wrong[1] else "may be one value or several",
                code=2,
            )
        chain = ("--attribution", "An aide", "--attribution", "Reuters → TASS")
        assert run(*words, "--tag", "a", "--tag", '["b", "c;d"]', *chain, db=db).code == 0
        shown = run("show", "bells-rang", "--json", db=db).json
        assert (shown["tags"], shown["evidence"][0]["attribution"]) == (
            ["a", "b", "c;d"],
            ["An aide", "Reuters", "TASS"],
        )

    def test_a_correction_to_the_present_value_does_nothing(self, db: Path) -> None:
        told = run("correct", "trump-putin-call", "--set", "when=2018-03-20", db=db)
        assert told == (0, "", "1 as it was; nothing was written\n")

    def test_a_rehearsal(self, db: Path) -> None:
        told = run("correct", "trump-putin-call", "--set", "place=Washington", "--dry-run", db=db)
        assert (told.code, told.out) == (0, "")
        assert told.err.endswith("\nwould have changed trump-putin-call; nothing was written\n")
        assert row_count(db) == 176

    def test_a_stale_version_is_refused_with_what_changed_since(self, db: Path) -> None:
        version = str(run("show", "russia-expels-60-us-diplomats", "--json", db=db).json["version"])
        words = ("correct", "russia-expels-60-us-diplomats", "--expect", version)
        assert run(*words, "--set", "place=Moscow", db=db).code == 0
        refused(run(*words, "--set", "place=Kazan", db=db), "177", "place")

    @pytest.mark.parametrize(
        ("sets", "code", "said"),
        [
            ("nope=1", 2, "nope"),
            ("when", 2, "FIELD=VALUE"),
            ("when=foo", 2, "foo"),
            ("title=", 2, "title"),
            ("participants={", 2, "participants"),
            ("participants=[[1]]", 2, "participants"),
            ('attributes={"a": NaN}', 2, "attributes"),
            (
                "tags=a;b",
                2,
                '--set tags: \'a;b\' may be one value or several; write several as ["a", "b"], one as ["a;b"]',
            ),
            ("tags=a,b", 2, '["a", "b"]'),
            ("aliases=a, b", 2, '["a", "b"]'),
            ('participants={"name": "A"', 2, "participants"),
            ("attributes=length: an hour", 2, 'such as {"length": "an hour"}'),
            ("gap=soon", 2, 'such as {"min": "P3D", "max": "P3D"}'),
            ('attributes={"a": "\\ud800"}', 2, "attributes"),
            ("attributes=" + "[" * 50_000 + "]" * 50_000, 2, "nested too deeply"),
            ("zone=Moscow", 2, "zone"),
        ],
    )
    def test_nonsense_is_misuse(self, db: Path, sets: str, code: int, said: str) -> None:
        refused(run("correct", "trump-putin-call", "--set", sets, db=db), said, code=code)
        assert row_count(db) == 176

    def test_an_unknown_thing(self, db: Path) -> None:
        refused(run("correct", "nobody", "--set", "place=x", db=db), "nobody")
        refused(run("correct", "trump-putin-call", "--set", "place=x", "--evidence", "nobody", db=db), "nobody")


class TestWithdrawAndRestore:
    def test_out_of_every_answer_and_back(self, db: Path) -> None:
        before = run("timeline", "--json", db=db).out
        told = run("withdraw", "trump-defends-call", "-m", "taken back", "--reason", "source-corrected", db=db)
        assert told.err.startswith("what rested on it: trump-putin-call.before.trump-defends-call, ")
        assert (told.code, told.out) == (0, "")
        assert told.err.endswith("\nchanged trump-defends-call; commit 178\n")
        assert "trump-defends-call" not in run("timeline", db=db).out
        withdrawn = run("facts", "--status", "withdrawn", "--json", db=db).json
        assert [fact["id"] for fact in withdrawn] == ["trump-defends-call"]
        refused(run("withdraw", "trump-defends-call", db=db), "withdrawn already")
        assert run("restore", "trump-defends-call", db=db).code == 0
        refused(run("restore", "trump-defends-call", db=db), "not withdrawn")
        assert run("timeline", "--json", db=db).out == before

    def test_a_stale_version_and_a_rehearsal(self, db: Path) -> None:
        refused(run("withdraw", "trump-defends-call", "--expect", "1", db=db), "version")
        assert run("withdraw", "trump-defends-call", "--dry-run", db=db).err.endswith("nothing was written\n")
        assert row_count(db) == 176


class TestCite:
    def test_evidence_for_a_fact_and_for_an_ordering(self, db: Path) -> None:
        told = run("cite", "trump-putin-call", "--source", "interfax-report", "--quote", "a call", "-m", "more", db=db)
        assert told == (0, "", "recorded 1 citation; commit 178\n")
        said = run("who-says", "trump-putin-call", "--json", db=db).json
        assert said[-1]["citation"] == "trump-putin-call/interfax-report/1"
        ordering = "us-expels-60-russian-diplomats.before.russia-expels-60-us-diplomats"
        told = run("cite", ordering, "--source", "interfax-report", "--stance", "denies", db=db)
        assert told.code == 0
        assert run("who-says", ordering, "--json", db=db).json[-1]["stance"] == "denies"

    def test_what_is_not_there(self, db: Path) -> None:
        refused(run("cite", "nobody", "--source", "interfax-report", db=db), "nobody")
        refused(run("cite", "trump-putin-call", "--source", "nobody", db=db), "nobody")
        refused(run("cite", "interfax-report", "--source", "interfax-report", db=db), "is a source")


class TestRelate:
    def test_an_order_with_a_gap(self, small: Callable[..., Path]) -> None:
        path = small(a="2018-03-20", b=None)
        told = run(
            *("relate", "b", "after", "a", "--source", "s", "--quote", "three days on", "--phrase", "three days later"),
            *("--gap-min", "P3D", "--gap-max", "P3D", "-m", "stated"),
            db=path,
        )
        assert told.code == 0
        assert run("show", "b", "--json", db=path).json["earliest"] == "2018-03-22"
        assert [item["id"] for item in run("before", "b", "--certain", "--json", db=path).json] == ["a"]

    def test_a_contradiction_is_refused_with_its_chain_or_kept_aside(self, db: Path) -> None:
        words = ("relate", "trump-putin-call", "after", "ushakov-briefing")
        told = run(*words, db=db)
        refused(told, "cannot all hold", "\n  1. ", "\n  2. ", "[moscow-times-2018-04-02]", "--allow-conflict")
        assert row_count(db) == 176
        told = run(*words, "--allow-conflict", db=db)
        assert told.code == 0
        assert "set aside, because it contradicts: ushakov-briefing.before.trump-putin-call" in told.err

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["a", "near", "b"], "near"),
            (["a", "before", "a"], "itself"),
            (["a", "before", "b", "--gap-min", "soon"], "soon"),
            (["a", "before", "b", "--gap-min", "P3D", "--gap-max", "P1D"], "P3D"),
            (["a", "during", "b", "--gap-min", "P3D"], "during"),
        ],
    )
    def test_what_is_no_order(self, small: Callable[..., Path], words: list[str], said: str) -> None:
        path = small(a="2018", b="2018")
        refused(run("relate", *words, db=path), said, code=2)
        refused(run("relate", "a", "before", "nobody", db=path), "nobody")


# --- checking and keeping -------------------------------------------------------------------------------------


class TestConflicts:
    def test_in_words_and_in_json(self, db: Path) -> None:
        assert run("conflicts", db=db) == (0, "", "Nothing contradicts.\n")
        run("relate", "trump-putin-call", "after", "ushakov-briefing", "--allow-conflict", db=db)
        (conflict,) = run("conflicts", "--json", db=db).json
        assert {"id", "text", "chain"} <= set(conflict)
        assert conflict["id"] == "ushakov-briefing.before.trump-putin-call"
        assert list(conflict["chain"][0]) == ["kind", "text", "source", "quote"]
        words = run("conflicts", db=db).out
        assert "ushakov-briefing.before.trump-putin-call is set aside" in words
        assert f"  {len(conflict['chain'])}. " in words
        assert run("conflicts", "--limit", "1", "--csv", db=db).out.startswith("id,")


class TestVerifyAndHead:
    def test_as_it_was_written(self, loaded: Path) -> None:
        position, _, hash_ = run("head", db=loaded).out.strip().partition(":")
        assert run("head", "--json", db=loaded).json == {"position": int(position), "hash": hash_}
        assert run("verify", db=loaded) == (
            0,
            f"ok: 176 records, head {position}:{hash_}\n",
            "a complete rewrite of the ledger would pass, too; --head, with a head published before, rules that out\n",
        )
        found = run("verify", "--json", "--ledger", "--head", f"{position}:{hash_}", db=loaded).json
        assert found == {"ok": True, "position": 176, "hash": hash_, "problems": []}

    def test_a_damaged_file_is_reported_record_by_record(self, db: Path) -> None:
        content = db.read_bytes()
        db.write_bytes(content.replace(b"Donald Trump telephoned", b"Ronald Trump telephoned", 1))
        told = process("verify", db=db)
        refused(told, "record 19: ")
        told = process("verify", "--json", "--ledger", db=db)
        assert told.code == 1
        assert told.json["ok"] is False
        assert told.json["problems"][0]["position"] == 19

    def test_another_head_than_was_published(self, loaded: Path) -> None:
        refused(run("verify", "--head", f"176:{'0' * 64}", db=loaded), "another hash")
        refused(run("verify", "--head", f"999:{'0' * 64}", db=loaded), "gone")

    @pytest.mark.parametrize(
        "head", ["", "176", "176:abc", f"²:{'0' * 64}", f"{'9' * 30}:{'0' * 64}", f"-1:{'0' * 64}"]
    )
    def test_an_invalid_head_is_misuse(self, loaded: Path, head: str) -> None:
        refused(run("verify", "--head", head, db=loaded), "POSITION:HASH", code=2)


class TestRebuildAndUpgrade:
    def test_rebuild_computes_the_same_answers_again(self, db: Path) -> None:
        before = run("timeline", "--json", db=db).out
        with closing(sqlite3.connect(db)) as connection, connection:
            connection.execute("UPDATE placement SET status = 'denied'")
        refused(run("verify", db=db), "placement")
        assert run("rebuild", db=db) == (0, "", "rebuilt up to record 176\n")
        assert run("verify", db=db).code == 0
        assert run("timeline", "--json", db=db).out == before

    def test_upgrade_of_what_is_up_to_date(self, db: Path, tmp_path: Path) -> None:
        told = run("upgrade", db=db)
        assert (told.code, told.out) == (0, "")
        assert told.err.endswith("already\n")
        refused(run("upgrade", db=tmp_path / "none.db"), "none.db")
