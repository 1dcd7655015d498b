"""The picture command, which draws a file in the format that its name says."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import click
from click.core import ParameterSource

from factstore.cli.dates import Seen
from factstore.cli.files import Output, write
from factstore.cli.group import cli, narrowed, tell_withdrawn, time_named, view
from factstore.cli.options import Clock, Name, with_clock, with_dates, with_db, with_filters, with_status
from factstore.cli.output import tell_beside
from factstore.errors import InputError, Refused
from factstore.evidence.stances import STATUSES

if TYPE_CHECKING:
    from factstore.picture.axis import AxisKind
    from factstore.picture.scene import Grouping
    from factstore.repository.filter import Narrowing

_FORMS: dict[str, Literal["svg", "png", "pdf", "html"]] = {".svg": "svg", ".png": "png", ".pdf": "pdf", ".html": "html"}
_AXES = ("near", "whole", "broken", "age")
_GROUPINGS = ("participant", "place", "tag", "source")


@cli.command()
@with_db
@click.argument("file", type=Output(), metavar="FILE.svg|png|pdf|html")
@click.option(
    "--group-by",
    type=click.Choice(_GROUPINGS),
    metavar="WHAT",
    help="By participant, place, tag or source; each is a group of rows.",
)
@click.option(
    "--before",
    type=Name("fact"),
    metavar="X",
    help="Colour by what was certainly and possibly before a fact or a plain date.",
)
@click.option("--after", type=Name("fact"), metavar="X", help="Colour by what was certainly and possibly after it.")
@with_filters
@with_dates
@with_clock
@with_status
@click.option(
    "--axis",
    type=click.Choice(_AXES),
    metavar="KIND",
    default="near",
    help="near: the time in which most facts lie; whole; broken: without the longest gaps; age: logarithmic.",
)
@click.option("--packed", is_flag=True, help="Put facts on one line if their bars don't meet.")
@click.option("--folded", is_flag=True, help="Draw each group on one line; a page opens them.")
@click.option("--title", metavar="TEXT", help="Its title.")
@click.option("--dark", is_flag=True, help="For a dark screen; a page follows its reader's system.")
@click.option(
    "--paper",
    type=click.Choice(("a4", "letter")),
    metavar="SIZE",
    default="a4",
    help="The paper of a PDF: a4 or letter.",
)
def picture(
    file: str,
    seen: Seen,
    clock: Clock,
    group_by: Grouping | None,
    before: str | None,
    after: str | None,
    axis: AxisKind,
    packed: bool,
    folded: bool,
    title: str | None,
    dark: bool,
    paper: Literal["a4", "letter"],
    status: Sequence[str],
    **filters: str | None,
) -> None:
    """Draw the facts of a timeline. An .html page needs no server: zoom, search, evidence, before and after.

    A PDF has the title, the key and the axis on each page. Facts beyond the axis are dated at its edge.

    Example: factstore picture chronology.svg --group-by tag
    """
    from factstore.picture import TooMany, Wanted, draw, scene

    form = _FORMS.get(Path(file).suffix.lower())
    if form is None:
        raise InputError(f"{file} must end in .svg, .png, .pdf or .html, which says what to draw")
    if before and after:
        raise InputError("--before and --after ask two questions; a picture answers one")
    chronology = view(clock)
    before, after = (x and time_named(chronology, x, seen) for x in (before, after))
    tell_withdrawn(chronology, filter(None, (before, after)))
    filters = narrowed(chronology, filters, seen)
    clocks = {"known at": clock["known"], "published by": clock["published"], "held by": clock["held"]}
    statuses = STATUSES if "all" in status else tuple(status)
    told = "" if statuses is STATUSES else ", ".join(statuses)
    asked = {"before": before, "after": after} | clocks | filters | {"status": told}
    note = "; ".join(f"{name} {value}" for name, value in asked.items() if value)
    narrowing = cast("Narrowing", filters | {"status": statuses})
    wanted = Wanted(group_by, before, after, title, note, narrowing, axis=axis, packed=packed, folded=folded)
    with chronology.held() as then:
        try:
            shown = scene(then, wanted)
        except TooMany as error:
            raise Refused(f"{error}: {_narrower(file, error.narrowing)}") from error
        drawn = draw(then, shown, form, "dark" if dark else "light", paper, tell=tell_beside)
    write({Path(file): drawn})
    count = len(shown.facts)
    tell_beside(f"drew {count} fact{'' if count == 1 else 's'} in {file}")
    if shown.left_out:
        tell_beside(f"{shown.left_out}: --status all draws them too")


def _narrower(file: str, narrowing: tuple[list[str], int] | None) -> str:
    """Advice to draw fewer facts: the command that does, with all other options kept, if one is known."""
    if narrowing is None:
        return "narrow it with --participant, --place, --tag, --source, --from or --to"
    options, count = narrowing
    return f"narrow it, for example: {shlex.join(['factstore', 'picture', file, *_given(), *options])} draws {count:,}"


def _given() -> Iterator[str]:
    """The options of this call, as given."""
    context = click.get_current_context()
    for param in context.command.params:
        value = context.params.get(param.name or "")
        value = context.find_root().obj if param.name == "db" else value
        if (
            isinstance(param, click.Option)
            and context.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE
        ):
            for one in value if isinstance(value, tuple) else [value]:
                yield from [param.opts[0]] if param.is_flag else [param.opts[0], str(one)]
