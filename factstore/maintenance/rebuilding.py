"""A projection that is computed again, in its place, from a ledger that is as it was written."""

from __future__ import annotations

from factstore.database.engine import Engine
from factstore.ledger import chain, texts
from factstore.ledger.chain import Head
from factstore.maintenance import backups, verifying
from factstore.progress import Progress
from factstore.projection.replay import refold


def rebuild(file: Engine, progress: Progress | None = None) -> Head:
    """Empty the projection, fold the ledger afresh, and make what is missing of the schema again. Returns the head.

    Raises Corrupt, and changes nothing, if the ledger is not as it was written or the file is too damaged to be
    repaired; and after the rebuild, if archived texts are damaged, which it cannot repair.
    """
    file.identity()
    with file.writing(mending=True) as connection:
        verifying.require_ledger(connection, f"{file.name} was not rebuilt")
        with connection.dialect.mending(connection, file.name):
            connection.dialect.mend(connection)
            refold(connection, progress)
        head, lost = chain.head(connection), list(texts.damaged(connection))
        connection.commit()
    backups.tell(file.name, lost)
    return head
