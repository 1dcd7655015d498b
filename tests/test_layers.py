"""What may import what: design.md, section 6, with the modules that stand beside those it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "factstore"
MODULES = sorted(
    path.stem
    for path in PACKAGE.iterdir()
    if (path.suffix == ".py" or path.is_dir()) and not path.stem.startswith("__")
)

#: What stands directly beneath each module. It may import that, and whatever stands beneath that.
BENEATH = {
    "cli": "store screens forms markdown picture inspect phrases",
    "inspect": "picture store",
    "picture": "view render",
    "screens": "render",
    "markdown": "render",
    "render": "answers lines",
    "forms": "answers lines",
    "lines": "inert",
    "inert": "",
    "view": "archive clocks dossiers exchange naming progress spans",
    "dossiers": "conflicts",
    "conflicts": "questions",
    "store": "backups batches changes pruning reading upgrade writing",
    "backups": "files verifying",
    "verifying": "archive projection repair",
    "repair": "driver sqlite",
    "batches": "writing",
    "reading": "clocks faults view",
    "faults": "files verifying",
    "writing": "changes clocks corrections faults loading redaction",
    "changes": "questions",
    "pruning": "repository",
    "redaction": "archive quotes repository",
    "spans": "runs",
    "files": "driver sqlite",
    "clocks": "files repository",
    "corrections": "drafting questions",
    "archive": "records schema",
    "upgrade": "projection sqlite",
    "loading": "documents drafting pairing timeline",
    "drafting": "answers checking ledger",
    "pairing": "",
    "checking": "archive quotes",
    "exchange": "documents",
    "documents": "formats records relations",
    "formats": "errors",
    "questions": "far",
    "far": "runs",
    "runs": "repository",
    "repository": "projection witnesses",
    "witnesses": "answers live speakers",
    "speakers": "",
    "answers": "closure evidence",
    "projection": "fulltext ledger placing",
    "placing": "judging live places schema",
    "judging": "chains timeline",
    "places": "network",
    "fulltext": "live views",
    "live": "driver timeline",
    "timeline": "relations records",
    "closure": "relations",
    "chains": "network",
    "relations": "network",
    "network": "dates",
    "ledger": "driver progress schema soundness",
    "driver": "errors",
    "soundness": "records",
    "records": "evidence",
    "quotes": "evidence",
    "evidence": "dates",
    "phrases": "periods dates",
    "periods": "",
    "naming": "repository",
    "progress": "",
    "dates": "dateparts",
    "dateparts": "civil",
    "civil": "errors",
    "errors": "inert",
    "sqlite": "schema errors views",
    "views": "",
    "schema": "",
}

#: What may be imported from outside, beyond the standard library, by whom.
OUTSIDE = {
    "altair": {"picture"},
    "alembic": {"upgrade"},
    "anyascii": {"documents"},
    "click": {"cli"},
    "datasette": {"inspect"},
    "markupsafe": {"inspect"},
    "pydantic": {"corrections", "documents", "exchange", "records", "store", "writing"},
    "sqlalchemy": {
        "archive",
        "backups",
        "checking",
        "clocks",
        "driver",
        "files",
        "fulltext",
        "ledger",
        "live",
        "placing",
        "projection",
        "questions",
        "repair",
        "repository",
        "schema",
        "sqlite",
        "store",
        "upgrade",
        "verifying",
        "writing",
    },
    "uvicorn": {"inspect"},
    "vl_convert": {"picture"},
    "sqlite3": {"files", "fulltext", "inspect", "repair", "sqlite", "upgrade", "verifying"},
    "yaml": {"exchange", "formats"},
}


@cache
def sources(module: str) -> list[str]:
    """A module's text; a package's texts, one for each file, together one module here."""
    folder = PACKAGE / module
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{module}.py"]
    return [file.read_text(encoding="utf-8") for file in files]


def imports(module: str) -> Iterator[str]:
    """The full names of what a module imports, also late in a function."""
    for text in sources(module):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                yield from (name.name for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, "imports are absolute here"
                yield from (f"{node.module}.{name.name}" for name in node.names)


def holding(pattern: str) -> set[str]:
    """The modules in whose text a pattern is found."""
    return {module for module in MODULES if any(re.search(pattern, text) for text in sources(module))}


def ours(module: str) -> set[str]:
    """The modules of ours that it imports."""
    return {name.split(".")[1] for name in imports(module) if name.startswith("factstore.")} & {*MODULES} - {module}


def below(module: str) -> set[str]:
    direct = {*BENEATH[module].split()}
    return direct.union(*(below(other) for other in direct))


def test_every_module_has_its_place() -> None:
    assert {*MODULES} <= {*BENEATH}


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_stands_beneath_it(module: str) -> None:
    assert ours(module) - below(module) == set()


@pytest.mark.parametrize("package", OUTSIDE)
def test_what_comes_from_outside_is_imported_where_it_belongs(package: str) -> None:
    found = {module for module in MODULES if any(name.split(".")[0] == package for name in imports(module))}
    assert found - OUTSIDE[package] == set()


def test_only_the_ledger_writes_its_tables() -> None:
    writing = r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+(record|payload)\b|schema\.(record|payload)\b"
    assert holding(writing) == {"ledger"}


def test_what_answers_does_not_write() -> None:
    writing = r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b|\.(insert|update|delete)\(\)"
    # What a clock writes are temporary tables of a connection that can write nothing else; what a backup does, its copy.
    assert holding(writing) <= {
        "archive",
        "backups",
        "clocks",
        "fulltext",
        "ledger",
        "placing",
        "projection",
        "repair",
        "sqlite",
    }


def test_only_the_ledger_looks_at_the_clock() -> None:
    assert holding(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\b") == {"ledger"}


def test_only_the_command_line_prints() -> None:
    assert holding(r"\bprint\(|click\.echo\(") <= {"cli"}
