"""Small chronologies, and what may be done to them, for property tests of the store and the projection.

Dates lie within a few days, so that they interact; ids come from small pools, so that commits touch the same things.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from hypothesis import strategies as st

from factstore.errors import Contradiction, InputError, Refused, UnknownId
from factstore.reasoning.relations import RELATIONS
from factstore.store import Store

FACTS = ("alpha", "bravo", "charlie", "delta")
SOURCES = ("paper", "radio", "wire")
ORDERINGS = ("one", "two", "three", "four")
CITATIONS = tuple(f"{name}/{source}/{turn}" for name in (*FACTS, *ORDERINGS) for source in SOURCES for turn in (1, 2))

_day_numbers = st.integers(1, 9)
DAYS = _day_numbers.map("2018-04-0{}".format)

#: Values of `published` and `held`.
EVIDENCE_CLOCKS = st.tuples(
    *[st.one_of(st.none(), DAYS, DAYS, st.sampled_from(["2018-03", "2018-04", "2018", "9999"]))] * 2
).filter(any)


@cache
@st.composite
def _two_days(draw: st.DrawFn, form: str) -> str:
    return form.format(*sorted((draw(DAYS), draw(DAYS))))


@cache
@st.composite
def _three_days(draw: st.DrawFn) -> str:
    """A set of three days: separate, with two of them as a range, or open at its end."""
    form = draw(st.sampled_from(["{{{},{},{}}}", "{{{}..{},{}}}", "{{{},{}..{}}}", "{{{},{},{}..}}"]))
    return form.format(*sorted(draw(st.lists(DAYS, min_size=3, max_size=3))))


@cache
def dates() -> st.SearchStrategy[str]:
    """Dates of all forms, in and around the first days of April 2018."""
    return st.one_of(
        DAYS,
        DAYS,
        *(_two_days(form) for form in ("{}/{}", "[{}..{}]", "[{},{}]", "{{{},{}}}", "{{{},{}}}")),
        _three_days(),
        st.builds("{}{}".format, DAYS, st.sampled_from(["/", "/..", "T12:30", "T23:59:59Z", "T06:00+03:00", "?", "~"])),
        st.builds("{}{}".format, st.sampled_from(["/", "../"]), DAYS),
        st.sampled_from(["2018-04", "2018-03/2018-04", "2018-04-0X", "2018", "2018-21", "[..2018-04-05]", "Y1E9"]),
    )


def periods() -> st.SearchStrategy[str]:
    """Periods that may be the X of a question."""
    return st.one_of(DAYS, _two_days("{}/{}"), st.sampled_from(["2018-04", "2018-04-03T12:00/2018-04-03T12:30"]))


_zones = st.sampled_from([None, None, None, "+03:00", "-05:30"])
_stances = st.sampled_from(["asserts", "asserts", "asserts", "denies", "foretells", "silent"])
_relations = st.one_of(st.sampled_from(["before", "after", "during", "starts-before"]), st.sampled_from(RELATIONS))
_gaps = st.sampled_from([{"min": "P1D"}, {"min": "P3D", "max": "P3D"}, {"max": "PT36H"}, {"min": "PT12H"}])
_lengths = st.sampled_from([{"min": "P2D"}, {"max": "P3D"}, {"min": "PT12H", "max": "PT36H"}, {"max": "PT1H"}])
_maybe_gaps = st.one_of(st.none(), _gaps)
_two_facts = st.lists(st.sampled_from(FACTS), min_size=2, max_size=2, unique=True)
_maybe_lengths = st.one_of(st.none(), st.none(), _lengths)
_maybe_dates = st.one_of(st.none(), dates(), dates())
_out = st.one_of(DAYS, _maybe_dates)
_told = st.one_of(st.none(), st.none(), DAYS, st.just("2018-04"))


@cache
def _evidence() -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.fixed_dictionaries({"source": st.sampled_from(SOURCES), "stance": _stances, "said": _told})
    return st.lists(one, min_size=1, max_size=2)


@cache
@st.composite
def _orderings(draw: st.DrawFn, name: str) -> dict[str, Any]:
    a, b = draw(_two_facts)
    relation = draw(_relations)
    gap = draw(_maybe_gaps) if relation in ("before", "after") else None
    evidence = draw(st.one_of(st.just([]), _evidence()))
    return {"id": name, "fact": a, "relation": relation, "other": b, "gap": gap, "evidence": evidence}


@cache
@st.composite
def documents(draw: st.DrawFn, most: int = 4) -> dict[str, Any]:
    """A document of all sources and facts, so that later steps find them, and some orderings."""
    sources = [
        {
            "id": name,
            "title": name.title(),
            "published": draw(_out),
            "retrieved": draw(_out),
            "seen_through": draw(st.sampled_from([None, None, *SOURCES[:place]])),
        }
        for place, name in enumerate(SOURCES)
    ]
    facts: list[dict[str, Any]] = [
        {
            "id": name,
            "title": f"{name.title()} happened",
            "when": draw(_maybe_dates),
            "zone": draw(_zones),
            "evidence": draw(_evidence()),
        }
        for name in FACTS
    ]
    # Not every date goes with a length.
    for fact in facts:
        length = draw(_maybe_lengths)
        if length and not str(fact["when"]).startswith("{") and ".." not in str(fact["when"]).split("/"):
            fact["lasts"] = length
    names = draw(st.lists(st.sampled_from(ORDERINGS), max_size=most, unique=True))
    return {"sources": sources, "facts": facts, "orderings": [draw(_orderings(name)) for name in names]}


class Step(NamedTuple):
    """One call of a store's method. `resting_on`: numbers that pick citations in the ledger as its evidence."""

    method: str
    given: tuple[Any, ...]
    options: Mapping[str, Any] = {}
    resting_on: tuple[int, ...] = ()

    def take(self, store: Store, *, allow_conflict: bool) -> None:
        options = dict(self.options)
        if self.resting_on:
            there = [one["id"] for _, entry in store.entries() for one in entry.get("evidence", ())]
            options["evidence"] = [there[number % len(there)] for number in self.resting_on]
        getattr(store, self.method)(*self.given, **options, allow_conflict=allow_conflict)


