"""Dates read from phrases: `when: as-written` in a document asks to read the source's own words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from factstore.dates.faults import EventMissing
from factstore.dates.written import read_written
from factstore.documents.entries import AS_WRITTEN
from factstore.errors import AnchorMissing, DateError
from factstore.plain import JsonObject
from factstore.repository.anchors import one_day

__all__ = ["asked", "read"]


def asked(fields: JsonObject) -> bool:
    """Whether a fact or a citation asks to read its date from its phrase."""
    return fields.get("when") == AS_WRITTEN


def read(fields: JsonObject, days: Iterable[str | None], *, own_anchor: bool = True) -> str:
    """Replace `when` with the date that the phrase gives. Returns in words how it was read.

    The words are read from the anchor in the fields, or else from the one day that all of `days` (EDTF) name. `own_anchor`:
    the anchor is given for these very fields, rather than for a whole document. Raises DateError if there is no phrase, if
    it cannot be read, or if it needs a day and there is none.
    """
    phrase = fields.get("phrase")
    if not phrase:
        raise DateError(f"when: {AS_WRITTEN} reads the phrase, but there is none")
    anchor = one_day(fields.get("anchor"))
    try:
        written = read_written(phrase, anchor if own_anchor else None, said_on=lambda: anchor or _shared(days))
    except EventMissing as error:
        raise DateError(f"phrase: {error}") from None
    except AnchorMissing:
        raise DateError(
            f"phrase: {phrase!r} means a day only relative to another; give that as the anchor, or the source's day of "
            "publication"
        ) from None
    fields["when"] = written.edtf
    if written.anchor and "anchor" not in fields:
        fields["anchor"] = str(written.anchor)
    return f"read as {written.edtf}" + (f": {written.because}" if written.because else "")


def _shared(days: Iterable[str | None]) -> date | None:
    different = {one_day(day) for day in days}
    return different.pop() if len(different) == 1 else None
