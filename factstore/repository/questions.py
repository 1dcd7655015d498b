"""Questions about time, answered by ranges over placements, less or more what walks along stated orders decide near X.

Certain is what bounds decide or a path does; possible is what bounds allow less what a path bars. Both are exact, but for
dates with holes, which reason as their hull; of a set of days only its runs certainly overlap anything. Nothing loads the
whole ledger; `before` reads no more than its page, and what it walks of the connected part of X.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, islice, takewhile

from factstore.database.templates import as_of, merged
from factstore.dates.ticks import first_day
from factstore.dates.written import read_written
from factstore.errors import InputError
from factstore.projection.live import NetworkLoader
from factstore.reasoning.closure import Certainty, history, judge, tightened
from factstore.reasoning.constraints import Anchor, Condition, Question, class_width, period, plan, read_date, thing_of
from factstore.reasoning.network import (
    LENGTH,
    ORIGIN,
    TIME,
    UNBOUNDED,
    Bounds,
    Edge,
    Network,
    end_of,
    number_of,
    start_of,
)
from factstore.reasoning.relations import RELATIONS, relation_edges
from factstore.repository import far
from factstore.repository.answers import (
    Found,
    History,
    Order,
    Step,
    in_words,
)
from factstore.repository.filter import (
    Filter,
    check_page,
)
from factstore.repository.history import (
    Correction,
    correction,
)
from factstore.repository.placed import PLACED, PlacedFact
from factstore.repository.repository import (
    FACT,
    IN_TIME,
    WITH_FACT,
    Repository,
)
from factstore.repository.runs import NOT_OF_HULLS, NOTHING_MORE, SET, Grounds, Lying, Runs

#: The order of an answer: certain ones, then possible ones, each nearest first.
_NEAREST = {
    "before": ("p.end_max DESC, p.id", "p.end_min DESC, p.id"),
    "after": ("p.start_min, p.id", "p.start_max, p.id"),
    "between": (IN_TIME, IN_TIME),
    "overlapping": (IN_TIME, IN_TIME),
}
#: The relations whose reasons `order` shows, the most telling first.
_TELLING = ("before", "after", "during", "contains", "starts-before", "starts-after", "intersects")
_DAY = 24 * 60 * 60 * 1_000_000
_ANCHOR = """SELECT p.fact, p.tied, p.start_min, p.start_max, p.end_min, p.end_max
             FROM thing t JOIN PLACEMENT p ON p.fact = t.position WHERE t.id = :id AND t.position <= :at"""


class Questions:
    """Questions about time, as of a repository's position."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._told: dict[int, Step] = {}
        self.runs = Runs(repository)

    # --- what a question is about ---

    def anchor(self, x: str) -> Anchor:
        """X as a fact's id, or as a plain date in EDTF or in words that need no anchor."""
        if not x[:1].islower() or " " in x:  # no id holds a space
            return period(*read_date(read_written(x).as_period().edtf).period(self._repository.zone))
        rows = list(self._repository.fetch(_ANCHOR, id=x))
        if not rows:
            self._repository.position(x, "fact")  # says what is wrong with it
        [(number, tied, *bounds)] = rows
        return Anchor(number, Bounds(*bounds), bool(tied))

    def network(self, *, reasons: bool = True) -> Network:
        """The network, brought in as far as a question walks; without `reasons`, only to walk along orderings."""
        repository = self._repository
        return Network(
            NetworkLoader(repository.connection, repository.at, repository.zone, reasons=reasons, withdrawn=True)
        )

    # --- listings ---

    def timeline(self, wanted: Filter, *, limit: int = 0, offset: int = 0) -> list[Found]:
        """Facts in an order that keeps every stated one, undated ones last."""
        return [Found(fact) for fact in self._repository.facts(wanted, limit=limit, offset=offset)]

    def ask(
        self,
        question: Question,
        x: str,
        y: str | None,
        wanted: Filter,
        *,
        limit: int = 0,
        offset: int = 0,
        certain: bool = False,
        why: bool = False,
        inclusive: bool = False,
    ) -> list[Found]:
        """The facts for which a relation to X (and Y) holds: certainly, then possibly, nearest first.

        `inclusive`: of X and Y that are dates, their own days lie between them. Raises InputError where one is a fact.
        """
        check_page(limit, offset)
        anchors = [self.anchor(name) for name in (x, y) if name is not None]
        if inclusive:
            anchors = [_opened(one, name, turn) for turn, (one, name) in enumerate(zip(anchors, (x, y), strict=True))]
        search = _Search(self, question, anchors, wanted, limit + offset if limit else -1)
        rows: Iterator[tuple[PlacedFact, Certainty]] = ((row, "certain") for row in search.certain())
        if not certain:
            rows = chain(rows, ((row, "possible") for row in search.possible()))
        network = self.network() if why else None
        found = []
        for row, certainty in islice(rows, offset, offset + limit if limit else None):
            reasons = search.why(network, row) if network and certainty == "certain" else None
            found.append(Found(self._repository.read_fact(row), certainty, reasons))
        return found

    def decided_before(self, x: Anchor) -> tuple[set[int], set[int]]:
        """What limits alone do not tell of what came before X: the facts that certainly did, and those that cannot have."""
        [decided] = _Search(self, "before", [x], Filter(), -1).decided
        return decided

    # --- two facts ---

    def order(self, a: str, b: str) -> Order:
        """How two facts stand in time, with the reasons, and histories that show what is possible."""
        first, second = self._repository.position(a, "fact"), self._repository.position(b, "fact")
        if first == second:
            raise InputError(f"{a} is asked about with itself; order takes two facts")
        network = self.network()
        closure = network.distances((ORIGIN, start_of(first), end_of(first), start_of(second), end_of(second)))
        by_years = far.edges_between(first, second, far.around(self._repository, first, network.bounds(first)))
        closure = tightened(closure, by_years) if by_years else closure
        meaning = {relation: relation_edges(first, relation, second, TIME) for relation in RELATIONS}
        relations = {relation: judge(closure, edges) for relation, edges in meaning.items()}
        pair = [self.runs.lying(fact, network.bounds(fact)) for fact in (first, second)]
        certain = (relation for relation, certainty in relations.items() if certainty == "certain")
        grounds = {relation: self.runs.bears_out(relation, *pair) for relation in certain}
        relations |= {relation: "possible" for relation, found in grounds.items() if found is None}
        told = RELATIONS if not any(one.runs for one in pair) else [one for one in RELATIONS if one not in NOT_OF_HULLS]
        histories = {
            relation: (self._shown(closure, meaning[relation], a, b), self._unlike(closure, meaning[relation], a, b))
            for relation in told
            if relations[relation] == "possible"
        }
        dates = self.runs.dates((first, second)).items()
        generous = tuple(sorted(self._repository.name_of(fact) for fact, (date, _) in dates if date.holes))
        why = self._telling(network, relations, meaning, grounds)
        if by_years and not why:
            why = self.stating((first, second))
        return Order(a, b, relations, why, histories, generous)

    def _telling(
        self,
        network: Network,
        relations: Mapping[str, Certainty],
        meaning: Mapping[str, Sequence[Edge]],
        grounds: Mapping[str, Grounds | None],
    ) -> tuple[Step, ...]:
        """Why the most telling relation is certain, else why one of the facts cannot come before the other."""
        telling = next((name for name in _TELLING if relations[name] == "certain"), None)
        rests_on = grounds[telling] if telling else NOTHING_MORE
        if rests_on and rests_on != NOTHING_MORE:
            return self.borne_out(network, rests_on)
        wanted: Sequence[Edge] = meaning[telling] if telling else ()
        if not telling:
            barred = next((name for name in ("before", "after") if relations[name] == "impossible"), None)
            wanted = [_turned(edge) for edge in meaning[barred]] if barred else ()
        return self.steps(edge for want in wanted for edge in _proof(network, want))

    def _shown(self, closure: dict[tuple[int, int], int], edges: Sequence[Edge], a: str, b: str) -> History:
        """A history in which some edges hold, as the days of two facts."""
        times = _spacious(closure, edges)
        # Nodes are in order of the facts' positions, which need not be that of the question.
        start_1, end_1, start_2, end_2 = sorted(times)[1:]
        names = sorted((a, b), key=self._repository.position)
        return {
            name: (self._day(times[start]), self._day(times[end] - 1))
            for name, start, end in ((names[0], start_1, end_1), (names[1], start_2, end_2))
        }

    def _day(self, tick: int) -> str | None:
        zone = self._repository.zone
        return first_day(tick - (tick + zone * 1_000_000) % _DAY, zone)

    def _unlike(self, closure: dict[tuple[int, int], int], edges: Sequence[Edge], a: str, b: str) -> History:
        """A history in which not all of the edges hold: one of them is turned round."""
        for edge in edges:
            turned = _turned(edge)
            if history(closure, [turned]) is not None:
                return self._shown(closure, [turned], a, b)
        raise AssertionError("a relation that always holds is certain, not possible")

    # --- reasons ---

    def why(self, network: Network, fact: int, conditions: tuple[Condition, ...]) -> tuple[Step, ...]:
        """Why each condition certainly holds of a fact."""
        edges: list[Edge] = []
        for condition in conditions:
            node = start_of(fact) if condition.end == "start" else end_of(fact)
            if not condition.node:
                edges += network.why(node, condition.at_most)
                continue
            near, far = (condition.node, node) if condition.at_most else (node, condition.node)
            edges += _proof(network, Edge(near, far, -condition.slack, TIME))
        return self.steps(edges)

    def borne_out(self, network: Network, grounds: Grounds) -> tuple[Step, ...]:
        """What states the grounds of a relation."""
        edges = (edge for node, latest in grounds.bounds for edge in network.why(node, latest))
        return self.stating([*grounds.said, *(edge.by for edge in edges)])

    def steps(self, edges: Iterable[Edge]) -> tuple[Step, ...]:
        """What states some edges."""
        return self.stating(edge.by for edge in edges)

    def stating(self, stated: Iterable[int]) -> tuple[Step, ...]:
        """What states some constraints, each once; before what excludes readings of a date, that date."""
        every = [by for by in dict.fromkeys(stated) if by not in (LENGTH, TIME)]
        steps = dict.fromkeys(one for by in every for one in (*self._dates_under(by), by))
        return tuple(self.step(by) for by in steps)

    def _dates_under(self, by: int) -> tuple[int, ...]:
        """The date some of whose readings a constraint excludes."""
        if by < 0 and self._repository.kind_of(thing_of(by)) == "citation":
            return (self._about(thing_of(by)),)
        return ()

    def _about(self, citation: int) -> int:
        rows = self._repository.rows("SELECT about FROM citation WHERE position = :citation LIMIT 1", citation=citation)
        return int(rows[0].about)

    def step(self, by: int) -> Step:
        """What states a constraint, in words, with the words that it rests on."""
        if by not in self._told:
            self._told[by] = self._tell(by)
        return self._told[by]

    def _tell(self, by: int) -> Step:
        repository = self._repository
        kind, fields = repository.kind_of(thing_of(by)), repository.fields(thing_of(by))
        phrase = f" (“{fields['phrase']}”)" if "phrase" in fields else ""
        if kind == "fact" and by < 0:
            lasted = in_words(fields["lasts"])
            return self._resting(thing_of(by), "length", f"{repository.name_of(thing_of(by))} lasted {lasted}")
        if kind == "fact":
            corrected = correction(repository, by)
            if corrected:
                return self._corrected(f"{repository.name_of(by)} is dated {fields.get('when')}", corrected)
            return self._resting(by, "date", f"{repository.name_of(by)} is dated {fields.get('when')}{phrase}")
        if kind == "ordering":
            apart = f", {in_words(fields['gap'])} after" if "gap" in fields else ""
            a, b = repository.name_of(fields["a"]), repository.name_of(fields["b"])
            return self._resting(by, "ordering", f"{a} {fields['relation']} {b}{apart}{phrase}")
        about = self._about(thing_of(by))
        cited = next(iter(repository.witnesses.at([thing_of(by)])), None)
        day = fields.get("said") or (cited.published if cited else None)
        # The day of saying is that of the one who spoke, the day of publication that of the document.
        speaker = cited.attribution[0 if "said" in fields else -1] if cited else "a source"
        text = f"{repository.name_of(about)} had begun by {day}, when {speaker} told of it"
        if by < 0:
            text += f", which excludes the later readings of {repository.fields(about).get('when')}"
        return Step(
            "reading" if by < 0 else "evidence", text, cited.source if cited else None, cited.quote if cited else None
        )

    def _corrected(self, text: str, correction: Correction) -> Step:
        """A date that was corrected rests on the correction's evidence, not on what it corrected."""
        why = f": {correction.message}" if correction.message else ""
        best = next(iter(correction.evidence), None)
        text = f"{text} (corrected by {correction.recorded_by}{why})"
        return Step("date", text, best.source if best else None, best.quote if best else None)

    def _resting(self, about: int, kind: str, text: str) -> Step:
        best = next((one for one in self._repository.citations([about]) if one.stance == "asserts"), None)
        return Step(kind, text, best.source if best else None, best.quote if best else None)


