"""What undoes a commit: as a whole or not at all, and never if later records build on it. Reads only."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Set
from typing import NamedTuple

from pydantic import ValidationError

from factstore.errors import BuiltUpon, Refused
from factstore.ledger import chain
from factstore.ledger.fields import Reason
from factstore.ledger.payloads import (
    CORRECTED,
    Corrected,
    Redacted,
    Restored,
    SourceCorrected,
    Withdrawn,
    decode_record,
)
from factstore.ledger.references import ABOVE, REFERENCES, circle, referred
from factstore.plain import Json, JsonObject
from factstore.projection.tombstones import REDACTED
from factstore.repository.answers import Thing
from factstore.repository.repository import Repository
from factstore.units import Position
from factstore.writing.checks import FOUND, SURROUNDINGS, surroundings
from factstore.writing.correcting import as_it_would_be


class Undoing(NamedTuple):
    """What undoes a commit: payloads with their subjects, in the order in which to append them, and the things' ids."""

    message: str
    records: list[tuple[Corrected | Withdrawn | Restored, Position]]
    names: list[str]


def undo(repository: Repository, position: Position, reason: Reason) -> Undoing:
    """What undoes the commit that a position is in.

    Each thing returns to what it was before the commit: what was introduced or restored is withdrawn, what was
    withdrawn is restored, and a corrected field gets its earlier value, also as the value last loaded. What is already
    undone is left out, and so is what was redacted. Raises BuiltUpon with the later records that stand in the way, and
    Refused if there is nothing to undo or a commit cannot be undone.
    """
    commit, first, message = _commit_of(repository, position)
    touched = _touched(repository, first, commit)
    taken = [subject for subject, one in touched.items() if one.is_brought]
    fields = {subject: one.since if one.is_brought else one.overtaken for subject, one in touched.items()}
    for subject, shared in _beside(repository, touched):
        fields[subject] = fields.get(subject, set()) | shared
    later = {*_corrected_since(repository, fields, commit), *_resting_on(repository, taken, commit)}
    later |= {subject for subject in fields if subject > commit}
    if later:
        lines = [_line(repository, each) for each in sorted(later)]
        count = "a later record" if len(lines) == 1 else f"{len(lines)} later records"
        raise BuiltUpon(
            f"commit {commit} cannot be reverted before what {count} built on it is undone:",
            records=lines,
        )
    undone: list[tuple[Corrected | Withdrawn | Restored, Position]] = []
    for subject, one in touched.items():
        undone += _set_back(repository, one, first, reason)
        if one.is_brought:
            undone.append((Withdrawn(reason=reason), subject))
        elif one.is_lost:
            undone.append((Restored(reason=reason), subject))
    if not undone:
        raise Refused(f"commit {commit} has nothing left to undo")
    # Quotes are looked for in the text that their source has afterwards.
    undone.sort(key=lambda one: not isinstance(one[0], SourceCorrected))
    message = "" if message == REDACTED else message
    names = list(dict.fromkeys(repository.name_of(subject) for _, subject in undone))
    return Undoing(f"revert of commit {commit}" + (f": {message}" if message else ""), undone, names)


def _commit_of(repository: Repository, position: Position) -> tuple[Position, Position, str]:
    """The commit that a position is in: its own position, that of its first record, and its message."""
    rows = repository.rows(
        "SELECT position, first, message FROM committed WHERE position >= :one ORDER BY position LIMIT 1", one=position
    )
    if not rows or position < 1:
        raise Refused(f"there is no record {position}: the ledger has 1 to {repository.at}")
    commit, first, message = rows[0]
    if first == 1:
        raise Refused("the ledger's first commit cannot be reverted: it made the ledger")
    if repository.rows(
        "SELECT 1 FROM record WHERE position BETWEEN :first AND :commit AND kind = :kind LIMIT 1",
        first=first,
        commit=commit,
        kind=Redacted.KIND,
    ):
        raise Refused(f"commit {commit} cannot be reverted: it redacted, and a redaction cannot be undone")
    return Position(commit), Position(first), str(message)


def _as_of(repository: Repository, at: Position) -> Repository:
    return Repository(repository.connection, at, now=False, zone=repository.zone)


def _changed(one: Thing, other: Thing) -> set[str]:
    """The fields whose values differ, except the results of checking a quote, which follow from the others."""
    named = (one.fields.keys() | other.fields.keys()) - {*FOUND}
    return {name for name in named if one.fields.get(name) != other.fields.get(name)}


