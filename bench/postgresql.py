"""On PostgreSQL: a load beside the same rows by `COPY`, pages beside those of a file, and how both grow. Wall time.

The server is started for this, on a socket; where there is none, nothing is measured. It does not wait for the disk, by hand
as little as for us.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import psycopg

import factstore
from bench import data, ledgers
from bench.measuring import Aim, Row, Scale, in_turn, seconds
from bench.pages import DAYS, page
from factstore.database import tables
from tests.support.postgresql import USER, Server, binaries

TABLES = ("record", "payload", *(table.name for table in tables.PROJECTION), "search")


def rows(scale: Scale) -> Iterator[Row]:
    where = binaries()
    if where is None:
        print("PostgreSQL is not here, and is left out", file=sys.stderr)
        return
    server = Server(where)
    try:
        yield from _measured(server, scale)
    finally:
        server.close()


def _measured(server: Server, scale: Scale) -> Iterator[Row]:
    _load(factstore.open(server.url("warm")), 100)
    few, many = scale.loaded // 10, scale.loaded
    stores = {count: factstore.open(server.url(f"facts_{count}")) for count in (few, many)}
    with stores[few], stores[many]:
        rates = {count: count / _load(store, count) for count, store in stores.items()}
        with psycopg.connect(f"host={server.folder} user={USER} dbname=postgres") as connection:
            copied = many / _copied(connection, f"facts_{many}")
        work = f"`load` of {many:,} facts"
        yield Row(
            f"{work}, beside `COPY` of its rows by hand, wall time", rates[many], "facts/s", copied, Aim(least=0.3)
        )
        yield Row(f"{work}, beside {few:,}, wall time", rates[many], "facts/s", rates[few], Aim(least=0.9))
        file = ledgers.of(many, scale.folder)
        for certainty in ("certain", "possible"):
            works = [page(store, DAYS["middle"], certainty) for store in (stores[few], stores[many], file)]
            small, large, beside = in_turn(works, clock=time.perf_counter)
            yield Row(f"{certainty} page, {many:,} facts, beside that of a file, wall time", large, "ms", beside)
            yield Row(f"{certainty} page, {many:,} facts, beside {few:,}, wall time", large, "ms", small, Aim(most=1.5))


def _load(store: factstore.Store, count: int) -> float:
    return seconds(lambda: ledgers.load(store, data.chronology(count)), time.perf_counter)


def _copied(connection: psycopg.Connection, schema: str) -> float:
    """The seconds that all rows of a ledger take into tables with the same indexes, in one transaction."""
    connection.execute("CREATE SCHEMA by_hand")
    copies = {}
    for table in TABLES:
        connection.execute(f"CREATE TABLE by_hand.{table} (LIKE {schema}.{table} INCLUDING ALL)".encode())
        with connection.cursor().copy(f"COPY {schema}.{table} TO STDOUT (FORMAT BINARY)".encode()) as out:
            copies[table] = [bytes(block) for block in out]
    connection.commit()

    def copy() -> None:
        for table, blocks in copies.items():
            with connection.cursor().copy(f"COPY by_hand.{table} FROM STDIN (FORMAT BINARY)".encode()) as into:
                for block in blocks:
                    into.write(block)
        connection.commit()

    return seconds(copy, time.perf_counter)
