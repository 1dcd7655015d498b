"""What is specific to SQLite: how a file is opened and locked, what the database itself refuses, and the views.

Works with any SQLite from 3.37 on (STRICT). Views and triggers need nothing of ours, so that any client meets the
same ledger. Of the JSON functions they use `json_each` alone: the others count as unsafe where a connection does not
trust the schema, as ours do not.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool

from factstore import schema
from factstore.errors import Corrupt, NoLedger, Unavailable

#: `PRAGMA application_id` of every file of ours: "fact" in ASCII.
APPLICATION_ID = 0x66616374
LOCK_TIMEOUT = 60.0

# Most clients do not enforce foreign keys, so that a payload has a record is said here too.
_NEXT = {
    "record": "NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM record)",
    "payload": "NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM payload)\n"
    "    OR NEW.position NOT IN (SELECT position FROM record)",
}

TRIGGERS: dict[str, str] = {
    # The check on insert also stops INSERT OR REPLACE, which slips past the others in most clients.
    f"{table}_{event_}": f"CREATE TRIGGER {table}_{event_} BEFORE {event_.upper()} ON {table}\n"
    f"{condition}BEGIN\n    SELECT RAISE(ABORT, '{words}');\nEND"
    for table in ("record", "payload")
    for event_, condition, words in (
        (
            "insert",
            f"WHEN {_NEXT[table]}\n",
            f"the ledger only grows at its end: {table} takes the next position and no other",
        ),
        ("update", "", f"the ledger is append-only: a {table} is never changed"),
        (
            "delete",
            "WHEN NOT EXISTS (\n    SELECT 1 FROM record\n"
            "    WHERE kind = 'redacted' AND subject = OLD.position AND position > OLD.position AND OLD.position > 1\n)\n"
            if table == "payload"
            else "",
            f"the ledger is append-only: a {table} is never removed"
            + (" unless a later redacted record names it" if table == "payload" else ""),
        ),
    )
}

TRIGGERS |= {
    "archived_text_update": """CREATE TRIGGER archived_text_update BEFORE UPDATE ON archived_text
BEGIN
    SELECT RAISE(ABORT, 'an archived text is never changed');
END""",
    "archived_text_delete": """CREATE TRIGGER archived_text_delete BEFORE DELETE ON archived_text
WHEN EXISTS (SELECT 1 FROM source WHERE text = OLD.sha256)
BEGIN
    SELECT RAISE(ABORT, 'an archived text stays while a source names it');
END""",
}

#: The words of facts, with the conditions under which a row of a fact, a citation and a source counts.
SEARCHABLE = """SELECT
    f.position,
    t.id,
    f.title,
    f.place,
    (SELECT group_concat(field.value, '; ')
       FROM json_each(f.participants) person, json_each(person.value) field) AS people,
    (SELECT group_concat(value, '; ') FROM json_each(f.tags)) AS tags,
    (SELECT group_concat(quote, '; ') FROM (
        SELECT c.quote FROM citation c JOIN source s ON s.position = c.source
         WHERE c.about = f.position AND {citation} AND {source} ORDER BY c.position)) AS quotes
FROM fact f
JOIN thing t ON t.position = f.position
WHERE {fact}"""

TOKENS = "tokenize='unicode61 remove_diacritics 2'"
SEARCH = f"""CREATE VIRTUAL TABLE search USING fts5(
    id, title, place, people, tags, quotes,
    content='searchable', content_rowid='position', {TOKENS}
)"""

VIEWS: dict[str, str] = {
    "searchable": "CREATE VIEW searchable AS\n"
    + SEARCHABLE.format(
        fact="f.until IS NULL",
        citation="c.until IS NULL AND c.withdrawn = 0",
        source="s.until IS NULL AND s.withdrawn = 0",
    ),
    "timeline": """
CREATE VIEW timeline AS
SELECT
    p.id,
    f.title,
    f.edtf,
    f.phrase,
    p.earliest,
    p.latest,
    CAST(substr(p.earliest, 1, instr(substr(p.earliest, 2), '-')) AS INTEGER) AS year,
    substr(p.earliest, 1, instr(substr(p.earliest, 2), '-') + 3) AS month,
    p.status,
    p.conflicting,
    f.place,
    (SELECT count(DISTINCT c.origin) FROM citations c
      WHERE c.about = p.id AND c.stance = 'asserts' AND NOT c.withdrawn) AS origins,
    (SELECT count(*) FROM citation c JOIN source s ON s.position = c.source AND s.until IS NULL AND s.withdrawn = 0
      WHERE c.about = p.fact AND c.until IS NULL AND c.withdrawn = 0) AS citations
