"""Every question of the library, as the ledger stood at one clock: each is one read of one state. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from factstore.evidence.stances import ANSWERED
from factstore.ledger.texts import read as read_text
from factstore.progress import Progress, counted
from factstore.reasoning.constraints import Question
from factstore.repository import clocks, names
from factstore.repository import spans as placed
from factstore.repository.answers import (
    Citation,
    Conflict,
    Dossier,
    Entry,
    Fact,
    Found,
    Order,
    Ordering,
    Overview,
    Said,
    Sheet,
    Source,
    Span,
)
from factstore.repository.conflicts import conflicts
from factstore.repository.dossiers import Dossiers
from factstore.repository.questions import Questions
from factstore.repository.repository import Filter, Repository, check_page

if TYPE_CHECKING:
    from factstore.documents import writing

# Documents are imported where they are written: whoever asks needs none of what reads and writes them.


class View:
    """Every question, as the ledger stood at one clock. Reads only."""

    def __init__(self, asking: Callable[[], AbstractContextManager[Repository]]) -> None:
        self._asking = asking

    @property
    def timeline(self) -> Timeline:
        """Questions about time."""
        return Timeline(self)

    def find(self, text: str, *kinds: str) -> str:
        """The id of the one thing that a text names: its id, the beginning of its id, or words that one fact alone has.

        `kinds` are those that will do: fact, source, speaker, citation, ordering; left out, any. Raises Ambiguous with the
        first few where several are named, UnknownId with the ids most like it where none is.
        """
        with self._asking() as there:
            return names.find(there, text, *kinds)

    def beginning_with(self, text: str, *kinds: str, limit: int = 100) -> list[str]:
        """The first ids that begin with a text, of some kinds; those of orderings and citations where there are no others."""
        with self._asking() as there:
            return names.beginning(there, text, kinds, limit)

    def overview(self) -> Overview:
        """What the ledger holds, in numbers, and a fact to begin with."""
        with self._asking() as there:
            return there.overview()

    def facts(
        self, text: str | None = None, *, limit: int = 0, offset: int = 0, evidence: bool = False, **narrowed: Any
    ) -> list[Fact]:
        """Facts whose words, people, places or quotes hold every word of a text, in order of time.

        `narrowed` as in `Filter`: participant, place, tag, source, status.
        """
        wanted = Filter(text=text, **narrowed)
        with self._asking() as there:
            found = there.facts(wanted, limit=limit, offset=offset)
            return list(there.with_citations(found)) if evidence else found

    def fact(self, name: str) -> Fact:
        """One fact with its citations. Raises UnknownId."""
        with self._asking() as there:
            return there.fact(name)

    def show(self, name: str) -> Dossier | Sheet:
        """A fact, source, speaker, citation or ordering with all that is known of it. Raises UnknownId."""
        with self._asking() as there:
            return Dossiers(there).show(name)

    def history(self, name: str, *, limit: int = 0) -> list[Entry]:
        """Every record about a thing, its citations and its orderings, oldest first, with what each changed."""
        with self._asking() as there:
            return there.history(name, orderings=True, limit=limit)

    def who_says(self, name: str) -> list[Citation]:
        """The live citations of a fact or an ordering."""
        with self._asking() as there:
            return there.speaking_of(name)

    def sources(self, *, limit: int = 0) -> list[Source]:
        """Every source."""
        check_page(limit)
        with self._asking() as there:
            return there.witnesses.sources(limit=limit)

    def said_by(self, name: str) -> list[Said]:
        """The live citations in which somebody spoke, or another on their behalf, then those that they relayed.

        `name` is the id, name or alias of a speaker, the id or publisher of a source, or any name in a chain. Raises
        UnknownId with the names most like it.
        """
        with self._asking() as there:
            return there.witnesses.said_by(name)

    def log(self, *, limit: int = 0) -> list[Entry]:
        """Every record, the newest first."""
        with self._asking() as there:
            return there.log(limit=limit)

    def conflicts(self) -> list[Conflict]:
        """What was set aside because it contradicts, and dates on which sources disagree."""
        with self._asking() as there:
            return conflicts(there, Questions(there))

    def spans(self) -> dict[str, Span]:
        """Where each fact lies, by its id: the days on which it certainly and possibly happened."""
        with self._asking() as there:
            return placed.spans(there)

    @property
    def zone(self) -> int:
        """The ledger's own offset, in seconds east of UTC."""
        with self._asking() as there:
            return there.zone

    def period(self, date: str) -> tuple[int, int]:
        """A plain date as a question reads it: from and until when, in ticks."""
        with self._asking() as there:
            bounds = Questions(there).anchor(date).bounds
            return bounds.start_min, bounds.end_max

    def undated(self) -> dict[str, tuple[int, int]]:
        """How many of the sources have no date `published`, or `retrieved`, so that no such clock counts them; of how many.

        A source that was seen through another has the other's date. All that are known at the clock are counted.
        """
        with self._asking() as there:
            return clocks.undated(there)

    def orderings(self) -> list[Ordering]:
        """Every stated order, with its citations, also those that no longer count."""
        with self._asking() as there:
            return Dossiers(there).orderings()

    def text(self, source: str) -> str | None:
        """The archived text of a source, None where there is none or only its hash. Raises UnknownId."""
        with self._asking() as there:
            name = there.fields(there.position(source, "source")).get("text")
            return read_text(there.connection, name) if name else None

    def entries(self, *, texts: bool = False) -> list[tuple[str, dict[str, Any]]]:
        """The chronology as entries of a document, referents first; with archived texts in place of their hashes."""
        with self._asking() as there:
            return list(_entries(there, texts=texts))

    def dump(self, kind: str = "yaml", *, texts: bool = False, progress: Progress | None = None) -> str:
        """The chronology as a document: yaml, json or jsonl. Loading it again changes nothing. As csv, its facts.

        With `texts` it holds archived texts, so that the ledger can move whole; else their hashes. `progress` is told how
        many entries are done, and of how many.
        """
        from factstore.documents import writing

        with self._asking() as there:
            entries = counted(_entries(there, texts=texts), progress, there.entry_count())
            if kind == "csv":
                return writing.write_csv(entries).facts
            if kind == "jsonl":
                return "".join(writing.write_jsonl(entries))
            return writing.write_json(entries) if kind == "json" else writing.write_yaml(entries)

    def sheets(self, *, progress: Progress | None = None) -> writing.Sheets:
        """The chronology as CSV: its facts as a document, and tables of the rest beside it."""
        from factstore.documents import writing

        with self._asking() as there:
            return writing.write_csv(counted(there.entries(), progress, there.entry_count()))


