"""The reasons for an answer: the dates, evidence and orderings that it rests on, in words."""

from __future__ import annotations

from collections.abc import Iterable

from factstore.projection.live import NetworkLoader
from factstore.reasoning.constraints import Condition, thing_of
from factstore.reasoning.edges import LENGTH, TIME, Edge, end_of, start_of
from factstore.reasoning.network import Network
from factstore.repository.answers import Step, in_words
from factstore.repository.history import Correction, correction
from factstore.repository.outlived import outlived
from factstore.repository.repository import Repository
from factstore.repository.runs import Grounds
from factstore.units import Position

#: What is said of a value that has outlived its evidence.
_LOST = ", on evidence that is withdrawn"


class Reasons:
    """Describes constraints, as of a repository's position. Descriptions are kept for the next time."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._stated: dict[int, Step] = {}

    def network(self, *, reasons: bool = True) -> Network:
        """The network, loaded as far as a question walks; without `reasons`, only for walking along orderings."""
        repository = self._repository
        return Network(
            NetworkLoader(repository.connection, repository.at, repository.zone, reasons=reasons, withdrawn=True)
        )

    def why(self, network: Network, fact: int, conditions: tuple[Condition, ...]) -> tuple[Step, ...]:
        """Why each condition certainly holds for a fact."""
        edges: list[Edge] = []
        for condition in conditions:
            node = start_of(fact) if condition.end == "start" else end_of(fact)
            if not condition.node:
                edges += network.why(node, condition.at_most)
                continue
            near, far = (condition.node, node) if condition.at_most else (node, condition.node)
            edges += proof(network, Edge(near, far, -condition.slack, TIME))
        return self.steps(edges)

    def borne_out(self, network: Network, grounds: Grounds) -> tuple[Step, ...]:
        """The steps that state the grounds of a relation."""
        edges = (edge for node, latest in grounds.bounds for edge in network.why(node, latest))
        return self.stating([*grounds.said, *(edge.by for edge in edges)])

    def steps(self, edges: Iterable[Edge]) -> tuple[Step, ...]:
        """The steps that state some edges."""
        return self.stating(edge.by for edge in edges)

    def stating(self, stated: Iterable[int]) -> tuple[Step, ...]:
        """The steps that state some constraints, each once; a date comes before what excludes some of its readings."""
        every = [by for by in dict.fromkeys(stated) if by not in (LENGTH, TIME)]
        steps = dict.fromkeys(one for by in every for one in (*self._dates_under(by), by))
        return tuple(self.step(by) for by in steps)

    def _dates_under(self, by: int) -> tuple[int, ...]:
        """The date some of whose readings a constraint excludes."""
        if by < 0 and self._repository.kind_of(thing_of(by)) == "citation":
            return (self._about(thing_of(by)),)
        return ()

    def _about(self, citation: Position) -> Position:
        rows = self._repository.rows("SELECT about FROM citation WHERE position = :citation LIMIT 1", citation=citation)
        return Position(rows[0].about)

    def step(self, by: int) -> Step:
        """The step that states a constraint, in words, with the quote that it rests on."""
        if by not in self._stated:
            self._stated[by] = self._describe(by)
        return self._stated[by]

    def _describe(self, by: int) -> Step:
        repository = self._repository
        thing = thing_of(by)
        kind, fields = repository.kind_of(thing), repository.fields(thing)
        phrase = f" (“{fields['phrase']}”)" if "phrase" in fields else ""
        if kind == "fact" and by < 0:
            lasted = in_words(fields["lasts"])
            return self._resting(thing, "length", f"{repository.name_of(thing)} lasted {lasted}", "lasts")
        if kind == "fact":
            corrected = correction(repository, thing)
            if corrected:
                return self._corrected(thing, f"{repository.name_of(thing)} is dated {fields.get('when')}", corrected)
            dated = f"{repository.name_of(thing)} is dated {fields.get('when')}{phrase}"
            return self._resting(thing, "date", dated, "when")
        if kind == "ordering":
            apart = f", {in_words(fields['gap'])} after" if "gap" in fields else ""
            a, b = repository.name_of(fields["a"]), repository.name_of(fields["b"])
            return self._resting(thing, "ordering", f"{a} {fields['relation']} {b}{apart}{phrase}")
        about = self._about(thing)
        cited = next(iter(repository.witnesses.at([thing])), None)
        day = fields.get("said") or (cited.published if cited else None)
        # The day of saying belongs to who spoke first, the day of publication to the document.
        speaker = cited.attribution[0 if "said" in fields else -1] if cited else "a source"
        text = f"{repository.name_of(about)} had begun by {day}, when {speaker} told of it"
        if by < 0:
            text += f", which excludes the later readings of {repository.fields(about).get('when')}"
        return Step(
            "reading" if by < 0 else "evidence", text, cited.source if cited else None, cited.quote if cited else None
        )

    def _corrected(self, fact: Position, text: str, correction: Correction) -> Step:
        """A corrected date rests on the evidence of the correction, not on that of the earlier date."""
        why = f": {correction.message}" if correction.message else ""
        best = next(iter(correction.evidence), None)
        text = f"{text} (corrected by {correction.recorded_by}{why})"
        if best is None and self._has_outlived(fact, "when"):
            return Step("date", f"{text}{_LOST}")
        return Step("date", text, best.source if best else None, best.quote if best else None)

    def _resting(self, about: Position, kind: str, text: str, field: str = "") -> Step:
        """A step with the first quote that supports it; if it states a field's value, one that counts for that."""
        every = self._repository.witnesses.about([about], withdrawn=bool(field))
        if not all(one.live for one in every) and self._has_outlived(about, field):
            return Step(kind, f"{text}{_LOST}")
        best = next((one for one in every if one.live and one.stance == "asserts"), None)
        return Step(kind, text, best.source if best else None, best.quote if best else None)

    def _has_outlived(self, thing: Position, field: str) -> bool:
        """Whether a value has outlived its evidence, so that none of the quotes that count is known to support it."""
        return any(field in one.values for one in outlived(self._repository, [thing], unsupported=True))


def proof(network: Network, wanted: Edge) -> list[Edge]:
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
