"""What a correction is: new values of some fields, checked against what the thing would then be; and what undoes a commit.

A commit is undone as a whole or not at all, and never over the head of what was built on it. Reads only.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from factstore import ledger
from factstore.answers import Held
from factstore.checking import FOUND
from factstore.drafting import linked
from factstore.errors import BuiltUpon, InputError, Refused, Stale
from factstore.projection import REDACTED
from factstore.records import (
    CORRECTED,
    FIELDS,
    Corrected,
    Reason,
    Redacted,
    Restored,
    SourceCorrected,
    Withdrawn,
    whole_span,
)
from factstore.repository import Repository
from factstore.timeline import canonical_order

#: Fields that hold other things by position, with the kind of each.
REFERENCES = {"source": "source", "seen_through": "source", "of": "speaker", "a": "fact", "b": "fact"}


def new_values(there: Repository, name: str, position: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the changes to a thing that change something; None takes a value away. Raises InputError."""
    held = there.held([position])[position]
    kind, now, fields = held.kind, held.now, FIELDS[held.kind]
    for field in changes:
        if field not in fields.model_fields:
            raise InputError(f"a {kind} has no field {field!r} (there are {', '.join(fields.model_fields)})")
        if field in FOUND:
            raise InputError(f"{name}: {field}: it is found, not given; `factstore check-quotes` looks again")
    given = {field: value for field, value in changes.items() if value not in (None, "", [], {})}
    for field in REFERENCES.keys() & given.keys():
        if isinstance(given[field], str):
            given[field] = there.position(given[field], REFERENCES[field])
    if "lasts" in given:
        given["lasts"] = whole_span(given["lasts"])
    if isinstance(given.get("attribution"), list):
        given["attribution"] = [
            linked(link, there.kind_at) if isinstance(link, str) else link for link in given["attribution"]
        ]
    for field in ("seen_through", "of"):
        _refuse_circle(there, name, field, given.get(field))
    merged = {field: value for field, value in now.items() if field not in changes} | given
    try:
        checked = fields.model_validate(merged).plain()
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"]) or kind
        detail = fault["ctx"]["error"] if fault["type"] == "value_error" else fault["msg"]
        raise InputError(f"{name}: {place}: {detail}") from None
    changed = dict.fromkeys(changes)
    if kind == "ordering":
        a, b = (there.name_of(checked[end]) for end in ("a", "b"))
        if canonical_order(a, checked["relation"], b) != (a, checked["relation"], b):
            checked |= {"a": checked["b"], "b": checked["a"]}
        changed |= {"a": None, "b": None}
    return {field: checked.get(field) for field in changed if checked.get(field) != now.get(field)}


def _refuse_circle(there: Repository, name: str, field: str, above: int | None) -> None:
    """A source is not seen through itself, nor does a speaker speak for itself, by however many steps."""
    while above is not None:
        if there.name_of(above) == name:
            raise InputError(f"{name}: {field}: that leads in a circle back to {name}")
        above = there.fields(above).get(field)


def expect(there: Repository, name: str, position: int, seen: int | None) -> None:
    """Raises Stale, with what changed since, where a thing is not at the version that the caller saw."""
    if seen is None:
        return
    version = there.version(position)
    if version != seen:
        since = [entry for entry in there.history(name) if entry.position > seen and entry.subject == name]
        said = "; ".join(
            f"{entry.position}: {entry.kind} by {entry.recorded_by}"
            + (f" ({', '.join(entry.changes)})" if entry.changes else "")
            for entry in since
        )
        raise Stale(f"{name} is at version {version}, not {seen}; since then {said or 'nothing about it'}")


# --- what undoes a commit -----------------------------------------------------------------------------------


class Undoing(NamedTuple):
    """What undoes a commit: payloads with their subjects, in the order in which to append them, and the things' ids."""

    message: str
    records: list[tuple[Corrected | Withdrawn | Restored, int]]
    names: list[str]


