"""One thing with all that is known about it, as questions return it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from factstore.plain import JsonObject
from factstore.repository.answers import Citation, Conflict, Fact, Said, Step
from factstore.repository.listing import in_notebooks
from factstore.repository.log_answers import LogEntry
from factstore.units import Position


class Bound(NamedTuple):
    """One limit of where a fact lies: its day (or instant), and why it lies no earlier, or no later.

    `begun_by` is the last day on which it can have begun, if its end is not known.
    """

    which: Literal["earliest", "latest", "begun_by"]
    day: str
    why: tuple[Step, ...]


@in_notebooks
class Ordering(NamedTuple):
    """`a RELATION b` as stated, with its citations, including those that no longer count.

    `in_force`: whether the reasoning uses it. `conflicting`: it does not, because it contradicts.
    """

    id: str
    a: str
    relation: str
    b: str
    phrase: str | None
    gap: dict[str, str]
    position: Position
    in_force: bool
    conflicting: bool
    withdrawn: bool
    evidence: tuple[Citation, ...]

    def __hash__(self) -> int:
        return hash(self.id)

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        found: JsonObject = {
            "id": self.id,
            "a": self.a,
            "relation": self.relation,
            "b": self.b,
            "phrase": self.phrase,
            "gap": self.gap,
            "in_force": self.in_force,
        }
        found |= {name: True for name in ("conflicting", "withdrawn") if getattr(self, name)}
        return found | {"evidence": [citation.details() for citation in self.evidence]}


@in_notebooks
class Dossier(NamedTuple):
    """A fact with all that is known about it.

    `evidence` and `orderings` include what no longer counts; `conflicts` are those that involve the fact, its evidence or its
    orderings; `before` and `after` the nearest facts that certainly lie there; `corrections` the changes
    to it and its citations since each was recorded, oldest first; `cautions` what to know about its evidence, in sentences.
    """

    fact: Fact
    evidence: tuple[Citation, ...]
    bounds: tuple[Bound, ...]
    conflicts: tuple[Conflict, ...] = ()
    orderings: tuple[Ordering, ...] = ()
    before: tuple[Fact, ...] = ()
    after: tuple[Fact, ...] = ()
    corrections: tuple[LogEntry, ...] = ()
    cautions: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.fact)

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        fact = self.fact
        found = fact.placed() | {"kind": "fact"}
        return found | {
            "phrase": fact.phrase,
            "anchor": fact.anchor,
            "zone": fact.zone,
            "place": fact.place,
            "participants": list(fact.participants),
            "tags": list(fact.tags),
            "attributes": fact.attributes,
            "lasts": dict(fact.lasts),
            "position": fact.position,
            "version": fact.version,
            "origins": list(fact.origins or ()),
            "evidence": [citation.details() for citation in self.evidence],
            "why": {bound.which: [step.json() for step in bound.why] for bound in self.bounds},
            "conflicts": [conflict.json() for conflict in self.conflicts],
            "orderings": [ordering.json() for ordering in self.orderings],
            "before": [one.placed() for one in self.before],
            "after": [one.placed() for one in self.after],
            "corrections": [entry.json() for entry in self.corrections],
            **({"cautions": list(self.cautions)} if self.cautions else {}),
        }


@in_notebooks
class Sheet(NamedTuple):
    """A source, speaker, citation or ordering with all that is known about it. `fields` are as in a document.

    `evidence`: a source's or an ordering's citations, or the citation itself; `said`: what a speaker said or relayed, or what
    other sources took from this one; `beneath`: the sources seen through it, or the speakers who speak on its behalf;
    `cautions`: what to know about its evidence, in sentences.
    """

    id: str
    kind: str
    fields: JsonObject
    position: Position
    version: Position
    withdrawn: bool = False
    corrections: tuple[LogEntry, ...] = ()
    evidence: tuple[Citation, ...] = ()
    said: tuple[Said, ...] = ()
    origin: str | None = None
    beneath: tuple[str, ...] = ()
    ordering: Ordering | None = None
    conflicts: tuple[Conflict, ...] = ()
    cautions: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash(self.id)

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        found: JsonObject = {"id": self.id, "kind": self.kind} | self.fields
        found |= {"position": self.position, "version": self.version}
        if self.withdrawn:
            found["withdrawn"] = True
        if self.cautions:
            found["cautions"] = list(self.cautions)
        if self.kind == "citation":
            found |= {name: value for name, value in self.evidence[0].details().items() if name != "citation"}
        elif self.kind != "speaker":
            found["evidence"] = [citation.details() for citation in self.evidence]
        if self.kind == "speaker":
            found["origin"] = self.origin
        if self.kind in ("source", "speaker"):
            found |= {"said": [one.json() for one in self.said], "beneath": list(self.beneath)}
        if self.ordering is not None:
            found["in_force"] = self.ordering.in_force
        if self.kind in ("citation", "ordering"):
            found["conflicts"] = [conflict.json() for conflict in self.conflicts]
        return found | {"corrections": [entry.json() for entry in self.corrections]}
