"""Chronologies to export: the seed, and one that is hard on all formats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from factstore.exchange.extract import Asked, Extract, extract
from factstore.store import Store
from tests.conftest import NewStore

SEED = Path(__file__).parents[2] / "seeds" / "moscow-times-2018-04-02.yaml"

#: A text that a format may take for markup, a formula, a field or a link, or may drop.
EVIL = "=1+1 <b>&amp;</b> ]]> \u202e {PAGE} https://evil.example"

#: A memo that was seen only through a forgery, which is withdrawn.
FORGED: dict[str, Any] = {
    "sources": [
        {"id": "forged", "title": "A forgery", "withdrawn": True},
        {"id": "memo", "title": "A memo", "seen_through": "forged"},
    ],
    "facts": [{"id": "met", "title": "They met", "when": "1984", "evidence": [{"source": "memo"}]}],
}

HARD: dict[str, Any] = {
    "sources": [
        {
            "id": "gazette",
            "title": EVIL,
            "publisher": "The Gazette",
            "url": "https://gazette.example/a?b=1&c=2",
            "published": "2005-06-11",
        },
        {"id": "memo", "title": "A memo", "publisher": "City Hall", "seen_through": "gazette"},
        {"id": "script", "title": "No page of the web", "url": "javascript:alert(1)", "published": "-0040"},
    ],
    "speakers": [
        {"id": "hall", "name": "City Hall"},
        {"id": "mayor", "name": "The mayor", "aliases": ["Mayor; sir"], "of": "hall"},
    ],
    "facts": [
        {
            "id": "ides",
            "title": "Caesar was killed",
            "when": "-0043-03-15",
            "evidence": [{"source": "script", "quote": "cut"}],
        },
        {
            "id": "evil",
            "title": EVIL,
            "when": "[1984-06-08..1984-06-10]",
            "phrase": "over the weekend",
            "place": EVIL,
            "participants": [{"name": "Ann", "role": "caller"}, {"name": "Bo; Co (Ltd)"}],
            "tags": ["a", "b; c", "[d]"],
            "attributes": {"cost": "=5"},
            "lasts": {"min": "P1D", "max": "P3D"},
            "evidence": [
                {
                    "source": "gazette",
                    "quote": EVIL,
                    "prefix": "he said: ",
                    "attribution": ["mayor", "memo", "The Gazette"],
                    "locator": "p. 3",
                },
                {
                    "source": "gazette",
                    "quote": "some […] words [...] left",
                    "stance": "denies",
                    "hedge": "reportedly",
                    "unnamed": "a clerk",
                },
            ],
        },
        {
            "id": "long",
            "title": "It was repeated\nat length",
            "when": "2001",
            "evidence": [{"source": "gazette", "quote": "word " * 50, "when": "2001-05"}],
        },
        {"id": "goes-on", "title": "It began and goes on", "when": "1985/..", "evidence": [{"source": "gazette"}]},
        {"id": "far", "title": "Long ago", "when": "Y-20000", "evidence": [{"source": "gazette"}]},
        {"id": "hour", "title": "A bell rang", "when": "1984-06-09T15:04Z", "evidence": [{"source": "gazette"}]},
        {
            "id": "never",
            "title": "It was foretold",
            "when": "1990",
            "evidence": [{"source": "gazette", "stance": "foretells"}],
        },
        {"id": "no", "title": "It was denied", "evidence": [{"source": "gazette", "stance": "denies"}]},
        {"id": "some-day", "title": "Nobody knows when", "evidence": [{"source": "memo", "quote": "once"}]},
        {"id": "gone", "title": "Withdrawn since", "evidence": [{"source": "gazette"}]},
    ],
    "orderings": [
        {
            "fact": "evil",
            "relation": "before",
            "other": "goes-on",
            "gap": {"min": "P1D"},
            "phrase": "then",
            "evidence": [{"source": "gazette"}],
        },
        {"fact": "long", "relation": "after", "other": "no"},
    ],
}


@pytest.fixture(scope="session")
def seed_store(new_store: NewStore) -> Store:
    store = new_store()
    store.load(SEED, message="first reading", by="Test")
    return store


@pytest.fixture(scope="session")
def hard_store(new_store: NewStore) -> Store:
    store = new_store()
    store.load(HARD, by="Test")
    store.withdraw("gone", by="Test", allow_unsupported=True)
    return store


#: What a reader must be warned of: a date that contradicts, a quote that is not in its source, a day that is no end.
WARNED: dict[str, Any] = {
    "sources": [{"id": "paper", "title": "Paper", "published": "2020-02-01", "text": "Alpha happened. Gamma, too."}],
    "facts": [
        {"id": "alpha", "title": "Alpha happened", "evidence": [{"source": "paper", "quote": "Alpha happened"}]},
        {
            "id": "beta",
            "title": "Beta happened",
            "when": "2020-01-20",
            "evidence": [{"source": "paper", "quote": "Beta"}],
        },
        {"id": "gamma", "title": "Gamma happened", "evidence": [{"source": "paper", "quote": "Gamma, too"}]},
    ],
    "orderings": [{"fact": "alpha", "relation": "before", "other": "beta"}],
}


@pytest.fixture(scope="session")
def warned_store(new_store: NewStore) -> Store:
    store = new_store()
    store.load(WARNED, by="Test", allow_missing=True)
    store.correct("alpha", {"when": "2020-01-25"}, by="Test", message="a slip", allow_conflict=True)
    return store


@pytest.fixture(scope="session")
def warned(warned_store: Store) -> Extract:
    return extract(warned_store, Asked("facts.db"))


@pytest.fixture(scope="session")
def seed(seed_store: Store) -> Extract:
    return extract(seed_store, Asked("facts.db"))


@pytest.fixture(scope="session")
def hard(hard_store: Store) -> Extract:
    """All facts except the withdrawn one."""
    return extract(hard_store, Asked("facts.db", status=("stands", "disputed", "denied", "foretold", "unsupported")))
