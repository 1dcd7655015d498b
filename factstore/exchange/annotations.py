"""Export evidence as W3C Web Annotations (Recommendation of 2017-02-23): a quote in a source, and the fact that it is about.

A quote with an elision (`[…]`) has a target for each of its parts, since an exact selector cannot leave words out. What a
target is part of, its source, has a title, a publisher and a day of publication in the terms of Dublin Core, as in JSON-LD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from factstore.exchange import losses
from factstore.exchange.extract import Extract, Written, in_numbers
from factstore.exchange.own_exports import FIELDS, kept_fields
from factstore.plain import Json, JsonObject
from factstore.rendering.markdown import MISSING
from factstore.repository.answers import Citation, Fact

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_ELISION = re.compile(r"\s*\[ ?(?:…|\. ?\. ?\.) ?\]\s*")


#: The fields that annotations have room for, by kind.
CARRIED = {
    "fact": (*FIELDS, "tags", "evidence", *losses.WARNINGS),
    "citation": (
        "quote",
        "prefix",
        "suffix",
        "locator",
        "stance",
        "attribution",
        "said",
        "hedge",
        "unnamed",
        "missing",
    ),
    "source": ("title", "publisher", "url", "published"),
    "speaker": ("name",),
}


def write(extract: Extract) -> Written:
    """The annotations as a collection with one page, and counts of what it has no room for."""
    lost = losses.counted(extract, CARRIED, losses.BEGUN)
    cited = list(extract.citations())
    absent = sum(not fact.citations for fact in extract.facts)
    lost["fact* without evidence"] = absent
    lost["citation* of sources without a URL, named by a URN"] = sum(one.url is None for _, one in cited)
    lost["citation* without a quote, which point at the whole source"] = sum(one.quote is None for _, one in cited)
    notes = [extract.made_from(), *([f"Left out: {in_numbers(extract.left_out)}"] if extract.left_out else [])]
    head = f"{extract.head.position}:{extract.head.hash}"
    page = {
        "id": extract.urn(f"annotations/{head}/1"),
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": [_annotation(fact, citation, extract) for fact, citation in cited],
    }
    collection = {
        "@context": _CONTEXT,
        "id": extract.urn(f"annotations/{head}"),
        "type": "AnnotationCollection",
        "label": extract.title,
        "dcterms:description": ". ".join(notes),
        "total": len(cited),
        "first": page,
        "last": page["id"],
    }
    return Written((json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode(), lost, absent)


def _annotation(fact: Fact, citation: Citation, extract: Extract) -> JsonObject:
    date = extract.date(fact)
    warnings = [*extract.warnings(fact), *([f"quote {MISSING}"] if citation.missing else [])]
    title = fact.title + (f" [{'; '.join(warnings)}]" if warnings else "")
    bodies = [_body("describing", f"{date}: {title}" if date else title)]
    bodies.append(_body("commenting", _who(citation, extract)))
    bodies += [_body("tagging", tag) for tag in fact.tags]
    targets = _targets(citation, extract)
    return {
        "id": extract.urn(citation.id),
        "type": "Annotation",
        "motivation": "describing",
        "dcterms:identifier": citation.id,
        **{f"factstore:{name}": value for name, value in kept_fields(fact).items()},
        "body": bodies,
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _body(purpose: str, value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": purpose, "format": "text/plain", "value": value}


def _who(citation: Citation, extract: Extract) -> str:
    """The stance, who said it to whom, how, and where."""
    more = [citation.unnamed, citation.hedge, citation.said and f"said {citation.said}", citation.locator]
    return "; ".join(filter(None, (f"{citation.stance}: {extract.chain(citation)}", *more)))


def _targets(citation: Citation, extract: Extract) -> list[JsonObject]:
    source: JsonObject = {"source": citation.url or extract.urn(citation.source)}
    held = extract.sources[citation.source]
    about = {"title": held.title, "publisher": held.publisher, "issued": held.published}
    if any(about.values()):
        terms = {f"dcterms:{name}": value for name, value in about.items() if value}
        source["dcterms:isPartOf"] = {"id": source["source"], **terms}
    if not citation.quote:
        return [source]
    pieces = [piece for piece in _ELISION.split(citation.quote) if piece]
    selectors = [{"type": "TextQuoteSelector", "exact": piece} for piece in pieces]
    entry: Mapping[str, Json] = extract.entries[citation.id]
    if entry.get("prefix"):
        selectors[0]["prefix"] = entry["prefix"]
    if entry.get("suffix"):
        selectors[-1]["suffix"] = entry["suffix"]
    return [{"type": "SpecificResource", **source, "selector": selector} for selector in selectors] or [source]
