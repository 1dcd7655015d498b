"""PostgreSQL answers the main questions on a ledger of 20,000 facts by indexes, wherever SQLite does."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from psycopg import RawCursor, RawServerCursor

from factstore.chronology import Chronology
from factstore.database import names
from factstore.database.engine import Connection
from factstore.database.statements import column, run, value
from factstore.store import Store
from tests.support.postgresql import Server
from tests.system.test_security import statements

#: How many facts are loaded, and how many copies of them there are in the end.
FACTS, TIMES = 1_000, 20
#: A table with fewer rows may be read whole.
_MANY = 5_000
#: Columns that hold positions, and those that hold moments in ticks; `version` is one in `thing` alone.
_POSITIONS = {
    "position", "since", "until", "rank", "subject", "about", "source", "seen_through", "of", "fact", "ordering", "a",
    "b", "item", "first", "lasts_rank",
}  # fmt: skip
_TICKS = {"start_min", "start_max", "end_min", "end_max", "place", "place_end"}
_LARGE = {"fact", "thing", "placement", "citation", "record", "payload", "search"}
_DAY = 86_400_000_000


def _document() -> dict[str, Any]:
    """Facts on many days, each with its citation, of few sources; some of them in a stated order."""
    return {
        "sources": [{"id": f"paper-{n}", "publisher": f"Paper {n}", "published": "2019-01-01"} for n in range(20)],
        "facts": [
            {
                "id": f"fact-{n}",
                "title": f"The bells of tower{n} rang",
                "when": f"{1900 + n % 100}-{1 + n % 12:02}-{1 + n % 28:02}",
                "place": f"Town {n % 50}",
                "tags": [f"tag-{n % 30}"],
                "evidence": [{"source": f"paper-{n % 20}", "quote": f"they rang {n}"}],
            }
            for n in range(FACTS)
        ],
        "orderings": [
            {"fact": f"fact-{n}", "relation": "before", "other": f"fact-{n + 1}", "evidence": [{"source": "paper-0"}]}
            for n in range(0, 90, 3)
        ],
    }


def _multiply(connection: Connection) -> None:
    """Repeat all that one commit recorded, at later positions, under other ids and on other days."""
    last = value(connection, "SELECT max(position) FROM record")
    # Foreign keys need no check: the copies' references are as sound as the originals'.
    run(connection, "SET LOCAL session_replication_role = replica")
    for table in (*names.LEDGER, *names.PROJECTION, "search"):
        key, told = connection.dialect.keys(connection, table)[0], []
        for name in connection.dialect.columns(connection, table):
            if (name in _POSITIONS and not (table == "source" and name == "text")) or (table, name) == (
                "thing",
                "version",
            ):
                told.append(f"{name} + k * {last - 2}")
            elif name in _TICKS and table.startswith("placement"):
                told.append(f"{name} + k * {_DAY}")
            elif name == "id":
                told.append(f"{name} || '-' || k")
            else:
                told.append("md5(hash || k) || md5(k || hash)" if name == "hash" else name)
        listed = ", ".join(connection.dialect.columns(connection, table))
        run(
            connection,
            f"INSERT INTO {table} ({listed}) SELECT {', '.join(told)} FROM {table}, generate_series(1, {TIMES - 1}) k "
            f"WHERE {key} > 2 ORDER BY k, {key}",
        )
        run(connection, f"ANALYZE {table}")
    connection.commit()


@pytest.fixture(scope="module")
def large(server: Server) -> Store:
    store = Store(server.ledger())
    store.load(_document(), by="Test")
    with store.file.writing() as connection:
        _multiply(connection)
    return store


@pytest.fixture(scope="module")
def on_a_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small file: its plans are those of a large one, since SQLite samples no values here."""
    path = tmp_path_factory.mktemp("plans") / "small.db"
    Store(path).load(_document(), by="Test")
    return path