# --- certain and possible, in order ---------------------------------------------------------------------------


_GREATEST_GAP = f"SELECT 1 FROM tie t WHERE t.gap_max IS NOT NULL AND {as_of('t')} LIMIT 1"

#: Classes from this on may be as wide as can be.
_WIDEST = 124


class _Search:
    """One question: what walks decide near X, and statements for the rest, each in its order."""

    def __init__(
        self, questions: Questions, question: Question, anchors: list[Anchor], wanted: Filter, limit: int
    ) -> None:
        self._repository = questions._repository
        self._question = question
        self._anchors = anchors
        self._limit = limit
        self.conditions = plan(question, *anchors)
        self._questions = questions
        clauses, self._given = self._repository.clauses(wanted)
        self._where = " AND ".join(clauses) or "TRUE"
        for n, condition in enumerate(self.conditions):
            self._given |= {f"certain{n}": condition.certain, f"possible{n}": condition.possible}

    @cached_property
    def _network(self) -> Network:
        return self._questions.network(reasons=False)

    @cached_property
    def decided(self) -> tuple[tuple[set[int], set[int]], ...]:
        """What walks decide for each condition: facts for which a path makes it certain, and those for which one bars it."""
        return tuple(self._walks(condition) for condition in self.conditions)

    @cached_property
    def _years(self) -> dict[int, tuple[set[int], set[int]]]:
        """For each anchor that lies beyond the range of ticks, the facts before and after it by their own years."""
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
        """What certainly holds, nearest first."""
        if self._question == "before":
            rows = self._rows(_certain_before(self._where, self._repository.now))
            # What only paths know ends later than all that the bounds know.
            paths = self._tied(self.conditions[0]) or self._years
            return chain(self._by_paths(self.conditions[0]), rows) if paths else rows
        holds = " AND ".join(self._holds(n) for n in range(len(self.conditions)))
        listed = self._listed(holds, _NEAREST[self._question][0])
        return (row for row in listed if self._grounds(row) is not None)

    def _by_paths(self, condition: Condition) -> Iterator[PlacedFact]:
        """Facts that only a path puts before X, by their latest end."""
        query = f"""{FACT} WHERE p.fact @among(:paths) AND p.end_max > :certain0 AND {self._where}
                    ORDER BY p.end_max DESC, p.id"""
        if self._limit < 0 or self._years or any(self._repository.fetch(_GREATEST_GAP)):
            certain, _ = self.decided[0]
            yield from self._rows(query, paths=json.dumps(sorted(certain)))
            return
        # Without greatest gaps the walk tells them in this order, so the first page needs no more of it than the page.
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
        """What may hold and does not certainly, nearest first."""
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

    def _floor(self, width: int) -> int:
        """What placements of a width class end after, at the earliest, that are not over by X's start."""
        return max(self.conditions[0].certain - class_width(width), 1 - 2**63)

    # What bounds and paths say is true of hulls: where a date has gaps, that is not enough for it to overlap anything.

    @cached_property
    def _x(self) -> Lying:
        (x,) = self._anchors
        return self._questions.runs.lying(x.number, x.bounds)

    def _left_open(self) -> str:
        """The facts that gaps, their own or those of X, may keep from what the conditions say."""
        if self._question != "overlapping":
            return "FALSE"
        return "TRUE" if self._x.runs else f"substr(f.edtf, 1, 1) = '{SET}'"

    def _is_left_open(self, row: PlacedFact) -> bool:
        """Whether a fact is one of those."""
        return self._question == "overlapping" and bool(self._x.runs or _is_set(row))

    def _grounds(self, row: PlacedFact) -> Grounds | None:
        """What it rests on, beyond the conditions, that a fact certainly fits; None where gaps leave that open."""
        if not self._is_left_open(row):
            return NOTHING_MORE
        bounds = Bounds(UNBOUNDED.start_min, row.start_max, row.end_min, row.end_max)
        runs = self._questions.runs
        lying = runs.lying(row.fact, bounds) if _is_set(row) else Lying(row.fact, bounds)
        return runs.bears_out("intersects", self._x, lying)

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
            found = self._questions.why(network, row.fact, self.conditions)
            years = next((x for x, (before, after) in self._years.items() if row.fact in before | after), None)
            return found if found or years is None else self._questions.stating((row.fact, years))
        return self._questions.borne_out(network, grounds)

    def _rows(self, query: str, **more: str | int) -> Iterator[PlacedFact]:
        """The facts that a query finds, one after the other, without X itself."""
        about = {anchor.number for anchor in self._anchors if anchor.number}
        rows = self._repository.placed(query, lazily=self._limit >= 0, **self._given, **more)
        return (row for row in rows if row.fact not in about) if about else rows

    def _listed(self, condition: str, order: str) -> Iterator[PlacedFact]:
        decided: dict[str, str] = {}
        for n, (certain, barred) in enumerate(self.decided):
            decided |= {f"paths{n}": json.dumps(sorted(certain)), f"barred{n}": json.dumps(sorted(barred))}
        return self._rows(f"{FACT} WHERE {condition} AND {self._where} ORDER BY {order}", **decided)

    def _holds(self, n: int) -> str:
        condition = self.conditions[n]
        bound = f"p.{condition.end}_max <= " if condition.at_most else f"p.{condition.end}_min >= "
        return f"({bound} :certain{n} OR p.fact @among(:paths{n}))"

    def _may(self, n: int) -> str:
        condition = self.conditions[n]
        bound = f"p.{condition.end}_min <= " if condition.at_most else f"p.{condition.end}_max >= "
        return f"{bound} :possible{n} AND NOT p.fact @among(:barred{n})"

    def _fits(self, row: PlacedFact) -> bool:
        """Whether a fact is short enough to lie between X and Y: both conditions together, not each alone."""
        x, y = self._anchors
        room = y.bounds.start_max - x.bounds.end_min
        if x.number and y.number:
            ends = end_of(x.number), start_of(y.number)
            room = min(room, self._network.distances(ends)[ends])
        shortest = max(1, row.end_min - row.start_max)
        if row.tied:
            ends = end_of(row.fact), start_of(row.fact)
            shortest = max(shortest, -self._network.distances(ends)[ends])
        return bool(shortest <= room)


