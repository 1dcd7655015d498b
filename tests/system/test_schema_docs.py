"""The page on the schema has all tables, views and columns; its queries work in the tools that people use."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from shutil import which

import pytest
import sqlite_utils

from factstore.database import tables
from factstore.database.views import VIEWS
from factstore.store import Store
from tests.support.schema_docs import PAGE, QUERIES, SEED, page


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store(tmp_path_factory.mktemp("seed") / "facts.db")
    store.load(SEED)
    store.correct("us-expels-60-russian-diplomats", {"when": "2018-03-26"})
    return store.path


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs` and look at what changed"


def test_every_table_and_column_is_described(seed: Path) -> None:
    described = {table.name: {column.name for column in table.columns} for table in tables.metadata.tables.values()}
    described |= {name: {*view.columns} for name, view in VIEWS.items()} | {
        "search": {*VIEWS["searchable"].columns} - {"position"}
    }
    ours = (*tables.LEDGER, tables.archived_text, *tables.PROJECTION)
    assert all(table.comment and all(column.comment for column in table.columns) for table in ours)
    with closing(sqlite3.connect(seed)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
        for name in names:
            if not name.startswith("search_"):
                assert described[name] == {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}, name


@pytest.mark.parametrize("question", QUERIES)
def test_each_query_finds_something(seed: Path, question: str) -> None:
    with closing(sqlite3.connect(seed)) as connection:
        assert connection.execute(QUERIES[question]).fetchall()


def test_the_query_for_what_came_before_finds_what_the_library_finds(seed: Path) -> None:
    question = next(question for question in QUERIES if "retaliation" in question)
    with closing(sqlite3.connect(seed)) as connection:
        found = {row[0] for row in connection.execute(QUERIES[question])}
    certain = Store(seed).timeline.before("russia-expels-60-us-diplomats", certain=True)
    assert found == {one.fact.title for one in certain}


def test_the_queries_run_in_the_shell(seed: Path) -> None:
    shell = which("sqlite3")
    if shell is None:
        pytest.skip("this machine has no sqlite3 shell")
    for query in QUERIES.values():
        assert subprocess.run([shell, "-batch", seed, query], capture_output=True, check=True).stdout


def test_the_queries_run_in_sqlite_utils(seed: Path) -> None:
    with closing(sqlite3.connect(seed)) as connection:
        database = sqlite_utils.Database(connection)
        assert all(list(database.query(query)) for query in QUERIES.values())
    command = [sys.executable, "-m", "sqlite_utils", "query", str(seed), next(iter(QUERIES.values()))]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_views_are_frames_in_pandas(seed: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed here")
    with closing(sqlite3.connect(seed)) as connection:
        frame = pandas.read_sql_query("SELECT * FROM timeline", connection)
        assert list(frame.columns) == [*VIEWS["timeline"].columns]
        assert frame.groupby("year").size()[2018] == len(frame[frame.year == 2018])
