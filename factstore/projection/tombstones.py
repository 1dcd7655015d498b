"""What stands in the projection in place of what was redacted, or is withheld from a part of a ledger."""

from __future__ import annotations

#: What stands where a name or message was redacted.
REDACTED = "[redacted]"
#: What stands there where it is withheld.
WITHHELD = "[withheld]"
#: Kinds of things of which nothing is known.
SILENT = ("redacted", "withheld")
#: The positions of such payloads.
REDACTIONS = "SELECT position FROM thing WHERE id >= '[' AND id < '\\'"


def tombstone(position: int, kind: str = "redacted") -> str:
    """What stands for a thing that was redacted or is withheld. No id that anybody gives has brackets in it."""
    return f"[{kind} {position}]"
