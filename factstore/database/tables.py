"""The tables: two of the ledger, which only grow; one of archived texts, which the ledger names by their hash; and those
of the projection, which can be deleted and rebuilt.

All tables are STRICT on SQLite, dates are text and structured values JSON text, so that the file explains itself. A
store made from this module and one made by the migrations have exactly the same `sqlite_master`.

A projection row holds from position `since` until position `until` (the first at which it no longer holds; null if it
still does). A *thing* (fact, source, speaker, citation, ordering) is always referred to by the position that
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

metadata = MetaData()


def _table(
    name: str, says: str, *columns: Column[int] | Column[str] | Column[bytes] | PrimaryKeyConstraint | Index
) -> Table:
    return Table(name, metadata, *columns, comment=says, sqlite_strict=True)


def _text(name: str, says: str, *, required: bool = False) -> Column[str]:
    return Column(name, Text, nullable=not required, comment=says)


def _whole(name: str, says: str, *, required: bool = False) -> Column[int]:
    return Column(name, Integer, nullable=not required, comment=says)


def _refers(to: str) -> ForeignKey:
    # Checked when the transaction ends: ledger and projection are written in separate batches.
    return ForeignKey(to, deferrable=True, initially="DEFERRED")


def _position(name: str, says: str, of: str, *, required: bool = True) -> Column[int]:
    return Column(name, Integer, _refers(of), nullable=not required, comment=says)


def _key(name: str, says: str, *of: str) -> Column[int]:
    return Column(name, Integer, *map(_refers, of), primary_key=True, autoincrement=False, comment=says)


# --- the ledger ---------------------------------------------------------------------------------------------

record = _table(
    "record",
    "The ledger: a row for each record, in order, each chained to the one before it. Rows are never changed or removed.",
    _key("position", "Its place: 1, 2, 3 … without gaps."),
    _text("kind", "The kind of record, such as fact.recorded or commit.", required=True),
    _whole("version", "The version of that kind's payload.", required=True),
    _whole(
        "subject",
        "The position that introduced the thing that it is about; its own if it introduces one.",
        required=True,
    ),
    _text("recorded_at", "When it was recorded: a UTC timestamp that never goes backwards.", required=True),
    _text("payload_hash", "SHA-256 of the canonical JSON of salt and payload.", required=True),
    _text("hash", "SHA-256 of the canonical header, which includes the hash of the record before.", required=True),
)

payload = _table(
    "payload",
    "What the records say, kept apart from them so that it can be redacted.",
    _key("position", "The record's position.", "record.position"),
    _text("salt", "Random bytes that keep a redacted payload from being guessed.", required=True),
    _text("payload", "Canonical JSON (RFC 8785), exactly as it was hashed.", required=True),
)
Index("record_subject", record.c.subject)

LEDGER = (record, payload)

# --- archived texts -----------------------------------------------------------------------------------------

archived_text = _table(
    "archived_text",
    "The full texts of sources, each text once.",
    Column("sha256", Text, primary_key=True, comment="SHA-256 of its UTF-8 bytes, by which a source names it."),
    _whole("characters", "Its length, in Unicode code points.", required=True),
    Column("deflated", LargeBinary, nullable=False, comment="Its UTF-8 bytes as raw DEFLATE (RFC 1951)."),
)


# --- the projection -----------------------------------------------------------------------------------------

committed = _table(
    "committed",
    "Commits: what one command appended as a whole, with who, when, with what tool and why.",
    _key("position", "The position of its commit record, which ends it.", "record.position"),
    _whole("first", "The position of its first record.", required=True),
    _text("recorded_at", "When, in UTC.", required=True),
    _text("name", "Who.", required=True),
    _text("kind", "person or program.", required=True),
    _text("tool", "The tool, and its version.", required=True),
    _text("message", "Why; may be empty.", required=True),
    _whole("records", "How many records it has before the commit record.", required=True),
    _text("request", "The writer's own id for it, so that repeating it writes nothing."),
)
Index("committed_recorded_at", committed.c.recorded_at)
_CALLED = text("request IS NOT NULL")
Index("committed_request", committed.c.request, sqlite_where=_CALLED, postgresql_where=_CALLED)

thing = _table(
    "thing",
    "Facts, sources, speakers, citations and orderings, with their ids, which share one namespace.",
    _key("position", "The position that introduced it, by which all other tables refer to it.", "record.position"),
    _text("kind", "fact, source, speaker, citation or ordering.", required=True),
    Column("id", Text, nullable=False, unique=True, comment="Its readable id."),
    _whole("version", "The position of the last record about it.", required=True),
    _text("loaded", "For each field that a document corrected, the position where one last did, as JSON."),
)


_CURRENT = text("until IS NULL")


def _versions(name: str, says: str, *fields: Column[int] | Column[str]) -> Table:
    """A table with a row for each version of a kind of thing."""
    table = _table(
        name,
        says,
        _position("position", f"The {name}: the position that introduced it.", "thing.position"),
        _whole("since", "The position from which this version holds.", required=True),
        _whole("until", "The position from which it no longer holds; null: it still does."),
        _whole("withdrawn", "1 if it counts in no answer.", required=True),
        _whole("rank", "The position of the record that last changed what it says about time.", required=True),
        *fields,
        PrimaryKeyConstraint("position", "since"),
    )
    Index(f"{name}_current", table.c.position, unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT)
    return table


source = _versions(
    "source",
    "Documents, a row for each version.",
    _text("title", "Its title."),
    _text("publisher", "Who published it."),
    _text("url", "Where it is, or was, found."),
    _text("published", "When it was published (EDTF)."),
    _text("retrieved", "When it was retrieved (EDTF)."),
    _text("text", "SHA-256 of its archived text."),
    _position("seen_through", "The source that it was only seen through.", "thing.position", required=False),
    _text("attributes", "References such as exhibit or docket: a JSON object of texts."),
    _text("files", "Files that contain it: a JSON array of objects with name, sha256 and type."),
)

speaker = _versions(
    "speaker",
    "Speakers, a row for each version.",
    _text("name", "Their name.", required=True),
    _text("aliases", "Their other names: a JSON array."),
    _position("of", "The speaker on whose behalf they speak.", "thing.position", required=False),
)

fact = _versions(
    "fact",
    "What happened, or is said to have happened, a row for each version.",
    _text("title", "What happened, in one sentence.", required=True),
    _text("edtf", "When it happened, as it was written: EDTF, ISO 8601-2."),
    _text("phrase", "The source's own words for the time."),
    _text("anchor", "The day from which the phrase was read."),
    _text("zone", "The fixed offset from UTC of times without one, if it is not the ledger's."),
    _text("place", "Where."),
    _text("participants", "Who took part: a JSON array of objects with name and role."),
    _text("tags", "A JSON array of texts."),
    _text("attributes", "Other fields: a JSON object of texts."),
    _text("lasts_min", "The least time that it lasted (ISO 8601 duration)."),
    _text("lasts_max", "The most time that it lasted."),
    _whole("lasts_rank", "The position of the record that says how long it lasted."),
)

citation = _versions(
    "citation",
    "Pieces of evidence, a row for each version.",
    _position("about", "The fact or ordering that it is about.", "thing.position"),
    _position("source", "The source that it cites.", "thing.position"),
    _text("quote", "The source's exact words; […] marks what was left out."),
    _text("prefix", "The text just before the quote, if the quote occurs more than once."),
    _text("suffix", "The text just after the quote."),
    _whole("text_start", "Where the quote begins in the archived text, in code points."),
    _whole("text_end", "Where the quote ends there, exclusive."),
    _text("quote_check", "verbatim, normalised, missing or unchecked."),
    _text("locator", "Page, line or timecode."),
    _text("stance", "asserts, foretells, denies or silent.", required=True),
    _text(
        "attribution",
        "The chain from who spoke first to the document: a JSON array of names, and of positions of things.",
    ),
    _text("edtf", "When it happened, according to this source (EDTF)."),
    _text("phrase", "This source's own words for the time."),
    _text("said", "The day it was said (EDTF)."),
    _text("hedge", "Words that hedge it, such as reportedly."),
    _text("unnamed", "How an unnamed speaker was described."),
    _whole("by_hand", "1 if it was added by hand, beside what documents say."),
)
Index("citation_about", citation.c.about)
Index("citation_source", citation.c.source)

ordering = _versions(
    "ordering",
    "Stated relations in time between two facts, a row for each version.",
    _position("a", "The first fact.", "thing.position"),
    _text("relation", "before, starts-before, during, intersects or one of Allen's.", required=True),
    _position("b", "The second fact.", "thing.position"),
    _text("phrase", "The words for the order, such as retaliated."),
    _text("gap_min", "The least time between them (ISO 8601 duration)."),
    _text("gap_max", "The most time between them."),
)
Index("ordering_a", ordering.c.a)
Index("ordering_b", ordering.c.b)

_TICKS = "in microseconds from 1970-01-01T00:00Z; beyond ±2^62 if nothing bounds it"


def _placements(*more: Column[int]) -> tuple[Column[int] | Column[str], ...]:
    return (
        _whole("since", "The position from which this placement holds.", required=True),
        *more,
        _text("id", "The fact's id.", required=True),
        _text("status", "stands, disputed, denied, foretold, unsupported or withdrawn.", required=True),
        _text(
            "earliest",
            "The first day on which it may lie (or the first instant, in UTC to six decimals, if times are given); null if "
            "nothing is known, or if it lies further away than ticks reach, about 73,000 years: then its date has the year.",
        ),
        _text("latest", "The last day (or instant) on which it may lie."),
        _whole("start_min", f"The earliest it can have started, {_TICKS}.", required=True),
        _whole("start_max", "The latest it can have started.", required=True),
        _whole("end_min", "The earliest it can have ended (exclusive).", required=True),
        _whole("end_max", "The latest it can have ended (exclusive).", required=True),
        _whole(
            "place",
            "The place of its start in the order of `timeline`: a time that all bounds and orders allow, in the same "
            "microseconds; beyond 2^62 if nothing dates it.",
            required=True,
        ),
        _whole(
            "place_end",
            "The place of its end there; of two facts that start together, the longer comes first.",
            required=True,
        ),
        _whole(
            "start_min_by",
            "What sets this bound, by position: a fact (its date), a citation or an ordering; minus a position: how long "
            "that fact lasted, or which readings of the date that citation leaves; 0 and -1: only time itself.",
            required=True,
        ),
        _whole("start_max_by", "What sets the latest start.", required=True),
        _whole("end_min_by", "What sets the earliest end.", required=True),
        _whole("end_max_by", "What sets the latest end.", required=True),
        _whole("width", "The width class of end_min to end_max: two classes per doubling.", required=True),
        _whole("tied", "1 if an ordering ties it to other facts.", required=True),
        _whole("revised", "1 if it was placed elsewhere before.", required=True),
        _whole("conflicting", "1 if its date or an ordering of it is set aside.", required=True),
    )


placement = _table(
    "placement",
    "Where facts may lie in time, with dates, evidence and orderings reconciled.",
    _key("fact", "The fact.", "thing.position"),
    *_placements(),
)
# Placements that never changed are kept apart from those that did: a question about an earlier state reads the former
# here and the latter in the history, without skipping any rows.
Index("placement_end_max", placement.c.revised, placement.c.end_max.desc(), placement.c.id)
# `end_max` comes last: facts that are over by then are skipped within the index.
Index(
    "placement_end_min",
    placement.c.revised,
    placement.c.width,
    placement.c.end_min.desc(),
    placement.c.id,
    placement.c.end_max,
)
# Here too: a page of the timeline from some day on skips what was over before.
Index("placement_place", placement.c.place, placement.c.place_end.desc(), placement.c.fact, placement.c.end_max)

placement_history = _table(
    "placement_history",
    "All placements, past and present, of the facts whose placement has changed.",
    _position("fact", "The fact.", "thing.position"),
    *_placements(_whole("until", "The position from which it no longer holds; null: it still does.")),
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
    placement_history.c.end_max,
)
Index(
    "placement_history_place",
    placement_history.c.place,
    placement_history.c.place_end.desc(),
    placement_history.c.fact,
    placement_history.c.since,
    placement_history.c.until,
    placement_history.c.end_max,
)

tie = _table(
    "tie",
    "Orderings and lengths in force: those that count and contradict nothing.",
    _position("ordering", "The ordering or, for a length, the fact.", "thing.position"),
    _whole("since", "The position from which it is in force.", required=True),
    _whole("until", "The position from which it no longer is; null: it still is."),
    _position("a", "The first fact.", "thing.position"),
    _text("relation", "Its relation to the second; lasts: how long the one fact took.", required=True),
    _position("b", "The second fact; for a length, the same one.", "thing.position"),
    _text("gap_min", "The least time between them, or from its start to its end."),
    _text("gap_max", "The most time between them, or from its start to its end."),
    PrimaryKeyConstraint("ordering", "since"),
)
Index("tie_a", tie.c.a)
Index("tie_b", tie.c.b)
_BOUNDED = text("gap_max IS NOT NULL")
Index("tie_gap_max", tie.c.gap_max, sqlite_where=_BOUNDED, postgresql_where=_BOUNDED)

set_aside = _table(
    "set_aside",
    "Statements about time that contradict what was recorded before them.",
    _whole(
        "item",
        "What is set aside, by position: a fact (its date), a citation or an ordering; minus a position: how long that "
        "fact lasted, or which readings of the date that citation leaves.",
        required=True,
    ),
    _whole("since", "The position from which it is set aside.", required=True),
    _whole("until", "The position from which it no longer is; null: it still is."),
    _text("chain", "What cannot all hold, including the item itself: a JSON array of such positions.", required=True),
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
