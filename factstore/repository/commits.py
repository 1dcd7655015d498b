"""The commits of a ledger and what they did, for people who ask who changed what and why. Reads only."""

from __future__ import annotations

import json
from typing import NamedTuple

from factstore.database.engine import NamedRow
from factstore.database.templates import EVERY
from factstore.repository.repository import Repository
from factstore.units import Position

#: Things are named if a commit did the same to at most this many.
_NAMED = 3
_COMMITS = """SELECT c.position, c.first, c.recorded_at, c.name, c.kind, c.message FROM committed c
              WHERE c.position <= :at{} ORDER BY c.position DESC LIMIT :limit"""
_CALLED = " AND c.request = :request"
# A redaction about no other record is one of an archived text.
_KINDS = """SELECT kind, thing, count(*) AS times FROM (
                SELECT r.position, r.kind, CASE WHEN r.kind = 'redacted' AND r.subject = r.position THEN 'archived text'
                    WHEN r.kind = 'redacted' THEN 'record' ELSE t.kind END AS thing
                FROM record r LEFT JOIN thing t ON t.position = r.subject WHERE r.position BETWEEN :first AND :last) one
            GROUP BY kind, thing ORDER BY min(position)"""
_OF_KIND = """SELECT t.id, p.payload FROM record r LEFT JOIN payload p ON p.position = r.position
              LEFT JOIN thing t ON t.position = r.subject
              WHERE r.position BETWEEN :first AND :last AND r.kind = :kind AND (t.kind = :thing OR t.kind IS NULL)
              ORDER BY r.position"""


class Deed(NamedTuple):
    """What a commit did to things of one kind. `act`: recorded, corrected, withdrawn, restored, redacted or created.

    If they are few, `names` are their ids, each once, and `fields` the corrected fields.
    """

    act: str
    thing: str
    times: int
    names: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


class CommitSummary(NamedTuple):
    """A commit: its first and last position, when, who (a person or a program), why, and what it did."""

    first: Position
    position: Position
    recorded_at: str
    recorded_by: str
    kind: str
    message: str
    deeds: tuple[Deed, ...]


def commits(repository: Repository, limit: int = 0, request: str | None = None) -> list[CommitSummary]:
    """The commits, newest first; with `request` only the one with that id."""
    query, given = (_COMMITS.format(""), {}) if request is None else (_COMMITS.format(_CALLED), {"request": request})
    return [
        CommitSummary(
            row.first, row.position, row.recorded_at, row.name, row.kind, row.message, _deeds(repository, row)
        )
        for row in repository.rows(query, limit=limit or EVERY, **given)
    ]


def _deeds(repository: Repository, commit: NamedRow) -> tuple[Deed, ...]:
    span = {"first": commit.first, "last": commit.position - 1}
    deeds: dict[tuple[str, str], Deed] = {}
    for row in repository.rows(_KINDS, **span):
        deed = _deed(repository, span, row)
        # In a part of a ledger, what is withheld is of no kind, but its records are.
        held = deeds.get((deed.act, deed.thing))
        deeds[deed.act, deed.thing] = deed if held is None else _together(held, deed)
    return tuple(deeds.values())


def _together(one: Deed, other: Deed) -> Deed:
    times = one.times + other.times
    named = times <= _NAMED and one.names and other.names
    names, fields = ((*one.names, *other.names), (*one.fields, *other.fields)) if named else ((), ())
    return Deed(one.act, one.thing, times, names, tuple(dict.fromkeys(fields)))


def _deed(repository: Repository, span: dict[str, Position], row: NamedRow) -> Deed:
    before, _, after = row.kind.partition(".")
    act, thing = (after, before) if after else (before, row.thing or "record")
    if row.times > _NAMED or act in ("redacted", "created"):
        return Deed(act, thing, row.times)
    names: dict[str, None] = {}
    fields: dict[str, None] = {}
    for one in repository.rows(_OF_KIND, **span, kind=row.kind, thing=row.thing):
        names[one.id or ""] = None
        fields |= dict.fromkeys(json.loads(one.payload or "{}").get("changes", ()))
    return Deed(act, thing, row.times, tuple(filter(None, names)), tuple(fields))
