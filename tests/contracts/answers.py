"""All answers of a ledger, and all rows of its views, for comparing two ledgers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from factstore.chronology import Chronology
from factstore.database.statements import fetch
from factstore.database.views import VIEWS
from factstore.errors import InputError
from factstore.evidence.stances import STATUSES
from factstore.store import Store

#: What differs between two ledgers with the same history: when it was recorded, and hashes that depend on that.
_OF_THE_MOMENT = ("recorded_at", "hash")
_WORDS = ("the", "a b", "fac", "happened", "Ü", "tag-1", "nothing like it")


def without_moments(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_moments(one) for name, one in value.items() if name not in _OF_THE_MOMENT}
    return [without_moments(one) for one in value] if isinstance(value, list | tuple) else value


def _asked(view: Chronology) -> Iterator[tuple[str, Any]]:
    facts = view.facts(status=STATUSES, evidence=True)
    names = [fact.id for fact in facts]
    yield "facts", [fact.json() for fact in facts]
    yield "timeline", [one.json() for one in view.timeline.all()]
    yield "page", [one.json() for one in view.timeline.all(limit=3, offset=1)]
    for word in _WORDS:
        yield f"facts {word}", [fact.id for fact in view.facts(word, status=STATUSES)]
    yield "narrowed", [fact.id for fact in view.facts(participant="ANN", place="os", tag="x", since="1900")]
    yield "tags and people", [sorted(view.beginning_with("", kind)) for kind in ("tag", "participant")]
    for name in (*names[:6], "2018-03", "2020"):
        for question in ("before", "after", "overlapping"):
            ask = getattr(view.timeline, question)
            yield f"{question} {name}", [one.json() for one in ask(name, why=name in names)]
            yield f"{question} {name}, a page", [one.json() for one in ask(name, limit=2, offset=1, certain=True)]
    for name in names[:6]:
        yield f"show {name}", view.show(name).json()
        yield f"history {name}", [entry.json() for entry in view.history(name)]
        yield f"who says {name}", [one.json() for one in view.who_says(name)]
    for a, b in pairwise(names[:6]):
        yield f"order {a} {b}", view.timeline.order(a, b).json()
        yield f"between {a} {b}", _between(view, a, b)
    for source in view.sources():
        yield f"source {source.id}", [source.json(), view.show(source.id).json()]
        yield f"said by {source.id}", [one.json() for one in view.said_by(source.id)]
    yield "orderings", [one.json() for one in view.orderings()]
    yield "conflicts", [one.json() for one in view.conflicts()]
    yield "spans", {name: list(span) for name, span in view.spans().items()}
    yield "dump", view.dump("jsonl")
    yield "log", [entry.json() for entry in view.log()]
    yield "overview", view.overview().fact


def _between(view: Chronology, a: str, b: str) -> Any:
    """What lies between two facts, or why nothing can."""
    try:
        return [one.json() for one in view.timeline.between(a, b)]
    except InputError as error:
        return str(error)


def answers(view: Chronology) -> dict[str, Any]:
    """All answers on one clock, by question."""
    return {question: without_moments(answer) for question, answer in _asked(view)}


def views(store: Store) -> dict[str, list[tuple[str, ...]]]:
    """All rows of all views as texts, sorted."""
    left_out = {
        "log": ("recorded_at", "hash", "payload"),
        "corrections": ("recorded_at",),
        "fact_versions": ("recorded_at",),
    }
    found = {}
    with store.file.reading() as connection:
        for name, shown in VIEWS.items():
            columns = [f'"{one}"' for one in shown.columns if one not in left_out.get(name, ())]
            rows = fetch(connection, f"SELECT {', '.join(columns)} FROM {name}")
            # A list without an order of its own is compared as a set.
            found[name] = sorted(
                tuple("; ".join(sorted(str(value).split("; "))) if value is not None else "" for value in row)
                for row in rows
            )
    return found
