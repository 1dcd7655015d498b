"""Backups: a ledger's whole file at one moment, given its name once every byte of the ledger in it has been read again.

Nobody waits for a backup: others read and write meanwhile. Nothing that is there is ever overwritten.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from stat import S_IMODE

from sqlalchemy import Connection, select

from factstore.database import tables
from factstore.database.sqlite import connections
from factstore.database.sqlite.file import LedgerFile
from factstore.errors import Corrupt, Refused
from factstore.ledger import chain, texts
from factstore.ledger.chain import Head
from factstore.maintenance import verifying
from factstore.progress import Progress, counted
from factstore.projection import fold


def take(file: LedgerFile, where: str | os.PathLike[str]) -> Head:
    """Copy a ledger to a place that is free. Returns the head of the copy.

    The copy is made beside that place, and moved there when it is whole, durable and verified: its pages, its ledger and its
    archived texts; the rest can be computed again. It is no more readable than what it is a copy of. Raises Refused where
    something is there already, and Corrupt where the copy does not verify.
    """
    with _copying(file, where) as (connection, draft):
        connections.copy(connection, draft.path)
        if connections.unscrubbed(connection):
            # What was redacted is not carried on in the copy's free pages.
            connections.scrub(draft.path)
        draft.name = file.name  # what is wrong with the copy is wrong with what it was made of
        wrong = list(islice(_problems(draft), 1))
        if wrong:
            raise Corrupt(f"no backup was made: {file.name} is not as it was written: {wrong[0]}")
        return chain.head(connection)


def rebuild(file: LedgerFile, where: str | os.PathLike[str], progress: Progress | None = None) -> Head:
    """Copy a ledger and its archived texts to a place that is free, record by record, and fold it afresh there.

    Returns its head. What somebody put at its end, which no sound commit ends, is left behind. Raises Corrupt where the
    ledger is not as it was written before that, and, when all is done, where anything was left behind.
    """
    with _copying(file, where, lost=True) as (connection, draft):
        upto, left = verifying.saved_until(connection, f"{file.name} was not rebuilt")
        with draft.writing(checked=False) as fresh:
            connections.create_tables(fresh)
            for table in tables.LEDGER:
                place = table.c.position
                rows = connection.execute(select(table).where(place <= upto).order_by(place)).mappings()
                for some in rows.partitions(1000):
                    fresh.execute(table.insert(), [dict(row) for row in some])
            connections.guard(fresh)
            lost = texts.copy(connection, fresh) if connections.has_table(connection, tables.archived_text) else []
            fold.replay(fresh, counted(chain.read(fresh), progress, upto))
            head = chain.head(fresh)
            fresh.commit()
    tell(os.fspath(where), lost, left)
    return head


def tell(name: str, lost: list[str], left: str = "") -> None:
    """Raises Corrupt where a file was rebuilt, but not all of it could be."""
    if left:
        raise Corrupt(f"{name} was rebuilt, but {left}{f'; {lost[0]}' if lost else ''}")
    if lost:
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        raise Corrupt(f"{name} was rebuilt, but nothing can mend what is not in the ledger: {lost[0]}{more}")


@contextmanager
def _copying(
    file: LedgerFile, where: str | os.PathLike[str], *, lost: bool = False
) -> Iterator[tuple[Connection, LedgerFile]]:
    """One moment of a ledger, and an empty file that gets its name when the block has ended.

    With `lost` also of a ledger that does not name its schema.
    """
    place = LedgerFile(where)
    if os.path.lexists(place.path):
        raise Refused(f"{place.name} is there already, and is not overwritten")
    file.identity()
    with file.reading(checked=False) as connection:
        file.check(connection, older=True, lost=lost)
        with place.made() as (draft, keep):
            mode = S_IMODE(file.path.stat().st_mode) & 0o666
            os.close(os.open(draft.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode | 0o600))
            yield connection, draft
            keep[0] = True


def _problems(draft: LedgerFile) -> Iterator[str]:
    """What is not as it was written, in a copy that is read again."""
    try:
        with draft.reading(checked=False) as copy:
            yield from connections.damage(copy)
            yield from map(str, chain.verify(copy))
            if connections.has_table(copy, tables.archived_text):  # which came with the second schema
                yield from texts.damaged(copy)
    finally:
        draft.close()
