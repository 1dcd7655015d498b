"""Tables by name, for what needs no definitions of them. `tables` has those, and a test holds the two to one another."""

from __future__ import annotations

#: The newest migration, which a ledger made from `tables` equals.
REVISION = "0005"

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

#: The texts that the ledger names: its records of sources do, until the source itself is redacted.
NAMED_TEXTS = """SELECT said.value FROM record r
    JOIN payload introduced ON introduced.position = r.subject
    JOIN payload p ON p.position = r.position
    JOIN json_each(p.payload, CASE r.position WHEN r.subject THEN '$' ELSE '$.changes' END) said
    WHERE r.kind IN ('source.recorded', 'source.corrected') AND said.key = 'text' AND said.value IS NOT NULL"""
