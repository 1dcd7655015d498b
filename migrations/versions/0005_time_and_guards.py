"""Places in one consistent history, lengths of facts, and guards that ask the ledger.

Frozen: it imports no live code.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

# What is taken out: each is made anew below or is no longer needed. The tables hold nothing that the ledger does not tell.
GONE = [
    "VIEW facts",
    "VIEW fact_versions",
    "VIEW conflicts",
    "VIEW timeline",
    "TRIGGER payload_delete",
    "TRIGGER archived_text_delete",
    "TABLE fact",
    "TABLE placement",
    "TABLE placement_history",
    "TABLE set_aside",
]
MADE = [
    """CREATE TABLE set_aside (
	item INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	until INTEGER, 
	chain TEXT NOT NULL, 
	PRIMARY KEY (item, since)
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
	lasts_min TEXT, 
	lasts_max TEXT, 
	lasts_rank INTEGER, 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    """CREATE UNIQUE INDEX fact_current ON fact (position) WHERE until IS NULL""",
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
	place INTEGER NOT NULL, 
	place_end INTEGER NOT NULL, 
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
    """CREATE INDEX placement_place ON placement (place, place_end DESC, fact)""",
    """CREATE INDEX placement_end_max ON placement (revised, end_max DESC, id)""",
    """CREATE INDEX placement_end_min ON placement (revised, width, end_min DESC, id, end_max)""",
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
	place INTEGER NOT NULL, 
	place_end INTEGER NOT NULL, 
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
    """CREATE INDEX placement_history_end_min ON placement_history (width, end_min DESC, id, since, until, end_max)""",
    """CREATE INDEX placement_history_end_max ON placement_history (end_max DESC, id, since, until)""",
    """CREATE INDEX placement_history_place ON placement_history (place, place_end DESC, fact, since, until)""",
    """CREATE TRIGGER payload_delete BEFORE DELETE ON payload
WHEN NOT EXISTS (
    SELECT 1 FROM record r
    JOIN payload said ON said.position = r.position
    JOIN record c ON c.kind = 'commit' AND c.position > r.position
    JOIN payload p ON p.position = c.position
    JOIN json_each(p.payload) counted ON counted.key = 'records' AND c.position - counted.value <= r.position
    WHERE r.kind = 'redacted' AND r.subject = OLD.position AND r.position > OLD.position AND OLD.position > 1
)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only: a payload is never removed unless a redaction that was committed names it');
END""",
    """CREATE TRIGGER archived_text_insert BEFORE INSERT ON archived_text
WHEN EXISTS (SELECT 1 FROM archived_text WHERE sha256 = NEW.sha256)
BEGIN
    SELECT RAISE(ABORT, 'an archived text is never changed');
END""",
    """CREATE TRIGGER archived_text_delete BEFORE DELETE ON archived_text
WHEN OLD.sha256 IN (
    SELECT said.value FROM record r
    JOIN payload introduced ON introduced.position = r.subject
    JOIN payload p ON p.position = r.position
    JOIN json_each(p.payload, CASE r.position WHEN r.subject THEN '$' ELSE '$.changes' END) said
    WHERE r.kind IN ('source.recorded', 'source.corrected') AND said.key = 'text' AND said.value IS NOT NULL
)
BEGIN
    SELECT RAISE(ABORT, 'an archived text stays while the ledger names it');
END""",
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
    p.place > 4611686018427387904 AS undated, -- 2^62 ticks
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
ORDER BY p.place, p.place_end DESC, p.fact""",
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
    f.lasts_min,
    f.lasts_max,
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
    f.attributes,
    f.lasts_min,
    f.lasts_max
FROM fact f
JOIN thing t ON t.position = f.position
JOIN record r ON r.position = f.since
ORDER BY f.position, f.since""",
    """CREATE VIEW conflicts AS
SELECT
    t.id,
    CASE t.kind
        WHEN 'fact' THEN CASE WHEN s.item > 0 THEN 'date' ELSE 'length' END
        WHEN 'citation' THEN CASE WHEN s.item > 0 THEN 'evidence' ELSE 'reading' END
        ELSE t.kind END AS what,
    s.chain,
    s.since
FROM set_aside s
JOIN thing t ON t.position = abs(s.item)
WHERE s.until IS NULL""",
]


def upgrade() -> None:
    for what in GONE:
        op.get_bind().exec_driver_sql(f"DROP {what}")
    for statement in MADE:
        op.get_bind().exec_driver_sql(statement)
