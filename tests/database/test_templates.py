"""Templates of statements: words are spelled wherever they occur, and everything else stays unchanged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from factstore.database import templates
from factstore.database.postgresql.words import words_of
from factstore.database.sqlite.words import WORDS
from factstore.database.templates import speller

PACKAGE = Path(templates.__file__).parents[1]

spell = speller({"own": lambda: "main", "twice": lambda x: f"{x} {x}", "both": lambda x, y: f"[{x}|{y}]"})


@pytest.mark.parametrize(
    ("template", "spelled"),
    [
        ("SELECT 1", "SELECT 1"),
        ("@own.fact", "main.fact"),
        ("a @twice(:b) c", "a :b :b c"),
        ("@both(a; b)", "[a|b]"),
        ("@both(f(a; b); c)", "[f(a; b)|c]"),
        ("@both('(;'; @twice(x))", "['(;'|x x]"),
        ("@twice(@both(@own.a; b)) @own", "[main.a|b] [main.a|b] main"),
    ],
)
def test_words_are_spelled_and_nothing_else(template: str, spelled: str) -> None:
    assert spell(template) == spelled


def test_an_unclosed_bracket_is_refused() -> None:
    with pytest.raises(ValueError, match="not closed"):
        spell("@twice(a")


def test_every_word_is_explained() -> None:
    explained = {*re.findall(r"@(\w+)", (templates.__doc__ or "").split("|---|", 1)[1])}
    assert explained == {*WORDS} == {*words_of("x")}


def test_outside_the_engines_no_statement_uses_the_words_of_one() -> None:
    own = re.compile(r"\bjson_(each|extract)\b|\bjsonb_|\bgroup_concat\b|\binstr\(|\bPRAGMA\b|\btemp\.|LIMIT -1")
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] != "browser" and own.search(path.read_text(encoding="utf-8"))
    }
    assert {name for name in found if name.split("/")[1] not in ("sqlite", "postgresql", "views")} == set()
