"""Values that outlive their evidence: they stay until they are corrected, whatever is withdrawn. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from factstore.database.templates import as_of, in_force
from factstore.ledger.kinds import FIELDS, read_plain
from factstore.plain import Json
from factstore.projection.live import chunks
from factstore.repository.answers import in_words
from factstore.repository.repository import Repository
from factstore.units import Position


class Outlived(NamedTuple):
    """Present values of a thing whose evidence, as far as the ledger names it, is withdrawn as a whole.

    `record`: what gave them. If that is a correction, they rest on its evidence; if it is the record that introduced the
    thing, on what was recorded about it in the same commit.
    """

    of: Position
    record: Position
    values: Mapping[str, Json]
    evidence: tuple[Position, ...]


#: The most characters of a value in a sentence.
_SHORT = 60
#: Fields whose names do not say what they are.
_NAMES = {
    "when": "date",
    "lasts": "length",
    "said": "day of speaking",
    "published": "publication date",
    "retrieved": "retrieval date",
    "of": "speaker above",
    "a": "first fact",
    "b": "second fact",
}
#: What the evidence recorded with a thing is taken to have said, besides what makes it the thing that it is.
_CLAIMED = {"fact": ("when", "lasts", "place", "participants"), "ordering": ("gap",)}
#: What counts without evidence of its own.
_UNCITED = ("source", "speaker")
#: Fields that only say how a date was come by.
_BESIDE_DATE = ("phrase", "anchor", "zone")

# What is withdrawn is read from the ledger's own tables: a clock of evidence hides more, and that is no withdrawal.
_LIVE = f"""SELECT c.position, c.about, c.edtf FROM @own.citation c
            JOIN @own.source s ON s.position = c.source AND {in_force("s")}
            WHERE {in_force("c")} AND c.{{}} @among(:some)"""
_TOGETHER = f"""SELECT c.about, c.position FROM @own.citation c WHERE c.about @among(:about) AND {as_of("c")}
                AND c.position <= (SELECT min(position) FROM committed WHERE position >= c.about) ORDER BY c.position"""
# The plus keeps SQLite from walking along all positions where it can look up the subjects.
_SAID = """SELECT r.position, r.subject, r.kind, r.version, p.payload
           FROM record r JOIN payload p ON p.position = r.position
           WHERE r.subject @among(:subjects) AND +r.position <= :at ORDER BY r.position"""


def outlived(repository: Repository, things: Iterable[Position], *, unsupported: bool = False) -> Iterator[Outlived]:
    """The values of things that count, although all evidence of the record that gave them is withdrawn.

    Facts and orderings without any evidence that counts are left out unless `unsupported`, since their status says so. A
    fact's date is not among them if a citation that counts gives the same.
    """
    for some in chunks(things):
        known = repository.held(some)
        live = repository.rows(_LIVE.format("about"), some=some)
        counting, dates = {row.position for row in live}, {(row.about, row.edtf) for row in live}
        counting.update(row.position for row in repository.rows(_LIVE.format("position"), some=some))
        supported = counting | {row.about for row in live}
        held = {
            one: known[one]
            for one in some
            if one in known
            and not known[one].withdrawn
            and (unsupported or one in supported or known[one].kind in _UNCITED)
        }
        givers, evidence = _given(repository, held)
        elsewhere = {one for among in evidence.values() for one in among} - counting
        counting.update(row.position for row in repository.rows(_LIVE.format("position"), some=elsewhere))
        for position, thing in held.items():
            for record in sorted({*givers[position].values()}):
                if not evidence[record] or not counting.isdisjoint(evidence[record]):
                    continue
                names = [name for name in FIELDS[thing.kind] if givers[position].get(name) == record]
                if "when" in names:
                    names = [name for name in names if name not in _BESIDE_DATE]
                if (position, thing.fields.get("when")) in dates:
                    names = [name for name in names if name != "when"]
                if names:
                    values = {name: thing.fields.get(name) for name in names}
                    yield Outlived(position, record, values, tuple(evidence[record]))


def _given(
    repository: Repository, things: Collection[Position]
) -> tuple[dict[Position, dict[str, Position]], dict[Position, list[Position]]]:
    """For each thing, the record that gave each of its fields its present value; and for each record, its evidence."""
    together = defaultdict(list)
    for row in repository.rows(_TOGETHER, about=things):
        together[row.about].append(row.position)
    givers: dict[Position, dict[str, Position]] = {position: {} for position in things}
    evidence: dict[Position, list[Position]] = {}
    undone = repository.undone()
    for row in repository.rows(_SAID, subjects=things):
        kind, _, act = row.kind.partition(".")
        if act not in ("recorded", "corrected") or row.position in undone:
            continue
        said = read_plain(row.kind, row.version, row.payload, position=row.position)
        if act == "recorded":
            fields = [name for name in _CLAIMED.get(kind, ()) if said.get(name)]
            evidence[row.position] = together[row.subject]
        else:
            fields = [*said["changes"]]
            evidence[row.position] = said.get("evidence", [])
        givers[row.subject] |= dict.fromkeys(fields, row.position)
    return givers, evidence


def outlived_words(repository: Repository, one: Outlived) -> str:
    """A sentence that names the values and their evidence."""
    values = [_value_words(name, value) for name, value in one.values.items()]
    several = f"{', '.join(values[:-1])} and {values[-1]}" if len(values) > 1 else values[0]
    given = "recorded with it" if one.record == one.of else "for this correction"
    names = ", ".join(map(repository.name_of, one.evidence))
    return f"{repository.name_of(one.of)} keeps its {several}, but all evidence {given} is withdrawn: {names}"


def _value_words(field: str, value: Json) -> str:
    """A field with its value, if that is short enough for a sentence."""
    name = _NAMES.get(field, field.replace("_", " "))
    if isinstance(value, dict) and field in ("lasts", "gap"):
        return f"{name} ({in_words(value)})"
    if value is None:
        return f"{name} (none)"
    return f"{name} ({value})" if isinstance(value, str) and len(value) <= _SHORT else name
