"""Chronologies for tests of the picture, and what a drawing contains."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from factstore.evidence.stances import STATUSES
from factstore.picture import Scene
from factstore.picture.scene import PictureRow
from factstore.repository.filter import Narrowing

#: The filter that keeps facts of any status.
EVERY: Narrowing = {"status": STATUSES}
ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "moscow-times-2018-04-02.yaml"
ASKED = "russia-expels-60-us-diplomats"
HOSTILE = "</script><img src=x onerror='hacked=1'><script>hacked=1</script>"
FAR = {"id": "far", "title": "The treaty was signed", "when": "1917-11-02"}


def document(*facts: dict[str, Any], orderings: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """Facts with a quote each, from a source of April 2018 whose name, address and words are hostile."""
    source = {"id": "paper", "title": f"The Paper {HOSTILE}", "url": "javascript:hacked=1", "published": "2018-04-02"}
    told = [{"evidence": [{"source": "paper", "quote": f"so it was {HOSTILE}"}]} | fact for fact in facts]
    return {"sources": [source], "facts": told, "orderings": list(orderings)}


def week(count: int = 7) -> list[dict[str, Any]]:
    return [{"id": f"day-{n}", "title": f"It was day {n}", "when": f"2018-03-{10 + n}"} for n in range(count)]


def many(count: int) -> list[dict[str, Any]]:
    """Facts on days of a year, one in ten of them undated."""
    return [
        {
            "id": f"fact-{n}",
            "title": f"Meeting {n} of the board heard the auditors of the company",
            "tags": [f"tag-{n % 3}"],
        }
        | ({"when": f"2017-{n * 7 % 12 + 1:02}-{n * 5 % 28 + 1:02}"} if n % 10 else {})
        for n in range(count)
    ]


def spanning(count: int) -> list[dict[str, Any]]:
    """The same, with three in twenty that took months."""
    facts = many(count)
    for n in (n for n in range(count) if n % 20 in (3, 9, 16)):
        first = n * 7 % 6 + 1
        facts[n]["when"] = f"2017-{first:02}/2017-{first + 3 + n * 5 % 4:02}"
    return facts


def rows(shown: Scene) -> dict[str, PictureRow]:
    """The row of each fact."""
    return {row.fact: row for row in shown.rows if row.fact is not None}


def texts(svg: bytes | str) -> list[str]:
    """All texts in a drawing, without marks of direction."""
    root = ElementTree.fromstring(svg)
    return [
        text.strip("\u200f") for element in root.iter() if element.tag.endswith("}text") for text in element.itertext()
    ]


PREHISTORY = [
    {"id": "dinosaurs", "title": "The dinosaurs died out", "when": "Y-66000000"},
    {"id": "permian", "title": "The Permian ended", "when": "Y-252000000"},
    {"id": "humans", "title": "Humans lived at Jebel Irhoud", "when": "Y-315000~"},
    {"id": "painted", "title": "The cave was painted", "when": "Y-15000/Y-14000"},
    {"id": "killed", "title": "Caesar was killed", "when": "-0043-03-15"},
    {"id": "called", "title": "The call", "when": "2018-03-20"},
]

_TEXT = """In spring the minister said, according to Interfax, that he had never met the ambassador.
Later he admitted that they did meet. It was a long time ago."""


def _told(quote: str = "did meet", **more: str) -> dict[str, Any]:
    return {"evidence": [{"source": "book", "quote": quote} | more]}


#: A fact of each kind: dated to a day, a month, a range, approximately, far off, foretold, disputed, to be withdrawn,
#: contradicting, undated; in several scripts and both directions.
VARIED: dict[str, Any] = {
    "sources": [{"id": "book", "title": "A book", "published": "2018-04-20", "text": _TEXT}],
    "facts": [
        {"id": "caesar", "title": "Caesar was killed on the Ides of March", "when": "-0043-03-15"} | _told(),
        {"id": "vesuvius", "title": "Vesuvius buried Pompeii", "when": "0079-10~"} | _told(),
        {"id": "founded", "title": "The firm was founded", "when": "2017-11"} | _told(),
        {"id": "call", "title": "The call", "when": "2018-03-20", "phrase": "on Tuesday"} | _told(),
        {"id": "hoax", "title": "A hoax", "when": "2018-03-21"} | _told(),
        {"id": "hebrew", "title": "שר החוץ נפגש עם השגריר, לדברי העיתון.", "when": "2018-03-22"} | _told(),
        {"id": "letter", "title": "Letter sent", "when": "2018-03-23"} | _told(),
        {"id": "answer", "title": "Answer given", "when": "2018-03-24?"} | _told(),
        {"id": "arabic", "title": "وصل الوفد إلى القاهرة!", "when": "2018-03-25"} | _told(),
        {
            "id": "long",
            "title": "Žluťoučký kůň úpěl ďábelské ódy — Zoë Kravčuk wrote a very long title indeed that goes on and on"
            " until it is cut somewhere near the end of its second line",
            "when": "2018-03-26/2018-03-28",
        }
        | _told(),
        {"id": "geneva", "title": "Meeting in Geneva", "when": "2018-03-27"} | _told(),
        {"id": "closed", "title": "The office has been closed", "when": "2018-03-29/.."} | _told(),
        {"id": "denial", "title": "He denied it", "when": "2018-03-30"}
        | {
            "evidence": [
                {"source": "book", "quote": "did meet"},
                {"source": "book", "quote": "never", "stance": "denies"},
            ]
        },
        {"id": "placed", "title": "A reply came"} | _told(),
        {"id": "summit", "title": "The summit will be held", "when": "2018-06"} | _told(stance="foretells"),
        {"id": "undated", "title": "It was told"} | _told(),
    ],
    "orderings": [
        {"fact": "call", "relation": "before", "other": "letter"} | _told("Later he admitted"),
        {"fact": "letter", "relation": "before", "other": "placed"},
        {"fact": "denial", "relation": "intersects", "other": "closed"},
        {"fact": "geneva", "relation": "before", "other": "answer"},
    ],
}
