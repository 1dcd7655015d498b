"""The day from which words about a thing are read if nobody gives one: a fact's anchor, or the day of its source."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from factstore.repository.repository import Repository

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]+(?:Z|[-+][0-9:]+)?)?")


def one_day(edtf: str | None) -> date | None:
    """The day that an EDTF text names, as written; None if it is not exactly one day, or is marked as uncertain."""
    found = _DAY.fullmatch(edtf or "")
    return date.fromisoformat(found[1]) if found else None


def anchor_of(repository: Repository, name: str) -> date | None:
    """The day from which words about a thing are read; None if there is not exactly one.

    For a fact it is the anchor, or else the day on which all its sources were published; for a source its day of publication;
    for a citation the day it was said, or else its source's. Raises UnknownId.
    """
    position = repository.position(name)
    fields = repository.fields(position)
    own = one_day(next((fields[key] for key in ("anchor", "said", "published") if fields.get(key)), None))
    if own or repository.kind_of(position) not in ("fact", "citation"):
        return own
    if "source" in fields:
        return one_day(repository.fields(fields["source"]).get("published"))
    return _shared(one_day(citation.published) for citation in repository.speaking_of(name))


def _shared(days: Iterable[date | None]) -> date | None:
    different = set(days)
    return different.pop() if len(different) == 1 else None
