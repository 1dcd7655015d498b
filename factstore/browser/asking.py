"""The library's answers as rows for SQL: JSON arrays of objects that all have the same keys for one question.

Questions that SQL alone cannot decide (before, after, what contradicts what) are answered by the library, so that the browser
and the command line always agree.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from factstore.chronology import Chronology, Reader
from factstore.database.sqlite.search import query
from factstore.errors import InputError
from factstore.evidence.speakers import alike
from factstore.evidence.stances import STANCES
from factstore.projection import search
from factstore.rendering.text import bound_text, chain_text, mark_text, moment, order_manner, remarks, span, value_text
from factstore.repository.answers import Citation, Conflict, Found, origins
from factstore.repository.clocks import read_since
from factstore.repository.dossier_answers import Dossier, Ordering, Sheet
from factstore.repository.log_answers import LogEntry
from factstore.units import Position

#: More rows than Datasette shows on a page, so that it says that there are more.
MOST = 1001

Row = dict[str, str | None]


def asked(store: Reader, question: object, x: object) -> str:
    """The rows that answer a question about X; none if X is empty and the question needs one."""
    question = str(question)
    if question not in _QUESTIONS:
        raise InputError(f"ask() has no question {question!r}; it has {', '.join(_QUESTIONS)}")
    needs_x, answer = _QUESTIONS[question]
    named = _named(x)
    return json.dumps(list(islice(answer(store, named), MOST)) if named or not needs_x else [])


def words(text: object) -> str | None:
    """A query for the full-text index that finds what the command line finds for the same words; None if left out.

    Raises InputError as the command line does, for what has no letter or digit or too many words.
    """
    named = _named(text)
    return query(search.asked_words(named)) if named else None


def since(text: object, head: object) -> str | int:
    """From where on records are new (see `read_since`); left out, from the first. `head`: the ledger's last position."""
    if not isinstance(head, int):
        raise InputError(f"since() takes the ledger's last position, not {head!r}")
    return read_since(_named(text) or "0", Position(head))


def alike_name(name: object) -> str:
    """A name as names are compared, whatever their case and accents."""
    return alike(_named(name))


def _named(x: object) -> str:
    return "" if x is None else str(x).strip()


def like(text: str) -> Iterator[str]:
    """Queries for facts that may be meant, if the words don't match exactly; the strictest first."""
    begun = search.beginnings(text)
    tries = [query(search.words_of(text.replace("-", " "))), query(search.words_of(" ".join(begun)))]
    tries += [" OR ".join(f'"{word}"*' for word in begun if len(word) > 2)]
    yield from filter(None, dict.fromkeys(tries))


# --- questions about time -------------------------------------------------------------------------------------


def _placed(question: str) -> Callable[[Chronology, str], Iterator[Row]]:
    def answer(view: Chronology, x: str) -> Iterator[Row]:
        found: list[Found] = getattr(view.timeline, question)(x, limit=MOST, evidence=True)
        for one in found:
            yield {
                "certainty": one.certainty,
                "when": span(one.fact),
                "what": one.fact.title + mark_text(one.fact),
                "who_says": "; ".join(one.fact.origins or ()) or None,
                "id": one.fact.id,
            }

    return answer


# --- who said what --------------------------------------------------------------------------------------------


def _chain(citation: Citation) -> str:
    return chain_text(citation.attribution)


def _quoted(citation: Citation, **elsewhere: None) -> str:
    """The quote and the remarks on it. `elsewhere`: fields that are shown elsewhere; when it was said always is."""
    more = remarks({**citation._asdict(), "said": None, **elsewhere})
    return (f"“{citation.quote}”" if citation.quote else "(no quote)") + (f" ({more})" if more else "")


def _told(citation: Citation) -> Row:
    """The columns of a citation that say what it says, of which day, and when it was said."""
    dated = " ".join(filter(None, (citation.when, citation.phrase and f"“{citation.phrase}”")))
    return {
        "what": _quoted(citation, when=None, phrase=None),
        "dated": dated or None,
        "when": citation.said or citation.published,
    }


def _who_says(view: Chronology, x: str) -> Iterator[Row]:
    said = view.who_says(x)
    for citation in sorted(said, key=lambda one: STANCES.index(one.stance)):
        yield {
            "stance": citation.stance,
            "who_says": _chain(citation),
            **_told(citation),
            "checked": citation.check or "unchecked",
            "origin": citation.origin,
            "url": citation.url,
            "source": citation.source,
            "id": citation.id,
        }


def _said_by(view: Chronology, x: str) -> Iterator[Row]:
    for said in view.said_by(x):
        citation = said.citation
        yield {
            "role": said.role,
            "stance": citation.stance,
            "about": citation.about,
            "who_says": _chain(citation),
            **_told(citation),
            "source": citation.source,
            "id": citation.id,
        }


def _conflicts(view: Chronology, _x: str) -> Iterator[Row]:
    for conflict in view.conflicts():
        for number, step in enumerate(conflict.chain, start=1):
            yield {
                "conflict": _of_conflict(conflict) if number == 1 else None,
                "step": str(number),
                "what": step.text,
                "quote": step.quote,
                "source": step.source,
                "id": conflict.id,
            }


