"""Guards that ask the ledger: a payload goes with a redaction that was committed, a text when no record names it.

Frozen: it imports no live code.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

# Told anew, each under its name.
GONE = ("payload_delete", "archived_text_delete")
TRIGGERS = [
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
]


def upgrade() -> None:
    for name in GONE:
        op.get_bind().exec_driver_sql(f"DROP TRIGGER {name}")
    for statement in TRIGGERS:
        op.get_bind().exec_driver_sql(statement)
