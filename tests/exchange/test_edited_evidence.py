"""Sheets whose rows cite something else than when they were last imported: an edit, an addition, or a removal."""

from __future__ import annotations

import pytest

from factstore.errors import Changed
from factstore.store import Store
from tests.exchange.arriving import arrived, loaded


def sheet(*cells: str, headers: str = "Date,Event,Source") -> bytes:
    return "\n".join([headers, *cells]).encode()


def evidence(store: Store) -> dict[str, str]:
    """The source of each citation that is in force, by the citation's id."""
    found: dict[str, str] = {}
    for kind, entry in store.entries():
        if kind == "fact":
            found |= {one["id"]: one["source"] for one in entry["evidence"] if "withdrawn" not in one}
    return found


def test_a_row_with_another_source_is_refused_or_corrected_and_never_a_second_origin(store: Store) -> None:
    loaded(store, sheet("2019,Speech,AFP"), "s.csv")
    for cell, source in (("Reuters", "reuters"), ("", "s"), ("https://x.example/a", "x-example-a")):
        with pytest.raises(Changed) as refusal:
            loaded(store, sheet(f"2019,Speech,{cell}"), "s.csv")
        assert refusal.value.differences == [f's.csv:2: speech/afp/1: source: "afp" -> "{source}"']
    assert loaded(store, sheet("2019,Speech,Reuters"), "s.csv", correct="source-corrected")["changed"] == 1
    assert evidence(store) == {"speech/afp/1": "reuters"}
    assert loaded(store, sheet("2019,Speech,Reuters"), "s.csv")["changed"] == 0


def test_a_second_source_is_an_addition_wherever_it_stands_in_the_cell(store: Store) -> None:
    loaded(store, sheet("2019,Speech,AFP"), "s.csv")
    assert loaded(store, sheet("2019,Speech,Reuters; AFP"), "s.csv")["changed"] == 0
    assert sorted(evidence(store).values()) == ["afp", "reuters"]
    with pytest.raises(Changed, match='speech/reuters/1: source: "reuters" -> "bbc"'):
        loaded(store, sheet("2019,Speech,BBC; AFP"), "s.csv")


def test_a_source_that_a_row_no_longer_names_is_listed_and_stays(store: Store) -> None:
    loaded(store, sheet("2019,Speech,AFP; Reuters"), "s.csv")
    tally = store.load(arrived(sheet("2019,Speech,Reuters"), "s.csv", store=store).document, by="Test").tally
    assert (tally.gone, tally.unchanged) == (["speech/afp/1"], 2)
    assert sorted(evidence(store).values()) == ["afp", "reuters"]


def test_a_correction_made_in_the_ledger_is_not_undone_by_the_sheet_before_it(store: Store) -> None:
    loaded(store, sheet("2019,Speech,AFP"), "s.csv")
    loaded(store, sheet("2018,Vote,Reuters"), "other.csv")
    store.correct("speech/afp/1", {"source": "reuters"}, by="Test")
    assert loaded(store, sheet("2019,Speech,BBC; AFP"), "s.csv")["changed"] == 0
    assert sorted(evidence(store).values()) == ["bbc", "reuters", "reuters"]


def test_rows_of_one_fact_change_their_own_citations_and_those_of_another_sheet_stay(store: Store) -> None:
    headers = "Case ID,Date,Event,Source"
    loaded(store, sheet("B-1,2019,Speech,AFP", "B-1,2019,Speech,Reuters", headers=headers), "s.csv")
    loaded(store, sheet("B-1,2019,Speech,Le Monde", headers=headers), "t.csv")
    with pytest.raises(Changed, match='b-1/reuters/1: source: "reuters" -> "bbc"'):
        loaded(store, sheet("B-1,2019,Speech,AFP", "B-1,2019,Speech,BBC", headers=headers), "s.csv")
    with pytest.raises(Changed, match='b-1/le-monde/1: source: "le-monde" -> "bbc"'):
        loaded(store, sheet("B-1,2019,Speech,BBC", headers=headers), "t.csv")
