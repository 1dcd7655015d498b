"""Finds a name in a ledger, in any spelling: in records, and in archived texts. Reads only.

What it finds must be redacted so that the name is gone: the records that contain it in any text, ids included, and the
archived texts. Records that only name such a text may stay.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from factstore.documents.spellings import SpeltName
from factstore.errors import InputError
from factstore.ledger import texts
from factstore.ledger.kinds import FIELDS
from factstore.plain import Json
from factstore.repository.repository import Repository
from factstore.writing.redacting import ARCHIVED, Mention

_SAID = """SELECT r.position, r.kind, r.subject, p.payload FROM payload p JOIN record r ON r.position = p.position
           WHERE r.kind <> 'ledger.created' ORDER BY r.position"""
_EVERY_TEXT = "SELECT sha256 FROM archived_text ORDER BY sha256"
_KIND = "SELECT r.kind, t.id FROM record r LEFT JOIN thing t ON t.position = r.subject WHERE r.position = :position"
_ABOUT = """SELECT r.position FROM record r JOIN payload p ON p.position = r.position
            WHERE r.subject = :subject AND r.kind @among_texts(:kinds) ORDER BY r.position"""
_KINDS = [f"{kind}.{act}" for kind in FIELDS for act in ("recorded", "corrected")]


@dataclass(slots=True)
class Standing:
    """Where names occur: for each record the fields that contain one, and the spellings found.

    `texts`: for each archived text that contains one, by its SHA-256, the records that name it.
    """

    places: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    written: set[str] = field(default_factory=set)

    def note(self, position: int, what: str, words: str) -> None:
        """Remember that words stand in a record, and in which of its fields."""
        self.written.add(words)
        if what not in self.places[position]:
            self.places[position].append(what)


def standing(repository: Repository, names: Sequence[str]) -> Standing:
    """Where some names occur in the ledger now."""
    wanted = [SpeltName(name) for name in names]
    found = Standing()
    if not wanted:
        return found
    holding = _archived(repository, wanted, found)
    for row in repository.stream(_SAID):
        said = json.loads(row.payload)
        for what, text in _texts(said):
            for name in wanted:
                for spelt in name.find(text):
                    found.note(row.position, what, spelt.words)
        text = _named_text(row, said)
        if text in holding:
            found.texts[text].append(row.position)
    return found


def left(repository: Repository, names: Sequence[str]) -> tuple[Mention, ...]:
    """The records and archived texts that still contain one of some names."""
    held, found = standing(repository, names), []
    for position, fields in held.places.items():
        row = repository.rows(_KIND, position=position)[0]
        found.append(Mention(position, row.kind, row.id, ", ".join(fields)))
    for position in (one for naming in held.texts.values() for one in naming):
        found.append(Mention(position, ARCHIVED, repository.rows(_KIND, position=position)[0].id))
    return tuple(sorted(found))


def _archived(repository: Repository, wanted: Sequence[SpeltName], found: Standing) -> set[str]:
    """The archived texts that contain a name."""
    holding = set()
    for (sha256,) in repository.fetch(_EVERY_TEXT):
        content = texts.read(repository.connection, sha256) or ""
        written = {spelt.words for name in wanted for spelt in name.find(content)}
        found.written |= written
        if written:
            holding.add(sha256)
    return holding


def _named_text(row: Json, said: Mapping[str, Json]) -> str:
    """The archived text that a record of a source names; "" if there is none."""
    fields = (
        said if row.kind == "source.recorded" else said.get("changes", {}) if row.kind == "source.corrected" else {}
    )
    return fields.get("text") or ""


def _texts(value: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """All texts in a payload, including names of attributes, each with its field."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if path == "attributes":
                yield path, name
            yield from _texts(part, name if not path or path == "changes" else path)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, path)


def resolved(repository: Repository, what: Sequence[int | str]) -> set[int]:
    """The records that positions and ids name; an id names the records that introduced and corrected its thing."""
    found: set[int] = set()
    for one in what:
        if isinstance(one, int):
            found.add(one)
        else:
            rows = repository.rows(_ABOUT, subject=repository.position(one), kinds=_KINDS)
            found.update(row.position for row in rows)
    return found


def check_words(names: Collection[str], given: Mapping[str, str]) -> None:
    """Raises InputError if a redaction's own words contain what it deletes."""
    for what, text in given.items():
        for name in names:
            if next(SpeltName(name).find(text), None):
                raise InputError(f"{what} contains {name!r}, which is to be redacted, but it stays for all to read")
