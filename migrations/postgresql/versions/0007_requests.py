"""What the writer of a commit called it.

Frozen: it imports no live code.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

MADE = [
    """ALTER TABLE committed ADD COLUMN request TEXT COLLATE "C" """,
    """CREATE INDEX committed_request ON committed (request) WHERE request IS NOT NULL""",
    """COMMENT ON COLUMN committed.request IS 'The writer''s own id for it, so that repeating it writes nothing.'""",
]


def upgrade() -> None:
    for statement in MADE:
        op.get_bind().exec_driver_sql(statement)
