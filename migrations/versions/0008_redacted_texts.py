"""An archived text may be redacted while the sources that name it stay.

Frozen: it imports no live code.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

GONE = ["TRIGGER archived_text_delete"]
MADE = [
    """CREATE TRIGGER archived_text_delete BEFORE DELETE ON archived_text
WHEN OLD.sha256 IN (
    SELECT said.value FROM record r
    JOIN payload introduced ON introduced.position = r.subject
    JOIN payload p ON p.position = r.position
    JOIN json_each(p.payload, CASE r.position WHEN r.subject THEN '$' ELSE '$.changes' END) said
    LEFT JOIN (
        SELECT text.value, max(g.position) AS position FROM record g
        JOIN payload why ON why.position = g.position
        JOIN json_each(why.payload) text ON text.key = 'text'
        JOIN record c ON c.kind = 'commit' AND c.position > g.position
        JOIN payload p ON p.position = c.position
        JOIN json_each(p.payload) counted ON counted.key = 'records' AND c.position - counted.value <= g.position
        WHERE g.kind = 'redacted' AND g.subject = g.position GROUP BY 1
    ) gone ON gone.value = said.value AND gone.position > r.position
    WHERE r.kind IN ('source.recorded', 'source.corrected') AND said.key = 'text' AND said.value IS NOT NULL
    AND gone.position IS NULL
)
BEGIN
    SELECT RAISE(ABORT, 'an archived text stays while the ledger names it');
END""",
]


def upgrade() -> None:
    for what in GONE:
        op.get_bind().exec_driver_sql(f"DROP {what}")
    for statement in MADE:
        op.get_bind().exec_driver_sql(statement)
