"""Places facts in time: when a commit ends, its live constraints are checked, and facts that they move are placed anew.

What the commit adds or removes is checked against what is in force; what was set aside is checked only if its chain lost a
link. Facts that no ordering ties together are handled separately. So work and memory depend on what changed, not on the
size of the ledger.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple

from factstore.database.engine import Connection
from factstore.database.statements import Row, fetch, insert, run_many
from factstore.database.templates import as_of
from factstore.dates.ticks import parse_zone
from factstore.evidence.stances import derive_status
from factstore.projection.live import AMONG, Constraints, NetworkLoader, chunks, ends_of, live_constraints
from factstore.reasoning.constraints import (
    LASTS,
    Constraint,
    date_constraint,
    days_of,
    place_alone,
    stored,
    thing_of,
    width_class,
)
from factstore.reasoning.edges import ORIGIN, Bounds, Edge, Support, number_of
from factstore.reasoning.judging import Judging
from factstore.reasoning.network import Network
from factstore.reasoning.places import Place, place_facts, place_untied
from factstore.units import Position, Seconds

#: How many facts that are tied together in groups are checked at once.
_TOGETHER = 400


class SetAside(NamedTuple):
    """A constraint that contradicts those before it, with a minimal chain of them that includes it."""

    item: int
    chain: list[int]


class Outcome(NamedTuple):
    """The effect of a commit on time: facts placed anew, and constraints newly set aside."""

    placed: list[int]
    set_aside: list[SetAside]


class Placed(NamedTuple):
    """Where a fact may lie, why, and its place in the timeline."""

    bounds: Bounds
    support: Support
    place: Place


@dataclass(slots=True)
class _Verdict:
    """The result so far: where facts lie; what is set aside and why; and what was set aside before and is checked or gone."""

    places: dict[int, Placed] = field(default_factory=dict)
    chains: dict[int, list[int]] = field(default_factory=dict)
    lifted: set[int] = field(default_factory=set)

    def add(self, judging: Judging, network: Network, facts: Collection[int], changed: Iterable[int]) -> None:
        """Add what was checked, and where facts lie now: these facts, and any moved by the `changed` bounds."""
        self.chains |= judging.chains
        self.lifted |= judging.lifted
        for fact, place in sorted(place_facts(network, facts, changed).items()):
            self.places[fact] = Placed(network.bounds(fact), network.support(fact), place)


class Placing:
    """The placements of one commit. `prior` is the position before it, `at` its last."""

    def __init__(self, connection: Connection, zone: Seconds, prior: Position, at: Position) -> None:
        self._connection = connection
        self._zone = zone
        self._prior = prior
        self._at = at

    def place(self, touched: Collection[int], alone: Collection[int] = ()) -> Outcome:
        """Check the live constraints of the facts that the commit may have moved, and place them.

        `alone`: new facts in no ordering, which are not among the others.
        """
        outcome = Outcome([], [])
        for chunk in chunks(alone):
            self._place_new(chunk, outcome)
        for group in self._groups(touched):
            self._judge(group, outcome)
        outcome.placed.sort()
        outcome.set_aside.sort()
        return outcome

    def _groups(self, touched: Collection[int]) -> Iterator[list[int]]:
        """The facts in groups that no ordering ties to one another, not even through facts that were not touched."""
        above: dict[int, int] = {}

        def top(fact: int) -> int:
            while (higher := above.setdefault(fact, fact)) != fact:
                above[fact] = fact = above[higher]
            return fact

        for chunk in chunks(touched):
            for a, b in fetch(self._connection, _STATED, {"facts": json.dumps(chunk)}):
                # Ties to facts that were not touched may meet there, so all of them form one group, that of 0.
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

    def _place_new(self, facts: list[int], outcome: Outcome) -> None:
        """Place new facts that nothing ties to others."""
        live = live_constraints(self._connection, facts, self._at, self._zone, orderings=False)
        verdict = _Verdict()
        for fact in facts:
            self._afresh([live.every[by] for by in live.own.get(fact, ())], [fact], live, verdict)
        self._write_all(verdict, live, outcome)

    def _judge(self, group: list[int], outcome: Outcome) -> None:
        """Check and place facts that nothing ties to other touched facts."""
        new = live_constraints(self._connection, group, self._at, self._zone)
        old = live_constraints(self._connection, (f for f in group if f <= self._prior), self._prior, self._zone)
        verdict = _Verdict()
        tied = []
        for fact in sorted(group):
            if new.ties.get(fact) or old.ties.get(fact):
                tied.append(fact)
                continue
            verdict.lifted.update(self._aside & {*old.own.get(fact, ()), *new.own.get(fact, ())})
            self._afresh([new.every[by] for by in new.own.get(fact, ())], [fact], new, verdict)
        if tied:
            self._judge_tied(tied, old, new, verdict)
        self._write_all(verdict, new, outcome)

    def place_groups(self, parts: Iterable[Sequence[int]]) -> None:
        """Check and place whole connected parts, in tables that hold a single position and nothing of these facts yet."""
        parts = list(parts)
        live = live_constraints(self._connection, (fact for part in parts for fact in part), self._at, self._zone)
        verdict = _Verdict()
        for part in parts:
            said = {by for fact in part for by in (*live.own.get(fact, ()), *live.ties.get(fact, ()))}
            self._afresh([live.every[by] for by in said], part, live, verdict)
        self._write_all(verdict, live, Outcome([], []))

    def _afresh(
        self, constraints: list[Constraint], facts: Sequence[int], live: Constraints, verdict: _Verdict
    ) -> None:
        """Place facts by all live constraints about them and about whatever they are tied to."""
        alone = _place_alone(facts[0], constraints) if len(facts) == 1 else None
        if alone:
            verdict.places[facts[0]] = alone
            return
        said = {constraint.by: constraint for constraint in constraints}
        network = Network()
        judging = Judging(network, lambda cycle: said, live.resting_on)
        judging.judge(constraints)
        verdict.add(judging, network, facts, facts)

    def _judge_tied(self, tied: list[int], old: Constraints, new: Constraints, verdict: _Verdict) -> None:
        """Place facts that orderings tie together, from the touched facts as far as bounds change."""
        within = set(tied)
        before = {by: c for by, c in old.every.items() if ends_of(c) & within}
        after = {by: c for by, c in new.every.items() if ends_of(c) & within}
        changed = {by for by in before.keys() | after.keys() if before.get(by) != after.get(by)}
        # A constraint in force that only got another rank needs no check, except of what it keeps set aside.
        in_force = {by: one for by, one in before.items() if self._aside.isdisjoint((by, *one.rests))}
        moved = {by for by in changed & in_force.keys() if by in after and in_force[by].edges == after[by].edges}
        network = Network(NetworkLoader(self._connection, self._prior, self._zone))
        judging = Judging(
            network, partial(self._said, new), new.resting_on, partial(self._kept_aside_by, new), self._aside
        )
        judging.lifted.update(changed & self._aside)
        judging.judge(
            [after[by] for by in changed - moved if by in after],
            [in_force[by] for by in (changed - moved) & in_force.keys()],
            moved,
        )
        # Also the facts that an ordering ties to these, before or now, and those of constraints set aside or no longer so.
        near = {fact for side in (before, after) for constraint in side.values() for fact in ends_of(constraint)}
        restood = (new.every[by] for by in judging.lifted | judging.chains.keys() if by in new.every)
        near.update(*(ends_of(constraint) for constraint in restood), within)
        bounded = [*network.changed()]
        verdict.add(judging, network, {*near, *bounded}, bounded)

    @cached_property
    def _aside(self) -> set[int]:
        """What was set aside before the commit."""
        return {item for (item,) in fetch(self._connection, _ASIDE, {"at": self._prior})}

    def _said(self, new: Constraints, cycle: list[Edge]) -> Mapping[int, Constraint]:
        """All live constraints read so far, including those that the edges of a cycle rest on."""
        self._read(new, {number_of(node) for edge in cycle for node in edge[:2]} - {ORIGIN})
        return new.every

    def _kept_aside_by(self, new: Constraints, links: Collection[int]) -> Iterator[Constraint]:
        """The live constraints that were set aside before the commit and have any of these links in their chains."""
        if self._aside:
            given = {"links": json.dumps(sorted(links)), "at": self._prior}
            items = [item for (item,) in fetch(self._connection, _KEPT_ASIDE, given)]
            stated = {"facts": json.dumps([thing_of(item) for item in items])}
            self._read(new, {fact for (fact,) in fetch(self._connection, _BOUND_BY, stated)})
            yield from (new.every[item] for item in items if item in new.every)

    def _read(self, new: Constraints, facts: set[int]) -> None:
        """Read the live constraints about further facts."""
        if unread := facts - new.zones.keys():
            new.update(live_constraints(self._connection, unread, self._at, self._zone))

    # --- writing ---

    def _write_all(self, verdict: _Verdict, new: Constraints, outcome: Outcome) -> None:
        self._read(new, {*verdict.places})
        aside = (self._aside - verdict.lifted) | verdict.chains.keys()
        self._write_ties(new, verdict.places, aside)
        self._write(verdict.places, new, aside)
        outcome.placed.extend(verdict.places)
        outcome.set_aside.extend(self._write_aside(verdict))

    def _write_ties(self, new: Constraints, facts: Collection[int], aside: Collection[int]) -> None:
        """Store the orderings and lengths in force, of those that touch these facts."""
        want = {by for fact in facts for by in new.ties.get(fact, ()) if by not in aside}
        want |= {fact for fact in facts if -fact in new.every and -fact not in aside}
        have = self._read_ties(_TIED, (fact for fact in facts if fact <= self._prior))
        said = self._read_ties(_ORDERED, want)
        over = [by for by in have if have[by] != said.get(by)]
        fresh = [(*said[by], self._at) for by in sorted(said) if said[by] != have.get(by)]
        run_many(self._connection, _UNTIE, [(self._at, by) for by in over])
        insert(self._connection, "tie", _TIE, fresh)

    def _read_ties(self, query: str, numbers: Iterable[int]) -> dict[int, Row]:
        return {
            row[0]: row
            for chunk in chunks(numbers)
            for row in fetch(self._connection, query, {"facts": json.dumps(chunk)})
        }

    def _write_aside(self, verdict: _Verdict) -> list[SetAside]:
        """Store what is set aside, of all that was checked. Returns what is newly set aside."""
        if not (verdict.lifted or verdict.chains):
            return []
        given = {"facts": json.dumps(sorted(verdict.lifted)), "at": self._prior}
        was = {item: json.loads(chain) for item, chain in fetch(self._connection, _CHAINS, given)}
        over = [item for item, chain in was.items() if verdict.chains.get(item) != chain]
        fresh = {item: chain for item, chain in sorted(verdict.chains.items()) if was.get(item) != chain}
        run_many(self._connection, _RELEASE, [(self._at, item) for item in over])
        rows = [(item, self._at, json.dumps(chain)) for item, chain in fresh.items()]
        insert(self._connection, "set_aside", _SET_ASIDE, rows)
        return [SetAside(item, chain) for item, chain in fresh.items() if item not in was]

    def _write(self, places: dict[int, Placed], new: Constraints, aside: Collection[int]) -> None:
        """Write the placements that changed; the earlier ones go into the history."""
        for chunk in chunks(places):
            fresh, first_change, changed = [], [], []
            held = self._held(fact for fact in chunk if fact <= self._prior)
            for fact, name in self._named(chunk, new):
                row = (fact, name, *self._placement(fact, places[fact], new, aside))
                if fact not in held:
                    fresh.append((self._at, 0, *row))
                elif (was := held[fact])[2:] != row:
                    changed.append((self._at, 1, *row))
                    if not was[1]:
                        first_change.append((fact,))
            insert(self._connection, "placement", _COLUMNS, fresh)
            run_many(self._connection, _TO_HISTORY, first_change)
            run_many(self._connection, _CLOSE, [(self._at, fact) for _, _, fact, *_ in changed])
            run_many(self._connection, _CHANGE, [(*row, row[2]) for row in changed])
            run_many(self._connection, _TO_HISTORY, [(fact,) for _, _, fact, *_ in changed])

    def _named(self, facts: list[int], new: Constraints) -> Iterator[tuple[int, str]]:
        """Facts with their ids; a withdrawn fact's is read separately, since its constraints were not."""
        yield from ((fact, new.names[fact]) for fact in facts if fact in new.names)
        if unread := [fact for fact in facts if fact not in new.names]:
            yield from fetch(self._connection, _NAMES, {"facts": json.dumps(unread)})

    def _held(self, facts: Iterable[int]) -> dict[int, Row]:
        """The stored rows of facts; each begins with `since` and `revised`."""
        return {
            row[2]: row
            for chunk in chunks(facts)
            for row in fetch(self._connection, _PLACED, {"facts": json.dumps(chunk)})
        }

    def _placement(self, fact: int, placed: Placed, new: Constraints, aside: Collection[int]) -> Row:
        """The values of a fact's row in `placement`, from `status` on."""
        zone = new.zones.get(fact)
        status = "withdrawn" if zone is None else derive_status(new.stances.get(fact, ()))
        if zone is None:
            zone, placed = self._own_placement(fact)
        bounds, support, place = placed
        ties = new.ties.get(fact, ())
        conflicting = aside and any(by in aside for by in (*new.own.get(fact, ()), *ties))
        kept = stored(bounds)
        return (
            status,
            *days_of(fact, bounds, support, zone),
            *kept,
            *place,
            *support,
            width_class(kept),
            int(bool(ties)),
            int(bool(conflicting)),
        )

    def _own_placement(self, fact: int) -> tuple[Seconds, Placed]:
        """Where a withdrawn fact lies by its own date alone, without orderings and evidence."""
        [(rank, edtf, own_zone)] = fetch(self._connection, _OWN_DATE, (fact,))
        zone = parse_zone(own_zone) if own_zone else self._zone
        dated = [date_constraint(fact, fact, edtf, zone)] if edtf and rank else []
        placed = _place_alone(fact, dated) or _place_alone(fact, [])
        assert placed is not None, "without constraints there is no contradiction"
        return zone, placed


