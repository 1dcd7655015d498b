"""What a source is filed under, and the files that hold it.

Frozen: it imports no live code.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

# What is taken out is made anew below. The table holds nothing that the ledger does not tell.
GONE = [
    "VIEW sources",
    "TABLE source",
]
MADE = [
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
	attributes TEXT, 
	files TEXT, 
	PRIMARY KEY (position, since), 
	FOREIGN KEY(position) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED, 
	FOREIGN KEY(seen_through) REFERENCES thing (position) DEFERRABLE INITIALLY DEFERRED
)
 STRICT

""",
    """CREATE UNIQUE INDEX source_current ON source (position) WHERE until IS NULL""",
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
    s.attributes,
    s.files,
    s.withdrawn,
    (SELECT count(*) FROM citation c
      WHERE c.source = s.position AND c.until IS NULL AND c.withdrawn = 0) AS citations
FROM source s
JOIN thing t ON t.position = s.position
LEFT JOIN thing through ON through.position = s.seen_through
WHERE s.until IS NULL""",
]


def upgrade() -> None:
    for what in GONE:
        op.get_bind().exec_driver_sql(f"DROP {what}")
    for statement in MADE:
        op.get_bind().exec_driver_sql(statement)
