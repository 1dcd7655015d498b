"""Who says so: origins across chains, documents and clocks, and what somebody said or relayed."""

from __future__ import annotations

from typing import Any

import pytest

from factstore.database.statements import fetch
from factstore.errors import UnknownId
from factstore.repository.filter import Filter
from factstore.store import Store
from tests.conftest import NewStore

CHAINS: dict[str, list[str]] = {
    "left-out": [],
    "by-id": ["aide", "Wire"],
    "by-name": ["An aide"],
    "by-alias": ["Kremlin", "Wire"],
    "by-document": ["readout", "Wire"],
    "through-document": ["A witness", "readout", "Wire"],
    "by-namesake": ["ivanov"],
    "by-other-namesake": ["ivanov-2"],
    "by-bare-name": ["Ivanov"],
}
DOCUMENT: dict[str, Any] = {
    "sources": [
        {"id": "paper", "title": "A page", "publisher": "The Paper", "published": "2018-04-02"},
        {"id": "page", "title": "Another page", "publisher": "The Paper", "published": "2018-04-03"},
        {"id": "readout", "title": "A readout", "publisher": "The Kremlin", "seen_through": "paper"},
        {"id": "letter", "title": "A letter"},
    ],
    "speakers": [
        {"id": "kremlin", "name": "The Kremlin", "aliases": ["Kremlin"]},
        {"id": "aide", "name": "An aide", "of": "kremlin"},
        {"id": "ivanov", "name": "Ivanov", "of": "kremlin"},
        {"id": "ivanov-2", "name": "Ivanov"},
    ],
    "facts": [
        {"id": name, "title": name, "evidence": [{"source": "paper", "quote": name, "attribution": chain}]}
        for name, chain in CHAINS.items()
    ]
    + [{"id": "untitled", "title": "U", "evidence": [{"source": "letter"}]}],
}


@pytest.fixture
def told(store: Store) -> Store:
    store.load(DOCUMENT)
    return store


@pytest.fixture(scope="module")
def kept(new_store: NewStore) -> Store:
    """The same, for tests that only read."""
    store = new_store()
    store.load(DOCUMENT)
    return store


def origin(store: Store, name: str) -> str:
    (cited,) = store.who_says(name)
    return cited.origin


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("left-out", "The Paper"),
        ("by-id", "The Kremlin"),
        ("by-name", "The Kremlin"),
        ("by-alias", "The Kremlin"),
        ("by-document", "The Kremlin"),
        ("through-document", "A witness"),
        ("by-namesake", "The Kremlin"),
        ("by-other-namesake", "ivanov-2"),
        ("by-bare-name", "Ivanov"),
        ("untitled", "A letter"),
    ],
)
def test_the_origin_is_the_top_above_the_first_in_the_chain(kept: Store, name: str, of: str) -> None:
    assert origin(kept, name) == of


def test_origins_are_those_of_the_clock(told: Store) -> None:
    before = told.head().position
    told.correct("aide", {"of": None})
    told.correct("readout", {"publisher": "An aide"})
    assert [origin(told, name) for name in ("by-id", "by-document")] == ["An aide", "An aide"]
    earlier = told.at(known=before)
    assert [cited.origin for name in ("by-id", "by-document") for cited in earlier.who_says(name)] == [
        "The Kremlin"
    ] * 2
    told.withdraw("kremlin")
    assert origin(told, "by-alias") == "Kremlin"


def test_a_fact_counts_the_origins_that_assert_it_and_no_outlet_twice(told: Store) -> None:
    evidence: list[dict[str, Any]] = [
        {"source": "paper", "attribution": ["An aide", "Wire"]},
        {"source": "page", "attribution": ["Kremlin"], "unnamed": "another aide"},
        {"source": "page"},
        {"source": "letter", "stance": "denies"},
        {"source": "letter", "stance": "foretells"},
        {"source": "letter", "attribution": ["A witness"]},
    ]
    told.load({"facts": [{"id": "it", "title": "It", "evidence": evidence}]})
    assert told.fact("it").origins == ("The Kremlin", "The Paper", "A witness")
    told.withdraw("it/letter/3", allow_unsupported=True)
    assert told.fact("it").origins == ("The Kremlin", "The Paper")
    told.withdraw("page", allow_unsupported=True)
    assert told.fact("it").origins == ("The Kremlin",)
    (found,) = told.facts("It", evidence=True, status=("disputed",))
    assert found.origins == ("The Kremlin",)
    (found,) = told.facts("It", status=("disputed",))
    assert found.origins is None


