"""What Datasette is told about a ledger, read from where the tables and views are defined: one source, no copies."""

from __future__ import annotations

from typing import Any

from factstore.browser.queries import QUERIES
from factstore.database import tables
from factstore.database.views import VIEWS

#: The database's name in URLs, the same for every file, so that a bookmark or a script holds.
NAME = "ledger"

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


def metadata(title: str) -> dict[str, Any]:
    """The metadata for a file of that name."""
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
    return {
        "title": title,
        "extra_css_urls": ["/-/colours.css", "/factstore/browser.css"],
        "databases": {
            NAME: {
                "title": title,
                "description": "Begin with a question, or with the timeline. Nothing that you ask here can change it.",
                "tables": described | views,
                "queries": {name: query.canned() for name, query in QUERIES.items()},
            }
        },
    }
