"""The tables: two of the ledger, which only ever grow, one of archived texts, which the ledger names by their hash, and those
of the projection, which can be thrown away and rebuilt.

Every table is STRICT on SQLite, dates are text and structured values JSON text, so that the file explains itself. A
store made from here and one made by the migrations have the same `sqlite_master`, to the letter.

Projection rows hold from position `since` until position `until` (the first at which they no longer hold; null:
they still do). A *thing* (fact, source, speaker, citation, ordering) is named everywhere by the position that
introduced it.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

#: The newest migration, which a store made from here equals.
REVISION = "0003"

metadata = MetaData()


def _table(name: str, *columns: Column[int] | Column[str] | Column[bytes] | PrimaryKeyConstraint | Index) -> Table:
    return Table(name, metadata, *columns, sqlite_strict=True)


def _text(name: str, *, required: bool = False) -> Column[str]:
    return Column(name, Text, nullable=not required)


def _whole(name: str, *, required: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=not required)


def _refers(to: str) -> ForeignKey:
    # Checked when the transaction ends: ledger and projection are written side by side, in batches of their own.
    return ForeignKey(to, deferrable=True, initially="DEFERRED")


def _position(name: str, of: str, *, required: bool = True) -> Column[int]:
    return Column(name, Integer, _refers(of), nullable=not required)


# --- the ledger ---------------------------------------------------------------------------------------------

record = _table(
    "record",
    Column("position", Integer, primary_key=True, autoincrement=False),
    _text("kind", required=True),
    _whole("version", required=True),
    _whole("subject", required=True),
    _text("recorded_at", required=True),
    _text("payload_hash", required=True),
    _text("hash", required=True),
)

payload = _table(
    "payload",
    Column("position", Integer, _refers("record.position"), primary_key=True, autoincrement=False),
    _text("salt", required=True),
    _text("payload", required=True),
)

Index("record_subject", record.c.subject)

LEDGER = (record, payload)

# --- archived texts -----------------------------------------------------------------------------------------

#: What sources said, once each, as raw DEFLATE of its UTF-8 bytes (RFC 1951).
archived_text = _table(
    "archived_text",
    Column("sha256", Text, primary_key=True),
    _whole("characters", required=True),
    Column("deflated", LargeBinary, nullable=False),
)

# --- the projection -----------------------------------------------------------------------------------------

committed = _table(
    "committed",
    Column("position", Integer, _refers("record.position"), primary_key=True, autoincrement=False),
    _whole("first", required=True),
    _text("recorded_at", required=True),
    _text("name", required=True),
    _text("kind", required=True),
    _text("tool", required=True),
    _text("message", required=True),
    _whole("records", required=True),
)
Index("committed_recorded_at", committed.c.recorded_at)

thing = _table(
    "thing",
    Column("position", Integer, _refers("record.position"), primary_key=True, autoincrement=False),
    _text("kind", required=True),
    Column("id", Text, nullable=False, unique=True),
    _whole("version", required=True),
    _text("loaded"),
)


def _versions(name: str, *fields: Column[int] | Column[str]) -> Table:
    """A table with a row for each version of a kind of thing."""
    table = _table(
        name,
        _position("position", "thing.position"),
        _whole("since", required=True),
        _whole("until"),
        _whole("withdrawn", required=True),
        _whole("rank", required=True),
        *fields,
        PrimaryKeyConstraint("position", "since"),
    )
    Index(f"{name}_current", table.c.position, unique=True, sqlite_where=text("until IS NULL"))
    return table


source = _versions(
    "source",
    _text("title"),
    _text("publisher"),
    _text("url"),
    _text("published"),
    _text("retrieved"),
    _text("text"),
    _position("seen_through", "thing.position", required=False),
)

speaker = _versions(
    "speaker",
    _text("name", required=True),
    _text("aliases"),
    _position("of", "thing.position", required=False),
)

fact = _versions(
    "fact",
    _text("title", required=True),
    _text("edtf"),
    _text("phrase"),
    _text("anchor"),
    _text("zone"),
    _text("place"),
    _text("participants"),
    _text("tags"),
    _text("attributes"),
)

citation = _versions(
    "citation",
    _position("about", "thing.position"),
    _position("source", "thing.position"),
    _text("quote"),
    _text("prefix"),
    _text("suffix"),
    _whole("text_start"),
    _whole("text_end"),
    _text("quote_check"),
    _text("locator"),
    _text("stance", required=True),
    _text("attribution"),
    _text("edtf"),
    _text("phrase"),
    _text("said"),
    _text("hedge"),
    _text("unnamed"),
    _whole("by_hand"),
)
Index("citation_about", citation.c.about)
Index("citation_source", citation.c.source)

ordering = _versions(
    "ordering",
    _position("a", "thing.position"),
    _text("relation", required=True),
    _position("b", "thing.position"),
    _text("phrase"),
    _text("gap_min"),
    _text("gap_max"),
)
Index("ordering_a", ordering.c.a)
Index("ordering_b", ordering.c.b)

VERSIONED = {"source": source, "speaker": speaker, "fact": fact, "citation": citation, "ordering": ordering}


def _placements(*more: Column[int]) -> tuple[Column[int] | Column[str], ...]:
    return (
        _whole("since", required=True),
        *more,
        _text("id", required=True),
        _text("status", required=True),
        _text("earliest"),
        _text("latest"),
        _whole("start_min", required=True),
        _whole("start_max", required=True),
        _whole("end_min", required=True),
        _whole("end_max", required=True),
        _whole("start_min_by", required=True),
        _whole("start_max_by", required=True),
        _whole("end_min_by", required=True),
        _whole("end_max_by", required=True),
        _whole("width", required=True),
        _whole("tied", required=True),
        _whole("revised", required=True),
        _whole("conflicting", required=True),
    )


placement = _table(
    "placement",
    Column("fact", Integer, _refers("thing.position"), primary_key=True, autoincrement=False),
    *_placements(),
)
# Placements that never changed lie apart from those that did: an earlier clock reads the former here, the latter in the
# history, and skips over nothing.
Index("placement_end_max", placement.c.revised, placement.c.end_max.desc(), placement.c.id)
Index("placement_end_min", placement.c.revised, placement.c.width, placement.c.end_min.desc(), placement.c.id)
Index("placement_start_min", placement.c.start_min, placement.c.end_min, placement.c.id)

# Every version of the placements that ever changed, the present one too.
placement_history = _table(
    "placement_history",
    _position("fact", "thing.position"),
    *_placements(_whole("until")),
    PrimaryKeyConstraint("fact", "since"),
)
Index(
    "placement_history_end_max",
    placement_history.c.end_max.desc(),
    placement_history.c.id,
    placement_history.c.since,
    placement_history.c.until,
)
Index(
    "placement_history_end_min",
    placement_history.c.width,
    placement_history.c.end_min.desc(),
    placement_history.c.id,
    placement_history.c.since,
    placement_history.c.until,
)

tie = _table(
    "tie",
    _position("ordering", "thing.position"),
    _whole("since", required=True),
    _whole("until"),
    _position("a", "thing.position"),
    _text("relation", required=True),
    _position("b", "thing.position"),
    _text("gap_min"),
    _text("gap_max"),
    PrimaryKeyConstraint("ordering", "since"),
)
Index("tie_a", tie.c.a)
Index("tie_b", tie.c.b)
Index("tie_gap_max", tie.c.gap_max, sqlite_where=text("gap_max IS NOT NULL"))

set_aside = _table(
    "set_aside",
    _position("item", "thing.position"),
    _whole("since", required=True),
    _whole("until"),
    _text("chain", required=True),
    PrimaryKeyConstraint("item", "since"),
)

#: The projection's tables, each after those that it refers to.
PROJECTION = (
    committed,
    thing,
    source,
    speaker,
    fact,
    citation,
    ordering,
    placement,
    placement_history,
    tie,
    set_aside,
)

# Alembic's own table, as Alembic makes it.
alembic_version = Table(
    "_alembic_version",
    metadata,
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="_alembic_version_pkc"),
)
