"""Maintenance commands: conflicts, diff, rebuild, upgrade, backup, copy, ledgers, roles."""

from __future__ import annotations

from typing import NamedTuple

import click

from factstore.cli.dates import clock_typed
from factstore.cli.files import NewOutput
from factstore.cli.group import cli, open_store, tell_part, tell_remark, view
from factstore.cli.options import Clock, as_paged, page, with_clock, with_db, with_json
from factstore.cli.output import tell
from factstore.cli.proof import tell_head
from factstore.cli.terminal import progress
from factstore.inert import inert
from factstore.plain import JsonObject


class _Ledger(NamedTuple):
    ledger: str

    def json(self) -> JsonObject:
        return self._asdict()


@cli.command()
@as_paged
@with_clock
def conflicts(form: str | None, limit: int | None, offset: int, clock: Clock) -> None:
    """List what contradicts what.

    What was set aside, then dates on which sources disagree.

    Example: factstore conflicts
    """
    from factstore.rendering import text

    chronology = view(clock)
    found = page(chronology.conflicts(), limit, offset)
    tell(found, form, lambda: text.conflicts_text(found), "Nothing contradicts.", asked=chronology)


@cli.command()
@as_paged
@click.argument("since", metavar="FROM")
@click.argument("until", metavar="[TO]", required=False)
def diff(since: str, until: str | None, form: str | None, limit: int | None, offset: int) -> None:
    """List what has changed between two states of the ledger.

    FROM and TO (left out: now) are each a position, or the end of a moment, day, month or year (UTC). Only net changes are
    listed, with reasons: what was changed and changed back is not.

    Example: factstore diff 2 176 --limit 20
    """
    from factstore.rendering import changes

    since, until = clock_typed("known", since) or since, clock_typed("known", until)
    store = open_store()
    tell_part(store.name, store)
    for known in (since, until):
        tell_remark(store.at(known=known))
    found = page(store.diff(since, until, limit=limit and limit + offset), limit, offset)
    tell(found, form, lambda: changes.changes_text(found), "Nothing changed.")


@cli.command()
@with_db
@click.option("--into", type=NewOutput(), metavar="FILE", help="Rebuild into a new file, if this one is damaged.")
def rebuild(into: str | None) -> None:
    """Recompute everything that is derived from the ledger.

    The ledger itself is only read.

    Missing triggers, views and indexes are made again. If the ledger
    is not as it was written, nothing is done: only a backup can help.

    Example: factstore rebuild
    """
    store = open_store()
    with progress("folding", "records") as told:
        found = store.rebuild(progress=told) if into is None else store.rebuild_into(into, progress=told)
    click.echo(f"rebuilt up to record {found.position}", err=True)


@cli.command()
@with_db
def upgrade() -> None:
    """Bring an older file's schema up to date.

    Example: factstore upgrade
    """
    old, new = open_store().upgrade()
    click.echo(f"schema {new} already" if old == new else f"schema {old} → {new}", err=True)


@cli.command()
@with_db
@click.argument("file", type=NewOutput())
@with_json
def backup(file: str, as_json: bool) -> None:
    """Make a verified copy of the ledger, even while others write.

    Prints its head.

    The copy shows one moment, and FILE appears only once it is complete; nothing is overwritten.

    Example: factstore backup backup.db
    """
    tell_head(open_store().backup(file), as_json)


@cli.command()
@click.argument("source", metavar="FROM")
@click.argument("to", type=NewOutput(), metavar="TO")
@with_json
def copy(source: str, to: str, as_json: bool) -> None:
    """Copy a ledger to another file or server.

    It copies record by record, and prints the head, which is the same. FROM and TO are each a path or a URL; TO appears
    only once it is complete, and nothing is overwritten.

    Example: factstore copy facts.db copied.db
    """
    from factstore.store import open

    with open(source) as store, progress("folding", "records") as told:
        found = store.copy(to, progress=told)
    tell_head(found, as_json)


@cli.command()
@as_paged
def ledgers(form: str | None, limit: int | None, offset: int) -> None:
    """List the ledgers of a server's database, or the file's own.

    Example: factstore ledgers
    """
    found = page([_Ledger(name) for name in open_store().file.ledgers()], limit, offset)
    tell(found, form, lambda: "\n".join(inert(one.ledger) for one in found), "No ledgers.")


@cli.command()
@with_db
@click.option("--apply", is_flag=True, help="Make them instead of printing the SQL.")
def roles(apply: bool) -> None:
    """Print the SQL that makes a reader, a writer and an owner. A file has none of these.

    Example: factstore roles --help
    """
    for statement in open_store().file.roles(apply=apply):
        click.echo(f"{statement};")
