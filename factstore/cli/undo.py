"""Commands that undo: revert, which appends what undoes a commit, and redact, which deletes what records say."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from factstore.cli.group import cli, open_store
from factstore.cli.options import Whole, as_writing, with_by, with_db, with_json, with_reason, with_unsupported
from factstore.cli.telling import say, tell_one
from factstore.cli.terminal import progress


@cli.command()
@as_writing
@with_unsupported
@with_reason
@click.argument("commit", type=Whole(1, 2**53), metavar="COMMIT")
def revert(commit: int, reason: Any, **writing: Any) -> None:
    """Append what undoes a commit.

    COMMIT is the position of any record in it. Refused, with a list, where later records built on it, or where facts would
    then stand on nothing.

    Example: factstore revert 176
    """
    say(open_store().revert(commit, reason=reason, **writing), **writing)


@cli.command()
@with_db
@click.argument("positions", nargs=-1, type=Whole(1, 2**53), metavar="POSITION…")
@click.option("--why", default="", metavar="TEXT", help="Why; stays in the ledger for all to read.")
@click.option("-m", "--message", default="", metavar="TEXT", help="Kept with the commit; else what --why says.")
@with_by
@click.option("--dry-run", is_flag=True, help="Say what would go, and what else mentions it; do nothing.")
@with_json
def redact(positions: Sequence[int], as_json: bool, dry_run: bool, **options: Any) -> None:
    """Delete what records say, for ever.

    That they were there, who deleted them and why stays in the ledger, which still verifies. What else mentions the same
    is listed and left. Without a position it finishes what an earlier redaction left in the file's free pages.

    Example: factstore redact 45 --why "a court ordered it" --dry-run
    """
    from factstore.inert import flat

    if positions and not options["why"].strip():
        raise click.UsageError("a redaction says why: --why TEXT")
    store = open_store()
    with progress("folding", "records") as told:
        found = store.redact(*positions, dry_run=dry_run, progress=told, **options)
    if as_json:
        tell_one(found.json())
    else:
        would = "would be " if dry_run else ""
        for words, places in (
            (f"{would}redacted", found.redacted),
            (f"{would}out of every clock with it", found.gone),
            ("still mentions it", found.mentions),
        ):
            for place in places:
                about = f" {place.id}" if place.id else ""
                what = f" ({place.what})" if place.what else ""
                click.echo(flat(f"{words}: {place.position} {place.kind}{about}{what}"))
        if positions:
            click.echo("nothing was written" if found.position is None else f"commit {found.position}", err=True)
    if found.unscrubbed:
        stands = "the redaction stands, but " if positions else ""
        click.echo(
            f"factstore: {stands}its bytes may still lie in the file's free pages: {found.unscrubbed}; "
            "`factstore redact` without a position tries again",
            err=True,
        )
        sys.exit(1)
    if positions and not dry_run and store.file.beyond_scrubbing:
        click.echo(f"factstore: it is gone from the ledger's tables, but {store.file.beyond_scrubbing}", err=True)