def test_the_evidence_of_a_page_is_read_at_once(kept: Store) -> None:
    asked: list[str] = []
    with kept._asking() as repository:
        facts = repository.facts(Filter())
        driver: Any = repository.connection
        driver.set_trace_callback(asked.append)
        found = list(repository.with_citations(facts))
        driver.set_trace_callback(None)
    assert len(found) == len(CHAINS) + 1
    assert all(fact.citations for fact in found)
    # The citations, the speakers, and the documents in their chains.
    assert len(asked) == 3


def test_the_file_itself_names_the_same_origins(kept: Store) -> None:
    with kept.file.reading() as connection:
        found: dict[str, str] = dict(fetch(connection, "SELECT id, origin FROM citations"))
    assert found == {cited.id: cited.origin for name in (*CHAINS, "untitled") for cited in kept.who_says(name)}


def test_what_a_source_says_is_read_at_once_however_much_it_is(store: Store) -> None:
    counts = []
    for many in (10, 200):
        said = [{"source": f"paper-{many}", "quote": f"{n}", "attribution": [f"Name {n}"]} for n in range(many)]
        store.load(
            {
                "sources": [{"id": f"paper-{many}", "publisher": "The Paper"}],
                "speakers": [{"id": f"speaker-{many}-{n}", "name": f"Name {n}"} for n in range(many)],
                "facts": [{"id": f"it-{many}", "title": "It", "evidence": said}],
            }
        )
        asked: list[str] = []
        with store._asking() as repository:
            driver: Any = repository.connection
        driver.set_trace_callback(asked.append)
        assert len(store.said_by(f"paper-{many}")) == many
        driver.set_trace_callback(None)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- said by --------------------------------------------------------------------------------------------------

KREMLINS = {"by-id", "by-name", "by-alias", "by-document", "by-namesake"}


@pytest.mark.parametrize(
    ("name", "spoke", "relayed"),
    [
        ("kremlin", KREMLINS, {"through-document"}),
        ("The Kremlin", KREMLINS, {"through-document"}),
        ("Kremlin", KREMLINS, {"through-document"}),
        ("aide", {"by-id", "by-name"}, set()),
        ("An aide", {"by-id", "by-name"}, set()),
        ("readout", {"by-document"}, {"through-document"}),
        ("Wire", set(), {"by-id", "by-alias", "by-document", "through-document"}),
        ("A witness", {"through-document"}, set()),
        ("paper", {"left-out"}, CHAINS.keys() - {"left-out"}),
        ("The Paper", {"left-out"}, CHAINS.keys() - {"left-out"}),
        ("letter", {"untitled"}, set()),
        ("ivanov", {"by-namesake"}, set()),
        ("ivanov-2", {"by-other-namesake"}, set()),
        ("Ivanov", {"by-namesake", "by-other-namesake", "by-bare-name"}, set()),
        ("page", set(), set()),
    ],
)
def test_the_speaker_is_first_in_the_chain_and_those_who_relayed_come_later(
    kept: Store, name: str, spoke: set[str], relayed: set[str]
) -> None:
    said = kept.said_by(name)
    assert {one.citation.about for one in said if one.role == "spoke"} == spoke
    assert {one.citation.about for one in said if one.role == "relayed"} == relayed
    assert len(said) == len(spoke) + len(relayed)
    assert [one.role for one in said] == sorted((one.role for one in said), reverse=True)


def test_only_live_citations_are_said_by_anybody(told: Store) -> None:
    told.withdraw("by-name/paper/1", allow_unsupported=True)
    assert [one.citation.about for one in told.said_by("aide")] == ["by-id"]
    told.withdraw("paper", allow_unsupported=True)
    assert told.said_by("aide") == told.said_by("paper") == []