class _Touched(NamedTuple):
    """A thing that a commit touched: as it was before (None if it did not exist), as the commit left it, and as it is now.

    `brought`: the fields that a document changed in the commit. At each of these times, a quote's prefix or suffix may have
    been filled in, and then follows from other fields and the text.
    """

    old: Thing | None
    new: Thing
    now: Thing
    brought: Collection[str]
    was_filled: Set[str]
    left_filled: Set[str]
    is_filled: Set[str]

    @property
    def changed(self) -> set[str]:
        """The fields that the commit changed, of those that it had before."""
        return _changed(self.old, self.new) | self.was_filled ^ self.left_filled if self.old else set()

    @property
    def since(self) -> set[str]:
        """The fields that later corrections changed."""
        return (_changed(self.new, self.now) | self.left_filled) - self.is_filled

    @property
    def back(self) -> JsonObject:
        """The earlier values of the fields that the commit changed and nothing changed since."""
        return {name: self.old.fields.get(name) for name in self.changed - self.since} if self.old else {}

    @property
    def overtaken(self) -> set[str]:
        """The fields that the commit changed and later corrections changed again, but not back."""
        return self.changed & self.since & _changed(self.old, self.now) if self.old else set()

    @property
    def is_brought(self) -> bool:
        """Whether the commit introduced or restored it, and it still counts."""
        return (self.old is None or self.old.withdrawn) and not (self.new.withdrawn or self.now.withdrawn)

    @property
    def is_lost(self) -> bool:
        """Whether the commit withdrew it, and it still does not count."""
        return self.old is not None and not self.old.withdrawn and self.new.withdrawn and self.now.withdrawn


def _touched(repository: Repository, first: Position, commit: Position) -> dict[Position, _Touched]:
    """The things that a commit touched and that were not redacted, the last one first."""
    records = [
        record
        for record in chain.read(repository.connection, after=Position(first - 1), upto=Position(commit - 1))
        if record.payload
    ]
    subjects = list(dict.fromkeys(record.header.subject for record in reversed(records)))
    brought: dict[Position, set[str]] = defaultdict(set)
    for record in records:
        said = decode_record(record)
        if isinstance(said, Corrected) and said.loaded:
            brought[record.header.subject] |= said.changes.keys()
    clocks = (_as_of(repository, Position(first - 1)), _as_of(repository, commit), repository)
    before, after, now = (clock.held(subjects) for clock in clocks)
    filled = [clock.filled(subjects) for clock in clocks]
    return {
        subject: _Touched(
            before.get(subject),
            after[subject],
            now[subject],
            brought[subject],
            *(at_the_time.get(subject, set()) for at_the_time in filled),
        )
        for subject in subjects
        if now[subject].kind != "redacted"
    }


def _set_back(
    repository: Repository, one: _Touched, first: Position, reason: Reason
) -> Iterator[tuple[Corrected, Position]]:
    """Corrections that give fields of a thing their earlier values.

    If a document brought the later ones, the values last loaded are set back as well: first to those and then, if
    somebody had corrected them since, to the corrected values.
    """
    held, back = one.now, one.back
    if not back:
        return
    name = repository.name_of(held.position)
    for field in REFERENCES.keys() & back.keys():
        if back[field] is not None and repository.kind_of(back[field]) == "redacted":
            raise Refused(f"{name}: {field} cannot go back to {repository.name_of(back[field])}, which was redacted")

    def corrected(changes: JsonObject, *, loaded: bool = False) -> tuple[Corrected, Position]:
        more: JsonObject = {}
        if held.kind == "citation":
            more["filled"] = [name for name in surroundings(changes) if name in one.was_filled]
        return CORRECTED[held.kind](changes=changes, reason=reason, loaded=loaded, **more), held.position

    back = as_it_would_be(repository, held, back) | {
        name: value for name, value in back.items() if name in SURROUNDINGS
    }
    loaded = _last_loaded(repository, held, first) if one.brought else {}
    document = {field: loaded.get(field) for field in back if field in one.brought}
    if document:
        yield corrected(document, loaded=True)
    rest = {field: value for field, value in back.items() if field not in document or document[field] != value}
    if rest:
        yield corrected(rest)


def _last_loaded(repository: Repository, held: Thing, first: Position) -> JsonObject:
    """What documents had last said about a thing before a position."""
    found: JsonObject = {}
    for (position,) in repository.rows(
        "SELECT position FROM record WHERE subject = :subject AND position < :first ORDER BY position",
        subject=held.position,
        first=first,
    ):
        said = decode_record(next(chain.read(repository.connection, after=position - 1, upto=position)))
        if isinstance(said, Corrected):
            found |= said.changes if said.loaded else {}
        elif said is not None and position == held.position:
            found |= said.plain()
    return found


# --- what later records build on ----------------------------------------------------------------------------


