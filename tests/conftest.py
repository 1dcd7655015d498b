"""What all tests share: Hypothesis without clocks or chance, and stores over ledgers that came to be in different ways."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from factstore import ledger, projection, sqlite, upgrade
from factstore.records import By
from factstore.store import Store

pytest.register_assert_rewrite("tests.checks", "tests.reference")
# The suite is the same every time; `make fuzz` takes "random". A busy machine is no failure.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None, derandomize=False, print_blob=True)
settings.load_profile("same")

NewStore = Callable[[], Store]


def _created(path: Path) -> None:
    Store(path).init(by="Test")


def _migrated(path: Path) -> None:
    """The same ledger in tables that the migrations made."""
    upgrade.run(path)
    with sqlite.engine(path, writable=True).connect() as connection:
        fold = projection.Fold(connection)
        draft = ledger.Draft(connection, fold.record)
        draft.create("+00:00")
        position = draft.next
        draft.close(By(name="Test"), "a new ledger")
        fold.finish(position)
        connection.commit()
    sqlite.make_durable(path)


@pytest.fixture(scope="session", params=[_created, _migrated], ids=["created", "migrated"])
def new_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> NewStore:
    """Makes a store over an empty ledger, a new one on each call. Property tests need one per example."""
    folder = tmp_path_factory.mktemp("stores")
    empty = folder / "empty.db"
    request.param(empty)
    numbers = count(1)

    def make() -> Store:
        path = folder / f"{next(numbers)}.db"
        shutil.copyfile(empty, path)
        return Store(path)

    return make


@pytest.fixture
def store(new_store: NewStore) -> Store:
    """A store over an empty ledger: whatever uses it runs on created and on migrated tables."""
    return new_store()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger may be made; nothing is there yet."""
    return tmp_path / "facts.db"
