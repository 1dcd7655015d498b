"""What an export contains: the facts that were asked for, in reading order, and what they rest on.

Withdrawn facts are never exported. Facts that are denied, foretold or without evidence are exported only if their status is
asked for, and are then marked with it: most formats have no field for a status that readers are sure to see, and what
never happened must not look as if it had.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID, uuid5

from factstore.chronology import Chronology
from factstore.errors import Refused
from factstore.evidence.stances import ANSWERED, STATUSES, Status
from factstore.inert import flat
from factstore.plain import Json, JsonObject
from factstore.rendering.days import fact_date, fact_iso, is_narrowed, placement_words
from factstore.rendering.markdown import CONFLICTING
from factstore.repository.answers import Citation, Fact, Source, Span
from factstore.repository.dossier_answers import Ordering
from factstore.repository.log_answers import LogEntry

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

#: What each status means, in words for readers.
STATES = {
    "stands": "asserted",
    "disputed": "disputed: asserted by some, denied by others",
    "denied": "denied, and asserted by nobody",
    "foretold": "foretold, not reported to have happened",
    "unsupported": "without evidence that counts",
}
#: The names by which facts of each status are counted if they are left out.
_STATUS_LEFT_OUT: dict[str, str] = {
    **{status: f"{status} fact" for status in STATUSES},
    "stands": "asserted fact",
    "unsupported": "fact* without evidence that counts",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an export was asked for: the ledger's name, the clock, filters (those of a timeline), statuses, a title.

    `clock` has `known`, `published` and `held`, None if not given.
    """

    ledger: str
    clock: Mapping[str, str | None] = field(default_factory=dict)
    narrowed: Mapping[str, str | None] = field(default_factory=dict)
    status: Sequence[Status] = ()
    title: str | None = None
    iso: bool = False

    def words(self) -> str:
        """The clock and the filters in words."""
        clock = {"known at": "known", "published by": "published", "held by": "held"}
        parts = [f"{words} {self.clock[name]}" for words, name in clock.items() if self.clock.get(name)]
        parts += [f"{name} {value}" for name, value in self.narrowed.items() if value is not None]
        every = set(self.status) >= {*STATUSES} - {"withdrawn"}
        parts += ["every status"] if every else [f"status {' or '.join(self.status)}"] if self.status else []
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Extract:
    """The part of a chronology that is exported.

    `facts`: in reading order, each with its live citations. `orderings`: those between two of them that are in force or set
    aside. `sources`: those cited, and those through which these were seen. `entries`: the same things as entries of a
    document, by id. `log`: reads the ledger's records, the newest first. `left_out`: counts of what was not asked for.
    """

    asked: Asked
    head: LogEntry
    facts: Sequence[Fact]
    orderings: Sequence[Ordering]
    sources: Mapping[str, Source]
    speakers: Sequence[Mapping[str, Json]]
    entries: Mapping[str, Mapping[str, Json]]
    spans: Mapping[str, Span]
    zone: int
    ledger: UUID
    log: Callable[[], Sequence[LogEntry]]
    left_out: Counter[str]

    @property
    def title(self) -> str:
        """The title that was asked for, or one for any chronology."""
        return clean(self.asked.title or "Chronology")

    def made_from(self) -> str:
        """The ledger and its head, the clock and the filters, on one line."""
        words = self.asked.words()
        return clean(
            f"Made from {self.asked.ledger}, head {self.head.position}:{self.head.hash}{f'; {words}' if words else ''}"
        )

    def name_of(self, link: str) -> str:
        """The name of a link of a chain: a source's title, a speaker's name, anything else unchanged."""
        source = self.sources.get(link)
        if source is not None:
            return source.title or source.publisher or link
        entry = self.entries.get(link, {})
        return str(entry.get("name") or entry.get("title") or link)

    def chain(self, citation: Citation) -> str:
        """The chain from who spoke to the document; a speaker and the document that they published are one link."""
        links = map(self.name_of, citation.attribution or (citation.source,))
        return " → ".join(name for name, _ in groupby(links))

    def date(self, fact: Fact) -> str:
        """When a fact was, for readers: in words or, with --iso, as EDTF."""
        return fact_iso(fact._replace(undated=False)) if self.asked.iso else fact_date(fact)

    def lies(self, fact: Fact) -> str:
        """Where a fact lies if that is not anywhere within its own date, for readers; else ""."""
        if not is_narrowed(fact, self.zone):
            return ""
        return self.date(fact._replace(when=None)) if self.asked.iso else placement_words(fact)

    def warnings(self, fact: Fact) -> list[str]:
        """What a reader must know beside the date: the status, unless the fact stands, and whether its time contradicts."""
        found = [] if fact.status == "stands" else [STATES[fact.status]]
        if fact.conflicting:
            lies = self.lies(fact)
            found.append(CONFLICTING + (f", and the rest leaves {lies}" if lies else ""))
        return found

    def urn(self, name: str) -> str:
        """An IRI for a thing, or for a record as `record/12`: the same in all exports of this ledger, and unique to it."""
        return uuid5(self.ledger, name).urn

    def citations(self) -> Iterator[tuple[Fact, Citation]]:
        """Each citation with the fact that it is about."""
        for fact in self.facts:
            for citation in fact.citations or ():
                yield fact, citation