def _of_conflict(conflict: Conflict) -> str:
    ending = "cannot all hold" if conflict.kind == "contradiction" else "disagree, and nothing is set aside"
    return f"{conflict.text}: these {ending}"


# --- one thing ------------------------------------------------------------------------------------------------


def _row(part: str, what: str | None, *, when: str | None = None, who: str | None = None, of: str | None = None) -> Row:
    return {"part": part, "when": when, "what": what, "who": who, "id": of}


def _shown(view: Chronology, x: str) -> Iterator[Row]:
    found = view.show(x)
    yield from _fact(found) if isinstance(found, Dossier) else _sheet(found)


def _fact(shown: Dossier) -> Iterator[Row]:
    fact = shown.fact
    yield _row("fact", fact.title + mark_text(fact), when=span(fact), of=fact.id)
    yield from _evidence(shown.evidence)
    yield _row("date", fact.when or "not dated")
    phrase = f"“{fact.phrase}”" if fact.phrase else None
    for part, value in (
        ("as written", phrase),
        ("place", fact.place),
        ("people", list(fact.participants)),
        ("tags", list(fact.tags)),
    ):
        if value:
            yield _row(part, value_text(value))
    for name, value in sorted(fact.attributes.items()):
        yield _row(name, value)
    for bound in shown.bounds:
        part = {"earliest": "no earlier than", "latest": "no later than", "begun_by": "begun by"}[bound.which]
        for step in bound.why:
            yield _row(part, f"because {step.text}", when=bound_text(bound), who=step.source)
    yield from _contradicting(shown.conflicts)
    yield from map(_ordering, shown.orderings)
    for part, near in (("certainly before it", shown.before), ("certainly after it", shown.after)):
        for one in near:
            yield _row(part, one.title + mark_text(one), when=span(one), of=one.id)
    yield from _corrected(shown.corrections)


def _sheet(shown: Sheet) -> Iterator[Row]:
    kind = f"{shown.kind} (withdrawn)" if shown.withdrawn else shown.kind
    if shown.ordering is not None:
        yield _ordering(shown.ordering, kind)
    elif shown.kind == "citation":
        yield _row("about", shown.evidence[0].about, of=shown.evidence[0].about)
    else:
        yield _row(kind, str(shown.fields.get("title") or shown.fields.get("name") or shown.id), of=shown.id)
        for name, value in shown.fields.items():
            if name not in ("title", "name"):
                yield _row(name.replace("_", " "), value_text(value))
    if shown.origin:
        yield _row("origin", shown.origin)
    for one in shown.beneath:
        yield _row("seen through it" if shown.kind == "source" else "speaks on its behalf", one, of=one)
    yield from _evidence(shown.evidence, about=shown.kind == "source")
    yield from _evidence([one.citation for one in shown.said], about=True)
    yield from _contradicting(shown.conflicts)
    yield from _corrected(shown.corrections)


def _evidence(citations: Iterable[Citation], *, about: bool = False) -> Iterator[Row]:
    """The evidence, grouped by stance; for a source or a speaker, each row links to what it is about."""
    held = sorted(citations, key=lambda one: (not one.live, STANCES.index(one.stance)))
    for citation in held:
        part = citation.stance if citation.live else f"{citation.stance} (withdrawn)"
        yield _row(
            part,
            _quoted(citation),
            when=citation.said or citation.published,
            who=_chain(citation),
            of=citation.about if about else citation.id,
        )
    found = origins(held)
    if len(found) > 1:
        yield _row(f"{len(found)} independent origins", "; ".join(found))


def _contradicting(conflicts: Iterable[Conflict]) -> Iterator[Row]:
    for conflict in conflicts:
        for step in conflict.chain:
            yield _row("contradicts", step.text, who=step.source, of=conflict.id)


def _ordering(ordering: Ordering, part: str = "stated order") -> Row:
    manner = order_manner(ordering.phrase, ordering.gap)
    state = (
        ""
        if ordering.in_force
        else ", withdrawn"
        if ordering.withdrawn
        else ", set aside"
        if ordering.conflicting
        else ", not in force"
    )
    said = f"{ordering.a} {ordering.relation} {ordering.b}" + (f" ({manner})" if manner else "")
    who = "; ".join(dict.fromkeys(_chain(one) for one in ordering.evidence if one.live))
    return _row(part + state, said, who=who or None, of=ordering.id)


def _corrected(entries: Iterable[LogEntry]) -> Iterator[Row]:
    for entry in entries:
        changes = "; ".join(
            f"{name}: {value_text(a)} → {value_text(b)}" for name, (a, b) in (entry.changes or {}).items()
        )
        told = "; ".join(filter(None, (changes, entry.message)))
        part = f"{entry.kind.partition('.')[2]} {entry.stated_reason}".rstrip()
        yield _row(part, told, when=moment(entry.recorded_at), who=entry.recorded_by, of=entry.subject)


_QUESTIONS: dict[str, tuple[bool, Callable[[Chronology, str], Iterator[Row]]]] = {
    "before": (True, _placed("before")),
    "after": (True, _placed("after")),
    "overlapping": (True, _placed("overlapping")),
    "show": (True, _shown),
    "who-says": (True, _who_says),
    "said-by": (True, _said_by),
    "conflicts": (False, _conflicts),
}
