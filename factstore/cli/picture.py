"""The command that draws: a file whose name says what it is to be."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import click

from factstore.cli.dates import Seen
from factstore.cli.group import cli, narrowed, time_named, view
from factstore.cli.options import STATUSES, Clock, Name, with_clock, with_dates, with_db, with_filters
from factstore.cli.telling import tell_beside
from factstore.errors import InputError

_FORMS: dict[str, Literal["svg", "png", "html"]] = {".svg": "svg", ".png": "png", ".html": "html"}
_GROUPINGS = ("participant", "place", "tag", "source")


@cli.command()
@with_db
@click.argument("file", metavar="FILE.svg|png|html")
@click.option(
    "--group-by",
    type=click.Choice(_GROUPINGS),
    metavar="WHAT",
    help="participant, place, tag or source, each a group of rows.",
)
@click.option(
    "--before",
    type=Name("fact"),
    metavar="X",
    help="Colour by what was certainly and possibly before a fact or a plain date.",
)
@click.option("--after", type=Name("fact"), metavar="X", help="Colour by what came certainly and possibly after it.")
@with_filters
@with_dates
@click.option(
    "--status",
    multiple=True,
    type=click.Choice((*STATUSES, "all")),
    metavar="STATUS",
    help=f"Only {', '.join(STATUSES[:-1])} or {STATUSES[-1]}; may be repeated.",
)
@with_clock
@click.option("--title", metavar="TEXT", help="What stands above it.")
@click.option("--dark", is_flag=True, help="For a dark screen; a page follows its reader's.")
def picture(
    file: str,
    seen: Seen,
    clock: Clock,
    group_by: Any,
    before: str | None,
    after: str | None,
    title: str | None,
    dark: bool,
    status: Sequence[str],
    **filters: str | None,
) -> None:
    """Draw the facts in time. A page (html) works from a file: zoom, search, evidence, before and after.

    Example: factstore picture chronology.svg --group-by tag
    """
    from factstore.picture import Wanted, draw, scene

    form = _FORMS.get(Path(file).suffix.lower())
    if form is None:
        raise InputError(f"{file} ends in none of .svg, .png and .html, which say what to draw")
    if before and after:
        raise InputError("--before and --after ask two questions; a picture answers one")
    chronology = view(clock)
    before, after = (x and time_named(chronology, x, seen) for x in (before, after))
    filters = narrowed(chronology, filters, seen)
    clocks = {"known at": clock["known"], "published by": clock["published"], "held by": clock["held"]}
    asked = {"before": before, "after": after} | clocks | filters | {"status": ", ".join(status)}
    note = "; ".join(f"{name} {value}" for name, value in asked.items() if value)
    statuses = () if "all" in status else tuple(status)
    shown = scene(chronology, Wanted(group_by, before, after, title, note, filters | {"status": statuses}))
    _write(Path(file), draw(chronology, shown, form, "dark" if dark else "light"))
    count = len(shown.facts)
    tell_beside(f"drew {count} fact{'' if count == 1 else 's'} in {file}")


def _write(path: Path, content: bytes) -> None:
    """A whole file, or the one that was there before."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        beside.unlink(missing_ok=True)
