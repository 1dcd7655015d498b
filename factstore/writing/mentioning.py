"""Finds a name in a ledger, however it is written: in records, and in archived texts. Reads only.

What it finds must be redacted so that the name is gone: the records that contain it in any text, ids included, and the
archived texts. Records that only name such a text may stay. Where the name is only a part of longer words, a person has to
judge: `Li` is a part of many.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from factstore.documents.spellings import Spelt, SpeltName
from factstore.errors import InputError
from factstore.ledger import texts
from factstore.ledger.kinds import FIELDS
from factstore.plain import Json
from factstore.repository.repository import Repository
from factstore.units import Position
from factstore.writing.redacting import ARCHIVED, Mention, texts_in

#: How many of the words that contain a name are listed for each place.
_TOLD = 6
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

    `texts`: for each archived text that contains one, by its SHA-256, the records that name it. `within`: the longer words
    that contain one, by record and field; an archived text has those of each record that names it.
    """

    places: dict[Position, list[str]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[str, list[Position]] = field(default_factory=lambda: defaultdict(list))
    written: set[str] = field(default_factory=set)
    within: dict[tuple[Position, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, position: Position, what: str, spelt: Spelt) -> None:
        """Remember that a name stands in a record, how, and in which of its fields."""
        if spelt.within:
            self.within[position, what].append(spelt.words)
            return
        self.written.add(spelt.words)
        if what not in self.places[position]:
            self.places[position].append(what)

    def mentions(self, repository: Repository) -> tuple[Mention, ...]:
        """The records and archived texts that contain a name as words of its own."""
        found = [_mention(repository, position, ", ".join(fields)) for position, fields in self.places.items()]
        archived = sorted({position for naming in self.texts.values() for position in naming})
        return tuple(sorted([*found, *(_mention(repository, position, archived=True) for position in archived)]))

    def within_words(self, repository: Repository) -> tuple[Mention, ...]:
        """The records and archived texts that contain a name within longer words, each with those words."""
        found = []
        for (position, what), words in self.within.items():
            different = [" ".join(one.split()) for one in dict.fromkeys(words)]
            told = ", ".join(different[:_TOLD]) + (f" and {len(different) - _TOLD} more" * (len(different) > _TOLD))
            told = told if what == ARCHIVED else f"{what}: {told}"
            found.append(_mention(repository, position, told, archived=what == ARCHIVED))
        return tuple(sorted(found))


def standing(repository: Repository, names: Sequence[str]) -> Standing:
    """Where some names occur in the ledger now."""
    wanted = [SpeltName(name) for name in names]
    found = Standing()
    if not wanted:
        return found
    archived = _archived(repository, wanted)
    for row in repository.stream(_SAID):
        said = json.loads(row.payload)
        for what, text in texts_in(said):
            for name in wanted:
                for spelt in name.places(text):
                    found.note(row.position, what, spelt)
        text = _named_text(row, said)
        for spelt in archived.get(text, ()):
            if spelt.within:
                found.note(row.position, ARCHIVED, spelt)
            elif row.position not in found.texts[text]:
                found.written.add(spelt.words)
                found.texts[text].append(row.position)
    return found


def _mention(repository: Repository, position: Position, what: str = "", *, archived: bool = False) -> Mention:
    row = repository.rows(_KIND, position=position)[0]
    return Mention(position, ARCHIVED if archived else row.kind, row.id, what)


def _archived(repository: Repository, wanted: Sequence[SpeltName]) -> dict[str, list[Spelt]]:
    """The archived texts that contain a name, and how it is written there."""
    found = {}
    for (sha256,) in repository.fetch(_EVERY_TEXT):
        content = texts.read(repository.connection, sha256) or ""
        if spelt := [place for name in wanted for place in name.places(content)]:
            found[sha256] = spelt
    return found


def _named_text(row: Json, said: Mapping[str, Json]) -> str:
    """The archived text that a record of a source names; "" if there is none."""
    fields = (
        said if row.kind == "source.recorded" else said.get("changes", {}) if row.kind == "source.corrected" else {}
    )
    return fields.get("text") or ""


def resolved(repository: Repository, what: Sequence[int | str]) -> set[Position]:
    """The records that positions and ids name; an id names the records that introduced and corrected its thing."""
    found: set[Position] = set()
    for one in what:
        if isinstance(one, int):
            found.add(Position(one))
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
