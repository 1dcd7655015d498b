"""Commands for proof: verify, also against a published head or another copy; and head, for publishing or signing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factstore.cli.dates import clock_typed
from factstore.cli.group import cli, open_store, tell_part
from factstore.cli.options import with_db, with_json
from factstore.cli.output import tell_beside, tell_caution, tell_one, tell_words
from factstore.cli.terminal import progress
from factstore.database.opening import open_engine
from factstore.errors import InputError

if TYPE_CHECKING:
    from factstore.ledger.chain import Head
    from factstore.maintenance.comparing import Compared, LoneCommit
    from factstore.maintenance.filing import Filing
    from factstore.maintenance.statements import Statement
    from factstore.maintenance.verifying import Verified

#: How many of the commits that only one of two copies has are listed.
_MOST = 20


@cli.command()
@with_db
@click.option("--ledger", "ledger_only", is_flag=True, help="Only the ledger, not what is derived from it.")
@click.option("--part", is_flag=True, help="For a file made by `share`: check it against the head of the whole.")
@click.option(
    "--head",
    metavar="POSITION:HASH",
    help="A head published before, which must still be there, or a FILE that states one.",
)
@click.option(
    "--against",
    metavar="OTHER",
    help="Compare with another copy, or a part: the same, ahead, behind, or where they diverge.",
)
@click.option("--files", "folder", metavar="FOLDER", help="Also check the files that sources name, if FOLDER has them.")
@click.option(
    "--script", is_flag=True, help="Print a program, for handing over, that verifies with nothing but Python."
)
@with_json
def verify(
    ledger_only: bool,
    part: bool,
    head: str | None,
    against: str | None,
    folder: str | None,
    script: bool,
    as_json: bool,
) -> None:
    """Reread all bytes and check them. Exit code 1 if anything is not as it was written.

    Whoever can write the ledger can rewrite all of it, with hashes that fit: only a head that was published before reveals
    that (docs/guide/proof.md).

    Example: factstore verify --head $(factstore head)
    """
    if script:
        from factstore.maintenance.standalone import script_text

        click.echo(script_text(), nl=False)
        return
    published = None if head is None else _published(head)
    store = open_store()
    with progress("checking", "records") as told:
        found = store.verify(ledger_only=ledger_only, head=published, part=part, progress=told)
    compared = store.compare(against) if against and found.position else None
    files = store.check_files(folder) if folder is not None and found.position else None
    if as_json:
        more = {"against": compared and compared.json(), "files": files and files.json()}
        tell_one(found.json() | {name: value for name, value in more.items() if value})
    elif found.ok:
        words = f"part verified: {found.part}" if found.part else f"ok: {found.position} records"
        click.echo(f"{words}, head {found.position}:{found.hash}")
    for line in (*found.problems, *found.notes):
        tell_beside(str(line))
    tell_caution(store.file)
    if found.ok and not (published or compared):
        tell_beside(
            "a complete rewrite of the ledger would pass, too; --head, with a head published before, rules that out"
        )
    if compared and not as_json:
        other = open_engine(against or "").name  # a URL without its password
        tell_words(lambda: "\n".join(_compared_lines(compared, other, found)))
    if files and not as_json:
        _tell_files(files, folder or "")
    if not (found.ok and (compared is None or compared.ok) and (files is None or not files.changed)):
        sys.exit(1)


def _tell_files(found: Filing, folder: str) -> None:
    """Say how many files match their sources, and list those that differ or are missing."""
    count = len(found.same) + len(found.changed) + len(found.absent)
    tell_words(lambda: f"{len(found.same)} of {count} files that sources name are as recorded in {folder}")
    for one in found.changed:
        tell_beside(f"{one.name} is not the file that {one.source} names: its SHA-256 is not {one.sha256}")
    for one in found.absent:
        tell_beside(f"{one.name}, of {one.source}, is not there")


def _published(given: str) -> Head | Statement:
    """A head typed as POSITION:HASH, or the statement in a file."""
    from factstore.documents.reading import read_text
    from factstore.maintenance.statements import read_head, read_statement

    typed = read_head(given)
    if typed:
        return typed
    if not Path(given).is_file():
        raise InputError("--head must be POSITION:HASH, as `factstore head` prints it, or a file that states it")
    return read_statement(read_text(Path(given)), given)


def _compared_lines(found: Compared, other: str, verified: Verified) -> list[str]:
    """How a ledger compares with another copy and, if they diverge, who wrote what on either side.

    `verified`: whether the ledger itself is as it was written; equal hashes say nothing about a record that is not.
    """
    from factstore.inert import flat
    from factstore.rendering.lines import table, wrap
    from factstore.rendering.text import moment

    of_part = f", a part of it ({found.part})" if found.part else ""
    own_part = f"a part of a ledger ({found.own_part}), " if found.own_part else ""
    told = {
        "same": f"{own_part}the same as {other}{of_part}, up to record {found.position}",
        "ahead": f"{own_part}ahead of {other}{of_part}, which ends at record {found.position}",
        "behind": f"{own_part}behind {other}{of_part}: this one ends at record {found.position}",
        "apart": f"{own_part}apart from {other}{of_part}, from record {found.position + 1} on",
        "another": f"{other} is another ledger: the two have nothing in common",
    }[found.standing]
    ours = [f"record {problem.position} here" for problem in verified.problems if problem.position]
    theirs = [f"record {problem.position} of {other}" for problem in found.problems]
    wrong = [*ours[:1], *theirs[:1]]
    if wrong and found.standing in ("same", "ahead", "behind"):
        words = f"{' and '.join(wrong)} {'do' if wrong[1:] else 'does'} not verify"
        told = f"the hashes are those of {other}{of_part} up to record {found.position}, but {words}"
    lines = wrap(told, "", "  ")
    for problem in found.problems:
        lines += wrap(f"{other}: {problem}", "", "  ")
    for side, commits in (("only here", found.here), (f"only in {other}", found.there)):
        rows = [(f"{one.first}-{one.commit}", moment(one.recorded_at), _who(one)) for one in commits[:_MOST]]
        lines += [flat(f"{side}:"), *table(rows, "  ")] if rows else []
        lines += [f"  and {len(commits) - _MOST} more commits"] if len(commits) > _MOST else []
    return lines


def _who(commit: LoneCommit) -> str:
    return f"{commit.recorded_by}: {commit.message}" if commit.message else commit.recorded_by


@cli.command()
@with_db
@click.option(
    "--known-at", metavar="WHEN", help="The head as of a position, or of the end of a moment, day, month or year."
)
@click.option(
    "--statement", is_flag=True, help="A line of JSON to be signed or timestamped: ledger, position, hash, moment."
)
@with_json
def head(known_at: str | None, statement: bool, as_json: bool) -> None:
    """Print the last record's position and hash. Publish it: `verify --head` later proves that nothing was changed.

    How a statement is signed, timestamped and published, and what each proves: docs/guide/proof.md.

    Example: factstore head
    """
    store = open_store()
    known = clock_typed("known", known_at)
    if statement:
        click.echo(store.statement(known).text(), nl=False)
        return
    part, found = store.part, store.head(known)
    if part and as_json:
        tell_one(found._asdict() | {"part": part.json()})
        return
    tell_part(store.name, store)
    tell_head(found, as_json)


def tell_head(found: Head, as_json: bool) -> None:
    """Print a head as POSITION:HASH, or as JSON."""
    if as_json:
        tell_one(found._asdict())
    else:
        click.echo(f"{found.position}:{found.hash}")
