"""Lines fit the terminal, and nothing in them can steer it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factstore import lines

#: Whatever could steer a terminal.
STEERING = set(
    map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
)


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


class TestWrapping:
    @given(st.text(max_size=300))
    def test_no_line_is_wider_than_the_terminal_but_for_words_that_stay_whole(self, text: str) -> None:
        for line in lines.wrap(text, "  ", "    "):
            assert not set(line) & STEERING
            assert lines.columns(line) <= 80 or line.split()[-1].isascii()

    @given(st.text(max_size=300))
    def test_nothing_is_lost(self, text: str) -> None:
        wrapped = "".join(line[1:] for line in lines.wrap(text, ">"))
        assert wrapped.replace(" ", "") == lines.flat(text).replace(" ", "")

    @given(st.text(st.characters(categories=["Lo", "So", "Mn"]), min_size=1), st.integers(0, 200))
    def test_a_deep_indent_ends_too(self, text: str, depth: int) -> None:
        assert lines.wrap(text, " " * depth)

    def test_ids_and_urls_stay_whole(self) -> None:
        name = "ushakov-says-no-date-set.before.white-house-summit/moscow-times-2018-04-02/1-and-still-some-more"
        assert lines.wrap(f"see {name} there", "", "  ") == ["see", f"  {name}", "  there"]

    def test_a_script_without_spaces_is_broken_anywhere(self) -> None:
        found = lines.wrap("出来事" * 30, "- ", "  ")
        assert [lines.columns(line) for line in found] == [80, 80, 26]
        assert "".join(line[2:] for line in found) == "出来事" * 30

    @pytest.mark.parametrize(
        ("text", "size"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("🙂", 2), ("שלום", 4), ("", 0)]
    )
    def test_columns_that_a_text_takes(self, text: str, size: int) -> None:
        assert lines.columns(text) == size

    @pytest.mark.parametrize(("columns", "width"), [("20", 60), ("80", 80), ("1000", 160)])
    def test_the_width_stays_within_what_reads_well(
        self, monkeypatch: pytest.MonkeyPatch, columns: str, width: int
    ) -> None:
        monkeypatch.setenv("COLUMNS", columns)
        assert lines.width() == width


class TestTables:
    def test_columns_stand_below_each_other_and_the_last_is_wrapped(self) -> None:
        found = lines.table([("1", "日本", "word " * 30), ("200", "b", "short")], "  ")
        assert found[0].startswith("  1    日本  word word")
        assert found[1].startswith("             word")
        assert found[-1] == "  200  b     short"
        assert max(map(lines.columns, found)) <= 80

    def test_none(self) -> None:
        assert lines.table([]) == []