def _opened(x: Anchor, name: str | None, turn: int) -> Anchor:
    """The moment before a period that is X, or after one that is Y, so that what is in it lies between."""
    if x.number:
        raise InputError(f"{name} is a fact, and only the days of dates can be taken in")
    start, end = x.bounds.start_min, x.bounds.end_max
    return period(start - 1, start) if turn == 0 else period(end, end + 1)


def _is_set(row: PlacedFact) -> bool:
    return (row.edtf or "").startswith(SET)


def _sources(now: bool) -> tuple[tuple[str, str], ...]:
    """The tables that hold the placements of a clock, each with the condition that picks them."""
    if now:
        return (("placement", "p.revised = 0"), ("placement", "p.revised = 1"))
    return (("placement", "p.revised = 0 AND p.since <= :at"), ("placement_history", as_of("p")))


# The terms of the two statements below come in the order of an index each, so that they are merged as far as rows are
# read, and no further.


@lru_cache(maxsize=64)
def _certain_before(where: str, now: bool) -> str:
    parts = (
        f"SELECT {PLACED} FROM {table} p {WITH_FACT} WHERE {picks} AND p.end_max <= :certain0 AND {where}"
        for table, picks in _sources(now)
    )
    return merged(parts, "p.end_max DESC, p.id", "end_max DESC, id")


