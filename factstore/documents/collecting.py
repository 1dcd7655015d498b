"""Entries from plain values. Problems are collected, each with its place in the file."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from typing import TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from factstore.dates.given import date_text
from factstore.documents.entries import (
    AS_WRITTEN,
    Defaults,
    Document,
    Entry,
    EvidenceEntry,
    FactEntry,
    Kind,
    OrderingEntry,
    SourceEntry,
    SpeakerEntry,
)
from factstore.documents.formats import DEEPEST, Keys, Lines
from factstore.errors import DateError, DocumentError
from factstore.ledger import mistakes
from factstore.ledger.kinds import with_article
from factstore.plain import Json

ENTRIES: dict[str, type[BaseModel]] = {
    "source": SourceEntry,
    "speaker": SpeakerEntry,
    "fact": FactEntry,
    "ordering": OrderingEntry,
}


_SECTIONS: dict[str, Kind] = {"sources": "source", "speakers": "speaker", "facts": "fact", "orderings": "ordering"}


#: For each id in a document, what has it, in words.
Seen = dict[str | None, str]


def collect(value: Json, lines: Lines, name: str) -> Document:
    """Make a document of a mapping of sections. Problems go into its `problems`, each with its line if `lines` knows it.

    Raises DocumentError if the value is not a mapping.
    """
    document = Document(name)
    problems = document.problems
    if not isinstance(value, dict):
        raise DocumentError(
            [f"{name}: a document must be a mapping of defaults, sources, speakers, facts and orderings"]
        )
    for key in value:
        if key not in (*_SECTIONS, "defaults"):
            problems.append(f"{_at(name, lines, (key,))}: {unknown_key(str(key), (*_SECTIONS, 'defaults'))}")
    defaults = read_entry(Defaults, value.get("defaults") or {}, name, lines, ("defaults",), "defaults", problems)
    if defaults:
        document.defaults = defaults
    seen = Seen()
    for section, kind in _SECTIONS.items():
        held = value.get(section) or []
        if not isinstance(held, list):
            problems.append(f"{_at(name, lines, (section,))}: {section} must be a list")
            continue
        for place, raw in enumerate(held):
            add_entry(document, seen, kind, raw, (section, place), lines)
    return document


def add_entry(document: Document, seen: Seen, kind: str, raw: Json, path: Keys, lines: Lines) -> None:
    """Add one entry to a document, or to its problems if something is wrong."""
    name, problems = document.name, document.problems
    said = read_entry(ENTRIES[kind], raw, name, lines, path, kind, problems)
    if said is None:
        identity = raw.get("id") if isinstance(raw, dict) else None
        document.faulty.add(identity if isinstance(identity, str) else "")
        return
    where = _at(name, lines, path)
    evidence: Sequence[EvidenceEntry] = getattr(said, "evidence", ())
    places = [_at(name, lines, (*path, "evidence", turn)) for turn in range(len(evidence))]
    called = [(cited.id, "evidence", place) for cited, place in zip(evidence, places, strict=True) if cited.id]
    for identity, what, place in [(getattr(said, "id", None), kind, where), *called]:
        if identity in seen:
            problems.append(f"{place}: the id {identity} is taken: {seen[identity]}")
        elif identity is not None:
            seen[identity] = f"{what} at {place}"
    # Without lines, the entry's number, which is in its place anyway, is enough.
    document.entries.append(Entry(cast(Kind, kind), where, said, tuple(places) if lines else ()))


Read = TypeVar("Read", bound=BaseModel)


def read_entry(
    model: type[Read], raw: Json, name: str, lines: Lines, path: Keys, kind: str, problems: list[str]
) -> Read | None:
    """Validate one entry. If it fails, returns None and adds the problems, each with its place, field and id."""
    if not isinstance(raw, dict):
        problems.append(f"{_at(name, lines, path)}: {with_article(kind)} must be a mapping of fields")
        return None
    try:
        given = _present(raw, 0)
    except RecursionError:
        problems.append(f"{_at(name, lines, path)}: it is nested too deeply")
        return None
    if model is OrderingEntry:
        for key in ("fact", "other"):
            if isinstance(given.get(key), str):
                given[key] = [given[key]]
    try:
        return model.model_validate(given)
    except ValidationError as error:
        called = raw.get("id") if isinstance(raw.get("id"), str) else ""
        for fault in error.errors():
            place = fault["loc"]
            spot = _at(name, lines, (*path, *place))
            label = mistakes.dotted(place)
            of = f" of {called}" if called else ""
            problems.append(f"{spot}: {label}{of}: {fault_in_words(fault, model, place)}")
        return None


def _present(value: Json, depth: int) -> Json:
    """The value without empty fields, since an empty cell or key says nothing. Raises RecursionError if nested too deeply."""
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, dict):
        return {
            key: held if type(held) is str else _present(held, depth + 1)
            for key, held in value.items()
            if held or held == 0
        }
    if isinstance(value, list):
        return [held if type(held) is str else _present(held, depth + 1) for held in value]
    if isinstance(value, date):
        return date_text(value)
    return str(value).lower() if isinstance(value, bool) else value


def fault_in_words(fault: ErrorDetails, model: type[BaseModel], place: Keys) -> str:
    """A validation error in words, with what a document can do about it."""
    kind, given = fault["type"], fault.get("input")
    if kind == "extra_forbidden":
        inner: type[BaseModel] = model
        for part in place[:-1]:
            if isinstance(part, str):
                inner = EvidenceEntry if part == "evidence" else inner
        return unknown_key(str(place[-1]), tuple(inner.model_fields))
    if kind == "string_type" and isinstance(given, list | dict):
        what = "a list" if isinstance(given, list) else "a mapping"
        return f'it must be text, not {what}; in YAML, put quotes round it, as in "[2018-03-29..2018-04-01]"'
    words = mistakes.in_words(fault)
    is_date = kind == "value_error" and isinstance(fault["ctx"]["error"], DateError)
    return words + in_words(given, place[-1]) if is_date else words


def in_words(given: Json, key: str | int = "") -> str:
    """A hint for a date that is given in words; "" if it is not a date, or not in words."""
    if key not in ("when", "said", "published", "retrieved", "") or not re.search(r"[^\W\d_X]{3,}", str(given)):
        return ""
    command = f"`factstore date --anchor DAY {shlex.quote(given)}` gives the EDTF"
    if key == "when":
        return f" Put the words into phrase, and when: {AS_WRITTEN} reads them, relative to the anchor; {command}."
    return f" For words, {command}."


def unknown_key(key: str, known: tuple[str, ...]) -> str:
    """A message that there is no such field, with the one that was probably meant, or all of them."""
    near = get_close_matches(key, known, n=1)
    return f"there is no field {key!r}" + (f"; did you mean {near[0]}?" if near else f" (there are {', '.join(known)})")


def _at(name: str, lines: Lines, path: Keys) -> str:
    """The place of a value: file and line or, if the line is not known, file and field."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return f"{name}:{lines[path[:length]]}"
    spot = mistakes.dotted(path)
    return f"{name}: {spot}" if spot else name
