"""What stands in the projection in place of what was redacted."""

from __future__ import annotations

#: What stands where a name or message was redacted.
REDACTED = "[redacted]"
#: The positions of redacted payloads.
REDACTIONS = "SELECT position FROM thing WHERE id >= '[redacted ' AND id < '[redacted!'"


def tombstone(position: int) -> str:
    """What stands for a thing that was redacted. No id that anybody gives has brackets in it."""
    return f"[redacted {position}]"
