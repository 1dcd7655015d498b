"""The values that questions return: plain and immutable, each with the JSON that scripts rely on.

They are named tuples, since defining and making data classes takes several times as long, and all commands wait for it.
Mappings in them are plain dictionaries, which a caller may change without changing the ledger; so such answers are hashed by
their ids or positions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from factstore.dates.ticks import briefly
from factstore.plain import Json, JsonObject
from factstore.reasoning.closure import Certainty
from factstore.repository.listing import in_notebooks
from factstore.units import Position, Ticks


class Thing(NamedTuple):
    """A thing in the ledger: its present fields, and whether it is withdrawn or was added by hand.

    `since_loaded` has, for each changed field (including `withdrawn`), the value last loaded or recorded, and all its values
    since. A document with one of these values is the same as the ledger, or older. `history` has all values
    of each such field, with the positions from which on they held.
    """

    position: Position
    kind: str
    fields: JsonObject
    since_loaded: Mapping[str, list[Json]]
    withdrawn: bool
    by_hand: bool = False
    history: Mapping[str, Sequence[tuple[Position, Json]]] = MappingProxyType({})

    def values(self, field: str, at: Position | None = None) -> list[Json]:
        """The values that a document may give for a field without changing anything, beginning with the one last loaded.

        If the document was written `at` a position, they begin with the one that held there.
        """
        if at is None:
            return self.since_loaded.get(field) or [self.fields.get(field)]
        history = self.history.get(field) or [(self.position, self.fields.get(field))]
        later = sum(position > at for position, _ in history)
        return [value for _, value in history[-later - 1 :]]


@in_notebooks
class Citation(NamedTuple):
    """One piece of evidence, with its own id and its source's. `attribution` runs from who spoke first to the document.

    Two citations have the same `origin` exactly if they go back to the same origin.
    """

    id: str
    about: str
    source: str
    publisher: str | None
    published: str | None
    url: str | None
    stance: str
    quote: str | None
    attribution: tuple[str, ...]
    origin: str
    locator: str | None = None
    when: str | None = None
    phrase: str | None = None
    said: str | None = None
    hedge: str | None = None
    unnamed: str | None = None
    check: str | None = None
    withdrawn: bool = False
    source_withdrawn: bool = False
    #: The attributes and files of its source.
    filed: Mapping[str, str] = MappingProxyType({})
    files: tuple[Mapping[str, str], ...] = ()

    @property
    def live(self) -> bool:
        """Whether it counts."""
        return not (self.withdrawn or self.source_withdrawn)

    @property
    def missing(self) -> bool:
        """Whether its quote was looked for in its source's archived text, and is not there."""
        return bool(self.quote) and self.check == "missing"

    def __hash__(self) -> int:
        return hash(self.id)

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        return {
            "citation": self.id,
            "stance": self.stance,
            "quote": self.quote,
            "check": self.check or "unchecked",
            "attribution": list(self.attribution),
            "origin": self.origin,
            "source": self.source,
            "published": self.published,
            **({"filed": dict(self.filed)} if self.filed else {}),
        }

    def details(self) -> JsonObject:
        """The JSON of a citation with all its values; absent ones are left out."""
        more = ("locator", "when", "phrase", "said", "hedge", "unnamed")
        found = (
            self.json()
            | {"about": self.about}
            | {name: getattr(self, name) for name in more if getattr(self, name) is not None}
        )
        found |= {"files": [dict(file) for file in self.files]} if self.files else {}
        return found | {name: True for name in ("withdrawn", "source_withdrawn") if getattr(self, name)}


@in_notebooks
class Said(NamedTuple):
    """A citation in which somebody spoke, or which they relayed."""

    citation: Citation
    role: Literal["spoke", "relayed"]

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        return self.citation.json() | {"about": self.citation.about, "role": self.role}


def origins(citations: Iterable[Citation]) -> tuple[str, ...]:
    """The independent origins of what live citations assert, in the order in which each was first cited."""
    return tuple(dict.fromkeys(one.origin for one in citations if one.stance == "asserts" and one.live))


class Limits(NamedTuple):
    """Between which moments something lies, as people write them: `first` and `last` as EDTF, None where nothing is known.

    A time is in the zone of the date that decides it, and a year beyond the range of ticks is that of the date. `begun`: the
    last moment is one by which it had begun, and its end is not known.
    """

    first: str | None
    last: str | None
    begun: bool = False


