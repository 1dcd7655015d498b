"""Lines fit the terminal, and nothing in them can steer it."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factstore.errors import Changed, Contradiction, DocumentError, FactstoreError, UnknownId, Unlocated
from factstore.inert import flat, inert, shown
from factstore.rendering import lines
from factstore.rendering.lines import Marked, Screen, on

#: Whatever could steer a terminal.
STEERING = set(
    map(chr, [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)])
)


@pytest.mark.parametrize("make", [inert, shown, flat], ids=["inert", "shown", "flat"])
def test_characters_that_control_break_or_turn_text_are_escaped(make: Callable[[str], str]) -> None:
    turning = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    marks = {"ARABIC LETTER MARK", "LEFT-TO-RIGHT MARK", "RIGHT-TO-LEFT MARK"}
    for sign in map(chr, range(sys.maxunicode + 1)):
        steers = unicodedata.category(sign) in ("Cc", "Zl", "Zp") or unicodedata.bidirectional(sign) in turning
        if steers or unicodedata.name(sign, "") in marks:
            assert sign not in make(f"a{sign}b") or (make is shown and sign == "\n")


@pytest.mark.parametrize(
    "error",
    [
        UnknownId("there is no fact a\nfactstore: ok\u200e"),
        DocumentError(["a.yaml:1: the id a\nok", "a.yaml:2: the id b\r\nok"]),
        Changed("2 fields differ:", differences=["a: title: x\nok", "b"]),
        Contradiction("a contradicts the ledger:", chain=["1. a\u2028ok"]),
    ],
)
def test_a_value_begins_no_line_of_its_own_in_a_refusal(error: FactstoreError) -> None:
    assert not any(line.startswith(("ok", "factstore")) for line in str(error).splitlines())
    assert not set(str(error)) - {"\n"} & STEERING


def test_the_places_of_a_quote_are_listed_below_it() -> None:
    told = "a has the quote 2 times:\n    1. …here…\n    2. …there…"
    assert str(Unlocated([told])) == told


@pytest.fixture(autouse=True)
def narrow() -> Iterator[None]:
    with on(Screen(80)):
        yield


class TestWrapping:
    @given(st.text(max_size=300))
    def test_no_line_is_wider_than_the_terminal_but_for_words_that_stay_whole(self, text: str) -> None:
        for line in lines.wrap(text, "  ", "    "):
            assert not set(line) & STEERING
            assert lines.columns(line) <= 80 or line.split()[-1].isascii()

    @given(st.text(max_size=300))
    def test_nothing_is_lost(self, text: str) -> None:
        wrapped = "".join(line[1:] for line in lines.wrap(text, ">"))
        assert wrapped.replace(" ", "") == flat(text).replace(" ", "")

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
        ("text", "size"),
        [("abc", 3), ("日本", 4), ("e\u0301", 1), ("\u1112\u1161\u11ab", 2), ("🙂", 2), ("שלום", 4), ("", 0)],
    )
    def test_columns_that_a_text_takes(self, text: str, size: int) -> None:
        assert lines.columns(text) == size

    def test_without_a_width_lines_are_not_broken(self) -> None:
        with on(Screen()):
            assert lines.wrap("word " * 100, "- ") == ["- " + ("word " * 100).strip()]


class TestColour:
    def test_it_is_added_if_the_screen_supports_it_and_changes_no_character(self) -> None:
        words: lines.Words = [
            "It was ",
            Marked("so, and so, and so " * 8, "denied"),
            Marked(" [denied]", "denied"),
            " yes",
        ]
        plain = lines.wrap(words, "  ", "    ")
        assert "\x1b" not in "".join(plain)
        with on(Screen(80, colour=True)):
            painted = lines.wrap(words, "  ", "    ")
        assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in painted] == plain
        assert painted[0].startswith("  It was \x1b[31mso, and")
        # No line leaves its colour on for the next line.
        assert all(line.count("\x1b[31m") == line.count("\x1b[0m") for line in painted)

    @given(st.lists(st.text(max_size=30), max_size=5))
    def test_parts_make_the_same_text_as_one(self, parts: list[str]) -> None:
        assert lines.wrap([Marked(part, "title") for part in parts]) == lines.wrap("".join(parts))

    @given(st.text())
    def test_data_are_made_safe_before_colour_is_added(self, text: str) -> None:
        with on(Screen(80, colour=True)):
            (line,) = lines.wrap([Marked(f"\x1b[32m{text[:20]}", "denied")])
        assert line.startswith("\x1b[31m\\u001b[32m")
        assert set(line.removeprefix("\x1b[31m").removesuffix("\x1b[0m")) & STEERING == set()


class TestTables:
    def test_columns_are_aligned_and_the_last_is_wrapped(self) -> None:
        found = lines.table([("1", "日本", "word " * 30), ("200", "b", "short")], "  ")
        assert found[0].startswith("  1    日本  word word")
        assert found[1].startswith("             word")
        assert found[-1] == "  200  b     short"
        assert max(map(lines.columns, found)) <= 80

    def test_none(self) -> None:
        assert lines.table([]) == []
