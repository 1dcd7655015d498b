"""What must hold for any store, checked against the naive reader."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest

from factstore.database.names import PROJECTION
from factstore.database.statements import fetch
from factstore.database.templates import as_of
from factstore.errors import InputError
from factstore.evidence.stances import ANSWERED, STATUSES
from factstore.ledger.payloads import FIELDS
from factstore.projection.live import set_aside
from factstore.reasoning.constraints import Question
from factstore.repository.conflicts import conflicts
from factstore.repository.entries import entries as entries_of
from factstore.repository.filter import Filter
from factstore.repository.questions import Questions
from factstore.repository.reasons import Reasons
from factstore.repository.repository import Repository
from factstore.store import Store
from tests.support.reference import Reference, commits_of, records_of

QUESTIONS: tuple[Question, ...] = ("before", "after", "overlapping")


@contextmanager
def refusing(code: str) -> Iterator[None]:
    """Asserts that SQLite refuses, by the beginning of its error code (READONLY, BUSY …), since its words may change."""
    with pytest.raises(Exception) as refused:  # noqa: PT011 (what kind it is of, is asked of the code)
        yield
    error = getattr(refused.value, "orig", refused.value)
    assert isinstance(error, sqlite3.Error)
    assert error.sqlite_errorname.startswith(f"SQLITE_{code}")


def rows_of(store: Store) -> dict[str, list[Any]]:
    """All rows of the projection."""
    with store.file.reading() as connection:
        return {
            table: [
                *fetch(
                    connection,
                    f"SELECT * FROM {table} ORDER BY {', '.join(connection.dialect.keys(connection, table))}",
                )
            ]
            for table in PROJECTION
        }


def check_clock(store: Store, reference: Reference, known: int | None, periods: Iterable[str] = ()) -> None:
    """Asserts that all questions on one clock, with the reference's evidence, have the reference's answers."""
    names = [reference.things[fact].id for fact in reference.facts]
    with store.at(known=known, published=reference.published, held=reference.held)._asking() as repository:
        questions = Questions(repository)
        wanted = Filter(status=ANSWERED)
        assert [found.json() for found in questions.timeline(wanted)] == reference.timeline()
        everything = repository.facts(Filter(status=STATUSES))
        assert {found.id: found.placed() for found in everything} == {
            reference.things[fact].id: reference.placed(fact) for fact in reference.facts
        }
        assert {
            row.id: (row.place, row.place_end)
            for row in repository.stream("SELECT id, place, place_end FROM PLACEMENT p")
        } == {reference.things[fact].id: reference.place(fact) for fact in reference.facts}
        assert {found.id: found.version for found in everything} == {
            reference.things[fact].id: reference.things[fact].version for fact in reference.facts
        }
        for question in QUESTIONS if names else ():
            for x in (*names, *periods):
                found = [one.json() for one in questions.ask(question, x, None, wanted)]
                assert found == reference.ask(question, x), (question, x, known)
            page = questions.ask(question, names[0], None, wanted, limit=2, offset=1)
            assert [one.json() for one in page] == reference.ask(question, names[0])[1:3], (question, known)
        for x, y in (*pairwise([*names, *periods]), *pairwise([*periods, *names][::-1])):
            if reference.is_before(y, x):
                with pytest.raises(InputError, match="nothing lies between"):
                    questions.ask("between", x, y, wanted)
                continue
            found = [one.json() for one in questions.ask("between", x, y, wanted)]
            assert found == reference.ask("between", x, y), (x, y, known)
        for a, b in pairwise(names):
            assert questions.order(a, b).relations == reference.order(a, b), (a, b, known)
        _check_aside(repository, reference)
        _check_evidence(repository, reference)


def _check_evidence(repository: Repository, reference: Reference) -> None:
    """Asserts that sources, citations and the entries of a document are those of the reference."""
    kinds = {kind: [thing for thing in reference.things.values() if thing.kind == kind] for kind in FIELDS}
    assert [(one.id, one.title, one.published) for one in repository.witnesses.sources()] == [
        (thing.id, thing.fields.get("title"), thing.fields.get("published")) for thing in kinds["source"]
    ]
    for thing in (*kinds["fact"], *kinds["ordering"]):
        cited = [reference.things[one] for one in reference.live_citations(reference.number(thing.id))]
        assert [(one.id, one.stance, one.said) for one in repository.speaking_of(thing.id)] == [
            (one.id, one.fields["stance"], one.fields.get("said")) for one in cited
        ]
    entries = list(entries_of(repository))
    kinds["fact"] = [reference.things[fact] for fact in sorted(reference.facts, key=reference.in_time)]
    for kind in ("source", "speaker", "fact", "ordering"):
        assert [entry["id"] for kind_, entry in entries if kind_ == kind] == [thing.id for thing in kinds[kind]]
    cited_ids = [one["id"] for _, entry in entries for one in entry.get("evidence", ())]
    assert sorted(cited_ids) == sorted(thing.id for thing in kinds["citation"])


def _check_aside(repository: Repository, reference: Reference) -> None:
    """Asserts that what is set aside follows from rank order, each with a chain that needs all of its links."""
    held = set_aside(repository.connection, repository.at)
    ties = repository.rows(
        f"SELECT CASE relation WHEN 'lasts' THEN -ordering ELSE ordering END AS by FROM tie WHERE {as_of('tie')}"
    )
    between = {by for by in reference.constraints if by in reference.orderings or -by in reference.facts}
    assert sorted(row.by for row in ties) == sorted(between.difference(reference.aside))
    assert sorted(held) == sorted(reference.aside)
    shown = [conflict.id for conflict in conflicts(repository, Reasons(repository)) if conflict.kind == "contradiction"]
    assert shown == [reference.things[abs(by)].id for by in sorted(held)]
    for item, chain in held.items():
        assert item in chain
        stated = {one for by in chain for one in reference.rests(by) or (by,)}
        assert not reference.solvable(stated, item)
        for gone in stated:
            assert reference.solvable(stated - {gone}, item), (chain, gone)


def check_store(
    store: Store,
    periods: Sequence[str] = (),
    *,
    clocks: int = 100,
    evidence: Iterable[tuple[str | None, str | None]] = (),
) -> None:
    """Asserts the reference's answers, and no damage: now, at the latest of the earlier commits, and after a rebuild.

    `evidence`: for each of the latest commits and for now, a day for `published` and one for `held`.
    """
    records = records_of(store)
    for position in commits_of(records)[-clocks:]:
        check_clock(store, Reference(records, position), position, periods)
    check_clock(store, Reference(records, records[-1].position), None, periods)
    knowns: list[int | None] = [None, *commits_of(records)[::-1]]
    for (published, held), known in zip(evidence, knowns, strict=False):
        reference = Reference(records, known or records[-1].position, published=published, held=held)
        check_clock(store, reference, known, periods)
    check_rebuild(store)


def check_rebuild(store: Store) -> None:
    """Asserts that the projection is what a fresh fold gives, to the last column."""
    assert store.verify().problems == []
    before = rows_of(store)
    store.rebuild()
    assert rows_of(store) == before
    assert store.verify().ok
