"""Sources as people name them: by id, title or publisher. A name that is not an id is turned into one, which is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from factstore.cli.given import Option
from factstore.cli.options import Filled, Name, is_id, taken, together
from factstore.cli.output import tell_beside
from factstore.errors import Ambiguous, UnknownId
from factstore.plain import Json, JsonObject

if TYPE_CHECKING:
    from factstore.store import Store

_NEW = ("source_title", "publisher", "url", "published")

#: The source that says so, and the fields of a new one, which is recorded with it.
with_source = together(
    click.option(
        "--source",
        type=Name("source"),
        metavar="NAME",
        help="The source that says so: its id or its title; another name makes a new one.",
    ),
    click.option(
        "--source-title", type=Filled(), metavar="TEXT", help="The title of a new source, which is recorded too."
    ),
    click.option(
        "--publisher",
        type=Filled(),
        metavar="TEXT",
        help="The publisher of the new source; its id is made of this if there is no --source.",
    ),
    click.option("--url", type=Filled(), metavar="URL", help="The URL of the new source."),
    click.option("--published", type=Filled(), metavar="DATE", help="The date of the new source."),
)


def new_fields(options: dict[str, Option]) -> JsonObject:
    """Remove the options of `with_source` from `options`, and return the fields of a new source."""
    given = taken(options, *_NEW)
    return {"title": given.pop("source_title")} | given


def source_named(store: Store, text: str | None, said: JsonObject) -> tuple[str, JsonObject | None]:
    """The id of the source that is meant, and the fields of a new one, or None if there are none.

    A name that is not an id means the one source with this title, or with the id made of it, or else a new source. Raises
    Ambiguous if several sources have the title.
    """
    from factstore.documents.slugs import slug_of

    said = {field: value for field, value in said.items() if value}
    if text is None:
        called = said.get("publisher") or said.get("title") or said.get("url")
        if called is None:
            raise click.UsageError("Missing option '--source', or '--publisher' for a new one.")
        name = slug_of(f"{called} {said.get('published', '')}")
        tell_beside(f"source {name}")
        return name, said
    if is_id(text):
        if not said:
            _require(store, text)
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


def _require(store: Store, name: str) -> None:
    """Raises UnknownId, with what records a source, where the ledger has none of this id."""
    way_out = f"--publisher or --source-title here records it, and so does `factstore source add --id {name}`"
    if not store.file.begun():
        raise UnknownId(f"there is no source {name!r}; {way_out}")
    try:
        store.find(name, "source")
    except UnknownId as error:
        raise UnknownId(f"{error}; {way_out}" if not error.nearest else str(error), nearest=error.nearest) from None


def tell_names_near(store: Store, names: Iterable[Json]) -> None:
    """Say on stderr which names of speakers and sources somebody may have meant by names that are near to them."""
    if not store.file.begun():
        return
    for name in dict.fromkeys(one for one in names if isinstance(one, str) and one):
        near = store.names_near(name)
        if near:
            tell_beside(f"{name!r} is a new name; did you mean {' or '.join(near)}?")
