"""The stand-alone program that verifies a ledger without Factstore."""

from __future__ import annotations

from pathlib import Path

_NAME = "verify_ledger.py"


def script_text() -> str:
    """The program's source: from inside an installed package, or from the docs of a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "standalone" / _NAME
    return (inside if inside.is_file() else package.with_name("docs") / "reference" / _NAME).read_text(encoding="utf-8")
