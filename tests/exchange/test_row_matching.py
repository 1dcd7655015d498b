"""Which fact of a ledger a row is matched with."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest

from factstore.exchange.row_matching import from_rows, locator_of, match, place_of, said


def fact(title: str, row: int, file: str = "a.csv", name: str = "", **more: Any) -> dict[str, Any]:
    entry = {"title": title, "evidence": [{"source": "s", "locator": locator_of(file, "", row)}], **more}
    return {"id": name, **entry} if name else entry


def matched(
    rows: list[dict[str, Any]], facts: list[dict[str, Any]], file: str = "a.csv", former: Collection[str] = ()
) -> tuple[list[str], list[str]]:
    found = match(rows, from_rows(facts), {file}, former=former)
    return [found.ids.get(turn, "new") for turn in range(len(rows))], found.gone


@pytest.mark.parametrize(
    ("locator", "place"),
    [
        ("a.csv, row 7", ("a.csv", 7)),
        ("p. 3 (my sheet (2).xlsx, Sheet 1, row 12)", ("my sheet (2).xlsx, Sheet 1", 12)),
        ("p. 3", None),
        (None, None),
    ],
)
def test_a_locator_says_the_file_and_the_row(locator: str | None, place: tuple[str, int] | None) -> None:
    assert place_of({"locator": locator}) == place


def test_the_place_of_a_row_is_not_compared_but_its_page_is() -> None:
    paged = [fact("Fire", 2), fact("Fire", 9)]
    for entry, page in zip(paged, ("p. 3", "p. 4"), strict=True):
        entry["evidence"][0]["locator"] = locator_of("a.csv", "", 2, page)
    assert said(paged[0]) != said(paged[1])
    assert said(fact("Fire", 2, name="fire")) == said(fact("Fire", 9))
    assert said(fact("Fire", 2, when="2018")) != said(fact("Fire", 2))
    by_hand = fact("Fire", 2)
    by_hand["evidence"].append({"source": "t", "quote": "added since"})
    assert said(by_hand) == said(fact("Fire", 2))


def test_equal_rows_come_first_then_titles_then_likeness() -> None:
    facts = [
        fact("Fire", 2, name="fire", when="2018"),
        fact("Fire", 3, name="fire-2", when="2019"),
        fact("The council votes on the new harbour wall", 4, name="vote", when="2020-01-05"),
        fact("Flood", 5, name="flood"),
    ]
    rows = [
        fact("Fire", 2, when="2019"),
        fact("Fire", 3, when="2017"),
        fact("The town council votes on the harbour wall", 4, when="2020-01-05"),
        fact("A wedding", 5),
    ]
    assert matched(rows, facts) == (["fire-2", "fire", "vote", "new"], ["flood"])


def test_rows_of_another_file_are_matched_only_where_they_are_equal() -> None:
    facts = [fact("Fire", 2, name="fire", when="2018"), fact("Flood", 3, name="flood")]
    rows = [fact("Fire", 2, "b.csv", when="2019"), fact("Flood", 3, "b.csv")]
    assert matched(rows[:1], facts, "b.csv") == (["new"], [])
    assert matched([*rows, fact("Storm", 4, "b.csv")], facts, "b.csv") == (["new", "flood", "new"], [])


def test_a_file_under_another_name_is_recognized_by_most_of_its_rows() -> None:
    facts = [fact("Fire", 2, name="fire", when="2018"), fact("Flood", 3, name="flood"), fact("Storm", 4, name="storm")]
    rows = [fact("Fire", 2, "b.csv", when="2019"), fact("Flood", 3, "b.csv"), fact("Storm", 4, "b.csv")]
    assert matched(rows, facts, "b.csv", {"a.csv"}) == (["fire", "flood", "storm"], [])
    assert matched(rows, facts, "b.csv") == (["new", "flood", "storm"], [])


def test_rows_of_another_sheet_of_the_workbook_are_matched_only_where_they_are_equal() -> None:
    facts = [fact("Fire", 2, "a.xlsx, 1", "fire", when="2018"), *(fact(x, 3, "a.xlsx, 1", x) for x in ("hail", "snow"))]
    rows = [fact("Fire", 2, "a.xlsx, 2", when="2019"), *(fact(x, 3, "a.xlsx, 2") for x in ("hail", "snow"))]
    assert matched(rows, facts, "a.xlsx, 2") == (["new", "hail", "snow"], [])


def test_a_fact_whose_title_was_corrected_by_hand_is_found_by_its_id() -> None:
    facts = [fact("The quarry closes for good", 2, name="closure", when="2018-07")]
    assert matched([fact("Closure", 9, when="2018")], facts) == (["closure"], [])
