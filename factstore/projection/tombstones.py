"""What the projection has in place of what was redacted, or is withheld from a part of a ledger."""

from __future__ import annotations

from factstore.units import Position

#: In place of a redacted name or message.
REDACTED = "[redacted]"
#: In place of a withheld one.
WITHHELD = "[withheld]"
#: Kinds of things about which nothing is known.
SILENT = ("redacted", "withheld")
#: The positions of these things.
REDACTIONS = "SELECT position FROM thing WHERE id >= '[' AND id < '\\'"


def tombstone(position: Position, kind: str = "redacted") -> str:
    """The id of a thing that was redacted or is withheld. Ids that people give cannot contain brackets."""
    return f"[{kind} {position}]"
