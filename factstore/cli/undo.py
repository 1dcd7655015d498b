"""Commands that undo: revert, which appends the opposite of a commit, and redact, which deletes the content of records."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from factstore.cli.given import Option
from factstore.cli.group import cli, named, open_store
from factstore.cli.options import (
    RenamedOption,
    Whole,
    as_writing,
    with_by,
    with_db,
    with_json,
    with_reason,
    with_unsupported,
)
from factstore.cli.output import say, tell_beside, tell_one
from factstore.cli.requests import with_request
from factstore.cli.terminal import progress
from factstore.errors import Refused

if TYPE_CHECKING:
    from factstore.database.engine import Engine
    from factstore.ledger.fields import Reason
    from factstore.store import Store
    from factstore.writing.redacting import Redaction
    from factstore.writing.rules import Request

#: Stands for `last`; it is not a position.
_LAST = 0


class _Commit(Whole):
    """A position, or `last`."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return _LAST if value == "last" else super().convert(value, param, ctx)


@cli.command()
@as_writing
@with_unsupported
@with_reason
@click.argument("commit", type=_Commit(1, 2**53), metavar="COMMIT")
def revert(commit: int, reason: Reason, **writing: Option) -> None:
    """Undo a commit by a new one.

    COMMIT is the position of any record in it, or `last`. Refused, with a list, if later records build on it, or if
    facts would be left without evidence.

    Example: factstore revert 176
    """
    store = open_store()
    if commit == _LAST:
        [newest] = store.log(limit=1)
        commit = newest.commit
        tell_beside(f"the last commit is {commit}{f' ({newest.message})' if newest.message else ''}")
    say(store.revert(commit, reason=reason, **writing), **writing)


@cli.command()
@with_db
@click.argument("what", nargs=-1, metavar="WHAT…")
@click.option(
    "--text",
    "names",
    multiple=True,
    metavar="NAME",
    help="Everything that contains this name, however it is written; may be repeated.",
)
@click.option(
    "-m",
    "--message",
    "why",
    cls=RenamedOption,
    former=["--why"],
    default="",
    metavar="TEXT",
    help="Why; it stays in the ledger for all to read.",
)
@with_by
@with_request
@click.option("--dry-run", is_flag=True, help="Show what would be deleted, and what else mentions it; do nothing.")
@click.option("--yes", is_flag=True, help="Delete everything found, without asking.")
@with_json
def redact(
    what: Sequence[str],
    names: Sequence[str],
    request: Request,
    as_json: bool,
    dry_run: bool,
    yes: bool,
    **options: Option,
) -> None:
    """Delete what records say, permanently.

    WHAT is a position, or the id of a thing, for all records that introduced and corrected it. --text finds everything that
    contains a name: titles, ids made of them, quotes, messages, attributes, archived texts, in any case, with or without
    accents, elisions and hyphens. Everything found is listed, and confirmed once. If only the archived text of a source
    contains the name, only that text is deleted; name the source, too, to delete it as a whole. Longer words that contain
    the name are listed and left: give them with --text to delete them too.

    That the records were there, who deleted them and why stays in the ledger, which still verifies. Other
    mentions are listed and left. Without WHAT, it clears the bytes that an earlier redaction could not clear.

    Fingerprints of what is deleted are kept, so that it does not come back: anybody who has the file can confirm a short
    value, such as a name or an alias, by guessing it.

    Example: factstore redact 45 -m "a court ordered it" --dry-run
    """
    store = open_store()
    # A thing that this request has redacted already can no longer be found by its id.
    given: list[int | str] = [
        int(one) if one.isascii() and one.isdigit() else one if request.id else named(store, one) for one in what
    ]
    if (given or names) and not dry_run and not options["why"].strip():
        raise click.UsageError("a redaction needs a reason: -m TEXT")
    found_by_us = bool(names) or any(isinstance(one, str) for one in given)
    if found_by_us and not dry_run and not yes:
        given = _asked(store, given, names, options)
    with progress("folding", "records") as told:
        found = store.redact(*given, texts=names, dry_run=dry_run, request=request.id, progress=told, **options)
    if as_json:
        tell_one(found.json())
    else:
        _list(found, dry_run)
        if found.position is not None and not found.redacted:
            tell_beside(
                f"the request {request.id} was committed before; commit {found.position}; nothing was written now"
            )
        elif (given or names) and not found.redacted:
            alone = " as words of its own" if found.within else ""
            click.echo(f"nothing in the ledger contains that{alone}", err=True)
        elif given or names:
            click.echo("nothing was written" if found.position is None else f"commit {found.position}", err=True)
        elif not found.unscrubbed:
            click.echo("nothing is named, and no bytes of an earlier redaction are left to clear", err=True)
    _tell_rest(found, names, store.file, dry_run, redacted=bool(given or names))


