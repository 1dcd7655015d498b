"""FollowTheMoney entities: references to existing entities, and dates of its type; with its own library, if installed."""

from __future__ import annotations

import importlib
import json
import re
from typing import Any

import pytest

from factstore.exchange import followthemoney
from factstore.exchange.extract import Asked, Extract, extract
from factstore.store import Store
from tests.exchange.conftest import FORGED

#: For each schema, the properties of FollowTheMoney 4 that are used.
PROPERTIES = {
    "Document": {"title", "publisher", "sourceUrl", "publishedAt", "retrievedAt", "notes"},
    "LegalEntity": {"name"},
    "Event": {
        *(
            "name",
            "date",
            "startDate",
            "endDate",
            "location",
            "involved",
            "proof",
            "keywords",
            "summary",
            "description",
        ),
        "recordId",
    },
}


def entities(found: Extract) -> list[dict[str, Any]]:
    return [json.loads(line) for line in followthemoney.write(found).content.decode().splitlines()]


def test_entities_have_properties_of_their_schema_and_lists_of_text(hard: Extract) -> None:
    for entity in entities(hard):
        assert entity["properties"].keys() <= PROPERTIES[entity["schema"]]
        assert all(value and isinstance(value, str) for values in entity["properties"].values() for value in values)
    schemas = [entity["schema"] for entity in entities(hard)]
    assert schemas.count("Event") == len(hard.facts)
    assert schemas.count("Document") == len(hard.sources)


def test_referents_come_first(hard: Extract) -> None:
    seen: set[str] = set()
    for entity in entities(hard):
        properties = entity["properties"]
        assert {*properties.get("involved", ()), *properties.get("proof", ())} <= seen
        assert entity["id"] not in seen
        seen.add(entity["id"])


def test_a_withdrawn_source_is_left_out_and_counted(store: Store) -> None:
    store.load(FORGED)
    found = extract(store, Asked("x"))
    assert [entity["properties"].get("title") for entity in entities(found)] == [["A memo"], None]
    lost = followthemoney.write(found).lost
    assert (lost["withdrawn source"], lost["source* as seen only through another"]) == (1, 1)


def test_dates(hard: Extract) -> None:
    events = {
        entity["properties"]["recordId"][0]: entity["properties"]
        for entity in entities(hard)
        if entity["schema"] == "Event"
    }
    assert events["long"]["date"] == ["2001"]
    assert (events["evil"]["startDate"], events["evil"]["endDate"]) == (["1984-06-08"], ["1984-06-10"])
    assert events["evil"]["summary"] == [
        "Date: between 8 and 10 June 1984 (“over the weekend”); disputed: asserted by some, denied by others"
    ]
    assert events["hour"]["date"] == ["1984-06-09T15:04"]
    assert "date" not in events["ides"]
    assert events["never"]["name"] == ["[foretold] It was foretold"]
    pattern = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?)?)?")
    for properties in events.values():
        for name in ("date", "startDate", "endDate"):
            assert all(pattern.fullmatch(value) for value in properties.get(name, ()))


def test_a_fact_without_a_date_has_no_empty_one(store: Store) -> None:
    facts = [
        {"id": name, "title": "X", "phrase": phrase, "evidence": [{"source": "s"}]}
        for name, phrase in (("a", None), ("b", "some day"))
    ]
    store.load({"sources": [{"id": "s"}], "facts": facts})
    told = [one["properties"] for one in entities(extract(store, Asked("x", iso=True))) if one["schema"] == "Event"]
    assert [one.get("summary") for one in told] == [None, ["Date: (“some day”)"]]


def test_what_was_left_out_is_counted(hard: Extract) -> None:
    lost = followthemoney.write(hard).lost
    assert lost["ordering"] == 2
    assert lost["date* outside the years 1 to 9999"] > 0
    assert lost["role* of participants"] == 1


@pytest.mark.filterwarnings("ignore")
def test_its_own_library_takes_every_value(seed: Extract) -> None:
    pytest.importorskip("followthemoney", reason="FollowTheMoney is not installed")
    proxies = importlib.import_module("followthemoney.proxy")
    for entity in entities(seed):
        proxy = proxies.EntityProxy.from_dict(entity, cleaned=False)
        proxy.schema.validate(entity)
        taken = proxy.to_dict()["properties"]
        assert {key: sorted({*values}) for key, values in entity["properties"].items()} == {
            key: sorted(values) for key, values in taken.items()
        }
