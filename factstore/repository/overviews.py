"""What a ledger contains and what needs attention, in numbers."""

from __future__ import annotations

from factstore.database.templates import as_of, in_force
from factstore.ledger.part import read_part
from factstore.repository.answers import Waiting
from factstore.repository.conflicts import count_conflicts
from factstore.repository.filter import Filter
from factstore.repository.history import log
from factstore.repository.log_answers import Overview
from factstore.repository.repository import Repository

_MISSING = f"""SELECT count(*) AS quotes FROM citation c JOIN source s ON s.position = c.source AND {in_force("s")}
               WHERE {in_force("c")} AND c.quote_check = 'missing'"""


def overview(repository: Repository) -> Overview:
    """The numbers of things, and a fact to begin with: the one in most of the first orderings."""
    ends = " UNION ALL ".join(
        f"SELECT fact FROM (SELECT {end} AS fact FROM tie t WHERE {as_of('t')} LIMIT 500) {end}" for end in "ab"
    )
    (counts,) = repository.rows(
        f"""SELECT (SELECT count(*) FROM PLACEMENT p WHERE p.status <> 'withdrawn') AS facts,
                   (SELECT count(*) FROM source s WHERE {in_force("s")}) AS sources,
                   (SELECT count(*) FROM set_aside s WHERE {as_of("s")}) AS conflicts,
                   (SELECT id FROM PLACEMENT p JOIN ({ends}) ends USING (fact)
                    GROUP BY fact, id ORDER BY count(*) DESC, fact LIMIT 1) AS tied,
                   (SELECT id FROM PLACEMENT p WHERE p.status <> 'withdrawn' ORDER BY p.fact LIMIT 1) AS first"""
    )
    last = next(iter(log(repository, limit=1)), None)
    part = read_part(repository.connection)
    return Overview(counts.facts, counts.sources, counts.conflicts, last, counts.tied or counts.first, part)


def waiting(repository: Repository) -> Waiting:
    """What needs attention, in numbers."""

    def count(wanted: Filter) -> int:
        clauses, given = repository.clauses(wanted)
        where = " AND ".join([*clauses, "p.status <> 'withdrawn'"])
        query = f"SELECT count(*) AS facts FROM PLACEMENT p WHERE {where}"
        return int(repository.rows(query, **given)[0].facts)

    return Waiting(
        undated=count(Filter(undated=True)),
        single_origin=count(Filter(single_origin=True)),
        unquoted=count(Filter(unquoted=True)),
        unsupported=count(Filter(status=("unsupported",))),
        missing_quotes=repository.rows(_MISSING)[0].quotes,
        conflicts=count_conflicts(repository),
    )


def statuses(repository: Repository, wanted: Filter) -> dict[str, int]:
    """How many facts pass a filter, by status."""
    clauses, given = repository.clauses(wanted)
    where = " AND ".join(clauses) or "TRUE"
    query = f"SELECT p.status, count(*) AS facts FROM PLACEMENT p WHERE {where} GROUP BY p.status"
    return {row.status: row.facts for row in repository.rows(query, **given)}