QUESTIONS: dict[str, Callable[[Chronology], object]] = {
    "show": lambda ask: ask.show("fact-7"),
    "facts": lambda ask: ask.facts(limit=50),
    "facts by words": lambda ask: ask.facts("tower7", limit=50),
    "timeline": lambda ask: [*ask.timeline.all(limit=50)],
    "before a fact": lambda ask: [*ask.timeline.before("fact-7", limit=50)],
    "before a day": lambda ask: [*ask.timeline.before("1950", limit=50, evidence=True)],
    "after": lambda ask: [*ask.timeline.after("1950", limit=50)],
    "between": lambda ask: [*ask.timeline.between("1950", "1951", limit=50)],
    "overlapping": lambda ask: [*ask.timeline.overlapping("1950-03", limit=50)],
    "order": lambda ask: ask.timeline.order("fact-6", "fact-7"),
    "who says": lambda ask: ask.who_says("fact-7"),
    "history": lambda ask: ask.history("fact-7"),
    "log": lambda ask: ask.log(limit=50),
    "find": lambda ask: ask.find("fact-7"),
}


def _plan(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _plan(inner)


def _scanned(store: Store, question: Callable[[Chronology], object], monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The large tables that a question makes the server read whole; each statement is explained when it is run."""
    with store.file.reading() as connection:
        large = set(column(connection, "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > ?", (_MANY,)))
    assert large >= _LARGE
    plans: list[Any] = []
    explain = RawCursor.execute
    with monkeypatch.context() as patched:
        for kind, run_as in ((RawCursor, ""), (RawServerCursor, "DECLARE planned CURSOR FOR ")):

            def execute(
                self: Any, query: Any, params: Any = None, _of: Any = kind.execute, _as: str = run_as, **options: Any
            ) -> Any:
                if re.match(r"\s*\(?(SELECT|WITH)", query) and not query.startswith("SELECT version_num"):
                    explained = f"EXPLAIN (FORMAT JSON) {_as}{query}".encode()
                    plans.extend(explain(RawCursor(self.connection), explained, params).fetchone() or ())
                return _of(self, query, params, **options)

            patched.setattr(kind, "execute", execute)
        question(store.at())
    assert plans
    return {
        node["Relation Name"]
        for (plan,) in plans
        for node in _plan(plan["Plan"])
        if node["Node Type"] in ("Seq Scan", "Parallel Seq Scan") and node["Relation Name"] in large
    }


def _scanned_on_a_file(
    path: Path, question: Callable[[Chronology], object], monkeypatch: pytest.MonkeyPatch
) -> set[str]:
    """The tables that SQLite reads whole for the same question."""
    with statements(monkeypatch) as (said, _), Store(path) as store:
        question(store.at())
    found = set()
    with closing(sqlite3.connect(path)) as connection:
        for query in said:
            if re.match(r"\s*(SELECT|WITH)", query):
                for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {query}", _unbound(query)):
                    scanned = re.match(r"SCAN (\w+)", step)
                    if scanned:
                        found.add(_table(query, scanned[1]))
    return found


def _table(query: str, alias: str) -> str:
    """The table for which an alias stands in a statement."""
    named = re.search(rf"\b(?:FROM|JOIN)\s+(\w+)\s+(?:AS\s+)?{alias}\b", query)
    return named[1] if named else alias


def _unbound(query: str) -> Any:
    """Null for each value that a statement binds, which leaves the plan the same."""
    by_name = re.findall(r"[:@](\w+)", query)
    return dict.fromkeys(by_name) if by_name else (None,) * query.count("?")


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_no_large_table_is_read_whole_unless_a_file_needs_that_too(
    large: Store, on_a_file: Path, question: Callable[[Chronology], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Which of the joined tables is read first is each engine's own choice.
    if not _scanned_on_a_file(on_a_file, question, monkeypatch) & _LARGE:
        assert _scanned(large, question, monkeypatch) == set()


def test_a_question_that_reads_a_table_whole_would_be_found(large: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(chronology: Chronology) -> None:
        with chronology._asking() as repository:
            repository.rows("SELECT position FROM fact WHERE place = 'Town 7'")

    assert _scanned(large, ask, monkeypatch) == {"fact"}