def _step(method: str, *things: st.SearchStrategy[str], **options: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.tuples(st.tuples(*things), st.fixed_dictionaries(options)).map(lambda drawn: Step(method, *drawn))


def _correction(name: str, changes: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Step]:
    fields = st.lists(st.sampled_from(sorted(changes)), min_size=1, max_size=2, unique=True)
    return fields.flatmap(
        lambda keys: st.builds(
            lambda new, resting_on: Step("correct", (name, new), {}, tuple(resting_on)),
            st.fixed_dictionaries({key: changes[key] for key in keys}),
            st.lists(st.integers(0, 40), max_size=2),
        )
    )


@cache
@st.composite
def _documents_again(draw: st.DrawFn) -> Step:
    """Several corrections, and new entries, in one commit."""
    names = draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=3, unique=True))
    facts = [
        {"id": name, "title": f"{name} again", "when": draw(dates()), "evidence": draw(_evidence())} for name in names
    ]
    orderings = [draw(_orderings(name)) for name in draw(st.lists(st.sampled_from(ORDERINGS), max_size=2, unique=True))]
    return Step("load", ({"facts": facts, "orderings": orderings},), {"correct": "new-evidence"})


@cache
def steps() -> st.SearchStrategy[Step]:
    """Anything that may be done to a chronology that began with `documents`; some steps make no sense and are refused."""
    facts, orderings, citations = st.sampled_from(FACTS), st.sampled_from(ORDERINGS), st.sampled_from(CITATIONS)
    things = st.one_of(facts, orderings, st.sampled_from(SOURCES), citations)
    return st.one_of(
        facts.flatmap(
            lambda name: _correction(
                name,
                {"when": _maybe_dates, "zone": _zones, "title": st.sampled_from(["A", "B"]), "lasts": _maybe_lengths},
            )
        ),
        st.sampled_from(SOURCES).flatmap(
            lambda name: _correction(
                name,
                {
                    "published": _maybe_dates,
                    "retrieved": _maybe_dates,
                    # Referents first, as documents have them.
                    "seen_through": st.sampled_from([None, *SOURCES[: SOURCES.index(name)]]),
                    "title": st.sampled_from(["A", "B"]),
                },
            )
        ),
        citations.flatmap(
            lambda name: _correction(name, {"stance": _stances, "said": _told, "source": st.sampled_from(SOURCES)})
        ),
        orderings.flatmap(
            lambda name: _correction(name, {"relation": _relations, "gap": _gaps, "a": facts, "b": facts})
        ),
        _step("withdraw", things, allow_unsupported=st.just(True)),
        _step("withdraw", st.one_of(facts, orderings), allow_unsupported=st.just(True)),
        _step("restore", things),
        _step("restore", st.one_of(facts, orderings)),
        _step(
            "cite",
            st.one_of(facts, orderings),
            source=st.sampled_from(SOURCES),
            evidence=st.fixed_dictionaries({"stance": _stances}),
        ),
        orderings.flatmap(_orderings).map(lambda entry: Step("load", ({"orderings": [entry]},))),
        _documents_again(),
    )


def take(store: Store, step: Step, *, allow_conflict: bool) -> bool:
    """Take a step. Returns False if it was refused, which must leave no trace."""
    before = store.head()
    try:
        step.take(store, allow_conflict=allow_conflict)
    except Contradiction:
        if allow_conflict:
            raise
    except (Refused, InputError, UnknownId):
        pass
    else:
        return True
    assert store.head() == before, "a refusal left a trace"
    return False
