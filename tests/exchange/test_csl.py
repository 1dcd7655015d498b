"""Importing CSL-JSON as Zotero, Pandoc and Crossref write it."""

from __future__ import annotations

from typing import Any

import pytest

from factstore.errors import Changed, InputError
from factstore.exchange.arrivals import Holdings
from factstore.exchange.csl import read
from factstore.exchange.headers import SheetOptions
from factstore.exchange.incoming import format_of
from factstore.store import Store
from tests.exchange.arriving import arrived, as_json, loaded, sources

ITEMS: list[dict[str, Any]] = [
    {
        "id": "lee2018",
        "type": "article-newspaper",
        "title": "The wall <i>falls</i> &amp; stays",
        "container-title": "Café Gazette",
        "author": [{"family": "Lee", "given": "Ann"}, {"family": "Núñez", "given": "José"}],
        "issued": {"date-parts": [["2018", 4, 22]]},
        "accessed": {"date-parts": [[2025, 12, 3]]},
        "URL": "https://gazette.example/2018/wall",
        "page": "1-3",
        "abstract": "Of a wall.",
        "language": "en",
        "custom": {"x": [1, 2]},
    },
    {
        "id": "http://zotero.org/users/1/items/AB",
        "type": "report",
        "title": "Inspection",
        "publisher": "County",
        "author": [{"literal": "County Works"}],
        "issued": {"literal": "spring 2017"},
    },
    {
        "id": 3,
        "type": "book",
        "title": ["Stone"],
        "author": [{"family": "Berg", "given": "Åsa", "non-dropping-particle": "van den"}],
        "issued": {"date-parts": [[1998]], "circa": True},
        "DOI": "10.1000/xyz",
    },
    {"id": "page", "type": "webpage", "title": "A page", "URL": "https://a.example/p", "issued": {"literal": "n.d."}},
]


#: What the first item says beyond a source's own fields.
MORE = {"authors": "Ann Lee; José Núñez", "pages": "1–3", "abstract": "Of a wall.", "language": "en"}


def test_what_identifies_a_work_stays_with_the_source_and_the_rest_is_listed() -> None:
    assert format_of("library.json", as_json(ITEMS)) == "csl"
    arrival = arrived(as_json(ITEMS), "library.json")
    assert sources(arrival) == {
        "lee2018": {
            "id": "lee2018",
            "title": "The wall falls & stays",
            "publisher": "Café Gazette",
            "url": "https://gazette.example/2018/wall",
            "published": "2018-04-22",
            "retrieved": "2025-12-03",
            "attributes": MORE,
        },
        "works-2017-inspection": {
            "id": "works-2017-inspection",
            "title": "Inspection",
            "publisher": "County",
            "published": "[2017-03-01..2017-06-22]",
            "attributes": {"authors": "County Works"},
        },
        "berg-1998-stone": {
            "id": "berg-1998-stone",
            "title": "Stone",
            "url": "https://doi.org/10.1000/xyz",
            "published": "1998~",
            "attributes": {"authors": "Åsa van den Berg"},
        },
        "page": {"id": "page", "title": "A page", "url": "https://a.example/p"},
    }
    assert [(doubt.place, doubt.text) for doubt in arrival.left_out] == [("item 1, custom", '{"x": [1, 2]}')]
    assert [(doubt.place, doubt.text) for doubt in arrival.doubts] == [("item 4, issued", "n.d.")]


@pytest.mark.parametrize(
    ("issued", "edtf"),
    [
        ({"date-parts": [[2018, 4, 22], [2018, 4, 24]]}, "2018-04-22/2018-04-24"),
        ({"date-parts": [[-43, 3, 15]]}, "-0043-03-15"),
        ({"date-parts": [[2018]], "season": 2}, "2018-22"),
        ({"raw": "2018-04-22T10:00:00Z"}, "2018-04-22"),
        ({"raw": "22 April 2018"}, "2018-04-22"),
        ("2018-04", "2018-04"),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": [[2018, 13]]}, None),
    ],
)
def test_dates_of_all_shapes(issued: Any, edtf: str | None) -> None:
    item = {"id": "a", "type": "book", "title": "A", "issued": issued}
    assert sources(arrived(as_json([item]), "a.json"))["a"].get("published") == edtf


def test_wrappers_around_items_are_ignored() -> None:
    assert [*sources(arrived(as_json({"items": ITEMS}), "a.json"))] == [*sources(arrived(as_json(ITEMS), "a.json"))]
    assert [*sources(arrived(as_json({"message": ITEMS[0]}), "a.json"))] == ["lee2018"]
    assert [*sources(arrived(as_json(ITEMS[0]), "a.json"))] == ["lee2018"]


def test_the_same_library_again_changes_nothing_and_an_edited_one_is_refused_or_corrects(store: Store) -> None:
    assert loaded(store, as_json(ITEMS), "a.json") == {"source": 4, "changed": 0, "same": 0}
    assert loaded(store, as_json(ITEMS), "b.json") == {"changed": 0, "same": 4}
    edited = as_json(ITEMS).replace(b"The wall", b"A wall")
    with pytest.raises(Changed, match="lee2018: title"):
        loaded(store, edited, "a.json")
    assert loaded(store, edited, "a.json", correct="source-corrected")["changed"] == 1


def test_a_source_that_the_ledger_has_is_completed_and_never_overwritten(store: Store) -> None:
    url = "http://www.gazette.example/2018/wall/"
    store.load({"sources": [{"id": "wall", "title": "Wall", "url": url, "attributes": {"pages": "A1"}}]}, by="Test")
    arrival = arrived(as_json(ITEMS), "a.json", store=store)
    assert sources(arrival)["wall"] == {
        "id": "wall",
        "title": "Wall",
        "publisher": "Café Gazette",
        "url": url,
        "published": "2018-04-22",
        "retrieved": "2025-12-03",
        "attributes": MORE | {"pages": "A1"},
    }
    assert [doubt.place for doubt in arrival.doubts] == ["item 1, title", "item 4, issued"]


def test_two_items_that_say_the_same_are_one_and_two_of_one_name_are_two() -> None:
    twice = [{"type": "book", "title": "A", "issued": "2001"}] * 2 + [{"type": "book", "title": "A", "issued": "2002"}]
    arrival = arrived(as_json(twice), "a.json")
    assert {name: one["published"] for name, one in sources(arrival).items()} == {"a": "2001", "a-2": "2002"}
    assert [doubt.place for doubt in arrival.doubts] == ["item 2"]


@pytest.mark.parametrize("content", [b"[]", b"{", b"[1, 2]"])
def test_a_file_without_an_item_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.json"):
        read(content, "a.json", SheetOptions(), Holdings())
