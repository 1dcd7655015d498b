"""How near the work comes to the limit of the engine: each beside what somebody would write by hand with `sqlite3`.

By hand means: into a file with the same tables, indexes and triggers and the same settings, the same rows, made beforehand.
What is made beforehand there is the work here: documents are read and checked, records hashed, facts placed.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import factstore
from bench import data
from factstore.database import tables
from factstore.database.sqlite.search import COLUMNS
from factstore.repository.filter import (
    Filter,
)

SETTINGS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "recursive_triggers = ON",
    "secure_delete = ON",
)
TABLES = ("record", "payload", *(table.name for table in tables.PROJECTION))
#: So many facts are one transaction by hand.
BATCH = 1_000

Row = tuple[str, float, float, str, float, float]
HEAD = ("work", "ours", "the limit", "unit", "ours / limit", "at least")


class Part(NamedTuple):
    """What one transaction by hand writes: for each statement its rows."""

    statements: list[tuple[str, list[tuple[Any, ...]]]]

    def write(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for statement, rows in self.statements:
            connection.executemany(statement, rows)
        connection.execute("COMMIT")


def parts(path: Path, ends: Sequence[int]) -> list[Part]:
    """All rows of a ledger, parted at positions: a row belongs where the thing does that it begins with."""
    found: list[Part] = [Part([]) for _ in ends]
    with sqlite3.connect(path) as connection:
        words = f"SELECT position, {', '.join(COLUMNS)} FROM searchable ORDER BY position"
        queries = {f"INSERT INTO {table} VALUES": f"SELECT * FROM {table} ORDER BY 1" for table in TABLES}
        for insert, query in (queries | {f"INSERT INTO search (rowid, {', '.join(COLUMNS)}) VALUES": words}).items():
            turn = 0
            rows: list[tuple[Any, ...]] = []
            for row in connection.execute(query):
                while row[0] > ends[turn]:
                    _add(found[turn], insert, rows)
                    turn, rows = turn + 1, []
                rows.append(row)
            _add(found[turn], insert, rows)
    return found


def _add(part: Part, insert: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        part.statements.append((f"{insert} ({', '.join('?' * len(rows[0]))})", rows))


def empty(path: Path, like: Path) -> sqlite3.Connection:
    """A file with the tables, indexes, triggers and views of another, and its settings."""
    remove(path)
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    with sqlite3.connect(like) as other:
        for name, sql in other.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"):
            if not name.startswith(("search_", "sqlite_")):
                connection.execute(sql)
    return connection


def remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def seconds(work: Callable[[], Any], clock: Callable[[], float] = time.process_time) -> float:
    start = clock()
    work()
    return clock() - start


# --- single commits -------------------------------------------------------------------------------------------


def single(folder: Path, count: int = 300) -> Iterator[Row]:
    """One fact and its evidence a commit, each on the disk before the next: wall time, the works in turn."""
    from eventsourcing.application import Application
    from eventsourcing.domain import Aggregate, event

    class Noted(Aggregate):
        @event("Recorded")
        def __init__(self, said: str) -> None:
            self.said = said

    lines = [line["fact"] for line in data.chronology(count) if "fact" in line]
    sources = {fact["evidence"][0]["source"] for fact in lines}
    ours, model, hand, theirs = (folder / f"{name}.db" for name in ("single", "model", "by-hand", "peer"))
    for path in (ours, model, hand, theirs):
        remove(path)
    begun = {"sources": [{"id": source, "published": data.PUBLISHED} for source in sorted(sources)]}
    with factstore.open(model) as store:
        ends = [store.load(begun).position or 0]
        ends += [store.load({"facts": [fact]}).position or 0 for fact in lines]
    first, *rest = parts(model, ends)
    connection = empty(hand, model)
    first.write(connection)
    sizes = [sum(len(row[2]) for sql, rows in part.statements if " payload " in sql for row in rows) for part in rest]
    peer: Application[Any] = Application(
        env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(theirs)}
    )
    spent = [0.0, 0.0, 0.0]
    with factstore.open(ours) as store:
        store.load(begun)
        for fact, part, size in zip(lines, rest, sizes, strict=True):
            works = (
                lambda fact=fact: store.load({"facts": [fact]}),
                lambda part=part: part.write(connection),
                lambda size=size: peer.save(Noted("x" * size)),
            )
            for turn, work in enumerate(works):
                spent[turn] += seconds(work, time.perf_counter)
    mine, limit, peers = (count / each for each in spent)
    yield ("one fact per commit, durable, beside `sqlite3`", mine, limit, "commits/s", mine / limit, 0.5)
    yield ("the same beside `eventsourcing`", mine, peers, "commits/s", mine / peers, 1.0)


# --- bulk -----------------------------------------------------------------------------------------------------


def bulk(folder: Path, count: int) -> Iterator[Row]:
    """A load of JSON Lines, and what goes over all of it: processor time."""
    document = folder / f"limits-{count}.jsonl"
    with document.open("w") as file:
        file.writelines(json.dumps(line) + "\n" for line in data.chronology(count))
    path, hand = folder / f"limits-{count}.db", folder / "limits-by-hand.db"
    remove(path)
    loading = seconds(lambda: factstore.open(path).load(document))
    with sqlite3.connect(path) as connection:
        last = connection.execute("SELECT max(position) FROM record").fetchone()[0]
    turns = max(1, count // BATCH)
    written = parts(path, [last * (turn + 1) // turns for turn in range(turns)])
    connection = empty(hand, path)
    limit = seconds(lambda: [part.write(connection) for part in written])
    connection.close()
    yield (f"`load`, {count:,} facts as JSON Lines", count / loading, count / limit, "facts/s", limit / loading, 0.5)

    ledger = seconds(lambda: factstore.open(path).verify(ledger_only=True))
    bytes_ = seconds(lambda: hashed(path))
    yield ("`verify --ledger`", last / ledger, last / bytes_, "records/s", bytes_ / ledger, 0.5)
    for name, work in (("`rebuild`", factstore.open(path).rebuild), ("`verify`, whole", factstore.open(path).verify)):
        took = seconds(work)
        yield (f"{name}, beside `load`", count / took, count / loading, "facts/s", loading / took, 1.0)
    ratio = path.stat().st_size / document.stat().st_size
    yield ("size of the file, beside the JSON Lines (at most 5)", ratio, 1.0, "times", 1 / ratio, 0.2)


def hashed(path: Path) -> None:
    """What rereading a ledger takes at least: its bytes, and both of its hashes."""
    prev = "0" * 64
    with sqlite3.connect(path) as connection:
        for position, kind, version, subject, recorded_at, payload_hash, hash_, salt, payload in connection.execute(
            """SELECT r.position, r.kind, r.version, r.subject, r.recorded_at, r.payload_hash, r.hash, p.salt, p.payload
               FROM record r LEFT JOIN payload p ON p.position = r.position ORDER BY r.position"""
        ):
            hashlib.sha256(f'{{"payload":{payload},"salt":"{salt}"}}'.encode()).hexdigest()
            header = (
                f'{{"format":1,"kind":"{kind}","ledger":"{"0" * 32}","payload_hash":"{payload_hash}","position":{position},'
                f'"prev":"{prev}","recorded_at":"{recorded_at}","subject":{subject},"version":{version}}}'
            )
            hashlib.sha256(header.encode()).hexdigest()
            prev = hash_


def peak(document: Path, path: Path) -> float:
    """The most memory that a load takes, in MiB, in a process of its own."""
    remove(path)
    code = "import sys, factstore; from bench.limits import used; factstore.open(sys.argv[2]).load(sys.argv[1]); used()"
    told = subprocess.run(
        [sys.executable, "-c", code, str(document), str(path)], check=True, capture_output=True, env={**os.environ}
    )
    return float(told.stdout)


def used() -> None:
    """Print the most memory that this process has used: of Linux's two counts the one that starts anew with a program."""
    status = Path("/proc/self/status")
    if status.exists():
        told = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        print(int(told.split()[1]) / 1024)
    else:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


# --- words ----------------------------------------------------------------------------------------------------


def words(store: factstore.Store) -> Iterator[Row]:
    """The first 20 facts that hold some words, beside FTS5 alone: `ORDER BY rank`, since any first 20 need an order."""
    connection = sqlite3.connect(store.path)
    for asked in ("777th", "bergen", "thing bergen"):
        wanted = " AND ".join(f'"{word}"*' for word in asked.split())
        with store._asking() as repository:
            works = (
                lambda asked=asked, repository=repository: repository.facts(Filter(text=asked), limit=20),
                lambda wanted=wanted: connection.execute(
                    "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank LIMIT 20", (wanted,)
                ).fetchall(),
            )
            figures = [sorted(seconds(work) for _ in range(9))[4] for work in works]
        mine, limit = (1 / each for each in figures)
        yield (f"first 20 of a search for “{asked}”", mine, limit, "searches/s", mine / limit, 0.5)
