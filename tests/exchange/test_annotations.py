"""Web Annotations: what the model requires of each, and as linked data read by pyld."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyld import jsonld

from factstore.exchange import annotations as web_annotations
from factstore.exchange.extract import Asked, Extract, extract
from factstore.store import Store
from tests.exchange.conftest import EVIL

OA, AS, DCTERMS = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#", "http://purl.org/dc/terms/"
_LINK = {"@type": "@id"}
#: The terms of the vocabulary (Web Annotation Vocabulary, appendix A) that are used here.
CONTEXT: dict[str, Any] = {
    "oa": OA,
    "as": AS,
    "dcterms": DCTERMS,
    "id": "@id",
    "type": "@type",
    **{name: f"oa:{name}" for name in ("Annotation", "SpecificResource", "TextQuoteSelector", "TextualBody")},
    **{name: f"oa:{name}" for name in ("exact", "prefix", "suffix")},
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
    "body": {"@id": "oa:hasBody", **_LINK},
    "target": {"@id": "oa:hasTarget", **_LINK},
    "source": {"@id": "oa:hasSource", **_LINK},
    "selector": {"@id": "oa:hasSelector", **_LINK},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "describing": "oa:describing",
    "commenting": "oa:commenting",
    "tagging": "oa:tagging",
    "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
    "format": "http://purl.org/dc/elements/1.1/format",
    "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
    "first": {"@id": "as:first", **_LINK},
    "last": {"@id": "as:last", **_LINK},
    "total": "as:totalItems",
    "startIndex": "as:startIndex",
}


def read(found: Extract) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(web_annotations.write(found).content)
    return value


def items(found: Extract) -> list[dict[str, Any]]:
    return list(read(found)["first"]["items"])


def test_an_annotation_for_each_citation(hard: Extract) -> None:
    collection = read(hard)
    cited = [citation.id for _, citation in hard.citations()]
    assert [one["dcterms:identifier"] for one in items(hard)] == cited
    assert collection["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert collection["type"] == "AnnotationCollection"
    assert collection["total"] == len(cited)
    assert hard.made_from() in collection["dcterms:description"]
    for one in items(hard):
        assert one["type"] == "Annotation"
        assert one["id"].startswith("urn:uuid:")
        assert {body["type"] for body in one["body"]} == {"TextualBody"}
    assert len({one["id"] for one in items(hard)}) == len(cited)


def test_a_quote_is_selected_in_its_surroundings_at_its_source(hard: Extract) -> None:
    [evil] = [one for one in items(hard) if one["dcterms:identifier"] == "evil/gazette/1"]
    [citation] = [citation for _, citation in hard.citations() if citation.id == "evil/gazette/1"]
    assert evil["target"]["source"] == "https://gazette.example/a?b=1&c=2"
    assert evil["target"]["selector"] == {"type": "TextQuoteSelector", "exact": citation.quote, "prefix": "he said: "}
    values = {body["purpose"]: body["value"] for body in evil["body"]}
    assert values["describing"].startswith("between 8 and 10 June 1984: ")
    assert values["commenting"] == "asserts: The mayor → City Hall → The Gazette; p. 3"


def test_each_piece_of_a_quote_with_words_left_out_is_a_target(hard: Extract) -> None:
    [elided] = [one for one in items(hard) if one["dcterms:identifier"] == "evil/gazette/2"]
    assert [target["selector"]["exact"] for target in elided["target"]] == ["some", "words", "left"]


def test_what_has_no_url_and_what_has_no_quote(hard: Extract) -> None:
    [once] = [one for one in items(hard) if one["dcterms:identifier"] == "some-day/memo/1"]
    assert once["target"]["source"] == hard.urn("memo")
    [whole] = [one for one in items(hard) if one["dcterms:identifier"] == "goes-on/gazette/1"]
    url = "https://gazette.example/a?b=1&c=2"
    about = {"dcterms:title": EVIL, "dcterms:publisher": "The Gazette", "dcterms:issued": "2005-06-11"}
    assert whole["target"] == {"source": url, "dcterms:isPartOf": {"id": url} | about}
    assert web_annotations.write(hard).lost["ordering"] == 2


def test_as_linked_data(seed: Extract, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(url: str, _options: object) -> dict[str, Any]:
        assert url == "http://www.w3.org/ns/anno.jsonld"
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": {"@context": CONTEXT},
        }

    [collection] = jsonld.expand(read(seed), {"documentLoader": load})
    [page] = collection[f"{AS}first"]
    [listed] = page[f"{AS}items"]
    assert len(listed["@list"]) == sum(1 for _ in seed.citations())
    exact = {
        selector[f"{OA}exact"][0]["@value"]
        for one in listed["@list"]
        for target in one[f"{OA}hasTarget"]
        for selector in target[f"{OA}hasSelector"]
    }
    issued = [one[f"{DCTERMS}issued"] for one in jsonld.flatten([collection]) if f"{DCTERMS}issued" in one]
    assert issued == [[{"@value": "2018-04-02"}]] * len(issued)
    assert issued
    assert "the poisoning of former Russian spy Sergei Skripal and his daughter" in exact


def test_a_status_is_stated(hard: Extract, hard_store: Store) -> None:
    [never] = [one for one in items(hard) if one["dcterms:identifier"] == "never/gazette/1"]
    assert never["body"][0]["value"] == "1990: It was foretold [foretold, not reported to have happened]"
    iso = [one["body"][0]["value"] for one in items(extract(hard_store, Asked("x", iso=True)))]
    assert any(value.startswith("-0043-03-15: ") for value in iso)
