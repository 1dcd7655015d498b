"""Our own exports read back: titles and dates to the letter, whatever the words beside them say."""

from __future__ import annotations

import json
from typing import Any

import pytest

import factstore.exchange.annotations as outgoing
from factstore.exchange import timelinejs
from factstore.exchange.arrivals import Arrival
from factstore.exchange.extract import Asked, Extract, extract
from factstore.store import Store
from tests.conftest import NewStore
from tests.exchange.arriving import arrived

FORMATS: dict[str, Any] = {"a.timeline.json": timelinejs, "a.annotations.json": outgoing}
#: One date of each form of EDTF, and of each form that goes beyond it.
FORMS = (
    *(
        "2014",
        "2014-03",
        "2014-03-05",
        "201X",
        "20XX",
        "2014-XX",
        "156X-12-25",
        "15XX-12-XX",
        "1560-XX-25",
        "-0043-03-15",
    ),
    *("2014/..", "2014/", "../2014", "/2014", "2013-02/2014-05-06", "2013~/2014?", "2014-03-05T10:00/2014-03-05T11:30"),
    *(
        "[2014..]",
        "[..2014]",
        "[2013,2014]",
        "[2010-01..2010-03,2012]",
        "{2013,2014}",
        "{2010-01-05,2010-02-09}",
        "{..2014}",
    ),
    *("1984?", "1984~", "1984%", "2004-06~-11", "2004-06-~11", "?2004-06-~11", "2004-?06-11", "%2004-06-11"),
    *("2014-21", "2014-24", "2014-29", "2014-33", "2014-37", "2014-40", "1950S2", "Y-20000", "Y17E4", "Y171010000S3"),
    *("2018-03-20T15:04", "2018-03-20T15:04:05", "2018-03-20T15:04:05Z", "2018-03-20T15:04:05+03:00"),
)


def sent(store: Store, name: str, fact: dict[str, Any], *, iso: bool = False) -> bytes:
    """The export of a ledger with one fact."""
    return sent_all(store, name, [{"id": "x"} | fact], iso=iso)


def sent_all(store: Store, name: str, facts: list[dict[str, Any]], *, iso: bool = False) -> bytes:
    """The export of a ledger with some facts."""
    evidence = [{"source": "s", "quote": "so it was"}]
    store.load(
        {"sources": [{"id": "s", "title": "S"}], "facts": [{"evidence": evidence} | fact for fact in facts]}, by="Test"
    )
    content: bytes = FORMATS[name].write(extract(store, Asked("facts.db", iso=iso))).content
    return content


def said(arrival: Arrival) -> dict[str, str]:
    [fact] = arrival.value["facts"]
    return {field: fact[field] for field in ("id", "title", "when", "phrase", "zone") if field in fact}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("iso", [False, True])
def test_each_form_of_date_comes_back(store: Store, name: str, iso: bool) -> None:
    facts = [{"id": f"x-{number}", "title": f"X {number}", "when": when} for number, when in enumerate(FORMS)]
    found = arrived(sent_all(store, name, facts, iso=iso), name).value["facts"]
    came = [{field: fact.get(field) for field in ("id", "title", "when", "phrase", "zone")} for fact in found]
    assert sorted(came, key=lambda fact: int(fact["id"][2:])) == [
        fact | {"phrase": None, "zone": None} for fact in facts
    ]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "fact",
    [
        {"title": "2014: a year [denied]", "when": "2014"},
        {"title": "It was\nlong  " + "very " * 80 + "long"},
        {"title": "since 2014", "when": "2014/..", "phrase": "from 2014 on"},
        {"title": "A bell", "when": "2018-03-20T15:04", "zone": "+03:00", "phrase": "four minutes past three"},
        {"title": "<b>&amp;</b>", "when": "[..2014]"},
    ],
)
def test_titles_phrases_and_zones_come_back(store: Store, name: str, fact: dict[str, str]) -> None:
    found = said(arrived(sent(store, name, {"when": "2014"} | fact), name))
    assert found == {"id": "x", "when": "2014"} | fact


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_without_edits_changes_nothing_that_it_has_no_room_for(
    seed_store: Store, seed: Extract, name: str
) -> None:
    """Participants, places, attributions, the dates of citations."""
    document = arrived(FORMATS[name].write(seed).content, name, store=seed_store).document
    tally = seed_store.load(document, by="Test", dry_run=True).tally
    assert (dict(tally.count), tally.corrected) == ({}, [])
    assert tally.unchanged > 20


def test_annotations_bring_the_sources_with_their_titles_publishers_and_days(new_store: NewStore) -> None:
    sources = [
        {"id": "a", "title": "Gazette", "publisher": "Gazette", "published": "2018-06-02"},
        {"id": "b", "title": "Gazette", "published": "2018-06-02"},
        {"id": "c", "title": "Herald", "publisher": "H.", "published": "2018-06-03", "url": "https://herald.example/c"},
        {"id": "d"},
    ]
    facts = [
        {"id": f"in-{one['id']}", "title": "After", "when": "[2018-05-04..]", "evidence": [{"source": one["id"]}]}
        for one in sources
    ]
    first, second = new_store(), new_store()
    first.load({"sources": sources, "facts": facts}, by="Test")
    content = outgoing.write(extract(first, Asked("facts.db"))).content
    second.load(arrived(content, "a.annotations.json").document, by="Test")
    for store in (first, second):
        assert [one.begun_by for one in store.facts()] == ["2018-06-02", "2018-06-02", "2018-06-03", None]
    assert [{name: value for name, value in one.items() if name != "text"} for kind, one in second.entries()][
        :4
    ] == sources


@pytest.mark.parametrize("name", FORMATS)
def test_what_was_edited_in_the_file_counts(store: Store, name: str) -> None:
    content = sent(store, name, {"title": "X", "when": "2014/.."}).decode()
    value = json.loads(content)
    if name == "a.timeline.json":
        value["events"][0] |= {"display_date": "2013", "start_date": {"year": 2013}}
        value["events"][0]["text"]["headline"] = "Y"
    else:
        value["first"]["items"][0]["body"][0]["value"] = "2013: Y"
    assert said(arrived(json.dumps(value).encode(), name)) == {"id": "x", "title": "Y", "when": "2013"}
