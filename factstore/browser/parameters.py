"""The parameters of pages: what a page would ignore is refused, since its answer would seem to have heeded it."""

from __future__ import annotations

from typing import Any

from factstore.browser.metadata import NAME
from factstore.browser.narrowing import OF, OF_FACTS
from factstore.browser.queries import QUERIES

#: The parameters that only facts are searched, narrowed and counted by.
_FOR_FACTS = ("_search", *(f"_{name}" for name in OF), "_facet_of")


async def ignored(ledger: Any, path: str, args: Any) -> str:
    """A sentence on a parameter that a page would ignore; "" if it ignores none.

    Those that begin with _ are Datasette's own, apart from a few of ours.
    """
    where, name, *below = (*path.removeprefix("/").split("/"), "")
    name = name.removesuffix(".json").removesuffix(".csv")
    if where not in ("", NAME) or any(below) or (where and not name and "sql" in args):
        return ""
    if said := await _ignored_of_ours(ledger, name, args):
        return said
    given = [one for one in args if not one.startswith("_")]
    if name and name not in QUERIES:
        # A table's page takes each column, also with an operator: `title__contains`.
        taken = await ledger.table_columns(name)
        given = [one.partition("__")[0] for one in given] if taken else []
    else:
        taken = [blank.name for blank in QUERIES[name].blanks] if name else []
        if twice := next((one for one in given if one in taken and len(args.getlist(one)) > 1), None):
            return f"{twice} is given twice, and this page takes one"
    other = next((one for one in given if one not in taken), None)
    return f"this page has no parameter {other!r}; it has {', '.join(taken) or 'none'}" if other else ""


async def _ignored_of_ours(ledger: Any, name: str, args: Any) -> str:
    """The same, of the parameters that are only for facts, and of those with which Datasette searches its own tables."""
    if name in OF_FACTS:
        if other := next((one for one in args.getlist("_facet_of") if one not in OF), None):
            return f"facts are not counted by {other!r}; they are by {', '.join(OF)}"
        other = next((one for one in args if one.startswith("_search") and one != "_search"), None)
        return f"this page has no parameter {other!r}; _search finds words in all of a fact" if other else ""
    searched = name not in QUERIES and name and await ledger.fts_table(name)
    for one in args:
        if one in _FOR_FACTS and not (one == "_search" and searched):
            return f"this page has no parameter {one!r}; {' and '.join(OF_FACTS)} have it"
    return ""