def test_names_are_found_with_composed_or_decomposed_characters(told: Store) -> None:
    told.load(
        {"facts": [{"id": "it", "title": "It", "evidence": [{"source": "paper", "attribution": ["Mu\u0308ller"]}]}]}
    )
    assert [one.role for name in ("M\u00fcller", "Mu\u0308ller") for one in told.said_by(name)] == ["spoke", "spoke"]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("kremln", "Kremlin"),
        ("Wires", "Wire"),
        ("the papers", "The Paper"),
        ("witnesses", "A witness"),
        ("IVANOW", "Ivanov"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(kept: Store, name: str, nearest: str) -> None:
    with pytest.raises(UnknownId, match="nobody called") as refused:
        kept.said_by(name)
    assert nearest in refused.value.nearest
    assert nearest in str(refused.value)


def test_a_name_unlike_all_others(kept: Store) -> None:
    with pytest.raises(UnknownId, match=r"nobody called 'qqq' speaks here, or relays$"):
        kept.said_by("qqq")
    with pytest.raises(UnknownId):
        kept.said_by("by-id")


# --- names that are alike -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def courier(new_store: NewStore) -> Store:
    """A paper whose name is spelled in several ways."""
    store = new_store()
    store.load(
        {
            "sources": [{"id": "paper", "publisher": "Örnvik Courier"}, {"id": "blog", "publisher": "A Blog"}],
            "speakers": [{"id": "zak", "name": "Łukasz Żak"}],
            "facts": [
                {
                    "id": "it",
                    "title": "It",
                    "evidence": [
                        {"source": "paper"},
                        {"source": "blog", "attribution": ["the Örnvik Courier", "Blog"]},
                        {"source": "blog", "attribution": ["ORNVIK  COURIER", "Blog"]},
                        {"source": "blog", "attribution": ["lukasz zak"]},
                        {"source": "blog", "attribution": ["Courier"]},
                    ],
                }
            ],
        }
    )
    return store


def test_names_that_are_alike_are_one_origin(courier: Store) -> None:
    assert courier.fact("it").origins == ("Örnvik Courier", "Łukasz Żak", "Courier")


@pytest.mark.parametrize(
    ("name", "spoke", "relayed"),
    [
        ("ornvik courier", {1, 2, 3}, set()),
        ("the Örnvik courier", {1, 2, 3}, set()),
        ("ŁUKASZ ŻAK", {4}, set()),
        ("a blog", set(), {2, 3, 4, 5}),
        ("courier", {5}, set()),
    ],
)
def test_speakers_with_similar_names_are_found(courier: Store, name: str, spoke: set[int], relayed: set[int]) -> None:
    turns = {cited.id: turn for turn, cited in enumerate(courier.who_says("it"), 1)}
    said = courier.said_by(name)
    assert {turns[one.citation.id] for one in said if one.role == "spoke"} == spoke
    assert {turns[one.citation.id] for one in said if one.role == "relayed"} == relayed


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Courier", ["Örnvik Courier"]),
        ("Ornvick Courier", ["Örnvik Courier"]),
        ("Zak", ["Łukasz Żak"]),
        ("the ornvik courier", []),
        ("zak", []),  # an id
        ("paper", []),
        ("Interfax", []),
        ("Courier of the Örnvik opposition", []),
    ],
)
def test_names_near_to_those_of_speakers_and_sources(courier: Store, name: str, near: list[str]) -> None:
    assert courier.names_near(name) == near


def test_alike_but_two_are_neither(store: Store) -> None:
    store.load(
        {
            "sources": [{"id": "paper"}],
            "speakers": [{"id": "a", "name": "The Post"}, {"id": "b", "name": "Post"}],
            "facts": [
                {"id": name, "title": name, "evidence": [{"source": "paper", "attribution": [said]}]}
                for name, said in (("one", "The Post"), ("two", "Post"), ("three", "POST"))
            ],
        }
    )
    assert [origin(store, name) for name in ("one", "two", "three")] == ["The Post", "Post", "POST"]
    assert {one.citation.about for one in store.said_by("Post")} == {"two"}
    assert {one.citation.about for one in store.said_by("post")} == {"three", "one", "two"}


# --- sources --------------------------------------------------------------------------------------------------


def test_a_source_counts_its_live_citations_and_says_when_it_is_withdrawn(told: Store) -> None:
    told.withdraw("by-id/paper/1", allow_unsupported=True)
    told.withdraw("letter", allow_unsupported=True)
    found = {source.id: source.json() for source in told.sources()}
    assert {name: source["citations"] for name, source in found.items()} == {
        "paper": len(CHAINS) - 1,
        "page": 0,
        "readout": 0,
        "letter": 0,
    }
    assert [name for name, source in found.items() if source.get("withdrawn")] == ["letter"]
    assert [name for name, source in found.items() if "seen_through" in source] == ["readout"]
