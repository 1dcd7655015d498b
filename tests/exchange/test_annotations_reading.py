"""Importing annotations: exports of Hypothesis, responses of its API, the W3C's own forms, and ours."""

from __future__ import annotations

from typing import Any

import pytest

import factstore.exchange.annotations as outgoing
from factstore.errors import Changed
from factstore.exchange.extract import Asked, extract
from factstore.exchange.incoming import format_of
from factstore.store import Store
from tests.conftest import NewStore
from tests.exchange.arriving import arrived, as_json, facts, loaded, sources

PAGE = "https://gazette.example/2018/wall"


def annotated(number: int, text: str = "", exact: str = "", **more: Any) -> dict[str, Any]:
    """An annotation as Hypothesis writes it."""
    position = [{"type": "TextPositionSelector", "start": 10, "end": 30}]
    quote = [{"type": "TextQuoteSelector", "exact": exact, "prefix": "At dawn ", "suffix": ", they said"}]
    return {
        "id": f"aaaaaaaaaaaaaaaaaaaaa{number}",
        "created": f"2025-12-0{number}T10:00:00.1+00:00",
        "updated": "2025-12-09T10:00:00.1+00:00",
        "user": "acct:ann@hypothes.is",
        "uri": PAGE,
        "text": text,
        "tags": [],
        "group": "__world__",
        "document": {"title": ["Wall falls | Café Gazette"]},
        "target": [{"source": PAGE} | ({"selector": position + quote} if exact else {})],
    } | more


EXPORT: dict[str, Any] = {
    "export_date": "2026-01-05T10:00:00.000Z",
    "export_userid": "acct:ann@hypothes.is",
    "client_version": "1.1500.0",
    "annotations": [
        annotated(
            1,
            "22 April 2018: The north wall collapses",
            "the north wall gave way",
            tags=["quarry"],
            user_info={"display_name": "Ann Müller"},
        ),
        annotated(2, "", "Two men were hurt", tags=["date:2018-04-23"]),
        annotated(3, "Are we sure?", references=["aaaaaaaaaaaaaaaaaaaaa1"], user="acct:bo@hypothes.is"),
        annotated(
            4,
            "The permit was given",
            "permit granted",
            uri="urn:x-pdf:0123",
            document={"title": ["minutes.pdf"], "link": [{"href": "urn:x-pdf:0123"}, {"href": "file:///minutes.pdf"}]},
            target=[
                {
                    "source": "urn:x-pdf:0123",
                    "selector": [
                        {"type": "PageSelector", "index": 2, "label": "3"},
                        {"type": "TextQuoteSelector", "exact": "permit granted"},
                    ],
                }
            ],
        ),
        annotated(5, "A note on the page"),
        annotated(6),
    ],
}


def test_an_export_is_facts_with_quotes_in_one_source() -> None:
    arrival = arrived(as_json(EXPORT), "notes.json")
    found, held = facts(arrival), sources(arrival)
    assert {title: fact.get("when") for title, fact in found.items()} == {
        "The north wall collapses": "2018-04-22",
        "Two men were hurt": "2018-04-23",
        "The permit was given": None,
        "A note on the page": None,
    }
    wall = found["The north wall collapses"]
    assert wall["evidence"] == [
        {
            "source": "gazette-example-wall",
            "locator": "notes.json, annotation 1",
            "quote": "the north wall gave way",
            "prefix": "At dawn ",
            "suffix": ", they said",
        }
    ]
    assert wall["tags"] == ["quarry"]
    assert wall["attributes"] == {
        "Annotation": "aaaaaaaaaaaaaaaaaaaaa1",
        "Annotated by": "Ann Müller",
        "Answer 1": "bo: Are we sure?",
    }
    assert held["gazette-example-wall"] == {
        "id": "gazette-example-wall",
        "title": "Wall falls | Café Gazette",
        "publisher": "gazette.example",
        "url": PAGE,
        "retrieved": "2025-12-01",
    }
    assert held["minutes-pdf"]["url"] == "urn:x-pdf:0123"
    assert found["The permit was given"]["evidence"][0]["locator"] == "p. 3 (notes.json, annotation 4)"
    assert [doubt.place for doubt in arrival.left_out] == ["annotation 6"]


