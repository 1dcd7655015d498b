"""What the tests of the browser share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import looks


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server on the seed is, which nobody ends or writes to."""
    with looks.served(tmp_path_factory.mktemp("served")) as where:
        yield where
