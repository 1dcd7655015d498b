"""What all tests share: Hypothesis without clocks or chance, and stores over empty ledgers."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from factstore.store import Store

pytest.register_assert_rewrite("tests.support.checks", "tests.support.reference")
# The suite is the same every time; `make fuzz` takes "random". A busy machine is no failure.
settings.register_profile("same", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("random", deadline=None, derandomize=False, print_blob=True)
settings.load_profile("same")

NewStore = Callable[[], Store]


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> NewStore:
    """Makes a store over an empty ledger, a new one on each call. Property tests need one per example.

    Made by the schema; that the migrations make the same, to the letter, tests/database/test_tables.py proves.
    """
    folder = tmp_path_factory.mktemp("stores")
    empty = folder / "empty.db"
    Store(empty).init(by="Test")
    numbers = count(1)

    def make() -> Store:
        path = folder / f"{next(numbers)}.db"
        shutil.copyfile(empty, path)
        return Store(path)

    return make


@pytest.fixture
def store(new_store: NewStore) -> Store:
    """A store over an empty ledger."""
    return new_store()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger may be made; nothing is there yet."""
    return tmp_path / "facts.db"