def test_responses_of_the_service_and_json_lines_are_read_alike() -> None:
    titles = [*facts(arrived(as_json(EXPORT), "a.json"))]
    rows = {"total": 6, "rows": EXPORT["annotations"]}
    lines = b"\n".join(as_json(one) for one in EXPORT["annotations"])
    assert [*facts(arrived(as_json(rows), "a.json"))] == titles
    assert [*facts(arrived(lines, "a.jsonl"))] == titles
    assert [*facts(arrived(b"\xef\xbb\xbf" + as_json(EXPORT), "a.json"))] == titles


def test_the_same_export_again_changes_nothing_and_edits_follow_the_annotations_ids(store: Store) -> None:
    loaded(store, as_json(EXPORT), "notes.json")
    assert loaded(store, as_json(EXPORT), "notes.json") == {"changed": 0, "same": 8}
    edited = as_json({**EXPORT, "annotations": EXPORT["annotations"][::-1]}).replace(
        b"north wall coll", b"whole wall coll"
    )
    with pytest.raises(Changed, match="The whole wall collapses"):
        loaded(store, edited, "notes.json")
    # The fact, and the place of its annotation, which has changed.
    assert loaded(store, edited, "notes.json", correct="other")["changed"] == 2
    assert store.fact("the-north-wall-collapses").title == "The whole wall collapses"


def test_a_page_that_the_ledger_has_is_that_source_and_stays_as_it_is(store: Store) -> None:
    store.load({"sources": [{"id": "wall", "url": f"{PAGE}/"}]}, by="Test")
    assert loaded(store, as_json(EXPORT), "notes.json")["changed"] == 0
    assert {one.source for one in store.fact("two-men-were-hurt").citations or ()} == {"wall"}


W3C: list[dict[str, Any]] = [
    {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "bodyValue": "It fell", "target": PAGE},
    {
        "type": "Annotation",
        "creator": {"type": "Person", "name": "Zoë"},
        "body": [
            {"type": "TextualBody", "value": "<p>It <b>fell</b></p>", "format": "text/html"},
            {"type": "TextualBody", "purpose": "tagging", "value": "wall"},
            "https://herald.example/1",
        ],
        "target": {
            "source": {"id": PAGE},
            "selector": {
                "type": "FragmentSelector",
                "value": "t=10,20",
                "refinedBy": {"type": "TextQuoteSelector", "exact": "fell"},
            },
        },
    },
    {
        "type": ["Annotation"],
        "target": [
            {"source": PAGE, "selector": {"type": "TextQuoteSelector", "exact": "it rained"}},
            {"source": PAGE, "selector": {"type": "TextQuoteSelector", "exact": "for days"}},
        ],
    },
]


@pytest.mark.parametrize("one", W3C)
def test_shapes_of_the_recommendation(one: dict[str, Any]) -> None:
    assert format_of("a.jsonld", as_json(one)) == "annotations"
    arrival = arrived(as_json(one), "a.jsonld")
    [fact] = arrival.value["facts"]
    assert fact["evidence"][0]["source"] == "gazette-example-wall"


def test_bodies_and_selectors_are_distinguished() -> None:
    [fact] = arrived(as_json(W3C[1]), "a.json").value["facts"]
    assert fact["tags"] == ["wall"]
    assert fact["attributes"]["Annotated by"] == "Zoë"
    assert fact["evidence"][0] == {
        "source": "gazette-example-wall",
        "locator": "t=10,20 (a.json, annotation 1)",
        "quote": "fell",
    }
    [pieces] = arrived(as_json(W3C[2]), "a.json").value["facts"]
    assert pieces["evidence"][0]["quote"] == "it rained […] for days"


@pytest.mark.parametrize("iso", [False, True])
def test_what_we_export_comes_in_again_with_ids_quotes_stances_and_days(
    seed_store: Store, new_store: NewStore, iso: bool
) -> None:
    asked = Asked("facts.db", status=("stands", "disputed", "denied", "foretold"), iso=iso)
    content = outgoing.write(extract(seed_store, asked)).content
    copy = new_store()
    loaded(copy, content, "seed.json")
    was = {fact.id: fact for fact in seed_store.facts()}
    for fact in copy.facts():
        before, old = was[fact.id], seed_store.fact(fact.id).citations or ()
        assert (fact.title, fact.status, fact.tags) == (before.title, before.status, before.tags)
        assert fact.when is None or before.latest is None or fact.latest == before.latest
        assert fact.when is None or fact.earliest == before.earliest
        new = copy.fact(fact.id).citations or ()
        assert [(one.source, one.quote, one.stance) for one in new] == [
            (one.source, one.quote, one.stance) for one in old
        ]
    assert loaded(copy, content, "seed.json")["changed"] == 0
