"""Timesketch JSON Lines: the three fields that each line requires, moments in UTC, and facts without one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from factstore.errors import Refused
from factstore.exchange import timesketch
from factstore.exchange.extract import Asked, Extract, extract
from factstore.store import Store


def events(found: Extract) -> dict[str, dict[str, Any]]:
    lines = timesketch.write(found).content.decode().splitlines()
    return {event["fact_id"]: event for event in map(json.loads, lines)}


def test_each_line_has_the_required_fields(hard: Extract) -> None:
    for event in events(hard).values():
        assert {"message", "datetime", "timestamp_desc"} <= event.keys()
        moment = datetime.fromisoformat(event["datetime"])
        assert moment.tzinfo is not None
        assert moment == datetime.fromtimestamp(event["timestamp"] // 1_000_000, UTC)
        assert "\n" not in event["datetime"]


def test_where_on_the_time_line_a_fact_is_put(hard: Extract, seed: Extract) -> None:
    found = events(hard)
    assert found["hour"]["datetime"] == "1984-06-09T15:04:00+00:00"
    assert found["hour"]["timestamp_desc"] == "Happened at this time"
    assert (found["evil"]["datetime"], found["evil"]["timestamp_desc"]) == (
        "1984-06-08T00:00:00+00:00",
        "Earliest possible time",
    )
    assert (found["evil"]["earliest"], found["evil"]["latest"]) == ("1984-06-08", "1984-06-10")
    first = events(seed)["skripal-poisoning"]
    assert (first["datetime"], first["timestamp_desc"]) == ("2018-03-19T23:59:59+00:00", "Latest possible time")
    assert events(seed)["trump-putin-call"]["timestamp_desc"] == "Happened on this day"


def test_what_has_no_place_there_is_counted(hard: Extract) -> None:
    lost = timesketch.write(hard).lost
    assert lost["undated fact"] == 1
    assert lost["fact* outside the years 1 to 9999"] == 2
    assert lost["ordering"] == 2
    assert lost["publication day* of sources (as such in words only)"] == 2
    assert (lost["role* of participants"], lost["attribute"]) == (1, 1)
    assert {"ides", "far", "some-day"}.isdisjoint(events(hard))


def test_the_evidence_and_the_status_go_with_it(hard: Extract) -> None:
    found = events(hard)
    assert found["never"]["message"] == "[foretold] It was foretold"
    assert found["evil"]["status"] == "disputed"
    assert found["evil"]["tag"] == ["a", "b; c", "[d]"]
    assert found["evil"]["evidence"][1] == (
        "denies: The Gazette (reportedly): “some […] words [...] left” "
        f"[{hard.sources['gazette'].title}, 2005-06-11] https://gazette.example/a?b=1&c=2"
    )


def test_nothing_dated_is_refused(hard_store: Store) -> None:
    with pytest.raises(Refused, match="none of these facts has one"):
        timesketch.write(extract(hard_store, Asked("x", narrowed={"text": "Caesar"})))
