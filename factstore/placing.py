"""Where facts lie: at a commit's end the live constraints are judged, and what they move is placed anew.

Constraints are judged in rank order, each against those before it; one that contradicts them is set aside whole, and judged
again with each commit that touches it. Facts that no ordering ties together are judged apart, so that work and memory follow
what a commit touched, not what there is.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from factstore.dates import parse_zone
from factstore.driver import bare, each
from factstore.evidence import derive_status
from factstore.live import AMONG, Constraints, Loader, chunks, ends_of, live_constraints, set_aside
from factstore.network import Bounds, Edge, Network, Support, irreducible
from factstore.places import Place, settle, settle_alone
from factstore.timeline import Constraint, date_constraint, first_of, last_of, place_alone, width_class

#: So many constraints are followed one by one, as far as each changes anything; more are put in force together.
_FEW = 16
#: So many facts that are tied together in groups are judged at once.
_TOGETHER = 400


class SetAside(NamedTuple):
    """A constraint that contradicts those before it, with an irreducible chain of them that ends in itself."""

    item: int
    chain: list[int]


class Outcome(NamedTuple):
    """What a commit did to time: facts placed anew, and constraints newly set aside."""

    placed: list[int]
    set_aside: list[SetAside]


class Placed(NamedTuple):
    """Where a fact may lie, what says so, and where it stands in the timeline."""

    bounds: Bounds
    support: Support
    place: Place


class Placing:
    """One commit's placements: `prior` is the position before it, `at` its last."""

    def __init__(self, connection: Connection, zone: int, prior: int, at: int) -> None:
        self._connection = connection
        self._zone = zone
        self._prior = prior
        self._at = at

    def place(self, touched: Collection[int]) -> Outcome:
        """Judge the live constraints of the facts that the commit may have moved, and place them."""
        outcome = Outcome([], [])
        aside = set_aside(self._connection, self._prior) if touched else {}
        for group in self._groups(touched):
            self._judge(group, aside, outcome)
        outcome.placed.sort()
        outcome.set_aside.sort()
        return outcome

    def _groups(self, touched: Collection[int]) -> Iterator[list[int]]:
        """The facts in groups, none of which an ordering ties to another, be it over facts that were not touched."""
        above: dict[int, int] = {}

        def top(fact: int) -> int:
            while (higher := above.setdefault(fact, fact)) != fact:
                above[fact] = fact = above[higher]
            return fact

        for chunk in chunks(touched):
            for a, b in bare(self._connection, _STATED, {"facts": json.dumps(chunk)}):
                # What leads to facts that were not touched may meet there: all of that is one group, that of 0.
                above[top(a if a in touched else 0)] = top(b if b in touched else 0)
            yield from ([alone] if (alone := [fact for fact in chunk if fact not in above]) else [])
        groups: dict[int, list[int]] = defaultdict(list)
        for fact in above.keys() - {0}:
            groups[top(fact)].append(fact)
        together: list[int] = []
        for group in groups.values():
            together += group
            if len(together) >= _TOGETHER:
                yield together
                together = []
        if together:
            yield together

    def _judge(self, group: list[int], aside: dict[int, list[int]], outcome: Outcome) -> None:
        """Judge and place facts that nothing ties to any other that was touched."""
        new = live_constraints(self._connection, group, self._at, self._zone)
        old = live_constraints(self._connection, (f for f in group if f <= self._prior), self._prior, self._zone)
        conflicts: dict[int, list[int]] = {}
        places: dict[int, Placed] = {}
        tied = []
        for fact in sorted(group):
            if new.ties.get(fact) or old.ties.get(fact):
                tied.append(fact)
                continue
            own = [new.every[by] for by in new.own.get(fact, ())]
            places[fact] = _place_alone(fact, own) or self._afresh({c.by: c for c in own}, [fact], conflicts)[fact]
        if tied:
            places |= self._judge_tied(tied, old, new, aside, conflicts)
        new.update(live_constraints(self._connection, places.keys() - new.zones.keys(), self._at, self._zone))
        self._write_ties(new, places, conflicts)
        outcome.placed.extend(places)
        outcome.set_aside.extend(self._write_aside(aside, conflicts, old, new))
        self._write(places, new, conflicts)

    def settle(self, parts: Iterable[list[int]]) -> None:
        """Judge and place whole connected parts, in tables that hold one position only and nothing of these facts yet."""
        parts = list(parts)
        live = live_constraints(self._connection, (fact for part in parts for fact in part), self._at, self._zone)
        conflicts: dict[int, list[int]] = {}
        places: dict[int, Placed] = {}
        for part in parts:
            said = {by: live.every[by] for fact in part for by in (*live.own.get(fact, ()), *live.ties.get(fact, ()))}
            alone = _place_alone(part[0], said.values()) if len(part) == 1 else None
            places |= {part[0]: alone} if alone else self._afresh(said, part, conflicts)
        self._write_ties(live, places, conflicts)
        self._write_aside({}, conflicts, Constraints(), live)
        self._write(places, live, conflicts)

    def _judge_tied(
        self,
        tied: list[int],
        old: Constraints,
        new: Constraints,
        aside: dict[int, list[int]],
        conflicts: dict[int, list[int]],
    ) -> dict[int, Placed]:
        """Place facts that orderings tie together: by what changed, or where something contradicts, as a whole part."""
        # Also the facts that an ordering tied to these before, or does now: a part may fall into several.
        near = set(tied)
        ends = [ends_of(constraint) for side in (old, new) for constraint in side.every.values()]
        near.update(*[both for both in ends if not both.isdisjoint(near)])
        whole = self._whole_part(near) if aside and self._leads_to(aside, near) else None
        if whole is None or not aside.keys() & (whole.every.keys() | old.every.keys()):
            network = self._judge_changes(old, new, tied)
            if network is not None:
                changed = [*network.changed()]
                return _placed(network, settle(network, {*changed, *near}, changed))
        whole = whole or self._whole_part(near)
        new.update(whole)
        return self._afresh(whole.every, sorted({*whole.zones, *near}), conflicts)

    def _leads_to(self, aside: Collection[int], facts: Iterable[int]) -> bool:
        """Whether orderings lead from some facts to what is set aside: a walk from either side, until one leads no further.

        So what contradicts far away costs no more than the smaller of the two parts.
        """
        given = {"facts": json.dumps([*aside])}
        sides = [{*facts}, {fact for (fact,) in bare(self._connection, _BOUND_BY, given)}]
        ahead = [*sides]
        while sides[0].isdisjoint(sides[1]):
            turn = int(len(sides[1]) < len(sides[0]))
            ahead[turn] = {
                fact
                for chunk in chunks(ahead[turn])
                for ends in bare(self._connection, _STATED, {"facts": json.dumps(chunk)})
                for fact in ends
            } - sides[turn]
            if not ahead[turn]:
                return False
            sides[turn] |= ahead[turn]
        return True

    def _judge_changes(self, old: Constraints, new: Constraints, tied: list[int]) -> Network | None:
        """Take out what no longer holds and put in what is new, from the facts touched as far as bounds change.

        None where something contradicts: then the whole connected part has to be judged in rank order.
        """
        network = Network(Loader(self._connection, self._prior, self._zone))
        within = set(tied)
        before = {by: c for by, c in old.every.items() if ends_of(c) & within}
        after = {by: c for by, c in new.every.items() if ends_of(c) & within}
        held, wanted = ({edge for c in side.values() for edge in c.edges} for side in (before, after))
        kept = held & wanted
        network.remove(sorted(held - kept))
        fresh = [
            [edge for edge in constraint.edges if edge not in kept]
            for constraint in sorted(after.values())
            if not kept.issuperset(constraint.edges)
        ]
        if len(fresh) > _FEW:
            return network if network.add_all(edge for edges in fresh for edge in edges) else None
        return None if any(network.add(edges) for edges in fresh) else network

    def _whole_part(self, facts: Iterable[int]) -> Constraints:
        """The live constraints of everything that orderings connect with these facts."""
        whole = Constraints()
        frontier = set(facts)
        seen: set[int] = set()
        while frontier:
            found = live_constraints(self._connection, frontier, self._at, self._zone)
            whole.update(found)
            seen |= frontier
            frontier = {end for constraint in found.every.values() for end in ends_of(constraint)} - seen
        return whole

    def _afresh(
        self, constraints: dict[int, Constraint], facts: list[int], conflicts: dict[int, list[int]]
    ) -> dict[int, Placed]:
        """Put constraints in force in rank order; what contradicts those before it is set aside, with its chain."""
        network = Network()
        in_force: dict[int, Collection[Edge]] = {}

        def judge(ranked: Sequence[Constraint]) -> None:
            # Together where they agree; where they do not, in halves, so that each is judged after those before it.
            if network.add_all(edge for constraint in ranked for edge in constraint.edges):
                in_force.update((constraint.by, constraint.edges) for constraint in ranked)
            elif len(ranked) > 1:
                judge(ranked[: len(ranked) // 2])
                judge(ranked[len(ranked) // 2 :])
            else:
                (constraint,) = ranked
                cycle = network.add(constraint.edges)
                edges = in_force | {constraint.by: constraint.edges}
                if cycle is None:
                    in_force.update(edges)
                else:
                    conflicts[constraint.by] = irreducible(cycle, edges.__getitem__)

        judge(sorted(constraints.values()))
        return _placed(network, settle(network, facts, facts))

    # --- writing ---

    def _write_ties(self, new: Constraints, facts: Collection[int], conflicts: dict[int, list[int]]) -> None:
        """Keep the orderings that are in force beside each other, those that touch these facts."""
        want = {by for fact in facts for by in new.ties.get(fact, ()) if by not in conflicts}
        have = self._read_ties(_TIED, (fact for fact in facts if fact <= self._prior))
        said = self._read_ties(_ORDERED, want)
        over = [by for by in have if have[by] != said.get(by)]
        fresh = [(*said[by], self._at) for by in sorted(said) if said[by] != have.get(by)]
        each(self._connection, _UNTIE, [(self._at, by) for by in over])
        each(self._connection, _TIE, fresh)

    def _read_ties(self, query: str, numbers: Iterable[int]) -> dict[int, tuple[Any, ...]]:
        return {
            row[0]: row
            for chunk in chunks(numbers)
            for row in bare(self._connection, query, {"facts": json.dumps(chunk)})
        }

    def _write_aside(
        self, aside: dict[int, list[int]], conflicts: dict[int, list[int]], old: Constraints, new: Constraints
    ) -> list[SetAside]:
        """Keep what is set aside, of all that was judged. Returns what newly is."""
        judged = old.every.keys() | new.every.keys() if aside else ()
        over = [item for item, chain in aside.items() if item in judged and conflicts.get(item) != chain]
        fresh = {item: chain for item, chain in sorted(conflicts.items()) if aside.get(item) != chain}
        each(self._connection, _RELEASE, [(self._at, item) for item in over])
        each(self._connection, _SET_ASIDE, [(item, self._at, json.dumps(chain)) for item, chain in fresh.items()])
        return [SetAside(item, chain) for item, chain in fresh.items() if item not in aside]

    def _write(self, places: dict[int, Placed], new: Constraints, conflicts: dict[int, list[int]]) -> None:
        """Write the placements that changed; the ones before them go into the history."""
        for chunk in chunks(places):
            fresh, first_change, changed = [], [], []
            held = self._held(fact for fact in chunk if fact <= self._prior)
            for fact, name in bare(self._connection, _NAMES, {"facts": json.dumps(chunk)}):
                row = (fact, name, *self._placement(fact, places[fact], new, conflicts))
                if fact not in held:
                    fresh.append((self._at, 0, *row))
                elif (was := held[fact])[2:] != row:
                    changed.append((self._at, 1, *row))
                    if not was[1]:
                        first_change.append((fact,))
            each(self._connection, _PLACE, fresh)
            each(self._connection, _TO_HISTORY, first_change)
            each(self._connection, _CLOSE, [(self._at, fact) for _, _, fact, *_ in changed])
            each(self._connection, _CHANGE, changed)
            each(self._connection, _TO_HISTORY, [(fact,) for _, _, fact, *_ in changed])

    def _held(self, facts: Iterable[int]) -> dict[int, tuple[Any, ...]]:
        """The rows that are there, each `since` and `revised` first."""
        return {
            row[2]: row
            for chunk in chunks(facts)
            for row in bare(self._connection, _PLACED, {"facts": json.dumps(chunk)})
        }

    def _placement(
        self, fact: int, placed: Placed, new: Constraints, conflicts: dict[int, list[int]]
    ) -> tuple[Any, ...]:
        """What a row of `placement` says of a fact, from `status` on."""
        zone = new.zones.get(fact)
        status = "withdrawn" if zone is None else derive_status(new.stances.get(fact, ()))
        if zone is None:
            zone, placed = self._own_placement(fact)
        bounds, support, place = placed
        ties = new.ties.get(fact, ())
        conflicting = conflicts and any(by in conflicts for by in (*new.own.get(fact, ()), *ties))
        return (
            status,
            first_of(bounds, zone),
            last_of(bounds, zone),
            *bounds,
            *place,
            *support,
            width_class(bounds),
            int(bool(ties)),
            int(bool(conflicting)),
        )

    def _own_placement(self, fact: int) -> tuple[int, Placed]:
        """Where a withdrawn fact's own date puts it: it takes part in no order and no evidence bounds it."""
        row = self._connection.execute(
            text("SELECT rank, edtf, zone FROM fact WHERE position = :fact AND until IS NULL"),
            {"fact": fact},
        ).one()
        zone = parse_zone(row.zone) if row.zone else self._zone
        dated = [date_constraint(fact, fact, row.edtf, zone)] if row.edtf and row.rank else []
        placed = _place_alone(fact, dated) or _place_alone(fact, [])
        assert placed is not None, "nothing contradicts nothing"
        return zone, placed


def _place_alone(fact: int, constraints: Collection[Constraint]) -> Placed | None:
    """The placement of a fact that no ordering ties to others, or None where its own constraints contradict."""
    found = place_alone(constraints)
    edges = (edge for constraint in constraints for edge in constraint.edges)
    return found and Placed(*found, settle_alone(fact, found[0], edges))


def _placed(network: Network, places: dict[int, Place]) -> dict[int, Placed]:
    return {fact: Placed(network.bounds(fact), network.support(fact), places[fact]) for fact in sorted(places)}


_STATED = f"""SELECT a, b FROM ordering WHERE a IN {AMONG} UNION SELECT a, b FROM ordering WHERE b IN {AMONG}"""
_BOUND_BY = """WITH given AS (SELECT value FROM json_each(:facts))
                SELECT position FROM fact WHERE position IN given
                UNION SELECT about FROM citation WHERE position IN given
                UNION SELECT a FROM ordering WHERE position IN given
                UNION SELECT b FROM ordering WHERE position IN given"""
_TIED = f"""SELECT ordering, a, relation, b, gap_min, gap_max FROM tie
            WHERE until IS NULL AND a IN {AMONG}
            UNION SELECT ordering, a, relation, b, gap_min, gap_max FROM tie
            WHERE until IS NULL AND b IN {AMONG}"""
_ORDERED = f"""SELECT position, a, relation, b, gap_min, gap_max FROM ordering
               WHERE position IN {AMONG} AND until IS NULL"""
_UNTIE = "UPDATE tie SET until = ? WHERE ordering = ? AND until IS NULL"
_TIE = "INSERT INTO tie (ordering, a, relation, b, gap_min, gap_max, since) VALUES (?, ?, ?, ?, ?, ?, ?)"
_RELEASE = "UPDATE set_aside SET until = ? WHERE item = ? AND until IS NULL"
_SET_ASIDE = "INSERT INTO set_aside (item, since, chain) VALUES (?, ?, ?)"

_NAMES = f"SELECT position, id FROM thing WHERE position IN {AMONG}"
_SAID = (
    *("fact", "id", "status", "earliest", "latest", *Bounds._fields, "place", "place_end"),
    *(*(f"{name}_by" for name in Support._fields), "width", "tied", "conflicting"),
)
_COLUMNS = ("since", "revised", *_SAID)
_LISTED = ", ".join(_COLUMNS)
_PLACED = f"SELECT {_LISTED} FROM placement WHERE fact IN {AMONG}"
_PLACE = f"INSERT INTO placement ({_LISTED}) VALUES ({', '.join('?' for _ in _COLUMNS)})"
_SET = ", ".join(f"{name} = ?{turn}" for turn, name in enumerate(_COLUMNS, start=1))
_CHANGE = f"UPDATE placement SET {_SET} WHERE fact = ?3"
_TO_HISTORY = f"INSERT INTO placement_history ({_LISTED}) SELECT {_LISTED} FROM placement WHERE fact = ?"
_CLOSE = "UPDATE placement_history SET until = ? WHERE fact = ? AND until IS NULL"