def undo(there: Repository, position: int, reason: Reason) -> Undoing:
    """What undoes the commit that a position lies in.

    Each thing goes back to what it was before the commit: what was introduced or restored is withdrawn, what was
    withdrawn is restored, and a corrected field gets the value that it had, also as what was last loaded. What is undone
    already is left out, and so is what was redacted. Raises BuiltUpon with the later records that stand in the way, and
    Refused where there is nothing to undo or a commit cannot be undone.
    """
    commit, first, message = _commit_of(there, position)
    records = [record for record in ledger.read(there.connection, after=first - 1, upto=commit - 1) if record.payload]
    subjects = list(dict.fromkeys(record.header.subject for record in reversed(records)))
    clocks = (_as_of(there, first - 1), _as_of(there, commit), there)
    before, after, now = (clock.held(subjects) for clock in clocks)
    brought: dict[int, set[str]] = defaultdict(set)  # the fields of each thing that a document changed
    for record in records:
        said = record.decode()
        if isinstance(said, Corrected) and said.loaded:
            brought[record.header.subject] |= said.changes.keys()
    undone: list[tuple[Corrected | Withdrawn | Restored, int]] = []
    taken: list[int] = []
    fields: dict[int, set[str]] = {}  # those that later corrections changed, of the things to be undone
    for subject in (subject for subject in subjects if now[subject].kind != "redacted"):
        old, new, held = before.get(subject), after[subject], now[subject]
        if old is not None:
            back = {name: old.now.get(name) for name in _changed(old, new) if held.now.get(name) == new.now.get(name)}
            fields[subject] = {name for name in _changed(old, new) & _changed(new, held) if name in _changed(old, held)}
            undone += _set_back(there, held, back, brought[subject], first, reason)
        if (old is None or old.withdrawn) and not new.withdrawn and not held.withdrawn:
            fields[subject] = fields.get(subject, set()) | _changed(new, held)
            undone.append((Withdrawn(reason=reason), subject))
            taken.append(subject)
        elif old is not None and not old.withdrawn and new.withdrawn and held.withdrawn:
            undone.append((Restored(reason=reason), subject))
    later = {*_corrected_since(there, fields, commit), *_resting_on(there, taken, commit)}
    if later:
        told = [_line(there, each) for each in sorted(later)]
        count = "a later record" if len(told) == 1 else f"{len(told)} later records"
        raise BuiltUpon(
            f"commit {commit} cannot be reverted before what {count} built on it is undone:",
            records=told,
        )
    if not undone:
        raise Refused(f"in commit {commit} there is nothing left to undo")
    # Quotes are looked for in the text that their source has then.
    undone.sort(key=lambda one: not isinstance(one[0], SourceCorrected))
    message = "" if message == REDACTED else message
    names = list(dict.fromkeys(there.name_of(subject) for _, subject in undone))
    return Undoing(f"revert of commit {commit}" + (f": {message}" if message else ""), undone, names)


def _commit_of(there: Repository, position: int) -> tuple[int, int, str]:
    """The commit that a position lies in: its own position, that of its first record, and its message."""
    rows = there.rows(
        "SELECT position, first, message FROM committed WHERE position >= :one ORDER BY position LIMIT 1", one=position
    )
    if not rows or position < 1:
        raise Refused(f"there is no record {position}: the ledger holds 1 to {there.at}")
    commit, first, message = rows[0]
    if first == 1:
        raise Refused("the ledger's first commit cannot be reverted: it made the ledger")
    if there.rows(
        "SELECT 1 FROM record WHERE position BETWEEN :first AND :commit AND kind = :kind LIMIT 1",
        first=first,
        commit=commit,
        kind=Redacted.KIND,
    ):
        raise Refused(f"commit {commit} cannot be reverted: it redacted, and a redaction is for ever")
    return int(commit), int(first), str(message)


def _as_of(there: Repository, at: int) -> Repository:
    return Repository(there.connection, at, now=False, zone=there.zone)


def _changed(one: Held, other: Held) -> set[str]:
    """The fields whose values differ, but for what is found of a quote, which follows from the others."""
    named = (one.now.keys() | other.now.keys()) - {*FOUND}
    return {name for name in named if one.now.get(name) != other.now.get(name)}


def _set_back(
    there: Repository, held: Held, back: dict[str, Any], brought: Collection[str], first: int, reason: Reason
) -> Iterator[tuple[Corrected, int]]:
    """Corrections that give fields of a thing their earlier values.

    Where a document `brought` the later ones, what was last loaded is set back as well: first to that, then, where
    somebody had corrected it since, to what it was.
    """
    if not back:
        return
    name, corrected = there.name_of(held.position), CORRECTED[held.kind]
    for field in REFERENCES.keys() & back.keys():
        if back[field] is not None and there.kind_of(back[field]) == "redacted":
            raise Refused(f"{name}: {field} cannot go back to {there.name_of(back[field])}, which is gone for ever")
    back = new_values(there, name, held.position, back)
    loaded = _last_loaded(there, held, first) if brought else {}
    document = {field: loaded.get(field) for field in back if field in brought}
    if document:
        yield corrected(changes=document, reason=reason, loaded=True), held.position
    rest = {field: value for field, value in back.items() if field not in document or document[field] != value}
    if rest:
        yield corrected(changes=rest, reason=reason), held.position


