"""The import command, which reads formats of other programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factstore.cli.dates import with_anchor, with_order, with_pivot
from factstore.cli.files import Input, Output, write
from factstore.cli.given import Option
from factstore.cli.group import cli, open_store
from factstore.cli.options import RenamedOption, as_writing, with_correct, with_redacted
from factstore.cli.output import say, tell_beside, to_the_letter
from factstore.errors import Contradiction, DocumentError, InputError

if TYPE_CHECKING:
    from datetime import date as day

    from factstore.dates.written import DayOrder
    from factstore.exchange.arrivals import Arrival, Doubt, Holdings
    from factstore.exchange.headers import SheetOptions
    from factstore.ledger.fields import Reason

#: How many cells to be checked are listed; a dry run lists all.
_LISTED = 25
#: How many facts a dry run shows.
_FIRST = 5


@cli.command("import")
@as_writing
@with_redacted
@click.argument("files", type=Input(), nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--format",
    "kind",
    cls=RenamedOption,
    former=["--from"],
    metavar="FORMAT",
    help="sheet, workbook, timelinejs, casemap, casefleet, annotations, csl or ris; else it is recognized.",
)
@click.option(
    "--map",
    "fields",
    multiple=True,
    metavar="COLUMN=FIELD",
    help='The field of a column, by header or letter, such as "What happened=title"; - leaves it out. May be repeated.',
)
@click.option("--mapping", type=Input(), metavar="FILE", help="The fields of columns, as --save-mapping wrote them.")
@click.option("--save-mapping", type=Output(), metavar="FILE", help="Write the mapping that was used, for editing.")
@click.option(
    "--sheet",
    "sheets",
    multiple=True,
    metavar="NAME",
    help="A sheet of a workbook, by name or number; may be repeated.",
)
@click.option(
    "--as",
    "name",
    metavar="NAME",
    help="The name of an earlier file of which this is a later version, or its own if it is none.",
)
@with_order
@with_pivot
@with_anchor
@click.option("-o", "--output", type=Output(), metavar="FILE", help="Write a document and commit nothing; - is stdout.")
@with_correct
def import_(
    files: Sequence[str],
    kind: str | None,
    fields: Sequence[str],
    mapping: str | None,
    save_mapping: str | None,
    sheets: Sequence[str],
    name: str | None,
    order: DayOrder | None,
    pivot: int | None,
    anchor: day | None,
    output: str | None,
    correct: Reason | None,
    reason: Reason,
    **writing: Option,
) -> None:
    """Bring in spreadsheets and the files of other tools.

    Spreadsheets are .csv, .tsv, .xlsx or .ods, with any headers. The others: workbooks that export wrote, timelines of
    TimelineJS (JSON or its sheet), facts of CaseMap and CaseFleet, W3C annotations (Hypothesis), and CSL-JSON and RIS, whose
    references become sources. The format is recognized by a file's content. With - it reads stdin.

    How it was read is shown on stderr, with everything to be checked. Importing the same file again changes nothing; an
    edited one is refused with the differences, or becomes corrections with --correct.

    Example: factstore import harbour.csv -m "the desk's sheet"
    """
    from factstore.exchange.arrivals import Holdings

    wanted = _wanted(fields, mapping, sheets, order, pivot, anchor)
    if name is not None and len(files) > 1:
        raise InputError(f"--as {name}: it names one file, but {len(files)} are given")
    store = open_store()
    known = Holdings(store.entries() if store.file.begun() else (), name or "")
    arrivals = [arrival for file in files for arrival in _read(file, kind, wanted, known)]
    for arrival in arrivals:
        _tell(arrival, everything=bool(writing["dry_run"]))
    if save_mapping is not None:
        _save_mapping(arrivals, save_mapping)
    if not any(arrival.document.entries or arrival.document.problems for arrival in arrivals):
        raise DocumentError([f"{', '.join(files)}: there is no row of a fact or a source; nothing was written"])
    if output is not None:
        _write_document(arrivals, output)
        return
    if writing["dry_run"]:
        click.echo(to_the_letter(_first_facts(arrivals)), nl=False)
    try:
        done = store.load(*(arrival.document for arrival in arrivals), correct=correct, **writing)
    except Contradiction as error:
        _tell_rows(error.things, arrivals)
        raise
    _tell_missing([name for name in done.tally.gone if not any(name in arrival.gone for arrival in arrivals)])
    say(done._replace(changes=None) if done.created else done, prunes=False, **writing)


def _wanted(
    fields: Sequence[str],
    mapping: str | None,
    sheets: Sequence[str],
    order: DayOrder | None,
    pivot: int | None,
    anchor: day | None,
) -> SheetOptions:
    """How to read the files: the options, which override the mapping file."""
    from factstore.documents.reading import read_text
    from factstore.exchange.headers import SheetOptions, read_mapping, told_fields

    wanted = read_mapping(read_text(mapping), mapping) if mapping is not None else SheetOptions()
    wanted.fields |= told_fields(fields)
    wanted.sheets = tuple(sheets) or wanted.sheets
    wanted.order = order or wanted.order
    wanted.pivot = pivot or wanted.pivot
    wanted.anchor = str(anchor) if anchor else wanted.anchor
    return wanted


def _read(file: str, kind: str | None, wanted: SheetOptions, known: Holdings) -> list[Arrival]:
    """What a file, or stdin, contains."""
    from factstore.documents.reading import LARGEST, too_large
    from factstore.exchange.incoming import FORMATS, format_of

    if file == "-":
        if sys.stdin is None:
            raise InputError("stdin is closed")
        name, content = "stdin", sys.stdin.buffer.read(LARGEST + 1)
    else:
        name = file
        try:
            with Path(file).open("rb") as opened:
                content = opened.read(LARGEST + 1)
        except OSError as error:
            raise InputError(f"{file}: {(error.strerror or 'it cannot be read').lower()}") from None
    if len(content) > LARGEST:
        raise too_large(name)
    found = format_of(name, content, kind, otherwise="sheet" if file == "-" else "")
    return FORMATS[found].read(content, name, wanted, known)


# --- output ---------------------------------------------------------------------------------------------------


def _tell(arrival: Arrival, *, everything: bool) -> None:
    """Show how a file was read, and what should be checked."""
    for line in (*arrival.mapping, *arrival.notes, *arrival.likely):
        tell_beside(line)
    _list(arrival.left_out, arrival.unused, everything)
    _list(arrival.doubts, arrival.doubted, everything)
    if arrival.gone:
        tell_beside(
            f"no longer in {arrival.document.name}, but still in the ledger: {_few(arrival.gone)}; "
            "`factstore withdraw ID` takes one out"
        )


def _tell_missing(names: Sequence[str]) -> None:
    """Name what the ledger has from the same sources and the file, which may be an export of a part, lacks."""
    if names:
        tell_beside(
            f"in the ledger, but not in what was imported: {_few(names)}; that is as it should be if the file is an "
            "export of a part, else `factstore withdraw ID` takes one out"
        )


def _tell_rows(things: Sequence[str], arrivals: Sequence[Arrival]) -> None:
    """List where in the files the facts are that contradict, or whose citations do."""
    places = {entry.said.id: entry.where for arrival in arrivals for entry in arrival.document.entries}
    names = [name for name in dict.fromkeys(thing.partition("/")[0] for thing in things) if name in places]
    if names:
        tell_beside(f"what contradicts is in {_few([f'{places[name]} ({name})' for name in names])}")


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10:,} more" if len(names) > 10 else "")


def _list(doubts: Sequence[Doubt], words: tuple[str, str], everything: bool) -> None:
    if not doubts:
        return
    tell_beside(f"{len(doubts)} {words[len(doubts) > 1]}:")
    shown = doubts if everything else doubts[:_LISTED]
    for doubt in shown:
        text = doubt.text if len(doubt.text) <= 60 else f"{doubt.text[:59]}…"
        tell_beside(f"  {doubt.place:<5} {': '.join(filter(None, (text, doubt.why)))}")
    if len(shown) < len(doubts):
        tell_beside(f"  and {len(doubts) - len(shown)} more; --dry-run lists all")


def _save_mapping(arrivals: Sequence[Arrival], path: str) -> None:
    saved = [arrival.saved for arrival in arrivals if arrival.saved]
    if len(saved) != 1:
        raise InputError(f"--save-mapping needs one sheet, but {len(saved)} were read")
    write({Path(path): saved[0].encode()})
    tell_beside(f"wrote the mapping to {path}")


def _first_facts(arrivals: Sequence[Arrival]) -> str:
    """The first facts as they would be recorded, with their sources, as a document."""
    from factstore.documents.writing import write_yaml

    facts = [fact for arrival in arrivals for fact in arrival.value["facts"]][:_FIRST]
    cited = {one["source"] for fact in facts for one in fact["evidence"]}
    every = [one for arrival in arrivals for one in arrival.value["sources"]]
    sources = [one for one in every if one["id"] in cited] if facts else every[:_FIRST]
    return write_yaml([*(("source", one) for one in sources), *(("fact", one) for one in facts)])


def _write_document(arrivals: Sequence[Arrival], output: str) -> None:
    from factstore.documents import writing
    from factstore.documents.reading import kind_of

    problems = [problem for arrival in arrivals for problem in arrival.document.problems]
    if problems:
        raise DocumentError(problems)
    sources = {one["id"]: one for arrival in arrivals for one in arrival.value["sources"]}
    facts = [fact for arrival in arrivals for fact in arrival.value["facts"]]
    entries = [*(("source", one) for one in sources.values()), *(("fact", one) for one in facts)]
    kinds: dict[str, Callable[[], str]] = {
        "yaml": lambda: writing.write_yaml(entries),
        "json": lambda: writing.write_json(entries),
        "jsonl": lambda: "".join(writing.write_jsonl(entries)),
        "csv": lambda: writing.write_csv(entries).facts,
    }
    text = kinds[kind_of(output)]()
    if output == "-":
        click.echo(to_the_letter(text), nl=False)
    else:
        write({Path(output): text.encode()})
        tell_beside(f"wrote {len(facts)} facts and {len(sources)} sources to {output}; nothing was recorded")
