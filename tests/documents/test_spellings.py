"""A name is found however it is written, and not where something else is."""

from __future__ import annotations

import pytest

from factstore.documents.spellings import SpeltName
from factstore.errors import InputError


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Oleg Petrov", "They saw Oleg Petrov there."),
        ("Oleg Petrov", "OLEG  PETROV"),
        ("Oleg Petrov", "Oleg\u00a0\nPetrov’s house"),
        ("Oleg Petrov", "Oleg […] Petrov"),
        ("Oleg Petrov", "[Oleg] “Petrov”"),
        ("Oleg Petrov", "oleg-petrov-resigned/paper/1"),
        ("Oleg Petrov", "oleg_petrov@example.org"),
        ("Oleg Petrov", "https://example.org/OlegPetrov99.html"),
        ("Oleg Petrov", "https://example.org/?q=Oleg%20Petrov"),
        ("Oleg Petrov", "Олег Петров"),
        ("Олег Петров", "oleg-petrov-resigned"),
        ("Oleg Petrov", "Ole\u0301g Pe\u00adtrov"),
        ("Oleg Petrov", "Oleg Pet-\nrov"),
        ("José Ñúñez", "JOSE NUNEZ"),
        ("José Ñúñez", "Jose\u0301 N\u0303u\u0301n\u0303ez"),
        ("Conor O’Brien", "Conor O'Brien"),
        ("Well-Known", "well-\nknown"),
        ("Müller", "muller"),
        ("王小明", "记者王小明说"),
        ("Oleg […] resigned", "Oleg Petrov, they say, has resigned"),
        ("ＡＢＣ Group", "abc group"),
        ("Group 7", "group-7"),
    ],
)
def test_a_name_stands_there(name: str, text: str) -> None:
    assert [*SpeltName(name).find(text)] != []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Oleg Petrov", "Petrov, Oleg"),
        ("Oleg Petrov", "Oleg Petrovich"),
        ("Oleg Petrov", "Oleg"),
        ("Oleg Petrov", ""),
        ("Al Ice", "malice"),
        ("Group 7", "group 77"),
        ("王小明", "王小红"),
        ("Oleg […] resigned", "resigned, Oleg"),
    ],
)
def test_and_not_there(name: str, text: str) -> None:
    assert [*SpeltName(name).find(text)] == []


def test_it_is_told_as_it_is_written() -> None:
    found = [*SpeltName("oleg petrov").find("Here OLEG\nPetrov, there Oleg-Petrov.")]
    assert [spelt.words for spelt in found] == ["OLEG\nPetrov", "Oleg-Petrov"]
    assert found[0].start == 5


def test_what_has_no_letter_is_no_name() -> None:
    with pytest.raises(InputError, match="no letter"):
        SpeltName("[…] —")


def test_its_spellings_are_those_that_bytes_are_searched_for() -> None:
    assert SpeltName("Oleg Petrov").spellings() >= {
        "Oleg Petrov",
        "oleg petrov",
        "OLEG PETROV",
        "oleg-petrov",
        "Oleg%20Petrov",
    }