def _last_loaded(there: Repository, held: Held, first: int) -> dict[str, Any]:
    """What documents had last said of a thing before a position."""
    found: dict[str, Any] = {}
    for (position,) in there.rows(
        "SELECT position FROM record WHERE subject = :subject AND position < :first ORDER BY position",
        subject=held.position,
        first=first,
    ):
        said = next(ledger.read(there.connection, after=position - 1, upto=position)).decode()
        if isinstance(said, Corrected):
            found |= said.changes if said.loaded else {}
        elif said is not None and position == held.position:
            found |= said.plain()
    return found


# --- what was built on it -----------------------------------------------------------------------------------

_CORRECTIONS = """SELECT r.position, r.subject, p.payload FROM record r JOIN payload p ON p.position = r.position
                  WHERE r.position > :commit AND r.kind LIKE '%.corrected'"""
_STANDS = "SELECT 1 FROM {0} h WHERE h.position = v.{1} AND h.until IS NULL AND h.withdrawn = 0"
_TAKEN = "(SELECT value FROM json_each(:taken))"

#: By kind of thing: what makes it rest on a thing that is taken away, while it counts itself.
_RESTS = {
    "source": f"v.seen_through IN {_TAKEN}",
    "speaker": f"v.of IN {_TAKEN}",
    "citation": f"""(v.about IN {_TAKEN} OR v.source IN {_TAKEN}
                     OR EXISTS (SELECT 1 FROM json_each(v.attribution) WHERE type = 'integer' AND value IN {_TAKEN}))
                    AND EXISTS ({_STANDS.format("source", "source")})
                    AND (EXISTS ({_STANDS.format("fact", "about")}) OR EXISTS ({_STANDS.format("ordering", "about")}))""",
    "ordering": f"""(v.a IN {_TAKEN} OR v.b IN {_TAKEN})
                    AND EXISTS ({_STANDS.format("fact", "a")}) AND EXISTS ({_STANDS.format("fact", "b")})""",
}


def _corrected_since(there: Repository, fields: Mapping[int, Collection[str]], commit: int) -> Iterator[int]:
    """Corrections after a commit that changed any of the fields, by thing."""
    wanted = json.dumps([subject for subject, names in fields.items() if names])
    among = "r.subject IN (SELECT value FROM json_each(:subjects))"
    for row in there.rows(f"{_CORRECTIONS} AND {among}", commit=commit, subjects=wanted):
        if json.loads(row.payload)["changes"].keys() & set(fields[row.subject]):
            yield row.position


def _resting_on(there: Repository, taken: list[int], commit: int) -> Iterator[int]:
    """Records after a commit through which something that counts now rests on a thing that is to be taken away."""
    if not taken:
        return
    given: dict[str, Any] = {"commit": commit, "taken": json.dumps(taken)}
    then = _as_of(there, commit)
    for kind, rests in _RESTS.items():
        rows = there.rows(
            f"""SELECT v.position, v.since FROM (
                    SELECT DISTINCT subject FROM record
                    WHERE position > :commit AND kind IN ('{kind}.recorded', '{kind}.corrected')) r
                JOIN {kind} v ON v.position = r.subject AND v.until IS NULL AND v.withdrawn = 0
                WHERE {rests}""",
            **given,
        )
        found = {row.position: row.since for row in rows}
        rested = then.held(position for position in found if position <= commit)
        for position, held in there.held(rested).items():
            if not (_references(held) - _references(rested[position])) & set(taken):
                del found[position]
        yield from (since if position <= commit else position for position, since in found.items())
    changed: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    cites = f"EXISTS (SELECT 1 FROM json_each(p.payload, '$.evidence') WHERE value IN {_TAKEN})"
    for row in there.rows(f"{_CORRECTIONS} AND {cites}", **given):
        changed[row.subject].append((row.position, json.loads(row.payload)["changes"]))
    for subject, held in there.held(changed).items():
        for position, values in changed[subject]:
            if not held.withdrawn and any(held.now.get(name) == value for name, value in values.items()):
                yield position


def _references(held: Held) -> set[int]:
    """The things that a thing refers to, but for what a citation is about, which never changes."""
    links = {link for link in held.now.get("attribution", ()) if isinstance(link, int)}
    return links | {held.now[field] for field in REFERENCES if field in held.now}


_LINE = """SELECT r.kind, t.id, c.name, c.position AS "commit" FROM record r
           JOIN thing t ON t.position = r.subject
           JOIN committed c ON c.position = (SELECT min(position) FROM committed WHERE position >= r.position)
           WHERE r.position = :position"""


def _line(there: Repository, position: int) -> str:
    """A record in a few words: position, kind, id, who."""
    (row,) = there.rows(_LINE, position=position)
    return f"{position} {row.kind} {row.id}, by {row.name} (commit {row.commit})"
