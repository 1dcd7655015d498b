"""Match the rows of a sheet to facts of a ledger: a row is unchanged, was edited, or is a new fact.

A row that says exactly what a fact says is that fact. The others are matched with the remaining facts from the same file: by
title, then by the id made from the title, then by likeness.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from factstore.documents.slugs import slug_of
from factstore.plain import Json

#: The place of a row at the end of a citation's locator: the file (and sheet), then the word for a row and its number.
_ROW = re.compile(r"(?:^|\()([^()]*(?:\([^()]*\)[^()]*)*), (?:row|event|era|annotation) (\d+)\)?$")
#: A word that occurs in more facts than this says little about which one is meant.
_COMMON = 60
#: The smallest share of common words, among all words of two rows, at which one may be the other after editing.
_LIKE = 0.4

Entry = Mapping[str, Json]


def locator_of(file: str, sheet: str, row: int, page: str = "", unit: str = "row") -> str:
    """A citation's locator: the page that the row itself names, then the row's place in its sheet."""
    where = f"{file}{f', {sheet}' if sheet else ''}, {unit} {row}"
    return f"{page} ({where})" if page else where


def place_of(evidence: Entry) -> tuple[str, int] | None:
    """The file and row in a citation's locator; None if it names none."""
    found = _ROW.search(str(evidence.get("locator") or ""))
    return (found[1], int(found[2])) if found else None


def page_of(evidence: Entry) -> str:
    """The page in a citation's locator, which the row itself names; "" if it names none."""
    locator = str(evidence.get("locator") or "")
    found = _ROW.search(locator)
    return locator[: found.start()].rstrip() if found else locator


class Held(NamedTuple):
    """A fact of the ledger that came from a row of some file."""

    id: str
    files: frozenset[str]
    row: int
    entry: Entry


def from_rows(facts: Iterable[Entry]) -> list[Held]:
    """The facts of a ledger that came from rows, in the order of the rows."""
    found = []
    for entry in facts:
        places = [place for one in entry.get("evidence", ()) if (place := place_of(one))]
        if places:
            found.append(Held(entry["id"], frozenset(file for file, _ in places), places[0][1], entry))
    return sorted(found, key=lambda held: held.row)


class Matched(NamedTuple):
    """For each row's index its fact's id; the indices of rows matched by likeness; the facts that no row matches; and the
    names that the file had.
    """

    ids: dict[int, str]
    likely: list[int]
    gone: list[str]
    files: frozenset[str] = frozenset()


def match(
    rows: Sequence[Entry],
    held: Sequence[Held],
    files: Collection[str],
    keys: Sequence[tuple[str, str] | None] = (),
    former: Collection[str] = (),
) -> Matched:
    """Match rows, as entries without ids, with facts that came from rows.

    `files`: the names that the file, or its sheet, had and has in the places of rows. A row's key is the attribute that
    identifies it, with its value. `former`: names that the file may have had, which it had if most rows came from there. Only
    a row that says the same is matched with a fact from any other file.
    """
    ids = _equal(rows, held)
    by_id = {one.id: one for one in held}
    same = {*files} | _renamed(len(rows), [by_id[name] for name in ids.values()]).intersection(former)
    left = [one for one in held if one.files & same and one.id not in ids.values()]
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
    gone = [one.id for one in left if one.id not in taken and "withdrawn" not in one.entry]
    return Matched(ids, likely, gone, frozenset(same))


def _equal(rows: Sequence[Entry], held: Sequence[Held]) -> dict[int, str]:
    waiting: dict[str, deque[str]] = defaultdict(deque)
    for one in held:
        waiting[said(one.entry)].append(one.id)
    ids = {}
    for turn, entry in enumerate(rows):
        if same := waiting.get(said(entry)):
            ids[turn] = same.popleft()
    return ids


def in_common(rows: Sequence[Entry], held: Iterable[Held], sheets: Collection[str]) -> Counter[str]:
    """How many of some rows say the same as facts that came from each file.

    `sheets`: ids of sources that are such files themselves; rows that cite their own file count as citing the same.
    """
    waiting: dict[str, deque[Held]] = defaultdict(deque)
    for one in held:
        waiting[said(one.entry, sheets)].append(one)
    found: Counter[str] = Counter()
    for entry in rows:
        if same := waiting.get(said(entry, sheets)):
            found.update(same.popleft().files)
    return found


def said(entry: Entry, sheets: Collection[str] = ()) -> str:
    """All that a fact and its evidence say, as text, without ids, the places of rows, and which of some `sheets` is cited."""
    fact = {name: value for name, value in entry.items() if name not in ("id", "evidence", "withdrawn")}
    evidence = []
    for one in entry.get("evidence", ()):
        if place_of(one) is not None:
            evidence.append(citation_said({**one, "source": ""} if one.get("source") in sheets else one))
    return json.dumps([fact, sorted(evidence)], sort_keys=True)


def citation_said(one: Entry) -> str:
    """All that a citation says, as text, without its id and the place of its row."""
    kept = {
        name: value
        for name, value in one.items()
        if name not in ("id", "locator", "prefix", "suffix", "withdrawn") and (name, value) != ("stance", "asserts")
    }
    return json.dumps([kept, page_of(one)], sort_keys=True)


def _renamed(count: int, equal: Sequence[Held]) -> set[str]:
    """Files from which more than half of the rows came."""
    files = Counter(file for one in equal for file in one.files)
    return {file for file, times in files.items() if 2 * times > count}


def _by_attribute(ids: dict[int, str], keys: Sequence[tuple[str, str] | None], left: Sequence[Held]) -> None:
    taken = set(ids.values())
    held = {pair: one.id for one in left if one.id not in taken for pair in one.entry.get("attributes", {}).items()}
    for turn, key in enumerate(keys):
        if key and turn not in ids and (name := held.pop(key, None)):
            ids[turn] = name


def _words_of(text: object) -> str:
    return " ".join(re.findall(r"\w+", str(text or "").casefold()))


def _by_key(
    ids: dict[int, str],
    rows: Sequence[Entry],
    left: Sequence[Held],
    of_row: Callable[[Entry], Hashable],
    of_held: Callable[[Held], Hashable],
) -> None:
    """Match rows and facts with the same key; of several, those that are most alike."""
    taken = set(ids.values())
    waiting: dict[Hashable, list[Held]] = defaultdict(list)
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
    """The words of a fact, and its date."""
    texts = [entry.get("title"), entry.get("when"), entry.get("phrase"), entry.get("place"), *entry.get("tags", ())]
    texts += [one.get("name") for one in entry.get("participants", ())]
    texts += entry.get("attributes", {}).values()
    texts += [one.get("source") for one in entry.get("evidence", ())]
    return frozenset(word for text in texts if text for word in re.findall(r"[\w-]+", str(text).casefold()))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _by_likeness(ids: dict[int, str], rows: Sequence[Entry], left: Sequence[Held]) -> list[int]:
    """Match rows and facts with enough words in common, the most alike first. Returns the indices of these rows."""
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