def _place_alone(fact: int, constraints: Collection[Constraint]) -> Placed | None:
    """The placement of a fact that no ordering ties to others, or None if its own constraints contradict."""
    found = place_alone(constraints)
    edges = (edge for constraint in constraints for edge in constraint.edges)
    return found and Placed(*found, place_untied(fact, found[0], edges))


_STATED = f"""SELECT a, b FROM ordering WHERE a {AMONG} UNION SELECT a, b FROM ordering WHERE b {AMONG}"""
_BOUND_BY = f"""SELECT position FROM fact WHERE position {AMONG}
                UNION SELECT about FROM citation WHERE position {AMONG}
                UNION SELECT a FROM ordering WHERE position {AMONG}
                UNION SELECT b FROM ordering WHERE position {AMONG}"""
_ASIDE = f"SELECT item FROM set_aside s WHERE {as_of('s')}"
_CHAINS = f"SELECT item, chain FROM set_aside s WHERE item {AMONG} AND {as_of('s')}"
_KEPT_ASIDE = f"SELECT item FROM set_aside s WHERE {as_of('s')} AND @holds_any(s.chain; :links)"
_TIED = f"""SELECT ordering, a, relation, b, gap_min, gap_max FROM tie
            WHERE until IS NULL AND a {AMONG}
            UNION SELECT ordering, a, relation, b, gap_min, gap_max FROM tie
            WHERE until IS NULL AND b {AMONG}"""