@lru_cache(maxsize=64)
def _possible_before(where: str, now: bool, classes: tuple[tuple[int, ...], ...]) -> str:
    # A placement of class n that is not over by X's start ends, at the earliest, less than the class's width before it.
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
    """For each source, the width classes that are there: one step in the index for each."""
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


def _turned(edge: Edge) -> Edge:
    """What holds where an edge does not."""
    return Edge(edge.head, edge.tail, -edge.weight - 1, TIME)


def _spacious(closure: dict[tuple[int, int], int], edges: Sequence[Edge]) -> dict[int, int]:
    """A history in which edges hold, with whole days between and within where there is room for them."""
    nodes = sorted({node for pair in closure for node in pair})[1:]
    roomy = [Edge(tail, head, weight - _DAY, by) for tail, head, weight, by in edges]
    lasting = [Edge(end, start, -_DAY, LENGTH) for start, end in (nodes[:2], nodes[2:])]
    attempts = (history(closure, tried) for tried in ([*roomy, *lasting], roomy, [*edges, *lasting], edges))
    return next(times for times in attempts if times is not None)


def _proof(network: Network, wanted: Edge) -> list[Edge]:
    """The edges from which `time[head] - time[tail] <= weight` follows: through the origin or along a path."""
    through = [*network.why(wanted.head, True), *network.why(wanted.tail, False)]
    if sum(edge.weight for edge in through) <= wanted.weight:
        return through
    steps: dict[int, Edge | None] = {}
    for node, _, step in network.paths(wanted.tail):
        steps[node] = step
        if node == wanted.head:
            break
    path: list[Edge] = []
    node = wanted.head
    while (edge := steps.get(node)) is not None:
        path.append(edge)
        node = edge.tail
    return path[::-1]
