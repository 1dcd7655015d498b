"""The export command, which writes formats of other programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

import click

from factstore.cli.dates import Seen
from factstore.cli.files import Output, write
from factstore.cli.group import cli, narrowed, view
from factstore.cli.options import Clock, db_of, with_clock, with_dates, with_db, with_filters
from factstore.cli.output import tell_beside, to_the_letter
from factstore.evidence.stances import STATUSES, Status

_STATUSES: tuple[Status, ...] = tuple(status for status in STATUSES if status != "withdrawn")
FORMATS = ("docx", "xlsx", "timelinejs", "annotations", "timesketch", "jsonld", "ftm")


@cli.command()
@with_db
@click.argument("file", type=Output(), metavar="FILE")
@click.option(
    "--format",
    "to",
    type=click.Choice(FORMATS),
    metavar="FORMAT",
    help=f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}; else by the file's ending.",
)
@with_filters
@with_dates
@click.option(
    "--status",
    multiple=True,
    type=click.Choice((*_STATUSES, "all")),
    metavar="STATUS",
    help=f"{', '.join(_STATUSES)} or all; may be repeated. Default: stands and disputed.",
)
@with_clock
@click.option("--iso", is_flag=True, help="Write dates as ISO 8601 and EDTF, not in words.")
@click.option("--title", metavar="TEXT", help="Its title.")
def export(
    file: str,
    to: str | None,
    clock: Clock,
    status: Sequence[Status],
    seen: Seen,
    iso: bool,
    title: str | None,
    **filters: str | None,
) -> None:
    """Write a document, a workbook or data for others.

    For people and programs without Factstore: docx, xlsx, and formats of other tools.

    Withdrawn things are never exported. Facts that are denied, foretold or without evidence are exported, and marked, if
    --status asks for them. What was left out, and what the format cannot carry, is counted on stderr. With - as FILE, text
    formats go to stdout.

    Example: factstore export chronology.docx --tag diplomacy
    """
    from factstore.exchange import outgoing
    from factstore.exchange.extract import Asked, extract, in_numbers

    if to is None and filters["until"] in FORMATS:  # formerly --to named the format
        to, filters["until"] = filters["until"], None
    form = outgoing.FORMATS[to] if to else outgoing.guess(file)
    if file == "-" and not form.text:
        raise click.UsageError(f"{form.name} is not a text format: name a file")
    chronology = view(clock)
    statuses = _STATUSES if "all" in status else tuple(status)
    ledger = PurePath(db_of(click.get_current_context())).name
    asked = Asked(ledger, clock, narrowed(chronology, dict(filters), seen), statuses, title, iso)
    found = extract(chronology, asked)
    written = outgoing.write(found, form)
    if file == "-":
        click.echo(to_the_letter(written.content.decode()), nl=False)
    else:
        write({Path(file): written.content})
    count = len(found.facts)
    some = f"{count - written.absent} of " if written.absent else ""
    where = "stdout" if file == "-" else file
    tell_beside(f"wrote {some}{count} fact{'' if count == 1 else 's'} to {where} as {form.about}")
    for words, counts in (("left out", found.left_out), (f"not carried by {form.name}", written.lost)):
        if any(counts.values()):
            tell_beside(f"{words}: {in_numbers(counts)}")
