"""Backups: a ledger's whole file at one moment, given its name once every byte of the ledger in it has been read again.

Nobody waits for a backup: others read and write meanwhile. Nothing that is there is ever overwritten.
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


def take(file: Engine, where: str | os.PathLike[str]) -> Head:
    """Copy a ledger to a place that is free. Returns the head of the copy.

    The copy is made beside that place, and moved there when it is whole, durable and verified: its pages, its ledger and its
    archived texts; the rest can be computed again. It is no more readable than what it is a copy of. Raises Refused where
    something is there already, and Corrupt where the copy does not verify.
    """
    with _copying(file, where) as (connection, draft):
        dialect = connection.dialect
        if not dialect.copy(connection, draft):
            _copy_into(connection, draft, f"no backup of {file.name} was made")
        elif dialect.unscrubbed(connection):
            # What was redacted is not carried on in the copy's free pages.
            draft.scrub()
        draft.name = file.name  # what is wrong with the copy is wrong with what it was made of
        wrong = list(islice(_problems(draft), 1))
        if wrong:
            raise Corrupt(f"no backup was made: {file.name} is not as it was written: {wrong[0]}")
        return chain.head(connection)


def copy_records(file: Engine, where: str | os.PathLike[str], progress: Progress | None = None) -> Head:
    """Copy a ledger and its archived texts to a place that is free, record by record, and fold it afresh there.

    Returns its head. What somebody put at its end, which no sound commit ends, is left behind. Raises Corrupt where the
    ledger is not as it was written before that, and, when all is done, where anything was left behind.
    """
    with _copying(file, where, lost=True) as (connection, draft):
        head, lost, left = _copy_into(connection, draft, f"{file.name} was not copied", progress)
    tell(open_engine(where).name, lost, left)
    return head


def _copy_into(
    connection: Connection, draft: Engine, otherwise: str, progress: Progress | None = None
) -> tuple[Head, list[str], str]:
    """Copy a ledger's records and archived texts into an empty place of any kind, and fold it there.

    Returns the head, what is to be said of texts that were lost, and of records that were left behind. Raises Corrupt, with
    what is not done then, where anything could be left behind that was once acknowledged.
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
    """Raises Corrupt where a file was rebuilt, but not all of it could be."""
    if left:
        raise Corrupt(f"{name} was rebuilt, but {left}{f'; {lost[0]}' if lost else ''}")
    if lost:
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        raise Corrupt(f"{name} was rebuilt, but nothing can mend what is not in the ledger: {lost[0]}{more}")


@contextmanager
def _copying(file: Engine, where: str | os.PathLike[str], *, lost: bool = False) -> Iterator[tuple[Connection, Engine]]:
    """One moment of a ledger, and an empty file that gets its name when the block has ended.

    With `lost` also of a ledger that does not name its schema.
    """
    place = open_engine(where)
    if place.exists() or os.path.lexists(place.location):
        raise Refused(f"{place.name} is there already, and is not overwritten")
    file.identity()
    with file.reading(checked=False) as connection:
        file.check(connection, older=True, lost=lost)
        with place.made(like=file) as new:
            yield connection, new.engine
            new.keep()


def _problems(draft: Engine) -> Iterator[str]:
    """What is not as it was written, in a copy that is read again."""
    try:
        with draft.reading(checked=False) as copy:
            yield from copy.dialect.damage(copy)
            yield from map(str, verify_records(copy, part=copy.dialect.is_part(copy)))
            if copy.dialect.has_table(copy, ARCHIVE):  # which came with the second schema
                yield from texts.damaged(copy)
    finally:
        draft.close()
