"""What came before what, for all facts at once, as `before` answers it: for a page that works without the ledger.

Where only dates and reports decide, the answer is a comparison of limits, which are given as ranks. What stated orders and
years beyond the range of ticks decide is listed for each fact that they touch.
"""

from __future__ import annotations

from collections.abc import Collection

from factstore.reasoning.constraints import Anchor
from factstore.reasoning.edges import Bounds
from factstore.repository import far
from factstore.repository.answers import BeforePairs
from factstore.repository.questions import Questions
from factstore.repository.repository import Repository

_PLACED = "SELECT p.id, p.fact, p.tied, p.start_min, p.start_max, p.end_min, p.end_max FROM PLACEMENT p"


def pairs(repository: Repository, names: Collection[str]) -> BeforePairs:
    """How all pairs of some facts are ordered in time, by id."""
    wanted = set(names)
    placed = [row for row in repository.fetch(_PLACED) if row[0] in wanted]
    limits = sorted({limit for row in placed for limit in row[3:]})
    rank = {limit: number for number, limit in enumerate(limits)}
    ids = {row[1]: row[0] for row in placed}
    found = BeforePairs({row[0]: (rank[row[3]], rank[row[4]], rank[row[5]], rank[row[6]]) for row in placed}, {}, {})
    questions = Questions(repository)
    for name, fact, tied, *limited in placed:
        bounds = Bounds(*limited)
        if tied or far.is_far(bounds):
            decided = questions.decided_before(Anchor(fact, bounds, bool(tied)))
            for where, which in zip((found.certain, found.barred), decided, strict=True):
                where[name] = frozenset(ids[other] for other in which if other in ids and other != fact)
    return found
