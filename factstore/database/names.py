"""The names of tables, for code that does not need their definitions in `tables`; a test compares the two."""

from __future__ import annotations

#: The newest migration; a ledger made from `tables` is the same as one migrated to it.
REVISION = "0011"

LEDGER = ("record", "payload")
ARCHIVE = "archived_text"
#: The projection's tables, each after those that it refers to.
PROJECTION = (
    "committed",
    "thing",
    "source",
    "speaker",
    "fact",
    "citation",
    "ordering",
    "placement",
    "placement_history",
    "tie",
    "set_aside",
)
#: Alembic's own table, which names the migration that the schema is at.
VERSION = "_alembic_version"
