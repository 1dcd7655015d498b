"""Which fact of a ledger a row of a sheet is: the same as before, one that was edited, or a new one.

Rows that say all the same as a fact are that fact. What is left, of facts that came from the same file, is matched by title,
then by the id that is made of a title, then by likeness.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from factstore.documents.slugs import (
    slug_of,
)

#: Where a row stands, as the end of a citation's locator: the file (and the sheet), then the row or what it is called.
_ROW = re.compile(r"(?:^|\()([^()]*(?:\([^()]*\)[^()]*)*), (?:row|event|era|annotation) (\d+)\)?$")
#: Words that more facts than these hold say little about which one is meant.
_COMMON = 60
#: Of all words of two, the share that they have in common, from which one may be the other edited.
_LIKE = 0.4

Entry = Mapping[str, Any]


def locator_of(file: str, sheet: str, row: int, page: str = "", unit: str = "row") -> str:
    """Where a citation stands in its sheet, after the page that the row itself names."""
    where = f"{file}{f', {sheet}' if sheet else ''}, {unit} {row}"
    return f"{page} ({where})" if page else where


def place_of(evidence: Entry) -> tuple[str, int] | None:
    """The file and row that a citation's locator names."""
    found = _ROW.search(str(evidence.get("locator") or ""))
    return (found[1], int(found[2])) if found else None


class Held(NamedTuple):
    """A fact of the ledger that came from a row of some file."""

    id: str
    files: frozenset[str]
    row: int
    entry: Entry


def from_rows(facts: Iterable[Entry]) -> list[Held]:
    """Those of a ledger's facts that came from rows, in the order of these."""
    found = []
    for entry in facts:
        places = [place for one in entry.get("evidence", ()) if (place := place_of(one))]
        if places:
            found.append(Held(entry["id"], frozenset(file for file, _ in places), places[0][1], entry))
    return sorted(found, key=lambda held: held.row)


class Matched(NamedTuple):
    """By each row's turn its fact's id; the turns of rows that were matched by likeness; and facts that no row is."""

    ids: dict[int, str]
    likely: list[int]
    gone: list[str]


def match(
    rows: Sequence[Entry], held: Sequence[Held], file: str, keys: Sequence[tuple[str, str] | None] = ()
) -> Matched:
    """Match rows, as entries without ids, with facts that came from rows.

    A row's key is the attribute that tells it from others, and its value.
    """
    ids = _equal(rows, held)
    by_id = {one.id: one for one in held}
    files = {file} | _renamed(len(rows), [by_id[name] for name in ids.values()])
    left = [one for one in held if one.files & files and one.id not in ids.values()]
    likely: list[int] = []
    if left:
        _by_attribute(ids, keys, left)
        _by_key(
            ids, rows, left, lambda entry: _words_of(entry.get("title")), lambda one: _words_of(one.entry.get("title"))
        )
        _by_key(
            ids, rows, left, lambda entry: slug_of(str(entry.get("title"))), lambda one: re.sub(r"-\d+$", "", one.id)
        )
        likely = _by_likeness(ids, rows, left)
    taken = set(ids.values())
    return Matched(ids, likely, [one.id for one in left if one.id not in taken and "withdrawn" not in one.entry])


def _equal(rows: Sequence[Entry], held: Sequence[Held]) -> dict[int, str]:
    waiting: dict[str, deque[str]] = defaultdict(deque)
    for one in held:
        waiting[said(one.entry)].append(one.id)
    ids = {}
    for turn, entry in enumerate(rows):
        if same := waiting.get(said(entry)):
            ids[turn] = same.popleft()
    return ids


def said(entry: Entry) -> str:
    """All that a fact and its rows say, without ids and the rows' places, as text."""
    fact = {name: value for name, value in entry.items() if name not in ("id", "evidence", "withdrawn")}
    evidence = []
    for one in entry.get("evidence", ()):
        place = place_of(one)
        if place is None:
            continue
        kept = {
            name: value
            for name, value in one.items()
            if name not in ("id", "locator", "prefix", "suffix", "withdrawn") and (name, value) != ("stance", "asserts")
        }
        evidence.append(json.dumps(kept, sort_keys=True))
    return json.dumps([fact, sorted(evidence)], sort_keys=True)


def _renamed(count: int, equal: Sequence[Held]) -> set[str]:
    """Files from which more than half of the rows came: this one, under another name."""
    files = Counter(file for one in equal for file in one.files)
    return {file for file, times in files.items() if 2 * times > count}


def _by_attribute(ids: dict[int, str], keys: Sequence[tuple[str, str] | None], left: Sequence[Held]) -> None:
    taken = set(ids.values())
    held = {pair: one.id for one in left if one.id not in taken for pair in one.entry.get("attributes", {}).items()}
    for turn, key in enumerate(keys):
        if key and turn not in ids and (name := held.pop(key, None)):
            ids[turn] = name


def _words_of(text: Any) -> str:
    return " ".join(re.findall(r"\w+", str(text or "").casefold()))


def _by_key(ids: dict[int, str], rows: Sequence[Entry], left: Sequence[Held], of_row: Any, of_held: Any) -> None:
    """Match what has the same key; of several, those that are most alike."""
    taken = set(ids.values())
    waiting: dict[str, list[Held]] = defaultdict(list)
    for one in left:
        if one.id not in taken:
            waiting[of_held(one)].append(one)
    for turn, entry in enumerate(rows):
        several = waiting.get(of_row(entry)) if turn not in ids else None
        if several:
            words = _bag(entry)
            best = max(several[:_COMMON], key=lambda one: _alike(words, _bag(one.entry)))
            several.remove(best)
            ids[turn] = best.id


def _bag(entry: Entry) -> frozenset[str]:
    """The words of a fact, and its day."""
    texts = [entry.get("title"), entry.get("when"), entry.get("phrase"), entry.get("place"), *entry.get("tags", ())]
    texts += [one.get("name") for one in entry.get("participants", ())]
    texts += entry.get("attributes", {}).values()
    texts += [one.get("source") for one in entry.get("evidence", ())]
    return frozenset(word for text in texts if text for word in re.findall(r"[\w-]+", str(text).casefold()))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _by_likeness(ids: dict[int, str], rows: Sequence[Entry], left: Sequence[Held]) -> list[int]:
    """Match what has most words in common, the most alike first. Returns the turns of such rows."""
    taken = set(ids.values())
    free = [one for one in left if one.id not in taken]
    bags = [_bag(one.entry) for one in free]
    holding: dict[str, list[int]] = defaultdict(list)
    for place, bag in enumerate(bags):
        for word in bag:
            holding[word].append(place)
    scores = []
    for turn, entry in enumerate(rows):
        if turn in ids:
            continue
        words = _bag(entry)
        near = {place for word in words if len(holding[word]) <= _COMMON for place in holding[word]}
        scores += [(-_alike(words, bags[place]), turn, place) for place in near]
    used: set[int] = set()
    likely = []
    for score, turn, place in sorted(scores):
        if -score >= _LIKE and turn not in ids and place not in used:
            ids[turn] = free[place].id
            used.add(place)
            likely.append(turn)
    return likely
