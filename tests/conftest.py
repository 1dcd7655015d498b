"""What all tests share: Hypothesis without clocks or chance, and stores over empty ledgers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from factstore.store import Store
from tests.support import browser, postgresql

pytest.register_assert_rewrite("tests.support.checks", "tests.support.reference")
# The suite draws the same examples every time; `make fuzz` uses "random". A busy machine is not a failure.
settings.register_profile("same", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("random", deadline=None, derandomize=False, print_blob=True)
settings.load_profile("same")

NewStore = Callable[[], Store]

#: Whether stores are on PostgreSQL instead of in files.
ON_POSTGRESQL = os.environ.get("FACTSTORE_TEST_ENGINE") == "postgresql"
#: Folders whose tests need no database, and those whose tests start processes, servers or browsers.
UNIT = {"dates", "evidence", "reasoning"}
SYSTEM = {"system", "browser", "picture", "contracts"}


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores, since many tests wait for programs and servers."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks each test as `unit`, `store` or `system`, by its folder, and skips tests that the stores' engine cannot run.

    Coverage is that of the tests by example: tracing doubles the time of a test, and the random ones add nothing to it.
    """
    here = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(here).parts[0]
        item.add_marker("unit" if folder in UNIT else "system" if folder in SYSTEM else "store")
        if item.get_closest_marker("hypothesis"):
            item.add_marker("no_cover")
        about_a_file = item.get_closest_marker("on_a_file")
        if about_a_file and ON_POSTGRESQL:
            item.add_marker(pytest.mark.skip(f"it is about a file: {about_a_file.args[0]}"))


@pytest.fixture(scope="session")
def server() -> Iterator[postgresql.Server]:
    """A PostgreSQL server for the tests. If none is installed, tests that need it are skipped, or fail if CI is set."""
    where = postgresql.binaries()
    if where is None or find_spec("psycopg") is None:
        wanting = "PostgreSQL" if where is None else "psycopg"
        if os.environ.get("CI"):
            pytest.fail(f"there is no {wanting} here, and CI has everything")
        pytest.skip(f"there is no {wanting} here")
    started = postgresql.Server(where, postgresql.memory())
    yield started
    started.close()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Browser]:
    """A browser for all tests of a process; pages share nothing. Without one, tests that need it are skipped."""
    if browser.CHROMIUM is None:
        pytest.skip("this machine has no Chromium")
    with browser.Browser(tmp_path_factory.mktemp("chromium")) as started:
        yield started


@pytest.fixture
def page(chromium: browser.Browser) -> Iterator[browser.Page]:
    """A new page."""
    with chromium.page() as opened:
        yield opened


@pytest.fixture
def url(server: postgresql.Server) -> str:
    """A free place for a ledger on PostgreSQL."""
    return server.ledger()


@pytest.fixture(scope="session")
def new_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewStore:
    """Makes a store over an empty ledger, a new one on each call. Property tests need one per example.

    It is made from the schema; tests/database/test_tables.py proves that the migrations make exactly the same. With
    FACTSTORE_TEST_ENGINE=postgresql it is on PostgreSQL, to run tests there that were written for files.
    """
    if ON_POSTGRESQL:
        return _on_postgresql(request.getfixturevalue("server"))
    folder = tmp_path_factory.mktemp("stores")
    empty = folder / "empty.db"
    Store(empty).init(by="Test")
    numbers = count(1)

    def make() -> Store:
        path = folder / f"{next(numbers)}.db"
        shutil.copyfile(empty, path)
        return Store(path)

    return make


def _on_postgresql(server: postgresql.Server) -> NewStore:
    def make() -> Store:
        store = Store(server.ledger())
        store.init(by="Test")
        return store

    return make


@pytest.fixture
def store(new_store: NewStore) -> Store:
    """A store over an empty ledger."""
    return new_store()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A free path for a ledger."""
    return tmp_path / "facts.db"
