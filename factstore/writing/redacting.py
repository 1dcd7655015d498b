"""Redaction: what is deleted with a payload, how it is recognized later, and what else mentions it. Reads only.

Only what was named is redacted; other mentions are reported. Of a deleted text only a fingerprint is kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from factstore.errors import BroughtBack, Refused
from factstore.evidence.quotes import ArchivedText
from factstore.ledger import chain, texts
from factstore.ledger.canonical import canonical, fingerprint
from factstore.ledger.payloads import (
    CommitEnd,
    Corrected,
    LedgerCreated,
    Payload,
    Redacted,
    Restored,
    Withdrawn,
    decode_record,
)
from factstore.ledger.record import Record
from factstore.plain import Json, JsonObject
from factstore.repository.repository import Repository
from factstore.units import Position

#: The fields whose texts are recognized after a redaction. Others, such as a place, are too common for that.
TELLING = ("title", "quote", "name", "aliases", "url", "text")
#: The kind of a mention of an archived text, whose position is that of a record that names it.
ARCHIVED = "archived text"


class Mention(NamedTuple):
    """A record that a redaction concerns: its position and kind, the id of its subject, and what in it."""

    position: Position
    kind: str
    id: str | None
    what: str = ""

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        return self._asdict()


@dataclass(frozen=True, slots=True)
class Redaction:
    """What a redaction did, or would do.

    `redacted`: the records whose payloads are deleted, and the records that name an archived text that is. `gone`: the
    citations and orderings that rested on them and count on no clock any more. `unsupported`: the facts that are left
    without evidence by it. `mentions`: records not named that still contain one of the texts or ids. `within`: records and
    archived texts in which a name is only a part of longer words, with these; they are left. `unscrubbed`: why the bytes may
    still be in the file; None if they are not. `position` is the commit's, None for a dry run.
    """

    position: Position | None = None
    redacted: tuple[Mention, ...] = ()
    gone: tuple[Mention, ...] = ()
    unsupported: tuple[Mention, ...] = ()
    mentions: tuple[Mention, ...] = ()
    within: tuple[Mention, ...] = ()
    unscrubbed: str | None = None
    #: The spellings of names that were found or, once the file's bytes were searched, that they were searched for.
    written: tuple[str, ...] = ()
    #: Those of them that are still in the bytes, as words of their own and within longer ones.
    stored: tuple[str, ...] = ()
    stored_within: tuple[str, ...] = ()
    #: Whether a name still stands, as words of its own, in a record or archived text that `mentions` has.
    named: bool = False

    def json(self) -> JsonObject:
        """As `--json` prints it."""
        listed = ("redacted", "gone", "unsupported", "mentions", "within")
        places = {name: [place.json() for place in getattr(self, name)] for name in listed}
        stored = {name: list(getattr(self, name)) for name in ("stored", "stored_within")}
        return {"position": self.position, **places, "unscrubbed": self.unscrubbed, **stored}


class Naming:
    """The payloads and archived texts that a redaction names, read before they are deleted.

    Raises Refused if one cannot be redacted.
    """

    def __init__(
        self,
        repository: Repository,
        positions: Iterable[Position],
        why: Mapping[Position, Sequence[str]],
        archived: Mapping[str, Sequence[Position]],
    ) -> None:
        """`why`: for records that contain a name, the fields in which they do. `archived`: records that name a text."""
        self._ledger = repository.ledger
        #: The fingerprints by which what was in each payload is recognized.
        self.prints: dict[Position, list[str]] = {}
        #: The same of each archived text that records name which stay. Others are deleted with the last of these.
        self.text_prints: dict[str, list[str]] = {}
        self.places: list[Mention] = []
        self._texts: dict[str, set[str]] = defaultdict(set)
        self._ids: set[str] = set()
        for position in sorted(set(positions)):
            record = next(chain.read(repository.connection, after=Position(position - 1), upto=position), None)
            if position < 1 or record is None:
                raise Refused(f"there is no record {position}: the ledger has 1 to {repository.at}")
            said = decode_record(record)
            if said is None:
                raise Refused(f"record {position} is redacted already")
            if isinstance(said, LedgerCreated):
                raise Refused("record 1 cannot be redacted: all hashes depend on it")
            if isinstance(said, Withdrawn | Restored):
                raise Refused(f"record {position} cannot be redacted: {said.KIND} contains nothing but its reason")
            self.prints[position] = self._read(said)
            name = None if isinstance(said, CommitEnd) else repository.name_of(record.header.subject)
            self.places.append(Mention(position, said.KIND, name, ", ".join(why.get(position, ()))))
        for text, naming in archived.items():
            if staying := [position for position in naming if position not in self.prints]:
                self.text_prints[text] = [fingerprint(self._ledger, text)]
                self.places += [Mention(position, ARCHIVED, _source(repository, position)) for position in staying]
        self.places.sort()

    def _read(self, said: Payload) -> list[str]:
        """Note the telling texts of a payload. Returns the fingerprints by which they are recognized."""
        if isinstance(said, Redacted):
            self._texts["why"].add(said.why)
            return said.prints  # keeps the fingerprints of what it redacted
        if isinstance(said, CommitEnd):
            if said.message:
                self._texts["message"].add(said.message)
            return [fingerprint(self._ledger, said.request)] if said.request else []
        plain = said.changes if isinstance(said, Corrected) else said.plain()
        found = {field: _texts_of(plain.get(field)) for field in TELLING}
        for field, told in found.items():
            self._texts[field] |= told
        name = {plain["id"]} if "id" in plain else set()
        self._ids |= name
        return sorted(fingerprint(self._ledger, words) for words in name.union(*found.values()))

    def gone(self, repository: Repository) -> tuple[Mention, ...]:
        """The things that rest on what was redacted, by a projection without it."""
        given = {"gone": canonical([*self.prints])}
        found = []
        for kind, ends in (("citation", ("about", "source")), ("ordering", ("a", "b"))):
            rests = " OR ".join(f"v.{end} @among(:gone)" for end in ends)
            for row in repository.rows(
                f"""SELECT v.position, t.id FROM {kind} v JOIN thing t ON t.position = v.position
                    WHERE v.until IS NULL AND ({rests})""",
                **given,
            ):
                found.append(Mention(row.position, kind, row.id))
        return tuple(sorted(found))

    def mentions(self, repository: Repository) -> tuple[Mention, ...]:
        """The records, without the redacted payloads, and archived texts that still contain a text or an id."""
        found = [*self._in_records(repository), *self._in_archive(repository)]
        for row in repository.rows(
            """SELECT r.position, r.kind, t.id FROM record r
               JOIN payload p ON p.position = r.position JOIN thing t ON t.position = r.subject
               WHERE r.subject @among(:gone) AND r.kind LIKE '%.corrected'""",
            gone=canonical([*self.prints]),
        ):
            found.append(Mention(row.position, row.kind, row.id, "corrects what was redacted"))
        told: dict[tuple[Position, str, str | None], list[str]] = defaultdict(list)
        for place in sorted(found):
            told[place[:3]] += [place.what] if place.what not in told[place[:3]] else []
        return tuple(Mention(*place, ", ".join(whats)) for place, whats in told.items())

    def _in_records(self, repository: Repository) -> Iterator[Mention]:
        looked_for = [(field, words, _whole(words)) for field, texts in self._texts.items() for words in texts]
        # An id of one word may also be a common word, so it is only searched for in other ids.
        looked_for += [("id", name, _whole(name, r"0-9a-z_\-")) for name in self._ids]
        needles = canonical([canonical(words)[1:-1] for _, words, _ in looked_for])
        for row in repository.rows(
            """SELECT r.position, r.kind, r.version, p.payload, t.id, n.key FROM @elements(:needles) n
               JOIN payload p ON @find(p.payload; n.value) > 0 JOIN record r ON r.position = p.position
               LEFT JOIN thing t ON t.position = r.subject""",
            needles=needles,
        ):
            field, words, whole = looked_for[row.key]
            record = next(chain.read(repository.connection, after=row.position - 1, upto=row.position))
            said = decode_record(record)
            assert said is not None
            common = field == "id" and words.isalnum()
            if any(whole.search(held) for path, held in texts_in(said.plain()) if path == "id" or not common):
                yield Mention(row.position, row.kind, row.id, field)

    def _in_archive(self, repository: Repository) -> Iterator[Mention]:
        looked_for = [(field, words, _whole(words)) for field, texts in self._texts.items() for words in texts]
        for row in repository.rows(
            """SELECT DISTINCT s.text, s.position, t.id FROM source s JOIN thing t ON t.position = s.position
               WHERE s.text IN (SELECT sha256 FROM archived_text)"""
        ):
            content = texts.read(repository.connection, row.text) or ""
            levelled = ArchivedText(content)
            for field, words, whole in looked_for:
                # A quote is searched for as when it is checked: ignoring dashes, line ends and omissions.
                if whole.search(content) or (field == "quote" and levelled.find(words, limit=1)):
                    yield Mention(row.position, ARCHIVED, row.id, field)


_STATUS = "SELECT p.fact, t.id FROM PLACEMENT p JOIN thing t ON t.position = p.fact WHERE p.status {0} ORDER BY p.fact"


def supported(repository: Repository) -> set[Position]:
    """The positions of the facts for or against which there is evidence."""
    return {row.fact for row in repository.rows(_STATUS.format("NOT IN ('unsupported', 'withdrawn')"))}


def unsupported(repository: Repository, before: Collection[Position]) -> tuple[Mention, ...]:
    """The facts without evidence, of those that had some before."""
    rows = repository.rows(_STATUS.format("= 'unsupported'"))
    return tuple(Mention(row.fact, "fact", row.id) for row in rows if row.fact in before)


def _source(repository: Repository, position: Position) -> str:
    """The id of the source that a record introduces or corrects."""
    record = next(chain.read(repository.connection, after=Position(position - 1), upto=position))
    return repository.name_of(record.header.subject)


def _texts_of(value: Json) -> set[str]:
    return {value} if isinstance(value, str) else set(value or ())


def _whole(words: str, within: str = "0-9A-Za-z") -> re.Pattern[str]:
    """A pattern for words that do not begin or end inside another. Scripts without spaces need no such care."""
    before, after = (f"(?<![{within}])", f"(?![{within}])")
    edges = (words[:1].isascii() and words[:1].isalnum(), words[-1:].isascii() and words[-1:].isalnum())
    return re.compile((before if edges[0] else "") + re.escape(words) + (after if edges[1] else ""))


def texts_in(value: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """All texts in a payload or its changes, including names of attributes, each with its field."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            if path == "attributes":
                yield path, name
            yield from texts_in(part, name if path in ("", "changes") else path)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part, path)


class Guard:
    """Notes redacted texts and ids that a commit brings back."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._found: list[str] = []

    def look(self, record: Record, said: Mapping[str, Json]) -> None:
        """Check a record and its payload."""
        if record.header.kind.endswith(".corrected"):
            self._look(self._repository.name_of(record.header.subject), said["changes"])
        elif record.header.kind.endswith(".recorded"):
            self._look(said["id"], said)

    def _look(self, name: str, fields: Mapping[str, Json]) -> None:
        for field, words in texts_in(fields):
            position = self._repository.redacted(words)
            if position:
                self._found.append(f"{name}: {field} was redacted (position {position})")

    def check(self) -> None:
        """Raises BroughtBack with all redacted texts and ids that were brought back."""
        if self._found:
            raise BroughtBack("this brings back what was redacted:", texts=[*dict.fromkeys(self._found)])
