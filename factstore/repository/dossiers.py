"""One thing with all that is known about it on one clock, including what no longer counts, which is marked. Reads only."""

from __future__ import annotations

from functools import partial

from factstore.database.templates import as_of, in_force
from factstore.evidence.stances import ANSWERED
from factstore.ledger.references import ABOVE
from factstore.reasoning.constraints import Question
from factstore.reasoning.edges import NO_BOUND, end_of, start_of
from factstore.repository.answers import Citation, Fact, Step
from factstore.repository.cautions import cautions
from factstore.repository.conflicts import conflicts
from factstore.repository.dossier_answers import Bound, Dossier, Ordering, Sheet
from factstore.repository.entries import entry_of
from factstore.repository.filter import Filter
from factstore.repository.history import history
from factstore.repository.log_answers import LogEntry
from factstore.repository.questions import Questions
from factstore.repository.repository import Repository
from factstore.units import Position

#: How many facts certainly before, and how many certainly after, are listed as neighbours.
NEIGHBOURS = 3


class Dossiers:
    """Everything known about single things."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._questions = Questions(repository)
        self._network = self._questions.reasons.network()

    def show(self, name: str) -> Dossier | Sheet:
        """A fact, source, speaker, citation or ordering. Raises UnknownId."""
        position = self._repository.position(name)
        kind = self._repository.kind_of(position)
        return self._dossier(name, position) if kind == "fact" else self._sheet(name, position, kind)

    # --- facts ---

    def _dossier(self, name: str, position: Position) -> Dossier:
        repository = self._repository
        fact = repository.fact(name)
        orderings = self._orderings(position)
        stating = {position, *repository.cited([position]).get(position, ()), *(one.position for one in orderings)}
        return Dossier(
            fact,
            tuple(repository.witnesses.about([position], withdrawn=True)),
            self._bounds(fact),
            tuple(conflicts(repository, self._questions.reasons, stating)),
            tuple(orderings),
            self._neighbours("before", name),
            self._neighbours("after", name),
            self._corrections(name),
            tuple(cautions(repository, [position])),
        )

    def _bounds(self, fact: Fact) -> tuple[Bound, ...]:
        first, last, begun = fact.lies
        found = []
        if first is not None:
            found.append(Bound("earliest", first, self._why(fact, start_of(fact.position), upper=False)))
        if last is not None and not begun:
            found.append(Bound("latest", last, self._why(fact, end_of(fact.position), upper=True)))
        if last is not None and begun:
            found.append(Bound("begun_by", last, self._why(fact, start_of(fact.position), upper=True)))
        return tuple(found)

    def _why(self, fact: Fact, node: int, *, upper: bool) -> tuple[Step, ...]:
        """Why a fact lies no earlier or later; if nothing in reach of ticks says so, it is the year of its own date."""
        network, reasons = self._network, self._questions.reasons
        if abs(network.latest(node) if upper else network.earliest(node)) >= NO_BOUND:
            return reasons.stating((fact.position,))
        return reasons.steps(network.why(node, upper))

    def _neighbours(self, question: Question, name: str) -> tuple[Fact, ...]:
        wanted = Filter(status=ANSWERED)
        found = self._questions.ask(question, name, None, wanted, limit=NEIGHBOURS, certain=True)
        return tuple(one.fact for one in found)

    def _corrections(self, name: str) -> tuple[LogEntry, ...]:
        """The changes to a thing and its citations since each was recorded, as far as they count."""
        repository = self._repository
        position = repository.position(name)
        subjects = {name, *map(repository.name_of, repository.cited([position]).get(position, ()))}
        undone = repository.undone()
        return tuple(
            entry
            for entry in history(repository, name)
            if not entry.kind.endswith(".recorded") and entry.subject in subjects and entry.position not in undone
        )

    # --- orderings ---

    def orderings(self) -> list[Ordering]:
        """All orderings, including withdrawn ones, in the order in which they were recorded."""
        return self._read_orderings("TRUE")

    def _orderings(self, fact: Position) -> list[Ordering]:
        """The orderings stated about a fact, including withdrawn ones."""
        return self._read_orderings("o.a = :fact OR o.b = :fact", fact=fact)

    def _read_orderings(self, condition: str, **given: object) -> list[Ordering]:
        rows = self._repository.rows(
            f"""SELECT t.id, o.*, a.id AS a_id, b.id AS b_id,
                       EXISTS (SELECT 1 FROM tie WHERE tie.ordering = o.position AND {as_of("tie")}) AS in_force,
                       EXISTS (SELECT 1 FROM set_aside s WHERE s.item = o.position AND {as_of("s")}) AS conflicting
                FROM ordering o
                JOIN thing t ON t.position = o.position
                JOIN thing a ON a.position = o.a
                JOIN thing b ON b.position = o.b
                WHERE ({condition}) AND {as_of("o")} ORDER BY o.position""",
            **given,
        )
        about: dict[str, list[Citation]] = {}
        for citation in self._repository.witnesses.about([row.position for row in rows], withdrawn=True):
            about.setdefault(citation.about, []).append(citation)
        return [
            Ordering(
                row.id,
                row.a_id,
                row.relation,
                row.b_id,
                row.phrase,
                {end: gap for end, gap in (("min", row.gap_min), ("max", row.gap_max)) if gap is not None},
                row.position,
                bool(row.in_force),
                bool(row.conflicting),
                bool(row.withdrawn),
                tuple(about.get(row.id, ())),
            )
            for row in rows
        ]

    # --- everything else ---

    def _sheet(self, name: str, position: Position, kind: str) -> Sheet:
        witnesses = self._repository.witnesses
        fields = entry_of(self._repository, self._repository.held([position])[position])
        del fields["id"]
        withdrawn = fields.pop("withdrawn", False)
        about = partial(
            Sheet,
            name,
            kind,
            fields,
            position,
            self._repository.version(position),
            withdrawn,
            self._corrections(name),
            cautions=tuple(cautions(self._repository, [position])),
        )
        if kind == "source":
            return about(
                evidence=tuple(witnesses.of_source(position)),
                said=tuple(one for one in witnesses.said_by(name) if one.citation.source != name),
                beneath=self._beneath("source", position),
            )
        if kind == "speaker":
            return about(
                said=tuple(witnesses.said_by(name)),
                origin=witnesses.speakers.origin(position) if not withdrawn else None,
                beneath=self._beneath("speaker", position),
            )
        against = tuple(conflicts(self._repository, self._questions.reasons, {position}))
        if kind == "citation":
            return about(evidence=tuple(witnesses.at([position])), conflicts=against)
        (ordering,) = self._read_orderings("o.position = :ordering", ordering=position)
        return about(evidence=ordering.evidence, ordering=ordering, conflicts=against)

    def _beneath(self, kind: str, position: Position) -> tuple[str, ...]:
        """The ids of the sources seen through a source, or of the speakers who speak on behalf of a speaker."""
        rows = self._repository.rows(
            f"SELECT t.id FROM {kind} v JOIN thing t ON t.position = v.position "
            f"WHERE v.{ABOVE[kind]} = :position AND {in_force('v')} ORDER BY v.position",
            position=position,
        )
        return tuple(row.id for row in rows)
