"""Reads from the projection which constraints were live as of a position.

A date, and a length, counts while its fact is not withdrawn; evidence while neither its citation nor its source is; an
ordering while both its facts count and, if it was ever cited, while a citation supports it. Evidence that excludes some
readings of a date gives one more constraint, which counts while both the date and the evidence do. A constraint set aside
because it contradicts is still live: it is checked again by each commit that touches it.

A fact is its number in the network here, a plain integer, which is its position.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from factstore.database.engine import Connection
from factstore.database.statements import fetch
from factstore.database.templates import as_of, in_force
from factstore.dates.ticks import parse_zone
from factstore.reasoning.constraints import (
    Constraint,
    date_constraint,
    evidence_constraint,
    lasting_constraint,
    ordering_constraint,
    reading_constraint,
    recalled,
    tie_constraint,
)
from factstore.reasoning.edges import ORIGIN, Bounds, Edge, Known, Support, number_of
from factstore.units import Position, Seconds

_CHUNK = 400

Number = TypeVar("Number", bound=int)

#: Whether a column is one of the facts that a statement is given as a JSON array.
AMONG = "@among(:facts)"
# Read as plain tuples, since a commit or a walk along orderings may pass thousands of facts.
_DATE = "f.position, f.zone, f.rank, f.edtf, f.lasts_rank, f.lasts_min, f.lasts_max"
_DATES = f"""SELECT t.id, {_DATE} FROM fact f JOIN thing t ON t.position = f.position
             WHERE f.position {AMONG} AND {in_force("f")}"""
# A withdrawn fact is placed by its date alone, and is part of no ordering.
_WITHDRAWN = f"""SELECT f.position, f.zone, f.rank, f.edtf, NULL, NULL, NULL FROM fact f
                 WHERE f.position {AMONG} AND {as_of("f")} AND f.withdrawn = 1"""
_EVIDENCE = f"""SELECT c.about, c.position, c.stance,
                       CASE WHEN c.said IS NULL AND s.rank > c.rank THEN s.rank ELSE c.rank END AS rank,
                       coalesce(c.said, s.published) AS told
                FROM citation c
                JOIN source s ON s.position = c.source AND {in_force("s")}
                WHERE c.about {AMONG} AND {in_force("c")}"""
_ORDERINGS = f"""SELECT o.position, o.rank, o.a, o.relation, o.b, o.gap_min, o.gap_max
                 FROM (SELECT * FROM ordering WHERE a {AMONG} UNION SELECT * FROM ordering WHERE b {AMONG}) o
                 JOIN fact fa ON fa.position = o.a AND {in_force("fa")}
                 JOIN fact fb ON fb.position = o.b AND {in_force("fb")}
                 WHERE {in_force("o")}
                   AND (NOT EXISTS (SELECT 1 FROM citation c WHERE c.about = o.position AND c.since <= :at)
                        OR EXISTS (SELECT 1 FROM citation c JOIN source s ON s.position = c.source AND {in_force("s")}
                                   WHERE c.about = o.position AND c.stance IN ('asserts', 'foretells')
                                   AND {in_force("c")}))"""


def chunks(numbers: Iterable[Number]) -> Iterator[list[Number]]:
    """Numbers in ascending order, each once, in lists that fit into a statement; an array has them in that order already."""
    every = numbers if isinstance(numbers, array) else sorted(set(numbers))
    for place in range(0, len(every), _CHUNK):
        yield [*every[place : place + _CHUNK]]


@dataclass(frozen=True, slots=True)
class Constraints:
    """The live constraints about some facts.

    `every`: all constraints, by their `by`. For each fact: `own`, the `by` of its date, length and evidence; `ties`, those of
    the orderings that touch it; `stances`, those taken about it; its id; its zone (none if it is withdrawn); and its date, if
    that leaves a choice. `resting`: by the constraint on which they rest, the `by` of others.
    """

    every: dict[int, Constraint] = field(default_factory=dict)
    own: dict[int, list[int]] = field(default_factory=dict)
    ties: dict[int, list[int]] = field(default_factory=dict)
    stances: dict[int, list[str]] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    zones: dict[int, Seconds] = field(default_factory=dict)
    choices: dict[int, str] = field(default_factory=dict)
    resting: dict[int, list[int]] = field(default_factory=dict)

    def resting_on(self, by: int) -> list[Constraint]:
        """The constraints that count only while this one does."""
        return [self.every[one] for one in self.resting.get(by, ())]

    def fact(
        self,
        ledger_zone: Seconds,
        fact: int,
        own_zone: str | None,
        rank: int,
        edtf: str | None,
        lasts_rank: int | None,
        lasts_min: str | None,
        lasts_max: str | None,
    ) -> None:
        """Add a fact, its date and its length.

        A rank of 0 means that its date bounds nothing, because the question's clock hides what supports it.
        """
        self.zones[fact] = zone = parse_zone(own_zone) if own_zone else ledger_zone
        if edtf is not None and rank:
            self._own(fact, date_constraint(fact, rank, edtf, zone))
            if edtf[0] == "[":
                self.choices[fact] = edtf
        if lasts_rank:
            self._own(fact, lasting_constraint(fact, lasts_rank, lasts_min, lasts_max))

    def evidence(self, fact: int, citation: int, rank: int, told: str, ledger_zone: Seconds) -> None:
        """Add what a citation asserts about a fact that is already here."""
        zone = self.zones[fact]
        bound = evidence_constraint(fact, citation, rank, told, {ledger_zone, zone})
        if bound is None:
            return
        self._own(fact, bound)
        if fact in self.choices:
            reading = reading_constraint(self.every[fact], bound, self.choices[fact], zone)
            if reading:
                self._own(fact, reading)

    def _own(self, fact: int, constraint: Constraint) -> None:
        self.every[constraint.by] = constraint
        self.own.setdefault(fact, []).append(constraint.by)
        for by in constraint.rests:
            self.resting.setdefault(by, []).append(constraint.by)

    def update(self, other: Constraints) -> None:
        """Add the constraints of others."""
        self.every.update(other.every)
        self.own.update(other.own)
        self.ties.update(other.ties)
        self.stances.update(other.stances)
        self.names.update(other.names)
        self.zones.update(other.zones)
        self.choices.update(other.choices)
        self.resting.update(other.resting)


def live_constraints(
    connection: Connection, facts: Iterable[int], at: Position, zone: Seconds, *, orderings: bool = True
) -> Constraints:
    """The live constraints about facts as of a position: their dates and evidence, and the orderings that touch them.

    `orderings`: False if it is known that there are none.
    """
    found = Constraints()
    every, ties, stances, zones = found.every, found.ties, found.stances, found.zones
    facts = set(facts)
    for chunk in chunks(facts):
        given = {"facts": json.dumps(chunk), "at": at}
        for name, *dated in fetch(connection, _DATES, given):
            found.names[dated[0]] = name
            found.fact(zone, *dated)
        for about, citation, stance, rank, told in fetch(connection, _EVIDENCE, given):
            if about not in zones:
                continue
            stances.setdefault(about, []).append(stance)
            if stance == "asserts" and told is not None:
                found.evidence(about, citation, rank, told, zone)
        for row in fetch(connection, _ORDERINGS, given) if orderings else ():
            by, _, a, _, b, _, _ = row
            if by in every:
                continue
            every[by] = ordering_constraint(*row)
            for fact in facts & {a, b}:
                ties.setdefault(fact, []).append(by)
    return found


def ends_of(constraint: Constraint) -> set[int]:
    """The facts whose ends a constraint bounds."""
    return {number_of(node) for edge in constraint.edges for node in edge[:2]} - {0}


_PLACED = f"""SELECT {{fields}} FROM placement WHERE fact {AMONG} AND +revised = 0 AND since <= :at
              UNION ALL
              SELECT {{fields}} FROM placement_history h WHERE fact {AMONG} AND {as_of("h")}"""
_BOUNDS = ", ".join(("fact", *Bounds._fields))
_WALKED = _PLACED.format(fields=_BOUNDS)
_PLACEMENT = _PLACED.format(
    fields=", ".join((_BOUNDS, *(f"{name}_by" for name in Support._fields), "place", "place_end"))
)
_ASIDE = f"SELECT item, chain FROM set_aside s WHERE {as_of('s')}"


def set_aside(connection: Connection, at: Position) -> dict[int, list[int]]:
    """What was set aside as of a position, each with the chain that it contradicts."""
    return {item: json.loads(chain) for item, chain in fetch(connection, _ASIDE, {"at": at})}


_TIES = f"""SELECT ordering, 0, a, relation, b, gap_min, gap_max FROM tie t WHERE a {AMONG} AND {as_of("t")}
            UNION ALL
            SELECT ordering, 0, a, relation, b, gap_min, gap_max FROM tie t WHERE b {AMONG} AND {as_of("t")}"""
_NEAR = f"""WITH RECURSIVE near (fact) AS (
              VALUES (:fact) @neighbours(near; {as_of("t")}; {as_of("t")}))
            SELECT fact FROM near LIMIT :reach"""


class NetworkLoader:
    """Loads facts into a `Network` as of a position and, in growing batches, the facts that they are tied to.

    With `reasons` it also loads the constraints from dates and evidence, which a walk along orderings does not need.
    With `withdrawn` it also loads facts that do not count, each placed by its own date.
    """

    def __init__(
        self, connection: Connection, at: Position, zone: Seconds, *, reasons: bool = True, withdrawn: bool = False
    ) -> None:
        self._connection = connection
        self._at = at
        self._zone = zone
        self._reasons = reasons
        self._withdrawn = withdrawn
        self._aside = set_aside(connection, at).keys() if reasons else frozenset()
        self._ready: dict[int, Known | None] = {}
        self._met: dict[int, None] = {}
        self._reach = 2

    def __call__(self, fact: int) -> Known | None:
        """A fact as it was placed; None for one that has no placement as of the position."""
        if fact > self._at:
            return None
        if fact not in self._ready:
            # If many facts are one step away they are loaded together; if the path goes on and on, only a stretch of it is.
            ahead = list(islice((other for other in self._met if other != fact), self._reach))
            if len(ahead) < self._reach // 2:
                near = fetch(self._connection, _NEAR, {"fact": fact, "reach": self._reach, "at": self._at})
                ahead = [other for (other,) in near if other != fact and other not in self._ready]
            self._fetch([fact, *ahead])
            self._reach = min(4 * self._reach, 2 * _CHUNK)
        return self._ready[fact]

    def read(self, facts: Iterable[int]) -> None:
        """Reads facts that are needed, together."""
        self._fetch([fact for fact in facts if fact not in self._ready])

    def _fetch(self, facts: list[int]) -> None:
        edges = self._constraints(facts) if self._reasons else self._ties(facts)
        self._ready.update(dict.fromkeys(facts))
        for every in edges.values():
            for tail, head, _, _ in every:
                self._met[number_of(tail)] = self._met[number_of(head)] = None
        for fact in [ORIGIN, *(fact for fact in self._met if fact in self._ready)]:
            self._met.pop(fact, None)
        if self._reasons:
            for chunk in chunks(edges):
                given = {"facts": json.dumps(chunk), "at": self._at}
                for fact, *values in fetch(self._connection, _PLACEMENT, given):
                    known = recalled(Bounds(*values[:4])), Support(*values[4:8])
                    self._ready[fact] = Known(*known, edges[fact], (values[8], values[9]))
        else:
            for fact, *bounds in fetch(self._connection, _WALKED, {"facts": json.dumps(facts), "at": self._at}):
                self._ready[fact] = Known(recalled(Bounds(*bounds)), None, edges[fact])

    def _constraints(self, facts: list[int]) -> dict[int, list[Edge]]:
        """The edges in force at each fact that is not withdrawn."""
        found = live_constraints(self._connection, facts, self._at, self._zone)
        if self._withdrawn:
            for chunk in chunks(fact for fact in facts if fact not in found.zones):
                for row in fetch(self._connection, _WITHDRAWN, {"facts": json.dumps(chunk), "at": self._at}):
                    found.fact(self._zone, *row)
        return {
            fact: [
                edge
                for by in (*found.own.get(fact, ()), *found.ties.get(fact, ()))
                if self._aside.isdisjoint((by, *found.every[by].rests))
                for edge in found.every[by].edges
            ]
            for fact in found.zones
        }

    def _ties(self, facts: list[int]) -> dict[int, list[Edge]]:
        """The edges that orderings and lengths in force give each fact."""
        edges: dict[int, list[Edge]] = {fact: [] for fact in facts}
        seen: set[int] = set()
        for row in fetch(self._connection, _TIES, {"facts": json.dumps(facts), "at": self._at}):
            ordering, _, a, _, b, _, _ = row
            if ordering not in seen:
                seen.add(ordering)
                for fact in {a, b} & edges.keys():
                    edges[fact] += tie_constraint(*row).edges
        return edges