class Timeline:
    """Questions about time. X is a fact's id or a plain EDTF date.

    Every question takes `limit` (0: all) and `offset`, `certain` (only those), `why` (reasons), `evidence` (citations), and
    narrows by `text`, `participant`, `place`, `tag`, `source` and `status`.
    """

    def __init__(self, view: View) -> None:
        self._view = view

    def __iter__(self) -> Iterator[Found]:
        return iter(self.all())

    def all(self, *, limit: int = 0, offset: int = 0, evidence: bool = False, **narrowed: Any) -> list[Found]:
        """Facts in an order that keeps every stated one."""
        wanted = _filter(narrowed)
        with self._view._asking() as there:
            found = Questions(there).timeline(wanted, limit=limit, offset=offset)
            return _with_evidence(there, found, evidence)

    def find(self, x: str) -> str:
        """X as the questions take it: a plain date as it is, else the id of the fact that it names (see `View.find`).

        Raises DateError for what is neither.
        """
        with self._view._asking() as there:
            return names.find_time(there, x)

    def before(self, x: str, **options: Any) -> list[Found]:
        """What ended by the time X started: certainly, then possibly, each nearest first."""
        return self._ask("before", x, None, **options)

    def after(self, x: str, **options: Any) -> list[Found]:
        """What started once X had ended."""
        return self._ask("after", x, None, **options)

    def between(self, x: str, y: str, **options: Any) -> list[Found]:
        """What lies after X and before Y."""
        return self._ask("between", x, y, **options)

    def overlapping(self, x: str, **options: Any) -> list[Found]:
        """What shares some time with X."""
        return self._ask("overlapping", x, None, **options)

    def _ask(
        self,
        question: Question,
        x: str,
        y: str | None,
        *,
        limit: int = 0,
        offset: int = 0,
        certain: bool = False,
        why: bool = False,
        evidence: bool = False,
        **narrowed: Any,
    ) -> list[Found]:
        wanted = _filter(narrowed)
        with self._view._asking() as there:
            found = Questions(there).ask(question, x, y, wanted, limit=limit, offset=offset, certain=certain, why=why)
            return _with_evidence(there, found, evidence)

    def order(self, a: str, b: str) -> Order:
        """How two facts stand in time, and why."""
        with self._view._asking() as there:
            return Questions(there).order(a, b)


def _entries(there: Repository, *, texts: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of a document; with archived texts in place of their hashes where that is asked for."""
    from factstore.documents.reading import can_stand_in_a_document

    for kind, entry in there.entries():
        if texts and "text" in entry:
            content = read_text(there.connection, entry["text"])
            if content and can_stand_in_a_document(content):
                entry["text"] = content
        yield kind, entry


def _filter(narrowed: dict[str, Any]) -> Filter:
    """Answers hold facts that stand or are disputed, unless other statuses are asked for."""
    return Filter(**narrowed | {"status": narrowed.get("status") or ANSWERED})


def _with_evidence(there: Repository, found: list[Found], evidence: bool) -> list[Found]:
    if not evidence:
        return found
    facts = there.with_citations(item.fact for item in found)
    return [Found(fact, item.certainty, item.why) for fact, item in zip(facts, found, strict=True)]