FROM placement p
JOIN fact f ON f.position = p.fact AND f.until IS NULL
WHERE p.status IN ('stands', 'disputed')
ORDER BY p.start_min, p.end_min, p.id""",
    "facts": """
CREATE VIEW facts AS
SELECT
    t.id,
    f.title,
    f.edtf,
    f.phrase,
    f.anchor,
    f.zone,
    p.earliest,
    p.latest,
    p.status,
    p.conflicting,
    f.place,
    f.participants,
    f.tags,
    f.attributes,
    t.position,
    t.version
FROM thing t
JOIN fact f ON f.position = t.position AND f.until IS NULL
JOIN placement p ON p.fact = t.position""",
    "fact_versions": """
CREATE VIEW fact_versions AS
SELECT
    t.id,
    f.since AS from_position,
    f.until AS to_position,
    r.recorded_at,
    f.withdrawn,
    f.title,
    f.edtf,
    f.phrase,
    f.anchor,
    f.zone,
    f.place,
    f.participants,
    f.tags,
    f.attributes
FROM fact f
JOIN thing t ON t.position = f.position
JOIN record r ON r.position = f.since
ORDER BY f.position, f.since""",
    "speakers": """
CREATE VIEW speakers AS
WITH RECURSIVE
present AS (SELECT * FROM speaker WHERE until IS NULL AND withdrawn = 0),
climb (position, top, steps) AS (
    SELECT position, position, 0 FROM present
    UNION ALL
    SELECT climb.position, above.position, climb.steps + 1
    FROM climb
    JOIN present s ON s.position = climb.top
    JOIN present above ON above.position = s.of
    WHERE climb.steps < 100),
highest AS MATERIALIZED (
    SELECT climb.position, climb.top, s.name, max(climb.steps)
    FROM climb JOIN present s ON s.position = climb.top
    GROUP BY climb.position)
SELECT
    t.id,
    s.name,
    s.aliases,
    o.id AS speaks_for,
    CASE WHEN EXISTS (
        SELECT 1 FROM present same JOIN highest other ON other.position = same.position
        WHERE same.name = h.name AND other.top <> h.top)
      THEN top.id ELSE h.name END AS origin,
    s.withdrawn,
    s.position
FROM speaker s
JOIN thing t ON t.position = s.position
LEFT JOIN thing o ON o.position = s.of
LEFT JOIN highest h ON h.position = s.position
LEFT JOIN thing top ON top.position = h.top
WHERE s.until IS NULL""",
    "citations": """
CREATE VIEW citations AS
WITH
borne (name, how, origin) AS MATERIALIZED (
    SELECT name, 1, origin FROM speakers WHERE withdrawn = 0
    UNION SELECT alias.value, 2, origin FROM speakers, json_each(speakers.aliases) alias WHERE withdrawn = 0
    UNION SELECT id, 3, origin FROM speakers WHERE withdrawn = 0),
named AS MATERIALIZED (
    SELECT name, min(origin) AS origin FROM borne b
    WHERE how = (SELECT min(how) FROM borne other WHERE other.name = b.name)
    GROUP BY name HAVING count(DISTINCT origin) = 1),
spoken AS (
    SELECT
        c.*,
        link.type = 'integer' AS referred,
        link.value AS first,
        CASE WHEN link.type = 'integer'
          THEN (SELECT coalesce(max(p.name), max(v.publisher), max(v.title), n.id)
                  FROM thing n
                  LEFT JOIN speaker p ON p.position = n.position AND p.until IS NULL
                  LEFT JOIN source v ON v.position = n.position AND v.until IS NULL
                 WHERE n.position = link.value)
          ELSE coalesce(link.value, d.publisher, d.title, s.id) END AS spoke,
        s.id AS source_id, d.title AS source_title, d.publisher, d.url, d.published,
        c.withdrawn OR d.withdrawn AS out
    FROM citation c
    JOIN thing s ON s.position = c.source
    JOIN source d ON d.position = c.source AND d.until IS NULL
    LEFT JOIN json_each(c.attribution) link ON link.key = 0
    WHERE c.until IS NULL)
