"""Importing RIS, in the encodings and with the deviations of the programs that write it."""

from __future__ import annotations

import pytest

from factstore.errors import InputError
from factstore.exchange.incoming import format_of
from factstore.store import Store
from tests.exchange.arriving import arrived, loaded, sources

RIS = (
    """TY  - NEWS
AU  - Lee, Ann
AU  - Núñez, José
TI  - The wall falls – at last
T2  - Café Gazette
PY  - 2018/04/22/
UR  - https://gazette.example/2018/wall
AB  - Of a wall
 that goes on
KW  - quarry
ER  -

TY  - JOUR
ID  - smith2017
A1  - Smith, J., Jr.
T1  - Dust
JO  - Journal of Stone
PB  - Press
VL  - 12
IS  - 3
SP  - 45
EP  - 67
Y1  - 2017///Spring
DO  - 10.1000/xyz
Y2  - 2025/12/03/
ER  -
TY  - RPRT
TI  - Report without an end
DA  - sometime
"""
).replace("-\n", "- \n")
FOUND = {
    "lee-2018-the-wall-falls-at-last": {
        "id": "lee-2018-the-wall-falls-at-last",
        "title": "The wall falls – at last",
        "publisher": "Café Gazette",
        "url": "https://gazette.example/2018/wall",
        "published": "2018-04-22",
        "attributes": {
            "authors": "Ann Lee; José Núñez",
            "abstract": "Of a wall that goes on",
            "keywords": "quarry",
        },
    },
    "smith2017": {
        "id": "smith2017",
        "title": "Dust",
        "publisher": "Journal of Stone",
        "url": "https://doi.org/10.1000/xyz",
        "published": "2017",
        "retrieved": "2025-12-03",
        "attributes": {"authors": "J. Smith Jr.", "volume": "12", "issue": "3", "pages": "45–67"},
    },
    "report-without-an-end": {"id": "report-without-an-end", "title": "Report without an end"},
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_references_are_sources_in_any_encoding(encoding: str, end: str) -> None:
    content = RIS.replace("\n", end).encode(encoding)
    assert format_of("export.txt", content) == "ris"
    arrival = arrived(content, "export.txt")
    assert sources(arrival) == FOUND
    assert [(doubt.place, doubt.text) for doubt in arrival.left_out] == [
        ("item 2, PB", "Press"),
        ("item 2, Y1", "Spring"),
    ]
    assert [(doubt.place, doubt.text) for doubt in arrival.doubts] == [("item 3, DA", "sometime")]


def test_any_spaces_around_the_hyphen_are_accepted() -> None:
    content = b"TY  -NEWS\nTI - Wall\nPY- 2018\nDA  - 2018-04-22\nER  -\n"
    assert sources(arrived(content, "a.ris")) == {"wall": {"id": "wall", "title": "Wall", "published": "2018-04-22"}}


def test_lines_that_a_database_puts_between_references_are_ignored() -> None:
    head = "Record #1 of 2\nProvider: Somebody\n1. \n"
    content = (head + RIS.replace("TY  - JOUR", "Record #2 of 2\nProvider: Somebody\nTY  - JOUR")).encode()
    assert format_of("export.txt", content) == "ris"
    assert sources(arrived(content, "export.txt")) == FOUND


def test_lines_that_look_similar_are_not_references() -> None:
    assert format_of("notes.txt", b"Who,When\nTY  - NEWS,2018\nand so on\n") == "sheet"


def test_a_second_link_is_listed_and_the_first_of_the_web_counts() -> None:
    content = b"TY  - ELEC\nTI  - A\nL1  - file:///home/a.pdf\nUR  - https://a.example/\nER  - \n"
    arrival = arrived(content, "a.ris")
    assert sources(arrival)["a"]["url"] == "https://a.example/"
    assert [doubt.text for doubt in arrival.left_out] == ["file:///home/a.pdf"]


def test_the_same_file_again_changes_nothing(store: Store) -> None:
    assert loaded(store, RIS.encode(), "a.ris") == {"source": 3, "changed": 0, "same": 0}
    assert loaded(store, RIS.encode("cp1252"), "b.ris") == {"changed": 0, "same": 3}


def test_a_file_without_a_reference_is_refused_in_words() -> None:
    with pytest.raises(InputError, match=r"a\.ris: there is no reference"):
        arrived(b"hello\n", "a.ris")
