"""Keeps the docs true: console blocks are run, and their output is written below the commands.

`python -m tests.support.docs` writes the output again; tests/system/test_docs.py fails if a document shows something else.
A document is one session in a folder of its own that contains `seeds/`. What differs between runs (moments, hashes) is
shown as of one fixed run.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from factstore.cli import cli
from tests.support import cli_docs, forks, imports, schema_docs

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(console|python)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MOMENT = re.compile(r"20\d\d-\d\d-\d\d([ T])\d\d:\d\d:\d\d(\.\d+Z)?")
#: The words of the sqlite3 shell around a refusal depend on its version.
SHELL = re.compile(
    r"^(?:Error: stepping, |Runtime error near line \d+: |Error: near line \d+: )(.*?)(?: \(\d+\))?$", re.MULTILINE
)
HASH = re.compile(r"\b[0-9a-f]{64}\b")


def documents() -> list[Path]:
    """All documents that show a session."""
    return [
        path
        for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
        if path.exists() and BLOCK.search(path.read_text(encoding="utf-8"))
    ]


def needs(document: str) -> Iterator[str]:
    """The programs, other than ours, that a document's session runs."""
    for kind, body in BLOCK.findall(document):
        if kind == "console":
            for line in body.splitlines():
                if line.startswith("$ "):
                    program = line[2:].split()[0]
                    if program != "factstore":
                        yield program


def rewritten(document: str) -> str:
    """The document with the output that its commands have now."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "seeds").symlink_to(ROOT / "seeds")
        return BLOCK.sub(lambda block: _run(block, Path(folder)), document)


def silent(document: str) -> str:
    """The document with only its commands."""

    def commands(block: re.Match[str]) -> str:
        kind, body = block.groups()
        lines = [line for line in body.splitlines() if kind == "python" or line.startswith("$ ")]
        return "\n".join([f"```{kind}", *lines, "```"])

    return BLOCK.sub(commands, document)


def _run(block: re.Match[str], folder: Path) -> str:
    kind, body = block.groups()
    if kind == "python":
        done = forks.run(_execute, body, env=_environment(), cwd=folder)
        assert done.returncode == 0, done.stderr.decode()
        return block.group(0)
    lines = []
    for command in (line[2:] for line in body.splitlines() if line.startswith("$ ")):
        lines.append(f"$ {command}")
        lines += _shown(_output(command, folder))
    return "```console\n" + "\n".join(lines) + "\n```"


def _execute() -> None:
    exec(sys.argv[1], {"__name__": "__main__"})


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FACTSTORE")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    return kept | {"PATH": path, "FACTSTORE_BY": "ann", "COLUMNS": "110", "NO_COLOR": "1"}


def _output(command: str, folder: Path) -> str:
    words = shlex.split(command)
    if words[0] == "factstore" and not {"|", ">", "<"} & set(words) and "$(" not in command:
        return _in_this_process(words[1:], folder)
    # What it says on stderr belongs to its output.
    shell = ["sh", "-c", f"exec 2>&1; {command}"]
    return subprocess.run(shell, cwd=folder, env=_environment(), capture_output=True, text=True, check=False).stdout


def _in_this_process(arguments: list[str], folder: Path) -> str:
    """What our own command prints, run in this process, which saves half a second each time."""
    with contextlib.chdir(folder), pytest.MonkeyPatch.context() as patch:
        for name, value in _environment().items():
            patch.setenv(name, value)
        patch.delenv("FACTSTORE_DB", raising=False)
        return CliRunner().invoke(cli, arguments, prog_name="factstore").output


def _shown(output: str) -> list[str]:
    text = MOMENT.sub(lambda moment: f"2026-11-23{moment[1]}09:00:00{'.000000Z' if moment[2] else ''}", output)
    return [line.rstrip() for line in SHELL.sub(r"Error: \1", HASH.sub("7d9c" * 16, text)).rstrip().splitlines()]


if __name__ == "__main__":
    schema_docs.PAGE.write_text(schema_docs.page(), encoding="utf-8")
    cli_docs.PAGE.write_text(cli_docs.page(), encoding="utf-8")
    imports.PAGE.write_text(imports.drawn(imports.PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    for path in documents():
        text = path.read_text(encoding="utf-8")
        missing = [program for program in needs(text) if shutil.which(program) is None]
        if missing:
            sys.exit(f"{path.name} needs {', '.join(missing)}")
        path.write_text(rewritten(text), encoding="utf-8")
