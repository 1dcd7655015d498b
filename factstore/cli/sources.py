"""Sources as people name them: by id, by title, or by who published them; what is no id becomes one, which is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from factstore.cli.options import Name, taken, together
from factstore.cli.telling import tell_beside
from factstore.errors import Ambiguous

if TYPE_CHECKING:
    from factstore.store import Store

_ID = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_NEW = ("source_title", "publisher", "url", "published")

#: The source that says so, and what of a new one is recorded with it.
with_source = together(
    click.option(
        "--source",
        type=Name("source"),
        metavar="NAME",
        help="The source that says so: its id or its title; another name makes a new one.",
    ),
    click.option("--source-title", metavar="TEXT", help="Of a new source, which is recorded too."),
    click.option(
        "--publisher", metavar="TEXT", help="Of the new source; its id is made of this, where no --source is."
    ),
    click.option("--url", metavar="URL", help="Of the new source."),
    click.option("--published", metavar="DATE", help="Of the new source."),
)


def new_fields(options: dict[str, Any]) -> dict[str, Any]:
    """What the options of `with_source` say of a new source, taken out of a command's options."""
    given = taken(options, *_NEW)
    return {"title": given.pop("source_title")} | given


def source_named(store: Store, text: str | None, said: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """The id of the source that is meant, and what a new one says, None where nothing is said of one.

    A name that is no id is that of the one source with this title or the id that it makes, else of a new source. Raises
    Ambiguous where several sources have the title.
    """
    from factstore.documents.slugs import (
        slug_of,
    )

    said = {field: value for field, value in said.items() if value}
    if text is None:
        called = said.get("publisher") or said.get("title") or said.get("url")
        if called is None:
            raise click.UsageError("Missing option '--source', or '--publisher' of a new one.")
        name = slug_of(f"{called} {said.get('published', '')}")
        tell_beside(f"source {name}")
        return name, said
    if _ID.fullmatch(text):
        return text, said or None
    held = store.sources() if store.file.begun() else []
    same = [one.id for one in held if (one.title or "").casefold() == text.strip().casefold()]
    if len(same) > 1:
        raise Ambiguous(f"{text!r} is the title of {', '.join(same)}; name one of them", candidates=same)
    name = same[0] if same else slug_of(text)
    if name in {one.id for one in held}:
        tell_beside(f"{text}: {name}")
        return name, said or None
    tell_beside(f"{text}: {name}, a new source")
    return name, {"publisher": text.strip()} | said
