"""Commands that check and keep: conflicts, diff, verify, head, rebuild, upgrade, backup, copy, ledgers, roles."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import click

from factstore.cli.dates import clock_typed
from factstore.cli.group import cli, open_store, view
from factstore.cli.options import Clock, as_listing, with_clock, with_db, with_json
from factstore.cli.telling import tell, tell_beside, tell_one
from factstore.cli.terminal import progress
from factstore.errors import InputError
from factstore.inert import inert

if TYPE_CHECKING:
    from factstore.ledger.chain import Head


@cli.command()
@as_listing
@with_clock
def conflicts(form: str | None, limit: int, clock: Clock) -> None:
    """What contradicts what. What was set aside, then dates on which sources disagree.

    Example: factstore conflicts
    """
    from factstore.rendering import text

    chronology = view(clock)
    found = chronology.conflicts()
    found = found[:limit] if limit else found
    tell(found, form, lambda: text.conflicts_text(found), "Nothing contradicts.", at=(chronology, clock))


@cli.command()
@as_listing
@click.argument("since", metavar="FROM")
@click.argument("until", metavar="[TO]", required=False)
def diff(since: str, until: str | None, form: str | None, limit: int) -> None:
    """What the ledger says now and did not say then.

    FROM and TO (left out: now) are each a position, or the end of a moment, day, month or year (UTC). Net changes, with
    reasons: what was changed back is not there.

    Example: factstore diff 2 176 --limit 20
    """
    from factstore.rendering import text

    since, until = clock_typed("known", since) or since, clock_typed("known", until)
    found = open_store().diff(since, until, limit=limit)
    tell(found, form, lambda: text.changes_text(found), "Nothing changed.")


@cli.command()
@with_db
@click.option("--ledger", "ledger_only", is_flag=True, help="Only the ledger, not what is computed from it.")
@click.option("--head", metavar="POSITION:HASH", help="A head published before, which must still be there.")
@with_json
def verify(ledger_only: bool, head: str | None, as_json: bool) -> None:
    """Reread every byte and check it. Exit code 1 where something is not as it was written.

    Example: factstore verify --head $(factstore head)
    """
    from factstore.ledger.chain import Head

    published = None
    if head is not None:
        read = re.fullmatch(r"([1-9][0-9]{0,14}):([0-9a-f]{64})", head.strip())
        if read is None:
            raise InputError("--head takes POSITION:HASH, as `factstore head` prints it")
        published = Head(int(read[1]), read[2])
    with progress("checking", "records") as told:
        found = open_store().verify(ledger_only=ledger_only, head=published, progress=told)
    if as_json:
        tell_one(found.json())
    elif found.ok:
        click.echo(f"ok: {found.position} records, head {found.position}:{found.hash}")
    for line in (*found.problems, *found.notes):
        tell_beside(str(line))
    if not found.ok:
        sys.exit(1)


@cli.command()
@with_db
@with_json
def head(as_json: bool) -> None:
    """The last record's position and hash. Publish it: `verify --head` proves later that nothing was changed.

    Example: factstore head
    """
    _tell_head(open_store().head(), as_json)


def _tell_head(found: Head, as_json: bool) -> None:
    if as_json:
        tell_one(found._asdict())
    else:
        click.echo(f"{found.position}:{found.hash}")


@cli.command()
@with_db
@click.option("--into", metavar="FILE", help="Into a new file, where this one is damaged.")
def rebuild(into: str | None) -> None:
    """Compute afresh what is computed. The ledger itself is only read.

    What is missing of triggers, views and indexes is made again. Where the ledger
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
@click.argument("file")
@with_json
def backup(file: str, as_json: bool) -> None:
    """A verified copy of the ledger, while others write. Prints its head.

    The copy is of one moment, and FILE is there only once it is whole; nothing is overwritten.

    Example: factstore backup backup.db
    """
    _tell_head(open_store().backup(file), as_json)


@cli.command()
@click.argument("source", metavar="FROM")
@click.argument("to", metavar="TO")
@with_json
def copy(source: str, to: str, as_json: bool) -> None:
    """A ledger, record by record, from a file or server to another. Prints its head, which is the same.

    FROM and TO are each a path or a URL; TO is there only once it is whole, and nothing is overwritten.

    Example: factstore copy facts.db copied.db
    """
    from factstore.store import open

    with open(source) as store, progress("folding", "records") as told:
        found = store.copy(to, progress=told)
    _tell_head(found, as_json)


@cli.command()
@with_db
def ledgers() -> None:
    """The ledgers of a server's database, or the file's own.

    Example: factstore ledgers
    """
    for name in open_store().file.ledgers():
        click.echo(inert(name))


@cli.command()
@with_db
@click.option("--apply", is_flag=True, help="Make them, and not only print how.")
def roles(apply: bool) -> None:
    """SQL that makes a reader, a writer and an owner. A file has none of these.

    Example: factstore roles --help
    """
    for statement in open_store().file.roles(apply=apply):
        click.echo(f"{statement};")
