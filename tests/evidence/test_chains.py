"""Chains of attribution as people write them, which options, cells and workbooks all read alike."""

from __future__ import annotations

import pytest

from factstore.documents.formats import several
from factstore.documents.reading import parse
from factstore.evidence.chains import ARROW, links
from factstore.exchange.workbook_layout import SHEETS, to_cells, to_entry
from factstore.store import Store


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("Ann -> Bo", ["Ann", "Bo"]),
        ("Ann → Bo", ["Ann", "Bo"]),
        ("Ann->Bo --> Cy", ["Ann", "Bo", "Cy"]),
        (" -> Ann → ", ["Ann"]),
        ("Anne-Marie - Bo", ["Anne-Marie - Bo"]),
        ("Ann <-> Bo", ["Ann <-> Bo"]),
        ("Ann <--> Bo", ["Ann <--> Bo"]),
        ("", []),
    ],
)
def test_an_arrow_stands_between_two_links(text: str, chain: list[str]) -> None:
    assert links(text) == chain
    assert links(ARROW.join(chain)) == chain


def test_options_cells_and_workbooks_read_arrows_of_the_keyboard() -> None:
    assert several(["Ann -> Bo"], "attribution") == ["Ann", "Bo"]
    assert several(["a -> b"], "tags") == ["a -> b"]
    [row] = parse("title,source,attribution\nIt burned,paper,Ann -> Bo\n", "notes.csv").entries
    assert row.said.evidence[0].attribution == ["Ann", "Bo"]
    columns = SHEETS["Citations"][1]
    assert to_entry({"ID": "a", "Said by": "Ann -> Bo"}, columns)["attribution"] == ["Ann", "Bo"]


def test_a_name_with_an_arrow_in_it_comes_back_whole() -> None:
    columns = SHEETS["Citations"][1]
    entry = {"id": "a", "attribution": ["Ann -> Bo", "Cy"]}
    assert to_entry(to_cells(entry, columns), columns) == entry
    assert several(['["Ann -> Bo"]'], "attribution") == ["Ann -> Bo"]


def test_an_outlet_that_repeats_another_is_not_a_second_origin(store: Store) -> None:
    row = "id,title,source,attribution\nit-burned,It burned,{},{}\n"
    store.load({"sources": [{"id": "one"}, {"id": "two"}]}, by="Test")
    for number, (source, chain) in enumerate((("one", "Ann -> Bo"), ("two", "Ann -> Cy"))):
        store.load(parse(row.format(source, chain), f"{number}.csv"), by="Test")
    assert store.fact("it-burned").origins == ("Ann",)
