"""Counts of what is in an extract and a format may have no room for.

Names are as `extract.in_numbers` takes them. The module of a format chooses those that its format cannot hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from factstore.dates.edtf import Edtf
from factstore.exchange.extract import Extract
from factstore.rendering.days import limits
from factstore.repository.answers import (
    Fact,
)

ORDERINGS = "ordering"
UNCERTAIN = "inexact date* (as such in words only)"
UNDATED = "undated fact"
TAGS = "tag"
ATTRIBUTES = "attribute"
GAPS = "gap* between facts"
PEOPLE = "role* of participants"
PUBLISHED = "publication day* of sources (as such in words only)"
NO_LINK = "citation* of sources without a link, named in words only"


def is_exact(fact: Fact) -> bool:
    """Whether a fact's date is one day or one instant, for certain."""
    if fact.open_end or fact.lies.begun:
        return False
    first, last = limits(fact)
    return first is not None and first == last and (fact.when is None or Edtf(fact.when).is_plain)


def is_link(url: str | None) -> bool:
    """Whether a source's URL is one of the web."""
    return url is not None and re.match(r"https?://[^\s/]", url) is not None


def counted(extract: Extract, *names: str) -> Counter[str]:
    """How many there are in an extract of each of the named things."""
    return Counter({name: count for name in names if (count := _COUNTING[name](extract))})


_COUNTING: dict[str, Callable[[Extract], int]] = {
    ORDERINGS: lambda extract: len(extract.orderings),
    UNCERTAIN: lambda extract: sum(not (fact.undated or is_exact(fact)) for fact in extract.facts),
    UNDATED: lambda extract: sum(fact.undated for fact in extract.facts),
    TAGS: lambda extract: sum(len(fact.tags) for fact in extract.facts),
    GAPS: lambda extract: sum(bool(ordering.gap) for ordering in extract.orderings),
    PUBLISHED: lambda extract: sum(
        extract.sources[name].published is not None for name in {one.source for _, one in extract.citations()}
    ),
    NO_LINK: lambda extract: sum(not is_link(extract.sources[one.source].url) for _, one in extract.citations()),
    PEOPLE: lambda extract: sum("role" in one for fact in extract.facts for one in fact.participants),
    ATTRIBUTES: lambda extract: sum(len(fact.attributes) for fact in extract.facts),
}
