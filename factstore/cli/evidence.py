"""Commands about sources, speakers and quotes: source add, source text, speaker add, check-quotes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factstore.cli.dates import Seen, edtf_typed, with_words
from factstore.cli.files import Input
from factstore.cli.given import Option
from factstore.cli.group import cli, named, open_store, view
from factstore.cli.options import (
    Clock,
    Filled,
    Name,
    NewId,
    allowing_missing,
    as_committing,
    as_forms,
    as_writing,
    page,
    stdin_text,
    with_clock,
    with_correct,
    with_db,
    with_hash_only,
    with_offset,
    with_redacted,
)
from factstore.cli.output import say, tell, tell_beside, to_the_letter
from factstore.cli.terminal import progress
from factstore.errors import InputError, Refused
from factstore.plain import JsonObject

if TYPE_CHECKING:
    from factstore.ledger.fields import Reason


@cli.group()
def source() -> None:
    """Record a source, or print its text.

    Example: factstore source add seeds/moscow-times-2018-04-02.yaml --title "The first chronology"
    """


@source.command("add")
@as_writing
@click.argument("file", type=Input(), metavar="[FILE]", required=False)
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    metavar="PATH",
    help="A PDF, image or recording of it: its name and SHA-256 are kept, not the file; may be repeated.",
)
@click.option(
    "--attribute",
    "attributes",
    multiple=True,
    metavar="NAME=VALUE",
    help="Such as exhibit=12 or docket=…; may be repeated.",
)
@click.option(
    "--id", "name", type=NewId(), metavar="ID", help="The id of a new or existing source; else made of the title."
)
@click.option("--title", metavar="TEXT", help="Its title.")
@click.option("--publisher", metavar="TEXT", help="Who published it.")
@click.option("--url", metavar="URL", help="Where it is found.")
@click.option("--published", metavar="DATE", help="When it was published.")
@click.option("--retrieved", metavar="DATE", help="When the text was retrieved.")
@click.option(
    "--seen-through",
    metavar="ID",
    help="The source through which alone it was seen, and by whose dates it counts, too.",
)
@with_words
@with_hash_only
@allowing_missing
@with_redacted
@with_correct
def add_source(
    file: str | None,
    name: str | None,
    files: Sequence[str],
    attributes: Sequence[str],
    seen: Seen,
    correct: Reason | None,
    reason: Reason,
    **options: Option,
) -> None:
    """Record a source, with its text if FILE is given.

    Or, with --file, record which files contain it.

    If the id exists, the source is given the text, and its quotes are checked. The text in FILE is kept; of the
    files that --file names, only the name and SHA-256 are. The id goes to stdout; if it is left out, it is made of the title,
    else of the file's name, else of the publisher and the day.

    Example: factstore source add article.txt --id interfax-report
    """
    from factstore.documents.reading import check_text
    from factstore.documents.slugs import slug_of

    edtf_typed(options, seen, "published", "retrieved")
    text = None if file is None else check_text(stdin_text(), "stdin") if file == "-" else Path(file)
    if text is None and not (name or options["title"] or files) and options["publisher"]:
        name = slug_of(f"{options['publisher']} {options['published'] or ''}")
    more: JsonObject = {"files": files, "attributes": _attributes(attributes)}
    made, done = open_store().add_source(text, id=name, correct=correct, **more, **options)
    click.echo(made)
    say(done, **options)


def _attributes(given: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in given:
        name, equals, value = map(str.strip, one.partition("="))
        if not (name and equals and value):
            raise InputError(f"--attribute {one!r}: it must be NAME=VALUE")
        found[name] = value
    return found


@source.command("text")
@with_db
@with_clock
@click.argument("name", type=Name("source"), metavar="ID")
def source_text(name: str, clock: Clock) -> None:
    """Print a source's archived text, unchanged.

    Example: factstore source text interfax-report
    """
    chronology = view(clock)
    name = named(chronology, name, "source")
    found = chronology.text(name)
    if found is None:
        raise Refused(f"the text of {name} is not archived; `factstore source add FILE --id {name}` attaches it")
    click.echo(to_the_letter(found).encode(), nl=False)


@cli.group()
def speaker() -> None:
    """Record who speaks, with other names, and for whom.

    Example: factstore speaker add "Yury Ushakov" --alias Ushakov --of kremlin
    """


@speaker.command("add")
@as_writing
@click.argument("name", type=Filled())
@click.option("--id", "identity", type=NewId(), metavar="ID", help="Its id; else made of the name.")
@click.option("--alias", "aliases", multiple=True, metavar="NAME", help="Another name; may be repeated.")
@click.option("--of", type=Name("speaker"), metavar="ID", help="The speaker on whose behalf they speak.")
@with_redacted
@with_correct
def add_speaker(
    name: str,
    identity: str | None,
    aliases: Sequence[str],
    of: str | None,
    correct: Reason | None,
    reason: Reason,
    **options: Option,
) -> None:
    """Record a speaker. The id goes to stdout.

    All who speak on behalf of one speaker count as one origin.

    Example: factstore speaker add "Dmitry Peskov" --of kremlin
    """
    from factstore.documents.formats import several
    from factstore.documents.slugs import slug_of

    store = open_store()
    entry: JsonObject = {"id": identity or slug_of(name), "name": name}
    entry |= {"aliases": several(aliases, "aliases", "--alias")} if aliases else {}
    entry |= {"of": named(store, of, "speaker")} if of else {}
    done = store.load({"speakers": [entry]}, correct=correct, **options)
    click.echo(entry["id"])
    say(done, **options)


@cli.command("check-quotes")
@as_committing
@as_forms
@with_offset
def check_quotes(form: str | None, limit: int | None, offset: int, **writing: Option) -> None:
    """Check every quote against its source's archived text.

    Exit code 1 if one is missing.

    Results are recorded if they differ from before.

    Example: factstore check-quotes --dry-run
    """
    from factstore.rendering import text

    store = open_store()
    with progress("looking for", "quotes") as told:
        found, done = store.check_quotes(progress=told, **writing)
    shown = page(found, limit, offset)
    tell(
        shown,
        form,
        lambda: text.checked_text(shown),
        "Every quote that can be checked is in its source's text.",
    )
    say(done, **writing)
    missing = sum(one.check == "missing" for one in found)
    if not writing["dry_run"] and (gone := store.waiting().missing_quotes - missing) > 0:
        were = "quotes that were missing cannot" if gone > 1 else "quote that was missing cannot"
        tell_beside(f"{gone} {were} be checked again: the text is no longer kept")
    if missing:
        sys.exit(1)