@dataclass(frozen=True, slots=True)
class Written:
    """A file's content, counts of what in the extract it has no room for, and the number of facts that are not in it."""

    content: bytes
    lost: Counter[str] = field(default_factory=Counter)
    absent: int = 0


def clean(text: str) -> str:
    """A text on one line, with only characters that XML allows and that cannot steer a terminal."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", flat(text))


def extract(chronology: Chronology, asked: Asked) -> Extract:
    """The part of a chronology that is asked for. Raises Refused if it has no facts."""
    narrowed: JsonObject = {name: value for name, value in asked.narrowed.items() if value is not None}
    wanted = tuple(asked.status or ANSWERED)
    others = [status for status in STATUSES if status not in wanted]
    facts = [found.fact for found in chronology.timeline.all(evidence=True, status=wanted, **narrowed)]
    left_out = Counter(_STATUS_LEFT_OUT[fact.status] for fact in chronology.facts(status=others, **narrowed))
    if not facts:
        also = f": left out are {in_numbers(left_out)}" if left_out else ""
        raise Refused(f"there are no such facts to export{also}")
    names = {fact.id for fact in facts}
    stated = [one for one in chronology.orderings() if one.in_force or one.conflicting]
    orderings = [one for one in stated if {one.a, one.b} <= names]
    if apart := sum(bool({one.a, one.b} & names) for one in stated) - len(orderings):
        left_out["ordering* with facts that are left out"] = apart
    cited = {one.source for fact in facts for one in fact.citations or ()}
    cited |= {one.source for ordering in orderings for one in ordering.evidence}
    entries = chronology.entries()
    by_id = dict(_by_id(entries))
    cited |= {link for name in names for one in by_id[name].get("evidence", ()) for link in one.get("attribution", ())}
    [head] = chronology.log(limit=1)
    return Extract(
        asked=asked,
        head=head,
        facts=facts,
        orderings=orderings,
        sources=_with_carriers(cited, {source.id: source for source in chronology.sources()}),
        speakers=[one for kind, one in entries if kind == "speaker" and "withdrawn" not in one],
        entries=by_id,
        spans={name: span for name, span in chronology.spans().items() if name in names},
        zone=chronology.zone,
        ledger=UUID(chronology.ledger),
        log=chronology.log,
        left_out=left_out,
    )


def _by_id(entries: Iterable[tuple[str, Mapping[str, Json]]]) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """The entries of a document and the pieces of evidence in them, each with its id."""
    for _, entry in entries:
        yield entry["id"], entry
        yield from ((cited["id"], cited) for cited in entry.get("evidence", ()))


def _with_carriers(cited: Iterable[str], every: Mapping[str, Source]) -> dict[str, Source]:
    """The cited sources and those through which they were seen, in the order in which they were recorded."""
    wanted = set()
    for name in cited:
        step: str | None = name
        while step is not None and step in every and step not in wanted:
            wanted.add(step)
            step = every[step].seen_through
    return {name: source for name, source in every.items() if name in wanted}


def in_numbers(counts: Mapping[str, int]) -> str:
    """Counts in words: "3 orderings, 1 denied fact". The plural's s goes where a name has `*`, else at its end."""
    return ", ".join(f"{count} {_numbered(name, count)}" for name, count in counts.items() if count)


def _numbered(name: str, count: int) -> str:
    return (name if "*" in name else f"{name}*").replace("*", "" if count == 1 else "s")
