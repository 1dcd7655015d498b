"""What an extract says that a format may have no room for, counted.

Names are as `extract.in_numbers` takes them. A module of a format adds up what its format cannot hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from factstore.dates.edtf import Edtf
from factstore.exchange.extract import Extract
from factstore.repository.answers import Citation, Fact

ORDERINGS = "ordering"
UNCERTAIN = "inexact date* (as such in words only)"
UNDATED = "undated fact"
QUOTES = "quote"
CHAINS = "chain* of attribution"
STANCES = "stance* other than asserting"
TAGS = "tag"
ATTRIBUTES = "attribute"
GAPS = "gap* between facts"
PEOPLE = "role* of participants"
STATUSES = "status* of facts that are not simply asserted"


def is_exact(fact: Fact) -> bool:
    """Whether a fact's date is one day or one instant, for certain."""
    if fact.open_end or fact.undated or fact.begun_by is not None or fact.earliest is None:
        return False
    plain = fact.when is None or Edtf(fact.when).is_plain
    return plain and fact.earliest[:10] == (fact.latest or "")[:10]


def counted(extract: Extract, *names: str) -> Counter[str]:
    """How many there are of some of these in an extract."""
    return Counter({name: count for name in names if (count := _COUNTING[name](extract))})


def _of_citations(counts: Callable[[Citation], bool]) -> Callable[[Extract], int]:
    return lambda extract: sum(counts(citation) for _, citation in extract.citations())


def _of_facts(counts: Callable[[Fact], bool]) -> Callable[[Extract], int]:
    return lambda extract: _sum(map(counts, extract.facts))


def _sum(several: Iterable[bool]) -> int:
    return sum(several)


def _relayed(citation: Citation) -> bool:
    return tuple(dict.fromkeys(citation.attribution)) not in ((), (citation.publisher,))


_COUNTING: dict[str, Callable[[Extract], int]] = {
    ORDERINGS: lambda extract: len(extract.orderings),
    UNCERTAIN: _of_facts(lambda fact: not (fact.undated or is_exact(fact))),
    UNDATED: _of_facts(lambda fact: fact.undated),
    QUOTES: _of_citations(lambda citation: citation.quote is not None),
    CHAINS: _of_citations(_relayed),
    STANCES: _of_citations(lambda citation: citation.stance != "asserts"),
    TAGS: lambda extract: sum(len(fact.tags) for fact in extract.facts),
    GAPS: lambda extract: sum(bool(ordering.gap) for ordering in extract.orderings),
    PEOPLE: lambda extract: sum("role" in one for fact in extract.facts for one in fact.participants),
    ATTRIBUTES: lambda extract: sum(len(fact.attributes) for fact in extract.facts),
    STATUSES: _of_facts(lambda fact: fact.status != "stands"),
}
