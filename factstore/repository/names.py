"""How people name things: by an id, the beginning of one, or words that only one fact has. It never guesses between two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from factstore.database.templates import in_force
from factstore.dates.written import DayOrder, read_period
from factstore.errors import Ambiguous, AnchorMissing, DateError, UnknownId
from factstore.projection import search
from factstore.projection.tombstones import SILENT
from factstore.repository.repository import WITH_FACT, Repository

#: In this order: an ordering's id begins with a fact's id, a citation's with that of what it is about.
_KINDS = (("fact", "source", "speaker"), ("ordering",), ("citation",))
#: How many candidates are listed.
_SHOWN = 5
#: How many facts are suggested if none is meant.
_SUGGESTED = 3
#: How many facts with the same words are searched for one whose title is exactly these.
_TITLES = 200


def find(repository: Repository, text: str, *kinds: str) -> str:
    """The id of the thing that a text names: by its id, the beginning of its id or, for a fact, words in its title, or else
    anywhere in its texts.

    Raises Ambiguous if it names several, UnknownId with the most similar ids if it names none.
    """
    if repository.is_taken(text):
        held = repository.kind_at(text)
        if kinds or not held or held[1] not in SILENT:  # a redacted thing still has a history
            repository.position(text, *kinds)  # raises with the reason
        return text
    candidates = beginning(repository, text, kinds, _SHOWN + 1) if text else []
    if not candidates and (not kinds or "fact" in kinds):
        candidates = _worded(repository, text)
    if not candidates:
        if (not kinds or "fact" in kinds) and (" " in text or not repository.nearest(text, *kinds)):
            _suggest(repository, f"no fact is called {text!r}, or has these words", text)
        repository.position(text, *kinds)
    if len(candidates) > 1:
        more = " and more" if len(candidates) > _SHOWN else ""
        raise Ambiguous(
            f"{text!r} may mean {', '.join(candidates[:_SHOWN])}{more}; name one of them", candidates=candidates
        )
    return candidates[0]


def find_time(repository: Repository, x: str, anchor: date | None = None, order: DayOrder = "") -> str:
    """The X of a question about time: a date as EDTF, or the id of the fact that a text names.

    Ids and their beginnings come first, then dates, in EDTF or in words, then the words of facts. `anchor` and `order` are
    those of `read_period`. Raises DateError if it is neither, UnknownId with facts that have similar words, and what
    `find` raises.
    """
    if x[:1].islower() and (repository.is_taken(x) or beginning(repository, x, ["fact"], 1)):
        return find(repository, x, "fact")
    try:
        return read_period(x, anchor, order).edtf
    except DateError as error:
        # No date has two letters side by side, except in masks.
        if not re.search(r"[^\W\dX_]{2}", x) or (_is_like_date(x) and not _worded(repository, x)):
            raise
        if x[:1].islower() and not (isinstance(error, AnchorMissing) and not _worded(repository, x)):
            return find(repository, x, "fact")
        if _worded(repository, x):
            return find(repository, x, "fact")
        if not isinstance(error, AnchorMissing) and not re.search(r"\d", x):
            _suggest(repository, f"{x!r} is not a date, and no fact has these words", x)
        raise


#: The fields of facts that are lists, by the name of a filter: the field, and the expression for a name in its elements.
_WORDS = {"tag": ("tags", "e.value"), "participant": ("participants", "@member(e.value; name)")}


def beginning_words(repository: Repository, text: str, filter_: str, most: int) -> list[str]:
    """The first tags or participants of facts ("tag" or "participant") that begin with a text, whatever its case."""
    field, word = _WORDS[filter_]
    rows = repository.stream(
        f"""SELECT DISTINCT {word} AS word FROM fact f CROSS JOIN @elements(f.{field}) e
            WHERE {in_force("f")} ORDER BY word"""
    )
    start = text.casefold()
    return list(islice((row.word for row in rows if row.word.casefold().startswith(start)), most or None))


def _is_like_date(text: str) -> bool:
    """Whether words with a number among them name a month, a day of the week or a stretch of days."""
    # Loaded already when a date in words has been refused; an import at the top would slow questions about facts.
    from factstore.dates.phrases.words import MONTH, UNIT, UNITS, WEEKDAY

    vocabulary = rf"\b(?:{MONTH}|{WEEKDAY}|{UNITS}|{UNIT}|weekend)\b"
    return " " in text and bool(re.search(r"\d", text)) and bool(re.search(vocabulary, text, re.I))


def beginning(repository: Repository, text: str, kinds: Sequence[str], most: int) -> list[str]:
    """The first ids that begin with a text; those of citations and orderings only if there are no others."""
    start = text.lower()
    for among in _KINDS:
        rows = repository.stream(
            """SELECT id, position, kind FROM thing
               WHERE id >= :start AND id < :past AND kind @among_texts(:kinds) AND position <= :at ORDER BY id""",
            start=start,
            past=start + "\U0010ffff",
            kinds=[kind for kind in among if not kinds or kind in kinds],
        )
        found = (row.id for row in rows if repository.is_there(row.position, row.kind))
        names = list(islice(found, most or None))
        if names:
            return names
    return []


def _worded(repository: Repository, text: str) -> list[str]:
    """The facts that have all words of a text in their titles or, if there are none, anywhere."""
    for column in ("title", None):
        every = list(islice(_with_words(repository, text, column), _TITLES))
        same = [name for name, title in every if title.casefold() == text.strip().casefold()]
        if every:
            return same if len(same) == 1 else [name for name, _ in every[: _SHOWN + 1]]
    return []


def _suggest(repository: Repository, wrong: str, text: str) -> None:
    """Raise UnknownId with a few facts whose words begin similarly, if there are any."""
    akin = [name for name, _ in islice(_with_words(repository, " ".join(search.beginnings(text)), None), _SUGGESTED)]
    if akin:
        raise UnknownId(f"{wrong}; did you mean {' or '.join(akin)}?", nearest=akin) from None


def _with_words(repository: Repository, text: str, column: str | None) -> Iterator[tuple[str, str]]:
    condition, given = repository.worded(text, column)
    query = f"SELECT p.id, f.title FROM PLACEMENT p {WITH_FACT} WHERE {condition} ORDER BY p.fact"
    yield from repository.stream(query, **given)