def _asked(store: Store, given: list[int | str], names: Sequence[str], options: dict[str, Option]) -> list[int | str]:
    """Show what would be deleted, and ask once. Returns the records that were shown, so that no others are deleted."""
    from factstore.writing.redacting import ARCHIVED

    with progress("folding", "records") as told:
        would = store.redact(*given, texts=names, dry_run=True, progress=told, **options)
    if not would.redacted:
        return given
    _list(would, dry_run=True)
    count = len(would.redacted)
    question = f"Redact {'this' if count == 1 else f'these {count}'}, permanently?"
    try:
        agreed = click.confirm(question, err=True)
    except click.Abort:
        raise click.UsageError("there is no answer: --yes redacts without asking, --dry-run only lists") from None
    if not agreed:
        raise Refused("nothing was redacted")
    return [place.position for place in would.redacted if place.kind != ARCHIVED]


def _list(found: Redaction, dry_run: bool) -> None:
    from factstore.inert import flat
    from factstore.ledger.payloads import CommitEnd
    from factstore.rendering.text import counted_text

    would = "would be " if dry_run else ""
    for words, places in (
        (f"{would}redacted", found.redacted),
        (f"{would}hidden on all clocks with it", found.gone),
        (f"{would}left without evidence", found.unsupported),
        ("still mentions it", found.mentions),
        ("also contains it within a word", found.within),
    ):
        for place in places:
            about = f" {place.id}" if place.id else ""
            what = f" ({place.what})" if place.what else ""
            more = ", with who made the commit" if places is found.redacted and place.kind == CommitEnd.KIND else ""
            click.echo(flat(f"{words}: {place.position} {place.kind}{about}{what}{more}"))
    if found.within:
        tell_beside(f"within longer words: {counted_text(len(found.within), 'place')}, which --text does not redact")


def _tell_rest(found: Redaction, names: Sequence[str], file: Engine, dry_run: bool, *, redacted: bool) -> None:
    """Show which bytes are left, and why, and what a redaction on this engine cannot reach."""
    from factstore.rendering.text import counted_text

    if found.redacted:
        tell_beside(
            "fingerprints are kept, so that it does not come back: anybody who guesses a short value can confirm it"
        )
    if found.unscrubbed:
        stands = "the redaction stands, but " if redacted else ""
        click.echo(
            f"factstore: {stands}it may still lie among {file.storage}: {found.unscrubbed}; "
            "`factstore redact` without a position tries again",
            err=True,
        )
        sys.exit(1)
    if found.stored:
        listed = found.named or found.within
        where = "see what is listed as left" if listed else "outside the ledger's records"
        tell_beside(f"{file.storage} still contain {', '.join(found.stored)}; {where}")
        sys.exit(1)
    if names and not dry_run:
        if found.stored_within:
            tell_beside(f"{file.storage} still contain it within longer words: {', '.join(found.stored_within)}")
        tell_beside(
            f"{file.storage} were searched for {counted_text(len(found.written), 'spelling')} of it (as written in the "
            "records, in upper and lower case, without accents, with spaces, hyphens or nothing in between), and contain "
            "none as words of their own; not reached are backups, copies and shared parts"
        )
    if file.beyond_scrubbing and redacted and not dry_run:
        tell_beside(f"it is gone from the ledger's tables, but {file.beyond_scrubbing}")
