"""An installed package works without the checkout: the wheel has all modules and migrations."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy, so that nothing is left in the checkout."""
    copy = tmp_path_factory.mktemp("copy")
    for name in ("factstore", "migrations", "docs"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    if find_spec("hatchling"):
        build = ["hatchling", "build", "-t", "wheel", "-d", "dist"]
    else:
        build = ["pip", "wheel", "--quiet", "--no-deps", "-w", "dist", "."]
    subprocess.run([sys.executable, "-m", *build], cwd=copy, capture_output=True, check=True)
    (built,) = (copy / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in a separate environment, with this one's dependencies but without the checkout."""
    home = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    python = home / "bin" / "python"
    install = ["pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", *install], capture_output=True, check=True)
    # A .pth adds a folder's packages, but not what that folder's own .pth files add, such as the checkout.
    packages = next(home.glob("lib/*/site-packages"))
    (packages / "shared.pth").write_text(f"{Path(click.__file__).parent.parent}\n")
    return home / "bin" / "factstore"


def run(command: Path, *words: str, cwd: Path) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FACTSTORE", "PYTHON"))}
    done = subprocess.run([command, *words], cwd=cwd, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_module_and_migration_and_nothing_else(wheel: Path) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "factstore").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected |= {
        f"factstore/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "migrations").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected.add("factstore/standalone/verify_ledger.py")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        (about,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = archive.read(about).decode()
    assert held == expected
    assert any(name.startswith("factstore/migrations/versions/0001") for name in held)
    assert "Name: factstore-timeline\n" in metadata
    assert str(ROOT) not in metadata


@pytest.mark.skipif(os.name == "nt", reason="the environment's folders are POSIX")
def test_what_is_installed_loads_answers_and_upgrades_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = run(installed.with_name("python"), "-c", "import factstore; print(factstore.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent.parent)
    shutil.copy(ROOT / "seeds" / "moscow-times-2018-04-02.yaml", tmp_path / "seed.yaml")
    run(installed, "load", "seed.yaml", "-m", "first reading", cwd=tmp_path)
    found = json.loads(run(installed, "before", "russia-expels-60-us-diplomats", "--json", cwd=tmp_path))
    assert {item["certainty"] for item in found} == {"certain", "possible"}
    run(installed, "upgrade", cwd=tmp_path)
    run(installed, "verify", cwd=tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="the environment's folders are POSIX")
def test_the_installed_migrations_make_the_schema_that_the_installed_code_reads(
    installed: Path, tmp_path: Path
) -> None:
    code = (
        "import factstore.maintenance.upgrade as up; from factstore.database.opening import open_engine; "
        "up.run(open_engine('made.db')); print(up.migrations())"
    )
    migrations = run(installed.with_name("python"), "-c", code, cwd=tmp_path)
    assert Path(migrations.strip()).is_relative_to(installed.parent.parent)
    run(installed, "init", "--db", "new.db", cwd=tmp_path)

    def tables(path: Path) -> list[str]:
        with closing(sqlite3.connect(path)) as connection, connection:
            rows = connection.execute(
                "SELECT type || ' ' || name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1"
            )
            return [row[0] for row in rows]

    assert tables(tmp_path / "made.db") == tables(tmp_path / "new.db")
