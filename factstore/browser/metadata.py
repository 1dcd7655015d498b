"""Datasette's metadata for a ledger, made from the definitions of the tables and views, without copies.

Only this module distinguishes between Datasette's release lines, 0.65 and 1.0: 1.0 takes stored queries from its
configuration, and has a page of its own for SQL.
"""

from __future__ import annotations

from functools import cache

from datasette.app import Datasette

from factstore.browser.queries import QUERIES
from factstore.database import tables
from factstore.database.views import VIEWS
from factstore.plain import JsonObject

#: The database's name in URLs: the same for all files, so that bookmarks and scripts keep working.
NAME = "ledger"

_IS_1_0 = hasattr(Datasette, "get_database_metadata")
#: The page that answers SQL, in either line.
SQL_PAGE = f"/{NAME}/-/query" if _IS_1_0 else f"/{NAME}"

#: Beyond the schema's descriptions: the columns to narrow by, and the order of rows.
_MORE: dict[str, JsonObject] = {
    "timeline": {"facets": ["year", "month", "status", {"of": "participant"}, {"of": "source"}, {"of": "stance"}]},
    "facts": {"facets": ["status", {"of": "participant"}, {"of": "source"}, {"of": "stance"}, {"array": "tags"}]},
    "citations": {"facets": ["stance", "source", "origin"]},
    "sources": {"facets": ["publisher"]},
    "orderings": {"facets": ["relation", "in_force"]},
    "corrections": {"facets": ["field", "reason", "recorded_by"], "sort_desc": "position"},
    "log": {"facets": ["kind", "recorded_by"], "sort_desc": "position"},
}

#: The views shown to readers; the others serve queries.
SHOWN = tuple(name for name in VIEWS if name not in ("came_before", "certain_before", "searchable"))


def settings(title: str) -> JsonObject:
    """The arguments with which Datasette is made for a file of this name."""
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
    """The description of a view or table; "" if it is not one of ours."""
    return str(_tables().get(name, {}).get("description", ""))


@cache
def _tables() -> dict[str, JsonObject]:
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
