"""Chronologies for tests of the picture, and what stands in a drawing."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from factstore.picture import Scene
from factstore.picture.scene import PictureRow

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


def rows(shown: Scene) -> dict[str, PictureRow]:
    """The row of each fact."""
    return {row.fact: row for row in shown.rows if row.fact is not None}


def texts(svg: bytes | str) -> list[str]:
    """All that is written in a drawing, without the marks of direction."""
    root = ElementTree.fromstring(svg)
    return [
        text.strip("\u200f") for element in root.iter() if element.tag.endswith("}text") for text in element.itertext()
    ]