@in_notebooks
class Fact(NamedTuple):
    """A fact as it was on the question's clock.

    `begun_by`: if its end is not known, the last day on which it can have begun. `lasts`: its length, as ISO 8601
    durations under `min` and `max`. `undated`: only the days on which it was reported limit when it happened, so it
    comes last in the order of time. `limits`: where it lies as people write it, if `earliest`, `latest` and `begun_by` do
    not say it in the same words.
    """

    id: str
    title: str
    when: str | None
    status: str
    earliest: str | None
    latest: str | None
    open_end: bool = False
    conflicting: bool = False
    phrase: str | None = None
    anchor: str | None = None
    zone: str | None = None
    place: str | None = None
    participants: tuple[dict[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = MappingProxyType({})
    position: Position = Position(0)
    version: Position = Position(0)
    citations: tuple[Citation, ...] | None = None
    begun_by: str | None = None
    lasts: Mapping[str, str] = MappingProxyType({})
    undated: bool = False
    limits: Limits | None = None

    def __hash__(self) -> int:
        return hash((self.id, self.version))

    @property
    def lies(self) -> Limits:
        """Between which moments it lies, as people write them."""
        return self.limits or Limits(*briefly(self.earliest, self.begun_by or self.latest), self.begun_by is not None)

    @property
    def origins(self) -> tuple[str, ...] | None:
        """The independent origins that assert it; None if the question did not ask for evidence."""
        return None if self.citations is None else origins(self.citations)

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        return self.placed() | self._evidence()

    def placed(self, certainty: Certainty | None = None) -> JsonObject:
        """The JSON of a fact without its citations; keys that not every fact has come last."""
        found: JsonObject = {
            "id": self.id,
            "title": self.title,
            "when": self.when,
            "earliest": self.earliest,
            "latest": self.latest,
            "status": self.status,
        }
        if certainty is not None:
            found["certainty"] = certainty
        if self.begun_by is not None:
            found["begun_by"] = self.begun_by
        if self.open_end:
            found["open_end"] = True
        if self.conflicting:
            found["conflicting"] = True
        return found

    def _evidence(self) -> JsonObject:
        return {} if self.citations is None else {"evidence": [citation.json() for citation in self.citations]}


def in_words(span: Mapping[str, str]) -> str:
    """A gap or a length, ISO 8601 durations under `min` and `max`, in words."""
    return ", ".join(f"{words} {span[end]}" for end, words in (("min", "at least"), ("max", "at most")) if end in span)


class Step(NamedTuple):
    """One step of a reason, in words, with its source.

    `kind`: date, length, evidence, reading (evidence that excludes some readings of a date) or ordering; where dates
    disagree, also citation (a date that it gives) or source (the day on which it was published).
    """

    kind: str
    text: str
    source: str | None = None
    quote: str | None = None

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        return {"kind": self.kind, "text": self.text, "source": self.source, "quote": self.quote}

    def __str__(self) -> str:
        where = f" [{self.source}]" if self.source else ""
        return f"{self.text}{where}" + (f": “{self.quote}”" if self.quote else "")


@in_notebooks
class Found(NamedTuple):
    """A fact in an answer. `certainty` is None in a timeline, which has none."""

    fact: Fact
    certainty: Certainty | None = None
    why: tuple[Step, ...] | None = None

    @property
    def id(self) -> str:
        """The fact's id."""
        return self.fact.id

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        found = self.fact.placed(self.certainty)
        if self.why is not None:
            found["why"] = [step.json() for step in self.why]
        return found | self.fact._evidence()


#: One possible course of events: the first and last day of each fact.
History = dict[str, tuple[str | None, str | None]]


@in_notebooks
class Order(NamedTuple):
    """How two facts are ordered in time.

    `histories` are examples of what is possible: for each possible relation, one in which it holds and one in which it does
    not; for a date with gaps, only for relations that its first and last day decide, and none for a year beyond the
    range of ticks.
    `generous`: those of the two facts whose date has gaps that the reasoning ignores, so that *possible* may say too much.
    """

    a: str
    b: str
    relations: dict[str, Certainty]
    why: tuple[Step, ...] = ()
    histories: Mapping[str, tuple[History, History]] = MappingProxyType({})
    generous: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash((self.a, self.b))

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        found: JsonObject = {"a": self.a, "b": self.b, "relations": self.relations}
        found["why"] = [step.json() for step in self.why]
        found["histories"] = {
            relation: {"holds": _days(holds), "fails": _days(fails)}
            for relation, (holds, fails) in self.histories.items()
        }
        if self.generous:
            found["generous"] = list(self.generous)
        return found


class BeforePairs(NamedTuple):
    """How all pairs of facts are ordered in time, by id.

    `ranks`: for each fact the ranks of its earliest and latest start and its earliest and latest end among the limits of all.
    `certain` and `barred`: for a fact, the facts that came before it, or cannot have, regardless of their limits.
    """

    ranks: dict[str, tuple[int, int, int, int]]
    certain: dict[str, frozenset[str]]
    barred: dict[str, frozenset[str]]

    def before(self, a: str, b: str) -> Certainty | None:
        """Whether a was over when b began: certainly, possibly, or not (None)."""
        _, _, ends, over = self.ranks[a]
        starts, begun, _, _ = self.ranks[b]
        if over <= starts or a in self.certain.get(b, ()):
            return "certain"
        return "possible" if ends <= begun and a not in self.barred.get(b, ()) else None


def _days(history: History) -> dict[str, dict[str, str | None]]:
    return {name: {"first": first, "last": last} for name, (first, last) in history.items()}


@in_notebooks
class Source(NamedTuple):
    """A document as it was on the question's clock. `citations`: how many live ones it has."""

    id: str
    title: str | None
    publisher: str | None
    url: str | None
    published: str | None
    retrieved: str | None
    text: str | None
    seen_through: str | None
    withdrawn: bool = False
    citations: int = 0
    attributes: Mapping[str, str] = MappingProxyType({})
    files: tuple[Mapping[str, str], ...] = ()

    def __hash__(self) -> int:
        return hash(self.id)

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        found: JsonObject = {
            "id": self.id,
            "title": self.title,
            "publisher": self.publisher,
            "url": self.url,
            "published": self.published,
            "retrieved": self.retrieved,
            "text": self.text,
            "citations": self.citations,
        }
        if self.seen_through is not None:
            found["seen_through"] = self.seen_through
        found |= {"attributes": dict(self.attributes)} if self.attributes else {}
        found |= {"files": [dict(file) for file in self.files]} if self.files else {}
        if self.withdrawn:
            found["withdrawn"] = True
        return found


class Waiting(NamedTuple):
    """How many facts, of those not withdrawn, have no date, rest on a single origin, are cited without exact words, or have
    no evidence for or against them; how many quotes are not in their sources' texts; and how many conflicts are listed."""

    undated: int
    single_origin: int
    unquoted: int
    unsupported: int
    missing_quotes: int
    conflicts: int


class Undated(NamedTuple):
    """How many sources have no date `published`, or `retrieved`, of how many; and how many facts rest only on these.

    A clock of evidence counts none of them. What is withdrawn is not counted.
    """

    sources: int
    of: int
    facts: int


class Checked(NamedTuple):
    """A quote that is missing from its source's text, or ambiguous; then with the places that it may mean.

    A place is the text before it, the text itself, and the text after it.
    """

    citation: str
    source: str
    quote: str
    check: str
    places: tuple[tuple[str, str, str], ...] = ()

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        places = [{"prefix": before, "exact": exact, "suffix": after} for before, exact, after in self.places]
        return {
            "citation": self.citation,
            "source": self.source,
            "quote": self.quote,
            "check": self.check,
            "places": places,
        }


@in_notebooks
class Conflict(NamedTuple):
    """A constraint set aside because it contradicts a minimal chain, or a citation's date that differs from the fact's.

    `kind` is `contradiction` or `disagreement`; for the latter nothing is set aside.
    """

    id: str
    kind: str
    text: str
    chain: tuple[Step, ...]

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        return {"id": self.id, "kind": self.kind, "text": self.text, "chain": [step.json() for step in self.chain]}


class Span(NamedTuple):
    """Where a fact lies, in ticks: it may have happened from `first` until `past`, None if unbounded.

    It had begun by `begun_by` and was not over at `not_over`, None if unknown. `certain`: the stretches, in whole days, in
    which it certainly happened, from and until (None: without end); several for a set of days, none if no day is certain.
    """

    first: Ticks | None
    past: Ticks | None
    begun_by: Ticks | None
    not_over: Ticks | None
    certain: tuple[tuple[Ticks | None, Ticks | None], ...]
