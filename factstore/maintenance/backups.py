"""Backups: a ledger's whole file as at one moment, which gets its name only once it has been verified.

Nobody waits for a backup: others can read and write meanwhile. No existing file is ever overwritten.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from factstore.database.engine import Connection, Engine
from factstore.database.names import ARCHIVE, LEDGER
from factstore.database.opening import open_engine
from factstore.database.statements import insert, stream
from factstore.errors import Corrupt, Refused
from factstore.ledger import chain, texts
from factstore.ledger.chain import Head
from factstore.ledger.part import withheld
from factstore.ledger.verify import verify_records
from factstore.maintenance import verifying
from factstore.progress import Progress, counted
from factstore.projection.replay import replay


def back_up(file: Engine, where: str | os.PathLike[str]) -> Head:
    """Copy a ledger to a place where nothing exists yet. Returns the head of the copy.

    The copy is made beside that place, and moved there when it is complete, durable and verified: its pages, its ledger and
    its archived texts; the rest can be computed again. Its file permissions are no wider than the original's. Raises Refused
    if something exists there, Corrupt if the copy does not verify.
    """
    with _copying(file, where) as (connection, draft):
        dialect = connection.dialect
        if not dialect.copy(connection, draft):
            _copy_into(connection, draft, f"no backup of {file.name} was made")
        elif dialect.unscrubbed(connection):
            # Free pages are left out, so that redacted texts do not reach the copy.
            draft.scrub()
        draft.name = file.name  # faults in the copy are faults of the original, and are reported under its name
        wrong = list(islice(_problems(draft), 1))
        if wrong:
            raise Corrupt(f"no backup was made: {file.name} is not as it was written: {wrong[0]}")
        return chain.head(connection)


def copy_records(file: Engine, where: str | os.PathLike[str], progress: Progress | None = None) -> Head:
    """Copy a ledger and its archived texts, record by record, to a place where nothing exists yet, and fold it afresh there.

    Returns the head of the copy. Records at the end that no sound commit closes are left out, since Factstore did not
    write them. Raises Corrupt if the ledger before those is not as it was written and, after copying, if anything was left
    out.
    """
    with _copying(file, where, lost=True) as (connection, draft):
        head, lost, left = _copy_into(connection, draft, f"{file.name} was not copied", progress)
    tell(open_engine(where).name, lost, left)
    return head


def _copy_into(
    connection: Connection, draft: Engine, otherwise: str, progress: Progress | None = None
) -> tuple[Head, list[str], str]:
    """Copy a ledger's records and archived texts into an empty place on any engine, and fold it there.

    Returns the head, messages about texts that were lost, and a message ("" if none) about records that were left out.
    Raises Corrupt, beginning with `otherwise`, if a record that was once acknowledged would be left out.
    """
    upto, left = verifying.saved_until(connection, otherwise)
    with draft.writing(checked=False) as fresh:
        fresh.dialect.create_tables(fresh)
        for table in LEDGER:
            names = connection.dialect.columns(connection, table)
            query = f"SELECT {', '.join(names)} FROM {table} WHERE position <= ? ORDER BY position"
            rows = stream(connection, query, (upto,))
            while some := [*islice(rows, 1000)]:
                insert(fresh, table, names, some)
        fresh.dialect.guard(fresh)
        if connection.dialect.is_part(connection):
            fresh.dialect.mark_part(fresh)
        lost = texts.copy(connection, fresh) if connection.dialect.has_table(connection, ARCHIVE) else []
        replay(fresh, counted(chain.read(fresh), progress, upto), withheld(fresh))
        head = chain.head(fresh)
        fresh.commit()
    return head, lost, left


def tell(name: str, lost: list[str], left: str = "") -> None:
    """Raise Corrupt if a file was rebuilt only in part."""
    if left:
        raise Corrupt(f"{name} was rebuilt, but {left}{f'; {lost[0]}' if lost else ''}")
    if lost:
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        raise Corrupt(f"{name} was rebuilt, except for what the ledger itself does not hold: {lost[0]}{more}")


@contextmanager
def _copying(file: Engine, where: str | os.PathLike[str], *, lost: bool = False) -> Iterator[tuple[Connection, Engine]]:
    """A snapshot of a ledger, and an empty file that gets its name when the block ends without an error.

    With `lost`, the ledger need not name its schema.
    """
    place = open_engine(where)
    if place.exists() or os.path.lexists(place.location):
        raise Refused(f"{place.name} already exists, and is not overwritten")
    file.identity()
    with file.reading(checked=False) as connection:
        file.check(connection, older=True, lost=lost)
        with place.made(like=file) as new:
            yield connection, new.engine
            new.keep()


def _problems(draft: Engine) -> Iterator[str]:
    """What is wrong in a copy, which is read again for this."""
    try:
        with draft.reading(checked=False) as copy:
            yield from copy.dialect.damage(copy)
            yield from map(str, verify_records(copy, part=copy.dialect.is_part(copy)))
            if copy.dialect.has_table(copy, ARCHIVE):  # the first schema had no archive
                yield from texts.damaged(copy)
    finally:
        draft.close()
