"""Fixtures for tests of the browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import looks


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on the seed, which no test ends or writes to."""
    with looks.served(tmp_path_factory.mktemp("served")) as where:
        yield where
