"""On PostgreSQL: a load compared with `COPY` of the same rows, pages compared with those of a file, and how both grow.

In wall time, and in processor time of this process and the server together, on which other load has less effect. The server
is started for this, on a socket; if none is installed, nothing is measured. It does not wait for the disk, neither for us nor
for the comparison.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psycopg

import factstore
from bench import data, ledgers
from bench.measuring import Aim, Row, Scale, in_turn
from bench.pages import DAYS, PAGE, page
from bench.writers import ROWS
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
    clocks = {"wall time": time.perf_counter, "processor time": lambda: time.process_time() + _busy(server)}
    _load(factstore.open(server.url("warm")), 100, clocks)
    few, many = scale.loaded // 10, scale.loaded
    stores = {count: factstore.open(server.url(f"facts_{count}")) for count in (few, many)}
    with stores[few], stores[many]:
        took = {count: _load(store, count, clocks) for count, store in stores.items()}
        with psycopg.connect(f"host={server.folder} user={USER} dbname=postgres") as connection:
            copied = _copied(connection, f"facts_{many}", clocks)
            yield from _commits(stores[few], connection, scale.commits, clocks)
        work = f"`load` of {many:,} facts"
        for name in clocks:
            rate, small, by_hand = many / took[many][name], few / took[few][name], many / copied[name]
            yield Row(f"{work}, beside `COPY` of its rows by hand, {name}", rate, "facts/s", by_hand, Aim(least=0.5))
            yield Row(f"{work}, beside {few:,}, {name}", rate, "facts/s", small, Aim(least=0.9))
        file = ledgers.of(many, scale.folder)
        for kind in ("certain before", "possible before", "after", "between"):
            works = [_page(store, kind) for store in (stores[few], stores[many], file)]
            for name, clock in clocks.items():
                small, large, beside = in_turn(works, clock=clock)
                work = f"{kind}: a page, {many:,} facts"
                yield Row(f"{work}, beside that of a file, {name}", large, "ms", beside, Aim(most=3.0))
                yield Row(f"{work}, beside {few:,}, {name}", large, "ms", small, Aim(most=1.5))


def _page(store: factstore.Store, kind: str) -> Callable[[], int]:
    """The first page of an answer about time."""
    certainty, _, before = kind.partition(" ")
    if before:
        return page(store, DAYS["middle"], certainty)
    days = (DAYS["middle"],) if kind == "after" else (DAYS["middle"], DAYS["late"])
    return lambda: len(getattr(store.timeline, kind)(*days, limit=PAGE))


def _busy(server: Server) -> float:
    """The seconds of processor time that the server's processes have used, of those that still run."""
    leader = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    found = 0
    for process in (leader, *map(int, Path(f"/proc/{leader}/task/{leader}/children").read_text().split())):
        with suppress(OSError):
            found += int(Path(f"/proc/{process}/schedstat").read_text().split()[0])
    return found / 1e9


Clocks = Mapping[str, Callable[[], float]]


def _timed(work: Callable[[], object], clocks: Clocks) -> dict[str, float]:
    """The seconds that some work takes, by each clock."""
    start = {name: clock() for name, clock in clocks.items()}
    work()
    return {name: clock() - start[name] for name, clock in clocks.items()}


def _load(store: factstore.Store, count: int, clocks: Clocks) -> dict[str, float]:
    store.file.exists()  # so that the server's process for the connection is there when the clocks start
    return _timed(lambda: ledgers.load(store, data.chronology(count)), clocks)


def _commits(store: factstore.Store, connection: psycopg.Connection, count: int, clocks: Clocks) -> Iterator[Row]:
    """Commits of one fact each, compared with as many by hand with the same number of rows."""
    store.add_source(id="paper", published="2020-01-01")
    connection.execute("CREATE TABLE noted (number BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY, words TEXT)")
    connection.execute("CREATE INDEX noted_words ON noted (words)")
    connection.commit()

    def ours() -> None:
        for number in range(count):
            store.add(f"What was told {number}", id=f"told-{number}", when="2018-03", source="paper")

    def by_hand() -> None:
        rows = [(f"{turn} {'x' * 80}",) for turn in range(ROWS)]
        for _ in range(count):
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany("INSERT INTO noted (words) VALUES (%s)", rows)

    took, beside = _timed(ours, clocks), _timed(by_hand, clocks)
    for name in clocks:
        work = f"commits of a fact, beside {ROWS} rows by hand, {name}"
        yield Row(work, count / took[name], "commits/s", count / beside[name])


def _copied(connection: psycopg.Connection, schema: str, clocks: Clocks) -> dict[str, float]:
    """The seconds that copying all rows of a ledger into tables with the same indexes takes, in one transaction."""
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

    return _timed(copy, clocks)
