"""One question about time: what walks along orderings near X decide, and sorted statements for the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property, lru_cache
from heapq import merge
from itertools import chain, takewhile

from factstore.database.templates import as_of, merged
from factstore.dates.ticks import FOREVER
from factstore.reasoning.constraints import Anchor, Condition, Question, class_width, plan, recalled
from factstore.reasoning.edges import Bounds, end_of, number_of, start_of
from factstore.reasoning.network import Network
from factstore.reasoning.places import FURTHEST
from factstore.repository import far
from factstore.repository.answers import Step
from factstore.repository.filter import Filter
from factstore.repository.placed import PLACED, PlacedFact
from factstore.repository.reasons import Reasons
from factstore.repository.repository import FACT, IN_TIME, IN_TIME_OF_ALL, WITH_FACT, Repository, in_time
from factstore.repository.runs import NOTHING_MORE, SET, Grounds, Runs, TimeExtent
from factstore.units import Ticks

#: The order of an answer: certain facts, then possible ones, each nearest first.
_NEAREST = {
    "before": ("p.end_max DESC, p.id", "p.end_min DESC, p.id"),
    "after": ("p.start_min, p.id", "p.start_max, p.id"),
    "between": (IN_TIME, IN_TIME),
    "overlapping": (IN_TIME, IN_TIME),
}
_GREATEST_GAP = f"SELECT 1 FROM tie t WHERE t.gap_max IS NOT NULL AND {as_of('t')} LIMIT 1"

#: Classes from this on have no limit of width.
_WIDEST = 124


class TimeSearch:
    """One question, as of a repository's position. `limit`: how many answers are to be read; -1: all."""

    def __init__(
        self,
        repository: Repository,
        question: Question,
        anchors: list[Anchor],
        wanted: Filter,
        limit: int,
        reasons: Reasons | None = None,
    ) -> None:
        self._repository = repository
        self._reasons = reasons or Reasons(repository)
        self._runs = Runs(repository)
        self._question = question
        self._anchors = anchors
        self._limit = limit
        self.conditions = plan(question, *anchors)
        clauses, self._given = self._repository.clauses(wanted)
        self._where = " AND ".join(clauses) or "TRUE"
        for n, condition in enumerate(self.conditions):
            self._given |= {f"certain{n}": condition.certain, f"possible{n}": condition.possible}

    @cached_property
    def _network(self) -> Network:
        return self._reasons.network(reasons=False)

    @cached_property
    def decided(self) -> tuple[tuple[set[int], set[int]], ...]:
        """What walks decide for each condition: facts for which a path makes it certain, and those for which one bars it."""
        return tuple(self._walks(condition) for condition in self.conditions)

    @cached_property
    def _years(self) -> dict[int, tuple[set[int], set[int]]]:
        """For each anchor beyond the range of ticks, the facts before and after it by their own years."""
        return {
            anchor.number: far.around(self._repository, anchor.number, anchor.bounds)
            for anchor in self._anchors
            if anchor.number and far.is_far(anchor.bounds)
        }

    def _tied(self, condition: Condition) -> bool:
        return any(anchor.tied for anchor in self._anchors if anchor.number == number_of(condition.node))

    def _walks(self, condition: Condition) -> tuple[set[int], set[int]]:
        certain, barred = set(), set()
        parity = 0 if condition.end == "start" else 1
        if self._tied(condition):
            for node, length, step in self._network.paths(condition.node, backward=not condition.at_most):
                if step and node % 2 == parity and length <= -condition.slack:
                    certain.add(number_of(node))
            for node, length, step in self._network.paths(condition.node, backward=condition.at_most):
                if step and node % 2 == parity and length < condition.slack:
                    barred.add(number_of(node))
        before, after = self._years.get(number_of(condition.node), (set(), set()))
        certain |= before if condition.at_most else after
        barred |= (after if condition.at_most else before) - certain
        return certain, barred

    def certain(self) -> Iterator[PlacedFact]:
        """The facts for which it certainly holds, nearest first."""
        if self._question == "before":
            rows = self._rows(_certain_before(self._where, self._repository.now))
            # Facts found only by paths end later than all facts found by bounds.
            paths = self._tied(self.conditions[0]) or self._years
            return chain(self._by_paths(self.conditions[0]), rows) if paths else rows
        if self._question != "overlapping":
            return self._certain_later()
        holds = " AND ".join(self._holds(n) for n in range(len(self.conditions)))
        listed = self._listed(holds, _NEAREST[self._question][0])
        return (row for row in listed if self._grounds(row) is not None)

    def _certain_later(self) -> Iterator[PlacedFact]:
        """The facts that certainly begin after X ends, and, of a `between`, end before Y begins."""
        order, *_ = _NEAREST[self._question]
        where, within, decided = self._where, "", self._paths()
        if self._question == "between":
            where = f"{self._holds(1)} AND {where}"
            # What ends by then has begun by then, unless only a path says that it ends.
            within = "" if self.decided[1][0] else "p.place <= :certain1 AND "
        rows = self._rows(_certain_later(within + where, self._repository.now, self._question), **decided)
        if not self.decided[0][0]:
            return rows
        query = f"{FACT} WHERE p.fact @among(:paths0) AND p.start_min < :certain0 AND {where} ORDER BY {order}"
        by_paths = self._rows(query, **decided)
        if self._question == "after":  # and those found only by paths have the earliest starts
            return chain(by_paths, rows)
        return merge(by_paths, rows, key=lambda row: (row.stands, -row.stands_until, row.fact))

    def _by_paths(self, condition: Condition) -> Iterator[PlacedFact]:
        """The facts that only a path puts before X, by their latest end."""
        query = f"""{FACT} WHERE p.fact @among(:paths) AND p.end_max > :certain0 AND {self._where}
                    ORDER BY p.end_max DESC, p.id"""
        if self._limit < 0 or self._years or any(self._repository.fetch(_GREATEST_GAP)):
            certain, _ = self.decided[0]
            yield from self._rows(query, paths=json.dumps(sorted(certain)))
            return
        # Without greatest gaps the walk finds them in this order, so that the first page walks no further than it needs.
        ends = (
            (bound, number_of(node))
            for node, bound in self._network.descending(condition.node)
            if node % 2 and node != condition.node
        )
        batch: list[int] = []
        last = 0
        for bound, fact in takewhile(lambda end: end[0] > condition.certain, ends):
            if bound != last and len(batch) >= self._limit:
                yield from self._rows(query, paths=json.dumps(batch))
                batch = []
            batch.append(fact)
            last = bound
        yield from self._rows(query, paths=json.dumps(batch))

    def possible(self) -> Iterator[PlacedFact]:
        """The facts for which it may hold, but not certainly, nearest first."""
        if self._question == "before":
            now = self._repository.now
            classes = tuple(tuple(width for (width,) in self._repository.fetch(query)) for query in _classes(now))
            if any(classes):
                certain, barred = self.decided[0]
                floors = {f"floor{n}": self._floor(n) for n in chain.from_iterable(classes) if n < _WIDEST}
                for row in self._rows(_possible_before(self._where, now, classes), **floors):
                    if row.fact not in certain and row.fact not in barred:
                        yield row
            return
        may = " AND ".join(self._may(n) for n in range(len(self.conditions)))
        holds = " AND ".join(self._holds(n) for n in range(len(self.conditions)))
        for row in self._listed(f"{may} AND (NOT ({holds}) OR {self._left_open()})", _NEAREST[self._question][1]):
            if self._question == "between" and not self._fits(row):
                continue
            if self._is_left_open(row) and self._overlaps(row):
                continue
            yield row

    def _floor(self, width: int) -> Ticks:
        """The time after which placements of a width class must end if they are not over by X's start."""
        return Ticks(max(self.conditions[0].certain - class_width(width), 1 - 2**63))

    # Bounds and paths are about hulls: if a date has gaps, they do not prove that it overlaps anything.

    @cached_property
    def _x(self) -> TimeExtent:
        (x,) = self._anchors
        return self._runs.extent(x.number, recalled(x.bounds))

    def _left_open(self) -> str:
        """An SQL condition for the facts for which gaps, their own or those of X, may leave the relation open."""
        if self._question != "overlapping":
            return "FALSE"
        return "TRUE" if self._x.runs else f"substr(f.edtf, 1, 1) = '{SET}'"

    def _is_left_open(self, row: PlacedFact) -> bool:
        """Whether a fact is one of those."""
        return self._question == "overlapping" and bool(self._x.runs or _is_set(row))

    def _grounds(self, row: PlacedFact) -> Grounds | None:
        """The grounds, beyond the conditions, on which a fact certainly fits; None if gaps leave that open."""
        if not self._is_left_open(row):
            return NOTHING_MORE
        bounds = recalled(Bounds(Ticks(-FOREVER), row.start_max, row.end_min, row.end_max))
        runs = self._runs
        extent = runs.extent(row.fact, bounds) if _is_set(row) else TimeExtent(row.fact, bounds)
        return runs.bears_out("intersects", self._x, extent)

    def _overlaps(self, row: PlacedFact) -> bool:
        """Whether a fact certainly overlaps X."""
        grounds = self._grounds(row)
        if grounds != NOTHING_MORE:
            return grounds is not None
        (begun, not_over), ((early, _), (late, _)) = self.conditions, self.decided
        begins = row.start_max <= begun.certain or row.fact in early
        return begins and (row.end_min >= not_over.certain or row.fact in late)

    def why(self, network: Network, row: PlacedFact) -> tuple[Step, ...]:
        """Why a fact certainly fits."""
        grounds = self._grounds(row)
        if grounds is None or grounds == NOTHING_MORE:
            found = self._reasons.why(network, row.fact, self.conditions)
            years = next((x for x, (before, after) in self._years.items() if row.fact in before | after), None)
            return found if found or years is None else self._reasons.stating((row.fact, years))
        return self._reasons.borne_out(network, grounds)

    def _rows(self, query: str, **more: str | int) -> Iterator[PlacedFact]:
        """The facts that a query finds, one by one, without X itself."""
        about = {anchor.number for anchor in self._anchors if anchor.number}
        rows = self._repository.placed(query, lazily=self._limit >= 0, **self._given, **more)
        return (row for row in rows if row.fact not in about) if about else rows

    def _listed(self, condition: str, order: str) -> Iterator[PlacedFact]:
        barred = {f"barred{n}": json.dumps(sorted(barred)) for n, (_, barred) in enumerate(self.decided)}
        query = f"{FACT} WHERE {condition} AND {self._where} ORDER BY {order}"
        return self._rows(query, **self._paths(), **barred)

    def _paths(self) -> dict[str, str]:
        return {f"paths{n}": json.dumps(sorted(certain)) for n, (certain, _) in enumerate(self.decided)}

    def _holds(self, n: int) -> str:
        condition = self.conditions[n]
        bound = f"p.{condition.end}_max <= " if condition.at_most else f"p.{condition.end}_min >= "
        return f"({bound} :certain{n} OR p.fact @among(:paths{n}))"

    def _may(self, n: int) -> str:
        condition = self.conditions[n]
        bound = f"p.{condition.end}_min <= " if condition.at_most else f"p.{condition.end}_max >= "
        return f"{bound} :possible{n} AND NOT p.fact @among(:barred{n})"

    def _fits(self, row: PlacedFact) -> bool:
        """Whether a fact is short enough to lie between X and Y, for which both conditions must hold together."""
        x, y = self._anchors
        room = y.bounds.start_max - x.bounds.end_min
        if x.number and y.number:
            ends = end_of(x.number), start_of(y.number)
            room = min(room, self._network.distances(ends)[ends])
        shortest = max(1, row.end_min - row.start_max)
        if row.tied or row.lasts_min:
            ends = end_of(row.fact), start_of(row.fact)
            shortest = max(shortest, -self._network.distances(ends)[ends])
        return bool(shortest <= room)


