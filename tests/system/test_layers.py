"""The floors of the package, who may import what from outside, and what keeps modules small and names plain."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "factstore"

#: From the ground up. What stands on a floor imports itself and what stands on lower floors.
FLOORS = (
    ("inert", "plain"),
    ("errors", "garbage", "progress"),
    ("arguments",),
    ("dates", "evidence", "database"),
    ("reasoning", "ledger"),
    ("documents", "projection"),
    ("repository",),
    ("maintenance", "rendering"),
    ("writing",),
    ("chronology",),
    ("store",),
    ("exchange", "picture"),
    ("browser",),
    ("cli",),
)

#: What may be imported from outside, beyond the standard library, by whom.
OUTSIDE = {
    "alembic": {"maintenance"},
    "anyascii": {"documents"},
    "click": {"cli"},
    "datasette": {"browser"},
    "docx": {"exchange"},
    "markupsafe": {"browser"},
    "msgspec": {"ledger"},
    "python_calamine": {"exchange"},
    "psycopg": {"database"},
    "pydantic": {"documents", "ledger", "writing"},
    "sqlalchemy": {"database"},
    "sqlite3": {"browser", "database"},
    "typst": {"picture"},
    "uvicorn": {"browser"},
    "xlsxwriter": {"exchange"},
    "yaml": {"documents"},
}


def _name(path: Path) -> str:
    """A module's name below `factstore`, dotted; a package's is that of its folder."""
    return ".".join(part for part in path.relative_to(PACKAGE).with_suffix("").parts if part != "__init__")


#: Text of each module, by its name below `factstore`. The package itself only hands out what others define.
SOURCES = {
    _name(path): path.read_text(encoding="utf-8")
    for path in sorted(PACKAGE.rglob("*.py"))
    if _name(path) not in ("", "__main__")
}
ROOMS = sorted({name.split(".")[0] for name in SOURCES})


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(SOURCES[module])


@cache
def imported(module: str) -> tuple[tuple[str, str], ...]:
    """What a module imports, also late in a function: the module, and the name taken from it, "" for the module itself."""
    return tuple(_imports(tree(module)))


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((name.name, "") for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute here"
            yield from ((node.module or "", name.name) for name in node.names)


def ours(module: str) -> set[str]:
    """The modules of ours that a module imports, by their names below `factstore`."""
    found = set()
    for source, name in imported(module):
        for full in (f"{source}.{name}", source):
            if (below := full.removeprefix("factstore.")) != full and below in SOURCES:
                found.add(below)
                break
    return found - {module}


def rooms_holding(pattern: str) -> set[str]:
    """The modules in whose text a pattern is found."""
    return {module for module, text in SOURCES.items() if re.search(pattern, text)}


def test_everything_stands_on_a_floor() -> None:
    assert sorted(room for floor in FLOORS for room in floor) == ROOMS


def test_the_page_on_how_it_is_built_shows_these_floors() -> None:
    page = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = [line.split() for line in page.splitlines() if line.startswith("    ")]
    assert [sorted(floor) for floor in drawn] == [sorted(floor) for floor in reversed(FLOORS)]


@pytest.mark.parametrize("room", ROOMS)
def test_imports_lead_down(room: str) -> None:
    floor = next(n for n, rooms in enumerate(FLOORS) if room in rooms)
    lower = {other for rooms in FLOORS[:floor] for other in rooms}
    modules = [module for module in SOURCES if module.split(".")[0] == room]
    leading = {
        (module, other) for module in modules for other in ours(module) if other.split(".")[0] not in {*lower, room}
    }
    assert leading == set()


def test_no_modules_import_one_another_in_a_circle() -> None:
    TopologicalSorter({module: ours(module) for module in SOURCES}).prepare()


@pytest.mark.parametrize("package", OUTSIDE)
def test_what_comes_from_outside_is_imported_where_it_belongs(package: str) -> None:
    found = {
        module.split(".")[0] for module in SOURCES if any(name.split(".")[0] == package for name, _ in imported(module))
    }
    assert found == OUTSIDE[package]


def test_what_is_sqlites_own_stays_with_the_engine() -> None:
    """The browser is Datasette's, which reads SQLite files alone."""
    own = {module for module in SOURCES if any(other.startswith("database.sqlite") for other in ours(module))}
    assert {module for module in own if not module.startswith("database.")} == {
        "browser.asking",
        "browser.browser",
        "browser.limits",
        "browser.server",
    }


def test_no_private_name_is_imported_from_another_module() -> None:
    private = {(module, name) for module in SOURCES for source, name in imported(module) if name.startswith("_")}
    assert {(module, name) for module, name in private if name != "__version__"} == set()


@pytest.mark.parametrize("other", ["database.sqlite.", "database.postgresql."])
def test_public_classes_have_names_of_their_own(other: str) -> None:
    """Engines are siblings: the same part of each may have the same name."""
    names = Counter(
        node.name
        for module in SOURCES
        for node in tree(module).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not module.startswith(other)
    )
    assert [name for name, times in names.items() if times > 1] == []


def test_only_the_ledger_writes_its_tables() -> None:
    statements = r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+(record|payload)\b"
    writing = rf"{statements}|insert\([\w\s.]+,\s*\"(record|payload)\"|tables\.(record|payload)\b"
    assert rooms_holding(writing) == {"ledger.append"}


def test_what_answers_does_not_write() -> None:
    statements = r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b"
    writing = rf"{statements}|\.(insert|update|delete)\(\)|statements import .*\binsert\b"
    # What a clock writes are temporary tables of a connection that can write nothing else; what a backup does, its copy.
    assert {
        module for module in rooms_holding(writing) if module.split(".")[0] not in ("database", "ledger", "projection")
    } == {
        "maintenance.backups",
        "repository.clocks",
    }


def test_only_the_ledger_looks_at_the_clock() -> None:
    assert rooms_holding(r"\b(datetime\.(now|utcnow|today)|date\.today|time\.time)\b") == {"ledger.chain"}


def test_only_the_command_line_prints() -> None:
    assert {module.split(".")[0] for module in rooms_holding(r"\bprint\(|click\.echo\(")} == {"cli"}
