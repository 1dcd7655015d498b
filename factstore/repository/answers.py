"""What questions give back: plain immutable values, each with the JSON that scripts rely on.

They are named tuples: a data class takes several times as long to be defined, which every command waits for, and to be made.
Mappings in them are plain dictionaries, which a caller may change without changing the ledger; such answers are hashed by
what names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from factstore.ledger.part import Portion
from factstore.reasoning.closure import Certainty
from factstore.repository.listing import fields_table


class Thing(NamedTuple):
    """A thing that the ledger holds: its fields as they are, and whether it is withdrawn or was added by hand.

    `since_loaded` has, for each field that changed, the value that was last loaded, or recorded, and every one that it had
    since, `withdrawn` among them. A document that says one of these is as the ledger is, or behind it.
    """

    position: int
    kind: str
    fields: dict[str, Any]
    since_loaded: Mapping[str, list[Any]]
    withdrawn: bool
    by_hand: bool = False

    def values(self, field: str) -> list[Any]:
        """What a document may say of a field without changing anything; the first is what was last loaded."""
        return self.since_loaded.get(field) or [self.fields.get(field)]


class Citation(NamedTuple):
    """One piece of evidence, with its source's and its own ids. `attribution` runs from the one who spoke to the document.

    `origin` is the same for two citations exactly where they go back to one origin.
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
    #: What its source is filed under, and the files that hold it.
    filed: Mapping[str, str] = MappingProxyType({})
    files: tuple[Mapping[str, str], ...] = ()

    @property
    def live(self) -> bool:
        """Whether it counts."""
        return not (self.withdrawn or self.source_withdrawn)

    def __hash__(self) -> int:
        return hash(self.id)

    def json(self) -> dict[str, Any]:
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

    def details(self) -> dict[str, Any]:
        """The JSON of a citation with all that it says; what it leaves out is not there."""
        more = ("locator", "when", "phrase", "said", "hedge", "unnamed")
        found = (
            self.json()
            | {"about": self.about}
            | {name: getattr(self, name) for name in more if getattr(self, name) is not None}
        )
        found |= {"files": [dict(file) for file in self.files]} if self.files else {}
        return found | {name: True for name in ("withdrawn", "source_withdrawn") if getattr(self, name)}

    def _repr_html_(self) -> str:
        return fields_table(self)


class Said(NamedTuple):
    """A citation in which somebody spoke, or that they relayed."""

    citation: Citation
    role: Literal["spoke", "relayed"]

    def json(self) -> dict[str, Any]:
        return self.citation.json() | {"about": self.citation.about, "role": self.role}

    def _repr_html_(self) -> str:
        return fields_table(self)


def origins(citations: Iterable[Citation]) -> tuple[str, ...]:
    """The independent origins of what live citations assert, in the order in which each was first cited."""
    return tuple(dict.fromkeys(one.origin for one in citations if one.stance == "asserts" and one.live))


class Fact(NamedTuple):
    """A fact as it stood at the question's clock.

    `begun_by`: where its end is not known, the last day on which it can have started. `lasts`: how long it took, as ISO 8601
    durations under `min` and `max`. `undated`: nothing limits when it happened but the days on which it was told of, so it
    comes last in the order of time.
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
    position: int = 0
    version: int = 0
    citations: tuple[Citation, ...] | None = None
    begun_by: str | None = None
    lasts: Mapping[str, str] = MappingProxyType({})
    undated: bool = False

    def __hash__(self) -> int:
        return hash((self.id, self.version))

    @property
    def origins(self) -> tuple[str, ...] | None:
        """The independent origins that assert it; None where the question did not ask for the evidence."""
        return None if self.citations is None else origins(self.citations)

    def json(self) -> dict[str, Any]:
        return self.placed() | self._evidence()

    def placed(self, certainty: Certainty | None = None) -> dict[str, Any]:
        """The JSON of a fact without its citations; keys that not every fact has come last."""
        found: dict[str, Any] = {
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

    def _evidence(self) -> dict[str, Any]:
        return {} if self.citations is None else {"evidence": [citation.json() for citation in self.citations]}

    def _repr_html_(self) -> str:
        return fields_table(self)


def in_words(span: Mapping[str, str]) -> str:
    """A gap or a length, ISO 8601 durations under `min` and `max`, in words."""
    return ", ".join(f"{words} {span[end]}" for end, words in (("min", "at least"), ("max", "at most")) if end in span)


class Step(NamedTuple):
    """One link of a reason, in words, with where it stands.

    `kind`: date, length, evidence, reading (which members of a date evidence excludes) or ordering.
    """

    kind: str
    text: str
    source: str | None = None
    quote: str | None = None

    def json(self) -> dict[str, Any]:
        return {"kind": self.kind, "text": self.text, "source": self.source, "quote": self.quote}

    def __str__(self) -> str:
        where = f" [{self.source}]" if self.source else ""
        return f"{self.text}{where}" + (f": “{self.quote}”" if self.quote else "")


class Found(NamedTuple):
    """A fact in an answer. `certainty` is None in a timeline, which asks for none."""

    fact: Fact
    certainty: Certainty | None = None
    why: tuple[Step, ...] | None = None

    @property
    def id(self) -> str:
        """The fact's id."""
        return self.fact.id

    def json(self) -> dict[str, Any]:
        found = self.fact.placed(self.certainty)
        if self.why is not None:
            found["why"] = [step.json() for step in self.why]
        return found | self.fact._evidence()

    def _repr_html_(self) -> str:
        return fields_table(self)


