"""The first schema: the ledger, the projection, and the views.

Frozen: it imports no live code, and later changes are migrations of their own. A ledger table is never altered in batch mode,
which drops triggers.
"""

from alembic import op

revision = "0001"
down_revision = None

# "fact" in ASCII, by which a file is known as ours.
APPLICATION_ID = 0x66616374

# Tables of the ledger, then of the projection, each after those that it refers to.
TABLES = [
    # The ledger: headers and hashes.
    """CREATE TABLE record (
	position INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	subject INTEGER NOT NULL, 
	recorded_at TEXT NOT NULL, 
	payload_hash TEXT NOT NULL, 
	hash TEXT NOT NULL, 
	PRIMARY KEY (position)
)
 STRICT

""",
    # What the records say, apart from them so that it can be redacted.
    """CREATE TABLE payload (
	position INTEGER NOT NULL, 
	salt TEXT NOT NULL, 
	payload TEXT NOT NULL, 
	PRIMARY KEY (position), 
	FOREIGN KEY(position) REFERENCES record (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    # Commits: who, when, with what, why.
    """CREATE TABLE committed (
	position INTEGER NOT NULL, 
	first INTEGER NOT NULL, 
	recorded_at TEXT NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	tool TEXT NOT NULL, 
	message TEXT NOT NULL, 
	records INTEGER NOT NULL, 
	PRIMARY KEY (position), 
	FOREIGN KEY(position) REFERENCES record (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    # One namespace of ids for facts, sources, speakers, citations and orderings.
    """CREATE TABLE thing (
	position INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	loaded TEXT, 
	PRIMARY KEY (position), 
	FOREIGN KEY(position) REFERENCES record (position) DEFERRABLE INITIALLY DEFERRED, 
	UNIQUE (id)
)
 STRICT

""",
    """CREATE TABLE source (
	position INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	until INTEGER, 
	withdrawn INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	title TEXT, 
	publisher TEXT, 
	url TEXT, 
	published TEXT, 
	retrieved TEXT, 
	text TEXT, 
	seen_through INTEGER, 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(seen_through) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    """CREATE TABLE speaker (
	position INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	until INTEGER, 
	withdrawn INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	aliases TEXT, 
	"of" INTEGER, 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY("of") REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    """CREATE TABLE fact (
	position INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	until INTEGER, 
	withdrawn INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	edtf TEXT, 
	phrase TEXT, 
	anchor TEXT, 
	zone TEXT, 
	place TEXT, 
	participants TEXT, 
	tags TEXT, 
	attributes TEXT, 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    """CREATE TABLE citation (
	position INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	until INTEGER, 
	withdrawn INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	about INTEGER NOT NULL, 
	source INTEGER NOT NULL, 
	quote TEXT, 
	prefix TEXT, 
	suffix TEXT, 
	text_start INTEGER, 
	text_end INTEGER, 
	quote_check TEXT, 
	locator TEXT, 
	stance TEXT NOT NULL, 
	attribution TEXT, 
	edtf TEXT, 
	phrase TEXT, 
	said TEXT, 
	hedge TEXT, 
	unnamed TEXT, 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(about) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(source) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    """CREATE TABLE ordering (
	position INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	until INTEGER, 
	withdrawn INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	a INTEGER NOT NULL, 
	relation TEXT NOT NULL, 
	b INTEGER NOT NULL, 
	phrase TEXT, 
	gap_min TEXT, 
	gap_max TEXT, 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(a) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(b) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    # Where facts lie in time now.
    """CREATE TABLE placement (
	fact INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	status TEXT NOT NULL, 
	earliest TEXT, 
	latest TEXT, 
	start_min INTEGER NOT NULL, 
	start_max INTEGER NOT NULL, 
	end_min INTEGER NOT NULL, 
	end_max INTEGER NOT NULL, 
	start_min_by INTEGER NOT NULL, 
	start_max_by INTEGER NOT NULL, 
	end_min_by INTEGER NOT NULL, 
	end_max_by INTEGER NOT NULL, 
	width INTEGER NOT NULL, 
	tied INTEGER NOT NULL, 
	revised INTEGER NOT NULL, 
	conflicting INTEGER NOT NULL, 
	PRIMARY KEY (fact), 
	FOREIGN KEY(fact) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    # Where they lay before.
    """CREATE TABLE placement_history (
	fact INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	until INTEGER, 
	id TEXT NOT NULL, 
	status TEXT NOT NULL, 
	earliest TEXT, 
	latest TEXT, 
	start_min INTEGER NOT NULL, 
	start_max INTEGER NOT NULL, 
	end_min INTEGER NOT NULL, 
	end_max INTEGER NOT NULL, 
	start_min_by INTEGER NOT NULL, 
	start_max_by INTEGER NOT NULL, 
	end_min_by INTEGER NOT NULL, 
	end_max_by INTEGER NOT NULL, 
	width INTEGER NOT NULL, 
	tied INTEGER NOT NULL, 
	revised INTEGER NOT NULL, 
	conflicting INTEGER NOT NULL, 
	PRIMARY KEY (fact, since), 
	FOREIGN KEY(fact) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    # Orderings in force in the network of times.
    """CREATE TABLE tie (
	ordering INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	until INTEGER, 
	a INTEGER NOT NULL, 
	relation TEXT NOT NULL, 
	b INTEGER NOT NULL, 
	gap_min TEXT, 
	gap_max TEXT, 
	PRIMARY KEY (ordering, since), 
	FOREIGN KEY(ordering) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(a) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(b) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    # Constraints that contradict those before them.
    """CREATE TABLE set_aside (
	item INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	until INTEGER, 
	chain TEXT NOT NULL, 
	PRIMARY KEY (item, since), 
	FOREIGN KEY(item) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
]

# What answers look up by.
INDEXES = [
    """CREATE INDEX committed_recorded_at ON committed (recorded_at)""",
    """CREATE UNIQUE INDEX source_current ON source (position) WHERE until IS NULL""",
    """CREATE UNIQUE INDEX speaker_current ON speaker (position) WHERE until IS NULL""",
    """CREATE UNIQUE INDEX fact_current ON fact (position) WHERE until IS NULL""",
    """CREATE INDEX citation_about ON citation (about)""",
    """CREATE INDEX citation_source ON citation (source)""",
    """CREATE UNIQUE INDEX citation_current ON citation (position) WHERE until IS NULL""",
    """CREATE UNIQUE INDEX ordering_current ON ordering (position) WHERE until IS NULL""",
    """CREATE INDEX ordering_a ON ordering (a)""",
    """CREATE INDEX ordering_b ON ordering (b)""",
    """CREATE INDEX placement_end_max ON placement (revised, end_max DESC, id)""",
    """CREATE INDEX placement_end_min ON placement (revised, width, end_min DESC, id)""",
    """CREATE INDEX placement_start_min ON placement (start_min, end_min, id)""",
    """CREATE INDEX placement_history_end_max ON placement_history (end_max DESC, id, since, until)""",
    """CREATE INDEX placement_history_end_min ON placement_history (width, end_min DESC, id, since, until)""",
    """CREATE INDEX tie_a ON tie (a)""",
    """CREATE INDEX tie_b ON tie (b)""",
    """CREATE INDEX tie_gap_max ON tie (gap_max) WHERE gap_max IS NOT NULL""",
]

# The ledger refuses every change, from any client.
TRIGGERS = [
    """CREATE TRIGGER record_insert BEFORE INSERT ON record
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM record)
BEGIN
    SELECT RAISE(ABORT, 'the ledger only grows at its end: record takes the next position and no other');
END""",
    """CREATE TRIGGER record_update BEFORE UPDATE ON record
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only: a record is never changed');
END""",
    """CREATE TRIGGER record_delete BEFORE DELETE ON record
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only: a record is never removed');
END""",
    """CREATE TRIGGER payload_insert BEFORE INSERT ON payload
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM payload)
    OR NEW.position NOT IN (SELECT position FROM record)
BEGIN
    SELECT RAISE(ABORT, 'the ledger only grows at its end: payload takes the next position and no other');
END""",
    """CREATE TRIGGER payload_update BEFORE UPDATE ON payload
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only: a payload is never changed');
END""",
    """CREATE TRIGGER payload_delete BEFORE DELETE ON payload
WHEN NOT EXISTS (
    SELECT 1 FROM record
    WHERE kind = 'redacted' AND subject = OLD.position AND position > OLD.position AND OLD.position > 1
)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only: a payload is never removed unless a later redacted record names it');
END""",
]

# What people read.
VIEWS = [
    """CREATE VIEW timeline AS
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
    (SELECT count(*) FROM citation c
      WHERE c.about = p.fact AND c.until IS NULL AND c.withdrawn = 0) AS citations
FROM placement p
JOIN fact f ON f.position = p.fact AND f.until IS NULL
WHERE p.status IN ('stands', 'disputed')
ORDER BY p.start_min, p.end_min, p.id""",
    """CREATE VIEW facts AS
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
    """CREATE VIEW fact_versions AS
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
    """CREATE VIEW citations AS
SELECT
    t.id,
    a.id AS about,
    s.id AS source,
    d.publisher,
    d.url,
    d.published,
    c.quote,
    c.stance,
    (SELECT group_concat(coalesce(n.id, link.value), ' → ')
       FROM json_each(c.attribution) link
       LEFT JOIN thing n ON link.type = 'integer' AND n.position = link.value) AS attribution,
    c.locator,
    c.edtf,
    c.phrase,
    c.said,
    c.hedge,
    c.unnamed,
    c.quote_check,
    c.withdrawn
FROM citation c
JOIN thing t ON t.position = c.position
JOIN thing a ON a.position = c.about
JOIN thing s ON s.position = c.source
JOIN source d ON d.position = c.source AND d.until IS NULL
WHERE c.until IS NULL""",
    """CREATE VIEW orderings AS
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
    """CREATE VIEW corrections AS
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
    """CREATE VIEW sources AS
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
    """CREATE VIEW conflicts AS
SELECT t.id, s.chain, s.since
FROM set_aside s
JOIN thing t ON t.position = s.item
WHERE s.until IS NULL""",
    """CREATE VIEW log AS
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
]


def upgrade() -> None:
    op.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    for statement in (*TABLES, *INDEXES, *TRIGGERS, *VIEWS):
        op.get_bind().exec_driver_sql(statement)
