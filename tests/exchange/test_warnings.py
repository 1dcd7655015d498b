"""What a reader must be warned of: a time that contradicts, a quote that is not in its source, a day that is no end."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from docx import Document

import factstore.exchange.annotations as web_annotations
from factstore.exchange import followthemoney, linked, outgoing, timelinejs, timesketch, word, workbook
from factstore.exchange.extract import Asked, Extract, extract
from factstore.rendering import markdown, page
from factstore.store import Store
from tests.exchange.arriving import arrived
from tests.exchange.test_workbook import rows

ASIDE = "conflicting: a statement about its time is set aside"
LEFT = f"{ASIDE}, and the rest leaves by 20 January 2020"
MISSING = "not found in the archived text"


def entities(found: Extract) -> dict[str, Any]:
    lines = map(json.loads, followthemoney.write(found).content.decode().splitlines())
    return {one["properties"]["recordId"][0]: one["properties"] for one in lines if one["schema"] == "Event"}


def events(found: Extract) -> dict[str, Any]:
    return {one["fact_id"]: one for one in map(json.loads, timesketch.write(found).content.decode().splitlines())}


def bodies(found: Extract) -> list[str]:
    items = json.loads(web_annotations.write(found).content)["first"]["items"]
    return [item["body"][0]["value"] for item in items]


def nodes(found: Extract) -> list[dict[str, Any]]:
    graph: list[dict[str, Any]] = json.loads(linked.write(found).content)["@graph"]
    return graph


def cells(found: Extract) -> dict[str, list[str]]:
    tables = Document(io.BytesIO(word.write(found).content)).tables
    every = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    return {row[1]: row for row in every}


def facts(found: Extract) -> dict[str, dict[str, Any]]:
    return {row["ID"]: row for row in rows(workbook.write(found).content, "Facts")}


def test_entities_are_not_dated_by_what_is_set_aside(warned: Extract) -> None:
    found = entities(warned)
    assert "date" not in found["alpha"]
    assert found["alpha"]["endDate"] == ["2020-01-20"]
    assert found["alpha"]["summary"] == [f"Date: 25 January 2020; {LEFT}"]
    assert found["beta"]["description"] == [f"asserts: Paper: “Beta” ({MISSING})"]


def test_the_day_by_which_it_had_begun_is_not_its_last(warned: Extract) -> None:
    assert "endDate" not in entities(warned)["gamma"]
    assert entities(warned)["gamma"]["summary"] == ["Date: begun by 1 February 2020"]


def test_events_say_what_contradicts_and_what_is_missing(warned: Extract) -> None:
    found = events(warned)
    assert found["alpha"]["warnings"] == [LEFT]
    assert MISSING in found["beta"]["evidence"][0]


def test_annotations_say_so_and_come_back_as_before(warned: Extract) -> None:
    assert f"25 January 2020: Alpha happened [{LEFT}]" in bodies(warned)
    assert f"20 January 2020: Beta happened [quote {MISSING}]" in bodies(warned)
    assert "begun by 1 February 2020: Gamma happened" in bodies(warned)


def test_linked_data_says_so(warned: Extract) -> None:
    classes = {one["_label"]: [kind["_label"] for kind in one.get("classified_as", ())] for one in nodes(warned)}
    assert classes["Alpha happened"] == [ASIDE]
    assert [one["content"] for one in nodes(warned) if one.get("description") == f"The quote is {MISSING}."] == ["Beta"]


def test_slides_say_so(warned: Extract) -> None:
    found = {one["unique_id"]: one["text"]["text"] for one in json.loads(timelinejs.write(warned).content)["events"]}
    assert LEFT in found["alpha"]
    assert MISSING in found["beta"]


def test_documents_and_workbooks_say_so(warned: Extract) -> None:
    read = cells(warned)
    assert ASIDE in read["Alpha happened"][3]
    assert "leave by 20 January 2020" in read["Alpha happened"][3]
    assert read["Gamma happened"][0] == "begun by 1 February 2020"
    assert facts(warned)["gamma"]["Date in words"] == "begun by 1 February 2020"


@pytest.mark.parametrize("name", ["docx", "xlsx", "annotations", "ftm"])
def test_edtf_cannot_say_by_when_it_had_begun_so_that_is_counted(warned_store: Store, name: str) -> None:
    held = extract(warned_store, Asked("x", iso=True))
    assert outgoing.write(held, outgoing.FORMATS[name]).lost["day* by which a fact had begun"] == 1


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_pages_do_not_date_a_fact_by_what_is_set_aside(warned: Extract, form: str) -> None:
    said = page.listing(warned.facts, form, warned.sources, 0)
    assert ASIDE in said
    assert MISSING in said
    assert said.index("by 20 January 2020") < said.index("dated 25 January 2020")


def test_markdown_has_what_is_known_in_bold(warned: Extract) -> None:
    said = markdown.chronology(warned.facts, warned.sources)
    assert "**by 20 January 2020** (dated 25 January 2020): Alpha" in said


@pytest.mark.parametrize("iso", [False, True])
def test_warnings_are_no_part_of_the_title_that_comes_back(warned_store: Store, iso: bool) -> None:
    found = json.loads(web_annotations.write(extract(warned_store, Asked("x", iso=iso))).content)
    for kept in (True, False):
        for item in found["first"]["items"] if not kept else ():
            item.pop("factstore:title")
        read = arrived(json.dumps(found).encode(), "a.annotations.json").value["facts"]
        assert {one["title"] for one in read} == {"Alpha happened", "Beta happened", "Gamma happened"}
        assert {one["title"]: one.get("when") for one in read}["Gamma happened"] is None
