"""The share command, which hands over a part of a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from factstore.cli.dates import Seen
from factstore.cli.given import Option
from factstore.cli.group import cli, named, narrowed, open_store, view
from factstore.cli.options import Clock, Name, with_clock, with_dates, with_db, with_filters, with_json, with_status
from factstore.cli.output import tell_beside, tell_one
from factstore.cli.terminal import progress
from factstore.evidence.stances import STATUSES

if TYPE_CHECKING:
    from factstore.maintenance.sharing import Shared


@cli.command()
@with_db
@click.argument("file", metavar="FILE")
@click.option("--fact", "chosen", multiple=True, type=Name("fact"), metavar="ID", help="This fact; may be repeated.")
@with_filters
@with_dates
@with_clock
@with_status
@click.option("--texts", is_flag=True, help="Include the archived texts of its sources.")
@click.option("--without-messages", is_flag=True, help="Leave out who made its commits, and why.")
@click.option("--dry-run", is_flag=True, help="Show what would be shared, with commit messages; write nothing.")
@with_json
def share(
    file: str,
    chosen: Sequence[str],
    seen: Seen,
    clock: Clock,
    status: Sequence[str],
    texts: bool,
    without_messages: bool,
    dry_run: bool,
    as_json: bool,
    **filters: Option,
) -> None:
    """Hand over a part of the ledger that proves itself.

    FILE is a new file with the facts that the options select, all their citations, the orderings among them, their sources
    and speakers, and all corrections of these. `verify --part --head` checks it against the head of the whole. It is
    read-only. It shows to anybody who has it how many records the whole has, of what kinds and from when.
    A source's SHA-256 lets whoever has most of its archived text confirm guesses at the rest, such as blacked-out words.

    Example: factstore share part.db --tag election --dry-run
    """
    chronology = view(clock)
    facts = [named(chronology, name, "fact") for name in chosen]
    asked = narrowed(chronology, filters, seen) | {"status": STATUSES if "all" in status else status}
    if not facts or any(asked.values()):
        facts += [fact.id for fact in chronology.facts(**asked)]
    store = open_store()
    with progress("folding", "records") as told:
        done = store.share(file, facts, texts=texts, messages=not without_messages, dry_run=dry_run, progress=told)
    if as_json:
        tell_one(done.json())
    elif dry_run:
        _show(done)
    _say(done, file, dry_run)


def _show(done: Shared) -> None:
    from factstore.inert import flat

    for kind in ("fact", "ordering", "source", "speaker"):
        for name in done.things[kind]:
            click.echo(flat(f"{kind} {name}"))
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
    if done.commits and not dry_run:
        tell_beside("it includes who made its commits, and why; --dry-run shows it, --without-messages leaves it out")