SELECT
    t.id,
    a.id AS about,
    c.source_id AS source,
    c.source_title,
    c.publisher,
    c.url,
    c.published,
    c.quote,
    c.stance,
    c.spoke,
    coalesce(
        (SELECT origin FROM speakers WHERE c.referred AND position = c.first),
        (SELECT origin FROM named WHERE name = c.spoke),
        c.spoke) AS origin,
    coalesce(
        (SELECT group_concat(coalesce(p.name, v.publisher, v.title, n.id, link.value), ' → ')
           FROM json_each(c.attribution) link
           LEFT JOIN thing n ON link.type = 'integer' AND n.position = link.value
           LEFT JOIN speaker p ON p.position = n.position AND p.until IS NULL
           LEFT JOIN source v ON v.position = n.position AND v.until IS NULL),
        c.spoke) AS attribution,
    c.locator,
    c.edtf,
    c.phrase,
    c.said,
    c.hedge,
    c.unnamed,
    c.quote_check,
    c.out AS withdrawn
FROM spoken c
JOIN thing t ON t.position = c.position
JOIN thing a ON a.position = c.about""",
    "orderings": """
CREATE VIEW orderings AS
SELECT
    t.id,
    a.id AS a,
    o.relation,
    b.id AS b,
    o.phrase,
    o.gap_min,
    o.gap_max,
    o.withdrawn,
    EXISTS (SELECT 1 FROM tie WHERE tie.ordering = o.position AND tie.until IS NULL) AS in_force
FROM ordering o
JOIN thing t ON t.position = o.position
JOIN thing a ON a.position = o.a
JOIN thing b ON b.position = o.b
WHERE o.until IS NULL""",
    "certain_before": """
CREATE VIEW certain_before AS
WITH RECURSIVE
present AS (SELECT * FROM tie WHERE until IS NULL),
tied (fact) AS (SELECT a FROM present UNION SELECT b FROM present),
-- A fact's start is twice its position, its end one more; of each two, the first is never later than the second.
step (earlier, later) AS MATERIALIZED (
    SELECT 2 * fact, 2 * fact + 1 FROM tied
    UNION SELECT 2 * a + 1, 2 * b FROM present WHERE relation IN ('before', 'meets')
    UNION SELECT 2 * b, 2 * a + 1 FROM present WHERE relation IN ('meets', 'intersects', 'overlaps')
    UNION SELECT 2 * a, 2 * b FROM present WHERE relation IN ('starts-before', 'overlaps', 'equals', 'starts')
    UNION SELECT 2 * b, 2 * a FROM present WHERE relation IN ('during', 'equals', 'starts', 'finishes')
    UNION SELECT 2 * a, 2 * b + 1 FROM present WHERE relation = 'intersects'
    UNION SELECT 2 * a + 1, 2 * b + 1 FROM present
           WHERE relation IN ('during', 'equals', 'overlaps', 'starts', 'finishes')
    UNION SELECT 2 * b + 1, 2 * a + 1 FROM present WHERE relation IN ('equals', 'finishes')),
reach (fact, node) AS (
    SELECT fact, 2 * fact + 1 FROM tied
    UNION SELECT reach.fact, step.later FROM reach JOIN step ON step.earlier = reach.node)
SELECT first.id AS a, second.id AS b
FROM reach
JOIN placement first ON first.fact = reach.fact
JOIN placement second ON second.fact = reach.node / 2
WHERE reach.node % 2 = 0 AND first.fact <> second.fact AND first.end_max > second.start_min
  AND first.status IN ('stands', 'disputed') AND second.status IN ('stands', 'disputed')""",
    "corrections": """
CREATE VIEW corrections AS
SELECT
    t.id,
    change.key AS field,
    (SELECT old.value
       FROM record e
       JOIN payload q ON q.position = e.position
       JOIN json_each(q.payload, CASE e.position WHEN r.subject THEN '$' ELSE '$.changes' END) old
      WHERE e.subject = r.subject AND e.position < r.position
        AND (e.position = r.subject OR e.kind LIKE '%.corrected') AND old.key = change.key
      ORDER BY e.position DESC LIMIT 1) AS before,
    change.value AS after,
    (SELECT value FROM json_each(p.payload) WHERE key = 'reason') AS reason,
    c.message,
    c.name AS recorded_by,
    r.recorded_at,
    r.position
FROM record r
JOIN payload p ON p.position = r.position
JOIN thing t ON t.position = r.subject
JOIN committed c ON c.position = (SELECT min(position) FROM committed WHERE position >= r.position)
JOIN json_each(p.payload, '$.changes') change
WHERE r.kind LIKE '%.corrected'
ORDER BY r.position""",
    "sources": """
CREATE VIEW sources AS
SELECT
    t.id,
    s.title,
    s.publisher,
    s.url,
    s.published,
    s.retrieved,
    s.text,
    through.id AS seen_through,
    s.withdrawn,
    (SELECT count(*) FROM citation c
      WHERE c.source = s.position AND c.until IS NULL AND c.withdrawn = 0) AS citations
