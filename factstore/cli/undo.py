"""Commands that undo: revert, which appends what undoes a commit."""

from __future__ import annotations

from typing import Any

import click

from factstore.cli.options import as_writing, cli, open_store, say, with_restoring_reason


@cli.command()
@as_writing
@with_restoring_reason
@click.argument("commit", type=click.IntRange(1, 2**53), metavar="COMMIT")
def revert(commit: int, reason: Any, message: str, **writing: Any) -> None:
    """Append what undoes a commit.

    COMMIT is the position of any record in it. Refused where later records built on it.

    Example: factstore revert 176
    """
    say(open_store().revert(commit, reason=reason, message=message or None, **writing), **writing)
