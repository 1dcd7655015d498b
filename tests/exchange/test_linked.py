"""Linked data, read by pyld, which fetches nothing: time spans with four bounds, orders as relations of ends, provenance."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyld import jsonld

from factstore.exchange import linked
from factstore.exchange.extract import Asked, Extract, extract
from factstore.reasoning.edges import end_of, start_of
from factstore.reasoning.relations import relation_edges
from factstore.store import Store
from tests.exchange.conftest import FORGED

CRM, PROV = "http://www.cidoc-crm.org/cidoc-crm/", "http://www.w3.org/ns/prov#"


def fetch(url: str, _options: object) -> dict[str, Any]:
    raise AssertionError(f"it fetches {url}")


def nodes(found: Extract) -> dict[str, dict[str, Any]]:
    """All nodes by IRI, with their properties as IRIs."""
    document = json.loads(linked.write(found).content)
    flat = jsonld.flatten(document, None, {"documentLoader": fetch})
    return {node["@id"]: node for node in flat}


@pytest.fixture(scope="module")
def graph(hard: Extract) -> dict[str, dict[str, Any]]:
    return nodes(hard)


def event(graph: dict[str, dict[str, Any]], found: Extract, name: str) -> dict[str, Any]:
    return graph[found.urn(name)]


def bounds(graph: dict[str, dict[str, Any]], found: Extract, name: str) -> dict[str, str]:
    [span] = event(graph, found, name)[f"{CRM}P4_has_time-span"]
    held = graph[span["@id"]]
    return {key.removeprefix(CRM): value[0]["@value"] for key, value in held.items() if key.startswith(f"{CRM}P8")}


def test_every_term_has_an_iri(hard: Extract) -> None:
    """A processor drops unknown terms, so nothing may be missing afterwards."""
    document = json.loads(linked.write(hard).content)
    used = {key for node in document["@graph"] for key in node} | {"timespan", "content"}
    assert used <= document["@context"].keys()
    types = {
        kind
        for node in document["@graph"]
        for kind in ([node["type"]] if isinstance(node["type"], str) else node["type"])
    }
    assert all(kind in document["@context"] or kind.startswith("prov:") for kind in types)


def test_a_withdrawn_source_is_only_what_another_came_from(store: Store) -> None:
    store.load(FORGED)
    found = extract(store, Asked("x"))
    graph = nodes(found)
    assert found.urn("forged") not in graph
    assert graph[found.urn("memo")][f"{PROV}wasDerivedFrom"] == [{"@id": found.urn("forged")}]


def test_a_time_span_has_the_bounds_with_which_we_reason(graph: dict[str, dict[str, Any]], hard: Extract) -> None:
    assert bounds(graph, hard, "evil") == {
        "P82a_begin_of_the_begin": "1984-06-08T00:00:00Z",
        "P81a_end_of_the_begin": "1984-06-10T23:59:59Z",
        "P81b_begin_of_the_end": "1984-06-08T00:00:00Z",
        "P82b_end_of_the_end": "1984-06-10T23:59:59Z",
    }
    assert bounds(graph, hard, "goes-on").keys() == {"P82a_begin_of_the_begin", "P81a_end_of_the_begin"}
    assert bounds(graph, hard, "ides")["P82a_begin_of_the_begin"] == "-0043-03-15T00:00:00Z"


@pytest.mark.parametrize("relation", linked.ENDS)
def test_an_order_is_exactly_its_relations_between_ends(relation: str) -> None:
    """Each CRM relation is an inequality; together they are the edges that the reasoning adds."""
    meaning = {
        "ends_before_or_with_the_start_of": ("e", "s", 0),
        "starts_before_the_start_of": ("s", "s", -1),
        "starts_before_or_with_the_start_of": ("s", "s", 0),
        "ends_before_or_with_the_end_of": ("e", "e", 0),
        "ends_before_the_end_of": ("e", "e", -1),
        "starts_before_the_end_of": ("s", "e", -1),
        "starts_before_or_with_the_end_of": ("s", "e", 0),
    }
    node = {"s": start_of, "e": end_of}
    said = set()
    for whose, name in linked.ENDS[relation]:
        first, second, slack = meaning[name]
        said.add((node[second](1 - whose), node[first](whose), slack))
    assert said == {(edge.tail, edge.head, edge.weight) for edge in relation_edges(0, relation, 1, 1)}


def test_orders_stand_between_events(graph: dict[str, dict[str, Any]], hard: Extract) -> None:
    assert event(graph, hard, "evil")[f"{CRM}P182_ends_before_or_with_the_start_of"] == [{"@id": hard.urn("goes-on")}]
    assert linked.write(hard).lost["gap* between facts"] == 1


def test_evidence_leads_from_an_event_to_its_source(graph: dict[str, dict[str, Any]], hard: Extract) -> None:
    cited = event(graph, hard, "evil")[f"{CRM}P67i_is_referred_to_by"]
    citation = graph[cited[0]["@id"]]
    assert citation[f"{PROV}wasQuotedFrom"] == [{"@id": hard.urn("gazette")}]
    agents = [
        graph[one["@id"]]["http://www.w3.org/2000/01/rdf-schema#label"] for one in citation[f"{PROV}wasAttributedTo"]
    ]
    assert {one[0]["@value"] for one in agents} == {
        hard.name_of(name) for name in ("mayor", "City Hall", "The Gazette")
    }
    assert graph[hard.urn("memo")][f"{PROV}wasDerivedFrom"] == [{"@id": hard.urn("gazette")}]


def test_provenance_leads_from_an_event_to_a_commit_and_who_made_it(
    graph: dict[str, dict[str, Any]], hard: Extract, hard_store: Store
) -> None:
    records = [node for node in graph.values() if f"{PROV}wasGeneratedBy" in node]
    assert len(records) == len(hard.facts)
    [commit] = {node[f"{PROV}wasGeneratedBy"][0]["@id"] for node in records}
    assert graph[commit]["@type"] == [f"{PROV}Activity"]
    [agent] = graph[commit][f"{PROV}wasAssociatedWith"]
    assert graph[agent["@id"]]["http://www.w3.org/2000/01/rdf-schema#label"] == [{"@value": "Test"}]
    head = hard_store.head()
    [ledger] = [node for node in graph.values() if f"{PROV}Collection" in node.get("@type", ())]
    assert f"head {head.position}:{head.hash}" in json.dumps(ledger)


def test_a_status_is_a_type_and_stands_in_the_label(graph: dict[str, dict[str, Any]], hard: Extract) -> None:
    label = event(graph, hard, "never")["http://www.w3.org/2000/01/rdf-schema#label"]
    assert label == [{"@value": "[foretold] It was foretold"}]
