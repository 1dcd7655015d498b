"""Separate virtual environments for whole processes, so that none loads what only another needs.

They are made once, in `.bench` beside this package, and again if their requirements change.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".bench"


def environment(name: str, *requirements: str) -> Path:
    """The folder of commands of an environment that has only some requirements, and what these need."""
    folder = FOLDER / name
    stamp = folder / "holds.txt"
    holds = "\n".join((sys.version, *requirements, _own(requirements)))
    if not stamp.exists() or stamp.read_text() != holds:
        venv.create(folder, clear=True, with_pip=True)
        command = [str(folder / "bin/python"), *["-m", "pip", "install", "-qq", "--disable-pip-version-check"]]
        subprocess.run([*command, *requirements], check=True, cwd=ROOT)
        stamp.write_text(holds)
    return folder / "bin"


def factstore() -> Path:
    """Factstore from this checkout, without extras."""
    return environment("factstore", "--editable", ".")


def sqlite_utils() -> Path:
    return environment("sqlite-utils", "sqlite-utils>=3.38")


def eventsourcing() -> Path:
    return environment("eventsourcing", "eventsourcing>=9.3,<10")


def _own(requirements: tuple[str, ...]) -> str:
    return (ROOT / "pyproject.toml").read_text() if "." in requirements else ""


def surroundings(**more: str) -> dict[str, str]:
    """The environment variables of a process that is measured: none of ours or Python's, except those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FACTSTORE", "PYTHON", "COMP_"))}
    return kept | more
