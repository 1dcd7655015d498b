"""Backups: a ledger's whole file at one moment, given its name once every byte of the ledger in it has been read again.

Nobody waits for a backup: others read and write meanwhile. Nothing that is there is ever overwritten.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from stat import S_IMODE

from factstore import archive, ledger, sqlite
from factstore.errors import Corrupt, Refused
from factstore.files import LedgerFile
from factstore.ledger import Head


def take(file: LedgerFile, where: str | os.PathLike[str]) -> Head:
    """Copy a ledger to a place that is free. Returns the head of the copy.

    The copy is made beside that place, and moved there when it is whole, durable and verified: its pages, its ledger and its
    archived texts; the rest can be computed again. It is no more readable than what it is a copy of. Raises Refused where
    something is there already, and Corrupt where the copy does not verify.
    """
    backup = LedgerFile(where)
    if os.path.lexists(backup.path):
        raise Refused(f"{backup.name} is there already; a backup never overwrites anything")
    file.identity()
    with file.reading(checked=False) as connection:
        file.check(connection, older=True)
        with backup.made() as (draft, keep):
            mode = S_IMODE(file.path.stat().st_mode) & 0o666
            os.close(os.open(draft.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode | 0o600))
            sqlite.copy(connection, draft.path)
            if sqlite.unscrubbed(connection):
                # What was redacted is not carried on in the copy's free pages.
                sqlite.scrub(draft.path)
            draft.name = file.name  # what is wrong with the copy is wrong with what it was made of
            wrong = list(islice(_problems(draft), 1))
            if wrong:
                raise Corrupt(f"no backup was made: {file.name} is not as it was written: {wrong[0]}")
            keep[0] = True
        return ledger.head(connection)


def _problems(draft: LedgerFile) -> Iterator[str]:
    """What is not as it was written, in a copy that is read again."""
    try:
        with draft.reading(checked=False) as copy:
            yield from sqlite.damage(copy)
            yield from map(str, ledger.verify(copy))
            if (draft.revision(copy) or "") >= "0002":  # which brought them
                yield from archive.damaged(copy)
    finally:
        draft.close()