FROM source s
JOIN thing t ON t.position = s.position
LEFT JOIN thing through ON through.position = s.seen_through
WHERE s.until IS NULL""",
    "conflicts": """
CREATE VIEW conflicts AS
SELECT t.id, s.chain, s.since
FROM set_aside s
JOIN thing t ON t.position = s.item
WHERE s.until IS NULL""",
    "log": """
CREATE VIEW log AS
SELECT
    r.position,
    c.position AS "commit",
    r.kind,
    t.id AS subject,
    r.recorded_at,
    c.name AS recorded_by,
    c.message,
    p.payload,
    r.hash
FROM record r
LEFT JOIN payload p ON p.position = r.position
LEFT JOIN thing t ON t.position = r.subject
LEFT JOIN committed c ON c.position = (SELECT min(position) FROM committed WHERE position >= r.position)
ORDER BY r.position""",
}


def create(connection: Connection) -> None:
    """Make every table, trigger and view, in an empty database."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    schema.metadata.create_all(connection)
    for statement in (*TRIGGERS.values(), *VIEWS.values(), SEARCH):
        connection.exec_driver_sql(statement.strip())
    connection.execute(schema.alembic_version.insert().values(version_num=schema.REVISION))


def engine(path: Path, *, writable: bool) -> Engine:
    """An engine on a file. A writable one makes the file where there is none; the other sees it as it is.

    A reader's connections are kept for the next question, a writer's are closed with its transaction.
    """
    target = path.absolute()

    def connect() -> sqlite3.Connection:
        if writable:
            return _open(target, "mode=rwc")
        try:
            return _open(target, "mode=ro")
        except sqlite3.OperationalError as error:
            if not _lies_still(target, error):
                raise
            return _open(target, "mode=ro&immutable=1")

    made = create_engine("sqlite://", creator=connect, poolclass=NullPool if writable else QueuePool)

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writable else "BEGIN")

    return made


def _open(path: Path, query: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?{query}",
        uri=True,
        timeout=LOCK_TIMEOUT,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA temp_store = FILE")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _lies_still(path: Path, error: sqlite3.OperationalError) -> bool:
    """Whether a file failed to open only for want of a folder that can be written, and is whole without one.

    A write-ahead log needs such a folder even to be read. Where none is left over, the file alone holds everything.
    """
    wanting = error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
    log = path.with_name(path.name + "-wal")
    return wanting and path.exists() and not (log.exists() and log.stat().st_size)


def scratch() -> Engine:
    """A database of its own that is gone when it is closed, on disk where it grows, without the ledger's references."""
    made = create_engine("sqlite://", creator=lambda: sqlite3.connect("", isolation_level=None), poolclass=NullPool)

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return made


def make_durable(path: Path) -> None:
    """Turn the write-ahead log on, so that readers never wait for a writer. The setting stays in the file."""
    connection = _open(path.absolute(), "mode=rw")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def revision(connection: Connection, where: str) -> str | None:
    """The migration that the file is at, None for an empty file. Raises NoLedger for a file that is not ours."""
    tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    if connection.exec_driver_sql("PRAGMA application_id").scalar_one() != APPLICATION_ID:
        if tables == 0:
            return None
        raise NoLedger(f"{where} is an SQLite database, but not a Factstore ledger")
    found: Any = connection.exec_driver_sql("SELECT version_num FROM _alembic_version").scalar()
    return str(found) if found else None


def in_words(error: sqlite3.Error, where: str) -> Exception:
    """What went wrong with the database, as one of our own sentences."""
    said = str(error)
    if "not a database" in said:
        return NoLedger(f"{where} is not an SQLite database")
    if "locked" in said or "busy" in said:
        return Unavailable(f"{where} is being written by another program; it did not finish in {LOCK_TIMEOUT:.0f} s")
    if "readonly" in said or "read-only" in said:
        return Unavailable(f"{where} cannot be written: the file or its folder is read-only")
    if "unable to open" in said:
        return Unavailable(f"{where} cannot be opened: is there such a folder, and may you write in it?")
    if "full" in said:
        return Unavailable(f"{where} could not be written: the disk is full; nothing was changed")
    if "malformed" in said or "corrupt" in said:
        return NoLedger(f"{where} is damaged as a file: {said}")
    if "decode to UTF-8" in said:
        return Corrupt(f"{where} holds a text that is not UTF-8: {said}")
    return Unavailable(f"{where}: {said}")
