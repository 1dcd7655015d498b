"""Archived texts, citations that were added by hand, and a thing's records found by its position.

Frozen: it imports no live code.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

# A column between others, so that the table reads as one that is made today: its rows wait aside while it is made again.
CITATION = [
    "CREATE TEMPORARY TABLE kept AS SELECT * FROM citation",
    "DROP TABLE citation",
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
	by_hand INTEGER, 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(about) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(source) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    "INSERT INTO citation SELECT *, NULL FROM kept",
    "DROP TABLE kept",
    """CREATE INDEX citation_about ON citation (about)""",
    """CREATE INDEX citation_source ON citation (source)""",
    """CREATE UNIQUE INDEX citation_current ON citation (position) WHERE until IS NULL""",
]

# Once each, by the SHA-256 of their UTF-8 bytes.
ARCHIVED_TEXT = [
    """CREATE TABLE archived_text (
	sha256 TEXT NOT NULL, 
	characters INTEGER NOT NULL, 
	deflated BLOB NOT NULL, 
	PRIMARY KEY (sha256)
)
 STRICT

""",
    """CREATE TRIGGER archived_text_update BEFORE UPDATE ON archived_text
BEGIN
    SELECT RAISE(ABORT, 'an archived text is never changed');
END""",
    """CREATE TRIGGER archived_text_delete BEFORE DELETE ON archived_text
WHEN EXISTS (SELECT 1 FROM source WHERE text = OLD.sha256)
BEGIN
    SELECT RAISE(ABORT, 'an archived text stays while a source names it');
END""",
]

RECORD_SUBJECT = """CREATE INDEX record_subject ON record (subject)"""

# Where documents last gave a thing's fields their values, no longer the values.
LOADED = """UPDATE thing SET loaded = (
    SELECT nullif(json_group_object(field, position), '{}') FROM (
        SELECT changed.key AS field, max(r.position) AS position
        FROM record r JOIN payload p ON p.position = r.position, json_each(p.payload, '$.changes') changed
        WHERE r.subject = thing.position AND r.kind LIKE '%.corrected' AND json_extract(p.payload, '$.loaded')
        GROUP BY changed.key ORDER BY changed.key
    )
)
WHERE version <> position"""


def upgrade() -> None:
    for statement in (*CITATION, *ARCHIVED_TEXT, RECORD_SUBJECT, LOADED):
        op.get_bind().exec_driver_sql(statement)
