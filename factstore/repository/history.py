"""Records as people read them: who appended what, when and why, and what it changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from factstore.database.engine import NamedRow
from factstore.database.templates import EVERY, as_of
from factstore.ledger.kinds import DERIVED, FIELDS, read_plain
from factstore.plain import JsonObject
from factstore.projection.tombstones import SILENT
from factstore.repository.answers import Citation
from factstore.repository.log_answers import LogEntry
from factstore.repository.repository import Repository
from factstore.units import Position

_LOG = """SELECT r.position, r.kind, r.version, r.subject, r.recorded_at, r.hash, p.payload, t.id,
                 c.position AS "commit", c.name, c.message
          FROM record r
          LEFT JOIN payload p ON p.position = r.position
          LEFT JOIN thing t ON t.position = r.subject
          JOIN committed c ON c.position = (SELECT min(position) FROM committed WHERE position >= r.position)
          WHERE r.position <= :at"""


# The plus keeps SQLite from walking along all positions where it can look up the subjects.
_LOG_OF = _LOG.replace("r.position <= :at", "+r.position <= :at AND r.subject")


_CITED = "SELECT :subject UNION SELECT position FROM @own.citation WHERE about = :subject"


_ORDERED = " ".join(
    f"""UNION SELECT position FROM @own.ordering WHERE {end} = :subject
        UNION SELECT c.position FROM @own.ordering o JOIN @own.citation c ON c.about = o.position
              WHERE o.{end} = :subject"""
    for end in "ab"
)


class Correction(NamedTuple):
    """Who corrected a value, why, and the live citations that support it."""

    recorded_by: str
    message: str
    evidence: tuple[Citation, ...]


def log(repository: Repository, *, limit: int = 0) -> list[LogEntry]:
    """All records, newest first."""
    rows = repository.stream(f"{_LOG} ORDER BY r.position DESC")
    return [_entry(repository, row) for row in (islice(rows, limit) if limit else rows)]


def log_after(repository: Repository, position: Position, *, limit: int) -> list[LogEntry]:
    """The records after a position, oldest first; `limit` of them, or 0: all."""
    query = f"{_LOG} AND r.position > :after ORDER BY r.position LIMIT :limit"
    return [_entry(repository, row) for row in repository.rows(query, after=position, limit=limit or EVERY)]


def _entry(repository: Repository, row: NamedRow) -> LogEntry:
    return LogEntry(
        position=row.position,
        commit=row.commit,
        kind=row.kind,
        subject=row.id,
        recorded_at=row.recorded_at,
        recorded_by=row.name,
        message=row.message,
        hash=row.hash,
    )


def history(repository: Repository, name: str, *, orderings: bool = False, limit: int = 0) -> list[LogEntry]:
    """All records about a thing and its citations, oldest first, with what changed.

    Fields that follow from others are left out, and so are records of nothing else. With `orderings` also those about a
    fact's orderings and their citations.
    """
    named = repository.find(name)
    gone = named is not None and repository.kind_of(named) in SILENT
    position = named if named and gone else repository.position(name)
    concerned = f"{_CITED} {_ORDERED if orderings else ''}"
    rows = repository.rows(f"{_LOG_OF} IN ({concerned}) ORDER BY r.position", subject=position)
    values: dict[Position, JsonObject] = {}
    found: list[LogEntry] = []
    for row in rows:
        if limit and len(found) == limit:
            break
        said = read_plain(row.kind, row.version, row.payload, position=row.position) if row.payload else {}
        held = values.setdefault(row.subject, {})
        kind, _, act = row.kind.partition(".")
        fresh = said if act == "recorded" else said.get("changes", {})
        derived = DERIVED | {*said.get("filled", ())}
        if fresh and {*fresh} <= derived:
            continue
        names = [name for name in FIELDS.get(kind, ()) if name in fresh and name not in derived]
        new = {name: fresh[name] for name in names if held.get(name) != fresh[name]}
        before, after = (repository.written({name: said_of.get(name) for name in new}) for said_of in (held, new))
        changes = {name: (before[name], after[name]) for name in new}
        held.update(fresh)
        found.append(
            _entry(repository, row)._replace(
                changes=changes,
                reason=said.get("reason"),
                evidence=tuple(repository.name_of(one) for one in said.get("evidence", ())),
            )
        )
    return found


def corrections(
    repository: Repository, subjects: Sequence[Position], since: Position
) -> list[tuple[LogEntry, Position, JsonObject]]:
    """The corrections, withdrawals and restorations of some things after a position, oldest first.

    Each comes with the position of its thing and the new values as the ledger has them.
    """
    rows = repository.rows(
        f"""{_LOG_OF} @among(:subjects) AND +r.position > :since AND r.position <> r.subject ORDER BY r.position""",
        since=since,
        subjects=json.dumps(subjects),
    )
    found = []
    for row in rows:
        said = read_plain(row.kind, row.version, row.payload, position=row.position) if row.payload else {}
        evidence = tuple(repository.name_of(one) for one in said.get("evidence", ()))
        entry = _entry(repository, row)._replace(reason=said.get("reason"), evidence=evidence)
        found.append((entry, row.subject, said.get("changes", {})))
    return found


def correction(repository: Repository, fact: Position) -> Correction | None:
    """The correction that gave a fact its present date, if there is one."""
    rank = repository.rows(f"SELECT f.rank FROM fact f WHERE f.position = :fact AND {as_of('f')}", fact=fact)[0].rank
    if rank in (fact, 0):  # 0: this clock hides what supports it
        return None
    row = repository.rows(f"{_LOG} AND r.position = :rank", rank=rank)[0]
    cited = set(json.loads(row.payload).get("evidence", ())) if row.payload else set()
    names = {repository.name_of(position) for position in cited}
    evidence = tuple(citation for citation in repository.citations([fact]) if citation.id in names)
    return Correction(row.name, row.message, evidence)