#: A way in which it may have been: for each fact its first and last day.
History = dict[str, tuple[str | None, str | None]]


class Order(NamedTuple):
    """How two facts stand in time.

    `histories` show what is possible: for each possible relation, one in which it holds and one in which it does not; where
    a date leaves gaps, only for relations that its first and last day decide.
    `generous` are those of the two facts whose date has holes that the reasoning fills, so that *possible* may be generous.
    """

    a: str
    b: str
    relations: dict[str, Certainty]
    why: tuple[Step, ...] = ()
    histories: Mapping[str, tuple[History, History]] = MappingProxyType({})
    generous: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return hash((self.a, self.b))

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"a": self.a, "b": self.b, "relations": self.relations}
        found["why"] = [step.json() for step in self.why]
        found["histories"] = {
            relation: {"holds": _days(holds), "fails": _days(fails)}
            for relation, (holds, fails) in self.histories.items()
        }
        if self.generous:
            found["generous"] = list(self.generous)
        return found

    def _repr_html_(self) -> str:
        return fields_table(self)


class BeforePairs(NamedTuple):
    """How every two facts stand in time, by their ids.

    `ranks` are those of a fact's earliest and latest start and its earliest and latest end among the limits of all. `certain`
    and `barred` are, for a fact, those that certainly came before it whatever their limits, and those that cannot have.
    """

    ranks: dict[str, tuple[int, int, int, int]]
    certain: dict[str, frozenset[str]]
    barred: dict[str, frozenset[str]]

    def before(self, a: str, b: str) -> Certainty | None:
        """Whether a was over when b began: certainly, possibly, or (None) not."""
        _, _, ends, over = self.ranks[a]
        starts, begun, _, _ = self.ranks[b]
        if over <= starts or a in self.certain.get(b, ()):
            return "certain"
        return "possible" if ends <= begun and a not in self.barred.get(b, ()) else None


def _days(history: History) -> dict[str, dict[str, str | None]]:
    return {name: {"first": first, "last": last} for name, (first, last) in history.items()}


class LogEntry(NamedTuple):
    """One record of the log.

    In a thing's history also `changes` (field -> before and after), the `reason`, and the ids of the citations that are a
    correction's `evidence`.
    """

    position: int
    commit: int
    kind: str
    subject: str | None
    recorded_at: str
    recorded_by: str
    message: str
    hash: str
    changes: dict[str, tuple[Any, Any]] | None = None
    reason: str | None = None
    evidence: tuple[str, ...] = ()

    @property
    def stated_reason(self) -> str:
        """The reason in brackets; nothing where nobody stated one."""
        return "" if self.reason in (None, "other") else f"({self.reason})"

    def __hash__(self) -> int:
        return hash(self.hash)

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "position": self.position,
            "commit": self.commit,
            "kind": self.kind,
            "subject": self.subject,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by,
            "message": self.message,
            "hash": self.hash,
        }
        if self.changes is not None:
            found["changes"] = {name: {"from": old, "to": new} for name, (old, new) in self.changes.items()}
            found["reason"] = self.reason
        if self.evidence:
            found["evidence"] = list(self.evidence)
        return found

    def _repr_html_(self) -> str:
        return fields_table(self)


