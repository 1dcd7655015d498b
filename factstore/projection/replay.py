"""Folds whole ledgers afresh, and compares a projection with a fresh fold."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from factstore.database.buffer import Buffer
from factstore.database.engine import Connection
from factstore.database.names import PROJECTION
from factstore.database.statements import run, stream
from factstore.garbage import uncollected
from factstore.ledger import chain, part
from factstore.ledger.payloads import decode_record
from factstore.ledger.record import Record
from factstore.progress import Progress, counted
from factstore.projection import search
from factstore.projection.fold import Fold
from factstore.units import Position


def replay(connection: Connection, records: Iterable[Record], withheld: Collection[Position] = ()) -> None:
    """Fold records into an empty projection, commit by commit. Raises Corrupt at the first that cannot be read.

    `withheld`: the positions that a part of a ledger does not show.
    """
    buffer = Buffer(connection)
    fold = Fold(connection, buffer, redacted=set(), withheld=withheld)
    with uncollected():
        for record in records:
            said = decode_record(record)
            fold.record(record, said.plain() if said else None)
            if record.header.kind == "commit":
                fold.finish(record.position)
                fold = Fold(connection, buffer, fold.zone, fold.redacted, withheld)


def refold(connection: Connection, progress: Progress | None = None) -> None:
    """Empty the projection and fold the ledger afresh."""
    for table in reversed(PROJECTION):
        run(connection, f"DELETE FROM {table}")
    search.clear(connection)
    records = counted(chain.read(connection), progress, chain.head(connection).position)
    replay(connection, records, part.withheld(connection))


def differences(
    connection: Connection, fresh: Connection, tables: Iterable[str] = PROJECTION
) -> Iterator[tuple[str, dict[str, object]]]:
    """The rows in which a projection differs from a fresh fold: the table and the difference in words, and the row's key."""
    for table in tables:
        names = fresh.dialect.columns(fresh, table)
        keys = fresh.dialect.keys(fresh, table)
        places = [names.index(key) for key in keys]
        query = f"SELECT {', '.join(names)} FROM {table} ORDER BY {', '.join(keys)}"
        ours, theirs = (stream(one, query) for one in (connection, fresh))
        have, want = next(ours, None), next(theirs, None)
        while have is not None or want is not None:
            if have == want:
                have, want = next(ours, None), next(theirs, None)
                continue
            ends = [tuple(row[place] for place in places) if row else None for row in (have, want)]
            first = min(end for end in ends if end is not None)
            key = dict(zip(keys, first, strict=True))
            if have is None or ends[0] != first:
                yield f"{table}: a row is missing", key
                want = next(theirs, None)
            elif want is None or ends[1] != first:
                yield f"{table}: there is a row too many", key
                have = next(ours, None)
            else:
                wrong = ", ".join(name for name, one, other in zip(names, have, want, strict=True) if one != other)
                yield f"{table}: {wrong} is not as recorded", key
                have, want = next(ours, None), next(theirs, None)
