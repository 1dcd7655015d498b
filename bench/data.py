"""Chronologies for measuring: mixed forms of dates, evidence for each fact, one fact in ten undated and in an ordering.

Orderings tie facts into connected parts of all sizes from two to ten thousand. The same seed gives the same facts, so that
figures of different runs can be compared.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

FIRST, DAYS = date(1950, 1, 1), 27_000
#: When sources were published, alternately: a clock of evidence between the two hides half of them.
PUBLISHED = ("2030-01-01", "2031-01-01")
TOWNS = ("Aalen", "Bergen", "Cadiz", "Delft", "Evora", "Faro", "Ghent", "Hull", "Izmir", "Jena")
#: The lengths of chains of undated facts, repeated for as long as there are enough facts.
CHAINS = (1, 1, 1, 1, 1, 1, 9, 99, 1, 1, 999, 9_999)

Line = dict[str, dict[str, Any]]


def when(random_: random.Random) -> str:
    """A date in one of the forms that chronologies have."""
    day = FIRST + timedelta(days=random_.randrange(DAYS))
    form = random_.random()
    if form < 0.60:
        return day.isoformat()
    if form < 0.76:
        return f"{day:%Y-%m}"
    if form < 0.84:
        return f"{day:%Y}"
    if form < 0.90:
        return f"[{day}..{day + timedelta(days=random_.randint(1, 9))}]"
    if form < 0.95:
        return f"{day}/{day + timedelta(days=random_.randint(1, 60))}"
    if form < 0.97:
        return f"{day:%Y}~"
    if form < 0.99:
        return f"{day.year // 10}X"
    return f"{day:%Y-%m}/.."


def chronology(count: int, *, seed: int = 1) -> Iterator[Line]:
    """The lines of a JSON Lines document of `count` facts, referents first."""
    random_ = random.Random(seed)
    sources = max(1, count // 200)
    for number in range(sources):
        yield {
            "source": {
                "id": f"source-{number}",
                "publisher": f"Paper {number % 50}",
                "published": PUBLISHED[number % 2],
            }
        }
    for number in range(count):
        said = {
            "source": f"source-{random_.randrange(sources)}",
            "quote": f"the {number}th thing happened, people said",
        }
        title = f"Something number {number} happened in the town of {random_.choice(TOWNS)}"
        fact: dict[str, Any] = {"id": f"fact-{number}", "title": title, "evidence": [said]}
        if number % 10 != 9:
            fact["when"] = when(random_)
        yield {"fact": fact}
    for chain in chains(count):
        before = f"fact-{chain[0] - 1}"
        relation = "starts-after"
        for number in chain:
            yield {
                "ordering": {
                    "id": f"ordering-{number}",
                    "fact": f"fact-{number}",
                    "relation": relation,
                    "other": before,
                    "evidence": [{"source": "source-0", "quote": "then"}],
                }
            }
            before, relation = f"fact-{number}", "after"


def chains(count: int) -> Iterator[list[int]]:
    """The undated facts of each connected part, in their order; the first follows the dated fact before it."""
    undated = iter(range(9, count, 10))
    left = len(range(9, count, 10))
    turn = 0
    while left:
        size = CHAINS[turn % len(CHAINS)]
        turn += 1
        if size > left:
            if all(wanted > left for wanted in CHAINS):
                return
            continue
        left -= size
        yield [next(undated) for _ in range(size)]


def part(size: int, *, dated: int = 0, back: int = 1, seed: int = 1) -> dict[str, Any]:
    """A document of one connected part: facts `link-0`, `link-1` and on, each after one of at most `back` before it.

    Of ten facts `dated` have a date: some day within two years, so that orderings narrow it. The first always has one, so
    that the part has a beginning.
    """
    random_ = random.Random(seed)
    facts: list[dict[str, Any]] = [
        {"id": f"link-{n}", "title": f"Link {n}", "evidence": [{"source": "paper"}]} for n in range(size)
    ]
    for number, fact in enumerate(facts):
        if number == 0 or number % 10 < dated:
            day = date(1600, 1, 1) + timedelta(days=7 * number)
            fact["when"] = f"[{day - timedelta(days=365)}..{day + timedelta(days=365)}]"
    orderings = [
        {"fact": f"link-{n}", "relation": "after", "other": f"link-{n - random_.randint(1, min(back, n))}"}
        for n in range(1, size)
    ]
    return {"sources": [{"id": "paper", "published": "2020-01-01"}], "facts": facts, "orderings": orderings}


def text(lines: Iterable[Line]) -> str:
    """Lines as a JSON Lines document."""
    return "".join(json.dumps(line) + "\n" for line in lines)
