"""The output of `make demo` fits a screen or two, it leaves a ledger to try out, and all commands that it names run."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(shutil.which("sh") is None, reason="this machine has no sh")
def test_the_demo_is_short_keeps_its_file_and_ends_with_three_things_to_try(tmp_path: Path) -> None:
    factstore = Path(sys.executable).with_name("factstore")
    file = tmp_path / "demo.db"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FACTSTORE")}
    command = ["sh", "docs/demo.sh", str(factstore), str(file)]
    file.write_text("left from an earlier run")  # it is made afresh
    done = subprocess.run(
        command, cwd=ROOT, env=environment | {"COLUMNS": "80"}, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert len(lines) <= 60
    tries = [shlex.split(line) for line in lines[-3:]]
    assert [words[3] for words in tries] == ["show", "timeline", "browse"]
    for words in tries[:2]:
        assert words[2] == str(file)
        assert subprocess.run(words, env=environment, capture_output=True, check=False).returncode == 0
