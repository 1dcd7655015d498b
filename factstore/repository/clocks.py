"""The clocks of a question: the ledger as known at a position or moment, with only those sources that were certainly
published, or held, by the end of a day.

The answers are those that the records and evidence on the clock alone would give. The projection's history has the earlier
states. If evidence is hidden, the connection gets temporary tables that shadow the projection's, so that all questions run
on them unchanged. They are filled from the projection, and connected parts in which something is hidden are placed afresh.
The file is never written, and no cached answer outlives a change of it.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock, RLock
from typing import NamedTuple

from factstore.database.engine import Connection, Engine, NamedRow
from factstore.database.names import PROJECTION
from factstore.database.opening import open_engine
from factstore.database.statements import column, fetch_named, run, value
from factstore.database.templates import as_of, in_force
from factstore.dates.edtf import Edtf
from factstore.dates.ticks import parse_zone
from factstore.errors import DateError, InputError
from factstore.ledger import chain
from factstore.ledger.canonical import canonical
from factstore.ledger.kinds import read_plain
from factstore.projection import search
from factstore.projection.columns import ColumnValues, ranks, to_columns
from factstore.projection.placing import PLACED, Placing
from factstore.reasoning.constraints import read_date
from factstore.repository.answers import Undated
from factstore.repository.repository import Repository
from factstore.units import Position, Seconds

#: How many clocks with hidden evidence keep their tables for the next question.
_KEPT = 4
#: How many facts are placed at once, in whole connected parts.
_BATCH = 5000
_SOURCES = "SELECT position, withdrawn, published, retrieved, seen_through FROM"

_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d\d))?")
# Hours, with optional minutes and seconds, and the digits of a fraction.
_TIME = re.compile(r"[T ](\d\d(?::?\d\d){0,2})(?:[.,](\d+))?")
_DAY = re.compile(r"-?\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?")

#: Fields that keep their latest known values, since they decide what counts: a citation's source, and a source's dates.
_AS_KNOWN = {"source": {"published", "retrieved", "seen_through"}, "citation": {"source"}}


class Clock(NamedTuple):
    """The clock of a question; with None for all: now, with any evidence.

    `known`: a position, or the end in UTC of a moment, day, month or year; in text, four digits are a year unless they are a
    position of the ledger. `published`, `held`: a day, month or year, by whose end (in the ledger's zone) a source must
    certainly have been published, or retrieved, to count.
    """

    known: str | int | None = None
    published: str | None = None
    held: str | None = None

    @property
    def hides(self) -> bool:
        """Whether any evidence may be left out."""
        return self.published is not None or self.held is not None

    def __str__(self) -> str:
        words = (("known at", self.known), ("published by", self.published), ("held by", self.held))
        return ", ".join(f"{name} {value}" for name, value in words if value is not None)


NOW = Clock()


def read_clock(known: str | int | None = None, published: str | None = None, held: str | None = None) -> Clock:
    """Read a clock as people write it. Raises InputError, with the part that cannot be read."""
    clock = Clock(known, published, held)
    if known is not None and not _is_position(known):
        _moment(str(known))
    for name, day in (("published by", clock.published), ("held by", clock.held)):
        if day is not None and not _DAY.fullmatch(day):
            raise InputError(f"{name} {day!r}: it must be a day, a month or a year, as 2018-03-31, 2018-03 or 2018")
        if day is not None:
            Edtf(day)
    return clock


# --- known at -----------------------------------------------------------------------------------------------


def stand(connection: Connection, known: str | int | None) -> tuple[Position, Position, Seconds]:
    """The last commit as of a clock's `known` (0 if none), the ledger's last commit, and its offset from UTC in seconds.
    Raises InputError for a position that the ledger has not reached."""
    beginning, head = chain.ends(connection)
    return head if known is None else _known_at(connection, known, head), head, parse_zone(beginning.zone)


def remark(connection: Connection, known: str | int | None, at: Position) -> str:
    """A sentence on a clock whose `known` is a time before the first commit (`at` is 0) or still to come; else ""."""
    if known is None or _names_position(known, chain.head(connection).position):
        return ""
    if not at:
        return f"known at {known}: there was no commit by then"
    word, now = str(known), chain.clock_reading(connection).now
    # The present year, month or day has not ended either, but has begun.
    if _moment(word) > now and not now.startswith(word):
        return f"known at {known}: that is still to come; the ledger is asked as it is now"
    return ""


def _names_position(known: str | int, head: int) -> bool:
    """Whether it is a position: four digits in text are one only if the ledger has reached it."""
    return _is_position(known) and (isinstance(known, int) or len(known) != 4 or int(known) <= head)


def asking(connection: Connection, clock: Clock = NOW) -> Repository:
    """The questions, on a connection on which only the clock's evidence counts."""
    at, head, zone = stand(connection, clock.known)
    return Repository(connection, at, now=clock.hides or at == head, zone=zone, clock=str(clock), narrowed=clock.hides)


def _known_at(connection: Connection, known: str | int, head: Position) -> Position:
    word = str(known)
    by, at = (
        ("position", _reached(word, head, "known at"))
        if _names_position(known, head)
        else ("recorded_at", _moment(word))
    )
    # Moments increase with positions. With max(position), SQLite would walk back through all later commits.
    last = f"SELECT position FROM committed WHERE {by} <= ? ORDER BY {by} DESC, position DESC LIMIT 1"
    return Position(value(connection, last, (at,)) or 0)


def read_since(since: str, head: Position) -> Position | str:
    """From where on something is new: after a position, or from the first moment of a year, month, day or moment (UTC),
    spelled as in the ledger. `head`: the ledger's last position. Raises InputError."""
    if _names_position(since, head):
        return _reached(since, head, "since")
    return _stretch(since, "since")[0]


def _reached(word: str, head: Position, clock: str) -> Position:
    digits = word.lstrip("0") or "0"
    if len(digits) > 15 or int(digits) > head:
        raise InputError(f"{clock} {word if len(word) <= 20 else f'{word[:19]}…'}: the ledger ends at position {head}")
    return Position(int(digits))


def _is_position(known: str | int) -> bool:
    return known >= 0 if isinstance(known, int) else known.isascii() and known.isdigit()


def _moment(word: str) -> str:
    """The last moment of a period that `known` names, as the ledger spells moments."""
    return _stretch(word, "known at")[1]


def _stretch(word: str, clock: str) -> tuple[str, str]:
    """The first and the last moment of a period, as the ledger spells moments."""
    try:
        first, last = _read_stretch(word)
    except (ValueError, OverflowError):
        raise InputError(
            f"{clock} {word!r}: it must be a position, a year, month or day as 2018-04-02, "
            "or a moment as 2018-04-02T15:00:00Z"
        ) from None
    return first.isoformat(timespec="microseconds") + "Z", last.isoformat(timespec="microseconds") + "Z"


def _read_stretch(word: str) -> tuple[datetime, datetime]:
    """The first and the last microsecond, in UTC, of a year, month, day, hour, minute, second or fraction of one."""
    if written := _YEAR_OR_MONTH.fullmatch(word):
        year, first, last = int(written[1]), int(written[2] or 1), int(written[2] or 12)
        return datetime(year, first, 1), datetime.combine(
            date(year, last, monthrange(year, last)[1]), datetime.max.time()
        )
    if len(word) == 10:
        day = date.fromisoformat(word)
        return datetime.combine(day, datetime.min.time()), datetime.combine(day, datetime.max.time())
    moment, time = datetime.fromisoformat(word), _TIME.search(word)
    if time is None:
        raise ValueError
    unit = timedelta(seconds=(3600, 60, 1)[len(re.sub(r"\D", "", time[1])) // 2 - 1])
    if time[2]:
        unit = timedelta(microseconds=10 ** max(6 - len(time[2]), 0))
    begin = moment.replace(tzinfo=None) - (moment.utcoffset() or timedelta())
    return begin, begin + (unit - timedelta(microseconds=1))


# --- published by, held by ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Kept:
    """The connections of one clock, and how many threads use it or wait for it."""

    file: Engine
    turn: RLock = field(default_factory=RLock)
    askers: int = 0


class Narrowed:
    """Connections on which only some evidence counts. The tables of the clocks used last are kept while they are valid."""

    def __init__(self, file: Engine) -> None:
        self._file = file
        self._lock = Lock()
        self._kept: OrderedDict[Clock, _Kept] = OrderedDict()

    @contextmanager
    def reading(self, clock: Clock) -> Iterator[Connection]:
        """A connection in a read transaction, on which only the clock's evidence counts."""
        kept = self._taken(clock)
        try:
            with kept.turn, kept.file.reading(shadowing=True) as connection:
                state = connection.dialect.data_version(connection)
                if connection.notes.get("narrowed") != state:
                    narrow(connection, clock)
                try:
                    yield connection
                finally:
                    # The tables stay with the connection; a rollback would remove new ones.
                    connection.commit()
                    connection.notes["narrowed"] = state
        finally:
            self._returned(kept)

    def _taken(self, clock: Clock) -> _Kept:
        with self._lock:
            kept = self._kept.setdefault(clock, _Kept(self._opened()))
            self._kept.move_to_end(clock)
            kept.askers += 1
        return kept

    def _opened(self) -> Engine:
        file = open_engine(self._file.location)
        file.name = self._file.name
        return file

    def _returned(self, kept: _Kept) -> None:
        with self._lock:
            kept.askers -= 1
            idle = [clock for clock, other in self._kept.items() if not other.askers]
            for clock in idle[: max(0, len(self._kept) - _KEPT)]:
                self._kept.pop(clock).file.close()

    def close(self) -> None:
        """Close the connections; the next question opens one again."""
        with self._lock:
            for kept in self._kept.values():
                kept.file.close()


def narrow(connection: Connection, clock: Clock) -> None:
    """Give a connection tables that shadow the projection's, in which only a clock's evidence counts."""
    at, _, zone = stand(connection, clock.known)
    connection.dialect.shadow(connection, _SHADOWED)
    for table, name in _OWN_TABLES.items():
        connection.dialect.temporary(connection, table, name)
    now = {"at": at}
    for table in ("source", "speaker"):
        _copy(connection, table, now)
    sources = [*fetch_named(connection, f"{_SOURCES} source")]
    out = {row.position for row in sources}
    for name, day in (("published", clock.published), ("retrieved", clock.held)):
        if day is not None:
            out &= _certainly_out(sources, name, Edtf(day).period(zone)[1], zone)
    run(connection, _KEEP_SOURCES, {"out": json.dumps(sorted(out))})
    for table, condition in (
        ("citation", "v.source IN (SELECT position FROM source)"),
        ("fact", _IS_CITED),
        ("ordering", _IS_CITED),
    ):
        _copy(connection, table, now, condition)
    connection.dialect.index_shadows(connection, [name for name in _SHADOWED if name != "placement"])
    moved = _undo(connection, at)
    run(connection, _DROP_ORDERINGS)
    run(connection, _DROP_CITATIONS)
    _name_links(connection, at)
    moved.update(column(connection, _UNSUPPORTED))
    moved.update(column(connection, _HIDDEN, now))
    search.look_back(connection, at, moved)
    parts = _parts_to_judge(connection, at, moved)
    run(connection, _JUDGED, {"facts": json.dumps([fact for part in parts for fact in part])})
    for statement in (_PLACEMENTS, _TIES, _ASIDE):
        run(connection, statement, now)
    placing = Placing(connection, zone, Position(0), at)
    for batch in _batches(parts):
        placing.place_groups(batch)
    connection.dialect.index_shadows(connection, ["placement"])


def _certainly_out(sources: Sequence[NamedRow], name: str, end: int, zone: Seconds) -> set[Position]:
    """The sources that were certainly published (or retrieved) by a moment."""
    return _vouched_for(sources, {row.position for row in sources if _is_over(getattr(row, name), end, zone)})


def undated(repository: Repository) -> dict[str, Undated]:
    """What has no date published, and what none retrieved, among all that is known on a clock.

    A source that was seen through another has the other's date.
    """
    sources = repository.rows(f"{_SOURCES} @own.source v WHERE {in_force('v')}")
    found = {}
    for name in ("published", "retrieved"):
        dated = _vouched_for(sources, {row.position for row in sources if getattr(row, name)})
        without = {row.position for row in sources} - dated
        facts = repository.rows(_RESTING_ONLY, sources=sorted(without))[0].facts if without else 0
        found[name] = Undated(len(without), len(sources), facts)
    return found


def _vouched_for(sources: Sequence[NamedRow], dated: set[Position]) -> set[Position]:
    """The sources that are dated, or were seen through one that is. A withdrawn source does not date others."""
    by_position = {row.position: row for row in sources}
    out = set()
    for row in sources:
        chain = [row.position]
        while chain[-1] not in dated:
            through = by_position.get(by_position[chain[-1]].seen_through)
            if through is None or through.withdrawn or through.position in chain:
                break
            chain.append(through.position)
        else:
            out.add(row.position)
    return out


def _is_over(edtf: str | None, end: int, zone: Seconds) -> bool:
    """Whether a date certainly lies before a moment. A date that cannot be read in this zone counts as unknown."""
    try:
        latest = read_date(edtf).corners(zone).end_max if edtf else None
    except DateError:
        return False
    return latest is not None and latest <= end


def _undo(connection: Connection, at: Position) -> set[Position]:
    """Undo corrections that rest on hidden evidence: give things the fields and ranks that they have without. Returns the
    facts and orderings that this may move."""
    undone: dict[tuple[str, Position], set[Position]] = defaultdict(set)
    for row in fetch_named(connection, _CORRECTIONS, {"at": at, "kinds": json.dumps([*_KINDS])}):
        said = read_plain(row.kind, row.version, row.payload, position=row.position)
        if not value(connection, _COUNTING, {"evidence": json.dumps(said.get("evidence", []))}):
            kind = _KINDS[row.kind]
            undone[kind, row.subject].add(row.position)
            if said["changes"].keys().isdisjoint(_AS_KNOWN.get(kind, ())):
                run(connection, _UNDONE, {"position": row.position})
    moved = set()
    for (kind, position), hidden in undone.items():
        if not value(connection, f"SELECT position FROM {kind} WHERE position = ?", (position,)):
            continue
        values = _without(connection, kind, position, hidden, at)
        settings = ", ".join(f"{name} = :{name}" for name in values)
        run(connection, f"UPDATE {kind} SET {settings} WHERE position = :position", values | {"position": position})
        moved.add(values["about"] if kind == "citation" else position)
    return moved


def _without(
    connection: Connection, kind: str, position: Position, hidden: set[Position], at: Position
) -> ColumnValues:
    """The row of a thing, folded from its records without some of its corrections."""
    given = {"position": position, "at": at}
    [first] = fetch_named(connection, _FIRST.format(kind), {"position": position})
    row = first._asdict()
    for record in fetch_named(connection, _ABOUT, given):
        said = read_plain(record.kind, record.version, record.payload, position=record.position)
        if record.kind == f"{kind}.corrected":
            kept = _AS_KNOWN.get(kind, set()) if record.position in hidden else said["changes"].keys()
            changes = {name: given for name, given in said["changes"].items() if name in kept}
            row |= to_columns(changes) | ranks(kind, changes, record.position)
    # Its position and versions in the ledger stay as known.
    return {name: value for name, value in row.items() if name not in ("position", "since", "until", "withdrawn")}


def _name_links(connection: Connection, at: Position) -> None:
    """Remove references to things that are not on the clock; in attributions, such a source is replaced by its name."""
    for statement in _LOOSE_ENDS:
        run(connection, statement)
    chains: dict[Position, list[Position | str]] = {}
    for row in fetch_named(connection, _LINKS, {"at": at}):
        chain = chains.setdefault(row.position, json.loads(row.attribution))
        chain[row.place] = row.name
    for position, chain in chains.items():
        run(connection, _RELINK, {"position": position, "attribution": canonical(chain)})


def _parts_to_judge(connection: Connection, at: Position, moved: set[Position]) -> list[list[Position]]:
    """The facts that hidden evidence may have moved, as the whole connected parts that they are in now."""
    before = {row.position: (row.a, row.b) for row in fetch_named(connection, _ORDERED_BEFORE, {"at": at})}
    after = {row.position: (row.a, row.b) for row in fetch_named(connection, "SELECT position, a, b FROM ordering")}
    touched = moved - before.keys()
    for ordering in (moved & before.keys()) | (before.keys() - after.keys()):
        touched.update(before[ordering], after.get(ordering, ()))
    there = column(connection, _AMONG_FACTS, {"facts": json.dumps(sorted(touched))})
    near = defaultdict(list)
    for a, b in after.values():
        near[a].append(b)
        near[b].append(a)
    parts = []
    seen: set[Position] = set()
    for fact in there:
        if fact in seen:
            continue
        part, ahead = [], [fact]
        seen.add(fact)
        while ahead:
            part.append(ahead.pop())
            fresh = {other for other in near.get(part[-1], ()) if other not in seen}
            seen |= fresh
            ahead += fresh
        parts.append(sorted(part))
    return parts


def _batches(parts: Iterable[list[Position]]) -> Iterator[list[list[Position]]]:
    batch: list[list[Position]] = []
    for part in parts:
        batch.append(part)
        if sum(map(len, batch)) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


# --- the statements: a plain table name means the temporary table, if there is one ----------------------------

#: The tables that are shadowed. Things keep their ids and positions, and commits their moments, on all clocks.
_SHADOWED = tuple(name for name in PROJECTION if name not in ("committed", "thing"))
_OWN_TABLES = {"judged": "fact", "undone": "position"}


def _copy(connection: Connection, table: str, now: Mapping[str, Position], condition: str = "TRUE") -> None:
    """Fill a table of versions with those of the projection as of a position."""
    names = connection.dialect.columns(connection, table)
    values = ", ".join("NULL" if name == "until" else f"v.{name}" for name in names)
    run(
        connection,
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM @own.{table} v "
        f"WHERE {as_of('v')} AND {condition}",
        now,
    )


_KEEP_SOURCES = "DELETE FROM source WHERE NOT position @among(:out)"
_COUNTS = """FROM citation c JOIN source s ON s.position = c.source AND s.withdrawn = 0 WHERE c.withdrawn = 0"""
_COUNTING = f"SELECT 1 {_COUNTS} AND c.position @among(:evidence) LIMIT 1"
_IS_CITED = f"v.position IN (SELECT c.about {_COUNTS})"
_KINDS = {f"{kind}.corrected": kind for kind in ("source", "speaker", "fact", "citation", "ordering")}
_CORRECTIONS = """SELECT r.position, r.subject, r.kind, r.version, p.payload
       FROM record r JOIN payload p ON p.position = r.position
       WHERE r.kind @among_texts(:kinds) AND r.position <= :at
         AND @member(p.payload; evidence) IS NOT NULL"""
_UNDONE = "INSERT INTO undone VALUES (:position)"
_FIRST = "SELECT * FROM @own.{} WHERE position = :position ORDER BY since LIMIT 1"
_ABOUT = """SELECT r.position, r.kind, r.version, p.payload FROM record r JOIN payload p ON p.position = r.position
       WHERE r.subject = :position AND r.position <= :at ORDER BY r.position"""
_DROP_ORDERINGS = (
    """DELETE FROM ordering WHERE a NOT IN (SELECT position FROM fact) OR b NOT IN (SELECT position FROM fact)"""
)
_DROP_CITATIONS = """DELETE FROM citation
       WHERE about NOT IN (SELECT position FROM fact) AND about NOT IN (SELECT position FROM ordering)"""
_LOOSE_ENDS = (
    "UPDATE source SET seen_through = NULL WHERE seen_through NOT IN (SELECT position FROM source)",
    "UPDATE speaker SET of = NULL WHERE of NOT IN (SELECT position FROM speaker)",
)
_LINKS = f"""SELECT c.position, c.attribution, link.key AS place, coalesce(s.publisher, s.title, t.id) AS name
        FROM citation c
        JOIN @elements(c.attribution) link ON link.type = 'integer'
        JOIN @own.source s ON s.position = @position(link) AND {as_of("s")}
        JOIN thing t ON t.position = s.position
        WHERE s.position NOT IN (SELECT position FROM source)"""
_RELINK = "UPDATE citation SET attribution = :attribution WHERE position = :position"
_UNSUPPORTED = f"""UPDATE fact SET rank = 0, lasts_rank = CASE WHEN lasts_rank IS NOT NULL THEN 0 END
        WHERE (edtf IS NOT NULL OR lasts_rank IS NOT NULL)
          AND position NOT IN (SELECT c.about {_COUNTS} AND c.stance IN ('asserts', 'foretells'))
        RETURNING position"""
_HIDDEN = f"""SELECT c.about FROM @own.citation c
        WHERE {in_force("c")} AND c.source NOT IN (SELECT position FROM source)"""
_ORDERED_BEFORE = f"SELECT position, a, b FROM @own.ordering o WHERE {as_of('o')}"
_AMONG_FACTS = "SELECT position FROM fact WHERE position @among(:facts) ORDER BY position"
_RESTING_ONLY = f"""SELECT count(*) AS facts FROM (
        SELECT c.about FROM @own.citation c
        JOIN @own.fact f ON f.position = c.about AND {in_force("f")}
        JOIN @own.source s ON s.position = c.source AND {in_force("s")}
        WHERE {in_force("c")} GROUP BY c.about
        HAVING min(CASE WHEN c.source @among(:sources) THEN 1 ELSE 0 END) = 1) resting"""
_JUDGED = "INSERT INTO judged SELECT value FROM @numbers(:facts) given"
_COLUMNS = ", ".join(PLACED)
_PLACEMENTS = f"""INSERT INTO placement ({_COLUMNS}, revised)
        SELECT {_COLUMNS}, 0 FROM (
          SELECT {_COLUMNS} FROM @own.placement WHERE revised = 0 AND since <= :at
          UNION ALL
          SELECT {_COLUMNS} FROM @own.placement_history h WHERE {as_of("h")}) held
        WHERE fact IN (SELECT position FROM fact) AND fact NOT IN (SELECT fact FROM judged)"""
_TIES = f"""INSERT INTO tie (ordering, since, a, relation, b, gap_min, gap_max)
        SELECT ordering, since, a, relation, b, gap_min, gap_max FROM @own.tie t
        WHERE {as_of("t")} AND a IN (SELECT fact FROM placement)"""
_ASIDE = f"""INSERT INTO set_aside (item, since, chain)
        SELECT item, since, chain FROM @own.set_aside v
        WHERE {as_of("v")} AND EXISTS (
          SELECT 1 FROM placement WHERE fact IN (
            abs(v.item),
            (SELECT about FROM citation WHERE position = abs(v.item)),
            (SELECT a FROM ordering WHERE position = v.item)))"""
