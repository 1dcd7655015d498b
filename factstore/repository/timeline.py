"""The questions about time as a caller asks them: X as a fact or a date, options by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Unpack

from factstore.arguments import checked_calls
from factstore.dates.given import DateLike, day_of
from factstore.dates.written import DayOrder
from factstore.evidence.stances import ANSWERED
from factstore.reasoning.constraints import Question
from factstore.repository import names
from factstore.repository.answers import Found, Order
from factstore.repository.filter import Filter, Narrowing, filter_of, most
from factstore.repository.listing import SHOWN, Listing, table
from factstore.repository.named import Moment, Named, id_of, moment_text
from factstore.repository.overviews import statuses
from factstore.repository.questions import Questions
from factstore.repository.repository import Repository


class QuestionOptions(Narrowing, total=False):
    """The options of a question about time.

    `limit` (left out: all) and `offset` page through the answer, `certain` leaves out what is only possible, `why` adds the
    reasons for what is certain, `evidence` the citations.
    """

    limit: int | None
    offset: int
    certain: bool
    why: bool
    evidence: bool


@checked_calls
class Timeline:
    """Questions about time. X is a fact, by its id or from an answer, or a plain date, as EDTF or in words that need no
    anchor; `order` takes two facts.

    All questions take the keywords of `QuestionOptions`; `all` takes no `certain` and no `why`.
    """

    def __init__(self, asking: Callable[[], AbstractContextManager[Repository]]) -> None:
        self._asking = asking

    def __iter__(self) -> Iterator[Found]:
        return iter(self.all())

    def _repr_html_(self) -> str:
        with self._asking() as repository:
            counts, first = statuses(repository, Filter()), Questions(repository).timeline(filter_of({}), limit=SHOWN)
        more = sum(counts.get(status, 0) for status in ANSWERED) - SHOWN
        return table([found.json() for found in first], more=more)

    def all(
        self, *, limit: int | None = None, offset: int = 0, evidence: bool = False, **narrowed: Unpack[Narrowing]
    ) -> Listing[Found]:
        """Facts in an order that agrees with all stated orders."""
        wanted = filter_of(narrowed)
        with self._asking() as repository:
            found = Questions(repository).timeline(wanted, limit=most(limit, offset), offset=offset)
            return _with_evidence(repository, found, evidence)

    def find(self, x: str, anchor: DateLike | None = None, order: DayOrder = "") -> str:
        """X in the form that the questions take: a date as EDTF, or the id of the fact that it names (see `Chronology.find`).

        Relative words are read from `anchor`; `order` says whether day or month comes first in figures. Raises
        DateError if it is neither.
        """
        with self._asking() as repository:
            return names.find_time(repository, x, day_of(anchor), order)

    def before(self, x: Moment, **options: Unpack[QuestionOptions]) -> Listing[Found]:
        """What ended by the time X started: certainly, then possibly, each nearest first."""
        return self._ask("before", x, None, **options)

    def after(self, x: Moment, **options: Unpack[QuestionOptions]) -> Listing[Found]:
        """What started once X had ended."""
        return self._ask("after", x, None, **options)

    def between(
        self, x: Moment, y: Moment, *, inclusive: bool = False, **options: Unpack[QuestionOptions]
    ) -> Listing[Found]:
        """What lies after X and before Y; `inclusive`: also on the days of X and Y, which must then be dates."""
        return self._ask("between", x, y, inclusive=inclusive, **options)

    def overlapping(self, x: Moment, **options: Unpack[QuestionOptions]) -> Listing[Found]:
        """What shares some time with X."""
        return self._ask("overlapping", x, None, **options)

    def _ask(
        self,
        question: Question,
        x: Moment,
        y: Moment | None,
        *,
        limit: int | None = None,
        offset: int = 0,
        certain: bool = False,
        why: bool = False,
        evidence: bool = False,
        inclusive: bool = False,
        **narrowed: Unpack[Narrowing],
    ) -> Listing[Found]:
        wanted = filter_of(narrowed)
        with self._asking() as repository:
            found = Questions(repository).ask(
                question,
                moment_text(x),
                None if y is None else moment_text(y),
                wanted,
                limit=most(limit, offset),
                offset=offset,
                certain=certain,
                why=why,
                inclusive=inclusive,
            )
            return _with_evidence(repository, found, evidence)

    def order(self, a: Named, b: Named) -> Order:
        """How two facts are ordered in time, and why."""
        with self._asking() as repository:
            return Questions(repository).order(id_of(a), id_of(b))


def _with_evidence(repository: Repository, found: list[Found], evidence: bool) -> Listing[Found]:
    if not evidence:
        return Listing(found)
    facts = repository.with_citations(item.fact for item in found)
    return Listing(Found(fact, item.certainty, item.why) for fact, item in zip(facts, found, strict=True))
