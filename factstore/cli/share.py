"""The share command, which hands over a part of a ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import click

from factstore.cli.dates import Seen, clock_typed
from factstore.cli.files import NewOutput
from factstore.cli.given import Option
from factstore.cli.group import cli, named, narrowed, open_store, view
from factstore.cli.options import Name, with_dates, with_db, with_filters, with_json, with_status
from factstore.cli.output import tell_beside, tell_one
from factstore.cli.terminal import progress
from factstore.evidence.stances import STATUSES

if TYPE_CHECKING:
    from factstore.maintenance.sharing import Shared


def _refuse_known(_ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if value is not None:
        raise click.UsageError("A part holds all that was ever recorded about its facts, so it takes no --known-at.")


@cli.command()
@with_db
@click.argument("file", type=NewOutput(), metavar="FILE")
@click.option(
    "--fact", "chosen", multiple=True, type=Name("fact"), metavar="ID", help="Only this fact; may be repeated."
)
@with_filters
@with_dates
@click.option("--known-at", hidden=True, expose_value=False, callback=_refuse_known)
@click.option(
    "--published-by",
    metavar="DAY",
    help="Facts with a source certainly published by a day, month or year; their other sources are included, too.",
)
@click.option(
    "--held-by",
    metavar="DAY",
    help="Facts with a source certainly retrieved by a day, month or year; their other sources are included, too.",
)
@with_status
@click.option("--texts", is_flag=True, help="Include the archived texts of its sources.")
@click.option("--without-messages", is_flag=True, help="Leave out who made its commits, and why.")
@click.option("--dry-run", is_flag=True, help="Show what would be shared, with commit messages; write nothing.")
@with_json
def share(
    file: str,
    chosen: Sequence[str],
    seen: Seen,
    published_by: str | None,
    held_by: str | None,
    status: Sequence[str],
    texts: bool,
    without_messages: bool,
    dry_run: bool,
    as_json: bool,
    **filters: Option,
) -> None:
    """Hand over a part of the ledger that proves itself.

    FILE is a new file with the facts that pass all options; without options, all facts that are not withdrawn. With them come
    all their citations, of whatever source and whenever recorded, the orderings among them, their sources and speakers, and
    all corrections of these. `verify --part --head` checks it against the head of the whole. It is read-only. It shows
    anybody who has it how many records the whole has, of what kinds and from when. With a source's SHA-256, anybody who has
    most of its archived text can confirm guesses at the rest, such as blacked-out words.

    Example: factstore share part.db --tag election --dry-run
    """
    evidence = {"published": clock_typed("published", published_by), "held": clock_typed("held", held_by)}
    chronology = view({"known": None, **evidence})
    store = open_store()
    names = [named(store, name, "fact") for name in chosen]
    statuses = STATUSES if "all" in status or (names and not status) else status
    asked = narrowed(chronology, filters, seen) | {"status": statuses}
    facts = [fact.id for fact in chronology.facts(**asked)]
    if names:
        facts = _among(names, facts)
    with progress("folding", "records") as told:
        done = store.share(file, facts, texts=texts, messages=not without_messages, dry_run=dry_run, progress=told)
    if as_json:
        tell_one(done.json())
    elif dry_run:
        _show(done)
    _say(done, file, dry_run)


def _among(names: Sequence[str], passing: Collection[str]) -> list[str]:
    """Those of the named facts that pass the other options. Says which do not."""
    for name in names:
        if name not in passing:
            tell_beside(f"{name} is not shared, because it does not pass the other options")
    return [name for name in names if name in passing]


def _show(done: Shared) -> None:
    from factstore.inert import flat

    for kind in ("fact", "ordering", "citation", "source", "speaker"):
        for name in done.things[kind]:
            cited = f", of {done.cited[name]}" if name in done.cited else ""
            click.echo(flat(f"{kind} {name}{cited}"))
    for commit in done.commits:
        words = f": {commit.message}" if commit.message else ""
        click.echo(flat(f"commit {commit.position}, by {commit.recorded_by}{words}"))


def _say(done: Shared, file: str, dry_run: bool) -> None:
    for one in done.kept:
        tell_beside(f"{one.id} is not shared, because it contradicts what is not shared: {', '.join(one.against)}")
    counts = {kind: len(names) for kind, names in done.things.items() if names}
    held = ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts.items())
    would = "would hold" if dry_run else "holds"
    tell_beside(f"{file} {would} {held}: {done.part}, under the head {done.head.position}:{done.head.hash}")
    if not done.commits:
        tell_beside("who made its commits, and why, is left out")
    elif dry_run:
        tell_beside("it would include who made its commits, and why; --without-messages leaves it out")
    else:
        tell_beside("it includes who made its commits, and why; --dry-run shows it, --without-messages leaves it out")
