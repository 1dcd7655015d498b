"""What a caller names: facts, by their ids or as found in answers, and the moments of questions and clocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import overload

from factstore.dates.given import DateLike, date_text
from factstore.repository.answers import Fact, Found
from factstore.repository.repository import Repository

#: A fact by its id, or as found in an answer.
Named = str | Fact | Found
#: What a question about time is about: a fact, or a date.
Moment = Named | date

_FACTS = "SELECT id FROM thing WHERE id @among_texts(:names) AND kind = 'fact' AND position <= :at"


def id_of(named: Named) -> str:
    """A fact's id, whether or not the fact exists."""
    return named if isinstance(named, str) else named.id


def ids_of(repository: Repository, facts: Iterable[Named]) -> list[str]:
    """The ids of facts, all of which exist. Raises UnknownId."""
    names = [id_of(one) for one in facts]
    recorded = set() if repository.clock else {row.id for row in repository.rows(_FACTS, names=names)}
    for name in names:
        if name not in recorded:
            repository.position(name, "fact")  # raises with the reason
    return names


def moment_text(x: Moment) -> str:
    """A fact's id, or a date as EDTF text."""
    return date_text(x) if isinstance(x, date) else id_of(x)


@overload
def known_of(known: DateLike | int) -> str | int: ...
@overload
def known_of(known: DateLike | int | None) -> str | int | None: ...
def known_of(known: DateLike | int | None) -> str | int | None:
    """A clock's `known`: a position, or a moment as text."""
    return known if isinstance(known, int) else date_text(known)