def _is_set(row: PlacedFact) -> bool:
    return (row.edtf or "").startswith(SET)


def _sources(now: bool) -> tuple[tuple[str, str], ...]:
    """The tables that hold the placements of a clock, each with the condition that selects them."""
    if now:
        return (("placement", "p.revised = 0"), ("placement", "p.revised = 1"))
    return (("placement", "p.revised = 0 AND p.since <= :at"), ("placement_history", as_of("p")))


# The terms of the statements below each come in the order of an index, so that they are merged only as far as rows
# are read.


@lru_cache(maxsize=64)
def _certain_before(where: str, now: bool) -> str:
    parts = (
        f"SELECT {PLACED} FROM {table} p {WITH_FACT} WHERE {picks} AND p.end_max <= :certain0 AND {where}"
        for table, picks in _sources(now)
    )
    return merged(parts, "p.end_max DESC, p.id", "end_max DESC, id")


@lru_cache(maxsize=64)
def _certain_later(where: str, now: bool, question: Question) -> str:
    # A start that has an earliest time stands there in the timeline (see `factstore.reasoning.places`).
    order, columns = ("p.place, p.id", "stands, id") if question == "after" else (IN_TIME, IN_TIME_OF_ALL)
    parts = (
        f"""SELECT {PLACED} FROM {table} p {WITH_FACT} WHERE {picks} AND p.place BETWEEN :certain0 AND {FURTHEST}
            AND p.start_min >= :certain0 AND {where}"""
        for table, picks in in_time(now)
    )
    return merged(parts, order, columns)