def _beside(repository: Repository, touched: Mapping[Position, _Touched]) -> Iterator[tuple[Position, set[str]]]:
    """The fields, by thing, whose present values are incompatible with the earlier values of others.

    Such fields share a rule: an ordering's relation with its gap, one of its ends with the other, and references through
    which a source was seen or a speaker speaks, which must not lead in a circle.
    """
    for subject, one in touched.items():
        link, back = ABOVE.get(one.now.kind, ""), one.back

        def above(thing: Position, link: str = link) -> Position | None:
            values = touched[thing].back if thing in touched else {}
            return values[link] if link in values else repository.fields(thing).get(link)

        for thing in circle(subject, back.get(link), above):
            yield thing, {link}
        if back and not _is_whole(repository, one.now, back):
            after = {name: one.new.fields.get(name) for name in one.since}
            alone = {name for name, value in after.items() if _is_whole(repository, one.now, back | {name: value})}
            yield subject, alone or one.since


def _is_whole(repository: Repository, held: Thing, changes: Mapping[str, Json]) -> bool:
    """Whether a thing would be valid with other values of some fields."""
    try:
        as_it_would_be(repository, held, changes)
    except ValidationError:
        return False
    return True


_CORRECTIONS = """SELECT r.position, r.subject, p.payload FROM record r JOIN payload p ON p.position = r.position
                  WHERE r.position > :commit AND r.kind LIKE '%.corrected'"""
_STANDS = "SELECT 1 FROM {0} h WHERE h.position = v.{1} AND h.until IS NULL AND h.withdrawn = 0"
_TAKEN = "@among(:taken)"

#: By kind of thing: the conditions under which it counts itself and rests on a thing to be removed.
_RESTS = {
    "source": f"v.seen_through {_TAKEN}",
    "speaker": f"v.of {_TAKEN}",
    "citation": f"""(v.about {_TAKEN} OR v.source {_TAKEN}
                     OR @holds_any(v.attribution; :taken))
                    AND EXISTS ({_STANDS.format("source", "source")})
                    AND (EXISTS ({_STANDS.format("fact", "about")}) OR EXISTS ({_STANDS.format("ordering", "about")}))""",
    "ordering": f"""(v.a {_TAKEN} OR v.b {_TAKEN})
                    AND EXISTS ({_STANDS.format("fact", "a")}) AND EXISTS ({_STANDS.format("fact", "b")})""",
}


def _corrected_since(
    repository: Repository, fields: Mapping[Position, Collection[str]], commit: Position
) -> Iterator[Position]:
    """Corrections after a commit that changed any of these fields, given by thing."""
    wanted = json.dumps([subject for subject, names in fields.items() if names])
    among = "r.subject @among(:subjects)"
    for row in repository.rows(f"{_CORRECTIONS} AND {among}", commit=commit, subjects=wanted):
        if json.loads(row.payload)["changes"].keys() & set(fields[row.subject]):
            yield row.position


def _resting_on(repository: Repository, taken: list[Position], commit: Position) -> Iterator[Position]:
    """Records after a commit through which something that counts rests on a thing that is to be removed."""
    if not taken:
        return
    given: dict[str, object] = {"commit": commit, "taken": json.dumps(taken)}
    then = _as_of(repository, commit)
    for kind, rests in _RESTS.items():
        rows = repository.rows(
            f"""SELECT v.position, v.since FROM (
                    SELECT DISTINCT subject FROM record
                    WHERE position > :commit AND kind IN ('{kind}.recorded', '{kind}.corrected')) r
                JOIN {kind} v ON v.position = r.subject AND v.until IS NULL AND v.withdrawn = 0
                WHERE {rests}""",
            **given,
        )
        found = {row.position: row.since for row in rows}
        rested = then.held(position for position in found if position <= commit)
        for position, held in repository.held(rested).items():
            if not ({*referred(held.fields)} - {*referred(rested[position].fields)}) & set(taken):
                del found[position]
        yield from (since if position <= commit else position for position, since in found.items())
    changed: dict[Position, list[tuple[Position, JsonObject]]] = defaultdict(list)
    cites = "@holds_any(@member(p.payload; evidence); :taken)"
    for row in repository.rows(f"{_CORRECTIONS} AND {cites}", **given):
        changed[row.subject].append((row.position, json.loads(row.payload)["changes"]))
    for subject, held in repository.held(changed).items():
        for position, values in changed[subject]:
            if not held.withdrawn and any(held.fields.get(name) == value for name, value in values.items()):
                yield position


_LINE = """SELECT r.kind, t.id, c.name, c.position AS "commit" FROM record r
           JOIN thing t ON t.position = r.subject
           JOIN committed c ON c.position = (SELECT min(position) FROM committed WHERE position >= r.position)
           WHERE r.position = :position"""


def _line(repository: Repository, position: Position) -> str:
    """A record in a few words: position, kind, id, who."""
    (row,) = repository.rows(_LINE, position=position)
    return f"{position} {row.kind} {row.id}, by {row.name} (commit {row.commit})"
