"""Export facts as linked data: events with CIDOC CRM time spans under Linked Art's names, and their provenance in PROV-O.

The four bounds of a time span (E52) are those with which Factstore reasons. A stated order is exactly a conjunction of
relations between the ends of two events (CRM 7.1, P173 to P185). The context is in the file, so reading it fetches nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from factstore.exchange import losses
from factstore.exchange.extract import STATES, Extract, Written, in_numbers
from factstore.exchange.moments import four_bounds
from factstore.plain import JsonObject
from factstore.rendering.days import phrase_beside
from factstore.rendering.markdown import CONFLICTING, MISSING
from factstore.repository.answers import Citation, Fact
from factstore.repository.dossier_answers import Ordering
from factstore.repository.log_answers import LogEntry
from factstore.units import Position

Node = JsonObject

_CRM = "http://www.cidoc-crm.org/cidoc-crm/"
_LINK = {"@type": "@id"}
_MOMENT = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime"}

_CONTEXT: JsonObject = {
    "@version": 1.1,
    "crm": _CRM,
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "id": "@id",
    "type": "@type",
    "_label": "http://www.w3.org/2000/01/rdf-schema#label",
    "Event": "crm:E5_Event",
    "TimeSpan": "crm:E52_Time-Span",
    "Place": "crm:E53_Place",
    "Actor": "crm:E39_Actor",
    "Type": "crm:E55_Type",
    "Name": "crm:E33_E41_Linguistic_Appellation",
    "Identifier": "crm:E42_Identifier",
    "LinguisticObject": "crm:E33_Linguistic_Object",
    "DigitalObject": "http://www.ics.forth.gr/isl/CRMdig/D1_Digital_Object",
    "identified_by": {"@id": "crm:P1_is_identified_by", **_LINK},
    "classified_as": {"@id": "crm:P2_has_type", **_LINK},
    "timespan": {"@id": "crm:P4_has_time-span", **_LINK},
    "took_place_at": {"@id": "crm:P7_took_place_at", **_LINK},
    "participant": {"@id": "crm:P11_had_participant", **_LINK},
    "referred_to_by": {"@id": "crm:P67i_is_referred_to_by", **_LINK},
    "part_of": {"@id": "crm:P106i_forms_part_of", **_LINK},
    "about": {"@id": "crm:P129_is_about", **_LINK},
    "content": "crm:P190_has_symbolic_content",
    "begin_of_the_begin": {"@id": "crm:P82a_begin_of_the_begin", **_MOMENT},
    "end_of_the_begin": {"@id": "crm:P81a_end_of_the_begin", **_MOMENT},
    "begin_of_the_end": {"@id": "crm:P81b_begin_of_the_end", **_MOMENT},
    "end_of_the_end": {"@id": "crm:P82b_end_of_the_end", **_MOMENT},
    "starts_before_or_with_the_end_of": {"@id": "crm:P173_starts_before_or_with_the_end_of", **_LINK},
    "starts_before_the_end_of": {"@id": "crm:P174_starts_before_the_end_of", **_LINK},
    "starts_before_or_with_the_start_of": {"@id": "crm:P175_starts_before_or_with_the_start_of", **_LINK},
    "starts_before_the_start_of": {"@id": "crm:P176_starts_before_the_start_of", **_LINK},
    "ends_before_or_with_the_start_of": {"@id": "crm:P182_ends_before_or_with_the_start_of", **_LINK},
    "ends_before_or_with_the_end_of": {"@id": "crm:P184_ends_before_or_with_the_end_of", **_LINK},
    "ends_before_the_end_of": {"@id": "crm:P185_ends_before_the_end_of", **_LINK},
    "was_generated_by": {"@id": "prov:wasGeneratedBy", **_LINK},
    "was_derived_from": {"@id": "prov:wasDerivedFrom", **_LINK},
    "was_quoted_from": {"@id": "prov:wasQuotedFrom", **_LINK},
    "was_associated_with": {"@id": "prov:wasAssociatedWith", **_LINK},
    "was_attributed_to": {"@id": "prov:wasAttributedTo", **_LINK},
    "ended_at": {"@id": "prov:endedAtTime", **_MOMENT},
    "description": "dcterms:description",
    "source_url": {"@id": "dcterms:source", **_LINK},
    "issued": "dcterms:issued",
    "publisher": "dcterms:publisher",
}

#: Each relation as statements about the ends of a and b: whose (0: a's, 1: b's), and in which relation to the other's.
ENDS: dict[str, tuple[tuple[int, str], ...]] = {
    "before": ((0, "ends_before_or_with_the_start_of"),),
    "starts-before": ((0, "starts_before_the_start_of"),),
    "during": ((1, "starts_before_or_with_the_start_of"), (0, "ends_before_or_with_the_end_of")),
    "intersects": ((0, "starts_before_the_end_of"), (1, "starts_before_the_end_of")),
    "equals": (
        (0, "starts_before_or_with_the_start_of"),
        (1, "starts_before_or_with_the_start_of"),
        (0, "ends_before_or_with_the_end_of"),
        (1, "ends_before_or_with_the_end_of"),
    ),
    "meets": ((0, "ends_before_or_with_the_start_of"), (1, "starts_before_or_with_the_end_of")),
    "overlaps": (
        (0, "starts_before_the_start_of"),
        (1, "starts_before_the_end_of"),
        (0, "ends_before_the_end_of"),
    ),
    "starts": (
        (0, "starts_before_or_with_the_start_of"),
        (1, "starts_before_or_with_the_start_of"),
        (0, "ends_before_the_end_of"),
    ),
    "finishes": (
        (0, "ends_before_or_with_the_end_of"),
        (1, "ends_before_or_with_the_end_of"),
        (1, "starts_before_the_start_of"),
    ),
}


#: The fields that the graph has room for, by kind.
CARRIED = {
    "fact": ("title", "when", "phrase", "place", "participants.name", "tags", "evidence", *losses.WARNINGS),
    "citation": ("quote", "stance", "attribution", "missing"),
    "ordering": ("relation",),
    "source": ("title", "publisher", "url", "published", "seen_through"),
    "speaker": ("name",),
}


def write(extract: Extract) -> Written:
    """The graph, and counts of what it has no room for."""
    lost = losses.counted(extract, CARRIED)
    events = {fact.id: _event(fact, extract) for fact in extract.facts}
    for ordering in extract.orderings:
        if not ordering.conflicting:
            _relate(ordering, events, extract)
    graph = [
        _ledger(extract),
        *events.values(),
        *(_citation(citation, extract) for _, citation in extract.citations()),
        *_sources(extract),
        *_provenance(extract),
    ]
    document = {"@context": _CONTEXT, "@graph": graph}
    return Written((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode(), lost)


def _ledger(extract: Extract) -> Node:
    """The ledger, as of its head, that the export was made from."""
    left = f". Left out: {in_numbers(extract.left_out)}." if extract.left_out else ""
    return {
        "id": _head(extract),
        "type": ["prov:Entity", "prov:Collection"],
        "_label": extract.title,
        "description": extract.made_from() + left,
    }


def _head(extract: Extract) -> str:
    return extract.urn(f"head/{extract.head.position}:{extract.head.hash}")


def _named(extract: Extract, kind: str, name: str) -> Node:
    return {"id": extract.urn(f"{kind.lower()}/{name}"), "type": kind, "_label": name}


def _event(fact: Fact, extract: Extract) -> Node:
    date = extract.date(fact)
    phrase = phrase_beside(fact)
    names = [{"type": "Name", "content": one} for one in dict.fromkeys((date, phrase, fact.when or "")) if one]
    classes = [*fact.tags, *([] if fact.status == "stands" else [STATES[fact.status]])]
    classes += [CONFLICTING] if fact.conflicting else []
    event: Node = {
        "id": extract.urn(fact.id),
        "type": "Event",
        "_label": fact.title if fact.status in ("stands", "disputed") else f"[{fact.status}] {fact.title}",
        "identified_by": [{"type": "Name", "content": fact.title}, {"type": "Identifier", "content": fact.id}],
        "timespan": {"type": "TimeSpan", "identified_by": names, **four_bounds(extract.spans[fact.id])},
        "classified_as": [_named(extract, "Type", name) for name in classes],
        "took_place_at": [_named(extract, "Place", fact.place)] if fact.place else [],
        "participant": [_named(extract, "Actor", one["name"]) for one in fact.participants],
        "referred_to_by": [extract.urn(citation.id) for citation in fact.citations or ()],
    }
    return {name: value for name, value in event.items() if value != []}


def _relate(ordering: Ordering, events: dict[str, Node], extract: Extract) -> None:
    """Add a stated order to both events, as relations between their ends."""
    ends = (ordering.a, ordering.b)
    for whose, relation in ENDS[ordering.relation]:
        others = events[ends[whose]].setdefault(relation, [])
        other = extract.urn(ends[1 - whose])
        if other not in others:
            others.append(other)


def _citation(citation: Citation, extract: Extract) -> Node:
    """A citation: the words quoted from a source, and in whose name it says them."""
    node: Node = {
        "id": extract.urn(citation.id),
        "type": ["LinguisticObject", "prov:Entity"],
        "_label": f"{citation.stance}: {extract.chain(citation)}",
        "content": citation.quote,
        "description": f"The quote is {MISSING}." if citation.missing else None,
        "about": extract.urn(citation.about),
        "part_of": extract.urn(citation.source),
        "was_quoted_from": extract.urn(citation.source),
        "was_attributed_to": [
            _agent(extract, name) for name in dict.fromkeys(map(extract.name_of, citation.attribution))
        ],
        "identified_by": [{"type": "Identifier", "content": citation.id}],
    }
    return {name: value for name, value in node.items() if value not in (None, [])}


def _agent(extract: Extract, name: str) -> Node:
    return {"id": extract.urn(f"agent/{name}"), "type": ["Actor", "prov:Agent"], "_label": name}


def _sources(extract: Extract) -> Iterator[Node]:
    for source in extract.sources.values():
        if source.withdrawn:
            continue
        node: Node = {
            "id": extract.urn(source.id),
            "type": ["LinguisticObject", "prov:Entity"],
            "_label": source.title or source.publisher or source.id,
            "identified_by": [{"type": "Identifier", "content": source.id}],
            "publisher": source.publisher,
            "issued": source.published,
            "source_url": source.url,
            "was_derived_from": extract.urn(source.seen_through) if source.seen_through else None,
        }
        yield {name: value for name, value in node.items() if value is not None}


def _provenance(extract: Extract) -> Iterator[Node]:
    """The records about these facts, each as an entity generated by its commit, and the agents who made the commits."""
    names = {fact.id for fact in extract.facts}
    commits: dict[Position, LogEntry] = {}
    for record in extract.log():
        if record.subject not in names:
            continue
        commits.setdefault(record.commit, record)
        yield {
            "id": extract.urn(f"record/{record.position}"),
            "type": "prov:Entity",
            "_label": f"record {record.position}: {record.kind}",
            "about": extract.urn(record.subject),
            "was_generated_by": extract.urn(f"commit/{record.commit}"),
            "was_derived_from": _head(extract),
        }
    for position, record in commits.items():
        yield {
            "id": extract.urn(f"commit/{position}"),
            "type": "prov:Activity",
            "_label": f"commit {position}{f': {record.message}' if record.message else ''}",
            "ended_at": record.recorded_at,
            "was_associated_with": _agent(extract, record.recorded_by),
        }
