"""From which day words about a thing are seen, where nobody says: a fact's anchor, the day of its source."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from factstore.repository.repository import (
    Repository,
)

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T[0-9:.]+(?:Z|[-+][0-9:]+)?)?")


def one_day(edtf: str | None) -> date | None:
    """The day that an EDTF text names as it is written; None where it names no single one, or marks it."""
    found = _DAY.fullmatch(edtf or "")
    return date.fromisoformat(found[1]) if found else None


def anchor_of(repository: Repository, name: str) -> date | None:
    """The day from which words about a thing are seen; None where there is no one day.

    Of a fact its anchor, else the day on which all of its sources were published; of a source its day of publication; of a
    citation the day it was said, else its source's. Raises UnknownId.
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
