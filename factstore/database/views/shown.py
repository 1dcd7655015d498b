"""How a view is described."""

from __future__ import annotations

from typing import NamedTuple


class Shown(NamedTuple):
    """A view: its statement, a sentence on what it shows, and one for each column, in order."""

    sql: str
    says: str
    columns: dict[str, str]
