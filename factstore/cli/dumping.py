"""The dump command, which writes documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factstore.cli.dates import Seen
from factstore.cli.files import Output, write
from factstore.cli.group import cli, narrowed, view
from factstore.cli.options import Clock, with_clock, with_dates, with_db, with_filters, with_status
from factstore.cli.output import tell_beside, to_the_letter
from factstore.cli.terminal import progress

if TYPE_CHECKING:
    from factstore.chronology import Chronology
    from factstore.documents import DocumentKind
    from factstore.evidence.stances import Status


@cli.command()
@with_db
@with_clock
@click.option(
    "--format",
    "kind",
    type=click.Choice(("yaml", "json", "jsonl", "csv")),
    metavar="FORMAT",
    help="yaml, json, jsonl or csv (which carries less); else by the file's ending, and yaml for stdout.",
)
@with_filters
@with_dates
@with_status
@click.option("--texts", is_flag=True, help="Include archived texts, not only their hashes.")
@click.option("-o", "--output", type=Output(), default="-", show_default=True, metavar="FILE", help="- is stdout.")
def dump(
    clock: Clock,
    kind: DocumentKind | None,
    output: str,
    texts: bool,
    status: Sequence[Status],
    seen: Seen,
    **filters: str | None,
) -> None:
    """Write the chronology out as a document.

    Loading it again changes nothing.

    If it is narrowed, it contains the facts that fit (of any status, unless --status is given), the orderings between them,
    and the sources and speakers that these name.

    As CSV it has the facts, and with -o other tables beside it: FILE-sources.csv and so on. What was written, and what CSV
    cannot carry, is listed on stderr.

    Example: factstore dump -o chronology.jsonl
    """
    from factstore.documents.reading import kind_of
    from factstore.inert import shown

    chronology = view(clock)
    path = None if output == "-" else Path(output)
    kind = kind or kind_of(output)
    only = _fitting(chronology, status, filters, seen)
    _tell_of_contradictions(chronology)
    if kind == "csv":
        with progress("writing", "entries") as told:
            facts, beside, left_out = chronology.sheets(only=only, progress=told)
        alone = path is None or (path.exists() and not path.is_file())
        more = {} if alone or path is None else {path.with_stem(f"{path.stem}-{name}"): beside[name] for name in beside}
        if alone:
            left_out = [f"{', '.join(beside)} (-o FILE.csv writes them beside it)", *left_out]
        if path is None:
            click.echo(to_the_letter(facts), nl=False)
        else:
            write({one: text.encode() for one, text in ({path: facts} | more).items()})
            tell_beside(f"wrote {', '.join(one.name for one in (path, *more))} as CSV")
        if left_out:
            click.echo(f"not carried: {'; '.join(left_out)}. A dump as JSON carries everything.", err=True)
        return
    with progress("writing", "entries") as told:
        text = chronology.dump(kind, texts=texts, only=only, progress=told)
    text = text if kind == "yaml" else shown(text)
    if path is None:
        click.echo(to_the_letter(text), nl=False)
    else:
        write({path: text.encode()})
        tell_beside(f"wrote {path.name} as {_FORMATS[kind]}")


def _fitting(
    chronology: Chronology, status: Sequence[Status], filters: dict[str, str | None], seen: Seen
) -> set[str] | None:
    """The ids of the facts that a dump is narrowed to; None if it is not. Shows how many there are in all."""
    if not (status or any(filters.values())):
        return None
    wanted = narrowed(chronology, dict(filters), seen) | {"status": () if "all" in status else status}
    found = {fact.id for fact in chronology.facts(**wanted)}
    others = len(chronology.facts()) - len(found)
    tell_beside(f"{len(found)} fact{'' if len(found) == 1 else 's'} of {len(found) + others}")
    return found


def _tell_of_contradictions(chronology: Chronology) -> None:
    """Say that a document does not record which of several contradicting statements count."""
    aside = sum(conflict.kind == "contradiction" for conflict in chronology.conflicts())
    if aside:
        what = "one statement is" if aside == 1 else f"{aside} statements are"
        click.echo(
            f"{what} set aside as contradicting earlier ones (factstore conflicts). A document does not say which: a new "
            "ledger made from it may set aside others and answer otherwise. `factstore copy` keeps them.",
            err=True,
        )


_FORMATS = {"yaml": "YAML", "json": "JSON", "jsonl": "JSON Lines", "csv": "CSV"}
