"""Questions about time, answered by ranges over placements and corrected by walks along orderings near X.

An answer is certain if bounds or a path decide it, and possible if the bounds allow it and no path bars it. Both are exact,
except that dates with gaps count as their hull; of a set of days only its runs certainly overlap anything. Nothing loads
the whole ledger; `before` reads only its page, and as much of X's connected part as it walks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from factstore.dates.ticks import first_day
from factstore.dates.written import read_period
from factstore.errors import InputError
from factstore.reasoning.closure import Certainty, certainty_of, history, tightened
from factstore.reasoning.constraints import Anchor, Question, period, read_date
from factstore.reasoning.edges import LENGTH, ORIGIN, TIME, Bounds, Edge, end_of, start_of
from factstore.reasoning.network import Network
from factstore.reasoning.relations import RELATIONS, relation_edges
from factstore.repository import far
from factstore.repository.answers import Found, History, Order, Step
from factstore.repository.filter import Filter
from factstore.repository.placed import PlacedFact
from factstore.repository.reasons import Reasons, proof
from factstore.repository.repository import Repository
from factstore.repository.runs import NOT_OF_HULLS, NOTHING_MORE, Grounds, Runs
from factstore.repository.time_search import TimeSearch
from factstore.units import Ticks

#: The relations for which `order` shows reasons, the most informative first.
_TELLING = ("before", "after", "during", "contains", "starts-before", "starts-after", "intersects")
_DAY = 24 * 60 * 60 * 1_000_000
_ANCHOR = """SELECT p.fact, p.tied, p.start_min, p.start_max, p.end_min, p.end_max
             FROM thing t JOIN PLACEMENT p ON p.fact = t.position WHERE t.id = :id AND t.position <= :at"""


class Questions:
    """Questions about time, as of a repository's position."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self.reasons = Reasons(repository)
        self._runs = Runs(repository)

    # --- what a question is about ---

    def anchor(self, x: str) -> Anchor:
        """X as a fact's id, or as a plain date in EDTF or in words that need no anchor."""
        if not x[:1].islower() or " " in x:  # an id has no space
            return period(*read_date(read_period(x).edtf).period(self._repository.zone))
        rows = list(self._repository.fetch(_ANCHOR, id=x))
        if not rows:
            self._repository.position(x, "fact")  # raises with the reason
        [(number, tied, *bounds)] = rows
        return Anchor(number, Bounds(*bounds), bool(tied))

    # --- listings ---

    def timeline(self, wanted: Filter, *, limit: int = 0, offset: int = 0) -> list[Found]:
        """Facts in an order that agrees with all stated orders, undated ones last."""
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

        `inclusive`: the days of X and Y themselves count as between them. Raises InputError if X or Y is a fact then, and
        if Y certainly ends before X begins.
        """
        anchors = [self.anchor(name) for name in (x, y) if name is not None]
        if y is not None and self._is_over(anchors[1], anchors[0]):
            raise InputError(f"{y} ends before {x} begins: nothing lies between {x} and {y}, only between {y} and {x}")
        if inclusive:
            anchors = [_opened(one, name, turn) for turn, (one, name) in enumerate(zip(anchors, (x, y), strict=True))]
        search = TimeSearch(self._repository, question, anchors, wanted, limit + offset if limit else -1, self.reasons)
        rows: Iterator[tuple[PlacedFact, Certainty]] = ((row, "certain") for row in search.certain())
        if not certain:
            rows = chain(rows, ((row, "possible") for row in search.possible()))
        network = self.reasons.network() if why else None
        page = [*islice(rows, offset, offset + limit if limit else None)]
        facts = self._repository.read_facts([row for row, _ in page])
        return [
            Found(fact, certainty, search.why(network, row) if network and certainty == "certain" else None)
            for fact, (row, certainty) in zip(facts, page, strict=True)
        ]

    def _is_over(self, y: Anchor, x: Anchor) -> bool:
        """Whether Y is certainly over when X begins."""
        if x.number and y.number and y.number in self.decided_before(x)[0]:
            return True
        return y.bounds.end_max <= x.bounds.start_min

    def decided_before(self, x: Anchor) -> tuple[set[int], set[int]]:
        """What limits alone do not decide: the facts that certainly came before X, and those that cannot have."""
        [decided] = TimeSearch(self._repository, "before", [x], Filter(), -1).decided
        return decided

    # --- two facts ---

    def order(self, a: str, b: str) -> Order:
        """How two facts are ordered in time, with reasons and example histories."""
        first, second = self._repository.position(a, "fact"), self._repository.position(b, "fact")
        if first == second:
            raise InputError(f"{a} is compared with itself; order needs two facts")
        network = self.reasons.network()
        closure = network.distances((ORIGIN, start_of(first), end_of(first), start_of(second), end_of(second)))
        by_years = far.edges_between(first, second, far.around(self._repository, first, network.bounds(first)))
        closure = tightened(closure, by_years) if by_years else closure
        meaning = {relation: relation_edges(first, relation, second, TIME) for relation in RELATIONS}
        relations = {relation: certainty_of(closure, edges) for relation, edges in meaning.items()}
        pair = [self._runs.extent(fact, network.bounds(fact)) for fact in (first, second)]
        certain = (relation for relation, certainty in relations.items() if certainty == "certain")
        grounds = {relation: self._runs.bears_out(relation, *pair) for relation in certain}
        relations |= {relation: "possible" for relation, found in grounds.items() if found is None}
        told: Sequence[str] = (
            RELATIONS if not any(one.runs for one in pair) else [one for one in RELATIONS if one not in NOT_OF_HULLS]
        )
        # A history is an example in ticks, and so cannot show years that they only stand for.
        if any(far.has_stand_in(network.bounds(fact)) for fact in (first, second)):
            told = ()
        histories = {
            relation: (self._shown(closure, meaning[relation], a, b), self._unlike(closure, meaning[relation], a, b))
            for relation in told
            if relations[relation] == "possible"
        }
        dates = self._runs.dates((first, second)).items() if "possible" in relations.values() else ()
        generous = tuple(sorted(self._repository.name_of(fact) for fact, (date, _) in dates if date.holes))
        why = self._telling(network, relations, meaning, grounds)
        if by_years and not why:
            why = self.reasons.stating((first, second))
        return Order(a, b, relations, why, histories, generous)

    def _telling(
        self,
        network: Network,
        relations: Mapping[str, Certainty],
        meaning: Mapping[str, Sequence[Edge]],
        grounds: Mapping[str, Grounds | None],
    ) -> tuple[Step, ...]:
        """Why the most informative relation is certain, or else why one of the facts cannot come before the other."""
        telling = next((name for name in _TELLING if relations[name] == "certain"), None)
        rests_on = grounds[telling] if telling else NOTHING_MORE
        if rests_on and rests_on != NOTHING_MORE:
            return self.reasons.borne_out(network, rests_on)
        wanted: Sequence[Edge] = meaning[telling] if telling else ()
        if not telling:
            barred = next((name for name in ("before", "after") if relations[name] == "impossible"), None)
            wanted = [_turned(edge) for edge in meaning[barred]] if barred else ()
        return self.reasons.steps(edge for want in wanted for edge in proof(network, want))

    def _shown(self, closure: dict[tuple[int, int], int], edges: Sequence[Edge], a: str, b: str) -> History:
        """A history in which some edges hold, as the days of two facts."""
        times = _spacious(closure, edges)
        # Nodes are in order of the facts' positions, which may differ from that in the question.
        start_1, end_1, start_2, end_2 = sorted(times)[1:]
        names = sorted((a, b), key=self._repository.position)
        return {
            name: (self._day(times[start]), self._day(times[end] - 1))
            for name, start, end in ((names[0], start_1, end_1), (names[1], start_2, end_2))
        }

    def _day(self, tick: int) -> str | None:
        zone = self._repository.zone
        return first_day(Ticks(tick - (tick + zone * 1_000_000) % _DAY), zone)

    def _unlike(self, closure: dict[tuple[int, int], int], edges: Sequence[Edge], a: str, b: str) -> History:
        """A history in which not all of the edges hold: one of them is reversed."""
        for edge in edges:
            turned = _turned(edge)
            if history(closure, [turned]) is not None:
                return self._shown(closure, [turned], a, b)
        raise AssertionError("a relation that always holds is certain, not possible")


def _opened(x: Anchor, name: str | None, turn: int) -> Anchor:
    """The moment before a period that is X, or after one that is Y, so that what lies in it is between X and Y."""
    if x.number:
        raise InputError(f"{name} is a fact, and only the days of dates can be included")
    start, end = x.bounds.start_min, x.bounds.end_max
    return period(Ticks(start - 1), start) if turn == 0 else period(end, Ticks(end + 1))


def _turned(edge: Edge) -> Edge:
    """The edge that holds if this one does not."""
    return Edge(edge.head, edge.tail, -edge.weight - 1, TIME)


def _spacious(closure: dict[tuple[int, int], int], edges: Sequence[Edge]) -> dict[int, int]:
    """A history in which the edges hold, with whole days between and within facts if there is room."""
    nodes = sorted({node for pair in closure for node in pair})[1:]
    roomy = [Edge(tail, head, weight - _DAY, by) for tail, head, weight, by in edges]
    lasting = [Edge(end, start, -_DAY, LENGTH) for start, end in (nodes[:2], nodes[2:])]
    attempts = (history(closure, tried) for tried in ([*roomy, *lasting], roomy, [*edges, *lasting], edges))
    return next(times for times in attempts if times is not None)
