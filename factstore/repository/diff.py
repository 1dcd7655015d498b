"""Net differences between the ledger at one position and at a later one; what was changed and changed back is not listed.

The work depends on what happened in between, not on the size of the ledger. Records name the things that they are about.
Other facts can only have moved if an ordering ties them to one that did, so they are found by walking along orderings from
what was touched for as long as placements changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from factstore.database.engine import NamedRow
from factstore.database.templates import as_of
from factstore.ledger.kinds import DERIVED
from factstore.plain import JsonObject
from factstore.projection.live import chunks, set_aside
from factstore.projection.tombstones import SILENT
from factstore.reasoning.constraints import thing_of
from factstore.reasoning.edges import LENGTH, TIME
from factstore.repository.answers import Fact, Step, Thing
from factstore.repository.entries import entry_of
from factstore.repository.history import corrections
from factstore.repository.log_answers import Change, because
from factstore.repository.reasons import Reasons
from factstore.repository.repository import FACT, Repository
from factstore.units import Position

_PAGE = 200
_KINDS = ("source", "speaker", "fact", "ordering")
#: The fields of a placement that may change, and the bound that explains each.
_PLACED = {
    "earliest": "start_min_by",
    "latest": "end_max_by",
    "begun_by": "start_max_by",
    "open_end": "end_min_by",
    "status": None,
    "conflicting": None,
}

_LIMITS = ("earliest", "latest", "begun_by")

_TOUCHED = """SELECT DISTINCT t.position, t.kind, t.id, c.about FROM record r
              JOIN thing t ON t.position = r.subject
              LEFT JOIN citation c ON c.position = t.position AND c.since = t.position
              WHERE r.position > :since AND r.position <= :at"""
_THINGS = """SELECT t.position, t.kind, t.id, c.about FROM thing t
             LEFT JOIN citation c ON c.position = t.position AND c.since = t.position
             WHERE t.position @among(:things)"""
_RETOLD = f"""SELECT s.position FROM source s JOIN source old ON old.position = s.position
              WHERE s.position @among(:things) AND {as_of("s")}
                AND old.since <= :since AND (old.until IS NULL OR old.until > :since)
                AND (s.withdrawn <> old.withdrawn OR @unlike(s.published; old.published))"""
_CITING = "SELECT DISTINCT about FROM citation WHERE source @among(:things)"
_ENDS = "SELECT DISTINCT a, b FROM ordering WHERE position @among(:things)"
_ASIDE = """SELECT item FROM set_aside
            WHERE (since > :since AND since <= :at) OR (until > :since AND until <= :at)"""
_REVISED = "EXISTS (SELECT 1 FROM placement_history h WHERE h.fact = {} AND h.since > :since AND h.since <= :at)"
_TIED = "t.since <= :at AND (t.until IS NULL OR t.until > :since)"
_MOVED = f"""WITH RECURSIVE moved (fact) AS (
               SELECT value FROM @numbers(:seeds) seed
               @neighbours(moved; {_TIED} AND {_REVISED.format("t.b")}; {_TIED} AND {_REVISED.format("t.a")}))
             SELECT fact FROM moved WHERE fact <= :since AND {_REVISED.format("fact")}"""
_SUPPORT = f"""SELECT fact, start_min_by, start_max_by, end_min_by, end_max_by FROM placement
               WHERE fact @among(:facts) AND +revised = 0 AND since <= :at
               UNION ALL
               SELECT fact, start_min_by, start_max_by, end_min_by, end_max_by FROM placement_history h
               WHERE fact @among(:facts) AND {as_of("h")}"""


def between(before: Repository, after: Repository) -> Iterator[Change]:
    """All net changes, each fact's together: first those of earlier things, then the new ones.

    Sources and speakers come before facts, facts before orderings, each in the order in which they were recorded.
    """
    return _Comparison(before, after).changes()


def unsupported(before: Repository, after: Repository, facts: Iterable[int]) -> list[Fact]:
    """The facts, of these, that had evidence for or against them before, and have none now."""
    found = []
    for some in chunks(fact for fact in facts if fact <= before.at):
        rows = after.placed(f"{FACT} WHERE p.fact @among(:facts) AND p.status = 'unsupported'", facts=some)
        left = {row.fact: row for row in rows}
        if left:
            spoken = f"{FACT} WHERE p.fact @among(:facts) AND p.status NOT IN ('unsupported', 'withdrawn')"
            found += [after.read_fact(left[row.fact]) for row in before.placed(spoken, facts=list(left))]
    return found


class _Thing(NamedTuple):
    position: Position
    kind: str
    id: str
    about: Position | None


class _Comparison:
    def __init__(self, before: Repository, after: Repository) -> None:
        self._before = before
        self._after = after
        self._things: dict[Position, _Thing] = {}
        self._asked = Reasons(before), Reasons(after)
        self._aside = set_aside(before.connection, before.at), set_aside(after.connection, after.at)

    def changes(self) -> Iterator[Change]:
        every = (_Thing(*row) for row in self._after.stream(_TOUCHED, since=self._before.at))
        touched = [thing for thing in every if thing.kind not in SILENT]
        self._things = {thing.position: thing for thing in touched}
        moved = self._moved(touched)
        belonging: dict[Position, list[Position]] = {fact: [] for fact in moved}
        for thing in touched:
            belonging.setdefault(thing.about or thing.position, []).append(thing.position)
        turned = self._aside[0].keys() ^ self._aside[1].keys()
        self._meet(map(thing_of, turned))
        for item in map(thing_of, turned):
            belonging.setdefault(self._things[item].about or item, [])
        self._meet(belonging)
        # Redacted things, and those that rested on them, are left out: they were never recorded.
        groups = sorted((one for one in belonging if self._things[one].kind in _KINDS), key=self._turn)
        for place in range(0, len(groups), _PAGE):
            yield from self._page(groups[place : place + _PAGE], belonging, moved)

    def _turn(self, position: Position) -> tuple[bool, int, Position]:
        return position > self._before.at, _KINDS.index(self._things[position].kind), position

    def _meet(self, positions: Iterable[Position]) -> None:
        for some in chunks(position for position in positions if position not in self._things):
            rows = self._after.rows(_THINGS, things=some)
            self._things.update((row.position, _Thing(*row)) for row in rows)

    # --- facts that moved ---

    def _moved(self, touched: Sequence[_Thing]) -> set[Position]:
        """The facts that existed before and may have moved: those whose placement was written anew."""
        since = self._before.at
        concerned = {thing.about or thing.position for thing in touched if thing.kind != "source"}
        concerned.update(thing_of(row.item) for row in self._after.rows(_ASIDE, since=since))
        for some in chunks(thing.position for thing in touched if thing.kind == "source"):
            for row in self._after.rows(_RETOLD, things=some, since=since):
                concerned.update(cited.about for cited in self._after.rows(_CITING, things=[row.position]))
        self._meet(concerned)
        about = {self._things[position].about or position for position in concerned}
        self._meet(about)
        orderings = {position for position in about if self._things[position].kind == "ordering"}
        facts = {position for position in about if self._things[position].kind == "fact"}
        for some in chunks(orderings):
            facts.update(chain.from_iterable(self._after.rows(_ENDS, things=some)))
        return {row.fact for row in self._after.rows(_MOVED, since=since, seeds=json.dumps(sorted(facts)))}

    # --- a page of groups ---

    def _page(
        self, groups: Sequence[Position], belonging: dict[Position, list[Position]], moved: set[Position]
    ) -> Iterator[Change]:
        things = [thing for group in groups for thing in belonging[group]]
        old = self._before.held(thing for thing in things if thing <= self._before.at)
        new = self._after.held(things)
        reasons = self._reasons(sorted(old))
        facts = [group for group in groups if group in moved]
        lay, lies = _placed(self._before, facts), _placed(self._after, facts)
        support = {row.fact: row for row in self._after.rows(_SUPPORT, facts=facts)} if facts else {}
        aside: dict[Position, list[int]] = {}
        for item in sorted(self._aside[0].keys() ^ self._aside[1].keys()):
            thing = thing_of(item)
            aside.setdefault(self._things[thing].about or thing, []).append(item)
        for group in groups:
            for thing in sorted(belonging[group]):
                if thing in new:
                    yield from self._thing(self._things[thing], group, old.get(thing), new[thing], reasons)
            if group in lies:
                yield from self._placement(group, lay[group], lies[group], support[group])
            for item in aside.get(group, ()):
                yield self._contradiction(item, group)

    def _of(self, group: Position) -> str:
        return self._things[group].id

    def _thing(
        self, thing: _Thing, group: Position, old: Thing | None, new: Thing, reasons: dict[tuple[Position, str], Step]
    ) -> Iterator[Change]:
        named: JsonObject = {"kind": thing.kind, "of": self._of(group)}
        if old is None:
            if not new.withdrawn:
                yield Change(thing.id, "added", new=entry_of(self._after, new), **named)
            return
        if old.withdrawn != new.withdrawn:
            why = reasons.get((thing.position, "withdrawn"))
            yield Change(thing.id, "withdrawn" if new.withdrawn else "restored", why=(why,) if why else (), **named)
        was, now = self._before.written(old.fields), self._after.written(new.fields)
        for field in [*now, *(field for field in was if field not in now)]:
            if was.get(field) != now.get(field) and field not in DERIVED:
                why = reasons.get((thing.position, field))
                yield Change(
                    thing.id, "corrected", field, was.get(field), now.get(field), (why,) if why else (), **named
                )

    def _reasons(self, things: Sequence[Position]) -> dict[tuple[Position, str], Step]:
        """For each thing and field the last correction in between, as a step."""
        found = {}
        for some in chunks(things):
            for entry, subject, fields in corrections(self._after, some, self._before.at):
                text = f"{entry.kind.rpartition('.')[2]} by {entry.recorded_by}{because(entry.reason)}"
                text += f": {entry.message}" if entry.message else ""
                source = quote = None
                position = self._after.find(entry.evidence[0]) if entry.evidence else None
                said = self._after.held([position])[position].fields if position else {}
                if said:
                    source, quote = self._after.name_of(said["source"]), said.get("quote")
                for field in fields or ("withdrawn",):
                    found[subject, field] = Step("correction", text, source, quote)
        return found

    def _placement(self, fact: Position, lay: Fact, lies: Fact, support: NamedRow) -> Iterator[Change]:
        if "withdrawn" in (lay.status, lies.status):
            return  # it is added or removed as a whole
        for field, by in _PLACED.items():
            was, now = getattr(lay, field), getattr(lies, field)
            if was == now:
                continue
            step = getattr(support, by) if by else TIME
            why = () if step in (LENGTH, TIME) else (self._asked[1].step(step),)
            shown = (_limit(lay, field), _limit(lies, field)) if field in _LIMITS else None
            yield Change(lies.id, "moved", field, was, now, why, of=lies.id, shown=shown)

    def _contradiction(self, item: int, group: Position) -> Change:
        thing = self._things[thing_of(item)]
        is_now = item in self._aside[1]
        asked, links = self._asked[is_now], self._aside[is_now][item]
        text = asked.step(item).text
        return Change(
            thing.id,
            "conflict" if is_now else "resolved",
            old=None if is_now else text,
            new=text if is_now else None,
            why=asked.stating(links),
            kind=thing.kind,
            of=self._of(group),
        )


def _limit(fact: Fact, field: str) -> str | None:
    """A limit of where a fact lies, as people write it."""
    first, last, begun = fact.lies
    return first if field == "earliest" else last if begun == (field == "begun_by") else None


def _placed(repository: Repository, facts: Sequence[Position]) -> dict[Position, Fact]:
    rows = repository.placed(f"{FACT} WHERE p.fact @among(:facts)", facts=facts) if facts else ()
    return {row.fact: repository.read_fact(row) for row in rows}
