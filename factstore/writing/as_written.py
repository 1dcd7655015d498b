"""Dates that a document leaves to its phrases: `when: as-written` asks that the source's own words be read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from factstore.dates.written import read_written
from factstore.documents.entries import (
    AS_WRITTEN,
)
from factstore.errors import AnchorMissing, DateError
from factstore.repository.anchors import one_day

__all__ = ["asked", "read"]


def asked(fields: dict[str, Any]) -> bool:
    """Whether a fact or a citation leaves its date to its phrase."""
    return fields.get("when") == AS_WRITTEN


def read(fields: dict[str, Any], days: Iterable[str | None]) -> str:
    """Put the date that the phrase gives in its place; how it was read, in words.

    The words are seen from the anchor that the fields give, else from the day that all of `days` (EDTF) are. Raises DateError
    where there is no phrase, it cannot be read, or it needs a day and there is none.
    """
    phrase = fields.get("phrase")
    if not phrase:
        raise DateError(f"when: {AS_WRITTEN} reads the phrase, and there is none")
    try:
        written = read_written(phrase, lambda: one_day(fields.get("anchor")) or _shared(days))
    except AnchorMissing:
        raise DateError(
            f"phrase: {phrase!r} means a day only as seen from another; give that as the anchor, or the source's day of "
            "publication"
        ) from None
    fields["when"] = written.edtf
    if written.anchor and "anchor" not in fields:
        fields["anchor"] = str(written.anchor)
    return f"read as {written.edtf}" + (f": {written.because}" if written.because else "")


def _shared(days: Iterable[str | None]) -> date | None:
    different = {one_day(day) for day in days}
    return different.pop() if len(different) == 1 else None
