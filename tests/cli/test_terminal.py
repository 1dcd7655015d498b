"""What a terminal gets and a pipe does not, tested in a real one: lines of its width, colour, nothing that controls it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from factstore.cli import cli, main, terminal
from factstore.cli.terminal import Bar, progress, screen
from factstore.inert import shown
from factstore.progress import counted
from factstore.rendering import lines
from tests.support import forks

pty = pytest.importorskip("pty", reason="pseudo-terminals are POSIX")

SEED = Path(__file__).parents[2] / "seeds" / "moscow-times-2018-04-02.yaml"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
STEERING = "\x1b[31m red \x1b]0;owned\x07 \x9b2J \u202eevil"


def _environment(db: Path, **more: str) -> dict[str, str]:
    ours = ("FACTSTORE", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"FACTSTORE_DB": str(db), "FACTSTORE_BY": "ann", "TERM": "xterm-256color"} | more


def piped(*words: str, db: Path, stdin: str = "", **more: str) -> str:
    """What a command writes into a pipe."""
    done = forks.run(main, *words, env=_environment(db, **more), stdin=stdin.encode())
    return (done.stdout + done.stderr).decode()


def on_a_terminal(*words: str, db: Path, columns: int = 80, **more: str) -> str:
    """What a command writes to a terminal with a number of columns."""
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with forks.started(main, *words, streams=(theirs, theirs, theirs), env=_environment(db, **more)):
        os.close(theirs)
        said = b""
        while True:
            try:
                some = os.read(ours, 65536)
            except OSError:  # on Linux: the other end is closed
                break
            if not some:
                break
            said += some
    os.close(ours)
    return said.decode().replace("\r\n", "\n")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("terminal") / "facts.db"
    assert "28 facts" in piped("load", str(SEED), db=path)
    return path


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("terminal") / "evil.db"
    said = {"source": "s", "quote": STEERING, "attribution": [STEERING]}
    facts = [{"id": "evil", "title": STEERING, "when": "2018", "evidence": [said]}]
    assert "1 fact" in piped(
        "load", "-", db=path, stdin=json.dumps({"sources": [{"id": "s", "title": "S"}], "facts": facts})
    )
    return path


@pytest.mark.parametrize("columns", [60, 120])
def test_lines_fit_the_terminal_and_are_the_same_words(db: Path, columns: int) -> None:
    told = COLOUR.sub("", on_a_terminal("before", "russia-expels-60-us-diplomats", db=db, columns=columns))
    for line in told.splitlines():
        assert lines.columns(line) <= columns or " " not in line.strip()
    assert told.split() == piped("before", "russia-expels-60-us-diplomats", db=db).split()


def test_a_pipe_gets_whole_lines_without_colour(db: Path) -> None:
    told = piped("who-says", "russia-expels-60-us-diplomats", db=db)
    assert "\x1b" not in told
    assert max(map(len, told.splitlines())) > 100
    assert max(map(len, piped("who-says", "russia-expels-60-us-diplomats", db=db, COLUMNS="80").splitlines())) <= 80


def test_certain_and_possible_differ_in_colour_on_a_terminal_that_has_it(db: Path) -> None:
    told = on_a_terminal("before", "russia-expels-60-us-diplomats", db=db)
    assert "\x1b[1;32mCertainly\x1b[0m before" in told
    assert "\x1b[1;33mPossibly\x1b[0m before" in told
    without: list[dict[str, str]] = [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}]
    for more in without:
        plain = on_a_terminal("before", "russia-expels-60-us-diplomats", db=db, columns=80, **more)
        assert plain == COLOUR.sub("", told)
    assert "\x1b[1;32mCertainly" in piped("before", "russia-expels-60-us-diplomats", db=db, FORCE_COLOR="1")


@pytest.mark.parametrize(
    "command",
    [
        "timeline",
        "show evil",
        "facts --evidence",
        "before 2019 --why",
        "facts --csv",
        "dump",
        "show --nope",
        "show \x1b[2J",
    ],
)
def test_no_source_can_control_the_terminal(evil: Path, command: str) -> None:
    told = on_a_terminal(*command.split(), db=evil)
    assert told
    assert not set(COLOUR.sub("", told)) & set("\x1b\x07\x9b\u202e")
    # Nor in the colours that we use ourselves.
    assert "\x1b[31m red" not in told


def test_a_program_gets_the_cells_unchanged(evil: Path) -> None:
    (row,) = csv.DictReader(io.StringIO(piped("facts", "--csv", db=evil), newline=""))
    assert row["title"] == STEERING


@pytest.mark.parametrize(("asked", "columns"), [("20", 40), ("80", 80), ("1000", 160), ("", None), ("wide", None)])
def test_a_width_that_is_asked_for_stays_within_what_reads_well(
    monkeypatch: pytest.MonkeyPatch, asked: str, columns: int | None
) -> None:
    monkeypatch.setenv("COLUMNS", asked)
    assert screen(io.StringIO()).columns == columns


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestProgress:
    @pytest.fixture(autouse=True)
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """A clock that a test sets."""
        now = [100.0]
        monkeypatch.setattr(terminal, "monotonic", lambda: now[0])
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.delenv("COLUMNS", raising=False)
        return now

    def test_it_is_shown_after_a_second_with_a_rate_and_is_removed_when_done(
        self, clock: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        with progress("folding", "records") as told:
            assert told is not None
            told(500, 6000)
            assert stream.getvalue() == ""
            clock[0] += 2
            told(3000, 6000)
            shown = stream.getvalue()
            assert "[########........]  50 %  0:02 left  1,500/s  3,000 of 6,000 records" in shown
            told(3001, 6000)
            assert stream.getvalue() == shown, "it is drawn ten times a second at most"
        assert stream.getvalue().endswith("\r\x1b[K")

    def test_quick_work_leaves_the_terminal_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        with progress("folding", "records") as told:
            assert list(counted("abc", told, 3)) == ["a", "b", "c"]
        assert stream.getvalue() == ""

    @pytest.mark.parametrize("columns", [20, 60, 80])
    def test_it_stays_on_one_line(self, clock: list[float], monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
        stream = Terminal()
        monkeypatch.setenv("COLUMNS", str(columns))
        bar = Bar(stream, "looking for", "quotes")
        clock[0] += 10
        bar(123_456, 1_000_000)
        line = stream.getvalue().removeprefix("\r").removesuffix("\x1b[K")
        assert len(line) < max(columns, 40)

    def test_without_a_total_it_counts(self, clock: list[float]) -> None:
        stream = Terminal()
        bar = Bar(stream, "reading", "lines")
        clock[0] += 2
        bar(3000, None)
        assert "reading 3,000 lines, 1,500/s" in stream.getvalue()

    def test_a_file_gets_no_progress(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for stream, term in ((io.StringIO(), "xterm"), (Terminal(), "dumb")):
            monkeypatch.setattr(sys, "stderr", stream)
            monkeypatch.setenv("TERM", term)
            with progress("folding", "records") as told:
                assert told is None

    def test_items_pass_unchanged_and_the_last_count_is_all(self) -> None:
        told: list[tuple[int, int | None]] = []
        assert list(counted(range(130), lambda done, total: told.append((done, total)), 130)) == list(range(130))
        assert told == [(0, 130), (64, 130), (128, 130), (130, 130)]

    def test_the_bar_can_be_given_a_total_that_the_library_does_not_know(self, clock: list[float]) -> None:
        stream = io.StringIO()
        bar = Bar(stream, "loading", "bytes", 400)
        clock[0] += 2
        bar(100, None)
        assert "25 %" in stream.getvalue()
        assert "100 of 400 bytes" in stream.getvalue()


@pytest.mark.parametrize(
    "words",
    [
        ["--\x1b[31m"],
        ["\x9b31m"],
        ["facts", "--limit", "\x1b]0;owned\x07"],
        ["source", "add", "a", "b\u202e"],
        ["--db="],
    ],
)
def test_errors_about_arguments_do_not_control_the_terminal(words: list[str]) -> None:
    told = CliRunner().invoke(cli, words, prog_name="factstore")
    assert told.exit_code == 2
    assert told.stderr
    assert shown(told.stderr) == told.stderr


def test_names_that_others_chose_do_not_control_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / "a\x1b]0;owned\x07"
    folder.mkdir()
    db, notes = folder / "facts.db", folder / "notes.jsonl"
    fact = '{"fact": {"id": "a", "title": "A", "when": "2018", "evidence": [{"source": "s"}]}}'
    notes.write_text(f'{{"source": {{"id": "s"}}}}\n{fact}\nnot JSON\n')

    def said(code: int, *words: str) -> str:
        told = CliRunner().invoke(cli, [*words, "--db", str(db)], prog_name="factstore")
        assert told.exit_code == code, told.output
        assert shown(told.stderr) == told.stderr
        return told.stderr

    assert "made " in said(0, "init")
    assert "1 line refused" in said(0, "load", str(notes), "--batch", "9", "--skip-bad", str(folder / "bad.jsonl"))
    assert "drew 1 fact" in said(0, "picture", str(folder / "page.html"))
    with closing(sqlite3.connect(db)) as connection:
        connection.execute('CREATE TRIGGER "\x1b[2J\x9b31m" AFTER INSERT ON record BEGIN SELECT 1; END')
    assert "is not ours" in said(1, "verify")
