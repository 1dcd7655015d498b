"""What a script reads is unchanged."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, ClassVar

from hypothesis import given
from hypothesis import strategies as st

from factstore.inert import shown
from factstore.rendering import data
from tests.rendering.test_lines import STEERING


class TestForms:
    ITEMS: ClassVar[list[dict[str, Any]]] = [
        {"id": "a", "n": 1, "list": ["x"], "yes": True},
        {"id": "b", "more": None, "yes": False},
    ]

    def test_json_is_one_array_an_object_a_line(self) -> None:
        assert json.loads(data.as_json(self.ITEMS)) == self.ITEMS
        assert data.as_json(self.ITEMS).count("\n") == 3
        assert data.as_json([]) == "[]"

    def test_jsonl_is_one_object_a_line(self) -> None:
        assert [json.loads(line) for line in data.as_jsonl(self.ITEMS).splitlines()] == self.ITEMS
        assert data.as_jsonl([]) == ""

    def test_csv_has_every_key_in_its_header_and_structure_as_json(self) -> None:
        assert data.as_csv(self.ITEMS).splitlines() == [
            "id,n,list,yes,more",
            'a,1,"[""x""]",true,',
            "b,,,false,",
        ]
        assert data.as_csv([]) == ""

    def test_a_cell_that_a_spreadsheet_would_compute_is_left_unchanged(self) -> None:
        # The data come back unchanged; --help says that a spreadsheet must import them as text.
        for cell in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1"):
            assert next(csv.reader([data.as_csv([{"title": cell}]).splitlines()[1]])) == [cell]

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
    def test_any_text_comes_back_from_each_form(self, texts: list[str]) -> None:
        items = [{"id": "a", "text": text} for text in texts]
        assert json.loads(data.as_json(items)) == items
        assert [json.loads(line) for line in data.as_jsonl(items).splitlines()] == items
        assert list(csv.DictReader(io.StringIO(data.as_csv(items), newline=""))) == items
        assert not set(data.as_jsonl(items)) & (STEERING - {"\n"})

    def test_a_dump_in_json_is_made_safe_without_changing_it(self) -> None:
        text = json.dumps({"a": "\x9b\u202e\x7f"}, ensure_ascii=False, indent=2) + "\n"
        assert json.loads(shown(text)) == json.loads(text)
        assert set(shown(text)) & STEERING == {"\n"}

    def test_dates(self) -> None:
        assert data.date_json("2014/..")["open_end"] is True
        assert data.date_json("../2014")["open_start"] is True
        assert data.date_json("../2014")["start_min"] is None
        assert data.date_json("Y-170000000")["earliest"] is None or data.date_json("Y-170000000")["start_min"] is None
