"""The floors of the package, who may import outside libraries, and rules that keep modules small and names plain."""

from __future__ import annotations

import ast
import re
from collections import Counter
from graphlib import TopologicalSorter

import pytest

from tests.support.imports import FLOORS, PAGE, ROOMS, SOURCES, drawn, imported, ours, tree

#: Which modules may import which libraries from outside the standard library.
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


def rooms_holding(pattern: str) -> set[str]:
    """The modules whose text matches a pattern."""
    return {module for module, text in SOURCES.items() if re.search(pattern, text)}


def test_every_room_is_on_a_floor() -> None:
    assert sorted(room for floor in FLOORS for room in floor) == ROOMS


def test_the_page_on_how_it_is_built_shows_the_imports() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert drawn(page) == page


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
def test_outside_libraries_are_imported_where_they_belong(package: str) -> None:
    found = {
        module.split(".")[0] for module in SOURCES if any(name.split(".")[0] == package for name, _ in imported(module))
    }
    assert found == OUTSIDE[package]


def test_code_for_sqlite_stays_in_its_engine() -> None:
    """The browser is exempt, since Datasette only reads SQLite files."""
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
def test_public_classes_have_unique_names(other: str) -> None:
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


def test_code_that_answers_does_not_write() -> None:
    statements = r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b"
    writing = rf"{statements}|\.(insert|update|delete)\(\)|statements import .*\binsert\b"
    # A clock writes only temporary tables, on a connection that can write nothing else, and a backup only its copy.
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
