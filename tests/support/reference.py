"""The naive reader: folds the ledger's records in memory and answers by brute force. The oracle for every question.

It shares with the code under test what a date, a duration and a day's end are, and nothing else: no table, no search, no
memory of an earlier answer. All live constraints go into one matrix of differences in rank order; one that would make it
unsolvable is left out as a whole. Minus the position of a fact stands for how long it lasted, minus that of a citation for
the readings of its fact's date that it leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from factstore.dates.edtf import Edtf
from factstore.dates.forms import Corners
from factstore.dates.ticks import (
    FOREVER,
    before_push,
    day_end,
    first_and_last,
    gap_bounds,
    last_start,
    length_bounds,
    parse_zone,
)
from factstore.ledger import chain
from factstore.ledger.payloads import CommitEnd, Corrected, LedgerCreated, Restored, Withdrawn, decode_record
from factstore.ledger.record import Record
from factstore.store import Store
from factstore.units import Ticks

#: `p + least <= q` for each triple (p, q, least), over the starts and ends of a and b.
MEANING = {
    "before": [("ae", "bs", 0)],
    "after": [("be", "as", 0)],
    "starts-before": [("as", "bs", 1)],
    "starts-after": [("bs", "as", 1)],
    "during": [("bs", "as", 0), ("ae", "be", 0)],
    "contains": [("as", "bs", 0), ("be", "ae", 0)],
    "intersects": [("as", "be", 1), ("bs", "ae", 1)],
    "equals": [("as", "bs", 0), ("bs", "as", 0), ("ae", "be", 0), ("be", "ae", 0)],
    "meets": [("ae", "bs", 0), ("bs", "ae", 0)],
    "met-by": [("be", "as", 0), ("as", "be", 0)],
    "overlaps": [("as", "bs", 1), ("bs", "ae", 1), ("ae", "be", 1)],
    "overlapped-by": [("bs", "as", 1), ("as", "be", 1), ("be", "ae", 1)],
    "starts": [("as", "bs", 0), ("bs", "as", 0), ("ae", "be", 1)],
    "started-by": [("as", "bs", 0), ("bs", "as", 0), ("be", "ae", 1)],
    "finishes": [("ae", "be", 0), ("be", "ae", 0), ("bs", "as", 1)],
    "finished-by": [("ae", "be", 0), ("be", "ae", 0), ("as", "bs", 1)],
}

#: Where time ends for what nothing else bounds: beyond any sum of gaps.
FAR = 10**40
#: Relations for which it is not enough that hulls fit if a date leaves gaps: those that share some time, or all of it (the
#: first of each pair lies inside the second).
SHARING = {"intersects", "overlaps", "overlapped-by"}
NESTED = {
    "during": ["ab"],
    "starts": ["ab"],
    "finishes": ["ab"],
    "contains": ["ba"],
    "started-by": ["ba"],
    "finished-by": ["ba"],
    "equals": ["ab", "ba"],
}

_GIVES_TIME = {
    "fact": {"when", "zone"},
    "citation": {"stance", "said", "source"},
    "source": {"published"},
    "ordering": {"a", "relation", "b", "gap"},
    "speaker": set(),
}

Matrix = list[list[int]]


class Difference(NamedTuple):
    """`time[head] - time[tail] <= most`."""

    tail: int
    head: int
    most: int


@dataclass
class Thing:
    """What the ledger says about one thing so far."""

    kind: str
    id: str
    fields: dict[str, Any]
    rank: int
    version: int
    withdrawn: bool = False
    lasts_rank: int = 0


def records_of(store: Store) -> list[Record]:
    """All records of a ledger, as they are in the file."""
    with store.file.reading() as connection:
        return list(chain.read(connection))


def commits_of(records: Iterable[Record]) -> list[int]:
    """The positions at which commits end."""
    return [record.position for record in records if record.header.kind == CommitEnd.KIND]


def _endless(corners: Corners) -> Corners:
    """Corners where what never began or ends reaches to the end of time."""
    start_max = Ticks(-FAR) if corners.start_max == -FOREVER else corners.start_max
    return corners._replace(start_max=start_max, end_min=Ticks(FAR) if corners.end_min == FOREVER else corners.end_min)


def _surely(low: int | None, high: int | None) -> bool:
    return low is not None and high is not None and low < high


def close(matrix: Matrix, difference: Difference) -> Matrix | None:
    """The closure with one more difference; None if that has no solution."""
    tail, head, most = difference
    nodes = range(len(matrix))
    tighter = [[min(matrix[i][j], matrix[i][tail] + most + matrix[head][j]) for j in nodes] for i in nodes]
    return None if any(tighter[i][i] < 0 for i in nodes) else tighter


def close_all(matrix: Matrix, differences: Iterable[Difference]) -> Matrix | None:
    found: Matrix | None = matrix
    for difference in differences:
        found = close(found, difference) if found is not None else None
    return found


def floyd_warshall(matrix: Matrix) -> Matrix:
    nodes = range(len(matrix))
    for k in nodes:
        matrix = [[min(matrix[i][j], matrix[i][k] + matrix[k][j]) for j in nodes] for i in nodes]
    return matrix


@dataclass
class Reference:
    """The chronology as of a position. `x` in a question is a fact's id or a plain date.

    `published` and `held` are days, months or years: then only what rests on sources certainly published, or retrieved, by
    their end counts.
    """

    records: Sequence[Record]
    upto: int
    zone: int = 0
    published: str | None = None
    held: str | None = None
    things: dict[int, Thing] = field(default_factory=dict)
    about: dict[int, int] = field(default_factory=dict)
    aside: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._fold_all(set())
        if self.published or self.held:
            self._hide()
        self.facts = [position for position, thing in self.things.items() if thing.kind == "fact"]
        self.orderings = {position for position, thing in self.things.items() if thing.kind == "ordering"}
        self.constraints = dict(self._constraints())
        self.matrix = self._judge()

    # --- what is there ---

    def _fold_all(self, hidden: set[int]) -> None:
        """Fold all records up to the position; of corrections on hidden evidence, only fields that decide what rests on
        what."""
        self.things, self.about = {}, {}
        for record in self.records:
            if record.position <= self.upto:
                self._fold(record, hidden=record.position in hidden)
        # What rests on something that was redacted counts nowhere.
        ends = {"citation": ("source",), "ordering": ("a", "b")}
        for position, thing in [*self.things.items()]:
            refers = {self.about.get(position, position), *(thing.fields[end] for end in ends.get(thing.kind, ()))}
            if not refers <= self.things.keys():
                del self.things[position]

    def _hide(self) -> None:
        """Leave only what rests on sources that were certainly published, or held, by then."""
        things = self.things
        out = {source for source, thing in things.items() if thing.kind == "source" and self._was_out(source)}
        counts = {
            citation
            for citation in self.about
            if self._stands(citation)
            and things[citation].fields["source"] in out
            and self._stands(things[citation].fields["source"])
        }
        resting = ((record.position, decode_record(record)) for record in self.records)
        self._fold_all(
            {
                at
                for at, said in resting
                if isinstance(said, Corrected) and said.evidence and not counts & {*said.evidence}
            }
        )
        there = {self.about[citation] for citation in counts} & self.things.keys()
        there -= {
            position
            for position in there
            if self.things[position].kind == "ordering"
            and not {self.things[position].fields["a"], self.things[position].fields["b"]} <= there
        }
        there |= {one for one in self.about if one in self.things and self.things[one].fields["source"] in out} & {
            citation for citation, about in self.about.items() if about in there
        }
        there |= out | {position for position, thing in self.things.items() if thing.kind == "speaker"}
        self.things = {position: thing for position, thing in self.things.items() if position in there}
        self.about = {citation: about for citation, about in self.about.items() if citation in there}

    def _was_out(self, source: int) -> bool:
        return all(
            self._was_dated(source, name, Edtf(day).period(self.zone)[1], set())
            for name, day in (("published", self.published), ("retrieved", self.held))
            if day
        )

    def _was_dated(self, source: int, name: str, end: int, seen: set[int]) -> bool:
        """Whether a source's date, or that of a counting one through which it was seen, lies entirely before a moment."""
        fields = self.things[source].fields
        latest = Edtf(fields[name]).corners(self.zone).end_max if fields.get(name) else None
        if latest is not None and latest <= end:
            return True
        through = fields.get("seen_through")
        if through not in self.things or through in seen or not self._stands(through):
            return False
        return self._was_dated(through, name, end, seen | {source})

    def _is_borne_out(self, about: int) -> bool:
        """Whether a live citation supports a date or an ordering. On no clock of evidence, dates and what was never cited
        need none."""
        stances = {self.things[citation].fields["stance"] for citation in self.live_citations(about)}
        if {"asserts", "foretells"} & stances:
            return True
        if self.published or self.held:
            return False
        return self.things[about].kind == "fact" or about not in self.about.values()

    def _fold(self, record: Record, *, hidden: bool) -> None:
        said, subject = decode_record(record), record.header.subject
        if said is None or (subject not in self.things and isinstance(said, Corrected | Withdrawn | Restored)):
            return  # redacted, or about something redacted
        if isinstance(said, LedgerCreated):
            self.zone = parse_zone(said.zone)
        elif isinstance(said, Corrected):
            thing = self.things[subject]
            changes = {
                name: value
                for name, value in said.changes.items()
                if not hidden or name in ("published", "retrieved", "seen_through", "source")
            }
            thing.fields |= changes
            thing.version = record.position
            if changes.keys() & _GIVES_TIME[thing.kind]:
                thing.rank = record.position
            if "lasts" in changes:
                thing.lasts_rank = record.position
        elif isinstance(said, Withdrawn | Restored):
            self.things[subject].withdrawn = isinstance(said, Withdrawn)
            self.things[subject].version = record.position
        elif said.KIND.endswith(".recorded"):
            fields = said.plain()
            name = fields.pop("id")
            if "about" in fields:
                self.about[record.position] = fields.pop("about")
            kind = said.KIND.removesuffix(".recorded")
            position = record.position
            self.things[position] = Thing(kind, name, fields, position, position, lasts_rank=position)

    def number(self, name: str) -> int:
        return next(position for position, thing in self.things.items() if thing.id == name)

    def live_citations(self, about: int) -> list[int]:
        return [
            citation
            for citation, of in self.about.items()
            if of == about and self._stands(citation) and self._stands(self.things[citation].fields["source"])
        ]

    def _stands(self, thing: int) -> bool:
        return thing in self.things and not self.things[thing].withdrawn

    def status(self, fact: int) -> str:
        if self.things[fact].withdrawn:
            return "withdrawn"
        stances = {self.things[citation].fields["stance"] for citation in self.live_citations(fact)}
        if "asserts" in stances:
            return "disputed" if "denies" in stances else "stands"
        if "denies" in stances:
            return "denied"
        return "foretold" if "foretells" in stances else "unsupported"

    # --- what follows for time ---

    def _node(self, fact: int, end: str) -> int:
        return 1 + 2 * self.facts.index(fact) + (end == "e")

    def _says(self, a: int, relation: str, b: int) -> list[Difference]:
        nodes = {who + end: self._node(fact, end) for who, fact in (("a", a), ("b", b)) for end in "se"}
        return [Difference(nodes[q], nodes[p], -least) for p, q, least in MEANING[relation]]

    def _constraints(self) -> Iterable[tuple[int, tuple[int, list[Difference]]]]:
        """Each live constraint's position, rank and differences."""
        for position, thing in self.things.items():
            if thing.kind == "fact" and self._is_borne_out(position):
                if thing.fields.get("when"):
                    yield position, (thing.rank, self._date(position, thing))
                if thing.fields.get("lasts") and not thing.withdrawn:
                    yield -position, (thing.lasts_rank, self._lasts(position, thing))
            elif thing.kind == "citation":
                evidence = self._evidence(position, thing)
                if evidence:
                    yield position, evidence
                    reading = self._reading(position, *evidence)
                    if reading:
                        yield -position, reading
            elif thing.kind == "ordering" and self._counts(position, thing):
                yield position, (thing.rank, self._ordering(thing))

    def _date(self, fact: int, thing: Thing) -> list[Difference]:
        # A withdrawn fact keeps its date, which alone places it.
        zone = parse_zone(thing.fields["zone"]) if thing.fields.get("zone") else self.zone
        corners = _endless(Edtf(thing.fields["when"]).corners(zone))
        start, end = self._node(fact, "s"), self._node(fact, "e")
        low = [(start, corners.start_min), (end, corners.end_min)]
        high = [(start, corners.start_max), (end, corners.end_max)]
        return [Difference(node, 0, -tick) for node, tick in low if tick is not None] + [
            Difference(0, node, tick) for node, tick in high if tick is not None
        ]

    def _lasts(self, fact: int, thing: Thing) -> list[Difference]:
        shortest, longest = length_bounds(thing.fields["lasts"].get("min"), thing.fields["lasts"].get("max"))
        start, end = self._node(fact, "s"), self._node(fact, "e")
        return [Difference(end, start, -shortest)] + ([] if longest is None else [Difference(start, end, longest)])

    def _reading(self, citation: int, rank: int, bound: list[Difference]) -> tuple[int, list[Difference]] | None:
        """What a citation leaves of a fact's date that names several times: those that begin by then."""
        fact = self.about[citation]
        thing = self.things[fact]
        when = thing.fields.get("when", "")
        if not when.startswith("[") or not self._is_borne_out(fact):
            return None
        zone = parse_zone(thing.fields["zone"]) if thing.fields.get("zone") else self.zone
        texts = when[1:-1].split(",")
        left = [
            corners
            for corners in (Edtf(f"[{text}]").corners(zone) for text in texts)
            if corners.start_min is None or corners.start_min <= bound[0].most
        ]
        if len(left) in (0, len(texts)):
            return None
        ends = [(self._node(fact, "s"), [one.start_max for one in left])]
        ends += [(self._node(fact, "e"), [one.end_max for one in left])]
        return max(rank, thing.rank), [
            Difference(0, node, max(tick for tick in ticks if tick is not None))
            for node, ticks in ends
            if None not in ticks
        ]

    def _evidence(self, citation: int, thing: Thing) -> tuple[int, list[Difference]] | None:
        fact = self.about[citation]
        if (
            fact not in self.things
            or self.things[fact].kind != "fact"
            or self.things[fact].withdrawn
            or citation not in self.live_citations(fact)
        ):
            return None
        source = self.things[thing.fields["source"]]
        told = thing.fields.get("said") or source.fields.get("published")
        own = self.things[fact].fields.get("zone")
        zones = (self.zone, parse_zone(own) if own else self.zone)
        ends = [(Edtf(told).corners(zone).end_max, zone) for zone in zones] if told else [(None, 0)]
        if thing.fields["stance"] != "asserts" or any(end is None for end, _ in ends):
            return None
        rank = thing.rank if thing.fields.get("said") else max(thing.rank, source.rank)
        return rank, [
            Difference(0, self._node(fact, "s"), max(day_end(end or Ticks(0), zone) for end, zone in ends) - 1)
        ]

    def _counts(self, ordering: int, thing: Thing) -> bool:
        if thing.withdrawn or not all(self._stands(thing.fields[end]) for end in "ab"):
            return False
        return self._is_borne_out(ordering)

    def _ordering(self, thing: Thing) -> list[Difference]:
        a, b, gap = thing.fields["a"], thing.fields["b"], thing.fields.get("gap") or {}
        if not gap:
            return self._says(a, thing.fields["relation"], b)
        least, most = gap_bounds(gap.get("min"), gap.get("max"))
        end, start = self._node(a, "e"), self._node(b, "s")
        return [Difference(start, end, -least)] + ([] if most is None else [Difference(end, start, most)])

    def _empty(self) -> Matrix:
        """Only time itself: all ends within ±FAR, and after their starts."""
        size = 1 + 2 * len(self.facts)
        matrix = [[0 if i == j else 4 * FAR for j in range(size)] for i in range(size)]
        for start in range(1, size, 2):
            matrix[start + 1][start] = -1
            matrix[0][start + 1] = matrix[start][0] = FAR
        return floyd_warshall(matrix)

    def _judge(self) -> Matrix:
        matrix = self._empty()
        for by in sorted(self.constraints, key=self._turn):
            if not {*self.rests(by)}.isdisjoint(self.aside):
                continue
            tighter = close_all(matrix, self.constraints[by][1])
            if tighter is None:
                self.aside.append(by)
            else:
                matrix = tighter
        return matrix

    def solvable(self, chosen: Iterable[int], item: int) -> bool:
        """Whether some of the constraints can all hold, together with those that rest only on these.

        Of the latter, those set aside do not count, nor those judged after an item.
        """
        holding = {*chosen}
        holding |= {
            by
            for by in self.constraints
            if (rests := {*self.rests(by)})
            and rests <= holding
            and by not in {*self.aside} - {item}
            and self._turn(by) <= self._turn(item)
        }
        return close_all(self._empty(), [d for by in holding for d in self.constraints[by][1]]) is not None

    def _turn(self, by: int) -> tuple[int, bool, int]:
        """The sort key in which constraints are judged: by rank, and those that rest on others after these."""
        return self.constraints[by][0], by < 0, abs(by)

    def rests(self, by: int) -> tuple[int, ...]:
        """What a constraint rests on: the date and the citation, if it is what the latter leaves of the former's readings."""
        return (self.about[-by], -by) if -by in self.about else ()

    # --- answers ---

    def bounds(self, fact: int) -> tuple[Ticks, Ticks, Ticks, Ticks]:
        start, end, m = self._node(fact, "s"), self._node(fact, "e"), self.matrix
        return Ticks(-m[start][0]), Ticks(m[0][start]), Ticks(-m[end][0]), Ticks(m[0][end])

    def placed(self, fact: int) -> dict[str, Any]:
        """The JSON of a fact in a listing of times."""
        thing, bounds = self.things[fact], self.bounds(fact)
        zone = parse_zone(thing.fields["zone"]) if thing.fields.get("zone") else self.zone
        earliest, latest = first_and_last(before_push(bounds[0], last=False), before_push(bounds[3], last=True), zone)
        found = {
            "id": thing.id,
            "title": thing.fields["title"],
            "when": thing.fields.get("when"),
            "earliest": earliest,
            "latest": latest,
            "status": self.status(fact),
        }
        if latest is None and (begun_by := last_start(bounds[1], zone)):
            found["begun_by"] = begun_by
        if bounds[2] == FAR:
            found["open_end"] = True
        if any(self._concerns(by, fact) for by in self.aside):
            found["conflicting"] = True
        return found

    def _concerns(self, by: int, fact: int) -> bool:
        thing = self.things[abs(by)]
        return fact in (abs(by), self.about.get(abs(by)), thing.fields.get("a"), thing.fields.get("b"))

    def timeline(self) -> list[dict[str, Any]]:
        """All facts that stand or are disputed, in the order of their places."""
        found = [fact for fact in self.facts if self.status(fact) in ("stands", "disputed")]
        return [self.placed(fact) for fact in sorted(found, key=self.in_time)]

    def in_time(self, fact: int) -> tuple[int, int, int]:
        start, end = self.place(fact)
        return start, -end, fact

    def place(self, fact: int) -> tuple[int, int]:
        """The place of a fact in the timeline: its ends in the latest of the histories in which all ends with an earliest
        time are at it; beyond 2^62 if nothing limits them, or only the days of reports."""
        start, end = (self._place(self._node(fact, which)) for which in "se")
        return start, end

    def _place(self, node: int) -> int:
        earliest = -self.matrix[node][0]
        limit, without_evidence = (latest[0][node] for latest in self._latest_histories)
        if earliest == FAR:
            return 2**63 - 1
        if earliest > -FAR // 2:
            return earliest
        return max(limit, 1 - 2**63) if without_evidence < FAR // 2 else 2**62 + 1 + earliest + FAR

    @cached_property
    def _latest_histories(self) -> tuple[Matrix, Matrix]:
        """The network with all ends that have an earliest time fixed there: as it is, and without what reports say."""
        told = {by for by in self.constraints if self.things[abs(by)].kind == "citation"}
        bare = close_all(
            self._empty(),
            [d for by in self.constraints.keys() - told - {*self.aside} for d in self.constraints[by][1]],
        )
        assert bare is not None
        lows = [(node, -row[0]) for node, row in enumerate(self.matrix) if node and row[0] < FAR // 2]
        held = [Difference(0, node, low) for node, low in lows]
        first, second = close_all(self.matrix, held), close_all(bare, held)
        assert first is not None, "the earliest times are a history"
        assert second is not None
        return first, second

    def ask(self, question: str, *anchors: str) -> list[dict[str, Any]]:
        """before, after, between or overlapping: the certain answers, then the possible ones."""
        found: dict[str, list[int]] = {"certain": [], "possible": [], "impossible": []}
        here, names = self._with_periods(anchors)
        for fact in self.facts:
            if fact not in names and here.status(fact) in ("stands", "disputed"):
                certainty = here.judge(here.meaning(question, fact, names))
                if question == "overlapping" and not here.borne_out("intersects", fact, names[0]):
                    certainty = certainty.replace("certain", "possible")
                found[certainty].append(fact)
        keys = {
            "before": (lambda f: (-self.bounds(f)[3], self._id(f)), lambda f: (-self.bounds(f)[2], self._id(f))),
            "after": (lambda f: (self.bounds(f)[0], self._id(f)), lambda f: (self.bounds(f)[1], self._id(f))),
        }
        certain, possible = keys.get(question, (self.in_time, self.in_time))
        return [self.placed(fact) | {"certainty": "certain"} for fact in sorted(found["certain"], key=certain)] + [
            self.placed(fact) | {"certainty": "possible"} for fact in sorted(found["possible"], key=possible)
        ]

    def is_before(self, x: str, y: str) -> bool:
        """Whether X is certainly over when Y begins, each a fact or a period."""
        here, (first, second) = self._with_periods((x, y))
        return here.judge(here._says(first, "before", second)) == "certain"

    def _id(self, fact: int) -> str:
        return self.things[fact].id

    def meaning(self, question: str, fact: int, anchors: Sequence[int]) -> list[Difference]:
        """The differences that hold if a fact belongs to the answer."""
        if question == "between":
            return self._says(fact, "after", anchors[0]) + self._says(fact, "before", anchors[1])
        return self._says(fact, {"overlapping": "intersects"}.get(question, question), anchors[0])

    def judge(self, differences: Sequence[Difference]) -> str:
        if all(self.matrix[d.tail][d.head] <= d.most for d in differences):
            return "certain"
        return "impossible" if close_all(self.matrix, differences) is None else "possible"

    def order(self, a: str, b: str) -> dict[str, str]:
        """The certainty of each relation of two facts."""
        first, second = self.number(a), self.number(b)
        found = {relation: self.judge(self._says(first, relation, second)) for relation in MEANING}
        return {
            relation: certainty if self.borne_out(relation, first, second) else certainty.replace("certain", "possible")
            for relation, certainty in found.items()
        }

    # --- sets of days ---

    def runs(self, fact: int) -> list[Corners]:
        """The runs of a fact's date, if it is in force and leaves gaps; else none."""
        if fact not in self.constraints or fact in self.aside:
            return []
        fields = self.things[fact].fields
        found = Edtf(fields["when"]).runs(parse_zone(fields["zone"]) if fields.get("zone") else self.zone)
        return [_endless(run) for run in found] if len(found) > 1 else []

    def borne_out(self, relation: str, a: int, b: int) -> bool:
        """Whether a relation that follows from the hulls holds in spite of gaps: by single runs, or by what is stated."""
        if not (self.runs(a) or self.runs(b)):
            return True
        if relation in SHARING:
            return b in self._stated_to_share(a) or any(
                _surely(ours.start_max, theirs.end_min) and _surely(theirs.start_max, ours.end_min)
                for ours in self.runs(a) or [Corners(*self.bounds(a))]
                for theirs in self.runs(b) or [Corners(*self.bounds(b))]
            )
        who = {"ab": (a, b), "ba": (b, a)}
        nested = [who[pair] for pair in NESTED.get(relation, ())]
        return all(self._holds(outer, inner) for inner, outer in nested if self.runs(outer))

    def _holds(self, outer: int, inner: int) -> bool:
        start, _, _, end = self.bounds(inner)
        return inner in self._stated_within(outer) or any(
            _surely(run.start_max, start + 1) and _surely(end - 1, run.end_min) for run in self.runs(outer)
        )

    def _stated(self) -> Iterable[tuple[int, str, int]]:
        for by in self.constraints:
            if by in self.orderings and by not in self.aside:
                fields = self.things[by].fields
                yield fields["a"], fields["relation"], fields["b"]

    def _nested(self) -> set[tuple[int, int]]:
        """The pairs of facts of which an ordering puts one within the other, the inner one first."""
        stated = [((a, b), NESTED.get(relation, ())) for a, relation, b in self._stated()]
        return {ends for ends, pairs in stated if "ab" in pairs} | {
            ends[::-1] for ends, pairs in stated if "ba" in pairs
        }

    def _stated_within(self, fact: int) -> set[int]:
        found = {fact}
        while fresh := {inner for inner, outer in self._nested() if outer in found} - found:
            found |= fresh
        return found

    def _stated_to_share(self, fact: int) -> set[int]:
        found = self._stated_within(fact)
        sharing = [(a, b) for a, relation, b in self._stated() if relation in SHARING]
        found |= {b for a, b in sharing if a in found} | {a for a, b in sharing if b in found}
        while fresh := {outer for inner, outer in self._nested() if inner in found} - found:
            found |= fresh
        return found

    def _with_periods(self, anchors: Iterable[str]) -> tuple[Reference, list[int]]:
        """The same chronology, with each plain date among the anchors as an additional fact whose ends are known exactly."""
        here = Reference((), 0, self.zone)
        here.things, here.about, here.facts = dict(self.things), self.about, list(self.facts)
        here.matrix, here.constraints, here.aside = self.matrix, self.constraints, self.aside
        here.orderings = self.orderings
        names = []
        for place, anchor in enumerate(anchors):
            if anchor[0].isalpha():
                names.append(self.number(anchor))
                continue
            names.append(-1 - place)
            here.facts.append(names[-1])
            here._widen(*Edtf(anchor).period(self.zone))
        return here, names

    def _widen(self, start: int, end: int) -> None:
        size = len(self.matrix)
        matrix = [[*row, 4 * FAR, 4 * FAR] for row in self.matrix]
        matrix += [[4 * FAR] * (size + 2) for _ in "se"]
        for node, tick in ((size, start), (size + 1, end)):
            matrix[node][node], matrix[node][0], matrix[0][node] = 0, -tick, tick
        self.matrix = floyd_warshall(matrix)
