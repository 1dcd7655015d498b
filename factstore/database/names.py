"""Tables by name, for what needs no definitions of them. `tables` has those, and a test holds the two to one another."""

from __future__ import annotations

#: The newest migration, which a ledger made from `tables` equals.
REVISION = "0007"

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
#: Alembic's own table, which says which migration the schema is at.
VERSION = "_alembic_version"