@lru_cache(maxsize=64)
def _possible_before(where: str, now: bool, classes: tuple[tuple[int, ...], ...]) -> str:
    # A placement of class n that is not over by X's start ends less than the class's width before it.
    parts = (
        f"""SELECT {PLACED} FROM {table} p {WITH_FACT} WHERE {picks} AND p.width = {n}
            AND p.end_min <= :possible0 AND +p.end_max > :certain0
            {f"AND p.end_min > :floor{n}" if n < _WIDEST else ""} AND {where}"""
        for (table, picks), present in zip(_sources(now), classes, strict=True)
        for n in present
    )
    return merged(parts, "p.end_min DESC, p.id", "end_min DESC, id")


@lru_cache(maxsize=2)
def _classes(now: bool) -> tuple[str, ...]:
    """For each source of placements, the width classes that occur: one step in the index for each."""
    within = ("p.revised = 0", "p.revised = 1" if now else "TRUE")
    return tuple(
        f"""WITH RECURSIVE class (width) AS (
              SELECT min(p.width) FROM {table} p WHERE {condition}
              UNION ALL
              SELECT (SELECT min(p.width) FROM {table} p WHERE {condition} AND p.width > class.width)
              FROM class WHERE class.width IS NOT NULL)
            SELECT width FROM class WHERE width IS NOT NULL"""
        for (table, _), condition in zip(_sources(now), within, strict=True)
    )
