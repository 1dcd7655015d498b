"""Compares two copies of one ledger, or a part and the whole: they are the same, one is ahead, or they diverge.

Each hash covers all records before it. So if both chains are intact, the last hash that they share shows how far they agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from factstore.database.engine import Connection
from factstore.database.statements import fetch_named, value
from factstore.ledger import chain
from factstore.ledger.part import Portion, read_part
from factstore.ledger.verify import Problem, verify_records
from factstore.plain import JsonObject
from factstore.units import Position

#: same: up to the last record. ahead: this one goes on where the other ends; behind: the reverse. apart: they diverge.
#: another: its beginning is that of another ledger.
Standing = Literal["same", "ahead", "behind", "apart", "another"]
_HASH = "SELECT hash FROM record WHERE position = ?"
_COMMITS = """SELECT position, first, recorded_at, name, message FROM committed
              WHERE position > :after ORDER BY position"""


class LoneCommit(NamedTuple):
    """A commit that only one of two ledgers has: its first and last position, when, who, why."""

    first: Position
    commit: Position
    recorded_at: str
    recorded_by: str
    message: str

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        return self._asdict()


@dataclass(frozen=True, slots=True)
class Compared:
    """How a ledger compares to another with the same id: they agree up to `position`, and each may have commits beyond it.

    `problems` are those of the other, if it does not verify; it then proves nothing. `part`: how much of the ledger the other
    holds, if it is a part; `own_part`: how much this one does.
    """

    standing: Standing
    position: Position
    here: tuple[LoneCommit, ...]
    there: tuple[LoneCommit, ...]
    problems: tuple[Problem, ...] = ()
    part: Portion | None = None
    own_part: Portion | None = None

    @property
    def ok(self) -> bool:
        """Whether both have the same history, as far as each goes."""
        return not self.problems and self.standing not in ("apart", "another")

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        found: JsonObject = {
            "standing": self.standing,
            "position": self.position,
            "here": [one.json() for one in self.here],
            "there": [one.json() for one in self.there],
            "problems": [{"position": p.position or None, "text": p.text} for p in self.problems],
        }
        parts = {"part": self.part, "own_part": self.own_part}
        return found | {name: part.json() for name, part in parts.items() if part}


def compare(ours: Connection, theirs: Connection) -> Compared:
    """Compare our ledger to theirs. Their records are verified here; verifying ours is up to the caller."""
    part, own_part = read_part(theirs), read_part(ours)
    problems = tuple(verify_records(theirs, part=part is not None))
    if chain.created(ours).ledger != chain.created(theirs).ledger:
        return Compared("another", Position(0), (), (), problems, part, own_part)
    ends = chain.head(ours).position, chain.head(theirs).position
    common = _common(ours, theirs, Position(min(ends)))
    here, there = (_written(one, common) for one in (ours, theirs))
    standing: Standing = "apart" if common < min(ends) else "same"
    if common == min(ends) != max(ends):
        standing = "ahead" if ends[0] > ends[1] else "behind"
    return Compared(standing, common, here, there, problems, part, own_part)


def _common(ours: Connection, theirs: Connection, upto: Position) -> Position:
    """The last position at which both have the same hash."""
    low, high = Position(0), upto
    while low < high:
        middle = Position((low + high + 1) // 2)
        if value(ours, _HASH, (middle,)) == value(theirs, _HASH, (middle,)):
            low = middle
        else:
            high = Position(middle - 1)
    return low


def _written(connection: Connection, after: Position) -> tuple[LoneCommit, ...]:
    rows = fetch_named(connection, _COMMITS, {"after": after})
    return tuple(LoneCommit(row.first, row.position, row.recorded_at, row.name, row.message) for row in rows)
