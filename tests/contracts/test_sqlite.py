"""The contract on SQLite."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from tests.contracts.contract import LedgerContract, Places


class TestOnSqlite(LedgerContract):
    @pytest.fixture
    def places(self, tmp_path: Path) -> Places:
        numbers = count(1)
        return lambda: str(tmp_path / f"{next(numbers)}.db")