class Change(NamedTuple):
    """One net difference between what the ledger said and what it says.

    | change | field | from → to |
    |---|---|---|
    | `added` | None | None → the thing as an entry of a document |
    | `corrected` | the field | its values as people write them |
    | `withdrawn`, `restored` | None | None |
    | `moved` | `earliest`, `latest`, `begun_by`, `open_end`, `status`, `conflicting` | where the fact lay and lies in time |
    | `conflict`, `resolved` | None | None → what is set aside, in words; or the reverse |

    `kind` is that of the thing; `of` is the fact, ordering, source or speaker that it belongs to, a citation's being what it
    is about. `why`: the correction's reason, the step that gives the bound, the chain of the conflict.
    """

    id: str
    change: Literal["added", "corrected", "withdrawn", "restored", "moved", "conflict", "resolved"]
    field: str | None = None
    old: Any = None
    new: Any = None
    why: tuple[Step, ...] = ()
    kind: str = "fact"
    of: str = ""

    def __hash__(self) -> int:
        return hash((self.id, self.change, self.field))

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "id": self.id,
            "change": self.change,
            "field": self.field,
            "from": self.old,
            "to": self.new,
            "kind": self.kind,
        }
        if self.why:
            found["why"] = [step.json() for step in self.why]
        return found

    def _repr_html_(self) -> str:
        return fields_table(self)


class Source(NamedTuple):
    """A document as it stood at the question's clock. `citations`: how many live ones rest on it."""

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

    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
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

    def _repr_html_(self) -> str:
        return fields_table(self)


class Overview(NamedTuple):
    """What a ledger holds: facts and sources that are not withdrawn, what is set aside, its last record, and one of the facts
    that most orderings tie to others; these two are None where there is nothing yet. `part`: how much of a ledger it is."""

    facts: int
    sources: int
    conflicts: int
    last: LogEntry | None
    fact: str | None
    part: Portion | None = None


class Waiting(NamedTuple):
    """How many facts that are not withdrawn nothing dates, one origin alone asserts, or no citation has the words for."""

    undated: int
    single_origin: int
    unquoted: int


class Checked(NamedTuple):
    """A quote that is not at one place of its source's text: `check` is missing, or ambiguous with the places it may mean.

    A place is what stands before it, what stands there, and what stands after it.
    """

    citation: str
    source: str
    quote: str
    check: str
    places: tuple[tuple[str, str, str], ...] = ()

    def json(self) -> dict[str, Any]:
        places = [{"prefix": before, "exact": exact, "suffix": after} for before, exact, after in self.places]
        return {
            "citation": self.citation,
            "source": self.source,
            "quote": self.quote,
            "check": self.check,
            "places": places,
        }


class Conflict(NamedTuple):
    """What was set aside because it contradicts an irreducible chain, or a citation's date that is not the fact's.

    `kind` is `contradiction` or `disagreement`; of the latter nothing is set aside.
    """

    id: str
    kind: str
    text: str
    chain: tuple[Step, ...]

    def json(self) -> dict[str, Any]:
        return {"id": self.id, "kind": self.kind, "text": self.text, "chain": [step.json() for step in self.chain]}

    def _repr_html_(self) -> str:
        return fields_table(self)


class Span(NamedTuple):
    """Where a fact lies, in ticks: from `first` until `past` it may have happened, None where unbounded.

    It had begun by `begun_by` and was not over at `not_over`, None where unknown. `certain`: from and until when, to the
    day, it certainly happened (None for an end: ever); more than one stretch of a set of days, none where no day is certain.
    """

    first: int | None
    past: int | None
    begun_by: int | None
    not_over: int | None
    certain: tuple[tuple[int | None, int | None], ...]


_REASONS = {
    "extraction-error": "we had misread",
    "source-corrected": "the source corrected itself",
    "new-evidence": "there is new evidence",
}


def because(reason: str | None) -> str:
    """A correction's reason, to go on a sentence with; nothing where it is `other`."""
    words = _REASONS.get(reason or "")
    return f", because {words}" if words else ""
