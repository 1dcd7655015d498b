"""What Datasette is told about a ledger, read from where the tables and views are defined: one source, no copies.

Datasette's two lines, 0.65 and 1.0, are told apart here and nowhere else: 1.0 wants ready queries in its configuration, and
has a page of its own for SQL.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from datasette.app import Datasette

from factstore.browser.queries import QUERIES
from factstore.database import tables
from factstore.database.views import VIEWS

#: The database's name in URLs, the same for every file, so that a bookmark or a script holds.
NAME = "ledger"

_IS_1_0 = hasattr(Datasette, "get_database_metadata")
#: Where SQL is answered, in both lines' words.
SQL_PAGE = f"/{NAME}/-/query" if _IS_1_0 else f"/{NAME}"

#: Beyond what the schema says: what to narrow by, and what comes first.
_MORE: dict[str, dict[str, Any]] = {
    "timeline": {"facets": ["year", "month", "status", {"of": "participant"}, {"of": "source"}, {"of": "stance"}]},
    "facts": {"facets": ["status", {"of": "participant"}, {"of": "source"}, {"of": "stance"}, {"array": "tags"}]},
    "citations": {"facets": ["stance", "source", "origin"]},
    "sources": {"facets": ["publisher"]},
    "orderings": {"facets": ["relation", "in_force"]},
    "corrections": {"facets": ["field", "reason", "recorded_by"], "sort_desc": "position"},
    "log": {"facets": ["kind", "recorded_by"], "sort_desc": "position"},
}

#: The views as a reader meets them; the others serve queries.
SHOWN = tuple(name for name in VIEWS if name not in ("came_before", "certain_before", "searchable"))


def told(title: str) -> dict[str, Any]:
    """What Datasette is made with for a file of that name."""
    queries = {name: query.canned() for name, query in QUERIES.items()}
    ledger = {
        "title": title,
        "description": "Begin with a question, or with the timeline. Nothing that you ask here can change it.",
        "tables": _tables(),
    }
    metadata = {"title": title, "databases": {NAME: ledger}}
    if _IS_1_0:
        return {"metadata": metadata, "config": {"databases": {NAME: {"queries": queries}}}}
    ledger["queries"] = queries
    return {"metadata": metadata}


def says(name: str) -> str:
    """What a view or table holds; "" of one that is none of ours."""
    return str(_tables().get(name, {}).get("description", ""))


@cache
def _tables() -> dict[str, dict[str, Any]]:
    views = {
        name: {"description": view.says, "columns": view.columns, **_MORE.get(name, {})} for name, view in VIEWS.items()
    }
    described = {
        table.name: {
            "description": table.comment,
            "columns": {column.name: column.comment for column in table.columns if column.comment},
            "hidden": True,
        }
        for table in tables.metadata.sorted_tables
    }
    return described | views
