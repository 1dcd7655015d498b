"""A part of a ledger: all headers, and some of the payloads. It proves that what it shows is in the whole ledger.

`docs/reference/ledger.md` says what such a file contains, what it proves, and what it leaves open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from factstore.database.engine import Connection
from factstore.database.statements import Row, column, fetch, run_many, value
from factstore.units import Position

_BATCH = 1000
_HEADERS = "SELECT position, kind, version, subject, recorded_at, payload_hash, hash FROM record ORDER BY position"
_SAID = "SELECT position, salt, payload FROM payload ORDER BY position"
#: Payloads that are missing but were not redacted; redaction removes them from the whole ledger.
_WITHHELD = """SELECT r.position FROM record r LEFT JOIN payload p ON p.position = r.position
               WHERE p.position IS NULL
                 AND r.position NOT IN (SELECT subject FROM record WHERE kind = 'redacted')"""


class Portion(NamedTuple):
    """How many payloads a part of a ledger contains, and how many records the ledger has."""

    payloads: int
    records: int

    def __str__(self) -> str:
        return f"{self.payloads:,} of {self.records:,} payloads"

    def json(self) -> dict[str, int]:
        """As `--json` prints it."""
        return {"payloads": self.payloads, "of": self.records}


def read_part(connection: Connection) -> Portion | None:
    """How much of a ledger a part contains; None if the ledger is whole."""
    return counted_part(connection) if connection.dialect.is_part(connection) else None


def counted_part(connection: Connection) -> Portion:
    """The numbers of payloads and of records."""
    payloads, records = (value(connection, f"SELECT count(*) FROM {table}") for table in ("payload", "record"))
    return Portion(payloads, records)


def withheld(connection: Connection) -> set[Position]:
    """The positions of payloads that a part lacks, except redacted ones; none in a whole ledger."""
    return {*column(connection, _WITHHELD)}


def copy_part(connection: Connection, to: Connection, shown: Collection[Position]) -> None:
    """Write all headers, and the payloads at some positions, into empty tables without triggers."""
    _copy(to, "record", fetch(connection, _HEADERS))
    _copy(to, "payload", (row for row in fetch(connection, _SAID) if row[0] in shown))


def _copy(to: Connection, table: str, rows: Iterator[Row]) -> None:
    while some := [*islice(rows, _BATCH)]:
        run_many(to, f"INSERT INTO {table} VALUES ({', '.join('?' for _ in some[0])})", some)
