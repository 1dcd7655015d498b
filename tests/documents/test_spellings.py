"""A name is found however it is written, and nothing else is taken for it."""

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
        ("習近平", "xijinpingfangwen/g/1"),
        ("習近平", "https://example.org/%E7%BF%92%E8%BF%91%E5%B9%B3"),
        ("東京タワー", "dongjingtawa-closed"),
        ("Oleg […] resigned", "Oleg Petrov, they say, has resigned"),
        ("ＡＢＣ Group", "abc group"),
        ("Group 7", "group-7"),
        ("Núñez", "the call of Mr. Núñez-\nCalderón was late"),
        ("Calderón", "the call of Mr. Núñez-\nCalderón was late"),
        ("Núñez Calderón", "the call of Mr. Núñez-\r\n  Calderón was late"),
        ("Oleg Núñez", "Ole-\ng Núñez-\nCalderón"),
        ("Núñez", "of Nú-\n\n  - 12 -\nNC-000123\n\fñez, who"),
        ("Oleg Petrov", "Oleg\n  Page 3 of 12\nDEF 000124\n\nPetrov"),
        ("NC 000123", "of Nú-\nNC-000123\nñez, who"),
        ("Petrov", "Pet\u00ad\nrov"),
        ("NC", "N-C called"),
        ("NC", "N.C. called"),
        ("OBrien", "Conor O’Brien"),
        ("N-C", "NC called"),
    ],
)
def test_a_name_is_found(name: str, text: str) -> None:
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
        ("Group 77", "group 7-7"),
        ("Núñez", "Calle NúñezCalderón"),
        ("Li", "all is well in Berlin"),
        ("Oleg […] resigned", "resigned, Oleg"),
    ],
)
def test_and_not_found_elsewhere(name: str, text: str) -> None:
    assert [*SpeltName(name).find(text)] == []


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("Núñez", "Calle NúñezCalderón 7", ["NúñezCalderón"]),
        ("Núñez-Calderón", "he, JNunez-Calderon, said", ["JNunez-Calderon"]),
        ("Núñez-Calderón", "The Núñez-Calderóns left", ["Núñez-Calderóns"]),
        ("Oleg Petrov", "Oleg Petrovich, Oleg Petrov", ["Oleg Petrovich"]),
        ("Li", "Li, in Ber-\nlin, likes it", ["lin", "likes"]),
        ("Li Li", "Ali Li Li", []),
        ("Al Ice", "malice", ["malice"]),
        ("Group 7", "group 77", ["group 77"]),
        ("李明", "limingfangwen/g/1", ["limingfangwen"]),
        ("馬", "Mama said", []),
        ("Oleg Petrov", "https://example.org/?q=Oleg%20Petrovich", ["Oleg%20Petrovich"]),
    ],
)
def test_parts_of_longer_words_are_distinguished(name: str, text: str, words: list[str]) -> None:
    assert [place.words for place in SpeltName(name).places(text) if place.within] == words


def test_it_is_reported_as_it_is_written() -> None:
    found = [*SpeltName("oleg petrov").find("Here OLEG\nPetrov, there Oleg-Petrov.")]
    assert [spelt.words for spelt in found] == ["OLEG\nPetrov", "Oleg-Petrov"]
    assert found[0].start == 5


def test_a_text_without_a_letter_is_not_a_name() -> None:
    with pytest.raises(InputError, match="no letter"):
        SpeltName("[…] —")


def test_the_words_of_all_parts_are_written_as_one_too() -> None:
    found = SpeltName("Oleg […] Petrov").spellings()
    assert "olegpetrov" in found
    assert "oleg" not in found


def test_its_spellings_are_those_that_bytes_are_searched_for() -> None:
    assert SpeltName("Oleg Petrov").spellings() >= {
        "Oleg Petrov",
        "oleg petrov",
        "OLEG PETROV",
        "oleg-petrov",
        "Oleg%20Petrov",
    }