_ORDERED = f"""SELECT position, a, relation, b, gap_min, gap_max FROM ordering
               WHERE position {AMONG} AND until IS NULL
               UNION ALL
               SELECT position, position, '{LASTS}', position, lasts_min, lasts_max FROM fact
               WHERE position {AMONG} AND until IS NULL"""
_UNTIE = "UPDATE tie SET until = ? WHERE ordering = ? AND until IS NULL"
_TIE = ("ordering", "a", "relation", "b", "gap_min", "gap_max", "since")
_RELEASE = "UPDATE set_aside SET until = ? WHERE item = ? AND until IS NULL"
_SET_ASIDE = ("item", "since", "chain")

_OWN_DATE = "SELECT rank, edtf, zone FROM fact WHERE position = ? AND until IS NULL"
_NAMES = f"SELECT position, id FROM thing WHERE position {AMONG}"
_SAID = (
    *("fact", "id", "status", "earliest", "latest", *Bounds._fields, "place", "place_end"),
    *(*(f"{name}_by" for name in Support._fields), "width", "tied", "conflicting"),
)
#: The columns of a placement, except whether it was revised.
PLACED = ("since", *_SAID)
_COLUMNS = ("since", "revised", *_SAID)
_LISTED = ", ".join(_COLUMNS)
_PLACED = f"SELECT {_LISTED} FROM placement WHERE fact {AMONG}"
_CHANGE = f"UPDATE placement SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE fact = ?"
_TO_HISTORY = f"INSERT INTO placement_history ({_LISTED}) SELECT {_LISTED} FROM placement WHERE fact = ?"
_CLOSE = "UPDATE placement_history SET until = ? WHERE fact = ? AND until IS NULL"
